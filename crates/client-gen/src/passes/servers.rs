//! `servers`: operations that go elsewhere than the rest.
//!
//! Sent to the client's own server they would reach the wrong host, with the credential in hand. The
//! runtime sends them where the document says once the caller has allowed it.

use serde_json::Value;

use super::Context;
use crate::report::About;
use crate::spec::{METHODS, Spec, elements, entries};

pub(crate) fn run(spec: &mut Spec, context: &mut Context<'_>) {
    let usual: Vec<String> = urls(&spec.doc["servers"]);
    let mut lines = Vec::new();
    for (path, item) in spec.doc["paths"].as_object_mut().into_iter().flatten() {
        let of_path = item.get("servers").cloned().unwrap_or_default();
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            if !METHODS.contains(&method.as_str()) || !operation.is_object() {
                continue;
            }
            let own = operation.get("servers").unwrap_or(&of_path);
            let urls = urls(own);
            if let Some(first) = urls.first()
                && !urls.iter().any(|url| usual.contains(url))
            {
                operation["x-server"] = first.as_str().into();
                lines.push(format!(
                    "`{} {path}` goes to `{first}`: whoever calls it names that server with `Client::with_server`",
                    method.to_uppercase()
                ));
            }
        }
    }
    if lines.is_empty() {
        return;
    }
    context.report.section(
        "servers",
        "Operations with a server of their own, to which nothing is sent that the caller has not allowed.",
    );
    for line in lines {
        context.report.line(line.clone());
        context.report.warn(About::Document, line);
    }
}

/// The addresses of a list of servers, with the defaults of their variables.
fn urls(servers: &Value) -> Vec<String> {
    let url = |server: &Value| {
        let mut url = server["url"].as_str()?.to_owned();
        for (name, variable) in entries(&server["variables"]) {
            if let Some(default) = variable["default"].as_str() {
                url = url.replace(&format!("{{{name}}}"), default);
            }
        }
        Some(url.trim_end_matches('/').to_owned())
    };
    elements(servers).filter_map(url).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::{assert_says, run as run_pass, spec};

    #[test]
    fn a_server_of_its_own_is_marked_and_said() {
        let at =
            |url: &str| json!([{ "url": url, "variables": { "stage": { "default": "live" } } }]);
        let mut spec = spec(
            json!({
                "/a": { "get": {}, "post": { "servers": at("https://files.example/{stage}/") } },
                "/b": { "servers": at("/other"), "get": {}, "put": { "servers": at("https://x.example") } },
            }),
            json!({}),
        );
        spec.doc["servers"] = at("https://x.example/");
        let report = run_pass(&mut spec, "", |spec, context| {
            run(spec, context);
            Ok(())
        });
        let server = |path: &str, method: &str| spec.doc["paths"][path][method]["x-server"].clone();
        assert_eq!(server("/a", "get"), Value::Null);
        assert_eq!(server("/a", "post"), "https://files.example/live");
        assert_eq!(server("/b", "get"), "/other");
        assert_eq!(server("/b", "put"), Value::Null);
        assert_says(&report.unwrap(), &["## Warnings", "`POST /a` goes to"]);
    }
}
