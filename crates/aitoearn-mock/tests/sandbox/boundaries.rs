//! What strangers can do to a sandbox that runs on a developer's machine.

#![allow(clippy::unwrap_used)] // a test that cannot go on says so and stops

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::support::Api;
use aitoearn_mock::Sandbox;
use serde_json::json;

const MIB: usize = 1024 * 1024;

fn connect(origin: &str) -> TcpStream {
    let address: SocketAddr = origin.strip_prefix("http://").unwrap().parse().unwrap();
    let socket = TcpStream::connect(address).unwrap();
    socket
        .set_read_timeout(Some(Duration::from_secs(60)))
        .unwrap();
    socket
}

/// Sends bytes as they are and returns the answer's status line and body.
fn raw(origin: &str, request: &str) -> (String, String) {
    let mut socket = connect(origin);
    socket.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).unwrap();
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.lines().next().unwrap().to_owned(), body.to_owned())
}

fn asked_by(origin: &str, host_lines: &str, target: &str) -> (String, String) {
    let request = format!("GET {target} HTTP/1.1\r\n{host_lines}Connection: close\r\n\r\n");
    raw(origin, &request)
}

#[test]
fn only_loopback_names_are_served() {
    let sandbox = Sandbox::start().unwrap();
    let storage = sandbox.storage().base_url();
    let path = "/api/v2/channels/platforms";
    for host in [
        "127.0.0.1",
        "127.0.0.1:4010",
        "127.8.9.10:1",
        "localhost",
        "LocalHost:4010",
        "localhost.",
        "app.localhost:80",
        "[::1]",
        "[::1]:4010",
    ] {
        let (status, _) = asked_by(sandbox.base_url(), &format!("Host: {host}\r\n"), path);
        assert!(status.contains(" 200 "), "{host}: {status}");
    }
    for host in [
        "rebound.example",
        "rebound.example:4010",
        "127.0.0.1.rebound.example",
        "localhost.rebound.example",
        "notlocalhost",
        "localhost@rebound.example",
        "192.168.1.5:4010",
        "0.0.0.0",
        "[::2]:4010",
        "127.0.0.1:port",
        "",
    ] {
        for origin in [sandbox.base_url(), &storage] {
            let (status, body) = asked_by(origin, &format!("Host: {host}\r\n"), path);
            assert!(status.contains(" 421 "), "{host}: {status}");
            assert!(body.contains("--host"), "{host}: {body}");
        }
    }
    // None, two, and a target that names another host than the header.
    for (lines, target) in [
        ("", path),
        ("Host: localhost\r\nHost: rebound.example\r\n", path),
        ("Host: localhost\r\n", "http://rebound.example/api/v2/x"),
    ] {
        let (status, _) = asked_by(sandbox.base_url(), lines, target);
        assert!(status.contains(" 4"), "{lines:?}: {status}");
    }
}

