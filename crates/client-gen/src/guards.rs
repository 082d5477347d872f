//! Guards over what comes out: trust nothing that merely compiles.
//!
//! progenitor can give a wrong type in silence, so these look at every
//! generation, not only in tests.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToPascalCase as _;
use proc_macro2::{TokenStream, TokenTree};
use serde_json::Value;
use syn::{ImplItem, Item};

use crate::names::{LONGEST_TYPE_NAME, Names};
use crate::problem::{Problem, Problems, Result};
use crate::spec::{Spec, entries, escape};
use crate::walk;

mod docs;
mod guesses;

pub use docs::{Docs, check as check_docs};

/// Checks the lowered document: nothing is left that progenitor would have to guess.
pub fn check_lowered(spec: &mut Spec, names: &Names) -> Result<()> {
    let mut found = Vec::new();
    for (pointer, place, schema) in walk::roots_mut(&mut spec.doc) {
        let is_component = matches!(place, walk::Place::Component(_));
        inspect(&pointer, schema, is_component, names, &mut found);
    }
    let problems = found
        .into_iter()
        .map(|(pointer, what)| {
            spec.problem(
                pointer,
                what,
                "report this as a bug of client-gen: a pass let it through",
            )
        })
        .collect();
    Problems::none_or(problems)
}

fn inspect(
    pointer: &str,
    schema: &mut Value,
    is_component: bool,
    names: &Names,
    found: &mut Vec<(String, String)>,
) {
    if !is_component
        && schema["properties"]
            .as_object()
            .is_some_and(|properties| !properties.is_empty())
    {
        found.push((
            pointer.to_owned(),
            "an inline object is left; progenitor may take two of them for one type".to_owned(),
        ));
    }
    for keyword in ["oneOf", "anyOf", "enum", "x-envelope"] {
        if schema.get(keyword).is_some() {
            found.push((pointer.to_owned(), format!("`{keyword}` is left")));
        }
    }
    let counts = entries(&schema["properties"]).filter(|(name, property)| {
        let is_float = property["type"] == "number" && property.get("x-rust-type").is_none();
        is_float && names.rules().is_whole(name) && property["x-fractional"] != true
    });
    for (name, _) in counts {
        found.push((
            pointer.to_owned(),
            format!("`{name}` would be an `f64`, but counts or identifies something"),
        ));
    }
    if schema.get("x-union").is_none() {
        for (step, child) in walk::children_mut(schema) {
            inspect(
                &format!("{pointer}{}", step.pointer()),
                child,
                false,
                names,
                found,
            );
        }
    }
}

/// Checks the generated code against the lowered document.
pub fn check_code(spec: &Spec, files: &BTreeMap<String, String>) -> Result<()> {
    let mut problems = Vec::new();
    let mut types = BTreeSet::new();
    let mut methods = BTreeSet::new();
    for (file, code) in files {
        let parsed = syn::parse_file(code)
            .map_err(|error| bug(file.clone(), format!("it does not parse: {error}")))?;
        problems.extend(guesses::found(spec, file, &parsed));
        for item in parsed.items {
            match item {
                Item::Struct(item) if file == "types.rs" || file == "unions.rs" => {
                    let fields = item.fields.iter().filter_map(|field| field.ident.as_ref());
                    for twice in repeated(fields.map(ToString::to_string)) {
                        problems.push(of_type(
                            spec,
                            &item.ident.to_string(),
                            format!("two properties of `{}` are one field `{twice}`", item.ident),
                        ));
                    }
                    let name = item.ident.to_string();
                    if !types.insert(name.clone()) {
                        let what = format!("two types are called `{name}`: progenitor made one up");
                        problems.push(of_type(spec, &name, what));
                    }
                }
                Item::Enum(item) => {
                    types.insert(item.ident.to_string());
                }
                Item::Impl(block) if file == "client.rs" && block.trait_.is_none() => {
                    methods.extend(block.items.into_iter().filter_map(|item| match item {
                        ImplItem::Fn(method) if method.sig.asyncness.is_some() => {
                            Some(method.sig.ident.to_string())
                        }
                        _ => None,
                    }));
                }
                Item::Macro(item) => types.extend(enum_of_macro(item.mac.tokens)),
                _ => {}
            }
        }
    }
    let operations: BTreeSet<String> = spec
        .operations()
        .iter()
        .map(|operation| operation.id().to_owned())
        .collect();
    for missing in operations.difference(&methods) {
        problems.push(bug(
            "client.rs".to_owned(),
            format!("the operation `{missing}` has no method"),
        ));
    }
    for extra in methods.difference(&operations) {
        problems.push(bug(
            "client.rs".to_owned(),
            format!("the method `{extra}` belongs to no operation"),
        ));
    }
    let expected: BTreeSet<String> = spec
        .schemas()
        .into_iter()
        .flatten()
        .map(|(name, _)| name.clone())
        .collect();
    for extra in types.difference(&expected) {
        let what = format!("the type `{extra}` is none of the components: progenitor made it up");
        problems.push(made_up(spec, extra, what));
    }
    for missing in expected.difference(&types) {
        let what = format!("the component `{missing}` became no type");
        problems.push(of_type(spec, missing, what));
    }
    for long in types.iter().filter(|name| name.len() > LONGEST_TYPE_NAME) {
        let what = format!("the type name `{long}` is too long");
        problems.push(of_type(spec, long, what));
    }
    Problems::none_or(problems)
}

