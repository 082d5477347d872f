//! What a person has to do, in order.

use super::cause::Cause;
use super::finding::{Effect, Finding, Impact};

/// One entry per cause that stops something; empty if a person has to do nothing.
pub(crate) fn list(causes: &[Cause<'_>]) -> Vec<String> {
    let mut steps: Vec<(u8, String)> = causes
        .iter()
        .filter(|cause| cause.first().acknowledged.is_none())
        .filter_map(|cause| Some((turn(cause.first())?, step(cause))))
        .collect();
    // Stable: worst first within a turn.
    steps.sort_by_key(|(turn, _)| *turn);
    steps.into_iter().map(|(_, step)| step).collect()
}

/// When its turn is: first what keeps the rest from being judged; `None` for what asks for nothing.
fn turn(finding: &Finding) -> Option<u8> {
    let stops = finding.impact.fails();
    match finding.effect {
        Effect::Policy => Some(0),
        Effect::RawApi if finding.impact == Impact::NeedsAction => Some(1),
        Effect::Wire if stops => Some(2),
        Effect::Meaning if stops => Some(3),
        Effect::Runtime if stops => Some(4),
        Effect::SdkApi if stops => Some(5),
        Effect::RawApi if stops => Some(6),
        Effect::SdkApi if finding.impact == Impact::Warning => Some(7),
        Effect::Meaning if finding.impact == Impact::Warning && !finding.todo.is_empty() => Some(8),
        _ => None,
    }
}

fn step(cause: &Cause<'_>) -> String {
    let first = cause.first();
    let what = match cause.count() {
        1 => format!("{}: {}", first.place, first.what),
        n if cause.what() == first.what => format!("{n} places: {}", first.what),
        _ => cause.what(),
    };
    let todo = match (cause.todo(), first.effect) {
        ("", Effect::Wire) => {
            "check a real answer; if the service has changed, release and tell users"
        }
        ("", Effect::RawApi) => "note it in the changelog; the next version says that it breaks",
        ("", _) => return what,
        (todo, _) => todo,
    };
    format!("{what}\n{todo}")
}
