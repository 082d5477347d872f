//! One operation as a method: what it takes, where each value goes, and what comes back.

use heck::ToSnakeCase as _;
use serde_json::Value;

use super::facts::{self, Resource, fact};
use super::kind::Kind;
use super::limits::limits;
use super::low_level::{LowLevel, Method};
use super::text::sentence;
use crate::spec::{Operation, Spec, elements, entries};

/// A method of a resource.
#[derive(Debug)]
pub(super) struct Call<'a> {
    pub(super) operation: Operation<'a>,
    pub(super) resource: Resource,
    pub(super) name: String,
    /// The type of the request, if anything is optional.
    pub(super) builder: Option<String>,
    /// What is required, in the order of the arguments, then what is optional.
    pub(super) inputs: Vec<Input<'a>>,
    pub(super) low: &'a Method,
    /// The list whose values go in several requests where one does not take all.
    pub(super) parts: Option<String>,
    /// The type of the items of a list that comes in numbered pages.
    pub(super) paged: Option<String>,
    /// The list and the total of an answer whose parts are put together.
    pub(super) joins: bool,
}

/// A value that the caller gives.
#[derive(Debug, Clone)]
pub(super) struct Input<'a> {
    pub(super) name: String,
    pub(super) wire: &'a str,
    pub(super) place: Place,
    pub(super) kind: Kind,
    pub(super) required: bool,
    pub(super) docs: String,
    /// The schema, and what holds it and the facts about it.
    pub(super) schema: &'a Value,
    pub(super) node: &'a Value,
}

/// Where a value goes in the call of the low level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// An argument that is a part of the path.
    Path(String),
    /// Another argument.
    Argument(String),
    /// A field of the parameters.
    Params(String),
    /// A field of the body, by way of those that hold it.
    Body(Vec<String>),
    /// The body is the value.
    WholeBody,
}

impl Place {
    /// The value where the request is made.
    pub(super) fn value(&self, name: &str) -> String {
        match self {
            Self::Path(_) | Self::Argument(_) => name.to_owned(),
            Self::Params(field) => format!("params.{field}"),
            Self::Body(fields) => format!("body.{}", fields.join(".")),
            Self::WholeBody => "body".to_owned(),
        }
    }
}

impl<'a> Call<'a> {
    /// The method for an operation, unless one is written by hand.
    pub(super) fn of(
        spec: &'a Spec,
        low: &'a LowLevel,
        operation: Operation<'a>,
        resources: &[Resource],
    ) -> Option<Self> {
        let method = low.method(operation.id())?;
        if method.is_raw || fact(operation.node, "by_hand").is_some() {
            return None;
        }
        let (resource, name) = facts::home(&operation, resources);
        let mut inputs: Vec<Input<'a>> = elements(&operation.node["parameters"])
            .filter_map(|node| parameter(spec, low, method, node))
            .collect();
        if let Some((_, ty)) = method.arguments.iter().find(|(name, _)| name == "body") {
            body(spec, low, operation.node, ty, &mut inputs);
        }
        // Stable: the document's order stays within the two groups.
        inputs.sort_by_key(|input| !input.required);
        let builder = inputs
            .iter()
            .any(|input| !input.required)
            .then(|| facts::builder(&resource, &name, operation.node));
        let parts = fact(operation.node, "parts").map(ToOwned::to_owned);
        let has = |field: &str| {
            let fields = low.fields(&method.output).unwrap_or_default();
            fields.iter().any(|known| known.name == field)
        };
        let pages = inputs
            .iter()
            .any(|input| input.place == Place::Params("page".to_owned()));
        let is_paged = pages
            && ["list", "page", "total_pages", "total"]
                .into_iter()
                .all(has);
        let items = low
            .fields(&method.output)
            .and_then(|fields| fields.iter().find(|field| field.name == "list"))
            .and_then(|field| field.ty.strip_prefix("Vec<")?.strip_suffix('>'));
        Some(Self {
            paged: items.filter(|_| is_paged).map(ToOwned::to_owned),
            joins: has("list") && has("total"),
            operation,
            resource,
            name,
            builder,
            inputs,
            low: method,
            parts,
        })
    }

    pub(super) fn required(&self) -> impl Iterator<Item = &Input<'a>> {
        self.inputs.iter().filter(|input| input.required)
    }

    pub(super) fn optional(&self) -> impl Iterator<Item = &Input<'a>> {
        self.inputs.iter().filter(|input| !input.required)
    }

    /// The type of an argument of the low level.
    pub(super) fn low_type(&self, argument: &str) -> Option<&str> {
        let found = self.low.arguments.iter().find(|(name, _)| name == argument);
        found.map(|(_, ty)| ty.as_str())
    }

    /// Whether the answer says nothing but that it was done.
    pub(super) fn returns_nothing(&self) -> bool {
        matches!(
            self.low.output.as_str(),
            "Value" | "Map<String,Value>" | "()"
        )
    }

    /// What comes back, as a type.
    pub(super) fn output(&self) -> String {
        if self.returns_nothing() {
            "()".to_owned()
        } else {
            self.low.output.replace(',', ", ")
        }
    }

    /// Whether its values are not for logs: bodies hold prompts, addresses hold signatures.
    pub(super) fn is_private(&self) -> bool {
        self.low_type("body").is_some() || self.inputs.iter().any(Input::is_address)
    }
}

