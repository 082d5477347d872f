//! What spec-diff escapes by; our own sentences mark code with backticks.

pub(super) use spec_diff::escape::{
    code, code_block, command, command_property, line, sentence as markdown, shortened as short,
    uri, visible, visible_json, xml,
};

/// Several lines in which nothing hides and nothing is a command.
pub(super) fn visible_lines(text: &str) -> String {
    text.lines()
        .map(|text| line(text).into_owned() + "\n")
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_stay_lines_and_nothing_hides() {
        assert_eq!(visible_lines("a\u{1b}[31m\n::b"), "a\\u{1b}[31m\n\\::b\n");
    }
}
