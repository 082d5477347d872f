//! Documentation that runs nothing: the last look, at what is really written.

use std::collections::BTreeMap;

use proc_macro2::{TokenStream, TokenTree};

use super::bug;
use crate::problem::{Problem, Problems, Result};
use crate::rustdoc::alive;

/// Checks every documentation of the generated code as rustdoc will read it.
pub fn check(files: &BTreeMap<String, String>) -> Result<()> {
    let mut problems = Vec::new();
    for (file, code) in files {
        let tokens: TokenStream = code
            .parse()
            .map_err(|error| bug(file.clone(), format!("it does not parse: {error}")))?;
        look(file, tokens, &mut problems);
    }
    Problems::none_or(problems)
}

fn look(file: &str, tokens: TokenStream, problems: &mut Vec<Problem>) {
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
fn judge(file: &str, lines: &mut Vec<String>, problems: &mut Vec<Problem>) {
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
    if let Some(what) = alive(&text) {
        let start: String = text.chars().take(60).collect();
        problems.push(bug(
            file.to_owned(),
            format!("the documentation `{start}…` holds {what}"),
        ));
    }
    lines.clear();
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
            "m! { /// [Vec]\n enum A { B } }",
            "struct A { /** <b> */ a: u8 }",
        ] {
            let files = BTreeMap::from([("a.rs".to_owned(), code.to_owned())]);
            assert!(check(&files).is_err(), "{code}");
        }
        let fine =
            "/// Words.\n///\n/// ```text\n/// run();\n/// ```\n#[derive(Debug)]\npub struct A;";
        let files = BTreeMap::from([("a.rs".to_owned(), fine.to_owned())]);
        assert_eq!(check(&files), Ok(()));
    }
}
