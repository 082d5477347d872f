//! One line for a person.

use std::{borrow::Cow, fmt};

use aitoearn_api::{
    __private::{masked_line, plain_line},
    BusinessError,
};

use super::{ContentRefusal, Error, Failed};

/// More than this of a service's message helps nobody.
const LONGEST: usize = 300;

/// Our meaning of the code first: the service's words change with its build and
/// language, and some are templates that nobody filled in.
pub(super) fn write_api(f: &mut fmt::Formatter<'_>, error: &Failed<BusinessError>) -> fmt::Result {
    let code = error.code;
    write!(
        f,
        "{}: {code}: {}",
        error.call.operation.name,
        code.meaning()
    )?;
    match said(&error.message) {
        message if message.is_empty() => {}
        message => write!(f, " The service says: {message}")?,
    }
    if let Some(refusal) = error.content_refusal() {
        write_refusal(f, &refusal)?;
    }
    write!(f, " [request {}]", one_line(error.call.request_id()))
}

/// Whose rules the content breaks, and which.
fn write_refusal(f: &mut fmt::Formatter<'_>, refusal: &ContentRefusal) -> fmt::Result {
    /// Nobody mends more than this at a time.
    const MOST: usize = 10;
    let whose = refusal.account_id.as_ref().map(AsRef::as_ref);
    let whose: Option<&str> = whose.or(refusal.platform.as_ref().map(AsRef::as_ref));
    f.write_str(" (")?;
    if let Some(whose) = whose {
        write!(f, "{}: ", one_line(whose))?;
    }
    for (index, issue) in refusal.issues.iter().take(MOST).enumerate() {
        let before = if index == 0 { "" } else { "; " };
        write!(f, "{before}{}", said(&issue.to_string()))?;
    }
    match refusal.issues.len().saturating_sub(MOST) {
        0 => f.write_str(")"),
        more => write!(f, "; and {more} more)"),
    }
}

/// What people see of an error that `fn main` returns, or that nobody expected: its text, and in a
/// line of its own what to do about it, unless the text has said so.
pub(crate) fn write_with_advice(
    f: &mut fmt::Formatter<'_>,
    error: &dyn fmt::Display,
    advice: &str,
) -> fmt::Result {
    let text = error.to_string();
    f.write_str(&text)?;
    if advice.is_empty() || text.contains(advice) {
        return Ok(());
    }
    write!(f, "\n  what to do: {advice}")
}

/// The id that was sent, where the cause has not named the one of the answer.
pub(super) fn write_request_id(f: &mut fmt::Formatter<'_>, error: &Error) -> fmt::Result {
    let named = match error {
        Error::Decode(error) => error.request_id.is_some(),
        Error::Http(error) => error.request_id.is_some(),
        _ => false,
    };
    match error.request_id() {
        Some(id) if !named => write!(f, " [request {}]", one_line(id)),
        _ => Ok(()),
    }
}

/// What the service says, on one line of bounded length, without what looks secret.
pub(crate) fn said(text: &str) -> String {
    masked_line(text.trim(), LONGEST)
}

/// The text on one line and of bounded length: for ids, which look like secrets.
fn one_line(text: &str) -> Cow<'_, str> {
    plain_line(text, LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stays_on_one_line_and_short() {
        assert_eq!(one_line(" fine "), "fine");
        assert_eq!(one_line("a\r\nb\tc\u{1b}d"), "a  b c d");
        let long = one_line(&"长".repeat(1000)).into_owned();
        assert_eq!(long.chars().count(), LONGEST + 1);
        assert!(long.ends_with('…'));
    }
}
