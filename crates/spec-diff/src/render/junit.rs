//! `JUnit` XML, as CI servers read it.

use std::fmt::Write as _;

use super::{change, operations, there, witness};
use crate::escape::xml;
use crate::level::Level;
use crate::report::Report;

/// One test case per finding; those that break or cannot be decided have failed.
pub fn junit(report: &Report) -> String {
    let failures = report
        .findings
        .iter()
        .filter(|f| f.level >= Level::Undecidable)
        .count();
    let tests = report.findings.len().max(1);
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(
        out,
        "<testsuites>\n  <testsuite name=\"API changes\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">"
    );
    if report.findings.is_empty() {
        out.push_str("    <testcase classname=\"spec-diff\" name=\"no differences\"/>\n");
    }
    for finding in &report.findings {
        let _ = write!(
            out,
            "    <testcase classname=\"{}\" name=\"{}\"",
            xml(finding.id()),
            xml(&format!("{} [{}]", finding.place, finding.fingerprint)),
        );
        let mut detail = finding.reason().to_owned();
        let (name, location) = there(report, finding);
        let line = location.position.line;
        let file = location.file.is_some().then(|| format!("{name}:{line}"));
        for more in [
            change(finding),
            witness(finding),
            operations(finding, 20),
            file,
        ]
        .into_iter()
        .flatten()
        {
            let _ = write!(detail, "; {more}");
        }
        let detail = xml(&detail);
        let _ = match finding.level {
            Level::Info => writeln!(out, "/>"),
            Level::Warning => writeln!(
                out,
                ">\n      <system-out>{detail}</system-out>\n    </testcase>"
            ),
            level => writeln!(
                out,
                ">\n      <failure type=\"{level}\" message=\"{detail}\"/>\n    </testcase>"
            ),
        };
    }
    out.push_str("  </testsuite>\n</testsuites>\n");
    out
}
