//! `check_post` and `publish_post`: one post, on one or more accounts.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use aitoearn::resources::CreateFlow;
use schemars::JsonSchema;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use crate::failure::{Exit, Failure, Outcome};
use crate::mcp::answer::Answer;
use crate::mcp::context::Context;
use crate::mcp::tool::{About, Effect, Tool};
use crate::post::{Draft, Finding, NotPublished, Publisher};

use super::records::{PostLine, followed};
use super::wait;

pub(super) fn tools() -> [Tool; 2] {
    [
        Tool::new(
            About {
                name: "check_post",
                title: "Check a post",
                description: "Holds a post against the live rules of its platforms and returns \
                    all problems at once, each with the field and what to do. Use it before \
                    publish_post, until it finds none. Nothing is uploaded or published, and it \
                    costs nothing.",
                effect: Effect::Reads,
            },
            check,
        ),
        Tool::new(
            About {
                name: "publish_post",
                title: "Publish a post",
                description: "Publishes a post to one or more accounts, now or later: it uploads \
                    local files, creates the posts and waits a little for what becomes of them. \
                    Posts are public, and what is published cannot be taken back from here; ask \
                    the person first. A repetition with the same arguments or the same flow_id \
                    never posts twice. Costs no credits.",
                effect: Effect::Publishes,
            },
            publish,
        ),
    ]
}

/// A post.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PostArguments {
    /// Ids of accounts, as `list_accounts` names them.
    accounts: Vec<String>,
    /// The title, where a platform has one.
    #[serde(default)]
    title: Option<String>,
    /// The text.
    #[serde(default)]
    body: Option<String>,
    /// A video, or images: local files below the folders that this server may read, or https
    /// addresses.
    #[serde(default)]
    media: Vec<String>,
    /// The cover: a local file or an https address.
    #[serde(default)]
    cover: Option<String>,
    /// When: `now` (default), a span such as `+90m`, or a moment such as
    /// `2026-12-01T18:00:00+01:00`.
    #[serde(default)]
    at: Option<String>,
    /// Options of platforms, as `platform_rules` lists them: for all accounts (`privacyStatus`)
    /// or those on one platform (`youtube.privacyStatus`).
    #[serde(default)]
    options: BTreeMap<String, Value>,
}

impl PostArguments {
    /// The draft, with real paths; and what is wrong with its files.
    fn draft(self, context: &Context) -> (Draft, Vec<Finding>) {
        let mut findings = Vec::new();
        let mut local = |field: String, text: String| {
            if text.starts_with("https://") || text.starts_with("http://") {
                return Some(text);
            }
            let real = context.roots.file(&text).and_then(|real| {
                let real = real.into_os_string().into_string();
                real.map_err(|_| "has a name that is no text".to_owned())
            });
            real.map_err(|problem| findings.push(Finding::new(field, problem)))
                .ok()
        };
        let media = self.media.into_iter().enumerate();
        let media: Vec<String> = media
            .filter_map(|(index, text)| local(format!("media[{index}]"), text))
            .collect();
        let cover = self.cover.and_then(|text| local("cover".to_owned(), text));
        let draft = Draft {
            id: None,
            to: self.accounts,
            title: self.title,
            body: self.body,
            media,
            cover,
            at: self.at,
            options: self.options,
        };
        (draft, findings)
    }
}

/// Something to mend.
#[derive(Debug, Serialize, JsonSchema)]
struct Problem {
    /// The argument, such as `title` or `media[1]`.
    field: String,
    /// What is wrong with it, and what to do.
    problem: String,
}

impl From<Finding> for Problem {
    fn from(Finding { field, problem }: Finding) -> Self {
        Self { field, problem }
    }
}

/// The finding under the argument's name here.
fn renamed(finding: Finding) -> Finding {
    match finding.field.as_str() {
        "to" => Finding::new("accounts", finding.problem),
        _ => finding,
    }
}

#[derive(Debug, Serialize, JsonSchema)]
struct Checked {
    /// Whether it can be published as it is.
    ok: bool,
    problems: Vec<Problem>,
}

async fn check(context: Context, post: PostArguments) -> Outcome<Answer<Checked>> {
    let problems = match checked(&context, post).await? {
        Ok(_) => Vec::new(),
        Err(findings) => findings,
    };
    let text = match problems.len() {
        0 => "No problem: it can be published as it is.".to_owned(),
        1 => "One problem; nothing was sent.".to_owned(),
        count => format!("{count} problems; nothing was sent."),
    };
    let checked = Checked {
        ok: problems.is_empty(),
        problems: problems.into_iter().map(Problem::from).collect(),
    };
    Ok(Answer::new(text, checked))
}

/// A post that breaks no rule, ready to be published.
struct Ready {
    flow: CreateFlow,
    draft: Draft,
    publisher: Publisher,
}

async fn checked(context: &Context, post: PostArguments) -> Outcome<Result<Ready, Vec<Finding>>> {
    let (draft, mut findings) = post.draft(context);
    let publisher = Publisher::new(&context.session.client, "").await?;
    let now = SystemTime::now();
    let flow = |draft: &Draft| publisher.flow(draft, now);
    match flow(&draft) {
        // A file that is missing is no reason to keep quiet about the rest, but then the rules
        // on files would complain of it, too.
        Ok(checked) if findings.is_empty() => match publisher.check(checked).await {
            Ok(()) => {}
            Err(NotPublished::Findings(more)) => findings.extend(more),
            Err(NotPublished::Failed(failure)) => return Err(failure),
        },
        Ok(_) => {}
        Err(more) => findings.extend(more),
    }
    if !findings.is_empty() {
        return Ok(Err(findings.into_iter().map(renamed).collect()));
    }
    Ok(match flow(&draft) {
        Ok(flow) => Ok(Ready {
            flow,
            draft,
            publisher,
        }),
        Err(findings) => Err(findings),
    })
}

