//! From a document, and what is beside it, to the files of a client.
//!
//! Everything is made in memory first and written at the end, so an error
//! leaves the tree as it was.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use spec_diff::escape::visible_json;

use crate::described::described;
use crate::emit::{self, Target, codes::Registry};
use crate::examples;
use crate::guards;
use crate::kept::Kept;
use crate::names::Names;
use crate::overlay::Overlay;
use crate::passes::{self, Context};
use crate::problem::{Problem, Result};
use crate::reader;
use crate::report::{About, Report, Warning, written_by};
use crate::spec::Spec;

/// What a generation reads.
#[derive(Debug, Clone)]
pub struct Sources {
    /// The `OpenAPI` document.
    pub spec: PathBuf,
    /// What it no longer mentions.
    pub kept: Option<PathBuf>,
    /// Corrections to it.
    pub overlay: Option<PathBuf>,
    /// What things are called.
    pub names: Option<PathBuf>,
    /// The registry of result codes.
    pub codes: Option<PathBuf>,
    /// Path prefix of the hand-written runtime.
    pub runtime: String,
    /// The command that generates, for the head of every file.
    pub command: String,
}

/// What a generation makes, by file name.
#[derive(Debug)]
pub struct Generated {
    /// The Rust files of `generated/`.
    pub code: BTreeMap<String, String>,
    /// The Rust files of the ergonomic requests, where the overlay asks for them.
    pub requests: BTreeMap<String, String>,
    /// `lowered.openapi.json`.
    pub lowered: String,
    /// `report.md`.
    pub report: String,
    /// The document's examples, for mocks: operation, example, value.
    pub examples: String,
    /// The document with its corrections, for those who call the API.
    pub described: String,
    /// For the terminal.
    pub warnings: Vec<Warning>,
    /// How many operations and types there are.
    pub operations: usize,
    /// Components of the lowered document.
    pub types: usize,
    /// The command that generates, as the head of every file names it.
    pub command: String,
}

impl Generated {
    /// The same, as it is checked in.
    pub fn formatted(self) -> Result<Self> {
        let code = emit::format(self.code)?;
        let requests = emit::format(self.requests)?;
        Ok(Self {
            code,
            requests,
            ..self
        })
    }

    /// A call of the client that needs as little as possible: what comes behind `client.`.
    pub(crate) fn first_call(&self) -> Option<String> {
        emit::simplest_call(&self.code)
    }

    /// Lines of generated Rust.
    pub fn lines(&self) -> usize {
        let files = self.code.values().chain(self.requests.values());
        files.map(|code| code.lines().count()).sum()
    }
}

/// Runs the whole pipeline in memory.
///
/// # Errors
///
/// An input that cannot be read, or anything in the document that cannot be generated.
pub fn generate(sources: &Sources) -> Result<Generated> {
    let Inputs {
        spec,
        report,
        names,
        codes,
        target,
    } = read(sources)?;
    generate_overlaid(spec, report, &names, codes.as_ref(), &target)?.formatted()
}

/// What a generation reads, read, with the corrections made.
pub(crate) struct Inputs {
    pub(crate) spec: Spec,
    pub(crate) report: Report,
    pub(crate) names: Names,
    pub(crate) codes: Option<Registry>,
    pub(crate) target: Target,
}

pub(crate) fn read(sources: &Sources) -> Result<Inputs> {
    let spec = Spec::parse(&reader::file(&sources.spec)?, &display(&sources.spec))?;
    let kept = sources
        .kept
        .as_ref()
        .map(|file| {
            let name = display(file);
            Kept::parse(&reader::file(file)?, &name).map(|kept| (name, kept))
        })
        .transpose()?;
    let overlay = sources
        .overlay
        .as_ref()
        .map(|file| Overlay::parse(&reader::file(file)?, &display(file)))
        .transpose()?;
    let names = match &sources.names {
        Some(file) => Names::parse(&reader::file(file)?, &display(file))?,
        None => Names::default(),
    };
    let codes = sources
        .codes
        .as_ref()
        .map(|file| Registry::parse(&reader::file(file)?, &display(file)))
        .transpose()?;
    let target = Target {
        runtime: sources.runtime.clone(),
        source: display(&sources.spec),
        command: sources.command.clone(),
    };
    let mut report = Report::default();
    let mut spec = spec;
    if let Some((file, kept)) = kept {
        kept.apply(&file, names.rules(), &mut spec, &mut report);
    }
    if let Some(overlay) = overlay {
        overlay.apply(&mut spec, &mut report)?;
    }
    Ok(Inputs {
        spec,
        report,
        names,
        codes,
        target,
    })
}

/// Runs the pipeline on a document with its names alone; the code is as the printers leave it, not formatted.
pub fn draft(spec: Spec, names: &Names, target: &Target) -> Result<Generated> {
    generate_overlaid(spec, Report::default(), names, None, target)
}

