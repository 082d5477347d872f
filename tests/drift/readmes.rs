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

#[test]
fn every_published_crate_brings_its_licences_readme_and_changelog() {
    for entry in std::fs::read_dir(root().join("crates")).expect("a folder") {
        let folder = entry.expect("readable").path();
        let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).expect("a manifest");
        if manifest.contains("publish = false") {
            continue;
        }
        assert!(folder.join("README.md").is_file(), "{}", folder.display());
        for name in ["LICENSE-APACHE", "LICENSE-MIT", "CHANGELOG.md"] {
            // A link, which cargo packages as the file that it leads to.
            let link = std::fs::read_to_string(folder.join(name));
            let link = link.unwrap_or_else(|error| panic!("{}/{name}: {error}", folder.display()));
            let file = std::fs::read_to_string(root().join(name)).expect("a file");
            // Where links are not checked out as links, they hold where they lead.
            assert!(
                link == file || link.ends_with(name),
                "{}/{name}",
                folder.display()
            );
        }
    }
}
