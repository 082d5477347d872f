//! What kind of value an argument takes: its type in Rust, and how it becomes a field.

use serde_json::Value;

use super::limits::limits;
use crate::spec::{Spec, elements};

/// A kind of value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    /// A whole number; one that cannot be negative is taken as a `u32`.
    Whole {
        unsigned: bool,
    },
    Fraction,
    Flag,
    Moment,
    /// Two moments, which go as one text.
    Period,
    /// A type of the runtime that a text becomes.
    Id(String),
    /// A list of values that texts become.
    Choice(String),
    /// A list of values that are numbers.
    NumberedChoice(String),
    /// A struct, or one of several.
    Struct(String),
    Union(String),
    /// An object with any fields.
    Object,
    List(Box<Kind>),
}

impl Kind {
    /// The kind of a field of type `ty`, which the schema describes.
    pub(super) fn of(spec: &Spec, ty: &str, schema: &Value) -> Self {
        let inside = |name: &str| {
            ty.strip_prefix(name)
                .and_then(|rest| rest.strip_prefix('<')?.strip_suffix('>'))
        };
        if let Some(ty) = inside("Option").or_else(|| inside("Box")) {
            return Self::of(spec, ty, schema);
        }
        if let Some(item) = inside("Vec") {
            let items = &spec.resolve(schema)["items"];
            return Self::List(Box::new(Self::of(spec, item, items)));
        }
        match ty {
            "String" | "str" => Self::Text,
            "i64" => {
                let least = limits(schema)["minimum"].as_f64();
                let unsigned = least.is_some_and(|least| least >= 0.0);
                Self::Whole { unsigned }
            }
            "f64" => Self::Fraction,
            "bool" => Self::Flag,
            "Timestamp" => Self::Moment,
            "Value" => Self::Object,
            map if map.starts_with("Map<") => Self::Object,
            name => Self::named(spec, name),
        }
    }

    fn named(spec: &Spec, name: &str) -> Self {
        let owned = name.to_owned();
        let Some(schema) = spec.schemas().and_then(|schemas| schemas.get(name)) else {
            return Self::Id(owned);
        };
        if let Some(values) = schema.get("x-enum") {
            if elements(values).all(|entry| entry["value"].is_string()) {
                Self::Choice(owned)
            } else {
                Self::NumberedChoice(owned)
            }
        } else if schema.get("x-union").is_some() {
            Self::Union(owned)
        } else {
            Self::Struct(owned)
        }
    }

    /// The type of an argument.
    pub(super) fn argument(&self) -> String {
        match self {
            Self::Text => "impl Into<String>".to_owned(),
            Self::Whole { unsigned: true } => "u32".to_owned(),
            Self::Whole { unsigned: false } => "i64".to_owned(),
            Self::Fraction => "f64".to_owned(),
            Self::Flag => "bool".to_owned(),
            Self::Moment | Self::Period => "impl Into<Timestamp>".to_owned(),
            Self::Id(name) | Self::Choice(name) | Self::Union(name) => {
                format!("impl Into<{name}>")
            }
            Self::NumberedChoice(name) | Self::Struct(name) => name.clone(),
            Self::Object => "Map<String, Value>".to_owned(),
            Self::List(item) => format!("impl IntoIterator<Item = {}>", item.argument()),
        }
    }

    /// The type that is kept and sent.
    pub(super) fn stored(&self) -> String {
        match self {
            Self::Text => "String".to_owned(),
            Self::Whole { .. } => "i64".to_owned(),
            Self::Fraction => "f64".to_owned(),
            Self::Flag => "bool".to_owned(),
            Self::Moment => "Timestamp".to_owned(),
            Self::Period => "(Timestamp, Timestamp)".to_owned(),
            Self::Id(name)
            | Self::Choice(name)
            | Self::Union(name)
            | Self::NumberedChoice(name)
            | Self::Struct(name) => name.clone(),
            Self::Object => "Map<String, Value>".to_owned(),
            Self::List(item) => format!("Vec<{}>", item.stored()),
        }
    }

    /// What is kept, made from an argument.
    pub(super) fn convert(&self, argument: &str) -> String {
        match self {
            Self::List(item) if item.is_converted() => {
                format!("{argument}.into_iter().map(Into::into).collect()")
            }
            Self::List(_) => format!("{argument}.into_iter().collect()"),
            kind if kind.is_converted() => format!("{argument}.into()"),
            _ => argument.to_owned(),
        }
    }

    fn is_converted(&self) -> bool {
        matches!(
            self,
            Self::Text
                | Self::Whole { unsigned: true }
                | Self::Moment
                | Self::Id(_)
                | Self::Choice(_)
                | Self::Union(_)
        )
    }

    /// Whether it is a text on the wire.
    pub(super) fn is_text(&self) -> bool {
        matches!(self, Self::Text | Self::Id(_) | Self::Choice(_))
    }
}
