//! What takes more than one call: connect, upload, publish, generate, and wait.
//!
//! | task | begin with | and get |
//! |---|---|---|
//! | connect an account | [`client.auth().connect(..)`](crate::Auth::connect) | [`Connecting`], which ends as [`Connected`] |
//! | upload a file | [`client.assets().upload(..)`](crate::Assets::upload) | the confirmed [`Asset`](crate::types::Asset) |
//! | publish | [`client.publish().flow()`](crate::Publish::flow) | a [`CreatedFlow`], whose [`wait`](CreatedFlow::wait) ends as [`FlowOutcome`] |
//! | make a video | [`client.video().generate(..)`](crate::Video::generate)`.start()` | a [`Wait`], which ends as [`GeneratedVideo`] |
//! | make images | [`client.images().generate_async(..)`](crate::Images::generate_async)`.start()` | a [`Wait`], which ends as the finished task |
//! | wait for anything else | [`client.wait_for(..)`](crate::Client::wait_for) with a [`Job`] of yours | a [`Wait`] |
//!
//! # Waiting
//!
//! Whatever is waited for, it is a [`Wait`], made of a [`Job`] and a
//! [`PollPolicy`]. `.await` it for the end, [`watch`](Wait::watch) it, or read what
//! it finds as a stream:
//!
//! ```no_run
//! # async fn example(client: aitoearn::Client) -> Result<(), Box<dyn std::error::Error>> {
//! use aitoearn::flow::Update;
//!
//! let wait = client.video().generate("the model's name", "A paper boat, rain").start().await?;
//! // Another process can go on from here, see `Client::resume`.
//! std::fs::write("video.json", serde_json::to_vec(wait.handle())?)?;
//!
//! let mut updates = wait.updates();
//! while let Some(update) = updates.next().await {
//!     match update? {
//!         Update::Pending(task) => println!("{}", task.status),
//!         Update::Interrupted(error) => println!("{error}; trying again"),
//!         Update::Done(video) => println!("ready: {}", video.url),
//!         _ => {}
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! - Every wait has a deadline, and its error holds the [`Handle`] to go on with.
//! - The next look comes at its interval (varied by a tenth) after the previous one was
//!   answered, and not before the service's `Retry-After`.
//! - Five looks in a row may fail for a passing reason, such as a restart of the
//!   server; the sixth ends the wait with its error.
//! - A state that is not known here counts as unfinished, and is told like any other.
//! - With the feature `indicatif`, waits and uploads show their progress on a bar
//!   of yours (`show_on`).
//! - Dropping a wait ends it, and nothing is sent afterwards. The job goes on.

#[cfg(feature = "indicatif")]
mod bar;
mod connect;
mod error;
mod generate;
mod job;
mod list;
mod policy;
mod poll;
mod publish;
mod upload;

pub use self::{
    connect::{CannotConnect, Connect, ConnectJob, Connected, Connecting, NotConnected},
    error::{WaitError, WaitReason},
    generate::{GeneratedVideo, GenerationFailed, ImageJob, VideoJob, VolcengineJob},
    job::{Handle, Job, Look},
    list::Items,
    policy::PollPolicy,
    poll::{Update, Updates, Wait},
    publish::{
        CreatedFlow, FlowEvent, FlowEvents, FlowJob, FlowOutcome, FlowTask, Problem, PublishError,
        PublishFailure, PublishReason, TaskState,
    },
    upload::{Upload, UploadError, UploadProgress, UploadSource},
};
pub(crate) use self::{
    list::{NumberedPage, Page, Position},
    publish::KnownRules,
    upload::mime,
};
