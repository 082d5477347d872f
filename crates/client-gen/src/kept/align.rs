//! Walks what is known of a response beside what a new document says of it.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::fact::{Cause, Change, ChangeKind, Owner};
use super::moves::Moves;
use super::shape::{self, component, flattened, is_choice, is_free, is_open, is_sample, kind};
use crate::spec::{Spec, elements, entries, escape};

/// Keywords that bound a value and come and go with it.
const BOUNDS: [&str; 14] = [
    "nullable",
    "default",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "pattern",
    "minItems",
    "maxItems",
    "uniqueItems",
    "multipleOf",
    "maxProperties",
];

/// Something that is known and that the new document does not say.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    pub(super) cause: Cause,
    pub(super) owner: Owner,
    pub(super) pointer: String,
    pub(super) value: Value,
}

/// Which facts a walk is for: references first, because everything else depends on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum For {
    References,
    Rest,
}

/// One walk through an operation's responses, or through one component.
pub(super) struct Walk<'a> {
    pub(super) old: &'a Spec,
    pub(super) new: &'a Spec,
    pub(super) purpose: For,
    /// Whether a property's name says that its number is whole.
    pub(super) is_whole: &'a dyn Fn(&str) -> bool,
    pub(super) owner: Owner,
    pub(super) operation: String,
    pub(super) found: Vec<Found>,
    pub(super) changes: Vec<Change>,
    /// Pairs of named schemas that were met: what was known, what is there now.
    pub(super) met: BTreeSet<(String, String)>,
    moves: Moves,
    depth: usize,
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        (old, new): (&'a Spec, &'a Spec),
        purpose: For,
        is_whole: &'a dyn Fn(&str) -> bool,
        owner: Owner,
        operation: &str,
    ) -> Self {
        Self {
            old,
            new,
            purpose,
            is_whole,
            owner,
            operation: operation.to_owned(),
            found: Vec::new(),
            changes: Vec::new(),
            met: BTreeSet::new(),
            moves: Moves::default(),
            depth: 0,
        }
    }

    fn fact(&mut self, cause: Cause, pointer: &str, value: Value) {
        let is_reference = matches!(cause, Cause::References | Cause::Schemas);
        if is_reference == (self.purpose == For::References) {
            self.found.push(Found {
                cause,
                owner: self.owner.clone(),
                pointer: pointer.to_owned(),
                value,
            });
        }
    }

    /// A response, media type or schema of one that is missing at `pointer`.
    pub(super) fn media(&mut self, pointer: &str, value: Value) {
        self.fact(Cause::MediaTypes, pointer, value);
    }

    /// An example that is missing at `pointer`.
    pub(super) fn example(&mut self, pointer: &str, value: Value) {
        self.fact(Cause::Examples, pointer, value);
    }

    fn change(&mut self, kind: ChangeKind, pointer: &str, was: &str, is: &str) {
        self.changes.push(Change {
            kind,
            operation: self.operation.clone(),
            pointer: pointer.to_owned(),
            was: was.to_owned(),
            is: is.to_owned(),
        });
    }

    /// A walk over two schemas that only asks whether they contradict each other.
    fn contradicts(&self, was: &Value, is: &Value) -> bool {
        let mut probe = Walk::new(
            (self.old, self.new),
            For::Rest,
            self.is_whole,
            self.owner.clone(),
            "",
        );
        probe.depth = self.depth + 1;
        probe.compare(was, is, "", "");
        probe.settle_moves();
        !probe.changes.is_empty()
    }

    /// Compares what was described at a place with what is.
    pub(super) fn schemas(&mut self, was: &Value, is: &Value, at: &str, property: &str) {
        if self.depth > 48 {
            return;
        }
        self.depth += 1;
        self.step(was, is, at, property);
        self.depth -= 1;
    }

    fn step(&mut self, was: &Value, is: &Value, at: &str, property: &str) {
        match (shape::target(was), shape::target(is)) {
            (Some(old), Some(new)) if old == new => {
                self.met.insert((old, new));
            }
            (Some(old), Some(new)) if self.is_rename(&old, &new) => {
                self.met.insert((old, new));
            }
            (Some(old), new) => {
                let known = self.old.resolve(was);
                let is_inline = new.is_none();
                let now = self.new.resolve(is);
                if is_inline && !self.contradicts(known, now) {
                    self.restore(&old, at);
                } else {
                    let at = new.unwrap_or_else(|| at.to_owned());
                    self.compare(known, now, &at, property);
                }
            }
            (None, Some(new)) => {
                let owner = component(&new).map(Owner::Component);
                let before = owner.map(|owner| std::mem::replace(&mut self.owner, owner));
                self.compare(was, self.new.resolve(is), &new, property);
                if let Some(before) = before {
                    self.owner = before;
                }
            }
            (None, None) => self.compare(was, is, at, property),
        }
    }

    /// A name that is gone beside a name that is new, for schemas that agree.
    fn is_rename(&self, old: &str, new: &str) -> bool {
        let there = |spec: &Spec, at: &str| spec.doc.pointer(at).is_some();
        !there(self.new, old)
            && !there(self.old, new)
            && match (self.old.doc.pointer(old), self.new.doc.pointer(new)) {
                (Some(was), Some(is)) => !self.contradicts(was, is),
                _ => false,
            }
    }

    /// The response pointed at a named schema: it does so again.
    fn restore(&mut self, target: &str, at: &str) {
        if self.new.doc.pointer(target).is_none() {
            self.restore_schemas(target);
        }
        self.fact(
            Cause::References,
            at,
            json!({ "$ref": format!("#{target}") }),
        );
        self.met.insert((target.to_owned(), target.to_owned()));
    }

    /// A named schema that is gone, with every one that it needs.
    fn restore_schemas(&mut self, target: &str) {
        let Some(name) = component(target) else {
            return;
        };
        let pointer = |name: &str| format!("/components/schemas/{}", escape(name));
        let Some(schema) = self.old.doc.pointer(&pointer(&name)) else {
            return;
        };
        let mut names = self.old.reach([schema]);
        names.insert(name);
        for name in names {
            let at = pointer(&name);
            if let (None, Some(schema)) = (self.new.doc.pointer(&at), self.old.doc.pointer(&at)) {
                let before = std::mem::replace(&mut self.owner, Owner::Component(name));
                self.fact(Cause::Schemas, &at, schema.clone());
                self.owner = before;
            }
        }
    }

    /// Compares two schemas that are no references.
    pub(super) fn compare(&mut self, was: &Value, is: &Value, at: &str, property: &str) {
        let (was, is) = (flattened(self.old, was, 0), flattened(self.new, is, 0));
        if is_open(&was) {
            // A sample does not close what was open; a description that says more does.
            if !is_open(&is) && is_sample(&is) {
                self.fact(Cause::Open, at, was);
            }
            return;
        }
        if is_free(&is) {
            self.fact(Cause::Types, at, was);
            return;
        }
        if is_choice(&was) {
            self.choices(&was, &is, at, property);
            return;
        }
        if is_choice(&is) {
            self.change(
                ChangeKind::Type,
                at,
                kind(&was).unwrap_or("a value"),
                "one of several",
            );
            return;
        }
        if self.types(&was, &is, at, property) {
            self.keywords(&was, &is, at);
            self.inside(&was, &is, at, property);
        }
    }

    /// Compares the types; false where they contradict each other.
    fn types(&mut self, was: &Value, is: &Value, at: &str, property: &str) -> bool {
        let (Some(old), new) = (kind(was), kind(is)) else {
            return true;
        };
        match (old, new) {
            (old, Some(new)) if old == new => {
                if is.get("type").is_none() && was.get("type").is_some() {
                    self.fact(Cause::Types, at, json!({ "type": old }));
                }
            }
            (old, None) => self.fact(Cause::Types, at, json!({ "type": old })),
            ("integer" | "number", Some("integer" | "number")) if (self.is_whole)(property) => {}
            // A sample of 5 does not show that 5.5 is impossible.
            ("number", Some("integer")) if is_sample(is) => {
                self.fact(Cause::Types, at, json!({ "type": "number" }));
            }
            ("number", Some("integer")) => {}
            (old, Some(new)) => {
                self.change(ChangeKind::Type, at, old, new);
                return false;
            }
        }
        true
    }

    fn keywords(&mut self, was: &Value, is: &Value, at: &str) {
        if let Some(values) = was["enum"].as_array() {
            let lost: Vec<Value> = values
                .iter()
                .filter(|value| !elements(&is["enum"]).any(|it| it == *value))
                .cloned()
                .collect();
            if !lost.is_empty() {
                self.fact(Cause::Values, at, lost.into());
            }
        }
        if let (Some(words), None) = (was.get("description"), is.get("description")) {
            self.fact(Cause::Words, at, json!({ "description": words }));
        }
        if let (Some(format), None) = (was.get("format"), is.get("format")) {
            self.fact(Cause::Formats, at, json!({ "format": format }));
        }
        let bounds: Map<String, Value> = BOUNDS
            .iter()
            .filter(|key| is.get(**key).is_none())
            // Half of a bound that changed would be a bound that nobody gave.
            .filter(|key| match **key {
                "exclusiveMinimum" => is.get("minimum").is_none_or(|it| it == &was["minimum"]),
                "exclusiveMaximum" => is.get("maximum").is_none_or(|it| it == &was["maximum"]),
                _ => true,
            })
            .filter_map(|key| Some(((*key).to_owned(), was.get(*key)?.clone())))
            .filter(|(_, value)| *value != false)
            .collect();
        if !bounds.is_empty() {
            self.fact(Cause::Bounds, at, Value::Object(bounds));
        }
    }

    /// Compares properties, items and values of a map.
    fn inside(&mut self, was: &Value, is: &Value, at: &str, property: &str) {
        for (name, known) in entries(&was["properties"]) {
            let below = format!("{at}/properties/{}", escape(name));
            if let Some(now) = is["properties"].get(name) {
                self.schemas(known, now, &below, name);
            } else {
                let found = (self.purpose == For::Rest).then_some(self.found.len());
                self.moves.lose((self.old, known), name, &below, found);
                self.fact(Cause::Fields, &below, known.clone());
            }
        }
        if was["properties"].is_object() {
            for (name, now) in entries(&is["properties"]) {
                if was["properties"].get(name).is_none() {
                    let below = format!("{at}/properties/{}", escape(name));
                    self.moves.gain((self.new, now), name, &below);
                }
            }
        }
        let lost: Vec<Value> = elements(&was["required"])
            .filter(|name| !elements(&is["required"]).any(|it| it == *name))
            .cloned()
            .collect();
        if !lost.is_empty() {
            self.fact(Cause::Required, at, lost.into());
        }
        match (was.get("items"), is.get("items")) {
            (Some(known), Some(now)) => {
                self.schemas(known, now, &format!("{at}/items"), property);
            }
            (Some(known), None) => self.fact(Cause::Types, at, json!({ "items": known })),
            (None, _) => {}
        }
        let values = &was["additionalProperties"];
        if values.is_object() {
            let now = &is["additionalProperties"];
            if now.is_object() {
                self.schemas(values, now, &format!("{at}/additionalProperties"), property);
            } else if entries(&was["properties"]).next().is_none()
                && entries(&is["properties"]).next().is_some()
            {
                self.fact(Cause::Open, at, was.clone());
            } else {
                self.fact(Cause::Types, at, json!({ "additionalProperties": values }));
            }
        }
    }

    /// A choice between schemas, of which a sample shows only one.
    fn choices(&mut self, was: &Value, is: &Value, at: &str, property: &str) {
        let key = if was["oneOf"].is_array() {
            "oneOf"
        } else {
            "anyOf"
        };
        let branches = was[key].as_array().cloned().unwrap_or_default();
        let now = ["oneOf", "anyOf"]
            .into_iter()
            .find_map(|key| Some((key, is[key].as_array()?)));
        if let Some((new_key, now)) = now {
            let mut taken = BTreeSet::new();
            let mut gone: Vec<Value> = Vec::new();
            for branch in &branches {
                let same = now.iter().enumerate().find(|(index, other)| {
                    !taken.contains(index) && self.is_counterpart(branch, other)
                });
                if let Some((index, other)) = same {
                    taken.insert(index);
                    self.schemas(branch, other, &format!("{at}/{new_key}/{index}"), property);
                } else {
                    gone.push(branch.clone());
                }
            }
            if !gone.is_empty() {
                self.fact(Cause::Choices, at, json!({ new_key: gone }));
            }
            return;
        }
        let known: Vec<&Value> = branches.iter().map(|it| self.old.resolve(it)).collect();
        let fits = known.iter().any(|branch| !self.contradicts(branch, is))
            || (kind(is) == Some("object") && self.fits_together(&known, is));
        if !fits {
            self.change(
                ChangeKind::Type,
                at,
                "one of several",
                kind(is).unwrap_or("another value"),
            );
            return;
        }
        let mut choice = Map::new();
        let mut branches = branches.clone();
        for (name, extra) in entries(&is["properties"]) {
            let is_known = known
                .iter()
                .any(|branch| branch["properties"].get(name).is_some());
            for branch in &mut branches {
                if !is_known && let Some(properties) = branch["properties"].as_object_mut() {
                    properties.insert(name.clone(), extra.clone());
                }
            }
        }
        choice.insert(key.to_owned(), branches.into());
        if let Some(tag) = was.get("discriminator") {
            choice.insert("discriminator".to_owned(), tag.clone());
        }
        self.fact(Cause::Choices, at, Value::Object(choice));
    }

    /// Whether every property of a sample is one of some branch, or of none at all.
    fn fits_together(&self, branches: &[&Value], is: &Value) -> bool {
        branches.iter().any(|it| kind(it) == Some("object"))
            && entries(&is["properties"]).all(|(name, now)| {
                let known: Vec<&Value> = branches
                    .iter()
                    .filter_map(|branch| branch["properties"].get(name))
                    .collect();
                known.is_empty() || known.iter().any(|was| !self.contradicts_at(was, now, name))
            })
    }

    fn contradicts_at(&self, was: &Value, is: &Value, property: &str) -> bool {
        let (was, is) = (self.old.resolve(was), self.new.resolve(is));
        let both = [kind(was), kind(is)];
        let numbers = both
            .iter()
            .all(|kind| matches!(kind, Some("integer" | "number")));
        !(numbers && (self.is_whole)(property)) && self.contradicts(was, is)
    }

    /// Branches go together by name, by tag, or where they do not contradict each other.
    fn is_counterpart(&self, was: &Value, is: &Value) -> bool {
        match (shape::target(was), shape::target(is)) {
            (Some(old), Some(new)) => return old == new || self.is_rename(&old, &new),
            _ if was == is => return true,
            _ => {}
        }
        let (was, is) = (self.old.resolve(was), self.new.resolve(is));
        let tags = entries(&was["properties"]).filter_map(|(name, schema)| {
            let tag = |schema: &Value| match schema["enum"].as_array().map(Vec::as_slice) {
                Some([only]) => Some(only.clone()),
                _ => None,
            };
            Some((tag(schema)?, tag(is["properties"].get(name)?)?))
        });
        let mut tags = tags.peekable();
        if tags.peek().is_some() {
            return tags.all(|(old, new)| old == new);
        }
        kind(was) == kind(is) && !self.contradicts(was, is)
    }

    /// A field that went as another of its name and type came has moved: that is no fact to keep.
    pub(super) fn settle_moves(&mut self) {
        let mut dropped = BTreeSet::new();
        for moved in self.moves.settle() {
            self.change(ChangeKind::Moved, &moved.from, &moved.from, &moved.to);
            dropped.extend(moved.found);
        }
        let mut index = 0;
        self.found.retain(|_| {
            index += 1;
            !dropped.contains(&(index - 1))
        });
    }
}
