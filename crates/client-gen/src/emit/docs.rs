//! Docs as attributes: the text of one, and the lines that a text becomes.

use syn::Attribute;

/// The text of an attribute that is a line of docs.
pub(super) fn doc_text(attribute: &Attribute) -> Option<String> {
    let syn::Meta::NameValue(meta) = &attribute.meta else {
        return None;
    };
    let syn::Expr::Lit(literal) = &meta.value else {
        return None;
    };
    match &literal.lit {
        syn::Lit::Str(text) if meta.path.is_ident("doc") => Some(text.value()),
        _ => None,
    }
}

/// progenitor goes on after the description; a `# Errors` section belongs at the end.
fn errors_last(text: &str) -> String {
    let Some((before, rest)) = text.split_once("# Errors\n\n") else {
        return text.to_owned();
    };
    let (errors, after) = rest.split_once("\n\n").unwrap_or((rest, ""));
    format!("{before}{after}\n\n# Errors\n\n{errors}")
}

/// One attribute per line, each with the space that makes `/// text`; how far a line goes in says
/// what list or code it belongs to.
pub(super) fn doc_lines(text: &str) -> Vec<String> {
    let text = errors_last(text);
    let mut lines: Vec<String> = Vec::new();
    for line in text.trim().lines() {
        let line = line.trim_end();
        if line.is_empty() && lines.last().is_none_or(String::is_empty) {
            continue;
        }
        lines.push(if line.is_empty() {
            String::new()
        } else {
            format!(" {line}")
        });
    }
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::doc_lines;

    #[test]
    fn docs_are_lines_with_the_errors_last() {
        assert_eq!(
            doc_lines("Does it.\n\n# Errors\n\nOne.\n\nSends a `GET`\n\n- one\n  more"),
            [
                " Does it.",
                "",
                " Sends a `GET`",
                "",
                " - one",
                "   more",
                "",
                " # Errors",
                "",
                " One."
            ]
        );
    }
}
