//! An operation that upstream adds costs no line of Rust: it is put into a copy of the document,
//! the workspace is generated from it, and a program that calls it compiles.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use client_gen::generate::{Destination, Sources, generate};
use serde_json::{Value, json};

fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// What a description may say, none of which may run or break a build.
const HOSTILE: &str = "Said by \u{202e}nobody.\r\n\n```\nstd::process::abort();\n```\n\n    std::process::abort();\n\n\"#}*/ <b> [Vec] [x](y:z) `{";

/// Our document with one operation in a resource that there is, and one in a resource that is new.
fn document() -> Value {
    let text = fs::read_to_string(workspace().join("openapi/aitoearn.openapi.json")).unwrap();
    let mut document: Value = serde_json::from_str(&text).unwrap();
    let answer = |properties: Value, example: Value| {
        json!({ "200": { "description": "Handled.", "content": { "application/json": {
            "schema": { "type": "object", "required": ["code", "message"], "properties": {
                "code": { "type": "integer" }, "message": { "type": "string" },
                "data": { "type": "object", "properties": properties },
            } },
            "examples": { "success": { "value": { "code": 0, "message": "ok", "data": example } } },
        } } } })
    };
    document["paths"]["/api/v2/channels/accounts/{accountId}/labels"] = json!({ "post": {
        "operationId": "AccountsController_attachLabel_v2",
        "tags": ["Channels / Accounts"],
        "summary": "Attach a label",
        "description": format!("Attaches a label to an account. {HOSTILE}"),
        "security": [{ "apikey-header-X-Api-Key": [] }],
        "parameters": [
            { "name": "accountId", "in": "path", "required": true, "schema": { "type": "string" } },
            { "name": "notify", "in": "query", "description": HOSTILE, "schema": { "type": "boolean" } },
        ],
        "requestBody": { "required": true, "content": { "application/json": {
            "schema": { "type": "object", "required": ["label"], "properties": {
                "label": { "type": "string", "minLength": 1, "maxLength": 20 },
                "colour": { "type": "string", "enum": ["green", "amber"] },
            } },
            "examples": { "plain": { "value": { "label": "garden", "colour": "amber" } } },
        } } },
        "responses": answer(
            json!({ "labelId": { "type": "string" }, "accountId": { "type": "string" } }),
            json!({ "labelId": "l-1", "accountId": "tiktok_9" }),
        ),
    } });
    document["paths"]["/api/v2/channels/drafts/{draftId}"] = json!({ "get": {
        "operationId": "DraftsController_getById_v2",
        "tags": ["Channels / Drafts"],
        "summary": HOSTILE,
        "security": [{ "apikey-header-X-Api-Key": [] }],
        "parameters": [
            {
                "name": "draftId", "in": "path", "required": true, "description": HOSTILE, "example": HOSTILE,
                "schema": { "type": "string" },
            },
        ],
        "responses": answer(json!({ "title": { "type": "string" } }), json!({ "title": "Spring" })),
    } });
    document
}

const CALLER: &str = r#"
//! Calls what upstream added.

use aitoearn::{Client, Error};

/// An effect with something optional in the query and in the body.
pub async fn attach(client: &Client) -> Result<Option<String>, Error> {
    let request: aitoearn::resources::AttachLabelAccount = client.accounts().attach_label("tiktok_9", "garden");
    Ok(request.notify(true).colour("amber").request_id("label-1").await?.label_id)
}

/// A read of a resource that no line of ours names.
pub async fn read(client: &Client) -> Result<Option<String>, Error> {
    Ok(client.drafts().get_by_id("d-1").await?.title)
}

#[test]
fn what_the_schema_forbids_is_not_sent() {
    let client = Client::builder().base_url("http://127.0.0.1:9").api_key("ak_none").build().unwrap();
    let call = client.accounts().attach_label("tiktok_9", "x".repeat(21));
    let waker = std::task::Waker::noop();
    let call = std::pin::pin!(call.into_future());
    let mut context = std::task::Context::from_waker(waker);
    let std::task::Poll::Ready(Err(error)) = std::future::Future::poll(call, &mut context) else {
        panic!("it was sent");
    };
    assert!(error.to_string().contains("21 characters"), "{error}");
}
"#;

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    } else {
        // What has not changed keeps its time, and is not compiled again.
        let bytes = fs::read(from).unwrap();
        if fs::read(to).ok().as_ref() != Some(&bytes) {
            fs::write(to, bytes).unwrap();
        }
    }
}

