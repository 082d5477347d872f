//! The page for people: what is in the sandbox, and buttons for what people and networks do.
//!
//! Plain HTML from here, without scripts or anything from elsewhere. Everything that a client
//! sent is escaped.

use std::fmt::Write as _;

use aitoearn_api::{Code, operations};

use super::Shared;
use super::app::Answer;
use super::clock::iso;
use super::faults::Fault;
use super::posts::status_word;
use super::request::Incoming;
use super::routes::{assets, auth};

/// How many of the newest requests are listed.
const REQUESTS: usize = 50;

/// No scripts, nothing from elsewhere, in nobody's frame.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; \
                      base-uri 'none'; frame-ancestors 'none'";

const STYLE: &str = "body{font:1rem/1.5 system-ui,sans-serif;max-width:70rem;margin:1rem auto;padding:0 1rem}\
    table{border-collapse:collapse;width:100%}caption{text-align:left;font-weight:bold;padding:.5rem 0}\
    th,td{text-align:left;padding:.25rem .75rem .25rem 0;border-bottom:1px solid #8888;vertical-align:top;\
    overflow-wrap:anywhere}form{display:inline}button,select{font:inherit;padding:.2rem .6rem}\
    nav a{margin-right:1rem}:root{color-scheme:light dark}";

/// What can be ordered on the page, and what it is there for.
const FAULTS: &[(&str, &str)] = &[
    ("502", "HTTP 502 from the proxy"),
    ("lost", "done, but the answer is lost"),
    ("cut", "the connection breaks before"),
    ("401", "code 401: the key is refused"),
    ("429", "code 429: too many requests"),
];

/// The answer to a request for the page or one of its buttons; `None` for everything else.
pub(crate) fn answer(shared: &Shared, request: &Incoming) -> Option<Answer> {
    match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/") => Some(page(shared, request.query.contains("live"))),
        ("POST", "/sandbox/session" | "/sandbox/fault" | "/sandbox/clear")
            if is_foreign(request) =>
        {
            Some(text(
                403,
                "This button is pressed on the sandbox's own page only.",
            ))
        }
        ("POST", "/sandbox/session") => Some(press(session(shared, request))),
        ("POST", "/sandbox/fault") => Some(press(fault(shared, request))),
        ("POST", "/sandbox/clear") => {
            *shared.orders() = super::Orders::default();
            Some(press(Some(())))
        }
        _ => None,
    }
}

/// Whether a page of somebody else sends this: browsers say where a form was.
fn is_foreign(request: &Incoming) -> bool {
    let origin = request.header("origin");
    let host = request.header("host").unwrap_or_default();
    let own = origin.is_some_and(|origin| origin.strip_prefix("http://") == Some(host));
    origin.is_some() && !own
}

/// Back to the page, or word that there was nothing to do.
fn press(done: Option<()>) -> Answer {
    if done.is_none() {
        return text(
            404,
            "There is nothing by that name any more. Go back and load the page again.",
        );
    }
    let mut answer = Answer::new(303, "text/plain; charset=utf-8", "");
    answer.headers.push(("location", "/".to_owned()));
    answer
}

fn text(status: u16, text: &'static str) -> Answer {
    Answer::new(status, "text/plain; charset=utf-8", text)
}

fn fields(request: &Incoming) -> Vec<(String, String)> {
    let pairs = form_urlencoded::parse(&request.body.bytes);
    pairs
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect()
}

fn field<'a>(fields: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let found = fields.iter().find(|(known, _)| known == name);
    found.map(|(_, value)| value.as_str())
}

fn session(shared: &Shared, request: &Incoming) -> Option<()> {
    let fields = fields(request);
    // 15013: the person says no.
    let failure = match field(&fields, "answer")? {
        "approve" => None,
        "refuse" => Some(15013),
        _ => return None,
    };
    let id = field(&fields, "session")?;
    shared.state().end_session(id, failure).then_some(())
}

fn fault(shared: &Shared, request: &Incoming) -> Option<()> {
    let fields = fields(request);
    let name = field(&fields, "operation")?;
    let operation = operations::ALL.iter().find(|it| it.name == name)?;
    let fault = match field(&fields, "fault")? {
        "502" => Fault::bad_gateway(),
        "lost" => Fault::lose_answer(),
        "cut" => Fault::cut(),
        "401" => Fault::code(Code::UNAUTHORIZED),
        "429" => Fault::throttled(std::time::Duration::from_secs(1)),
        _ => return None,
    };
    let always = field(&fields, "often") == Some("always");
    shared.orders().order(operation.name, fault, always);
    Some(())
}

fn page(shared: &Shared, is_live: bool) -> Answer {
    let mut html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>AiToEarn sandbox</title>{}\
         <style>{STYLE}</style></head><body><h1>AiToEarn sandbox</h1>\
         <nav aria-label=\"Page\"><a href=\"/\">Look again</a>{}</nav><main>",
        if is_live {
            "<meta http-equiv=\"refresh\" content=\"2\">"
        } else {
            ""
        },
        if is_live {
            "<a href=\"/\">Stop looking every 2 seconds</a>"
        } else {
            "<a href=\"/?live\">Look every 2 seconds</a>"
        },
    );
    sessions(shared, &mut html);
    accounts(shared, &mut html);
    posts(shared, &mut html);
    files(shared, &mut html);
    faults(shared, &mut html);
    requests(shared, &mut html);
    html.push_str("</main></body></html>");
    let mut answer = Answer::html(200, html);
    answer
        .headers
        .push(("content-security-policy", POLICY.to_owned()));
    answer
        .headers
        .push(("x-content-type-options", "nosniff".to_owned()));
    // With `no-referrer`, browsers say of our own buttons that they are of nowhere (`Origin: null`).
    answer
        .headers
        .push(("referrer-policy", "same-origin".to_owned()));
    answer
        .headers
        .push(("cache-control", "no-store".to_owned()));
    answer
}

