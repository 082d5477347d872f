//! A storage that does as it is told, and an API that sends uploads there.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use aitoearn::{Client, RetryPolicy, Timeouts};
use aitoearn_mock::{MockServer, operations};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

pub(crate) const ASSET: &str = "66f2a9c4d81e5b0037c4a1a0";
pub(crate) const KEY: &str = "canary-api-key-0123456789";
/// All that a URL may hold and a careless client would change.
pub(crate) const SIGNED: &str = "/b/%e4%bd%a0+1.mp4?X-Amz-SignedHeaders=content-length%3Bhost&x=AA%3D%3D&y=a/b+c&X-Amz-Signature=hunter2";

/// What the storage does once it has the head of a request.
#[derive(Clone, Copy)]
pub(crate) enum Manner {
    /// Reads all of the body and answers with this head.
    Answer(&'static str),
    /// Reads nothing and says nothing.
    Silence,
    /// Reads all of the body and says nothing.
    Listens,
    /// Closes the connection.
    Cut,
}

/// Takes everything.
pub(crate) const OK: Manner = Manner::Answer("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");

#[derive(Clone)]
pub(crate) struct Storage {
    pub(crate) address: SocketAddr,
    requests: Arc<Mutex<Vec<(String, usize)>>>,
}

impl Storage {
    /// One manner per request, the last one again and again.
    pub(crate) async fn start(manners: &'static [Manner]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
        let storage = Self {
            address: listener.local_addr().expect("bound"),
            requests: Arc::default(),
        };
        let this = storage.clone();
        tokio::spawn(async move {
            let mut number = 0;
            while let Ok((stream, _)) = listener.accept().await {
                let manner = manners[number.min(manners.len() - 1)];
                number += 1;
                tokio::spawn(this.clone().serve(stream, manner));
            }
        });
        storage
    }

    /// The head of each request, and how many bytes of body came.
    pub(crate) fn requests(&self) -> Vec<(String, usize)> {
        self.requests.lock().expect("no panic").clone()
    }

    async fn serve(self, mut stream: TcpStream, manner: Manner) {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            match stream.read_u8().await {
                Ok(byte) => head.push(byte),
                Err(_) => return,
            }
        }
        let head = String::from_utf8_lossy(&head).into_owned();
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "))
            .map_or(0, |length| length.parse().expect("a number"));
        let index = {
            let mut requests = self.requests.lock().expect("no panic");
            requests.push((head, 0));
            requests.len() - 1
        };
        let mut buffer = vec![0; 1 << 16];
        let mut came = 0;
        while came < length && matches!(manner, Manner::Answer(_) | Manner::Listens) {
            match stream.read(&mut buffer).await {
                Ok(0) | Err(_) => break,
                Ok(count) => came += count,
            }
            self.requests.lock().expect("no panic")[index].1 = came;
        }
        match manner {
            Manner::Answer(head) if came == length => {
                let _ = stream.write_all(head.as_bytes()).await;
                let _ = stream.shutdown().await;
            }
            Manner::Silence => std::future::pending().await,
            // Until the client gives up.
            Manner::Listens => drop(stream.read(&mut buffer).await),
            Manner::Answer(_) | Manner::Cut => {}
        }
    }
}

/// An API whose uploads go to this storage, and a client of it.
pub(crate) fn api(storage: &Storage, timeouts: Timeouts) -> (MockServer, Client) {
    let mock = MockServer::start();
    let url = format!("http://{}{SIGNED}", storage.address);
    mock.when(&operations::ASSETS_UPLOAD_SIGN).ok(&json!({
        "id": ASSET, "path": "b/1.mp4", "url": "https://assets.example.com/b/1.mp4", "uploadUrl": url,
    }));
    let client = Client::builder()
        .base_url(mock.base_url())
        .api_key(KEY)
        .user_agent("my-tool/1")
        .timeouts(timeouts)
        .retry(RetryPolicy::none())
        .build()
        .expect("valid settings");
    (mock, client)
}
