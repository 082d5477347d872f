//! What we make of it: the generated surface, the operation table, the codes, the report.

use std::fmt::Write as _;

use aitoearn_api::operations;
use quote::ToTokens as _;
use syn::{Fields, ImplItem, Item, ReturnType, Visibility};

use crate::{assert_inventory, read};

#[test]
fn operation_table() {
    let mut inventory = String::new();
    for operation in operations::ALL {
        let codes: Vec<String> = operation
            .codes
            .iter()
            .map(|code| code.get().to_string())
            .collect();
        let _ = writeln!(
            inventory,
            "{}: {operation}\n  auth {:?}, reply {:?}, retry {:?}, timeout {:?}\n  codes {}",
            operation.name,
            operation.auth,
            operation.reply,
            operation.retry,
            operation.timeout,
            codes.join(" ")
        );
    }
    assert_inventory("operation_table", "the table of operations", &inventory);
}

#[test]
fn generated_methods() {
    let file = syn::parse_file(&read("crates/aitoearn-api/src/generated/client.rs")).unwrap();
    let mut inventory = String::new();
    for item in file.items {
        let Item::Impl(block) = item else { continue };
        for item in block.items {
            let ImplItem::Fn(method) = item else { continue };
            if method.sig.asyncness.is_none() {
                continue;
            }
            let arguments: Vec<String> = method
                .sig
                .inputs
                .iter()
                .skip(1)
                .map(|argument| tidy(&argument.to_token_stream().to_string()))
                .collect();
            let ReturnType::Type(_, output) = &method.sig.output else {
                continue;
            };
            let output = tidy(&output.to_token_stream().to_string());
            let _ = writeln!(
                inventory,
                "{}({})\n  -> {output}",
                method.sig.ident,
                arguments.join(", ")
            );
        }
    }
    assert_inventory(
        "generated_methods",
        "the methods of the generated client",
        &inventory,
    );
}

#[test]
fn generated_types() {
    let mut inventory = String::new();
    for file in ["types.rs", "params.rs", "unions.rs", "enums.rs"] {
        let parsed =
            syn::parse_file(&read(&format!("crates/aitoearn-api/src/generated/{file}"))).unwrap();
        for item in parsed.items {
            match item {
                Item::Struct(item) => {
                    let open = item
                        .attrs
                        .iter()
                        .any(|attribute| attribute.path().is_ident("non_exhaustive"));
                    let _ = writeln!(
                        inventory,
                        "struct {}{}",
                        item.ident,
                        if open { " (received)" } else { "" }
                    );
                    for field in item.fields {
                        if !matches!(field.vis, Visibility::Public(_)) {
                            continue;
                        }
                        let name = field.ident.map(|name| name.to_string()).unwrap_or_default();
                        let _ = writeln!(
                            inventory,
                            "  {name}: {}",
                            tidy(&field.ty.to_token_stream().to_string())
                        );
                    }
                }
                Item::Enum(item) => {
                    let _ = writeln!(inventory, "enum {}", item.ident);
                    for variant in item.variants {
                        let carried = match variant.fields {
                            Fields::Unit => String::new(),
                            fields => tidy(&fields.to_token_stream().to_string()),
                        };
                        let _ = writeln!(inventory, "  {}{carried}", variant.ident);
                    }
                }
                Item::Macro(item) => inventory.push_str(&open_enum(item.mac.tokens)),
                _ => {}
            }
        }
    }
    assert_inventory("generated_types", "the generated types", &inventory);
}

/// An open enum reads like any other, with its values as discriminants.
fn open_enum(tokens: proc_macro2::TokenStream) -> String {
    let Ok(item) = syn::parse2::<syn::ItemEnum>(tokens) else {
        return String::new();
    };
    let mut text = format!("open enum {}\n", item.ident);
    for variant in item.variants {
        let value = variant
            .discriminant
            .map(|(_, value)| value.to_token_stream().to_string());
        let _ = writeln!(text, "  {} = {}", variant.ident, value.unwrap_or_default());
    }
    text
}

#[test]
fn known_codes() {
    let registry: toml::Table = toml::from_str(&read("crates/aitoearn-api/codes.toml")).unwrap();
    let mut inventory = String::new();
    for entry in registry["code"].as_array().unwrap() {
        let code = aitoearn_api::Code::new(entry["code"].as_integer().unwrap());
        let _ = writeln!(
            inventory,
            "{code}: {:?}, {:?}",
            code.category(),
            code.retry()
        );
    }
    assert_inventory("known_codes", "the registry of codes", &inventory);
}

#[test]
fn report_of_the_passes() {
    let report = read("openapi/report.md");
    let titles: Vec<&str> = report
        .lines()
        .filter(|line| line.starts_with("## "))
        .collect();
    let inventory = titles.join("\n");
    assert_inventory(
        "report",
        "how much each pass changed (openapi/report.md says what)",
        &inventory,
    );
}

/// Tokens as one would write them.
pub(crate) fn tidy(tokens: &str) -> String {
    let mut text = tokens.to_owned();
    for (from, to) in [
        (" :: ", "::"),
        (" <", "<"),
        ("< ", "<"),
        (" >", ">"),
        (" ,", ","),
        ("& 'a ", "&'a "),
        (" :", ":"),
        ("( ", "("),
        (" )", ")"),
        (":: ", "::"),
        ("& ", "&"),
    ] {
        text = text.replace(from, to);
    }
    text
}
