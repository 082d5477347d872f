//! Generates one side, whatever no longer fits it.
//!
//! An overlay action that finds nothing, an entry of `names.toml` that names nothing and a code
//! that the registry lacks stop `cargo xtask generate`. Here they are set aside, one finding each,
//! so that the rest of the change can still be judged.

use std::panic::{AssertUnwindSafe, catch_unwind};

use spec_diff::escape::quoted;

use client_gen::emit::Target;
use client_gen::emit::codes::{Registry, documented};
use client_gen::generate::{Generated, generate_overlaid};
use client_gen::kept::Kept;
use client_gen::names::Names;
use client_gen::overlay::Overlay;
use client_gen::problem::{Problem, Problems, Result};
use client_gen::reader;
use client_gen::report::Report;
use client_gen::spec::Spec;

use super::side::{Beside, CODES, KEPT, NAMES, OVERLAY, Side};
use super::surface::Surface;

/// What came of generating one side.
#[derive(Debug)]
pub(crate) struct Fitted {
    /// What reports call the side.
    pub(crate) name: String,
    /// The generated files; `None` if the document cannot be generated at all.
    pub(crate) generated: Option<Generated>,
    /// The public items in them.
    pub(crate) surface: Surface,
    /// The document with what is kept, before the overlay.
    pub(crate) kept: Option<String>,
    /// The same with the overlay applied: what our client takes for the truth.
    pub(crate) overlaid: Option<String>,
    /// What had to be set aside.
    pub(crate) misfits: Vec<Misfit>,
    /// Why there is nothing generated.
    pub(crate) failure: Vec<Problem>,
    /// The texts without what was set aside.
    pub(crate) beside: Beside,
}

/// Something that is kept by hand and no longer fits the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Misfit {
    /// An overlay action that matches nothing: its number, line and target.
    Action {
        /// Its place in the list, from 1.
        number: usize,
        /// The line it starts on.
        line: u32,
        /// The text of the action.
        text: String,
    },
    /// An entry of `names.toml` that names nothing: table, line, key and name.
    Name {
        /// `operations`, `types` or `variants`.
        table: String,
        /// The line it stands on.
        line: u32,
        /// What it wants to name.
        key: String,
        /// The name.
        name: String,
    },
    /// A code that the registry lacks, or knows by another name.
    Code {
        /// The number.
        code: i64,
        /// The name in the document.
        name: String,
        /// The name in the registry.
        registered: Option<String>,
        /// Another code to which the registry gives that name: it was renumbered.
        namesake: Option<i64>,
        /// JSON pointer of the first operation that documents it.
        pointer: String,
    },
}

/// Generates a side; `None` for the `lookup` of a text that cannot be read at all is in `failure`.
pub(crate) fn fit(side: &Side) -> Fitted {
    let mut beside = side.beside.clone();
    let mut misfits = Vec::new();
    // Each round sets something aside, or is the last one.
    loop {
        let before = misfits.len();
        match guarded(|| attempt(side, &mut beside, &mut misfits)) {
            Ok((generated, overlaid)) => {
                return Fitted {
                    name: side.name.clone(),
                    surface: Surface::of(&generated.code),
                    generated: Some(generated),
                    kept: kept(side),
                    overlaid: Some(overlaid),
                    misfits,
                    failure: Vec::new(),
                    beside,
                };
            }
            Err(problems) if misfits.len() == before => {
                return Fitted {
                    name: side.name.clone(),
                    generated: None,
                    surface: Surface::default(),
                    kept: kept(side),
                    overlaid: overlaid(side, &beside, &mut Report::default())
                        .ok()
                        .map(|spec| text(&spec)),
                    misfits,
                    failure: problems.0,
                    beside,
                };
            }
            Err(_) => {}
        }
    }
}

/// A panic of a library is a problem of the document, not the end of the comparison.
fn guarded<T>(run: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| {
        Err(Problem::new(
            "generation",
            "it panicked",
            "report this as a bug of xtask, with the document",
        )
        .into())
    })
}

fn attempt(
    side: &Side,
    beside: &mut Beside,
    misfits: &mut Vec<Misfit>,
) -> Result<(Generated, String)> {
    let mut report = Report::default();
    let spec = match overlaid(side, beside, &mut report) {
        Ok(spec) => spec,
        Err(problems) => {
            set_aside_actions(&problems, side, beside, misfits);
            return Err(problems);
        }
    };
    set_aside_codes(&spec, beside, misfits)?;
    let names = Names::parse(&beside.names, NAMES)?;
    let registry = Registry::parse(&beside.codes, CODES)?;
    let target = Target {
        runtime: "crate".to_owned(),
        source: super::side::DOCUMENT.to_owned(),
        command: super::side::GENERATE.to_owned(),
    };
    let overlaid = text(&spec);
    match generate_overlaid(spec, report, &names, Some(&registry), &target) {
        Ok(generated) => Ok((generated, overlaid)),
        Err(problems) => {
            set_aside_names(&problems, side, beside, misfits);
            Err(problems)
        }
    }
}

