//! What schemas name: good places to look for a value.

use std::collections::BTreeSet;

use serde_json::{Number, Value};

/// The longest text or list that is made.
pub(super) const LONGEST: u64 = 2000;

/// What schemas name: constants, names, borders.
#[derive(Default)]
pub(super) struct Hints {
    pub(super) constants: Vec<Value>,
    pub(super) names: BTreeSet<String>,
    pub(super) numbers: BTreeSet<String>,
    pub(super) lengths: BTreeSet<u64>,
    pub(super) patterns: BTreeSet<String>,
}

impl Hints {
    pub(super) fn take(&mut self, schema: &Value, depth: usize) {
        if depth > 40 {
            return;
        }
        match schema {
            Value::Object(map) => {
                for (key, value) in map {
                    self.keyword(key, value);
                    if !matches!(key.as_str(), "const" | "enum") {
                        self.take(value, depth + 1);
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.take(item, depth + 1)),
            _ => {}
        }
    }

    fn keyword(&mut self, key: &str, value: &Value) {
        match (key, value) {
            ("const", value) => self.constant(value),
            ("enum", Value::Array(values)) => values.iter().for_each(|value| self.constant(value)),
            ("properties", Value::Object(map)) => self.names.extend(map.keys().take(64).cloned()),
            ("required", Value::Array(names)) => {
                self.names
                    .extend(names.iter().filter_map(Value::as_str).map(str::to_owned));
            }
            ("pattern", Value::String(pattern)) => {
                self.patterns.insert(pattern.clone());
            }
            ("patternProperties", Value::Object(map)) => self.patterns.extend(map.keys().cloned()),
            (key, Value::Number(number)) => {
                if let Some(length) = number.as_u64().filter(|n| *n <= LONGEST && key.len() > 7) {
                    self.lengths
                        .extend([length, length + 1, length.saturating_sub(1)]);
                }
                self.numbers
                    .extend(around(number).iter().map(Number::to_string));
            }
            _ => {}
        }
    }

    fn constant(&mut self, value: &Value) {
        if self.constants.len() < 64 && !self.constants.contains(value) {
            self.constants.push(value.clone());
        }
    }
}

/// The number and its neighbours.
pub(super) fn around(number: &Number) -> Vec<Number> {
    let mut all = vec![number.clone()];
    if let Some(n) = number.as_i64() {
        let near = [
            n.checked_add(1),
            n.checked_sub(1),
            n.checked_mul(2),
            n.checked_mul(-1),
        ];
        all.extend(near.into_iter().flatten().map(Number::from));
    } else if let Some(n) = number.as_u64() {
        let near = [n.checked_add(1), n.checked_sub(1)];
        all.extend(near.into_iter().flatten().map(Number::from));
    }
    if let Some(n) = number.as_f64() {
        all.extend(
            [n + 0.5, n - 0.5, n * 2.0, n * 3.0]
                .into_iter()
                .filter_map(Number::from_f64),
        );
    }
    all
}
