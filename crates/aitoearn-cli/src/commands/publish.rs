//! `publish`: one post by flags, or many by a plan.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use clap::Args;
use indicatif::ProgressBar;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crate::app::App;
use crate::complete;
use crate::failure::{Exit, Failure, Outcome};
use crate::follow::{Waiting, exit_of, follow};
use crate::output::{Cell, Table, Tone};
use crate::post::{Draft, Posted, Publisher};
use crate::session::Session;
use crate::zone::{with_offset, zone};

use super::progress::byte_bar;

/// Options of `publish`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
#[allow(clippy::struct_excessive_bools, reason = "flags of a command line")]
pub struct Options {
    /// Files or addresses: a video, or images
    #[arg(value_name = "FILE", conflicts_with = "plan")]
    pub files: Vec<String>,
    /// Accounts to publish to, apart by commas
    #[arg(
        long,
        value_name = "ACCOUNT",
        value_delimiter = ',',
        required_unless_present = "plan",
        conflicts_with = "plan",
        add = complete::accounts()
    )]
    pub to: Vec<String>,
    /// The title
    #[arg(long, conflicts_with = "plan")]
    pub title: Option<String>,
    /// The text
    #[arg(long, conflicts_with = "plan")]
    pub body: Option<String>,
    /// File or address of the cover
    #[arg(long, value_name = "FILE", conflicts_with = "plan")]
    pub cover: Option<String>,
    /// When: now, +90m, or a time: '2026-12-01 18:00'
    #[arg(long, value_name = "WHEN", conflicts_with = "plan")]
    pub at: Option<String>,
    /// Zone of times without an offset, as Europe/Berlin
    #[arg(long, value_name = "ZONE", value_parser = zone, add = complete::zones())]
    pub timezone: Option<TimeZone>,
    /// A setting, or PLATFORM.NAME=VALUE for one platform
    #[arg(long = "option", value_name = "NAME=VALUE", value_parser = option, conflicts_with = "plan")]
    pub settings: Vec<(String, Value)>,
    /// An id of your own; the same id publishes only once
    #[arg(long, conflicts_with = "plan")]
    pub id: Option<String>,
    /// Publish the posts of a file: .toml, .json or .csv
    #[arg(long, value_name = "FILE")]
    pub plan: Option<PathBuf>,
    /// Also write outcomes to a file: .csv, or JSON lines
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Work on so many posts at a time
    #[arg(long, value_name = "NUMBER", default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..=32))]
    pub parallel: u8,
    /// Only check, against the platforms' live rules
    #[arg(long)]
    pub dry_run: bool,
    /// Wait for posts of a later time, too
    #[arg(long, conflicts_with = "no_wait")]
    pub wait: bool,
    /// Do not wait for what becomes of the posts
    #[arg(long)]
    pub no_wait: bool,
    #[command(flatten)]
    pub waiting: Waiting,
}

const EXAMPLES: &str = "\
Examples:
  aitoearn publish clip.mp4 --to youtube_1 --title 'Folding maps'
  aitoearn publish a.jpg b.jpg --to instagram_1,threads_1 --body 'Two maps'
  aitoearn publish clip.mp4 --to youtube_1 --title Maps --at +2h \\
    --option youtube.privacyStatus=unlisted
  aitoearn publish --plan week.csv --dry-run
  aitoearn publish --plan week.csv --out outcome.csv

A plan has a row for each post, with the columns id, to, title, body, media,
cover, at and option.NAME (CSV), or the same names in [[post]] (TOML) or in a
list (JSON). Run again, it goes on where it stopped and posts nothing twice: a
post is known by what its row says, or by its `id` alone if it has one.

Times may have an offset (2026-12-01T18:00:00+01:00). Those without are in the
zone of --timezone. Without it, --at takes the system's; a plan refuses them,
because it would publish other posts on another machine.";

fn option(text: &str) -> Result<(String, Value), String> {
    let (name, value) = text.split_once('=').ok_or("write NAME=VALUE")?;
    if name.trim().is_empty() {
        return Err("write NAME=VALUE".to_owned());
    }
    let value = match serde_json::from_str(value) {
        Ok(Value::Null) | Err(_) => Value::String(value.to_owned()),
        Ok(value) => value,
    };
    Ok((name.trim().to_owned(), value))
}

/// Publishes.
pub(crate) async fn run(app: &App, options: Options) -> Outcome<Exit> {
    let session = app.session()?;
    if let Some(path) = options.plan.clone() {
        return super::plan::run(app, &session, &path, &options).await;
    }
    one(app, &session, options).await
}