/// The document with what is kept and the overlay applied.
fn overlaid(side: &Side, beside: &Beside, report: &mut Report) -> Result<Spec> {
    let mut spec = Spec::parse(&side.document, &side.name)?;
    let names = Names::parse(&beside.names, NAMES)?;
    Kept::parse(&beside.kept, KEPT)?.apply(KEPT, names.rules(), &mut spec, report);
    Overlay::parse(&beside.overlay, OVERLAY)?.apply(&mut spec, report)?;
    Ok(spec)
}

/// The document with what is kept; `None` if one of them cannot be read.
fn kept(side: &Side) -> Option<String> {
    let mut spec = Spec::parse(&side.document, &side.name).ok()?;
    let kept = Kept::parse(&side.beside.kept, KEPT).ok()?;
    let names = Names::parse(&side.beside.names, NAMES).ok()?;
    kept.apply(KEPT, names.rules(), &mut spec, &mut Report::default());
    Some(text(&spec))
}

/// The document as our client sees it, if the overlay can be applied as it is.
pub(crate) fn seen(side: &Side) -> Option<String> {
    let spec = overlaid(side, &side.beside, &mut Report::default()).ok()?;
    Some(text(&spec))
}

fn text(spec: &Spec) -> String {
    // Indented, so that a place in it has a line.
    serde_json::to_string_pretty(&spec.doc).unwrap_or_default()
}

/// Takes out, from the last to the first so that numbers hold, what problems call unmatched.
fn set_aside_actions(
    problems: &Problems,
    side: &Side,
    beside: &mut Beside,
    misfits: &mut Vec<Misfit>,
) {
    let prefix = format!("{OVERLAY}, action ");
    let mut numbers: Vec<usize> = problems
        .0
        .iter()
        .filter(|problem| problem.what.contains("matches nothing"))
        .filter_map(|problem| problem.at.strip_prefix(&prefix)?.parse().ok())
        .collect();
    numbers.sort_unstable();
    let originals = actions(&side.beside.overlay);
    for number in numbers.into_iter().rev() {
        let here = actions(&beside.overlay);
        let Some(&(start, end)) = here.get(number - 1) else {
            continue;
        };
        let lines: Vec<&str> = beside.overlay.lines().collect();
        let text = lines[start..end].join("\n");
        let rest = [&lines[..start], &lines[end..]].concat().join("\n");
        // The number in the file as it lies there, not among those that are left.
        let original = originals.iter().position(|&(start, end)| {
            let lines = side.beside.overlay.lines().skip(start).take(end - start);
            lines.eq(text.lines())
        });
        let position = original.unwrap_or(number - 1);
        misfits.push(Misfit::Action {
            number: position + 1,
            line: line_number(originals.get(position).map_or(start, |&(start, _)| start)),
            text,
        });
        beside.overlay = if here.len() == 1 {
            "overlay: 1.0.0\nactions: []\n".to_owned()
        } else {
            rest + "\n"
        };
    }
}

fn line_number(index: usize) -> u32 {
    u32::try_from(index + 1).unwrap_or(u32::MAX)
}

/// The lines of every action in an overlay written in block style: first, and one past the last.
pub(crate) fn actions(overlay: &str) -> Vec<(usize, usize)> {
    let lines: Vec<&str> = overlay.lines().collect();
    let Some(head) = lines.iter().position(|line| line.starts_with("actions:")) else {
        return Vec::new();
    };
    let indent = |line: &str| line.len() - line.trim_start().len();
    let is_item = |line: &str| line.trim_start().starts_with("- ");
    let Some(depth) = lines[head + 1..]
        .iter()
        .find(|line| is_item(line))
        .map(|line| indent(line))
    else {
        return Vec::new();
    };
    let starts: Vec<usize> = (head + 1..lines.len())
        .filter(|&at| is_item(lines[at]) && indent(lines[at]) == depth)
        .collect();
    starts
        .iter()
        .map(|&start| {
            let mut end = start + 1;
            while end < lines.len() && !lines[end].trim().is_empty() && indent(lines[end]) > depth {
                end += 1;
            }
            (start, end)
        })
        .collect()
}

fn set_aside_names(
    problems: &Problems,
    side: &Side,
    beside: &mut Beside,
    misfits: &mut Vec<Misfit>,
) {
    let prefix = format!("{NAMES}, [");
    for problem in &problems.0 {
        let Some((table, key)) = problem
            .at
            .strip_prefix(&prefix)
            .and_then(|rest| rest.split_once("] \""))
            .and_then(|(table, key)| Some((table, key.strip_suffix('"')?)))
        else {
            continue;
        };
        let Some((index, name)) = entry(&beside.names, table, key) else {
            continue;
        };
        let lines: Vec<&str> = beside.names.lines().collect();
        let rest = [&lines[..index], &lines[index + 1..]].concat().join("\n") + "\n";
        misfits.push(Misfit::Name {
            table: table.to_owned(),
            line: line_number(entry(&side.beside.names, table, key).map_or(index, |(at, _)| at)),
            key: key.to_owned(),
            name,
        });
        beside.names = rest;
    }
}

