//! The options of `publish`.

use std::path::PathBuf;

use clap::Args;
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::complete;
use crate::follow::Waiting;
use crate::zone::zone;

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
list (JSON). Run again, it resumes where it stopped and posts nothing twice: a
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
