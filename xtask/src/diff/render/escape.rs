//! Our own sentences mark code with backticks; the rest is spec-diff's.

pub(super) use spec_diff::escape::{
    code, command, command_property, shortened as short, uri, visible, xml,
};

/// Several lines in which nothing hides.
pub(super) fn visible_lines(text: &str) -> String {
    text.lines()
        .map(|line| visible(line).into_owned() + "\n")
        .collect()
}

/// Markdown in which nothing is markup, a mention or a link, except code between backticks.
pub(super) fn markdown(text: &str) -> String {
    let pieces = text.split('`').enumerate();
    pieces
        .map(|(index, piece)| {
            if index % 2 == 0 {
                spec_diff::escape::markdown(piece)
            } else {
                format!("`{}`", visible(piece))
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_hides_and_nothing_is_markup_but_code() {
        assert_eq!(visible_lines("a\u{1b}[31m\nb"), "a\\u{1b}[31m\nb\n");
        assert_eq!(
            markdown("@team <b> *x* `y*`"),
            "&#64;team &lt;b&gt; \\*x\\* `y*`"
        );
        assert_eq!(markdown("left `open"), "left `open`");
    }
}
