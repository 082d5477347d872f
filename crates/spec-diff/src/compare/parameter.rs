//! Parameters: which belongs to which, and what became of it.

use std::collections::HashMap;

use super::operation::Sides;
use super::pairing::{Paired, paired};
use super::paths::placeholders;
use super::source::Source;
use super::{Comparison, Kind, Scope, Sites, body, schema};
use crate::escape::{SHOWN_KEY, shortened};
use crate::life::{Sunset, is_deprecated, is_withdrawn, sunset};
use crate::rules::{
    DEPRECATED_PARAMETER_REMOVED, OPTIONAL_PARAMETER_ADDED, PARAMETER_BECAME_OPTIONAL,
    PARAMETER_BECAME_REQUIRED, PARAMETER_DEPRECATED, PARAMETER_DOCS_CHANGED, PARAMETER_REACTIVATED,
    PARAMETER_REMOVED, PARAMETER_REMOVED_EARLY, PARAMETER_RENAMED, PARAMETER_STYLE_CHANGED,
    PARAMETER_SUNSET_CHANGED, PARAMETER_SUNSET_INVALID, PARAMETER_SUNSET_TOO_SOON,
    PARAMETER_SUNSET_WITHDRAWN, PATH_PARAMETER_RENAMED, REQUIRED_PARAMETER_ADDED,
};
use crate::tree::Node;

/// Pairs of parameters beyond which a renamed one is not looked for.
const MAX_TWINS: usize = 4096;

/// A parameter with what makes it the same in both documents.
#[derive(Debug, Clone)]
struct Parameter<'d> {
    place: &'d str,
    /// The name; the position in the path for path parameters, in small letters for headers.
    key: String,
    node: Node<'d>,
}

impl<'d> Comparison<'d> {
    /// Compares the parameters of an operation, its own and those of its path.
    pub(super) fn parameters(&mut self, index: usize, sides: Sides<'d>, site: Sites) {
        let Sides { old, new } = sides;
        let lists = [
            (old.item.get("parameters"), new.item.get("parameters")),
            (
                old.operation.get("parameters"),
                new.operation.get("parameters"),
            ),
        ];
        let settled = lists.iter().all(|pair| match *pair {
            (None, None) => true,
            (Some(o), Some(n)) => self.same(o, n),
            _ => false,
        });
        if settled && old.path == new.path {
            return;
        }
        let before = listed(self.old, old.path, [lists[0].0, lists[1].0]);
        let after = listed(self.new, new.path, [lists[0].1, lists[1].1]);
        let key = |parameter: &Parameter<'d>| Some((parameter.place, parameter.key.clone()));
        let Paired { both, gone, come } = paired(before, after, key, key);
        for (o, n) in both {
            self.uses(index, site, Kind::Parameter, o.node, n.node);
        }
        let nodes = |list: Vec<Parameter<'d>>| list.into_iter().map(|p| p.node).collect::<Vec<_>>();
        let (gone, mut come) = (nodes(gone), nodes(come));
        if gone.is_empty() && come.is_empty() {
            return;
        }
        let unit = self.walked_for(&[index]);
        for &node in &gone {
            if let Some(twin) = self.only_twin(node, &gone, &come) {
                come.retain(|other| *other != twin);
                let name = |n: Node<'d>| n.get("name").and_then(Node::str).map(str::to_owned);
                // Only reached by path parameters that the path does not have: nobody sends these.
                let in_path = node.get("in").and_then(Node::str) == Some("path");
                let row = if in_path {
                    &PATH_PARAMETER_RENAMED
                } else {
                    &PARAMETER_RENAMED
                };
                self.scope(unit)
                    .found(row, (node, name(node)), (twin, name(twin)));
            } else {
                let row = self.removal(node);
                self.scope(unit)
                    .found(row, (node, Some(summary(node))), (new.operation, None));
            }
        }
        for node in come {
            let row = if is_required(node) {
                &REQUIRED_PARAMETER_ADDED
            } else {
                &OPTIONAL_PARAMETER_ADDED
            };
            self.scope(unit)
                .found(row, (old.operation, None), (node, Some(summary(node))));
        }
    }

