//! Models, video, images, and the relays.

#![allow(clippy::unwrap_used)] // a test that cannot go on says so and stops

use crate::support::{Api, code, data};
use reqwest::RequestBuilder;
use serde_json::{Value, json};

#[tokio::test]
async fn catalogues_are_public_and_prices_are_fractions_or_text() {
    let api = Api::new();
    let models = async |kind: &str| {
        data(crate::support::json(api.bare("GET", &format!("/api/ai/models/{kind}"))).await)
    };
    assert_eq!(
        models("video/generation").await[0]["pricing"][0]["price"],
        27.5
    );
    assert_eq!(
        models("chat").await[0]["pricing"]["tiers"][0]["input"]["text"],
        "1.25"
    );
    for kind in ["image/generation", "image/edit"] {
        assert!(models(kind).await[0]["name"].is_string());
    }
}

#[tokio::test]
async fn a_video_is_submitted_in_progress_and_done() {
    let api = Api::new();
    let path = "/api/ai/video/generations";
    let body = json!({ "model": "seedance-2-fast-beta", "prompt": "A paper boat", "ratio": "16:9", "duration": 6 });
    let made = data(api.post(path, body.clone()).await);
    assert_eq!(
        (&made["status"], &made["points"]),
        (&json!("SUBMITTED"), &json!(27.5))
    );
    let one = format!("{path}/{}", made["id"].as_str().unwrap());
    for expected in ["InProgress", "InProgress", "SUCCESS"] {
        assert_eq!(data(api.get(&one).await)["status"], expected);
    }
    let done = data(api.get(&one).await);
    assert!(done["videoUrl"].is_string() && done["finishedAt"].is_string());
    assert_eq!(done["input"]["aspectRatio"], "16:9");

    api.sandbox
        .videos()
        .pending_polls(0)
        .fail_next("The picture is too dark");
    let made = data(api.post(path, body).await);
    let failed = data(
        api.get(&format!("{path}/{}", made["id"].as_str().unwrap()))
            .await,
    );
    assert_eq!(
        (&failed["status"], &failed["error"]["message"]),
        (&json!("FAILURE"), &json!("The picture is too dark"))
    );

    let list = data(api.get(&format!("{path}?page=2&pageSize=1")).await);
    assert_eq!(
        (&list["total"], &list["totalPages"], &list["list"][0]["id"]),
        (&json!(2), &json!(2), &done["id"])
    );
    for bad in ["page=0", "pageSize=1001", "page=x", "page="] {
        assert_eq!(code(&api.get(&format!("{path}?{bad}")).await), 400, "{bad}");
    }
    assert_eq!(code(&api.get(&format!("{path}/short")).await), 10002);
    assert_eq!(
        code(&api.get(&format!("{path}/66f1c2a94b8e5d0012ab0007")).await),
        12302
    );
}

#[tokio::test]
async fn models_and_modes_are_checked() {
    let api = Api::new();
    let generate = async |body: Value| code(&api.post("/api/ai/video/generations", body).await);
    assert_eq!(
        generate(json!({ "model": "nobody", "prompt": "x" })).await,
        12300
    );
    assert_eq!(
        generate(json!({ "model": "seedance-2-beta-1080p", "prompt": "x" })).await,
        12310
    );
    assert_eq!(
        generate(json!({ "model": "seedance-2-fast-beta", "prompt": "" })).await,
        400
    );
}

#[tokio::test]
async fn volcengine_style_is_bare_and_counts_seconds() {
    let api = Api::new();
    let path = "/api/ai/v3/contents/generations/tasks";
    let bearer = |request: RequestBuilder| request.bearer_auth(api.sandbox.api_key());
    let body = json!({
        "model": "doubao-seedance-2-0-260128", "content": [{ "type": "text", "text": "A boat" }], "return_last_frame": true,
    });
    let made = crate::support::json(bearer(api.bare("POST", path)).json(&body)).await;
    assert_eq!(made.as_object().unwrap().len(), 1);
    let one = format!("{path}/{}", made["id"].as_str().unwrap());
    for expected in ["running", "running", "succeeded"] {
        let task = crate::support::json(bearer(api.bare("GET", &one))).await;
        assert_eq!(
            (&task["status"], &task["error"]),
            (&json!(expected), &Value::Null)
        );
    }
    let task = crate::support::json(bearer(api.bare("GET", &one))).await;
    assert!(task["created_at"].as_i64().unwrap() < 100_000_000_000);
    assert!(task["content"]["last_frame_url"].is_string());
    assert_eq!(
        code(&crate::support::json(api.bare("GET", &one)).await),
        401
    );
    let bad = json!({ "model": "doubao-seedance-2-0-260128", "content": [{ "type": "smell" }] });
    assert_eq!(
        code(&crate::support::json(bearer(api.bare("POST", path)).json(&bad)).await),
        400
    );
}

