//! The command: what it writes, what it leaves alone, and how it ends.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use crate::support::{holding, responding};
use serde_json::json;
use tempfile::TempDir;

fn client_gen(arguments: &[&str]) -> Output {
    client_gen_in("C", arguments)
}

fn client_gen_in(locale: &str, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_client-gen"))
        .args(arguments)
        .env("LC_ALL", locale)
        .output()
        .unwrap()
}

/// `generate FILE --out DIR` in a folder of its own.
struct Run {
    folder: TempDir,
}

impl Run {
    fn new(document: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("spec.json"), document).unwrap();
        Self { folder }
    }

    fn out(&self) -> PathBuf {
        self.folder.path().join("out")
    }

    fn generate(&self, more: &[&str]) -> Output {
        self.generate_in("C", more)
    }

    fn generate_in(&self, locale: &str, more: &[&str]) -> Output {
        let spec = self.folder.path().join("spec.json");
        let (spec, out) = (spec.to_str().unwrap(), self.out());
        let mut arguments = vec!["generate", spec, "--out", out.to_str().unwrap()];
        arguments.extend(more);
        client_gen_in(locale, &arguments)
    }

    /// A generated Rust file.
    fn generated(&self, name: &str) -> PathBuf {
        self.out().join("src/generated").join(name)
    }

    /// Every file of the output by its path in it, hidden ones included.
    fn files(&self) -> BTreeMap<String, String> {
        let mut files = BTreeMap::new();
        let mut folders = vec![self.out()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).into_iter().flatten() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let name = path.strip_prefix(self.out()).unwrap();
                    let name = name.to_str().unwrap().to_owned();
                    files.insert(name, fs::read_to_string(&path).unwrap());
                }
            }
        }
        files
    }
}

fn good() -> String {
    holding(json!({ "type": "string", "enum": ["a", "b"] })).to_string()
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_second_run_writes_nothing_and_two_runs_write_the_same() {
    let run = Run::new(&good());
    let first = run.generate(&[]);
    assert!(first.status.success(), "{}", stderr(&first));
    let files = run.files();
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "Cargo.toml",
            "README.md",
            "lowered.openapi.json",
            "report.md",
            "src/generated/client.rs",
            "src/generated/enums.rs",
            "src/generated/mod.rs",
            "src/generated/operations.rs",
            "src/generated/params.rs",
            "src/generated/types.rs",
            "src/generated/unions.rs",
            "src/lib.rs",
            "src/runtime/change.rs",
            "src/runtime/client.rs",
            "src/runtime/mod.rs",
            "src/runtime/open.rs",
            "src/runtime/operation.rs",
            "src/runtime/parts.rs",
            "src/runtime/readers.rs",
            "src/runtime/receive.rs",
            "src/runtime/send.rs",
            "src/runtime/timestamp.rs",
            "src/runtime/tolerant.rs",
        ]
    );
    assert!(
        stdout(&first).contains("1 operations, 2 types"),
        "{}",
        stdout(&first)
    );

    let second = run.generate(&["--verbose"]);
    assert!(
        stdout(&second).contains("0 files changed"),
        "{}",
        stdout(&second)
    );
    assert!(
        stdout(&second).contains("## hoist (1)"),
        "the report of every pass"
    );
    assert_eq!(run.files(), files);

    // From nothing, the same bytes, also where letters sort and fold in another way.
    for locale in ["C", "tr_TR.UTF-8", "zh_CN.GB18030"] {
        fs::remove_dir_all(run.out()).unwrap();
        run.generate_in(locale, &[]);
        assert_eq!(run.files(), files, "{locale}");
    }
}

