//! A schema of OpenAPI as plain JSON Schema (2020-12) that accepts the same values, seen in one direction.
//!
//! References become definitions that are filled in from a queue, so that neither chains nor cycles recurse. Each
//! *place* (a property, the items of an array) is lowered with what the other side has at this place:
//!
//! - In an open object nobody sends what no schema lists, so a name that only the other side lists is ruled out on
//!   the side whose values are asked for. Otherwise no property could ever be added.
//! - What is read-only does not exist in what is sent, nor what is write-only in what is received.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use serde_json::{Map, Value as Json, json};

use super::super::schema::is_any_text;
use super::super::source::{Source, schema_name};
use super::keywords::{imply_type, required, with_nullable};
use crate::document::Version;
use crate::number;
use crate::tree::{Node, NodeId, Value};

/// Keywords and values beyond which no question is asked: what is left says "undecided".
const MAX_SIZE: usize = 6000;
/// Definitions beyond which none is asked: the library follows them recursively.
const MAX_DEFINITIONS: usize = 150;

/// Schemas at one place, and names there, beyond which none is asked.
const MAX_AT_PLACE: usize = 1000;

/// One side of a question.
pub(super) struct Side<'d> {
    pub(super) source: &'d Source<'d>,
    /// Schemas that hold together at the place in question.
    pub(super) nodes: Vec<Node<'d>>,
}

/// What a definition depends on: the schema, whether it is plain and cut, and what stands at its place.
type Key = (NodeId, [bool; 2], Vec<NodeId>, Vec<NodeId>);

/// What stands at one place, on this side and on the other.
struct Place<'d> {
    own: Vec<Node<'d>>,
    other: Vec<Node<'d>>,
    /// Names that do not exist in this direction.
    hidden: BTreeSet<String>,
    /// Names that nobody sends, as only the other side lists them.
    closed: BTreeSet<String>,
    /// Names and keywords that are compared on their own: here they accept anything.
    cut: HashSet<String>,
    /// Whether the other side tells alternatives apart by a property, too.
    tagged: bool,
}

pub(super) struct Lowering<'d> {
    source: &'d Source<'d>,
    other: &'d Source<'d>,
    sent: bool,
    /// Whether this is the side whose values are asked for.
    subset: bool,
    definitions: Map<String, Json>,
    names: HashMap<Key, String>,
    waiting: Vec<(String, Node<'d>, bool, Rc<Place<'d>>)>,
    size: usize,
    /// What makes the result something else than the schema: too large, or a number that JSON cannot hold.
    inexact: bool,
}

/// The schema of one side; `None` if it is too large or cannot be said exactly. With `cut`, properties and items
/// that both sides have accept anything, as they are compared on their own.
pub(super) fn lower<'d>(
    side: &Side<'d>,
    other: &Side<'d>,
    sent: bool,
    subset: bool,
    cut: bool,
) -> Option<Json> {
    let mut lowering = Lowering {
        source: side.source,
        other: other.source,
        sent,
        subset,
        definitions: Map::new(),
        names: HashMap::new(),
        waiting: Vec::new(),
        size: 0,
        inexact: false,
    };
    let mut place = lowering.place(&side.nodes, &other.nodes);
    if cut {
        place.cut = Lowering::common(&place);
    }
    let place = Rc::new(place);
    let schemas: Vec<Json> = side
        .nodes
        .iter()
        .map(|node| lowering.schema(*node, &place, true, true))
        .collect();
    let root = together(Lowering::ruled_out(schemas, &place));
    while let Some((name, node, plain, place)) = lowering.waiting.pop() {
        let schema = lowering.schema(node, &place, plain, true);
        lowering.definitions.insert(name, schema);
    }
    if lowering.inexact || lowering.size > MAX_SIZE {
        return None;
    }
    let mut root = match root {
        Json::Object(map) if !map.contains_key("$ref") => map,
        other => Map::from_iter([("allOf".to_owned(), json!([other]))]),
    };
    if !lowering.definitions.is_empty() {
        root.insert("$defs".to_owned(), lowering.definitions.into());
    }
    Some(root.into())
}

/// Schemas that hold together.
fn together(mut schemas: Vec<Json>) -> Json {
    if schemas.len() == 1 {
        return schemas.remove(0);
    }
    json!({ "allOf": schemas })
}

