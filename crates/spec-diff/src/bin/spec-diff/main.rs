//! The command `spec-diff`.

mod arguments;
mod clock;
mod config;
mod folder;
mod input;
mod programs;
mod run;
mod siblings;

use std::io::Write;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use arguments::{Arguments, Task};

/// What the command answers with: the output, and whether a gate should let the change pass.
struct Outcome {
    output: String,
    passes: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = match arguments.task {
        Some(Task::Breaking(comparison)) => run::compare(comparison, run::View::Breaking),
        Some(Task::Changelog(comparison)) => run::compare(comparison, run::View::Changelog),
        Some(Task::Explain { rule }) => run::explain(rule.as_deref()),
        Some(Task::Completion { shell }) => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "spec-diff", &mut script);
            Ok(Outcome {
                output: String::from_utf8_lossy(&script).into_owned(),
                passes: true,
            })
        }
        Some(Task::GitDriver { arguments }) => run::git_driver(&arguments),
        Some(Task::Textconv { file }) => run::textconv(&file),
        None => run::compare(arguments.comparison, run::View::All),
    };
    match outcome {
        Ok(outcome) => {
            // A reader that has seen enough may close the pipe.
            let _ = std::io::stdout().write_all(outcome.output.as_bytes());
            ExitCode::from(u8::from(!outcome.passes))
        }
        Err(message) => {
            eprintln!("spec-diff: {}", spec_diff::escape::visible(&message));
            ExitCode::from(2)
        }
    }
}
