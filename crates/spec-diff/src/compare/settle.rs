//! From changes and their reach to findings.

use std::cmp::Reverse;
use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use serde_json::Value as Json;

use super::inclusion::Answers;
use super::reach::{Set, union};
use super::{Change, Comparison, SITES, Sites};
use crate::finding::{Finding, Location, Operation, Witness, fingerprint};
use crate::inclusion::Answer;
use crate::level::{Direction, Level};
use crate::place;
use crate::rules::{About, INCOMPLETE, Rule};
use crate::tree::Node;

/// What one direction makes of a change.
#[derive(Clone, Copy)]
struct Judgement<'a> {
    rule: &'static Rule,
    level: Level,
    direction: Direction,
    witness: Option<&'a Json>,
}

impl Comparison<'_> {
    /// All findings, worst first.
    pub(super) fn settle(self) -> Vec<Finding> {
        let reached = self.reached();
        let sites = |unit: usize| {
            let sets = Sites::EACH.into_iter().zip(reached.sets(unit));
            let used = sets.filter(|(_, set)| set.is_some());
            used.fold(Sites::NONE, |all, (site, _)| all.and(site))
        };
        let answers = self.answers(sites);
        let (unexplained, replaced) = self.unexplained(&answers);
        let mut named = Named::default();
        let mut findings: Vec<Finding> = Vec::new();
        for (unit, changes) in self.units.iter().map(|unit| &unit.changes).enumerate() {
            for (place, change) in changes.iter().enumerate() {
                if !replaced.contains(&(unit, place)) {
                    findings.extend(self.finding(
                        Some(unit),
                        change,
                        reached.sets(unit),
                        &answers,
                        &mut named,
                    ));
                }
            }
        }
        for (unit, change) in &unexplained {
            findings.extend(self.finding(
                Some(*unit),
                change,
                reached.sets(*unit),
                &answers,
                &mut named,
            ));
        }
        if self.incomplete || reached.cut || named.cut {
            let change = Change {
                row: &INCOMPLETE,
                old: self.old.tree().root(),
                new: self.new.tree().root(),
                before: None,
                after: None,
                only: Sites::ANY,
                muted: Sites::NONE,
                question: None,
            };
            let nobody = [const { None }; SITES];
            findings.extend(self.finding(None, &change, &nobody, &answers, &mut named));
        }
        let mut findings = folded(findings);
        findings.sort_by_cached_key(|f| {
            let text = |side: &Option<String>| side.clone().unwrap_or_default();
            (
                Reverse(f.level),
                f.place.clone(),
                f.rule.id.as_str(),
                text(&f.before),
                text(&f.after),
                f.old.pointer.clone(),
            )
        });
        findings
    }

    fn finding(
        &self,
        unit: Option<usize>,
        change: &Change<'_>,
        sets: &[Option<Set>; SITES],
        answers: &Answers,
        named: &mut Named,
    ) -> Option<Finding> {
        let mut judgements: Vec<Judgement<'_>> = Vec::new();
        let mut reaching: Vec<Set> = Vec::new();
        if let Some(rule) = change.row.plain_rule() {
            judgements.push(self.judgement(rule, rule.direction, Standing::AsTheRuleSays));
            reaching.extend(sets.iter().flatten().cloned());
        }
        for (site, set) in Sites::EACH.into_iter().zip(sets) {
            let Some(set) = set.as_ref().filter(|_| change.only.has(site)) else {
                continue;
            };
            let (rule, direction) = if Sites::ALL_RECEIVED.has(site) {
                (change.row.received_rule(), Direction::Response)
            } else if site == Sites::PARAMETER {
                (change.row.in_parameter(), Direction::Request)
            } else {
                (change.row.sent_rule(), Direction::Request)
            };
            if let Some(rule) = rule {
                let (standing, witness) = standing(change, site, answers.of(change, site));
                if standing != Standing::Nothing {
                    let judgement = self.judgement(rule, direction, standing);
                    judgements.push(Judgement {
                        witness,
                        ..judgement
                    });
                    reaching.push(Arc::clone(set));
                }
            }
        }
        let worst = *judgements.iter().rev().max_by_key(|j| j.level)?;
        let other = judgements
            .iter()
            .find(|j| j.direction != worst.direction)
            .copied();
        let there = if change.after.is_none() {
            change.old
        } else {
            change.new
        };
        let unit = unit.and_then(|unit| self.units.get(unit));
        let pair = unit.and_then(|unit| Some((unit.referrer?, unit.pair?)));
        let place = match pair {
            Some(((holder, _), (_, root, _))) if change.after.is_none() => {
                place::through(holder, root, there)
            }
            Some(((_, holder), (_, _, root))) => place::through(holder, root, there),
            None => place::of(there),
        };
        let id = &worst.rule.id;
        let texts = [change.before.as_deref(), change.after.as_deref()];
        reaching.dedup_by(|a, b| Arc::ptr_eq(a, b));
        let operations = named.list(
            &self.operations,
            union(&[], &reaching, self.operations.len()),
        );
        Some(Finding {
            rule: worst.rule,
            also: other.map(|o| o.rule),
            level: other.map_or(worst.level, |o| worst.level.and(o.level)),
            direction: if other.is_some() {
                Direction::Both
            } else {
                worst.direction
            },
            fingerprint: fingerprint(&[id, &place, texts[0].unwrap_or(""), texts[1].unwrap_or("")]),
            place,
            operations,
            old: location(change.old),
            new: location(change.new),
            before: change.before.clone(),
            after: change.after.clone(),
            witness: worst.witness.map(|value| Witness {
                direction: worst.direction,
                place: self.asked_at(change, worst.direction),
                value: value.clone(),
            }),
        })
    }

    fn judgement(
        &self,
        rule: &'static Rule,
        direction: Direction,
        standing: Standing,
    ) -> Judgement<'static> {
        let level = match (self.options.levels.get(&rule.id), standing) {
            (Some(&level), _) => level,
            (None, Standing::Harmless) => Level::Info,
            (None, Standing::Unproved) => Level::Undecidable,
            (None, _) => rule.level,
        };
        Judgement {
            rule,
            level,
            direction,
            witness: None,
        }
    }
}

