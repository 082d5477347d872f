//! `JUnit` XML, as CI servers read it.

use std::fmt::Write as _;

use super::acknowledged;
use super::escape::xml;
use crate::diff::{Drift, Impact};

/// One test case per finding; those that fail a gate have failed, acknowledged ones were skipped.
pub fn junit(drift: &Drift) -> String {
    let failures = drift.findings.iter().filter(|f| f.fails()).count();
    let skipped = acknowledged(drift).count();
    let tests = drift.findings.len().max(1);
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(
        out,
        "<testsuites>\n  <testsuite name=\"API drift\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\">"
    );
    if drift.findings.is_empty() {
        out.push_str("    <testcase classname=\"drift\" name=\"nothing changed\"/>\n");
    }
    for finding in &drift.findings {
        let _ = write!(
            out,
            "    <testcase classname=\"{}\" name=\"{}\"",
            xml(&format!("{}.{}", finding.effect.as_str(), finding.id)),
            xml(&format!("{} [{}]", finding.place, finding.fingerprint)),
        );
        if let Some(accepted) = &finding.acknowledged {
            let message = xml(&accepted.to_string());
            let _ = writeln!(
                out,
                ">\n      <skipped message=\"{message}\"/>\n    </testcase>"
            );
            continue;
        }
        let mut detail = finding.what.clone();
        for more in [
            finding.transition(),
            finding.affected(20),
            Some(finding.todo.clone()),
        ]
        .into_iter()
        .flatten()
        .filter(|more| !more.is_empty())
        {
            let _ = write!(detail, "; {more}");
        }
        let detail = xml(&detail);
        let _ = match finding.impact {
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
    out.push_str("  </testsuite>\n</testsuites>\n");
    out
}
