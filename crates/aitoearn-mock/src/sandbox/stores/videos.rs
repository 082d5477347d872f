//! The video tasks, in both styles.

use jiff::Timestamp;
use serde_json::Value;

use crate::sandbox::envelope::Refusal;
use crate::sandbox::ids::is_object_id;
use crate::sandbox::progress::{Pace, Progress};

/// A video task.
#[derive(Debug)]
pub(crate) struct Video {
    pub(crate) id: String,
    /// As it was asked for.
    pub(crate) request: Value,
    pub(crate) volcengine: bool,
    pub(crate) progress: Progress,
    pub(crate) submitted_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

/// All video tasks, and how they get on.
#[derive(Debug, Default)]
pub(crate) struct Videos {
    pub(crate) list: Vec<Video>,
    pub(crate) pace: Pace,
}

impl Videos {
    /// The task, one step further for having been looked at.
    pub(crate) fn look(
        &mut self,
        id: &str,
        volcengine: bool,
        now: Timestamp,
    ) -> Result<&Video, Refusal> {
        if !is_object_id(id) {
            return Err(Refusal::malformed_id("taskId in the path", id));
        }
        let video = self
            .list
            .iter_mut()
            .find(|video| video.id == id && video.volcengine == volcengine);
        let video = video.ok_or_else(|| Refusal::new(12302))?;
        if self.pace.step(&mut video.progress) {
            video.updated_at = now;
        }
        Ok(video)
    }

    pub(crate) fn start(&mut self, id: String, request: Value, volcengine: bool, now: Timestamp) {
        let progress = Progress::Waiting(0);
        self.list.push(Video {
            id,
            request,
            volcengine,
            progress,
            submitted_at: now,
            updated_at: now,
        });
    }
}
