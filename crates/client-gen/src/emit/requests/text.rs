//! Words as lines of documentation.

/// As wide as a line of documentation may be, without its indent and `/// `.
const WIDTH: usize = 88;

/// Text in lines of that width; blank lines stay, and so does what is indented.
pub(super) fn wrap(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.trim().lines() {
        if paragraph.trim().is_empty() {
            lines.push(String::new());
            continue;
        }
        let indent = if paragraph.starts_with("- ") {
            "  "
        } else {
            ""
        };
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            let is_full = line.chars().count() + 1 + word.chars().count() > WIDTH;
            if is_full && !matches!(line.trim(), "" | "-") && may_begin_line(word) {
                lines.push(std::mem::replace(&mut line, indent.to_owned()));
            }
            if !line.trim().is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    lines
}

/// Whether a word means the same at the beginning of a line: `#`, `-` and `1.` would not.
fn may_begin_line(word: &str) -> bool {
    let is_number = word.trim_end_matches(['.', ')']).parse::<u64>().is_ok();
    let is_plain =
        word.starts_with(|first: char| first.is_alphanumeric() || "([`\"".contains(first));
    is_plain && !(is_number && word.ends_with(['.', ')'])) && !word.starts_with("``")
}

/// Lines as `///`.
pub(super) fn comment(lines: &[String]) -> String {
    lines
        .iter()
        .map(|line| format!("/// {line}").trim_end().to_owned() + "\n")
        .collect()
}

/// The first sentence, and the rest.
pub(super) fn first_sentence(text: &str) -> (&str, &str) {
    let text = text.trim();
    let mut in_code = false;
    let mut before = ' ';
    for (at, character) in text.char_indices() {
        match character {
            '`' => in_code = !in_code,
            '\n' if text[at..].starts_with("\n\n") => return (&text[..at], text[at..].trim()),
            ' ' | '\n' if !in_code && before == '.' && !goes_on(&text[at..]) => {
                return (&text[..at], text[at..].trim());
            }
            _ => {}
        }
        before = character;
    }
    (text, "")
}

/// Whether what follows a stop is the same sentence: after `e.g.`, for instance.
fn goes_on(rest: &str) -> bool {
    rest.trim_start().starts_with(char::is_lowercase)
}

/// A sentence with its stop.
pub(super) fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() || text.ends_with(['.', '!', '?', ':']) {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_no_wider_than_they_may_be() {
        let lines = wrap(&format!("- {}\n\nend", "twelve chars ".repeat(10)));
        assert!(
            lines.iter().all(|line| line.chars().count() <= WIDTH),
            "{lines:?}"
        );
        assert!(lines[1].starts_with("  chars"), "{lines:?}");
        assert_eq!(lines[lines.len() - 2..], [String::new(), "end".to_owned()]);
        assert_eq!(comment(&["a".to_owned(), String::new()]), "/// a\n///\n");
        for word in ["#", "-", "+", "1.", "2)", "===", ">", "```"] {
            let line = "a".repeat(WIDTH - 1);
            assert_eq!(wrap(&format!("{line} {word}")).len(), 1, "{word}");
            assert_eq!(wrap(&format!("{line} 12 {word}")).len(), 2, "{word}");
        }
    }

    #[test]
    fn a_sentence_ends_outside_of_code() {
        let (first, rest) = first_sentence("See `a. b`, e.g. here. More");
        assert_eq!((first, rest), ("See `a. b`, e.g. here.", "More"));
        assert_eq!(first_sentence("One\n\nTwo"), ("One", "Two"));
        assert_eq!(sentence("Done"), "Done.");
    }
}
