//! `JUnit` XML, as CI servers read it.

use std::fmt::Write as _;

use super::escape::xml;
use super::places;
use crate::diff::{Cause, Drift, Impact};

/// Places that a failure names.
const NAMED: usize = 200;

/// One test case per cause, worst first; those that fail a gate have failed, acknowledged ones were
/// skipped.
pub fn junit(drift: &Drift) -> String {
    let mut causes = drift.causes();
    causes.sort_by_key(|cause| std::cmp::Reverse(cause.first().impact));
    let count = |wanted: &dyn Fn(&Cause<'_>) -> bool| causes.iter().filter(|it| wanted(it)).count();
    let failures = count(&|cause| cause.first().fails());
    let skipped = count(&|cause| cause.first().acknowledged.is_some());
    let tests = causes.len().max(1);
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(
        out,
        "<testsuites>\n  <testsuite name=\"API drift\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\">"
    );
    if causes.is_empty() {
        out.push_str("    <testcase classname=\"drift\" name=\"nothing changed\"/>\n");
    }
    for cause in &causes {
        case(&mut out, cause);
    }
    out.push_str("  </testsuite>\n</testsuites>\n");
    out
}

fn case(out: &mut String, cause: &Cause<'_>) {
    let first = cause.first();
    let name = match cause.count() {
        1 => first.place.clone(),
        n => format!("{}: {}", places(n), cause.what()),
    };
    let _ = write!(
        out,
        "    <testcase classname=\"{}\" name=\"{}\"",
        xml(&format!("{}.{}", first.effect.as_str(), first.id)),
        xml(&format!("{name} [{}]", first.fingerprint)),
    );
    if let Some(accepted) = &first.acknowledged {
        let message = xml(&accepted.to_string());
        let _ = writeln!(
            out,
            ">\n      <skipped message=\"{message}\"/>\n    </testcase>"
        );
        return;
    }
    let mut detail = cause.what();
    let more = match cause.count() {
        1 => [first.transition(), first.affected(20)],
        n => {
            let named = cause
                .findings()
                .iter()
                .take(NAMED)
                .map(|f| f.place.as_str());
            let rest = n.saturating_sub(NAMED);
            let rest = (rest > 0).then(|| format!("{rest} more"));
            [Some(named.collect::<Vec<_>>().join(", ")), rest]
        }
    };
    let todo = Some(first.todo.clone()).filter(|todo| !todo.is_empty());
    for more in more.into_iter().chain([todo]).flatten() {
        let _ = write!(detail, "; {more}");
    }
    let detail = xml(&detail);
    let _ = match first.impact {
        Impact::Info => writeln!(out, "/>"),
        Impact::Warning => writeln!(
            out,
            ">\n      <system-out>{detail}</system-out>\n    </testcase>"
        ),
        impact => writeln!(
            out,
            ">\n      <failure type=\"{impact}\" message=\"{detail}\"/>\n    </testcase>"
        ),
    };
}
