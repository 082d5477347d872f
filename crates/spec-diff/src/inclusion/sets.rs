//! The only place that knows the library: its normal form, its answers, its validator.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use jsonschema::canonical::{self, CanonicalSchema, Containment, Satisfiability};
use jsonschema::{Draft, PatternOptions, Validator};
use serde_json::Value;

use super::{Answer, Question, sample, texts};

/// The library follows schemas recursively.
const STACK: usize = 256 << 20;
/// Steps that a pattern may take on one text.
const BACKTRACKS: usize = 100_000;
/// A proof of so many characters needs no smaller one.
const SMALL: usize = 24;

pub(super) fn answers(questions: &[Question]) -> Vec<Answer> {
    if questions.is_empty() {
        return Vec::new();
    }
    let workers = thread::available_parallelism()
        .map_or(1, usize::from)
        .min(questions.len())
        .min(8);
    let mut out: Vec<Answer> = vec![Answer::Unknown; questions.len()];
    thread::scope(|scope| {
        let start = |worker: usize| {
            let mine = move || -> Vec<(usize, Answer)> {
                let all = questions.iter().enumerate().skip(worker).step_by(workers);
                all.map(|(place, question)| (place, guarded(question)))
                    .collect()
            };
            thread::Builder::new()
                .stack_size(STACK)
                .spawn_scoped(scope, mine)
        };
        let running: Vec<_> = (0..workers)
            .filter_map(|worker| start(worker).ok())
            .collect();
        for worker in running {
            for (place, answer) in worker.join().unwrap_or_default() {
                out[place] = answer;
            }
        }
    });
    out
}

/// The documents are untrusted and the library is young: a panic in it is an answer that nobody has.
fn guarded(question: &Question) -> Answer {
    catch_unwind(AssertUnwindSafe(|| answer(question))).unwrap_or(Answer::Unknown)
}

fn answer(question: &Question) -> Answer {
    if question.as_text {
        return answer_as_text(question);
    }
    decide(&question.subset, &question.superset)
}

/// Where both sides have the same kinds of values, they are written the same.
fn answer_as_text(question: &Question) -> Answer {
    let (subset, superset) = (&question.subset, &question.superset);
    let (some, others) = (texts::kinds(subset), texts::kinds(superset));
    let (Some(some), Some(others)) = (some, others) else {
        return decide(subset, superset);
    };
    if some == others {
        return decide(subset, superset);
    }
    // What is included as it is, is so as text.
    if let Answer::Same | Answer::Included = decide(subset, superset) {
        return Answer::Included;
    }
    let written = (texts::written(subset), texts::written(superset));
    let (Some(from), Some(to)) = written else {
        return tried(subset, superset);
    };
    match decide(&from, &to) {
        Answer::Broken(text) if fits_as_text(superset, &text) => tried(subset, superset),
        answer => answer,
    }
}

fn fits_as_text(schema: &Value, text: &Value) -> bool {
    let validator = validator(schema);
    let accepts = |reading: &Value| validator.as_ref().is_some_and(|v| v.is_valid(reading));
    texts::readings(text).iter().any(accepts)
}

/// A text that is written on the one side and not understood on the other, among those that come to mind.
fn tried(subset: &Value, superset: &Value) -> Answer {
    let (Some(from), Some(to)) = (validator(subset), validator(superset)) else {
        return Answer::Unknown;
    };
    for value in sample::values(subset, Some(superset), sample::MUCH) {
        let Some(text) = texts::text_of(&value).map(Value::String) else {
            continue;
        };
        if from.is_valid(&value) && !texts::readings(&text).iter().any(|read| to.is_valid(read)) {
            return Answer::Broken(text);
        }
    }
    Answer::Unknown
}

fn decide(subset: &Value, superset: &Value) -> Answer {
    let (Some(one), Some(other)) = (normal(subset), normal(superset)) else {
        return proved(subset, superset, None);
    };
    match other.covers(&one) {
        Ok(Containment::Yes) => {
            let back = one.covers(&other);
            return if matches!(back, Ok(Containment::Yes)) {
                Answer::Same
            } else {
                Answer::Included
            };
        }
        Ok(Containment::No | Containment::Unknown) | Err(_) => {}
    }
    let rest = one.subtract(&other).ok();
    if rest
        .as_ref()
        .is_some_and(|rest| rest.satisfiability() == Satisfiability::No)
    {
        return Answer::Included;
    }
    proved(
        subset,
        superset,
        rest.map(|rest| rest.to_json_schema()).as_ref(),
    )
}

/// A value of the difference, checked against both sides; the smallest of those that were tried.
fn proved(subset: &Value, superset: &Value, rest: Option<&Value>) -> Answer {
    let (Some(from), Some(to)) = (validator(subset), validator(superset)) else {
        return Answer::Unknown;
    };
    let first = |values: Vec<Value>| {
        let mut tried = values.into_iter();
        tried.find(|value| from.is_valid(value) && !to.is_valid(value))
    };
    for effort in [sample::LITTLE, sample::MUCH] {
        // What is left of a subtraction is near the point, but its samples are not always the smallest.
        let of_rest = rest.and_then(|rest| first(sample::values(rest, None, effort)));
        if let Some(value) = &of_rest
            && value.to_string().len() <= SMALL
        {
            return Answer::Broken(value.clone());
        }
        let of_sides = first(sample::values(subset, Some(superset), effort));
        let found = of_rest.into_iter().chain(of_sides);
        if let Some(value) = found.min_by_key(|value| value.to_string().len()) {
            return Answer::Broken(value);
        }
    }
    Answer::Unknown
}

fn normal(schema: &Value) -> Option<CanonicalSchema> {
    canonical::options()
        .offline()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(false)
        .with_pattern_options(PatternOptions::fancy_regex().backtrack_limit(BACKTRACKS))
        .canonicalize(schema)
        .ok()
}

fn validator(schema: &Value) -> Option<Validator> {
    jsonschema::options()
        .offline()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(false)
        .with_pattern_options(PatternOptions::fancy_regex().backtrack_limit(BACKTRACKS))
        .build(schema)
        .ok()
}
