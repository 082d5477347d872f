//! Overlay, names and registry follow the document: what upstream renamed or moved is looked up
//! where it is now, and the files are edited accordingly.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use client_gen::kept::{Kept, Places};
use client_gen::names::Names;
use client_gen::overlay::Overlay;
use client_gen::passes;
use client_gen::problem::{Problem, Result};
use client_gen::report::Report;
use client_gen::spec::{Spec, unescape};
use serde_json::Value;

use crate::diff::side::{CODES, KEPT, NAMES, OVERLAY};
use crate::diff::{Beside, Side, fit, upkeep, wire};

/// The files beside a new document, as they fit it.
#[derive(Debug, Default)]
pub(super) struct Followed {
    pub(super) beside: Beside,
    /// What was edited, one line each.
    pub(super) lines: Vec<String>,
    /// What a person has to edit, because nothing says where it went.
    pub(super) stuck: Vec<Problem>,
}

/// Edits what is beside `new` so that it fits; `new.beside.kept` is what is kept now.
pub(super) fn follow(current: &Side, new: &Side) -> Result<Followed> {
    let mut followed = Followed {
        beside: new.beside.clone(),
        ..Followed::default()
    };
    components(current, new, &mut followed)?;
    let old = Spec::parse(&current.document, &current.name)?;
    let newer = Spec::parse(&new.document, &new.name)?;
    operations(&old, &newer, &mut followed)?;
    let old = with_kept(old, &current.beside)?;
    let newer = with_kept(newer, &new.beside)?;
    let places = Places::of(&old, &newer);
    let (old, newer) = actions(current, old, newer, &places, &mut followed)?;
    codes(&newer, &mut followed)?;
    types(current, &old, &newer, &mut followed)?;
    Ok(followed)
}

fn with_kept(mut spec: Spec, beside: &Beside) -> Result<Spec> {
    let names = Names::parse(&beside.names, NAMES)?;
    let kept = Kept::parse(&beside.kept, KEPT)?;
    kept.apply(KEPT, names.rules(), &mut spec, &mut Report::default());
    Ok(spec)
}

/// Named schemas that are called otherwise now; their Rust names stay.
fn components(current: &Side, new: &Side, followed: &mut Followed) -> Result<()> {
    let (old, newer) = (
        wire::document(&current.document, &current.name)?,
        wire::document(&new.document, &new.name)?,
    );
    let report = wire::compare(&old, &newer, &std::collections::BTreeMap::new());
    let side = Side {
        beside: followed.beside.clone(),
        ..new.clone()
    };
    let (side, found) = upkeep::follow(&report, &side);
    followed.beside = side.beside;
    followed
        .lines
        .extend(found.iter().map(|it| it.what.clone()));
    for finding in report.findings() {
        let (Some(old), Some(new), "schema-component-renamed") =
            (&finding.before, &finding.after, finding.id())
        else {
            continue;
        };
        let names = Names::parse(&followed.beside.names, NAMES)?;
        let rules = names.rules();
        let (was, is) = (rules.component_name(old), rules.component_name(new));
        if names.type_at(new).is_none() && was != is {
            add_name(&mut followed.beside.names, "types", new, &was);
            followed
                .lines
                .push(format!("{NAMES}: `{new}` is still called `{was}` in Rust"));
        }
    }
    Ok(())
}

/// Operations that have another operationId now; their Rust names stay.
fn operations(old: &Spec, new: &Spec, followed: &mut Followed) -> Result<()> {
    let names = Names::parse(&followed.beside.names, NAMES)?;
    let rules = names.rules();
    for (was, is) in client_gen::kept::pairs(old, new) {
        let Some(is) = is.filter(|is| is.id() != was.id()) else {
            continue;
        };
        let given = fit::entry(&followed.beside.names, "operations", was.id());
        let name = given
            .as_ref()
            .map_or_else(|| rules.operation_name(was.id()), |(_, name)| name.clone());
        if let Some((line, _)) = given {
            remove_line(&mut followed.beside.names, line);
        } else if rules.operation_name(is.id()) == name {
            continue;
        }
        add_name(&mut followed.beside.names, "operations", is.id(), &name);
        followed.lines.push(format!(
            "{NAMES}: the operation `{}` is `{}` now, and still called `{name}` in Rust",
            was.id(),
            is.id()
        ));
    }
    Ok(())
}

