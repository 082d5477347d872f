//! Values that one schema has and the other may not have, made where the structure does not show inclusion.
//!
//! A large object differs in one property, a long list of alternatives in one of them: values that vary everything
//! seldom hit that. Here the way to the difference is known, and everything around it is as small as it can be.
//! As everywhere, the values prove nothing until the validator has seen them.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value, json};

use super::flat::flat;
use super::hints::LONGEST;
use super::kinds::Kinds;
use super::library::validator;
use super::sample::{self, Sampler};
use super::walk::{Walk, each};
use super::whole::{Key, Whole};

/// Pairs on the way to differences that are looked at.
const MAX_STEPS: usize = 400;
/// Values that are made for one pair.
const KEPT: usize = 24;
/// Values inside others.
const DEPTH: usize = 12;

/// Values of the one side that the other may refuse, small ones first.
pub(super) fn values(walk: &mut Walk<'_>) -> Vec<Value> {
    let whole = walk.whole(vec![walk.from]);
    let to = walk.to;
    let mut aim = Aim {
        walk,
        met: HashSet::new(),
        smallest: HashMap::new(),
    };
    let mut all = aim.refused(&whole, to, 0);
    all.sort_by_cached_key(|value| {
        let text = value.to_string();
        (text.len(), text)
    });
    all.dedup();
    all
}

struct Aim<'w, 's> {
    walk: &'w mut Walk<'s>,
    met: HashSet<Key>,
    /// The smallest value of what holds together: it is asked for at each property that differs.
    smallest: HashMap<Key, Option<Value>>,
}

impl<'s> Aim<'_, 's> {
    fn refused(&mut self, whole: &Whole<'s>, to: &'s Value, depth: usize) -> Vec<Value> {
        let over = depth > DEPTH || self.met.len() > MAX_STEPS;
        if over || self.walk.included(whole, to, 0, 0) || !self.met.insert(whole.key(to)) {
            return Vec::new();
        }
        let mut all = Vec::new();
        if let Some(ways) = self.walk.split(whole) {
            for one in ways {
                all.extend(self.refused(&one, to, depth));
            }
        } else if let Value::Object(map) = to {
            let kinds = whole.kinds();
            for (key, asked) in map {
                if !self.walk.keyword(whole, kinds, map, (key, asked), 0, 0) {
                    all.extend(self.of_keyword(whole, map, (key, asked), depth));
                }
            }
        } else {
            all.extend(self.least(whole));
        }
        all.truncate(4 * KEPT);
        all
    }

    /// Values that fit and do not fulfil one keyword.
    fn of_keyword(
        &mut self,
        whole: &Whole<'s>,
        map: &'s Map<String, Value>,
        (key, asked): (&'s String, &'s Value),
        depth: usize,
    ) -> Vec<Value> {
        match key.as_str() {
            "$ref" => {
                let target = self.walk.target(asked);
                target.map_or_else(Vec::new, |to| self.refused(whole, to, depth))
            }
            "allOf" => {
                let parts = each(asked);
                parts
                    .flat_map(|to| self.refused(whole, to, depth))
                    .collect()
            }
            "anyOf" | "oneOf" => {
                let near = each(asked).filter(|to| !self.walk.apart(whole, to));
                let near: Vec<&'s Value> = near.collect();
                let mut all = self.least(whole);
                let mut lists = Vec::new();
                if key == "oneOf" {
                    all.extend(self.fits_another(whole, &near));
                }
                for to in near {
                    lists.push(self.refused(whole, to, depth));
                }
                all.extend(united(&lists));
                all.extend(lists.into_iter().flatten());
                all
            }
            "properties" => {
                let list = asked.as_object().into_iter().flatten();
                let all = list.flat_map(|(name, to)| self.at(whole, name, Some(name), to, depth));
                all.collect()
            }
            "additionalProperties" => {
                let names = whole.unlisted(map).into_iter();
                names
                    .flat_map(|name| self.at(whole, name.unwrap_or("other"), name, asked, depth))
                    .collect()
            }
            "items" => {
                let own = self.walk.whole(whole.items());
                let items = self.refused(&own, asked, depth + 1);
                let list = |item: Value| Value::Array(vec![item]);
                items.into_iter().map(list).collect()
            }
            "required" => self.least(whole),
            "maxItems" => self.long(whole, asked),
            _ => self.sampled(whole, key, asked),
        }
    }

    /// The smallest object with a property that the other side refuses.
    fn at(
        &mut self,
        whole: &Whole<'s>,
        name: &str,
        listed: Option<&str>,
        to: &'s Value,
        depth: usize,
    ) -> Vec<Value> {
        let own = self.walk.whole(whole.property(listed));
        let inner = self.refused(&own, to, depth + 1);
        if inner.is_empty() {
            return Vec::new();
        }
        let Some(Value::Object(base)) = self.least(whole).into_iter().next() else {
            return Vec::new();
        };
        let with = |value: Value| {
            let mut object = base.clone();
            object.insert(name.to_owned(), value);
            Value::Object(object)
        };
        inner.into_iter().take(KEPT).map(with).collect()
    }

    /// Values that fit and, perhaps, one of these as well: of `oneOf`, what fits two is refused.
    fn fits_another(&mut self, whole: &Whole<'s>, near: &[&'s Value]) -> Vec<Value> {
        let own = self.least(whole);
        let both = |rival: &&'s Value| {
            let rival = self.walk.other(vec![rival]);
            let theirs = least(self.walk.to, &rival).into_iter().collect();
            united(&[own.clone(), theirs])
        };
        near.iter().flat_map(both).collect()
    }

    /// The smallest value.
    fn least(&mut self, whole: &Whole<'s>) -> Vec<Value> {
        let key = whole.key(self.walk.to);
        let made = || least(self.walk.from, whole);
        let value = self.smallest.entry(key).or_insert_with(made);
        value.iter().cloned().collect()
    }

    /// A list that is too long by one.
    fn long(&mut self, whole: &Whole<'s>, most: &Value) -> Vec<Value> {
        let length = most.as_u64().filter(|most| *most < LONGEST);
        let own = self.walk.whole(whole.items());
        let item = self.least(&own).into_iter().next();
        let list = length
            .zip(item)
            .map(|(length, item)| (0..=length).map(|_| item.clone()).collect());
        let mut all: Vec<Value> = list.into_iter().collect();
        all.extend(self.sampled(whole, "maxItems", most));
        all
    }

    /// Some values at borders that do not fulfil a keyword.
    fn sampled(&self, whole: &Whole<'s>, key: &str, asked: &Value) -> Vec<Value> {
        let own = Value::Object(flat(whole.parts.iter().copied()));
        let asked = json!({ key: asked });
        let sampler = Sampler::new(self.walk.from, &[&own, &asked], sample::LITTLE);
        let mut all = sampler.all(&own, sample::MANY);
        if let Some(validator) = validator(&asked) {
            all.retain(|value| !validator.is_valid(value));
        }
        all.truncate(KEPT);
        all
    }
}

