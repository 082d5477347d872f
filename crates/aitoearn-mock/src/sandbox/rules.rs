//! The platforms' rules for content, as the service checks them beforehand.

use serde_json::{Value, json};

use super::posts::Post;

/// What breaks a rule of the post's platform, in the form of error 15051.
pub(crate) fn issues(post: &Post) -> Vec<Value> {
    let platform = post.platform;
    let mode = mode(post);
    let offered = platform.modes.contains(&mode);
    let length = |text: &str| text.encode_utf16().count() as u64;
    let pictures = post.images.len() as u64;

    let mut issues = Vec::new();
    if platform.title > 0 && length(&post.title) > platform.title {
        issues.push(too_big("title", "characters", platform.title));
    }
    if length(&post.body) > platform.body {
        issues.push(too_big("body", "characters", platform.body));
    }
    if !post.videos.is_empty() && !post.images.is_empty() {
        issues.push(issue(
            "invalid_combination",
            "media",
            "Videos and pictures do not mix",
            &json!({}),
        ));
    } else if !offered && mode == "article2" {
        issues.push(issue(
            "required",
            "media",
            "A picture or a video is needed",
            &json!({}),
        ));
    } else if !offered {
        let message = format!("Content of the kind {mode} is not taken");
        issues.push(issue(
            "unsupported_content_mode",
            "media",
            &message,
            &json!({ "mode": mode }),
        ));
    } else if pictures > platform.images {
        issues.push(too_big("media", "pictures", platform.images));
    } else if post.videos.len() > 1 {
        issues.push(too_big("media", "videos", 1));
    }
    if platform.cover_required && post.cover.is_none() {
        issues.push(issue("required", "cover", "A cover is needed", &json!({})));
    }
    issues
}

/// The service's name for what a post is made of.
fn mode(post: &Post) -> &'static str {
    match (post.videos.len(), post.images.len()) {
        (0, 0) => "article2",
        (0, _) => "article",
        _ => "video",
    }
}

fn too_big(field: &str, unit: &str, maximum: u64) -> Value {
    issue(
        "too_big",
        field,
        &format!("There are more than {maximum} {unit}"),
        &json!({ "maximum": maximum }),
    )
}

fn issue(code: &str, field: &str, message: &str, params: &Value) -> Value {
    json!({ "code": code, "path": [field], "message": message, "params": params })
}

/// Whether an address looks like a video's.
pub(crate) fn is_video(url: &str) -> bool {
    let path = url
        .split(['?', '#'])
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    [".mp4", ".mov", ".webm"]
        .iter()
        .any(|extension| path.ends_with(extension))
}
