//! Small values that a schema might accept. They prove nothing: the validator decides which of them count.

use std::cell::Cell;
use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::flat::{limits, merged};
use super::hints::{Hints, LONGEST, around};
use super::kinds::listed;
use super::library::validator;
use super::patterns;

/// How deep values are made.
const DEPTH: usize = 5;
/// The same for values that have nothing but what they need.
const LEAST_DEPTH: usize = 12;
/// Values kept for one schema inside another.
const KEPT: usize = 12;

/// Values that are made for a plain schema, to choose from.
pub(super) const MANY: usize = 400;

/// How hard to look for values.
#[derive(Debug, Clone, Copy)]
pub(super) struct Effort {
    /// Schemas that values are made for in all: wide and deep ones would take for ever.
    schemas: usize,
    /// Properties of one object that are varied though they may be anything.
    open: usize,
    /// Values kept in the end.
    values: usize,
}

/// The first values that come to mind, which mostly do.
pub(super) const LITTLE: Effort = Effort {
    schemas: 60,
    open: 6,
    values: 40,
};
pub(super) const MUCH: Effort = Effort {
    schemas: 1500,
    open: 40,
    values: 250,
};

/// Values of the one schema, also at the borders that the other draws.
pub(super) fn values(subset: &Value, superset: Option<&Value>, effort: Effort) -> Vec<Value> {
    let hinting: Vec<&Value> = [subset].into_iter().chain(superset).collect();
    Sampler::new(subset, &hinting, effort).all(subset, effort.values)
}

pub(super) struct Sampler<'s> {
    root: &'s Value,
    hints: Hints,
    /// Schemas that values are still made for: wide and deep ones would take for ever.
    left: Cell<usize>,
    effort: Effort,
}

impl<'s> Sampler<'s> {
    /// References are looked up in `root`; what the other schemas name makes good values.
    pub(super) fn new(root: &'s Value, hinting: &[&Value], effort: Effort) -> Self {
        let mut hints = Hints::default();
        for schema in hinting {
            hints.take(schema, 0);
        }
        Self {
            root,
            hints,
            left: Cell::new(effort.schemas),
            effort,
        }
    }

    pub(super) fn all(&self, schema: &Value, limit: usize) -> Vec<Value> {
        self.values(schema, DEPTH, limit)
    }

    /// A small value, made with little effort.
    pub(super) fn first(&self, schema: &Value) -> Option<Value> {
        self.first_at(schema, LEAST_DEPTH)
    }

    /// The smallest value, or nearly: an object if it may be one and is asked for.
    pub(super) fn least(&self, flat: &Map<String, Value>, object: bool) -> Option<Value> {
        if object && listed(flat).is_none() {
            return self.least_object(flat, LEAST_DEPTH).map(Value::Object);
        }
        self.first_of(flat, LEAST_DEPTH)
    }
}

