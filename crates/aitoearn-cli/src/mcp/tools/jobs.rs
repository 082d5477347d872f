//! `job_status`: what takes longer than a call, found again by its handle.

use std::time::Duration;

use aitoearn::flow::{ConnectJob, Handle, ImageJob, Job, Look, Update, VideoJob};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use tokio::time::{Instant, timeout_at};

use crate::failure::{Exit, Failure, Outcome};
use crate::follow::Waiting;
use crate::mcp::answer::Answer;
use crate::mcp::context::Context;
use crate::mcp::tool::{About, Effect, Tool};

use super::wait;

pub(super) fn tool() -> Tool {
    Tool::new(
        About {
            name: "job_status",
            title: "Status of a job",
            description: "What became of something that connect_account, generate_image or \
                generate_video began, by the handle that they returned, also in an earlier \
                session. Can wait for the end. It only looks: nothing begins anew, and it costs \
                nothing.",
            effect: Effect::Reads,
        },
        show,
    )
}

/// What to find a job by.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct HandleText {
    /// `image`, `video` or `connection`.
    kind: String,
    /// The server that it is at.
    server: String,
    /// Which one it is.
    job: Map<String, Value>,
}

impl HandleText {
    /// A handle as a tool returns it.
    pub(super) fn of<J: Job>(handle: &Handle<J>) -> Self {
        let job = match serde_json::to_value(handle.job()) {
            Ok(Value::Object(job)) => job,
            _ => Map::new(),
        };
        Self {
            kind: J::KIND.to_owned(),
            server: handle.server().to_owned(),
            job,
        }
    }

    fn read<J: Job>(&self) -> Outcome<Handle<J>> {
        let value = json!({ "kind": self.kind, "server": self.server, "job": self.job });
        serde_json::from_value(value).map_err(|error| {
            Failure::usage(format!("the handle cannot be used: {error}"))
                .advise("Give it as the tool returned it.")
        })
    }
}

/// What a look at a job has found.
pub(super) enum State<T> {
    Done(T),
    /// Not over, in this state.
    Running(Option<String>),
}

/// Looks at a job at once, and then until it ends or the time is up.
pub(super) async fn watched<J: Job>(
    context: &Context,
    handle: Handle<J>,
    limit: Duration,
) -> Outcome<State<J::Output>> {
    let client = &context.session.client;
    if handle.server() != client.base_url() {
        let failure = Failure::usage("the handle is of another server; nothing was sent");
        return Err(failure.advise(format!("This one talks to {}.", client.base_url())));
    }
    let deadline = Instant::now() + limit;
    let mut state = match handle.job().look(client).await? {
        Look::Done(output) => return Ok(State::Done(output)),
        Look::Failed(failure) => return Err(Failure::new(Exit::Failed, failure.to_string())),
        Look::Pending(state) => J::describe(&state),
    };
    if limit.is_zero() {
        return Ok(State::Running(state));
    }
    let wait = Waiting::default().pace(client.resume(handle), &context.session);
    let mut updates = wait.updates();
    while let Ok(Some(update)) = timeout_at(deadline, updates.next()).await {
        match update? {
            Update::Done(output) => return Ok(State::Done(output)),
            Update::Pending(found) => {
                state = J::describe(&found);
                context.progress.look(state.as_deref().unwrap_or(J::KIND));
            }
            _ => context.progress.look("looking again"),
        }
    }
    Ok(State::Running(state))
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Which {
    /// The handle, as the tool returned it.
    handle: HandleText,
    /// Wait so many seconds for the end: 0 (default) to 600.
    #[serde(default)]
    #[schemars(range(max = 600))]
    wait_seconds: Option<u16>,
}

/// A job and what came of it.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Progress {
    /// `done` or `running`; one that failed is an error.
    status: &'static str,
    /// What the service says of its state.
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<String>,
    /// For `job_status`.
    handle: HandleText,
    /// Where images or a video are; they can be used in `media` of a post.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    urls: Vec<String>,
    /// Accounts that were connected.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    accounts: Vec<String>,
}

/// What came of a job: addresses, or accounts.
#[derive(Debug, Default)]
pub(super) struct Results {
    urls: Vec<String>,
    accounts: Vec<String>,
}

/// Either its end, or how to resume.
pub(super) fn status<J: Job>(
    handle: HandleText,
    state: State<J::Output>,
    results: fn(J::Output) -> Results,
) -> Answer<Progress> {
    match state {
        State::Done(output) => {
            let Results { urls, accounts } = results(output);
            let status = Progress {
                status: "done",
                state: None,
                handle,
                urls,
                accounts,
            };
            Answer::new("Done.", status)
        }
        State::Running(state) => {
            let status = Progress {
                status: "running",
                state,
                handle,
                urls: Vec::new(),
                accounts: Vec::new(),
            };
            Answer::new(
                "Not finished; it continues without this call. Call job_status with the handle.",
                status,
            )
        }
    }
}

/// The addresses of finished images.
pub(super) fn images(task: aitoearn::types::ImageTask) -> Results {
    let urls = task.images.into_iter().filter_map(|it| it.url);
    Results {
        urls: urls.collect(),
        ..Results::default()
    }
}

/// The address of a finished video.
pub(super) fn video(video: <VideoJob as Job>::Output) -> Results {
    Results {
        urls: vec![video.url],
        ..Results::default()
    }
}

fn connected(connected: aitoearn::flow::Connected) -> Results {
    let ids = connected.account_ids.into_iter().map(|it| it.to_string());
    Results {
        accounts: ids.collect(),
        ..Results::default()
    }
}

async fn show(context: Context, which: Which) -> Outcome<Answer<Progress>> {
    let Which {
        handle,
        wait_seconds,
    } = which;
    let limit = wait(wait_seconds, 0);
    match handle.kind.as_str() {
        ImageJob::KIND => {
            let state = watched::<ImageJob>(&context, handle.read()?, limit).await?;
            Ok(status::<ImageJob>(handle, state, images))
        }
        VideoJob::KIND => {
            let state = watched::<VideoJob>(&context, handle.read()?, limit).await?;
            Ok(status::<VideoJob>(handle, state, video))
        }
        ConnectJob::KIND => {
            let state = watched::<ConnectJob>(&context, handle.read()?, limit).await?;
            Ok(status::<ConnectJob>(handle, state, connected))
        }
        _ => Err(Failure::usage(
            "the handle is of no known kind: there are `image`, `video` and `connection`",
        )
        .advise("The posts of a flow_id are post_status's.")),
    }
}
