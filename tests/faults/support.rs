//! A client that does not wait long, and the two kinds of call that all tests make.

use std::{error::Error as StdError, fmt::Write as _, process::Command, time::Duration};

use aitoearn::{Client, ClientBuilder, Error, RetryPolicy, types};
use aitoearn_mock::{Act, RawServer};
use serde_json::json;
use tokio::runtime::Runtime;

/// Must be seen in `X-Api-Key` and nowhere else.
pub(crate) const KEY: &str = "canary-api-key-0123456789";

/// A list of accounts with nothing in it.
pub(crate) const NO_ACCOUNTS: &str =
    r#"{"data":{"total":0,"list":[]},"code":0,"message":"ok","requestId":"r-1"}"#;

/// An authorization session that was started.
pub(crate) const STARTED: &str = r#"{"data":{"url":"https://example.org/consent","sessionId":"s1","expiresAt":"2026-01-01T00:00:00.000Z"},"code":0,"message":"ok","requestId":"r-1"}"#;

pub(crate) fn server(acts: impl IntoIterator<Item = Act>) -> RawServer {
    RawServer::start(acts).expect("loopback")
}

/// A builder with a key, and the usual number of retries without the usual waits. What does not fit
/// is a fault here: what a client makes of it otherwise is in `tests/forward`.
pub(crate) fn builder(url: &str) -> ClientBuilder {
    let moment = Duration::from_millis(1);
    let quick = RetryPolicy::default().backoff(moment, moment);
    let builder = Client::builder().base_url(url).api_key(KEY).retry(quick);
    builder.strict_answers(true)
}

pub(crate) fn client(server: &RawServer) -> Client {
    builder(&server.base_url()).build().expect("valid settings")
}

/// A call that may be repeated: `accounts_list`.
pub(crate) async fn read(client: &Client) -> Result<types::AccountList, Error> {
    client.accounts().list().await
}

/// A call with an effect, although a GET: `auth_start`.
pub(crate) async fn effect(client: &Client) -> Result<types::AuthStart, Error> {
    client.auth().start(types::Platform::Tiktok).await
}

/// What an error shows anywhere: in a line, in a debugger, and below it.
pub(crate) fn shown(error: &impl StdError) -> String {
    let mut text = format!("{error}\n{error:?}\n{error:#?}");
    let mut source = error.source();
    while let Some(inner) = source {
        let _ = write!(text, "\n{inner}\n{inner:?}");
        source = inner.source();
    }
    text
}

/// Waits for the server to have this many connections. It gives up after five seconds on tokio's
/// clock, so that a connection which stays fails a test and does not hang it.
pub(crate) async fn until_open(server: &RawServer, connections: usize) {
    for _ in 0..5000 {
        if server.open() == connections {
            return;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    panic!("{} connections are open, not {connections}", server.open());
}

/// The id of the asset that [`assets`] announces.
pub(crate) const ASSET: &str = "66f2a9c4d81e5b0037c4a1a0";

/// A service that sends every upload to this address and takes every confirmation.
pub(crate) fn assets(upload_url: &str) -> RawServer {
    let ok = |data| json!({ "data": data, "code": 0, "message": "ok" }).to_string();
    let path = "publishMedia/1.mp4";
    let url = "https://assets.example.com/publishMedia/1.mp4";
    let target = ok(json!({ "id": ASSET, "path": path, "url": url, "uploadUrl": upload_url }));
    let asset = ok(json!({
        "id": ASSET, "userId": "u", "userType": "user", "path": path, "url": url, "size": 4,
        "type": "publishMedia", "mimeType": "video/mp4", "status": "confirmed", "filename": "a.mp4",
        "createdAt": "2026-01-01T00:00:00.000Z", "updatedAt": "2026-01-01T00:00:00.000Z",
    }));
    RawServer::choose(move |_, request| match request {
        Some(request) if request.target().ends_with("/confirm") => Act::json(asset.clone()),
        _ => Act::json(target.clone()),
    })
    .expect("loopback")
}

/// Runs an ignored test of this binary in a process of its own, for what belongs to a process: its
/// environment, its log. Gives what it printed.
pub(crate) async fn alone(test: &'static str, variables: &[(&str, String)]) -> String {
    let mut command = Command::new(std::env::current_exe().expect("a program"));
    command.args(["--exact", test, "--ignored", "--nocapture"]);
    command.env(ALONE, "yes");
    command.envs(variables.iter().map(|(name, value)| (name, value)));
    // This process may have to serve it meanwhile.
    let output = tokio::task::spawn_blocking(move || command.output().expect("it runs"));
    let output = output.await.expect("no panic");
    let printed = [output.stdout, output.stderr].concat();
    let printed = String::from_utf8_lossy(&printed).into_owned();
    let passed = output.status.success() && printed.contains("1 passed");
    assert!(passed, "{printed}");
    printed
}

/// Whether [`alone`] runs this process.
pub(crate) fn is_alone() -> bool {
    std::env::var_os(ALONE).is_some()
}

const ALONE: &str = "FAULTS_ALONE";

/// A runtime whose clock stands still while there is something to do, and jumps where there is not.
pub(crate) fn paused() -> Runtime {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder
        .enable_all()
        .start_paused(true)
        .build()
        .expect("a runtime")
}

/// The most bytes that this thread held at a time, beyond those that it held before.
pub(crate) fn most_held(run: impl FnOnce()) -> u64 {
    allocation_counter::measure(run).bytes_max
}
