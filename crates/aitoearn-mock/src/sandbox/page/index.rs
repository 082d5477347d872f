//! The start of the page, and every operation with a line of curl.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::sandbox::Shared;
use crate::sandbox::catalogue::PLATFORMS;
use crate::sandbox::document;
use crate::sandbox::html::{escape, table};
use crate::sandbox::request::Incoming;
use crate::sandbox::route::Route;
use crate::sandbox::router;

/// What parameters are in the lines of curl; any other is its name in capitals, for people to fill in.
const VALUES: [(&str, &str); 5] = [
    ("accountId", "youtube_1"),
    ("platform", "youtube"),
    ("field", "boardId"),
    ("platformWorkId", "1025"),
    ("link", "https://www.example.com/youtube/1025"),
];

/// The key, the addresses and a first call.
pub(super) fn introduction(shared: &Shared, request: &Incoming, html: &mut String) {
    let (base, key) = (escape(&base(request)), escape(&shared.key));
    let first = "/api/v2/channels/accounts";
    let repository = env!("CARGO_PKG_REPOSITORY");
    let version = env!("CARGO_PKG_VERSION");
    let _ = write!(
        html,
        "<p>An AiToEarn on this machine, to try clients on: it remembers what it is sent until it ends, and publishes \
         and bills nothing. It is made by the authors of aitoearn-rs, and not by AiToEarn.</p>\
         <dl><dt>Base URL</dt><dd><code>{base}</code></dd><dt>API key</dt><dd><code>{key}</code></dd>\
         <dt>First call</dt><dd><pre><code>curl -H &#39;X-Api-Key: {key}&#39; &#39;{base}{first}&#39;</code></pre></dd>\
         <dt>Description</dt><dd><a href=\"/openapi.json\">/openapi.json</a>, OpenAPI with corrections</dd>\
         <dt>Version</dt><dd>{version}, <a href=\"{repository}\">{repository}</a></dd></dl>\
         <nav aria-label=\"Sections\">"
    );
    for (id, title) in [
        ("authorizations", "Authorizations"),
        ("accounts", "Accounts"),
        ("posts", "Posts"),
        ("files", "Files"),
        ("trouble", "Trouble"),
        ("requests", "Requests"),
        ("operations", "Operations"),
    ] {
        let _ = write!(html, "<a href=\"#{id}\">{title}</a>");
    }
    html.push_str("</nav>");
}

/// Every operation with its summary and a line of curl.
pub(super) fn operations(shared: &Shared, request: &Incoming, html: &mut String) {
    let base = base(request);
    let rows: Vec<Vec<String>> = router::all()
        .map(|route| {
            let operation = document::operation(route.method, route.path);
            let summary = operation["summary"].as_str().unwrap_or_default();
            let call = curl(route, operation, &base, &shared.key);
            vec![
                format!(
                    "{}<br>{}<br>{} <code>{}</code>{}",
                    escape(route.name),
                    escape(summary),
                    route.method,
                    escape(route.path),
                    if router::is_example(route) {
                        "<br>Answers with an example, and remembers nothing."
                    } else {
                        ""
                    },
                ),
                format!("<pre><code>{}</code></pre>", escape(&call)),
            ]
        })
        .collect();
    let heads = [
        "Operation",
        "With curl (words in capitals stand for an id from an earlier response)",
    ];
    table(html, "operations", "Operations", &heads, &rows);
}

/// Where the client that asks has reached us; its `Host` is one that we answer to.
fn base(request: &Incoming) -> String {
    format!("http://{}", request.header("host").unwrap_or("127.0.0.1"))
}

