//! Documentation that runs nothing but our own examples: the last look, at what is really written.

use std::collections::BTreeMap;

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::Visit;

use super::bug;
use crate::problem::{Problem, Problems, Result};
use crate::rustdoc::{alive, alive_but};

/// What the documentation of generated code may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Docs {
    /// Words of the document.
    Words,
    /// Those, links to items of the crate, and one example of ours that is compiled and not run.
    WithExample,
}

/// Checks every documentation of the generated code as rustdoc will read it.
pub fn check(files: &BTreeMap<String, String>, docs: Docs) -> Result<()> {
    let mut problems = Vec::new();
    for (file, code) in files {
        let tokens: TokenStream = code
            .parse()
            .map_err(|error| bug(file.clone(), format!("it does not parse: {error}")))?;
        look((file, docs), tokens, &mut problems);
    }
    Problems::none_or(problems)
}

fn look(file: (&str, Docs), tokens: TokenStream, problems: &mut Vec<Problem>) {
    let mut lines: Vec<String> = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Punct(mark) if matches!(mark.as_char(), '#' | '!') => continue,
            TokenTree::Group(group) => {
                if let Some(line) = doc(&group.stream()) {
                    lines.push(line);
                    continue;
                }
                look(file, group.stream(), problems);
            }
            _ => {}
        }
        judge(file, &mut lines, problems);
    }
    judge(file, &mut lines, problems);
}

/// Judges the lines that are one documentation, and forgets them.
fn judge((file, docs): (&str, Docs), lines: &mut Vec<String>, problems: &mut Vec<Problem>) {
    // As rustdoc does, which takes the indent that all lines have off them.
    let indents = lines.iter().filter(|line| !line.trim().is_empty());
    let indent = indents
        .map(|line| line.len() - line.trim_start().len())
        .min()
        .unwrap_or_default();
    let text: Vec<&str> = lines
        .iter()
        .map(|line| line.get(indent..).unwrap_or_default())
        .collect();
    let text = text.join("\n");
    let found = match docs {
        Docs::Words => alive(&text),
        Docs::WithExample => without_example(&text)
            .and_then(|words| alive_but(&words, is_item).map_or(Ok(()), Err))
            .err(),
    };
    if let Some(what) = found {
        let start: String = text.chars().take(60).collect();
        problems.push(bug(
            file.to_owned(),
            format!("the documentation `{start}…` holds {what}"),
        ));
    }
    lines.clear();
}

/// What is left of a documentation without its example, which calls this crate and nothing else.
fn without_example(text: &str) -> std::result::Result<String, String> {
    const START: &str = "```no_run\n";
    let Some((before, rest)) = text.split_once(START) else {
        return Ok(text.to_owned());
    };
    let (example, after) = rest.split_once("\n```").unwrap_or((rest, ""));
    let shown = |line: &str| line.strip_prefix("# ").unwrap_or(line).to_owned();
    let code: Vec<String> = example.lines().map(shown).collect();
    let parsed = syn::parse_str::<syn::File>(&code.join("\n"))
        .map_err(|error| format!("an example that does not parse: {error}"))?;
    let mut calls = Calls::default();
    calls.visit_file(&parsed);
    calls
        .foreign
        .map_or_else(|| Ok(format!("{before}{after}")), Err)
}

/// Whether a link is one to an item, and not to a page.
fn is_item(target: &str) -> bool {
    let mut names = target.trim_matches('`').split("::");
    names
        .all(|name| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'))
}

/// What an example reaches that is not the crate's.
#[derive(Default)]
struct Calls {
    foreign: Option<String>,
}

impl<'ast> Visit<'ast> for Calls {
    fn visit_macro(&mut self, called: &'ast syn::Macro) {
        let name = called.path.segments.last().map(|it| it.ident.to_string());
        if !name.is_some_and(|name| ["println", "vec", "json"].contains(&&*name)) {
            self.foreign = Some("an example that calls a macro".to_owned());
        }
    }
    fn visit_attribute(&mut self, _: &'ast syn::Attribute) {
        self.foreign = Some("an example with an attribute".to_owned());
    }
    fn visit_expr_unsafe(&mut self, _: &'ast syn::ExprUnsafe) {
        self.foreign = Some("an example with `unsafe`".to_owned());
    }
    fn visit_path(&mut self, path: &'ast syn::Path) {
        let first = path.segments.first().map(|it| it.ident.to_string());
        if path.leading_colon.is_some()
            || first.is_some_and(|name| ["std", "core", "alloc", "extern"].contains(&&*name))
        {
            self.foreign = Some("an example that calls the standard library".to_owned());
        }
        syn::visit::visit_path(self, path);
    }
}

/// The text of `doc = "…"`.
fn doc(tokens: &TokenStream) -> Option<String> {
    let mut tokens = tokens.clone().into_iter();
    match (
        tokens.next()?,
        tokens.next()?,
        tokens.next()?,
        tokens.next(),
    ) {
        (TokenTree::Ident(name), TokenTree::Punct(_), TokenTree::Literal(text), None)
            if name == "doc" =>
        {
            let text: syn::LitStr = syn::parse_str(&text.to_string()).ok()?;
            Some(text.value())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_in_documentation_is_found_wherever_it_is() {
        for code in [
            "/// ```\n/// run();\n/// ```\npub struct A;",
            "//!     run();\n//!\n//! Words.",
            "m! { /// [Vec](vec:)\n enum A { B } }",
            "struct A { /** <b> */ a: u8 }",
        ] {
            let files = BTreeMap::from([("a.rs".to_owned(), code.to_owned())]);
            assert!(check(&files, Docs::Words).is_err(), "{code}");
            assert!(check(&files, Docs::WithExample).is_err(), "{code}");
        }
        let fine =
            "/// Words.\n///\n/// ```text\n/// run();\n/// ```\n#[derive(Debug)]\npub struct A;";
        let files = BTreeMap::from([("a.rs".to_owned(), fine.to_owned())]);
        assert_eq!(check(&files, Docs::Words), Ok(()));
    }

    #[test]
    fn an_example_of_ours_calls_this_crate_alone() {
        let said = |example: &str| {
            let docs = format!("Fills it, see [`Tea`](crate::Tea).\n\n```no_run\n{example}\n```");
            let files =
                BTreeMap::from([("a.rs".to_owned(), format!("#[doc = {docs:?}]\nfn a() {{}}"))]);
            match check(&files, Docs::WithExample) {
                Ok(()) => String::new(),
                Err(problems) => problems.to_string(),
            }
        };
        let around =
            |call: &str| format!("# async fn example(client: shop::Client) {{\n{call}\n# }}");
        assert_eq!(said(&around("client.tea().fill(\"```\").await;")), "");
        for call in [
            "std::process::exit(1);",
            "::shop::run();",
            "include_str!(\"/etc/passwd\");",
            "unsafe { run() };",
            "#[path = \"x\"] mod x;",
            "client.tea(",
            "run();\n```\n\n```\nmore();",
        ] {
            assert!(
                said(&around(call)).contains("an example")
                    || said(&around(call)).contains("a code block"),
                "{call}"
            );
        }
        let link = "/// [a](crate::b::)\nfn a() {}".to_owned();
        assert!(
            check(
                &BTreeMap::from([("a.rs".to_owned(), link)]),
                Docs::WithExample
            )
            .is_err()
        );
    }
}
