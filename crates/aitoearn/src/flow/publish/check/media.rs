//! Which files a platform takes: kinds, numbers, formats and sizes.

use reqwest::Url;

use super::{Finding, LocalFiles, Post, Report, counted, limit};
use crate::{
    IssueCode, MediaSource,
    flow::mime,
    resources::{MediaKind, Medium, Place},
    types::{ContentLimits, ContentMode, MediaRules, PlatformInfo},
};

pub(super) fn check(
    post: &Post<'_>,
    rules: &PlatformInfo,
    files: &LocalFiles,
    report: &mut Report<'_>,
) {
    let limits = &rules.content_limits;
    let file_rules = FileRules {
        rules: &rules.media_rules,
        files,
    };
    for (index, medium) in post.media.iter().enumerate() {
        file_rules.check(
            &format!("media[{index}]"),
            medium.kind,
            &medium.source,
            report,
        );
    }
    match post.cover {
        Some(cover) => file_rules.check("cover", Some(MediaKind::Image), cover, report),
        None if limits.cover_required == Some(true) => report.add(
            "cover",
            Finding {
                code: IssueCode::Required,
                limit: "a cover".to_owned(),
                value: "none".to_owned(),
                remedy: "Give it one with `cover`.",
            },
        ),
        None => {}
    }
    // With a file that may be either, nothing can be said about the whole.
    let kinds: Option<Vec<MediaKind>> = post.media.iter().map(kind).collect();
    if let Some(kinds) = kinds {
        check_mode(&kinds, limits, report);
    }
}

/// What a file is: its extension knows better than the caller, because the
/// service goes by it, too.
fn kind(medium: &Medium) -> Option<MediaKind> {
    let by_extension = extension(&medium.source).and_then(|it| kind_of(&it));
    by_extension.or(medium.kind)
}

fn kind_of(extension: &str) -> Option<MediaKind> {
    match mime::of(&format!("a.{extension}")).split_once('/') {
        Some(("image", _)) => Some(MediaKind::Image),
        Some(("video", _)) => Some(MediaKind::Video),
        _ => None,
    }
}

/// The extension in lower case, without its dot; `None` if there is none to see.
fn extension(source: &MediaSource) -> Option<String> {
    let name = match &source.place {
        Place::Here(file) => file.name().to_owned(),
        Place::Web(url) => Url::parse(url)
            .ok()?
            .path_segments()?
            .next_back()?
            .to_owned(),
    };
    let (_, extension) = name.rsplit_once('.')?;
    Some(extension.to_ascii_lowercase())
}

/// Whether the platform takes such a post at all, and that many files.
fn check_mode(kinds: &[MediaKind], limits: &ContentLimits, report: &mut Report<'_>) {
    let count = |kind| kinds.iter().filter(|it| **it == kind).count() as u64;
    let (images, videos) = (count(MediaKind::Image), count(MediaKind::Video));
    let mode = match (videos, images) {
        (0, 0) => ContentMode::Article2,
        (0, _) => ContentMode::Article,
        (_, 0) => ContentMode::Video,
        // Which of both that counts as is the platform's to say.
        _ => return check_counts(images, videos, limits, report),
    };
    let is_told = !limits.modes.is_empty() && limits.modes.iter().all(ContentMode::is_known);
    if !is_told || limits.modes.contains(&mode) {
        return check_counts(images, videos, limits, report);
    }
    let modes: Vec<_> = limits.modes.iter().map(describe).collect();
    report.add(
        "media",
        Finding {
            code: if kinds.is_empty() {
                IssueCode::Required
            } else {
                IssueCode::UnsupportedContentMode
            },
            limit: modes.join(" or "),
            value: describe(&mode).to_owned(),
            remedy: "Give this account files of its own, or leave it out.",
        },
    );
}

fn describe(mode: &ContentMode) -> &str {
    match mode {
        ContentMode::Article2 => "text alone",
        ContentMode::Article => "images",
        ContentMode::Video => "a video",
        other => other.as_str(),
    }
}

