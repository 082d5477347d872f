//! Checks of what the caller passes in, before it becomes part of a request.

use std::ops::RangeInclusive;

use bytes::Bytes;
use reqwest::Url;
use reqwest::header::{
    ACCEPT, ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HOST, HeaderName,
    HeaderValue, TRANSFER_ENCODING,
};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::{
    Timestamp,
    error::{Error, InputError},
};

/// More elements than this in one query parameter are refused by the service.
pub(crate) const MOST_QUERY_VALUES: usize = 20;

/// An argument that becomes one segment of the path.
///
/// Percent-encoding does the rest, but some texts cannot be encoded: an empty
/// one names the collection instead of the item, and URL parsers resolve dots
/// and turn a backslash into a slash before anything is sent.
pub(crate) fn path_segment<T: AsRef<str>>(name: &'static str, value: T) -> Result<T, Error> {
    check_segment(name, value.as_ref()).map(|()| value)
}

/// An id of a form that the service insists on: to any other text it answers
/// with an internal error instead of saying what is wrong.
pub(crate) fn object_id<T: AsRef<str>>(
    name: &'static str,
    id: T,
    is_well_formed: fn(&T) -> bool,
) -> Result<T, Error> {
    if is_well_formed(&id) {
        Ok(id)
    } else {
        Err(InputError::new(name, "is not 24 hexadecimal digits").into())
    }
}

/// Ids of that form.
pub(crate) fn object_ids<T: AsRef<str>>(
    name: &'static str,
    ids: &[T],
    is_well_formed: fn(&T) -> bool,
) -> Result<(), Error> {
    match ids.iter().position(|id| !is_well_formed(id)) {
        None => Ok(()),
        Some(index) => {
            let problem = format!("has at index {index} no 24 hexadecimal digits");
            Err(InputError::new(name, problem).into())
        }
    }
}

fn check_segment(name: &'static str, value: &str) -> Result<(), Error> {
    let problem = match value {
        "" => "is empty",
        "." | ".." => "is no id but a step in a path",
        _ if value.contains('\\') => "holds a backslash",
        _ if value.contains(char::is_control) => "holds a control character",
        _ => return Ok(()),
    };
    Err(InputError::new(name, problem).into())
}

/// Values of a repeated query parameter; an empty list leaves the parameter out.
pub(crate) fn query_values<T>(
    name: &'static str,
    values: Option<Vec<T>>,
) -> Result<Option<Vec<T>>, Error> {
    match values.as_ref().map_or(0, Vec::len) {
        0 => Ok(None),
        1..=MOST_QUERY_VALUES => Ok(values),
        count => Err(InputError::new(
            name,
            format!(
                "has {count} values and the service takes {MOST_QUERY_VALUES}: make several calls"
            ),
        )
        .into()),
    }
}

/// Values without which the call would mean nothing.
pub(crate) fn needed<T>(name: &'static str, values: Vec<T>) -> Result<Vec<T>, Error> {
    if values.is_empty() {
        return Err(InputError::new(name, "is empty").into());
    }
    Ok(values)
}

/// A text that must say something.
pub(crate) fn needed_text(name: &'static str, text: String) -> Result<String, Error> {
    if text.trim().is_empty() {
        return Err(InputError::new(name, "is empty").into());
    }
    Ok(text)
}

/// A text that must say something, where it is.
pub(crate) fn filled(name: &'static str, text: &impl AsRef<str>) -> Result<(), Error> {
    if text.as_ref().trim().is_empty() {
        return Err(InputError::new(name, "is empty").into());
    }
    Ok(())
}

/// Texts that must all say something.
pub(crate) fn all_filled(name: &'static str, texts: &[impl AsRef<str>]) -> Result<(), Error> {
    let is_empty = |text: &_| AsRef::<str>::as_ref(text).trim().is_empty();
    match texts.iter().position(is_empty) {
        None => Ok(()),
        Some(index) => {
            Err(InputError::new(name, format!("has an empty text at index {index}")).into())
        }
    }
}

/// A text of a length in this range, counted as the service, a JavaScript program, does: most
/// emoji are two.
pub(crate) fn length(
    name: &'static str,
    text: &impl AsRef<str>,
    range: RangeInclusive<usize>,
) -> Result<(), Error> {
    let count = text.as_ref().encode_utf16().count();
    in_range(name, "characters", count, &range)
}

/// A list of as many elements as this range allows.
pub(crate) fn count<T>(
    name: &'static str,
    values: &[T],
    range: RangeInclusive<usize>,
) -> Result<(), Error> {
    in_range(name, "elements", values.len(), &range)
}

fn in_range(
    name: &'static str,
    unit: &str,
    count: usize,
    range: &RangeInclusive<usize>,
) -> Result<(), Error> {
    if range.contains(&count) {
        return Ok(());
    }
    let (least, most) = (range.start(), range.end());
    let problem = if *most == usize::MAX {
        format!("has {count} {unit} and the service takes {least} or more")
    } else {
        format!("has {count} {unit} and the service takes {least} to {most}")
    };
    Err(InputError::new(name, problem).into())
}

/// A whole number in this range.
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "as its generated callers have it"
)]
pub(crate) fn range(
    name: &'static str,
    number: &i64,
    range: RangeInclusive<i64>,
) -> Result<(), Error> {
    if range.contains(number) {
        return Ok(());
    }
    let problem = match (*range.start(), *range.end()) {
        (least, i64::MAX) => format!("is {number}; the service takes {least} or more"),
        (i64::MIN, most) => format!("is {number}; the service takes {most} or less"),
        (least, most) => format!("is {number}; the service takes {least} to {most}"),
    };
    Err(InputError::new(name, problem).into())
}

