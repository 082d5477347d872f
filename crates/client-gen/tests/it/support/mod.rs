//! Documents of a few lines, and what becomes of them.

#![allow(dead_code, reason = "each test file uses its part")]
#![allow(clippy::unwrap_used, reason = "only tests call this")]
#![allow(
    clippy::needless_pass_by_value,
    reason = "tests write documents where they use them"
)]

use std::fs;
use std::path::Path;
use std::process::Command;

use client_gen::generate::{Generated, Sources, generate};
use serde_json::{Value, json};

/// A document with these paths and component schemas.
pub(crate) fn document(paths: Value, schemas: Value) -> Value {
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Test", "version": "1" },
        "paths": paths,
        "components": { "schemas": schemas },
    })
}

/// `GET /x` (`getX`), which answers with these responses.
pub(crate) fn responding(responses: Value) -> Value {
    let get = json!({ "operationId": "getX", "responses": responses });
    document(json!({ "/x": { "get": get } }), json!({}))
}

/// One answer with a JSON body.
pub(crate) fn json_answer(schema: Value) -> Value {
    json!({ "description": "", "content": { "application/json": { "schema": schema } } })
}

/// `GET /x` (`getX`), which answers with an object whose property `p` is this schema.
pub(crate) fn holding(schema: Value) -> Value {
    let object = json!({ "type": "object", "required": ["p"], "properties": { "p": schema } });
    responding(json!({ "200": json_answer(object) }))
}

/// `POST /x` (`postX`) with these parameters and this content of its body.
pub(crate) fn taking(parameters: Value, content: Option<Value>) -> Value {
    let mut post = json!({ "operationId": "postX", "parameters": parameters, "responses": { "204": { "description": "" } } });
    if let Some(content) = content {
        post["requestBody"] = json!({ "content": content });
    }
    document(json!({ "/x": { "post": post } }), json!({}))
}

/// What holds for the vendor whose descriptions these are.
const RULES: &str = r#"
[rules]
operation_suffixes = ["_v2"]
type_suffixes = ["Vo", "Dto"]

[rules.envelope]
code = "code"
message = "message"
data = "data"
more = ["requestId", "timestamp"]
"#;

/// Sources for a file alone.
pub(crate) fn sources(spec: &Path) -> Sources {
    Sources {
        spec: spec.to_owned(),
        refs_root: None,
        kept: None,
        overlay: None,
        names: None,
        codes: None,
        runtime: "::runtime".to_owned(),
        command: "make it".to_owned(),
    }
}

/// Generates in memory; an error comes back as it is printed.
pub(crate) fn generated(document: &Value) -> Result<Generated, String> {
    generated_from(&document.to_string(), "", "")
}

/// The same, from text, with an overlay and names where they are not empty.
pub(crate) fn generated_from(
    document: &str,
    overlay: &str,
    names: &str,
) -> Result<Generated, String> {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let mut sources = sources(&file("spec.json", document));
    sources.overlay = (!overlay.is_empty()).then(|| file("overlay.yaml", overlay));
    sources.names = Some(file("names.toml", &format!("{names}{RULES}")));
    generate(&sources).map_err(|problems| problems.to_string())
}

/// Checks that a document is refused, in these words and with all four parts of an error.
#[track_caller]
pub(crate) fn assert_refused(outcome: Result<Generated, String>, words: &[&str]) {
    let problem = match outcome {
        Ok(generated) => panic!("not refused; expected {words:?}, got\n{}", generated.report),
        Err(problem) => problem,
    };
    for words in ["error: ", "  at         ", "  fix        "]
        .iter()
        .chain(words)
    {
        assert!(problem.contains(words), "`{words}` is not in:\n{problem}");
    }
}

/// Checks that a document generates, and what stands in all the code together, spaces apart.
#[track_caller]
pub(crate) fn assert_code(document: &Value, present: &[&str], absent: &[&str]) {
    let generated = generated(document).unwrap_or_else(|problem| panic!("{problem}"));
    let all: Vec<&str> = generated
        .code
        .values()
        .flat_map(|code| code.split_whitespace())
        .collect();
    let all = all.join(" ");
    for words in present {
        assert!(all.contains(words), "`{words}` is not in:\n{all}");
    }
    for words in absent {
        assert!(!all.contains(words), "`{words}` is in:\n{all}");
    }
}

/// Makes a folder a workspace that shares this one's lock file and profiles, so that dependencies
/// are compiled once.
pub(crate) fn write_workspace(folder: &Path, manifest: &str) {
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let root: toml::Table = fs::read_to_string(ours.join("Cargo.toml"))
        .unwrap()
        .parse()
        .unwrap();
    let profiles = toml::Table::from_iter([("profile".to_owned(), root["profile"].clone())]);
    let profiles = toml::to_string(&profiles).unwrap();
    fs::write(folder.join("Cargo.toml"), format!("{manifest}\n{profiles}")).unwrap();
    fs::copy(ours.join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
}

/// Runs cargo in a folder below the build's own, so that dependencies are compiled once.
#[track_caller]
pub(crate) fn cargo(folder: &Path, arguments: &[&str]) {
    let temporary = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .args([
            "--quiet",
            "--offline",
            "--workspace",
            "--no-default-features",
        ])
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", temporary.parent().unwrap())
        .env("RUSTFLAGS", "")
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{arguments:?} in {}:\n{}{}",
        folder.display(),
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
