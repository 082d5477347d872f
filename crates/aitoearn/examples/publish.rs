//! Publishes a video to several accounts and shows what becomes of each post.
//!
//! Without `AITOEARN_API_KEY` it talks to a sandbox in this process, where one
//! platform fails and one wants its user; with it, **it really publishes**, the
//! file and to the accounts that you name, at the site of your choice
//! (`AITOEARN_SITE=china` or `international`).
//!
//! ```text
//! cargo run --example publish -- clip.mp4 youtube_123 tiktok_456
//! ```

use std::{
    io::Write as _,
    time::{Duration, Instant},
};

use aitoearn::{
    Client, Code, FlowItem, FlowPart, PublishTime,
    flow::{
        CreatedFlow, FlowEvent, FlowOutcome, FlowTask, PollPolicy, PublishError, TaskState,
        UploadProgress, UploadSource,
    },
    types::Platform,
};
use aitoearn_mock::Sandbox;
use anstream::{eprint, println};
use anstyle::{AnsiColor, Style};

const HEAD: Style = Style::new().bold();
const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default();
const ASKS: Style = AnsiColor::Yellow.on_default();
const FAINT: Style = Style::new().dimmed();

/// Where the handle is kept, so that another process can go on waiting.
const FILE: &str = "flow.json";

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // A key in the environment means the real service; without one there is nobody to bother.
    if std::env::var_os("AITOEARN_API_KEY").is_none() {
        println!("No AITOEARN_API_KEY is set, so this talks to a sandbox in this process.\n");
        return in_sandbox().await;
    }
    let client = Client::from_env()?;
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("name a file and some accounts")?;
    let mut parts = Vec::new();
    for account in arguments {
        let platform = client.accounts().get(account.as_str()).await?.type_;
        parts.push(part(&platform, &account).ok_or("this platform needs more options than this")?);
    }
    let flow = create(&client, UploadSource::path(file), parts).await?;
    std::fs::write(FILE, serde_json::to_vec_pretty(flow.wait().handle())?)?;
    println!("{FAINT}stop at will: {FILE} is the handle for `Client::resume`{FAINT:#}");
    watch(&client, flow, None).await
}

async fn in_sandbox() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::start()?;
    let builder = Client::builder().base_url(sandbox.base_url());
    let client = builder.api_key(sandbox.api_key()).build()?;
    let mut parts = Vec::new();
    for platform in [Platform::Youtube, Platform::Tiktok, Platform::Douyin] {
        let account = sandbox.accounts().add(&platform, "Maps")?;
        parts.extend(part(&platform, &account));
    }
    let bilibili = sandbox.accounts().add("bilibili", "Maps")?;
    parts.push(FlowItem::bilibili(bilibili, 171).into());
    // The first post that gets to its platform is not welcome there.
    let code = Code::CHANNEL_ACCESS_TOKEN_FAILED;
    sandbox.posts().fail_next(code, "auth", "token expired");
    let file = UploadSource::bytes("fold.mp4", vec![0; 3_000_000]);
    let flow = create(&client, file, parts).await?;
    watch(&client, flow, Some(&sandbox)).await
}

/// An account on one of the platforms that can do without options.
fn part(platform: &Platform, account: &str) -> Option<FlowPart> {
    Some(match platform {
        Platform::Douyin => FlowItem::douyin(account).into(),
        Platform::Facebook => FlowItem::facebook(account).into(),
        Platform::Instagram => FlowItem::instagram(account).into(),
        Platform::Linkedin => FlowItem::linkedin(account).into(),
        Platform::Threads => FlowItem::threads(account).into(),
        Platform::Tiktok => FlowItem::tiktok(account).into(),
        Platform::Twitter => FlowItem::twitter(account).into(),
        Platform::Youtube => FlowItem::youtube(account).into(),
        _ => return None,
    })
}

