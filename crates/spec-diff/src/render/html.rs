//! One page for a browser that needs nothing else: filter, search, fold, links to each finding, dark and light.

use std::fmt::Write as _;

use super::{change, groups, heading, ids, there, witness};
use crate::escape::xml;
use crate::finding::Finding;
use crate::report::Report;

const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");

/// The report as one self-contained HTML page.
pub fn html(report: &Report) -> String {
    let verdict = report.verdict();
    let state = if verdict.passes() { "passes" } else { "fails" };
    let (old, new, words) = (
        xml(&report.old),
        xml(&report.new),
        xml(&verdict.to_string()),
    );
    let mut out = String::new();
    let _ = write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n\
         <title>{words}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <header class=\"{state}\">\n<h1>{words}</h1>\n<p><code>{old}</code> → <code>{new}</code></p>\n</header>\n\
         <form role=\"search\">\n<input id=\"search\" type=\"search\" placeholder=\"Search place, rule, operation\" aria-label=\"Search\">\n"
    );
    for (level, findings) in groups(&report.findings) {
        let _ = writeln!(
            out,
            "<label><input type=\"checkbox\" class=\"level\" value=\"{level}\" checked> {} ({})</label>",
            heading(level),
            findings.len()
        );
    }
    out.push_str("<button type=\"button\" id=\"fold\">Fold all</button>\n<output id=\"shown\"></output>\n</form>\n<main>\n");
    if report.findings.is_empty() {
        out.push_str("<p>No differences.</p>\n");
    }
    for (level, findings) in groups(&report.findings) {
        let _ = writeln!(
            out,
            "<section data-level=\"{level}\">\n<h2>{}</h2>",
            heading(level)
        );
        for finding in findings {
            one(&mut out, report, finding);
        }
        out.push_str("</section>\n");
    }
    if !report.acknowledged.is_empty() {
        out.push_str("<section data-level=\"acknowledged\">\n<h2>Acknowledged</h2>\n");
        for finding in &report.acknowledged {
            one(&mut out, report, finding);
        }
        out.push_str("</section>\n");
    }
    let _ = write!(
        out,
        "</main>\n<script>\n{SCRIPT}</script>\n</body>\n</html>\n"
    );
    out
}

fn one(out: &mut String, report: &Report, finding: &Finding) {
    let id = &finding.fingerprint;
    let (name, location) = there(report, finding);
    let _ = write!(
        out,
        "<details id=\"f-{id}\" data-level=\"{}\" open>\n<summary><strong>{}</strong> <code>{}</code> \
         <a href=\"#f-{id}\" aria-label=\"Link to this finding\">#</a></summary>\n<dl>\n",
        finding.level,
        xml(&finding.place),
        xml(&ids(finding)),
    );
    let mut row = |term: &str, text: &str| {
        let _ = writeln!(out, "<dt>{term}</dt><dd>{}</dd>", xml(text));
    };
    if let Some(change) = change(finding) {
        row("change", &change);
    }
    row("why", finding.reason());
    if let Some(witness) = witness(finding) {
        row("proof", &witness);
    }
    let position = location.position;
    row(
        "at",
        &format!("{name}:{}:{}", position.line, position.column),
    );
    let affected: Vec<String> = finding.operations.iter().map(ToString::to_string).collect();
    if !affected.is_empty() {
        row("affects", &affected.join(", "));
    }
    row("fingerprint", id);
    out.push_str("</dl>\n</details>\n");
}
