//! A chat with a tool, in two turns. **Both cost credits.**
//! `cargo run --example tools -- "the model's name"`

use std::io::Write as _;

use aitoearn::{
    Client, Error,
    resources::ChatCompletions,
    stream::{Delta, ToolCall, ToolCalls},
};
use serde_json::{Value, json};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let model = std::env::args().nth(1).ok_or("which model is it?")?;
    let client = Client::from_env()?;
    let ask = || {
        let chat = client.relay().chat_completions(&model);
        chat.user("How warm is it in Lisbon and in Porto?")
            .extra("tools", tools())
    };

    let (text, calls) = listen(ask()).await?;
    let mut turn = ask().tool_calls(Some(&text), &calls);
    for call in &calls {
        turn = turn.tool_result(call, weather(&call.parse()?));
    }
    listen(turn).await?;
    Ok(())
}

/// Prints an answer as it comes, and returns it with the calls that it makes.
async fn listen(chat: ChatCompletions) -> Result<(String, Vec<ToolCall>), Error> {
    let (mut text, mut calls) = (String::new(), ToolCalls::new());
    let mut answer = chat.deltas().await?;
    while let Some(piece) = answer.next().await {
        match piece?.delta {
            Delta::Text(more) => {
                print!("{more}");
                let _ = std::io::stdout().flush();
                text += &more;
            }
            Delta::Tool(part) => calls.add(&part),
            Delta::Done { .. } => println!(),
            _ => {}
        }
    }
    Ok((text, calls.finish()))
}

fn tools() -> Value {
    let parameters = json!({ "type": "object", "properties": { "city": { "type": "string" } } });
    json!([{ "type": "function", "function": { "name": "weather", "parameters": parameters } }])
}

fn weather(asked: &Value) -> Value {
    json!({ "city": asked["city"], "celsius": 24 })
}
