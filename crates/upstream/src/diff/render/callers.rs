//! Whom a change reaches, one line each.

use super::places;
use crate::diff::{Drift, Effect, Impact, Witness};

/// The audiences, each with what happens to it.
pub(super) fn lines(drift: &Drift) -> Vec<(&'static str, String)> {
    let count = |effect: Effect, wanted: &dyn Fn(Impact) -> bool| {
        let all = drift.findings.iter();
        all.filter(|f| f.effect == effect && wanted(f.impact))
            .count()
    };
    let breaks = |effect| count(effect, &|impact| impact == Impact::Breaks);
    let stops = |effect| count(effect, &|impact: Impact| impact.fails());
    let is_unknown = drift.verdict.is_unknown();
    let unknown = || "unknown: a side cannot be generated".to_owned();

    let undecided = stops(Effect::Wire) - breaks(Effect::Wire);
    let contract = match (breaks(Effect::Wire), undecided) {
        (0, 0) => "nothing breaks".to_owned(),
        (0, n) => format!("cannot be decided in {}", places(n)),
        (n, 0) => format!("breaks in {}", places(n)),
        (n, m) => format!("breaks in {}, and cannot be decided in {m}", places(n)),
    };
    let added = count(Effect::RawApi, &|impact| impact == Impact::Info);
    let api = match (breaks(Effect::RawApi), added) {
        _ if is_unknown => unknown(),
        (0, 0) => "unchanged".to_owned(),
        (0, n) => format!("grows in {}", places(n)),
        (n, _) => format!("breaks in {}", places(n)),
    };
    let ours = stops(Effect::SdkApi);
    let ours = match (drift.verdict.witness, ours) {
        (Witness::Impossible, _) => unknown(),
        (Witness::NotNeeded, 0) => "not touched".to_owned(),
        (Witness::Compiles, 0) => "still compile".to_owned(),
        (Witness::Skipped, 0) => "not compiled: `cargo check --workspace` tells".to_owned(),
        (Witness::Skipped, n) => format!("not compiled, and need a hand in {}", places(n)),
        (_, n) => format!("break in {}", places(n)),
    };
    let shipped = match breaks(Effect::Runtime) {
        0 if is_unknown => unknown(),
        n if is_unknown => format!("BREAK in {} at least, the rest is {}", places(n), unknown()),
        0 => "nothing breaks: what they read still reads, and what they send is still taken"
            .to_owned(),
        n => format!("BREAK in {}", places(n)),
    };
    let mut lines = vec![
        ("contract", contract),
        ("generated API", api),
        ("our crates", ours),
        ("shipped binaries", shipped),
    ];
    let meaning = stops(Effect::Meaning);
    if meaning > 0 {
        lines.push(("what calls mean", format!("changes in {}", places(meaning))));
    }
    let next = drift.verdict.next();
    let next = next.strip_prefix("next versions: ").unwrap_or(&next);
    lines.push(("next versions", next.to_owned()));
    lines
}
