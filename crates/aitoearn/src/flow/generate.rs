//! Videos and images: started, waited for, and there.

use std::{fmt, time::Duration};

use serde::{Deserialize, Serialize};

use super::{Job, Look, PollPolicy};
use crate::{
    Client, Error, RetryPolicy, TaskId,
    error::{said, without_key},
    types::{ImageTask, ImageTaskStatus, VideoTask, VolcengineTask},
};

/// From 5 s to 30 s, for an hour: videos take minutes, and the service itself
/// looks after them every half minute.
fn video_policy() -> PollPolicy {
    PollPolicy::growing(Duration::from_secs(5), Duration::from_secs(30))
        .deadline(Duration::from_secs(60 * 60))
}

/// A video in the making. Started by [`GenerateVideo::start`](crate::GenerateVideo::start).
///
/// It is looked at after 5 s, then at intervals that grow to 30 s, for an hour,
/// by `GET /api/ai/video/generations/{taskId}`. A status that is not known here
/// counts as unfinished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VideoJob {
    /// The task's id.
    pub id: TaskId,
}

impl Job for VideoJob {
    const KIND: &'static str = "video";
    type State = VideoTask;
    type Output = GeneratedVideo<VideoTask>;
    type Failure = GenerationFailed;

    fn policy(&self) -> PollPolicy {
        video_policy()
    }

    async fn look(&self, client: &Client) -> Result<Look<Self>, Error> {
        let looking = client.video().get(self.id.clone());
        let task = looking.retry(RetryPolicy::none()).await?;
        Ok(match (Ending::of(&task.status), task.video_url.clone()) {
            (Some(Ending::Good), Some(url)) => Look::Done(GeneratedVideo { url, task }),
            (Some(Ending::Bad), _) => Look::Failed(GenerationFailed {
                status: task.status,
                code: None,
                message: reason(client, task.error.map(|error| error.message)),
            }),
            // Without an address it is not there yet, whatever the status says.
            _ => Look::Pending(task),
        })
    }
}

/// A video in the making, in the format of Volcengine. Started by
/// [`CreateVolcengineVideo::start`](crate::CreateVolcengineVideo::start).
///
/// It is looked at after 5 s, then at intervals that grow to 30 s, for an hour,
/// by `GET /api/ai/v3/contents/generations/tasks/{taskId}`. A status that is not
/// known here counts as unfinished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VolcengineJob {
    /// The task's id.
    pub id: String,
}

impl Job for VolcengineJob {
    const KIND: &'static str = "volcengine_video";
    type State = VolcengineTask;
    type Output = GeneratedVideo<VolcengineTask>;
    type Failure = GenerationFailed;

    fn policy(&self) -> PollPolicy {
        video_policy()
    }

    async fn look(&self, client: &Client) -> Result<Look<Self>, Error> {
        let looking = client.video().volcengine().get(&self.id);
        let task = looking.retry(RetryPolicy::none()).await?;
        let url = task.content.as_ref().and_then(|it| it.video_url.clone());
        Ok(match (Ending::of(&task.status), url) {
            (Some(Ending::Good), Some(url)) => Look::Done(GeneratedVideo { url, task }),
            (Some(Ending::Bad), _) => {
                let (code, message) = task.error.map(|it| (it.code, it.message)).unzip();
                Look::Failed(GenerationFailed {
                    status: task.status,
                    code: reason(client, code),
                    message: reason(client, message),
                })
            }
            _ => Look::Pending(task),
        })
    }
}

/// Images in the making. Started by the method `start` of
/// [`generate_async`](crate::Images::generate_async) and
/// [`edit_async`](crate::Images::edit_async).
///
/// They are looked at after 2 s, then at intervals that grow to 10 s, for ten
/// minutes, by `GET /api/ai/image/task/{logId}`. The result is the finished
/// task, with the addresses in `images`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageJob {
    /// The task's id, which the service calls `logId`.
    pub id: TaskId,
}

impl Job for ImageJob {
    const KIND: &'static str = "image";
    type State = ImageTask;
    type Output = ImageTask;
    type Failure = GenerationFailed;

    fn policy(&self) -> PollPolicy {
        PollPolicy::growing(Duration::from_secs(2), Duration::from_secs(10))
    }

    async fn look(&self, client: &Client) -> Result<Look<Self>, Error> {
        let looking = client.images().task(self.id.clone());
        let task = looking.retry(RetryPolicy::none()).await?;
        Ok(match task.status {
            ImageTaskStatus::Success => Look::Done(task),
            ImageTaskStatus::Failed => Look::Failed(GenerationFailed {
                status: task.status.to_string(),
                code: None,
                message: reason(client, task.error_message),
            }),
            _ => Look::Pending(task),
        })
    }
}

/// A video that is there.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct GeneratedVideo<T> {
    /// Where it can be downloaded or published from.
    pub url: String,
    /// The finished task, with all that the service tells about it.
    pub task: T,
}

/// What the service says about a failure, which may repeat the key.
fn reason(client: &Client, text: Option<String>) -> Option<String> {
    text.map(|text| without_key(text, client.api().context()))
}

/// A generation ended without its video or image.
///
/// Both `Display` and `Debug` show its message masked and cut short.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct GenerationFailed {
    /// The task's last status, as the service writes it.
    pub status: String,
    /// The model provider's code; tasks in Volcengine's format have one.
    pub code: Option<String>,
    /// What went wrong, in the words of the service or of the model's provider.
    pub message: Option<String>,
}

impl fmt::Display for GenerationFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the generation ended as {}", self.status)?;
        if let Some(code) = &self.code {
            write!(f, " ({code})")?;
        }
        match self.message.as_deref() {
            None | Some("") => f.write_str(" without a reason"),
            Some(message) => write!(f, ": {}", said(message)),
        }
    }
}

impl fmt::Debug for GenerationFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let message = self.message.as_deref();
        f.debug_struct("GenerationFailed")
            .field("status", &self.status)
            .field("code", &self.code)
            .field("message", &message.map(said))
            .finish()
    }
}

impl std::error::Error for GenerationFailed {}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Ending {
    Good,
    Bad,
}

impl Ending {
    /// How a video's status ends it, in either format; `None` for all others.
    fn of(status: &str) -> Option<Self> {
        match status.to_ascii_lowercase().as_str() {
            "success" | "succeeded" => Some(Self::Good),
            "failure" | "failed" | "cancelled" | "expired" => Some(Self::Bad),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_an_end_in_any_case() {
        for word in ["SUCCESS", "success", "Succeeded"] {
            assert_eq!(Ending::of(word), Some(Ending::Good), "{word}");
        }
        for word in ["FAILURE", "failed", "Cancelled", "expired"] {
            assert_eq!(Ending::of(word), Some(Ending::Bad), "{word}");
        }
        for word in [
            "",
            "SUBMITTED",
            "InProgress",
            "UNKNOWN",
            "success?",
            "queued",
        ] {
            assert_eq!(Ending::of(word), None, "{word}");
        }
    }

    #[test]
    fn a_failure_says_what_is_known() {
        let mut failed = GenerationFailed {
            status: "FAILURE".to_owned(),
            code: None,
            message: None,
        };
        let text = "the generation ended as FAILURE without a reason";
        assert_eq!(failed.to_string(), text);
        failed.code = Some("E1".to_owned());
        failed.message = Some("too dark".to_owned());
        let text = "the generation ended as FAILURE (E1): too dark";
        assert_eq!(failed.to_string(), text);
    }
}
