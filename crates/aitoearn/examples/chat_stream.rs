//! Asks a language model, and prints the answer while it comes.
//!
//! Without `AITOEARN_API_KEY` it talks to a sandbox in this process; with it, to
//! the site of your choice (`AITOEARN_SITE=china` or `international`), where **an
//! answer costs credits**.
//!
//! ```text
//! cargo run --example chat_stream -- "Why is the sky blue?"
//! ```

mod common;

use std::io::Write as _;

use aitoearn::stream::{Delta, Usage};
use anstream::{print, println};

use common::{FAINT, HEAD, Outcome, Service, fail};

#[tokio::main]
async fn main() -> Outcome {
    let service = Service::open()?;
    let words: Vec<String> = std::env::args().skip(1).collect();
    let question = if words.is_empty() {
        "Why is the sky blue?".to_owned()
    } else {
        words.join(" ")
    };
    let relay = service.client.relay();
    let models = relay.models().await?;
    let model = models.first().ok_or("this site has no chat model")?;
    println!("\n{HEAD}{question}{HEAD:#}");

    let asking = relay.chat_completions(&model.name).user(question.as_str());
    let mut answer = match asking.deltas().await {
        Ok(answer) => answer,
        Err(error) => fail(&error, Some(error.advice())),
    };
    let mut used = Usage::default();
    while let Some(piece) = answer.next().await {
        match piece {
            Ok(piece) => match piece.delta {
                Delta::Text(text) => {
                    print!("{text}");
                    std::io::stdout().flush()?;
                }
                Delta::Usage(usage) => used = usage,
                Delta::Done { reason } => {
                    let reason = reason.as_deref().unwrap_or("no reason given");
                    println!(
                        "\n\n{FAINT}{}, ended by {reason}{}{FAINT:#}",
                        model.name,
                        tokens(used)
                    );
                }
                _ => {}
            },
            // What was printed so far is not all.
            Err(error) => {
                println!();
                fail(&error, Some(error.advice()));
            }
        }
    }
    Ok(())
}

fn tokens(used: Usage) -> String {
    match (used.input, used.output) {
        (Some(input), Some(output)) => format!(", {input} tokens in and {output} out"),
        _ => String::new(),
    }
}
