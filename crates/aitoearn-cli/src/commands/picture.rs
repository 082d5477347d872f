//! Pictures that come as `data:` addresses, written to files.

use base64::alphabet;
use base64::engine::{DecodePaddingMode, Engine as _, GeneralPurpose, GeneralPurposeConfig};
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::PathBuf;

use crate::failure::{Exit, Failure, Outcome};

/// A picture, in its file's form.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Picture {
    extension: &'static str,
    pub(crate) bytes: Vec<u8>,
}

/// The picture of a `data:` address.
pub(crate) fn decode(url: &str) -> Outcome<Picture> {
    picture(url).ok_or_else(|| {
        Failure::new(
            Exit::Failed,
            "the service sent a picture in a form that is not known here",
        )
    })
}

impl Picture {
    /// Writes it to a new file that only its owner may read.
    pub(crate) fn save(&self) -> Outcome<PathBuf> {
        let extension = self.extension;
        let name = format!("aitoearn-{}-{:x}.{extension}", std::process::id(), unique());
        let file = std::env::temp_dir().join(name);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o600);
        }
        let written = options
            .open(&file)
            .and_then(|mut it| it.write_all(&self.bytes));
        written.map_err(|error| {
            Failure::io(format!("`{}` cannot be written", file.display()), &error)
        })?;
        Ok(file)
    }
}

fn unique() -> u128 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.map(|it| it.as_nanos()).unwrap_or_default()
}

fn picture(url: &str) -> Option<Picture> {
    let (head, data) = url.split_once(',')?;
    let head = head.to_ascii_lowercase();
    let kind = head.strip_prefix("data:image/")?.strip_suffix(";base64")?;
    let extension = match kind {
        "png" => "png",
        "jpeg" | "jpg" => "jpg",
        "gif" => "gif",
        "webp" => "webp",
        _ => return None,
    };
    let bytes = base64(data)?;
    Some(Picture { extension, bytes })
}

/// Bytes of base64 of either alphabet, with line ends or without; `None` if it is none.
pub(crate) fn base64(text: &str) -> Option<Vec<u8>> {
    const ENGINE: GeneralPurpose = GeneralPurpose::new(
        &alphabet::STANDARD,
        GeneralPurposeConfig::new()
            .with_decode_allow_trailing_bits(true)
            .with_decode_padding_mode(DecodePaddingMode::Indifferent),
    );
    let plain = text.chars().filter(|c| !matches!(c, '\r' | '\n'));
    let plain: String = plain
        .map(|c| match c {
            '-' => '+',
            '_' => '/',
            c => c,
        })
        .collect();
    ENGINE.decode(plain).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_pictures_only() {
        assert_eq!(base64("bWFwcw==").as_deref(), Some(&b"maps"[..]));
        assert_eq!(base64("Zm9sZA").as_deref(), Some(&b"fold"[..]));
        assert_eq!(base64("-_\r\n8=").as_deref(), Some(&[0xfb, 0xff][..]));
        assert_eq!(base64("a b"), None);
        let maps = picture("data:image/png;base64,bWFwcw==").unwrap();
        assert_eq!((maps.extension, &maps.bytes[..]), ("png", &b"maps"[..]));
        assert_eq!(picture("data:image/svg+xml;base64,bWFwcw=="), None);
        assert_eq!(picture("data:text/html,<p>"), None);
        assert_eq!(picture("https://example.org"), None);
    }
}
