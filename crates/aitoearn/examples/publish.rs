//! Publishes a video to several accounts and shows what becomes of each post.
//!
//! Without `AITOEARN_API_KEY` it talks to a sandbox in this process, where one
//! platform fails and one wants its user; with it, to the site of your choice
//! (`AITOEARN_SITE=china` or `international`), where **it really publishes** the
//! file that you name, to the accounts that you name.
//!
//! ```text
//! cargo run --example publish -- clip.mp4 youtube_123 tiktok_456
//! ```

mod common;

use std::time::Instant;

use aitoearn::{
    Client, Code, FlowItem, PublishTime,
    flow::{CreatedFlow, FlowEvent, FlowOutcome, FlowTask, PublishError, TaskState, UploadSource},
    resources::FlowPart,
    types::Platform,
};
use aitoearn_mock::Sandbox;
use anstream::println;
use anstyle::{AnsiColor, Style};
use indicatif::ProgressBar;

use common::{BAD, FAINT, GOOD, HEAD, Outcome, Service, byte_bar, fail};

const ASKS: Style = AnsiColor::Yellow.on_default();

/// Where the handle is kept, so that another process can go on waiting.
const FILE: &str = "flow.json";

#[tokio::main]
async fn main() -> Outcome {
    let service = Service::open()?;
    let (video, parts) = match &service.sandbox {
        Some(sandbox) => made_up(sandbox)?,
        None => named(&service.client).await?,
    };
    let flow = match create(&service.client, video, parts).await {
        Ok(flow) => flow,
        Err(error) => fail(&error, Some(error.advice())),
    };
    println!("flow {} has {} posts", flow.flow_id, flow.tasks.len());
    if service.sandbox.is_none() {
        std::fs::write(FILE, serde_json::to_vec_pretty(flow.wait().handle())?)?;
        println!("{FAINT}stop at will: {FILE} is the handle for `Client::resume`{FAINT:#}");
    }
    watch(&service, &flow).await
}

/// A file and accounts on the command line.
async fn named(client: &Client) -> Outcome<(UploadSource, Vec<FlowPart>)> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("name a file and some accounts")?;
    let mut parts = Vec::new();
    for account in arguments {
        let platform = client.accounts().get(account.as_str()).await?.type_;
        parts.push(part(&platform, &account).ok_or("this platform needs more options than this")?);
    }
    Ok((UploadSource::path(file), parts))
}

/// Accounts in the sandbox, of which the first is not welcome on its platform any more.
fn made_up(sandbox: &Sandbox) -> Outcome<(UploadSource, Vec<FlowPart>)> {
    let mut parts = Vec::new();
    for platform in [Platform::Youtube, Platform::Tiktok, Platform::Douyin] {
        let account = sandbox.accounts().add(&platform, "Maps")?;
        parts.extend(part(&platform, &account));
    }
    let bilibili = sandbox.accounts().add("bilibili", "Maps")?;
    parts.push(FlowItem::bilibili(bilibili, 171).into());
    let code = Code::CHANNEL_ACCESS_TOKEN_FAILED;
    sandbox.posts().fail_next(code, "auth", "token expired");
    Ok((UploadSource::bytes("fold.mp4", vec![0; 3_000_000]), parts))
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
    let bar = byte_bar().unwrap_or_else(|_| ProgressBar::hidden());
    let shown = bar.clone();
    let flow = client
        .publish()
        .flow()
        .title("How to fold a map so that it fits into its sleeve again")
        .body("It is easier than it looks. #maps")
        .video(video)
        .items(parts)
        .on_upload(move |file, progress| {
            shown.set_length(progress.total);
            shown.set_position(progress.sent);
            shown.set_message(file.to_owned());
        })
        .at(PublishTime::Now);
    let created = match flow.await {
        Err(error) if !error.problems().is_empty() => {
            println!("\n{BAD}not sent yet{BAD:#}");
            for problem in error.problems() {
                println!("  {problem}");
            }
            println!("so with a shorter title, and with a cover\n");
            let cover = UploadSource::bytes("map.png", vec![0; 40_000]);
            let flow = error.into_flow().title("How to fold a map").cover(cover);
            flow.await
        }
        other => other,
    };
    bar.finish_and_clear();
    created
}

async fn watch(service: &Service, flow: &CreatedFlow) -> Outcome {
    let begun = Instant::now();
    let mut events = service.paced(flow.wait()).events();
    while let Some(event) = events.next().await {
        let seconds = begun.elapsed().as_secs_f32();
        match event {
            Ok(FlowEvent::Changed(task)) => {
                show(seconds, &task);
                // In the sandbox somebody is quick to open the link.
                if let (TaskState::AwaitingUser(_), Some(sandbox)) = (&task.state, &service.sandbox)
                {
                    sandbox.posts().finish_hand_off(&task.id)?;
                }
            }
            Ok(FlowEvent::Interrupted(error)) => {
                println!("{FAINT}{seconds:5.1} s  {error}; trying again{FAINT:#}");
            }
            Ok(FlowEvent::Ended(outcome)) => table(&service.client, &outcome).await?,
            Ok(_) => {}
            Err(error) => fail(&error, None),
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
}

/// What has become of it all, with the links that came after the end.
async fn table(client: &Client, outcome: &FlowOutcome) -> Outcome {
    let accounts = outcome.tasks.iter().map(|task| task.account_id.as_str());
    let width = accounts.map(str::len).max().unwrap_or_default();
    println!(
        "\n{HEAD}{:width$}  {:10}  {:10}  link or reason{HEAD:#}",
        "account", "platform", "outcome"
    );
    for task in &outcome.tasks {
        let (style, word, text) = match &task.state {
            TaskState::Published { link, .. } => {
                let link = match link {
                    Some(link) => Some(link.clone()),
                    None => client.publish().records().get(&task.id).await?.work_link,
                };
                let link = link.unwrap_or_else(|| "link pending".to_owned());
                (GOOD, "published", link)
            }
            TaskState::Failed(failure) => (BAD, "failed", failure.to_string()),
            TaskState::Cancelled => (BAD, "cancelled", String::new()),
            _ => (FAINT, "unknown", String::new()),
        };
        let (account, platform) = (task.account_id.as_str(), &task.platform);
        println!("{account:width$}  {platform:10}  {style}{word:10}{style:#}  {text}");
        if let Some(failure) = task.failure() {
            println!("{:width$}  {FAINT}{}{FAINT:#}", "", failure.advice());
        }
    }
    println!("\n{outcome}");
    Ok(())
}
