//! Where the two sides come from: files, standard input, or git.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use client_gen::problem::{Problem, Result};
use client_gen::reader;

use super::side::{ACKNOWLEDGED, Beside, CODES, DOCUMENT, KEPT, NAMES, OVERLAY, Side, read};

/// Branches that a default base is looked for on, best first.
const MAIN: [&str; 4] = ["origin/main", "main", "origin/master", "master"];

/// The base: as named, with what was beside it while it was vendored, or where this branch left the main one.
pub fn base(root: &Path, argument: Option<&str>) -> Result<Side> {
    match argument {
        Some(argument) => {
            let side = side(root, argument)?;
            let is_alone = side.acknowledged.is_none();
            let then = is_alone
                .then(|| vendored_with(root, &side.document))
                .flatten();
            Ok(match then {
                Some(beside) => Side { beside, ..side },
                None => side,
            })
        }
        None => revision(root, &merge_base(root)?),
    }
}

/// What was last beside a document that was vendored once: its own overlay and names, not those
/// that have been adapted to a newer one since.
fn vendored_with(root: &Path, document: &str) -> Option<Beside> {
    let mut hash = Command::new("git")
        .current_dir(root)
        .args(["hash-object", "--stdin"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    // Waited for whatever comes of the writing.
    let written = hash
        .stdin
        .take()
        .map(|mut stdin| stdin.write_all(document.as_bytes()));
    let output = hash.wait_with_output().ok()?;
    written?.ok()?;
    let blob = String::from_utf8(output.stdout).ok()?;
    let blob = blob.trim();
    if blob.is_empty() {
        return None;
    }
    let object = format!("--find-object={blob}");
    // The newest commit that brought or replaced it.
    let log = git(
        root,
        &["log", "-n", "1", "--format=%H", &object, "--", DOCUMENT],
    )
    .ok()?;
    let commit = log.trim();
    if commit.is_empty() {
        return None;
    }
    let there = git(root, &["rev-parse", &format!("{commit}:{DOCUMENT}")]);
    let is_there = there.is_ok_and(|there| there.trim() == blob);
    let reference = if is_there {
        "HEAD".to_owned()
    } else {
        format!("{commit}^")
    };
    Some(revision(root, &reference).ok()?.beside)
}

/// The other side: as named, or the working tree.
pub fn revised(root: &Path, argument: Option<&str>) -> Result<Side> {
    match argument {
        Some(argument) => side(root, argument),
        None => Side::working_tree(root),
    }
}

/// `-`, a file, `ref:path` or a git revision.
///
/// A revision brings its own overlay, names and registry; a document on its own is read with those
/// of the working tree.
pub fn side(root: &Path, argument: &str) -> Result<Side> {
    if argument == "-" {
        let document = reader::stream(std::io::stdin().lock(), "standard input")?;
        return alone(root, "standard input", document);
    }
    if Path::new(argument).is_file() {
        let document = reader::file(Path::new(argument))?;
        return alone(root, argument, document);
    }
    if let Some((reference, _)) = argument.split_once(':')
        && !argument.starts_with('-')
        && commit(root, reference).is_some()
    {
        return alone(root, argument, show(root, argument)?);
    }
    match commit(root, argument) {
        Some(_) => revision(root, argument),
        None => Err(Problem::new(
            argument,
            "this is neither a file nor a git revision",
            "give a file, `-` for standard input, a revision such as `HEAD~1`, or `REVISION:PATH`",
        )
        .into()),
    }
}

/// A document on its own.
fn alone(root: &Path, name: &str, document: String) -> Result<Side> {
    Ok(Side {
        name: name.to_owned(),
        document,
        beside: Beside::working_tree(root)?,
        acknowledged: None,
    })
}

/// The tree of a commit.
fn revision(root: &Path, reference: &str) -> Result<Side> {
    let file = |path: &str| show(root, &format!("{reference}:{path}"));
    // What did not exist then corrects and names nothing.
    let or = |path: &str, empty: &str| file(path).unwrap_or_else(|_| empty.to_owned());
    Ok(Side {
        name: format!("{reference}:{DOCUMENT}"),
        document: file(DOCUMENT)?,
        beside: Beside {
            kept: or(KEPT, ""),
            overlay: or(OVERLAY, "overlay: 1.0.0\nactions: []\n"),
            names: with_rules(or(NAMES, ""), root)?,
            codes: or(CODES, "code = []\n"),
        },
        acknowledged: Some(or(ACKNOWLEDGED, "")),
    })
}

/// Names of a time when the rules were no part of them, with those of the working tree.
fn with_rules(names: String, root: &Path) -> Result<String> {
    let table = |text: &str| {
        reader::toml::<toml::Table>(text)
            .map_err(|error| Problem::new(NAMES, error, "mend the syntax at the line it names"))
    };
    let mut then = table(&names)?;
    if then.contains_key(RULES) {
        return Ok(names);
    }
    // What is a rule of its own by now.
    then.remove("numbers");
    if let Some(rules) = table(&read(root, NAMES)?)?.remove(RULES) {
        then.insert(RULES.to_owned(), rules);
    }
    Ok(then.to_string())
}

/// The table of a names file that holds for all of upstream's documents.
const RULES: &str = "rules";

fn merge_base(root: &Path) -> Result<String> {
    let Some(main) = MAIN.into_iter().find(|name| commit(root, name).is_some()) else {
        return Err(Problem::new(
            root.display().to_string(),
            "there is no main branch to compare with",
            "name the base: `cargo xtask diff BASE`, a file or a git revision",
        )
        .into());
    };
    let base = git(root, &["merge-base", main, "HEAD"]).map_err(|what| {
        Problem::new(
            main,
            format!("this branch has no ancestor in common with it: {what}"),
            "fetch more history (`git fetch --unshallow`), or name the base",
        )
    })?;
    let base = base.trim();
    Ok(base.get(..12).unwrap_or(base).to_owned())
}

fn commit(root: &Path, reference: &str) -> Option<String> {
    if reference.is_empty() || reference.starts_with('-') {
        return None;
    }
    git(
        root,
        &[
            "rev-parse",
            "--verify",
            "--quiet",
            &format!("{reference}^{{commit}}"),
        ],
    )
    .ok()
}

fn show(root: &Path, object: &str) -> Result<String> {
    let text = git(root, &["show", object]).map_err(|what| {
        Problem::new(
            object,
            format!("git cannot show it: {what}"),
            "check the revision and the path, which counts from the root of the repository",
        )
    })?;
    reader::text(text.into_bytes(), object)
}

/// Runs git; an error is what it said.
fn git(root: &Path, arguments: &[&str]) -> std::result::Result<String, String> {
    let output = Command::new("git")
        .current_dir(root)
        .args(arguments)
        .output()
        .map_err(|error| format!("git cannot be run: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).trim().to_owned());
    }
    String::from_utf8(output.stdout).map_err(|error| error.to_string())
}
