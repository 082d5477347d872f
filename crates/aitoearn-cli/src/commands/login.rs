//! `login`, `logout` and `whoami`: the key and whose it is.

use std::io::{self, IsTerminal as _, Read as _};

use clap::Args;
use serde_json::json;

use crate::context::App;
use crate::failure::{Exit, Failure, Outcome};
use crate::output::{Cell, Tone};
use crate::profiles::{Place, Profile, Store, USUAL};
use crate::session::{KeySource, server_for_login};

/// No key is nearly as long.
const LONGEST: u64 = 4096;

/// Options of `login`.
#[derive(Debug, Args)]
#[command(after_help = "\
The key is read from standard input, or asked for without being shown; it is
never an argument, which others on the machine could see. AITOEARN_API_KEY wins
over it.

Examples:
  aitoearn login --site international
  pass show aitoearn | aitoearn login --site china --profile shop")]
pub struct LoginOptions {
    /// Keep the key without trying it
    #[arg(long)]
    no_check: bool,
}

/// Keeps a key.
pub(crate) async fn login(app: &App, options: LoginOptions) -> Outcome {
    if app.global.sandbox {
        return Err(Failure::usage("a sandbox needs no login"));
    }
    let builder = server_for_login(&app.global.settings())?;
    let store = Store::of_user()?;
    let name = app
        .global
        .profile
        .clone()
        .unwrap_or_else(|| USUAL.to_owned());
    let key = read_key()?;
    let client = builder.api_key(key.as_str()).build()?;
    let server = client.base_url().to_owned();
    if !options.no_check {
        client.accounts().list().await?;
    }
    let place = store.keep(
        &name,
        Profile {
            server: server.clone(),
        },
        &key,
    )?;
    match place {
        Place::Keychain => app.out.note("The key is in the system's keychain."),
        Place::File(file) => app.out.warn(&format!(
            "the key is kept in clear, in `{}`, which only you may read",
            file.display()
        )),
    }
    if app.out.is_json() {
        return app.out.json(&json!({ "profile": name, "server": server }));
    }
    app.out.say(
        Tone::Good,
        &format!("Logged in to {server} as the profile `{name}`."),
    )
}

fn read_key() -> Outcome<String> {
    let text = if io::stdin().is_terminal() {
        rpassword::prompt_password("API key: ")
            .map_err(|error| Failure::io("the key cannot be asked for", &error))?
    } else {
        let mut text = String::new();
        let read = io::stdin().lock().take(LONGEST).read_to_string(&mut text);
        read.map_err(|error| Failure::io("the key cannot be read from standard input", &error))?;
        text
    };
    let key = text.trim().to_owned();
    if key.is_empty() {
        return Err(Failure::usage("no key was given")
            .advise("Type it, or pipe it in; it is made in AiToEarn's settings."));
    }
    Ok(key)
}

/// Forgets a key.
pub(crate) fn logout(app: &App) -> Outcome {
    let store = Store::of_user()?;
    let name = match &app.global.profile {
        Some(name) => name.clone(),
        None => store
            .profiles()?
            .current
            .unwrap_or_else(|| USUAL.to_owned()),
    };
    if !store.forget(&name)? {
        return Err(Failure::usage(format!("there is no profile `{name}`")));
    }
    if std::env::var_os("AITOEARN_API_KEY").is_some() {
        app.out.note("AITOEARN_API_KEY is set and is still used.");
    }
    if app.out.is_json() {
        return app
            .out
            .json(&json!({ "profile": name, "done": "forgotten" }));
    }
    app.out.say(
        Tone::Good,
        &format!(
            "The profile `{name}` and its key are forgotten here; the key itself stays valid."
        ),
    )
}

/// Where a key is from, in words.
pub(crate) fn source(key: &KeySource) -> String {
    match key {
        KeySource::None => "none".to_owned(),
        KeySource::Sandbox => "the sandbox's".to_owned(),
        KeySource::Environment => "AITOEARN_API_KEY".to_owned(),
        KeySource::Profile(name) => format!("the profile `{name}`"),
    }
}

/// Shows who the key belongs to.
pub(crate) async fn whoami(app: &App) -> Outcome {
    let session = app.session()?;
    if session.key == KeySource::None {
        return Err(Failure::new(Exit::Usage, "nobody is logged in")
            .advise("Run `aitoearn login`, or set AITOEARN_API_KEY."));
    }
    let accounts = session.client.accounts().list().await?;
    let user = accounts.list.first().map(|it| it.user_id.clone());
    let server = session.client.base_url();
    let value = json!({
        "server": server,
        "key": source(&session.key),
        "userId": user,
        "accounts": accounts.list.len(),
    });
    let fields = vec![
        ("server", server.into()),
        ("key", source(&session.key).into()),
        ("user", Cell::maybe(user)),
        ("accounts", accounts.list.len().into()),
    ];
    app.out.item(&value, fields)
}
