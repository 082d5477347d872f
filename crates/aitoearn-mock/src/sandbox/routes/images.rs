//! Image generation and editing, at once or later.

use jiff::Unit;
use serde_json::{Value, json};

use super::models::{Catalogue, price};
use crate::sandbox::clock::iso;
use crate::sandbox::envelope::{Refusal, Reply};
use crate::sandbox::ids::is_object_id;
use crate::sandbox::progress::Progress;
use crate::sandbox::route::{Access, Call, Route};
use crate::sandbox::schema;
use crate::sandbox::state::State;
use crate::sandbox::stores::images::Image;

pub(crate) const ROUTES: &[Route] = &[
    Route {
        name: "image_generate",
        method: "POST",
        path: "/api/ai/image/generate",
        access: Access::Key,
        handler: |state, call| now(state, call, Job::Generate),
    },
    Route {
        name: "image_edit",
        method: "POST",
        path: "/api/ai/image/edit",
        access: Access::Key,
        handler: |state, call| now(state, call, Job::Edit),
    },
    Route {
        name: "image_generate_async",
        method: "POST",
        path: "/api/ai/image/generate/async",
        access: Access::Key,
        handler: |state, call| later(state, call, Job::Generate),
    },
    Route {
        name: "image_edit_async",
        method: "POST",
        path: "/api/ai/image/edit/async",
        access: Access::Key,
        handler: |state, call| later(state, call, Job::Edit),
    },
    Route {
        name: "image_task_get",
        method: "GET",
        path: "/api/ai/image/task/{logId}",
        access: Access::Key,
        handler: task,
    },
];

#[derive(Debug, Clone, Copy)]
enum Job {
    Generate,
    Edit,
}

impl Job {
    /// The model to use, if the request is in order.
    fn check(self, body: &Value) -> Result<&'static Value, Refusal> {
        let (schema, catalogue) = match self {
            Self::Generate => ("image_generate", Catalogue::ImageGeneration),
            Self::Edit => ("image_edit", Catalogue::ImageEdit),
        };
        schema::check(schema, body)?;
        catalogue.model_of(body)
    }
}

/// Always an address: the service turns base64 into one.
fn pictures(id: &str, body: &Value) -> Value {
    let count = body["n"].as_u64().unwrap_or(1);
    let url = |n: u64| format!("https://assets.example.com/images/{id}-{n}.png");
    (1..=count)
        .map(|n| json!({ "url": url(n), "revised_prompt": body["prompt"] }))
        .collect()
}

fn now(state: &mut State, call: &Call, job: Job) -> Result<Reply, Refusal> {
    job.check(&call.body)?;
    let now = state.clock.timestamp();
    let id = state.ids.object_id(now);
    Ok(Reply::Data(json!({
        "created": now.as_second(),
        "list": pictures(&id, &call.body),
        "usage": { "input_tokens": 24, "output_tokens": 1056, "total_tokens": 1080 },
        "background": "opaque",
        "output_format": "png",
        "quality": call.body["quality"].as_str().unwrap_or("auto"),
        "size": call.body["size"].as_str().unwrap_or("1024x1024"),
    })))
}

fn later(state: &mut State, call: &Call, job: Job) -> Result<Reply, Refusal> {
    let points = price(job.check(&call.body)?);
    let now = state.clock.timestamp();
    let id = state.ids.object_id(now);
    let data = json!({ "logId": id, "status": "generating" });
    let (request, progress) = (call.body.clone(), Progress::Waiting(0));
    state.images.list.push(Image {
        id,
        request,
        points,
        progress,
        created_at: now,
        updated_at: now,
    });
    Ok(Reply::Data(data))
}

fn task(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let id = call.param("logId");
    if !is_object_id(id) {
        return Err(Refusal::malformed_id("logId in the path", id));
    }
    let now = state.clock.timestamp();
    let image = state.images.list.iter_mut().find(|image| image.id == id);
    let image = image.ok_or_else(|| Refusal::new(404))?;
    if state.images.pace.step(&mut image.progress) {
        image.updated_at = now;
    }
    let mut data = json!({
        "logId": image.id,
        "status": match image.progress {
            Progress::Waiting(_) => "generating",
            Progress::Done => "success",
            Progress::Failed(_) => "failed",
        },
        "startedAt": iso(image.created_at),
        "points": image.points,
        "request": image.request,
        "createdAt": iso(image.created_at),
        "updatedAt": iso(image.updated_at),
    });
    if image.progress != Progress::Done && !matches!(image.progress, Progress::Failed(_)) {
        return Ok(Reply::Data(data));
    }
    let taken = image
        .updated_at
        .since((Unit::Millisecond, image.created_at));
    data["duration"] = json!(taken.map_or(0, |span| span.get_milliseconds()));
    match &image.progress {
        Progress::Failed(message) => data["errorMessage"] = json!(message),
        _ => data["images"] = pictures(&image.id, &image.request),
    }
    Ok(Reply::Data(data))
}
