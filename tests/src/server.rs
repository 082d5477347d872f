//! A server on loopback that does with each request what it is told.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

/// A request as it arrived.
#[derive(Debug, Clone)]
pub struct Heard {
    /// Method in capitals.
    pub method: String,
    /// Path and query, as sent.
    pub target: String,
    /// Headers, their names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body.
    pub body: Vec<u8>,
}

impl Heard {
    /// A header's value; empty if it was not sent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

/// What the server does with one request.
#[derive(Debug, Clone)]
pub enum Act {
    /// Writes these bytes, a whole answer, and keeps the connection.
    Send(Vec<u8>),
    /// Writes these bytes, maybe none, and resets the connection.
    Reset(Vec<u8>),
    /// Writes these bytes and closes the connection.
    Close(Vec<u8>),
    /// Says nothing, for as long as the client waits.
    Silence,
}

impl Act {
    /// A JSON answer under HTTP 200.
    pub fn json(body: &str) -> Self {
        Self::answer(200, "content-type: application/json\r\n", body)
    }

    /// An answer with these header lines, each of them ended by CRLF.
    pub fn answer(status: u16, headers: &str, body: &str) -> Self {
        let length = body.len();
        let answer =
            format!("HTTP/1.1 {status} Any\r\n{headers}content-length: {length}\r\n\r\n{body}");
        Self::Send(answer.into_bytes())
    }

    /// The same, broken off by a reset before the last byte.
    #[must_use]
    pub fn broken_off(self) -> Self {
        match self {
            Self::Send(mut bytes) | Self::Close(mut bytes) => {
                bytes.pop();
                Self::Reset(bytes)
            }
            other => other,
        }
    }
}

/// Listens for as long as its runtime runs.
#[derive(Debug, Clone)]
pub struct Server {
    address: SocketAddr,
    received: Arc<Mutex<Vec<u8>>>,
}

impl Server {
    /// A server that does with each request what `answer` says.
    pub async fn start(answer: impl Fn(&Heard) -> Act + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
        let address = listener.local_addr().expect("bound");
        let received = Arc::<Mutex<Vec<u8>>>::default();
        let server = Self {
            address,
            received: Arc::clone(&received),
        };
        let answer = Arc::new(answer);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (answer, received) = (Arc::clone(&answer), Arc::clone(&received));
                tokio::spawn(async move { serve(stream, &*answer, &received).await });
            }
        });
        server
    }

    /// Its base URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Every byte that was sent to it.
    pub fn received(&self) -> Vec<u8> {
        let received = self.received.lock();
        received.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// One connection, until either side has enough of it.
async fn serve(mut stream: TcpStream, answer: &dyn Answer, received: &Mutex<Vec<u8>>) {
    let mut bytes = Vec::new();
    while let Some(heard) = hear(&mut stream, &mut bytes, received).await {
        let written = match answer.to(&heard) {
            Act::Send(bytes) => stream.write_all(&bytes).await,
            Act::Close(bytes) => {
                let _ = stream.write_all(&bytes).await;
                return;
            }
            Act::Reset(bytes) => {
                let _ = stream.write_all(&bytes).await;
                let _ = stream.set_zero_linger();
                return;
            }
            Act::Silence => {
                let _ = stream.read(&mut [0]).await;
                return;
            }
        };
        if written.is_err() {
            return;
        }
    }
}

/// What the server is made of.
trait Answer: Send + Sync {
    fn to(&self, heard: &Heard) -> Act;
}

impl<F: Fn(&Heard) -> Act + Send + Sync> Answer for F {
    fn to(&self, heard: &Heard) -> Act {
        self(heard)
    }
}

/// The next request; `bytes` is what came of it, and keeps what came after it.
async fn hear(
    stream: &mut TcpStream,
    bytes: &mut Vec<u8>,
    received: &Mutex<Vec<u8>>,
) -> Option<Heard> {
    loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
            let mut request = head_of(&head)?;
            let length: usize = request.header("content-length").parse().unwrap_or(0);
            let whole = end + 4 + length;
            if bytes.len() >= whole {
                request.body = bytes[end + 4..whole].to_vec();
                bytes.drain(..whole);
                return Some(request);
            }
        }
        let before = bytes.len();
        let count = stream.read_buf(bytes).await.ok()?;
        if count == 0 {
            return None;
        }
        let mut received = received.lock().unwrap_or_else(PoisonError::into_inner);
        received.extend_from_slice(&bytes[before..]);
    }
}

fn head_of(head: &str) -> Option<Heard> {
    let (request, headers) = head.split_once("\r\n").unwrap_or((head, ""));
    let mut request = request.split(' ');
    Some(Heard {
        method: request.next()?.to_owned(),
        target: request.next()?.to_owned(),
        headers: headers
            .split("\r\n")
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect(),
        body: Vec::new(),
    })
}
