//! `unions.rs`: choices between shapes, as Rust enums.
//!
//! Tags that are strings are serde's business. A numeric tag is not one that
//! serde knows, so its two directions are spelled out.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use heck::ToPascalCase;
use serde_json::Value;

use spec_diff::escape;

use super::{Target, choices, doc_lines, literal};
use crate::problem::{Problem, Result};
use crate::spec::{Spec, component_of, elements, entries, unwrapped};

/// Every component that the unions pass marked.
pub fn emit(spec: &Spec, target: &Target) -> Result<String> {
    let mut code = "//! Values that come in one of several shapes.\n\n".to_owned();
    let mut all: Vec<(&String, &Value)> = spec
        .schemas()
        .into_iter()
        .flatten()
        .filter(|(_, schema)| schema.get("x-union").is_some())
        .collect();
    all.sort_by_key(|(name, _)| *name);
    let mut unions = String::new();
    for (name, schema) in all {
        unions.push_str(&Union::read(spec, name, schema, target)?.emit(&target.runtime));
    }
    if unions.contains("types::") {
        code.push_str("use super::types;\n\n");
    }
    Ok(code + &unions)
}

struct Union<'a> {
    name: &'a str,
    description: &'a str,
    style: &'a str,
    tag: &'a str,
    default: Option<i64>,
    open: bool,
    variants: Vec<Variant<'a>>,
}

struct Variant<'a> {
    name: &'a str,
    value: &'a Value,
    /// Whether it has no tag, in a union that has one.
    is_plain: bool,
    description: &'a str,
    /// The type it carries; none for a branch that is nothing but its tag.
    carries: Option<String>,
}

impl<'a> Union<'a> {
    fn read(spec: &'a Spec, name: &'a str, schema: &'a Value, target: &Target) -> Result<Self> {
        let union = &schema["x-union"];
        let mut variants = Vec::new();
        for branch in elements(&union["branches"]) {
            let schema = &branch["schema"];
            let is_plain = branch["plain"] == true;
            let is_unit = schema["properties"]
                .as_object()
                .is_some_and(serde_json::Map::is_empty)
                && union["style"] == "tag"
                && !is_plain;
            let carries = if is_unit {
                None
            } else {
                let ty = rust_type(schema, target).ok_or_else(|| {
                    spec.problem(
                        format!("/components/schemas/{}", crate::spec::escape(name)),
                        format!("the branch `{}` of `{name}` has no Rust type: {schema}", branch["name"]),
                        "add an overlay action that makes it an object, a string, a number, a flag or a list of them",
                    )
                })?;
                if holds(spec, schema, name) {
                    Some(format!("Box<{ty}>"))
                } else {
                    Some(ty)
                }
            };
            variants.push(Variant {
                name: branch["name"].as_str().unwrap_or_default(),
                value: &branch["value"],
                is_plain,
                description: schema["description"].as_str().unwrap_or_default(),
                carries,
            });
        }
        if variants.is_empty() {
            return Err(Problem::new(
                format!("/components/schemas/{name}"),
                "a union without branches",
                "report this as a bug of client-gen",
            )
            .into());
        }
        Ok(Self {
            name,
            description: schema["description"].as_str().unwrap_or_default(),
            style: union["style"].as_str().unwrap_or_default(),
            tag: union["tag"].as_str().unwrap_or_default(),
            default: union["default"].as_i64(),
            open: union["open"] == true,
            variants,
        })
    }

