//! One operation in both documents.

use std::collections::BTreeSet;

use super::pairing::{Paired, paired};
use super::source::Source;
use super::{Comparison, Kind, Scope, Sites};
use crate::context::WEBHOOKS_3_0;
use crate::life::{Stability, Sunset, is_deprecated, stability, sunset};
use crate::rules::{
    BODY_ADDED_OPTIONAL, BODY_ADDED_REQUIRED, BODY_REMOVED, CALLBACK_ADDED, CALLBACK_REMOVED,
    ENDPOINT_DEPRECATED, ENDPOINT_REACTIVATED, ENDPOINT_STABILITY_DECREASED,
    ENDPOINT_STABILITY_INCREASED, OPERATION_DOCS_CHANGED, OPERATION_ID_ADDED, OPERATION_ID_CHANGED,
    OPERATION_ID_REMOVED, OTHER_STATUS_ADDED, OTHER_STATUS_REMOVED, Row, STABILITY_INVALID,
    STATUS_GENERALIZED, STATUS_SPECIFIED, STATUS_SPELLED_OUT, SUCCESS_STATUS_ADDED,
    SUCCESS_STATUS_REMOVED, SUNSET_ADDED, SUNSET_EARLIER, SUNSET_INVALID, SUNSET_LATER,
    SUNSET_REMOVED, SUNSET_TOO_SOON, TAG_ADDED, TAG_REMOVED, WEBHOOK_ADDED, WEBHOOK_REMOVED,
};
use crate::tree::Node;

pub(super) const METHODS: [&str; 9] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace", "query",
];

/// An operation in one document.
#[derive(Debug, Clone, Copy)]
pub(super) struct Side<'d> {
    pub(super) item: Node<'d>,
    pub(super) operation: Node<'d>,
    pub(super) path: &'d str,
}

/// An operation in both documents.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sides<'d> {
    pub(super) old: Side<'d>,
    pub(super) new: Side<'d>,
}

/// How a client meets the parts of an operation.
#[derive(Debug, Clone, Copy)]
pub(super) struct Roles {
    pub(super) parameter: Sites,
    body: Sites,
    response: Sites,
}

impl Roles {
    /// The client calls.
    pub(super) const CALLED: Self = Self {
        parameter: Sites::PARAMETER,
        body: Sites::SENT,
        response: Sites::RECEIVED,
    };
    /// The service calls, the client answers: webhooks and callbacks.
    pub(super) const CALLING: Self = Self {
        parameter: Sites::RECEIVED,
        body: Sites::RECEIVED,
        response: Sites::SENT,
    };

    pub(super) fn is_called(self) -> bool {
        self.response == Sites::RECEIVED
    }
}

/// An operation of a callback: its name, expression and method.
type Callback<'d> = ((&'d str, &'d str, &'static str), Side<'d>);

fn is_default(status: &str) -> bool {
    status.eq_ignore_ascii_case("default")
}

/// Whether it stands for more than one status: a range such as `4XX`, or `default`.
fn is_wide(status: &str) -> bool {
    is_default(status) || matches!(status.as_bytes(), [_, b'X' | b'x', b'X' | b'x'])
}

/// Whether the range, or `default`, has this status in it, and is not the same.
fn covers(wide: &str, status: &str) -> bool {
    is_wide(wide)
        && !wide.eq_ignore_ascii_case(status)
        && !is_default(status)
        && (is_default(wide) || wide.as_bytes().first() == status.as_bytes().first())
}

/// What a document that does not list a status says of it: by its range, or by `default`. `wide`
/// are those that stand for several; there are few.
fn answer<'d>(wide: &[(&'d str, Node<'d>)], status: &str) -> Option<Node<'d>> {
    let wider = wide.iter().filter(|(wide, _)| covers(wide, status));
    // Both may cover it: the range is nearer.
    wider
        .min_by_key(|(wide, _)| wide.eq_ignore_ascii_case("default"))
        .map(|(_, node)| *node)
}

