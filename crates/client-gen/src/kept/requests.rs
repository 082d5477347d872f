//! What a caller may send: upstream's newest word counts.
//!
//! Only what was optional and is no longer listed stays callable for a release, deprecated.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::align::Found;
use super::apply::INLINE;
use super::pairs::pairs;
use super::shape::{self, flattened, kind};
use super::{Cause, Change, ChangeKind, Owner};
use crate::spec::{Operation, Spec, elements, entries, escape};

/// What a comparison of requests comes to.
#[derive(Debug, Default)]
pub(super) struct Asked {
    pub(super) found: Vec<Found>,
    pub(super) changes: Vec<Change>,
}

/// Whether an operation needs the named schema: then it is not for one body to say what it holds.
fn is_used(spec: &Spec, target: &str) -> bool {
    shape::component(target).is_some_and(|name| {
        let operations = spec.operations();
        spec.reach(operations.iter().map(|it| it.node))
            .contains(&name)
    })
}

/// Bodies that pointed at a named schema, which nothing needs any more, and are written out inline.
///
/// They get the name again, and the name gets what the body says.
pub(super) fn references(old: &Spec, new: &Spec) -> Vec<Found> {
    let mut found = Vec::new();
    for (was, is) in pairs(old, new) {
        let Some(is) = is else { continue };
        for (media_type, known) in entries(&was.node["requestBody"]["content"]) {
            let now = &is.node["requestBody"]["content"][media_type]["schema"];
            let Some(target) = shape::target(&known["schema"]) else {
                continue;
            };
            let (Some(named), true) = (new.doc.pointer(&target), now.is_object()) else {
                continue;
            };
            let mut asked = Asked::default();
            let mut seen = BTreeSet::new();
            Pair {
                old: new,
                new,
                operation: is.id(),
                known: &Value::Null,
                docs: "",
            }
            .schemas(named, now, "", &mut asked, &mut seen);
            let is_inline = shape::target(now).is_none();
            if is_inline && asked.changes.is_empty() && !is_used(new, &target) {
                found.push(Found {
                    cause: Cause::References,
                    owner: Owner::Operation(is.id().to_owned()),
                    pointer: format!(
                        "{}/requestBody/content/{}/schema",
                        is.pointer(),
                        escape(media_type)
                    ),
                    value: json!({ "$ref": format!("#{target}"), INLINE: true }),
                });
            }
        }
    }
    found
}

/// Compares requests as they are after the overlay; what is kept is taken from before it.
pub(super) fn compare(
    (old, old_settled): (&Spec, &Spec),
    (new, new_settled): (&Spec, &Spec),
    today: &str,
) -> Asked {
    let mut asked = Asked::default();
    let docs = format!("Deprecated: the service's description of {today} no longer lists it.");
    let mut seen = BTreeSet::new();
    for (was, is) in pairs(old_settled, new_settled) {
        let Some(is) = is else { continue };
        let raw = |spec: &Spec, at: &str| spec.doc.pointer(at).cloned().unwrap_or_default();
        let (raw_was, raw_is) = (raw(old, &was.pointer()), raw(new, &is.pointer()));
        parameters(
            &was,
            &is,
            (&raw_was, &raw_is),
            (old_settled, new_settled),
            &docs,
            &mut asked,
        );
        body(
            &was,
            &is,
            (old, old_settled),
            (new, new_settled),
            &docs,
            &mut asked,
            &mut seen,
        );
    }
    asked
}

