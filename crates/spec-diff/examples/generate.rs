//! Writes OpenAPI documents to measure with: `cargo run --release --example generate -- KIND SIZE [edited]`.
//!
//! `dense SIZE`: SIZE schemas and SIZE operations in which nearly every schema reaches nearly every other, with
//! cycles. `wide SIZE`: about SIZE megabytes of resources that have little to do with each other. `edited` changes
//! a few schemas of the first, and one resource in a hundred of the second.

use std::io::{BufWriter, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (kind, size, edited) = match words.as_slice() {
        [kind, size] => (*kind, size.parse(), false),
        [kind, size, "edited"] => (*kind, size.parse(), true),
        _ => return usage(),
    };
    let Ok(size) = size else { return usage() };
    let mut out = BufWriter::new(std::io::stdout().lock());
    let done = match kind {
        "dense" => dense(&mut out, size, edited),
        "wide" => wide(&mut out, size * 1_000_000, edited),
        _ => return usage(),
    };
    match done.and_then(|()| out.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("{e}");
            ExitCode::FAILURE
        }
    }
}

fn usage() -> ExitCode {
    eprintln!("usage: generate dense SCHEMAS [edited] | wide MEGABYTES [edited]");
    ExitCode::from(2)
}

/// How many other schemas each dense schema refers to.
const LINKS: usize = 12;

fn dense(out: &mut impl Write, size: usize, edited: bool) -> std::io::Result<()> {
    write!(
        out,
        r#"{{"openapi":"3.0.3","info":{{"title":"dense","version":"1"}},"paths":{{"#
    )?;
    for i in 0..size {
        let comma = if i == 0 { "" } else { "," };
        write!(
            out,
            r##"{comma}
"/v1/things{i}/{{id}}":{{"post":{{"operationId":"post{i}","parameters":[{{"in":"path","name":"id","required":true,"schema":{{"type":"string","maxLength":5000}}}}],"requestBody":{{"content":{{"application/json":{{"schema":{{"$ref":"#/components/schemas/S{i}"}}}}}}}},"responses":{{"200":{{"description":"ok","content":{{"application/json":{{"schema":{{"$ref":"#/components/schemas/S{i}"}}}}}}}}}}}}}}"##
        )?;
    }
    write!(out, r#"}},"components":{{"schemas":{{"#)?;
    for i in 0..size {
        let comma = if i == 0 { "" } else { "," };
        write!(
            out,
            "{comma}\n\"S{i}\":{{\"type\":\"object\",\"required\":[\"id\"],\"properties\":{{\"id\":{{\"type\":\"string\"}}"
        )?;
        for link in 0..LINKS {
            // Multipliers without common divisors spread the links over all schemas.
            let to = (i * 7 + link * 131 + link * link * 17 + 1) % size.max(1);
            match link % 3 {
                0 => write!(
                    out,
                    r##","p{link}":{{"$ref":"#/components/schemas/S{to}"}}"##
                )?,
                1 => write!(
                    out,
                    r##","p{link}":{{"type":"array","items":{{"$ref":"#/components/schemas/S{to}"}}}}"##
                )?,
                _ => write!(
                    out,
                    r##","p{link}":{{"anyOf":[{{"type":"string","maxLength":5000}},{{"$ref":"#/components/schemas/S{to}"}}],"description":"Expanded on request."}}"##
                )?,
            }
        }
        for text in 0..8 {
            let limit = if edited && text == 3 && i % 25 == 0 {
                40
            } else {
                50
            };
            write!(
                out,
                r#","t{text}":{{"type":"string","maxLength":{limit},"description":"Some words on what this holds, as documents have them."}}"#
            )?;
        }
        write!(out, "}}}}")?;
    }
    writeln!(out, "}}}}}}")
}

fn wide(out: &mut impl Write, bytes: usize, edited: bool) -> std::io::Result<()> {
    let resources = bytes / 2_200;
    write!(
        out,
        r#"{{"openapi":"3.0.3","info":{{"title":"wide","version":"1"}},"paths":{{"#
    )?;
    for i in 0..resources {
        let comma = if i == 0 { "" } else { "," };
        write!(
            out,
            r##"{comma}
"/r{i}/{{id}}":{{"get":{{"operationId":"get{i}","parameters":[{{"in":"path","name":"id","required":true,"schema":{{"type":"string"}}}},{{"in":"query","name":"expand","schema":{{"type":"boolean"}}}}],"responses":{{"200":{{"description":"ok","content":{{"application/json":{{"schema":{{"$ref":"#/components/schemas/R{i}"}}}}}}}},"404":{{"description":"none","content":{{"application/json":{{"schema":{{"$ref":"#/components/schemas/Problem"}}}}}}}}}}}}}}"##
        )?;
    }
    write!(
        out,
        r#"}},"components":{{"schemas":{{"Problem":{{"type":"object","properties":{{"message":{{"type":"string"}}}}}}"#
    )?;
    for i in 0..resources {
        write!(out, ",\n\"R{i}\":{{\"type\":\"object\",\"properties\":{{")?;
        for p in 0..16 {
            let comma = if p == 0 { "" } else { "," };
            let kind = if edited && p == 5 && i % 100 == 0 {
                "integer"
            } else {
                "string"
            };
            write!(
                out,
                r#"{comma}"field{p}":{{"type":"{kind}","description":"What field {p} of resource {i} is good for, in a line of text."}}"#
            )?;
        }
        write!(
            out,
            r##","next":{{"$ref":"#/components/schemas/R{}"}}}}}}"##,
            if i % 8 == 7 {
                i - 7
            } else {
                (i + 1).min(resources - 1)
            }
        )?;
    }
    writeln!(out, "}}}}}}")
}