#[test]
fn check_writes_nothing_and_shows_what_differs() {
    let run = Run::new(&good());
    let missing = run.generate(&["--check"]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(run.files().is_empty());

    run.generate(&[]);
    let same = run.generate(&["--check"]);
    assert_eq!(same.status.code(), Some(0), "{}", stdout(&same));
    assert!(stdout(&same).contains("up to date"));

    fs::write(
        run.folder.path().join("spec.json"),
        good().replace("\"b\"", "\"c\""),
    )
    .unwrap();
    let before = run.files();
    let differs = run.generate(&["--check"]);
    assert_eq!(differs.status.code(), Some(1));
    let diff = stdout(&differs);
    for line in [
        "enums.rs (checked in)",
        "enums.rs (generated)",
        "-        B = \"b\",",
        "+        C = \"c\",",
        "@@",
    ] {
        assert!(diff.contains(line), "`{line}` is not in:\n{diff}");
    }
    assert!(
        stderr(&differs).contains("run `client-gen generate`"),
        "{}",
        stderr(&differs)
    );
    assert_eq!(run.files(), before);
}

#[test]
fn an_edited_file_is_seen_and_written_anew() {
    let run = Run::new(&good());
    run.generate(&[]);
    let files = run.files();
    let edited = run.generated("types.rs");
    let text = fs::read_to_string(&edited).unwrap();
    fs::write(&edited, format!("{text}\n// mine\n")).unwrap();

    let check = run.generate(&["--check"]);
    assert_eq!(check.status.code(), Some(1));
    assert!(stdout(&check).contains("-// mine"), "{}", stdout(&check));
    run.generate(&[]);
    assert_eq!(run.files(), files);
}

#[test]
fn files_that_are_generated_no_more_go_and_others_stay() {
    let run = Run::new(&good());
    run.generate(&[]);
    let old = fs::read_to_string(run.generated("enums.rs")).unwrap();
    fs::write(run.generated("old.rs"), old).unwrap();
    fs::write(run.generated("own.rs"), "// by hand\n").unwrap();
    let check = run.generate(&["--check"]);
    assert_eq!(check.status.code(), Some(1));
    assert!(
        stdout(&check).contains("old.rs is not generated any more"),
        "{}",
        stdout(&check)
    );
    run.generate(&[]);
    assert!(!run.generated("old.rs").exists());
    assert!(run.generated("own.rs").exists());
}

#[test]
fn what_somebody_else_wrote_is_not_overwritten() {
    let run = Run::new(&good());
    fs::create_dir_all(run.out().join("src/runtime")).unwrap();
    for file in ["src/runtime/mod.rs", "report.md", "lowered.openapi.json"] {
        fs::write(run.out().join(file), "{}\n").unwrap();
    }
    let before = run.files();
    let output = run.generate(&[]);
    assert_eq!(output.status.code(), Some(1), "{}", stdout(&output));
    let problem = stderr(&output);
    for words in [
        "src/runtime/mod.rs",
        "report.md",
        "lowered.openapi.json",
        "nothing was written",
    ] {
        assert!(problem.contains(words), "`{words}` is not in:\n{problem}");
    }
    assert_eq!(run.files(), before);
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_document() {
    let run = Run::new(&format!("\u{feff}{}", good()));
    let output = run.generate(&[]);
    assert!(output.status.success(), "{}", stderr(&output));
}

/// Each within a second or two, where it took minutes and ended in a stack overflow.
#[test]
fn chains_of_references_end_in_an_error() {
    let chain = |link: fn(serde_json::Value) -> serde_json::Value| {
        let mut schemas = serde_json::Map::new();
        for index in 0..3000 {
            let next = json!({ "$ref": format!("#/components/schemas/S{}", index + 1) });
            schemas.insert(format!("S{index}"), link(next));
        }
        schemas.insert("S3000".to_owned(), json!({ "type": "string" }));
        let mut document = holding(json!({ "$ref": "#/components/schemas/S0" }));
        document["components"]["schemas"] = schemas.into();
        document.to_string()
    };
    for document in [
        chain(|next| json!({ "allOf": [next] })),
        chain(|next| json!({ "allOf": [next, { "properties": { "a": {} } }] })),
        chain(|next| json!({ "type": "array", "items": next })),
        chain(|next| json!({ "type": "object", "additionalProperties": next })),
        chain(|next| json!({ "oneOf": [next, { "type": "integer" }] })),
    ] {
        let output = Run::new(&document).generate(&[]);
        assert_eq!(output.status.code(), Some(1), "{}", stdout(&output));
        assert!(
            stderr(&output).contains("levels deep"),
            "{}",
            stderr(&output)
        );
    }
}

#[test]
fn an_error_leaves_everything_as_it_was() {
    let run = Run::new(&good());
    run.generate(&[]);
    let before = run.files();
    let dangling = holding(json!({ "$ref": "#/gone" })).to_string();
    let odd_path = good().replace("\"/x\"", "\"/x/{\"");
    for (document, words) in [
        ("not json", "this is not JSON"),
        ("{\"openapi\": \"3.2.0\"}", "reads 3.0 and 3.1"),
        (&dangling, "which does not exist"),
        (&odd_path, "progenitor cannot take the operation"),
    ] {
        fs::write(run.folder.path().join("spec.json"), document).unwrap();
        let output = run.generate(&[]);
        assert_eq!(output.status.code(), Some(1), "{}", stdout(&output));
        let problem = stderr(&output);
        for words in ["error: ", "  at         ", "  fix        ", words] {
            assert!(problem.contains(words), "`{words}` is not in:\n{problem}");
        }
        assert!(!problem.contains("stack backtrace"), "{problem}");
        assert_eq!(run.files(), before);
    }
}

#[test]
fn what_is_the_maintainers_stays() {
    let run = Run::new(&good());
    run.generate(&["--name", "my-birds"]);
    let manifest = run.out().join("Cargo.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    assert!(text.contains("name = \"my-birds\""), "{text}");
    fs::write(&manifest, "# mine\n").unwrap();
    run.generate(&[]);
    assert_eq!(fs::read_to_string(&manifest).unwrap(), "# mine\n");
    for name in ["My Birds", "fn", "-x", ""] {
        let refused = run.generate(&["--name", name]);
        assert_ne!(refused.status.code(), Some(0), "{name}");
    }
}

#[test]
fn what_cannot_be_generated_costs_its_operation_unless_strict() {
    let mut document = holding(json!({ "type": "string" }));
    document["paths"]["/form"] = json!({ "post": {
        "operationId": "sendForm",
        "requestBody": { "content": {} },
        "responses": {},
    } });
    let run = Run::new(&document.to_string());
    let strict = run.generate(&["--strict"]);
    assert_eq!(strict.status.code(), Some(1), "{}", stderr(&strict));
    assert!(run.files().is_empty(), "nothing is written");
    let relaxed = run.generate(&[]);
    assert_eq!(relaxed.status.code(), Some(0), "{}", stderr(&relaxed));
    for words in [
        "1 of 2 operations; 1 left out",
        "sendForm (POST /form)",
        "/paths/~1form/post",
        "  fix        ",
    ] {
        assert!(stderr(&relaxed).contains(words), "{}", stderr(&relaxed));
    }
    let files = run.files();
    assert!(files["report.md"].contains("## left out (1)"));
    assert!(!files["src/generated/client.rs"].contains("send_form"));
}

#[test]
fn strict_makes_an_error_of_a_warning() {
    let mut document = holding(json!({ "type": "string" }));
    document["security"] = json!([{ "login": [] }]);
    document["components"]["securitySchemes"]["login"] =
        json!({ "type": "http", "scheme": "digest" });
    let run = Run::new(&document.to_string());
    let strict = run.generate(&["--strict"]);
    assert_eq!(strict.status.code(), Some(1), "{}", stderr(&strict));
    assert!(stderr(&strict).starts_with("error: the credential `login`"));
    assert!(run.files().is_empty(), "nothing is written");
    let relaxed = run.generate(&[]);
    assert_eq!(relaxed.status.code(), Some(0), "{}", stderr(&relaxed));
    assert!(stderr(&relaxed).starts_with("warning: the credential `login`"));
}

#[test]
fn a_place_that_cannot_be_written_is_told() {
    let run = Run::new(&good());
    fs::write(run.out(), "a file where the folder should be").unwrap();
    let output = run.generate(&[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("check that the path exists"),
        "{}",
        stderr(&output)
    );
    let gone = client_gen(&["generate", "/no/such.json", "--out", "/no/where"]);
    assert_eq!(gone.status.code(), Some(1));
    assert!(stderr(&gone).contains("/no/such.json"), "{}", stderr(&gone));
    assert_eq!(
        client_gen(&["generate", "x.json"]).status.code(),
        Some(2),
        "--out is missing"
    );
}

#[test]
fn a_lint_fails_only_if_strict() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("d.json");
    let nameless = responding(json!({})).to_string().replace("getX", "");
    fs::write(&file, nameless).unwrap();
    let lint = |extra: &[&str]| client_gen(&[&["lint", file.to_str().unwrap()], extra].concat());
    let relaxed = lint(&[]);
    assert_eq!(relaxed.status.code(), Some(0), "{}", stderr(&relaxed));
    assert!(stdout(&relaxed).contains("/paths/~1x/get"));
    assert_eq!(lint(&["--strict"]).status.code(), Some(1));
    fs::write(&file, "{").unwrap();
    assert_eq!(lint(&[]).status.code(), Some(1));
}
