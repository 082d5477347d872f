//! Text of a document as documentation of Rust: only what is on a short list stays markup.
//!
//! rustdoc runs code, follows links to items and passes HTML on, so a description could do all of
//! that. It is read by rustdoc's own parser and written again from what the parser found:
//! paragraphs, lists, quotes, emphasis, inline code and links to `https`, `http` and `mailto` stay,
//! code blocks are marked `text`, and all else is words. The outcome is read once more, and if
//! anything in it is alive, the text is shown as it came, in a code block.

mod page;

use pulldown_cmark::{
    BrokenLink, CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd,
    TextMergeStream,
};
use spec_diff::escape::{code_block, visible};

use page::Page;

/// How often a text is written again until nothing changes any more.
const ROUNDS: usize = 4;

/// A description in Markdown; empty if it has no words. A second time changes nothing.
pub(crate) fn text(description: &str) -> String {
    let source = shown(description);
    let mut text = again(&source);
    for _ in 0..ROUNDS {
        let next = again(&text);
        if next == text && alive(&text).is_none() {
            return text;
        }
        text = next;
    }
    code_block(&source, "text", "").trim_end().to_owned()
}

/// A text of one line, such as a title.
pub(crate) fn line(words: &str) -> String {
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = text(&words);
    if !line.contains('\n') && starts_with_words(&line) {
        return line;
    }
    let mut page = Page::default();
    page.text(&visible(&words), false);
    page.finish()
}

/// A description with a sentence of ours behind it.
pub(crate) fn with_sentence(description: &str, sentence: &str) -> String {
    if description.is_empty() {
        return sentence.to_owned();
    }
    let last = description.lines().next_back().unwrap_or_default();
    let between = if starts_with_words(last) { " " } else { "\n\n" };
    format!("{}{between}{sentence}", with_stop(description))
}

/// A description with words of ours in front of it.
pub(crate) fn before(words: &str, description: &str) -> String {
    let first = description.lines().next().unwrap_or_default();
    let between = if starts_with_words(first) {
        " "
    } else {
        "\n\n"
    };
    format!("{words}{between}{description}")
        .trim_end()
        .to_owned()
}

/// A description that ends as a sentence does, where it ends in words.
pub(crate) fn with_stop(description: &str) -> String {
    let last = description.lines().next_back().unwrap_or_default();
    if last.trim_end().ends_with(['.', '!', '?', ':']) || last.trim_end().ends_with("```") {
        description.to_owned()
    } else {
        format!("{description}.")
    }
}

/// A description as it continues an item of a list that has begun with other words.
pub(crate) fn in_item(description: &str) -> String {
    let inside = description.replace('\n', "\n  ");
    if starts_with_words(description) {
        inside
    } else {
        format!("\n\n  {inside}")
    }
}

/// Whether a line is one of a paragraph, outside of lists, quotes and code.
fn starts_with_words(line: &str) -> bool {
    let is_number = line
        .trim_start_matches(|c: char| c.is_ascii_digit())
        .starts_with(". ");
    !(line.starts_with([' ', '>'])
        || line.starts_with("- ")
        || line.starts_with("```")
        || is_number)
}

/// Line ends of one kind, and everything that hides written out.
fn shown(text: &str) -> String {
    let text = text
        .replace("\r\n", "\n")
        .replace(['\r', '\u{2028}', '\u{2029}'], "\n");
    let lines: Vec<String> = text
        .split('\n')
        .map(|line| visible(&line.replace('\t', "    ")).into_owned())
        .collect();
    lines.join("\n")
}

