//! `platforms` and `platform`: what each platform can do and wants.

use aitoearn::types::PlatformInfo;
use clap::Args;
use serde_json::{Map, Value};

use crate::complete;
use crate::context::App;
use crate::failure::{Failure, Outcome};
use crate::output::{Cell, Table, Tone};

/// Options of `platform`.
#[derive(Debug, Args)]
pub struct Options {
    /// The platform, as `platforms` lists it
    #[arg(add = complete::platforms())]
    platform: String,
}

/// Lists the platforms.
pub(crate) async fn list(app: &App) -> Outcome {
    let session = app.session()?;
    let platforms = session.client.platforms().list().await?;
    app.out.list(
        &[
            "platform", "name", "status", "posts", "title", "text", "images",
        ],
        &platforms,
        |it: &PlatformInfo| {
            let limits = &it.content_limits;
            let modes: Vec<&str> = limits.modes.iter().map(AsRef::as_ref).collect();
            let tone = if it.status.as_str() == "available" {
                Tone::Good
            } else {
                Tone::Bad
            };
            vec![
                it.platform.as_str().into(),
                it.display_name.en_us.as_str().into(),
                Cell::toned(&it.status, tone),
                modes.join(", ").into(),
                Cell::maybe(limits.max_title_length),
                Cell::maybe(limits.max_body_length),
                Cell::maybe(limits.max_images),
            ]
        },
    )
}

/// Shows the rules and options of a platform.
pub(crate) async fn show(app: &App, options: Options) -> Outcome {
    let session = app.session()?;
    let platforms = session.client.platforms().list().await?;
    let wanted = options.platform;
    let found = platforms
        .iter()
        .find(|it| it.platform.as_str().eq_ignore_ascii_case(&wanted));
    let Some(found) = found else {
        let known: Vec<&str> = platforms.iter().map(|it| it.platform.as_str()).collect();
        let failure = Failure::usage(format!("there is no platform `{wanted}` on this site"));
        return Err(failure.advise(format!("There are {}.", known.join(", "))));
    };
    if app.out.is_json() {
        return app.out.json(found);
    }
    app.out.item(found, rules(found))?;
    let options = option_rows(&found.option_schema);
    if options.is_empty() {
        return Ok(());
    }
    app.out.raw("\n")?;
    let mut table = Table::new(&["option", "type", "needed", "what"]);
    for row in options {
        table.push(row);
    }
    app.out.table(&table)
}

fn rules(it: &PlatformInfo) -> Vec<(&'static str, Cell)> {
    let (limits, media) = (&it.content_limits, &it.media_rules);
    let modes: Vec<&str> = limits.modes.iter().map(AsRef::as_ref).collect();
    let yes = |it: Option<bool>| if it == Some(true) { "needed" } else { "" };
    let characters = |it: Option<i64>| Cell::maybe(it.map(|it| format!("up to {it} characters")));
    let bytes = |it: Option<i64>| {
        it.map(|it| format!(", up to {}", size(it)))
            .unwrap_or_default()
    };
    vec![
        ("platform", it.platform.as_str().into()),
        ("name", it.display_name.en_us.as_str().into()),
        ("status", it.status.as_str().into()),
        ("connected by", it.auth_type.as_str().into()),
        ("posts", modes.join(", ").into()),
        ("title", characters(limits.max_title_length)),
        ("text", characters(limits.max_body_length)),
        ("title and text", characters(limits.max_total_text_length)),
        (
            "topics",
            Cell::maybe(it.topic.max_count.map(|count| format!("up to {count}"))),
        ),
        ("cover", yes(limits.cover_required).into()),
        (
            "images",
            Cell::maybe(limits.max_images.filter(|most| *most > 0).map(|most| {
                format!(
                    "up to {most}, {}{}",
                    media.image_formats.join(" "),
                    bytes(media.max_image_size)
                )
            })),
        ),
        (
            "video",
            Cell::maybe(limits.max_videos.filter(|most| *most > 0).map(|_| {
                format!(
                    "{}{}",
                    media.video_formats.join(" "),
                    bytes(media.max_video_size)
                )
            })),
        ),
        (
            "video length",
            Cell::maybe(media.max_video_duration.map(|it| format!("up to {it} s"))),
        ),
    ]
}

fn size(bytes: i64) -> String {
    match bytes {
        ..1_048_576 => format!("{} KiB", bytes / 1024),
        1_048_576..1_073_741_824 => format!("{} MiB", bytes / 1_048_576),
        _ => format!("{} GiB", bytes / 1_073_741_824),
    }
}

/// The options that a schema describes; what is not understood is left out, and `--json` has it.
fn option_rows(schema: &Map<String, Value>) -> Vec<Vec<Cell>> {
    let needed: Vec<&str> = schema
        .get("required")
        .and_then(Value::as_array)
        .map(|names| names.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    let Some(Value::Object(options)) = schema.get("properties") else {
        return Vec::new();
    };
    let row = |(name, about): (&String, &Value)| {
        let kind = match about["enum"].as_array() {
            Some(values) => values
                .iter()
                .map(|it| it.as_str().map_or_else(|| it.to_string(), str::to_owned))
                .collect::<Vec<_>>()
                .join(" | "),
            None => about["type"].as_str().unwrap_or_default().to_owned(),
        };
        let what = ["description", "title"]
            .iter()
            .find_map(|key| about[*key].as_str());
        vec![
            name.as_str().into(),
            kind.into(),
            if needed.contains(&name.as_str()) {
                "yes"
            } else {
                ""
            }
            .into(),
            Cell::maybe(what),
        ]
    };
    options.iter().map(row).collect()
}
