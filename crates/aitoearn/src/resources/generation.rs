//! Checks that the generations of images and videos have in common.

use reqwest::Url;

use crate::{Error, InputError};

/// The longest prompt that the service takes.
const LONGEST_PROMPT: usize = 4000;

pub(super) fn check_model(model: &str) -> Result<(), Error> {
    check_filled("model", model)
}

pub(super) fn check_filled(name: &'static str, text: &str) -> Result<(), Error> {
    if text.trim().is_empty() {
        return Err(InputError::new(name, "is empty").into());
    }
    Ok(())
}

/// Counted as the service, a JavaScript program, does: most emoji are two.
pub(super) fn check_prompt(prompt: &str) -> Result<(), Error> {
    check_filled("prompt", prompt)?;
    match prompt.encode_utf16().count() {
        0..=LONGEST_PROMPT => Ok(()),
        count => Err(InputError::new(
            "prompt",
            format!("has {count} characters and the service takes {LONGEST_PROMPT}"),
        )
        .into()),
    }
}

/// Addresses that the service fetches by itself, or assets that it holds.
pub(super) fn check_media(name: &'static str, media: &[String]) -> Result<(), Error> {
    let wrong = media.iter().position(|text| !is_media(text));
    wrong.map_or(Ok(()), |index| {
        Err(InputError::new(
            name,
            format!("has at index {index} neither an http or https address nor `asset://{{id}}`"),
        )
        .into())
    })
}

fn is_media(text: &str) -> bool {
    match text.strip_prefix("asset://") {
        Some(id) => !id.trim().is_empty(),
        None => Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prompts_have_1_to_4000_characters_as_javascript_counts() {
        for good in ["x".to_owned(), "长".repeat(4000), "🦀".repeat(2000)] {
            check_prompt(&good).expect("fine");
        }
        for bad in [
            String::new(),
            " \n".to_owned(),
            "长".repeat(4001),
            "🦀".repeat(2001),
        ] {
            check_prompt(&bad).expect_err("not 1 to 4000");
        }
    }

    #[test]
    fn media_are_addresses_or_assets() {
        let media = [
            "https://example.org/a.png",
            "http://a.b/c",
            "asset://66f2a9c4d81e5b0037c4a1a0",
        ];
        check_media("images", &media.map(str::to_owned)).expect("fine");
        for bad in [
            "",
            "66f2a9c4d81e5b0037c4a1a0",
            "asset://",
            "file:///etc/passwd",
            "a.png",
        ] {
            let media = ["https://example.org/a.png".to_owned(), bad.to_owned()];
            let error = check_media("images", &media).expect_err(bad).to_string();
            assert!(
                error.contains("`images`") && error.contains("index 1"),
                "{error}"
            );
        }
    }
}
