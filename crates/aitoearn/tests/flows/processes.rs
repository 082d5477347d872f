//! A wait outlives its process, and its server a restart.

use std::{
    convert::Infallible,
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use aitoearn::{
    Client, Error, FlowItem, PublishTime, RetryPolicy,
    flow::{FlowJob, Handle, Job, Look, PollPolicy, Update, VideoJob, Wait},
    types::Platform,
};
use aitoearn_mock::Sandbox;
use serde::{Deserialize, Serialize};

use crate::{calls, quick, sandbox};

/// What a child process is told, in its environment.
const KIND: &str = "FLOWS_KIND";
const SERVER: &str = "FLOWS_SERVER";
const KEY: &str = "FLOWS_KEY";
const FILE: &str = "FLOWS_FILE";

#[tokio::test]
async fn a_killed_process_is_taken_over_by_another() {
    let (sandbox, _) = sandbox();
    sandbox.videos().hold();
    let release = || {
        sandbox.videos().pending_polls(0);
    };
    let said = take_over(&sandbox, VideoJob::KIND, "video_get", release).await;
    assert!(said.contains("ready: https://"), "{said}");
    assert_eq!(calls(&sandbox, "video_generate"), 1, "no second submission");
}

#[tokio::test]
async fn so_is_one_that_publishes() {
    let (sandbox, _) = sandbox();
    sandbox.posts().hold();
    sandbox.accounts().add("twitter", "Maps").expect("known");
    let release = || {
        sandbox.posts().release();
    };
    let said = take_over(&sandbox, FlowJob::KIND, "publish_flow_get", release).await;
    assert!(said.contains("ready: 1 published"), "{said}");
    assert_eq!(calls(&sandbox, "publish_flow_create"), 1, "one flow");
}

/// Kills a process in mid-wait, lets what it waits for come to its end, and gives
/// what a second process then says.
async fn take_over(sandbox: &Sandbox, kind: &str, look: &str, release: impl Fn()) -> String {
    let folder = format!("aitoearn-{kind}-{}", std::process::id());
    let folder = std::env::temp_dir().join(folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("handle.json");

    let mut first = child(sandbox, kind, &file);
    while calls(sandbox, look) == 0 {
        assert!(first.try_wait().expect("a child").is_none(), "it waits");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    first.kill().expect("it runs");
    first.wait().expect("it is over");

    release();
    let second = child(sandbox, kind, &file).wait_with_output();
    let second = second.expect("it ran");
    let said = String::from_utf8_lossy(&second.stdout).into_owned();
    assert!(second.status.success(), "{said}");
    std::fs::remove_dir_all(&folder).expect("ours");
    said
}

/// This very test program, as a process that runs [`child_process`] alone.
fn child(sandbox: &Sandbox, kind: &str, file: &Path) -> Child {
    let program = std::env::current_exe().expect("this program");
    Command::new(program)
        .args([
            "--ignored",
            "--exact",
            "--nocapture",
            "processes::child_process",
        ])
        .env(KIND, kind)
        .env(SERVER, sandbox.base_url())
        .env(KEY, sandbox.api_key())
        .env(FILE, file)
        .stdout(Stdio::piped())
        .spawn()
        .expect("a child")
}

#[tokio::test]
#[ignore = "run by the tests above, in a process of its own"]
async fn child_process() {
    let (Ok(kind), Ok(server), Ok(key), Some(file)) = (
        std::env::var(KIND),
        std::env::var(SERVER),
        std::env::var(KEY),
        std::env::var_os(FILE),
    ) else {
        return; // Somebody runs all ignored tests.
    };
    let client = Client::builder().base_url(server).api_key(key);
    let client = client.build().expect("valid settings");
    let file = Path::new(&file);
    if kind == VideoJob::KIND {
        let wait = saved(&client, file, async || {
            let models = client.video().models().await.expect("models");
            let generating = client.video().generate(&models[0].name, "A paper boat");
            generating.start().await.expect("started")
        });
        let video = wait.await.policy(quick()).await.expect("a video");
        println!("ready: {}", video.url);
    } else {
        let wait = saved(&client, file, async || {
            let accounts = client.accounts().list().await.expect("accounts");
            let item = FlowItem::twitter(&accounts.list[0].id);
            let flow = client.publish().flow().body("Maps").item(item);
            let flow = flow.at(PublishTime::Now).await;
            flow.expect("created").wait()
        });
        let outcome = wait.await.policy(quick()).await.expect("an end");
        println!("ready: {outcome}");
    }
}

/// The wait whose handle is in the file; else a new one, whose handle goes there.
async fn saved<J: Job>(client: &Client, file: &Path, begin: impl AsyncFn() -> Wait<J>) -> Wait<J> {
    if let Ok(saved) = std::fs::read(file) {
        let handle: Handle<J> = serde_json::from_slice(&saved).expect("a handle");
        return client.resume(handle);
    }
    let wait = begin().await;
    let handle = serde_json::to_vec(wait.handle()).expect("plain data");
    std::fs::write(file, handle).expect("a file");
    wait
}

/// Until somebody has an account on TikTok.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct OnTiktok;

impl Job for OnTiktok {
    const KIND: &'static str = "on_tiktok";
    type State = u64;
    type Output = String;
    type Failure = Infallible;

    fn policy(&self) -> PollPolicy {
        quick()
    }

    async fn look(&self, client: &Client) -> Result<Look<Self>, Error> {
        let listing = client.accounts().list().types([Platform::Tiktok]);
        let accounts = listing.retry(RetryPolicy::none()).await?.list;
        Ok(match accounts.first() {
            Some(account) => Look::Done(account.nickname.clone()),
            None => Look::Pending(0),
        })
    }
}

#[tokio::test]
async fn a_server_may_restart_between_looks() {
    let (before, client) = sandbox();
    let port = before.base_url().rsplit(':').next().expect("a port");
    let port: u16 = port.parse().expect("a number");

    let mut updates = client.wait_for(OnTiktok).updates();
    let found = updates.next().await.expect("goes on").expect("no end");
    assert!(matches!(found, Update::Pending(0)), "{found:?}");

    drop(before);
    let found = updates.next().await.expect("goes on").expect("no end");
    assert!(matches!(found, Update::Interrupted(_)), "{found:?}");

    let after = Sandbox::builder().port(port).start().expect("free again");
    after.accounts().add("tiktok", "Ada").expect("a platform");
    let mut interruptions = 0;
    loop {
        match updates.next().await.expect("goes on").expect("no end") {
            Update::Done(name) => break assert_eq!(name, "Ada"),
            // A connection of the old server's may still have been in the pool.
            Update::Interrupted(_) => interruptions += 1,
            other => panic!("{other:?}"),
        }
        assert!(interruptions < 5);
    }
}
