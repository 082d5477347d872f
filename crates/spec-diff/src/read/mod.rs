//! From bytes to a [`Tree`](crate::tree::Tree), with the place of everything.

pub(crate) mod json;
pub(crate) mod yaml;

use std::ffi::OsStr;
use std::path::Path;

use crate::error::Error;
use crate::tree::Tree;

/// Containers inside containers that a document may have. Real documents stay below 60.
pub(crate) const MAX_DEPTH: usize = 200;

/// Bytes a document may have: offsets are 32 bits wide, one of which marks decoded text.
const MAX_BYTES: usize = (1 << 30) - 1;

/// Reads JSON or YAML: JSON if it starts like JSON, unless the name says YAML and JSON fails.
pub(crate) fn read(bytes: &[u8], name: &str) -> Result<Tree, Error> {
    if bytes.len() > MAX_BYTES {
        return Err(Error::new(
            name,
            None,
            "larger than 1 GiB: too large to compare",
        ));
    }
    let text = std::str::from_utf8(bytes).map_err(|e| {
        let position = crate::tree::position_in(bytes, e.valid_up_to());
        Error::new(
            name,
            Some(position),
            "not UTF-8: save the document as UTF-8",
        )
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let starts_like_json = text.trim_start().starts_with(['{', '[']);
    let extension = Path::new(name)
        .extension()
        .and_then(OsStr::to_str)
        .unwrap_or("");
    let named = |known: &[&str]| {
        known
            .iter()
            .any(|other| extension.eq_ignore_ascii_case(other))
    };
    if starts_like_json || named(&["json"]) {
        match json::read(text, name) {
            // A YAML file may hold one flow mapping.
            Err(_) if named(&["yaml", "yml"]) => {}
            done => return done,
        }
    }
    yaml::read(text, name)
}