fn parameters(
    was: &Operation<'_>,
    is: &Operation<'_>,
    (raw_was, raw_is): (&Value, &Value),
    (old, new): (&Spec, &Spec),
    docs: &str,
    asked: &mut Asked,
) {
    let same = |a: &Value, b: &Value| a["name"] == b["name"] && a["in"] == b["in"];
    let at = |operation: &Operation<'_>, parameter: &Value| {
        format!(
            "{}/parameters/{}",
            operation.pointer(),
            escape(parameter["name"].as_str().unwrap_or_default())
        )
    };
    let change = |kind: ChangeKind, pointer: String, was_text: &str, is_text: &str| Change {
        kind,
        operation: was.id().to_owned(),
        pointer,
        was: was_text.to_owned(),
        is: is_text.to_owned(),
    };
    let mut lost = false;
    for known in elements(&was.node["parameters"]) {
        let known = old.resolve(known);
        let Some(now) = elements(&is.node["parameters"])
            .map(|it| new.resolve(it))
            .find(|it| same(it, known))
        else {
            if known["in"] == "path" {
                continue;
            }
            lost = true;
            if known["required"] == true {
                asked.changes.push(change(
                    ChangeKind::Removed,
                    at(was, known),
                    "a required parameter",
                    "nothing",
                ));
            }
            continue;
        };
        if known["required"] != true && now["required"] == true {
            asked.changes.push(change(
                ChangeKind::BecameRequired,
                at(is, now),
                "optional",
                "required",
            ));
        }
        let mut seen = BTreeSet::new();
        Pair {
            old,
            new,
            operation: was.id(),
            known: &Value::Null,
            docs,
        }
        .schemas(
            &known["schema"],
            &now["schema"],
            &at(is, now),
            asked,
            &mut seen,
        );
    }
    for now in elements(&is.node["parameters"]).map(|it| new.resolve(it)) {
        let is_new = !elements(&was.node["parameters"])
            .map(|it| old.resolve(it))
            .any(|it| same(it, now));
        if is_new && now["required"] == true && now["in"] != "path" {
            asked.changes.push(change(
                ChangeKind::BecameRequired,
                at(is, now),
                "nothing",
                "required",
            ));
        }
    }
    if !lost {
        return;
    }
    for known in elements(&raw_was["parameters"]) {
        let gone = !elements(&raw_is["parameters"]).any(|it| same(it, known));
        if gone && known["in"] != "path" && known["required"] != true && known.get("$ref").is_none()
        {
            asked.found.push(Found {
                cause: Cause::Requests,
                owner: Owner::Operation(is.id().to_owned()),
                pointer: at(is, known),
                value: deprecated(known, docs),
            });
        }
    }
}

/// The same with the reason in its docs.
fn deprecated(value: &Value, docs: &str) -> Value {
    let mut value = value.clone();
    let words = value["description"].as_str().unwrap_or_default();
    if !words.starts_with("Deprecated: ") {
        value["description"] = format!("{docs} {words}").trim().into();
    }
    value
}

fn body(
    was: &Operation<'_>,
    is: &Operation<'_>,
    (old, old_settled): (&Spec, &Spec),
    (new, new_settled): (&Spec, &Spec),
    docs: &str,
    asked: &mut Asked,
    seen: &mut BTreeSet<(String, String)>,
) {
    let at = format!("{}/requestBody", is.pointer());
    let change = |kind: ChangeKind, pointer: &str, was_text: &str, is_text: &str| Change {
        kind,
        operation: was.id().to_owned(),
        pointer: pointer.to_owned(),
        was: was_text.to_owned(),
        is: is_text.to_owned(),
    };
    let (known, now) = (&was.node["requestBody"], &is.node["requestBody"]);
    match (known.is_object(), now.is_object()) {
        (false, false) => {}
        (false, true) => {
            if now["required"] == true {
                asked.changes.push(change(
                    ChangeKind::BecameRequired,
                    &at,
                    "no body",
                    "a required body",
                ));
            }
        }
        (true, false) => {
            let raw = old.doc.pointer(&format!("{}/requestBody", was.pointer()));
            asked.found.extend(raw.map(|raw| Found {
                cause: Cause::Requests,
                owner: Owner::Operation(is.id().to_owned()),
                pointer: at,
                value: raw.clone(),
            }));
        }
        (true, true) => {
            if known["required"] != true && now["required"] == true {
                asked.changes.push(change(
                    ChangeKind::BecameRequired,
                    &at,
                    "an optional body",
                    "a required body",
                ));
            }
            for (media_type, known) in entries(&known["content"]) {
                let at = format!("{at}/content/{}", escape(media_type));
                let Some(now) = now["content"].get(media_type) else {
                    asked.changes.push(change(
                        ChangeKind::Removed,
                        &at,
                        media_type,
                        "another media type",
                    ));
                    continue;
                };
                Pair {
                    old: old_settled,
                    new: new_settled,
                    operation: is.id(),
                    known: &new.doc,
                    docs,
                }
                .schemas(
                    &known["schema"],
                    &now["schema"],
                    &format!("{at}/schema"),
                    asked,
                    seen,
                );
            }
        }
    }
}

