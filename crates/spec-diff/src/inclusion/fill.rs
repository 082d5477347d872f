//! From a proof in which some places were left open to one that the whole schemas agree with.
//!
//! Properties and items that are compared on their own may be anything while a question is answered. What proves the
//! answer still has to be a value that was once accepted, with everything in it.

use serde_json::{Value, json};

use super::library::validator;
use super::sample::{self, Sampler};
use super::walk::Walk;
use super::whole::Whole;
use super::{Question, aim};

/// Ways to choose from alternatives that are tried.
const MAX_WAYS: usize = 24;

/// A value like this one that the whole schemas judge in the same way, if there is one to be found.
pub(super) fn filled(whole: &Question, value: &Value) -> Option<Value> {
    let (subset, superset) = (&whole.subset, &whole.superset);
    let (from, to) = (validator(subset)?, validator(superset)?);
    let proves = |value: &Value| from.is_valid(value) && !to.is_valid(value);
    if proves(value) {
        return Some(value.clone());
    }
    let mut walk = Walk::new(subset, superset);
    let sampler = Sampler::new(subset, &[], sample::MUCH);
    let ways = ways(&walk, subset);
    let mut fillings = ways.iter().filter_map(|way| filling(way, &sampler, value));
    fillings.find(proves).or_else(|| {
        let mut near = aim::values(&mut walk).into_iter();
        near.find(proves)
    })
}

/// The schemas that hold together, for each choice of alternatives.
fn ways<'s>(walk: &Walk<'s>, schema: &'s Value) -> Vec<Whole<'s>> {
    let mut done = Vec::new();
    let mut waiting = vec![walk.whole(vec![schema])];
    while let Some(whole) = waiting.pop() {
        match walk.split(&whole) {
            Some(ways) if waiting.len() + ways.len() <= MAX_WAYS => waiting.extend(ways),
            _ => done.push(whole),
        }
    }
    done
}

/// The value with the smallest ones that fit in place of what it holds.
fn filling(whole: &Whole<'_>, sampler: &Sampler<'_>, value: &Value) -> Option<Value> {
    let least = |schemas: Vec<&Value>, own: &Value| match schemas.as_slice() {
        [] => own.clone(),
        [one] => sampler.first(one).unwrap_or_else(|| own.clone()),
        _ => {
            let all = sampler.first(&json!({ "allOf": schemas }));
            all.unwrap_or_else(|| own.clone())
        }
    };
    match value {
        Value::Object(map) => {
            let at = |(name, own): (&String, &Value)| {
                (name.clone(), least(whole.property(Some(name)), own))
            };
            Some(Value::Object(map.iter().map(at).collect()))
        }
        Value::Array(items) => {
            let at = |own: &Value| least(whole.items(), own);
            Some(items.iter().map(at).collect())
        }
        _ => None,
    }
}
