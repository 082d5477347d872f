//! Kinds of JSON values, as a set.

use serde_json::{Map, Value};

/// A set of kinds; whole numbers and fractions are two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kinds(u8);

impl Kinds {
    pub(super) const NONE: Self = Self(0);
    pub(super) const ALL: Self = Self(127);
    const NUMBER: Self = Self(4 | 8);
    const STRING: Self = Self(16);
    const ARRAY: Self = Self(32);
    pub(super) const OBJECT: Self = Self(64);

    pub(super) fn and_only(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(super) fn covers(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The kind of one value.
    pub(super) fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self(1),
            Value::Bool(_) => Self(2),
            Value::Number(number) => {
                let fraction = number.is_f64() && number.as_f64().is_some_and(|n| n.fract() != 0.0);
                Self(if fraction { 8 } else { 4 })
            }
            Value::String(_) => Self::STRING,
            Value::Array(_) => Self::ARRAY,
            Value::Object(_) => Self::OBJECT,
        }
    }

    /// What `type` says, where names that nobody knows mean `unknown`.
    pub(super) fn stated(names: &Value, unknown: Self) -> Self {
        let of = |name: &Value| match name.as_str() {
            Some("null") => Self(1),
            Some("boolean") => Self(2),
            Some("integer") => Self(4),
            Some("number") => Self::NUMBER,
            Some("string") => Self::STRING,
            Some("array") => Self::ARRAY,
            Some("object") => Self::OBJECT,
            _ => unknown,
        };
        match names {
            Value::Array(all) => Self(all.iter().fold(0, |all, name| all | of(name).0)),
            one => of(one),
        }
    }

    /// The kinds that a keyword says something of, if not of all.
    pub(super) fn of_keyword(key: &str) -> Option<Self> {
        Some(match key {
            "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => {
                Self::NUMBER
            }
            "minLength" | "maxLength" | "pattern" => Self::STRING,
            "items" | "prefixItems" | "minItems" | "maxItems" | "uniqueItems" | "contains"
            | "minContains" | "maxContains" | "unevaluatedItems" => Self::ARRAY,
            "properties"
            | "patternProperties"
            | "additionalProperties"
            | "required"
            | "minProperties"
            | "maxProperties"
            | "propertyNames"
            | "dependentRequired"
            | "dependentSchemas"
            | "unevaluatedProperties" => Self::OBJECT,
            _ => return None,
        })
    }
}

/// The kinds of values that may fit keywords, by `type` and by what they list.
pub(super) fn kinds(map: &Map<String, Value>) -> Kinds {
    let names = map.get("type");
    let stated = names.map_or(Kinds::ALL, |names| Kinds::stated(names, Kinds::ALL));
    let kinds = |values: &[Value]| values.iter().fold(0, |all, value| all | Kinds::of(value).0);
    let within = listed(map).map_or(Kinds::ALL, |values| Kinds(kinds(values)));
    stated.and_only(within)
}

/// The values that keywords list, if they do.
pub(super) fn listed(map: &Map<String, Value>) -> Option<&[Value]> {
    let constant = map.get("const").map(std::slice::from_ref);
    constant.or_else(|| map.get("enum")?.as_array().map(Vec::as_slice))
}
