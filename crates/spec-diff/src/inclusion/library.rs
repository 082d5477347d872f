//! The only place that knows the library: its normal form and its validator.

use jsonschema::canonical::{self, CanonicalSchema, Containment, Satisfiability};
use jsonschema::{Draft, PatternOptions, Validator};
use serde_json::Value;

/// Steps that a pattern may take on one text.
const BACKTRACKS: usize = 100_000;

/// A schema in the library's normal form.
pub(super) fn normal(schema: &Value) -> Option<CanonicalSchema> {
    canonical::options()
        .offline()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(false)
        .with_pattern_options(PatternOptions::fancy_regex().backtrack_limit(BACKTRACKS))
        .canonicalize(schema)
        .ok()
}

/// Whether every value of the one is a value of the other; `false` also if that cannot be told.
pub(super) fn covers(superset: &CanonicalSchema, subset: &CanonicalSchema) -> bool {
    matches!(superset.covers(subset), Ok(Containment::Yes))
}

/// The values of the one that the other has not; `None` if that cannot be told.
pub(super) fn rest(one: &CanonicalSchema, other: &CanonicalSchema) -> Option<CanonicalSchema> {
    one.subtract(other).ok()
}

/// Whether it is sure that no value fits.
pub(super) fn is_empty(schema: &CanonicalSchema) -> bool {
    schema.satisfiability() == Satisfiability::No
}

pub(super) fn validator(schema: &Value) -> Option<Validator> {
    jsonschema::options()
        .offline()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(false)
        .with_pattern_options(PatternOptions::fancy_regex().backtrack_limit(BACKTRACKS))
        .build(schema)
        .ok()
}