fn check_counts(images: u64, videos: u64, limits: &ContentLimits, report: &mut Report<'_>) {
    for (number, what, most) in [
        (images, "image", limit(limits.max_images)),
        (videos, "video", limit(limits.max_videos)),
    ] {
        if let Some(most) = most.filter(|most| number > *most) {
            let finding = Finding {
                code: IssueCode::TooBig,
                limit: format!("at most {}", counted(most, what)),
                value: counted(number, what),
                remedy: "Leave some out, or give this account files of its own.",
            };
            report.add("media", finding);
        }
    }
    let least =
        limit(limits.min_images).filter(|least| videos == 0 && 0 < images && images < *least);
    if let Some(least) = least {
        let finding = Finding {
            code: IssueCode::TooSmall,
            limit: format!("at least {}", counted(least, "image")),
            value: counted(images, "image"),
            remedy: "Add some, or give this account files of its own.",
        };
        report.add("media", finding);
    }
}

/// What a single file is held against.
struct FileRules<'a> {
    rules: &'a MediaRules,
    files: &'a LocalFiles,
}

impl FileRules<'_> {
    /// `said` is what the caller uses it as.
    fn check(
        &self,
        field: &str,
        said: Option<MediaKind>,
        source: &MediaSource,
        report: &mut Report<'_>,
    ) {
        let extension = extension(source);
        let known = extension.as_deref().and_then(kind_of);
        if let (Some(extension), Some(known), Some(said)) = (&extension, known, said)
            && known != said
        {
            let finding = Finding {
                code: IssueCode::UnsupportedFormat,
                limit: a(said).to_owned(),
                value: format!("{} ({extension})", a(known)),
                remedy: "Use the method for its kind, or another file.",
            };
            return report.add(field, finding);
        }
        let Some(kind) = known.or(said) else { return };
        if let Some(extension) = extension.filter(|_| known.is_some() && source.options.is_none()) {
            self.check_format(field, kind, &extension, report);
        }
        self.check_size(field, kind, source, report);
    }

    fn check_format(&self, field: &str, kind: MediaKind, extension: &str, report: &mut Report<'_>) {
        let formats = match kind {
            MediaKind::Image => &self.rules.image_formats,
            MediaKind::Video => &self.rules.video_formats,
        };
        let is_taken = |format: &String| format_of(format) == format_of(extension);
        if formats.is_empty() || formats.iter().any(is_taken) {
            return;
        }
        let finding = Finding {
            code: IssueCode::UnsupportedFormat,
            limit: formats.join(" or "),
            value: extension.to_owned(),
            remedy: "Convert the file, or give this account another one.",
        };
        report.add(field, finding);
    }

    fn check_size(
        &self,
        field: &str,
        kind: MediaKind,
        source: &MediaSource,
        report: &mut Report<'_>,
    ) {
        let most = limit(match kind {
            MediaKind::Image => self.rules.max_image_size,
            MediaKind::Video => self.rules.max_video_size,
        });
        let size = match &source.place {
            Place::Here(file) => self.files.size(file),
            Place::Web(_) => None,
        };
        if let (Some(size), Some(most)) = (size, most)
            && size > most
        {
            let finding = Finding {
                code: IssueCode::TooBig,
                limit: format!("at most {}", counted(most, "byte")),
                value: counted(size, "byte"),
                remedy: "Compress the file, or give this account a smaller one.",
            };
            report.add(field, finding);
        }
    }
}

fn a(kind: MediaKind) -> &'static str {
    match kind {
        MediaKind::Image => "an image",
        MediaKind::Video => "a video",
    }
}

/// One spelling for each format: `JPEG`, `.jpg` and `image/jpeg` are the same.
fn format_of(text: &str) -> String {
    let text = text.to_ascii_lowercase();
    let name = text.rsplit(['/', '.']).next().unwrap_or_default();
    match name {
        "jpeg" => "jpg",
        "quicktime" => "mov",
        "x-m4v" => "m4v",
        "x-matroska" => "mkv",
        other => other,
    }
    .to_owned()
}
