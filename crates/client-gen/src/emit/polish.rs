//! What progenitor wrote, made pleasant to read and tolerant to run.
//!
//! Done on the syntax tree, never by hand: docs as `///` lines, the two crate
//! names that stand for our modules, tolerant readers on numbers and lists,
//! `#[non_exhaustive]` on what a client only receives, the `schemars` derive
//! behind its feature, and nothing that nobody calls.

use proc_macro2::Span;
use quote::ToTokens as _;
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Attribute, Expr, ExprField, ExprMethodCall, Field, File, Ident, ImplItem, Item, ItemImpl,
    ItemMod, Member, Path, UseGroup, UseTree, parse_quote,
};

use super::docs::{doc_lines, doc_text};
use super::lean::lean;
use super::{Target, argument_of, calls, fields, params, wire};
use crate::problem::{Problem, Result};
use crate::serde_words;
use crate::spec::Spec;

/// The files that progenitor's one becomes.
pub(crate) struct Polished {
    /// `client.rs`
    pub(crate) client: String,
    /// `types.rs`
    pub(crate) types: String,
    /// `params.rs`
    pub(crate) params: String,
}

/// Splits progenitor's file.
pub(crate) fn split(file: File, spec: &Spec, target: &Target) -> Result<Polished> {
    let mut client = file;
    let mut types = None;
    client.items = client
        .items
        .into_iter()
        .filter_map(|item| match item {
            Item::Mod(module) if module.ident == "types" => {
                types = module.content.map(|(_, items)| items);
                None
            }
            Item::Mod(module) if module.ident == "prelude" => None,
            other => Some(other),
        })
        .collect();
    let types = types.ok_or_else(|| {
        Problem::new(
            "/",
            "progenitor wrote no `types` module",
            "report this as a bug of client-gen",
        )
    })?;
    for item in &mut client.items {
        if let Item::Impl(block) = item {
            // It would follow redirects with the key in hand; ours is written by hand.
            block
                .items
                .retain(|item| !matches!(item, ImplItem::Fn(method) if method.sig.ident == "new"));
        }
    }
    let runtime_path = runtime(target)?;
    let encoder = Ident::new(ENCODER, Span::call_site());
    client.items.insert(
        0,
        parse_quote!(
            #[allow(unused_imports)]
            use #runtime_path::__private::encode_segment as #encoder;
        ),
    );
    client.items.insert(
        1,
        parse_quote!(
            use super::types;
        ),
    );
    let mut types = File {
        shebang: None,
        frontmatter: None,
        attrs: Vec::new(),
        items: types,
    };
    wire::name_parameters(&mut client, spec);
    lean(&mut client);
    let mut params = File {
        shebang: None,
        frontmatter: None,
        attrs: Vec::new(),
        items: params::gather(&mut client)
            .into_iter()
            .map(Item::Struct)
            .collect(),
    };
    calls::adapt(&mut client, spec);
    tidy_types(&mut types, spec, target);
    Polish {
        runtime: runtime(target)?,
        generated: Some(Ident::new("types", Span::call_site())),
    }
    .visit_file_mut(&mut client);
    Polish {
        runtime: runtime(target)?,
        generated: None,
    }
    .visit_file_mut(&mut types);
    Polish {
        runtime: runtime(target)?,
        generated: Some(Ident::new("types", Span::call_site())),
    }
    .visit_file_mut(&mut params);
    params.items.insert(
        0,
        parse_quote!(
            #[allow(unused_imports)]
            use super::types;
        ),
    );
    Ok(Polished {
        client: format!(
            "//! The client: one method for each operation.\n\n{}",
            unparse(&client)
        ),
        types: format!(
            "//! What operations take and return.\n\n{}",
            unparse(&types)
        ),
        params: format!(
            "//! What operations can do without.\n\n{}",
            unparse(&params)
        ),
    })
}

fn unparse(file: &File) -> String {
    prettyplease::unparse(file)
}

fn runtime(target: &Target) -> Result<Path> {
    syn::parse_str(&target.runtime).map_err(|error| {
        Problem::new(
            "--runtime",
            format!("`{}` is not a path: {error}", target.runtime),
            "give a path such as `::my_runtime`",
        )
        .into()
    })
}

