//! The command with documents that refer to other files: what it reads, and what it refuses to.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

const DOCUMENT: &str = "openapi: 3.1.0\npaths:\n  /carts:\n    post:\n      requestBody:\n        \
    content: {application/json: {schema: {$ref: REFERENCE}}}\n      responses: {}\n";

/// A folder with an empty `api` in it.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("siblings")
        .join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(folder.join("api")).unwrap();
    folder
}

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

fn document(folder: &Path, name: &str, reference: &str) {
    write(folder, name, &DOCUMENT.replace("REFERENCE", reference));
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_spec-diff"));
    command
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

fn git(folder: &Path, arguments: &[&str]) {
    let who = ["-c", "user.name=T", "-c", "user.email=t@example.com"];
    let done = Command::new("git")
        .args(who)
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
}

fn said(output: &Output) -> String {
    let [out, err] =
        [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    out + &err
}

#[test]
fn files_below_the_document_are_read_and_named() {
    let folder = folder("below");
    for (side, most) in [("old", 80), ("new", 60)] {
        document(&folder, &format!("{side}/api.yaml"), "schemas/cart.yaml");
        let cart =
            format!("type: object\nproperties:\n  note: {{type: string, maxLength: {most}}}\n");
        write(&folder, &format!("{side}/schemas/cart.yaml"), &cart);
    }
    let done = run(&folder, &["old/api.yaml", "new/api.yaml"]);
    let text = said(&done);
    assert_eq!(done.status.code(), Some(1), "{text}");
    assert!(
        text.contains("schemas/cart.yaml: note maxLength  (new/schemas/cart.yaml:3)"),
        "{text}"
    );
    // Folders, too; what is no document of its own is not compared.
    let done = run(&folder, &["old", "new"]);
    assert!(
        said(&done).contains("(new/schemas/cart.yaml:3)"),
        "{}",
        said(&done)
    );
    assert_eq!(run(&folder, &["old", "old"]).status.code(), Some(0));
}

#[test]
fn files_elsewhere_are_read_only_if_that_is_asked_for() {
    let folder = folder("elsewhere");
    document(&folder, "api/a.yaml", "../common/cart.yaml");
    write(&folder, "common/cart.yaml", "type: object\n");
    let refused = run(&folder, &["api/a.yaml", "api/a.yaml"]);
    let text = said(&refused);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        text.contains("api/a.yaml:6:")
            && text.contains("is outside of")
            && text.contains("--refs-root"),
        "{text}"
    );
    for root in [".", "common"] {
        let done = run(&folder, &["api/a.yaml", "api/a.yaml", "--refs-root", root]);
        assert_eq!(done.status.code(), Some(0), "{root}: {}", said(&done));
    }
    let other = run(&folder, &["api/a.yaml", "api/a.yaml", "--refs-root", "api"]);
    assert_eq!(other.status.code(), Some(2));
    write(&folder, "spec-diff.toml", "refs-root = \"common\"\n");
    assert_eq!(
        run(&folder, &["api/a.yaml", "api/a.yaml"]).status.code(),
        Some(0)
    );
    // A folder of documents holds what they share.
    std::fs::remove_file(folder.join("spec-diff.toml")).unwrap();
    let done = run(&folder, &[".", "."]);
    assert_eq!(done.status.code(), Some(0), "{}", said(&done));
}

#[test]
fn files_come_from_the_revision_of_the_document() {
    let folder = folder("revision");
    git(&folder, &["init", "-q", "-b", "main"]);
    document(&folder, "api/v1/a.yaml", "schemas/cart.yaml");
    document(&folder, "api/v1/b.yaml", "../common.yaml");
    write(
        &folder,
        "api/v1/schemas/cart.yaml",
        "{type: object, properties: {note: {type: string}}}",
    );
    write(&folder, "api/common.yaml", "type: object\n");
    git(&folder, &["add", "."]);
    git(&folder, &["commit", "-q", "-m", "one"]);
    write(
        &folder,
        "api/v1/schemas/cart.yaml",
        "{type: object, properties: {note: {type: integer}}}",
    );
    let done = run(&folder, &["main:api/v1/a.yaml", "api/v1/a.yaml", "--all"]);
    let text = said(&done);
    assert_eq!(done.status.code(), Some(1), "{text}");
    assert!(text.contains("at api/v1/schemas/cart.yaml:1:"), "{text}");
    let back = said(&run(
        &folder,
        &["api/v1/a.yaml", "main:api/v1/a.yaml", "--format", "json"],
    ));
    assert!(
        back.contains("\"file\": \"main:api/v1/schemas/cart.yaml\""),
        "{back}"
    );
    let here = run(
        &folder.join("api"),
        &["main:./v1/a.yaml", "main:api/v1/a.yaml"],
    );
    assert_eq!(here.status.code(), Some(0), "{}", said(&here));
    let refused = run(&folder, &["main:api/v1/b.yaml", "main:api/v1/b.yaml"]);
    assert!(
        said(&refused).contains("api/common.yaml is outside of api/v1; --refs-root"),
        "{}",
        said(&refused)
    );
    for root in ["api", ".", ".."] {
        let done = run(
            &folder,
            &[
                "main:api/v1/b.yaml",
                "main:api/v1/b.yaml",
                "--refs-root",
                root,
            ],
        );
        assert_eq!(done.status.code(), Some(0), "{root}: {}", said(&done));
    }
    let done = run(&folder, &["main:api", "main:api"]);
    assert_eq!(done.status.code(), Some(0), "{}", said(&done));
}

#[test]
fn standard_input_has_no_files() {
    let folder = folder("stdin");
    document(&folder, "a.yaml", "cart.yaml");
    write(&folder, "cart.yaml", "type: object\n");
    let mut command = Command::new(env!("CARGO_BIN_EXE_spec-diff"));
    command
        .args(["-", "a.yaml"])
        .current_dir(&folder)
        .stdin(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let text = DOCUMENT.replace("REFERENCE", "cart.yaml");
    child
        .stdin
        .take()
        .unwrap()
        .write_all(text.as_bytes())
        .unwrap();
    let done = child.wait_with_output().unwrap();
    assert_eq!(done.status.code(), Some(2));
    assert!(
        said(&done).contains("standard input:6:")
            && said(&done).contains("has no folder; give the document as a file"),
        "{}",
        said(&done)
    );
}

#[cfg(unix)]
#[test]
fn hostile_references_end_in_errors_and_at_once() {
    let folder = folder("hostile");
    write(&folder, "secret.yaml", "type: object\n");
    write(&folder, "api/plain/x.yaml", "type: object\n");
    std::os::unix::fs::symlink("../secret.yaml", folder.join("api/link.yaml")).unwrap();
    std::os::unix::fs::symlink("..", folder.join("api/up")).unwrap();
    std::os::unix::fs::symlink("plain/x.yaml", folder.join("api/inner.yaml")).unwrap();
    std::os::unix::fs::symlink("self.yaml", folder.join("api/self.yaml")).unwrap();
    let pipe = folder.join("api/pipe.yaml");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    let began = Instant::now();
    for (reference, why) in [
        ("../../../../../../../../etc/passwd", "is outside of"),
        ("/etc/passwd", "absolute paths are not followed"),
        ("file:///etc/passwd", "URLs are not followed"),
        ("http://127.0.0.1:9/a.yaml", "URLs are not followed"),
        ("link.yaml", "is outside of"),
        ("up/secret.yaml", "is outside of"),
        ("self.yaml", "self.yaml: "),
        ("pipe.yaml", "not a file"),
        ("plain", "not a file"),
        ("gone.yaml", "correct the path"),
        ("\"a\\0b\"", "absolute paths"),
        ("\"\\e[31m.yaml\"", "\\u{1b}[31m.yaml"),
    ] {
        document(&folder, "api/a.yaml", reference);
        let done = run(&folder, &["api/a.yaml", "api/a.yaml"]);
        assert_eq!(done.status.code(), Some(2), "{reference}: {}", said(&done));
        let text = said(&done);
        assert!(
            text.contains("api/a.yaml:6:") && text.contains(why),
            "{reference}: {text}"
        );
        assert!(!text.contains("root:"), "{text}");
    }
    document(&folder, "api/a.yaml", "inner.yaml");
    assert_eq!(
        run(&folder, &["api/a.yaml", "api/a.yaml"]).status.code(),
        Some(0)
    );
    // More files than anybody has.
    let mut many = "openapi: 3.1.0\ncomponents:\n  schemas:\n".to_owned();
    for number in 0..1_001 {
        let _ = writeln!(many, "    A{number}: {{$ref: many/{number}.yaml}}");
        write(
            &folder,
            &format!("api/many/{number}.yaml"),
            "type: string\n",
        );
    }
    write(&folder, "api/many.yaml", &many);
    let done = run(&folder, &["api/many.yaml", "api/many.yaml"]);
    assert!(
        said(&done).contains("more than 1000 files"),
        "{}",
        said(&done)
    );
    assert!(
        began.elapsed() < Duration::from_secs(30),
        "{:?}",
        began.elapsed()
    );
}
