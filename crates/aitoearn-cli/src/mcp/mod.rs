//! `mcp`: the tools of this program for agents, by the Model Context Protocol over standard
//! input and output, or over HTTP on loopback.
//!
//! - [`server`] speaks the protocol, [`tool`] is what one tool is, [`tools`] are all of them;
//! - [`http`] is who may talk to it over HTTP;
//! - [`context`] is what a call works with, [`answer`] what comes back, and the one place where
//!   everything that goes out is made safe to read;
//! - [`consent`] asks the person behind the agent;
//! - [`roots`] decides which local files there are;
//! - [`resources`] and [`prompts`] are what else an agent's host can show.

mod answer;
mod consent;
mod context;
mod http;
mod prompts;
mod resources;
mod roots;
mod server;
mod tool;
mod tools;

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use rmcp::ServiceExt as _;

use crate::context::App;
use crate::failure::{Exit, Failure, Outcome};

use self::roots::Roots;
use self::server::Server;

/// Options of `mcp`.
#[derive(Debug, Args)]
#[command(after_help = "\
A host starts it and talks to it over standard input and output. Publishing
and spending credits want the argument `confirm: true`; where the host can ask
its user, it asks as well, unless --yes is given. Files are read only below
--root, or the current folder. Over HTTP, AITOEARN_MCP_TOKEN is the token that
clients need; without it, one is made and shown.

Example, for a host that reads JSON:
  { \"mcpServers\": { \"aitoearn\": {
      \"command\": \"aitoearn\",
      \"args\": [\"mcp\", \"--root\", \"/home/me/videos\"] } } }")]
pub struct Options {
    /// Read files only below this folder; may be repeated
    #[arg(long = "root", value_name = "FOLDER")]
    roots: Vec<PathBuf>,
    /// Offer only tools that change nothing
    #[arg(long)]
    read_only: bool,
    /// Offer no tool that spends credits
    #[arg(long)]
    no_spend: bool,
    /// Also offer to find and call any operation
    #[arg(long)]
    all_operations: bool,
    /// Serve over HTTP on 127.0.0.1 instead; 0 is any port
    #[arg(long, value_name = "PORT")]
    http: Option<u16>,
}

/// Which tools are offered.
#[derive(Debug, Clone, Copy)]
struct Offer {
    read_only: bool,
    no_spend: bool,
    all_operations: bool,
}

/// Serves until standard input ends.
pub(crate) async fn run(app: &App, options: Options) -> Outcome<Exit> {
    let session = Arc::new(app.session()?);
    let roots = Arc::new(Roots::new(&options.roots)?);
    let offer = Offer {
        read_only: options.read_only,
        no_spend: options.no_spend,
        all_operations: options.all_operations,
    };
    let yes = app.global.yes;
    let make = move || Server::new(Arc::clone(&session), Arc::clone(&roots), offer, yes);
    app.ends_by_interrupt();
    if let Some(port) = options.http {
        return http::serve(app, port, make).await;
    }
    let failed = |error: String| Failure::new(Exit::Failed, format!("the session ended: {error}"));
    let running = make().serve(rmcp::transport::io::stdio_pipes()).await;
    let running = running.map_err(|error| {
        failed(error.to_string())
            .advise("It is meant to be started by the host of an agent; see `aitoearn mcp --help`.")
    })?;
    let ended = running.waiting().await;
    ended.map_err(|error| failed(error.to_string()))?;
    Ok(Exit::Fine)
}
