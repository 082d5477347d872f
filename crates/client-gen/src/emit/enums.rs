//! `enums.rs`: the open enums.

use std::fmt::Write as _;

use serde_json::Value;
use spec_diff::escape;

use super::{Target, doc_lines, literal};
use crate::spec::{Spec, elements};

/// Every component that the enums pass marked.
pub fn emit(spec: &Spec, target: &Target) -> String {
    let mut code = "//! Lists of values that the service may extend.\n\n".to_owned();
    let mut all: Vec<(&String, &Value)> = spec
        .schemas()
        .into_iter()
        .flatten()
        .filter(|(_, schema)| schema.get("x-enum").is_some())
        .collect();
    all.sort_by_key(|(name, _)| *name);
    for (name, schema) in all {
        let values: Vec<&Value> = elements(&schema["x-enum"]).collect();
        let is_text = values.iter().all(|entry| entry["value"].is_string());
        let make = if is_text { "open_enum" } else { "open_int" };
        let _ = writeln!(code, "{}::{make}! {{", target.runtime);
        let description = schema["description"].as_str().unwrap_or_default();
        let _ = write!(code, "{}", doc_lines(description, "    "));
        let _ = writeln!(code, "    pub enum {name} {{");
        for entry in values {
            let variant = entry["name"].as_str().unwrap_or_default();
            let value = &entry["value"];
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            // A value may say anything, as a description may.
            let shown = escape::code(&escape::visible(&text));
            let docs = match entry["description"].as_str().unwrap_or_default() {
                "" => shown,
                description => format!("{description}\n\n{shown}"),
            };
            // JSON spells integers as Rust does, but not every string.
            let value = value.as_str().map_or(text.clone(), literal);
            let _ = write!(code, "{}", doc_lines(&docs, "        "));
            let _ = writeln!(code, "        {variant} = {value},");
        }
        let _ = writeln!(code, "    }}\n}}\n");
    }
    code
}
