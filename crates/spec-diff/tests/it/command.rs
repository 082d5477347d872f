//! The command: what it prints, and with which exit code it ends.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const OLD: &str = r#"{"openapi":"3.1.0","info":{"title":"Shop","version":"1"},"paths":{"/carts":{"post":{"tags":["cart"],
  "requestBody":{"content":{"application/json":{"schema":{"type":"object","properties":{"note":{"type":"string","maxLength":80}}}}}},
  "responses":{"204":{"description":"done"}}}}}}"#;

/// A folder with `old.json` and `new.json`.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("old.json"), OLD).unwrap();
    std::fs::write(folder.join("new.json"), OLD.replace("80", "60")).unwrap();
    folder
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_spec-diff"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn a_break_is_told_with_its_proof_and_fails() {
    let folder = folder("break");
    let done = run(&folder, &["old.json", "new.json"]);
    let said = text(&done.stdout);
    assert_eq!(done.status.code(), Some(1), "{said}");
    assert!(said.contains("request-max-length-decreased"), "{said}");
    assert!(said.contains("was accepted and is refused now"), "{said}");
    assert!(said.lines().count() < 25, "{said}");
    let back = run(&folder, &["new.json", "old.json"]);
    assert_eq!(back.status.code(), Some(0));
    assert_eq!(
        run(&folder, &["old.json", "new.json", "--fail-on", "never"])
            .status
            .code(),
        Some(0)
    );
}

#[test]
fn every_format_is_written_twice_the_same() {
    let folder = folder("formats");
    for format in [
        "text", "markdown", "json", "github", "junit", "sarif", "html",
    ] {
        let arguments = ["old.json", "new.json", "--format", format, "--all"];
        let (one, other) = (run(&folder, &arguments), run(&folder, &arguments));
        assert_eq!(one.stdout, other.stdout, "{format}");
        assert!(text(&one.stdout).contains("note"), "{format}");
    }
}

#[test]
fn bad_input_and_usage_have_code_2() {
    let folder = folder("bad");
    for arguments in [
        &["old.json"][..],
        &["old.json", "none.json"],
        &["old.json", "new.json", "--today", "soon"],
        &["old.json", "new.json", "--format", "pdf"],
        &["-", "-"],
        &["explain", "no-such-rule"],
    ] {
        let done = run(&folder, arguments);
        assert_eq!(done.status.code(), Some(2), "{arguments:?}");
        assert!(!done.stderr.is_empty(), "{arguments:?}");
    }
}

#[test]
fn views_and_filters() {
    let folder = folder("views");
    let said = |arguments: &[&str]| text(&run(&folder, arguments).stdout);
    assert!(said(&["explain", "request-max-length-decreased"]).contains("maxLength"));
    assert!(said(&["explain"]).lines().count() > 300);
    assert!(said(&["changelog", "old.json", "new.json"]).starts_with("###"));
    assert!(said(&["breaking", "new.json", "old.json"]).contains("no differences"));
    assert!(said(&["completion", "bash"]).contains("spec-diff"));
    for (filter, value, kept) in [
        ("--paths", "/carts*", true),
        ("--paths", "/orders", false),
        ("--tag", "cart", true),
        ("--tag", "user", false),
    ] {
        let done = run(&folder, &["old.json", "new.json", filter, value]);
        assert_eq!(
            done.status.code(),
            Some(i32::from(kept)),
            "{filter} {value}"
        );
    }
}

#[test]
fn settings_are_read_and_the_command_line_has_precedence() {
    let folder = folder("settings");
    std::fs::write(
        folder.join("spec-diff.toml"),
        "fail-on = \"never\"\nformat = \"json\"\n",
    )
    .unwrap();
    let done = run(&folder, &["old.json", "new.json"]);
    assert_eq!(done.status.code(), Some(0));
    assert!(text(&done.stdout).starts_with('{'));
    let done = run(
        &folder,
        &[
            "old.json",
            "new.json",
            "--fail-on",
            "breaking",
            "--format",
            "text",
        ],
    );
    assert_eq!(done.status.code(), Some(1));
    std::fs::write(folder.join("wrong.toml"), "fail = 1\n").unwrap();
    let done = run(&folder, &["old.json", "new.json", "--config", "wrong.toml"]);
    assert_eq!(done.status.code(), Some(2));
    assert!(
        text(&done.stderr).contains("wrong.toml:1"),
        "{}",
        text(&done.stderr)
    );
}

