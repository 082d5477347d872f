//! The sandbox's page in a browser: a `connect` waits in a terminal, a click on the page ends it.
//!
//! It takes Chromium or Chrome, on the `PATH` or as `CHROMIUM=FILE`; without one, that is said.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::page::{Connect, Served};
use crate::support::Folder;

/// Opens the page as a person does, presses the button, and writes down what it saw.
const HARNESS: &str = r#"<!doctype html><pre id="outcome"></pre><script>
const page = window.open("/");
const until = (found, then, left = 200) => {
  let it = null;
  try { it = found(page.document); } catch { }
  if (it) return then(it);
  if (left === 0) return done({ error: "not found: " + found });
  setTimeout(() => until(found, then, left - 1), 20);
};
const done = outcome => { document.getElementById("outcome").textContent = JSON.stringify(outcome); };
const button = shown => shown.querySelector('button[aria-label="ANSWER TikTok"]');
until(button, pressed => {
  const unnamed = [...page.document.querySelectorAll("button, input:not([type=hidden]), select")]
    .filter(it => !(it.getAttribute("aria-label") || it.textContent.trim() || it.labels?.length)).length;
  const seen = { lang: page.document.documentElement.lang, title: page.document.title, unnamed,
    scripts: page.document.scripts.length };
  pressed.click();
  // The page again, without the button: not a refusal of it.
  until(shown => shown.querySelector("h1") && !button(shown), () => done(seen));
});
</script>"#;

fn browser() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("CHROMIUM") {
        return Some(named.into()).filter(|file: &PathBuf| file.is_file());
    }
    let folders: Vec<PathBuf> = std::env::split_paths(&std::env::var_os("PATH")?).collect();
    let names = ["chromium", "chromium-browser", "google-chrome", "chrome"];
    let mut files = names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    files.find(|file| file.is_file())
}

/// Serves the harness, and hands everything else to the sandbox: for the browser, both have one origin.
fn front(sandbox: &str, harness: String) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let sandbox = sandbox.strip_prefix("http://").unwrap().to_owned();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (sandbox, harness) = (sandbox.clone(), harness.clone());
            std::thread::spawn(move || hand_on(stream, &sandbox, &harness));
        }
    });
    port
}

fn hand_on(mut browser: TcpStream, sandbox: &str, harness: &str) -> Option<()> {
    let mut request = BufReader::new(browser.try_clone().ok()?);
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if request.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let lower = line.to_ascii_lowercase();
        if let Some(value) = lower.strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
        if line == "\r\n" {
            break;
        }
        if !lower.starts_with("connection:") {
            head += &line;
        }
    }
    if head.starts_with("GET /harness ") {
        let length = harness.len();
        write!(
            browser,
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{harness}"
        )
        .ok()?;
        return Some(());
    }
    let mut body = vec![0; length];
    request.read_exact(&mut body).ok()?;
    let mut service = TcpStream::connect(sandbox).ok()?;
    write!(service, "{head}Connection: close\r\n\r\n").ok()?;
    service.write_all(&body).ok()?;
    std::io::copy(&mut service, &mut browser).ok()?;
    Some(())
}

/// What the harness wrote down, and what the browser complained of.
fn look(browser: &Path, folder: &Folder, port: u16) -> (serde_json::Value, String) {
    let profile = folder.path("profile");
    let output = Command::new(browser)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-popup-blocking",
            "--disable-sync",
            "--no-first-run",
            "--enable-logging=stderr",
            "--virtual-time-budget=10000",
            "--timeout=60000",
            "--dump-dom",
        ])
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg(format!("http://127.0.0.1:{port}/harness"))
        .output()
        .unwrap();
    let dom = String::from_utf8_lossy(&output.stdout).into_owned();
    let log = String::from_utf8_lossy(&output.stderr).into_owned();
    let outcome = dom
        .split_once("<pre id=\"outcome\">")
        .and_then(|(_, rest)| rest.split_once("</pre>"))
        .map(|(outcome, _)| outcome.replace("&amp;", "&"))
        .unwrap_or_default();
    let seen = serde_json::from_str(&outcome).unwrap_or_else(|_| panic!("{outcome:?}\n{log}"));
    let complaints = log.lines().filter(|line| line.contains("CONSOLE"));
    (seen, complaints.collect::<Vec<_>>().join("\n"))
}

#[test]
fn a_click_in_a_browser_ends_a_connect_in_the_terminal() {
    let Some(browser) = browser() else {
        println!("skipped: no Chromium on the PATH, nor in CHROMIUM");
        return;
    };
    for (answer, code) in [("approve", 0), ("refuse", 1)] {
        let folder = Folder::new();
        let served = Served::start(&folder);
        let connect = Connect::start(&folder, &served);
        let port = front(served.base_url(), HARNESS.replace("ANSWER", answer));
        let (seen, complaints) = look(&browser, &folder, port);
        assert_eq!(seen.get("error"), None, "{seen}");
        let (status, said) = connect.end();
        assert_eq!(status, Some(code), "{said}");
        assert_eq!(complaints, "");
        assert_eq!(seen["lang"], "en", "{seen}");
        assert_eq!(seen["unnamed"], 0, "{seen}");
        assert_eq!(seen["scripts"], 0, "{seen}");
        assert!(
            seen["title"]
                .as_str()
                .is_some_and(|title| !title.is_empty()),
            "{seen}"
        );
    }
}
