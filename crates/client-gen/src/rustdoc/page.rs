//! Markdown as it is written: blocks in lists and quotes, and words in which nothing is markup.

use std::fmt::Write as _;

use spec_diff::escape::{code, code_block, visible};

/// Lists and quotes inside each other; those further in are shown beside the last one.
const DEEPEST: usize = 8;

/// What a block is in.
enum Holder {
    Quote,
    /// An item of a list: what its first line starts with, until that is written, and how far the others go in.
    Item {
        start: Option<String>,
        indent: usize,
    },
}

/// A page, from the top.
#[derive(Default)]
pub(super) struct Page {
    lines: Vec<String>,
    holders: Vec<Holder>,
    /// The number of the next item of each open list; none for bullets.
    lists: Vec<Option<u64>>,
    /// Lists and quotes that are open and not shown.
    too_deep: usize,
    /// The words of the block at hand.
    words: String,
    /// The lines of the code block at hand.
    code: Option<String>,
    /// Whether the next block starts behind an empty line.
    gap: bool,
}

impl Page {
    pub(super) fn in_code(&self) -> bool {
        self.code.is_some()
    }

    pub(super) fn code_lines(&mut self, text: &str) {
        if let Some(code) = &mut self.code {
            code.push_str(text);
        }
    }

    /// Adds our own markup.
    pub(super) fn mark(&mut self, markup: &str) {
        self.words.push_str(markup);
    }

    pub(super) fn code(&mut self, text: &str) {
        // Two pieces of code that touch would be one.
        if self.words.ends_with('`') {
            self.words.push(' ');
        }
        self.words.push_str(&code(text));
    }

    pub(super) fn line_break(&mut self) {
        self.words.push('\n');
    }

    /// Adds text with its line ends, each character for itself.
    pub(super) fn spelled(&mut self, text: &str) {
        for (index, line) in text.trim_end_matches('\n').split('\n').enumerate() {
            if index > 0 || (text.starts_with('<') && self.words.ends_with('>')) {
                self.line_break();
            }
            self.text(line, true);
        }
    }

    /// Adds words; an address among them becomes a link, unless they are in one.
    pub(super) fn text(&mut self, text: &str, in_link: bool) {
        let text = text.replace(['\n', '\t'], " ");
        let mut rest = &*visible(&text);
        let is_scheme = |text: &str| text.starts_with("https://") || text.starts_with("http://");
        while let Some((start, _)) = rest
            .match_indices("http")
            .find(|(start, _)| is_scheme(&rest[*start..]))
        {
            self.plain(&rest[..start]);
            let url = address(&rest[start..]);
            if url.ends_with("//") || in_link {
                // No address for rustdoc either.
                let (scheme, after) = rest[start..].split_once(':').unwrap_or_default();
                let _ = write!(self.words, "{scheme}\\:");
                rest = after;
            } else {
                let _ = write!(self.words, "<{url}>");
                rest = &rest[start + url.len()..];
            }
        }
        self.plain(rest);
    }

    fn plain(&mut self, text: &str) {
        let mut characters = text.chars().peekable();
        while let Some(c) = characters.next() {
            let next = characters.peek().copied();
            let is_markup = match c {
                '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '~' | '|' => true,
                // Inside a word it is a letter.
                '_' => {
                    !(self.words.ends_with(char::is_alphanumeric)
                        && next.is_some_and(char::is_alphanumeric))
                }
                '&' => next.is_some_and(|c| c.is_ascii_alphanumeric() || c == '#'),
                _ => false,
            };
            if is_markup {
                self.words.push('\\');
            }
            self.words.push(c);
        }
    }

    pub(super) fn start_list(&mut self, first: Option<u64>) {
        let had_words = !self.words.is_empty();
        self.end_block();
        // A list right below the words of the item that it is in.
        let is_nested = matches!(self.holders.last(), Some(Holder::Item { .. }));
        if had_words && is_nested && first.is_none_or(|first| first == 1) {
            self.gap = false;
        }
        self.lists.push(first);
    }

