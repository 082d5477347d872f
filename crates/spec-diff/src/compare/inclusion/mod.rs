//! What the rules explain, inclusion decides: whether the values that count before and after are the same.
//!
//! For what is sent, every old value must be accepted by the new schema; for what is received, every new value must
//! have been allowed by the old one. Each pair of schemas that the rules compare is a [`Question`]; properties and
//! items that both sides have are questions of their own, so the cost stays with what differs.

mod keywords;
mod lower;
mod wire;

use std::collections::{HashMap, HashSet};

use super::source::Source;
use super::{Change, Comparison, Scope, Sites};
use crate::brief::brief;
use crate::inclusion::{Answer, Question as Sets, answers, completed};
use crate::level::Direction;
use crate::place;
use crate::rules::{About, NOT_UNDERSTOOD, Rule, VALUES_NARROWED, VALUES_WIDENED};
use crate::tree::Node;

/// A pair of schemas whose sets of values are at stake.
pub(super) struct Question<'d> {
    unit: usize,
    /// The pair around it, in the same unit.
    around: Option<usize>,
    old: Vec<Node<'d>>,
    new: Vec<Node<'d>>,
    /// Sites in which it counts: none if both are written the same and differ only in what they refer to.
    only: Sites,
}

/// Direction and way of writing: what a question is answered for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Mode {
    sent: bool,
    as_text: bool,
}

const MODES: [Mode; 4] = [
    Mode {
        sent: true,
        as_text: false,
    },
    Mode {
        sent: true,
        as_text: true,
    },
    Mode {
        sent: false,
        as_text: false,
    },
    Mode {
        sent: false,
        as_text: true,
    },
];

impl Mode {
    fn sites(self) -> Sites {
        let direction = if self.sent {
            Sites::ALL_SENT
        } else {
            Sites::ALL_RECEIVED
        };
        if self.as_text {
            direction.and_only(Sites::TEXT)
        } else {
            direction.without(Sites::TEXT)
        }
    }
}

/// Whether a schema is `{"type": "null"}` in any spelling.
fn is_null(schema: Node<'_>) -> bool {
    super::schema::is_null_schema(schema)
}

impl<'d> Scope<'_, 'd> {
    /// Notes a pair of schemas that is compared now.
    pub(super) fn ask(&mut self, old: &[Node<'d>], new: &[Node<'d>]) -> Option<usize> {
        if !cfg!(feature = "inclusion") {
            return None;
        }
        let equal = |(o, n): (&Node<'d>, &Node<'d>)| self.comparison.equal(*o, *n);
        let versions = (self.old_document().version(), self.new_document().version());
        let same =
            versions.0 == versions.1 && old.len() == new.len() && old.iter().zip(new).all(equal);
        let only = if same {
            Sites::NONE
        } else {
            self.only.without(self.muted)
        };
        self.comparison.units[self.unit].asked |= only != Sites::NONE;
        let questions = &mut self.comparison.questions;
        questions.push(Question {
            unit: self.unit,
            around: self.question,
            old: old.to_vec(),
            new: new.to_vec(),
            only,
        });
        Some(questions.len() - 1)
    }

    /// Sites in which every value that counts stays what it was, though alternatives differ: one of them may have
    /// room for what another lost.
    pub(super) fn covered(&self, old: &[Node<'d>], new: &[Node<'d>]) -> Sites {
        if !cfg!(feature = "inclusion") {
            return Sites::NONE;
        }
        let (was, is) = (self.old_document(), self.new_document());
        let asked = [true, false].map(|sent| sets(was, old, is, new, sent, false));
        let sets: Vec<Sets> = asked
            .into_iter()
            .flatten()
            .map(|lowered| lowered.sets)
            .collect();
        if sets.len() < 2 {
            return Sites::NONE;
        }
        let sites = [Sites::ALL_SENT, Sites::ALL_RECEIVED];
        let covered = answers(&sets).into_iter().zip(sites);
        covered.fold(Sites::NONE, |all, (answer, site)| match answer {
            Answer::Same | Answer::Included => all.and(site),
            _ => all,
        })
    }
}