#[test]
fn a_page_of_html_needs_nothing_from_elsewhere() {
    let folder = folder("html");
    let marked = OLD.replace("/carts", "/<img src=x onerror=alert(1)>");
    std::fs::write(folder.join("old.json"), &marked).unwrap();
    std::fs::write(folder.join("new.json"), marked.replace("80", "60")).unwrap();
    let page = text(&run(&folder, &["old.json", "new.json", "--format", "html"]).stdout);
    assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>\n"));
    assert!(
        !page.contains("<img"),
        "markup of a document reached the page"
    );
    for outside in ["http://", "https://", "src=\"", "@import", "url("] {
        assert!(!page.contains(outside), "{outside}");
    }
}

#[test]
fn one_document_has_one_text_for_git() {
    let folder = folder("textconv");
    let yaml =
        "paths: {}\ninfo: &i\n  version: '2'\n  title: \"A\\u001b\"\nx-copy: *i\nopenapi: 3.0.3\n";
    let json = r#"{"openapi":"3.0.3","x-copy":{"title":"A\u001b","version":"2"},"paths":{},"info":{"version":"2","title":"A\u001b"}}"#;
    std::fs::write(folder.join("a.yaml"), yaml).unwrap();
    std::fs::write(folder.join("a.json"), json).unwrap();
    std::fs::write(folder.join("b.json"), "{\"no\": 'document'").unwrap();
    let said = |file: &str| {
        let done = run(&folder, &["textconv", file]);
        assert_eq!(done.status.code(), Some(0), "{file}");
        text(&done.stdout)
    };
    assert_eq!(said("a.yaml"), said("a.json"));
    assert!(
        said("a.yaml").contains("\n  \"openapi\": \"3.0.3\",\n"),
        "{}",
        said("a.yaml")
    );
    assert!(!said("a.yaml").contains('\u{1b}'));
    assert_eq!(said("b.json"), "{\"no\": 'document'");
}

