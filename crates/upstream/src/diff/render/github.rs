//! Workflow commands that GitHub Actions turns into annotations.

use std::fmt::Write as _;

use super::escape::{command as data, command_property as property, short};
use super::places;
use crate::diff::{Cause, Drift, Impact};

/// GitHub shows ten annotations of each kind of one step, and drops the rest in silence.
const MOST: usize = 10;

/// One line per cause, worst first: errors for what fails a gate, then warnings and notices; what
/// GitHub would drop is counted. The verdict is the last notice.
pub fn github(drift: &Drift) -> String {
    let mut out = String::new();
    let mut causes = drift.causes();
    causes.sort_by_key(|cause| std::cmp::Reverse(cause.first().impact));
    for command in ["error", "warning", "notice"] {
        let of_kind: Vec<&Cause<'_>> = causes.iter().filter(|it| kind(it) == command).collect();
        // The verdict is a notice as well.
        let room = MOST - usize::from(command == "notice");
        let shown = if of_kind.len() > room {
            room - 1
        } else {
            of_kind.len()
        };
        for cause in &of_kind[..shown] {
            annotation(&mut out, command, cause);
        }
        let rest = of_kind.len() - shown;
        if rest > 0 {
            let count: usize = of_kind[shown..].iter().map(|cause| cause.count()).sum();
            let _ = writeln!(
                out,
                "::{command} title={rest} more::{}",
                data(&format!(
                    "{rest} more causes in {}: run `cargo xtask diff`",
                    places(count)
                ))
            );
        }
    }
    let _ = writeln!(
        out,
        "::notice title=verdict::{}",
        data(&drift.verdict.to_string())
    );
    out
}

fn kind(cause: &Cause<'_>) -> &'static str {
    match cause.first().impact {
        _ if cause.first().acknowledged.is_some() => "notice",
        Impact::Info => "notice",
        Impact::Warning => "warning",
        Impact::NeedsAction | Impact::Breaks => "error",
    }
}

fn annotation(out: &mut String, command: &str, cause: &Cause<'_>) {
    let finding = cause.first();
    let mut message = match cause.count() {
        1 => format!("{}: {}", finding.place, finding.what),
        n => format!(
            "{}: {}: {}",
            places(n),
            cause.what(),
            short(&cause.places(), 600)
        ),
    };
    if cause.count() == 1 {
        for more in [finding.transition(), finding.affected(3)]
            .into_iter()
            .flatten()
        {
            let _ = write!(message, "; {more}");
        }
    }
    if let Some(accepted) = &finding.acknowledged {
        let _ = write!(message, "; {accepted}");
    } else if !finding.todo.is_empty() {
        let _ = write!(message, "; do: {}", finding.todo);
    }
    let mut place = String::new();
    // The first of the places.
    if let Some(at) = cause
        .findings()
        .iter()
        .filter_map(|finding| finding.at.as_ref())
        .min()
    {
        let line = at.line.unwrap_or(1);
        let _ = write!(place, "file={},line={line},", property(&at.file));
    }
    let _ = writeln!(
        out,
        "::{command} {place}title={}::{}",
        property(&format!("{}: {}", finding.effect.as_str(), finding.id)),
        data(&message)
    );
}
