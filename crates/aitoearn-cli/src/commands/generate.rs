//! `image` and `video`: generated for credits, after a question.

use std::collections::BTreeSet;
use std::path::PathBuf;

use aitoearn::flow::{Job, Update, Wait};
use aitoearn::types::{GeneratedImage, ImagePrice, VideoPrice};
use clap::Args;

use crate::app::App;
use crate::failure::{Exit, Failure, Outcome};
use crate::follow::Waiting;
use crate::output::{Cell, Tone, can_ask};
use crate::session::Session;

use super::{download, picture, progress};

/// Options of `image`.
#[derive(Debug, Args)]
#[command(after_help = "\
The price is shown first. On a terminal you are asked; a script needs --yes.

Examples:
  aitoearn image 'A folded map of an island' -o map.png
  aitoearn image 'A map' --model gpt-image-1 --size 1024x1024 --yes -o map.png")]
pub struct ImageOptions {
    /// What is to be seen
    prompt: String,
    /// The model; by default the first of `models image`
    #[arg(long)]
    model: Option<String>,
    /// Such as 1024x1024
    #[arg(long)]
    size: Option<String>,
    /// Such as high
    #[arg(long)]
    quality: Option<String>,
    /// Write it to this file; further ones get numbers
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    waiting: Waiting,
}

/// Options of `video`.
#[derive(Debug, Args)]
#[command(after_help = "\
The price is shown first. On a terminal you are asked; a script needs --yes.

Examples:
  aitoearn video 'A paper boat crosses a puddle' -o boat.mp4
  aitoearn video --resume 66f2a9c4d81e5b0037c4a1a0 -o boat.mp4")]
pub struct VideoOptions {
    /// What is to be seen
    #[arg(required_unless_present = "resume")]
    prompt: Option<String>,
    /// The model; by default the first of `models video`
    #[arg(long)]
    model: Option<String>,
    /// How long it is to be
    #[arg(long)]
    seconds: Option<u32>,
    /// Such as 16:9
    #[arg(long)]
    ratio: Option<String>,
    /// Such as 720p
    #[arg(long)]
    resolution: Option<String>,
    /// Address of an image to begin with; may be repeated
    #[arg(long, value_name = "URL")]
    image: Vec<String>,
    /// Go on waiting for this task instead of beginning one
    #[arg(long, value_name = "TASK", conflicts_with = "prompt")]
    resume: Option<String>,
    /// Write it to this file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    waiting: Waiting,
}

/// Asks whether to spend credits. A sandbox has none.
fn may_spend(app: &App, session: &Session, what: &str, price: &str) -> Outcome {
    app.out.note(&format!("{what} costs {price}."));
    if app.global.yes || session.sandbox.is_some() {
        return Ok(());
    }
    if !can_ask() {
        return Err(
            Failure::usage("this spends credits, and there is nobody to ask")
                .advise("Add `--yes` to spend them; nothing was spent."),
        );
    }
    let go_on = super::ask("Spend them?")?;
    if go_on {
        Ok(())
    } else {
        Err(Failure::new(Exit::Usage, "not wanted; nothing was spent"))
    }
}

/// One price, or from the lowest to the highest.
fn range(prices: BTreeSet<String>) -> String {
    let mut prices: Vec<(f64, String)> = prices
        .into_iter()
        .map(|it| (it.parse().unwrap_or(f64::MAX), it))
        .collect();
    prices.sort_by(|one, other| one.0.total_cmp(&other.0));
    match (prices.first(), prices.last()) {
        (Some((_, low)), Some((_, high))) if low != high => format!("{low} to {high} credits"),
        (Some((_, price)), _) => format!("{price} credits"),
        _ => "an amount that the service does not tell".to_owned(),
    }
}

pub(crate) fn image_price(prices: &[ImagePrice], size: Option<&str>) -> String {
    let fits = |it: &&ImagePrice| size.is_some_and(|size| size == it.size);
    let exact: BTreeSet<String> = prices
        .iter()
        .filter(fits)
        .map(|it| it.price.to_string())
        .collect();
    let all = || prices.iter().map(|it| it.price.to_string()).collect();
    range(if exact.is_empty() { all() } else { exact })
}

pub(crate) fn video_price(
    prices: &[VideoPrice],
    seconds: Option<u32>,
    resolution: Option<&str>,
) -> String {
    let fits = |it: &&VideoPrice| {
        let length =
            seconds.is_none_or(|seconds| it.duration.is_none_or(|it| it == i64::from(seconds)));
        let size = resolution.is_none_or(|wanted| {
            it.resolution
                .as_deref()
                .is_none_or(|it| it.eq_ignore_ascii_case(wanted))
        });
        length && size
    };
    let fitting: BTreeSet<String> = prices
        .iter()
        .filter(fits)
        .map(|it| it.price.to_string())
        .collect();
    let all = || prices.iter().map(|it| it.price.to_string()).collect();
    range(if fitting.is_empty() { all() } else { fitting })
}

pub(crate) fn no_model(wanted: Option<&str>, known: &[&str]) -> Failure {
    let failure = match wanted {
        Some(name) => Failure::usage(format!("this site has no model `{name}` for it")),
        None => Failure::usage("this site has no model for it"),
    };
    failure.advise(format!("There are: {}.", known.join(", ")))
}

