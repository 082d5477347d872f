//! Measures agreement with another tool's findings: `cargo run --example conformance -- DIR`.
//!
//! `DIR/index.json` lists pairs of documents: `[{"pair", "base", "revision", "level", "changes": [{"id", "level",
//! "operation", "path"}]}]`. A pair agrees on its level if both tools say that it breaks, or both that it does
//! not; what this crate cannot decide counts as breaking, as it does for a gate. A change agrees on its place if there is a finding at its operation, or, for a change without one, a finding of the same family.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use serde::Deserialize;
use spec_diff::{Document, Finding, Level, Options, Report, compare};

#[derive(Deserialize)]
struct Pair {
    #[serde(rename = "pair")]
    name: String,
    base: String,
    revision: String,
    level: String,
    changes: Vec<Change>,
}

#[derive(Deserialize)]
struct Change {
    id: String,
    level: String,
    operation: Option<String>,
    path: Option<String>,
}

#[derive(Default)]
struct Family {
    changes: usize,
    placed: usize,
    pairs: usize,
    agreed: usize,
}

fn main() -> ExitCode {
    let Some(directory) = std::env::args().nth(1) else {
        eprintln!("usage: conformance DIR");
        return ExitCode::from(2);
    };
    match run(Path::new(&directory)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(2)
        }
    }
}

fn run(directory: &Path) -> Result<(), String> {
    let index = read(&directory.join("index.json"))?;
    let pairs: Vec<Pair> =
        serde_json::from_slice(&index).map_err(|e| format!("index.json: {e}"))?;
    let mut families: BTreeMap<String, Family> = BTreeMap::new();
    let (mut levels, mut decided, mut places, mut policies) = (0, 0, 0, 0);
    for pair in &pairs {
        let findings = match diff(directory, pair) {
            Ok(report) => report.findings().to_vec(),
            Err(message) => {
                println!("unread   {}: {message}", pair.name);
                Vec::new()
            }
        };
        let ours = findings.iter().any(|f| f.level >= Level::Undecidable);
        let theirs = pair.level == "error";
        levels += usize::from(ours == theirs);
        let breaks = findings.iter().any(|f| f.level.is_breaking());
        decided += usize::from(breaks == theirs);
        if ours != theirs {
            println!(
                "level    {}: breaking here {ours}, there {theirs}",
                pair.name
            );
            for change in pair
                .changes
                .iter()
                .filter(|c| !theirs || c.level == "error")
            {
                println!("           there {} ({})", change.id, change.level);
            }
            for finding in findings
                .iter()
                .filter(|f| !ours || f.level >= Level::Undecidable)
            {
                println!(
                    "           here  {} ({}) {}",
                    finding.id(),
                    finding.level,
                    finding.place
                );
            }
        }
        let mut seen = Vec::new();
        for change in &pair.changes {
            let family = families.entry(family(&change.id)).or_default();
            family.changes += 1;
            if !seen.contains(&change.id) {
                seen.push(change.id.clone());
                family.pairs += 1;
                family.agreed += usize::from(ours == theirs);
            }
            let found = findings.iter().any(|finding| is_at(finding, change));
            family.placed += usize::from(found);
            places += usize::from(found);
            let policy = ["sunset", "stability"]
                .iter()
                .any(|word| change.id.contains(word));
            policies += usize::from(!found && policy);
            if !found {
                let place = format!(
                    "{} {}",
                    change.operation.as_deref().unwrap_or("-"),
                    change.path.as_deref().unwrap_or("-")
                );
                println!(
                    "place    {}: nothing at {place} for {}",
                    pair.name, change.id
                );
            }
        }
    }
    println!(
        "\n{:<28} {:>8} {:>8} {:>8} {:>8}",
        "family", "changes", "placed", "pairs", "agreed"
    );
    for (name, family) in &families {
        println!(
            "{name:<28} {:>8} {:>8} {:>8} {:>8}",
            family.changes, family.placed, family.pairs, family.agreed
        );
    }
    let changes: usize = families.values().map(|f| f.changes).sum();
    let counted = changes - policies;
    println!(
        "\nwith undecidable as not breaking: {decided}/{} ({:.1} %)",
        pairs.len(),
        percent(decided, pairs.len()),
    );
    println!(
        "total: breaking or not {levels}/{} ({:.1} %), places {places}/{counted} ({:.1} %; {policies} sunset or stability policies aside)",
        pairs.len(),
        percent(levels, pairs.len()),
        percent(places, counted),
    );
    Ok(())
}

fn diff(directory: &Path, pair: &Pair) -> Result<Report, String> {
    let parse = |file: &str| {
        Document::parse(&read(&directory.join(file))?, file).map_err(|e| e.to_string())
    };
    let (old, new) = (parse(&pair.base)?, parse(&pair.revision)?);
    let options = Options {
        today: Some("2025-01-01".to_owned()),
        ..Options::default()
    };
    Ok(compare(&old, &new, &options))
}

fn is_at(finding: &Finding, change: &Change) -> bool {
    let (Some(method), Some(path)) = (&change.operation, &change.path) else {
        return family(finding.id()) == family(&change.id);
    };
    let webhook = path.strip_prefix("webhook:");
    finding.operations.iter().any(|o| {
        let here = erased(&o.path) == erased(webhook.unwrap_or(path));
        o.method == *method && o.webhook == webhook.is_some() && here
    })
}

/// The path without the names of its parameters.
fn erased(path: &str) -> String {
    let parts = path
        .split('{')
        .map(|part| part.split_once('}').map_or(part, |(_, rest)| rest));
    parts.collect::<Vec<_>>().join("{}")
}

/// What a check is about, from its id.
fn family(id: &str) -> String {
    const FAMILIES: [(&str, &[&str]); 14] = [
        ("security", &["security"]),
        ("sunset and stability", &["sunset", "stability"]),
        ("deprecation", &["deprecat", "reactivated"]),
        ("media types", &["media-type", "mediatype-removed"]),
        ("headers", &["header"]),
        ("statuses", &["status"]),
        ("nullable", &["nullable"]),
        ("types and formats", &["type-", "list-of-types"]),
        ("enum and const", &["enum", "const"]),
        (
            "limits and patterns",
            &["max", "min", "pattern-", "contains"],
        ),
        (
            "combinations",
            &[
                "all-of",
                "any-of",
                "one-of",
                "discriminator",
                "if-",
                "then-",
                "else-",
            ],
        ),
        ("defaults", &["default"]),
        ("read and write", &["read-only", "write-only"]),
        (
            "operations and names",
            &["endpoint", "api-", "component", "webhook", "tag"],
        ),
    ];
    let found = FAMILIES
        .iter()
        .find(|(_, words)| words.iter().any(|word| id.contains(word)));
    found
        .map_or("parameters and properties", |(name, _)| name)
        .to_owned()
}

fn percent(part: usize, whole: usize) -> f64 {
    let number = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    100.0 * number(part) / number(whole.max(1))
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|e| format!("{}: {e}", path.display()))
}