impl Input<'_> {
    /// Whether it is an address on the web.
    pub(super) fn is_address(&self) -> bool {
        self.kind == Kind::Text && limits(self.schema)["format"] == "uri"
    }
}

fn parameter<'a>(
    spec: &Spec,
    low: &LowLevel,
    method: &Method,
    node: &'a Value,
) -> Option<Input<'a>> {
    let wire = node["name"].as_str()?;
    let ident = rust_name(wire);
    let schema = &node["schema"];
    let required = method.arguments.iter().find(|(name, _)| *name == ident);
    let (place, ty) = match required {
        Some((name, ty)) if node["in"] == "path" => (Place::Path(name.clone()), ty.as_str()),
        Some((name, ty)) => (Place::Argument(name.clone()), ty.as_str()),
        None => {
            let (_, params) = method.arguments.iter().find(|(name, _)| name == "params")?;
            let field = low
                .fields(params)?
                .iter()
                .find(|field| field.name == ident)?;
            (Place::Params(field.name.clone()), field.ty.as_str())
        }
    };
    let period = fact(node, "period");
    let name = period.or_else(|| fact(node, "name")).unwrap_or(&ident);
    Some(Input {
        name: name.to_owned(),
        wire,
        place,
        kind: match period {
            Some(_) => Kind::Period,
            None => Kind::of(spec, ty, schema),
        },
        required: required.is_some(),
        docs: words(node, schema),
        schema,
        node,
    })
}

/// The values of a body: its fields, or the body as a whole where it may have any.
fn body<'a>(
    spec: &'a Spec,
    low: &LowLevel,
    operation: &'a Value,
    ty: &str,
    inputs: &mut Vec<Input<'a>>,
) {
    if low.fields(ty).is_some() {
        fields(spec, low, ty, &[], inputs);
        return;
    }
    let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
    inputs.push(Input {
        name: "value".to_owned(),
        wire: "",
        place: Place::WholeBody,
        kind: Kind::Object,
        required: true,
        docs: words(operation, schema),
        schema,
        node: operation,
    });
}

fn fields<'a>(
    spec: &'a Spec,
    low: &LowLevel,
    ty: &str,
    path: &[String],
    inputs: &mut Vec<Input<'a>>,
) {
    let Some(schema) = spec.schemas().and_then(|schemas| schemas.get(ty)) else {
        return;
    };
    let needed: Vec<&str> = elements(&schema["required"])
        .filter_map(Value::as_str)
        .collect();
    let mut properties: Vec<(&String, &Value)> = entries(&schema["properties"]).collect();
    let rank = |wire: &str| needed.iter().position(|name| *name == wire);
    properties.sort_by_key(|(wire, _)| rank(wire).unwrap_or(usize::MAX));
    for (wire, property) in properties {
        let field = low.fields(ty).unwrap_or_default().iter();
        let Some(field) = field.clone().find(|field| field.wire == *wire) else {
            continue;
        };
        if fact(property, "skip").is_some() {
            continue;
        }
        let mut place = path.to_vec();
        place.push(field.name.clone());
        // A fact about an object stays with it, wherever it was put.
        let is_flat = |schema: &Value| schema["x-client"]["flatten"] == true;
        if is_flat(property) || is_flat(spec.resolve(property)) {
            let inner = field.ty.trim_start_matches("Option<").trim_end_matches('>');
            fields(spec, low, inner, &place, inputs);
            continue;
        }
        inputs.push(Input {
            name: fact(property, "name").unwrap_or(&field.name).to_owned(),
            wire,
            place: Place::Body(place),
            kind: Kind::of(spec, &field.ty, property),
            required: rank(wire).is_some(),
            docs: words(property, property),
            schema: property,
            node: property,
        });
    }
}

/// What the document says of a value. The schema's words have its limits, and may have no more.
fn words(node: &Value, schema: &Value) -> String {
    if let Some(words) = fact(node, "docs") {
        return words.to_owned();
    }
    let said = |value: &Value| value["description"].as_str().unwrap_or_default().to_owned();
    let (own, limits) = (said(node), said(schema));
    let start = own.trim_end_matches(['.', '!', '?', ':']);
    if own.is_empty() || limits.starts_with(start) {
        limits
    } else {
        format!("{} {limits}", sentence(&own)).trim_end().to_owned()
    }
}

/// The name that the low level gives to a parameter.
fn rust_name(wire: &str) -> String {
    let plain: String = wire
        .chars()
        .map(|character| {
            if character.is_alphanumeric() {
                character
            } else {
                '_'
            }
        })
        .collect();
    let name = plain.to_snake_case();
    if syn::parse_str::<syn::Ident>(&name).is_ok() {
        name
    } else {
        name + "_"
    }
}
