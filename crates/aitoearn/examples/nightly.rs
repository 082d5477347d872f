//! A job for every night: one video to five accounts, with a line for each in the end.
//! One night is one flow, however often this is started:
//! `cargo run --example nightly -- 2026-11-27 bread.mp4 youtube_1 tiktok_2 threads_3 linkedin_4 KWAI_5`

use std::{collections::HashSet, path::Path};

use aitoearn::{Client, FlowItem, PublishTime, resources::FlowPart};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let night = args.next().ok_or("which night is it?")?;
    let video = args.next().ok_or("which video is it?")?;
    let accounts: Vec<String> = args.collect();
    let client = Client::from_env()?;

    let flow = |without: &HashSet<usize>| {
        let accounts = accounts.iter().enumerate();
        let kept = accounts.filter(|(place, _)| !without.contains(place));
        client
            .publish()
            .flow()
            .flow_id(format!("nightly-{night}"))
            .or_existing()
            .title(format!("Bread of {night}"))
            .body("Fresh from the oven #bread")
            .video(Path::new(&video))
            .items(kept.filter_map(|(_, account)| item(account)))
            .at(PublishTime::Now)
    };
    let created = match flow(&HashSet::new()).await {
        // What is wrong with some accounts keeps nothing from the others.
        Err(error) if !error.problems().is_empty() => {
            error
                .problems()
                .iter()
                .for_each(|it| eprintln!("left out: {it}"));
            flow(&error.problems().iter().map(|it| it.item).collect()).await?
        }
        other => other?,
    };
    match created.wait().await {
        Ok(outcome) => outcome.tasks.iter().for_each(|task| println!("{task}")),
        // The posts continue without us; this is how far each has come.
        Err(error) => println!("{error}"),
    }
    Ok(())
}

fn item(account: &str) -> Option<FlowPart> {
    Some(match account.split('_').next()? {
        "youtube" => FlowItem::youtube(account).into(),
        "tiktok" => FlowItem::tiktok(account).into(),
        "threads" => FlowItem::threads(account).into(),
        "linkedin" => FlowItem::linkedin(account).into(),
        "KWAI" => FlowItem::kwai(account).into(),
        _ => return None,
    })
}