/// Reads Markdown and writes what is on the list.
fn again(text: &str) -> String {
    let mut page = Page::default();
    // What stands for each open link: the end of it, if it stays one.
    let mut links: Vec<Option<String>> = Vec::new();
    for event in TextMergeStream::new(Parser::new(text)) {
        match event {
            Event::Text(words) if page.in_code() => page.code_lines(&words),
            Event::Text(words) => page.text(&words, links.iter().any(Option::is_some)),
            // Shown as it is spelled.
            Event::Html(words) | Event::InlineHtml(words) => page.spelled(&words),
            Event::Code(words) => page.code(&words),
            Event::SoftBreak | Event::HardBreak => page.line_break(),
            Event::Start(tag) => match tag {
                Tag::List(first) => page.start_list(first),
                Tag::Item => page.start_item(),
                Tag::BlockQuote(_) => page.start_quote(),
                Tag::CodeBlock(_) => page.start_code(),
                Tag::Emphasis => page.mark("*"),
                Tag::Strong => page.mark("**"),
                Tag::Heading { .. } => {
                    page.end_block();
                    page.mark("**");
                }
                Tag::Link {
                    link_type,
                    dest_url,
                    ..
                } => {
                    let end = harmless(link_type, &dest_url).map(|url| format!("]({url})"));
                    if end.is_some() {
                        page.mark("[");
                    }
                    links.push(end);
                }
                Tag::Image { .. } => {}
                _ => page.end_block(),
            },
            Event::End(tag) => match tag {
                TagEnd::List(_) => page.end_list(),
                TagEnd::Item => page.end_item(),
                TagEnd::BlockQuote(_) => page.end_quote(),
                TagEnd::CodeBlock => page.end_code(),
                TagEnd::Emphasis => page.mark("*"),
                TagEnd::Strong => page.mark("**"),
                TagEnd::Heading(_) => {
                    page.mark("**");
                    page.end_block();
                }
                TagEnd::Link => {
                    if let Some(end) = links.pop().flatten() {
                        page.mark(&end);
                    }
                }
                TagEnd::Image => {}
                _ => page.end_block(),
            },
            // A line across the page says nothing; the others need options that are off.
            _ => page.end_block(),
        }
    }
    page.finish()
}

/// The address of a link that may stay one. An autolink is found again in its text.
fn harmless(kind: LinkType, url: &str) -> Option<String> {
    let is_plain = url
        .chars()
        .all(|c| c.is_ascii_graphic() && !"<>\"\\^`{|}()*_[]".contains(c));
    (kind == LinkType::Inline && is_plain && has_harmless_scheme(url)).then(|| url.to_owned())
}

fn has_harmless_scheme(url: &str) -> bool {
    let rest = |scheme: &str| {
        url.get(..scheme.len())
            .filter(|start| start.eq_ignore_ascii_case(scheme))
            .map(|_| &url[scheme.len()..])
    };
    let web = rest("https://").or_else(|| rest("http://"));
    web.is_some_and(|host| host.starts_with(|c: char| c.is_ascii_alphanumeric()))
        || rest("mailto:").is_some_and(|address| address.contains('@'))
}

/// What in a documentation could run, link, embed or hide, as rustdoc reads it; `None` if nothing.
pub(crate) fn alive(text: &str) -> Option<String> {
    alive_but(text, |_| false)
}

/// The same, for documentation that has links of ours.
pub(crate) fn alive_but(text: &str, is_ours: impl Fn(&str) -> bool) -> Option<String> {
    if let Some(hidden) = text
        .chars()
        .find(|c| *c != '\n' && spec_diff::escape::is_hidden(*c))
    {
        return Some(format!("the character U+{:04X}", u32::from(hidden)));
    }
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS;
    // rustdoc takes any word in brackets for an item.
    let to_item =
        |link: BrokenLink<'_>| Some((CowStr::from(link.reference.to_string()), "".into()));
    let parser = Parser::new_with_broken_link_callback(text, options, Some(to_item));
    for event in parser {
        let what = match event {
            Event::Text(_)
            | Event::Code(_)
            | Event::SoftBreak
            | Event::HardBreak
            | Event::End(_) => continue,
            Event::Start(tag) => match tag {
                Tag::Paragraph
                | Tag::Heading { .. }
                | Tag::List(_)
                | Tag::Item
                | Tag::Emphasis
                | Tag::Strong
                | Tag::BlockQuote(_) => continue,
                Tag::CodeBlock(CodeBlockKind::Fenced(info)) if &*info == "text" => continue,
                Tag::CodeBlock(_) => "a code block that is not `text`".to_owned(),
                Tag::Link {
                    link_type: LinkType::Inline | LinkType::Autolink,
                    dest_url,
                    ..
                } if has_harmless_scheme(&dest_url) => continue,
                Tag::Link { ref dest_url, .. } if is_ours(dest_url) => continue,
                Tag::Link { dest_url, .. } => format!("a link to `{dest_url}`"),
                Tag::Image { dest_url, .. } => format!("an image from `{dest_url}`"),
                Tag::HtmlBlock => "HTML".to_owned(),
                other => format!("{other:?}"),
            },
            Event::Html(_) | Event::InlineHtml(_) => "HTML".to_owned(),
            other => format!("{other:?}"),
        };
        return Some(what);
    }
    None
}

#[cfg(test)]
mod tests;
