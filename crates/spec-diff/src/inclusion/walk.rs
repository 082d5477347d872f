//! Inclusion by structure: both schemas side by side, keyword by keyword.
//!
//! Most questions are about large schemas that differ in little. What is written the same is included, what is under
//! one name is asked of that name, and each alternative must fit one on the other side. A yes is a proof; a no only
//! says that the structure does not show it.
//!
//! The one side is a list of schemas that hold together ([`Whole`]): leaving one of them out makes the set larger, so
//! what is not understood there may be left out. On the other side every keyword must be understood.

use std::collections::HashMap;

use serde_json::Value;

use super::kinds::{Kinds, listed};
use super::whole::{Key, Keywords, Whole, target};

/// Pairs that are looked at before the structure counts as not showing it.
const MAX_STEPS: usize = 20_000;
/// The same for one alternative and another.
const MAX_STEPS_BACK: usize = 500;
/// How deep pairs may lie inside each other.
const MAX_DEPTH: usize = 200;

#[derive(Clone, Copy)]
enum Known {
    /// Shown at this depth of values, perhaps by what was assumed of values around it.
    Yes(usize),
    No,
    /// Being looked at, at this depth of values: it may be assumed of values inside.
    Assumed(usize),
}

/// One question, with what is known of its parts.
pub(super) struct Walk<'s> {
    pub(super) from: &'s Value,
    pub(super) to: &'s Value,
    known: HashMap<Key, Known>,
    /// Pairs that hold if what was assumed does, in order.
    trail: Vec<Key>,
    steps: usize,
}

impl<'s> Walk<'s> {
    pub(super) fn new(subset: &'s Value, superset: &'s Value) -> Self {
        Self {
            from: subset,
            to: superset,
            known: HashMap::new(),
            trail: Vec::new(),
            steps: 0,
        }
    }

    /// Whether the structure shows that every value of the one side is in the other.
    pub(super) fn covers(&mut self) -> bool {
        let whole = self.whole(vec![self.from]);
        self.included(&whole, self.to, 0, 0)
    }

