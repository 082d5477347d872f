//! What the server answers. The first part of a path chooses.

use std::fmt::Write as _;
use std::io::{self, Write as _};

use flate2::Compression;
use flate2::write::GzEncoder;

const MIB: usize = 1024 * 1024;

/// One answer: the headers that tell how to read the body, and the body.
#[derive(Debug, Clone)]
pub struct Answer {
    /// `Content-Encoding`, if any.
    pub encoding: Option<&'static str>,
    /// The bytes on the wire.
    pub body: Vec<u8>,
}

/// The answers that calls are measured with: ten accounts (3.8 kB), a thousand of them (371 kB),
/// and a refusal.
pub const MEASURED: [&str; 3] = ["small", "large", "refused"];

/// The answer of this name.
///
/// # Errors
///
/// If there is none of this name.
pub fn answer(name: &str) -> io::Result<Answer> {
    let body = match name {
        "small" => accounts(10),
        "large" => accounts(1000),
        "refused" => {
            r#"{"data":{},"code":12600,"message":"The account was not found","timestamp":1772099056662,"requestId":"0c5f3a52-6f0a-4f0e-9a55-3f1c2d4b5a69"}"#
                .to_owned()
        }
        "50-megabytes" => filled(50 * MIB),
        "bomb" => {
            let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
            gzip.write_all(filled(200 * MIB).as_bytes())?;
            return Ok(Answer {
                encoding: Some("gzip"),
                body: gzip.finish()?,
            });
        }
        _ => return Err(io::Error::other(format!("no answer is called `{name}`"))),
    };
    Ok(Answer {
        encoding: None,
        body: body.into_bytes(),
    })
}

/// A list of `count` accounts, as the service writes one.
fn accounts(count: usize) -> String {
    let mut text = String::from(r#"{"data":{"list":["#);
    for index in 0..count {
        let comma = if index == 0 { "" } else { "," };
        let _ = write!(
            text,
            r#"{comma}{{"id":"douyin_{index:032x}","userId":"66f1c2a94b8e5d0012ab0001","type":"douyin","uid":"_{index:08}tXw2","nickname":"Morning Kitchen","groupId":"66f1c2a94b8e5d0012ab0007","status":1,"clientType":"web","account":"kitchen_{index:06}","loginTime":"2026-03-01T09:30:00.000Z","avatar":"https://cdn.example.com/avatars/{index:06}.jpg","fansCount":1280,"workCount":57}}"#
        );
    }
    let _ = write!(
        text,
        r#"],"total":{count}}},"code":0,"message":"Success","requestId":"0c5f3a52-6f0a-4f0e-9a55-3f1c2d4b5a69"}}"#
    );
    text
}

/// A success whose data is `size` bytes of text.
fn filled(size: usize) -> String {
    format!(
        r#"{{"data":"{}","code":0,"message":"Success"}}"#,
        "a".repeat(size)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_as_said() {
        for (name, size) in [("small", 3_850), ("large", 371_000)] {
            let length = answer(name).expect("known").body.len();
            assert!(length.abs_diff(size) < size / 20, "{name}: {length} bytes");
        }
    }
}