/// A question in terms of the library.
struct Lowered {
    sets: Sets,
    /// Whether properties and items are part of it, as they cannot be told from the rest.
    whole: bool,
}

fn sets<'d>(
    was: &'d Source<'d>,
    old: &[Node<'d>],
    is: &'d Source<'d>,
    new: &[Node<'d>],
    sent: bool,
    cut: bool,
) -> Option<Lowered> {
    let before = lower::Side {
        source: was,
        nodes: old.to_vec(),
    };
    let after = lower::Side {
        source: is,
        nodes: new.to_vec(),
    };
    let (from, to) = if sent {
        (before, after)
    } else {
        (after, before)
    };
    let whole = !cut || !lower::is_plain(&from, &to);
    Some(Lowered {
        sets: Sets {
            subset: lower::lower(&from, &to, sent, true, !whole)?,
            superset: lower::lower(&to, &from, sent, false, !whole)?,
            as_text: false,
            exact: false,
        },
        whole,
    })
}

/// Changes by unit, and the places of those that they replace.
type Unexplained<'d> = (Vec<(usize, Change<'d>)>, HashSet<(usize, usize)>);

/// The answers to all questions that anybody asks.
#[derive(Default)]
pub(super) struct Answers {
    by_mode: HashMap<(usize, Mode), (Answer, bool)>,
    /// Questions whose break is said by what they hold.
    carried: HashSet<(usize, Mode)>,
}

impl Answers {
    /// The answer that decides a change at one site.
    pub(super) fn of(&self, change: &Change<'_>, site: Sites) -> Option<&Answer> {
        let question = change.question?;
        let mode = MODES.into_iter().find(|mode| mode.sites().has(site))?;
        Some(&self.by_mode.get(&(question, mode))?.0)
    }
}

impl<'d> Comparison<'d> {
    /// Answers all questions of units that something reaches.
    pub(super) fn answers(&self, reached: impl Fn(usize) -> Sites) -> Answers {
        let mut asked: Vec<(usize, Mode, bool)> = Vec::new();
        let mut sets_asked: Vec<Sets> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        let mut of: Vec<Option<usize>> = Vec::new();
        let mut settled = Answers::default();
        let abouts = self.abouts();
        let exact = |index| {
            let about = abouts.get(&index);
            about.is_none_or(|all| all.contains(&About::Values))
        };
        for (index, question) in self.questions.iter().enumerate() {
            let sites = reached(question.unit).and_only(question.only);
            for sent in [true, false] {
                let modes = MODES.into_iter().filter(|mode| mode.sent == sent);
                let modes: Vec<Mode> = modes.filter(|mode| sites.has(mode.sites())).collect();
                if modes.is_empty() {
                    continue;
                }
                let (old, new) = (&question.old, &question.new);
                let lowered = sets(self.old, old, self.new, new, sent, true);
                for mode in modes {
                    let Some(Lowered { sets, whole }) = &lowered else {
                        let answer = (Answer::Unknown, true);
                        settled.by_mode.insert((index, mode), answer);
                        continue;
                    };
                    if sets.subset == sets.superset {
                        settled
                            .by_mode
                            .insert((index, mode), (Answer::Same, *whole));
                        continue;
                    }
                    let sets = Sets {
                        as_text: mode.as_text,
                        ..sets.clone()
                    };
                    let key = format!("{}\n{}\n{}", sets.subset, sets.superset, mode.as_text);
                    let place = *places.entry(key).or_insert_with(|| {
                        sets_asked.push(sets);
                        sets_asked.len() - 1
                    });
                    sets_asked[place].exact |= exact(index);
                    asked.push((index, mode, *whole));
                    of.push(Some(place));
                }
            }
        }
        let found = answers(&sets_asked);
        for ((index, mode, whole), place) in asked.into_iter().zip(of) {
            let answer = place.and_then(|place| found.get(place)).cloned();
            let answer = answer.unwrap_or(Answer::Unknown);
            settled.by_mode.insert((index, mode), (answer, whole));
        }
        self.complete(&mut settled);
        self.make_sendable(&mut settled);
        self.carry(&mut settled);
        settled
    }