    /// Where a reference of the other side leads.
    pub(super) fn target(&self, reference: &Value) -> Option<&'s Value> {
        target(self.to, reference)
    }

    /// The first side's schemas, with references and parts taken in.
    pub(super) fn whole(&self, schemas: Vec<&'s Value>) -> Whole<'s> {
        Whole::of(self.from, schemas)
    }

    /// The same for the other side.
    pub(super) fn other(&self, schemas: Vec<&'s Value>) -> Whole<'s> {
        Whole::of(self.to, schemas)
    }

    /// Whether what holds together is in `to`. `value` is how deep inside the whole value this is.
    pub(super) fn included(
        &mut self,
        whole: &Whole<'s>,
        to: &'s Value,
        value: usize,
        depth: usize,
    ) -> bool {
        if whole.nothing || *to == Value::Bool(true) {
            return true;
        }
        let key = whole.key(to);
        match self.known.get(&key) {
            Some(Known::Yes(at)) if *at <= value => return true,
            Some(Known::No) => return false,
            Some(Known::Assumed(at)) => return *at < value,
            Some(Known::Yes(_)) | None => {}
        }
        self.steps += 1;
        if self.steps > MAX_STEPS || depth > MAX_DEPTH {
            return false;
        }
        self.known.insert(key.clone(), Known::Assumed(value));
        let mark = self.trail.len();
        let holds = self.shown(whole, to, value, depth + 1);
        if holds {
            self.known.insert(key.clone(), Known::Yes(value));
            self.trail.push(key);
        } else {
            // What was shown meanwhile may have leaned on this.
            for leaning in self.trail.drain(mark..) {
                self.known.remove(&leaning);
            }
            self.known.insert(key, Known::No);
        }
        holds
    }

    fn shown(&mut self, whole: &Whole<'s>, to: &'s Value, value: usize, depth: usize) -> bool {
        let same = |part: &&Keywords| to.as_object() == Some(*part);
        if whole.parts.iter().any(same) && is_closed_in_itself(to) {
            return true;
        }
        if let Some(ways) = self.split(whole) {
            return ways.iter().all(|one| self.included(one, to, value, depth));
        }
        if self.is_empty(whole) {
            return true;
        }
        let Value::Object(map) = to else {
            return false;
        };
        let all = whole.kinds();
        map.iter()
            .all(|(key, asked)| self.keyword(whole, all, map, (key, asked), value, depth))
    }

    /// What holds together, for each member of the first list of alternatives, if there is one.
    pub(super) fn split(&self, whole: &Whole<'s>) -> Option<Vec<Whole<'s>>> {
        let (choice, others) = whole.choices.split_first()?;
        let way = |(place, member): (usize, &'s Value)| {
            let mut one = whole.clone();
            one.choices = others.to_vec();
            let more = self.whole(vec![member]);
            one.parts.extend(more.parts);
            one.choices.extend(more.choices);
            one.nothing |= more.nothing;
            if choice.only_one {
                let rivals = choice.list.iter().enumerate();
                let rivals = rivals.filter(|(other, _)| *other != place);
                one.ruled_out.extend(rivals.map(|(_, rival)| rival));
            }
            one
        };
        Some(choice.list.iter().enumerate().map(way).collect())
    }

    /// Whether no value fits, plainly: no kind is left, or what must be there cannot be.
    pub(super) fn is_empty(&self, whole: &Whole<'s>) -> bool {
        let all = whole.kinds();
        let impossible = |name: &Value| {
            let schemas = name.as_str().map(|name| whole.property(Some(name)));
            schemas.is_some_and(|schemas| self.whole(schemas).nothing)
        };
        let lists = whole.says("required").filter_map(Value::as_array);
        all == Kinds::NONE || all == Kinds::OBJECT && lists.flatten().any(impossible)
    }

    /// Whether what holds together fulfils one keyword.
    pub(super) fn keyword(
        &mut self,
        whole: &Whole<'s>,
        all: Kinds,
        map: &'s Keywords,
        (key, asked): (&'s String, &'s Value),
        value: usize,
        depth: usize,
    ) -> bool {
        if Kinds::of_keyword(key).is_some_and(|about| all.and_only(about) == Kinds::NONE) {
            return true;
        }
        match key.as_str() {
            "$defs" => true,
            "$ref" => {
                target(self.to, asked).is_some_and(|to| self.included(whole, to, value, depth))
            }
            "allOf" => each(asked).all(|to| self.included(whole, to, value, depth)),
            "anyOf" => each(asked).any(|to| self.included(whole, to, value, depth)),
            "oneOf" => each(asked).enumerate().any(|(place, to)| {
                self.included(whole, to, value, depth)
                    && each(asked).enumerate().all(|(other, rival)| {
                        other == place
                            || self.apart(whole, rival)
                            || self.is_ruled_out(whole, rival)
                    })
            }),
            "type" => Kinds::stated(asked, Kinds::NONE).covers(all),
            "enum" => asked
                .as_array()
                .is_some_and(|values| whole.lists_only(values)),
            "const" => whole.lists_only(std::slice::from_ref(asked)),
            "minimum" | "exclusiveMinimum" | "maximum" | "exclusiveMaximum" | "minLength"
            | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties" => {
                whole.is_within(key, asked)
            }
            "required" => each(asked).all(|name| name.as_str().is_some_and(|n| whole.requires(n))),
            "properties" => asked.as_object().is_some_and(|list| {
                list.iter().all(|(name, to)| {
                    let own = self.whole(whole.property(Some(name)));
                    self.included(&own, to, value + 1, depth)
                })
            }),
            "additionalProperties" => self.rest(whole, map, asked, value, depth),
            "items" if !map.contains_key("prefixItems") => {
                let own = self.whole(whole.items());
                self.included(&own, asked, value + 1, depth)
            }
            "uniqueItems" if *asked == Value::Bool(false) => true,
            "multipleOf" | "pattern" | "uniqueItems" | "not" | "propertyNames"
            | "patternProperties" | "dependentRequired" => {
                is_closed_in_itself(asked) && whole.says(key).any(|own| own == asked)
            }
            _ => false,
        }
    }

    /// Properties that the other side does not list.
    fn rest(
        &mut self,
        whole: &Whole<'s>,
        map: &'s Keywords,
        asked: &'s Value,
        value: usize,
        depth: usize,
    ) -> bool {
        whole.unlisted(map).into_iter().all(|name| {
            let own = self.whole(whole.property(name));
            self.included(&own, asked, value + 1, depth)
        })
    }

    /// Whether no value fits both.
    pub(super) fn apart(&self, whole: &Whole<'s>, rival: &'s Value) -> bool {
        let other = self.other(vec![rival]);
        self.disjoint(whole, &other, 0)
    }

    /// Whether what fits `rival` fits something that is ruled out.
    fn is_ruled_out(&self, whole: &Whole<'s>, rival: &'s Value) -> bool {
        whole.ruled_out.iter().any(|other| {
            let mut back = Walk::new(self.to, self.from);
            back.steps = MAX_STEPS - MAX_STEPS_BACK;
            let rival = back.whole(vec![rival]);
            back.included(&rival, other, 0, 0)
        })
    }

    fn disjoint(&self, one: &Whole<'s>, other: &Whole<'s>, depth: usize) -> bool {
        if one.nothing || other.nothing {
            return true;
        }
        let both = one.kinds().and_only(other.kinds());
        if both == Kinds::NONE {
            return true;
        }
        let values = |whole: &Whole<'s>| whole.parts.iter().find_map(|part| listed(part));
        if let (Some(mine), Some(theirs)) = (values(one), values(other)) {
            return !mine.iter().any(|value| theirs.contains(value));
        }
        if both != Kinds::OBJECT || depth > 3 {
            return false;
        }
        let lists = [one, other].map(|whole| whole.says("required").filter_map(Value::as_array));
        lists
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(Value::as_str)
            .any(|name| {
                let mine = self.whole(one.property(Some(name)));
                let theirs = self.other(other.property(Some(name)));
                self.disjoint(&mine, &theirs, depth + 1)
            })
    }
}

pub(super) fn each(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

/// Whether a schema means the same wherever it stands.
fn is_closed_in_itself(schema: &Value) -> bool {
    match schema {
        Value::Object(map) => map
            .iter()
            .all(|(key, inner)| !key.starts_with('$') && is_closed_in_itself(inner)),
        Value::Array(items) => items.iter().all(is_closed_in_itself),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn covers(subset: &Value, superset: &Value) -> bool {
        Walk::new(subset, superset).covers()
    }

    #[test]
    fn every_keyword_has_to_be_shown() {
        let narrow = json!({"type": "integer", "minimum": 3, "maximum": 8});
        assert!(covers(
            &narrow,
            &json!({"type": "number", "exclusiveMinimum": 2.5})
        ));
        assert!(covers(
            &narrow,
            &json!({"minLength": 4, "type": ["integer", "null"]})
        ));
        assert!(!covers(&narrow, &json!({"exclusiveMinimum": 3})));
        assert!(!covers(&narrow, &json!({"multipleOf": 2})));
        assert!(!covers(
            &json!({"type": ["string", "null"]}),
            &json!({"enum": ["x", null]})
        ));
        assert!(covers(
            &json!({"enum": ["x", 7], "type": "string"}),
            &json!({"enum": ["x"]})
        ));
    }

    #[test]
    fn what_no_list_names_is_under_the_rest() {
        let closed =
            json!({"type": "object", "properties": {"a": true}, "additionalProperties": false});
        let texts = json!({"additionalProperties": {"type": "string"}});
        assert!(!covers(&closed, &texts));
        let closed =
            json!({"allOf": [closed, {"properties": {"a": {"maxLength": 2, "type": "string"}}}]});
        assert!(covers(&closed, &texts));
        assert!(!covers(&json!({"type": "object"}), &texts));
    }

    #[test]
    fn alternatives_that_only_one_may_fit() {
        let tagged = |kind: &str| json!({"required": ["kind"], "properties": {"kind": {"const": kind}}, "type": "object"});
        let three = json!({"oneOf": [tagged("x"), tagged("y"), {"type": "string"}]});
        assert!(covers(&tagged("y"), &three));
        // Both fit a value that has both names.
        let named = |name: &str| json!({"required": [name], "type": "object"});
        let two = json!({"oneOf": [named("x"), named("y")]});
        assert!(!covers(&named("x"), &two));
        // Unless the other side has ruled that out as well.
        let wordy = |name: &str| json!({"required": [name], "type": "object", "minProperties": 0});
        assert!(covers(&two, &json!({"oneOf": [wordy("x"), wordy("y")]})));
    }

    #[test]
    fn circles_count_only_through_values() {
        let list = |item: Value| json!({"$defs": {"n": {"type": "array", "items": {"anyOf": [item, {"$ref": "#/$defs/n"}]}}}, "$ref": "#/$defs/n"});
        assert!(covers(
            &list(json!({"const": 3})),
            &list(json!({"type": "integer"}))
        ));
        assert!(!covers(
            &list(json!({"const": 3})),
            &list(json!({"type": "string"}))
        ));
        let itself = json!({"$defs": {"n": {"anyOf": [{"$ref": "#/$defs/n"}, {"type": "integer"}]}}, "$ref": "#/$defs/n"});
        assert!(!covers(&json!({"type": "string"}), &itself));
    }
}