#[test]
fn a_name_that_was_allowed_is_served_too() {
    let sandbox = Sandbox::builder().host("aitoearn.test").start().unwrap();
    let ask = |host: &str| asked_by(sandbox.base_url(), &format!("Host: {host}\r\n"), "/api").0;
    assert!(ask("aitoearn.test:4010").contains(" 200 "));
    assert!(ask("AITOEARN.test").contains(" 200 "));
    assert!(ask("other.test").contains(" 421 "));
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_without_waiting_for_its_end() {
    let api = Api::new();
    for origin in [
        api.sandbox.base_url().to_owned(),
        api.sandbox.storage().base_url(),
    ] {
        let answered = tokio::task::spawn_blocking(move || {
            let mut socket = connect(&origin);
            let head = "POST /api/assets/uploadSign HTTP/1.1\r\nHost: localhost\r\n\
                        Content-Length: 9000000000\r\n\r\n";
            socket.write_all(head.as_bytes()).unwrap();
            let piece = vec![b' '; MIB];
            // Over the limits of both, and far from the announced end.
            for _ in 0..280 {
                socket.write_all(&piece).unwrap();
            }
            let mut line = String::new();
            BufReader::new(socket).read_line(&mut line).unwrap();
            line
        });
        let line = answered.await.unwrap();
        assert!(line.starts_with("HTTP/1.1 "), "{line}");
    }
    let seen = api.sandbox.seen();
    assert_eq!((seen.len(), seen[0].code), (1, Some(500)));
}

#[tokio::test]
async fn the_log_keeps_bodies_of_admitted_requests_only() {
    let api = Api::new();
    let body = json!({ "filename": "kept.png", "size": 9 });
    api.post("/api/assets/uploadSign", body.clone()).await;
    let refused = api.bare("POST", "/api/assets/uploadSign").json(&body);
    refused.send().await.unwrap();
    api.bare("POST", "/anywhere")
        .body("x".repeat(5000))
        .send()
        .await
        .unwrap();

    let seen = api.sandbox.seen();
    assert_eq!(seen[0].json(), Some(body));
    assert_eq!((seen[1].body().len(), seen[1].body_length), (0, 32));
    assert_eq!((seen[2].body().len(), seen[2].body_length), (0, 5000));
    assert!(seen[2].to_string().contains("5000"), "{}", seen[2]);
    assert!(!seen[0].to_string().contains("not kept"), "{}", seen[0]);
}

#[tokio::test]
async fn the_log_is_bounded_and_counts_what_it_dropped() {
    let api = Api::new();
    // Six MiB each, so that a dozen are more than the log holds.
    let text = "m".repeat(6 * MIB);
    for round in 0..14 {
        api.post(
            "/api/assets/uploadSign",
            json!({ "filename": format!("{round}-{text}") }),
        )
        .await;
    }
    let seen = api.sandbox.seen();
    let kept: usize = seen.iter().map(|it| it.body().len()).sum();
    assert!(kept <= 64 * MIB, "{kept}");
    assert_eq!(api.sandbox.seen_dropped() + seen.len() as u64, 14);
    assert!(api.sandbox.seen_dropped() > 0);
    // The newest is what a test asks about.
    let newest = seen.last().unwrap().json().unwrap();
    assert!(newest["filename"].as_str().unwrap().starts_with("13-"));
    // Nothing over eight MiB is kept at all.
    api.post(
        "/api/assets/uploadSign",
        json!({ "filename": "n".repeat(9 * MIB) }),
    )
    .await;
    let last = api.sandbox.seen().pop().unwrap();
    assert_eq!(last.body().len(), 0);
    assert!(last.body_length > 9 * MIB as u64);
}

struct Program {
    child: Child,
    base_url: String,
    lines: std::io::Lines<BufReader<std::process::ChildStdout>>,
}

impl Program {
    fn start() -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_aitoearn-mock"))
            .args(["--port", "0"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut after = |label: &str| loop {
            let line = lines.next().unwrap().unwrap();
            if let Some(rest) = line.trim_start().strip_prefix(label) {
                return rest.trim().to_owned();
            }
        };
        let base_url = after("base URL");
        after("Ctrl-C");
        Self {
            child,
            base_url,
            lines,
        }
    }

    fn next_line(&mut self) -> String {
        self.lines.next().unwrap().unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn no_control_character_of_a_path_reaches_the_terminal() {
    let mut program = Program::start();
    // A C1 control, which terminals obey, and a change of direction.
    let target = "/a\u{9b}2J\u{202e}b?q=\u{9d}0;owned\u{7}".trim_end_matches('\u{7}');
    let (status, _) = asked_by(&program.base_url, "Host: localhost\r\n", target);
    assert!(status.contains(" 200 "), "{status}");
    let line = program.next_line();
    assert!(
        line.contains("\\u{9b}2J\\u{202e}b?q=\\u{9d}0;owned"),
        "{line}"
    );
    assert!(
        !line.contains(|it: char| it.is_control() || it == '\u{202e}'),
        "{line:?}"
    );
}

/// The most memory the program has held, in MiB.
#[cfg(target_os = "linux")]
fn peak(program: &Program) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{}/status", program.child.id())).unwrap();
    let line = status.lines().find(|it| it.starts_with("VmHWM:")).unwrap();
    let kib: usize = line
        .split_whitespace()
        .nth(1)
        .and_then(|it| it.parse().ok())
        .unwrap();
    kib / 1024
}

#[cfg(target_os = "linux")]
#[test]
fn three_hundred_mebibytes_of_body_are_not_held() {
    let program = Program::start();
    let mut socket = connect(&program.base_url);
    // Chunked: nothing announces how much will come.
    let head = "POST /api/v2/channels/accounts HTTP/1.1\r\nHost: localhost\r\n\
                Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n";
    socket.write_all(head.as_bytes()).unwrap();
    let chunk = [b"100000\r\n", &vec![b'z'; MIB][..], b"\r\n"].concat();
    for _ in 0..300 {
        socket.write_all(&chunk).unwrap();
    }
    socket.write_all(b"0\r\n\r\n").unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).unwrap();
    assert!(answer.contains("\"code\":500"), "{answer}");
    assert!(peak(&program) < 160, "{} MiB", peak(&program));
}
