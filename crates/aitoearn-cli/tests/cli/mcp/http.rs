//! The server over HTTP: who may talk to it, and that it is the same.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use rmcp::ServiceExt as _;
use rmcp::transport::StreamableHttpClientTransport;
use rmcp::transport::streamable_http_client::StreamableHttpClientTransportConfig;
use serde_json::json;

use super::{Host, params};
use crate::support::{Folder, ran};

const TOKEN: &str = "a token of seventy letters";

struct Listening {
    url: String,
    token: Option<String>,
    child: Child,
    _folder: Folder,
}

impl Drop for Listening {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(folder: &Folder) -> Command {
    folder.command(&["mcp", "--sandbox", "--http", "0"])
}

fn listen(token: Option<&str>) -> Listening {
    let folder = Folder::new();
    let mut command = command(&folder);
    if let Some(token) = token {
        command.env("AITOEARN_MCP_TOKEN", token);
    }
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let line = lines.next().unwrap().unwrap();
    let url = line.strip_prefix("Serving ").unwrap().to_owned();
    let token = token.is_none().then(|| {
        let line = lines.next().unwrap().unwrap();
        line.strip_prefix("Token: ").unwrap().to_owned()
    });
    Listening {
        url,
        token,
        child,
        _folder: folder,
    }
}

#[tokio::test]
async fn a_client_with_the_token_gets_the_same_tools() {
    let listening = listen(None);
    let token = listening.token.clone().unwrap();
    assert_eq!(token.len(), 48);
    let told = Host::default();
    let mut clients = Vec::new();
    for _ in 0..2 {
        let config = StreamableHttpClientTransportConfig::with_uri(listening.url.as_str());
        let transport = StreamableHttpClientTransport::from_config(config.auth_header(&token));
        clients.push(told.clone().serve(transport).await.unwrap());
    }
    for client in &clients {
        assert_eq!(client.list_all_tools().await.unwrap().len(), 15);
        let post = json!({
            "accounts": ["youtube_1"], "title": "Maps", "media": ["clip.mp4"],
            "wait_seconds": 60, "confirm": true,
        });
        let done = client
            .call_tool(params("publish_post", post))
            .await
            .unwrap();
        let done = done.structured_content.unwrap();
        assert_eq!(done["posts"][0]["outcome"], "published", "{done}");
    }
    assert!(!told.told.lock().unwrap().is_empty());
    let other = listen(None);
    assert_ne!(other.token, listening.token);
}

#[tokio::test]
async fn nobody_else_is_answered() {
    let listening = listen(Some(TOKEN));
    let url = listening.url.as_str();
    assert!(url.starts_with("http://127.0.0.1:"), "{url}");
    let http = aitoearn::http_client_builder().build().unwrap();
    let initialize = json!({
        "jsonrpc": "2.0", "id": 1, "method": "initialize",
        "params": {
            "protocolVersion": "2025-06-18", "capabilities": {},
            "clientInfo": { "name": "somebody", "version": "1" },
        },
    });
    let bearer = format!("Bearer {TOKEN}");
    let cases: &[(&[(&str, &str)], u16)] = &[
        (&[("authorization", &bearer)], 200),
        (&[], 401),
        (&[("authorization", "Bearer ")], 401),
        (&[("authorization", TOKEN)], 401),
        (&[("authorization", &bearer[..bearer.len() - 1])], 401),
        (
            &[
                ("authorization", &bearer),
                ("origin", "https://example.com"),
            ],
            403,
        ),
        (&[("authorization", &bearer), ("origin", "null")], 403),
        (&[("authorization", &bearer), ("host", "example.com")], 403),
    ];
    for (headers, status) in cases {
        let mut request = http
            .post(url)
            .header("accept", "application/json, text/event-stream")
            .json(&initialize);
        for (name, value) in *headers {
            request = request.header(*name, *value);
        }
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status().as_u16(), *status, "{headers:?}");
    }
    let elsewhere = http
        .get(url.replace("/mcp", "/"))
        .header("authorization", &bearer);
    assert_eq!(elsewhere.send().await.unwrap().status().as_u16(), 404);
}

#[test]
fn a_token_that_can_be_guessed_is_refused() {
    let folder = Folder::new();
    let run = ran(command(&folder).env("AITOEARN_MCP_TOKEN", "secret"));
    assert_eq!(run.code, 2, "{}", run.err);
    assert!(run.err.contains("16 characters"), "{}", run.err);
}