/// A call of the operation that can be pasted into a shell.
fn curl(route: &Route, operation: &Value, base: &str, key: &str) -> String {
    let body = body(route, operation);
    let model = body.as_ref().and_then(|body| body["model"].as_str());
    let value = |name: &str| {
        let known = VALUES.iter().find(|(known, _)| *known == name);
        match (name, route.method) {
            // Only to Pinterest's option can a value be added.
            ("accountId", _) if route.path.contains("{field}") => return "pinterest_1".to_owned(),
            // The other lines work afterwards.
            ("accountId", "DELETE") => return "tiktok_2".to_owned(),
            _ => {}
        }
        match (known, model) {
            (Some((_, value)), _) => (*value).to_owned(),
            (None, Some(model)) if name == "model" => model.to_owned(),
            _ => in_capitals(name),
        }
    };
    let path: String = route
        .path
        .split_inclusive('}')
        .map(
            |part| match part.strip_suffix('}').and_then(|part| part.split_once('{')) {
                Some((before, name)) => format!("{before}{}", encoded(&value(name))),
                None => part.to_owned(),
            },
        )
        .collect();
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let query: Vec<String> = parameters
        .filter(|parameter| parameter["in"] == "query")
        // Platforms show most of a work to its own account only.
        .filter(|it| {
            it["required"] == true || it["name"] == "accountId" && route.path.contains("{platform}")
        })
        .filter_map(|parameter| parameter["name"].as_str())
        .map(|name| {
            // Brackets mean something to curl as well.
            let of_one = name.trim_end_matches("[]").trim_end_matches('s');
            format!("{}={}", encoded(name), encoded(&value(of_one)))
        })
        .collect();
    let mut line = format!("curl -H {}", quoted(&format!("X-Api-Key: {key}")));
    if route.method != "GET" {
        let _ = write!(line, " -X {}", route.method);
    }
    if let Some(body) = body {
        let json = quoted(&body.to_string());
        let _ = write!(line, " -H 'Content-Type: application/json' -d {json}");
    }
    let mark = if query.is_empty() { "" } else { "?" };
    let address = format!("{base}{path}{mark}{}", query.join("&"));
    let _ = write!(line, " {}", quoted(&address));
    line
}

/// The description's first example of a body, with the demo accounts in it.
fn body(route: &Route, operation: &Value) -> Option<Value> {
    let media = &operation["requestBody"]["content"]["application/json"];
    let mut examples = media["examples"].as_object().into_iter().flatten();
    let example = examples
        .find_map(|(_, example)| example.get("value"))
        .cloned();
    let mut body = example.or_else(|| match route.name {
        "relay_chat_completions" => Some(json!({
            "model": "gpt-5.6-terra", "messages": [{ "role": "user", "content": "Say hello in one sentence." }],
        })),
        "accounts_option_create" => Some(json!({ "name": "Places to go" })),
        _ => media.is_object().then(|| json!({})),
    })?;
    let of_path = route.path.contains("{platform}").then_some("youtube");
    with_demo_accounts(&mut body, of_path);
    if let Some(group) = body.get_mut("groupId") {
        *group = "GROUP_ID".into();
    }
    Some(body)
}

/// Somebody's account becomes the demo account of its platform, or of that in the path.
fn with_demo_accounts(value: &mut Value, of_path: Option<&str>) {
    match value {
        Value::String(text) => {
            let platform = text.split_once('_').map(|(platform, _)| platform);
            if let Some(known) = PLATFORMS.iter().find(|it| Some(it.id) == platform) {
                *text = format!("{}_1", of_path.unwrap_or(known.id));
            }
        }
        Value::Array(list) => list
            .iter_mut()
            .for_each(|it| with_demo_accounts(it, of_path)),
        Value::Object(object) => object
            .values_mut()
            .for_each(|it| with_demo_accounts(it, of_path)),
        _ => {}
    }
}

/// `taskId` is `TASK_ID`.
fn in_capitals(name: &str) -> String {
    let mut capitals = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !capitals.is_empty() {
            capitals.push('_');
        }
        capitals.push(c.to_ascii_uppercase());
    }
    capitals
}

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// One argument in a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_shell_would_read_is_quoted() {
        assert_eq!(quoted("it's $(here)"), r"'it'\''s $(here)'");
        assert_eq!(in_capitals("bytedToken"), "BYTED_TOKEN");
        let mut body = json!({ "a": ["KWAI_77", "kwai_77", "plain"] });
        with_demo_accounts(&mut body, None);
        assert_eq!(body, json!({ "a": ["KWAI_1", "kwai_77", "plain"] }));
        with_demo_accounts(&mut body, Some("tiktok"));
        assert_eq!(body["a"][0], "tiktok_1");
    }
}
