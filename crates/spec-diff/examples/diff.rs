//! Compares two files: `cargo run --release --example diff -- OLD NEW [text|markdown|json|github|junit|sarif]`.
//!
//! Exit code 0: nothing breaks; 1: something does, or cannot be decided; 2: bad input or usage.

use std::io::Write;
use std::process::ExitCode;

use spec_diff::{Document, Options, Report, compare, render};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (old, new, format) = match arguments.as_slice() {
        [old, new] => (old, new, "text"),
        [old, new, format] => (old, new, format.as_str()),
        _ => return usage(),
    };
    let report = match report(old, new) {
        Ok(report) => report,
        Err(message) => {
            eprintln!("{message}");
            return ExitCode::from(2);
        }
    };
    let output = match format {
        "text" => render::text(&report, render::Color::Never),
        "markdown" => render::markdown(&report),
        "json" => render::json(&report),
        "github" => render::github(&report),
        "junit" => render::junit(&report),
        "sarif" => render::sarif(&report),
        _ => return usage(),
    };
    // A reader that has seen enough may close the pipe.
    let _ = std::io::stdout().write_all(output.as_bytes());
    ExitCode::from(u8::from(!report.verdict().passes()))
}

fn usage() -> ExitCode {
    eprintln!("usage: diff OLD NEW [text|markdown|json|github|junit|sarif]");
    ExitCode::from(2)
}

fn report(old: &str, new: &str) -> Result<Report, String> {
    let parse = |path: &str| {
        let bytes = std::fs::read(path).map_err(|e| format!("{path}: {e}"))?;
        Document::parse(&bytes, path).map_err(|e| e.to_string())
    };
    Ok(compare(&parse(old)?, &parse(new)?, &Options::default()))
}
