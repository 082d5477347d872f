//! What progenitor writes where it had to guess, or where a newer server would break an older client.
//!
//! Looked for in the syntax tree: a document may call anything `Subtype` or `Variant0`.

use quote::ToTokens as _;
use syn::visit::{self, Visit};
use syn::{Attribute, Field, File, ItemEnum, ItemStruct, Macro, Path, Variant};

use super::{bug, of_type};
use crate::problem::Problem;
use crate::serde_words;
use crate::spec::Spec;

/// Everything of the kind in a file.
pub(super) fn found(spec: &Spec, file: &str, parsed: &File) -> Vec<Problem> {
    let mut look = Look {
        is_progenitors: file == "types.rs",
        ..Look::default()
    };
    look.visit_file(parsed);
    let problems = look.found.into_iter().map(|(ty, what)| match ty {
        Some(ty) if look.is_progenitors => of_type(spec, &ty, what),
        _ => bug(file.to_owned(), what),
    });
    problems.collect()
}

#[derive(Default)]
struct Look {
    is_progenitors: bool,
    ty: Option<String>,
    found: Vec<(Option<String>, String)>,
}

impl Look {
    fn note(&mut self, what: String) {
        self.found.push((self.ty.clone(), what));
    }
}

impl<'ast> Visit<'ast> for Look {
    fn visit_item_struct(&mut self, item: &'ast ItemStruct) {
        self.ty = Some(item.ident.to_string());
        visit::visit_item_struct(self, item);
        self.ty = None;
    }

    fn visit_item_enum(&mut self, item: &'ast ItemEnum) {
        self.ty = Some(item.ident.to_string());
        visit::visit_item_enum(self, item);
        self.ty = None;
    }

    fn visit_variant(&mut self, variant: &'ast Variant) {
        // Enums with names of the document are not progenitor's.
        if self.is_progenitors && is_numbered(&variant.ident.to_string(), "Variant") {
            self.note(format!("`{}`: an unnamed variant", variant.ident));
        }
        visit::visit_variant(self, variant);
    }

    fn visit_field(&mut self, field: &'ast Field) {
        let name = field.ident.as_ref().map(ToString::to_string);
        let name = name.unwrap_or_default();
        if serde_words::has(&field.attrs, "flatten") && is_numbered(&name, "subtype_") {
            self.note(format!("`{name}`: a numbered field"));
        }
        visit::visit_field(self, field);
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        if serde_words::has(std::slice::from_ref(attribute), "deny_unknown_fields") {
            self.note("`deny_unknown_fields`: a reader that breaks on a new field".to_owned());
        }
    }

    fn visit_path(&mut self, path: &'ast Path) {
        let names: Vec<String> = path
            .segments
            .iter()
            .map(|it| it.ident.to_string())
            .collect();
        let is_std = names.first().is_some_and(|name| name == "std");
        if let Some(name) = names
            .last()
            .filter(|name| is_std && name.starts_with("NonZero"))
        {
            self.note(format!("`{name}`: a reader that breaks on 0"));
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, called: &'ast Macro) {
        let name = called.path.to_token_stream().to_string();
        if ["todo", "unimplemented"].contains(&name.as_str()) {
            self.note(format!("`{name}!`: unfinished code"));
        }
        visit::visit_macro(self, called);
    }
}

fn is_numbered(name: &str, stem: &str) -> bool {
    name.strip_prefix(stem)
        .is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::answering;

    fn said(file: &str, code: &str) -> String {
        let spec = answering(
            json!({ "$ref": "#/components/schemas/Pet" }),
            json!({ "Pet": {} }),
        );
        let found = found(&spec, file, &syn::parse_str(code).unwrap());
        let all: Vec<String> = found.iter().map(ToString::to_string).collect();
        all.join("\n")
    }

    #[test]
    fn names_of_the_document_are_no_guesses() {
        let code =
            "struct AccountSubtype { subtype_0: u8, non_zero: NonZeroSum } enum E { Variant }
            /// deny_unknown_fields, todo!() and Variant0
            fn f() { let deny_unknown_fields = \"todo!\"; }";
        assert_eq!(said("types.rs", code), "");
        assert_eq!(said("unions.rs", "enum E { Variant0(u8) }"), "");
    }

    #[test]
    fn a_guess_names_the_type_and_who_needs_it() {
        let code = "#[serde(deny_unknown_fields)] struct Pet { age: ::std::num::NonZeroU64 }";
        let said = said("types.rs", code);
        for words in [
            "breaks on a new field",
            "breaks on 0",
            "getX (GET /x)",
            "/components/schemas/Pet",
        ] {
            assert!(said.contains(words), "{words}: {said}");
        }
    }
}