/// A table with cells that are HTML already.
fn table(html: &mut String, caption: &str, heads: &[&str], rows: &[Vec<String>]) {
    let _ = write!(
        html,
        "<table><caption>{caption} ({})</caption><thead><tr>",
        rows.len()
    );
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

fn sessions(shared: &Shared, html: &mut String) {
    let state = shared.state();
    let rows: Vec<Vec<String>> = auth::shown(&state)
        .map(|session| {
            let id = escape(session.id);
            let buttons = ["approve", "refuse"].map(|answer| {
                format!(
                    "<form method=\"post\" action=\"/sandbox/session\"><input type=\"hidden\" name=\"session\" value=\"{id}\">\
                     <button name=\"answer\" value=\"{answer}\" aria-label=\"{answer} {platform}\">{answer}</button></form> ",
                    platform = escape(session.platform),
                )
            });
            let buttons = if session.is_open { buttons.concat() } else { String::new() };
            vec![escape(session.platform), id, session.phase.to_owned(), buttons]
        })
        .collect();
    table(
        html,
        "Authorizations",
        &["Platform", "Session", "State", "Answer for the person"],
        &rows,
    );
}

fn accounts(shared: &Shared, html: &mut String) {
    let state = shared.state();
    let rows: Vec<Vec<String>> = state
        .accounts
        .list
        .iter()
        .map(|account| {
            let status = if account.usable { "online" } else { "offline" };
            vec![
                escape(&account.id),
                escape(account.platform.id),
                escape(&account.nickname),
                status.to_owned(),
            ]
        })
        .collect();
    table(
        html,
        "Accounts",
        &["Id", "Platform", "Name", "State"],
        &rows,
    );
}

fn posts(shared: &Shared, html: &mut String) {
    let state = shared.state();
    let rows: Vec<Vec<String>> = state
        .publishing
        .posts
        .iter()
        .rev()
        .map(|post| {
            let account = post.account_id.as_deref().unwrap_or_default();
            let failure = post.failure.as_ref().map(|it| it.message.as_str());
            vec![
                escape(&post.id),
                escape(account),
                status_word(post.status).to_owned(),
                iso(post.publish_at),
                escape(&post.title),
                escape(failure.or(post.work_link.as_deref()).unwrap_or_default()),
            ]
        })
        .collect();
    table(
        html,
        "Posts",
        &["Id", "Account", "State", "Time", "Title", "Link or reason"],
        &rows,
    );
}

fn files(shared: &Shared, html: &mut String) {
    let state = shared.state();
    let rows: Vec<Vec<String>> = assets::shown(&state)
        .map(|file| {
            let size = file.size.map(|size| size.to_string()).unwrap_or_default();
            vec![
                escape(file.id),
                escape(file.name),
                size,
                file.state.to_owned(),
            ]
        })
        .collect();
    table(html, "Files", &["Id", "Name", "Bytes", "State"], &rows);
}

fn faults(shared: &Shared, html: &mut String) {
    let orders = shared.orders().shown();
    let rows: Vec<Vec<String>> = orders
        .into_iter()
        .map(|(operation, often, fault)| vec![escape(&operation), often.to_owned(), escape(&fault)])
        .collect();
    table(
        html,
        "Trouble",
        &["Operation", "How often", "What goes wrong"],
        &rows,
    );
    html.push_str("<form method=\"post\" action=\"/sandbox/fault\"><p><label>Operation <select name=\"operation\">");
    for operation in operations::ALL {
        let _ = write!(html, "<option>{}</option>", escape(operation.name));
    }
    html.push_str("</select></label> <label>Trouble <select name=\"fault\">");
    for (value, shown) in FAULTS {
        let _ = write!(html, "<option value=\"{value}\">{shown}</option>");
    }
    html.push_str(
        "</select></label> <label>How often <select name=\"often\"><option value=\"next\">the next call</option>\
         <option value=\"always\">every call</option></select></label> <button>Order</button></p></form>\
         <form method=\"post\" action=\"/sandbox/clear\"><button>No trouble any more</button></form>",
    );
}

fn requests(shared: &Shared, html: &mut String) {
    let seen = super::lock(&shared.seen).seen();
    let rows: Vec<Vec<String>> = seen
        .iter()
        .rev()
        .take(REQUESTS)
        .map(|seen| {
            let status = seen
                .status
                .map_or_else(|| "no answer".to_owned(), |it| it.to_string());
            let code = seen.code.map(|code| code.to_string()).unwrap_or_default();
            vec![
                escape(&seen.method),
                escape(&seen.path),
                seen.operation.unwrap_or_default().to_owned(),
                status,
                code,
            ]
        })
        .collect();
    table(
        html,
        "Newest requests",
        &["Method", "Path", "Operation", "HTTP", "Code"],
        &rows,
    );
}

/// Text in HTML, also inside of quotes. Hidden characters are shown by their numbers.
fn escape(text: &str) -> String {
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
