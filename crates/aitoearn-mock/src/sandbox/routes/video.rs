//! Video generation, in the service's own style and in Volcengine's.

use serde_json::{Value, json};

use super::models::{Catalogue, price};
use super::pages::page;
use crate::sandbox::clock::iso;
use crate::sandbox::envelope::{Refusal, Reply};
use crate::sandbox::progress::Progress;
use crate::sandbox::route::{Access, Call, Route};
use crate::sandbox::schema;
use crate::sandbox::state::State;
use crate::sandbox::stores::videos::Video;

pub(crate) const ROUTES: &[Route] = &[
    Route {
        name: "video_generate",
        method: "POST",
        path: "/api/ai/video/generations",
        access: Access::Key,
        handler: generate,
    },
    Route {
        name: "video_list",
        method: "GET",
        path: "/api/ai/video/generations",
        access: Access::Key,
        handler: list,
    },
    Route {
        name: "video_get",
        method: "GET",
        path: "/api/ai/video/generations/{taskId}",
        access: Access::Key,
        handler: get,
    },
    Route {
        name: "volcengine_video_create",
        method: "POST",
        path: "/api/ai/v3/contents/generations/tasks",
        access: Access::Bearer,
        handler: volcengine_create,
    },
    Route {
        name: "volcengine_video_get",
        method: "GET",
        path: "/api/ai/v3/contents/generations/tasks/{taskId}",
        access: Access::Bearer,
        handler: volcengine_get,
    },
];

/// The model that Volcengine's own clients ask for.
const VOLCENGINE_MODEL: &str = "doubao-seedance-2-0-260128";

fn file(id: &str, extension: &str) -> String {
    format!("https://assets.example.com/videos/{id}.{extension}")
}

impl Video {
    fn json(&self) -> Value {
        let mut input = json!({ "prompt": self.request["prompt"] });
        for (asked, answered) in [
            ("images", "images"),
            ("videos", "videos"),
            ("audios", "audios"),
            ("resolution", "resolution"),
            ("duration", "duration"),
            ("ratio", "aspectRatio"),
        ] {
            if let Some(value) = self.request.get(asked) {
                input[answered] = value.clone();
            }
        }
        let mut data = json!({
            "id": self.id,
            "model": self.request["model"],
            "status": match self.progress {
                Progress::Waiting(0) => "SUBMITTED",
                Progress::Waiting(_) => "InProgress",
                Progress::Done => "SUCCESS",
                Progress::Failed(_) => "FAILURE",
            },
            "input": input,
            "submittedAt": iso(self.submitted_at),
            "startedAt": iso(self.submitted_at),
        });
        match &self.progress {
            Progress::Waiting(_) => {}
            Progress::Done => {
                data["videoUrl"] = json!(file(&self.id, "mp4"));
                data["coverUrl"] = json!(file(&self.id, "jpg"));
                data["finishedAt"] = json!(iso(self.updated_at));
            }
            Progress::Failed(message) => {
                data["error"] = json!({ "message": message });
                data["finishedAt"] = json!(iso(self.updated_at));
            }
        }
        data
    }

    fn volcengine_json(&self) -> Value {
        let mut data = json!({
            "id": self.id,
            "model": self.request["model"],
            "status": match self.progress {
                Progress::Waiting(0) => "queued",
                Progress::Waiting(_) => "running",
                Progress::Done => "succeeded",
                Progress::Failed(_) => "failed",
            },
            "error": null,
            // Seconds here, unlike anywhere else.
            "created_at": self.submitted_at.as_second(),
            "updated_at": self.updated_at.as_second(),
        });
        for field in [
            "resolution",
            "ratio",
            "duration",
            "seed",
            "generate_audio",
            "tools",
            "priority",
            "safety_identifier",
        ] {
            if let Some(value) = self.request.get(field) {
                data[field] = value.clone();
            }
        }
        match &self.progress {
            Progress::Waiting(_) => {}
            Progress::Done => {
                let mut content = json!({ "video_url": file(&self.id, "mp4") });
                if self.request["return_last_frame"] == true {
                    content["last_frame_url"] = json!(file(&self.id, "png"));
                }
                data["content"] = content;
                data["framespersecond"] = json!(24);
                data["usage"] = json!({ "completion_tokens": 246_840, "total_tokens": 246_840 });
            }
            Progress::Failed(message) => {
                data["error"] = json!({ "code": "GenerationFailed", "message": message });
            }
        }
        data
    }
}

/// What a request is called in the models' lists of modes.
fn modes(body: &Value) -> &'static [&'static str] {
    let count = |field: &str| body[field].as_array().map_or(0, Vec::len);
    match (count("images"), count("videos"), count("audios")) {
        (0, 0, 0) => &["text2video"],
        (1, 0, 0) => &["image2video", "multi-image2video", "multi-ref"],
        (2, 0, 0) => &["flf2video", "multi-image2video", "multi-ref"],
        (_, 0, 0) => &["multi-image2video", "multi-ref"],
        (0, _, 0) => &["video2video", "multi-ref"],
        _ => &["multi-ref"],
    }
}

fn generate(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    schema::check("video_generate", &call.body)?;
    let model = Catalogue::Video.model_of(&call.body)?;
    let offered = model["modes"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str);
    if !offered
        .into_iter()
        .any(|mode| modes(&call.body).contains(&mode))
    {
        return Err(Refusal::new(12310));
    }
    let now = state.clock.timestamp();
    let id = state.ids.object_id(now);
    state
        .videos
        .start(id.clone(), call.body.clone(), false, now);
    Ok(Reply::Data(
        json!({ "id": id, "status": "SUBMITTED", "points": price(model) }),
    ))
}

fn list(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let videos: Vec<&Video> = state
        .videos
        .list
        .iter()
        .rev()
        .filter(|video| !video.volcengine)
        .collect();
    page(&call.query, &videos, |video| video.json())
}

fn get(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let now = state.clock.timestamp();
    state
        .videos
        .look(call.param("taskId"), false, now)
        .map(|video| Reply::Data(video.json()))
}

fn volcengine_create(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    schema::check("volcengine_video_create", &call.body)?;
    if call.body["model"] != VOLCENGINE_MODEL {
        Catalogue::Video.model_of(&call.body)?;
    }
    let now = state.clock.timestamp();
    let id = state.ids.object_id(now);
    state.videos.start(id.clone(), call.body.clone(), true, now);
    Ok(Reply::Plain(json!({ "id": id })))
}

fn volcengine_get(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let now = state.clock.timestamp();
    state
        .videos
        .look(call.param("taskId"), true, now)
        .map(|video| Reply::Plain(video.volcengine_json()))
}
