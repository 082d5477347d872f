//! The overlay: our corrections to upstream's facts.
//!
//! An [Overlay 1.0](https://spec.openapis.org/overlay/v1.0.0.html) document.
//! Each action names its targets with `JSONPath` and carries a reason in its
//! `description`. An action that matches nothing is an error: upstream moved
//! what it was meant for, and a correction lost in silence is a bug in users'
//! hands.

use saphyr::{LoadableYamlNode, ScalarOwned, YamlOwned};
use saphyr_parser::{Event, Parser};
use serde_json::{Map, Value};
use serde_json_path::JsonPath;

use crate::problem::{Problem, Problems, Result};
use crate::reader::{self, MAX_DEPTH};
use crate::report::{About, Report};
use crate::spec::{Spec, check_depth};

/// A parsed overlay.
#[derive(Debug)]
pub struct Overlay {
    file: String,
    actions: Vec<Action>,
}

#[derive(Debug)]
struct Action {
    place: String,
    target: String,
    path: JsonPath,
    reason: String,
    change: Change,
}

#[derive(Debug)]
enum Change {
    Update(Value),
    Remove,
}

impl Overlay {
    /// Reads an overlay document (YAML or JSON).
    pub fn parse(text: &str, file: &str) -> Result<Self> {
        let bad = |what: String, fix: &str| Problem::new(file, what, fix);
        let document = yaml(text, file)?;
        if !document["overlay"]
            .as_str()
            .is_some_and(|version| version.starts_with("1.0"))
        {
            return Err(bad(
                "this is not an Overlay 1.0 document".to_owned(),
                "start it with `overlay: 1.0.0`",
            )
            .into());
        }
        let Some(nodes) = document["actions"].as_array() else {
            return Err(bad(
                "this is not one YAML document with a list of `actions`".to_owned(),
                "put all actions under one `actions:`",
            )
            .into());
        };
        let mut actions = Vec::new();
        let mut problems = Vec::new();
        for (index, node) in nodes.iter().enumerate() {
            match Action::parse(node, format!("{file}, action {}", index + 1)) {
                Ok(action) => actions.push(action),
                Err(problem) => problems.push(problem),
            }
        }
        Problems::none_or(problems)?;
        Ok(Self {
            file: file.to_owned(),
            actions,
        })
    }

    /// How many actions there are.
    pub fn count(&self) -> usize {
        self.actions.len()
    }

    /// Applies one action, counted from 0; returns the places that it matched.
    pub fn step(&self, index: usize, spec: &mut Spec) -> Vec<String> {
        let Some(action) = self.actions.get(index) else {
            return Vec::new();
        };
        let targets = action.targets(&spec.doc);
        action.change.apply(&mut spec.doc, &targets);
        targets
    }

    /// The places that an action matches.
    pub fn targets(&self, index: usize, spec: &Spec) -> Vec<String> {
        let action = self.actions.get(index);
        action.map_or_else(Vec::new, |action| action.targets(&spec.doc))
    }

    /// Makes an action's change at places of the caller's.
    pub fn at(&self, index: usize, spec: &mut Spec, pointers: &[String]) {
        if let Some(action) = self.actions.get(index) {
            action.change.apply(&mut spec.doc, pointers);
        }
    }

    /// Whether an action would change nothing at this value.
    pub fn is_said(&self, index: usize, value: &Value) -> bool {
        let Some(Change::Update(update)) = self.actions.get(index).map(|it| &it.change) else {
            return false;
        };
        let mut merged = value.clone();
        merge(&mut merged, update);
        merged == *value
    }

    /// Applies every action, in order.
    pub fn apply(&self, spec: &mut Spec, report: &mut Report) -> Result<()> {
        report.section(
            "overlay",
            &format!(
                "Corrections to upstream's facts, each with its reason in `{}`.",
                self.file
            ),
        );
        let mut problems = Vec::new();
        for action in &self.actions {
            let targets = action.targets(&spec.doc);
            if targets.is_empty() {
                problems.push(Problem::new(
                    &action.place,
                    format!("the target `{}` matches nothing in the document", action.target),
                    "upstream moved or removed it: adapt the target, or delete the action if its reason is gone",
                ));
                continue;
            }
            if !action.change.apply(&mut spec.doc, &targets) {
                report.warn(About::Overlay, format!(
                    "overlay action `{}` changes nothing: upstream says it now; remove the action",
                    action.target
                ));
            }
            let verb = match action.change {
                Change::Update(_) => "updated",
                Change::Remove => "removed",
            };
            report.line(format!(
                "{verb} {} × `{}`: {}",
                targets.len(),
                action.target,
                action.reason
            ));
        }
        Problems::none_or(problems)?;
        // Updates go into updates.
        check_depth(&spec.doc, &self.file)
    }
}