/// A body with any fields, from whatever becomes one.
pub(crate) fn json_object(
    name: &'static str,
    value: impl Serialize,
) -> Result<Map<String, Value>, Error> {
    match serde_json::to_value(value) {
        Ok(Value::Object(object)) => Ok(object),
        _ => Err(InputError::new(name, "is no JSON object").into()),
    }
}

/// Two moments as the one text that the service reads them from.
pub(crate) fn span(between: Option<(Timestamp, Timestamp)>) -> Result<Option<String>, Error> {
    let Some((start, end)) = between else {
        return Ok(None);
    };
    let (start, end) = period(["start", "end"], Some(&start), Some(&end))?;
    Ok(start.zip(end).map(|(start, end)| format!("{start},{end}")))
}

/// A moment in the one spelling that leaves nothing to the service's time zone.
pub(crate) fn moment(name: &'static str, moment: &Timestamp) -> Result<Timestamp, Error> {
    match moment.to_system_time() {
        Some(moment) => Ok(moment.into()),
        None => Err(InputError::new(name, "is no date and time").into()),
    }
}

/// Two moments, the earlier first.
pub(crate) fn period(
    names: [&'static str; 2],
    start: Option<&Timestamp>,
    end: Option<&Timestamp>,
) -> Result<(Option<Timestamp>, Option<Timestamp>), Error> {
    let start = start.map(|start| moment(names[0], start)).transpose()?;
    let end = end.map(|end| moment(names[1], end)).transpose()?;
    let begins = start.as_ref().and_then(Timestamp::to_system_time);
    let ends = end.as_ref().and_then(Timestamp::to_system_time);
    if begins.zip(ends).is_some_and(|(begins, ends)| begins > ends) {
        return Err(InputError::new(names[1], format!("is before `{}`", names[0])).into());
    }
    Ok((start, end))
}

/// An address that the service hands to a browser or calls itself.
pub(crate) fn web_address(name: &'static str, text: String) -> Result<String, Error> {
    match Url::parse(&text) {
        // The service refuses what is not encoded; anything else stays as the caller wrote it.
        Ok(url) if matches!(url.scheme(), "http" | "https") => {
            let is_encoded = text.bytes().all(|byte| byte.is_ascii_graphic());
            Ok(if is_encoded { text } else { url.into() })
        }
        _ => Err(InputError::new(name, "is no absolute http or https address").into()),
    }
}

/// Whether the service would fetch a file from there: http or https, and a
/// domain with a dot. It refuses other addresses without saying which one.
pub(crate) fn is_public_address(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.domain().is_some_and(|domain| {
                domain
                    .trim_end_matches('.')
                    .split_once('.')
                    .is_some_and(|(name, rest)| !name.is_empty() && !rest.is_empty())
            })
    })
}

/// A header of the caller's. Those that the client itself answers for are refused.
pub(crate) fn header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), Error> {
    let refuse = |problem: &str| Error::from(InputError::new("header", problem));
    let name: HeaderName = name
        .parse()
        .map_err(|_| refuse("has a name that HTTP does not allow"))?;
    if let Some(instead) = set_elsewhere(&name) {
        return Err(refuse(&format!("`{name}` is set by the client: {instead}")));
    }
    let mut value: HeaderValue = value
        .parse()
        .map_err(|_| refuse(&format!("`{name}` has a value that HTTP does not allow")))?;
    // The client cannot know what it means, so it is not for logs.
    value.set_sensitive(true);
    Ok((name, value))
}

fn set_elsewhere(name: &HeaderName) -> Option<&'static str> {
    match name {
        name if name == AUTHORIZATION || name == "x-api-key" || name == "x-goog-api-key" => {
            Some("give the key to `ClientBuilder::api_key`")
        }
        name if name == "x-request-id" => Some("use `request_id`"),
        name if name == ACCEPT_LANGUAGE => Some("use `language`"),
        name if [
            ACCEPT,
            CONTENT_TYPE,
            CONTENT_LENGTH,
            TRANSFER_ENCODING,
            HOST,
        ]
        .contains(name) =>
        {
            Some("it follows from the request")
        }
        _ => None,
    }
}

/// A request id of the caller's.
pub(crate) fn request_id(id: &str) -> Result<HeaderValue, Error> {
    let fits = (1..=128).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic());
    match HeaderValue::from_str(id) {
        Ok(id) if fits => Ok(id),
        _ => Err(InputError::new("request_id", "is not 1 to 128 visible ASCII characters").into()),
    }
}

/// A fresh id for a request, in the form of the service's own.
pub(crate) fn new_request_id() -> Option<HeaderValue> {
    // Shared by the request and by what is told about it, without a copy.
    HeaderValue::from_maybe_shared(Bytes::from_owner(uuid())).ok()
}

/// A fresh UUID.
pub(crate) fn new_uuid() -> String {
    uuid().into_iter().map(char::from).collect()
}

/// Version 4, variant 1 of RFC 9562; it has to be unlikely to repeat, not unguessable.
fn uuid() -> [u8; 36] {
    let mut bytes = fastrand::u128(..).to_be_bytes();
    bytes[6] = 0x40 | bytes[6] & 0x0f;
    bytes[8] = 0x80 | bytes[8] & 0x3f;
    let mut text = [b'-'; 36];
    let mut at = 0;
    for byte in bytes {
        if matches!(at, 8 | 13 | 18 | 23) {
            at += 1;
        }
        for digit in [byte >> 4, byte & 0x0f] {
            text[at] = b"0123456789abcdef"[usize::from(digit)];
            at += 1;
        }
    }
    text
}

#[cfg(test)]
mod tests;