/// What occurs more than once.
fn repeated(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    names.filter(|name| !seen.insert(name.clone())).collect()
}

/// The enum that an `open_enum!` or `open_int!` call defines.
fn enum_of_macro(tokens: TokenStream) -> Option<String> {
    // Words of documentation are literals, whatever they say.
    let mut words = tokens.into_iter().filter_map(|token| match token {
        TokenTree::Ident(word) => Some(word.to_string()),
        _ => None,
    });
    words.find(|word| word == "enum")?;
    words.next()
}

/// A problem with the type of a component, and the operation that needs it.
fn of_type(spec: &Spec, name: &str, what: String) -> Problem {
    spec.problem(format!("/components/schemas/{}", escape(name)), what, FIX)
}

/// A problem with a type that no component is: what it is called after says whose it is.
fn made_up(spec: &Spec, name: &str, what: String) -> Problem {
    let operations = spec.operations();
    let of = operations
        .iter()
        .filter(|it| name.starts_with(&it.id().to_pascal_case()));
    if let Some(operation) = of.max_by_key(|it| it.id().len()) {
        return spec.problem(operation.pointer(), what, FIX);
    }
    let components = spec.schemas().into_iter().flatten().map(|(name, _)| name);
    let of = components.filter(|it| name.starts_with(it.as_str()));
    match of.max_by_key(|it| it.len()) {
        Some(component) => of_type(spec, component, what),
        None => bug("types.rs".to_owned(), what),
    }
}

const FIX: &str =
    "add an overlay action or a names entry that avoids it; else report it as a bug of client-gen";

fn bug(at: String, what: String) -> Problem {
    Problem::new(at, what, FIX)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::{answering, assert_says};

    fn lowered(schema: Value) -> String {
        let names = Names::parse("[rules]\nwhole = [\"size\"]", "names.toml").unwrap();
        match check_lowered(&mut answering(schema, json!({})), &names) {
            Ok(()) => String::new(),
            Err(problems) => problems.to_string(),
        }
    }

    #[test]
    fn nothing_is_left_to_guess() {
        for (schema, words) in [
            (
                json!({ "properties": { "a": {} } }),
                "an inline object is left",
            ),
            (json!({ "items": { "oneOf": [] } }), "`oneOf` is left"),
            (json!({ "anyOf": [] }), "`anyOf` is left"),
            (json!({ "enum": ["a"] }), "`enum` is left"),
            (json!({ "x-envelope": {} }), "`x-envelope` is left"),
            (
                json!({ "properties": { "pageSize": { "type": "number" } } }),
                "`pageSize` would be an `f64`",
            ),
        ] {
            assert_says(&lowered(schema), &[words, "getX (GET /x)"]);
        }
        assert_eq!(
            lowered(json!({ "type": "array", "items": { "type": "string" } })),
            ""
        );
    }

    /// What is said about these files; the document has the operation `getX` and the component `Pet`.
    fn code(client: &str, types: &str) -> String {
        let spec = answering(json!({}), json!({ "Pet": {} }));
        let files = BTreeMap::from([
            ("client.rs".to_owned(), client.to_owned()),
            ("types.rs".to_owned(), types.to_owned()),
        ]);
        match check_code(&spec, &files) {
            Ok(()) => String::new(),
            Err(problems) => problems.to_string(),
        }
    }

    const CLIENT: &str = "impl Client { async fn getX(&self) {} fn helper(&self) {} }";
    const TYPES: &str = "// Variant0 in a comment is a word\nstruct Pet { a: i64 }";

    #[test]
    fn code_that_agrees_with_the_document_passes() {
        assert_eq!(code(CLIENT, TYPES), "");
        assert_eq!(
            code(CLIENT, "crate::open_enum! { pub enum Pet { A = \"a\" } }"),
            ""
        );
    }

    #[test]
    fn code_that_does_not_is_refused() {
        for (types, words) in [
            (
                "struct Pet; enum Pet2 { Variant0(u8) }",
                "an unnamed variant",
            ),
            (
                "struct Pet; struct PetSubtype0;",
                "is none of the components",
            ),
            (
                "struct Pet { #[serde(flatten)] subtype_0: u8 }",
                "a numbered field",
            ),
            (
                "#[serde(deny_unknown_fields)] struct Pet;",
                "breaks on a new field",
            ),
            ("struct Pet(std::num::NonZeroU64);", "breaks on 0"),
            ("struct Pet; fn f() { todo!() }", "unfinished code"),
            (
                "struct Pet; struct Other;",
                "`Other` is none of the components",
            ),
            ("struct Pet; struct Pet;", "two types are called `Pet`"),
            ("", "the component `Pet` became no type"),
            (
                "struct Pet { a: u8, a: u8 }",
                "two properties of `Pet` are one field `a`",
            ),
            ("struct", "it does not parse"),
        ] {
            assert_says(&code(CLIENT, types), &[words]);
        }
        let long = format!("struct Pet; struct {};", "Long".repeat(13));
        assert_says(&code(CLIENT, &long), &["is too long"]);
    }

    #[test]
    fn methods_are_the_operations() {
        assert_says(
            &code("impl Client {}", TYPES),
            &["the operation `getX` has no method"],
        );
        let extra = "impl Client { async fn getX(&self) {} async fn more(&self) {} }";
        assert_says(
            &code(extra, TYPES),
            &["the method `more` belongs to no operation"],
        );
    }
}
