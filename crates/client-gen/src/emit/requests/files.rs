//! The files of the requests: one for each resource, and `mod.rs`.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::facts::Resource;
use super::model::Call;
use super::{Sources, builder, code, text};

/// The file of a resource.
pub(super) fn file(resource: &Resource, calls: &[&Call<'_>], sources: &Sources<'_>) -> String {
    let parent = |key: &str| sources.resources.iter().find(|other| other.key == key);
    let made_by = match resource.of.as_deref().and_then(parent) {
        Some(parent) => format!(
            "[`{0}::{1}`](crate::{0}::{1})",
            parent.ty, resource.accessor
        ),
        None => format!("[`Client::{0}`](crate::Client::{0})", resource.accessor),
    };
    let (first, rest) = text::first_sentence(&resource.docs);
    let words = format!("{} Made by {made_by}.\n\n{rest}", text::sentence(first));
    let mut code = format!(
        "resource! {{\n{}    {}\n}}\n\n",
        text::comment(&text::wrap(&words)).replace("///", "    ///"),
        resource.ty
    );
    let children: Vec<&Resource> = sources
        .resources
        .iter()
        .filter(|child| child.of.as_ref() == Some(&resource.key))
        .collect();
    if !calls.is_empty() || !children.is_empty() {
        let _ = writeln!(code, "impl {} {{", resource.ty);
        for call in calls {
            let _ = writeln!(code, "{}", code::method(call, sources));
        }
        for child in &children {
            let (first, _) = text::first_sentence(&child.docs);
            let _ = writeln!(
                code,
                "{}pub fn {}(&self) -> {} {{\n{}::new(self.client.clone())\n}}\n",
                text::comment(&text::wrap(&text::sentence(first))),
                child.accessor,
                child.ty,
                child.ty
            );
        }
        code.push_str("}\n\n");
    }
    for call in calls {
        if let Some(builder) = &call.builder {
            let _ = writeln!(code, "{}", builder::builder(call, builder, sources));
        }
    }
    let path = sources.path(resource);
    format!(
        "//! `client.{}()`\n\n{}\n{code}",
        path.join("()."),
        imports(&code, sources, &children)
    )
}

/// The imports of a file, for the names that its code has.
fn imports(code: &str, sources: &Sources<'_>, children: &[&Resource]) -> String {
    let text: String = code
        .lines()
        .filter(|line| !line.trim_start().starts_with("///"))
        .collect::<Vec<_>>()
        .join("\n");
    let words: BTreeSet<&str> = text
        .split(|character: char| !(character.is_alphanumeric() || character == '_'))
        .collect();
    let has = |word: &str| words.contains(word);
    let mut lines = Vec::new();
    if has("mem") {
        lines.push("use std::mem;\n\n".to_owned());
    }
    if has("operations") {
        lines.push(format!("use {}::operations;\n", sources.crates.low_level));
    }
    if has("Serialize") {
        lines.push("use serde::Serialize;\n".to_owned());
    }
    let json: Vec<&str> = ["Map", "Value"]
        .into_iter()
        .filter(|name| has(name))
        .collect();
    if !json.is_empty() {
        lines.push(format!("use serde_json::{{{}}};\n", json.join(", ")));
    }
    let mut names: BTreeSet<String> = ["Client", "Error", "Request", "Response", "Timestamp"]
        .into_iter()
        .filter(|name| has(name))
        .map(ToOwned::to_owned)
        .collect();
    names.extend(
        sources
            .ids()
            .into_iter()
            .filter(|id| has(id))
            .map(ToOwned::to_owned),
    );
    names.extend(children.iter().map(|child| child.ty.clone()));
    let mut tree: Vec<String> = names.into_iter().collect();
    for (word, path) in [
        ("Items", "flow::{Items, NumberedPage}"),
        ("input", "input"),
        ("RequestOptions", "options::RequestOptions"),
    ] {
        if has(word) {
            tree.push(path.to_owned());
        }
    }
    if text.contains("parts::") || text.contains("Parts::") {
        let both = text.contains("Parts::");
        tree.push(
            if both {
                "parts::{self, Parts}"
            } else {
                "parts"
            }
            .to_owned(),
        );
    }
    let macros: Vec<&str> = ["debug_options", "request_methods"]
        .into_iter()
        .filter(|name| has(name))
        .collect();
    if !macros.is_empty() {
        tree.push(format!("request::{{{}}}", macros.join(", ")));
    }
    tree.push("resources::resource".to_owned());
    let types: Vec<&str> = sources
        .low
        .names(sources.spec)
        .filter(|name| has(name))
        .collect();
    if !types.is_empty() {
        tree.push(format!("types::{{{}}}", types.join(", ")));
    }
    let own = format!("use crate::{{{}}};\n", tree.join(", "));
    let separate = if lines.is_empty() { "" } else { "\n" };
    format!("{}{separate}{own}", lines.concat())
}

/// `mod.rs`: the files, their public names, and the client's methods.
pub(super) fn module(resources: &[Resource], calls: &[Call<'_>]) -> String {
    let mut code =
        "//! The requests that the generator writes, by what they work on: one file each.\n\n"
            .to_owned();
    for resource in resources {
        let _ = writeln!(code, "mod {};", resource.key);
    }
    code.push_str("\npub use self::{\n");
    for resource in resources {
        let mut names: BTreeSet<&str> = calls
            .iter()
            .filter(|call| call.resource == *resource)
            .filter_map(|call| call.builder.as_deref())
            .collect();
        names.insert(&resource.ty);
        let names: Vec<&str> = names.into_iter().collect();
        let _ = writeln!(code, "{}::{{{}}},", resource.key, names.join(", "));
    }
    code.push_str("};\n\nuse crate::Client;\n\n/// The resources. Each is a cheap handle that may be kept.\nimpl Client {\n");
    for resource in resources.iter().filter(|resource| resource.of.is_none()) {
        let (first, _) = text::first_sentence(&resource.docs);
        let _ = writeln!(
            code,
            "{}pub fn {}(&self) -> {} {{\n{}::new(self.clone())\n}}\n",
            text::comment(&text::wrap(&text::sentence(first))),
            resource.accessor,
            resource.ty,
            resource.ty
        );
    }
    code + "}\n"
}
