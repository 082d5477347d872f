//! `list_platforms` and `platform_rules`: what each platform can do and wants.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::failure::{Exit, Failure, Outcome};
use crate::mcp::answer::Answer;
use crate::mcp::context::Context;
use crate::mcp::tool::{About, Effect, Tool};
use crate::session::Session;

use super::Nothing;

pub(super) fn tools() -> [Tool; 2] {
    [
        Tool::new(
            About {
                name: "list_platforms",
                title: "List platforms",
                description: "The social platforms that can be published to, with the kinds of \
                    post each takes. Use it to find out what is possible; needs no key and costs \
                    nothing. For everything that a platform wants, use platform_rules.",
                effect: Effect::Reads,
            },
            list,
        ),
        Tool::new(
            About {
                name: "platform_rules",
                title: "Rules of a platform",
                description: "What a platform takes: lengths of title and text, sizes and formats \
                    of images and video, and the options of its posts with their allowed values. \
                    Use it before you write a post. Costs nothing.",
                effect: Effect::Reads,
            },
            show,
        ),
    ]
}

/// A platform.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::mcp) struct PlatformLine {
    /// Its name in all arguments.
    platform: String,
    /// Its name for people.
    name: String,
    /// `available` if it can be used.
    status: String,
    /// Kinds of post that it takes.
    modes: Vec<String>,
    /// Characters that a title may have.
    #[serde(skip_serializing_if = "Option::is_none")]
    max_title_length: Option<i64>,
    /// Characters that a text may have.
    #[serde(skip_serializing_if = "Option::is_none")]
    max_body_length: Option<i64>,
    /// Images that a post may have.
    #[serde(skip_serializing_if = "Option::is_none")]
    max_images: Option<i64>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Platforms {
    platforms: Vec<PlatformLine>,
}

async fn list(context: Context, _: Nothing) -> Outcome<Answer<Platforms>> {
    let platforms = all(&context.session).await?;
    let usable = platforms.iter().filter(|it| it.status == "available");
    let text = format!(
        "{} platforms, {} of them available.",
        platforms.len(),
        usable.count()
    );
    Ok(Answer::new(text, Platforms { platforms }))
}

/// All platforms in short.
pub(in crate::mcp) async fn all(session: &Session) -> Outcome<Vec<PlatformLine>> {
    let platforms = session.client.platforms().list().await?;
    let line = |it: aitoearn::types::PlatformInfo| PlatformLine {
        platform: it.platform.to_string(),
        name: it.display_name.en_us,
        status: it.status.to_string(),
        modes: it
            .content_limits
            .modes
            .iter()
            .map(ToString::to_string)
            .collect(),
        max_title_length: it.content_limits.max_title_length,
        max_body_length: it.content_limits.max_body_length,
        max_images: it.content_limits.max_images,
    };
    Ok(platforms.into_iter().map(line).collect())
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Which {
    /// The platform, as `list_platforms` names it.
    platform: String,
}

/// The rules of a platform.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::mcp) struct Rules {
    /// Its name in all arguments.
    platform: String,
    /// As the service tells them: `contentLimits`, `mediaRules` (bytes and seconds), `topic`,
    /// and `optionSchema`, a JSON schema of the options of a post.
    rules: Map<String, Value>,
}

async fn show(context: Context, Which { platform }: Which) -> Outcome<Answer<Rules>> {
    let rules = rules(&context.session, &platform).await?;
    Ok(Answer::new("The rules are in the data.", rules))
}

/// The rules of a platform.
pub(in crate::mcp) async fn rules(session: &Session, wanted: &str) -> Outcome<Rules> {
    let platforms = session.client.platforms().list().await?;
    let found = platforms
        .iter()
        .find(|it| it.platform.as_str().eq_ignore_ascii_case(wanted));
    let Some(found) = found else {
        let known: Vec<&str> = platforms.iter().map(|it| it.platform.as_str()).collect();
        let wanted: String = wanted.chars().take(50).collect();
        let failure = Failure::usage(format!("there is no platform `{wanted}` on this site"));
        return Err(failure.advise(format!("There are {}.", known.join(", "))));
    };
    let Ok(Value::Object(mut rules)) = serde_json::to_value(found) else {
        return Err(Failure::new(Exit::Failed, "the rules cannot be shown"));
    };
    // What only a page needs.
    for name in ["logoUrl", "editor", "emptyAccountHint", "authInstructions"] {
        rules.remove(name);
    }
    Ok(Rules {
        platform: found.platform.to_string(),
        rules,
    })
}