    pub(super) fn end_list(&mut self) {
        self.end_block();
        self.lists.pop();
        self.gap = true;
    }

    pub(super) fn start_item(&mut self) {
        self.end_block();
        let start = match self.lists.last_mut() {
            Some(Some(number)) => {
                let start = format!("{number}. ");
                *number = number.saturating_add(1).min(999_999_999);
                start
            }
            _ => "- ".to_owned(),
        };
        let indent = start.len();
        self.open(Holder::Item {
            start: Some(start),
            indent,
        });
    }

    pub(super) fn end_item(&mut self) {
        self.end_block();
        self.close();
        self.gap = false;
    }

    pub(super) fn start_quote(&mut self) {
        self.end_block();
        self.open(Holder::Quote);
    }

    pub(super) fn end_quote(&mut self) {
        self.end_block();
        self.close();
        self.gap = true;
    }

    fn open(&mut self, holder: Holder) {
        if self.holders.len() < DEEPEST {
            self.holders.push(holder);
        } else {
            self.too_deep += 1;
            self.gap = true;
        }
    }

    fn close(&mut self) {
        if self.too_deep > 0 {
            self.too_deep -= 1;
        } else {
            self.holders.pop();
        }
    }

    pub(super) fn start_code(&mut self) {
        self.end_block();
        self.code = Some(String::new());
    }

    pub(super) fn end_code(&mut self) {
        if let Some(text) = self.code.take() {
            let block = code_block(text.trim_end_matches('\n'), "text", "");
            self.block(block.lines());
        }
    }

    /// Writes the words at hand.
    pub(super) fn end_block(&mut self) {
        let words = std::mem::take(&mut self.words);
        let lines = words.lines().map(str::trim).filter(|line| !line.is_empty());
        let lines: Vec<String> = lines.map(no_block).collect();
        self.block(lines.iter().map(String::as_str));
    }

    fn block<'a>(&mut self, lines: impl Iterator<Item = &'a str>) {
        let mut is_first = true;
        for line in lines {
            if std::mem::take(&mut is_first) && self.gap && !self.lines.is_empty() {
                let quotes: String = self
                    .holders
                    .iter()
                    .map_while(|holder| match holder {
                        Holder::Quote => Some("> ".to_owned()),
                        Holder::Item {
                            start: None,
                            indent,
                        } => Some(" ".repeat(*indent)),
                        Holder::Item { .. } => None,
                    })
                    .collect();
                self.lines.push(quotes.trim_end().to_owned());
            }
            self.gap = false;
            let mut whole = String::new();
            for holder in &mut self.holders {
                match holder {
                    Holder::Quote => whole.push_str("> "),
                    Holder::Item { start, indent } => match start.take() {
                        Some(start) => whole.push_str(&start),
                        None => whole.push_str(&" ".repeat(*indent)),
                    },
                }
            }
            whole.push_str(line);
            self.lines.push(whole.trim_end().to_owned());
        }
        if !is_first {
            self.gap = true;
        }
    }

    pub(super) fn finish(mut self) -> String {
        self.end_block();
        self.lines.join("\n")
    }
}

/// The address that a text starts with, without the stop of a sentence.
fn address(text: &str) -> &str {
    let end = text
        .find(|c: char| !c.is_ascii_graphic() || "<>\"`\\[]{}|^".contains(c))
        .unwrap_or(text.len());
    text[..end].trim_end_matches(['.', ',', ';', ':', ')', '!', '?', '\'', '*', '_', '~'])
}

/// A line of words that starts no heading, list or rule.
fn no_block(line: &str) -> String {
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let after = &line[digits..];
    if digits > 0 && after.starts_with(['.', ')']) {
        return format!("{}\\{after}", &line[..digits]);
    }
    // Two asterisks are our own, one and a blank would be a bullet.
    if line.starts_with(['#', '+', '-', '=']) || line.starts_with("* ") {
        return format!("\\{line}");
    }
    line.to_owned()
}
