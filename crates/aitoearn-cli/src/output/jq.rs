//! `--jq`: results through a filter of the jq language.

use std::cell::OnceCell;

use jaq_core::load::{Arena, File, Loader};
use jaq_core::{Compiler, Ctx, Filter, Vars, data, unwrap_valr};
use jaq_json::{Val, read};

use crate::failure::{Exit, Failure, Outcome};
use crate::text::{clean_lines, visible_json};

/// The definitions of the standard library that need none of its features.
const DEFINITIONS: &[&str] = &[
    "null",
    "isboolean",
    "isnumber",
    "isstring",
    "isarray",
    "isobject",
    "nan",
    "infinite",
    "isnan",
    "isinfinite",
    "isfinite",
    "isnormal",
    "abs",
    "type",
    "values",
    "nulls",
    "booleans",
    "numbers",
    "finites",
    "normals",
    "strings",
    "arrays",
    "objects",
    "iterables",
    "scalars",
    "add",
    "min_by",
    "max_by",
    "min",
    "max",
    "unique_by",
    "unique",
    "pick",
    "keys",
    "flatten",
    "@text",
];

thread_local! {
    /// The filter of this process. Its values are not for several threads, and one prints.
    static FILTER: OnceCell<Filter<data::JustLut<Val>>> = const { OnceCell::new() };
}

/// Reads a filter, which all results of this thread go through from here on.
pub(crate) fn prepare(code: &str) -> Outcome {
    let wrong = |what: &str| {
        Failure::usage(format!("--jq: `{code}` is no filter: {what}")).advise(
            "Write one as jq takes it, such as `.id` or `select(.status == 1) | .nickname`.",
        )
    };
    let standard = jaq_std::defs().filter(|it| DEFINITIONS.contains(&it.name));
    let definitions = jaq_core::defs().chain(standard).chain(jaq_json::defs());
    let functions = jaq_core::funs()
        .chain(jaq_std::base_funs())
        .chain(jaq_json::funs());
    let arena = Arena::default();
    let modules = Loader::new(definitions)
        .load(&arena, File { code, path: () })
        .map_err(|_| wrong("it cannot be read"))?;
    let filter = Compiler::default()
        .with_funs(functions)
        .compile(modules)
        .map_err(|errors| {
            let names = errors
                .iter()
                .flat_map(|(_, names)| names.iter().map(|(name, _)| format!("`{name}`")));
            let names: Vec<String> = names.collect();
            wrong(&format!("there is no {}", names.join(", ")))
        })?;
    FILTER.with(|it| {
        // It is prepared once.
        let _ = it.set(filter);
    });
    Ok(())
}

/// What the filter makes of a JSON text: a line for each result, texts without quotes.
pub(crate) fn lines(json: &str) -> Outcome<Vec<String>> {
    let failed = |what: String| Failure::new(Exit::Failed, format!("--jq: {what}"));
    FILTER.with(|filter| {
        let Some(filter) = filter.get() else {
            return Ok(vec![json.to_owned()]);
        };
        let input =
            read::parse_single(json.as_bytes()).map_err(|error| failed(error.to_string()))?;
        let context = Ctx::<data::JustLut<Val>>::new(&filter.lut, Vars::new([]));
        let results = filter.id.run((context, input)).map(unwrap_valr);
        results
            .map(|result| match result {
                Ok(Val::TStr(text)) => Ok(clean_lines(&String::from_utf8_lossy(&text))),
                Ok(value) => Ok(visible_json(&value.to_string()).into_owned()),
                Err(error) => Err(failed(error.to_string())),
            })
            .collect()
    })
}
