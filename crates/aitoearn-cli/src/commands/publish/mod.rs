//! `publish`: one post by flags, or many by a plan.

mod options;
mod plan;

use std::sync::Arc;
use std::time::SystemTime;

use serde_json::json;

use crate::context::App;
use crate::failure::{Exit, Failure, Outcome};
use crate::follow::follow;
use crate::output::Tone;
use crate::post::{Draft, Posted, Publisher};
use crate::session::Session;
use crate::zone::with_offset;

use super::outcomes::finish;
use super::progress::byte_bar;

pub(crate) use self::options::Options;

/// Publishes.
pub(crate) async fn run(app: &App, options: Options) -> Outcome<Exit> {
    let session = app.session()?;
    if let Some(path) = options.plan.clone() {
        return plan::run(app, &session, &path, &options).await;
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
        "The post may have been created: `aitoearn wait {flow_id}` shows it. To publish it again and \
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
            Exit::Unknown => failure.advise(format!("`aitoearn wait {flow_id}` shows it; the same command with `--id {flow_id}` publishes once in any case.")),
            _ => failure,
        }
    })?;
    if created.is_existing() {
        app.out
            .note("It was published before under this id, and is left as it is.");
    }
    let on = super::follow_hint(&flow_id);
    app.on_interrupt(format!(
        "The post is created, and the service publishes it. {on}"
    ));
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