fn least(root: &Value, whole: &Whole<'_>) -> Option<Value> {
    let sampler = Sampler::new(root, &[], sample::MUCH);
    let keywords = flat(whole.parts.iter().copied());
    sampler.least(&keywords, whole.kinds().covers(Kinds::OBJECT))
}

/// Objects with what several alternatives refuse, each for itself, so that all of them do.
fn united(lists: &[Vec<Value>]) -> Vec<Value> {
    let first = |list: &Vec<Value>| list.iter().find_map(Value::as_object).cloned();
    let firsts: Vec<Map<String, Value>> = lists.iter().filter_map(first).collect();
    let ends = [lists.first(), lists.last()].into_iter().flatten();
    let all = ends.flatten().filter_map(Value::as_object).take(KEPT);
    let with_others = |own: &Map<String, Value>| {
        let mut all = own.clone();
        for (name, value) in firsts.iter().flatten() {
            all.entry(name).or_insert_with(|| value.clone());
        }
        Value::Object(all)
    };
    all.map(with_others).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proof(subset: &Value, superset: &Value) -> Option<Value> {
        let (from, to) = (validator(subset)?, validator(superset)?);
        let mut all = values(&mut Walk::new(subset, superset)).into_iter();
        all.find(|value| from.is_valid(value) && !to.is_valid(value))
    }

    #[test]
    fn one_property_of_many_with_the_least_around_it() {
        let wide = |last: &Value| {
            let mut list: Map<String, Value> = (0..90)
                .map(|n| (format!("p{n}"), json!({"type": "string"})))
                .collect();
            list.insert(
                "deep".to_owned(),
                json!({"type": "object", "properties": {"in": last}}),
            );
            let names: Vec<String> = (0..40).map(|n| format!("p{n}")).collect();
            json!({"type": "object", "properties": list, "required": names})
        };
        let one = wide(&json!({"type": "integer", "maximum": 40}));
        let found = proof(&one, &wide(&json!({"type": "integer", "maximum": 39})));
        assert_eq!(
            found.as_ref().and_then(|v| v.pointer("/deep/in")),
            Some(&json!(40))
        );
        assert_eq!(found.and_then(|v| v.as_object().map(Map::len)), Some(41));
    }

    #[test]
    fn what_each_alternative_refuses_is_united() {
        let has = |name: &str, kind: &str| json!({"type": "object", "properties": {name: {"type": kind}}});
        let one = json!({"type": "object"});
        let two = json!({"anyOf": [has("a", "string"), has("b", "integer")]});
        let found = proof(&one, &two);
        assert_eq!(found.and_then(|v| v.as_object().map(Map::len)), Some(2));
    }

    #[test]
    fn lists_and_texts_beyond_a_limit() {
        let list =
            |most: u64| json!({"type": "array", "items": {"type": "boolean"}, "maxItems": most});
        assert_eq!(
            proof(&list(300), &list(200)).and_then(|v| v.as_array().map(Vec::len)),
            Some(201)
        );
        let open = json!({"type": "string", "pattern": "^ab-"});
        let short = json!({"type": "string", "pattern": "^ab-", "maxLength": 90});
        assert!(proof(&open, &short).is_some());
    }
}