    fn emit(&self, runtime: &str) -> String {
        let branches = || {
            let of = |variant: &Variant<'_>| {
                let carries = variant.carries.clone()?;
                Some((variant.name.to_owned(), plain(variant.value), carries))
            };
            self.variants.iter().filter_map(of).collect::<Vec<_>>()
        };
        match self.style {
            "raw" => return choices::raw(self.name, self.description, &branches()),
            "status" => {
                return choices::by_status(self.name, self.description, &branches(), runtime);
            }
            _ => {}
        }
        let numeric =
            self.style == "tag" && self.variants.iter().all(|variant| variant.value.is_i64());
        let mut code = doc_lines(self.description, "");
        if self.style == "tag" {
            let _ = write!(code, "///\n/// Told apart by {}.\n", escape::code(self.tag));
        }
        // A tag may get a further value any time, whichever way it travels.
        if self.open || self.style == "tag" {
            code.push_str("#[non_exhaustive]\n");
        }
        code.push_str("#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]\n");
        code.push_str("#[cfg_attr(feature = \"schemars\", derive(schemars::JsonSchema))]\n");
        match (self.style, numeric) {
            (_, true) => {
                code = code.replace(", serde::Serialize, serde::Deserialize", "");
                code = code.replace(
                    "derive(schemars::JsonSchema)",
                    "derive(schemars::JsonSchema), schemars(untagged)",
                );
            }
            ("tag", false) => {
                let _ = writeln!(code, "#[serde(tag = {})]", literal(self.tag));
            }
            _ => code.push_str("#[serde(untagged)]\n"),
        }
        let _ = writeln!(code, "pub enum {} {{", self.name);
        for variant in &self.variants {
            code.push_str(&self.variant(variant, numeric));
        }
        if self.open {
            code.push_str("    /// A shape that is not known here, as it came.\n");
            if self.style == "tag" && !numeric {
                code.push_str("    #[serde(untagged)]\n");
            }
            code.push_str("    Unknown(serde_json::Value),\n");
        }
        code.push_str("}\n\n");
        code.push_str(&self.conversions());
        if numeric {
            code.push_str(&self.numeric_tag());
        }
        code
    }

    fn variant(&self, variant: &Variant<'_>, numeric: bool) -> String {
        let mut code = String::new();
        match (variant.description, self.style) {
            ("", "tag") if !variant.is_plain => {
                let _ = writeln!(
                    code,
                    "    /// {} is {}.",
                    escape::code(self.tag),
                    escape::code(&plain(variant.value))
                );
            }
            ("", _) => {
                let _ = writeln!(code, "    /// The shape `{}`.", variant.name);
            }
            (description, _) => code.push_str(&doc_lines(description, "    ")),
        }
        if variant.is_plain {
            code.push_str("    #[serde(untagged)]\n");
        } else if self.style == "tag" && !numeric {
            let value = plain(variant.value);
            if value != variant.name {
                let _ = writeln!(code, "    #[serde(rename = {})]", literal(&value));
            }
        }
        let _ = match &variant.carries {
            Some(ty) => writeln!(code, "    {}({ty}),", variant.name),
            None => writeln!(code, "    {},", variant.name),
        };
        code
    }

    /// `From` for every branch whose type no other branch carries.
    fn conversions(&self) -> String {
        let mut code = String::new();
        for variant in &self.variants {
            let Some(ty) = &variant.carries else { continue };
            let holders = self
                .variants
                .iter()
                .filter(|other| other.carries.as_ref() == Some(ty))
                .count();
            if holders > 1 || ty.starts_with("serde_json") {
                continue;
            }
            let (taken, value) = match ty.strip_prefix("Box<").and_then(|ty| ty.strip_suffix('>')) {
                Some(inner) => (inner, "Box::new(value)"),
                None => (ty.as_str(), "value"),
            };
            let _ = write!(
                code,
                "impl From<{taken}> for {name} {{\n    fn from(value: {taken}) -> Self {{\n        Self::{variant}({value})\n    }}\n}}\n\n",
                name = self.name,
                variant = variant.name
            );
            if ty == "String" {
                let _ = write!(
                    code,
                    "impl From<&str> for {name} {{\n    fn from(value: &str) -> Self {{\n        Self::{variant}(value.to_owned())\n    }}\n}}\n\n",
                    name = self.name,
                    variant = variant.name
                );
            }
        }
        code
    }

    fn numeric_tag(&self) -> String {
        let (name, tag) = (self.name, literal(self.tag));
        let mut write_arms = String::new();
        let mut read_arms = String::new();
        for variant in &self.variants {
            let (variant_name, value) = (variant.name, variant.value);
            // A branch that is nothing but its tag carries nothing; `()` flattens to nothing.
            let (pattern, carried, make) = match variant.carries {
                Some(_) => (
                    "(value)",
                    "value",
                    format!("read(object).map(Self::{variant_name})"),
                ),
                None => ("", "value: &()", format!("Ok(Self::{variant_name})")),
            };
            let _ = writeln!(
                write_arms,
                "            Self::{variant_name}{pattern} => Tagged {{ tag: {value}, {carried} }}.serialize(serializer),"
            );
            let missing = if self.default == value.as_i64() {
                " | None"
            } else {
                ""
            };
            let _ = writeln!(read_arms, "            Some({value}){missing} => {make},");
        }
        let use_error = if self.open {
            ""
        } else {
            "use serde::de::Error as _;\n        "
        };
        // An unknown shape stays whole, with its tag.
        let (rest_read, keep) = if self.open {
            write_arms
                .push_str("            Self::Unknown(value) => value.serialize(serializer),\n");
            (
                "            _ => Ok(Self::Unknown(whole)),\n".to_owned(),
                "        let whole = serde_json::Value::Object(object.clone());\n",
            )
        } else {
            (
                format!(
                    "            other => Err(D::Error::custom(format_args!({}))),\n",
                    literal(&format!(
                        "no `{name}` has the `{}` {{other:?}}",
                        self.tag.replace('{', "{{").replace('}', "}}")
                    ))
                ),
                "",
            )
        };
        format!(
            "impl serde::Serialize for {name} {{
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {{
        #[derive(serde::Serialize)]
        struct Tagged<'a, T> {{
            #[serde(rename = {tag})]
            tag: i64,
            #[serde(flatten)]
            value: &'a T,
        }}
        match self {{
{write_arms}        }}
    }}
}}

