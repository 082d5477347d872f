//! `operations.rs`: what is known about each operation without calling it.
//!
//! `x-client` on an operation (put there by the overlay) overrules what the
//! method suggests: a `GET` may have an effect, a `POST` may have none.

use std::fmt::Write as _;

use heck::{ToPascalCase, ToShoutySnakeCase};
use serde_json::Value;

use spec_diff::escape::{code, visible};

use super::{Target, auth, codes::Registry, literal};
use crate::problem::Result;
use crate::rules::Rules;
use crate::rustdoc;
use crate::spec::{Operation, Spec, elements, entries};

/// The methods that every runtime has; ours has all.
const METHODS: [&str; 5] = ["get", "put", "post", "delete", "patch"];
const RETRY: [&str; 3] = ["read", "idempotent", "effect"];
const TIMEOUT: [&str; 5] = ["read", "write", "slow", "generation", "stream"];

/// The table of all operations.
pub fn emit(
    spec: &Spec,
    target: &Target,
    rules: &Rules,
    registry: Option<&Registry>,
) -> Result<String> {
    let runtime = &target.runtime;
    let mut code = String::new();
    let mut operations = spec.operations();
    operations.sort_by_key(Operation::id);
    for operation in &operations {
        code.push_str(&constant(spec, operation, rules, registry)?);
    }
    let codes = if code.contains("Code::") {
        "Code, "
    } else {
        ""
    };
    code.insert_str(
        0,
        &format!(
            "//! Every operation of the API, as data.\n\nuse {runtime}::{{Auth, {codes}Method, Operation, Reply, RetryClass, TimeoutClass}};\n\n"
        ),
    );
    let names: Vec<String> = operations
        .iter()
        .map(|operation| operation.id().to_shouty_snake_case())
        .collect();
    let _ = write!(
        code,
        "/// All operations, sorted by name.\npub static ALL: [&Operation; {}] = [{}];\n\n",
        names.len(),
        names
            .iter()
            .map(|name| format!("&{name}"))
            .collect::<Vec<_>>()
            .join(", ")
    );
    code.push_str(
        "/// The operation behind a method of the client, such as `accounts_list`.\n\
         pub fn by_name(name: &str) -> Option<&'static Operation> {\n    \
         let index = ALL.binary_search_by_key(&name, |operation| operation.name).ok()?;\n    \
         ALL.get(index).copied()\n}\n",
    );
    if rules.credentials.is_empty() {
        code.push_str(&servers(&operations));
    }
    Ok(code)
}

/// Which server an operation goes to, for the runtime that is written beside it.
fn servers(operations: &[Operation<'_>]) -> String {
    let arms: String = operations
        .iter()
        .filter_map(|operation| {
            let server = operation.node["x-server"].as_str()?;
            let name = literal(operation.id());
            Some(format!("        {name} => Some({}),\n", literal(server)))
        })
        .collect();
    format!(
        "\n/// The server that the description names for an operation, where it is not that of the rest.\n\
         pub fn server(name: &str) -> Option<&'static str> {{\n    match name {{\n{arms}        _ => None,\n    }}\n}}\n"
    )
}

fn constant(
    spec: &Spec,
    operation: &Operation<'_>,
    rules: &Rules,
    registry: Option<&Registry>,
) -> Result<String> {
    let node = operation.node;
    let has_runtime = !rules.credentials.is_empty();
    if has_runtime && !METHODS.contains(&operation.method) {
        return Err(spec
            .problem(
                operation.pointer(),
                format!(
                    "the runtime has no method {}",
                    operation.method.to_uppercase()
                ),
                "remove the operation with an overlay action",
            )
            .into());
    }
    let codes: Vec<String> = elements(&node["x-codes"])
        .filter_map(Value::as_i64)
        .map(
            |code| match registry.and_then(|registry| registry.constant(code)) {
                Some(constant) => format!("Code::{constant}"),
                None => format!("Code::new({code})"),
            },
        )
        .collect();
    Ok(format!(
        "/// {address}{summary}\npub const {constant}: Operation = Operation {{
    name: {name},
    id: {id},
    summary: {short},
    method: Method::{method},
    path: {path},
    tag: {tag},
    auth: Auth::{auth},
    reply: Reply::{reply},
    retry: RetryClass::{retry},
    timeout: TimeoutClass::{timeout},
    codes: &[{codes}],
    essential: &[{essential}],
}};

",
        address = code(&format!(
            "{} {}",
            operation.method.to_uppercase(),
            operation.path
        )),
        path = literal(operation.path),
        summary = one_line(node["summary"].as_str().unwrap_or_default()),
        short = literal(&plain_line(node["summary"].as_str().unwrap_or_default())),
        constant = operation.id().to_shouty_snake_case(),
        name = literal(operation.id()),
        id = literal(operation.upstream_id()),
        method = operation.method.to_pascal_case(),
        tag = literal(node["tags"][0].as_str().unwrap_or_default()),
        auth = auth::wanted(spec, node, rules).auth,
        reply = reply(node),
        retry = class(
            spec,
            operation,
            "retry",
            &RETRY,
            default_retry(operation.method)
        )?,
        timeout = class(
            spec,
            operation,
            "timeout",
            &TIMEOUT,
            default_timeout(operation.method)
        )?,
        codes = codes.join(", "),
        essential = essential(spec, operation)?,
    ))
}

