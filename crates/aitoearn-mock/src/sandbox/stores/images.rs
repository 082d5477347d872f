//! The image tasks that run in the background.

use jiff::Timestamp;
use serde_json::Value;

use crate::sandbox::progress::{Pace, Progress};

/// An image task.
#[derive(Debug)]
pub(crate) struct Image {
    pub(crate) id: String,
    pub(crate) request: Value,
    pub(crate) points: Value,
    pub(crate) progress: Progress,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

/// All image tasks, and how they get on.
#[derive(Debug, Default)]
pub(crate) struct Images {
    pub(crate) list: Vec<Image>,
    pub(crate) pace: Pace,
}
