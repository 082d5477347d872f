//! `tests/FAULTS.md`, written from the comments on the tests.

use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path};

use syn::{Attribute, Expr, ExprLit, Item, Lit, Meta, parse::Parser as _};

const LINES: u32 = 103;
const ACCEPT: &str = "UPDATE_FAULTS=1 cargo test -p aitoearn-tests --test faults faults_md";

/// One line of the list.
struct Fault {
    section: String,
    case: String,
    outcome: String,
    /// Where its test is; none for a line that does not apply.
    test: Option<String>,
}

#[test]
fn faults_md_is_current() {
    let faults = faults();
    let missing: Vec<_> = (1..=LINES).filter(|it| !faults.contains_key(it)).collect();
    assert!(missing.is_empty(), "no test for {missing:?}");
    assert_eq!(faults.len(), LINES as usize, "a number beyond {LINES}");

    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("FAULTS.md");
    let written = page(&faults);
    if std::env::var_os("UPDATE_FAULTS").is_some() {
        fs::write(&path, written).expect("writable");
        return;
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found.replace("\r\n", "\n") == written,
        "tests/FAULTS.md is not what the tests say. Write it anew: {ACCEPT}"
    );
}

/// All lines by number, from all files of this directory.
fn faults() -> BTreeMap<u32, Fault> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("faults");
    let mut faults = BTreeMap::new();
    for entry in fs::read_dir(directory).expect("readable") {
        let path = entry.expect("readable").path();
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let name = path
            .file_name()
            .expect("a file")
            .to_string_lossy()
            .into_owned();
        let file = syn::parse_file(&fs::read_to_string(&path).expect("readable"))
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let section = docs(&file.attrs).trim_end_matches('.').to_owned();
        for item in &file.items {
            let Some((number, fault)) = fault(item, &name, &section) else {
                continue;
            };
            let twice = faults.insert(number, fault);
            assert!(twice.is_none(), "{name}: {number} is there twice");
        }
    }
    faults
}

/// A test whose name is `f`, a number and words, or a line that does not apply.
fn fault(item: &Item, file: &str, section: &str) -> Option<(u32, Fault)> {
    let (attributes, ident, keyword, applies) = match item {
        Item::Fn(function) => (
            function.attrs.clone(),
            function.sig.ident.clone(),
            "Outcome: ",
            true,
        ),
        Item::Macro(item) if item.mac.path.is_ident("not_applicable") => {
            let parts = |input: syn::parse::ParseStream<'_>| {
                Ok((Attribute::parse_outer(input)?, input.parse()?))
            };
            let (attributes, ident) = parts
                .parse2(item.mac.tokens.clone())
                .unwrap_or_else(|error| panic!("{file}: {error}"));
            (attributes, ident, "Does not apply: ", false)
        }
        _ => return None,
    };
    let name = ident.to_string();
    let digits = name.strip_prefix('f')?.split('_').next()?;
    let number: u32 = digits.parse().ok()?;
    let text = docs(&attributes);
    let wanted = format!("`/// {number}. CASE.`, `///`, `/// {keyword}TEXT.`");
    let (case, outcome) = text
        .strip_prefix(&format!("{number}. "))
        .and_then(|text| text.split_once(&format!("\n\n{keyword}")))
        .unwrap_or_else(|| panic!("{file}: the comment on `{name}` is not {wanted}"));
    let fault = Fault {
        section: section.to_owned(),
        case: case.replace('\n', " "),
        outcome: outcome.replace("\n\n", " ").replace('\n', " "),
        test: applies.then(|| format!("`{name}` in [{file}](faults/{file})")),
    };
    Some((number, fault))
}

fn docs(attributes: &[Attribute]) -> String {
    let lines = attributes
        .iter()
        .filter_map(|attribute| match &attribute.meta {
            Meta::NameValue(doc) if doc.path.is_ident("doc") => match &doc.value {
                Expr::Lit(ExprLit {
                    lit: Lit::Str(text),
                    ..
                }) => Some(text.value().trim().to_owned()),
                _ => None,
            },
            _ => None,
        });
    lines.collect::<Vec<_>>().join("\n")
}

fn page(faults: &BTreeMap<u32, Fault>) -> String {
    let tested = faults.values().filter(|it| it.test.is_some()).count();
    let mut page = format!(
        "# What goes wrong, and what then\n\n\
         {} cases: {tested} with a test of their number, {} not applicable.\n\n\
         Generated from the comments on the tests in [faults](faults); after a change of those:\n\n\
         ```sh\n{ACCEPT}\n```\n",
        faults.len(),
        faults.len() - tested,
    );
    let mut section = "";
    for (number, fault) in faults {
        if fault.section != section {
            section = &fault.section;
            let _ = write!(
                page,
                "\n## {section}\n\n| | case | outcome | test |\n|---|---|---|---|\n"
            );
        }
        let cell = |text: &str| text.replace('|', "\\|");
        let test = fault.test.as_deref().unwrap_or("does not apply");
        let (case, outcome) = (cell(&fault.case), cell(&fault.outcome));
        let _ = writeln!(page, "| {number} | {case} | {outcome} | {test} |");
    }
    page
}
