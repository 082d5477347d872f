//! Responses and headers.

use super::{Kind, Scope, body, schema};
use crate::rules::{
    HEADER_ADDED, HEADER_BECAME_OPTIONAL, HEADER_BECAME_REQUIRED, OPTIONAL_HEADER_REMOVED,
    REQUIRED_HEADER_REMOVED, RESPONSE_DOCS_CHANGED,
};
use crate::tree::Node;

/// Compares two responses.
pub(super) fn compare<'d>(scope: &mut Scope<'_, 'd>, old: Node<'d>, new: Node<'d>) {
    let headers = |side: Node<'d>| {
        let members = side.get("headers").into_iter().flat_map(Node::members);
        // The media type says it better.
        members
            .filter(|(name, _)| !name.eq_ignore_ascii_case("content-type"))
            .collect::<Vec<_>>()
    };
    let (before, after) = (headers(old), headers(new));
    for &(name, o) in &before {
        let o = scope.old_document().resolved(o);
        if let Some(&(_, n)) = after
            .iter()
            .find(|(other, _)| other.eq_ignore_ascii_case(name))
        {
            let n = scope.new_document().resolved(n);
            scope.relate(Kind::Header, o, n);
        } else {
            let row = if is_required(o) {
                &REQUIRED_HEADER_REMOVED
            } else {
                &OPTIONAL_HEADER_REMOVED
            };
            scope.removed(row, o, new);
        }
    }
    for &(name, n) in &after {
        if !before
            .iter()
            .any(|(other, _)| other.eq_ignore_ascii_case(name))
        {
            scope.added(&HEADER_ADDED, old, n);
        }
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
