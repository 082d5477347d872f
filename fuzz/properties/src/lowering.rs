//! From a document to Rust.

use client_gen::emit::{self, Target};
use client_gen::names::Names;
use client_gen::passes::{self, Context};
use client_gen::report::Report;
use client_gen::spec::Spec;
use client_gen::{examples, guards};

use crate::documents::said;
use crate::grow::Grower;

/// The input is a document's text, or what one is grown from. The outcome is code that the guards
/// let pass, or an error that says where, what, and what to do, without blaming the generator.
pub fn lowering(input: &[u8]) {
    let text = match std::str::from_utf8(input) {
        Ok(text) if text.starts_with('{') => text.to_owned(),
        _ => Grower::new(input).document().to_string(),
    };
    said(generate(&text).err());
}

/// As `client_gen::generate::draft`, with the guards told apart, and without the formatter, which is a process for each file.
fn generate(text: &str) -> client_gen::problem::Result<()> {
    let mut spec = Spec::parse(text, "d.json")?;
    let mut report = Report::default();
    let examples = examples::collect(&spec);
    let names = Names::default();
    let mut context = Context {
        names: &names,
        report: &mut report,
    };
    passes::lower(&mut spec, &mut context)?;
    // The guards look for what a pass let through, which is never the document's fault.
    guards::check_lowered(&mut spec, &names)
        .unwrap_or_else(|problems| panic!("{problems}\nin {text}"));
    let target = Target {
        runtime: "crate".to_owned(),
        source: "d.json".to_owned(),
        command: "fuzz".to_owned(),
    };
    let files = emit::emit(&spec, &target, names.rules(), None)?;
    guards::check_code(&spec, &files)?;
    // Nor is it if some of its text is alive.
    guards::check_docs(&files, guards::Docs::Words)
        .unwrap_or_else(|problems| panic!("{problems}\nin {text}"));
    examples::by_name(&spec, examples.answers);
    assert!(!report.render("d.json", "fuzz").is_empty());
    Ok(())
}
