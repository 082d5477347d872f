//! `models` and `chat`: language models, answered as they speak.

use std::io::{self, IsTerminal as _, Read as _};

use aitoearn::stream::Delta;
use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use crate::complete;
use crate::context::App;
use crate::failure::{Failure, Outcome};
use crate::text::clean;

/// Options of `models`.
#[derive(Debug, Args)]
pub struct ModelsOptions {
    /// Only models of this kind
    kind: Option<Kind>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    Chat,
    Image,
    Edit,
    Video,
}

/// Options of `chat`.
#[derive(Debug, Args)]
#[command(after_help = "\
It costs credits by the word; `models chat` shows the prices.

Examples:
  aitoearn chat 'A title for a video about folding maps'
  aitoearn chat --system 'Answer in one line' < question.txt")]
pub struct ChatOptions {
    /// The question; from standard input if there is none
    question: Vec<String>,
    /// The model; by default the first of `models chat`
    #[arg(long, add = complete::chat_models())]
    model: Option<String>,
    /// Instructions for the model
    #[arg(long)]
    system: Option<String>,
}

/// Lists models.
pub(crate) async fn models(app: &App, options: ModelsOptions) -> Outcome {
    let session = app.session()?;
    let client = &session.client;
    // One list for all kinds, which differ in everything else.
    let mut found: Vec<Value> = Vec::new();
    let mut add = |kind: &str, models: Value| {
        for mut model in models.as_array().cloned().unwrap_or_default() {
            model["kind"] = json!(kind);
            found.push(model);
        }
    };
    let wants = |kind| options.kind.is_none_or(|it| it == kind);
    let value = |models: Result<Value, serde_json::Error>| models.unwrap_or_default();
    if wants(Kind::Chat) {
        add(
            "chat",
            value(serde_json::to_value(client.relay().models().await?)),
        );
    }
    if wants(Kind::Image) {
        add(
            "image",
            value(serde_json::to_value(client.images().models().await?)),
        );
    }
    if wants(Kind::Edit) {
        add(
            "edit",
            value(serde_json::to_value(client.images().edit_models().await?)),
        );
    }
    if wants(Kind::Video) {
        add(
            "video",
            value(serde_json::to_value(client.video().models().await?)),
        );
    }
    app.out.list(
        &["model", "kind", "price", "about"],
        &found,
        |it: &Value| {
            let text = |key: &str| it[key].as_str().unwrap_or_default();
            vec![
                text("name").into(),
                text("kind").into(),
                price(&it["pricing"]).into(),
                text("description").into(),
            ]
        },
    )
}

/// All that is called a price, from the lowest to the highest.
fn price(pricing: &Value) -> String {
    fn collect(value: &Value, found: &mut Vec<f64>) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    let number = value.as_f64().or_else(|| value.as_str()?.parse().ok());
                    match number.filter(|_| {
                        name.to_ascii_lowercase().contains("price") && !name.starts_with("origin")
                    }) {
                        Some(number) => found.push(number),
                        None => collect(value, found),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|it| collect(it, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    collect(pricing, &mut found);
    let low = found.iter().copied().fold(f64::INFINITY, f64::min);
    let high = found.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    match found.len() {
        0 => String::new(),
        _ if low < high => format!("{low} to {high}"),
        _ => low.to_string(),
    }
}

/// Asks a model, and prints what it says as it says it.
pub(crate) async fn chat(app: &App, options: ChatOptions) -> Outcome {
    let question = question(&options.question)?;
    let session = app.session()?;
    let relay = session.client.relay();
    let model = if let Some(model) = options.model {
        model
    } else {
        let first = relay.models().await?.into_iter().next();
        let first = first.ok_or_else(|| Failure::usage("this site has no chat model"))?;
        first.name
    };
    let mut asking = relay.chat_completions(model.as_str());
    if let Some(system) = options.system {
        asking = asking.system(system.as_str());
    }
    app.on_interrupt("What the model said so far is paid; asking again costs again.");
    let mut answer = asking.user(question.as_str()).deltas().await?;
    let mut whole = String::new();
    while let Some(piece) = answer.next().await {
        match piece {
            Ok(piece) => {
                if let Delta::Text(text) = piece.delta {
                    if !app.out.is_json() {
                        app.out.raw(&lines(&text))?;
                    }
                    whole.push_str(&text);
                }
            }
            Err(error) => {
                // What was printed so far is not all.
                app.out.raw("\n")?;
                return Err(error.into());
            }
        }
    }
    if app.out.is_json() {
        return app.out.json(&json!({ "model": model, "answer": whole }));
    }
    app.out.raw("\n")
}

/// Safe to print, with its line breaks: a model repeats what strangers wrote.
fn lines(text: &str) -> String {
    let lines: Vec<_> = text.split('\n').map(clean).collect();
    lines.join("\n")
}

fn question(words: &[String]) -> Outcome<String> {
    if !words.is_empty() {
        return Ok(words.join(" "));
    }
    let mut text = String::new();
    if !io::stdin().is_terminal() {
        let read = io::stdin()
            .lock()
            .take(1024 * 1024)
            .read_to_string(&mut text);
        read.map_err(|error| {
            Failure::io("the question cannot be read from standard input", &error)
        })?;
    }
    if text.trim().is_empty() {
        return Err(Failure::usage("there is no question")
            .advise("Write it behind the command, or pipe it in."));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_found_wherever_they_stand() {
        let pricing =
            json!([{ "price": "2", "originPrice": "9" }, { "tiers": [{ "inputPrice": 0.5 }] }]);
        assert_eq!(price(&pricing), "0.5 to 2");
        assert_eq!(price(&json!({})), "");
    }

    #[test]
    fn answers_keep_their_lines_and_draw_nothing() {
        assert_eq!(lines("a\n\u{1b}[2J\n"), "a\n\\u{1b}[2J\n");
    }
}
