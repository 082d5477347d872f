//! Pages of HTML: escaped text, tables, and the headers that pages are served with.
//!
//! Without scripts or anything from elsewhere. Everything that a client sent is escaped.

use std::fmt::Write as _;

use super::answer::Answer;

/// No scripts, nothing from elsewhere, in nobody's frame.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; \
                      base-uri 'none'; frame-ancestors 'none'";

const STYLE: &str = "body{font:1rem/1.5 system-ui,sans-serif;max-width:70rem;margin:1rem auto;padding:0 1rem}\
    h2{margin:2rem 0 .25rem}table{border-collapse:collapse;width:100%}\
    th,td{text-align:left;padding:.25rem .75rem .25rem 0;border-bottom:1px solid #8888;vertical-align:top;\
    overflow-wrap:anywhere}th{overflow-wrap:normal}#operations+table td:first-child{width:22rem}form{display:inline}button,select{font:inherit;padding:.2rem .6rem}\
    dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem}dd{margin:0;overflow-wrap:anywhere}\
    pre{white-space:pre-wrap;overflow-wrap:anywhere;margin:0}nav a{margin-right:1rem}\
    :root{color-scheme:light dark}";

/// A whole page. `head` and `body` are HTML already.
pub(crate) fn page(status: u16, title: &str, head: &str, body: &str) -> Answer {
    let title = escape(title);
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title>{head}\
         <style>{STYLE}</style></head><body>{body}</body></html>"
    );
    let mut answer = Answer::html(status, html);
    answer.headers.extend([
        ("content-security-policy", POLICY.to_owned()),
        ("x-content-type-options", "nosniff".to_owned()),
        // With `no-referrer`, browsers say of our own buttons that they are of nowhere (`Origin: null`).
        ("referrer-policy", "same-origin".to_owned()),
        ("cache-control", "no-store".to_owned()),
    ]);
    answer
}

/// A page with one sentence.
pub(crate) fn sentence(status: u16, title: &str, text: &str) -> Answer {
    let body = format!(
        "<main><h1>{}</h1><p>{}</p></main>",
        escape(title),
        escape(text)
    );
    page(status, title, "", &body)
}

/// A table under a heading, with cells that are HTML already.
pub(crate) fn table(
    html: &mut String,
    id: &str,
    title: &str,
    heads: &[&str],
    rows: &[Vec<String>],
) {
    let _ = write!(html, "<h2 id=\"{id}\">{title} ({})</h2>", rows.len());
    if rows.is_empty() {
        html.push_str("<p>None.</p>");
        return;
    }
    let _ = write!(html, "<table aria-labelledby=\"{id}\"><thead><tr>");
    for head in heads {
        let _ = write!(html, "<th scope=\"col\">{head}</th>");
    }
    html.push_str("</tr></thead><tbody>");
    for row in rows {
        html.push_str("<tr>");
        for cell in row {
            let _ = write!(html, "<td>{cell}</td>");
        }
        html.push_str("</tr>");
    }
    html.push_str("</tbody></table>");
}

/// Text in HTML, also inside of quotes. Hidden characters are shown by their numbers.
pub(crate) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                let _ = write!(safe, "[U+{:04X}]", u32::from(c));
            }
            c if c.is_control() => safe.push(' '),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn text_is_no_html() {
        assert_eq!(
            escape("<b a='1' c=\"2\">&"),
            "&lt;b a=&#39;1&#39; c=&quot;2&quot;&gt;&amp;"
        );
        assert_eq!(escape("a\u{202e}b\u{1b}c"), "a[U+202E]b c");
    }
}
