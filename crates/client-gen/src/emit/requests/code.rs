//! The Rust of a method.

use std::fmt::Write as _;

use heck::ToShoutySnakeCase as _;

use super::Sources;
use super::docs;
use super::facts::fact;
use super::kind::Kind;
use super::low_level::Field;
use super::model::{Call, Input, Place};
use super::statements::{checked, items_checked, prepared};
use super::text::comment;

/// The method of the resource.
pub(super) fn method(call: &Call<'_>, sources: &Sources<'_>) -> String {
    let mut code = comment(&docs::of(call, sources));
    let arguments: String = call
        .required()
        .map(|input| format!(", {}: {}", input.name, argument(input)))
        .collect();
    let returned = match &call.builder {
        Some(builder) => builder.clone(),
        None => format!("Request<{}>", call.output()),
    };
    let _ = writeln!(
        code,
        "pub fn {}(&self{arguments}) -> {returned} {{",
        call.name
    );
    match &call.builder {
        Some(builder) => code.push_str(&construct(call, builder, sources)),
        None => code.push_str(&direct(call, sources)),
    }
    code.push_str("}\n");
    code
}

fn argument(input: &Input<'_>) -> String {
    match input.place {
        Place::WholeBody => "impl Serialize".to_owned(),
        _ => input.kind.argument(),
    }
}

/// What a request begins as.
fn construct(call: &Call<'_>, builder: &str, sources: &Sources<'_>) -> String {
    let mut code = format!(
        "{builder} {{\nclient: self.client.clone(),\noptions: RequestOptions::default(),\n"
    );
    for input in own_fields(call) {
        let value = if input.required {
            input.kind.convert(&input.name)
        } else {
            "None".to_owned()
        };
        if value == input.name {
            let _ = writeln!(code, "{value},");
        } else {
            let _ = writeln!(code, "{}: {value},", input.name);
        }
    }
    if let Some(params) = call.low_type("params") {
        let _ = writeln!(code, "params: {params}::default(),");
    }
    if let Some(body) = call.low_type("body") {
        let _ = writeln!(code, "body: {},", literal(call, body, &[], sources));
    }
    code + "}\n"
}

/// A body with what is required, and nothing else.
fn literal(call: &Call<'_>, ty: &str, path: &[String], sources: &Sources<'_>) -> String {
    let fields = sources.low.fields(ty).unwrap_or_default();
    let is_given = |field: &Field| {
        let mut place = path.to_vec();
        place.push(field.name.clone());
        let given = call
            .required()
            .find(|input| input.place == Place::Body(place.clone()));
        let inside = |input: &Input<'_>| matches!(&input.place, Place::Body(at) if at.starts_with(&place) && at.len() > place.len());
        (given.cloned(), call.inputs.iter().any(inside))
    };
    if !fields.is_empty()
        && fields.iter().all(|field| {
            is_given(field).0.is_none() && !is_given(field).1 && is_optional(&field.ty)
        })
    {
        return format!("{ty}::default()");
    }
    let mut code = format!("{ty} {{\n");
    for field in fields {
        let (given, is_flat) = is_given(field);
        let value = match given {
            Some(input) => input.kind.convert(&input.name),
            None if is_flat && !field.ty.starts_with("Option<") => {
                let mut inner = path.to_vec();
                inner.push(field.name.clone());
                literal(call, &field.ty, &inner, sources)
            }
            None if field.ty.starts_with("Option<") => "None".to_owned(),
            None if field.ty.starts_with("Vec<") => "Vec::new()".to_owned(),
            None if field.ty.starts_with("Map<") => "Map::new()".to_owned(),
            None => "Default::default()".to_owned(),
        };
        if value == field.name {
            let _ = writeln!(code, "{value},");
        } else {
            let _ = writeln!(code, "{}: {value},", field.name);
        }
    }
    code + "}"
}

fn is_optional(ty: &str) -> bool {
    ["Option<", "Vec<", "Map<"]
        .iter()
        .any(|start| ty.starts_with(start))
}

/// What a request keeps apart from parameters and body.
pub(super) fn own_fields<'a, 'b>(call: &'b Call<'a>) -> impl Iterator<Item = &'b Input<'a>> {
    call.inputs.iter().filter(|input| {
        matches!(input.place, Place::Path(_) | Place::Argument(_)) || input.kind == Kind::Period
    })
}

