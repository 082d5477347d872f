//! Resources that a host can attach: the platforms and their rules, and posts.

use rmcp::ErrorData;
use rmcp::model::{ReadResourceResult, Resource, ResourceContents, ResourceTemplate};
use serde::Serialize;
use serde_json::{Value, json};

use crate::failure::{Failure, Outcome};
use crate::session::Session;

use super::answer::cleaned;
use super::tools::{platforms, records};

const JSON: &str = "application/json";
const PLATFORMS: &str = "aitoearn://platforms";
const POSTS: &str = "aitoearn://posts";

/// Those without a parameter.
pub(super) fn all() -> Vec<Resource> {
    vec![
        Resource::new(PLATFORMS, "platforms")
            .with_title("Platforms")
            .with_description("The platforms and what each can do")
            .with_mime_type(JSON),
        Resource::new(POSTS, "posts")
            .with_title("Posts")
            .with_description("The latest posts and what became of them")
            .with_mime_type(JSON),
    ]
}

/// Those with one.
pub(super) fn templates() -> Vec<ResourceTemplate> {
    vec![
        ResourceTemplate::new("aitoearn://platforms/{platform}", "platform")
            .with_title("Rules of a platform")
            .with_description("What it takes, and the options of its posts")
            .with_mime_type(JSON),
        ResourceTemplate::new("aitoearn://posts/{post_id}", "post")
            .with_title("A post")
            .with_description("A post and what became of it")
            .with_mime_type(JSON),
    ]
}

/// Reads one.
///
/// # Errors
/// If there is none at this address, or it cannot be read.
pub(super) async fn read(session: &Session, uri: &str) -> Result<ReadResourceResult, ErrorData> {
    let value = match found(session, uri).await {
        Some(Ok(value)) => value,
        Some(Err(failure)) => {
            let about = cleaned(failure.to_json());
            let message = about["error"]["message"].as_str().unwrap_or_default();
            return Err(ErrorData::internal_error(message.to_owned(), Some(about)));
        }
        None => {
            let what = "there is no such resource; see `resources/templates/list`";
            return Err(ErrorData::resource_not_found(what, None));
        }
    };
    let text = ResourceContents::text(cleaned(value).to_string(), uri).with_mime_type(JSON);
    Ok(ReadResourceResult::new(vec![text]))
}

async fn found(session: &Session, uri: &str) -> Option<Outcome<Value>> {
    Some(if uri == PLATFORMS {
        platforms::all(session)
            .await
            .and_then(|it| value(&json!({ "platforms": it })))
    } else if uri == POSTS {
        let all = records::latest(session, 20).await;
        all.and_then(|it| value(&it))
    } else if let Some(name) = uri.strip_prefix("aitoearn://platforms/") {
        platforms::rules(session, name)
            .await
            .and_then(|it| value(&it))
    } else if let Some(id) = uri.strip_prefix("aitoearn://posts/") {
        if !id.bytes().all(|c| c.is_ascii_alphanumeric()) {
            return None;
        }
        records::one(session, id).await.and_then(|it| value(&it))
    } else {
        return None;
    })
}

fn value(it: &impl Serialize) -> Outcome<Value> {
    serde_json::to_value(it)
        .map_err(|error| Failure::new(crate::failure::Exit::Failed, error.to_string()))
}