    fn removal(&self, node: Node<'_>) -> &'static crate::rules::Row {
        match sunset(node) {
            _ if !is_deprecated(node) => &PARAMETER_REMOVED,
            Sunset::Day(day)
                if self
                    .options
                    .today
                    .as_deref()
                    .is_some_and(|today| today < day) =>
            {
                &PARAMETER_REMOVED_EARLY
            }
            // Nobody could plan by such a date.
            Sunset::Invalid => &PARAMETER_REMOVED_EARLY,
            _ => &DEPRECATED_PARAMETER_REMOVED,
        }
    }

    /// The one new parameter that equals a removed one in all but name, if no other removed one equals it.
    fn only_twin(&self, node: Node<'d>, gone: &[Node<'d>], come: &[Node<'d>]) -> Option<Node<'d>> {
        if gone.len() * come.len() > MAX_TWINS {
            return None;
        }
        let mut twins = come
            .iter()
            .filter(|other| self.equal_but_name(node, **other));
        let twin = *twins.next()?;
        let rivals = gone
            .iter()
            .filter(|other| self.equal_but_name(**other, twin))
            .count();
        (twins.next().is_none() && rivals == 1).then_some(twin)
    }

    fn equal_but_name(&self, old: Node<'d>, new: Node<'d>) -> bool {
        let counts = |key: &str| !matches!(key, "name" | "description" | "example" | "examples");
        let matches = |(key, o): (&str, Node<'d>)| new.get(key).is_some_and(|n| self.same(o, n));
        let size = |node: Node<'d>| node.members().filter(|(key, _)| counts(key)).count();
        size(old) == size(new) && old.members().filter(|(key, _)| counts(key)).all(matches)
    }
}

/// `limit in query, required`
fn summary(node: Node<'_>) -> String {
    let text = |key: &str| node.get(key).and_then(Node::str).unwrap_or("?");
    let required = if is_required(node) { ", required" } else { "" };
    format!("{} in {}{required}", text("name"), text("in"))
}

/// All parameters of an operation; its own replace those of the path.
fn listed<'d>(
    document: &'d Source<'d>,
    path: &str,
    lists: [Option<Node<'d>>; 2],
) -> Vec<Parameter<'d>> {
    let mut all: HashMap<(&str, String), Parameter<'d>> = HashMap::new();
    for node in lists.into_iter().flatten().flat_map(Node::items) {
        let node = document.resolved(node);
        let (Some(place), Some(name)) = (
            node.get("in").and_then(Node::str),
            node.get("name").and_then(Node::str),
        ) else {
            continue;
        };
        let position = placeholders(path).position(|placeholder| placeholder == name);
        let key = match (place, position) {
            ("path", Some(position)) => format!("{{{position}}}"),
            ("header", _) => name.to_ascii_lowercase(),
            _ => name.to_owned(),
        };
        // By the specification, these three say nothing as parameters.
        if place == "header" && matches!(key.as_str(), "accept" | "content-type" | "authorization")
        {
            continue;
        }
        all.insert((place, key.clone()), Parameter { place, key, node });
    }
    let mut all: Vec<_> = all.into_values().collect();
    all.sort_by_key(|parameter| parameter.node.id());
    all
}

fn is_required(node: Node<'_>) -> bool {
    node.get("required").and_then(Node::bool) == Some(true)
        || node.get("in").and_then(Node::str) == Some("path")
}

/// Compares two parameters that are the same by place and name.
pub(super) fn compare<'d>(scope: &mut Scope<'_, 'd>, old: Node<'d>, new: Node<'d>) {
    let flag = |name: &str| Some(name.to_owned());
    match (is_required(old), is_required(new)) {
        (false, true) => {
            scope.found(
                &PARAMETER_BECAME_REQUIRED,
                (old, flag("optional")),
                (new, flag("required")),
            );
        }
        (true, false) => {
            scope.found(
                &PARAMETER_BECAME_OPTIONAL,
                (old, flag("required")),
                (new, flag("optional")),
            );
        }
        _ => {}
    }
    let (before, after) = (style(old), style(new));
    if before != after {
        scope.found(
            &PARAMETER_STYLE_CHANGED,
            (old, Some(before)),
            (new, Some(after)),
        );
    }
    scope.end_too_soon(&PARAMETER_SUNSET_TOO_SOON, old, new);
    let text = |node: Node<'d>| node.get("x-sunset").map(crate::brief::brief);
    match (is_deprecated(old), is_deprecated(new)) {
        (false, true) => {
            scope.found(
                &PARAMETER_DEPRECATED,
                (old, None),
                (new, flag("deprecated")),
            );
            if sunset(new) == Sunset::Invalid {
                scope.found(&PARAMETER_SUNSET_INVALID, (old, None), (new, text(new)));
            }
        }
        (true, false) => scope.found(
            &PARAMETER_REACTIVATED,
            (old, flag("deprecated")),
            (new, None),
        ),
        (true, true) if sunset(old) != sunset(new) => {
            let withdrawn = is_withdrawn(sunset(old), sunset(new));
            let row = if withdrawn {
                &PARAMETER_SUNSET_WITHDRAWN
            } else {
                &PARAMETER_SUNSET_CHANGED
            };
            scope.found(row, (old, text(old)), (new, text(new)));
        }
        _ => {}
    }
    // Written in two ways, the values have nothing in common that could be compared.
    let has_content = |node: Node<'d>| node.get("content").is_some();
    if has_content(old) != has_content(new) {
        return;
    }
    // Nobody can leave out what is required, so that a default means nothing: any other text is judged alike.
    let required = is_required(old) && is_required(new);
    let follow = if required {
        schema::follow_text
    } else {
        schema::follow_optional
    };
    if is_exploded_form(old) && is_exploded_form(new) {
        schema::follow_repeatable(scope, old, new, follow);
    } else {
        follow(scope, old, new);
    }
    body::compare_content(scope, old, new);
    let keys = ["description", "example", "examples"];
    scope.documentation(&PARAMETER_DOCS_CHANGED, &keys, old, new);
}

/// Whether an array is written as `a=1&a=2`, so that one value looks the same as an array of one.
fn is_exploded_form(node: Node<'_>) -> bool {
    style(node).starts_with("form explode")
}

/// How the value is written, with the defaults of the specification filled in.
fn style(node: Node<'_>) -> String {
    // With `content`, the value is written as one text of that media type.
    if let Some((media, _)) = node.get("content").and_then(|all| all.members().next()) {
        return format!("content {}", shortened(media, SHOWN_KEY));
    }
    let default = match node.get("in").and_then(Node::str) {
        Some("query" | "cookie") => "form",
        _ => "simple",
    };
    let style = node.get("style").and_then(Node::str).unwrap_or(default);
    let explode = node
        .get("explode")
        .and_then(Node::bool)
        .unwrap_or(style == "form");
    let flag = |key: &str| node.get(key).and_then(Node::bool) == Some(true);
    let reserved = if flag("allowReserved") {
        " allowReserved"
    } else {
        ""
    };
    let empty = if flag("allowEmptyValue") {
        " allowEmptyValue"
    } else {
        ""
    };
    format!(
        "{style}{}{reserved}{empty}",
        if explode { " explode" } else { "" }
    )
}
