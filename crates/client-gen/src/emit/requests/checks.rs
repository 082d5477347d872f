//! The checks that a schema states, as code that runs before anything is sent.

use serde_json::Value;

use super::kind::Kind;
use super::limits::limits;

/// A check of one value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Check {
    /// A function of `input`, with its arguments behind the name and the value.
    pub(super) call: String,
    /// When it fails, for the docs: `name` is empty.
    pub(super) fails: String,
}

/// The checks of a value called `name`, which are made on a reference to it.
pub(super) fn of(name: &str, kind: &Kind, schema: &Value) -> Vec<Check> {
    let limits = limits(schema);
    let count = |key: &str| limits[key].as_u64().filter(|limit| *limit > 0);
    let mut checks = Vec::new();
    let mut push = |call: String, fails: String| checks.push(Check { call, fails });
    match kind {
        Kind::Text | Kind::Id(_) => match (count("minLength"), count("maxLength")) {
            (Some(1), None) => push("filled".to_owned(), format!("`{name}` is empty")),
            (None, None) => {}
            (None, Some(most)) => push(
                format!("length, 0..={most}"),
                format!("`{name}` has more than {most} characters"),
            ),
            (Some(least), Some(most)) => push(
                format!("length, {least}..={most}"),
                format!("`{name}` has not {least} to {most} characters"),
            ),
            (Some(least), None) => push(
                format!("length, {least}..=usize::MAX"),
                format!("`{name}` has less than {least} characters"),
            ),
        },
        Kind::Whole { .. } => {
            let bound = |key: &str, exclusive: &str, step: i64| {
                let bound = limits[key]
                    .as_i64()
                    .filter(|bound| bound.abs() < 9_007_199_254_740_991)?;
                Some(if limits[exclusive] == true {
                    bound + step
                } else {
                    bound
                })
            };
            match (
                bound("minimum", "exclusiveMinimum", 1),
                bound("maximum", "exclusiveMaximum", -1),
            ) {
                (None, None) => {}
                (Some(least), Some(most)) => push(
                    format!("range, {least}..={most}"),
                    format!("`{name}` is not {least} to {most}"),
                ),
                (Some(least), None) => push(
                    format!("range, {least}..=i64::MAX"),
                    format!("`{name}` is less than {least}"),
                ),
                (None, Some(most)) => push(
                    format!("range, i64::MIN..={most}"),
                    format!("`{name}` is more than {most}"),
                ),
            }
        }
        Kind::List(_) => match (count("minItems"), count("maxItems")) {
            (None, None) => {}
            (least, most) => {
                let least = least.unwrap_or(0);
                let (range, words) = match most {
                    Some(most) => (format!("{least}..={most}"), format!("{least} to {most}")),
                    None => (format!("{least}..=usize::MAX"), format!("at least {least}")),
                };
                let fails = match (least, most) {
                    (1, None) => format!("`{name}` is empty"),
                    _ => format!("`{name}` has not {words} elements"),
                };
                push(format!("count, {range}"), fails);
            }
        },
        _ => {}
    }
    checks
}

impl Check {
    /// The call, for a value that is there.
    pub(super) fn statement(&self, name: &str, value: &str) -> String {
        match self.call.split_once(", ") {
            Some((function, range)) => format!("input::{function}({name:?}, {value}, {range})?;"),
            None => format!("input::{}({name:?}, {value})?;", self.call),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::passes::CHECKS;

    #[test]
    fn limits_become_calls() {
        let whole = Kind::Whole { unsigned: true };
        let list = Kind::List(Box::new(Kind::Text));
        for (kind, schema, call) in [
            (
                &Kind::Text,
                json!({ CHECKS: { "minLength": 1 } }),
                "input::filled(\"x\", &x)?;",
            ),
            (
                &Kind::Text,
                json!({ "maxLength": 30 }),
                "input::length(\"x\", &x, 0..=30)?;",
            ),
            (
                &whole,
                json!({ "minimum": 1, "maximum": 9 }),
                "input::range(\"x\", &x, 1..=9)?;",
            ),
            (
                &whole,
                json!({ "minimum": 0, "exclusiveMinimum": true }),
                "input::range(\"x\", &x, 1..=i64::MAX)?;",
            ),
            (
                &list,
                json!({ "minItems": 1 }),
                "input::count(\"x\", &x, 1..=usize::MAX)?;",
            ),
            (
                &list,
                json!({ "minItems": 1, "maxItems": 12 }),
                "input::count(\"x\", &x, 1..=12)?;",
            ),
        ] {
            let [check] = of("x", kind, &schema).try_into().expect("one check");
            assert_eq!(check.statement("x", "&x"), call);
        }
        let free = json!({ "maximum": 9_007_199_254_740_991_i64, "minLength": 0 });
        assert!(of("x", &whole, &free).is_empty() && of("x", &Kind::Text, &free).is_empty());
    }
}