/// Our two client crates, without what only their own tests need.
fn copy_crates(scratch: &Path) {
    for name in ["aitoearn-api", "aitoearn"] {
        let (from, to) = (
            workspace().join("crates").join(name),
            scratch.join("crates").join(name),
        );
        fs::create_dir_all(&to).unwrap();
        copy(&from.join("src"), &to.join("src"));
        let manifest = fs::read_to_string(from.join("Cargo.toml")).unwrap();
        let start = manifest
            .find("[dev-dependencies]")
            .unwrap_or(manifest.len());
        let kept = manifest[start..]
            .find("\n[")
            .map_or("", |next| &manifest[start + next..]);
        fs::write(
            to.join("Cargo.toml"),
            format!("{}{kept}", &manifest[..start]),
        )
        .unwrap();
    }
    let root = fs::read_to_string(workspace().join("Cargo.toml")).unwrap();
    let (_, rest) = root.split_once("[workspace.package]").unwrap();
    let members = "[workspace]\nresolver = \"3\"\nmembers = [\"crates/*\"]\n\n[workspace.package]";
    fs::write(scratch.join("Cargo.toml"), format!("{members}{rest}")).unwrap();
    copy(&workspace().join("Cargo.lock"), &scratch.join("Cargo.lock"));
}

/// The examples of all methods, as code of a crate that is none of ours.
fn examples(requests: &std::collections::BTreeMap<String, String>) -> String {
    let mut all = String::new();
    for file in requests.values() {
        for (number, rest) in file.split("/// ```no_run\n").skip(1).enumerate() {
            let lines = rest.lines().map(str::trim_start);
            let lines = lines.map_while(|line| line.strip_prefix("///"));
            let lines = lines.map(|line| line.strip_prefix(' ').unwrap_or(line));
            let lines = lines.take_while(|line| *line != "```");
            let code: String = lines
                .map(|line| line.strip_prefix("# ").unwrap_or(line).to_owned() + "\n")
                .collect();
            let name = format!("example_{}_{number}", all.len());
            all += &format!("mod {name} {{ #![allow(dead_code)]\n{code}}}\n");
        }
    }
    assert!(all.matches("\nmod ").count() > 40, "{all}");
    all
}

fn write(path: PathBuf, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

#[test]
fn a_new_operation_costs_no_line_of_rust() {
    // In the build's own folder, so that dependencies are compiled once.
    let temporary = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let scratch = temporary.join("new-operation");
    copy_crates(&scratch);
    let spec = scratch.join("openapi/aitoearn.openapi.json");
    write(spec.clone(), &document().to_string());
    let openapi = workspace().join("openapi");
    let sources = Sources {
        spec,
        refs_root: None,
        kept: Some(openapi.join("kept.yaml")),
        overlay: Some(openapi.join("overlay.yaml")),
        names: Some(openapi.join("names.toml")),
        codes: Some(workspace().join("crates/aitoearn-api/codes.toml")),
        runtime: "crate".to_owned(),
        command: "cargo xtask generate".to_owned(),
    };
    let generated = generate(&sources).unwrap_or_else(|problem| panic!("{problem}"));
    let accounts = &generated.requests["accounts.rs"];
    assert!(
        accounts.contains(".attach_label(\"tiktok_9\", \"garden\")"),
        "the example of the document:\n{accounts}"
    );
    let destination = Destination {
        code: scratch.join("crates/aitoearn-api/src/generated"),
        requests: Some(scratch.join("crates/aitoearn/src/generated")),
        documents: scratch.join("openapi"),
        examples: None,
        described: None,
    };
    destination.write(&generated).unwrap();
    let manifest = "[package]\nname = \"caller\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
        [dependencies]\naitoearn.workspace = true\nserde_json.workspace = true\n";
    write(scratch.join("crates/caller/Cargo.toml"), manifest);
    let caller = format!("{CALLER}\n{}", examples(&generated.requests));
    write(scratch.join("crates/caller/src/lib.rs"), &caller);

    let output = Command::new(env!("CARGO"))
        .args([
            "test",
            "--quiet",
            "--offline",
            "--lib",
            "--package",
            "caller",
        ])
        .current_dir(&scratch)
        .env("CARGO_TARGET_DIR", temporary.parent().unwrap())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
