use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};

use super::*;

/// A server on loopback: each request gets what `answer` writes; the paths that were asked for come out.
fn server(answer: fn(&str, &mut TcpStream)) -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (sender, asked) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let first = lines.next().unwrap().unwrap();
            for line in lines {
                if line.unwrap_or_default().is_empty() {
                    break;
                }
            }
            let path = first.split(' ').nth(1).unwrap().to_owned();
            answer(&path, &mut stream);
            // Nobody listens any more once the test has what it wants.
            let _ = sender.send(path);
        }
    });
    (url, asked)
}

fn said(outcome: Result<Vec<u8>>) -> String {
    outcome.unwrap_err().to_string()
}

#[test]
fn one_address_is_one_request() {
    let (url, asked) = server(|_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{}\n");
    });
    let odd = format!("{url}/[1-3]?x=[a,b]&y=1");
    assert_eq!(fetch(&odd, 100).unwrap(), b"{}\n");
    assert_eq!(asked.recv().unwrap(), "/[1-3]?x=[a,b]&y=1");
    assert!(asked.try_recv().is_err(), "it was fetched again");
    assert_eq!(fetch(&format!("{url}/{{a,b}}"), 100).unwrap(), b"{}\n");
    assert_eq!(asked.recv().unwrap(), "/{a,b}");
    assert!(asked.try_recv().is_err(), "it was fetched again");
}

#[test]
fn an_answer_without_an_end_is_left() {
    let (url, _) = server(|_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        let chunk = [b"1000\r\n".as_slice(), &[b' '; 0x1000], b"\r\n"].concat();
        while stream.write_all(&chunk).is_ok() {}
    });
    assert_says(&said(fetch(&url, 100_000)), &["more than 100000 bytes"]);
}

#[test]
fn it_goes_on_within_the_server_and_not_elsewhere() {
    fn away(stream: &mut TcpStream, to: &str) {
        let _ = write!(
            stream,
            "HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n"
        );
    }
    let (url, asked) = server(|path, stream| match path {
        "/start" => away(stream, "/end"),
        "/loop" => away(stream, "/loop"),
        "/out" => away(stream, "http://localhost:1/x"),
        "/file" => away(stream, "file:///etc/hostname"),
        "/end" => {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
        }
        _ => {
            let _ = stream.write_all(b"HTTP/1.1 404 No\r\nContent-Length: 2\r\n\r\n{}");
        }
    });
    assert_eq!(fetch(&format!("{url}/start"), 100).unwrap(), b"{}");
    for (path, words) in [
        ("/loop", "sends on more than 5 times"),
        ("/out", "sends on to another server: http://localhost:1/x"),
        ("/file", "this is no https URL"),
        ("/missing", "the server answered 404"),
    ] {
        assert_says(&said(fetch(&format!("{url}{path}"), 100)), &[words]);
    }
    assert_eq!(
        asked.iter().take(10).filter(|path| path == "/loop").count(),
        6
    );
}

#[test]
fn what_is_no_plain_https_address_is_refused() {
    for url in [
        "http://a.example/x",
        "http://127.0.0.1.a.example/x",
        "http://user@127.0.0.1/x",
        "https://{a,b}.example/x",
        "https://a.example/\u{202e}",
        "https://a.example/ x",
        "ftp://a.example/x",
        "https:///x",
    ] {
        assert!(origin(url).is_err(), "{url}");
    }
    for url in [
        "https://A.example:8443/x?y#z",
        "http://localhost:1",
        "http://[::1]:1/",
        "http://127.1.2.3/",
    ] {
        origin(url).unwrap();
    }
    assert_eq!(origin("https://A.example/x").unwrap(), "https://a.example");
}

/// Whether an error says all of these.
#[track_caller]
fn assert_says(problem: &str, all: &[&str]) {
    for words in all {
        assert!(problem.contains(words), "`{words}` is not in:\n{problem}");
    }
}