impl Change {
    /// Makes the change at every pointer; false if it left all as it was.
    fn apply(&self, doc: &mut Value, pointers: &[String]) -> bool {
        let mut changed = false;
        match self {
            Self::Remove => {
                remove(doc, pointers);
                changed = true;
            }
            Self::Update(value) => {
                for pointer in pointers {
                    if let Some(target) = doc.pointer_mut(pointer) {
                        let before = target.clone();
                        merge(target, value);
                        changed |= *target != before;
                    }
                }
            }
        }
        changed
    }
}

impl Action {
    /// The places that the action matches.
    fn targets(&self, doc: &Value) -> Vec<String> {
        let mut targets: Vec<String> = Vec::new();
        for location in self.path.query_located(doc).locations() {
            let pointer = location.to_json_pointer();
            // A path may name one place twice; a list is not appended to twice.
            if !targets.contains(&pointer) {
                targets.push(pointer);
            }
        }
        targets
    }

    fn parse(node: &Value, place: String) -> std::result::Result<Self, Problem> {
        let bad = |what: &str, fix: &str| Problem::new(&place, what, fix);
        let target = node["target"]
            .as_str()
            .ok_or_else(|| bad("the action has no `target`", "add a JSONPath"))?;
        check_target(target).map_err(|what| {
            bad(
                &what,
                "name the place by fewer steps, or split the action into several",
            )
        })?;
        let path = JsonPath::parse(target).map_err(|error| {
            bad(
                &format!("the target `{target}` is not a JSONPath: {error}"),
                "see RFC 9535",
            )
        })?;
        let reason = node["description"]
            .as_str()
            .filter(|reason| !reason.trim().is_empty())
            .ok_or_else(|| {
                bad(
                    "the action gives no reason",
                    "add a `description` that says why",
                )
            })?;
        let change = match (node.get("update"), node["remove"].as_bool()) {
            (Some(update), None | Some(false)) => Change::Update(update.clone()),
            (None, Some(true)) if target.trim() != "$" => Change::Remove,
            _ => {
                return Err(bad(
                    "the action must either update something or remove a part",
                    "give `update: …` or `remove: true`",
                ));
            }
        };
        Ok(Self {
            target: target.to_owned(),
            path,
            reason: reason.split_whitespace().collect::<Vec<_>>().join(" "),
            change,
            place,
        })
    }
}

/// Characters that a target may have, brackets inside brackets, and steps to everything below.
const TARGET: (usize, usize, usize) = (4096, 16, 3);

/// Refuses a target that would lead its parser too deep, or its search through the document too often.
fn check_target(target: &str) -> std::result::Result<(), String> {
    let (length, depth, descents) = TARGET;
    if target.len() > length {
        return Err(format!("the target has more than {length} bytes"));
    }
    let (mut open, mut deepest, mut quote) = (0_usize, 0, None);
    let mut characters = target.chars();
    let mut bare = String::new();
    while let Some(c) = characters.next() {
        match (quote, c) {
            (Some(_), '\\') => {
                characters.next();
            }
            (Some(end), c) if c == end => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, c) => {
                match c {
                    '[' | '(' => open += 1,
                    ']' | ')' => open = open.saturating_sub(1),
                    _ => {}
                }
                bare.push(c);
            }
        }
        deepest = deepest.max(open);
    }
    if deepest > depth {
        return Err(format!(
            "the target nests brackets deeper than {depth} levels"
        ));
    }
    if bare.matches("..").count() > descents {
        return Err(format!(
            "the target has more than {descents} steps to everything below (`..`)"
        ));
    }
    Ok(())
}