/// Creates the flow, mended if its content breaks the rules.
async fn create(
    client: &Client,
    video: UploadSource,
    parts: Vec<FlowPart>,
) -> Result<CreatedFlow, PublishError> {
    let flow = client
        .publish()
        .flow()
        .title("How to fold a map so that it fits into its sleeve again")
        .body("It is easier than it looks. #maps")
        .video(video)
        .items(parts)
        .on_upload(bar)
        .at(PublishTime::Now);
    let error = match flow.await {
        Ok(created) => return Ok(created),
        Err(error) => error,
    };
    if error.problems().is_empty() {
        return Err(error);
    }
    println!("{BAD}Not sent yet:{BAD:#}");
    for problem in error.problems() {
        println!("  {problem}");
    }
    println!("\nSo with a shorter title and a cover.");
    let cover = UploadSource::bytes("map.png", vec![0; 40_000]);
    error
        .into_flow()
        .title("How to fold a map")
        .cover(cover)
        .await
}

async fn watch(
    client: &Client,
    flow: CreatedFlow,
    sandbox: Option<&Sandbox>,
) -> Result<(), Box<dyn std::error::Error>> {
    println!("flow {} has {} posts\n", flow.flow_id, flow.tasks.len());
    let begun = Instant::now();
    let mut wait = flow.wait();
    if sandbox.is_some() {
        // Nobody has to wait for a sandbox.
        wait = wait.policy(PollPolicy::every(Duration::from_millis(300)).shortest(Duration::ZERO));
    }
    let mut events = wait.events();
    while let Some(event) = events.next().await {
        let seconds = begun.elapsed().as_secs_f32();
        match event? {
            FlowEvent::Changed(task) => {
                show(seconds, &task);
                if let (TaskState::AwaitingUser(_), Some(sandbox)) = (&task.state, sandbox) {
                    sandbox.posts().finish_hand_off(&task.id)?;
                }
            }
            FlowEvent::Interrupted(error) => {
                println!("{FAINT}{seconds:5.1} s  {error}; trying again{FAINT:#}");
            }
            FlowEvent::Ended(outcome) => table(client, &outcome).await?,
            _ => {}
        }
    }
    Ok(())
}

fn show(seconds: f32, task: &FlowTask) {
    let style = match &task.state {
        TaskState::Published { .. } => GOOD,
        TaskState::AwaitingUser(_) => ASKS,
        TaskState::Failed(_) | TaskState::Cancelled => BAD,
        _ => FAINT,
    };
    println!("{FAINT}{seconds:5.1} s{FAINT:#}  {style}{task}{style:#}");
    if let TaskState::AwaitingUser(action) = &task.state {
        println!(
            "         {ASKS}open it on your phone before {}{ASKS:#}",
            action
                .expires_at
                .as_ref()
                .map_or("it expires", |it| it.as_str())
        );
    }
}

/// What has become of it all, with the links that came after the end.
async fn table(client: &Client, outcome: &FlowOutcome) -> Result<(), aitoearn::Error> {
    println!(
        "\n{HEAD}{:<26} {:<10} {:<10} link or reason{HEAD:#}",
        "account", "platform", "outcome"
    );
    for task in &outcome.tasks {
        let (style, word, text) = match &task.state {
            TaskState::Published {
                link: Some(link), ..
            } => (GOOD, "published", link.clone()),
            TaskState::Published { .. } => {
                let record = client.publish().records().get(&task.id).await?;
                let link = record
                    .work_link
                    .unwrap_or_else(|| "link pending".to_owned());
                (GOOD, "published", link)
            }
            TaskState::Failed(failure) => (BAD, "failed", failure.to_string()),
            TaskState::Cancelled => (BAD, "cancelled", String::new()),
            _ => (FAINT, "unknown", String::new()),
        };
        println!(
            "{:<26} {:<10} {style}{word:<10}{style:#} {text}",
            task.account_id, task.platform
        );
        if let Some(failure) = task.failure() {
            println!("{:<48} {FAINT}{}{FAINT:#}", "", failure.advice());
        }
    }
    println!("\n{outcome}");
    Ok(())
}

/// One line for each file, drawn again and again.
fn bar(file: &str, progress: UploadProgress) {
    let UploadProgress { sent, total, .. } = progress;
    eprint!(
        "\r{FAINT}{file}{FAINT:#}  {:3} %",
        sent * 100 / total.max(1)
    );
    if sent == total {
        eprint!("\n");
    }
    let _ = std::io::stderr().flush();
}
