//! The HTML report in a browser: what a reader sees, filters, folds and links to.
//!
//! It takes Chromium or Chrome, on the `PATH` or as `CHROMIUM=FILE`; without one there is nothing to see, and that is
//! said.
#![allow(clippy::unwrap_used)]

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::{Value, json};
use spec_diff::{Document, Options, Policy, compare, render};

const HARNESS: &str = include_str!("browser/harness.html");

fn browser() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("CHROMIUM") {
        return Some(named.into()).filter(|file: &PathBuf| file.is_file());
    }
    let folders: Vec<PathBuf> = std::env::split_paths(&std::env::var_os("PATH")?).collect();
    let names = ["chromium", "chromium-browser", "google-chrome", "chrome"];
    let ending = std::env::consts::EXE_SUFFIX;
    let files = names.iter().flat_map(|name| {
        folders
            .iter()
            .map(move |folder| folder.join(format!("{name}{ending}")))
    });
    files.into_iter().find(|file| file.is_file())
}

/// A document with a few operations, some of them with names that would be harmful as HTML.
fn document(most: u64, kinds: &[&str], more: &Value) -> Document {
    let answer =
        json!({"200": {"description": "d", "content": {"application/json": {"schema": more}}}});
    let body = json!({"content": {"application/json": {"schema": {"type": "object", "properties": {
        "limit": {"type": "string", "maxLength": most},
        "<img src=http://canary.invalid/x onerror=alert(1)>": {"enum": kinds}
    }}}}});
    let document = json!({
        "openapi": "3.1.0", "info": {"title": "Shelf", "version": "1"},
        "paths": {
            "/shelves": {"get": {"responses": answer}, "post": {"requestBody": body, "responses": {}}},
            "/</script><script>document.title='taken'</script>": {"get": {"responses": answer}}
        }
    });
    Document::parse(document.to_string().as_bytes(), "shelf.json").unwrap()
}

/// A report with findings that break, warn and inform, one of them acknowledged.
fn page() -> String {
    let old = document(
        90,
        &["oak", "ash"],
        &json!({"type": "object", "properties": {"id": {"enum": ["a"]}}}),
    );
    let new = document(
        80,
        &["oak"],
        &json!({"type": "object", "properties": {"id": {"enum": ["a", "b"]}, "note": {"type": "string"}}}),
    );
    let mut report = compare(&old, &new, &Options::default());
    let known = report
        .findings()
        .iter()
        .find(|f| f.place.contains("note"))
        .unwrap()
        .fingerprint
        .clone();
    let policy = format!("[[acknowledge]]\nfingerprint = \"{known}\"\nreason = \"agreed\"\n");
    let problems = report.acknowledge(&Policy::parse(&policy, "policy.toml").unwrap(), None);
    assert!(problems.is_empty(), "{problems:?}");
    render::html(&report)
}

/// Serves the report and the harness, and notes what it is asked for. As the browser's proxy, it is asked for all else
/// as well.
fn serve(report: String) -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let notes = Arc::clone(&asked);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (notes, report) = (Arc::clone(&notes), report.clone());
            thread::spawn(move || answer(stream, &notes, &report));
        }
    });
    (port, asked)
}

fn answer(mut stream: TcpStream, notes: &Mutex<Vec<String>>, report: &str) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    let Some(Ok(first)) = lines.next() else {
        return;
    };
    while lines
        .next()
        .is_some_and(|line| line.is_ok_and(|line| !line.is_empty()))
    {}
    let target = first.split(' ').nth(1).unwrap_or_default().to_owned();
    let path = target.split('?').next().unwrap_or_default();
    let (status, body) = match path {
        "/harness.html" => ("200 OK", HARNESS),
        "/report.html" => ("200 OK", report),
        _ => ("404 Not Found", ""),
    };
    notes.lock().unwrap().push(target.clone());
    let _ = write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
}

/// Whether the browser asks on its own account: its vendor, for updates and the time.
fn is_browsers_own(target: &str) -> bool {
    let host = target.strip_prefix("http://").unwrap_or(target);
    let host = host.split(['/', ':']).next().unwrap_or_default();
    [".google.com", ".googleapis.com", ".gvt1.com"]
        .iter()
        .any(|vendor| host.ends_with(vendor))
}

