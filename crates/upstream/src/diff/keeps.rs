//! What upstream stopped describing and what stays true all the same, by cause.

use std::collections::{BTreeMap, BTreeSet};

use client_gen::kept::{Cause, Fact, Kept};
use serde::Serialize;

use super::side::{KEPT, Side};

/// Facts of one kind that are kept since the older side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Keeps {
    /// What upstream's description no longer does.
    pub what: String,
    /// How many such facts there are.
    pub count: usize,
    /// Whose they are: operations and schemas with most of them first.
    pub owners: Vec<String>,
}

/// What the newer side keeps and the older one does not.
pub(crate) fn between(base: &Side, revision: &Side) -> Vec<Keeps> {
    let facts = |side: &Side| {
        let kept = Kept::parse(&side.beside.kept, KEPT);
        kept.map(|kept| kept.facts).unwrap_or_default()
    };
    let before = facts(base);
    let known: BTreeSet<(Cause, &str)> = before.iter().map(key).collect();
    let mut causes: BTreeMap<Cause, BTreeMap<String, usize>> = BTreeMap::new();
    let after = facts(revision);
    for fact in after.iter().filter(|fact| !known.contains(&key(fact))) {
        let owners = causes.entry(fact.cause).or_default();
        *owners.entry(fact.owner.name().to_owned()).or_default() += fact.size();
    }
    causes
        .into_iter()
        .map(|(cause, owners)| {
            let mut owners: Vec<(String, usize)> = owners.into_iter().collect();
            // Stable, so that equal counts stay in the order of their names.
            owners.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
            Keeps {
                what: cause.title().to_owned(),
                count: owners.iter().map(|(_, count)| count).sum(),
                owners: owners
                    .into_iter()
                    .map(|(name, count)| format!("{name} {count}"))
                    .collect(),
            }
        })
        .collect()
}

fn key(fact: &Fact) -> (Cause, &str) {
    (fact.cause, &fact.pointer)
}