/// Runs the rest of the pipeline on a document that has its corrections; the code is not formatted.
pub fn generate_overlaid(
    mut spec: Spec,
    mut report: Report,
    names: &Names,
    codes: Option<&Registry>,
    target: &Target,
) -> Result<Generated> {
    if let Some(codes) = codes {
        codes.check(&spec, names.rules())?;
    }
    for pointer in std::mem::take(&mut spec.set_aside) {
        report.warn(
            About::Document,
            format!(
                "`{pointer}` is a word of the generator, which only an overlay may say; it was left out"
            ),
        );
    }
    let described = described(&spec);
    let order = emit::Order::of(&spec.doc);
    let examples = examples::collect(&spec);
    passes::lower(
        &mut spec,
        &mut Context {
            names,
            report: &mut report,
        },
    )?;
    guards::check_lowered(&mut spec, names)?;
    let mut code = emit::emit(&spec, target, names.rules(), codes)?;
    guards::check_code(&spec, &code)?;
    guards::check_docs(&code, guards::Docs::Words)?;
    // Behind the guard: these links are ours.
    emit::finish(&mut code, &spec, &order)?;
    let requests = emit::requests(
        &spec,
        target,
        names.rules(),
        codes,
        &code,
        &examples,
        &mut report,
    )?;
    guards::check_docs(&requests, guards::Docs::WithExample)?;
    let lowered = marked(spec.doc.clone(), &target.command);
    Ok(Generated {
        code,
        requests,
        lowered: pretty("lowered.openapi.json", &lowered)?,
        examples: pretty("examples.json", &examples::by_name(&spec, examples.answers))?,
        described,
        report: report.render(&target.source, &target.command),
        warnings: report.warnings().to_vec(),
        operations: spec.operations().len(),
        types: spec.schemas().map_or(0, serde_json::Map::len),
        command: target.command.clone(),
    })
}

/// A document with our mark at its top.
fn marked(mut document: serde_json::Value, command: &str) -> serde_json::Value {
    if let Some(object) = document.as_object_mut() {
        object.shift_insert(0, "x-generated-by".to_owned(), command.into());
    }
    document
}

/// Whether a file says that it was generated by this command: by its head in Rust, a key in JSON,
/// or a sentence in Markdown.
fn is_marked(text: &str, command: &str) -> bool {
    let key = format!("\"x-generated-by\": {}", serde_json::Value::from(command));
    let sentence = written_by(command);
    text.starts_with(&emit::mark(command))
        || text
            .lines()
            .take(5)
            .any(|line| line.contains(&key) || line.contains(&sentence))
}

fn pretty(file: &str, value: &serde_json::Value) -> Result<String> {
    let text = serde_json::to_string_pretty(value).map_err(|error| {
        Problem::new(
            file,
            error.to_string(),
            "report this as a bug of client-gen",
        )
    })?;
    Ok(visible_json(&text) + "\n")
}

/// Where a generation goes.
#[derive(Debug, Clone)]
pub struct Destination {
    /// Directory of the Rust files; what was generated into it and is not any more is removed.
    pub code: PathBuf,
    /// Directory of the requests' files, where somebody wants them.
    pub requests: Option<PathBuf>,
    /// Directory of `lowered.openapi.json` and `report.md`.
    pub documents: PathBuf,
    /// The file of the examples, where somebody wants them.
    pub examples: Option<PathBuf>,
    /// The file of the document with its corrections, where somebody wants it.
    pub described: Option<PathBuf>,
}

impl Destination {
    fn files(&self, generated: &Generated) -> BTreeMap<PathBuf, String> {
        let code = generated
            .code
            .iter()
            .map(|(name, text)| (self.code.join(name), text.clone()));
        let documents = [
            (
                self.documents.join("lowered.openapi.json"),
                generated.lowered.clone(),
            ),
            (self.documents.join("report.md"), generated.report.clone()),
        ];
        let examples = self
            .examples
            .iter()
            .map(|file| (file.clone(), generated.examples.clone()));
        let described = self
            .described
            .iter()
            .map(|file| (file.clone(), generated.described.clone()));
        let requests = self.requests.iter().flat_map(|directory| {
            let files = generated.requests.iter();
            files.map(|(name, text)| (directory.join(name), text.clone()))
        });
        code.chain(requests)
            .chain(documents)
            .chain(examples)
            .chain(described)
            .collect()
    }

