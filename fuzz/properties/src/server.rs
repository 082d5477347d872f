//! A server that answers everything with a success and keeps the last request as it came.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// A request, byte by byte.
#[derive(Debug, Default)]
pub(crate) struct Request {
    /// What stands between the method and the version.
    pub(crate) target: String,
    /// Name, in lower case, and value of every header.
    pub(crate) headers: Vec<(String, String)>,
}

#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) base_url: String,
    seen: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = listener.local_addr().expect("it is bound");
        let seen = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&seen);
        thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let kept = Arc::clone(&kept);
                thread::spawn(move || serve(&connection, &kept));
            }
        });
        Self {
            base_url: format!("http://{address}"),
            seen,
        }
    }

    /// What came since the last time.
    pub(crate) fn take(&self) -> Vec<Request> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *seen)
    }
}

fn serve(connection: &TcpStream, seen: &Mutex<Vec<Request>>) {
    const ANSWER: &str = r#"{"data":null,"code":0,"message":"ok"}"#;
    let _ = connection.set_nodelay(true);
    let mut reader = BufReader::new(connection);
    while let Some((request, body)) = read(&mut reader) {
        if reader.read_exact(&mut vec![0; body]).is_err() {
            return;
        }
        let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.push(request);
        drop(seen);
        let answer = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{ANSWER}",
            ANSWER.len()
        );
        if (&*connection).write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}

/// A request's head, and the length of its body.
fn read(reader: &mut BufReader<&TcpStream>) -> Option<(Request, usize)> {
    let mut line = || {
        let mut line = Vec::new();
        reader.read_until(b'\n', &mut line).ok()?;
        let line = line.strip_suffix(b"\r\n")?;
        Some(String::from_utf8_lossy(line).into_owned())
    };
    let first = line()?;
    let mut parts = first.split(' ');
    let (_method, target) = (parts.next()?, parts.next()?);
    assert_eq!(
        (parts.next(), parts.next()),
        (Some("HTTP/1.1"), None),
        "{first:?}"
    );
    let mut request = Request {
        target: target.to_owned(),
        headers: Vec::new(),
    };
    let mut body = 0;
    loop {
        let header = line()?;
        if header.is_empty() {
            return Some((request, body));
        }
        let (name, value) = header.split_once(':')?;
        let (name, value) = (name.to_ascii_lowercase(), value.trim().to_owned());
        if name == "content-length" {
            body = value.parse().ok()?;
        }
        request.headers.push((name, value));
    }
}
