//! `publish --plan`: many posts, each once.

use std::path::Path;

use crate::commands::outcomes::{Writer, show};
use crate::commands::progress::count_bar;
use crate::context::App;
use crate::failure::{Exit, Outcome};
use crate::output::Tone;
use crate::plan::{self, Checked, Follow, Report, Row, Running, Settings};
use crate::post::{Posted, Publisher, folder_of};
use crate::session::Session;

use super::options::Options;

/// Runs a plan.
pub(crate) async fn run(
    app: &App,
    session: &Session,
    path: &Path,
    options: &Options,
) -> Outcome<Exit> {
    let rows = plan::read(path, options.timezone.as_ref())?;
    let publisher = Publisher::new(&session.client, folder_of(path)).await?;
    let follow = match (options.wait, options.no_wait) {
        (true, _) => Follow::All,
        (_, true) => Follow::None,
        _ => Follow::Due,
    };
    let running = Running {
        client: &session.client,
        publisher: &publisher,
        settings: Settings {
            parallel: usize::from(options.parallel),
            follow,
        },
    };
    app.on_interrupt("Nothing was published yet; run the same command again.");
    let bar = count_bar(rows.len(), "checked");
    let checked = running.check(&rows, |_| bar.inc(1)).await;
    bar.finish_and_clear();
    let checked = checked?;
    if options.dry_run {
        return dry(app, &rows, &checked);
    }
    publish(app, session, &running, (&rows, &checked), options).await
}

fn dry(app: &App, rows: &[Row], checked: &[Checked]) -> Outcome<Exit> {
    let mut posts = Vec::new();
    let mut there = 0;
    for (row, checked) in rows.iter().zip(checked) {
        let outcome = match checked {
            Checked::There => "there already",
            Checked::Ready => "would be published",
        };
        there += usize::from(matches!(checked, Checked::There));
        posts.extend(Posted::all(
            &row.draft,
            &row.flow_id,
            Some(row.number),
            outcome,
            row.draft.title.as_deref(),
        ));
    }
    show(app, &posts)?;
    let ready = rows.len() - there;
    app.out.say(
        Tone::Good,
        &format!("Nothing is wrong. Rows to publish: {ready}; there already: {there}."),
    )?;
    Ok(Exit::Fine)
}

async fn publish(
    app: &App,
    session: &Session,
    running: &Running<'_>,
    (rows, checked): (&[Row], &[Checked]),
    options: &Options,
) -> Outcome<Exit> {
    let mut file = options.out.as_deref().map(Writer::create).transpose()?;
    let bar = count_bar(rows.len(), "posts");
    let tell = |done: usize| {
        app.on_interrupt(format!(
            "{done} of {} rows are done, and some may be on their way. Run the same command again: it resumes \
             where it stopped and publishes nothing twice.",
            rows.len()
        ));
    };
    let (mut done, mut failed, mut existed) = (0, 0, 0);
    let mut exit = Exit::Fine;
    // A table needs all of it, lines do not.
    let mut shown: Vec<Posted> = Vec::new();
    tell(done);
    let pace = |wait| options.waiting.pace(wait, session);
    let run = running.publish(rows, checked, pace, |_, report: Report| {
        done += 1;
        failed += usize::from(report.exit != Exit::Fine);
        existed += usize::from(report.existed);
        exit = exit.max(report.exit);
        tell(done);
        bar.inc(1);
        if failed > 0 {
            bar.set_message(format!("({failed} failed)"));
        }
        if let Some(file) = &mut file {
            report.posts.iter().try_for_each(|post| file.write(post))?;
        }
        if app.out.is_json() {
            return show(app, &report.posts);
        }
        shown.extend(report.posts);
        Ok(())
    });
    let ended = run.await;
    bar.finish_and_clear();
    ended?;
    if !app.out.is_json() {
        shown.sort_by_key(|post| post.row);
        show(app, &shown)?;
        let tone = if failed == 0 { Tone::Good } else { Tone::Bad };
        let text = format!(
            "Rows: {done}; fine: {}, not: {failed}, there before: {existed}.",
            done - failed
        );
        app.out.say(tone, &text)?;
    }
    Ok(exit)
}
