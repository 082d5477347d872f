//! The answers to questions, by what costs least first.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use serde_json::Value;

use super::library::{covers, is_empty, normal, rest, validator};
use super::walk::Walk;
use super::{Answer, Question, aim, fill, sample, texts};

/// The library follows schemas recursively.
const STACK: usize = 256 << 20;
/// A proof of so many characters needs no smaller one.
const SMALL: usize = 24;
/// JSON values in both schemas together, beyond which the library is not asked whether one covers the other: it can
/// take seconds, and what it can tell of large schemas the structure mostly shows.
const MAX_COVERED: usize = 1500;
/// The same for what is left of one without the other, which takes far longer.
const MAX_SUBTRACTED: usize = 250;

pub(super) fn answers(questions: &[Question]) -> Vec<Answer> {
    let all = each(questions, answer).into_iter();
    all.map(|answer| answer.unwrap_or(Answer::Unknown))
        .collect()
}

pub(super) fn completed(questions: &[(Question, Value)]) -> Vec<Answer> {
    let all = each(questions, |(whole, value)| {
        let filled = fill::filled(whole, value);
        filled.map_or_else(|| answer(whole), Answer::Broken)
    });
    let all = all.into_iter();
    all.map(|answer| answer.unwrap_or(Answer::Unknown))
        .collect()
}

/// Works on all of them, on as many processors as there are.
///
/// The documents are untrusted and the library is young: where it panics, there is no result.
fn each<T: Sync, R: Send>(all: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<Option<R>> {
    let workers = thread::available_parallelism()
        .map_or(1, usize::from)
        .min(all.len())
        .min(8);
    let guarded = |one: &T| catch_unwind(AssertUnwindSafe(|| work(one))).ok();
    let mut out: Vec<Option<R>> = all.iter().map(|_| None).collect();
    thread::scope(|scope| {
        let start = |worker: usize| {
            let guarded = &guarded;
            let mine = move || -> Vec<(usize, Option<R>)> {
                let mine = all.iter().enumerate().skip(worker).step_by(workers);
                mine.map(|(place, one)| (place, guarded(one))).collect()
            };
            thread::Builder::new()
                .stack_size(STACK)
                .spawn_scoped(scope, mine)
        };
        let running: Vec<_> = (0..workers)
            .filter_map(|worker| start(worker).ok())
            .collect();
        for worker in running {
            for (place, result) in worker.join().unwrap_or_default() {
                out[place] = result;
            }
        }
    });
    out
}

fn answer(question: &Question) -> Answer {
    if question.as_text {
        return answer_as_text(question);
    }
    decide(&question.subset, &question.superset, question.exact)
}

/// Where both sides have the same kinds of values, they are written the same.
fn answer_as_text(question: &Question) -> Answer {
    let (subset, superset) = (&question.subset, &question.superset);
    let (some, others) = (texts::kinds(subset), texts::kinds(superset));
    let (Some(some), Some(others)) = (some, others) else {
        return decide(subset, superset, question.exact);
    };
    if some == others {
        return decide(subset, superset, question.exact);
    }
    // What is included as it is, is so as text.
    if let Answer::Same | Answer::Included = decide(subset, superset, false) {
        return Answer::Included;
    }
    let written = (texts::written(subset), texts::written(superset));
    let (Some(from), Some(to)) = written else {
        return tried(subset, superset);
    };
    match decide(&from, &to, question.exact) {
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

/// The answer, by what costs least first: the structure, values near what differs, the library, more values.
fn decide(subset: &Value, superset: &Value, exact: bool) -> Answer {
    let mut walk = Walk::new(subset, superset);
    if walk.covers() {
        return if exact {
            same_or_included(subset, superset)
        } else {
            Answer::Included
        };
    }
    let (Some(from), Some(to)) = (validator(subset), validator(superset)) else {
        return Answer::Unknown;
    };
    let first = |values: Vec<Value>| {
        let mut tried = values.into_iter();
        tried.find(|value| from.is_valid(value) && !to.is_valid(value))
    };
    let is_small = |value: &Value| value.to_string().len() <= SMALL;
    let near = first(aim::values(&mut walk));
    if let Some(value) = near.as_ref().filter(|value| is_small(value)) {
        return Answer::Broken(value.clone());
    }
    let any = || first(sample::values(subset, Some(superset), sample::LITTLE));
    let found = near.into_iter().chain(any());
    if let Some(value) = found.min_by_key(|value| value.to_string().len()) {
        return Answer::Broken(value);
    }
    let size = size(subset) + size(superset);
    if size > MAX_COVERED {
        return Answer::Unknown;
    }
    if let (Some(one), Some(other)) = (normal(subset), normal(superset)) {
        if covers(&other, &one) {
            let same = exact && covers(&one, &other);
            return if same { Answer::Same } else { Answer::Included };
        }
        let rest = (size <= MAX_SUBTRACTED).then(|| rest(&one, &other));
        if let Some(rest) = rest.flatten() {
            if is_empty(&rest) {
                return Answer::Included;
            }
            let rest = rest.to_json_schema();
            for effort in [sample::LITTLE, sample::MUCH] {
                if let Some(value) = first(sample::values(&rest, None, effort)) {
                    return Answer::Broken(value);
                }
            }
        }
    }
    let last = first(sample::values(subset, Some(superset), sample::MUCH));
    last.map_or(Answer::Unknown, Answer::Broken)
}

/// Whether what is included is all there is.
fn same_or_included(subset: &Value, superset: &Value) -> Answer {
    let mut back = Walk::new(superset, subset);
    if back.covers() {
        return Answer::Same;
    }
    if let (Some(from), Some(to)) = (validator(superset), validator(subset)) {
        let more = |value: &Value| from.is_valid(value) && !to.is_valid(value);
        if aim::values(&mut back).iter().any(more) {
            return Answer::Included;
        }
    }
    if size(subset) + size(superset) <= MAX_COVERED
        && let (Some(one), Some(other)) = (normal(subset), normal(superset))
        && covers(&one, &other)
    {
        return Answer::Same;
    }
    Answer::Included
}

/// How many values a schema is made of.
fn size(schema: &Value) -> usize {
    match schema {
        Value::Object(map) => 1 + map.values().map(size).sum::<usize>(),
        Value::Array(items) => 1 + items.iter().map(size).sum::<usize>(),
        _ => 1,
    }
}