fn remove_line(text: &mut String, index: usize) {
    let lines = text.lines().enumerate();
    let left: Vec<&str> = lines
        .filter(|(at, _)| *at != index)
        .map(|(_, it)| it)
        .collect();
    *text = left.join("\n") + "\n";
}

/// An entry at the head of a table, which is made if there is none.
fn add_name(text: &mut String, table: &str, key: &str, name: &str) {
    let entry = format!("{} = {}\n", Value::from(key), Value::from(name));
    let head = format!("[{table}]\n");
    if text.contains(&head) {
        *text = text.replacen(&head, &format!("{head}{entry}"), 1);
    } else {
        let _ = write!(text, "\n{head}{entry}");
    }
}

/// Applies the overlay to both documents, action by action; one that lost its target gets the place
/// where that is now.
fn actions(
    current: &Side,
    mut old: Spec,
    mut new: Spec,
    places: &Places,
    followed: &mut Followed,
) -> Result<(Spec, Spec)> {
    let known = Overlay::parse(&current.beside.overlay, OVERLAY)?;
    let overlay = Overlay::parse(&followed.beside.overlay, OVERLAY)?;
    let mut edits: Vec<(usize, bool, Vec<String>)> = Vec::new();
    for index in 0..overlay.count() {
        let was = known.step(index, &mut old);
        let is = overlay.targets(index, &new);
        let missing: BTreeSet<String> = was
            .iter()
            .flat_map(|at| places.now(at))
            .filter(|at| !is.contains(at) && new.doc.pointer(at).is_some())
            .collect();
        if !missing.is_empty() {
            let targets: Vec<String> = missing.iter().map(|at| path(&new, at)).collect();
            let has_others = !is.is_empty();
            for target in &targets {
                followed.lines.push(format!(
                    "{OVERLAY}, action {}: now for `{target}`",
                    index + 1
                ));
            }
            let missing: Vec<String> = missing.into_iter().collect();
            overlay.at(index, &mut new, &[&is[..], &missing].concat());
            edits.push((index, has_others, targets));
        } else if is.is_empty() {
            let said = !was.is_empty()
                && was.iter().all(|at| {
                    places
                        .now(at)
                        .iter()
                        .any(|at| said_at(&overlay, index, &new, at))
                        || parent_says(&overlay, index, &new, at, places)
                });
            if said {
                edits.push((index, false, Vec::new()));
                followed.lines.push(format!(
                    "{OVERLAY}, action {}: deleted, upstream says it now",
                    index + 1
                ));
            } else {
                let lines = fit::actions(&followed.beside.overlay);
                let line = lines.get(index).map_or(0, |(start, _)| start + 1);
                followed.stuck.push(Problem::new(
                    format!("{OVERLAY}:{line}, action {}", index + 1),
                    "upstream removed what the action corrects, and nothing says where it went",
                    format!(
                        "edit the target at line {line}, or delete the action if its reason is gone"
                    ),
                ));
            }
        } else {
            overlay.at(index, &mut new, &is);
        }
    }
    let mut lines: Vec<String> = followed
        .beside
        .overlay
        .lines()
        .map(ToOwned::to_owned)
        .collect();
    let blocks = fit::actions(&followed.beside.overlay);
    for (index, has_others, targets) in edits.into_iter().rev() {
        let Some(&(start, end)) = blocks.get(index) else {
            continue;
        };
        let block = lines[start..end].to_vec();
        let copies = targets.iter().flat_map(|target| retargeted(&block, target));
        let copies: Vec<String> = copies.collect();
        if has_others {
            lines.splice(end..end, copies);
        } else {
            lines.splice(start..end, copies);
        }
    }
    followed.beside.overlay = lines.join("\n") + "\n";
    Ok((old, new))
}

fn said_at(overlay: &Overlay, index: usize, spec: &Spec, at: &str) -> bool {
    spec.doc
        .pointer(at)
        .is_some_and(|value| overlay.is_said(index, value))
}

/// Whether another element of the same list says it, such as a parameter under its new name.
fn parent_says(overlay: &Overlay, index: usize, spec: &Spec, at: &str, places: &Places) -> bool {
    let Some((list, _)) = at.rsplit_once('/') else {
        return false;
    };
    places.now(list).iter().any(|list| {
        spec.doc
            .pointer(list)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .any(|value| overlay.is_said(index, value))
    })
}

