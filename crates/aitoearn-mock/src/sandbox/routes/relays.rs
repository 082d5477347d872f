//! The relays: other providers' protocols, unwrapped, in one piece or as events.

use serde_json::{Value, json};

use super::models::Catalogue;
use crate::sandbox::envelope::{Refusal, Reply};
use crate::sandbox::route::{Access, Call, Route};
use crate::sandbox::schema;
use crate::sandbox::state::State;

pub(crate) const ROUTES: &[Route] = &[
    Route {
        name: "relay_chat_completions",
        method: "POST",
        path: "/api/ai/chat/completions",
        access: Access::Bearer,
        handler: chat,
    },
    Route {
        name: "relay_messages",
        method: "POST",
        path: "/api/ai/v1/messages",
        access: Access::Key,
        handler: messages,
    },
    Route {
        name: "relay_gemini_generate",
        method: "POST",
        path: "/api/ai/v1beta/models/{model}:generateContent",
        access: Access::Goog,
        handler: gemini,
    },
    Route {
        name: "relay_gemini_stream",
        method: "POST",
        path: "/api/ai/v1beta/models/{model}:streamGenerateContent",
        access: Access::Goog,
        handler: gemini_stream,
    },
    Route {
        name: "relay_images_generate",
        method: "POST",
        path: "/api/ai/images/generations",
        access: Access::Bearer,
        handler: |state, call| {
            images(
                state,
                call,
                "relay_images_generate",
                Catalogue::ImageGeneration,
            )
        },
    },
    Route {
        name: "relay_images_edit",
        method: "POST",
        path: "/api/ai/images/edits",
        access: Access::Bearer,
        handler: |state, call| images(state, call, "relay_images_edit", Catalogue::ImageEdit),
    },
];

/// What every model of the sandbox has to say, in the pieces it says it in.
const WORDS: [&str; 3] = ["Hello ", "from the ", "sandbox. \u{1f44b}"];

/// The model's name, if there is such a model; else the provider's own error.
fn known(body: &Value, catalogue: Catalogue) -> Result<String, String> {
    let name = body["model"].as_str().unwrap_or_default().to_owned();
    match catalogue.model(&name) {
        Some(_) => Ok(name),
        None => Err(format!("The model `{name}` does not exist")),
    }
}

fn openai_error(message: &str) -> Reply {
    let error = json!({ "message": message, "type": "invalid_request_error", "param": "model", "code": "model_not_found" });
    Reply::Provider(404, json!({ "error": error }))
}

fn data_frame(data: &Value) -> String {
    format!("data: {data}\n\n")
}

fn event_frame(data: &Value) -> String {
    format!(
        "event: {}\ndata: {data}\n\n",
        data["type"].as_str().unwrap_or_default()
    )
}

fn chat(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    schema::check("relay_chat_completions", &call.body)?;
    let model = match known(&call.body, Catalogue::Chat) {
        Ok(model) => model,
        Err(message) => return Ok(openai_error(&message)),
    };
    let id = format!("chatcmpl-{}", state.ids.lower(12));
    let created = state.clock.timestamp().as_second();
    let usage = json!({ "prompt_tokens": 9, "completion_tokens": 7, "total_tokens": 16 });
    if call.body["stream"] != true {
        return Ok(Reply::Plain(json!({
            "id": id, "object": "chat.completion", "created": created, "model": model,
            "choices": [{
                "index": 0,
                // Fields beyond the protocol, as the service really sends them.
                "message": {
                    "role": "assistant", "content": WORDS.concat(), "name": null,
                    "reasoning_content": "The caller wants a greeting.", "tool_calls": [],
                },
                "logprobs": null,
                "finish_reason": "stop",
            }],
            "usage": usage,
            "cost": "0.0125",
        })));
    }
    let chunk = |delta: Value, finish: Value| {
        data_frame(&json!({
            "id": id, "object": "chat.completion.chunk", "created": created, "model": model,
            "choices": [{ "index": 0, "delta": delta, "logprobs": null, "finish_reason": finish }],
        }))
    };
    let mut frames = vec![chunk(
        json!({ "role": "assistant", "content": "" }),
        Value::Null,
    )];
    frames.extend(WORDS.map(|word| chunk(json!({ "content": word }), Value::Null)));
    frames.push(chunk(json!({}), json!("stop")));
    frames.push("data: [DONE]\n\n".to_owned());
    Ok(Reply::Events(frames))
}

