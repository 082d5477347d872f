//! Keywords about the use of a value rather than the value: access, life cycle, documentation.

use std::cmp::Ordering;

use super::view::Pair;
use super::{Scope, Sites};
use crate::life::{Sunset, is_deprecated, stability, sunset};
use crate::rules::{
    DEPRECATED, DOCS_CHANGED, KEYWORD_CHANGED, PROPERTY_SUNSET_INVALID, PROPERTY_SUNSET_TOO_SOON,
    REACTIVATED, READ_ONLY_SET, READ_ONLY_UNSET, STABILITY_DECREASED, STABILITY_INCREASED,
    SUNSET_CHANGED, WRITE_ONLY_SET, WRITE_ONLY_UNSET, XML_CHANGED,
};
use crate::tree::Node;

/// Every keyword that is compared somewhere, or that says nothing on its own.
const KNOWN: [&str; 62] = [
    "$anchor",
    "$comment",
    "$defs",
    "$id",
    "$ref",
    "$schema",
    "$vocabulary",
    "additionalProperties",
    "allOf",
    "anyOf",
    "const",
    "contains",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "default",
    "definitions",
    "dependentRequired",
    "dependentSchemas",
    "deprecated",
    "description",
    "discriminator",
    "else",
    "enum",
    "example",
    "examples",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "externalDocs",
    "format",
    "if",
    "items",
    "maxContains",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minContains",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "not",
    "nullable",
    "oneOf",
    "pattern",
    "patternProperties",
    "prefixItems",
    "properties",
    "propertyNames",
    "readOnly",
    "required",
    "summary",
    "then",
    "title",
    "type",
    "unevaluatedItems",
    "unevaluatedProperties",
    "uniqueItems",
    "writeOnly",
    "xml",
];

pub(super) fn compare<'d>(scope: &mut Scope<'_, 'd>, pair: &Pair<'d>) {
    let (o, n) = pair.roots();
    for (key, set, unset) in [
        ("readOnly", &READ_ONLY_SET, &READ_ONLY_UNSET),
        ("writeOnly", &WRITE_ONLY_SET, &WRITE_ONLY_UNSET),
    ] {
        if pair.keyword(key).is_none() {
            continue;
        }
        let text = || Some(key.to_owned());
        match (pair.old.flag(key), pair.new.flag(key)) {
            (false, true) => scope.found(set, (o, None), (n, text())),
            (true, false) => scope.found(unset, (o, text()), (n, None)),
            _ => {}
        }
    }
    if pair.keyword("deprecated").is_some() || pair.keyword("x-sunset").is_some() {
        life(scope, pair);
    }
    if pair.keyword("x-stability-level").is_some() {
        let level = |node: Node<'d>| node.get("x-stability-level").map(crate::brief::brief);
        let row = match stability(n).cmp(&stability(o)) {
            Ordering::Less => Some(&STABILITY_DECREASED),
            Ordering::Greater => Some(&STABILITY_INCREASED),
            Ordering::Equal => None,
        };
        if let Some(row) = row {
            scope.found(row, (o, level(o)), (n, level(n)));
        }
    }
    unknown(scope, pair);
    compare_xml(scope, o, n);
    scope.documentation(
        &DOCS_CHANGED,
        &[
            "title",
            "description",
            "example",
            "examples",
            "externalDocs",
        ],
        o,
        n,
    );
}

/// What XML makes of a schema: name, attribute or element, wrapper, namespace.
pub(super) fn compare_xml<'d>(scope: &mut Scope<'_, 'd>, old: Node<'d>, new: Node<'d>) {
    if old.get("xml").is_none() && new.get("xml").is_none() {
        return;
    }
    let (before, after) = (written_as(old), written_as(new));
    if before != after {
        let (before, after) = (Some(before), Some(after));
        scope.found_only(Sites::XML, &XML_CHANGED, (old, before), (new, after));
    }
}

fn written_as(schema: Node<'_>) -> String {
    let get = |key: &str| schema.get("xml").and_then(|xml| xml.get(key));
    let text = |key: &str| get(key).and_then(Node::str);
    let flag = |key: &str| get(key).and_then(Node::bool) == Some(true);
    let is_property = schema.parent().and_then(Node::key) == Some("properties");
    let own_name = schema.key().filter(|_| is_property);
    let attribute = flag("attribute") || text("nodeType") == Some("attribute");
    let mut words = vec![if attribute { "attribute" } else { "element" }.to_owned()];
    let name = text("name").or(own_name).unwrap_or("");
    words.push(match text("prefix") {
        Some(prefix) => format!("{prefix}:{name}"),
        None => name.to_owned(),
    });
    words.extend(text("namespace").map(|namespace| format!("in {namespace}")));
    if flag("wrapped") {
        words.push("with a wrapper".to_owned());
    }
    words.join(" ").trim_end().to_owned()
}

fn life<'d>(scope: &mut Scope<'_, 'd>, pair: &Pair<'d>) {
    let (o, n) = pair.roots();
    scope.end_too_soon(&PROPERTY_SUNSET_TOO_SOON, o, n);
    let text = || Some("deprecated".to_owned());
    match (pair.old.flag("deprecated"), pair.new.flag("deprecated")) {
        (false, true) => {
            scope.found(&DEPRECATED, (o, None), (n, text()));
            if sunset(n) == Sunset::Invalid {
                let written = n.get("x-sunset").map(crate::brief::brief);
                scope.found(&PROPERTY_SUNSET_INVALID, (o, None), (n, written));
            }
        }
        (true, false) => scope.found(&REACTIVATED, (o, text()), (n, None)),
        (true, true) if is_deprecated(o) && is_deprecated(n) && sunset(o) != sunset(n) => {
            let day = |node: Node<'d>| node.get("x-sunset").map(crate::brief::brief);
            scope.found(&SUNSET_CHANGED, (o, day(o)), (n, day(n)));
        }
        _ => {}
    }
}

/// Keywords that nobody defined: silence about them would be a claim.
fn unknown<'d>(scope: &mut Scope<'_, 'd>, pair: &Pair<'d>) {
    let (o, n) = pair.roots();
    let strange = |key: &str| !key.starts_with("x-") && !KNOWN.contains(&key);
    for (key, old) in o.members().filter(|(key, _)| strange(key)) {
        match n.get(key) {
            Some(new) if scope.comparison.equal(old, new) => {}
            Some(new) => scope.changed(&KEYWORD_CHANGED, old, new),
            None => scope.removed(&KEYWORD_CHANGED, old, n),
        }
    }
    for (key, new) in n.members().filter(|(key, _)| strange(key)) {
        if o.get(key).is_none() {
            scope.added(&KEYWORD_CHANGED, o, new);
        }
    }
}
