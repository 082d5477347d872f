//! Fields that say more than an `Option` can: `null` that has to be sent, `null` that is not the
//! same as nothing, lists that may be empty or absent, and what is deprecated.

use serde_json::Value;
use syn::{Field, Lit, Meta, Token, parse_quote, punctuated::Punctuated};

use super::argument_of;
use crate::spec::elements;

/// Changes a field as its component says.
pub(super) fn mark(field: &mut Field, component: &Value, runtime: &str) {
    let Some(wire) = wire_name(field) else { return };
    let is_in = |key: &str| elements(&component[key]).any(|name| *name == wire.as_str());
    let name = field.ident.as_ref().map(ToString::to_string);
    let properties = &component["properties"];
    let is_deprecated = |name: &str| properties[name]["deprecated"] == true;
    if is_deprecated(&wire) || name.is_some_and(|name| is_deprecated(&name)) {
        field.attrs.push(parse_quote!(#[deprecated]));
    }
    if is_in("x-nulls") {
        told(field, &["skip_serializing_if", "deserialize_with"]);
        field.attrs.push(parse_quote!(#[serde(default)]));
    }
    if is_in("x-changes")
        && let Some(value) = argument_of(&field.ty, "Option").cloned()
    {
        told(field, &["skip_serializing_if", "deserialize_with"]);
        field.ty = parse_quote!(::std::option::Option<::runtime::Change<#value>>);
        let reader = format!("{runtime}::__private::given");
        field.attrs.push(parse_quote!(#[serde(default)]));
        field
            .attrs
            .push(parse_quote!(#[serde(deserialize_with = #reader)]));
        field
            .attrs
            .push(parse_quote!(#[serde(skip_serializing_if = "::std::option::Option::is_none")]));
    }
    if is_in("x-kept-lists") && argument_of(&field.ty, "Vec").is_some() {
        told(field, &["skip_serializing_if", "default"]);
        let list = &field.ty;
        field.ty = parse_quote!(::std::option::Option<#list>);
        field
            .attrs
            .push(parse_quote!(#[serde(skip_serializing_if = "::std::option::Option::is_none")]));
    }
}

/// What a field is called on the wire.
fn wire_name(field: &Field) -> Option<String> {
    let renamed = field.attrs.iter().find_map(|attribute| {
        let Meta::List(list) = &attribute.meta else {
            return None;
        };
        if !list.path.is_ident("serde") {
            return None;
        }
        let words = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated);
        words.ok()?.into_iter().find_map(|word| match word {
            Meta::NameValue(pair) if pair.path.is_ident("rename") => match pair.value {
                syn::Expr::Lit(literal) => match literal.lit {
                    Lit::Str(name) => Some(name.value()),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        })
    });
    let name = field.ident.as_ref()?.to_string();
    Some(renamed.unwrap_or_else(|| name.trim_start_matches("r#").to_owned()))
}

/// Takes words away that serde was told.
fn told(field: &mut Field, gone: &[&str]) {
    let attributes = std::mem::take(&mut field.attrs);
    for attribute in attributes {
        let words = match &attribute.meta {
            Meta::List(list) if list.path.is_ident("serde") => {
                list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)
            }
            _ => {
                field.attrs.push(attribute);
                continue;
            }
        };
        let Ok(words) = words else {
            field.attrs.push(attribute);
            continue;
        };
        let left = words
            .into_iter()
            .filter(|word| !gone.iter().any(|name| word.path().is_ident(name)));
        for word in left {
            field.attrs.push(parse_quote!(#[serde(#word)]));
        }
    }
}
