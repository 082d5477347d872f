//! What the ergonomic crate wraps: its uses of the table of operations.

use std::collections::BTreeMap;
use std::path::Path;

use super::api::last;
use super::finding::{At, Effect, Finding, Impact};
use super::renames::Renames;
use super::surface::{Surface, endpoint};

/// Operations that the crate uses, with the first place of each.
pub(crate) fn used(root: &Path) -> BTreeMap<String, At> {
    let mut used = BTreeMap::new();
    let mut files = Vec::new();
    collect(&root.join("crates/aitoearn/src"), &mut files);
    files.sort();
    for file in files {
        let Ok(text) = std::fs::read_to_string(&file) else {
            continue;
        };
        let shown = file
            .strip_prefix(root)
            .unwrap_or(&file)
            .to_string_lossy()
            .replace('\\', "/");
        for (index, line) in text.lines().enumerate() {
            // Tests stand last in a file of ours, and prove nothing about what is wrapped.
            if line.trim() == "#[cfg(test)]" {
                break;
            }
            for (at, _) in line.match_indices("operations::") {
                let name: String = line[at + "operations::".len()..]
                    .chars()
                    .take_while(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || *c == '_')
                    .collect();
                if !name.is_empty() && name != "ALL" {
                    used.entry(name.to_ascii_lowercase()).or_insert_with(|| At {
                        file: shown.clone(),
                        line: u32::try_from(index + 1).ok(),
                        pointer: None,
                    });
                }
            }
        }
    }
    used
}

fn collect(directory: &Path, files: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs")
            && path
                .file_stem()
                .is_some_and(|stem| stem != "testing" && stem != "tests")
        {
            files.push(path);
        }
    }
}

/// Operations without a wrapper that are new, and wrappers whose operation is gone.
pub(crate) fn compare(
    base: &Surface,
    revision: &Surface,
    renames: &Renames,
    used: &BTreeMap<String, At>,
) -> Vec<Finding> {
    let operations = |surface: &Surface| -> BTreeMap<String, String> {
        surface
            .operations()
            .map(|(name, fields)| (name, endpoint(fields)))
            .collect()
    };
    let (old, new) = (operations(base), operations(revision));
    let mut found = Vec::new();
    for (name, place) in &new {
        let is_new = !renames
            .paths
            .values()
            .any(|path| *path == format!("Client::{name}"));
        if is_new && !old.contains_key(name) && !used.contains_key(name) {
            found.push(
                Finding::new(
                    Effect::SdkApi,
                    Impact::Warning,
                    "operation-without-wrapper",
                    name,
                    format!("nothing in the ergonomic crate calls `{name}`"),
                )
                .operations([place.clone()])
                .todo("wrap it in crates/aitoearn/src/resources (CONTRIBUTING.md, \"How to add an operation\")"),
            );
        }
    }
    for (name, at) in used {
        if !new.contains_key(name) && old.contains_key(name) {
            let now = renames.paths.get(&format!("Client::{name}"));
            found.push(
                Finding::new(
                    Effect::SdkApi,
                    Impact::Breaks,
                    "wrapper-without-operation",
                    name,
                    match now {
                        Some(now) => format!(
                            "a wrapper calls `{name}`, which is called `{}` now",
                            last(now)
                        ),
                        None => format!("a wrapper calls `{name}`, which does not exist any more"),
                    },
                )
                .at(Some(at.clone()))
                .todo(if now.is_some() {
                    "give the operation its old name in names.toml, or follow it here"
                } else {
                    "remove the wrapper, or point it to what took the operation's place"
                }),
            );
        }
    }
    found
}