fn tidy_types(types: &mut File, spec: &Spec, target: &Target) {
    let directions = spec.directions();
    types.items.retain(|item| !is_self_conversion(item));
    let uses_conversion_error = types.items.iter().any(|item| {
        !matches!(item, Item::Mod(_))
            && item
                .to_token_stream()
                .to_string()
                .contains("ConversionError")
    });
    types.items.retain(|item| !matches!(item, Item::Mod(ItemMod { ident, .. }) if ident == "error" && !uses_conversion_error));
    for item in &mut types.items {
        let Item::Struct(item) = item else { continue };
        let name = item.ident.to_string();
        if directions.responses.contains(&name) && !directions.requests.contains(&name) {
            item.attrs.push(parse_quote!(#[non_exhaustive]));
        }
        wire::name_fields(item, spec);
        for field in &mut item.fields {
            put_box_inside(field);
            fields::mark(
                field,
                &spec.doc["components"]["schemas"][&name],
                &target.runtime,
            );
            read_tolerantly(field, target);
        }
        // Written as `Options { one: …, ..Default::default() }`, it stands a new field.
        if item.fields.iter().all(may_be_left_out) {
            item.attrs.push(parse_quote!(#[derive(Default)]));
        }
    }
    types.items.insert(
        0,
        parse_quote!(
            #[allow(unused_imports)]
            pub use super::{enums::*, params::*, unions::*};
        ),
    );
}

/// `impl From<&T> for T`, which typify writes for every type.
fn is_self_conversion(item: &Item) -> bool {
    let Item::Impl(ItemImpl {
        trait_: Some((path, _)),
        self_ty,
        ..
    }) = item
    else {
        return false;
    };
    let text = path.to_token_stream().to_string();
    text.ends_with("From < & Self >")
        || text.ends_with(&format!("From < & {} >", self_ty.to_token_stream()))
}

/// A type that holds itself is boxed by typify around the option or in it, as the order of types
/// has it. Always in it, then, and left out where there is nothing.
fn put_box_inside(field: &mut Field) {
    let held = argument_of(&field.ty, "Box").and_then(|option| argument_of(option, "Option"));
    let Some(held) = held.cloned() else { return };
    field.ty = parse_quote!(::std::option::Option<::std::boxed::Box<#held>>);
    let says_default = |attribute: &Attribute| {
        attribute.path().is_ident("serde")
            && attribute
                .parse_args::<Ident>()
                .is_ok_and(|told| told == "default")
    };
    field.attrs.retain(|attribute| !says_default(attribute));
    field
        .attrs
        .push(parse_quote!(#[serde(skip_serializing_if = "::std::option::Option::is_none")]));
}

/// Whether a value of the type can do without the field.
fn may_be_left_out(field: &Field) -> bool {
    let is_option = field
        .ty
        .to_token_stream()
        .to_string()
        .contains("option :: Option <");
    is_option
        || serde_words::has(&field.attrs, "default")
        || serde_words::has(&field.attrs, "flatten")
}

/// Puts a tolerant reader on whole numbers and on lists that may be left out,
/// and writes all that serde is told in one attribute.
fn read_tolerantly(field: &mut Field, target: &Target) {
    let mut told: Vec<String> = Vec::new();
    field.attrs.retain(|attribute| {
        for word in serde_words::words(attribute) {
            let text = word.to_token_stream().to_string();
            told.push(if word.path().is_ident("rename") {
                text
            } else {
                text.replace("::std::option::", "")
                    .replace("::std::vec::", "")
                    .replace(":: std :: collections ::", "std::collections::")
                    .replace("collections:: ", "collections::")
                    .replace("::std::", "std::")
            });
        }
        !attribute.path().is_ident("serde")
    });
    let has_default = told
        .iter()
        .any(|text| text == "default" || text.starts_with("default ="));
    let text = field
        .ty
        .to_token_stream()
        .to_string()
        .replace(' ', "")
        .replace("::std::", "");
    let has_reader = told.iter().any(|text| text.starts_with("deserialize_with"));
    let reader = match text.as_str() {
        _ if has_reader => None,
        "i64" => Some("int"),
        "option::Option<i64>" => Some("int_opt"),
        "vec::Vec<i64>" => Some("int_vec"),
        "u64" => Some("uint"),
        "option::Option<u64>" => Some("uint_opt"),
        "vec::Vec<u64>" => Some("uint_vec"),
        list if has_default && (list.starts_with("vec::Vec<") || list.contains("Map<")) => {
            Some("null_default")
        }
        _ => None,
    };
    if let Some(reader) = reader {
        // With a reader of its own, serde no longer takes an absent option for `None`. What is
        // inside of a newtype is never absent.
        if reader.ends_with("int_opt") && !has_default && field.ident.is_some() {
            told.push("default".to_owned());
        }
        let module = match reader {
            "uint" | "uint_opt" | "uint_vec" => "__private",
            _ => "tolerant",
        };
        told.push(format!(
            "deserialize_with = \"{}::{module}::{reader}\"",
            target.runtime
        ));
    }
    if told.iter().any(|text| text == "flatten") {
        field
            .attrs
            .push(parse_quote!(#[doc = "Whatever else there is, by its name."]));
    }
    if !told.is_empty()
        && let Ok(tokens) = told.join(", ").parse::<proc_macro2::TokenStream>()
    {
        field.attrs.push(parse_quote!(#[serde(#tokens)]));
    }
}

/// progenitor's encoder of arguments in a path leaves backslashes, which a URL takes for slashes.
/// The runtime has one that does not, and is imported under the same name.
const ENCODER: &str = "encode_path";

struct Polish {
    runtime: Path,
    /// The module to name generated types by; none inside that module.
    generated: Option<Ident>,
}

impl VisitMut for Polish {
    /// `reqwest` has no method for these two.
    fn visit_expr_method_call_mut(&mut self, call: &mut ExprMethodCall) {
        visit_mut::visit_expr_method_call_mut(self, call);
        let is_request = call.args.len() == 1
            && matches!(&*call.receiver, Expr::Field(ExprField { member: Member::Named(name), .. }) if name == "client");
        let verb = match call.method.to_string().as_str() {
            "options" if is_request => "OPTIONS",
            "trace" if is_request => "TRACE",
            _ => return,
        };
        let verb = Ident::new(verb, Span::call_site());
        call.method = Ident::new("request", Span::call_site());
        call.args.insert(0, parse_quote!(::reqwest::Method::#verb));
    }

    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_mut::visit_path_mut(self, path);
        if path.leading_colon.is_none() {
            return;
        }
        let rest = || path.segments.iter().skip(1).cloned();
        let first = path
            .segments
            .first()
            .map(|segment| segment.ident.to_string());
        let prefix: Vec<_> = match first.as_deref() {
            Some("runtime") => self.runtime.segments.iter().cloned().collect(),
            Some("generated") => self.generated.iter().cloned().map(Into::into).collect(),
            Some("std") => return shorten_std(path),
            _ => return,
        };
        let leading_colon = match first.as_deref() {
            Some("runtime") => self.runtime.leading_colon,
            _ => None,
        };
        let segments: Punctuated<_, _> = prefix.into_iter().chain(rest()).collect();
        *path = Path {
            leading_colon,
            segments,
        };
    }

    fn visit_use_group_mut(&mut self, group: &mut UseGroup) {
        let names = std::mem::take(&mut group.items).into_iter();
        group.items = names
            .filter(|tree| !matches!(tree, UseTree::Name(name) if name.ident == ENCODER))
            .collect();
    }

    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        *attributes = std::mem::take(attributes)
            .into_iter()
            .flat_map(polish_attribute)
            .collect();
    }
}

/// `::std::option::Option` is in everybody's prelude.
fn shorten_std(path: &mut Path) {
    let names: Vec<String> = path
        .segments
        .iter()
        .map(|segment| segment.ident.to_string())
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    if matches!(
        names.as_slice(),
        ["std", "option", "Option"]
            | ["std", "vec", "Vec"]
            | ["std", "string", "String"]
            | ["std", "boxed", "Box"]
    ) {
        let last = path.segments.last().cloned();
        path.leading_colon = None;
        path.segments = last.into_iter().collect();
    }
}

fn polish_attribute(attribute: Attribute) -> Vec<Attribute> {
    if let Some(text) = doc_text(&attribute) {
        return doc_lines(&text)
            .into_iter()
            .map(|line| parse_quote!(#[doc = #line]))
            .collect();
    }
    let derives_serde = attribute.path().is_ident("derive")
        && attribute
            .to_token_stream()
            .to_string()
            .contains("Deserialize");
    if derives_serde {
        return vec![
            parse_quote!(#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]),
            parse_quote!(#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]),
        ];
    }
    vec![attribute]
}

#[cfg(test)]
mod tests;
