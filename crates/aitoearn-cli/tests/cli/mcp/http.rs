//! The server over HTTP: who may talk to it, and that it is the same.

use std::io::{BufRead as _, BufReader, Lines};
use std::process::{Child, ChildStderr, Command, Stdio};

use aitoearn_mock::Sandbox;
use rmcp::ServiceExt as _;
use rmcp::service::{RoleClient, RunningService};
use rmcp::transport::StreamableHttpClientTransport;
use rmcp::transport::streamable_http_client::StreamableHttpClientTransportConfig;
use serde_json::{Value, json};

use super::{Host, begin, created, params, silent_on_posts};
use crate::support::{Folder, ran};

const TOKEN: &str = "a token of seventy letters";

struct Listening {
    url: String,
    token: Option<String>,
    child: Child,
    /// What the server says on standard error from here on.
    log: Lines<BufReader<ChildStderr>>,
    _folder: Folder,
}

type Client = RunningService<RoleClient, Host>;

impl Listening {
    /// A client with the token.
    async fn client(&self, host: Host) -> Client {
        let token = self.token.as_deref().unwrap_or(TOKEN);
        let config = StreamableHttpClientTransportConfig::with_uri(self.url.as_str());
        let transport = StreamableHttpClientTransport::from_config(config.auth_header(token));
        host.serve(transport).await.unwrap()
    }
}

/// The data of a tool that has to do what it is asked for.
async fn data(client: &Client, name: &'static str, arguments: Value) -> Value {
    let done = client.call_tool(params(name, arguments)).await.unwrap();
    assert_ne!(done.is_error, Some(true), "{name}: {done:?}");
    done.structured_content.unwrap()
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
    let command = command(&folder);
    listening(folder, command, token)
}

fn listen_for(sandbox: &Sandbox) -> Listening {
    let folder = Folder::new();
    let command = folder.against(sandbox, &["mcp", "--http", "0"]);
    listening(folder, command, None)
}

fn listening(folder: Folder, mut command: Command, token: Option<&str>) -> Listening {
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
        log: lines,
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
        clients.push(listening.client(told.clone()).await);
    }
    for client in &clients {
        assert_eq!(client.list_all_tools().await.unwrap().len(), 15);
        let post = json!({
            "accounts": ["youtube_1"], "title": "Maps", "media": ["clip.mp4"],
            "wait_seconds": 60, "confirm": true,
        });
        let done = data(client, "publish_post", post).await;
        assert_eq!(done["posts"][0]["outcome"], "published", "{done}");
    }
    assert!(!told.told.lock().unwrap().is_empty());
    let other = listen(None);
    assert_ne!(other.token, listening.token);
}

#[tokio::test]
async fn a_call_is_cancelled_and_the_log_says_what_may_have_happened() {
    let (sandbox, told) = silent_on_posts();
    let mut listening = listen_for(&sandbox);
    let client = listening.client(Host::default()).await;
    let post = json!({
        "accounts": ["youtube_1"], "title": "Maps", "media": ["clip.mp4"],
        "wait_seconds": 60, "confirm": true, "flow_id": "cancelled-2",
    });
    let begun = begin(&client, "publish_post", post.clone()).await;
    tokio::task::spawn_blocking(move || told.recv().unwrap())
        .await
        .unwrap();
    begun.cancel(None).await.unwrap();
    // The server is there for others, and for the same post again.
    data(&client, "list_accounts", json!({})).await;
    sandbox.faults().clear();
    data(&client, "publish_post", post).await;
    assert_eq!(created(&sandbox), 1);
    let line = listening.log.find_map(|line| {
        let line = line.unwrap();
        line.contains("may have been created").then_some(line)
    });
    assert!(line.unwrap().contains("cancelled-2"));
}

#[tokio::test]
async fn a_job_is_resumed_by_another_process() {
    let sandbox = Sandbox::builder().demo_accounts().start().unwrap();
    sandbox.videos().hold();
    let first = listen_for(&sandbox);
    let client = first.client(Host::default()).await;
    let wanted = json!({ "prompt": "A paper boat", "wait_seconds": 0, "confirm": true });
    let begun = data(&client, "generate_video", wanted).await;
    assert_eq!(begun["status"], "running");
    drop((client, first));
    sandbox.videos().pending_polls(0);
    let second = listen_for(&sandbox);
    let client = second.client(Host::default()).await;
    let handle = json!({ "handle": begun["handle"] });
    let done = data(&client, "job_status", handle).await;
    assert_eq!(done["status"], "done");
    let begun_again = |it: &&aitoearn_mock::Seen| it.operation == Some("video_generate");
    assert_eq!(sandbox.seen().iter().filter(begun_again).count(), 1);
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
