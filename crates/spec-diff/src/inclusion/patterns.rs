//! Texts that a pattern matches.

use std::collections::BTreeSet;

use regex_syntax::hir::{Class, Hir, HirKind};

/// Texts kept for one part of a pattern.
const KEPT: usize = 6;
/// The longest text that is made.
const LONGEST: usize = 2000;

/// Short texts that the pattern matches, some of them of these lengths; none if it cannot be read.
pub(super) fn matching(pattern: &str, lengths: &BTreeSet<u64>) -> Vec<String> {
    let Ok(hir) = regex_syntax::parse(pattern) else {
        return Vec::new();
    };
    let mut all = texts(&hir, 0);
    for &length in lengths {
        let length = usize::try_from(length).unwrap_or(LONGEST).min(LONGEST);
        let mut near = texts(&hir, length);
        near.sort_by_key(|text| text.chars().count().abs_diff(length));
        all.extend(near.into_iter().take(2));
    }
    all
}

/// Texts for a part; repetitions without an end are stretched to about `length`.
fn texts(hir: &Hir, length: usize) -> Vec<String> {
    let mut all = match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => vec![String::new()],
        HirKind::Literal(literal) => vec![String::from_utf8_lossy(&literal.0).into_owned()],
        HirKind::Class(class) => characters(class),
        HirKind::Capture(capture) => texts(&capture.sub, length),
        HirKind::Concat(parts) => parts.iter().fold(vec![String::new()], |all, part| {
            let more = texts(part, length);
            let joined = all
                .iter()
                .flat_map(|head| more.iter().map(move |tail| format!("{head}{tail}")));
            joined.take(4 * KEPT).collect()
        }),
        HirKind::Alternation(parts) => parts.iter().flat_map(|part| texts(part, length)).collect(),
        HirKind::Repetition(repetition) => {
            let least = repetition.min as usize;
            let most = repetition.max.map_or(LONGEST, |max| max as usize);
            let one = texts(&repetition.sub, 0);
            let mut counts: BTreeSet<usize> = [least, least + 1].into();
            counts.insert(length.clamp(least, most.max(least)));
            if repetition.max.is_some() {
                counts.insert(most);
            }
            counts.retain(|count| *count <= most && *count <= LONGEST);
            let repeat = |count: usize| one.iter().map(move |text| text.repeat(count));
            counts.into_iter().flat_map(repeat).collect()
        }
    };
    all.retain(|text| text.len() <= 4 * LONGEST);
    all.truncate(KEPT * 4);
    all
}

fn characters(class: &Class) -> Vec<String> {
    let Class::Unicode(class) = class else {
        return Vec::new();
    };
    let has = |c: &char| {
        class
            .iter()
            .any(|range| range.start() <= *c && *c <= range.end())
    };
    let mut all: Vec<String> = ['a', '0', 'A', '1', '-', ' ']
        .iter()
        .filter(|c| has(c))
        .map(char::to_string)
        .collect();
    // The ends of ranges are where two classes differ.
    let ends = class.iter().take(KEPT);
    all.extend(ends.flat_map(|range| [range.start().to_string(), range.end().to_string()]));
    all.dedup();
    all.truncate(2 * KEPT);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_texts_and_such_of_a_length() {
        let of = |pattern: &str, length: u64| matching(pattern, &[length].into());
        assert!(of("^[b-z]-[0-9]{2}$", 0).contains(&"b-00".to_owned()));
        assert!(of("^(x|yz)$", 0).contains(&"yz".to_owned()));
        assert!(of("^a*$", 5).contains(&"aaaaa".to_owned()));
        assert!(of("(", 0).is_empty());
    }
}
