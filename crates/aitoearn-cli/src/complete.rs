//! Completion of arguments by what is there: accounts, platforms, posts, models, profiles, zones.
//!
//! A shell calls the program for it, with the line so far. Whatever fails then, completes nothing.

use std::ffi::{OsStr, OsString};
use std::future::Future;
use std::time::Duration;

use aitoearn::{Client, Error};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};

use crate::profiles::Store;
use crate::session::{self, Settings};
use crate::text::clean;

/// Somebody waits with a finger on the key.
const LIMIT: Duration = Duration::from_millis(1500);

/// Accounts by their ids.
pub(crate) fn accounts() -> ArgValueCompleter {
    live(|client| async move {
        let found = client.accounts().list().await?.list;
        let named = found.into_iter();
        Ok(named.map(|it| (it.id.to_string(), it.nickname)).collect())
    })
}

/// Platforms that accounts can be on.
pub(crate) fn platforms() -> ArgValueCompleter {
    live(|client| async move {
        let found = client.platforms().list().await?.into_iter();
        Ok(found
            .map(|it| (it.platform.to_string(), it.display_name.en_us))
            .collect())
    })
}

/// The last posts by their ids.
pub(crate) fn posts() -> ArgValueCompleter {
    live(|client| async move {
        let found = client.publish().records().list().await?.into_iter();
        Ok(found
            .map(|it| (it.id.to_string(), it.title.unwrap_or_default()))
            .collect())
    })
}

/// Models that chat.
pub(crate) fn chat_models() -> ArgValueCompleter {
    live(|client| async move {
        let found = client.relay().models().await?.into_iter();
        Ok(found.map(|it| (it.name, it.description)).collect())
    })
}

/// Models that make images.
pub(crate) fn image_models() -> ArgValueCompleter {
    live(|client| async move {
        let found = client.images().models().await?.into_iter();
        Ok(found.map(|it| (it.name, it.description)).collect())
    })
}

/// Models that make videos.
pub(crate) fn video_models() -> ArgValueCompleter {
    live(|client| async move {
        let found = client.video().models().await?.into_iter();
        Ok(found.map(|it| (it.name, it.description)).collect())
    })
}

/// Profiles that `login` kept.
pub(crate) fn profiles() -> ArgValueCompleter {
    ArgValueCompleter::new(|current: &OsStr| {
        let kept = Store::of_user().and_then(|store| store.profiles());
        let kept = kept.unwrap_or_default().profile.into_iter();
        candidates(current, kept.map(|(name, profile)| (name, profile.server)))
    })
}

/// Time zones that this system knows.
pub(crate) fn zones() -> ArgValueCompleter {
    ArgValueCompleter::new(|current: &OsStr| {
        let known = jiff::tz::db().available();
        candidates(
            current,
            known.map(|name| (name.as_str().to_owned(), String::new())),
        )
    })
}

/// Values with what they stand for.
type Named = Vec<(String, String)>;

/// Asks the service, or the sandbox, that the line so far names.
fn live<F>(ask: fn(Client) -> F) -> ArgValueCompleter
where
    F: Future<Output = Result<Named, Error>> + 'static,
{
    ArgValueCompleter::new(move |current: &OsStr| {
        let found = asked_of_service(ask).unwrap_or_default();
        candidates(current, found.into_iter())
    })
}

fn asked_of_service<F>(ask: fn(Client) -> F) -> Option<Named>
where
    F: Future<Output = Result<Named, Error>>,
{
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .ok()?;
    runtime.block_on(async {
        let session = session::open(&settings(std::env::args_os())).ok()?;
        let found = tokio::time::timeout(LIMIT, ask(session.client.clone())).await;
        found.ok()?.ok()
    })
}

/// Whom the line talks to, as far as it is written.
fn settings(line: impl Iterator<Item = OsString>) -> Settings {
    let mut settings = Settings {
        retries: Some(0),
        ..Settings::default()
    };
    let mut words = line.map(|word| word.to_string_lossy().into_owned());
    while let Some(word) = words.next() {
        let (name, value) = match word.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (word.as_str(), None),
        };
        let place = match name {
            "--sandbox" => {
                settings.sandbox = true;
                continue;
            }
            "--profile" => &mut settings.profile,
            "--site" => &mut settings.site,
            "--base-url" => &mut settings.base_url,
            _ => continue,
        };
        *place = value.or_else(|| words.next());
    }
    settings
}

/// Those that begin like what is there already.
///
/// A candidate is put on a command line as it is, so one that a shell would read anything into is
/// none, whoever named it so.
fn candidates(
    current: &OsStr,
    found: impl Iterator<Item = (String, String)>,
) -> Vec<CompletionCandidate> {
    let begun = current.to_string_lossy();
    let fits = |value: &str| {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-/:+@".contains(c);
        value.starts_with(&*begun)
            && !value.is_empty()
            && !value.starts_with('-')
            && value.chars().all(is_plain)
    };
    let fitting = found.filter(|(value, _)| fits(value));
    fitting
        .map(|(value, about)| {
            let about = (!about.is_empty()).then(|| clean(&about).into_owned().into());
            CompletionCandidate::new(value).help(about)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_shell_would_run_is_a_candidate() {
        let found = [
            ("tiktok_1", "Maps"),
            ("tiktok_2", "two\nlines"),
            ("tiktok_$(id)", ""),
            ("tiktok_`id`", ""),
            ("tiktok_3; id", ""),
            ("--yes", ""),
            ("x_1", ""),
            ("", ""),
        ];
        let found = found.map(|(value, about)| (value.to_owned(), about.to_owned()));
        let fits = |begun: &str| {
            let found = candidates(OsStr::new(begun), found.clone().into_iter());
            let values = found
                .iter()
                .map(|it| it.get_value().to_string_lossy().into_owned());
            values.collect::<Vec<_>>()
        };
        assert_eq!(fits("tik"), ["tiktok_1", "tiktok_2"]);
        assert_eq!(fits(""), ["tiktok_1", "tiktok_2", "x_1"]);
        let two = candidates(OsStr::new("tiktok_2"), found.into_iter());
        let about = two[0].get_help().map(ToString::to_string);
        assert_eq!(about.as_deref(), Some("two lines"));
    }

    #[test]
    fn the_line_says_who_is_asked() {
        let line = "aitoearn -- aitoearn --profile=work --base-url http://localhost:1 works";
        let settings = settings(line.split(' ').map(OsString::from));
        assert_eq!(settings.profile.as_deref(), Some("work"));
        assert_eq!(settings.base_url.as_deref(), Some("http://localhost:1"));
        assert!(!settings.sandbox);
    }
}
