//! Posts on their way to the platforms, and how far each has come.

use std::collections::VecDeque;

use jiff::Timestamp;
use serde_json::Value;

use crate::sandbox::catalogue::Platform;
use crate::sandbox::clock::later;
use crate::sandbox::envelope::Refusal;
use crate::sandbox::ids::{Ids, is_object_id};

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

/// A state in a word, for people.
pub(crate) fn status_word(status: i64) -> &'static str {
    match status {
        status::FAILED => "failed",
        status::WAITING => "waiting",
        status::PUBLISHED => "published",
        status::PUBLISHING => "publishing",
        status::UPDATE_FAILED => "update failed",
        status::QUEUED => "queued",
        status::SCHEDULED => "scheduled on the platform",
        status::HAND_OFF => "waits for its user",
        status::CANCELLED => "cancelled",
        _ => "in another state",
    }
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
    /// None for a post that somebody else's scan publishes; nor an account.
    pub(crate) flow_id: Option<String>,
    pub(crate) account_id: Option<String>,
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

impl Publishing {
    /// The index of a post, or the code that says there is none.
    pub(crate) fn find(&self, id: &str, missing: i64) -> Result<usize, Refusal> {
        if !is_object_id(id) {
            return Err(Refusal::crash_of_id("the id in the path", id));
        }
        self.posts
            .iter()
            .position(|post| post.id == id)
            .ok_or_else(|| Refusal::new(missing))
    }

    /// Moves a post one step on its way, if its time has come. The service's
    /// scheduler does this in the background; here each look at a single post
    /// or flow does.
    pub(crate) fn step(&mut self, index: usize, ids: &mut Ids, now: Timestamp) {
        if self.held {
            return;
        }
        let work_id = ids.digits(19);
        let share_id = ids.digits(16);
        let Some(post) = self.posts.get_mut(index) else {
            return;
        };
        match post.status {
            status::WAITING if post.publish_at <= later(now, QUEUE_AHEAD) => {
                post.status = status::QUEUED;
            }
            status::QUEUED if post.publish_at <= now => post.status = status::PUBLISHING,
            status::PUBLISHING => {
                if let Some(failure) = self.failures.pop_front() {
                    post.fail(failure);
                } else if post.platform.completion == "user_handoff" {
                    post.hand_off(share_id, now);
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
    /// A post without flow or account, to be published now. `field` gives the
    /// parts of its content: `title`, `body`, `media`, `cover`.
    pub(crate) fn new(
        id: String,
        platform: &'static Platform,
        field: impl Fn(&str) -> Value,
        now: Timestamp,
    ) -> Self {
        let text = |name: &str| field(name).as_str().unwrap_or_default().to_owned();
        let url = |medium: &Value| medium["url"].as_str().map(str::to_owned);
        let media = field("media");
        let media = media.as_array().into_iter().flatten().filter_map(url);
        let (videos, images) = media.partition(|url| is_video(url));
        Self {
            id,
            flow_id: None,
            account_id: None,
            platform,
            status: status::WAITING,
            publish_at: now,
            title: text("title"),
            body: text("body"),
            videos,
            images,
            cover: url(&field("cover")),
            work_id: None,
            work_link: None,
            link_status: "pending",
            failure: None,
            share_id: None,
            hand_off_until: None,
            created_at: now,
            updated_at: now,
        }
    }

    /// The post waits for its user to finish it in the platform's app.
    pub(crate) fn hand_off(&mut self, share_id: String, now: Timestamp) {
        self.status = status::HAND_OFF;
        self.share_id = Some(share_id);
        self.hand_off_until = Some(later(now, HAND_OFF_LIFETIME));
    }

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

/// Whether an address looks like a video's.
fn is_video(url: &str) -> bool {
    let path = url
        .split(['?', '#'])
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    [".mp4", ".mov", ".webm", ".avi", ".mkv"]
        .iter()
        .any(|extension| path.ends_with(extension))
}
