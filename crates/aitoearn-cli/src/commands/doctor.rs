//! `doctor`: whether everything is in place, step by step.

use std::time::{Duration, Instant, SystemTime};

use serde_json::json;

use crate::context::App;
use crate::failure::{Exit, Failure, Outcome};
use crate::output::{Cell, Table, Tone};
use crate::profiles::Store;
use crate::session::{KeySource, Session};

/// From this difference on, signed uploads and scheduled posts go wrong.
const WORST_CLOCK: Duration = Duration::from_secs(60);

/// One thing that was checked.
struct Finding {
    what: &'static str,
    tone: Tone,
    text: String,
}

impl Finding {
    fn new(what: &'static str, tone: Tone, text: impl Into<String>) -> Self {
        Self {
            what,
            tone,
            text: text.into(),
        }
    }
}

/// Looks at everything, also if something is wrong.
pub(crate) async fn run(app: &App) -> Outcome<Exit> {
    let mut findings = vec![
        Finding::new("version", Tone::Plain, env!("CARGO_PKG_VERSION")),
        Finding::new(
            "profiles",
            Tone::Plain,
            match Store::of_user() {
                Ok(store) => store.folder().display().to_string(),
                Err(failure) => failure.message,
            },
        ),
        proxies(),
    ];
    match app.session() {
        Ok(session) => service(&session, &mut findings).await,
        Err(failure) => findings.push(bad("settings", &failure)),
    }
    let exit = if findings.iter().any(|it| it.tone == Tone::Bad) {
        Exit::Failed
    } else {
        Exit::Fine
    };
    if app.out.is_json() {
        for Finding { what, tone, text } in &findings {
            app.out
                .json(&json!({ "check": what, "fine": *tone != Tone::Bad, "found": text }))?;
        }
        return Ok(exit);
    }
    let mut table = Table::new(&[]);
    for Finding { what, tone, text } in findings {
        let mark = match tone {
            Tone::Good => "fine",
            Tone::Bad => "wrong",
            Tone::Asks => "look",
            _ => "",
        };
        table.push(vec![what.into(), Cell::toned(mark, tone), text.into()]);
    }
    app.out.table(&table)?;
    Ok(exit)
}

fn bad(what: &'static str, failure: &Failure) -> Finding {
    let text = match &failure.advice {
        Some(advice) => format!("{}. {advice}", failure.message),
        None => failure.message.clone(),
    };
    Finding::new(what, Tone::Bad, text)
}

/// Their names alone: the values may hold passwords.
fn proxies() -> Finding {
    const NAMES: [&str; 4] = ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"];
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|it| !it.is_empty());
    let set: Vec<&str> = NAMES
        .into_iter()
        .filter(|name| is_set(name) || is_set(&name.to_ascii_lowercase()))
        .collect();
    match set.len() {
        0 => Finding::new("proxy", Tone::Plain, "none in the environment"),
        _ => Finding::new(
            "proxy",
            Tone::Asks,
            format!("{} in the environment", set.join(", ")),
        ),
    }
}

async fn service(session: &Session, findings: &mut Vec<Finding>) {
    let client = &session.client;
    let begun = Instant::now();
    // By the low level, whose answer still has its head.
    let answer = client.api().platforms_list().await;
    let took = begun.elapsed();
    match &answer {
        Ok(answer) => {
            let text = format!(
                "{} answers within {} ms",
                client.base_url(),
                took.as_millis()
            );
            findings.push(Finding::new("site", Tone::Good, text));
            let date = answer.headers().get("date").and_then(|it| it.to_str().ok());
            findings.push(clock(date, took));
        }
        // The high level says better what is wrong.
        Err(_) => match client.platforms().list().await {
            Ok(_) => findings.push(Finding::new("site", Tone::Good, client.base_url())),
            Err(error) => {
                findings.push(bad("site", &error.into()));
                return;
            }
        },
    }
    if session.key == KeySource::None {
        findings.push(Finding::new(
            "key",
            Tone::Asks,
            "there is none: `aitoearn login`, or AITOEARN_API_KEY",
        ));
        return;
    }
    let source = super::login::source(&session.key);
    findings.push(match client.accounts().list().await {
        Ok(accounts) => {
            let text = format!("valid, from {source}; {} accounts", accounts.list.len());
            Finding::new("key", Tone::Good, text)
        }
        Err(error) => bad("key", &error.into()),
    });
}

fn clock(date: Option<&str>, took: Duration) -> Finding {
    let Some(there) = date.and_then(|date| httpdate::parse_http_date(date).ok()) else {
        return Finding::new("clock", Tone::Plain, "the service does not send its time");
    };
    let here = SystemTime::now() - took / 2;
    let difference = here
        .duration_since(there)
        .unwrap_or_else(|error| error.duration());
    let seconds = difference.as_secs();
    if difference < WORST_CLOCK {
        return Finding::new(
            "clock",
            Tone::Good,
            format!("{seconds} s from the service's"),
        );
    }
    let word = if here > there { "ahead" } else { "behind" };
    Finding::new(
        "clock",
        Tone::Bad,
        format!("{seconds} s {word} of the service's: set this machine's clock"),
    )
}
