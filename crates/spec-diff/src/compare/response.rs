//! Responses and headers.

use super::pairing::{Paired, paired};
use super::{Kind, Scope, body, schema};
use crate::rules::{
    HEADER_ADDED, HEADER_BECAME_OPTIONAL, HEADER_BECAME_REQUIRED, OPTIONAL_HEADER_REMOVED,
    REQUIRED_HEADER_REMOVED, RESPONSE_DOCS_CHANGED,
};
use crate::tree::Node;

/// Compares two responses.
pub(super) fn compare<'d>(scope: &mut Scope<'_, 'd>, old: Node<'d>, new: Node<'d>) {
    let headers = |side: Node<'d>| -> Vec<(&'d str, Node<'d>)> {
        let members = side.get("headers").into_iter().flat_map(Node::members);
        // The media type says it better.
        members
            .filter(|(name, _)| !name.eq_ignore_ascii_case("content-type"))
            .collect()
    };
    let key = |(name, _): &(&'d str, Node<'d>)| Some(name.to_ascii_lowercase());
    let Paired { both, gone, come } = paired(headers(old), headers(new), key, key);
    for ((_, o), (_, n)) in both {
        let (o, n) = (
            scope.old_document().resolved(o),
            scope.new_document().resolved(n),
        );
        scope.relate(Kind::Header, o, n);
    }
    for (_, o) in gone {
        let required = is_required(scope.old_document().resolved(o));
        let row = if required {
            &REQUIRED_HEADER_REMOVED
        } else {
            &OPTIONAL_HEADER_REMOVED
        };
        scope.removed(row, o, new);
    }
    for (_, n) in come {
        scope.added(&HEADER_ADDED, old, n);
    }
    body::compare_content(scope, old, new);
    scope.documentation(
        &RESPONSE_DOCS_CHANGED,
        &["summary", "description", "links"],
        old,
        new,
    );
}

fn is_required(header: Node<'_>) -> bool {
    header.get("required").and_then(Node::bool) == Some(true)
}

/// Compares two headers of one name.
pub(super) fn compare_header<'d>(scope: &mut Scope<'_, 'd>, old: Node<'d>, new: Node<'d>) {
    let text = |text: &str| Some(text.to_owned());
    match (is_required(old), is_required(new)) {
        (false, true) => scope.found(
            &HEADER_BECAME_REQUIRED,
            (old, text("optional")),
            (new, text("required")),
        ),
        (true, false) => scope.found(
            &HEADER_BECAME_OPTIONAL,
            (old, text("required")),
            (new, text("optional")),
        ),
        _ => {}
    }
    schema::follow_text(scope, old, new);
    body::compare_content(scope, old, new);
    scope.documentation(
        &RESPONSE_DOCS_CHANGED,
        &["description", "example", "examples"],
        old,
        new,
    );
}