    /// Rust files that no generation makes any more; files that none ever made are not ours.
    fn stale(&self, files: &BTreeMap<PathBuf, String>, command: &str) -> Vec<PathBuf> {
        let mark = emit::mark(command);
        let directories = [&self.code].into_iter().chain(&self.requests);
        let entries = directories.filter_map(|directory| fs::read_dir(directory).ok());
        let mut stale: Vec<PathBuf> = entries
            .flatten()
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| {
                path.extension().is_some_and(|extension| extension == "rs")
                    && !files.contains_key(path)
                    && fs::read_to_string(path).is_ok_and(|code| code.starts_with(&mark))
            })
            .collect();
        stale.sort();
        stale
    }

    /// Refuses to take the place of files that somebody else wrote.
    fn check_owner(&self, files: &BTreeMap<PathBuf, String>, command: &str) -> Result<()> {
        let is_ours = |path: &Path| {
            // These have no room for a mark, and their place is one of our own.
            self.examples.as_deref() == Some(path)
                || self.described.as_deref() == Some(path)
                || match fs::read_to_string(path) {
                    Ok(text) => is_marked(&text, command),
                    // What is there and is no text is not ours; what is not there is in nobody's way.
                    Err(_) => fs::symlink_metadata(path).is_err(),
                }
        };
        let foreign: Vec<String> = files
            .keys()
            .filter(|path| !is_ours(path))
            .map(|path| display(path))
            .collect();
        if foreign.is_empty() {
            return Ok(());
        }
        Err(Problem::new(
            display(&self.code),
            format!(
                "these files are in the way, and the generator has not written them: {}",
                foreign.join(", ")
            ),
            "give a directory of its own, or move them away; nothing was written",
        )
        .into())
    }

    /// What the files are to hold; `None` for one that is to go.
    pub fn changes(&self, generated: &Generated) -> BTreeMap<PathBuf, Option<String>> {
        let files = self.files(generated);
        let stale = self
            .stale(&files, &generated.command)
            .into_iter()
            .map(|path| (path, None));
        let made = files.into_iter().map(|(path, text)| (path, Some(text)));
        stale.chain(made).collect()
    }

    /// Writes what changed; returns the files written or removed.
    pub fn write(&self, generated: &Generated) -> Result<Vec<PathBuf>> {
        self.write_with(generated, BTreeMap::new())
    }

    /// The same, with files beside those of the generation, which have its mark as well.
    pub(crate) fn write_with(
        &self,
        generated: &Generated,
        beside: BTreeMap<PathBuf, String>,
    ) -> Result<Vec<PathBuf>> {
        let mut files = self.files(generated);
        files.extend(beside);
        self.check_owner(&files, &generated.command)?;
        let stale = self.stale(&files, &generated.command);
        let directories = [&self.code, &self.documents].into_iter();
        let parents = files.keys().filter_map(|path| path.parent());
        let parents: BTreeSet<&Path> = parents.collect();
        let all = directories.chain(&self.requests).map(PathBuf::as_path);
        for directory in all.chain(parents) {
            fs::create_dir_all(directory).map_err(|error| io(directory, &error))?;
        }
        // All to temporary files first: only when every one is on disk does any take its place.
        let mut ready = Vec::new();
        for (path, text) in files {
            if fs::read(&path).is_ok_and(|present| present == text.as_bytes()) {
                continue;
            }
            let directory = path.parent().unwrap_or(Path::new("."));
            let mut file = tempfile::Builder::new()
                .prefix(".client-gen-")
                .tempfile_in(directory)
                .map_err(|error| io(directory, &error))?;
            file.write_all(text.as_bytes())
                .map_err(|error| io(&path, &error))?;
            ready.push((path, file));
        }
        let mut written = Vec::new();
        for (path, file) in ready {
            file.persist(&path)
                .map_err(|error| io(&path, &error.error))?;
            make_readable(&path);
            written.push(path);
        }
        for path in stale {
            fs::remove_file(&path).map_err(|error| io(&path, &error))?;
            written.push(path);
        }
        Ok(written)
    }

    /// What differs from what is on disk, as a unified diff; empty if nothing does.
    pub fn diff(&self, generated: &Generated) -> String {
        self.diff_with(generated, BTreeMap::new())
    }

    /// The same, with files beside those of the generation.
    pub(crate) fn diff_with(
        &self,
        generated: &Generated,
        beside: BTreeMap<PathBuf, String>,
    ) -> String {
        let mut files = self.files(generated);
        files.extend(beside);
        let mut text = String::new();
        for path in self.stale(&files, &generated.command) {
            let _ = writeln!(text, "{} is not generated any more", path.display());
        }
        for (path, new) in files {
            let old = fs::read_to_string(&path).unwrap_or_default();
            if old != new {
                let name = path.display().to_string();
                let diff = similar::TextDiff::from_lines(old.as_str(), new.as_str());
                text.push_str(
                    &diff
                        .unified_diff()
                        .context_radius(3)
                        .header(
                            &format!("{name} (checked in)"),
                            &format!("{name} (generated)"),
                        )
                        .to_string(),
                );
            }
        }
        text
    }
}

/// Temporary files are private; what takes a checked-in file's place must not be.
fn make_readable(path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // A file that stays private is a nuisance, not a failure.
        let _ = fs::set_permissions(path, fs::Permissions::from_mode(0o644));
    }
    #[cfg(not(unix))]
    let _ = path;
}

fn display(path: &Path) -> String {
    path.display().to_string()
}

pub(crate) fn io(path: &Path, error: &std::io::Error) -> Problem {
    Problem::new(
        display(path),
        error.to_string(),
        "check that the path exists and can be read or written",
    )
}