/// What becomes of a rule's level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    AsTheRuleSays,
    /// Nothing is lost.
    Harmless,
    /// The rule says that something is lost, and nobody can tell what.
    Unproved,
    /// Nothing changed: it was a matter of spelling.
    Nothing,
}

/// What inclusion makes of a change at one site, with the value that proves a break.
fn standing<'a>(
    change: &Change<'_>,
    site: Sites,
    answer: Option<&'a Answer>,
) -> (Standing, Option<&'a Json>) {
    let about = change.row.is_about();
    if change.muted.has(site) {
        return (Standing::Harmless, None);
    }
    let witness = answer.and_then(|answer| match answer {
        Answer::Broken(value) => Some(value),
        _ => None,
    });
    let rule = if Sites::ALL_RECEIVED.has(site) {
        change.row.received_rule()
    } else {
        change.row.sent_rule()
    };
    let loses = rule.is_some_and(|rule| rule.level >= Level::Undecidable);
    let standing = match (about, answer) {
        (About::Values, Some(Answer::Same)) => Standing::Nothing,
        (About::Values, Some(Answer::Included)) => Standing::Harmless,
        (About::Parts, Some(Answer::Same | Answer::Included)) if loses => Standing::Harmless,
        (About::Values | About::Parts, Some(Answer::Unknown)) if loses => Standing::Unproved,
        _ => Standing::AsTheRuleSays,
    };
    let proves = loses && matches!(about, About::Values | About::Parts | About::Names)
        || change.row.is_generic();
    (standing, witness.filter(|_| proves))
}

/// One finding for what several operations lost or gained by name: a component that they refer to.
fn folded(findings: Vec<Finding>) -> Vec<Finding> {
    let mut places: HashMap<(String, Level), usize> = HashMap::new();
    let mut operations: Vec<BTreeSet<Operation>> = Vec::new();
    let mut out: Vec<Finding> = Vec::new();
    for finding in findings {
        match places.entry((finding.fingerprint.clone(), finding.level)) {
            Entry::Vacant(place) => {
                place.insert(out.len());
                operations.push(BTreeSet::new());
                out.push(finding);
            }
            Entry::Occupied(place) => {
                let (all, first) = (&mut operations[*place.get()], &out[*place.get()]);
                all.extend(
                    first
                        .operations
                        .iter()
                        .chain(finding.operations.iter())
                        .cloned(),
                );
            }
        }
    }
    for (finding, all) in out.iter_mut().zip(operations) {
        if !all.is_empty() {
            finding.operations = all.into_iter().collect();
        }
    }
    out
}

/// Lists of operations, each made once however many findings have it.
#[derive(Default)]
struct Named {
    lists: HashMap<Set, Arc<[Operation]>>,
    total: usize,
    /// Whether lists were cut short.
    cut: bool,
}

/// Operations in different lists of one report, beyond which lists are cut short.
const MAX_NAMED: usize = 1_000_000;
/// What is left of a list then.
const CUT: usize = 64;

impl Named {
    fn list(&mut self, operations: &[Operation], set: Set) -> Arc<[Operation]> {
        if let Some(list) = self.lists.get(&set) {
            return Arc::clone(list);
        }
        let full = self.total + set.len() > MAX_NAMED && set.len() > CUT;
        self.cut |= full;
        let length = if full { CUT } else { set.len() };
        let mut all: Vec<Operation> = set[..length]
            .iter()
            .map(|&index| operations[index as usize].clone())
            .collect();
        all.sort();
        all.dedup();
        self.total += all.len();
        let list: Arc<[Operation]> = all.into();
        if !full {
            self.lists.insert(set, Arc::clone(&list));
        }
        list
    }
}

fn location(node: Node<'_>) -> Location {
    Location {
        file: node.file().map(str::to_owned),
        pointer: node.shown_pointer(),
        position: node.position(),
    }
}
