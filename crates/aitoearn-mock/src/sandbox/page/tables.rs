//! The tables of the page: what is in the sandbox, and what it was asked.

use std::fmt::Write as _;

use aitoearn_api::operations;

use crate::sandbox::clock::iso;
use crate::sandbox::html::{escape, table};
use crate::sandbox::routes::{assets, auth};
use crate::sandbox::stores::posts::status_word;
use crate::sandbox::{Shared, lock};

/// How many of the newest requests are listed.
const REQUESTS: usize = 50;

/// What can be ordered on the page, and what it is there for.
const FAULTS: &[(&str, &str)] = &[
    ("502", "HTTP 502 from the proxy"),
    ("lost", "done, but the answer is lost"),
    ("cut", "the connection breaks before"),
    ("401", "code 401: the key is refused"),
    ("429", "code 429: too many requests"),
];

pub(super) fn sessions(shared: &Shared, html: &mut String) {
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
        "authorizations",
        "Authorizations",
        &["Platform", "Session", "State", "Answer for the person"],
        &rows,
    );
}

pub(super) fn accounts(shared: &Shared, html: &mut String) {
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
        "accounts",
        "Accounts",
        &["Id", "Platform", "Name", "State"],
        &rows,
    );
}

pub(super) fn posts(shared: &Shared, html: &mut String) {
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
        "posts",
        "Posts",
        &["Id", "Account", "State", "Time", "Title", "Link or reason"],
        &rows,
    );
}

pub(super) fn files(shared: &Shared, html: &mut String) {
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
    table(
        html,
        "files",
        "Files",
        &["Id", "Name", "Bytes", "State"],
        &rows,
    );
}

pub(super) fn faults(shared: &Shared, html: &mut String) {
    let orders = shared.orders().shown();
    let rows: Vec<Vec<String>> = orders
        .into_iter()
        .map(|(operation, often, fault)| vec![escape(&operation), often.to_owned(), escape(&fault)])
        .collect();
    table(
        html,
        "trouble",
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

pub(super) fn requests(shared: &Shared, html: &mut String) {
    let seen = lock(&shared.seen).seen();
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
                escape(seen.note.as_deref().unwrap_or_default()),
            ]
        })
        .collect();
    table(
        html,
        "requests",
        "Newest requests",
        &[
            "Method",
            "Path",
            "Operation",
            "HTTP",
            "Code",
            "Why, or which page",
        ],
        &rows,
    );
}
