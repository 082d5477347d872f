//! Request bodies, and the media types of bodies of all kinds.

use super::pairing::{Paired, paired};
use super::{Scope, Way, schema};
use crate::brief::brief;
use crate::rules::{
    BODY_BECAME_OPTIONAL, BODY_BECAME_REQUIRED, BODY_SCHEMA_ADDED, BODY_SCHEMA_REMOVED,
    ENCODING_OF_PART_CHANGED, MEDIA_TYPE_ADDED, MEDIA_TYPE_NARROWED, MEDIA_TYPE_PARAMETER_CHANGED,
    MEDIA_TYPE_REMOVED, MEDIA_TYPE_WIDENED, RESPONSE_DOCS_CHANGED, Row,
};
use crate::tree::Node;

/// Compares two request bodies.
pub(super) fn compare<'d>(scope: &mut Scope<'_, 'd>, old: Node<'d>, new: Node<'d>) {
    let required = |node: Node<'_>| node.get("required").and_then(Node::bool) == Some(true);
    let text = |text: &str| Some(text.to_owned());
    match (required(old), required(new)) {
        (false, true) => scope.found(
            &BODY_BECAME_REQUIRED,
            (old, text("optional")),
            (new, text("required")),
        ),
        (true, false) => scope.found(
            &BODY_BECAME_OPTIONAL,
            (old, text("required")),
            (new, text("optional")),
        ),
        _ => {}
    }
    compare_content(scope, old, new);
    scope.documentation(&RESPONSE_DOCS_CHANGED, &["description"], old, new);
}

/// A media type as it is compared: in small letters, without spaces.
#[derive(Debug, Clone)]
struct MediaType<'d> {
    /// `text/plain`
    base: String,
    /// `;charset=utf-8`
    parameters: String,
    node: Node<'d>,
}

fn listed(holder: Node<'_>) -> Vec<MediaType<'_>> {
    let members = holder.get("content").into_iter().flat_map(Node::members);
    members
        .map(|(name, node)| {
            let name: String = name.chars().filter(|c| !c.is_whitespace()).collect();
            let name = name.to_ascii_lowercase();
            let (base, parameters) = name.split_at(name.find(';').unwrap_or(name.len()));
            MediaType {
                base: base.to_owned(),
                parameters: parameters.to_owned(),
                node,
            }
        })
        .collect()
}

/// Pairs of media types beyond which kinship is not looked for.
const MAX_KINSHIP: usize = 4096;

/// Compares the media types under `content`.
pub(super) fn compare_content<'d>(scope: &mut Scope<'_, 'd>, old: Node<'d>, new: Node<'d>) {
    let key = |media: &MediaType<'d>| Some((media.base.clone(), media.parameters.clone()));
    let Paired {
        both,
        mut gone,
        mut come,
    } = paired(listed(old), listed(new), key, key);
    for (o, n) in both {
        compare_media_type(scope, way(&o.base), o.node, n.node);
    }
    if gone.len() * come.len() <= MAX_KINSHIP {
        gone.retain(|o| {
            let kin = come
                .iter()
                .enumerate()
                .find_map(|(i, n)| Some((i, kinship(o, n)?)));
            let Some((i, row)) = kin else {
                return true;
            };
            let n = come.remove(i);
            scope.found(row, (o.node, name(o)), (n.node, name(&n)));
            compare_media_type(scope, way(&o.base), o.node, n.node);
            false
        });
    }
    for media in gone {
        let holder = new.get("content").unwrap_or(new);
        scope.found(
            &MEDIA_TYPE_REMOVED,
            (media.node, name(&media)),
            (holder, None),
        );
    }
    for media in come {
        let holder = old.get("content").unwrap_or(old);
        scope.found(
            &MEDIA_TYPE_ADDED,
            (holder, None),
            (media.node, name(&media)),
        );
    }
}

