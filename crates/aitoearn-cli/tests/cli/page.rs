//! `aitoearn sandbox` and its page, by the requests that a browser sends; and Ctrl-C.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, ChildStderr, Command, Stdio};

use crate::support::{Folder, json};

/// A served sandbox, which ends with the test.
pub(crate) struct Served {
    child: Child,
    base_url: String,
    key: String,
}

impl Served {
    pub(crate) fn base_url(&self) -> &str {
        &self.base_url
    }

    pub(crate) fn start(folder: &Folder) -> Self {
        let mut child = folder
            .command(&["sandbox", "--port", "0", "--json"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let told = &json(&line)[0];
        let text = |name: &str| told[name].as_str().unwrap().to_owned();
        Self {
            child,
            base_url: text("baseUrl"),
            key: text("apiKey"),
        }
    }

    /// Status line, headers and body of an answer.
    fn ask(&self, method: &str, path: &str, headers: &str, body: &str) -> String {
        let host = self.base_url.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(host).unwrap();
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `aitoearn connect tiktok` that waits for its user.
pub(crate) struct Connect {
    child: Child,
    err: BufReader<ChildStderr>,
    session: String,
}

impl Connect {
    pub(crate) fn start(folder: &Folder, served: &Served) -> Self {
        let mut child = folder
            .command(&[
                "connect",
                "tiktok",
                "--no-browser",
                "--table",
                "--every",
                "0.005",
            ])
            .env("AITOEARN_BASE_URL", &served.base_url)
            .env("AITOEARN_API_KEY", &served.key)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // The session stands in the address that the terminal shows.
        let mut err = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        while !line.contains("/authorize/") {
            line.clear();
            assert!(err.read_line(&mut line).unwrap() > 0);
        }
        let (_, session) = line.trim().rsplit_once('/').unwrap();
        let session = session.to_owned();
        Self {
            child,
            err,
            session,
        }
    }

    /// Its exit code, and all that the terminal shows.
    pub(crate) fn end(mut self) -> (Option<i32>, String) {
        let mut all = String::new();
        let mut out = self.child.stdout.take().unwrap();
        out.read_to_string(&mut all).unwrap();
        self.err.read_to_string(&mut all).unwrap();
        (self.child.wait().unwrap().code(), all)
    }
}

impl Drop for Connect {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_click_on_the_page_ends_a_connect_in_the_terminal() {
    for (answer, code, said) in [("approve", 0, "tiktok_"), ("refuse", 1, "refused")] {
        let folder = Folder::new();
        let served = Served::start(&folder);
        let connect = Connect::start(&folder, &served);
        let session = &connect.session;
        let page = served.ask("GET", "/", "", "");
        assert!(
            page.contains(session.as_str()) && page.contains("aria-label=\"approve TikTok\""),
            "{page}"
        );

        let form = format!("session={session}&answer={answer}");
        let foreign = served.ask(
            "POST",
            "/sandbox/session",
            "Origin: http://evil.example\r\n",
            &form,
        );
        assert!(foreign.starts_with("HTTP/1.1 403"), "{foreign}");
        let own = format!("Origin: {}\r\n", served.base_url);
        let pressed = served.ask("POST", "/sandbox/session", &own, &form);
        assert!(pressed.starts_with("HTTP/1.1 303"), "{pressed}");

        let (status, all) = connect.end();
        assert_eq!(status, Some(code), "{all}");
        assert!(all.to_lowercase().contains(said), "{all}");
    }
}

#[test]
fn the_page_shows_what_is_there_and_orders_trouble() {
    let folder = Folder::new();
    let served = Served::start(&folder);
    let run = |arguments: &[&str]| {
        let mut command = folder.command(arguments);
        command
            .env("AITOEARN_BASE_URL", &served.base_url)
            .env("AITOEARN_API_KEY", &served.key)
            .output()
            .unwrap()
    };
    let published = run(&[
        "publish",
        "clip.mp4",
        "--to",
        "youtube_1",
        "--title",
        "<script>alert(1)</script>",
        "--every",
        "0.001",
    ]);
    assert!(published.status.success());
    let page = served.ask("GET", "/", "", "");
    for part in [
        "youtube_1",
        "clip.mp4",
        "published",
        "publish_flow_create",
        "&lt;script&gt;alert(1)",
        "content-security-policy",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("<script") && !page.contains("src="));

    let ordered = served.ask(
        "POST",
        "/sandbox/fault",
        "",
        "operation=accounts_list&fault=401&often=always",
    );
    assert!(ordered.starts_with("HTTP/1.1 303"), "{ordered}");
    assert!(served.ask("GET", "/?live", "", "").contains("code 401"));
    assert_eq!(run(&["accounts"]).status.code(), Some(3));
    let cleared = served.ask("POST", "/sandbox/clear", "", "");
    assert!(cleared.starts_with("HTTP/1.1 303"), "{cleared}");
    assert_eq!(run(&["accounts"]).status.code(), Some(0));
    let nonsense = served.ask("POST", "/sandbox/fault", "", "operation=nothing&fault=401");
    assert!(nonsense.starts_with("HTTP/1.1 400"), "{nonsense}");
}

#[cfg(unix)]
fn interrupt(child: &Child) {
    let id = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &id])
            .status()
            .unwrap()
            .success()
    );
}

#[test]
#[cfg(unix)]
fn ctrl_c_says_what_has_happened_and_how_to_go_on() {
    let folder = Folder::new();
    let (tell, told) = std::sync::mpsc::channel();
    let sandbox = aitoearn_mock::Sandbox::builder()
        .demo_accounts()
        .on_request(move |seen| {
            let _ = tell.send(seen.operation);
        })
        .start()
        .unwrap();
    sandbox.posts().hold();
    let child = folder
        .against(
            &sandbox,
            &[
                "publish",
                "clip.mp4",
                "--to",
                "youtube_1",
                "--title",
                "Maps",
                "--every",
                "0.01",
            ],
        )
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It is created, and waited for.
    while told.recv().unwrap() != Some("publish_flow_get") {}
    interrupt(&child);
    let output = child.wait_with_output().unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(130), "{err}");
    assert!(
        err.contains("interrupted") && err.contains("aitoearn wait "),
        "{err}"
    );
}

#[test]
#[cfg(unix)]
fn a_served_sandbox_ends_by_ctrl_c() {
    let folder = Folder::new();
    let mut served = Served::start(&folder);
    interrupt(&served.child);
    assert_eq!(served.child.wait().unwrap().code(), Some(0));
}