impl<'d> Scope<'_, 'd> {
    /// Reports an end that is announced now and comes before the time of grace is over.
    pub(super) fn end_too_soon(&mut self, row: &'static Row, old: Node<'d>, new: Node<'d>) {
        let earliest = self.comparison.options.earliest_end.as_deref();
        if let (Some(earliest), Sunset::Day(day)) = (earliest, sunset(new))
            && is_deprecated(new)
            && day < earliest
            && sunset(old) != sunset(new)
        {
            let text = |node: Node<'d>| node.get("x-sunset").map(crate::brief::brief);
            self.found(row, (old, text(old)), (new, text(new)));
        }
    }
}

impl<'d> Comparison<'d> {
    /// Compares an operation that both documents have, with its callbacks.
    pub(super) fn operation_pair(&mut self, index: usize, sides: Sides<'d>, roles: Roles) {
        self.waiting.push((index, sides, roles));
        while let Some((index, sides, roles)) = self.waiting.pop() {
            let (old, new) = (sides.old.operation, sides.new.operation);
            if self.met.len() >= self.limit {
                self.incomplete = true;
                self.waiting.clear();
                return;
            }
            if self
                .met
                .insert((index, old.id(), new.id(), roles.is_called()))
            {
                self.one_operation(index, sides, roles);
            }
        }
    }

    fn one_operation(&mut self, index: usize, sides: Sides<'d>, roles: Roles) {
        let (old, new) = (sides.old.operation, sides.new.operation);
        self.pairs.push((index, sides, roles));
        self.parameters(index, sides, roles.parameter);
        if self.same(old, new) {
            return;
        }
        let unit = self.walked_for(&[index]);
        self.identity(unit, old, new);
        self.life(unit, old, new);
        self.request_body(index, roles.body, old, new);
        self.responses(index, unit, roles.response, old, new);
        self.callbacks(index, unit, old, new);
        let keys = ["summary", "description", "externalDocs"];
        self.scope(unit)
            .documentation(&OPERATION_DOCS_CHANGED, &keys, old, new);
    }

    fn identity(&mut self, unit: usize, old: Node<'d>, new: Node<'d>) {
        let mut scope = self.scope(unit);
        match (old.get("operationId"), new.get("operationId")) {
            (Some(o), Some(n)) if o.str() != n.str() => scope.changed(&OPERATION_ID_CHANGED, o, n),
            (Some(o), None) => scope.removed(&OPERATION_ID_REMOVED, o, new),
            (None, Some(n)) => scope.added(&OPERATION_ID_ADDED, old, n),
            _ => {}
        }
        let tags = |side: Node<'d>| {
            side.get("tags")
                .into_iter()
                .flat_map(Node::items)
                .collect::<Vec<_>>()
        };
        let (before, after) = (tags(old), tags(new));
        let names =
            |tags: &[Node<'d>]| tags.iter().filter_map(|t| t.str()).collect::<BTreeSet<_>>();
        let (old_names, new_names) = (names(&before), names(&after));
        for tag in before
            .iter()
            .filter(|t| t.str().is_some_and(|name| !new_names.contains(name)))
        {
            scope.removed(&TAG_REMOVED, *tag, new);
        }
        for tag in after
            .iter()
            .filter(|t| t.str().is_some_and(|name| !old_names.contains(name)))
        {
            scope.added(&TAG_ADDED, old, *tag);
        }
    }

