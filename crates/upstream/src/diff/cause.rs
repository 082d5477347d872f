//! One cause, however many places it has.
//!
//! An edit of a generator upstream changes hundreds of places in the same way. A person decides
//! about the edit, so reports show causes and fold the places; programs get every finding.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::finding::{Effect, Finding, Impact, Undone};

/// Findings that differ in their place only.
#[derive(Debug)]
pub struct Cause<'a> {
    /// Never empty.
    findings: Vec<&'a Finding>,
}

/// Places that are named before they are only counted.
const NAMED: usize = 6;

impl<'a> Cause<'a> {
    /// One of them, for what all have in common.
    pub fn first(&self) -> &'a Finding {
        self.findings[0]
    }

    /// All of them.
    pub fn findings(&self) -> &[&'a Finding] {
        &self.findings
    }

    /// How many places there are.
    pub fn count(&self) -> usize {
        self.findings.len()
    }

    /// What happened, in one sentence.
    pub fn what(&self) -> String {
        let first = self.first();
        match self.findings.as_slice() {
            [only] => only.what.clone(),
            all if all.iter().all(|other| other.what == first.what) => first.what.clone(),
            all => plural(&first.id, all.len())
                .unwrap_or_else(|| format!("{} of {}", all.len(), first.id.replace('-', " "))),
        }
    }

    /// The places: few by name, many by the operation or type that they are in.
    pub fn places(&self) -> String {
        if self.findings.len() <= NAMED {
            let all: Vec<&str> = self.findings.iter().map(|f| f.place.as_str()).collect();
            return all.join("; ");
        }
        let mut heads: BTreeMap<&str, usize> = BTreeMap::new();
        for finding in &self.findings {
            *heads.entry(head(&finding.place)).or_default() += 1;
        }
        let mut heads: Vec<(&str, usize)> = heads.into_iter().collect();
        // Stable, so that equal counts stay in the order of their names.
        heads.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let named = heads.iter().take(NAMED).map(|(head, count)| match count {
            1 => (*head).to_owned(),
            count => format!("{head} ({count})"),
        });
        let mut text = named.collect::<Vec<_>>().join("; ");
        let rest: usize = heads.iter().skip(NAMED).map(|(_, count)| count).sum();
        if rest > 0 {
            let _ = write!(text, "; {rest} more");
        }
        text
    }
}

/// What a place is a part of: its operation, type or file.
fn head(place: &str) -> &str {
    let cut = [": ", ", "]
        .iter()
        .filter_map(|mark| place.find(mark))
        .min()
        .unwrap_or(place.len());
    let place = &place[..cut];
    // A path has dots and numbers of its own; a file's line is told from it.
    if place.contains('/') {
        return match place.rsplit_once(':') {
            Some((file, line)) if line.bytes().all(|b| b.is_ascii_digit()) => file,
            _ => place,
        };
    }
    let start = place.find("::").map_or(0, |at| at + 2);
    let end = place[start..].find(['.', ' ', ':']);
    end.map_or(place, |end| &place[..start + end])
}

/// Rolls findings up; they come by effect, then worst first, and so do the causes.
pub(crate) fn causes(findings: &[Finding]) -> Vec<Cause<'_>> {
    type Key<'a> = (
        Effect,
        std::cmp::Reverse<Impact>,
        &'a str,
        Option<Undone>,
        Option<&'a str>,
    );
    let mut order: Vec<Key<'_>> = Vec::new();
    let mut groups: BTreeMap<Key<'_>, Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        let decided = finding.acknowledged.as_ref().map(|it| it.reason.as_str());
        let key: Key<'_> = (
            finding.effect,
            std::cmp::Reverse(finding.impact),
            &finding.id,
            finding.undone,
            decided,
        );
        let group = groups.entry(key).or_default();
        if group.is_empty() {
            order.push(key);
        }
        group.push(finding);
    }
    let mut causes: Vec<Cause<'_>> = order
        .into_iter()
        .filter_map(|key| groups.remove(&key))
        .map(|findings| Cause { findings })
        .collect();
    // Within an effect and an impact, what has most places first.
    causes.sort_by_key(|cause| {
        let first = cause.first();
        (
            first.effect,
            std::cmp::Reverse(first.impact),
            std::cmp::Reverse(cause.count()),
        )
    });
    causes
}

