//! Writing bodies and queries that are no plain JSON.

use std::collections::BTreeMap;

use progenitor_client::Error;
use reqwest::RequestBuilder;
use reqwest::header::CONTENT_TYPE;
use serde::Serialize;
use serde_json::Value;

/// JSON under a media type of its own; nothing at all, and no media type, without a body.
pub fn json<T: Serialize>(
    request: RequestBuilder,
    body: Option<&T>,
    media_type: &'static str,
) -> RequestBuilder {
    match body {
        // `json` leaves a media type that is there.
        Some(body) => request.header(CONTENT_TYPE, media_type).json(body),
        None => request,
    }
}

/// How a member of a form, or a parameter, is sent if not by default: a list as repeated
/// names, an object as JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// A list in one value, with commas.
    Commas,
    /// The same, with spaces.
    Spaces,
    /// The same, with `|`.
    Pipes,
    /// Each member of an object under its own name.
    Entries,
    /// `name[member]`, and `name[0]` in lists.
    Deep,
}

/// A URL-encoded form.
pub fn form<T: Serialize>(
    request: RequestBuilder,
    body: Option<&T>,
    styles: &[(&str, Style)],
) -> Result<RequestBuilder, Error<()>> {
    match body {
        Some(body) => Ok(request.form(&pairs(body, styles)?)),
        None => Ok(request),
    }
}

/// The members of a value, each as it is sent.
fn pairs<T: Serialize>(
    body: &T,
    styles: &[(&str, Style)],
) -> Result<Vec<(String, String)>, Error<()>> {
    let value = serde_json::to_value(body).map_err(|error| Error::InvalidRequest(error.to_string()))?;
    let Value::Object(members) = value else {
        let what = "a form is made of members, and this body has none";
        return Err(Error::InvalidRequest(what.to_owned()));
    };
    let mut pairs = Vec::new();
    for (name, value) in members {
        let style = styles.iter().find(|(styled, _)| *styled == name);
        add(&mut pairs, &name, value, style.map(|(_, style)| *style));
    }
    Ok(pairs)
}

fn add(pairs: &mut Vec<(String, String)>, name: &str, value: Value, style: Option<Style>) {
    match (value, style) {
        (Value::Null, _) => {}
        (Value::Array(items), Some(Style::Deep)) => {
            for (index, item) in items.into_iter().enumerate() {
                add(pairs, &format!("{name}[{index}]"), item, style);
            }
        }
        (Value::Array(items), Some(style @ (Style::Commas | Style::Spaces | Style::Pipes))) => {
            let separator = match style {
                Style::Spaces => " ",
                Style::Pipes => "|",
                _ => ",",
            };
            let items: Vec<String> = items.into_iter().map(text).collect();
            pairs.push((name.to_owned(), items.join(separator)));
        }
        (Value::Array(items), _) => {
            pairs.extend(items.into_iter().map(|item| (name.to_owned(), text(item))));
        }
        (Value::Object(members), Some(Style::Deep)) => {
            for (member, value) in members {
                add(pairs, &format!("{name}[{member}]"), value, style);
            }
        }
        (Value::Object(members), Some(Style::Entries)) => {
            for (member, value) in members {
                add(pairs, &member, value, None);
            }
        }
        (value, _) => pairs.push((name.to_owned(), text(value))),
    }
}

/// A value without the quotes of JSON.
fn text(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

/// The members of a parameter, as `name[member]`.
pub fn deep<T: Serialize>(name: &str, value: &T) -> Result<BTreeMap<String, String>, Error<()>> {
    let named = BTreeMap::from([(name, value)]);
    let pairs = pairs(&named, &[(name, Style::Deep)])?;
    Ok(pairs.into_iter().collect())
}
