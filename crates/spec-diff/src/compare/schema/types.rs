//! `type`, `format` and null, in every spelling.

use super::view::{Pair, View};
use super::{Scope, Sites};
use crate::document::Version;
use crate::rules::{
    FORMAT_ADDED, FORMAT_CHANGED, FORMAT_NARROWED, FORMAT_REMOVED, FORMAT_WIDENED, NULLABLE_ADDED,
    NULLABLE_REMOVED, NUMBER_FORMAT_ADDED, NUMBER_FORMAT_REMOVED, Row, TYPE_CHANGED, TYPE_NARROWED,
    TYPE_STATED, TYPE_UNSTATED, TYPE_WIDENED,
};
use crate::tree::{Node, Value};

/// A set of types other than null.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Types(u8);

const NAMES: [(&str, u8); 6] = [
    ("boolean", 1),
    // Every integer is a number.
    ("integer", 2),
    ("number", 2 | 4),
    ("string", STRING),
    ("object", 16),
    ("array", 32),
];
const STRING: u8 = 8;
const ALL: Types = Types(63);
/// Types that a parameter writes as plain text.
const TEXTS: u8 = 1 | 2 | 4 | 8;

impl Types {
    fn covers(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

/// What a side allows.
struct Allowed {
    types: Types,
    /// Whether `type` is given.
    stated: bool,
    null: bool,
    /// Whether all of it stands in a component that is compared elsewhere.
    elsewhere: bool,
}

/// Compares types. Returns whether they have nothing in common, so that no other keyword is worth a look.
pub(super) fn compare<'d>(scope: &mut Scope<'_, 'd>, pair: &Pair<'d>) -> bool {
    let (old, new) = (allowed(&pair.old), allowed(&pair.new));
    let (o, n) = pair.roots();
    let elsewhere = old.elsewhere && new.elsewhere;
    let certain = |side: &Allowed| side.stated || side.null;
    // Without `type`, whether null is allowed is often nobody's intention.
    let comparable = old.stated == new.stated || (certain(&old) && certain(&new));
    if !elsewhere && old.null != new.null && comparable {
        let row = if new.null {
            &NULLABLE_ADDED
        } else {
            &NULLABLE_REMOVED
        };
        let words = ["null not allowed", "null allowed"];
        let word = |null: bool| Some(words[usize::from(null)].to_owned());
        scope.found(row, (o, word(old.null)), (n, word(new.null)));
    }
    if old.types != new.types {
        if elsewhere {
            return true;
        }
        let (row, apart): (&'static Row, bool) =
            if new.types.covers(old.types) && format_has_room(&pair.old, &pair.new) {
                (&TYPE_WIDENED, false)
            } else if old.types.covers(new.types) && format_has_room(&pair.new, &pair.old) {
                (&TYPE_NARROWED, false)
            } else {
                (&TYPE_CHANGED, old.types.0 & new.types.0 == 0)
            };
        let (before, after) = (Some(described(&pair.old)), Some(described(&pair.new)));
        let (old_at, new_at) = (place(&pair.old), place(&pair.new));
        let listed = ["enum", "const"].map(|key| pair.old.get(key).is_some());
        let in_text = text_row(old.types, new.types, listed.contains(&true));
        let in_text = in_text.filter(|_| has_no_format(pair));
        if let Some(in_text) = in_text {
            let rest = Sites::ANY.without(Sites::TEXT);
            if let InText::Change(text_row) = in_text {
                scope.found_only(
                    Sites::TEXT,
                    text_row,
                    (old_at, before.clone()),
                    (new_at, after.clone()),
                );
            }
            scope.found_only(rest, row, (old_at, before), (new_at, after));
            // What is written may still be the same: there, the other keywords count.
            scope.only = scope.only.and_only(Sites::TEXT);
            return false;
        }
        scope.found(row, (old_at, before), (new_at, after));
        return apart;
    }
    if !elsewhere && old.stated != new.stated && old.types != ALL {
        let row = if new.stated {
            &TYPE_STATED
        } else {
            &TYPE_UNSTATED
        };
        scope.found(
            row,
            (place(&pair.old), Some(described(&pair.old))),
            (place(&pair.new), Some(described(&pair.new))),
        );
    }
    format(scope, pair);
    false
}

/// What a change of type comes to where values are written as text.
enum InText {
    Same,
    Change(&'static Row),
}

/// Parameters and headers are text on the wire: text has room for what a number was.
/// A list of values is not any text: what a number is may be none of them. `None` where that makes no difference.
fn text_row(old: Types, new: Types, listed: bool) -> Option<InText> {
    let text = |types: Types| types.0 & !TEXTS == 0 && types.0 != 0;
    match (old.0 & STRING != 0, new.0 & STRING != 0) {
        (false, true) if text(old) => Some(InText::Change(&TYPE_WIDENED)),
        (true, false) if text(old) && text(new) && listed => Some(InText::Change(&TYPE_CHANGED)),
        (true, false) if text(old) && text(new) => Some(InText::Change(&TYPE_NARROWED)),
        (true, true) if text(old) && text(new) => Some(InText::Same),
        _ => None,
    }
}

/// Whether no format says what the text must look like.
fn has_no_format(pair: &Pair<'_>) -> bool {
    let formatted = |view: &View<'_>| {
        let format = view.get("format").and_then(|(node, _)| node.str());
        format.is_some_and(|name| !["int32", "int64", "float", "double"].contains(&name))
    };
    !formatted(&pair.old) && !formatted(&pair.new)
}

fn allowed(view: &View<'_>) -> Allowed {
    let mut types = ALL;
    let mut stated = false;
    let mut elsewhere = true;
    let mut null = view.or_null || view.flag("nullable");
    if null {
        elsewhere = view.parts[0].shared;
    }
    for (node, shared) in view.all("type") {
        let mut here = Types(0);
        let names = node
            .str()
            .into_iter()
            .chain(node.items().filter_map(Node::str));
        for name in names {
            null |= name == "null";
            here.0 |= NAMES
                .iter()
                .find(|(known, _)| *known == name)
                .map_or(0, |(_, bits)| *bits);
        }
        types.0 &= here.0;
        stated = true;
        elsewhere &= shared;
    }
    // In 3.1 a value must fit the list as well, whatever the type says.
    if view.document.version() != Version::V3_0 {
        let lists = view.all("enum").chain(view.all("const"));
        null &= lists
            .map(|(node, _)| node)
            .all(|node| node.is_null() || node.items().any(Node::is_null));
    }
    let mut known = stated;
    if view
        .own()
        .any(|part| matches!(part.value(), Value::Bool(false)))
    {
        return Allowed {
            types: Types(0),
            stated: true,
            null: false,
            elsewhere: false,
        };
    }
    if !stated && let Some((implied, shared)) = implied(view) {
        types = implied;
        elsewhere &= shared;
        known = true;
    }
    // Without parts that speak of types, the root's own silence is what counts.
    if !known && view.parts.iter().any(|part| !part.shared) && view.get("type").is_none() {
        elsewhere = view
            .own()
            .all(|part| part.len() == 0 || part.get("allOf").is_some())
            && view.parts.len() > 1;
    }
    Allowed {
        types,
        stated,
        null,
        elsewhere,
    }
}

/// The type that a schema without `type` means, by the keywords it uses.
fn implied(view: &View<'_>) -> Option<(Types, bool)> {
    if let Some((_, shared)) = view.get("properties") {
        return Some((Types(16), shared));
    }
    if let Some((_, shared)) = view.get("items") {
        return Some((Types(32), shared));
    }
    if let Some((_, shared)) = view.get("contentMediaType") {
        return Some((Types(STRING), shared));
    }
    let (values, shared) = view.get("enum").or_else(|| view.get("const"))?;
    let strings =
        values.str().is_some() || (values.len() > 0 && values.items().all(|v| v.str().is_some()));
    strings.then_some((Types(8), shared))
}

fn names(schema: Node<'_>) -> impl Iterator<Item = &str> {
    let types = schema.get("type").into_iter();
    let all = types.flat_map(|node| {
        node.str()
            .into_iter()
            .chain(node.items().filter_map(Node::str))
    });
    all.filter(|name| *name != "null")
}

/// Whether the schema says that it is an array, or null.
pub(super) fn is_array(schema: Node<'_>) -> bool {
    names(schema).eq(["array"])
}

/// Whether the schema says that it is neither array nor object.
pub(super) fn is_scalar(schema: Node<'_>) -> bool {
    names(schema).count() > 0 && names(schema).all(|name| name != "array" && name != "object")
}

fn place<'d>(view: &View<'d>) -> Node<'d> {
    view.own()
        .find_map(|part| part.get("type"))
        .unwrap_or(view.root())
}

