//! `client.rs` and `types.rs`: what progenitor makes, polished.
//!
//! progenitor and typify panic on some documents. A panic here becomes an
//! error that names the operation and the schema: when one is caught, the
//! document is tried again one operation at a time to find who caused it.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use openapiv3::OpenAPI;
use proc_macro2::TokenStream;
use progenitor_impl::{
    CrateVers, GenerationSettings, Generator, HooksMode, InterfaceStyle, TagStyle,
};
use quote::quote;
use serde_json::{Value, json};

use super::Target;
use super::polish::{self, Polished};
use crate::problem::{Problem, Result};
use crate::spec::{Spec, escape, object_of};

/// Returns the code of `client.rs`, `types.rs` and `params.rs`.
pub(crate) fn emit(spec: &Spec, target: &Target) -> Result<Polished> {
    let tokens = match generate(&spec.doc) {
        Ok(tokens) => tokens,
        Err(what) => return Err(culprit(spec, &what).into()),
    };
    let file = syn::parse2(tokens).map_err(|error| {
        Problem::new(
            "/",
            format!("progenitor wrote code that does not parse: {error}"),
            "look for odd names in the document; add entries to names.toml",
        )
    })?;
    polish::split(file, spec, target)
}

fn settings() -> GenerationSettings {
    let mut settings = GenerationSettings::default();
    settings
        .with_interface(InterfaceStyle::Positional)
        .with_tag(TagStyle::Merged)
        .with_hooks(HooksMode::Expected)
        .with_inner_type(quote! { ::runtime::Context })
        .with_map_type("::std::collections::BTreeMap")
        .with_crate("runtime", CrateVers::Any, None)
        .with_crate("generated", CrateVers::Any, None);
    settings
}

/// Runs progenitor; an error or a panic comes back as its words.
fn generate(doc: &Value) -> std::result::Result<TokenStream, String> {
    let api: OpenAPI = serde_json::from_value(needed(doc)).map_err(|error| error.to_string())?;
    let run = || {
        quietly(|| {
            Generator::new(&settings())
                .generate_tokens(&api)
                // Tokens are bound to their thread.
                .map(|tokens| tokens.to_string())
                .map_err(|error| error.to_string())
        })
    };
    // It calls itself for each level of a schema; how many there may be is checked before, and this
    // is room for them whoever calls.
    let code = std::thread::scope(|scope| {
        let running = std::thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, run)
            .map_err(|error| error.to_string())?;
        running
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })??;
    code.parse::<TokenStream>()
        .map_err(|error| error.to_string())
}

/// What progenitor needs of a document. The rest may be anything, and would only be in its way.
fn needed(doc: &Value) -> Value {
    const OF_OPERATIONS: [&str; 7] = [
        "deprecated",
        "description",
        "operationId",
        "parameters",
        "requestBody",
        "responses",
        "summary",
    ];
    const OF_INFO: [&str; 4] = ["description", "termsOfService", "title", "version"];
    let mut paths = doc["paths"].clone();
    for (_, item) in paths.as_object_mut().into_iter().flatten() {
        for (_, operation) in item.as_object_mut().into_iter().flatten() {
            if let Some(operation) = operation.as_object_mut() {
                operation.retain(|key, _| OF_OPERATIONS.contains(&key.as_str()));
            }
        }
    }
    let mut info = doc["info"].clone();
    object_of(&mut info).retain(|key, _| OF_INFO.contains(&key.as_str()));
    json!({
        "openapi": doc["openapi"],
        "info": info,
        "paths": paths,
        "components": { "schemas": doc["components"]["schemas"] },
    })
}

/// Bytes of stack for progenitor.
const STACK: usize = 256 << 20;

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Catches a panic, and keeps its message off the terminal: it comes back in the error.
fn quietly<T>(run: impl FnOnce() -> T) -> std::result::Result<T, String> {
    // One hook for all threads and for good, so that two runs at a time cannot lose the old one.
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let loud = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                loud(info);
            }
        }));
    });
    QUIET.set(true);
    let result = catch_unwind(AssertUnwindSafe(run));
    QUIET.set(false);
    result.map_err(|panic| {
        let words = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .unwrap_or("no message");
        format!("progenitor panicked: {words}")
    })
}

/// Finds the schema or the operation that progenitor cannot take.
fn culprit(spec: &Spec, what: &str) -> Problem {
    let fix = "replace it with an overlay action by something simpler; the message says what progenitor did not expect";
    for (name, _) in spec.schemas().into_iter().flatten() {
        let mut doc = spec.doc.clone();
        doc["paths"] = json!({});
        let needed = spec.reach([&crate::spec::schema_reference(name)]);
        keep_schemas(&mut doc, |schema| needed.contains(schema));
        if let Err(own) = generate(&doc) {
            return spec.problem(
                format!("/components/schemas/{}", escape(name)),
                format!(
                    "progenitor cannot take the schema `{name}`: {}",
                    brief(&own)
                ),
                fix,
            );
        }
    }
    for operation in spec.operations() {
        let mut doc = spec.doc.clone();
        doc["paths"] = json!({ operation.path: { operation.method: operation.node } });
        if let Err(own) = generate(&doc) {
            return spec.problem(
                operation.pointer(),
                format!("progenitor cannot take the operation: {}", brief(&own)),
                fix,
            );
        }
    }
    Problem::new(
        "/",
        format!("progenitor cannot take the document: {}", brief(what)),
        fix,
    )
}

fn keep_schemas(doc: &mut Value, keep: impl Fn(&String) -> bool) {
    if let Some(schemas) = doc["components"]["schemas"].as_object_mut() {
        schemas.retain(|name, _| keep(name));
    }
}

/// The first lines of a message: progenitor likes to print the whole schema.
fn brief(message: &str) -> String {
    let line = message
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .take(3)
        .collect::<Vec<_>>()
        .join(" ");
    match line.char_indices().nth(300) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_comes_back_in_words_and_others_stay_loud() {
        assert_eq!(quietly(|| 1), Ok(1));
        let words = quietly(|| -> () { panic!("as {}", "told") });
        assert_eq!(words, Err("progenitor panicked: as told".to_owned()));
        assert!(!QUIET.get());
    }

    #[test]
    fn a_long_message_is_cut_between_characters() {
        assert_eq!(brief("a\n\n  b\nc\nd"), "a b c");
        let cut = brief(&"ß".repeat(400));
        assert_eq!(cut.chars().count(), 301);
    }
}