impl Sampler<'_> {
    fn first_at(&self, schema: &Value, depth: usize) -> Option<Value> {
        let ways = self.alternatives(schema, 8);
        ways.iter().find_map(|flat| self.first_of(flat, depth))
    }

    fn first_of(&self, flat: &Map<String, Value>, depth: usize) -> Option<Value> {
        if let Some(values) = listed(flat) {
            return values.first().cloned();
        }
        let free = |keys: &[&str]| keys.iter().all(|key| !flat.contains_key(*key));
        let kind = match flat.get("type") {
            Some(Value::String(name)) => name.as_str(),
            Some(Value::Array(names)) => names.first().and_then(Value::as_str).unwrap_or("null"),
            _ => "any",
        };
        let plain = match kind {
            "null" => Some(Value::Null),
            "boolean" => Some(json!(true)),
            "string" if free(&["minLength", "pattern"]) => Some(json!("")),
            "array" if free(&["minItems", "contains", "prefixItems"]) => Some(json!([])),
            "object" if depth > 0 => self.least_object(flat, depth).map(Value::Object),
            "any" if free(&["required"]) => Some(Value::Null),
            "integer" | "number"
                if free(&["minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum"]) =>
            {
                Some(json!(0))
            }
            _ => None,
        };
        plain.or_else(|| {
            let mut all = Vec::new();
            self.of_flat(flat, depth.min(2), 1, &mut all);
            // Borders are on both sides of what fits.
            let plain = validator(&limits(flat))?;
            let fit = all.into_iter().filter(|value| plain.is_valid(value));
            fit.min_by_key(|value| value.to_string().len())
        })
    }

    /// An object with nothing but what must be there.
    fn least_object(&self, flat: &Map<String, Value>, depth: usize) -> Option<Map<String, Value>> {
        let depth = depth.checked_sub(1)?;
        let any = Value::Bool(true);
        let list = flat.get("properties");
        let rest = flat.get("additionalProperties").unwrap_or(&any);
        let names = flat.get("required").and_then(Value::as_array);
        let names = names.into_iter().flatten().filter_map(Value::as_str);
        let of =
            |name: &str| self.first_at(list.and_then(|list| list.get(name)).unwrap_or(rest), depth);
        names
            .map(|name| Some((name.to_owned(), of(name)?)))
            .collect()
    }

    /// Values for a schema, small ones first.
    fn values(&self, schema: &Value, depth: usize, limit: usize) -> Vec<Value> {
        if *schema == Value::Bool(true) || schema.as_object().is_some_and(Map::is_empty) {
            return self.anything(limit);
        }
        let Some(left) = self.left.get().checked_sub(1) else {
            return Vec::new();
        };
        self.left.set(left);
        let mut all = Vec::new();
        for flat in self.alternatives(schema, 8) {
            self.of_flat(&flat, depth, limit, &mut all);
        }
        let mut texts: Vec<(usize, String, Value)> = all
            .into_iter()
            .map(|value| {
                let text = value.to_string();
                (text.len(), text, value)
            })
            .collect();
        texts.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
        texts.dedup_by(|a, b| a.1 == b.1);
        texts.truncate(limit);
        texts.into_iter().map(|(_, _, value)| value).collect()
    }

    /// Values of every type, and some that the schemas name.
    fn anything(&self, limit: usize) -> Vec<Value> {
        let mut all = vec![
            json!(0),
            json!("a"),
            json!(null),
            json!(true),
            json!({}),
            json!([]),
        ];
        all.extend(self.hints.constants.iter().take(6).cloned());
        all.truncate(limit.max(1));
        all
    }

    /// The schema with references and lists opened: one map of keywords for each way to satisfy it.
    fn alternatives(&self, schema: &Value, depth: usize) -> Vec<Map<String, Value>> {
        let Value::Object(map) = schema else {
            return if *schema == Value::Bool(false) {
                Vec::new()
            } else {
                vec![Map::new()]
            };
        };
        if depth == 0 {
            return vec![map.clone()];
        }
        let mut plain = map.clone();
        let mut ways = Vec::new();
        let reference = plain.remove("$ref");
        let target = reference.as_ref().and_then(Value::as_str);
        let target = target.and_then(|r| self.root.pointer(r.strip_prefix('#')?));
        let parts = plain.remove("allOf");
        let lists: Vec<Value> = ["anyOf", "oneOf"]
            .iter()
            .filter_map(|key| plain.remove(*key))
            .collect();
        plain.remove("$defs");
        ways.push(plain);
        let mut join = |options: Vec<Map<String, Value>>| {
            let mut joined = Vec::new();
            for way in &ways {
                for option in options.iter().take(16) {
                    joined.push(merged(way.clone(), option));
                }
            }
            joined.truncate(32);
            ways = joined;
        };
        if let Some(target) = target {
            join(self.alternatives(target, depth - 1));
        }
        for part in parts.iter().filter_map(Value::as_array).flatten() {
            join(self.alternatives(part, depth - 1));
        }
        for list in lists.iter().filter_map(Value::as_array) {
            let each = list
                .iter()
                .flat_map(|member| self.alternatives(member, depth - 1));
            let mut each: Vec<_> = each.collect();
            // A value of two alternatives at once.
            if let [first, second, ..] = each.as_slice() {
                each.push(merged(first.clone(), second));
            }
            join(each);
        }
        ways
    }

    fn of_flat(
        &self,
        schema: &Map<String, Value>,
        depth: usize,
        limit: usize,
        all: &mut Vec<Value>,
    ) {
        if let Some(value) = schema.get("const") {
            all.push(value.clone());
            return;
        }
        if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            all.extend(values.iter().take(limit).cloned());
            return;
        }
        let named: Vec<&str> = match schema.get("type") {
            Some(Value::String(name)) => vec![name],
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
            _ => vec!["null", "boolean", "integer", "string", "array", "object"],
        };
        for name in named {
            match name {
                "null" => all.push(Value::Null),
                "boolean" => all.extend([json!(true), json!(false)]),
                "integer" | "number" => all.extend(self.numbers(schema)),
                "string" => all.extend(self.texts(schema)),
                "array" => self.arrays(schema, depth, all),
                "object" => self.objects(schema, depth, all),
                _ => {}
            }
        }
    }

    fn numbers(&self, schema: &Map<String, Value>) -> Vec<Value> {
        let mut all: Vec<Value> = [0, 1, -1, 2, 3, 5, 7].map(Value::from).into();
        let own = [
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf",
        ];
        for number in own.iter().filter_map(|key| schema.get(*key)?.as_number()) {
            all.extend(around(number).into_iter().map(Value::Number));
        }
        let hinted = self
            .hints
            .numbers
            .iter()
            .filter_map(|text| serde_json::from_str(text).ok());
        all.extend(hinted);
        all.push(json!(0.5));
        all.extend(
            self.hints
                .constants
                .iter()
                .filter(|v| v.is_number())
                .cloned(),
        );
        all
    }

    fn texts(&self, schema: &Map<String, Value>) -> Vec<Value> {
        let own = |key: &str| schema.get(key).and_then(Value::as_u64);
        let mut lengths: BTreeSet<u64> = [0, 1].into();
        lengths.extend(&self.hints.lengths);
        lengths.extend([own("minLength"), own("maxLength")].into_iter().flatten());
        let mut all: Vec<String> = Vec::new();
        let of_patterns = schema.get("pattern").and_then(Value::as_str);
        let hinted = self.hints.patterns.iter().map(String::as_str);
        for pattern in of_patterns.into_iter().chain(hinted) {
            let matching = patterns::matching(pattern, &lengths);
            // Where the end is open, anything may follow.
            let longer = matching.iter().take(2).flat_map(|text| {
                let missing = |length: &u64| length.checked_sub(text.chars().count() as u64);
                let fill = lengths.iter().filter_map(missing).filter(|n| *n <= LONGEST);
                fill.map(move |n| format!("{text}{}", "a".repeat(usize::try_from(n).unwrap_or(0))))
            });
            all.extend(longer.collect::<Vec<_>>());
            all.extend(matching);
        }
        let texts = self.hints.constants.iter().filter_map(Value::as_str);
        all.extend(texts.map(str::to_owned));
        for length in lengths.into_iter().filter(|length| *length <= LONGEST) {
            let length = usize::try_from(length).unwrap_or(0);
            all.extend(["a", "0", "x"].map(|text| text.repeat(length)));
        }
        all.into_iter().map(Value::String).collect()
    }

    fn arrays(&self, schema: &Map<String, Value>, depth: usize, all: &mut Vec<Value>) {
        let own = |key: &str| schema.get(key).and_then(Value::as_u64);
        let least = own("minItems")
            .unwrap_or(0)
            .max(own("minContains").unwrap_or(0));
        if depth == 0 || least > LONGEST {
            return;
        }
        let any = Value::Bool(true);
        let prefix = schema.get("prefixItems").and_then(Value::as_array);
        let prefix = prefix.map_or(&[][..], Vec::as_slice);
        let at = |place: usize| {
            let item = prefix
                .get(place)
                .or_else(|| schema.get("items"))
                .unwrap_or(&any);
            self.values(item, depth - 1, KEPT)
        };
        let mut items = at(prefix.len());
        if let Some(contains) = schema.get("contains") {
            items.splice(0..0, self.values(contains, depth - 1, 3));
        }
        let mut lengths: BTreeSet<u64> = [0, 1, 2, least].into();
        lengths.extend(self.hints.lengths.iter().filter(|n| **n <= 64));
        lengths.extend(own("maxItems").filter(|n| *n <= LONGEST));
        for length in lengths.into_iter().filter(|n| *n >= least) {
            let length = usize::try_from(length).unwrap_or(0);
            let first: Vec<Value> = prefix
                .iter()
                .enumerate()
                .filter_map(|(i, _)| at(i).into_iter().next())
                .collect();
            let choices = if items.is_empty() { 1 } else { items.len() };
            for shift in 0..choices {
                // All alike, and all different as far as there are values.
                for step in [0, 1] {
                    let of = |i: usize| {
                        let fixed = first.get(i).cloned();
                        fixed.or_else(|| items.get((shift + step * i) % choices).cloned())
                    };
                    if let Some(list) = (0..length).map(of).collect::<Option<Vec<_>>>() {
                        all.push(list.into());
                    }
                }
            }
            for (place, _) in prefix.iter().enumerate().take(length) {
                for value in at(place) {
                    let mut list = first.clone();
                    list.truncate(length);
                    if place < list.len() {
                        list[place] = value;
                        all.push(list.into());
                    }
                }
            }
        }
    }

    fn objects(&self, schema: &Map<String, Value>, depth: usize, all: &mut Vec<Value>) {
        if depth == 0 {
            return;
        }
        let listed = schema.get("properties").and_then(Value::as_object);
        let any = Value::Bool(true);
        let rest = schema.get("additionalProperties").unwrap_or(&any);
        let values = |name: &str| {
            let own = listed.and_then(|map| map.get(name));
            self.values(own.unwrap_or(rest), depth - 1, KEPT)
        };
        let names = schema.get("required").and_then(Value::as_array);
        let required: BTreeSet<&str> = names
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let mut base = Map::new();
        for name in &required {
            let Some(value) = values(name).into_iter().next() else {
                return;
            };
            base.insert((*name).to_owned(), value);
        }
        let least = schema
            .get("minProperties")
            .and_then(Value::as_u64)
            .unwrap_or(0);
        let mut spare = self
            .hints
            .names
            .iter()
            .cloned()
            .chain((0..8).map(|n| format!("p{n}")));
        while (base.len() as u64) < least.min(64) {
            let Some(name) = spare.next() else { return };
            if let Some(value) = values(&name).into_iter().next() {
                base.insert(name, value);
            }
        }
        all.push(base.clone().into());
        let mut others: BTreeSet<&str> = listed
            .into_iter()
            .flat_map(|map| map.keys().map(String::as_str))
            .collect();
        others.extend(self.hints.names.iter().map(String::as_str).take(64));
        others.insert("other");
        let mut full = base.clone();
        let mut left = self.effort.open;
        for name in others {
            // What may be anything is worth one look only, and not everywhere.
            let open = listed.and_then(|map| map.get(name)).unwrap_or(rest) == &any;
            if open && left == 0 {
                continue;
            }
            left -= usize::from(open);
            let looks = if open { 1 } else { KEPT };
            for value in values(name).into_iter().take(looks) {
                full.entry(name.to_owned()).or_insert_with(|| value.clone());
                let mut one = base.clone();
                one.insert(name.to_owned(), value);
                all.push(one.into());
            }
        }
        for pattern in &self.hints.patterns {
            for name in patterns::matching(pattern, &BTreeSet::new())
                .into_iter()
                .take(2)
            {
                for value in self.values(&any, depth - 1, 4) {
                    let mut one = base.clone();
                    one.insert(name.clone(), value);
                    all.push(one.into());
                }
            }
        }
        // Two optional properties at once, and all of them.
        let pairs: Vec<(&String, &Value)> = full.iter().take(8).collect();
        for (i, first) in pairs.iter().enumerate() {
            for second in &pairs[i + 1..] {
                let mut two = base.clone();
                two.extend([*first, *second].map(|(name, value)| (name.clone(), value.clone())));
                all.push(two.into());
            }
        }
        all.push(full.into());
    }
}
