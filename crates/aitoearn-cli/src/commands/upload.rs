//! `upload` and `assets`: files for posts, and material for Volcengine's videos.

use aitoearn::flow::UploadSource;
use aitoearn::types::{Asset, AssetType, VolcengineAsset};
use clap::Args;
use std::path::{Path, PathBuf};

use crate::context::App;
use crate::failure::{Exit, Outcome};
use crate::output::{Cell, Tone};
use crate::session::Session;

use super::progress::byte_bar;
use super::record::{Key, Record};

/// Options of `upload`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aitoearn upload clip.mp4 cover.jpg
  aitoearn upload *.mp4 --record uploads.jsonl

With --record, each file that is uploaded is written to a file. Run again after
an interruption, files that are in it, unchanged, are not uploaded again.")]
pub struct Options {
    /// Files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// What they are for
    #[arg(long, value_name = "KIND", default_value = "publishMedia")]
    kind: String,
    /// Skip what this file has, and add what is uploaded
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
}

/// Uploads files, one after the other.
pub(crate) async fn run(app: &App, options: Options) -> Outcome<Exit> {
    let session = app.session()?;
    let count = options.files.len();
    let mut done = Vec::new();
    let mut exit = Exit::Fine;
    let mut record = options.record.as_deref().map(Record::open).transpose()?;
    let again = match &options.record {
        Some(_) => "Run the same command again: it resumes with that file.",
        None => "That file begins anew when it is uploaded again; with --record, only that one.",
    };
    for (index, file) in options.files.iter().enumerate() {
        app.on_interrupt(format!(
            "{index} of {count} files are uploaded; `{}` was on its way. {again}",
            file.display()
        ));
        match one(app, &session, file, &options.kind, record.as_mut()).await {
            Ok(asset) if app.out.is_json() => app.out.json(&asset)?,
            Ok(asset) => done.push(asset),
            Err(failure) => {
                exit = exit.max(failure.exit);
                // The other files have nothing to do with it.
                app.out.failure(&failure);
            }
        }
    }
    if !app.out.is_json() && !done.is_empty() {
        app.out
            .list(&["asset", "file", "bytes", "address"], &done, |it| {
                vec![
                    Cell::toned(&it.id, Tone::Good),
                    Cell::maybe(it.filename.as_ref()),
                    Cell::maybe(it.size),
                    Cell::maybe(it.url.as_ref()),
                ]
            })?;
    }
    Ok(exit)
}

/// Uploads a file, unless the record has it.
async fn one(
    app: &App,
    session: &Session,
    file: &Path,
    kind: &str,
    record: Option<&mut Record>,
) -> Outcome<Asset> {
    let key = || Key::of(file, kind, session.client.base_url());
    let Some(record) = record else {
        return sent(session, file, kind).await;
    };
    let before = key()?;
    if let Some(asset) = record.find(&before) {
        app.out
            .note(&format!("`{}` is uploaded already.", file.display()));
        return Ok(asset.clone());
    }
    let asset = sent(session, file, kind).await?;
    // Bytes that changed meanwhile are not those that were sent.
    if key()? == before {
        record.add(before, &asset)?;
    }
    Ok(asset)
}

async fn sent(session: &Session, file: &Path, kind: &str) -> Outcome<Asset> {
    let bar = byte_bar();
    bar.set_message(crate::text::clean(&file.display().to_string()).into_owned());
    let shown = bar.clone();
    let upload = session.client.assets().upload(UploadSource::path(file));
    let upload = upload.kind(AssetType::from(kind)).on_progress(move |it| {
        shown.set_length(it.total);
        shown.set_position(it.sent);
    });
    let asset = upload.await;
    bar.finish_and_clear();
    Ok(asset?)
}

/// Lists the material for Volcengine's videos, which is all that the service lists.
pub(crate) async fn list(app: &App) -> Outcome {
    let session = app.session()?;
    let mut assets = session.client.video().volcengine().assets().list().stream();
    let mut found = Vec::new();
    while let Some(asset) = assets.next().await {
        found.push(asset?);
    }
    app.out.list(
        &["asset", "kind", "status", "name", "address"],
        &found,
        |it: &VolcengineAsset| {
            vec![
                it.asset_id.as_str().into(),
                it.asset_type.as_str().into(),
                it.status.as_str().into(),
                Cell::maybe(it.name.as_ref()),
                Cell::maybe(it.url.as_ref()),
            ]
        },
    )
}