/// What several findings of one kind say together, where their sentences name the thing.
fn plural(id: &str, n: usize) -> Option<String> {
    let words = match id {
        "acknowledgement-unused" => "acknowledgements fit nothing that changed",
        "acknowledgement-settled" => {
            "acknowledgements were for an earlier change, which has happened again"
        }
        "acknowledgement-refused" => "acknowledgements accept what cannot be accepted",
        "acknowledgement-expired" => "acknowledgements have ended",
        "required-field-vanished" => {
            "fields that shipped binaries cannot read an answer without are no longer described"
        }
        "required-field-became-optional" => {
            "fields that shipped binaries cannot read an answer without may be left out"
        }
        "field-type-changed" => "fields have another type",
        "closed-enum-grew" => {
            "new values in lists that are closed: shipped binaries cannot read them"
        }
        "answer-changed" => "answers are read as another type by shipped binaries",
        "envelope-changed" => "answers have an envelope of another shape",
        "code-renumbered" => "codes have another number",
        "code-removed" => "codes are no longer documented",
        "code-added" => "codes are new",
        "code-without-example" => "codes are listed and no example shows them",
        "code-only-in-example" => "codes are shown by an example and not listed",
        "example-key-contradicts-code" => "examples are called by another code than they show",
        "code-moved" => "codes are answered by other operations",
        "does-not-compile" => "errors of the compiler in our own code",
        "operation-without-wrapper" => "new operations have no method in the crate aitoearn yet",
        "request-added" => "new operations get a method in the crate aitoearn",
        "wrapper-without-operation" => "wrappers call an operation that is gone",
        "wrapper-of-changed-method" => {
            "wrappers call a method that takes or returns something else now"
        }
        "use-of-changed-type" => "uses of what has changed in our own crates",
        "overlay-action-without-target" => "overlay actions match nothing any more",
        "overlay-action-not-needed" => "overlay actions change nothing any more",
        "names-entry-without-use" => "entries of names.toml name nothing any more",
        "code-not-in-registry" => "codes are missing from the registry",
        "component-renamed" => "files of ours speak of a component by its former name",
        "generation-fails" => "reasons why a side cannot be generated",
        "method-removed" => "methods are gone",
        "method-renamed" => "methods have another name",
        "method-added" => "methods are new",
        "method-arguments-changed" => "methods take other arguments",
        "method-argument-renamed" => {
            "methods have an argument of another name, which callers do not see"
        }
        "method-result-changed" => "methods return something else",
        "type-removed" => "types are gone",
        "type-renamed" => "types have another name",
        "type-added" => "types are new",
        "type-kind-changed" => "types turned from struct to enum or back",
        "field-removed" => "fields are gone",
        "field-added" => "fields are new",
        "field-wire-name-changed" => "fields keep their name in Rust and have another one in JSON",
        "struct-became-non-exhaustive" => "structs can no longer be built by callers",
        "variant-removed" => "variants are gone",
        "variant-changed" => "variants stand for something else",
        "variant-added" => "variants are new",
        "enum-closed" => "enums no longer keep values that they do not know",
        "reference-dropped" => "answers no longer point at a schema that still exists",
        _ => return None,
    };
    Some(format!("{n} {words}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(id: &str, place: &str) -> Finding {
        Finding::new(
            Effect::Wire,
            Impact::Breaks,
            id,
            place,
            format!("about {place}"),
        )
    }

    #[test]
    fn one_cause_at_many_places_is_one_cause() {
        let findings: Vec<Finding> = (0..9)
            .map(|n| finding("variant-removed", &format!("types::Color::N{n}")))
            .chain([finding("type-added", "types::Shade")])
            .collect();
        let causes = causes(&findings);
        assert_eq!(causes.len(), 2);
        assert_eq!(causes[0].count(), 9);
        assert_eq!(causes[0].what(), "9 variants are gone");
        assert_eq!(causes[1].what(), "about types::Shade");
    }

    #[test]
    fn what_a_project_accepted_is_a_cause_apart() {
        let mut findings = vec![finding("x", "a"), finding("x", "b")];
        findings[1].acknowledged = Some(super::super::finding::Accepted {
            reason: "agreed".to_owned(),
            until: None,
        });
        assert_eq!(causes(&findings).len(), 2);
    }

    #[test]
    fn many_places_are_counted_by_what_they_are_in() {
        let places = [
            ("GET /pets: response 200 data.owner", "GET /pets"),
            ("Pet.owner.name", "Pet"),
            ("crates/a/src/lib.rs:12", "crates/a/src/lib.rs"),
            ("openapi/names.toml, [types] \"A.b\"", "openapi/names.toml"),
            ("types::Account.uid", "types::Account"),
            ("types::Color::Red", "types::Color"),
            ("12600 AccountNotFound", "12600"),
        ];
        for (place, expected) in places {
            assert_eq!(head(place), expected);
        }
        let findings: Vec<Finding> = ["A.a", "A.b", "B.a", "C.a", "D.a", "E.a", "F.a", "G.a"]
            .iter()
            .map(|place| finding("x", place))
            .collect();
        assert_eq!(
            causes(&findings)[0].places(),
            "A (2); B; C; D; E; F; 1 more"
        );
    }
}
