//! The checks of a request's values, as statements.

use std::fmt::Write as _;

use super::checks;
use super::facts::fact;
use super::kind::Kind;
use super::limits::{is_object_id, limits};
use super::model::{Call, Input, Place};

/// `let name = check(value)?;` for what is an argument of the low level.
pub(super) fn prepared(input: &Input<'_>, value: &str) -> String {
    let name = &input.name;
    match (&input.place, &input.kind) {
        (_, Kind::Id(ty)) if is_object_id(input.schema) => {
            format!("let {name} = input::object_id({name:?}, {value}, {ty}::is_well_formed)?;")
        }
        (Place::Path(_), kind) if kind.is_text() => {
            format!("let {name} = input::path_segment({name:?}, {value})?;")
        }
        (_, kind) => {
            let ty = kind.stored();
            format!("let {name}: {ty} = {value};")
        }
    }
}

/// The checks of a value, as statements.
pub(super) fn checked(input: &Input<'_>, call: &Call<'_>) -> String {
    let name = &input.name;
    let value = input.place.value(name);
    if let (Kind::Period, Place::Params(field)) = (&input.kind, &input.place) {
        return format!("params.{field} = input::span({name})?;\n");
    }
    let in_option =
        !input.required && !matches!((&input.kind, &input.place), (Kind::List(_), Place::Body(_)));
    if input.is_address() {
        return if in_option {
            format!(
                "{value} = {value}.map(|url| input::web_address({name:?}, url)).transpose()?;\n"
            )
        } else {
            let start = if value == *name { "let " } else { "" };
            format!("{start}{value} = input::web_address({name:?}, {value})?;\n")
        };
    }
    if let Some(start) = fact(input.node, "after") {
        let start = call.inputs.iter().find(|other| other.name == start);
        if let Some(Place::Params(start_field)) = start.map(|start| &start.place) {
            let start_name = start.map_or("", |start| start.name.as_str());
            return format!(
                "(params.{start_field}, {value}) = input::period([{start_name:?}, {name:?}], params.{start_field}.as_ref(), {value}.as_ref())?;\n"
            );
        }
    }
    if input.kind == Kind::Moment {
        let is_start = call
            .inputs
            .iter()
            .any(|other| fact(other.node, "after") == Some(name));
        return match (is_start, in_option) {
            (true, _) => String::new(),
            (_, true) => format!(
                "{value} = {value}.map(|moment| input::moment({name:?}, &moment)).transpose()?;\n"
            ),
            (_, false) => format!("{value} = input::moment({name:?}, &{value})?;\n"),
        };
    }
    if let (Kind::List(_), Place::Params(_)) = (&input.kind, &input.place) {
        let items = items_checked(input, name);
        let items = if items.is_empty() {
            items
        } else {
            format!(
                "if let Some({name}) = &{value} {{\n{}}}\n",
                items.replace(&format!("&{name}"), name)
            )
        };
        if call.parts.as_deref() == Some(name) {
            return items;
        }
        return format!("{items}{value} = input::query_values({name:?}, {value})?;\n");
    }
    let mut code = String::new();
    let checks = checks::of(name, &input.kind, input.schema);
    if matches!(input.kind, Kind::List(_)) && !input.required && !checks.is_empty() {
        for check in checks {
            let _ = writeln!(
                code,
                "if !{value}.is_empty() {{\n{}\n}}",
                check.statement(name, &format!("&{value}"))
            );
        }
    } else if in_option && !checks.is_empty() {
        let short = name.rsplit('.').next().unwrap_or(name);
        let _ = writeln!(code, "if let Some({short}) = &{value} {{");
        for check in checks {
            let _ = writeln!(code, "{}", check.statement(name, short));
        }
        code.push_str("}\n");
    } else {
        for check in checks {
            let _ = writeln!(code, "{}", check.statement(name, &format!("&{value}")));
        }
    }
    if matches!(input.kind, Kind::List(_)) {
        code.push_str(&items_checked(input, &value));
    }
    code
}

/// The check of each element of a list.
pub(super) fn items_checked(input: &Input<'_>, value: &str) -> String {
    let Kind::List(item) = &input.kind else {
        return String::new();
    };
    let name = &input.name;
    let items = &input.schema["items"];
    match &**item {
        Kind::Id(ty) if is_object_id(items) => {
            format!("input::object_ids({name:?}, &{value}, {ty}::is_well_formed)?;\n")
        }
        Kind::Text | Kind::Id(_) if limits(items)["minLength"].as_u64() > Some(0) => {
            format!("input::all_filled({name:?}, &{value})?;\n")
        }
        _ => String::new(),
    }
}
