//! `connect`: an account of one's own, authorized in a browser or by a phone.

use std::path::PathBuf;

use aitoearn::flow::Connecting;
use aitoearn::types::{LocalizedText, Platform};
use clap::Args;

use crate::complete;
use crate::context::App;
use crate::failure::{Failure, Outcome};
use crate::follow::Waiting;
use crate::output::{Cell, Tone};
use crate::text::moment;

use super::{picture, qr};

/// Options of `connect`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aitoearn connect tiktok
  aitoearn connect youtube --no-browser --qr     on a machine without a screen")]
pub struct Options {
    /// The platform, as `platforms` lists it
    #[arg(add = complete::platforms())]
    platform: String,
    /// Put the account into this group
    #[arg(long, value_name = "GROUP")]
    group: Option<String>,
    /// Open nothing; the address is printed in any case
    #[arg(long)]
    no_browser: bool,
    /// Show the address as a QR code, for a phone
    #[arg(long)]
    qr: bool,
    #[command(flatten)]
    waiting: Waiting,
}

/// Connects an account.
pub(crate) async fn run(app: &App, options: Options) -> Outcome {
    let session = app.session()?;
    let platform = Platform::from(options.platform.as_str());
    let mut connect = session.client.auth().connect(platform);
    if let Some(group) = options.group {
        connect = connect.group_id(group);
    }
    let connecting = connect.await?;
    if let Some(LocalizedText { en_us, .. }) = &connecting.started().auth_instructions {
        app.out.note(en_us);
    }
    let picture = show(app, &connecting, options.no_browser, options.qr)?;
    app.out.note(&format!(
        "Waiting until {} for the answer; Ctrl-C stops waiting.",
        moment(connecting.started().expires_at.as_str())
    ));
    app.on_interrupt("If the page was approved, the account is connected: `aitoearn accounts` lists it. If not, connect again.");
    let bar = super::progress::spinner("waiting for the authorization".to_owned());
    bar.enable_steady_tick(std::time::Duration::from_millis(200));
    let ended = options.waiting.pace(connecting.wait(), &session).await;
    bar.finish_and_clear();
    if let Some(picture) = picture {
        // It is of no use any more; a temporary folder is emptied some day in any case.
        let _ = std::fs::remove_file(picture);
    }
    let connected = ended.map_err(|error| {
        let advice = error.failure().map(aitoearn::flow::NotConnected::advice);
        Failure::from(error).advise(advice.unwrap_or_default())
    })?;
    // The session names what it knows; the accounts themselves know more.
    let mut accounts = Vec::new();
    for id in &connected.account_ids {
        accounts.push(session.client.accounts().get(id.as_str()).await?);
    }
    app.out
        .list(&["connected", "platform", "name"], &accounts, |it| {
            vec![
                Cell::toned(&it.id, Tone::Good),
                it.type_.as_str().into(),
                it.nickname.as_str().into(),
            ]
        })
}

/// Shows where to go; the file of a picture, if there is one.
fn show(
    app: &App,
    connecting: &Connecting,
    no_browser: bool,
    wants_code: bool,
) -> Outcome<Option<PathBuf>> {
    let url = connecting.url();
    if connecting.is_image() {
        let picture = picture::decode(url)?;
        if let Some(code) = qr::in_png(&picture.bytes) {
            qr::show(&code);
            app.out.note("Scan the code.");
            return Ok(None);
        }
        let file = picture.save()?;
        app.out
            .note(&format!("Scan the code in `{}`.", file.display()));
        if !no_browser && open::that_detached(&file).is_err() {
            app.out
                .note("It cannot be opened from here: open it yourself.");
        }
        return Ok(Some(file));
    }
    app.out.note(&format!("Open {url}"));
    if wants_code {
        match qr::of(url) {
            Some(code) => qr::show(&code),
            None => app.out.note("The address is too long for a QR code."),
        }
    }
    // Whatever else the service may name is nothing to hand to the desktop.
    if !no_browser && is_page(url) && open::that_detached(url).is_err() {
        app.out
            .note("There is no browser to open it in: open it yourself.");
    }
    Ok(None)
}

fn is_page(url: &str) -> bool {
    (url.starts_with("https://") || url.starts_with("http://127.0.0.1"))
        && !url.contains(char::is_whitespace)
}
