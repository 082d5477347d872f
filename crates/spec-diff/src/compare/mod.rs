//! The comparison: walks both documents side by side and collects what differs.
//!
//! Things that many places can refer to (schemas, parameters, responses, ...) are *units*: a unit is a pair
//! of them, compared once, in the order in which pairs are met. What a unit refers to becomes an edge to
//! another unit; which operations a unit affects is worked out afterwards, along these edges ([`reach`]).
//! So cost grows with the documents, and neither cycles nor long chains of references need recursion.

mod body;
mod components;
mod inclusion;
mod operation;
mod pairing;
mod parameter;
mod paths;
mod reach;
mod response;
mod schema;
mod security;
mod servers;
mod settle;
mod source;

use std::collections::{HashMap, HashSet};

use crate::brief::brief;
use crate::content;
use crate::document::Document;
use crate::escape::{SHOWN, shortened};
use crate::finding::{Finding, Operation};
use crate::options::Options;
use crate::rules::Row;
use crate::tree::{Node, NodeId};

use components::Moved;
use inclusion::Question;
use operation::{Roles, Sides};
use source::Source;

/// How many sites there are.
const SITES: usize = 7;

/// Where a unit is used, as a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) struct Sites(u8);

impl Sites {
    pub(crate) const NONE: Self = Self(0);
    pub(crate) const PARAMETER: Self = Self(1);
    pub(crate) const SENT: Self = Self(2);
    pub(crate) const RECEIVED: Self = Self(4);
    /// Forms, which write every value as text, and parameters that have no use for a default.
    pub(crate) const SENT_AS_TEXT: Self = Self(8);
    /// The same, and headers.
    pub(crate) const RECEIVED_AS_TEXT: Self = Self(16);
    /// XML, in which names are on the wire that a schema can choose.
    pub(crate) const SENT_AS_XML: Self = Self(32);
    pub(crate) const RECEIVED_AS_XML: Self = Self(64);
    pub(crate) const ANY: Self = Self(127);
    pub(crate) const EACH: [Self; SITES] = [
        Self::PARAMETER,
        Self::SENT,
        Self::RECEIVED,
        Self::SENT_AS_TEXT,
        Self::RECEIVED_AS_TEXT,
        Self::SENT_AS_XML,
        Self::RECEIVED_AS_XML,
    ];
    /// Everything that a client sends.
    pub(crate) const ALL_SENT: Self = Self(1 | 2 | 8 | 32);
    /// Everything that a client receives.
    pub(crate) const ALL_RECEIVED: Self = Self(4 | 16 | 64);
    /// Where values are written as text.
    pub(crate) const TEXT: Self = Self(1 | 8 | 16 | 32 | 64);
    pub(crate) const XML: Self = Self(32 | 64);

    /// The site of a value that is written in another way inside something at this site.
    fn written(self, way: Way) -> Self {
        let sent = Self::ALL_SENT.has(self);
        match (way, sent) {
            (Way::AsBefore, _) => self,
            (Way::Text, true) => Self::SENT_AS_TEXT,
            (Way::Text, false) => Self::RECEIVED_AS_TEXT,
            (Way::Xml, true) => Self::SENT_AS_XML,
            (Way::Xml, false) => Self::RECEIVED_AS_XML,
        }
    }

    pub(crate) fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(crate) fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) fn and_only(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(crate) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Schema,
    Parameter,
    RequestBody,
    Response,
    Header,
}

/// A difference, before it is known whom it affects.
#[derive(Debug)]
struct Change<'d> {
    row: &'static Row,
    old: Node<'d>,
    new: Node<'d>,
    before: Option<String>,
    after: Option<String>,
    /// Sites in which the change counts at all.
    only: Sites,
    /// Sites in which it counts as harmless: a read-only property in a request.
    muted: Sites,
    /// The pair of schemas it is a change of, if it is one.
    question: Option<usize>,
}

#[derive(Debug)]
struct Edge {
    to: usize,
    /// The pair of schemas that it leads away from.
    question: Option<usize>,
    muted: Sites,
    way: Way,
}

/// How values are written from here on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    AsBefore,
    Text,
    Xml,
}