    /// Makes proofs whole: what is compared on its own may have been anything in them. Where nothing fits into that,
    /// there is no break.
    fn complete(&self, answers: &mut Answers) {
        let (mut places, mut asked) = (Vec::new(), Vec::new());
        for (&(index, mode), (answer, whole)) in &answers.by_mode {
            let Answer::Broken(value) = answer else {
                continue;
            };
            let holds_others = value.is_object() || value.is_array();
            if *whole || mode.as_text || !holds_others {
                continue;
            }
            let Question { old, new, .. } = &self.questions[index];
            if let Some(all) = sets(self.old, old, self.new, new, mode.sent, false) {
                places.push((index, mode));
                asked.push((all.sets, value.clone()));
            }
        }
        for (place, complete) in places.into_iter().zip(completed(&asked)) {
            if complete != Answer::Unknown
                && let Some((answer, _)) = answers.by_mode.get_mut(&place)
            {
                *answer = complete;
            }
        }
    }

    /// What the changes of each question are about, as far as that has to do with sets of values.
    fn abouts(&self) -> HashMap<usize, Vec<About>> {
        let mut all: HashMap<usize, Vec<About>> = HashMap::new();
        for change in self.units.iter().flat_map(|unit| &unit.changes) {
            let about = change.row.is_about();
            if let Some(question) = change.question.filter(|_| about != About::Else) {
                all.entry(question).or_default().push(about);
            }
        }
        all
    }

    /// Where the value stands that proves a change.
    pub(super) fn asked_at(&self, change: &Change<'d>, direction: Direction) -> String {
        let Some(question) = change.question.and_then(|index| self.questions.get(index)) else {
            return place::of(change.new);
        };
        let sent = direction == Direction::Request;
        let unit = &self.units[question.unit];
        let node = if sent {
            question.old[0]
        } else {
            question.new[0]
        };
        match (unit.referrer, unit.pair) {
            (Some((holder, _)), Some((_, root, _))) if sent => place::through(holder, root, node),
            (Some((_, holder)), Some((_, _, root))) => place::through(holder, root, node),
            _ => place::of(node),
        }
    }

    /// Marks breaks that what is inside has as well: these are said there.
    fn carry(&self, answers: &mut Answers) {
        let mut roots: HashMap<usize, usize> = HashMap::new();
        for (index, question) in self.questions.iter().enumerate() {
            roots.entry(question.unit).or_insert(index);
        }
        // From each question to those that hold it.
        let mut holders: HashMap<usize, Vec<usize>> = HashMap::new();
        for (index, question) in self.questions.iter().enumerate() {
            holders.entry(index).or_default().extend(question.around);
        }
        for edge in self.units.iter().flat_map(|unit| &unit.edges) {
            if let (Some(from), Some(&to)) = (edge.question, roots.get(&edge.to)) {
                holders.entry(to).or_default().push(from);
            }
        }
        let mut waiting: Vec<(usize, Mode)> = answers
            .by_mode
            .iter()
            .filter(|(_, (answer, _))| matches!(answer, Answer::Broken(_) | Answer::Unknown))
            .map(|(&key, _)| key)
            .collect();
        while let Some((index, mode)) = waiting.pop() {
            for &holder in holders.get(&index).into_iter().flatten() {
                // Text inside a body of text and text as such are written the same.
                for mode in MODES.into_iter().filter(|other| other.sent == mode.sent) {
                    if answers.carried.insert((holder, mode)) {
                        waiting.push((holder, mode));
                    }
                }
            }
        }
    }