/// All schemas whose keywords are about values at this place: the schemas, their parts and alternatives.
fn flat<'d>(source: &'d Source<'d>, nodes: &[Node<'d>]) -> Vec<Node<'d>> {
    let mut all: Vec<Node<'d>> = nodes.to_vec();
    let mut seen: HashSet<NodeId> = all.iter().map(|node| node.id()).collect();
    let mut next = 0;
    while next < all.len() && all.len() <= MAX_AT_PLACE {
        let node = all[next];
        next += 1;
        let lists = ["allOf", "anyOf", "oneOf"].into_iter();
        let listed = lists.filter_map(|key| node.get(key)).flat_map(Node::items);
        let single = ["then", "else"].into_iter().filter_map(|key| node.get(key));
        for inner in listed.chain(single).chain(source.target(node)) {
            if seen.insert(inner.id()) {
                all.push(inner);
            }
        }
    }
    all
}

/// Whether nothing but its properties and items can tell two values apart on either side: then these can be compared
/// on their own.
pub(super) fn is_plain(one: &Side<'_>, other: &Side<'_>) -> bool {
    const WHOLE: [&str; 6] = [
        "not",
        "if",
        "dependentSchemas",
        "contains",
        "unevaluatedProperties",
        "unevaluatedItems",
    ];
    let plain = |side: &Side<'_>| {
        let several = |list: Node<'_>| {
            let telling = list
                .items()
                .filter(|m| !super::is_null(side.source.resolved(*m)));
            telling.count() > 1
        };
        flat(side.source, &side.nodes).iter().all(|node| {
            let lists = ["anyOf", "oneOf"]
                .into_iter()
                .filter_map(|key| node.get(key));
            WHOLE.iter().all(|key| node.get(key).is_none()) && !lists.into_iter().any(several)
        })
    };
    plain(one) && plain(other)
}

/// Which of these names properties of a given kind, from the schemas of a place.
fn properties<'d>(all: &[Node<'d>], name: &str) -> Vec<Node<'d>> {
    let lists = all.iter().filter_map(|node| node.get("properties"));
    lists.filter_map(|list| list.get(name)).collect()
}

fn under<'d>(all: &[Node<'d>], key: &str) -> Vec<Node<'d>> {
    let found = all.iter().filter_map(|node| node.get(key));
    found.filter(|node| node.is_object()).collect()
}

fn is_open(rest: Node<'_>) -> bool {
    rest.bool() == Some(true) || rest.is_object() && rest.len() == 0
}

