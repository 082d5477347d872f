//! A server that misbehaves as it is told, and a client that does not wait long.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use aitoearn::{Client, ClientBuilder, RetryPolicy};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

/// Between two pieces of [`Act::Drip`].
pub(crate) const PAUSE: Duration = Duration::from_millis(20);

pub(crate) const KEY: &str = "canary-api-key-0123456789";

/// What the server does with one request.
#[derive(Clone)]
pub(crate) enum Act {
    /// Writes these bytes and closes the connection.
    Send(Vec<u8>),
    /// Writes these pieces, a few milliseconds apart, and closes the connection.
    Drip(Vec<String>),
    /// Writes these bytes, and says nothing more for as long as the client waits.
    Begin(Vec<u8>),
    /// Closes the connection without a word.
    Cut,
    /// Says nothing, for as long as the client waits.
    Silence,
}

impl Act {
    /// A whole JSON answer under HTTP 200.
    pub(crate) fn json(body: &str) -> Self {
        Self::answer(200, "content-type: application/json\r\n", body)
    }

    /// An answer whose body is a web page, as proxies send it.
    pub(crate) fn html(status: u16) -> Self {
        Self::answer(
            status,
            "content-type: text/html\r\n",
            "<html><body>Bad things</body></html>",
        )
    }

    /// An answer with these header lines, each of them ended by CRLF.
    pub(crate) fn answer(status: u16, headers: &str, body: &str) -> Self {
        let length = body.len();
        Self::Send(
            format!("HTTP/1.1 {status} Any\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}")
                .into_bytes(),
        )
    }

    /// The head and half of the body that it promises.
    pub(crate) fn half(body: &str) -> Self {
        let Self::Send(mut bytes) = Self::json(body) else {
            unreachable!()
        };
        bytes.truncate(bytes.len() - body.len() / 2);
        Self::Send(bytes)
    }
}

/// Plays one act per request, the last one again and again.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub(crate) async fn play(acts: impl IntoIterator<Item = Act>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
        let address = listener.local_addr().expect("bound");
        let requests = Arc::new(Mutex::new(Vec::new()));
        let acts: Vec<Act> = acts.into_iter().collect();
        let log = Arc::clone(&requests);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, acts.clone(), Arc::clone(&log)));
            }
        });
        Self { address, requests }
    }

    /// The heads of all requests that came in whole, lower-cased names as sent.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().expect("no panic").clone()
    }

    pub(crate) fn hits(&self) -> usize {
        self.requests().len()
    }

    pub(crate) fn builder(&self) -> ClientBuilder {
        builder(&format!("http://{}", self.address))
    }

    pub(crate) fn client(&self) -> Client {
        self.builder().build().expect("valid settings")
    }
}

/// A builder with a key, and waits that a test can afford.
pub(crate) fn builder(url: &str) -> ClientBuilder {
    Client::builder().base_url(url).api_key(KEY).retry(quick())
}

/// The usual number of retries without the usual waits.
pub(crate) fn quick() -> RetryPolicy {
    RetryPolicy::default().backoff(Duration::from_millis(2), Duration::from_millis(2))
}

async fn serve(mut stream: TcpStream, acts: Vec<Act>, log: Arc<Mutex<Vec<String>>>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        match stream.read(&mut byte).await {
            Ok(1) => head.push(byte[0]),
            _ => return,
        }
    }
    read_body(&mut stream, &head).await;
    let number = {
        let mut log = log.lock().expect("no panic");
        log.push(String::from_utf8_lossy(&head).into_owned());
        log.len() - 1
    };
    match acts.get(number).or(acts.last()) {
        Some(Act::Send(bytes)) => {
            let _ = stream.write_all(bytes).await;
            let _ = stream.shutdown().await;
        }
        Some(Act::Drip(pieces)) => {
            for piece in pieces {
                tokio::time::sleep(PAUSE).await;
                let _ = stream.write_all(piece.as_bytes()).await;
            }
            let _ = stream.shutdown().await;
        }
        Some(Act::Begin(bytes)) => {
            let _ = stream.write_all(bytes).await;
            let _ = stream.read(&mut [0]).await;
        }
        Some(Act::Silence) => {
            // Until the client gives up and closes.
            let _ = stream.read(&mut [0]).await;
        }
        Some(Act::Cut) | None => {}
    }
}

/// A connection that is closed with something unread in it breaks at the other end.
async fn read_body(stream: &mut TcpStream, head: &[u8]) {
    let head = String::from_utf8_lossy(head);
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
    if let Some(length) = length {
        let _ = stream.read_exact(&mut vec![0; length]).await;
    }
}

pub(crate) const NO_ACCOUNTS: &str =
    r#"{"data":{"total":0,"list":[]},"code":0,"message":"ok","requestId":"r-1"}"#;
pub(crate) const STARTED: &str = r#"{"data":{"url":"https://example.org/consent","sessionId":"s1","expiresAt":"2026-01-01T00:00:00.000Z"},"code":0,"message":"ok","requestId":"r-1"}"#;