/// Two documents whose request schemas are compared.
struct Pair<'a> {
    old: &'a Spec,
    new: &'a Spec,
    operation: &'a str,
    /// The document before the overlay: only what has a place there can be kept.
    known: &'a Value,
    docs: &'a str,
}

impl Pair<'_> {
    fn change(&self, kind: ChangeKind, pointer: &str, was: &str, is: &str) -> Change {
        Change {
            kind,
            operation: self.operation.to_owned(),
            pointer: pointer.to_owned(),
            was: was.to_owned(),
            is: is.to_owned(),
        }
    }

    fn schemas(
        &self,
        was: &Value,
        is: &Value,
        at: &str,
        asked: &mut Asked,
        seen: &mut BTreeSet<(String, String)>,
    ) {
        let (mut at, mut owner) = (at.to_owned(), Owner::Operation(self.operation.to_owned()));
        if let Some(target) = shape::target(is) {
            let pair = (
                shape::target(was).unwrap_or_else(|| at.clone()),
                target.clone(),
            );
            if !seen.insert(pair) {
                return;
            }
            if let Some(name) = shape::component(&target) {
                owner = Owner::Component(name);
            }
            at = target;
        }
        let was = flattened(self.old, self.old.resolve(was), 0);
        let is = flattened(self.new, self.new.resolve(is), 0);
        if shape::is_open(&was) || shape::is_free(&is) {
            return;
        }
        for key in ["oneOf", "anyOf"] {
            if let (Some(known), Some(now)) = (was[key].as_array(), is[key].as_array()) {
                for (index, (known, now)) in known.iter().zip(now).enumerate() {
                    self.schemas(known, now, &format!("{at}/{key}/{index}"), asked, seen);
                }
                if known.len() > now.len() {
                    let text = format!("{} alternatives", known.len());
                    asked.changes.push(self.change(
                        ChangeKind::ValueRefused,
                        &at,
                        &text,
                        &format!("{}", now.len()),
                    ));
                }
            }
        }
        if let (Some(old), Some(new)) = (kind(&was), kind(&is))
            && old != new
            && (old, new) != ("integer", "number")
        {
            asked
                .changes
                .push(self.change(ChangeKind::Type, &at, old, new));
            return;
        }
        if let Some(now) = is["enum"].as_array() {
            let refused: Vec<String> = match was["enum"].as_array() {
                Some(known) => known
                    .iter()
                    .filter(|it| !now.contains(it))
                    .map(ToString::to_string)
                    .collect(),
                None => vec!["any value".to_owned()],
            };
            if !refused.is_empty() {
                let listed: Vec<String> = now.iter().map(ToString::to_string).collect();
                asked.changes.push(self.change(
                    ChangeKind::ValueRefused,
                    &at,
                    &refused.join(", "),
                    &listed.join(", "),
                ));
            }
        }
        self.members((&was, &is), (&at, &owner), asked, seen);
    }

    /// Compares properties and items.
    fn members(
        &self,
        (was, is): (&Value, &Value),
        (at, owner): (&str, &Owner),
        asked: &mut Asked,
        seen: &mut BTreeSet<(String, String)>,
    ) {
        for (name, known) in entries(&was["properties"]) {
            let below = format!("{at}/properties/{}", escape(name));
            if let Some(now) = is["properties"].get(name) {
                self.schemas(known, now, &below, asked, seen);
            } else if elements(&was["required"]).any(|it| it == name) {
                asked.changes.push(self.change(
                    ChangeKind::Removed,
                    &below,
                    "a required property",
                    "nothing",
                ));
            } else if self.known.pointer(at).is_some() {
                asked.found.push(Found {
                    cause: Cause::Requests,
                    owner: owner.clone(),
                    pointer: below,
                    value: deprecated(known, self.docs),
                });
            }
        }
        for name in elements(&is["required"]).filter_map(Value::as_str) {
            if !elements(&was["required"]).any(|it| it == name) {
                let pointer = format!("{at}/properties/{}", escape(name));
                let known = if was["properties"].get(name).is_some() {
                    "optional"
                } else {
                    "nothing"
                };
                asked.changes.push(self.change(
                    ChangeKind::BecameRequired,
                    &pointer,
                    known,
                    "required",
                ));
            }
        }
        if let (Some(known), Some(now)) = (was.get("items"), is.get("items")) {
            self.schemas(known, now, &format!("{at}/items"), asked, seen);
        }
    }
}