impl<'d> Lowering<'d> {
    fn place(&mut self, own: &[Node<'d>], other: &[Node<'d>]) -> Place<'d> {
        let mut own = flat(self.source, own);
        let mut other = flat(self.other, other);
        let names = |node: &Node<'d>| node.get("properties").map_or(1, Node::len);
        for all in [&mut own, &mut other] {
            if all.iter().map(names).sum::<usize>() > MAX_AT_PLACE {
                self.inexact = true;
                all.clear();
            }
        }
        let names = |all: &[Node<'d>]| -> BTreeSet<String> {
            let lists = all.iter().filter_map(|node| node.get("properties"));
            lists
                .flat_map(|list| list.members().map(|(name, _)| name.to_owned()))
                .collect()
        };
        let (listed, elsewhere) = (names(&own), names(&other));
        let hidden = listed
            .iter()
            .filter(|name| self.is_hidden(&properties(&own, name)))
            .cloned()
            .collect();
        let governed = own.iter().any(|node| {
            let rest = node.get("additionalProperties");
            rest.is_some_and(|rest| !is_open(rest))
                || node.get("patternProperties").is_some()
                || node.get("unevaluatedProperties").is_some()
        });
        let closed = if self.subset && !governed {
            elsewhere.difference(&listed).cloned().collect()
        } else {
            BTreeSet::new()
        };
        let tagged = other.iter().any(|node| node.get("discriminator").is_some());
        Place {
            own,
            other,
            hidden,
            closed,
            cut: HashSet::new(),
            tagged,
        }
    }

    fn is_hidden(&self, property: &[Node<'d>]) -> bool {
        let key = if self.sent { "readOnly" } else { "writeOnly" };
        let set = |node: Node<'d>| node.get(key).and_then(Node::bool) == Some(true);
        property
            .iter()
            .any(|&part| set(part) || set(self.source.resolved(part)))
    }

    /// What both sides have at this place and what is compared on its own.
    fn common(place: &Place<'d>) -> HashSet<String> {
        let mut cut = HashSet::new();
        for list in place.own.iter().filter_map(|node| node.get("properties")) {
            for (name, _) in list.members() {
                let rules_out = |node: &Node<'d>| node.bool() == Some(false);
                let (own, other) = (properties(&place.own, name), properties(&place.other, name));
                if !other.is_empty() && !own.iter().chain(&other).any(rules_out) {
                    cut.insert(format!("/{name}"));
                }
            }
        }
        // A name that only one side lists is under `additionalProperties` on the other.
        let names = |all: &[Node<'d>]| -> BTreeSet<&'d str> {
            let lists = all.iter().filter_map(|node| node.get("properties"));
            lists
                .flat_map(|list| list.members().map(|(name, _)| name))
                .collect()
        };
        let patterned = |all: &[Node<'d>]| all.iter().any(|n| n.get("patternProperties").is_some());
        let same_names = names(&place.own) == names(&place.other)
            && !patterned(&place.own)
            && !patterned(&place.other);
        for key in ["items", "additionalProperties"] {
            let stated = |all: &[Node<'d>]| {
                let telling = under(all, key);
                let only = all.iter().filter(|node| node.get(key).is_some()).count();
                !telling.is_empty() && telling.len() == only && telling.iter().any(|n| n.len() > 0)
            };
            let prefixed = |all: &[Node<'d>]| all.iter().any(|n| n.get("prefixItems").is_some());
            let alone = !prefixed(&place.own) && !prefixed(&place.other);
            let alone = alone && (key == "items" || same_names);
            if alone && stated(&place.own) && stated(&place.other) {
                cut.insert(key.to_owned());
            }
        }
        cut
    }

    /// The schemas of a place, and what nobody sends there.
    fn ruled_out(mut schemas: Vec<Json>, place: &Place<'d>) -> Vec<Json> {
        if !place.closed.is_empty() {
            let names = place.closed.iter();
            let none: Map<String, Json> = names.map(|name| (name.clone(), json!(false))).collect();
            schemas.push(json!({ "properties": none }));
        }
        schemas
    }

    /// A schema at a place below: `own` and `other` are all schemas there.
    fn below(
        &mut self,
        node: Node<'d>,
        own: &[Node<'d>],
        other: &[Node<'d>],
        implied: bool,
    ) -> Json {
        let place = Rc::new(self.place(own, other));
        let schema = self.schema(node, &place, false, implied);
        together(Self::ruled_out(vec![schema], &place))
    }

    /// One schema. `plain` ones are parts of others, so that nothing else can stand for them; `implied` types
    /// count where a schema says what is accepted.
    fn schema(
        &mut self,
        node: Node<'d>,
        place: &Rc<Place<'d>>,
        plain: bool,
        implied: bool,
    ) -> Json {
        self.size += 1;
        if self.inexact || self.size > MAX_SIZE {
            return json!(true);
        }
        match node.value() {
            Value::Bool(accepts) => return json!(accepts),
            Value::Object => {}
            _ => {
                self.inexact = true;
                return json!(true);
            }
        }
        let mut all = Vec::new();
        if let Some(target) = self.source.target(node) {
            all.push(self.reference(self.source.resolved(target), place, plain));
            if self.source.version() == Version::V3_0 {
                return together(all);
            }
        }
        let subtypes = if plain {
            Vec::new()
        } else {
            self.source.subtypes(node)
        };
        if !subtypes.is_empty() {
            all.push(self.hierarchy(node, &subtypes, place));
            return together(all);
        }
        let own = self.keywords(node, place, implied);
        if all.is_empty() || !own.is_empty() {
            all.push(own.into());
        }
        together(all)
    }

    fn reference(&mut self, target: Node<'d>, place: &Rc<Place<'d>>, plain: bool) -> Json {
        let ids = |nodes: &[Node<'d>]| nodes.iter().map(|node| node.id()).collect::<Vec<_>>();
        let flags = [plain, place.cut.is_empty()];
        let key = (target.id(), flags, ids(&place.own), ids(&place.other));
        if let Some(name) = self.names.get(&key) {
            return json!({ "$ref": format!("#/$defs/{name}") });
        }
        let name = format!("d{}", self.names.len());
        if self.names.len() >= MAX_DEFINITIONS {
            self.inexact = true;
            return json!(true);
        }
        self.names.insert(key, name.clone());
        let link = json!({ "$ref": format!("#/$defs/{name}") });
        self.waiting.push((name, target, plain, Rc::clone(place)));
        link
    }

    /// A schema that others refine, where it is named: one of them, told apart by the value of a property.
    fn hierarchy(&mut self, base: Node<'d>, subtypes: &[Node<'d>], place: &Rc<Place<'d>>) -> Json {
        let mut all = Vec::new();
        for &subtype in [base].iter().chain(subtypes) {
            let link = self.reference(subtype, place, true);
            all.push(match self.tag(base, subtype, place) {
                Some(tag) => json!({ "allOf": [link, tag] }),
                None => link,
            });
        }
        json!({ "anyOf": all })
    }

    /// What a discriminator asks of an alternative, unless this names its values itself.
    fn tag(&self, holder: Node<'d>, member: Node<'d>, place: &Place<'d>) -> Option<Json> {
        let discriminator = holder.get("discriminator").filter(|_| place.tagged)?;
        let property = discriminator.get("propertyName")?.str()?;
        let member = self.source.resolved(member);
        let own = properties(&flat(self.source, &[member]), property);
        let named = |node: &Node<'d>| node.get("enum").or_else(|| node.get("const")).is_some();
        let mapping = discriminator
            .get("mapping")
            .into_iter()
            .flat_map(Node::members);
        let mut values: Vec<&str> = mapping
            .filter(|(_, to)| to.str().and_then(|to| self.source.mapped(to)) == Some(member))
            .map(|(value, _)| value)
            .collect();
        if values.is_empty() {
            if own.iter().any(named) {
                return None;
            }
            values.push(schema_name(member)?);
        }
        Some(json!({ "properties": { property: { "enum": values } } }))
    }

    fn keywords(
        &mut self,
        node: Node<'d>,
        place: &Rc<Place<'d>>,
        implied: bool,
    ) -> Map<String, Json> {
        let mut out = Map::new();
        for (key, value) in node.members() {
            self.size += 1;
            let lowered = match key {
                "required" => required(value, &place.hidden),
                "pattern" if is_any_text(value) => continue,
                "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf"
                | "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties"
                | "maxProperties" | "minContains" | "maxContains" | "uniqueItems" | "pattern"
                | "dependentRequired" | "type" | "enum" | "const" => self.data(value),
                "allOf" => self.list(value, |this, m| this.schema(m, place, true, implied)),
                "anyOf" | "oneOf" => self.list(value, |this, m| {
                    let schema = this.schema(m, place, false, implied);
                    match this.tag(node, m, place) {
                        Some(tag) => json!({ "allOf": [schema, tag] }),
                        None => schema,
                    }
                }),
                "not" | "if" | "then" | "else" | "contains" | "propertyNames" => {
                    let implied = implied && matches!(key, "then" | "else");
                    self.below(value, &[value], &under(&place.other, key), implied)
                }
                "unevaluatedItems" | "unevaluatedProperties" => {
                    self.below(value, &[value], &under(&place.other, key), implied)
                }
                "items" | "additionalProperties" => {
                    if place.cut.contains(key) {
                        json!(true)
                    } else {
                        let (own, other) = (under(&place.own, key), under(&place.other, key));
                        self.below(value, &own, &other, implied)
                    }
                }
                "properties" => self.properties(value, place, implied),
                "patternProperties" | "dependentSchemas" => {
                    let same_place = key == "dependentSchemas";
                    let mut map = Map::new();
                    for (name, inner) in value.members() {
                        let schema = if same_place {
                            self.schema(inner, place, true, false)
                        } else {
                            self.below(inner, &[inner], &[], implied)
                        };
                        map.insert(name.to_owned(), schema);
                    }
                    map.into()
                }
                "prefixItems" => self.list(value, |this, m| this.below(m, &[m], &[], implied)),
                _ => continue,
            };
            out.insert(key.to_owned(), lowered);
        }
        if implied {
            imply_type(node, &mut out);
        }
        with_nullable(node, out)
    }

    fn properties(&mut self, list: Node<'d>, place: &Rc<Place<'d>>, implied: bool) -> Json {
        let mut map = Map::new();
        for (name, property) in list.members() {
            self.size += 1;
            let schema = if place.hidden.contains(name) {
                // What does not exist in this direction is not sent, and nobody minds if it is.
                json!(!self.subset)
            } else if place.cut.contains(&format!("/{name}")) {
                json!(true)
            } else {
                let own = properties(&place.own, name);
                let other = properties(&place.other, name);
                self.below(property, &own, &other, implied)
            };
            map.insert(name.to_owned(), schema);
        }
        map.into()
    }

    fn list(&mut self, list: Node<'d>, each: impl Fn(&mut Self, Node<'d>) -> Json) -> Json {
        list.items().map(|member| each(self, member)).collect()
    }

    /// A value as it is.
    fn data(&mut self, node: Node<'d>) -> Json {
        self.size += 1;
        match node.value() {
            Value::Null => Json::Null,
            Value::Bool(b) => json!(b),
            Value::String(text) => json!(text),
            Value::Number(text) => number::to_json(text).map_or_else(
                || {
                    self.inexact = true;
                    Json::Null
                },
                Json::Number,
            ),
            Value::Array => node.items().map(|item| self.data(item)).collect(),
            Value::Object => {
                let members = node.members();
                let map: Map<String, Json> = members
                    .map(|(key, v)| (key.to_owned(), self.data(v)))
                    .collect();
                map.into()
            }
        }
    }
}
