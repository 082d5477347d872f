//! For a person who wants to know what breaks, on two screens.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::text::Color;
use super::{change, operations, there, witness};
use crate::escape::{line, visible};
use crate::finding::Finding;
use crate::level::Level;
use crate::report::Report;

/// Changes that are told in full.
const TOLD: usize = 8;
/// Places named for changes that are the same.
const PLACES: usize = 3;
/// Rules counted.
const RULES: usize = 25;

/// The verdict, what breaks with its proof, and how often each other rule was met.
///
/// What is the same at several places is told once.
pub fn short(report: &Report, color: Color) -> String {
    let paint = |code: &str, text: &str| color.paint(code, text);
    let mut out = String::new();
    let verdict = report.verdict().to_string();
    let names = format!("{} → {}", line(&report.old), visible(&report.new));
    let _ = writeln!(out, "{names}\n{}", paint("1", &verdict));
    let bad = report
        .findings
        .iter()
        .filter(|f| f.level >= Level::Undecidable);
    let groups = rolled_up(bad);
    for group in groups.iter().take(TOLD) {
        let first = group[0];
        let code = if first.level.is_breaking() {
            "31"
        } else {
            "33"
        };
        let _ = writeln!(
            out,
            "\n{}  {}",
            paint(&format!("1;{code}"), &first.level.to_string()),
            first.id()
        );
        for finding in group.iter().take(PLACES) {
            let (name, location) = there(report, finding);
            let at = location.position.line;
            let _ = writeln!(out, "  {}  ({}:{at})", line(&finding.place), visible(name));
        }
        if group.len() > PLACES {
            let _ = writeln!(out, "  and at {} more places", group.len() - PLACES);
        }
        if let Some(change) = change(first) {
            let _ = writeln!(out, "    {}", line(&change));
        }
        let _ = writeln!(out, "    {}", first.reason());
        if let Some(witness) = witness(first) {
            let _ = writeln!(out, "    proof: {}", line(&witness));
        }
        if let Some(operations) = operations(first, 2) {
            let _ = writeln!(out, "    affects {}", line(&operations));
        }
    }
    if groups.len() > TOLD {
        let _ = writeln!(
            out,
            "\n{} more like these; --all shows them",
            groups.len() - TOLD
        );
    }
    let mut counts: BTreeMap<(std::cmp::Reverse<Level>, &str), usize> = BTreeMap::new();
    for finding in &report.findings {
        *counts
            .entry((std::cmp::Reverse(finding.level), finding.id()))
            .or_default() += 1;
    }
    if !counts.is_empty() {
        let _ = writeln!(
            out,
            "\n{}",
            paint("1", "By rule (`spec-diff explain RULE` says why)")
        );
    }
    for ((level, id), count) in counts.iter().take(RULES) {
        let _ = writeln!(out, "  {count:>6}  {:<17} {id}", level.0.as_str());
    }
    if counts.len() > RULES {
        let _ = writeln!(
            out,
            "  and {} more rules; --all shows everything",
            counts.len() - RULES
        );
    }
    if !report.acknowledged.is_empty() {
        let _ = writeln!(out, "\n{} acknowledged", report.acknowledged.len());
    }
    out
}

/// Findings that say the same of several places, in the order of the first of each.
pub(super) fn rolled_up<'f>(findings: impl Iterator<Item = &'f Finding>) -> Vec<Vec<&'f Finding>> {
    let mut groups: Vec<Vec<&Finding>> = Vec::new();
    let mut known = std::collections::HashMap::new();
    for finding in findings {
        let proof = finding
            .witness
            .as_ref()
            .map(|witness| witness.value.to_string());
        let key = (finding.id(), &finding.before, &finding.after, proof);
        let place = *known.entry(key).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        groups[place].push(finding);
    }
    groups
}