impl<'de> serde::Deserialize<'de> for {name} {{
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {{
        {use_error}fn read<T: serde::de::DeserializeOwned, E: serde::de::Error>(
            object: serde_json::Map<String, serde_json::Value>,
        ) -> Result<T, E> {{
            serde_json::from_value(object.into()).map_err(E::custom)
        }}
        let mut object = serde_json::Map::<String, serde_json::Value>::deserialize(deserializer)?;
{keep}        match object.remove({tag}).map(|tag| tag.as_i64().unwrap_or(i64::MIN)) {{
{read_arms}{rest_read}        }}
    }}
}}

"
        )
    }
}

/// Whether a value of `schema` holds a value of the component `name` in itself, not in a list
/// or a map, so that its size would have no end.
fn holds(spec: &Spec, schema: &Value, name: &str) -> bool {
    let mut seen = BTreeSet::new();
    let mut rest = vec![schema];
    while let Some(schema) = rest.pop() {
        let inner = unwrapped(schema).unwrap_or(schema);
        if let Some(target) = inner["$ref"].as_str().and_then(component_of) {
            if target == name {
                return true;
            }
            let component = &spec.doc["components"]["schemas"][&target];
            if seen.insert(target) {
                rest.push(component);
            }
            continue;
        }
        let generated = inner["x-rust-type"]["path"].as_str();
        if generated.and_then(|path| path.strip_prefix("generated::")) == Some(name) {
            return true;
        }
        rest.extend(elements(&inner["x-union"]["branches"]).map(|branch| &branch["schema"]));
        rest.extend(entries(&inner["properties"]).map(|(_, property)| property));
    }
    false
}

/// The Rust type of a lowered schema, as far as branches need.
fn rust_type(schema: &Value, target: &Target) -> Option<String> {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.strip_prefix("#/components/schemas/")?;
        return Some(format!("types::{}", name.to_pascal_case()));
    }
    if let Some([only]) = schema["allOf"].as_array().map(Vec::as_slice) {
        return rust_type(only, target);
    }
    if let Some(path) = schema["x-rust-type"]["path"].as_str() {
        return match path.split_once("::")? {
            ("runtime", name) => Some(format!("{}::{name}", target.runtime)),
            (_, name) => Some(format!("types::{name}")),
        };
    }
    let Some(kind) = schema["type"].as_str() else {
        return Some("serde_json::Value".to_owned());
    };
    Some(match kind {
        "string" => "String".to_owned(),
        "integer" if schema["format"] == "uint64" => "u64".to_owned(),
        "integer" => "i64".to_owned(),
        "number" => "f64".to_owned(),
        "boolean" => "bool".to_owned(),
        "array" => format!("Vec<{}>", rust_type(&schema["items"], target)?),
        "object" => "serde_json::Map<String, serde_json::Value>".to_owned(),
        _ => return None,
    })
}

/// A value without the quotes of JSON.
fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), ToOwned::to_owned)
}
