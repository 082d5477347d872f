//! Models in their providers' own formats.

use aitoearn::{Client, resources::RelayResponse};
use serde_json::json;

use super::IMAGE;

pub(super) async fn tell(client: &Client) {
    let relay = client.relay();
    relay.models().await.expect("models");

    let chat = relay.chat_completions("gpt-5.6-terra").system("Be brief.");
    let chat = chat.user("Hello").assistant("Hi").user("Again");
    let answer = chat.extra("temperature", 0.2).await.expect("an answer");
    assert!(answer.into_json().is_some());
    let chat = relay
        .chat_completions("gpt-5.6-terra")
        .user("Hello")
        .stream();
    drain(chat.await.expect("a stream")).await;

    let messages = relay.messages("claude-sonnet-5").system("Be brief.");
    let messages = messages.user("Hello").max_tokens(100);
    let answer = messages.extra("temperature", 0.2).await.expect("an answer");
    assert!(answer.into_json().is_some());
    let messages = relay.messages("claude-sonnet-5").user("Hello").stream();
    drain(messages.await.expect("a stream")).await;

    let gemini = relay.gemini_generate("gemini-3.5-flash").user("Hello");
    let gemini = gemini.assistant("Hi").user("Again");
    let gemini = gemini.config("maxOutputTokens", 100).config("topK", 3);
    assert!(gemini.await.expect("an answer").into_json().is_some());
    let gemini = relay.gemini_stream("gemini-3.5-flash").user("Hello");
    let gemini = gemini.config("responseJsonSchema", json!({ "type": "object" }));
    drain(gemini.await.expect("a stream")).await;

    let image = relay
        .images_generate("gpt-image-2", "A jar")
        .size("1024x1024");
    let image = image.quality("high").style("vivid").response_format("url");
    image.extra("n", 1).await.expect("an image");
    let image = relay
        .images_edit("gpt-image-2", "Bluer", [IMAGE, IMAGE])
        .mask(IMAGE);
    let image = image.count(1).size("1024x1024").response_format("url");
    image.await.expect("an image");
}

async fn drain(answer: RelayResponse) {
    let mut stream = answer.into_events().expect("a stream");
    let mut bytes = 0;
    while let Some(chunk) = stream.next_chunk().await.expect("more or the end") {
        bytes += chunk.len();
    }
    assert!(bytes > 0);
}
