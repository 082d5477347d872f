//! What every crate is published with: a README that is shown as it is written, licences, changelog.

use super::root;

/// Lines of Rust code that begin with `# `, which only rustdoc hides.
fn hidden_lines(text: &str) -> Vec<usize> {
    let mut in_rust = false;
    let mut found = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if let Some(language) = line.strip_prefix("```") {
            in_rust = !in_rust && language.starts_with("rust");
        } else if in_rust && (line == "#" || line.starts_with("# ")) {
            found.push(index + 1);
        }
    }
    found
}

#[test]
fn no_readme_has_lines_that_only_rustdoc_hides() {
    let crates = std::fs::read_dir(root().join("crates")).expect("a folder");
    let mut readmes = vec![root().join("README.md")];
    readmes.extend(crates.map(|entry| entry.expect("readable").path().join("README.md")));
    for readme in readmes {
        let text = std::fs::read_to_string(&readme).unwrap_or_default();
        assert_eq!(
            hidden_lines(&text),
            Vec::<usize>::new(),
            "{}",
            readme.display()
        );
    }
}

#[test]
fn a_hidden_line_is_one_of_rust_code() {
    let text =
        "# Title\n```sh\n# a comment\n```\n```rust\n# use x;\nfn f() {}\n#[test]\n```\n# End\n";
    assert_eq!(hidden_lines(text), [6]);
}
