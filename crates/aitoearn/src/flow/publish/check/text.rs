//! The lengths of title and text.

use super::{Finding, Post, Report, counted, limit};
use crate::{IssueCode, types::ContentLimits};

pub(super) fn check(post: &Post<'_>, limits: &ContentLimits, report: &mut Report<'_>) {
    let title = limit(limits.max_title_length);
    // How a platform puts title and text together is not told, but the text is in it.
    let whole = limit(limits.max_total_text_length);
    let body = [limit(limits.max_body_length), whole]
        .into_iter()
        .flatten()
        .min();
    for (field, text, most, remedy) in [
        (
            "title",
            post.title,
            title,
            "Shorten it, or give this account a title of its own.",
        ),
        (
            "body",
            post.body,
            body,
            "Shorten it, or give this account a text of its own.",
        ),
    ] {
        if let (Some(text), Some(most)) = (text, most)
            && length(text) > most
        {
            let finding = Finding {
                code: IssueCode::TooBig,
                limit: format!("at most {}", counted(most, "character")),
                value: counted(length(text), "character"),
                remedy,
            };
            report.add(field, finding);
        }
    }
}

/// As the service's JavaScript counts: UTF-16 code units.
pub(super) fn length(text: &str) -> u64 {
    text.encode_utf16().count() as u64
}
