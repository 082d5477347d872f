//! What the ergonomic crate wraps: its uses of the table of operations.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::finding::{At, Effect, Finding, Impact};
use super::renames::Renames;
use super::surface::{Surface, endpoint, last};

/// Operations that the crate uses, with the first place of each.
pub(crate) fn used(root: &Path) -> BTreeMap<String, At> {
    let mut used = BTreeMap::new();
    for (shown, text) in sources(root) {
        for (name, line) in operations(&text) {
            used.entry(name).or_insert_with(|| At {
                file: shown.clone(),
                line: Some(line),
                pointer: None,
            });
        }
    }
    used
}

/// The operations that generated requests call, by the text of their files.
pub(crate) fn generated(requests: &BTreeMap<String, String>) -> BTreeSet<String> {
    let calls = requests.values().flat_map(|text| operations(text));
    calls.map(|(name, _)| name).collect()
}

/// The entries of the table of operations that code names, with the lines that do.
fn operations(text: &str) -> Vec<(String, u32)> {
    let mut found = Vec::new();
    // Tests stand last in a file of ours, and prove nothing about what is wrapped.
    let lines = text
        .lines()
        .take_while(|line| line.trim() != "#[cfg(test)]");
    for (number, line) in (1..).zip(lines) {
        for (at, _) in line.match_indices("operations::") {
            let name: String = line[at + "operations::".len()..]
                .chars()
                .take_while(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || *c == '_')
                .collect();
            if !name.is_empty() && name != "ALL" {
                found.push((name.to_ascii_lowercase(), number));
            }
        }
    }
    found
}

/// The files of the ergonomic crate, by their path in the workspace.
fn sources(root: &Path) -> Vec<(String, String)> {
    let mut files = Vec::new();
    collect(&root.join("crates/aitoearn/src"), &mut files);
    files.sort();
    files
        .into_iter()
        .filter_map(|file| {
            let text = std::fs::read_to_string(&file).ok()?;
            let shown = file.strip_prefix(root).unwrap_or(&file).to_string_lossy();
            Some((shown.replace('\\', "/"), text))
        })
        .collect()
}

/// What our own crate uses of what has changed, found by name: for when nobody compiled it.
///
/// A method that takes or returns something else does not compile where it is called. A type is
/// only named here: its user may never touch the part that changed.
pub(crate) fn touched(root: &Path, api: &[Finding], used: &BTreeMap<String, At>) -> Vec<Finding> {
    let mut found = Vec::new();
    let breaks = api.iter().filter(|change| change.impact == Impact::Breaks);
    let (methods, others): (Vec<_>, Vec<_>) =
        breaks.partition(|change| change.place.starts_with("Client::"));
    let sources = sources(root);
    for change in methods {
        let name = last(&change.place);
        let call = sources.iter().find_map(|(file, text)| {
            Some(At {
                file: file.clone(),
                line: Some(word(text, name)?),
                pointer: None,
            })
        });
        if let Some(at) = call.as_ref().or_else(|| used.get(name)) {
            found.push(
                Finding::new(
                    Effect::SdkApi,
                    Impact::NeedsAction,
                    "wrapper-of-changed-method",
                    at.to_string(),
                    format!(
                        "a wrapper calls `{name}`, which changed: {}",
                        change.id.replace('-', " ")
                    ),
                )
                .change(change.before.clone(), change.after.clone())
                .operations(change.operations.clone())
                .at(Some(at.clone()))
                .todo("adapt this line; `cargo check --workspace` names every other one"),
            );
        }
    }
    for change in others {
        let Some(path) = change.place.strip_prefix("types::") else {
            continue;
        };
        let (name, part) = path.split_once(['.', ':']).unwrap_or((path, ""));
        let part = part.trim_start_matches(':');
        let hit = sources.iter().find_map(|(file, text)| {
            let names = word(text, name)?;
            let line = if part.is_empty() || part == "*" {
                names
            } else {
                word(text, part)?
            };
            Some((file, line))
        });
        if let Some((file, line)) = hit {
            let at = At {
                file: file.clone(),
                line: Some(line),
                pointer: None,
            };
            found.push(
                Finding::new(
                    Effect::SdkApi,
                    Impact::Warning,
                    "use-of-changed-type",
                    at.to_string(),
                    format!(
                        "this uses `{path}`, which changed: {}",
                        change.id.replace('-', " ")
                    ),
                )
                .change(change.before.clone(), change.after.clone())
                .at(Some(at))
                .todo("see whether it still compiles: `cargo check --workspace`"),
            );
        }
    }
    found
}

/// The line of the first use of a name in code, if there is one.
fn word(text: &str, name: &str) -> Option<u32> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    text.lines()
        .take_while(|line| line.trim() != "#[cfg(test)]")
        .position(|line| {
            !line.trim_start().starts_with("//")
                && line.split(|c| !is_part(c)).any(|word| word == name)
        })
        .and_then(|index| u32::try_from(index + 1).ok())
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

/// Operations that are new, with the methods that are `generated` for them or without a wrapper,
/// and wrappers whose operation is gone.
pub(crate) fn compare(
    base: &Surface,
    revision: &Surface,
    renames: &Renames,
    used: &BTreeMap<String, At>,
    generated: &BTreeSet<String>,
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
        if !is_new || old.contains_key(name) || used.contains_key(name) {
            continue;
        }
        if generated.contains(name) {
            found.push(
                Finding::new(
                    Effect::SdkApi,
                    Impact::Info,
                    "request-added",
                    name,
                    format!("the ergonomic crate gets a method for `{name}`"),
                )
                .operations([place.clone()]),
            );
        } else {
            found.push(
                Finding::new(
                    Effect::SdkApi,
                    Impact::Warning,
                    "operation-without-wrapper",
                    name,
                    format!("nothing in the ergonomic crate calls `{name}`"),
                )
                .operations([place.clone()])
                .todo("write it in crates/aitoearn/src/resources, where the overlay says so (`x-client.by_hand`)"),
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
