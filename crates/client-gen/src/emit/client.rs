//! `client.rs` and `types.rs`: what progenitor makes, polished.
//!
//! progenitor and typify panic on some documents. A panic here becomes an
//! error that names the operation and the schema: when one is caught, the
//! document is tried again in parts to find all who caused it.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use openapiv3::OpenAPI;
use proc_macro2::TokenStream;
use progenitor_impl::{
    CrateVers, GenerationSettings, Generator, HooksMode, InterfaceStyle, TagStyle,
};
use quote::quote;
use serde_json::{Map, Value, json};

use super::Target;
use super::polish::{self, Polished};
use crate::problem::{Problem, Problems, Result};
use crate::spec::{Operation, Spec, component_of, escape, object_of, schema_reference};

/// Returns the code of `client.rs`, `types.rs` and `params.rs`.
pub(crate) fn emit(spec: &Spec, target: &Target) -> Result<Polished> {
    let tokens = match generate(&spec.doc) {
        Ok(tokens) => tokens,
        Err(what) => return Err(Problems(culprits(spec, &what))),
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

const FIX: &str = "replace it with an overlay action by something simpler; the message says what progenitor did not expect";

/// Finds all schemas and operations that progenitor cannot take.
fn culprits(spec: &Spec, what: &str) -> Vec<Problem> {
    let names: Vec<&String> = spec.schemas().into_iter().flat_map(Map::keys).collect();
    let mut bad: BTreeMap<String, String> = BTreeMap::new();
    let without = |bad: &BTreeMap<String, String>, names: &[&String]| -> Vec<Value> {
        let mut roots = names.iter().map(|name| schema_reference(name));
        let is_fine = |root: &Value| !spec.reach([root]).iter().any(|it| bad.contains_key(it));
        roots.by_ref().filter(is_fine).collect()
    };
    // Those that need a bad one are not bad themselves; so the first one found is looked for anew.
    while let Some((name, own)) =
        first_bad(&without(&bad, &names), &|some| schemas_alone(spec, some))
    {
        let Some(name) = name["$ref"].as_str().and_then(component_of) else {
            break;
        };
        let (name, own) = innermost(spec, name, own);
        if bad.insert(name, own).is_some() {
            break;
        }
    }
    let mut problems: Vec<Problem> = bad
        .iter()
        .map(|(name, own)| {
            spec.problem(
                format!("/components/schemas/{}", escape(name)),
                format!("progenitor cannot take the schema `{name}`: {}", brief(own)),
                FIX,
            )
        })
        .collect();
    let operations = spec.operations();
    let needs_bad = |operation: &Operation<'_>| {
        spec.reach([operation.node])
            .iter()
            .any(|it| bad.contains_key(it))
    };
    let mut rest: Vec<Operation<'_>> = operations.into_iter().filter(|it| !needs_bad(it)).collect();
    while let Some((operation, own)) = first_bad(&rest, &|some| operations_alone(spec, some)) {
        rest.retain(|other| other.pointer() != operation.pointer());
        problems.push(spec.problem(
            operation.pointer(),
            format!("progenitor cannot take the operation: {}", brief(&own)),
            FIX,
        ));
    }
    if problems.is_empty() {
        problems.push(Problem::new(
            "/",
            format!("progenitor cannot take the document: {}", brief(what)),
            FIX,
        ));
    }
    problems
}

/// One that fails alone, and what is said of it: halves that do not fail are not looked into.
fn first_bad<T: Clone>(
    all: &[T],
    try_some: &impl Fn(&[T]) -> std::result::Result<(), String>,
) -> Option<(T, String)> {
    let mut own = try_some(all).err()?;
    let mut some = all;
    while some.len() > 1 {
        let (first, second) = some.split_at(some.len() / 2);
        if let Err(what) = try_some(first) {
            (some, own) = (first, what);
        } else {
            own = try_some(second).err()?;
            some = second;
        }
    }
    some.first().map(|one| (one.clone(), own))
}

/// Of a bad schema and those that it needs, one that is bad while all that it needs is not.
fn innermost(spec: &Spec, name: String, own: String) -> (String, String) {
    let (mut name, mut own) = (name, own);
    loop {
        let schema = &spec.doc["components"]["schemas"][&name];
        let inner = spec
            .reach([schema])
            .into_iter()
            .filter(|inner| *inner != name);
        let inner = inner.filter(|inner| {
            let schema = &spec.doc["components"]["schemas"][inner];
            !spec.reach([schema]).contains(&name)
        });
        let roots: Vec<Value> = inner.map(|inner| schema_reference(&inner)).collect();
        let Some((root, what)) = first_bad(&roots, &|some| schemas_alone(spec, some)) else {
            return (name, own);
        };
        let Some(inner) = root["$ref"].as_str().and_then(component_of) else {
            return (name, own);
        };
        (name, own) = (inner, what);
    }
}

/// Tries these schemas with what they need.
fn schemas_alone(spec: &Spec, roots: &[Value]) -> std::result::Result<(), String> {
    alone(spec, &json!({}), &spec.reach(roots))
}

/// Tries these operations with what they need.
fn operations_alone(spec: &Spec, some: &[Operation<'_>]) -> std::result::Result<(), String> {
    let mut paths = json!({});
    for operation in some {
        paths[operation.path][operation.method] = operation.node.clone();
    }
    let needed = spec.reach(some.iter().map(|it| it.node));
    alone(spec, &paths, &needed)
}

fn alone(spec: &Spec, paths: &Value, needed: &BTreeSet<String>) -> std::result::Result<(), String> {
    let schemas = spec.schemas().into_iter().flatten();
    let schemas: Map<String, Value> = schemas
        .filter(|(name, _)| needed.contains(*name))
        .map(|(name, schema)| (name.clone(), schema.clone()))
        .collect();
    let doc = json!({
        "openapi": spec.doc["openapi"],
        "info": spec.doc["info"],
        "paths": paths,
        "components": { "schemas": schemas },
    });
    generate(&doc).map(drop)
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
