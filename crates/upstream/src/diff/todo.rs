//! What a person has to do, in order.

use super::cause::Cause;
use super::finding::{Effect, Finding, Impact};

/// Lines of what to do for one cause, where its places ask for different things.
const LINES: usize = 16;

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
    let todo = match (first.todo.as_str(), first.effect) {
        ("", Effect::Wire) => {
            "check a real answer; if the service has changed, release and tell users"
        }
        ("", Effect::RawApi) => "note it in the changelog; the next version says that it breaks",
        ("", _) => return what,
        (todo, _) => todo,
    };
    let mut lines = vec![todo];
    for other in cause.findings() {
        if !other.todo.is_empty() && !lines.contains(&other.todo.as_str()) {
            lines.push(&other.todo);
        }
    }
    let rest = lines.len().saturating_sub(LINES);
    lines.truncate(LINES);
    let more = if rest > 0 {
        format!("\n{rest} more such lines (--all)")
    } else {
        String::new()
    };
    format!("{what}\n{}{more}", lines.join("\n"))
}
