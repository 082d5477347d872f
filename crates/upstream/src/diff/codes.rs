//! Result codes as a table keyed by number, and what a document says about them twice.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use client_gen::lint::code_examples as examples;
use client_gen::rules::Rules;
use client_gen::spec::Spec;
use heck::ToPascalCase as _;

use super::finding::{Effect, Finding, Impact, Remedy};
use super::side::OVERLAY;

/// Where an operation lists its result codes.
const EXTENSION: &str = "x-aitoearn-backend";

/// What must be known of this API to find its codes.
pub(crate) fn rules() -> Rules {
    Rules {
        codes: Some(EXTENSION.to_owned()),
        ..Rules::default()
    }
}

/// A code and where it is documented.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Code {
    /// Its name, if the document has one.
    pub(crate) name: Option<String>,
    /// Operations that may answer it, as `METHOD /path`.
    pub(crate) operations: BTreeSet<String>,
}

/// Every code that a document uses.
pub(crate) fn table(spec: &Spec) -> BTreeMap<i64, Code> {
    let rules = rules();
    let mut table: BTreeMap<i64, Code> = BTreeMap::new();
    for operation in spec.operations() {
        let place = format!("{} {}", operation.method.to_uppercase(), operation.path);
        for example in examples(operation.node) {
            if let Some(code) = example.value["code"].as_i64().filter(|code| *code != 0) {
                let entry = table.entry(code).or_default();
                entry.operations.insert(place.clone());
                let name = example.key.trim_end_matches(|c: char| c.is_ascii_digit());
                if name.len() < example.key.len() {
                    entry.name.get_or_insert_with(|| name.to_pascal_case());
                }
            }
        }
        for code in rules.listed_codes(operation.node) {
            if let Some(number) = code["code"].as_i64() {
                let entry = table.entry(number).or_default();
                entry.operations.insert(place.clone());
                if let Some(name) = code["name"].as_str() {
                    // The extension is the service's own list; a key of an example is a guess.
                    entry.name = Some(name.to_owned());
                }
            }
        }
    }
    table
}

/// What changed in the table; `upstream` is the newer document without what we keep beside it.
pub(crate) fn compare(base: &Spec, revision: &Spec, upstream: &Spec) -> Vec<Finding> {
    let (old, new, stated) = (table(base), table(revision), table(upstream));
    let mut found = Vec::new();
    let name_is_elsewhere = |code: &i64| {
        let name = &old[code].name;
        let mut others = stated.iter().filter(|(other, _)| !old.contains_key(other));
        name.is_some() && others.any(|(_, other)| other.name == *name)
    };
    // A number that is only kept is gone if its name has got another one.
    let gone: Vec<i64> = old
        .keys()
        .filter(|code| {
            !new.contains_key(code) || (!stated.contains_key(code) && name_is_elsewhere(code))
        })
        .copied()
        .collect();
    let mut come: BTreeSet<i64> = new
        .keys()
        .filter(|code| !old.contains_key(code))
        .copied()
        .collect();
    for code in gone {
        let was = &old[&code];
        let successor = come
            .iter()
            .find(|number| was.name.is_some() && new[*number].name == was.name)
            .copied();
        let name = was.name.as_deref().unwrap_or("without a name");
        if let Some(number) = successor {
            come.remove(&number);
            found.push(
                Finding::new(
                    Effect::Meaning,
                    Impact::Breaks,
                    "code-renumbered",
                    format!("{code} {name}"),
                    format!("the code {name} has another number: programs that match {code} no longer recognize it"),
                )
                .change(Some(code.to_string()), Some(number.to_string()))
                .operations(new[&number].operations.iter().cloned())
                .todo(format!("keep both numbers in the registry, and tell users to match {number} as well as {code}")),
            );
        } else {
            found.push(
                Finding::new(
                    Effect::Meaning,
                    Impact::Warning,
                    "code-removed",
                    format!("{code} {name}"),
                    format!("the code {code} is no longer documented; programs that match it still compile"),
                )
                .change(Some(name.to_owned()), None)
                .operations(was.operations.iter().cloned())
                .todo("keep it in the registry; if the service still answers it, keep it in the operations' documentation by the overlay")
                .remedy(keep(revision, code, was)),
            );
        }
    }
    for code in come {
        let is = &new[&code];
        let name = is.name.as_deref().unwrap_or("without a name");
        found.push(
            Finding::new(
                Effect::Meaning,
                Impact::Info,
                "code-added",
                format!("{code} {name}"),
                format!("the code {code} is new; programs get it as a `Code` without a constant"),
            )
            .change(None, Some(name.to_owned()))
            .operations(is.operations.iter().cloned()),
        );
    }
    still_there(&old, &new, &mut found);
    found
}

/// Codes of both documents: renamed, or answered by other operations.
fn still_there(old: &BTreeMap<i64, Code>, new: &BTreeMap<i64, Code>, found: &mut Vec<Finding>) {
    for (code, was) in old {
        let Some(is) = new.get(code) else { continue };
        if let (Some(old_name), Some(new_name)) = (&was.name, &is.name)
            && old_name != new_name
        {
            found.push(
                Finding::new(
                    Effect::Meaning,
                    Impact::Warning,
                    "code-renamed",
                    format!("{code} {new_name}"),
                    format!("the code {code} has another name; its number is what programs match"),
                )
                .change(Some(old_name.clone()), Some(new_name.clone()))
                .operations(is.operations.iter().cloned())
                .todo("rename it in the registry; the constant of the old name goes"),
            );
        }
        let name = is.name.as_deref().unwrap_or("without a name");
        let left: Vec<String> = was.operations.difference(&is.operations).cloned().collect();
        let joined: Vec<String> = is.operations.difference(&was.operations).cloned().collect();
        let word = match (left.is_empty(), joined.is_empty()) {
            (true, true) => continue,
            (false, false) => "moved between operations",
            (true, false) => "is answered by more operations",
            (false, true) => "is answered by fewer operations",
        };
        found.push(
            Finding::new(
                Effect::Meaning,
                Impact::Info,
                "code-moved",
                format!("{code} {name}"),
                format!("the code {code} {word}"),
            )
            .change(
                Some(left.join(", ")).filter(|text| !text.is_empty()),
                Some(joined.join(", ")).filter(|text| !text.is_empty()),
            ),
        );
    }
}

/// An overlay action that keeps a code documented where it was.
fn keep(revision: &Spec, code: i64, was: &Code) -> Option<Remedy> {
    let places: Vec<String> = revision
        .operations()
        .iter()
        .filter(|operation| {
            let place = format!("{} {}", operation.method.to_uppercase(), operation.path);
            was.operations.contains(&place) && operation.node[EXTENSION]["responseCodes"].is_array()
        })
        .map(|operation| {
            format!(
                "$.paths['{}'].{}",
                operation.path.replace('\'', "\\'"),
                operation.method
            )
        })
        .collect();
    let name = was.name.as_ref()?;
    if places.is_empty() {
        return None;
    }
    let mut actions = String::new();
    for place in &places {
        let _ = write!(
            actions,
            "  - target: {place}['{EXTENSION}']\n    description: The service still answers it, although upstream no longer says so.\n    update: {{ responseCodes: [{{ name: {name}, code: {code} }}] }}\n"
        );
    }
    Some(Remedy {
        file: OVERLAY,
        under: "actions:, before the others",
        text: actions,
    })
}
