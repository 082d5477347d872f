//! The Rust of a request in which something is optional: its type, its setters, how it is sent.

use std::fmt::Write as _;

use heck::ToShoutySnakeCase as _;

use super::Sources;
use super::code::{joined, own_fields, send, sent, tuple};
use super::example;
use super::kind::Kind;
use super::model::{Call, Input, Place};
use super::statements::{checked, prepared};
use super::text::{comment, sentence, wrap};

/// The type of the request, with its setters.
pub(super) fn builder(call: &Call<'_>, builder: &str, sources: &Sources<'_>) -> String {
    let output = call.output();
    let made_by = format!(
        "A call of [`{0}::{1}`] that is ready to be sent. Set what is optional, then `.await` it.",
        call.resource.ty, call.name
    );
    let mut docs = wrap(&made_by);
    docs.push(String::new());
    docs.extend(example::of(call, sources));
    let mut code = comment(&docs);
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
    let _ = write!(code, "}}\n\nimpl {builder} {{\n");
    for input in call.optional() {
        code.push_str(&setter(input, call));
        code.push('\n');
    }
    if let Some(item) = &call.paged {
        code.push_str(&stream(call, item, sources));
        code.push('\n');
    }
    code.push_str(&into_request(call, &output));
    // Behind it, as the docs are in this order: what the operation asks for, then what all have.
    let _ = write!(code, "}}\n\nrequest_methods!([] {builder} => {output});\n");
    if call.is_private() {
        let _ = writeln!(code, "debug_options!({builder});");
    }
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
         /// # async fn example(client: {home}::Client) -> Result<(), {home}::Error> {{\n\
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
         let Response {{ data: page, call, .. }} = request.send_with_meta().await?;\n\
         Ok(NumberedPage {{ items: page.list, number: page.page, last: page.total_pages, size: page.page_size, total: page.total, call }})\n\
         }})\n}})\n}}\n",
        home = sources.crates.client,
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
