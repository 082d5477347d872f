//! What is kept by hand beside the document: overlay, names, registry. What no longer fits it?

use client_gen::Lines;
use client_gen::report::About;
use spec_diff::escape::quoted;

use super::finding::{At, Effect, Finding, Impact, Remedy};
use super::fit::{self, Fitted, Misfit};
use super::side::{CODES, DOCUMENT, KEPT, NAMES, OVERLAY, Side};

/// Lets overlay and names follow components that are provably called otherwise now.
pub(crate) fn follow(report: &spec_diff::Report, revision: &Side) -> (Side, Vec<Finding>) {
    let mut followed = revision.clone();
    let mut found = Vec::new();
    for finding in report.findings() {
        let (Some(old), Some(new), "schema-component-renamed") =
            (&finding.before, &finding.after, finding.id())
        else {
            continue;
        };
        // This one is written by `cargo xtask update`, which follows by itself.
        followed.beside.kept = fit::replace_word(&followed.beside.kept, old, new).0;
        let replaced = [&mut followed.beside.overlay, &mut followed.beside.names].map(|text| {
            let (changed, lines) = fit::replace_word(text, old, new);
            *text = changed;
            lines
        });
        for (file, lines) in [OVERLAY, NAMES].into_iter().zip(replaced) {
            if let Some(first) = lines.first() {
                let count = lines.len();
                found.push(
                    Finding::new(
                        Effect::RawApi,
                        Impact::NeedsAction,
                        "component-renamed",
                        format!("{file}: {old}"),
                        format!("the component `{old}` is called `{new}` now, and {file} speaks of it on {count} lines"),
                    )
                    .change(Some(old.clone()), Some(new.clone()))
                    .at(Some(place(file, *first)))
                    .todo(format!("replace `{old}` by `{new}` in {file}; all else below is judged as if that were done")),
                );
            }
        }
    }
    (followed, found)
}

/// The older side with its own names of components: what is beside it may already follow the newer.
pub(crate) fn follow_back(report: &spec_diff::Report, base: &Side) -> Side {
    let mut followed = base.clone();
    for finding in report.findings() {
        if let (Some(old), Some(new), "schema-component-renamed") =
            (&finding.before, &finding.after, finding.id())
        {
            let beside = &mut followed.beside;
            for text in [&mut beside.kept, &mut beside.overlay, &mut beside.names] {
                let (changed, lines) = fit::replace_word(text, new, old);
                if !lines.is_empty() {
                    *text = changed;
                }
            }
        }
    }
    followed
}

/// What is kept by hand and no longer fits the newer document, or is no longer needed.
pub(crate) fn misfits(was: &Fitted, is: &Fitted, revision: &Side) -> Vec<Finding> {
    let mut found = Vec::new();
    for misfit in &is.misfits {
        let finding = |id: &str, place: String, what: String| {
            Finding::new(Effect::RawApi, Impact::NeedsAction, id, place, what)
        };
        found.push(match misfit {
            Misfit::Action { number, line, text } => finding(
                "overlay-action-without-target",
                format!("{OVERLAY}, action {number}"),
                "upstream moved or removed what the action corrects, so generation stops".to_owned(),
            )
            .change(Some(text.split_whitespace().collect::<Vec<_>>().join(" ")), None)
            .at(Some(place(OVERLAY, *line)))
            .todo("adapt its target to where the thing is now; if its reason is gone, delete the action"),
            Misfit::Name { table, line, key, name } => finding(
                "names-entry-without-use",
                format!("{NAMES}, [{table}] \"{key}\""),
                format!("nothing stands at `{key}` any more that could be called `{name}`, so generation stops"),
            )
            .change(Some(format!("{key:?} = {name:?}")), None)
            .at(Some(place(NAMES, *line)))
            .todo("delete the line; if the thing only moved, its new entry is printed with the renaming"),
            Misfit::Code { code, name, registered, namesake, pointer } => finding(
                "code-not-in-registry",
                format!("{code} {name}"),
                match registered {
                    None => "the registry does not know the code, so generation stops".to_owned(),
                    Some(old) => format!("the registry calls the code `{old}`, so generation stops"),
                },
            )
            .at(Some(At {
                file: revision.name.clone(),
                line: Lines::of(&revision.document).line(pointer),
                pointer: Some(pointer.clone()),
            }))
            .change(registered.clone(), Some(name.clone()))
            .todo(match (registered, namesake) {
                (_, Some(old)) => format!(
                    "rename the registry's entry {old} to `{}`, so that the old number stays known, and give {code} its name",
                    fit::old_name(name, *old)
                ),
                (None, None) => "add it to the registry; then say what it means and what to do about it".to_owned(),
                (Some(_), None) => "rename it in the registry".to_owned(),
            })
            .remedy(Some(Remedy {
                file: CODES,
                under: if registered.is_none() { "[[code]]" } else { "name" },
                text: match registered {
                    None => fit::registry_entry(*code, name),
                    Some(_) => format!("name = {}\n", quoted(name)),
                },
            })),
        });
    }
    let warnings = |fitted: &Fitted| {
        fitted
            .generated
            .as_ref()
            .map(|generated| generated.warnings.clone())
            .unwrap_or_default()
    };
    let known = warnings(was);
    for warning in warnings(is) {
        if !known.contains(&warning) {
            let (impact, id, place) = match warning.about {
                // The next update settles it by itself.
                About::Kept => (Impact::Info, "kept-fact-without-place", KEPT),
                About::Overlay => (Impact::Warning, "overlay-action-not-needed", OVERLAY),
                About::Document => (Impact::Warning, "generated-with-warning", DOCUMENT),
            };
            let what = warning.text;
            found.push(Finding::new(Effect::RawApi, impact, id, place, what));
        }
    }
    found
}

fn place(path: &str, line: u32) -> At {
    At {
        file: path.to_owned(),
        line: Some(line),
        pointer: None,
    }
}

/// Why a side cannot be generated.
pub(crate) fn failures(fitted: &Fitted) -> Vec<Finding> {
    fitted
        .failure
        .iter()
        .map(|problem| {
            Finding::new(
                Effect::RawApi,
                Impact::NeedsAction,
                "generation-fails",
                format!("{}, {}", fitted.name, problem.at),
                format!("this cannot be generated: {}", problem.what),
            )
            .operations(problem.operation.clone())
            .todo(&problem.fix)
        })
        .collect()
}
