//! `cargo xtask ci`: what CI runs, and a newcomer too.
//!
//! The steps stand in one list, so that the workflow file, `.ci/run` and the
//! README all call the same command.

use std::fmt::Write as _;
use std::io::IsTerminal as _;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use client_gen::problem::Problem;

use crate::skipped::Collected;

/// Everything that builds without a system package; `native-tls` needs OpenSSL's headers.
const FEATURES: &str = "aitoearn/rustls,aitoearn/gzip,aitoearn/schemars";

struct Step {
    name: &'static str,
    /// The example that the arguments run: it is run as the tests have just built it.
    built: Option<&'static str>,
    arguments: Vec<&'static str>,
    environment: &'static [(&'static str, &'static str)],
}

fn step(name: &'static str, command: &'static str) -> Step {
    Step {
        name,
        built: None,
        arguments: command.split_whitespace().collect(),
        environment: &[],
    }
}

fn steps() -> Vec<Step> {
    let strict = &[("RUSTDOCFLAGS", "-D warnings")];
    let mut lint = step("clippy", "clippy --workspace --all-targets --features");
    lint.arguments.extend([FEATURES, "--", "-D", "warnings"]);
    let mut test = step("tests, with features", "test --workspace --features");
    test.arguments.push(FEATURES);
    // Verdicts of spec-diff against a validator: 25 times as many as in every other run.
    test.environment = &[("SPEC_DIFF_PAIRS", "10000")];
    let mut docs = step("docs", "doc --workspace --no-deps --features");
    docs.arguments.push(FEATURES);
    docs.environment = strict;
    let mut quickstart = step("quickstart", "run --example quickstart");
    quickstart.built = Some("quickstart");
    vec![
        step("format", "fmt --all --check"),
        step("generated code", "xtask generate --check"),
        lint,
        step(
            "clippy, no features",
            "clippy -p aitoearn-api -p aitoearn --no-default-features -- -D warnings",
        ),
        test,
        quickstart,
        step(
            "tests, no features",
            "test -p aitoearn-api -p aitoearn --no-default-features",
        ),
        docs,
        step(
            "promises",
            "xtask promises rust-version deny package features wasm",
        ),
        step("budget", "xtask budget"),
    ]
}

/// Runs every step, stopping at the first that fails.
pub fn run(root: &Path) -> Result<ExitCode, Problem> {
    let mut summary = String::new();
    let steps = steps();
    let (count, start) = (steps.len(), Instant::now());
    let skipped = Collected::start(root).map_err(|error| {
        Problem::new(
            "target",
            error.to_string(),
            "make sure that the folder can be written to",
        )
    })?;
    for (number, step) in (1..).zip(steps) {
        let shown = format!("cargo {}", step.arguments.join(" "));
        headline(&format!("step {number} of {count}, {}: {shown}", step.name));
        let started = Instant::now();
        let (variable, file) = skipped.variable();
        let mut command = command(root, &step);
        let status = command.env(variable, file).status().map_err(|error| {
            Problem::new(
                &shown,
                error.to_string(),
                "check that cargo is installed and on the PATH",
            )
        })?;
        let _ = writeln!(summary, "  {:>7}  {}", clock(started.elapsed()), step.name);
        if !status.success() {
            return Err(Problem::new(
                shown,
                format!("the step `{}` failed", step.name),
                "mend what it printed above; run that one command to try again",
            ));
        }
    }
    headline(&passed(&skipped.lines()));
    println!("{summary}  {:>7}  in all", clock(start.elapsed()));
    Ok(ExitCode::SUCCESS)
}

/// What may be believed now: a check that was left out has not passed.
fn passed(skipped: &[String]) -> String {
    let mut text = match skipped.len() {
        0 => return "all steps passed".to_owned(),
        1 => "all steps passed; 1 check was skipped:".to_owned(),
        count => format!("all steps passed; {count} checks were skipped:"),
    };
    for check in skipped {
        let _ = write!(text, "\n  {check}");
    }
    text
}

fn command(root: &Path, step: &Step) -> Command {
    let mut command = if let Some(example) = step.built {
        let file = format!("{example}{}", std::env::consts::EXE_SUFFIX);
        Command::new(
            upstream::compile::target(root)
                .join("debug/examples")
                .join(file),
        )
    } else {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command.args(&step.arguments);
        command
    };
    command
        .current_dir(root)
        .envs(step.environment.iter().copied());
    // A developer's key must not turn the example into calls to the real service.
    for (name, _) in std::env::vars_os() {
        if name
            .to_str()
            .is_some_and(|name| name.starts_with("AITOEARN_"))
        {
            command.env_remove(name);
        }
    }
    command
}

pub(crate) fn headline(text: &str) {
    let (bold, reset) = if std::io::stdout().is_terminal() {
        (
            anstyle::Style::new().bold(),
            anstyle::Reset.render().to_string(),
        )
    } else {
        (anstyle::Style::new(), String::new())
    };
    println!("\n{bold}== {text}{reset}");
}

pub(crate) fn clock(elapsed: Duration) -> String {
    let seconds = elapsed.as_secs();
    if seconds < 60 {
        format!("{:.1} s", elapsed.as_secs_f32())
    } else {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_lines_name_what_was_left_out() {
        let root = &std::env::temp_dir().join("xtask-ci-skipped");
        let collected = Collected::start(root).expect("a folder");
        assert_eq!(passed(&collected.lines()), "all steps passed");

        let (_, file) = collected.variable();
        std::fs::write(
            file,
            "instructions: there is no valgrind\nwasm: no target\n",
        )
        .expect("written");
        let text = passed(&collected.lines());
        assert!(
            text.starts_with("all steps passed; 2 checks were skipped:"),
            "{text}"
        );
        assert!(
            text.contains("\n  instructions: there is no valgrind\n  wasm"),
            "{text}"
        );
    }
}