/// Generates an image.
pub(crate) async fn image(app: &App, options: ImageOptions) -> Outcome {
    let session = app.session()?;
    let images = session.client.images();
    let models = images.models().await?;
    let wanted = options.model.as_deref();
    let Some(model) = models
        .iter()
        .find(|it| wanted.is_none_or(|name| name == it.name))
    else {
        let known: Vec<&str> = models.iter().map(|it| it.name.as_str()).collect();
        return Err(no_model(wanted, &known));
    };
    let price = image_price(&model.pricing, options.size.as_deref());
    may_spend(
        app,
        &session,
        &format!("An image by {}", model.name),
        &price,
    )?;
    let mut request = images.generate_async(&model.name, options.prompt);
    if let Some(size) = options.size {
        request = request.size(size);
    }
    if let Some(quality) = options.quality {
        request = request.quality(quality);
    }
    app.on_interrupt("It is not known whether the generation began; the credits tell.");
    let wait = request.start().await?;
    let id = wait.handle().job().id.clone();
    app.on_interrupt(format!(
        "The generation goes on by itself: `aitoearn op image_task_get {id}` shows it."
    ));
    let task = watched(options.waiting.pace(wait, &session)).await?;
    if let Some(file) = &options.output {
        for (index, image) in task.images.iter().enumerate() {
            save(app, &session, image, numbered(file, index)).await?;
        }
    }
    app.out.list(
        &["model", "address"],
        &task.images,
        |it: &GeneratedImage| {
            vec![
                Cell::toned(&model.name, Tone::Good),
                Cell::maybe(it.url.as_ref()),
            ]
        },
    )
}

fn numbered(file: &std::path::Path, index: usize) -> PathBuf {
    if index == 0 {
        return file.to_owned();
    }
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let extension = file
        .extension()
        .map(|it| format!(".{}", it.to_string_lossy()))
        .unwrap_or_default();
    file.with_file_name(format!("{stem}-{}{extension}", index + 1))
}

async fn save(app: &App, session: &Session, image: &GeneratedImage, file: PathBuf) -> Outcome {
    if let Some(bytes) = image.b64_json.as_deref().and_then(picture::base64) {
        let written = std::fs::write(&file, bytes);
        return written.map_err(|error| {
            Failure::io(format!("`{}` cannot be written", file.display()), &error)
        });
    }
    match &image.url {
        Some(url) => download::to_file(app, session, url, &file).await,
        None => Err(Failure::new(
            Exit::Failed,
            "the service gave neither a picture nor an address",
        )),
    }
}

/// Generates a video.
pub(crate) async fn video(app: &App, options: VideoOptions) -> Outcome {
    let session = app.session()?;
    let videos = session.client.video();
    let wait = if let Some(id) = &options.resume {
        session.client.wait_for(aitoearn::flow::VideoJob {
            id: id.as_str().into(),
        })
    } else {
        let models = videos.models().await?;
        let wanted = options.model.as_deref();
        let Some(model) = models
            .iter()
            .find(|it| wanted.is_none_or(|name| name == it.name))
        else {
            let known: Vec<&str> = models.iter().map(|it| it.name.as_str()).collect();
            return Err(no_model(wanted, &known));
        };
        let price = video_price(
            &model.pricing,
            options.seconds,
            options.resolution.as_deref(),
        );
        may_spend(app, &session, &format!("A video by {}", model.name), &price)?;
        let mut request = videos.generate(&model.name, options.prompt.unwrap_or_default());
        if let Some(seconds) = options.seconds {
            request = request.seconds(seconds);
        }
        if let Some(ratio) = options.ratio {
            request = request.ratio(ratio);
        }
        if let Some(resolution) = options.resolution {
            request = request.resolution(resolution.as_str());
        }
        if !options.image.is_empty() {
            request = request.images(options.image);
        }
        app.on_interrupt(
            "It is not known whether the generation began: `aitoearn op video_list` tells.",
        );
        request.start().await?
    };
    let id = wait.handle().job().id.clone();
    let resume = format!(
        "The generation goes on by itself: `aitoearn video --resume {id}` goes on waiting."
    );
    app.on_interrupt(resume.clone());
    let video = watched(options.waiting.pace(wait, &session))
        .await
        .map_err(|failure| match failure.exit {
            Exit::Unknown => failure.advise(resume),
            _ => failure,
        })?;
    if let Some(file) = &options.output {
        download::to_file(app, &session, &video.url, file).await?;
    }
    let fields = vec![
        ("task", video.task.id.as_str().into()),
        ("model", video.task.model.as_str().into()),
        ("address", video.url.as_str().into()),
    ];
    app.out.item(&video.task, fields)
}

/// Waits, with a spinner that tells the state.
async fn watched<J: Job>(wait: Wait<J>) -> Outcome<J::Output> {
    let bar = progress::spinner("generating".to_owned());
    bar.enable_steady_tick(std::time::Duration::from_millis(200));
    let shown = bar.clone();
    let ended = wait.watch(move |update| {
        if let Update::Pending(state) = update
            && let Some(state) = J::describe(&state)
        {
            shown.set_message(crate::text::clean(&state).into_owned());
        }
    });
    let ended = ended.await;
    bar.finish_and_clear();
    Ok(ended?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_from_low_to_high() {
        let prices = |all: &[&str]| range(all.iter().map(|it| (*it).to_owned()).collect());
        assert_eq!(prices(&["9", "10", "2.5"]), "2.5 to 10 credits");
        assert_eq!(prices(&["4"]), "4 credits");
        assert!(prices(&[]).contains("does not tell"));
    }

    #[test]
    fn further_files_get_numbers() {
        let file = std::path::Path::new("a/map.png");
        assert_eq!(numbered(file, 0), file);
        assert_eq!(numbered(file, 1), std::path::Path::new("a/map-2.png"));
    }
}
