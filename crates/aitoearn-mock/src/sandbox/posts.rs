//! Posts on their way to the platforms, and how far each has come.

use std::collections::VecDeque;

use jiff::Timestamp;

use super::catalogue::Platform;
use super::clock::later;
use super::envelope::Refusal;
use super::ids::is_object_id;
use super::state::State;

/// Seconds before its time at which a task enters the queue.
const QUEUE_AHEAD: i64 = 24 * 60 * 60;

/// Seconds that a Douyin hand-off waits for the user.
const HAND_OFF_LIFETIME: i64 = 60 * 60;

/// The states of a task, by the service's numbers.
pub(crate) mod status {
    pub(crate) const FAILED: i64 = -1;
    pub(crate) const WAITING: i64 = 0;
    pub(crate) const PUBLISHED: i64 = 1;
    pub(crate) const PUBLISHING: i64 = 2;
    pub(crate) const UPDATE_FAILED: i64 = 5;
    pub(crate) const QUEUED: i64 = 6;
    pub(crate) const SCHEDULED: i64 = 7;
    pub(crate) const HAND_OFF: i64 = 8;
    pub(crate) const CANCELLED: i64 = 9;
}

/// Why a post failed.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    pub(crate) category: String,
    pub(crate) code: i64,
    pub(crate) message: String,
}

/// A task of a flow, which is also a publish record.
#[derive(Debug)]
pub(crate) struct Post {
    pub(crate) id: String,
    pub(crate) flow_id: String,
    pub(crate) account_id: String,
    pub(crate) platform: &'static Platform,
    pub(crate) status: i64,
    pub(crate) publish_at: Timestamp,
    pub(crate) title: String,
    pub(crate) body: String,
    pub(crate) videos: Vec<String>,
    pub(crate) images: Vec<String>,
    pub(crate) cover: Option<String>,
    pub(crate) work_id: Option<String>,
    pub(crate) work_link: Option<String>,
    pub(crate) link_status: &'static str,
    pub(crate) failure: Option<Failure>,
    /// For Douyin: the share, and until when it waits.
    pub(crate) share_id: Option<String>,
    pub(crate) hand_off_until: Option<Timestamp>,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

/// All posts, and how the coming ones will go.
#[derive(Debug, Default)]
pub(crate) struct Publishing {
    pub(crate) posts: Vec<Post>,
    /// Reads leave every post as it is.
    pub(crate) held: bool,
    pub(crate) failures: VecDeque<Failure>,
}

impl State {
    pub(crate) fn post(&self, id: &str, missing: i64) -> Result<usize, Refusal> {
        if !is_object_id(id) {
            return Err(Refusal::crash());
        }
        self.publishing
            .posts
            .iter()
            .position(|post| post.id == id)
            .ok_or_else(|| Refusal::new(missing))
    }

    /// Moves a post one step on its way, if its time has come. The service's
    /// scheduler does this in the background; here each look at a single post
    /// or flow does.
    pub(crate) fn step(&mut self, index: usize) {
        let now = self.clock.timestamp();
        if self.publishing.held {
            return;
        }
        let work_id = self.ids.digits(19);
        let share_id = self.ids.digits(16);
        let Some(post) = self.publishing.posts.get_mut(index) else {
            return;
        };
        match post.status {
            status::WAITING if post.publish_at <= later(now, QUEUE_AHEAD) => {
                post.status = status::QUEUED;
            }
            status::QUEUED if post.publish_at <= now => post.status = status::PUBLISHING,
            status::PUBLISHING => {
                if let Some(failure) = self.publishing.failures.pop_front() {
                    post.fail(failure);
                } else if post.platform.completion == "user_handoff" {
                    post.status = status::HAND_OFF;
                    post.share_id = Some(share_id);
                    post.hand_off_until = Some(later(now, HAND_OFF_LIFETIME));
                } else {
                    post.publish(work_id);
                }
            }
            status::HAND_OFF if post.hand_off_until.is_some_and(|until| until <= now) => {
                post.fail(Failure {
                    category: "timeout".to_owned(),
                    code: 15063,
                    message: "The user did not finish in time".to_owned(),
                });
            }
            status::PUBLISHED if post.link_status == "pending" => post.link_status = "ready",
            _ => return,
        }
        post.updated_at = now;
    }
}

impl Post {
    /// The post is live. Platforms that are polled tell the link a little later.
    pub(crate) fn publish(&mut self, work_id: String) {
        self.status = status::PUBLISHED;
        self.link_status = if self.platform.completion == "polling" {
            "pending"
        } else {
            "ready"
        };
        self.work_link = Some(format!(
            "https://www.example.com/{}/{work_id}",
            self.platform.id
        ));
        self.work_id = Some(work_id);
    }

    pub(crate) fn fail(&mut self, failure: Failure) {
        self.status = status::FAILED;
        self.failure = Some(failure);
    }
}