    /// Changes that no rule explains, though a set of values is another one; and the indices of those that these
    /// replace, by unit.
    pub(super) fn unexplained(&self, answers: &Answers) -> Unexplained<'d> {
        let mut own: HashMap<usize, Vec<(usize, usize)>> = HashMap::new();
        for (unit, changes) in self.units.iter().map(|unit| &unit.changes).enumerate() {
            for (place, change) in changes.iter().enumerate() {
                if let Some(question) = change.question {
                    own.entry(question).or_default().push((unit, place));
                }
            }
        }
        let held: HashSet<usize> = self.questions.iter().filter_map(|q| q.around).collect();
        let mut more = Vec::new();
        let mut replaced = HashSet::new();
        for (index, question) in self.questions.iter().enumerate() {
            let changes = own.get(&index).map_or(&[][..], Vec::as_slice);
            let mut said: Vec<*const crate::rules::Row> = Vec::new();
            for mode in MODES {
                let Some((answer, whole)) = answers.by_mode.get(&(index, mode)) else {
                    continue;
                };
                let carried = *whole && answers.carried.contains(&(index, mode));
                let about_sets = |change: &Change<'_>| {
                    change.row.is_about() != About::Else && change.only.has(mode.sites())
                };
                let mine = changes
                    .iter()
                    .filter(|(unit, place)| about_sets(&self.units[*unit].changes[*place]));
                let mine: Vec<(usize, usize)> = mine.copied().collect();
                let explained = mine
                    .iter()
                    .any(|(unit, place)| explains(&self.units[*unit].changes[*place], mode));
                let row = match answer {
                    _ if explained || carried => continue,
                    Answer::Broken(_) if mode.sent => &VALUES_NARROWED,
                    Answer::Broken(_) => &VALUES_WIDENED,
                    Answer::Unknown => &NOT_UNDERSTOOD,
                    Answer::Included if *whole && mine.is_empty() && !held.contains(&index) => {
                        if mode.sent {
                            &VALUES_WIDENED
                        } else {
                            &VALUES_NARROWED
                        }
                    }
                    Answer::Included | Answer::Same => continue,
                };
                if said.contains(&std::ptr::from_ref(row)) {
                    // The other way of writing has said it: both count.
                    let same = |(_, change): &&mut (usize, Change<'d>)| {
                        change.question == Some(index) && std::ptr::eq(change.row, row)
                    };
                    if let Some((_, change)) = more.iter_mut().rev().find(same) {
                        change.only = change.only.and(mode.sites());
                    }
                    continue;
                }
                said.push(std::ptr::from_ref(row));
                let change = if let [(unit, place)] = mine.as_slice()
                    && self.units[*unit].changes[*place].row.is_about() == About::Parts
                {
                    replaced.insert((*unit, *place));
                    let only = &self.units[*unit].changes[*place];
                    Change {
                        before: only.before.clone(),
                        after: only.after.clone(),
                        ..self.change_of(row, index, mode, only.old, only.new)
                    }
                } else {
                    let (old, new) = (question.old[0], question.new[0]);
                    Change {
                        before: Some(brief(old)),
                        after: Some(brief(new)),
                        ..self.change_of(row, index, mode, old, new)
                    }
                };
                more.push((question.unit, change));
            }
        }
        (more, replaced)
    }

    fn change_of(
        &self,
        row: &'static crate::rules::Row,
        question: usize,
        mode: Mode,
        old: Node<'d>,
        new: Node<'d>,
    ) -> Change<'d> {
        Change {
            row,
            old,
            new,
            before: None,
            after: None,
            only: mode.sites().and_only(self.questions[question].only),
            muted: Sites::NONE,
            question: Some(question),
        }
    }
}

/// Whether the change says in this direction that something is lost.
fn explains(change: &Change<'_>, mode: Mode) -> bool {
    let rules: [Option<&Rule>; 2] = if mode.sent {
        [change.row.sent_rule(), change.row.in_parameter()]
    } else {
        [change.row.received_rule(), None]
    };
    let least = match change.row.is_about() {
        About::Values | About::Names => crate::level::Level::Warning,
        About::Parts | About::Else => crate::level::Level::Undecidable,
    };
    !change.muted.has(mode.sites()) && rules.into_iter().flatten().any(|rule| rule.level >= least)
}
