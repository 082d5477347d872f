//! Where the schemas of one document are in another.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::pairs::pairs;
use super::shape;
use crate::spec::{Operation, Spec, elements, entries, escape};

/// JSON pointers into the older document, each with where the same thing is in the newer one.
#[derive(Debug, Default)]
pub struct Places(BTreeMap<String, BTreeSet<String>>);

impl Places {
    /// Walks both documents side by side, from every operation that both have.
    pub fn of(old: &Spec, new: &Spec) -> Self {
        let mut places = Self::default();
        let mut seen = BTreeSet::new();
        for (was, is) in pairs(old, new) {
            if let Some(is) = is {
                places.note(&was.pointer(), &is.pointer());
                places.operation((old, new), &was, &is, &mut seen);
            }
        }
        for (name, was) in old.schemas().into_iter().flatten() {
            let at = format!("/components/schemas/{}", escape(name));
            if let Some(is) = new.doc.pointer(&at) {
                places.schemas((old, new), (was, is), (&at, &at), &mut seen);
            }
        }
        places
    }

    /// Where a place is now: by the nearest one above it that is known.
    pub fn now(&self, pointer: &str) -> BTreeSet<String> {
        let mut above = pointer;
        loop {
            if let Some(places) = self.0.get(above) {
                let rest = &pointer[above.len()..];
                // The place of an element says nothing of another list.
                if rest.split('/').any(|step| step.parse::<usize>().is_ok()) {
                    return BTreeSet::new();
                }
                return places.iter().map(|it| format!("{it}{rest}")).collect();
            }
            match above.rsplit_once('/') {
                Some((shorter, _)) if !shorter.is_empty() => above = shorter,
                _ => return BTreeSet::new(),
            }
        }
    }

    fn note(&mut self, was: &str, is: &str) {
        self.0
            .entry(was.to_owned())
            .or_default()
            .insert(is.to_owned());
    }

    fn operation(
        &mut self,
        both: (&Spec, &Spec),
        was: &Operation<'_>,
        is: &Operation<'_>,
        seen: &mut BTreeSet<(String, String)>,
    ) {
        for (index, known) in elements(&was.node["parameters"]).enumerate() {
            let same = |it: &&Value| it["name"] == known["name"] && it["in"] == known["in"];
            let now = elements(&is.node["parameters"])
                .enumerate()
                .find(|(_, it)| same(it));
            if let Some((place, now)) = now {
                let at = [
                    format!("{}/parameters/{index}", was.pointer()),
                    format!("{}/parameters/{place}", is.pointer()),
                ];
                self.note(&at[0], &at[1]);
                let below = at.map(|at| format!("{at}/schema"));
                self.schemas(
                    both,
                    (&known["schema"], &now["schema"]),
                    (&below[0], &below[1]),
                    seen,
                );
            }
        }
        let mut content = |was_at: String, is_at: String, was: &Value, is: &Value| {
            for (media_type, known) in entries(&was["content"]) {
                let now = &is["content"][media_type];
                if now.is_object() {
                    let below = |at: &str| format!("{at}/content/{}/schema", escape(media_type));
                    self.schemas(
                        both,
                        (&known["schema"], &now["schema"]),
                        (&below(&was_at), &below(&is_at)),
                        seen,
                    );
                }
            }
        };
        let body = |it: &Operation<'_>| format!("{}/requestBody", it.pointer());
        content(
            body(was),
            body(is),
            &was.node["requestBody"],
            &is.node["requestBody"],
        );
        for (status, known) in entries(&was.node["responses"]) {
            let at = |it: &Operation<'_>| format!("{}/responses/{}", it.pointer(), escape(status));
            content(at(was), at(is), known, &is.node["responses"][status]);
        }
    }

    fn schemas(
        &mut self,
        both: (&Spec, &Spec),
        (was, is): (&Value, &Value),
        (was_at, is_at): (&str, &str),
        seen: &mut BTreeSet<(String, String)>,
    ) {
        let was_at = shape::target(was).unwrap_or_else(|| was_at.to_owned());
        let is_at = shape::target(is).unwrap_or_else(|| is_at.to_owned());
        if !seen.insert((was_at.clone(), is_at.clone())) {
            return;
        }
        let (was, is) = (both.0.resolve(was), both.1.resolve(is));
        if !was.is_object() || !is.is_object() {
            return;
        }
        self.note(&was_at, &is_at);
        let below = |at: &str, rest: &str| format!("{at}{rest}");
        for (name, known) in entries(&was["properties"]) {
            if let Some(now) = is["properties"].get(name) {
                let rest = format!("/properties/{}", escape(name));
                let at = (below(&was_at, &rest), below(&is_at, &rest));
                self.schemas(both, (known, now), (&at.0, &at.1), seen);
            }
        }
        for key in ["items", "additionalProperties"] {
            if let (Some(known), Some(now)) = (was.get(key), is.get(key)) {
                let rest = format!("/{key}");
                let at = (below(&was_at, &rest), below(&is_at, &rest));
                self.schemas(both, (known, now), (&at.0, &at.1), seen);
            }
        }
        for key in ["oneOf", "anyOf", "allOf"] {
            let both_have = elements(&was[key]).zip(elements(&is[key])).enumerate();
            for (index, (known, now)) in both_have {
                let rest = format!("/{key}/{index}");
                let at = (below(&was_at, &rest), below(&is_at, &rest));
                self.schemas(both, (known, now), (&at.0, &at.1), seen);
            }
        }
    }
}
