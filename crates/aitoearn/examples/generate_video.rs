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

mod common;

use aitoearn::{
    Client,
    flow::{VideoJob, Wait},
};
use anstream::println;

use common::{FAINT, GOOD, Outcome, Service, fail, spinner};

/// Where the handle is kept, so that another run can go on.
const FILE: &str = "video.json";

#[tokio::main]
async fn main() -> Outcome {
    let service = Service::open()?;
    let client = &service.client;
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let wait = match &arguments[..] {
        [option, file] if option == "--resume" => {
            client.resume(serde_json::from_slice(&std::fs::read(file)?)?)
        }
        [] => start(client, "A paper boat crosses a puddle, rain, dusk").await?,
        words => start(client, &words.join(" ")).await?,
    };
    println!("task   {}", wait.handle().job().id);
    // The task of a sandbox goes with this process.
    if service.sandbox.is_none() {
        std::fs::write(FILE, serde_json::to_vec_pretty(wait.handle())?)?;
        println!("{FAINT}stop at will, and go on with --resume {FILE}{FAINT:#}");
    }

    let bar = spinner()?;
    let mut last = String::new();
    let video = service.paced(wait).show_on(&bar, |task| {
        if task.status != last {
            last.clone_from(&task.status);
            bar.suspend(|| println!("{FAINT}{last}{FAINT:#}"));
        }
        task.status.clone()
    });
    let video = video.await;
    bar.finish_and_clear();
    match video {
        Ok(video) => println!("{GOOD}ready{GOOD:#}  {}", video.url),
        Err(error) => fail(&error, None),
    }
    Ok(())
}

async fn start(client: &Client, prompt: &str) -> Outcome<Wait<VideoJob>> {
    let models = client.video().models().await?;
    let model = models.first().ok_or("this site has no video model")?;
    println!("{} is to show: {prompt}", model.name);
    Ok(client.video().generate(&model.name, prompt).start().await?)
}
