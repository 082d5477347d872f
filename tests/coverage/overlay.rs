//! Upstream's document with our corrections, made by other code than the generator's.

use std::collections::HashSet;

use aitoearn_tests::document::{Document, KEPT, OVERLAY, VENDORED, entries};
use saphyr::{LoadableYamlNode as _, Yaml};
use serde_json::{Map, Value};
use serde_json_path::{JsonPath, NormalizedPath};

/// The vendored document with the inputs that stay callable, after all actions of the overlay.
pub(crate) fn corrected() -> Document {
    let mut document = Document::parse(VENDORED);
    keep_inputs(&mut document.0);
    let overlay = Yaml::load_from_str(OVERLAY).expect("the overlay is YAML");
    let overlay = json(&overlay[0]);
    for action in overlay["actions"].as_array().expect("it has actions") {
        let target = action["target"].as_str().expect("an action has a target");
        let path = JsonPath::parse(target).expect(target);
        let mut places: Vec<_> = path
            .query_located(&document.0)
            .locations()
            .map(NormalizedPath::to_json_pointer)
            .collect();
        // A path may name one place twice.
        let mut named = HashSet::new();
        places.retain(|place| named.insert(place.clone()));
        assert!(!places.is_empty(), "`{target}` matches nothing");
        // From the last to the first, so that no removal moves a place still to come.
        for place in places.iter().rev() {
            if action["remove"] == true {
                remove(&mut document.0, place);
            } else {
                let target = document.0.pointer_mut(place).expect(place);
                merge(target, &action["update"]);
            }
        }
    }
    document
}

/// Adds what may still be sent although the document no longer lists it.
fn keep_inputs(document: &mut Value) {
    let kept = Yaml::load_from_str(KEPT).expect("what is kept is YAML");
    let kept = json(&kept[0]);
    let groups = kept["kept"].as_array().expect("it has groups");
    for group in groups.iter().filter(|group| group["cause"] == "requests") {
        for (_, facts) in entries(&group["operations"]) {
            let below = facts["below"].as_str().expect("an operation has a place");
            for (place, value) in entries(facts).filter(|(key, _)| *key != "below") {
                add(document, &format!("{below}{place}"), value);
            }
        }
        for (schema, facts) in entries(&group["schemas"]) {
            for (place, value) in entries(facts) {
                add(
                    document,
                    &format!("/components/schemas/{schema}{place}"),
                    value,
                );
            }
        }
    }
}

fn add(document: &mut Value, place: &str, value: &Value) {
    let (parent, key) = place.rsplit_once('/').expect("not the whole document");
    match document.pointer_mut(parent).expect(parent) {
        Value::Array(list) => list.push(value.clone()),
        Value::Object(object) => {
            let key = key.replace("~1", "/").replace("~0", "~");
            object.entry(key).or_insert_with(|| value.clone());
        }
        other => panic!("`{place}` is in {other}"),
    }
}

fn merge(target: &mut Value, update: &Value) {
    match (target, update) {
        (Value::Object(target), Value::Object(update)) => {
            for (key, value) in update {
                merge(target.entry(key).or_insert(Value::Null), value);
            }
        }
        (Value::Array(target), Value::Array(update)) => target.extend(update.iter().cloned()),
        (target, update) => *target = update.clone(),
    }
}

fn remove(document: &mut Value, place: &str) {
    let (parent, key) = place.rsplit_once('/').expect("not the whole document");
    match document.pointer_mut(parent).expect(parent) {
        Value::Array(list) => {
            list.remove(key.parse().expect("an index"));
        }
        Value::Object(object) => {
            let key = key.replace("~1", "/").replace("~0", "~");
            object.remove(&key).expect(place);
        }
        other => panic!("`{place}` is in {other}"),
    }
}

fn json(yaml: &Yaml<'_>) -> Value {
    if let Some(text) = yaml.as_str() {
        text.into()
    } else if let Some(value) = yaml.as_bool() {
        value.into()
    } else if let Some(value) = yaml.as_integer() {
        value.into()
    } else if let Some(value) = yaml.as_floating_point() {
        value.into()
    } else if yaml.is_null() {
        Value::Null
    } else if let Some(items) = yaml.as_sequence() {
        items.iter().map(json).collect()
    } else if let Some(entries) = yaml.as_mapping() {
        let entries = entries.iter().map(|(key, value)| {
            let key = key.as_str().expect("a key is text");
            (key.to_owned(), json(value))
        });
        Value::Object(entries.collect::<Map<_, _>>())
    } else {
        panic!("neither file has other values: {yaml:?}")
    }
}