/// A summary as a value: on one line, with nothing hidden in it.
fn plain_line(summary: &str) -> String {
    let words: Vec<_> = summary.split_whitespace().collect();
    visible(&words.join(" ")).into_owned()
}

/// A summary as the end of a line of documentation.
fn one_line(summary: &str) -> String {
    let words = rustdoc::line(summary);
    if words.is_empty() {
        String::new()
    } else {
        format!(": {words}")
    }
}

fn default_retry(method: &str) -> &'static str {
    match method {
        "get" | "head" | "options" => "read",
        "put" | "delete" => "idempotent",
        _ => "effect",
    }
}

/// How an operation may be repeated, as its facts say or its method suggests.
pub(crate) fn retry<'a>(operation: &Operation<'a>) -> &'a str {
    operation.node["x-client"]["retry"]
        .as_str()
        .unwrap_or_else(|| default_retry(operation.method))
}

fn default_timeout(method: &str) -> &'static str {
    if matches!(method, "get" | "head" | "options") {
        "read"
    } else {
        "write"
    }
}

fn class(
    spec: &Spec,
    operation: &Operation<'_>,
    key: &str,
    known: &[&str],
    default: &str,
) -> Result<String> {
    let value = match operation.node["x-client"].get(key) {
        None => default,
        Some(value) => value
            .as_str()
            .filter(|value| known.contains(value))
            .ok_or_else(|| {
                spec.problem(
                    format!("{}/x-client/{key}", operation.pointer()),
                    format!("`x-client.{key}` is {value}"),
                    format!("it is one of {}", known.join(", ")),
                )
            })?,
    };
    Ok(value.to_pascal_case())
}

/// `x-client.essential`: JSON pointers into the answer.
fn essential(spec: &Spec, operation: &Operation<'_>) -> Result<String> {
    let wrong = || {
        spec.problem(
            format!("{}/x-client/essential", operation.pointer()),
            "`x-client.essential` is no list of JSON pointers",
            "write it as `[/data/id]`",
        )
    };
    let Some(told) = operation.node["x-client"].get("essential") else {
        return Ok(String::new());
    };
    let pointers = told.as_array().ok_or_else(wrong)?;
    let pointers = pointers.iter().map(|pointer| {
        let pointer = pointer.as_str().filter(|pointer| pointer.starts_with('/'));
        pointer
            .map(|pointer| format!("{pointer:?}"))
            .ok_or_else(wrong)
    });
    let pointers: Vec<String> = pointers.collect::<std::result::Result<_, _>>()?;
    Ok(pointers.join(", "))
}

