//! `posts`, `post`, `wait`, `cancel`, `retry`, `reschedule`: what becomes of posts.

use std::time::SystemTime;

use aitoearn::flow::PublishFailure;
use aitoearn::types::PublishRecord;
use aitoearn::{PublishTime, resources::Cancellation};
use clap::Args;
use jiff::tz::TimeZone;
use serde_json::json;

use crate::complete;
use crate::context::App;
use crate::failure::{Exit, Failure, Outcome};
use crate::follow::{Waiting, follow};
use crate::moment::when;
use crate::output::{Cell, Tone};
use crate::state::{State, status};
use crate::text::moment as moment_text;
use crate::zone::{with_offset, zone};

use super::moment_option;
use super::outcomes::finish;

/// Options of `posts`.
#[derive(Debug, Args)]
#[command(after_help = "\
States: waiting, queued, publishing, published, failed, awaiting-user, cancelled

Examples:
  aitoearn posts --on youtube --status failed
  aitoearn posts --since 2026-11-01T00:00:00Z --until 2026-12-01T00:00:00Z")]
pub struct ListOptions {
    /// Only posts of this account
    #[arg(long, add = complete::accounts())]
    account: Option<String>,
    /// Only posts on this platform
    #[arg(long = "on", value_name = "PLATFORM", add = complete::platforms())]
    on: Option<String>,
    /// Only posts in this state; see below
    #[arg(long, hide_possible_values = true)]
    status: Option<State>,
    /// Only posts from this moment on
    #[arg(long, value_name = "MOMENT", requires = "until")]
    since: Option<String>,
    /// Only posts before this moment
    #[arg(long, value_name = "MOMENT", requires = "since")]
    until: Option<String>,
}

/// One post.
#[derive(Debug, Args)]
pub struct PostOptions {
    /// The post's id, as `posts` lists it
    #[arg(add = complete::posts())]
    id: String,
}

/// Options of `wait`.
#[derive(Debug, Args)]
pub struct WaitOptions {
    /// The id of a flow, as `publish` prints it
    flow: String,
    #[command(flatten)]
    waiting: Waiting,
}

/// Options of `reschedule`.
#[derive(Debug, Args)]
pub struct RescheduleOptions {
    /// The post's id, as `posts` lists it
    #[arg(add = complete::posts())]
    id: String,
    /// When: now, +90m, or a time: '2026-12-01 18:00'
    at: String,
    /// Zone of times without an offset, as Europe/Berlin
    #[arg(long, value_name = "ZONE", value_parser = zone, add = complete::zones())]
    timezone: Option<TimeZone>,
}

/// Lists posts.
pub(crate) async fn list(app: &App, options: ListOptions) -> Outcome {
    let session = app.session()?;
    let mut request = session.client.publish().records().list();
    if let Some(account) = options.account {
        request = request.account_id(account);
    }
    if let Some(platform) = options.on {
        request = request.platform(platform);
    }
    if let Some(status) = options.status {
        request = request.status(status.into());
    }
    if let (Some(since), Some(until)) = (options.since, options.until) {
        request = request.between(
            moment_option("since", &since)?,
            moment_option("until", &until)?,
        );
    }
    let posts = request.await?;
    app.out.list(
        &["id", "account", "status", "time", "title", "link"],
        &posts,
        |it: &PublishRecord| {
            let (word, tone) = status(&it.status);
            vec![
                it.id.as_str().into(),
                Cell::maybe(it.account_id.as_ref()),
                Cell::toned(word, tone),
                moment_text(it.publish_time.as_str()).into(),
                Cell::maybe(it.title.as_ref()),
                Cell::maybe(it.work_link.as_ref()),
            ]
        },
    )
}

/// Shows a post.
pub(crate) async fn show(app: &App, options: PostOptions) -> Outcome {
    let session = app.session()?;
    let post = session.client.publish().records().get(options.id).await?;
    let failure = PublishFailure::of(&post);
    let (word, tone) = status(&post.status);
    let fields = vec![
        ("id", post.id.as_str().into()),
        ("status", Cell::toned(word, tone)),
        ("reason", Cell::maybe(failure.as_ref())),
        (
            "what to do",
            Cell::maybe(failure.as_ref().map(PublishFailure::advice)),
        ),
        ("account", Cell::maybe(post.account_id.as_ref())),
        ("platform", post.account_type.as_str().into()),
        ("flow", Cell::maybe(post.flow_id.as_ref())),
        ("time", moment_text(post.publish_time.as_str()).into()),
        ("title", Cell::maybe(post.title.as_ref())),
        ("text", Cell::maybe(post.desc.as_ref())),
        ("video", Cell::maybe(post.video_url.as_ref())),
        ("images", post.img_url_list.join(" ").into()),
        ("link", Cell::maybe(post.work_link.as_ref())),
    ];
    app.out.item(&post, fields)
}

/// Waits for the posts of a flow.
pub(crate) async fn wait(app: &App, options: WaitOptions) -> Outcome<Exit> {
    let session = app.session()?;
    let WaitOptions { flow, waiting } = options;
    let found = session.client.publish().get_flow(flow.as_str()).await?;
    app.on_interrupt(format!(
        "The posts are published without this command. {}",
        super::follow_hint(&flow)
    ));
    let wait = waiting.pace(session.client.publish().wait(flow.as_str()), &session);
    let posts = follow(wait, &flow, None, found.tasks.len()).await?;
    finish(app, &posts, None, None)
}

/// Calls a post off.
pub(crate) async fn cancel(app: &App, options: PostOptions) -> Outcome<Exit> {
    let session = app.session()?;
    let id = options.id;
    match session.client.publish().tasks().cancel(id.as_str()).await? {
        Cancellation::Done => {
            done(app, &id, "cancelled")?;
            Ok(Exit::Fine)
        }
        Cancellation::TooLate(found) => {
            let (word, _) = status(&found);
            Err(Failure::new(
                Exit::Refused,
                format!("too late: the post `{id}` is {word}"),
            ))
        }
    }
}

/// Tries a failed post again.
pub(crate) async fn retry(app: &App, options: PostOptions) -> Outcome {
    let session = app.session()?;
    session
        .client
        .publish()
        .tasks()
        .retry(options.id.as_str())
        .await?;
    done(app, &options.id, "tried again")
}

/// Gives a post another time.
pub(crate) async fn reschedule(app: &App, options: RescheduleOptions) -> Outcome {
    let session = app.session()?;
    let tasks = session.client.publish().tasks();
    let time = with_offset(&options.at, options.timezone.as_ref())
        .and_then(|at| when(Some(&at), SystemTime::now()))
        .map_err(Failure::usage)?;
    match time {
        PublishTime::Now => tasks.publish_now(options.id.as_str()).await?,
        PublishTime::At(time) => tasks.reschedule(options.id.as_str(), time).await?,
    };
    done(app, &options.id, "rescheduled")
}

fn done(app: &App, id: &str, what: &str) -> Outcome {
    if app.out.is_json() {
        return app.out.json(&json!({ "id": id, "done": what }));
    }
    app.out
        .say(Tone::Good, &format!("The post {id} is {what}."))
}
