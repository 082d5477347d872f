//! `accounts` and `groups`: what is connected.

use aitoearn::types::{Account, AccountGroup, AccountStatus};
use clap::Args;

use crate::context::App;
use crate::failure::Outcome;
use crate::output::{Cell, Tone};

/// Options of `accounts`.
#[derive(Debug, Args)]
pub struct Options {
    /// Only accounts on this platform; may be repeated
    #[arg(long = "on", value_name = "PLATFORM")]
    on: Vec<String>,
}

/// Lists the accounts.
pub(crate) async fn list(app: &App, options: Options) -> Outcome {
    let session = app.session()?;
    let mut request = session.client.accounts().list();
    if !options.on.is_empty() {
        request = request.types(options.on);
    }
    let accounts = request.await?;
    app.out.list(
        &["account", "platform", "name", "status", "followers"],
        &accounts.list,
        |it: &Account| {
            let online = it.status == AccountStatus::Usable;
            let (word, tone) = if online {
                ("online", Tone::Good)
            } else {
                ("offline", Tone::Bad)
            };
            vec![
                it.id.as_str().into(),
                it.type_.as_str().into(),
                it.nickname.as_str().into(),
                Cell::toned(word, tone),
                Cell::maybe(it.fans_count),
            ]
        },
    )
}

/// Lists the groups of accounts.
pub(crate) async fn groups(app: &App) -> Outcome {
    let session = app.session()?;
    let groups = session.client.account_groups().list().await?;
    app.out.list(
        &["group", "name", "default", "place"],
        &groups,
        |it: &AccountGroup| {
            vec![
                it.id.as_str().into(),
                it.name.as_str().into(),
                if it.is_default == Some(true) {
                    "yes"
                } else {
                    ""
                }
                .into(),
                Cell::maybe(it.location.as_ref()),
            ]
        },
    )
}