    fn life(&mut self, unit: usize, old: Node<'d>, new: Node<'d>) {
        let mut scope = self.scope(unit);
        scope.end_too_soon(&SUNSET_TOO_SOON, old, new);
        match (is_deprecated(old), is_deprecated(new)) {
            (false, true) => scope.found(
                &ENDPOINT_DEPRECATED,
                (old, None),
                (new, Some("deprecated".to_owned())),
            ),
            (true, false) => scope.found(
                &ENDPOINT_REACTIVATED,
                (old, Some("deprecated".to_owned())),
                (new, None),
            ),
            _ => {}
        }
        let text = |day: &str| Some(day.to_owned());
        let level = |node: Node<'d>| node.get("x-stability-level").map(crate::brief::brief);
        let row = match (stability(old), stability(new)) {
            (was, is) if was == is => None,
            (_, Stability::Invalid) => Some(&STABILITY_INVALID),
            // A level that nobody could read was as good as none, and what has none is stable.
            (Stability::Invalid, Stability::Stable) => Some(&ENDPOINT_STABILITY_INCREASED),
            (was, is) if is < was || was == Stability::Invalid => {
                Some(&ENDPOINT_STABILITY_DECREASED)
            }
            _ => Some(&ENDPOINT_STABILITY_INCREASED),
        };
        if let Some(row) = row {
            scope.found(row, (old, level(old)), (new, level(new)));
        }
        match (sunset(old), sunset(new)) {
            (Sunset::Day(before), Sunset::Invalid) => {
                let written = new.get("x-sunset").map(crate::brief::brief);
                scope.found(&SUNSET_REMOVED, (old, text(before)), (new, written));
            }
            (Sunset::None, Sunset::Invalid) => {
                let written = new.get("x-sunset").map(crate::brief::brief);
                scope.found(&SUNSET_INVALID, (old, None), (new, written));
            }
            (Sunset::Day(before), Sunset::Day(after)) if before != after => {
                let row = if before < after {
                    &SUNSET_LATER
                } else {
                    &SUNSET_EARLIER
                };
                scope.found(row, (old, text(before)), (new, text(after)));
            }
            (Sunset::Day(before), Sunset::None) if is_deprecated(new) => {
                scope.found(&SUNSET_REMOVED, (old, text(before)), (new, None));
            }
            (Sunset::None | Sunset::Invalid, Sunset::Day(after)) => {
                scope.found(&SUNSET_ADDED, (old, None), (new, text(after)));
            }
            _ => {}
        }
    }

    fn request_body(&mut self, index: usize, site: Sites, old: Node<'d>, new: Node<'d>) {
        match (old.get("requestBody"), new.get("requestBody")) {
            (Some(o), Some(n)) => {
                let (o, n) = (self.old.resolved(o), self.new.resolved(n));
                self.uses(index, site, Kind::RequestBody, o, n);
            }
            (Some(o), None) => {
                let unit = self.walked_at(index, site);
                self.scope(unit).removed(&BODY_REMOVED, o, new);
            }
            (None, Some(n)) => {
                let required =
                    self.new.resolved(n).get("required").and_then(Node::bool) == Some(true);
                let row = if required {
                    &BODY_ADDED_REQUIRED
                } else {
                    &BODY_ADDED_OPTIONAL
                };
                let unit = self.walked_at(index, site);
                self.scope(unit).added(row, old, n);
            }
            (None, None) => {}
        }
    }

