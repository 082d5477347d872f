//! A wait outlives its process, and its server a restart.

use std::{
    convert::Infallible,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};

use aitoearn::{
    Client, Error, RetryPolicy,
    flow::{Handle, Job, Look, PollPolicy, Update, VideoJob},
    types::Platform,
};
use aitoearn_mock::Sandbox;
use serde::{Deserialize, Serialize};

use crate::{calls, quick, sandbox};

/// What a child process is told, in its environment.
const SERVER: &str = "FLOWS_SERVER";
const KEY: &str = "FLOWS_KEY";
const FILE: &str = "FLOWS_FILE";

#[tokio::test]
async fn a_killed_process_is_taken_over_by_another() {
    let (sandbox, _) = sandbox();
    sandbox.videos().hold();
    let folder = std::env::temp_dir().join(format!("aitoearn-handle-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("video.json");

    let mut first = child(&sandbox, &file);
    while calls(&sandbox, "video_get") == 0 {
        assert!(first.try_wait().expect("a child").is_none(), "it waits");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    first.kill().expect("it runs");
    first.wait().expect("it is over");

    sandbox.videos().pending_polls(0);
    let second = child(&sandbox, &file).wait_with_output().expect("it ran");
    let said = String::from_utf8_lossy(&second.stdout);
    assert!(second.status.success(), "{said}");
    assert!(said.contains("ready: https://"), "{said}");
    assert_eq!(calls(&sandbox, "video_generate"), 1, "no second submission");
    std::fs::remove_dir_all(&folder).expect("ours");
}

/// This very test program, as a process that runs [`child_process`] alone.
fn child(sandbox: &Sandbox, file: &PathBuf) -> Child {
    let program = std::env::current_exe().expect("this program");
    Command::new(program)
        .args([
            "--ignored",
            "--exact",
            "--nocapture",
            "processes::child_process",
        ])
        .env(SERVER, sandbox.base_url())
        .env(KEY, sandbox.api_key())
        .env(FILE, file)
        .stdout(Stdio::piped())
        .spawn()
        .expect("a child")
}

#[tokio::test]
#[ignore = "run by `a_killed_process_is_taken_over_by_another`, in a process of its own"]
async fn child_process() {
    let (Ok(server), Ok(key), Some(file)) = (
        std::env::var(SERVER),
        std::env::var(KEY),
        std::env::var_os(FILE),
    ) else {
        return; // Somebody runs all ignored tests.
    };
    let client = Client::builder().base_url(server).api_key(key);
    let client = client.build().expect("valid settings");
    let wait = if let Ok(saved) = std::fs::read(&file) {
        let handle: Handle<VideoJob> = serde_json::from_slice(&saved).expect("a handle");
        client.resume(handle)
    } else {
        let models = client.video().models().await.expect("models");
        let generating = client.video().generate(&models[0].name, "A paper boat");
        let wait = generating.start().await.expect("started");
        let saved = serde_json::to_vec(wait.handle()).expect("plain data");
        std::fs::write(&file, saved).expect("a file");
        wait
    };
    let video = wait.policy(quick()).await.expect("a video");
    println!("ready: {}", video.url);
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