/// A JSON pointer as a `JSONPath`; a parameter is chosen by its name, because its place may change.
fn path(spec: &Spec, pointer: &str) -> String {
    let mut text = "$".to_owned();
    let mut here = &spec.doc;
    for step in pointer.split('/').skip(1).map(unescape) {
        let next = match here {
            Value::Array(list) => step.parse().ok().and_then(|at: usize| list.get(at)),
            value => value.get(&step),
        };
        let is_word = step
            .chars()
            .all(|it| it.is_ascii_alphanumeric() || it == '_')
            && step.starts_with(|it: char| it.is_ascii_alphabetic());
        match (here, next.and_then(|it| it["name"].as_str())) {
            (Value::Array(_), Some(name)) => {
                let _ = write!(text, "[?@.name == '{name}']");
            }
            (Value::Array(_), None) => {
                let _ = write!(text, "[{step}]");
            }
            _ if is_word => {
                let _ = write!(text, ".{step}");
            }
            _ => {
                let _ = write!(text, "['{}']", step.replace('\'', "\\'"));
            }
        }
        here = next.unwrap_or(&Value::Null);
    }
    text
}

/// The lines of an action with another target.
fn retargeted(block: &[String], target: &str) -> Vec<String> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let Some(first) = block.first() else {
        return Vec::new();
    };
    let keys = indent(first) + 2;
    let is_target = first.trim_start().starts_with("- target:");
    let rest = block
        .iter()
        .skip(1)
        .skip_while(|line| is_target && indent(line) > keys);
    let mut lines = vec![format!("{}- target: {target}", " ".repeat(keys - 2))];
    lines.extend(rest.cloned());
    lines
}

/// Codes that the registry lacks get an entry, for a person to say what they mean.
fn codes(new: &Spec, followed: &mut Followed) -> Result<()> {
    let mut misfits = Vec::new();
    fit::set_aside_codes(new, &mut followed.beside, &mut misfits)?;
    for misfit in misfits {
        if let fit::Misfit::Code { code, name, .. } = misfit {
            followed.lines.push(format!(
                "{CODES}: {code} `{name}` has an entry; say what it means and what to do about it"
            ));
        }
    }
    Ok(())
}

/// Entries of `[types]` whose key names nothing any more get the key of where that is now.
fn types(current: &Side, old: &Spec, new: &Spec, followed: &mut Followed) -> Result<()> {
    let before = Names::parse(&current.beside.names, NAMES)?;
    let after = Names::parse(&followed.beside.names, NAMES)?;
    // A document that cannot be shaped is reported where it is generated.
    let (Ok(was), Ok(is)) = (passes::places(old, &before), passes::places(new, &after)) else {
        return Ok(());
    };
    let places = Places::of(old, new);
    for (key, name) in after.types() {
        if is.contains_key(key) {
            continue;
        }
        let now: Vec<&String> = was
            .get(key)
            .into_iter()
            .flat_map(|at| places.now(at))
            .flat_map(|at| is.iter().filter(move |(_, other)| **other == at))
            .map(|(key, _)| key)
            .filter(|key| after.type_at(key).is_none())
            .collect();
        let Some((line, _)) = fit::entry(&followed.beside.names, "types", key) else {
            continue;
        };
        if now.is_empty() {
            let is_gone = was.get(key).is_some_and(|at| {
                places
                    .now(at)
                    .iter()
                    .all(|at| new.doc.pointer(at).is_none())
            });
            if is_gone {
                remove_line(&mut followed.beside.names, line);
                followed.lines.push(format!(
                    "{NAMES}: `{key}` is gone with what upstream removed; it was `{name}`"
                ));
            } else {
                followed.stuck.push(Problem::new(
                    format!("{NAMES}:{}, [types] {key:?}", line + 1),
                    format!("nothing says what is called `{name}` now"),
                    format!("give line {} the key of another place", line + 1),
                ));
            }
            continue;
        }
        remove_line(&mut followed.beside.names, line);
        for key in &now {
            add_name(&mut followed.beside.names, "types", key, name);
        }
        let now: Vec<String> = now.iter().map(|it| format!("`{it}`")).collect();
        followed.lines.push(format!(
            "{NAMES}: `{name}` is at {} now, not at `{key}`",
            now.join(", ")
        ));
    }
    Ok(())
}