fn described(view: &View<'_>) -> String {
    let types = view.get("type").map(|(node, _)| match node.str() {
        Some(name) => name.to_owned(),
        None => node
            .items()
            .filter_map(Node::str)
            .collect::<Vec<_>>()
            .join(" or "),
    });
    let format = view.get("format").and_then(|(node, _)| node.str());
    match (types, format) {
        (Some(types), Some(format)) => format!("{types} ({format})"),
        (types, _) => types.unwrap_or_else(|| "any type".to_owned()),
    }
}

/// Formats from narrow to wide.
const WIDER: [(&str, &str); 2] = [("int32", "int64"), ("float", "double")];

/// Formats that only say how large a number may be, and allow what everybody expects anyway.
fn is_largest(format: Node<'_>) -> bool {
    matches!(format.str(), Some("int64" | "double"))
}

/// Whether the format of one side leaves room for every value of the other.
fn format_has_room(narrow: &View<'_>, wide: &View<'_>) -> bool {
    let name = |view: &View<'_>| {
        view.get("format")
            .and_then(|(node, _)| node.str().map(str::to_owned))
    };
    match (name(narrow), name(wide)) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(from), Some(to)) => {
            from == to
                || WIDER.contains(&(from.as_str(), to.as_str()))
                || (from.starts_with("int") && to == "double")
        }
    }
}

