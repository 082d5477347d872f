//! Where a type is used, in its docs: the operations that return and take it, the types that it is part of.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::spec::{Spec, component_of};
use crate::walk;

/// How many places are named; a type that is everywhere is explained by none of them.
const MOST: usize = 6;

/// How wide a line of docs is.
const WIDTH: usize = 96;

/// The code with a paragraph of links below the docs of each type that the document names.
pub(crate) fn linked(code: &str, spec: &Spec) -> String {
    let uses = uses(spec);
    let mut lines: Vec<String> = Vec::new();
    for line in code.lines() {
        if let Some(paragraph) = declared(line).and_then(|name| uses.get(name)) {
            let indent = &line[..line.len() - line.trim_start().len()];
            let docs = wrapped(paragraph)
                .into_iter()
                .map(|text| format!("{indent}/// {text}"));
            let at = end_of_docs(&lines);
            let gap = (at > 0 && is_doc(&lines[at - 1])).then(|| format!("{indent}///"));
            lines.splice(at..at, gap.into_iter().chain(docs));
        }
        lines.push(line.to_owned());
    }
    lines.join("\n") + "\n"
}

/// The name of the type that a line declares.
fn declared(line: &str) -> Option<&str> {
    let rest = line.trim_start();
    let rest = rest
        .strip_prefix("pub struct ")
        .or(rest.strip_prefix("pub enum "))?;
    rest.split(|c: char| !c.is_alphanumeric() && c != '_')
        .next()
}

/// Where the docs of what comes next end: before its attributes, which may have several lines.
fn end_of_docs(lines: &[String]) -> usize {
    let mut at = lines.len();
    while at > 0 && (is_attribute(&lines[at - 1]) || is_inside_attribute(&lines[..at])) {
        at -= 1;
    }
    at
}

fn is_doc(line: &str) -> bool {
    line.trim_start().starts_with("///")
}

fn is_attribute(line: &str) -> bool {
    line.trim_start().starts_with("#[")
}

/// Whether the last of the lines belongs to an attribute that began above it.
fn is_inside_attribute(lines: &[String]) -> bool {
    let is_end = lines.last().is_some_and(|line| line.trim_start() == ")]");
    is_end
        || lines
            .iter()
            .rev()
            .skip(1)
            .find(|line| !line.starts_with("    "))
            .is_some_and(|line| is_attribute(line) && !line.trim_end().ends_with(']'))
}

/// Links to those that use each type, in the order of the document.
type Users = BTreeMap<String, Vec<String>>;

/// Enters a link with every type that a part of the document refers to.
fn enter(users: &mut Users, part: &Value, link: &str) {
    let targets: BTreeSet<&str> = walk::references(part).into_iter().collect();
    for name in targets.into_iter().filter_map(component_of) {
        users.entry(name).or_default().push(link.to_owned());
    }
}

/// What is said of each type that is used somewhere.
fn uses(spec: &Spec) -> BTreeMap<String, String> {
    let (mut returned, mut sent, mut parameters) = (Users::new(), Users::new(), Users::new());
    for operation in spec.operations() {
        let method = operation.id();
        let link = format!("[`{method}`](super::client::Client::{method})");
        enter(&mut returned, &operation.node["responses"], &link);
        enter(&mut sent, &operation.node["requestBody"], &link);
        enter(&mut parameters, &operation.node["parameters"], &link);
    }
    let mut held = Users::new();
    for (name, schema) in spec.schemas().into_iter().flatten() {
        enter(
            &mut held,
            schema,
            &format!("[`{name}`](super::types::{name})"),
        );
    }
    let names = spec.schemas().into_iter().flatten().map(|(name, _)| name);
    names
        .filter_map(|name| {
            let of = |users: &mut Users| users.remove(name).unwrap_or_default();
            let mut taken = of(&mut sent);
            taken.extend(of(&mut parameters));
            let own = format!("[`{name}`](super::types::{name})");
            let mut holders = of(&mut held);
            holders.retain(|holder| *holder != own);
            let sentences = [
                sentence("Returned by", of(&mut returned)),
                sentence("Taken by", taken),
                sentence("Part of", holders),
            ];
            let text: Vec<String> = sentences.into_iter().flatten().collect();
            (!text.is_empty()).then(|| (name.clone(), text.join(" ")))
        })
        .collect()
}

fn sentence(verb: &str, mut places: Vec<String>) -> Option<String> {
    let more = places.len().saturating_sub(MOST);
    places.truncate(MOST);
    let last = match more {
        0 => places.pop()?,
        more => format!("{more} more"),
    };
    Some(match places.as_slice() {
        [] => format!("{verb} {last}."),
        others => format!("{verb} {} and {last}.", others.join(", ")),
    })
}

fn wrapped(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.len() + 1 + word.len() <= WIDTH => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::spec;
    use serde_json::json;

    #[test]
    fn a_type_says_where_it_is_used() {
        let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
        let answer = |name: &str| json!({ "200": { "content": { "application/json": { "schema": reference(name) } } } });
        let spec = spec(
            json!({ "/wells": {
                "get": { "operationId": "wells_list", "responses": answer("Well") },
                "post": { "operationId": "wells_dig", "responses": answer("Well"),
                    "requestBody": { "content": { "application/json": { "schema": reference("Plan") } } } },
            } }),
            json!({
                "Well": { "properties": { "stones": { "type": "array", "items": reference("Stone") } } },
                "Plan": {}, "Stone": {}, "Lonely": {},
            }),
        );
        let code = "/// A well.\n#[derive(Clone)]\n#[cfg_attr(\n    feature = \"x\",\n    derive(X)\n)]\npub struct Well {\n}\n\
            crate::open_enum! {\n    /// A stone.\n    pub enum Stone {\n    }\n}\npub struct Plan {\n}\npub struct Lonely {\n}\n";
        let linked = linked(code, &spec);
        for part in [
            "/// A well.\n///\n/// Returned by [`wells_list`](super::client::Client::wells_list) and\n\
             /// [`wells_dig`](super::client::Client::wells_dig).\n#[derive(Clone)]",
            "    /// A stone.\n    ///\n    /// Part of [`Well`](super::types::Well).\n    pub enum Stone",
            "\n/// Taken by [`wells_dig`](super::client::Client::wells_dig).\npub struct Plan",
            "}\npub struct Lonely",
        ] {
            assert!(linked.contains(part), "{part}\n\n{linked}");
        }
    }

    #[test]
    fn what_is_used_everywhere_names_some_places() {
        let places = (1..=9).map(|n| n.to_string()).collect();
        let text = sentence("Part of", places).unwrap();
        assert_eq!(text, "Part of 1, 2, 3, 4, 5, 6 and 3 more.");
        assert_eq!(
            sentence("Part of", vec!["1".to_owned()]).unwrap(),
            "Part of 1."
        );
    }
}