/// The line of an entry of `names.toml`, and what it says.
pub(crate) fn entry(names: &str, table: &str, key: &str) -> Option<(usize, String)> {
    let mut here = "";
    for (at, line) in names.lines().enumerate() {
        let line = line.trim();
        if let Some(head) = line
            .strip_prefix('[')
            .and_then(|line| line.strip_suffix(']'))
        {
            here = head;
        } else if here == table {
            let parsed: Option<toml::Table> = toml::from_str(line).ok();
            if let Some(name) = parsed.and_then(|table| table.get(key)?.as_str().map(str::to_owned))
            {
                return Some((at, name));
            }
        }
    }
    None
}

/// Puts a stand-in into the registry for every code that it lacks.
pub(crate) fn set_aside_codes(
    spec: &Spec,
    beside: &mut Beside,
    misfits: &mut Vec<Misfit>,
) -> Result<()> {
    let registered = registered(&beside.codes)?;
    let names = Names::parse(&beside.names, NAMES)?;
    let mut done: Vec<i64> = Vec::new();
    for operation in spec.operations() {
        for (code, name) in documented(operation.node, names.rules()) {
            let known = registered.get(&code);
            let agrees = known.is_some_and(|known| name.as_ref().is_none_or(|name| name == known));
            if agrees || done.contains(&code) {
                continue;
            }
            done.push(code);
            let name = name.unwrap_or_else(|| format!("Code{code}"));
            let namesake = registered
                .iter()
                .find(|(other, given)| **other != code && **given == name)
                .map(|(other, _)| *other);
            if let Some(old) = namesake {
                // Two codes cannot share a name, and the old number may still be answered.
                beside.codes = renamed_entry(&beside.codes, old, &name, &old_name(&name, old));
            }
            match known {
                None => beside.codes.push_str(&registry_entry(code, &name)),
                Some(known) => {
                    beside.codes = renamed_entry(&beside.codes, code, known, &name);
                }
            }
            misfits.push(Misfit::Code {
                code,
                name,
                registered: known.cloned(),
                namesake,
                pointer: operation.pointer(),
            });
        }
    }
    Ok(())
}

/// Code to name.
pub(crate) fn registered(codes: &str) -> Result<std::collections::BTreeMap<i64, String>> {
    // Checked first: what follows takes the shape for granted.
    Registry::parse(codes, CODES)?;
    let table: toml::Table = reader::toml(codes)
        .map_err(|error| Problem::new(CODES, error, "mend the syntax at the line it names"))?;
    let entries = table.get("code").and_then(toml::Value::as_array);
    Ok(entries
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let name = entry.get("name")?.as_str()?.to_owned();
            Some((entry.get("code")?.as_integer()?, name))
        })
        .collect())
}

/// What a code is called once another number has its name.
pub(crate) fn old_name(name: &str, code: i64) -> String {
    format!("{name}{code}")
}

/// An entry for a new code, to be completed by a person.
pub(crate) fn registry_entry(code: i64, name: &str) -> String {
    format!(
        "\n[[code]]\ncode = {code}\nname = {}\ncategory = \"{}\"\nretry = \"no\"\n\
         meaning = \"Not described yet.\"\nadvice = \"See the service's message.\"\n",
        quoted(name),
        category(code)
    )
}

/// What the number's range says, as far as the service keeps to it.
fn category(code: i64) -> &'static str {
    match code {
        12_300..=12_399 => "ai",
        12_600..=12_699 => "not_found",
        15_000..=15_099 => "platform",
        19_000..=19_099 => "auth",
        _ => "internal",
    }
}

fn renamed_entry(codes: &str, code: i64, old: &str, new: &str) -> String {
    let mut is_entry = false;
    let lines = codes.lines().map(|line| {
        if line.trim().starts_with("code =") {
            is_entry = line.trim() == format!("code = {code}");
        }
        if is_entry && line.trim() == format!("name = {}", quoted(old)) {
            format!("name = {}\n", quoted(new))
        } else {
            format!("{line}\n")
        }
    });
    lines.collect()
}

/// Replaces whole words; returns the lines on which there were any.
pub(crate) fn replace_word(text: &str, old: &str, new: &str) -> (String, Vec<u32>) {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut lines = Vec::new();
    let mut out = String::with_capacity(text.len());
    for (index, line) in text.lines().enumerate() {
        let mut rest = line;
        let mut changed = false;
        while let Some(at) = rest.find(old) {
            let end = at + old.len();
            let is_whole = !rest[..at].ends_with(is_word) && !rest[end..].starts_with(is_word);
            out.push_str(&rest[..at]);
            out.push_str(if is_whole { new } else { old });
            changed |= is_whole;
            rest = &rest[end..];
        }
        out.push_str(rest);
        out.push('\n');
        if changed {
            lines.push(line_number(index));
        }
    }
    (out, lines)
}