#[test]
fn an_end_has_to_leave_the_days_of_grace() {
    let folder = folder("grace");
    // Left over by an earlier run.
    let _ = std::fs::remove_file(folder.join("spec-diff.toml"));
    let ending = |day: &str| {
        OLD.replace(
            r#""tags":"#,
            &format!(r#""deprecated":true,"x-sunset":"{day}","tags":"#),
        )
    };
    std::fs::write(folder.join("new.json"), ending("2031-03-31")).unwrap();
    let asked = |more: &[&str]| {
        let arguments = [&["old.json", "new.json", "--today", "2031-03-01"], more].concat();
        let done = run(&folder, &arguments);
        (done.status.code(), text(&done.stdout))
    };
    assert_eq!(asked(&[]).0, Some(0));
    assert_eq!(asked(&["--grace", "30"]).0, Some(0));
    let (code, said) = asked(&["--grace", "31"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("sunset-too-soon"), "{said}");
    std::fs::write(folder.join("spec-diff.toml"), "grace = 90\n").unwrap();
    assert_eq!(asked(&[]).0, Some(1));
    // What was announced before is no news.
    std::fs::write(folder.join("old.json"), ending("2031-03-31")).unwrap();
    assert_eq!(asked(&[]).0, Some(0));
}

#[test]
fn folders_are_compared_document_by_document() {
    let root = folder("folders");
    let write = |path: &str, text: &str| {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    for side in ["was", "is"] {
        write(&format!("{side}/notes.json"), "{}");
        write(&format!("{side}/.hidden/shop.json"), "{\"openapi\": broken");
        write(&format!("{side}/same.json"), OLD);
    }
    write("was/v1/shop.json", OLD);
    write("is/v1/shop.json", &OLD.replace("80", "60"));
    write(
        "was/gone.yaml",
        "openapi: 3.0.3\npaths:\n  /x: {get: {responses: {}}}\n",
    );
    write("is/come.json", OLD);
    let done = run(&root, &["was", "is"]);
    let said = text(&done.stdout);
    assert_eq!(done.status.code(), Some(1), "{said}{}", text(&done.stderr));
    let heads = said
        .lines()
        .filter(|line| line.contains(" → ") && !line.starts_with(' '));
    let expected = [
        "was/come.json (not there) → is/come.json",
        "was/gone.yaml → is/gone.yaml (not there)",
        "was/v1/shop.json → is/v1/shop.json",
    ];
    assert_eq!(heads.collect::<Vec<_>>(), expected, "{said}");
    assert!(
        said.contains("endpoint-removed") && said.contains("max-length"),
        "{said}"
    );
    let code = |arguments: &[&str]| run(&root, arguments).status.code();
    assert_eq!(code(&["was", "was"]), Some(0));
    assert_eq!(code(&["was", "is/same.json"]), Some(2));
    assert_eq!(code(&["was", "is", "--format", "json"]), Some(2));
    write("is/bad.json", "{\"openapi\": broken");
    assert_eq!(code(&["was", "is"]), Some(2));
    std::fs::remove_file(root.join("is/bad.json")).unwrap();
}

#[test]
fn an_acknowledgement_counts_in_the_folder_as_a_whole() {
    let root = folder("folders-policy");
    for side in ["was", "is"] {
        std::fs::create_dir_all(root.join(side)).unwrap();
        std::fs::write(root.join(side).join("same.json"), OLD).unwrap();
    }
    std::fs::write(root.join("was/shop.json"), OLD).unwrap();
    std::fs::write(root.join("is/shop.json"), OLD.replace("80", "60")).unwrap();
    let json = run(
        &root,
        &["was/shop.json", "is/shop.json", "--format", "json"],
    );
    let report: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    let fingerprint = report["findings"][0]["fingerprint"].as_str().unwrap();
    let policy = |fingerprint: &str| {
        let text =
            format!("[[acknowledge]]\nfingerprint = \"{fingerprint}\"\nreason = \"known\"\n");
        std::fs::write(root.join("policy.toml"), text).unwrap();
        let done = run(&root, &["was", "is", "--policy", "policy.toml"]);
        (done.status.code(), text_of(&done))
    };
    let (code, said) = policy(fingerprint);
    assert_eq!(code, Some(0), "{said}");
    let (code, said) = policy("0123456789abcdef");
    assert_eq!(code, Some(1), "{said}");
    assert_eq!(said.matches("fits no finding").count(), 1, "{said}");
}

fn text_of(done: &Output) -> String {
    text(&done.stdout) + &text(&done.stderr)
}

#[test]
fn a_folder_in_git_is_a_folder() {
    let root = folder("folders-git");
    let _ = std::fs::remove_dir_all(&root);
    std::fs::create_dir_all(root.join("api")).unwrap();
    std::fs::write(root.join("api/shop.json"), OLD).unwrap();
    let git = |arguments: &[&str]| {
        let mut all = vec![
            "-c",
            "user.name=n",
            "-c",
            "user.email=e@example.com",
            "-c",
            "commit.gpgsign=false",
        ];
        all.extend(arguments);
        let done = Command::new("git")
            .args(&all)
            .current_dir(&root)
            .output()
            .unwrap();
        assert!(done.status.success(), "{}", text(&done.stderr));
    };
    git(&["init", "--quiet"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message", "one"]);
    std::fs::write(root.join("api/shop.json"), OLD.replace("80", "60")).unwrap();
    let done = run(&root, &["HEAD:api", "api"]);
    assert_eq!(done.status.code(), Some(1), "{}", text_of(&done));
    assert!(text(&done.stdout).contains("HEAD:api/shop.json → api/shop.json"));
    assert_eq!(
        run(&root, &["HEAD:api/shop.json", "api/shop.json"])
            .status
            .code(),
        Some(1)
    );
}