fn name(media: &MediaType<'_>) -> Option<String> {
    media.node.key().map(str::to_owned)
}

/// What became of a media type that is the same in essence.
fn kinship(old: &MediaType<'_>, new: &MediaType<'_>) -> Option<&'static Row> {
    if old.base == new.base {
        Some(&MEDIA_TYPE_PARAMETER_CHANGED)
    } else if covers(&new.base, &old.base) {
        Some(&MEDIA_TYPE_WIDENED)
    } else if covers(&old.base, &new.base) {
        Some(&MEDIA_TYPE_NARROWED)
    } else {
        None
    }
}

/// `*/*` covers all, `text/*` covers texts, and `application/json` covers `application/problem+json`.
fn covers(wide: &str, narrow: &str) -> bool {
    if wide == "*/*" {
        return true;
    }
    let (Some((wide_type, wide_sub)), Some((narrow_type, narrow_sub))) =
        (wide.split_once('/'), narrow.split_once('/'))
    else {
        return false;
    };
    wide_type == narrow_type
        && (wide_sub == "*"
            || narrow_sub
                .rsplit_once('+')
                .is_some_and(|(_, suffix)| suffix == wide_sub))
}

/// How the media type writes values.
fn way(base: &str) -> Way {
    if base.ends_with("/xml") || base.ends_with("+xml") {
        Way::Xml
    } else if base.starts_with("text/")
        || matches!(
            base,
            "application/x-www-form-urlencoded" | "multipart/form-data"
        )
    {
        Way::Text
    } else {
        Way::AsBefore
    }
}

/// How a part is written, with the defaults of the specification filled in.
fn written(part: Option<Node<'_>>) -> (&str, bool, bool, Option<&str>, Vec<String>) {
    let get = |key: &str| part.and_then(|part| part.get(key));
    let style = get("style").and_then(Node::str).unwrap_or("form");
    let explode = get("explode").and_then(Node::bool);
    let headers = get("headers").into_iter().flat_map(Node::members);
    (
        style,
        explode.unwrap_or(style == "form"),
        get("allowReserved").and_then(Node::bool) == Some(true),
        get("contentType").and_then(Node::str),
        headers
            .map(|(name, header)| format!("{}: {}", name.to_ascii_lowercase(), brief(header)))
            .collect(),
    )
}

fn compare_media_type<'d>(scope: &mut Scope<'_, 'd>, way: Way, old: Node<'d>, new: Node<'d>) {
    if scope.comparison.same(old, new) {
        return;
    }
    match (old.get("schema"), new.get("schema")) {
        (Some(_), Some(_)) if way == Way::Text => schema::follow_text(scope, old, new),
        (Some(_), Some(_)) if way == Way::Xml => schema::follow_xml(scope, old, new),
        (Some(_), Some(_)) | (None, None) => schema::follow_optional(scope, old, new),
        (Some(o), None) => scope.removed(&BODY_SCHEMA_REMOVED, o, new),
        (None, Some(n)) => scope.added(&BODY_SCHEMA_ADDED, old, n),
    }
    let encoding = |media: Node<'d>| media.get("encoding").into_iter().flat_map(Node::members);
    for (name, o) in encoding(old) {
        match new.get("encoding").and_then(|parts| parts.get(name)) {
            Some(n) if written(Some(o)) == written(Some(n)) => {}
            Some(n) => scope.changed(&ENCODING_OF_PART_CHANGED, o, n),
            None if written(Some(o)) == written(None) => {}
            None => scope.removed(&ENCODING_OF_PART_CHANGED, o, new),
        }
    }
    for (name, n) in encoding(new) {
        let known = old.get("encoding").and_then(|parts| parts.get(name));
        if known.is_none() && written(Some(n)) != written(None) {
            scope.added(&ENCODING_OF_PART_CHANGED, old, n);
        }
    }
    scope.documentation(&RESPONSE_DOCS_CHANGED, &["example", "examples"], old, new);
}
