//! `mcp`: the server as a real client of the protocol sees it, over standard input and output.

mod hostile;
mod http;
mod publishing;
mod tools;

use std::fs::File;
use std::io;
use std::pin::Pin;
use std::process::Stdio;
use std::sync::{Arc, Mutex, mpsc};
use std::task::{Context, Poll, ready};

use aitoearn_mock::{Fault, Sandbox, operations};
use rmcp::model::{
    CallToolRequestParams, ClientCapabilities, ClientConfig, ClientRequest, ElicitRequestParams,
    ElicitResult, ElicitationAction, Implementation, ProgressNotificationParam, ProtocolVersion,
    Request,
};
use rmcp::service::{
    ClientLifecycleMode, NotificationContext, PeerRequestOptions, RequestContext, RequestHandle,
    RunningService, serve_client_with_lifecycle,
};
use rmcp::{ClientHandler, ErrorData, RoleClient};
use serde_json::{Value, json};
use tokio::io::{AsyncRead, ReadBuf};
use tokio::process::{Child, Command};

use crate::support::Folder;

/// The host of an agent, as far as the server knows one.
#[derive(Debug, Clone, Default)]
struct Host {
    /// What its user says when asked; `None` if they cannot be asked.
    says: Option<bool>,
    /// It speaks the protocol without a handshake, as of 2026-07-28.
    is_new: bool,
    asked: Arc<Mutex<Vec<String>>>,
    told: Arc<Mutex<Vec<ProgressNotificationParam>>>,
}

impl ClientHandler for Host {
    fn get_info(&self) -> ClientConfig {
        let capabilities = match self.says {
            Some(_) => ClientCapabilities::builder().enable_elicitation().build(),
            None => ClientCapabilities::default(),
        };
        ClientConfig::new(capabilities, Implementation::new("a host", "1"))
    }

    async fn create_elicitation(
        &self,
        request: ElicitRequestParams,
        _: RequestContext<RoleClient>,
    ) -> Result<ElicitResult, ErrorData> {
        if let ElicitRequestParams::FormElicitationParams { message, .. } = request {
            self.asked.lock().unwrap().push(message);
        }
        Ok(match self.says {
            Some(true) => {
                ElicitResult::new(ElicitationAction::Accept).with_content(json!({ "go_on": true }))
            }
            _ => ElicitResult::new(ElicitationAction::Decline),
        })
    }

    async fn on_progress(
        &self,
        progress: ProgressNotificationParam,
        _: NotificationContext<RoleClient>,
    ) {
        self.told.lock().unwrap().push(progress);
    }
}

/// Keeps a copy of all that is read.
struct Recorded<R> {
    inner: R,
    heard: Arc<Mutex<Vec<u8>>>,
}

impl<R: AsyncRead + Unpin> AsyncRead for Recorded<R> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.inner).poll_read(cx, buffer))?;
        let new = &buffer.filled()[before..];
        self.heard.lock().unwrap().extend_from_slice(new);
        Poll::Ready(Ok(()))
    }
}

/// A server in a process of its own, and the client that talks to it.
struct Served {
    client: RunningService<RoleClient, Host>,
    folder: Folder,
    heard: Arc<Mutex<Vec<u8>>>,
    /// Ends with it.
    _child: Child,
}

/// The program in a new folder; against this sandbox, or one of its own.
async fn serve(sandbox: Option<&Sandbox>, options: &[&str], host: Host) -> Served {
    serve_in(Folder::new(), sandbox, options, host).await
}

async fn serve_in(
    folder: Folder,
    sandbox: Option<&Sandbox>,
    options: &[&str],
    host: Host,
) -> Served {
    let mut command = match sandbox {
        Some(sandbox) => folder.against(sandbox, &["mcp"]),
        None => folder.command(&["mcp", "--sandbox"]),
    };
    let log = File::create(folder.path("log")).unwrap();
    command.args(options).stderr(log);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = Command::from(command).kill_on_drop(true).spawn().unwrap();
    let heard = Arc::default();
    let reader = Recorded {
        inner: child.stdout.take().unwrap(),
        heard: Arc::clone(&heard),
    };
    let lifecycle = if host.is_new {
        ClientLifecycleMode::Discover {
            preferred_versions: vec![ProtocolVersion::V_2026_07_28],
        }
    } else {
        ClientLifecycleMode::Initialize
    };
    let transport = (reader, child.stdin.take().unwrap());
    let client = serve_client_with_lifecycle(host, transport, lifecycle);
    Served {
        client: client.await.unwrap(),
        folder,
        heard,
        _child: child,
    }
}

impl Served {
    /// What a tool answers, as JSON.
    async fn call(&self, name: &'static str, arguments: Value) -> Value {
        let result = self.client.call_tool(params(name, arguments)).await;
        serde_json::to_value(result.unwrap()).unwrap()
    }

    /// The data of a tool that has to do what it is asked for.
    async fn data(&self, name: &'static str, arguments: Value) -> Value {
        let result = self.call(name, arguments).await;
        assert_ne!(result["isError"], true, "{name}: {result}");
        // Hosts that do not know structured content have the same in a text.
        let text = result["content"][1]["text"].as_str().unwrap();
        let data = result["structuredContent"].clone();
        assert_eq!(serde_json::from_str::<Value>(text).unwrap(), data);
        data
    }

    /// The error of a tool that must not do what it is asked for.
    async fn refused(&self, name: &'static str, arguments: Value) -> Value {
        let result = self.call(name, arguments).await;
        assert_eq!(result["isError"], true, "{name}: {result}");
        let text = result["content"][1]["text"].as_str().unwrap();
        serde_json::from_str::<Value>(text).unwrap()["error"].clone()
    }

    /// A call that is not waited for.
    async fn begin(&self, name: &'static str, arguments: Value) -> RequestHandle<RoleClient> {
        begin(&self.client, name, arguments).await
    }

    async fn names(&self) -> Vec<String> {
        let tools = self.client.list_all_tools().await.unwrap();
        tools.into_iter().map(|it| it.name.into_owned()).collect()
    }

    /// Everything that the server has said so far.
    fn heard(&self) -> String {
        String::from_utf8_lossy(&self.heard.lock().unwrap()).into_owned()
    }
}

async fn begin(
    client: &RunningService<RoleClient, Host>,
    name: &'static str,
    arguments: Value,
) -> RequestHandle<RoleClient> {
    let request = ClientRequest::CallToolRequest(Request::new(params(name, arguments)));
    let options = PeerRequestOptions::no_options();
    let begun = client.send_cancellable_request(request, options).await;
    begun.unwrap()
}

fn params(name: &'static str, arguments: Value) -> CallToolRequestParams {
    let Value::Object(arguments) = arguments else {
        panic!("arguments are an object")
    };
    CallToolRequestParams::new(name).with_arguments(arguments)
}

/// A sandbox that does not answer what became of posts, and word of each time that it is asked.
fn silent_on_posts() -> (Sandbox, mpsc::Receiver<()>) {
    let (tell, told) = mpsc::channel();
    let sandbox = Sandbox::builder()
        .demo_accounts()
        .on_request(move |seen| {
            if seen.operation == Some("publish_flow_get") {
                let _ = tell.send(());
            }
        })
        .start()
        .unwrap();
    let polls = &operations::PUBLISH_FLOW_GET;
    sandbox.faults().always(polls, Fault::hang());
    (sandbox, told)
}

/// How many posts the service has created.
fn created(sandbox: &Sandbox) -> usize {
    let seen = sandbox.seen();
    let created = seen
        .iter()
        .filter(|it| it.operation == Some("publish_flow_create") && it.code == Some(0));
    created.count()
}
