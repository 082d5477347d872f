//! The program from its arguments to its exit code.

use std::process::ExitCode;

use anstream::ColorChoice;
use clap::Parser as _;
use clap::error::ErrorKind;
use clap_complete::env::CompleteEnv;

use crate::cli::{self, Cli, Color, Command};
use crate::commands;
pub use crate::context::App;
use crate::failure::{Exit, Failure, Outcome};
use crate::log;
use crate::output::{self, Output};

/// Runs the program with the arguments of this process.
pub fn main() -> ExitCode {
    match completed() {
        Ok(false) => {}
        Ok(true) => return ExitCode::SUCCESS,
        Err(error) => {
            let _ = error.print();
            return Exit::Usage.into();
        }
    }
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Nobody is left to tell if it cannot be printed.
            let _ = error.print();
            return match error.kind() {
                ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => ExitCode::SUCCESS,
                _ => Exit::Usage.into(),
            };
        }
    };
    output::set_color(match cli.global.color {
        Color::Auto => ColorChoice::Auto,
        Color::Always => ColorChoice::AlwaysAnsi,
        Color::Never => ColorChoice::Never,
    });
    log::start(cli.global.verbose);
    let mut out = Output::new(cli.global.json, cli.global.table);
    if let Some(code) = &cli.global.jq {
        match out.filtered(code) {
            Ok(filtered) => out = filtered,
            Err(failure) => {
                out.failure(&failure);
                return failure.exit.into();
            }
        }
    }
    let app = App::new(cli.global, out);
    match run(&app, cli.command) {
        Ok(exit) => exit.into(),
        Err(failure) if failure.is_closed_pipe() => ExitCode::SUCCESS,
        Err(failure) => {
            app.out.failure(&failure);
            failure.exit.into()
        }
    }
}

/// Completes a line, if a shell asks for that; says whether it did.
fn completed() -> clap::error::Result<bool> {
    CompleteEnv::with_factory(cli::command).try_complete(std::env::args_os(), None)
}

fn run(app: &App, command: Command) -> Outcome<Exit> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::io("cannot start", &error))?;
    let done = runtime.block_on(async {
        tokio::select! {
            // First of all, so that a signal is heard from the first moment on.
            biased;
            signal = tokio::signal::ctrl_c() => match signal {
                Ok(()) => app.interrupted(),
                Err(error) => Err(Failure::io("cannot listen for Ctrl-C", &error)),
            },
            done = dispatch(app, command) => done,
        }
    });
    // A read of standard input cannot be called off, and nobody waits for it.
    runtime.shutdown_background();
    done
}

async fn dispatch(app: &App, command: Command) -> Outcome<Exit> {
    match command {
        Command::Platforms => commands::platforms::list(app).await?,
        Command::Platform(options) => commands::platforms::show(app, options).await?,
        Command::Accounts(options) => commands::accounts::list(app, options).await?,
        Command::Groups => commands::accounts::groups(app).await?,
        Command::Publish(options) => return commands::publish::run(app, *options).await,
        Command::Posts(options) => commands::posts::list(app, options).await?,
        Command::Post(options) => commands::posts::show(app, options).await?,
        Command::Wait(options) => return commands::posts::wait(app, options).await,
        Command::Cancel(options) => return commands::posts::cancel(app, options).await,
        Command::Retry(options) => commands::posts::retry(app, options).await?,
        Command::Reschedule(options) => commands::posts::reschedule(app, options).await?,
        Command::Works(options) => commands::works::list(app, options).await?,
        Command::Analytics(options) => commands::works::analytics(app, options).await?,
        Command::Connect(options) => commands::connect::run(app, options).await?,
        Command::Upload(options) => return commands::upload::run(app, options).await,
        Command::Assets => commands::upload::list(app).await?,
        Command::Models(options) => commands::chat::models(app, options).await?,
        Command::Image(options) => commands::generate::image(app, options).await?,
        Command::Video(options) => commands::generate::video(app, options).await?,
        Command::Chat(options) => commands::chat::chat(app, options).await?,
        Command::Login(options) => commands::login::login(app, options).await?,
        Command::Logout => commands::login::logout(app)?,
        Command::Whoami => commands::login::whoami(app).await?,
        Command::Doctor => return commands::doctor::run(app).await,
        Command::Api(options) => commands::raw::api(app, options).await?,
        Command::Op { operation } => commands::raw::op(app, operation).await?,
        Command::Sandbox(options) => commands::sandbox::run(app, options).await?,
        Command::Mcp(options) => return crate::mcp::run(app, options).await,
        Command::Completions(options) => commands::shell::completions(&options)?,
        Command::Man(options) => commands::shell::man(&options, cli::command())?,
    }
    Ok(Exit::Fine)
}