/// Refuses YAML that nests deeper than JSON may, and aliases, by which a small text becomes a large one.
fn check_nesting(text: &str) -> std::result::Result<(), String> {
    let mut depth = 0_usize;
    let mut parser = Parser::new_from_str(text);
    while let Some(Ok((event, span))) = parser.next_event() {
        match event {
            Event::SequenceStart(..) | Event::MappingStart(..) => depth += 1,
            Event::SequenceEnd | Event::MappingEnd => depth = depth.saturating_sub(1),
            Event::Alias(_) => {
                return Err(format!(
                    "line {}: an alias, which JSON does not have",
                    span.start.line()
                ));
            }
            _ => {}
        }
        if depth > MAX_DEPTH {
            return Err(format!(
                "line {}: it nests deeper than {MAX_DEPTH} levels",
                span.start.line()
            ));
        }
    }
    // What cannot be parsed at all is named by who parses it.
    Ok(())
}

/// Lists of JSON Schema in which nothing may be twice.
const SETS: [&str; 2] = ["enum", "required"];

/// Overlay 1.0: objects merge, arrays are appended to, anything else is replaced.
///
/// What a set has already is not appended to it: an action that restores what a document may say
/// anyway leaves such a document as it is.
fn merge(target: &mut Value, update: &Value) {
    match (target, update) {
        (Value::Object(target), Value::Object(update)) => {
            for (key, value) in update {
                match (target.get_mut(key), value) {
                    (Some(Value::Array(present)), Value::Array(more))
                        if SETS.contains(&key.as_str()) =>
                    {
                        for item in more {
                            if !present.contains(item) {
                                present.push(item.clone());
                            }
                        }
                    }
                    (Some(present), _) => merge(present, value),
                    (None, _) => {
                        target.insert(key.clone(), value.clone());
                    }
                }
            }
        }
        (Value::Array(target), Value::Array(update)) => target.extend(update.iter().cloned()),
        (Value::Array(target), update) => target.push(update.clone()),
        (target, update) => *target = update.clone(),
    }
}

/// Marks all targets first, so that no removal moves another one's index.
fn remove(doc: &mut Value, pointers: &[String]) {
    let gone = Value::from("\u{0}removed by an overlay");
    for pointer in pointers {
        if let Some(target) = doc.pointer_mut(pointer) {
            *target = gone.clone();
        }
    }
    for pointer in pointers {
        let parent = pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
        match doc.pointer_mut(parent) {
            Some(Value::Object(object)) => object.retain(|_, value| *value != gone),
            Some(Value::Array(array)) => array.retain(|value| *value != gone),
            _ => {}
        }
    }
}

/// Reads a text of one YAML document that JSON could express as well.
pub(crate) fn yaml(text: &str, file: &str) -> Result<Value> {
    let bad = |what: String, fix: &str| Problem::new(file, what, fix);
    let text = reader::unmarked(text);
    check_nesting(text).map_err(|what| bad(what, "use plain mappings, lists and scalars"))?;
    let documents = YamlOwned::load_from_str(text).map_err(|error| {
        bad(
            format!("this is not YAML: {error}"),
            "mend the syntax at the line it names",
        )
    })?;
    if documents.len() > 1 {
        return Err(bad(
            "this is not one YAML document but several".to_owned(),
            "put everything into one document, without `---` between",
        )
        .into());
    }
    documents
        .first()
        .map_or(Ok(Value::Null), to_json)
        .map_err(|what| bad(what, "use plain mappings, lists and scalars").into())
}

fn to_json(node: &YamlOwned) -> std::result::Result<Value, String> {
    Ok(match node {
        YamlOwned::Value(scalar) => match scalar {
            ScalarOwned::Null => Value::Null,
            ScalarOwned::Boolean(value) => (*value).into(),
            ScalarOwned::Integer(value) => (*value).into(),
            ScalarOwned::FloatingPoint(value) => value.into_inner().into(),
            ScalarOwned::String(value) => value.as_str().into(),
        },
        YamlOwned::Sequence(items) => items
            .iter()
            .map(to_json)
            .collect::<std::result::Result<_, _>>()?,
        YamlOwned::Mapping(mapping) => {
            let mut object = Map::new();
            for (key, value) in mapping {
                let key = match to_json(key)? {
                    Value::String(key) => key,
                    Value::Number(key) => key.to_string(),
                    other => return Err(format!("a mapping key is not a string: {other}")),
                };
                object.insert(key, to_json(value)?);
            }
            Value::Object(object)
        }
        other => return Err(format!("a YAML feature that JSON does not have: {other:?}")),
    })
}

#[cfg(test)]
mod tests;