/// Whether the text is bytes, as 3.0 writes it and as 3.1 does.
pub(super) fn is_binary(view: &View<'_>) -> bool {
    let says = |key: &str, value: &str| view.all(key).any(|(node, _)| node.str() == Some(value));
    says("format", "binary")
        || says("contentMediaType", "application/octet-stream")
            && view.get("contentEncoding").is_none()
}

fn format<'d>(scope: &mut Scope<'_, 'd>, pair: &Pair<'d>) {
    let Some((old, new)) = pair.keyword("format") else {
        return;
    };
    if is_binary(&pair.old) && is_binary(&pair.new) {
        return;
    }
    let (o, n) = pair.roots();
    match (old, new) {
        (Some(old), None) if is_largest(old) => scope.removed(&NUMBER_FORMAT_REMOVED, old, n),
        (None, Some(new)) if is_largest(new) => scope.added(&NUMBER_FORMAT_ADDED, o, new),
        (Some(old), None) => scope.removed(&FORMAT_REMOVED, old, n),
        (None, Some(new)) => scope.added(&FORMAT_ADDED, o, new),
        (Some(old), Some(new)) if old.str() != new.str() => {
            let names = (old.str().unwrap_or(""), new.str().unwrap_or(""));
            let widened = |(from, to): (&str, &str)| WIDER.contains(&(from, to));
            let row = if widened(names) {
                &FORMAT_WIDENED
            } else if widened((names.1, names.0)) {
                &FORMAT_NARROWED
            } else {
                &FORMAT_CHANGED
            };
            scope.changed(row, old, new);
        }
        _ => {}
    }
}