fn reply(node: &Value) -> &'static str {
    if node["x-raw"] == true {
        return "Raw";
    }
    let enveloped = entries(&node["responses"])
        .flat_map(|(_, response)| entries(&response["content"]))
        .any(|(_, media)| media["schema"]["x-rust-type"]["path"] == "runtime::Envelope");
    if enveloped { "Envelope" } else { "Json" }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::{assert_says, spec};

    fn table(
        method: &str,
        operation: Value,
        schemes: Value,
    ) -> std::result::Result<String, String> {
        let mut spec = spec(json!({ "/x": { method: operation } }), json!({}));
        spec.doc["components"]["securitySchemes"] = schemes;
        let target = Target {
            runtime: "crate".to_owned(),
            source: "test.json".to_owned(),
            command: "make it".to_owned(),
        };
        emit(&spec, &target, &rules(), None).map_err(|problems| problems.to_string())
    }

    /// A runtime that has two kinds of credentials of its own.
    fn rules() -> Rules {
        let credentials = [("x-api-key", "ApiKey"), ("x-other-key", "OtherKey")];
        Rules {
            credentials: credentials
                .map(|(a, b)| (a.to_owned(), b.to_owned()))
                .into(),
            ..Rules::default()
        }
    }

    #[test]
    fn the_method_decides_unless_the_overlay_does() {
        let operation = json!({ "operationId": "do_it", "x-operation-id": "doIt", "x-codes": [7], "x-raw": true });
        let post = table("post", operation.clone(), json!({})).unwrap();
        assert_says(
            &post,
            &[
                "pub const DO_IT",
                "id: \"doIt\"",
                "RetryClass::Effect",
                "TimeoutClass::Write",
                "Code::new(7)",
                "Reply::Raw",
            ],
        );
        let mut told = operation;
        told["x-client"] = json!({ "retry": "read", "timeout": "slow" });
        let told = table("post", told, json!({})).unwrap();
        assert_says(&told, &["RetryClass::Read", "TimeoutClass::Slow"]);
        let wrong = table(
            "get",
            json!({ "operationId": "x", "x-client": { "retry": "often" } }),
            json!({}),
        );
        assert_says(
            &wrong.unwrap_err(),
            &[
                "`x-client.retry` is \"often\"",
                "/paths/~1x/get/x-client/retry",
                "read, idempotent, effect",
            ],
        );
    }

    #[test]
    fn each_scheme_has_its_header() {
        let key = |name: &str, place: &str| json!({ "s": { "type": "apiKey", "name": name, "in": place } });
        for (scheme, auth) in [
            (key("X-API-Key", "header"), "Auth::ApiKey"),
            (key("x-other-key", "header"), "Auth::OtherKey"),
            (key("x-third-key", "header"), "Auth::None"),
            (key("Authorization", "header"), "Auth::Bearer"),
            (key("X-API-Key", "query"), "Auth::None"),
            (
                json!({ "s": { "type": "http", "scheme": "bearer" } }),
                "Auth::Bearer",
            ),
            (
                json!({ "s": { "type": "http", "scheme": "basic" } }),
                "Auth::None",
            ),
            (json!({ "s": { "type": "oauth2" } }), "Auth::Bearer"),
        ] {
            let operation = json!({ "operationId": "x", "security": [{ "s": [] }] });
            assert_says(&table("get", operation, scheme).unwrap(), &[auth]);
        }
    }

    #[test]
    fn a_summary_is_one_line_and_a_method_one_of_five() {
        let code = table(
            "get",
            json!({ "operationId": "x", "summary": "One\n\u{202e}two" }),
            json!({}),
        )
        .unwrap();
        assert_says(&code, &["summary: \"One \\\\u{202e}two\""]);
        let problem = table("trace", json!({ "operationId": "x" }), json!({})).unwrap_err();
        assert_says(&problem, &["no method TRACE", "x (TRACE /x)"]);
    }
}
