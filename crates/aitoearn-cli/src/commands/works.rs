//! `works` and `analytics`: what is on the platforms, and how it does there.

use aitoearn::types::{WorkAnalytics, WorkListItem};
use clap::Args;
use futures_util::StreamExt as _;

use crate::complete;
use crate::context::App;
use crate::failure::Outcome;
use crate::output::{Cell, Table, Tone};
use crate::text::moment;
use crate::work::{numbers, platform_of};

use super::moment_option;
use super::outcomes::csv_cell;

/// Options of `works`.
#[derive(Debug, Args)]
pub struct ListOptions {
    /// The account whose works are listed
    #[arg(add = complete::accounts())]
    account: String,
    /// How many at most
    #[arg(long, value_name = "NUMBER", default_value_t = 20)]
    limit: usize,
}

/// Options of `analytics`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aitoearn analytics youtube_1 8708606676536915452
  aitoearn analytics youtube_1 8708606676536915452 --csv > views.csv")]
pub struct AnalyticsOptions {
    /// The account that the work is on
    #[arg(add = complete::accounts())]
    account: String,
    /// The platform's id of the work, as `works` lists it
    work: String,
    /// From this moment on
    #[arg(long, value_name = "MOMENT")]
    since: Option<String>,
    /// Until this moment
    #[arg(long, value_name = "MOMENT")]
    until: Option<String>,
    /// Print CSV, a line per day
    #[arg(long, conflicts_with = "json")]
    csv: bool,
}

/// Lists works.
pub(crate) async fn list(app: &App, options: ListOptions) -> Outcome {
    let session = app.session()?;
    let platform = platform_of(&session.client, &options.account).await?;
    let works = session
        .client
        .works()
        .list(platform, options.account.as_str());
    let mut works = works.stream().take(options.limit);
    let mut found = Vec::new();
    while let Some(work) = works.next().await {
        found.push(work?);
    }
    app.out.list(
        &[
            "work",
            "published",
            "views",
            "likes",
            "comments",
            "title",
            "link",
        ],
        &found,
        |it: &WorkListItem| {
            let metrics = it.metrics.clone().unwrap_or_default();
            vec![
                it.platform_work_id.as_str().into(),
                Cell::maybe(it.published_at.as_ref().map(|it| moment(it.as_str()))),
                Cell::maybe(metrics.view_count.or(metrics.play_count)),
                Cell::maybe(metrics.like_count),
                Cell::maybe(metrics.comment_count),
                Cell::maybe(it.title.as_ref().or(it.description.as_ref())),
                Cell::maybe(it.url.as_ref()),
            ]
        },
    )
}

/// Shows how a work does.
pub(crate) async fn analytics(app: &App, options: AnalyticsOptions) -> Outcome {
    let session = app.session()?;
    let platform = platform_of(&session.client, &options.account).await?;
    let works = session.client.works();
    let mut request = works
        .analytics(platform, options.work)
        .account_id(options.account);
    for (name, text) in [("since", options.since), ("until", options.until)] {
        let Some(text) = text else { continue };
        let time = moment_option(name, &text)?;
        request = if name == "since" {
            request.since(time)
        } else {
            request.until(time)
        };
    }
    let found = request.await?;
    if options.csv {
        return csv(app, &found);
    }
    if app.out.is_json() {
        return app.out.json(&found);
    }
    table(app, &found)
}

fn csv(app: &App, found: &WorkAnalytics) -> Outcome {
    let days: Vec<_> = found
        .snapshots
        .iter()
        .map(|it| (&it.snapshot_at, numbers(it.metrics.as_ref())))
        .collect();
    let mut names: Vec<&String> = days.iter().flat_map(|(_, it)| it.keys()).collect();
    names.sort();
    names.dedup();
    let mut text = String::from("time");
    for name in &names {
        text += &format!(",{}", csv_cell(name));
    }
    for (time, day) in &days {
        text += &format!("\n{}", csv_cell(time.as_str()));
        for name in &names {
            let number = day.get(*name).map(ToString::to_string);
            text += &format!(",{}", number.unwrap_or_default());
        }
    }
    app.out.raw(&(text + "\n"))
}

fn table(app: &App, found: &WorkAnalytics) -> Outcome {
    let mut table = Table::new(&["metric", "now", "from first to last"]);
    let days: Vec<_> = found
        .snapshots
        .iter()
        .map(|it| numbers(it.metrics.as_ref()))
        .collect();
    for (name, now) in numbers(found.metrics.as_ref()) {
        let line: Vec<f64> = days
            .iter()
            .filter_map(|day| day.get(&name)?.as_f64())
            .collect();
        table.push(vec![
            name.as_str().into(),
            now.to_string().into(),
            Cell::toned(chart(&line), Tone::Good),
        ]);
    }
    app.out.table(&table)?;
    match days.len() {
        0 => app.out.say(Tone::Faint, "There is no history yet."),
        count => app.out.say(Tone::Faint, &format!("{count} snapshots")),
    }
}

/// A line of blocks, one for each number, or for the last forty.
fn chart(numbers: &[f64]) -> String {
    const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let shown = &numbers[numbers.len().saturating_sub(40)..];
    let lowest = shown.iter().copied().fold(f64::INFINITY, f64::min);
    let highest = shown.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let span = highest - lowest;
    let block = |number: &f64| {
        let share = if span > 0.0 {
            (number - lowest) / span
        } else {
            0.0
        };
        // At least as many blocks' bounds lie below a number as its share of the span says.
        let index = (1_u8..8)
            .filter(|step| share >= f64::from(*step) / 8.0)
            .count();
        BLOCKS[index]
    };
    shown.iter().map(block).collect()
}

#[cfg(test)]
mod tests {
    use super::chart;

    #[test]
    fn charts_rise_and_fall() {
        assert_eq!(chart(&[]), "");
        assert_eq!(chart(&[5.0, 5.0]), "▁▁");
        assert_eq!(chart(&[0.0, 50.0, 100.0, 0.0]), "▁▅█▁");
        assert_eq!(chart(&vec![1.0; 500]).chars().count(), 40);
    }
}
