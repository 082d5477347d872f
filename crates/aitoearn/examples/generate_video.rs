//! Makes a video from words, and can be stopped and started again while it is made.
//!
//! Without `AITOEARN_API_KEY` it talks to a sandbox in this process; with it, to
//! the site of your choice (`AITOEARN_SITE=china` or `international`), where **a
//! video costs credits**.
//!
//! ```text
//! cargo run --example generate_video -- "A paper boat crosses a puddle, rain, dusk"
//! cargo run --example generate_video -- --resume video.json
//! ```

use std::time::{Duration, Instant};

use aitoearn::{
    Client,
    flow::{PollPolicy, Update, VideoJob, Wait},
};
use aitoearn_mock::Sandbox;
use anstream::println;
use anstyle::{AnsiColor, Style};

const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default();
const FAINT: Style = Style::new().dimmed();

/// Where the handle is kept, so that another run can go on.
const FILE: &str = "video.json";

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // A key in the environment means the real service; without one there is nobody to bother.
    let (client, sandbox) = if std::env::var_os("AITOEARN_API_KEY").is_some() {
        (Client::from_env()?, None)
    } else {
        println!("No AITOEARN_API_KEY is set, so this talks to a sandbox in this process.");
        let sandbox = Sandbox::start()?;
        let builder = Client::builder().base_url(sandbox.base_url());
        (builder.api_key(sandbox.api_key()).build()?, Some(sandbox))
    };
    let wait = match &arguments[..] {
        [option, file] if option == "--resume" => {
            client.resume(serde_json::from_slice(&std::fs::read(file)?)?)
        }
        [] => start(&client, "A paper boat crosses a puddle, rain, dusk").await?,
        words => start(&client, &words.join(" ")).await?,
    };
    if sandbox.is_none() {
        std::fs::write(FILE, serde_json::to_vec_pretty(wait.handle())?)?;
        println!("{FAINT}stop at will, and go on with --resume {FILE}{FAINT:#}");
        return watch(wait).await;
    }
    // Nobody has to wait for a sandbox.
    let quick = PollPolicy::every(Duration::from_millis(300)).shortest(Duration::ZERO);
    watch(wait.policy(quick)).await
}

async fn start(
    client: &Client,
    prompt: &str,
) -> Result<Wait<VideoJob>, Box<dyn std::error::Error>> {
    let models = client.video().models().await?;
    let model = models.first().ok_or("this site has no video model")?;
    println!("{} is to show: {prompt}", model.name);
    Ok(client.video().generate(&model.name, prompt).start().await?)
}

async fn watch(wait: Wait<VideoJob>) -> Result<(), Box<dyn std::error::Error>> {
    let begun = Instant::now();
    println!("task   {}", wait.handle().job().id);
    let mut updates = wait.updates();
    while let Some(update) = updates.next().await {
        let seconds = begun.elapsed().as_secs_f32();
        match update {
            Ok(Update::Pending(task)) => {
                println!("{FAINT}{seconds:5.1} s{FAINT:#}  {}", task.status);
            }
            Ok(Update::Interrupted(error)) => {
                println!("{FAINT}{seconds:5.1} s  {error}; trying again{FAINT:#}");
            }
            Ok(Update::Done(video)) => println!("{GOOD}ready{GOOD:#}  {}", video.url),
            Ok(_) => {}
            Err(error) => {
                println!("{BAD}{error}{BAD:#}");
                std::process::exit(1);
            }
        }
    }
    Ok(())
}
