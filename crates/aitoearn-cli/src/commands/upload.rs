//! `upload` and `assets`: files for posts, and material for Volcengine's videos.

use aitoearn::flow::UploadSource;
use aitoearn::types::{AssetType, VolcengineAsset};
use clap::Args;
use std::path::PathBuf;

use crate::app::App;
use crate::failure::{Exit, Failure, Outcome};
use crate::output::{Cell, Tone};

use super::progress::byte_bar;

/// Options of `upload`.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  aitoearn upload clip.mp4 cover.jpg")]
pub struct Options {
    /// Files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// What they are for
    #[arg(long, value_name = "KIND", default_value = "publishMedia")]
    kind: String,
}

/// Uploads files, one after the other.
pub(crate) async fn run(app: &App, options: Options) -> Outcome<Exit> {
    let session = app.session()?;
    let count = options.files.len();
    let mut done = Vec::new();
    let mut exit = Exit::Fine;
    for (index, file) in options.files.iter().enumerate() {
        app.on_interrupt(format!(
            "{index} of {count} files are uploaded; `{}` was on its way and begins anew when it is uploaded again.",
            file.display()
        ));
        let bar = byte_bar();
        bar.set_message(crate::text::clean(&file.display().to_string()).into_owned());
        let shown = bar.clone();
        let upload = session.client.assets().upload(UploadSource::path(file));
        let upload = upload
            .kind(AssetType::from(options.kind.as_str()))
            .on_progress(move |it| {
                shown.set_length(it.total);
                shown.set_position(it.sent);
            });
        let asset = upload.await;
        bar.finish_and_clear();
        match asset {
            Ok(asset) if app.out.is_json() => app.out.json(&asset)?,
            Ok(asset) => done.push(asset),
            Err(error) => {
                let failure = Failure::from(error);
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