/// A pair of things, and what the comparison of the two has brought to light.
#[derive(Debug, Default)]
struct Unit<'d> {
    /// `None` for an operation or for the document: these are walked, not queued.
    pair: Option<(Kind, Node<'d>, Node<'d>)>,
    /// Schemas that hold at one place together, where there are several.
    joint: Option<(Vec<Node<'d>>, Vec<Node<'d>>)>,
    changes: Vec<Change<'d>>,
    edges: Vec<Edge>,
    /// Who refers to the pair, if its sides are not one thing in two versions: its changes are changes there.
    referrer: Option<(Node<'d>, Node<'d>)>,
    /// Whether there is a question about values that somebody has to answer.
    asked: bool,
}

impl Unit<'_> {
    /// Whether it matters who reaches it.
    fn matters(&self) -> bool {
        self.asked || !self.changes.is_empty()
    }
}

pub(crate) struct Comparison<'d> {
    old: &'d Source<'d>,
    new: &'d Source<'d>,
    options: &'d Options,
    marked: Vec<bool>,
    units: Vec<Unit<'d>>,
    known: HashMap<(Kind, NodeId, NodeId), usize>,
    joint: HashMap<(Vec<NodeId>, Vec<NodeId>), usize>,
    /// Components that have become schemas of other files, or were such.
    moved: Moved,
    /// Pairs of schemas that the rules have compared, for inclusion to decide.
    questions: Vec<Question<'d>>,
    operations: Vec<Operation>,
    /// Operations that are in both documents, for what the whole document decides.
    pairs: Vec<(usize, Sides<'d>, Roles)>,
    /// Old names of security schemes that only have another name now.
    renamed_schemes: HashMap<&'d str, &'d str>,
    /// Operations that wait for their comparison: callbacks may carry themselves.
    waiting: Vec<(usize, Sides<'d>, Roles)>,
    /// Pairs of operations that were compared, on behalf of which operation and in which role.
    met: HashSet<(usize, NodeId, NodeId, bool)>,
    /// Which operation uses which unit, and how.
    uses: Vec<(usize, usize, Sites)>,
    /// Pairs beyond this are not compared: hostile documents can ask for their product.
    limit: usize,
    incomplete: bool,
}

/// Compares the documents and returns what differs, worst first.
pub(crate) fn run(old: &Document, new: &Document, options: &Options) -> Vec<Finding> {
    let old = &Source::new(old, options.docs);
    let new = &Source::new(new, options.docs);
    let marked = if old.version() == new.version() {
        let implicit = new.implicit_refs();
        let fewer: Vec<Node<'_>> = old
            .implicit_refs()
            .into_iter()
            .filter(|(_, sub)| new.tree().at_pointer(&sub.pointer()).is_none())
            .filter_map(|(base, _)| new.tree().at_pointer(&base.pointer()))
            .collect();
        let refs: Vec<_> = new.refs().into_iter().chain(implicit).collect();
        content::lead_to_changes(
            old.tree(),
            old.hashes(),
            new.tree(),
            new.hashes(),
            &refs,
            &fewer,
        )
    } else {
        vec![true; new.tree().len() as usize]
    };
    let mut comparison = Comparison {
        old,
        new,
        options,
        marked,
        units: Vec::new(),
        known: HashMap::new(),
        joint: HashMap::new(),
        moved: Moved::default(),
        questions: Vec::new(),
        operations: Vec::new(),
        pairs: Vec::new(),
        renamed_schemes: HashMap::new(),
        waiting: Vec::new(),
        met: HashSet::new(),
        uses: Vec::new(),
        limit: 1000 + 2 * (old.tree().len() as usize + new.tree().len() as usize),
        incomplete: false,
    };
    comparison.paths();
    comparison.webhooks();
    comparison.work_off();
    comparison.document();
    comparison.settle()
}

impl<'d> Comparison<'d> {
    /// Compares every unit that was met, and those met on the way.
    fn work_off(&mut self) {
        let mut next = 0;
        while next < self.units.len() {
            let joint = self.units[next].joint.take();
            if let Some((kind, old, new)) = self.units[next].pair {
                let mut scope = Scope {
                    comparison: self,
                    unit: next,
                    muted: Sites::NONE,
                    only: Sites::ANY,
                    question: None,
                    is_alternative: false,
                };
                if let Some((old, new)) = &joint {
                    schema::compare_all(&mut scope, old, new);
                    next += 1;
                    continue;
                }
                match kind {
                    Kind::Schema => schema::compare(&mut scope, old, new),
                    Kind::Parameter => parameter::compare(&mut scope, old, new),
                    Kind::RequestBody => body::compare(&mut scope, old, new),
                    Kind::Response => response::compare(&mut scope, old, new),
                    Kind::Header => response::compare_header(&mut scope, old, new),
                }
            }
            next += 1;
        }
    }

    /// Whether both say the same, with everything that they refer to.
    fn same(&self, old: Node<'d>, new: Node<'d>) -> bool {
        self.equal(old, new) && !self.marked[new.id() as usize]
    }

    /// Whether both are written the same.
    fn equal(&self, old: Node<'d>, new: Node<'d>) -> bool {
        self.old.hash(old) == self.new.hash(new)
    }

    /// The unit for a pair, made on first sight; `None` if nothing differs there.
    fn unit(&mut self, kind: Kind, old: Node<'d>, new: Node<'d>) -> Option<usize> {
        if kind == Kind::Schema {
            self.moved.note(old, new);
        }
        if self.same(old, new) {
            return None;
        }
        let key = (kind, old.id(), new.id());
        if let Some(&unit) = self.known.get(&key) {
            return Some(unit);
        }
        if self.units.len() >= self.limit {
            self.incomplete = true;
            return None;
        }
        self.units.push(Unit {
            pair: Some((kind, old, new)),
            ..Unit::default()
        });
        self.known.insert(key, self.units.len() - 1);
        Some(self.units.len() - 1)
    }

    /// The same for schemas that hold at one place together.
    fn joint_unit(&mut self, old: Vec<Node<'d>>, new: Vec<Node<'d>>) -> Option<usize> {
        let ids = |nodes: &[Node<'d>]| nodes.iter().map(|node| node.id()).collect::<Vec<_>>();
        let key = (ids(&old), ids(&new));
        if let Some(&unit) = self.joint.get(&key) {
            return Some(unit);
        }
        if self.units.len() >= self.limit {
            self.incomplete = true;
            return None;
        }
        self.units.push(Unit {
            pair: Some((Kind::Schema, old[0], new[0])),
            joint: Some((old, new)),
            ..Unit::default()
        });
        self.joint.insert(key, self.units.len() - 1);
        Some(self.units.len() - 1)
    }

    /// A unit for something that is walked rather than compared as a pair, on behalf of some operations.
    fn walked_for(&mut self, operations: &[usize]) -> usize {
        let unit = self.units.len();
        self.units.push(Unit::default());
        self.uses
            .extend(operations.iter().map(|&index| (index, unit, Sites::SENT)));
        unit
    }

    /// The same for one operation, at one site.
    fn walked_at(&mut self, index: usize, site: Sites) -> usize {
        let unit = self.walked_for(&[]);
        self.uses.push((index, unit, site));
        unit
    }

    /// Notes that an operation uses a pair.
    fn uses(&mut self, index: usize, site: Sites, kind: Kind, old: Node<'d>, new: Node<'d>) {
        if let Some(unit) = self.unit(kind, old, new) {
            self.uses.push((index, unit, site));
        }
    }

    fn operation(&mut self, method: &str, path: &str, webhook: bool) -> usize {
        self.operations.push(Operation {
            path: shortened(path, SHOWN),
            method: method.to_ascii_uppercase(),
            webhook,
        });
        self.operations.len() - 1
    }

    fn scope(&mut self, unit: usize) -> Scope<'_, 'd> {
        Scope {
            comparison: self,
            unit,
            muted: Sites::NONE,
            only: Sites::ANY,
            question: None,
            is_alternative: false,
        }
    }
}

/// The unit at work, and the way for its comparison to say what it found.
struct Scope<'c, 'd> {
    comparison: &'c mut Comparison<'d>,
    unit: usize,
    muted: Sites,
    /// Sites that what is found now counts in at all.
    only: Sites,
    /// The pair of schemas whose sets of values are at stake.
    question: Option<usize>,
    /// Whether the pair that comes next is one of several alternatives: what it loses another one
    /// may still have, so the question stays that of all of them.
    is_alternative: bool,
}

impl<'d> Scope<'_, 'd> {
    fn old_document(&self) -> &'d Source<'d> {
        self.comparison.old
    }

    fn new_document(&self) -> &'d Source<'d> {
        self.comparison.new
    }

    fn docs(&self) -> bool {
        self.comparison.options.docs
    }

    fn found(
        &mut self,
        row: &'static Row,
        (old, before): (Node<'d>, Option<String>),
        (new, after): (Node<'d>, Option<String>),
    ) {
        self.found_only(Sites::ANY, row, (old, before), (new, after));
    }

    fn found_only(
        &mut self,
        only: Sites,
        row: &'static Row,
        (old, before): (Node<'d>, Option<String>),
        (new, after): (Node<'d>, Option<String>),
    ) {
        let (muted, question) = (self.muted, self.question);
        let only = only.and_only(self.only);
        let shown = |text: Option<String>| text.map(|text| shortened(&text, SHOWN));
        let (before, after) = (shown(before), shown(after));
        let changes = &mut self.comparison.units[self.unit].changes;
        changes.push(Change {
            row,
            old,
            new,
            before,
            after,
            only,
            muted,
            question,
        });
    }

    /// Something that is there only in `old`; `holder` is what held it, in `new`.
    fn removed(&mut self, row: &'static Row, old: Node<'d>, holder: Node<'d>) {
        self.found(row, (old, Some(brief(old))), (holder, None));
    }

    /// Something that is there only in `new`; `holder` is what holds it now, in `old`.
    fn added(&mut self, row: &'static Row, holder: Node<'d>, new: Node<'d>) {
        self.found(row, (holder, None), (new, Some(brief(new))));
    }

    fn changed(&mut self, row: &'static Row, old: Node<'d>, new: Node<'d>) {
        self.found(row, (old, Some(brief(old))), (new, Some(brief(new))));
    }

    /// Compares two things that others may refer to as well, once for all of them.
    fn relate(&mut self, kind: Kind, old: Node<'d>, new: Node<'d>) {
        self.relate_as(Way::AsBefore, kind, old, new);
    }

    /// Compares what two schemas refer to.
    fn relate_referred(&mut self, from: (Node<'d>, Node<'d>), old: Node<'d>, new: Node<'d>) {
        let is_new = !self
            .comparison
            .known
            .contains_key(&(Kind::Schema, old.id(), new.id()));
        self.relate(Kind::Schema, old, new);
        if is_new
            && old.pointer() != new.pointer()
            && let Some(&unit) = self
                .comparison
                .known
                .get(&(Kind::Schema, old.id(), new.id()))
        {
            self.comparison.units[unit].referrer = Some(from);
        }
    }

    /// Compares schemas that hold at one place together, once for all who have these at one place.
    fn relate_joint(&mut self, old: Vec<Node<'d>>, new: Vec<Node<'d>>) {
        let muted = self.muted;
        if let Some(to) = self.comparison.joint_unit(old, new) {
            let edges = &mut self.comparison.units[self.unit].edges;
            edges.push(Edge {
                to,
                question: self.question,
                muted,
                way: Way::AsBefore,
            });
        }
    }

    fn relate_as(&mut self, way: Way, kind: Kind, old: Node<'d>, new: Node<'d>) {
        let muted = self.muted;
        if let Some(to) = self.comparison.unit(kind, old, new) {
            self.comparison.units[self.unit].edges.push(Edge {
                to,
                question: self.question,
                muted,
                way,
            });
        }
    }

    /// Reports documentation keywords that differ, if anyone wants to know.
    fn documentation(&mut self, row: &'static Row, keys: &[&str], old: Node<'d>, new: Node<'d>) {
        if !self.docs() {
            return;
        }
        for key in keys {
            match (old.get(key), new.get(key)) {
                (None, None) => {}
                (Some(o), Some(n)) if self.comparison.equal(o, n) => {}
                (Some(o), Some(n)) => self.changed(row, o, n),
                (Some(o), None) => self.removed(row, o, new),
                (None, Some(n)) => self.added(row, old, n),
            }
        }
    }
}
