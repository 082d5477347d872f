//! What a tool is: a name, what it says about itself, and what it does.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use rmcp::handler::server::tool::{schema_for_input, schema_for_output};
use rmcp::model::{CallToolResult, JsonObject, ToolAnnotations};
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::failure::{Failure, Outcome};
use crate::text::clean;

use super::Offer;
use super::answer::{Answer, failed};
use super::context::Context;

/// No argument may hold a text with more bytes.
const LONGEST: usize = 100_000;

/// What calling a tool does in the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// Nothing.
    Reads,
    /// Adds something that only its owner sees.
    Adds,
    /// Publishes, once however often it is called with the same arguments.
    Publishes,
    /// Calls off.
    Cancels,
    /// Spends credits.
    Spends,
    /// Anything.
    Anything,
}

impl Effect {
    /// Whether a tool with it is offered.
    fn is_offered(self, offer: Offer) -> bool {
        match self {
            Self::Reads => true,
            Self::Spends => !offer.read_only && !offer.no_spend,
            // It looks itself at what each operation does.
            Self::Anything => offer.all_operations,
            Self::Adds | Self::Publishes | Self::Cancels => !offer.read_only,
        }
    }

    fn annotations(self) -> ToolAnnotations {
        let (reads, destroys, once) = match self {
            Self::Reads => (true, false, true),
            Self::Adds => (false, false, false),
            Self::Publishes | Self::Cancels => (false, true, true),
            Self::Spends | Self::Anything => (false, true, false),
        };
        // Every one of them talks to a service that others change, too.
        ToolAnnotations::new()
            .read_only(reads)
            .destructive(destroys)
            .idempotent(once)
            .open_world(true)
    }
}

/// What a tool says about itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct About {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    /// When to use it, and what it costs.
    pub(super) description: &'static str,
    pub(super) effect: Effect,
}

type Running = Pin<Box<dyn Future<Output = CallToolResult> + Send>>;

/// A tool.
pub(super) struct Tool {
    effect: Effect,
    definition: rmcp::model::Tool,
    run: Box<dyn Fn(Context, JsonObject) -> Running + Send + Sync>,
}

impl fmt::Debug for Tool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tool")
            .field("name", &self.definition.name)
            .finish_non_exhaustive()
    }
}

impl Tool {
    /// A tool that does this.
    pub(super) fn new<I, O, F>(about: About, run: fn(Context, I) -> F) -> Self
    where
        I: DeserializeOwned + JsonSchema + Send + 'static,
        O: Serialize + JsonSchema + 'static,
        F: Future<Output = Outcome<Answer<O>>> + Send + 'static,
    {
        // All of them are structs, whose schemas are objects; a test checks each.
        let mut input = plain(&schema_for_input::<I>().unwrap_or_default());
        // Some hosts want to see them, even if there are none.
        input.entry("properties").or_insert_with(|| json!({}));
        let definition = rmcp::model::Tool::new(about.name, about.description, input)
            .with_title(about.title)
            .with_annotations(about.effect.annotations())
            .with_raw_output_schema(Arc::new(plain(&schema_for_output::<O>())));
        Self {
            effect: about.effect,
            definition,
            run: Box::new(move |context, arguments| {
                Box::pin(async move {
                    let done = match read::<I>(arguments) {
                        Ok(input) => run(context.clone(), input).await,
                        Err(failure) => Err(failure),
                    };
                    match done {
                        Ok(answer) => answer.into_result(),
                        Err(failure) => failed(&failure, &context.facts()),
                    }
                })
            }),
        }
    }

    /// Whether it is offered.
    pub(super) fn is_offered(&self, offer: Offer) -> bool {
        self.effect.is_offered(offer)
    }

    /// What the protocol says of it.
    pub(super) fn definition(&self) -> &rmcp::model::Tool {
        &self.definition
    }

    /// Does it.
    pub(super) async fn call(&self, context: Context, arguments: JsonObject) -> CallToolResult {
        (self.run)(context, arguments).await
    }
}

/// A schema without what only Rust knows: the widths of numbers, as formats that validators
/// complain of, and the line breaks of comments.
fn plain(schema: &JsonObject) -> JsonObject {
    fn value(it: &Value) -> Value {
        match it {
            Value::Object(fields) => Value::Object(plain(fields)),
            Value::Array(items) => items.iter().map(value).collect(),
            other => other.clone(),
        }
    }
    let fields = schema.iter().filter_map(|(name, it)| {
        let it = match it.as_str() {
            Some(format) if name == "format" && format.contains("int") => return None,
            Some(text) if name == "description" => json!(text.replace('\n', " ")),
            _ => value(it),
        };
        Some((name.clone(), it))
    });
    fields.collect()
}

fn read<I: DeserializeOwned>(arguments: JsonObject) -> Outcome<I> {
    let arguments = Value::Object(arguments);
    if let Some((place, size)) = too_long(&arguments, "") {
        let failure = Failure::usage(format!(
            "the argument `{}` has a text of {size} bytes, and the most is {LONGEST}",
            shortened(&place)
        ));
        return Err(failure.advise("Shorten it; nothing was sent."));
    }
    serde_json::from_value(arguments).map_err(|error| {
        let what = shortened(&error.to_string());
        Failure::usage(format!("the arguments cannot be used: {what}"))
            .advise("See the tool's input schema; nothing was sent.")
    })
}

/// Where an argument is too long, and how long it is.
fn too_long(value: &Value, place: &str) -> Option<(String, usize)> {
    match value {
        Value::String(text) => (text.len() > LONGEST).then(|| (place.to_owned(), text.len())),
        Value::Array(items) => items.iter().find_map(|item| too_long(item, place)),
        Value::Object(fields) => fields.iter().find_map(|(name, value)| {
            let place = if place.is_empty() {
                name.as_str()
            } else {
                place
            };
            if name.len() > LONGEST {
                return Some((place.to_owned(), name.len()));
            }
            too_long(value, place)
        }),
        _ => None,
    }
}

/// At most two hundred characters of what somebody gave.
fn shortened(text: &str) -> String {
    let mut short: String = clean(text).chars().take(200).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