async fn one(app: &App, session: &Session, options: Options) -> Outcome<Exit> {
    let at = options
        .at
        .map(|at| with_offset(&at, options.timezone.as_ref()))
        .transpose()
        .map_err(|problem| Failure::usage(format!("--at: {problem}")))?;
    let draft = Draft {
        id: None,
        to: options.to,
        title: options.title,
        body: options.body,
        media: options.files,
        cover: options.cover,
        at,
        options: options.settings.into_iter().collect(),
    };
    let publisher = Publisher::new(&session.client, "").await?;
    let now = SystemTime::now();
    let mut flow = publisher.flow(&draft, now).map_err(Failure::from)?;
    if let Some(id) = &options.id {
        flow = flow.flow_id(id.as_str()).or_existing();
    }
    if options.dry_run {
        publisher.check(flow).await.map_err(Failure::from)?;
        return dry(app, &draft.to);
    }
    let flow_id = flow.id().to_string();
    app.on_interrupt(format!(
        "The post may have been created: `aitoearn wait {flow_id}` tells. To publish it again and \
         still have it once, add `--id {flow_id}`."
    ));
    let bar = Arc::new(byte_bar());
    let shown = Arc::clone(&bar);
    let flow = flow.on_upload(move |name, progress| {
        shown.set_length(progress.total);
        shown.set_position(progress.sent);
        shown.set_message(crate::text::clean(name).into_owned());
    });
    let created = publisher.publish(flow).await;
    bar.finish_and_clear();
    let created = created.map_err(|error| {
        let failure = Failure::from(error);
        match failure.exit {
            Exit::Unknown => failure.advise(format!("`aitoearn wait {flow_id}` tells; the same command with `--id {flow_id}` publishes once in any case.")),
            _ => failure,
        }
    })?;
    if created.is_existing() {
        app.out
            .note("It was published before under this id, and is left as it is.");
    }
    let on = super::follow_hint(&flow_id);
    app.on_interrupt(format!("The post is created and goes on by itself. {on}"));
    let is_later = draft
        .at
        .as_deref()
        .is_some_and(|at| !matches!(at.trim(), "" | "now" | "NOW"));
    if options.no_wait || (is_later && !options.wait) {
        let outcome = if is_later { "scheduled" } else { "pending" };
        let posts: Vec<Posted> = created
            .tasks
            .iter()
            .map(|task| Posted {
                row: None,
                flow_id: flow_id.clone(),
                id: Some(task.id.to_string()),
                account: task.account_id.to_string(),
                platform: Some(task.platform.to_string()),
                outcome,
                link: task.work_link.clone(),
                reason: None,
            })
            .collect();
        return finish(app, &posts, options.out.as_deref(), Some(&on));
    }
    let wait = options.waiting.pace(created.wait(), session);
    let posts = follow(wait, &flow_id, None, draft.to.len()).await?;
    finish(app, &posts, options.out.as_deref(), None)
}

fn dry(app: &App, accounts: &[String]) -> Outcome<Exit> {
    if app.out.is_json() {
        app.out
            .json(&json!({ "dryRun": true, "accounts": accounts, "problems": [] }))?;
    } else {
        let count = accounts.len();
        let what = if count == 1 { "account" } else { "accounts" };
        app.out.say(
            Tone::Good,
            &format!("Nothing is wrong with it; it would be published to {count} {what}."),
        )?;
    }
    Ok(Exit::Fine)
}

/// Prints outcomes, writes them to a file, and gives the exit code.
pub(crate) fn finish(
    app: &App,
    posts: &[Posted],
    file: Option<&std::path::Path>,
    hint: Option<&str>,
) -> Outcome<Exit> {
    if let Some(file) = file {
        let mut out = super::outcomes::Writer::create(file)?;
        for post in posts {
            out.write(post)?;
        }
    }
    show(app, posts)?;
    if let Some(hint) = hint {
        app.out.note(hint);
    }
    Ok(exit_of(posts))
}

/// Outcomes as a table, or a line each.
pub(crate) fn show(app: &App, posts: &[Posted]) -> Outcome {
    if app.out.is_json() {
        return posts.iter().try_for_each(|post| app.out.json(post));
    }
    let has_rows = posts.iter().any(|post| post.row.is_some());
    let mut table = Table::new(if has_rows {
        &["row", "account", "outcome", "link or reason"]
    } else {
        &["account", "outcome", "link or reason"]
    });
    for post in posts {
        let more = match (&post.link, &post.reason) {
            (Some(link), None) => link.clone(),
            (Some(link), Some(reason)) => format!("{link} {reason}"),
            (None, reason) => reason.clone().unwrap_or_default(),
        };
        let mut row: Vec<Cell> = post.row.map(Cell::from).into_iter().collect();
        row.extend([
            post.account.as_str().into(),
            Cell::toned(post.outcome, tone_of(post.outcome)),
            more.into(),
        ]);
        table.push(row);
    }
    app.out.table(&table)
}

fn tone_of(outcome: &str) -> Tone {
    match outcome {
        "published" => Tone::Good,
        "failed" | "not published" | "cancelled" => Tone::Bad,
        "unknown" | "awaits its user" => Tone::Asks,
        _ => Tone::Faint,
    }
}

/// A bar that counts rows.
pub(crate) fn row_bar(count: usize, what: &'static str) -> ProgressBar {
    super::progress::count_bar(count, what)
}
