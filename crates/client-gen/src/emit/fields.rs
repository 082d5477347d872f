//! Fields that say more than an `Option` can: `null` that has to be sent, `null` that is not the
//! same as nothing, lists that may be empty or absent, and what is deprecated.

use serde_json::Value;
use syn::{Field, parse_quote};

use super::argument_of;
use crate::serde_words::{forget, wire_name};
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
        forget(field, &["skip_serializing_if", "deserialize_with"]);
        field.attrs.push(parse_quote!(#[serde(default)]));
    }
    if is_in("x-changes")
        && let Some(value) = argument_of(&field.ty, "Option").cloned()
    {
        forget(field, &["skip_serializing_if", "deserialize_with"]);
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
        forget(field, &["skip_serializing_if", "default"]);
        let list = &field.ty;
        field.ty = parse_quote!(::std::option::Option<#list>);
        field
            .attrs
            .push(parse_quote!(#[serde(skip_serializing_if = "::std::option::Option::is_none")]));
    }
}