/// Streams unless told not to: asked for nothing, the service streams as well.
fn messages(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    schema::check("relay_messages", &call.body)?;
    let model = match known(&call.body, Catalogue::Chat) {
        Ok(model) => model,
        Err(message) => {
            let error = json!({ "type": "not_found_error", "message": message });
            return Ok(Reply::Provider(
                404,
                json!({ "type": "error", "error": error }),
            ));
        }
    };
    let id = format!("msg_{}", state.ids.lower(12));
    if call.body["stream"] == false {
        return Ok(Reply::Plain(json!({
            "id": id, "type": "message", "role": "assistant", "model": model,
            "content": [{ "type": "text", "text": WORDS.concat() }],
            "stop_reason": "end_turn", "stop_sequence": null,
            "usage": { "input_tokens": 9, "output_tokens": 7 },
        })));
    }
    let mut events = vec![
        json!({ "type": "message_start", "message": {
            "id": id, "type": "message", "role": "assistant", "model": model, "content": [],
            "stop_reason": null, "usage": { "input_tokens": 9, "output_tokens": 0 },
        }}),
        json!({ "type": "content_block_start", "index": 0, "content_block": { "type": "text", "text": "" } }),
    ];
    events.extend(WORDS.map(|word| {
        json!({ "type": "content_block_delta", "index": 0, "delta": { "type": "text_delta", "text": word } })
    }));
    events.push(json!({ "type": "content_block_stop", "index": 0 }));
    events.push(json!({
        "type": "message_delta", "delta": { "stop_reason": "end_turn", "stop_sequence": null },
        "usage": { "input_tokens": 9, "cache_read_input_tokens": 0, "output_tokens": 7 },
    }));
    events.push(json!({ "type": "message_stop" }));
    Ok(Reply::Events(events.iter().map(event_frame).collect()))
}

/// The model in the path, if the request is in order and there is such a model.
fn gemini_model(call: &Call) -> Result<Result<String, Reply>, Refusal> {
    schema::check("relay_gemini", &call.body)?;
    Ok(
        known(&json!({ "model": call.param("model") }), Catalogue::Chat).map_err(|message| {
            let error = json!({ "code": 404, "message": message, "status": "NOT_FOUND" });
            Reply::Provider(404, json!({ "error": error }))
        }),
    )
}

fn usage_metadata() -> Value {
    json!({ "promptTokenCount": 9, "candidatesTokenCount": 7, "totalTokenCount": 16 })
}

fn gemini(_: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let model = match gemini_model(call)? {
        Ok(model) => model,
        Err(error) => return Ok(error),
    };
    // The service leaves `finishReason` out here and adds its gateway's headers.
    Ok(Reply::Plain(json!({
        "sdkHttpResponse": { "headers": { "content-type": "application/json" } },
        "candidates": [{ "index": 0, "content": { "role": "model", "parts": [{ "text": WORDS.concat() }] } }],
        "modelVersion": model,
        "usageMetadata": usage_metadata(),
    })))
}

/// Bare data lines, and no word at the end.
fn gemini_stream(_: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let model = match gemini_model(call)? {
        Ok(model) => model,
        Err(error) => return Ok(error),
    };
    let last = WORDS.len() - 1;
    let frames = WORDS.iter().enumerate().map(|(n, word)| {
        let candidate =
            json!({ "index": 0, "content": { "role": "model", "parts": [{ "text": word }] } });
        let mut chunk = json!({ "candidates": [candidate], "modelVersion": model });
        if n == last {
            chunk["candidates"][0]["finishReason"] = json!("STOP");
            chunk["usageMetadata"] = usage_metadata();
        }
        data_frame(&chunk)
    });
    Ok(Reply::Events(frames.collect()))
}

fn images(
    state: &mut State,
    call: &Call,
    schema: &str,
    catalogue: Catalogue,
) -> Result<Reply, Refusal> {
    schema::check(schema, &call.body)?;
    if let Err(message) = known(&call.body, catalogue) {
        return Ok(openai_error(&message));
    }
    let now = state.clock.timestamp();
    let url = format!("https://images.example.com/{}.png", state.ids.lower(16));
    Ok(Reply::Plain(
        json!({ "created": now.as_second(), "data": [{ "url": url }] }),
    ))
}