/// What the harness saw.
fn outcome(browser: &Path, dark: bool) -> Value {
    let (port, asked) = serve(page());
    let profile = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join(format!("browser-{dark}-{}", std::process::id()));
    let mut command = Command::new(browser);
    command.args([
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--no-default-browser-check",
        "--enable-logging=stderr",
        "--virtual-time-budget=10000",
        "--timeout=60000",
        "--dump-dom",
    ]);
    command.arg(format!("--user-data-dir={}", profile.display()));
    command.arg(format!("--proxy-server=127.0.0.1:{port}"));
    // Dark is 0, light is 1.
    command.arg(format!(
        "--blink-settings=preferredColorScheme={}",
        u8::from(!dark)
    ));
    command.arg(format!("http://127.0.0.1:{port}/harness.html"));
    let done = command.output().unwrap();
    let _ = std::fs::remove_dir_all(&profile);
    let (dom, log) = (
        String::from_utf8_lossy(&done.stdout),
        String::from_utf8_lossy(&done.stderr),
    );
    let outcome = dom
        .split_once("<pre id=\"outcome\">")
        .and_then(|(_, rest)| rest.split_once("</pre>"));
    let text = outcome.map(|(text, _)| text).unwrap_or_default();
    let text = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&nbsp;", "\u{a0}")
        .replace("&amp;", "&");
    let console: Vec<&str> = log
        .lines()
        .filter(|line| line.contains("CONSOLE"))
        .collect();
    assert!(console.is_empty(), "the page complains: {console:?}");
    let mut asked = asked.lock().unwrap().clone();
    asked.retain(|target| !is_browsers_own(target));
    asked.sort();
    let ours = ["/harness.html", "/report.html", "/report.html?again"];
    assert_eq!(asked, ours, "the page asks for something else");
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text:?}\n{log}"))
}

#[test]
fn a_reader_finds_filters_folds_and_links() {
    let Some(browser) = browser() else {
        println!("skipped: no Chromium on the PATH, nor in CHROMIUM");
        return;
    };
    let saw = outcome(&browser, false);
    assert_eq!(saw.get("error"), None, "{saw:#}");
    let places = |step: &str| -> Vec<String> {
        let list = saw[step]["places"]
            .as_array()
            .unwrap_or_else(|| panic!("{step}: {saw:#}"));
        list.iter()
            .map(|place| place.as_str().unwrap().to_owned())
            .collect()
    };
    let count = |step: &str| places(step).len();
    let all = count("first");
    assert_eq!(all, 6, "{saw:#}");
    assert_eq!(saw["first"]["open"], all, "{saw:#}");
    assert_eq!(saw["first"]["shown"], "6 of 6");
    assert_eq!(
        saw["first"]["headings"],
        json!([
            "Breaks old requests",
            "Warnings",
            "Compatible",
            "Acknowledged"
        ])
    );
    // Nothing of a document has become a part of the page.
    assert_eq!(
        (&saw["scripts"], &saw["foreign"]),
        (&json!(1), &json!(0)),
        "{saw:#}"
    );

    assert_eq!(count("searched"), 1, "{saw:#}");
    assert!(places("searched")[0].contains("limit maxLength"), "{saw:#}");
    assert_eq!(saw["searched"]["shown"], "1 of 6");
    assert_eq!(saw["nothing"]["places"], json!([]));
    assert_eq!(saw["nothing"]["headings"], json!([]));
    assert_eq!(saw["cleared"], saw["first"]);

    assert!(count("withoutInfo") < all, "{saw:#}");
    let target = saw["linkedTo"].as_str().unwrap().to_owned();
    assert!(!places("withoutInfo").contains(&target), "{saw:#}");
    assert!(
        places("linked").contains(&target),
        "a link shows what it leads to: {saw:#}"
    );
    assert_eq!(saw["linked"]["shown"], format!("{} of 6", count("linked")));
    assert_eq!(saw["linked"]["open"], count("linked"), "{saw:#}");
    assert_eq!(saw["inView"], true, "{saw:#}");
    assert_eq!(count("allAgain"), all);

    assert_eq!(
        (&saw["folded"]["open"], &saw["folded"]["fold"]),
        (&json!(0), &json!("Unfold all"))
    );
    assert_eq!(
        (&saw["unfolded"]["open"], &saw["unfolded"]["fold"]),
        (&json!(all), &json!("Fold all"))
    );
    assert_eq!(
        (
            &saw["foldedOneByOne"]["open"],
            &saw["foldedOneByOne"]["fold"]
        ),
        (&json!(0), &json!("Unfold all"))
    );
    assert_eq!(saw["unfoldedAfterwards"], saw["unfolded"]);
    assert_eq!(saw["address"], "/report.html", "a form is not sent");
    assert_eq!(saw["openedAt"], json!({"open": true, "inView": true}));

    let at_night = outcome(&browser, true);
    for (saw, dark) in [(&saw, false), (&at_night, true)] {
        assert_eq!(saw["dark"], dark, "{saw:#}");
        let [text, paper] = ["text", "paper"].map(|key| saw[key].as_f64().unwrap());
        assert!(
            if dark {
                text - paper > 125.0
            } else {
                paper - text > 125.0
            },
            "{text} on {paper}, dark: {dark}"
        );
    }
    assert_eq!(at_night["first"], saw["first"]);
}
