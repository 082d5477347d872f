//! Schemas that hold together at one place, and what they say together.

use serde_json::{Map, Value};

use super::kinds::{Kinds, kinds, listed};
use crate::number::Decimal;

/// Schemas that hold together, beyond which no further are taken in.
const MAX_PARTS: usize = 64;

pub(super) type Keywords = Map<String, Value>;

/// Schemas that hold together, with references followed.
#[derive(Clone)]
pub(super) struct Whole<'s> {
    /// Keywords of each, without what is taken in from elsewhere.
    pub(super) parts: Vec<&'s Keywords>,
    /// Lists of alternatives, one of each of which holds.
    pub(super) choices: Vec<Choice<'s>>,
    /// Alternatives that do not hold, as another one of their `oneOf` does.
    pub(super) ruled_out: Vec<&'s Value>,
    /// Nothing fits.
    pub(super) nothing: bool,
}

/// A list of alternatives.
#[derive(Clone, Copy)]
pub(super) struct Choice<'s> {
    pub(super) list: &'s Vec<Value>,
    /// Whether only one may hold.
    pub(super) only_one: bool,
}

/// A pair: the addresses of what holds together, and of the other side.
pub(super) type Key = (Vec<(Role, usize)>, usize);

/// What an address in a [`Key`] is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Role {
    Part,
    Choice,
    RuledOut,
}

fn address<T>(of: &T) -> usize {
    std::ptr::from_ref(of).addr()
}

pub(super) fn target<'s>(root: &'s Value, reference: &Value) -> Option<&'s Value> {
    root.pointer(reference.as_str()?.strip_prefix('#')?)
}

impl<'s> Whole<'s> {
    /// Takes in what the schemas refer to and their parts.
    pub(super) fn of(root: &'s Value, schemas: Vec<&'s Value>) -> Self {
        let mut whole = Self {
            parts: Vec::new(),
            choices: Vec::new(),
            ruled_out: Vec::new(),
            nothing: false,
        };
        let mut waiting = schemas;
        waiting.reverse();
        while let Some(schema) = waiting.pop() {
            let Value::Object(map) = schema else {
                whole.nothing |= *schema == Value::Bool(false);
                continue;
            };
            let has = whole.parts.iter().any(|part| std::ptr::eq(*part, map));
            if has || whole.parts.len() >= MAX_PARTS {
                continue;
            }
            whole.parts.push(map);
            waiting.extend(map.get("$ref").and_then(|link| target(root, link)));
            waiting.extend(
                map.get("allOf")
                    .and_then(Value::as_array)
                    .into_iter()
                    .flatten(),
            );
            let choice = |(key, only_one)| {
                let list = map.get(key)?.as_array()?;
                Some(Choice { list, only_one })
            };
            let lists = [("anyOf", false), ("oneOf", true)].into_iter();
            whole.choices.extend(lists.filter_map(choice));
        }
        whole
    }

    pub(super) fn key(&self, to: &Value) -> Key {
        // What holds and what is ruled out may have one address: an object begins where its value does.
        let parts = self.parts.iter().map(|part| (Role::Part, address(*part)));
        let choices = self.choices.iter();
        let choices = choices.map(|choice| (Role::Choice, address(choice.list)));
        let ruled_out = self.ruled_out.iter();
        let ruled_out = ruled_out.map(|schema| (Role::RuledOut, address(*schema)));
        let mut all: Vec<_> = parts.chain(choices).chain(ruled_out).collect();
        all.sort_unstable();
        all.dedup();
        (all, address(to))
    }

    pub(super) fn kinds(&self) -> Kinds {
        let parts = self.parts.iter();
        parts.fold(Kinds::ALL, |all, part| all.and_only(kinds(part)))
    }

    /// All that a keyword says.
    pub(super) fn says<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'s Value> + 'a {
        self.parts.iter().filter_map(move |part| part.get(key))
    }

    pub(super) fn requires(&self, name: &str) -> bool {
        let lists = self.says("required").filter_map(Value::as_array).flatten();
        lists.into_iter().any(|item| item.as_str() == Some(name))
    }

    /// What holds for a property; `None` stands for one that no schema lists.
    pub(super) fn property(&self, name: Option<&str>) -> Vec<&'s Value> {
        let of = |part: &&'s Keywords| {
            let own = name.and_then(|name| part.get("properties")?.get(name));
            // A name that no list has may be under a pattern.
            let rest = || match part.get("patternProperties") {
                Some(_) => None,
                None => part.get("additionalProperties"),
            };
            own.or_else(rest)
        };
        self.parts.iter().filter_map(of).collect()
    }

    pub(super) fn items(&self) -> Vec<&'s Value> {
        let plain = self
            .parts
            .iter()
            .filter(|part| !part.contains_key("prefixItems"));
        plain.filter_map(|part| part.get("items")).collect()
    }

    /// Whether all values that may be listed are among these.
    pub(super) fn lists_only(&self, values: &[Value]) -> bool {
        let all = self.kinds();
        let mut own = self.parts.iter().filter_map(|part| listed(part));
        own.any(|own| {
            let mut fit = own.iter().filter(|value| all.covers(Kinds::of(value)));
            fit.all(|value| values.contains(value))
        })
    }

    /// Names that are listed here and not by these keywords, and `None` for all that neither lists.
    pub(super) fn unlisted(&self, map: &Keywords) -> Vec<Option<&'s str>> {
        let there = map.get("properties").and_then(Value::as_object);
        let lists = self.says("properties").filter_map(Value::as_object);
        let names = lists.flat_map(|list| list.keys().map(String::as_str));
        let only_here = |name: &&str| there.is_none_or(|there| !there.contains_key(*name));
        names.filter(only_here).map(Some).chain([None]).collect()
    }

    /// Whether the limits are within one of the other side's.
    pub(super) fn is_within(&self, key: &str, asked: &Value) -> bool {
        let Some(asked) = number(asked) else {
            return false;
        };
        let (exclusive, least) = match key {
            "minimum" => ("exclusiveMinimum", true),
            "maximum" => ("exclusiveMaximum", false),
            "exclusiveMinimum" => ("minimum", true),
            "exclusiveMaximum" => ("maximum", false),
            key => ("", key.starts_with("min")),
        };
        let inside = |own: &Decimal| if least { *own > asked } else { *own < asked };
        let at_most = |own: Decimal| own == asked || inside(&own);
        // `minimum: 3` is within `exclusiveMinimum: 2`, not within `exclusiveMinimum: 3`.
        let by_other = match key {
            "minimum" | "maximum" => self.limit(exclusive).is_some_and(at_most),
            "exclusiveMinimum" | "exclusiveMaximum" => {
                self.limit(exclusive).is_some_and(|own| inside(&own))
            }
            _ => least && number(&Value::from(0)) == Some(asked.clone()),
        };
        by_other || self.limit(key).is_some_and(at_most)
    }

    /// The strictest limit.
    fn limit(&self, key: &str) -> Option<Decimal> {
        let all = self.says(key).filter_map(number);
        if key.starts_with("max") || key == "exclusiveMaximum" {
            all.min()
        } else {
            all.max()
        }
    }
}

fn number(value: &Value) -> Option<Decimal> {
    Decimal::parse(&value.as_number()?.to_string())
}