/// The body of a method whose request needs no type of its own.
fn direct(call: &Call<'_>, sources: &Sources<'_>) -> String {
    if let Some(list) = &call.parts {
        return direct_parts(call, list);
    }
    let mut lines = String::new();
    for input in call.required() {
        if let Place::Path(_) | Place::Argument(_) = input.place {
            let _ = writeln!(
                lines,
                "{}",
                prepared(input, &input.kind.convert(&input.name))
            );
        }
    }
    if let Some(body) = call.low_type("body") {
        if call
            .inputs
            .iter()
            .any(|input| input.place == Place::WholeBody)
        {
            lines.push_str("let body = input::json_object(\"value\", value)?;\n");
        } else {
            let changes = call
                .inputs
                .iter()
                .any(|input| input.is_address() && matches!(input.place, Place::Body(_)));
            let _ = writeln!(
                lines,
                "let {}body = {};",
                if changes { "mut " } else { "" },
                literal(call, body, &[], sources)
            );
        }
    }
    for input in call.required() {
        if !matches!(input.place, Place::Path(_)) {
            lines.push_str(&checked(input, call));
        }
    }
    let names = sent(call);
    match (names.as_slice(), lines.lines().count()) {
        ([], _) => send(call, "&self.client", "Ok(())"),
        ([only], 1) if lines.ends_with("?;\n") => {
            // `let x = check(x)?;` needs no closure.
            let line = lines.replace("?;\n", ";\n");
            format!("{line}{}", send(call, "&self.client", only))
        }
        _ => format!(
            "let input = || -> Result<_, Error> {{\n{lines}Ok({})\n}};\n{}",
            tuple(&names),
            send(call, "&self.client", "input()")
        ),
    }
}

/// What goes with the call, by its names.
pub(super) fn sent(call: &Call<'_>) -> Vec<String> {
    call.low
        .arguments
        .iter()
        .map(|(name, _)| {
            let own = call.inputs.iter().find(|input| {
                matches!(&input.place, Place::Path(low) | Place::Argument(low) if low == name)
            });
            own.map_or_else(|| name.clone(), |input| input.name.clone())
        })
        .collect()
}

pub(super) fn tuple(names: &[String]) -> String {
    match names {
        [only] => only.clone(),
        names => format!("({})", names.join(", ")),
    }
}

/// `Request::new(..)` with everything after it.
pub(super) fn send(call: &Call<'_>, client: &str, input: &str) -> String {
    let names = sent(call);
    let make = if call.low.is_enveloped {
        "new"
    } else {
        "plain"
    };
    let drop = made_of_answer(call);
    format!(
        "Request::{make}({client}, &operations::{}, {input}, |api, {}| Box::pin(api.{}({}))){drop}\n",
        call.operation.id().to_shouty_snake_case(),
        tuple(&names),
        call.operation.id(),
        names.join(", ")
    )
}

/// What is made of an answer that is nothing, or that a function of ours mends.
fn made_of_answer(call: &Call<'_>) -> String {
    match fact(call.operation.node, "then") {
        Some(function) => format!(".map(crate::resources::{function})"),
        None if call.returns_nothing() => ".map(drop)".to_owned(),
        None => String::new(),
    }
}

/// A list that is all there is, sent in parts.
fn direct_parts(call: &Call<'_>, list: &str) -> String {
    let Some(input) = call.required().find(|input| input.name == list) else {
        return send(call, "&self.client", "Ok(())");
    };
    let stored = input.kind.stored();
    let convert = input.kind.convert(list);
    let items = items_checked(input, list);
    let drop = made_of_answer(call);
    format!(
        "let parts = || -> Result<_, Error> {{\nlet {list}: {stored} = {convert};\n{items}parts::of_values({list:?}, {list})\n}};\n\
         Request::in_parts(&self.client, &operations::{}, parts(), |api, {list}| Box::pin(api.{}({list})), {}){drop}\n",
        call.operation.id().to_shouty_snake_case(),
        call.operation.id(),
        joined(call)
    )
}

/// How two answers become one.
pub(super) fn joined(call: &Call<'_>) -> &'static str {
    if call.joins {
        "|mut all, next| {\nall.total += next.total;\nall.list.extend(next.list);\nall\n}"
    } else {
        "|_, last| last"
    }
}
