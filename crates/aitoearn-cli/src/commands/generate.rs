//! `image` and `video`: generated for credits, after a question.

use std::path::PathBuf;

use aitoearn::flow::{ImageJob, Job, Update, VideoJob, Wait};
use aitoearn::types::GeneratedImage;
use clap::Args;

use crate::complete;
use crate::context::App;
use crate::failure::{Exit, Failure, Outcome};
use crate::follow::Waiting;
use crate::generation::{self, Offer};
use crate::output::{Cell, Tone, can_ask};
use crate::session::Session;

use super::{download, picture, progress};

/// Options of `image`.
#[derive(Debug, Args)]
#[command(after_help = "\
The price is shown first. On a terminal you are asked; a script needs --yes.

Examples:
  aitoearn image 'A folded map of an island' -o map.png
  aitoearn image 'A map' --model gpt-image-1 --size 1024x1024 --yes -o map.png
  aitoearn image --resume 66f2a9c4d81e5b0037c4a1a0 -o map.png")]
pub struct ImageOptions {
    /// What is to be seen
    #[arg(required_unless_present = "resume")]
    prompt: Option<String>,
    /// The model; by default the first of `models image`
    #[arg(long, add = complete::image_models())]
    model: Option<String>,
    /// Such as 1024x1024
    #[arg(long)]
    size: Option<String>,
    /// Such as high
    #[arg(long)]
    quality: Option<String>,
    /// Resume waiting for this task instead of beginning one
    #[arg(long, value_name = "TASK", conflicts_with = "prompt")]
    resume: Option<String>,
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
    #[arg(long, add = complete::video_models())]
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
    /// Resume waiting for this task instead of beginning one
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

/// Generates an image.
pub(crate) async fn image(app: &App, options: ImageOptions) -> Outcome {
    let session = app.session()?;
    let wait = if let Some(id) = &options.resume {
        session.client.wait_for(ImageJob {
            id: id.as_str().into(),
        })
    } else {
        let wanted = generation::Image {
            prompt: options.prompt.unwrap_or_default(),
            model: options.model,
            size: options.size,
            quality: options.quality,
        };
        let Offer {
            model,
            price,
            request,
        } = wanted.offer(&session.client).await?;
        may_spend(app, &session, &format!("An image by {model}"), &price)?;
        app.on_interrupt("It is not known whether the generation began; the credits show it.");
        request.start().await?
    };
    let id = wait.handle().job().id.clone();
    let task = ended(
        app,
        wait,
        &options.waiting,
        &session,
        &format!("image --resume {id}"),
    )
    .await?;
    if let Some(file) = &options.output {
        for (index, image) in task.images.iter().enumerate() {
            save(app, &session, image, numbered(file, index)).await?;
        }
    }
    app.out
        .list(&["task", "address"], &task.images, |it: &GeneratedImage| {
            vec![
                Cell::toned(id.as_str(), Tone::Good),
                Cell::maybe(it.url.as_ref()),
            ]
        })
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
    let wait = if let Some(id) = &options.resume {
        session.client.wait_for(VideoJob {
            id: id.as_str().into(),
        })
    } else {
        let wanted = generation::Video {
            prompt: options.prompt.unwrap_or_default(),
            model: options.model,
            seconds: options.seconds,
            ratio: options.ratio,
            resolution: options.resolution,
            images: options.image,
        };
        let Offer {
            model,
            price,
            request,
        } = wanted.offer(&session.client).await?;
        may_spend(app, &session, &format!("A video by {model}"), &price)?;
        app.on_interrupt(
            "It is not known whether the generation began: `aitoearn op video_list` shows it.",
        );
        request.start().await?
    };
    let id = wait.handle().job().id.clone();
    let video = ended(
        app,
        wait,
        &options.waiting,
        &session,
        &format!("video --resume {id}"),
    )
    .await?;
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

/// Waits, with a spinner that shows the state; `again` resumes waiting.
async fn ended<J: Job>(
    app: &App,
    wait: Wait<J>,
    waiting: &Waiting,
    session: &Session,
    again: &str,
) -> Outcome<J::Output> {
    let resume = format!(
        "The generation continues without this command: `aitoearn {again}` resumes waiting."
    );
    app.on_interrupt(resume.clone());
    let bar = progress::spinner("generating".to_owned());
    bar.enable_steady_tick(std::time::Duration::from_millis(200));
    let shown = bar.clone();
    let ended = waiting.pace(wait, session).watch(move |update| {
        if let Update::Pending(state) = update
            && let Some(state) = J::describe(&state)
        {
            shown.set_message(crate::text::clean(&state).into_owned());
        }
    });
    let ended = ended.await.map_err(Failure::from);
    bar.finish_and_clear();
    ended.map_err(|failure| match failure.exit {
        Exit::Unknown => failure.advise(resume),
        _ => failure,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn further_files_get_numbers() {
        let file = std::path::Path::new("a/map.png");
        assert_eq!(numbered(file, 0), file);
        assert_eq!(numbered(file, 1), std::path::Path::new("a/map-2.png"));
    }
}
