//! The platforms' rules for content, as the service checks them beforehand.

use serde_json::{Value, json};

use super::stores::posts::Post;

/// Topics that a check-in post may have.
const MOST_TOPICS: u64 = 5;

/// What breaks a rule of the post's platform, in the form of error 15051.
pub(crate) fn issues(post: &Post) -> Vec<Value> {
    let platform = post.platform;
    let mut issues = Vec::new();
    if platform.title > 0 && length(&post.title) > platform.title {
        issues.push(too_big("title", "characters", platform.title));
    }
    if length(&post.body) > platform.body {
        issues.push(too_big("body", "characters", platform.body));
    }
    issues.extend(media_issue(post));
    if platform.cover_required && post.cover.is_none() {
        issues.push(issue("required", "cover", "A cover is needed", &json!({})));
    }
    issues
}

/// The same for a check-in post on Douyin, whose texts have other limits.
pub(crate) fn check_in_issues(post: &Post) -> Vec<Value> {
    let mut issues = Vec::new();
    let (topics, text) = without_topics(&post.body);
    if topics > MOST_TOPICS {
        issues.push(too_big("body", "topics", MOST_TOPICS));
    }
    if length(&post.title) + length(&text) > post.platform.body {
        issues.push(too_big("body", "characters", post.platform.body));
    }
    issues.extend(media_issue(post));
    issues
}

/// How many `#topics` a text has, and the text without them.
fn without_topics(text: &str) -> (u64, String) {
    let mut pieces = text.split('#');
    let mut rest = pieces.next().unwrap_or_default().to_owned();
    let mut topics = 0;
    for piece in pieces {
        let end = piece.find(char::is_whitespace).unwrap_or(piece.len());
        if end == 0 {
            rest.push('#');
        } else {
            topics += 1;
        }
        rest.push_str(&piece[end..]);
    }
    (topics, rest)
}

/// In UTF-16 units, as JavaScript counts.
fn length(text: &str) -> u64 {
    text.encode_utf16().count() as u64
}

/// What is wrong with the pictures and videos.
fn media_issue(post: &Post) -> Option<Value> {
    let platform = post.platform;
    let mode = mode(post);
    let offered = platform.modes.contains(&mode);
    if !post.videos.is_empty() && !post.images.is_empty() {
        Some(issue(
            "invalid_combination",
            "media",
            "Videos and pictures do not mix",
            &json!({}),
        ))
    } else if !offered && mode == "article2" {
        Some(issue(
            "required",
            "media",
            "A picture or a video is needed",
            &json!({}),
        ))
    } else if !offered {
        let message = format!("Content of the kind {mode} is not taken");
        Some(issue(
            "unsupported_content_mode",
            "media",
            &message,
            &json!({ "mode": mode }),
        ))
    } else if post.images.len() as u64 > platform.images {
        Some(too_big("media", "pictures", platform.images))
    } else if post.videos.len() > 1 {
        Some(too_big("media", "videos", 1))
    } else {
        None
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_are_told_from_text() {
        let rest = |text: &str| without_topics(text);
        assert_eq!(rest("no topic"), (0, "no topic".to_owned()));
        assert_eq!(rest("run #quay#night now"), (2, "run  now".to_owned()));
        assert_eq!(rest("# 1 and #"), (0, "# 1 and #".to_owned()));
        assert_eq!(rest("#夜跑 ü"), (1, " ü".to_owned()));
    }
}