/// A post, and how to publish it. Read by hand, because serde cannot both flatten and refuse
/// unknown names, and a `flow_id` with a slip in its name must not be overlooked.
#[derive(Debug, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
struct PublishArguments {
    #[schemars(flatten)]
    post: PostArguments,
    #[schemars(flatten)]
    how: How,
}

impl<'de> Deserialize<'de> for PublishArguments {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut post = Map::deserialize(deserializer)?;
        let names = ["flow_id", "wait_seconds", "confirm"];
        let how: Map<_, _> = names
            .into_iter()
            .filter_map(|name| post.remove_entry(name))
            .collect();
        Ok(Self {
            post: serde_json::from_value(Value::Object(post)).map_err(D::Error::custom)?,
            how: serde_json::from_value(Value::Object(how)).map_err(D::Error::custom)?,
        })
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct How {
    /// An id of your own for this post, of letters, digits and `-_.`; the same id is posted once,
    /// whatever else changes. If left out, one is made of all that the post says.
    #[serde(default)]
    flow_id: Option<String>,
    /// Wait so many seconds for what becomes of it: 0 to 600, default 20. It goes on without.
    #[serde(default)]
    #[schemars(range(max = 600))]
    wait_seconds: Option<u16>,
    /// Must be true, and means: the person whose accounts these are has seen the post and wants
    /// it published.
    #[schemars(required)]
    confirm: Option<bool>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Published {
    /// For `post_status`, and to repeat the call safely.
    flow_id: String,
    /// Whether it was published by an earlier call; then this one changed nothing.
    existed: bool,
    posts: Vec<PostLine>,
}

async fn publish(context: Context, arguments: PublishArguments) -> Outcome<Answer<Published>> {
    let PublishArguments { post, how } = arguments;
    let limit = wait(how.wait_seconds, 20);
    if let Some(id) = &how.flow_id {
        check_id(id)?;
    }
    let ready = checked(&context, post).await?;
    let Ready {
        flow,
        draft,
        publisher,
    } = ready.map_err(Failure::from)?;
    let flow_id = how.flow_id.unwrap_or_else(|| crate::plan::flow_id(&draft));
    let question = question(&draft);
    context.fact("flowId", flow_id.as_str());
    context.confirmed(how.confirm, &question).await?;
    let progress = context.progress.clone();
    let flow = flow
        .flow_id(flow_id.as_str())
        .or_existing()
        .on_upload(move |name, it| progress.bytes(name, it.sent, it.total));
    let tell = format!(
        "The posts may have been created: post_status with flow_id `{flow_id}` tells, and \
         publish_post with the same flow_id posts once in any case."
    );
    context.may_have(tell.as_str());
    let created = publisher.publish(flow).await.map_err(|error| {
        let failure = Failure::from(error);
        match failure.exit {
            Exit::Usage | Exit::Refused => failure,
            _ => {
                let advice = failure.advice.clone().unwrap_or_default();
                failure.advise(format!("{advice} {tell}").trim())
            }
        }
    })?;
    context.may_have(format!(
        "The posts are created, and the service publishes them: post_status with flow_id `{flow_id}` reports."
    ));
    let is_later = !draft
        .at
        .as_deref()
        .is_none_or(|at| at.trim().is_empty() || at.trim().eq_ignore_ascii_case("now"));
    // What is due later is not waited for.
    let limit = if is_later { Duration::ZERO } else { limit };
    let posts = followed(&context, &flow_id, limit).await;
    // Whatever is wrong now: they are there, and that is what has to be told.
    let posts = posts.unwrap_or_else(|failure| {
        let tasks = created.tasks.iter();
        tasks.map(|task| PostLine::unseen(task, &failure)).collect()
    });
    let existed = created.is_existing();
    let text = if existed {
        "It was published before under this flow_id, and nothing was posted again. For another \
         post with the same words, give another flow_id."
    } else if posts.iter().all(|post| post.outcome == "published") {
        "Published."
    } else if is_later {
        "Scheduled. post_status reports what becomes of it, cancel_post cancels it."
    } else {
        "The posts are created; what became of them is in the data. post_status reports more later."
    };
    Ok(Answer::new(
        text,
        Published {
            flow_id,
            existed,
            posts,
        },
    ))
}

fn check_id(id: &str) -> Outcome {
    let is_plain = id
        .bytes()
        .all(|c| c.is_ascii_alphanumeric() || b"-_.".contains(&c));
    if is_plain && (1..=100).contains(&id.len()) {
        return Ok(());
    }
    Err(Failure::usage(
        "`flow_id` is not made of 1 to 100 letters, digits and `-_.`; nothing was sent",
    ))
}

/// What a person is asked.
fn question(draft: &Draft) -> String {
    let what = draft.title.as_ref().or(draft.body.as_ref());
    let what = what.map_or_else(
        || "a post".to_owned(),
        |text| {
            let short: String = text.chars().take(100).collect();
            format!("a post that begins “{short}”")
        },
    );
    let when = match draft.at.as_deref().map(str::trim) {
        None | Some("") => "now",
        Some(at) => at,
    };
    format!("This publishes {what} to {}, {when}.", draft.to.join(", "))
}
