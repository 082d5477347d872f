//! Whether the archive of each published crate holds its licences, readme and changelog.

use std::fs;
use std::path::Path;
use std::process::Command;

use client_gen::problem::{Problem, Result};

use super::packages::{Packages, Published};

/// What every archive holds, with the same text as at the root of the workspace.
const SHARED: [&str; 3] = ["LICENSE-APACHE", "LICENSE-MIT", "CHANGELOG.md"];

/// What every archive holds with a text of its own.
const OWN: &str = "README.md";

/// What is missing in the archives, or has another text.
pub(super) fn incomplete(root: &Path, packages: &Packages) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    for package in packages.published() {
        let listed = listed(root, package)?;
        problems.extend(lacking(root, package.folder(), package.name(), &listed));
    }
    Ok(problems)
}

/// The files that the archive of a crate would hold.
fn listed(root: &Path, package: Published<'_>) -> Result<Vec<String>> {
    let arguments = ["package", "--list", "--allow-dirty", "-p", package.name()];
    let failed = |what: String| {
        let shown = format!("cargo {}", arguments.join(" "));
        Problem::new(shown, what, "run it and mend what it says")
    };
    let output = Command::new("cargo")
        .current_dir(root)
        .args(arguments)
        .output()
        .map_err(|error| failed(error.to_string()))?;
    if !output.status.success() {
        return Err(failed(String::from_utf8_lossy(&output.stderr).into_owned()).into());
    }
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text.lines().map(ToOwned::to_owned).collect())
}

/// Links are followed, as the archive follows them: where a checkout has made texts of them, the
/// archive would hold the text of a path.
fn lacking(root: &Path, folder: &Path, name: &str, listed: &[String]) -> Vec<Problem> {
    let is_listed = |file: &str| listed.iter().any(|it| it == file);
    let text = |path: &Path| fs::read_to_string(path).unwrap_or_default();
    let shared = SHARED.into_iter().filter_map(|file| {
        let what = if !is_listed(file) {
            "is not in the archive"
        } else if text(&folder.join(file)) != text(&root.join(file)) {
            "is not the same as at the root"
        } else {
            return None;
        };
        let fix = format!(
            "check out with links (git config core.symlinks true), or: ln -s ../../{file} {}",
            folder.join(file).display()
        );
        Some(Problem::new(name, format!("{file} {what}"), fix))
    });
    let own = (!is_listed(OWN) || text(&folder.join(OWN)).trim().is_empty()).then(|| {
        Problem::new(
            name,
            format!("{OWN} is not in the archive, or is empty"),
            "write one, and name it in the manifest as `readme`",
        )
    });
    shared.chain(own).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_without_its_texts_is_named() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("crates/pump");
        fs::create_dir_all(&folder).unwrap();
        for file in SHARED {
            fs::write(root.path().join(file), format!("the text of {file}")).unwrap();
            fs::write(folder.join(file), format!("the text of {file}")).unwrap();
        }
        fs::write(folder.join(OWN), "# pump").unwrap();
        let all: Vec<String> = SHARED.into_iter().chain([OWN]).map(String::from).collect();
        let found = |listed: &[String]| -> Vec<String> {
            let problems = lacking(root.path(), &folder, "pump", listed);
            problems.into_iter().map(|problem| problem.what).collect()
        };
        assert_eq!(found(&all), [""; 0]);
        assert_eq!(found(&all[1..]), ["LICENSE-APACHE is not in the archive"]);
        assert_eq!(
            found(&all[..3]),
            ["README.md is not in the archive, or is empty"]
        );

        // What a link is on a system without links.
        fs::write(folder.join("LICENSE-MIT"), "../../LICENSE-MIT").unwrap();
        assert_eq!(found(&all), ["LICENSE-MIT is not the same as at the root"]);
    }
}
