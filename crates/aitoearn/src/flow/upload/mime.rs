//! The media type that an extension stands for.

/// What the service takes the type of a file to be, by its extension.
///
/// A storage that signs the type refuses any other, so this must agree with the
/// service. It covers what can be published, and what is unknown to both is
/// `application/octet-stream`; [`Upload::content_type`](super::Upload::content_type)
/// is for the rest. A crate would know a thousand more that nobody posts.
pub(crate) fn of(filename: &str) -> &'static str {
    let extension = filename
        .rsplit_once('.')
        .map(|(_, extension)| extension.to_ascii_lowercase());
    match extension.as_deref().unwrap_or_default() {
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "heic" => "image/heic",
        "heif" => "image/heif",
        "bmp" => "image/bmp",
        "svg" => "image/svg+xml",
        "tif" | "tiff" => "image/tiff",
        "mp4" => "video/mp4",
        "m4v" => "video/x-m4v",
        "mov" => "video/quicktime",
        "webm" => "video/webm",
        "mkv" => "video/x-matroska",
        "avi" => "video/x-msvideo",
        "mpg" | "mpeg" => "video/mpeg",
        "3gp" => "video/3gpp",
        "flv" => "video/x-flv",
        "wmv" => "video/x-ms-wmv",
        "mp3" => "audio/mpeg",
        "m4a" => "audio/mp4",
        "wav" => "audio/wav",
        "ogg" => "audio/ogg",
        "pdf" => "application/pdf",
        "json" => "application/json",
        "zip" => "application/zip",
        "txt" => "text/plain",
        "csv" => "text/csv",
        "vtt" => "text/vtt",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn by_the_last_extension_in_any_case() {
        for (name, mime) in [
            ("clip.mp4", "video/mp4"),
            ("快乐.JPG", "image/jpeg"),
            ("archive.mp4.zip", "application/zip"),
            ("clip.unknown", "application/octet-stream"),
            ("mp4", "application/octet-stream"),
        ] {
            assert_eq!(of(name), mime, "{name}");
        }
    }
}
