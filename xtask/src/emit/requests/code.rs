//! The Rust of a method, and of the request that it makes where something is optional.

use std::fmt::Write as _;

use heck::ToShoutySnakeCase as _;

use super::Sources;
use super::checks::{self, is_object_id};
use super::docs;
use super::facts::fact;
use super::kind::Kind;
use super::low_level::Field;
use super::model::{Call, Input, Place};
use super::text::{comment, sentence, wrap};

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
fn own_fields<'a, 'b>(call: &'b Call<'a>) -> impl Iterator<Item = &'b Input<'a>> {
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
fn sent(call: &Call<'_>) -> Vec<String> {
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

fn tuple(names: &[String]) -> String {
    match names {
        [only] => only.clone(),
        names => format!("({})", names.join(", ")),
    }
}

/// `Request::new(..)` with everything after it.
fn send(call: &Call<'_>, client: &str, input: &str) -> String {
    let names = sent(call);
    let make = if call.low.is_enveloped {
        "new"
    } else {
        "plain"
    };
    let drop = if call.returns_nothing() {
        ".map(drop)"
    } else {
        ""
    };
    format!(
        "Request::{make}({client}, &operations::{}, {input}, |api, {}| Box::pin(api.{}({}))){drop}\n",
        call.operation.id().to_shouty_snake_case(),
        tuple(&names),
        call.operation.id(),
        names.join(", ")
    )
}

/// A list that is all there is, sent in parts.
fn direct_parts(call: &Call<'_>, list: &str) -> String {
    let Some(input) = call.required().find(|input| input.name == list) else {
        return send(call, "&self.client", "Ok(())");
    };
    let stored = input.kind.stored();
    let convert = input.kind.convert(list);
    let items = items_checked(input, list);
    let drop = if call.returns_nothing() {
        ".map(drop)"
    } else {
        ""
    };
    format!(
        "let parts = || -> Result<_, Error> {{\nlet {list}: {stored} = {convert};\n{items}parts::of_values({list:?}, {list})\n}};\n\
         Request::in_parts(&self.client, &operations::{}, parts(), |api, {list}| Box::pin(api.{}({list})), {}){drop}\n",
        call.operation.id().to_shouty_snake_case(),
        call.operation.id(),
        joined(call)
    )
}

/// How two answers become one.
fn joined(call: &Call<'_>) -> &'static str {
    if call.joins {
        "|mut all, next| {\nall.total += next.total;\nall.list.extend(next.list);\nall\n}"
    } else {
        "|_, last| last"
    }
}

/// `let name = check(value)?;` for what is an argument of the low level.
fn prepared(input: &Input<'_>, value: &str) -> String {
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
fn checked(input: &Input<'_>, call: &Call<'_>) -> String {
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
fn items_checked(input: &Input<'_>, value: &str) -> String {
    let Kind::List(item) = &input.kind else {
        return String::new();
    };
    let name = &input.name;
    let items = &input.schema["items"];
    match &**item {
        Kind::Id(ty) if is_object_id(items) => {
            format!("input::object_ids({name:?}, &{value}, {ty}::is_well_formed)?;\n")
        }
        Kind::Text | Kind::Id(_) if checks::limits(items)["minLength"].as_u64() > Some(0) => {
            format!("input::all_filled({name:?}, &{value})?;\n")
        }
        _ => String::new(),
    }
}

/// The type of the request, with its setters.
pub(super) fn builder(call: &Call<'_>, builder: &str, sources: &Sources<'_>) -> String {
    let output = call.output();
    let made_by = format!(
        "A call of [`{0}::{1}`] that is ready to be sent. Set what is optional, then `.await` it.",
        call.resource.ty, call.name
    );
    let mut code = comment(&wrap(&made_by));
    if !call.is_private() {
        code.push_str("#[derive(Debug)]\n");
    }
    let _ = write!(
        code,
        "#[must_use = \"a request does nothing until it is awaited\"]\npub struct {builder} {{\nclient: Client,\noptions: RequestOptions,\n"
    );
    for input in own_fields(call) {
        let stored = input.kind.stored();
        let stored = if input.required {
            stored
        } else {
            format!("Option<{stored}>")
        };
        let _ = writeln!(code, "{}: {stored},", input.name);
    }
    if let Some(params) = call.low_type("params") {
        let _ = writeln!(code, "params: {params},");
    }
    if let Some(body) = call.low_type("body") {
        let _ = writeln!(code, "body: {body},");
    }
    let _ = write!(code, "}}\n\nrequest_methods!([] {builder} => {output});\n");
    if call.is_private() {
        let _ = writeln!(code, "debug_options!({builder});");
    }
    let _ = write!(code, "\nimpl {builder} {{\n");
    for input in call.optional() {
        code.push_str(&setter(input, call));
        code.push('\n');
    }
    if let Some(item) = &call.paged {
        code.push_str(&stream(call, item, sources));
        code.push('\n');
    }
    code.push_str(&into_request(call, &output));
    code.push_str("}\n");
    code
}

fn setter(input: &Input<'_>, call: &Call<'_>) -> String {
    let name = &input.name;
    let mut words = sentence(&input.docs);
    if call.parts.as_deref() == Some(name) {
        words.push_str("\n\nThe service takes 20 at once; for more of them it is called several times, and the answers are put together.");
    }
    let docs = comment(&wrap(&words));
    if input.kind == Kind::Period {
        return format!(
            "{docs}pub fn {name}(mut self, start: impl Into<Timestamp>, end: impl Into<Timestamp>) -> Self {{\nself.{name} = Some((start.into(), end.into()));\nself\n}}\n"
        );
    }
    let convert = input.kind.convert(name);
    let stored = if matches!(
        (&input.kind, &input.place),
        (Kind::List(_) | Kind::Object, Place::Body(_))
    ) {
        convert
    } else {
        format!("Some({convert})")
    };
    format!(
        "{docs}pub fn {name}(mut self, {name}: {}) -> Self {{\nself.{} = {stored};\nself\n}}\n",
        input.kind.argument(),
        input.place.value(name)
    )
}

/// The items of all pages.
fn stream(call: &Call<'_>, item: &str, sources: &Sources<'_>) -> String {
    let chain: String = sources
        .path(&call.resource)
        .iter()
        .map(|name| format!(".{name}()"))
        .collect();
    format!(
        "/// The items of all pages, from [`page`](Self::page) on, read as they are needed. Each page\n\
         /// is read with the options of this request.\n\
         ///\n\
         /// ```no_run\n\
         /// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {{\n\
         /// let mut items = client{chain}.{method}().page_size(100).stream();\n\
         /// while let Some(item) = items.next().await {{\n\
         ///     println!(\"{{:?}}\", item?);\n\
         /// }}\n\
         /// # Ok(())\n\
         /// # }}\n\
         /// ```\n\
         pub fn stream(self) -> Items<{item}> {{\n\
         let Self {{ client, mut options, mut params }} = self;\n\
         Items::numbered(params.page.unwrap_or(1), move |number| {{\n\
         params.page = Some(number);\n\
         let again = options.again();\n\
         let request = Self {{ client: client.clone(), options: mem::replace(&mut options, again), params: params.clone() }};\n\
         Box::pin(async move {{\n\
         let page = request.await?;\n\
         Ok(NumberedPage {{ items: page.list, number: page.page, last: page.total_pages, size: page.page_size, total: page.total }})\n\
         }})\n}})\n}}\n",
        method = call.name
    )
}

fn into_request(call: &Call<'_>, output: &str) -> String {
    let mut lines = String::new();
    for input in &call.inputs {
        if let Place::Path(_) = input.place {
            let _ = writeln!(lines, "{}", prepared(input, &input.name));
        } else {
            lines.push_str(&checked(input, call));
        }
    }
    let changes = |what: &str| {
        lines.lines().any(|line| {
            line.split_once(" = ").is_some_and(|(left, _)| {
                left.trim_start_matches('(')
                    .starts_with(&format!("{what}."))
            })
        })
    };
    let parts = call
        .parts
        .as_deref()
        .filter(|_| call.low_type("params").is_some());
    let mut fields = vec!["client".to_owned(), "options".to_owned()];
    fields.extend(own_fields(call).map(|input| input.name.clone()));
    for what in ["params", "body"] {
        if call.low_type(what).is_some() {
            let is_changed = changes(what) || (what == "params" && parts.is_some());
            fields.push(if is_changed {
                format!("mut {what}")
            } else {
                what.to_owned()
            });
        }
    }
    let mut code = format!(
        "fn into_request(self) -> Request<{output}> {{\nlet Self {{ {} }} = self;\n",
        fields.join(", ")
    );
    if let Some(list) = parts {
        let _ = write!(
            code,
            "let parts = || -> Result<_, Error> {{\n{lines}let {list} = params.{list}.take().unwrap_or_default();\n\
             if {list}.is_empty() {{\nreturn Ok(Parts::one(params));\n}}\n\
             Ok(parts::of_values({list:?}, {list})?.map(|{list}| {{\nlet mut part = params.clone();\npart.{list} = Some({list});\npart\n}}))\n}};\n\
             Request::in_parts(&client, &operations::{}, parts(), |api, params| Box::pin(api.{}(params)), {})",
            call.operation.id().to_shouty_snake_case(),
            call.operation.id(),
            joined(call)
        );
    } else if lines.is_empty() {
        code.push_str(send(call, "&client", &format!("Ok({})", tuple(&sent(call)))).trim_end());
    } else {
        let _ = write!(
            code,
            "let input = || -> Result<_, Error> {{\n{lines}Ok({})\n}};\n{}",
            tuple(&sent(call)),
            send(call, "&client", "input()").trim_end()
        );
    }
    code + "\n.with_options(options)\n}\n"
}