    fn responses(&mut self, index: usize, unit: usize, site: Sites, old: Node<'d>, new: Node<'d>) {
        let listed = |side: Node<'d>| -> Vec<(&'d str, Node<'d>)> {
            let members = side.get("responses").into_iter().flat_map(Node::members);
            members
                .filter(|(status, _)| !status.starts_with("x-"))
                .collect()
        };
        let key = |(status, _): &(&'d str, Node<'d>)| Some(status.to_ascii_uppercase());
        let Paired { both, gone, come } = paired(listed(old), listed(new), key, key);
        for ((_, o), (_, n)) in both {
            let (o, n) = (self.old.resolved(o), self.new.resolved(n));
            self.uses(index, site, Kind::Response, o, n);
        }
        let wide = |side: Node<'d>| -> Vec<(&'d str, Node<'d>)> {
            let listed = listed(side).into_iter();
            listed.filter(|(status, _)| is_wide(status)).collect()
        };
        let (wide_before, wide_now) = (wide(old), wide(new));
        for &(status, o) in &gone {
            let narrower = is_wide(status) && come.iter().any(|(other, _)| covers(status, other));
            let row = match answer(&wide_now, status) {
                Some(n) => {
                    let (o, n) = (self.old.resolved(o), self.new.resolved(n));
                    self.uses(index, site, Kind::Response, o, n);
                    &STATUS_GENERALIZED
                }
                None if narrower => &STATUS_SPECIFIED,
                None if status.starts_with('2') => &SUCCESS_STATUS_REMOVED,
                None => &OTHER_STATUS_REMOVED,
            };
            let holder = new.get("responses").unwrap_or(new);
            let before = Some(status.to_owned());
            self.scope(unit).found(row, (o, before), (holder, None));
        }
        for (status, n) in come {
            let row = match answer(&wide_before, status) {
                Some(o) => {
                    let (o, n) = (self.old.resolved(o), self.new.resolved(n));
                    self.uses(index, site, Kind::Response, o, n);
                    &STATUS_SPELLED_OUT
                }
                None if status.starts_with('2') => &SUCCESS_STATUS_ADDED,
                None => &OTHER_STATUS_ADDED,
            };
            let holder = old.get("responses").unwrap_or(old);
            let after = Some(status.to_owned());
            self.scope(unit).found(row, (holder, None), (n, after));
        }
    }

    fn callbacks(&mut self, index: usize, unit: usize, old: Node<'d>, new: Node<'d>) {
        let listed = |side: Node<'d>, document: &'d Source<'d>| {
            let mut all = Vec::new();
            for (name, callback) in side.get("callbacks").into_iter().flat_map(Node::members) {
                for (path, item) in document.resolved(callback).members() {
                    let item = document.resolved(item);
                    for method in METHODS {
                        if let Some(operation) = item.get(method) {
                            all.push((
                                (name, path, method),
                                Side {
                                    item,
                                    operation,
                                    path,
                                },
                            ));
                        }
                    }
                }
            }
            all
        };
        let key = |callback: &Callback<'d>| Some(callback.0);
        let (before, after) = (listed(old, self.old), listed(new, self.new));
        let Paired { both, gone, come } = paired(before, after, key, key);
        for ((_, old), (_, new)) in both {
            // By the specification the service calls here, too, inside a callback as anywhere.
            self.waiting
                .push((index, Sides { old, new }, Roles::CALLING));
        }
        let mut scope = self.scope(unit);
        for (_, side) in gone {
            scope.removed(&CALLBACK_REMOVED, side.operation, new);
        }
        for (_, side) in come {
            scope.added(&CALLBACK_ADDED, old, side.operation);
        }
    }

    /// Compares everything under `webhooks`, or what 3.0 has in its place.
    pub(super) fn webhooks(&mut self) {
        let (old_root, new_root) = (self.old.tree().root(), self.new.tree().root());
        let hooks = |root: Node<'d>| root.get("webhooks").or_else(|| root.get(WEBHOOKS_3_0));
        let (old, new) = (hooks(old_root), hooks(new_root));
        for (name, o) in old.into_iter().flat_map(Node::members) {
            let o = self.old.resolved(o);
            let n = new
                .and_then(|hooks| hooks.get(name))
                .map(|n| self.new.resolved(n));
            for method in METHODS {
                let Some(operation) = o.get(method) else {
                    continue;
                };
                let index = self.operation(method, name, true);
                if let Some((item, after)) =
                    n.and_then(|n| n.get(method).map(|operation| (n, operation)))
                {
                    let sides = Sides {
                        old: Side {
                            item: o,
                            operation,
                            path: name,
                        },
                        new: Side {
                            item,
                            operation: after,
                            path: name,
                        },
                    };
                    self.operation_pair(index, sides, Roles::CALLING);
                } else {
                    let unit = self.walked_for(&[index]);
                    let holder = n.or(new).unwrap_or(new_root);
                    let text = Some(name.to_owned());
                    self.scope(unit)
                        .found(&WEBHOOK_REMOVED, (operation, text), (holder, None));
                }
            }
        }
        for (name, n) in new.into_iter().flat_map(Node::members) {
            let n = self.new.resolved(n);
            let o = old
                .and_then(|hooks| hooks.get(name))
                .map(|o| self.old.resolved(o));
            for method in METHODS {
                let Some(operation) = n.get(method) else {
                    continue;
                };
                if o.is_some_and(|o| o.get(method).is_some()) {
                    continue;
                }
                let index = self.operation(method, name, true);
                let unit = self.walked_for(&[index]);
                let holder = o.or(old).unwrap_or(old_root);
                let text = Some(name.to_owned());
                self.scope(unit)
                    .found(&WEBHOOK_ADDED, (holder, None), (operation, text));
            }
        }
    }
}