#[tokio::test]
async fn images_at_once_and_later() {
    let api = Api::new();
    let generate =
        json!({ "model": "gpt-image-2", "prompt": "A lighthouse", "response_format": "b64_json" });
    let edit = json!({ "model": "gpt-image-2", "prompt": "At night", "image": ["https://cdn.example.com/a.png"] });
    for (path, body) in [("generate", &generate), ("edit", &edit)] {
        let made = data(
            api.post(&format!("/api/ai/image/{path}"), body.clone())
                .await,
        );
        assert!(made["list"][0]["url"].is_string() && made["list"][0].get("b64_json").is_none());
        let made = data(
            api.post(&format!("/api/ai/image/{path}/async"), body.clone())
                .await,
        );
        let task = format!("/api/ai/image/task/{}", made["logId"].as_str().unwrap());
        for expected in ["generating", "generating", "success"] {
            assert_eq!(data(api.get(&task).await)["status"], expected);
        }
        let done = data(api.get(&task).await);
        assert!(done["images"][0]["url"].is_string() && done["duration"].is_i64());
    }
    api.sandbox.images().pending_polls(0).fail_next("No");
    let made = data(api.post("/api/ai/image/generate/async", generate).await);
    let failed = data(
        api.get(&format!(
            "/api/ai/image/task/{}",
            made["logId"].as_str().unwrap()
        ))
        .await,
    );
    assert_eq!(
        (&failed["status"], &failed["errorMessage"]),
        (&json!("failed"), &json!("No"))
    );
    assert_eq!(
        code(&api.get("/api/ai/image/task/66f1c2a94b8e5d0012ab0007").await),
        404
    );
    let two = json!({ "model": "gpt-image-2", "prompt": "x", "image": "y", "n": 2 });
    assert_eq!(code(&api.post("/api/ai/image/edit", two).await), 400);
}

/// The content type and the text of an answer.
async fn stream(request: RequestBuilder) -> (String, String) {
    let answer = request.send().await.unwrap();
    let kind = answer.headers()["content-type"]
        .to_str()
        .unwrap()
        .to_owned();
    (kind, answer.text().await.unwrap())
}

#[tokio::test]
async fn chat_answers_in_one_piece_or_in_chunks() {
    let api = Api::new();
    let post = |body: Value| {
        api.bare("POST", "/api/ai/chat/completions")
            .bearer_auth(api.sandbox.api_key())
            .json(&body)
    };
    let body = |stream: bool| json!({ "model": "gpt-5.6-terra", "messages": [{ "role": "user", "content": "Hi" }], "stream": stream });
    let whole = crate::support::json(post(body(false))).await;
    assert!(whole["cost"].is_string() && whole["choices"][0]["message"]["name"].is_null());
    assert!(whole.get("code").is_none());
    let (kind, text) = stream(post(body(true))).await;
    assert_eq!(kind, "text/event-stream");
    assert!(text.ends_with("data: [DONE]\n\n"), "{text}");
    assert_eq!(text.matches("chat.completion.chunk").count(), 5);
    assert_eq!(
        code(
            &crate::support::json(post(json!({ "model": "gpt-5.6-terra", "messages": [] }))).await
        ),
        400
    );
    let unknown = post(json!({ "model": "x", "messages": [{ "role": "user", "content": "Hi" }] }))
        .send()
        .await
        .unwrap();
    assert_eq!(unknown.status(), 404);
    assert_eq!(
        unknown.json::<Value>().await.unwrap()["error"]["code"],
        "model_not_found"
    );
}

#[tokio::test]
async fn messages_stream_even_unasked() {
    let api = Api::new();
    let body = json!({ "model": "claude-sonnet-5", "messages": [{ "role": "user", "content": [{ "type": "text", "text": "Hi" }] }] });
    let (kind, text) = stream(api.call("POST", "/api/ai/v1/messages").json(&body)).await;
    assert_eq!(kind, "text/event-stream");
    assert!(text.starts_with("event: message_start\ndata: {"), "{text}");
    assert!(text.contains("event: message_stop\n") && !text.contains("[DONE]"));
    let mut quiet = body.clone();
    quiet["stream"] = json!(false);
    assert_eq!(
        api.post("/api/ai/v1/messages", quiet).await["stop_reason"],
        "end_turn"
    );
    // Bearer is for the OpenAI-style relays, not for this one.
    let bearer = api
        .bare("POST", "/api/ai/v1/messages")
        .bearer_auth(api.sandbox.api_key())
        .json(&body);
    assert_eq!(code(&crate::support::json(bearer).await), 401);
}

#[tokio::test]
async fn gemini_keeps_its_colon_and_its_own_header() {
    let api = Api::new();
    let body = json!({ "model": "gemini-3.5-flash", "contents": [{ "parts": [{ "text": "Hi" }] }], "config": { "topK": 3 } });
    let post = |verb: &str| {
        let path = format!("/api/ai/v1beta/models/gemini-3.5-flash:{verb}");
        api.bare("POST", &path)
            .header("x-goog-api-key", api.sandbox.api_key())
            .json(&body)
    };
    let whole = crate::support::json(post("generateContent")).await;
    assert!(
        whole["sdkHttpResponse"].is_object()
            && whole["candidates"][0].get("finishReason").is_none()
    );
    let (kind, text) = stream(post("streamGenerateContent")).await;
    assert_eq!(kind, "text/event-stream");
    assert!(
        text.starts_with("data: {") && !text.contains("event:") && !text.contains("[DONE]"),
        "{text}"
    );
    assert_eq!(text.matches("usageMetadata").count(), 1);
    assert_eq!(
        code(&crate::support::json(post("somethingElse")).await),
        404
    );
    let model = api
        .bare("POST", "/api/ai/v1beta/models/x:generateContent")
        .header("x-goog-api-key", api.sandbox.api_key());
    assert_eq!(model.json(&body).send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn openai_style_images() {
    let api = Api::new();
    for (path, body) in [
        (
            "generations",
            json!({ "model": "gpt-image-2", "prompt": "A lighthouse" }),
        ),
        (
            "edits",
            json!({ "model": "gpt-image-2", "prompt": "At night", "image": "https://cdn.example.com/a.png" }),
        ),
    ] {
        let request = api
            .bare("POST", &format!("/api/ai/images/{path}"))
            .bearer_auth(api.sandbox.api_key());
        assert!(crate::support::json(request.json(&body)).await["data"][0]["url"].is_string());
    }
}
