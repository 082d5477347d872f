//! `sandbox`: an AiToEarn on loopback for everybody on this machine.

use aitoearn_mock::Sandbox;
use clap::Args;
use serde_json::json;

use crate::context::App;
use crate::failure::{Failure, Outcome};
use crate::output::Tone;

/// Options of `sandbox`.
#[derive(Debug, Args)]
#[command(after_help = "\
It begins with demo accounts, forgets everything when it ends, and answers to
this machine only. Its page shows what is in it and how to call everything with
curl; there, authorizations that `connect` starts are approved or refused, and
trouble is ordered.

Examples:
  aitoearn sandbox
  aitoearn sandbox --port 0 --json     for a script: any port, told as JSON")]
pub struct Options {
    /// The port to listen on; 0 takes any free one
    #[arg(long, default_value_t = 4010)]
    port: u16,
    /// Also answer requests for this host name
    #[arg(long, value_name = "NAME")]
    host: Vec<String>,
    /// Authorizations approve themselves, after two polls
    #[arg(long)]
    approve: bool,
}

/// Serves until Ctrl-C.
pub(crate) async fn run(app: &App, options: Options) -> Outcome {
    let out = app.out;
    let builder = options
        .host
        .into_iter()
        .fold(Sandbox::builder(), aitoearn_mock::Builder::host);
    let sandbox = builder
        .port(options.port)
        .demo_accounts()
        .page()
        .on_request(move |seen| {
            if !out.is_json() {
                // Nobody has to read along.
                let _ = out.say(Tone::Faint, &seen.to_string());
            }
        })
        .start()
        .map_err(|error| Failure::io(format!("port {} cannot be served", options.port), &error))?;
    if !options.approve {
        sandbox.sessions().hold();
    }
    let (url, key) = (sandbox.base_url(), sandbox.api_key());
    if out.is_json() {
        out.json(&json!({ "baseUrl": url, "apiKey": key, "page": format!("{url}/") }))?;
    } else {
        out.say(Tone::Head, "A sandbox with demo accounts is ready.")?;
        out.say(Tone::Plain, &format!("  page      {url}/"))?;
        out.say(Tone::Plain, &format!("  base URL  {url}"))?;
        out.say(Tone::Plain, &format!("  API key   {key}"))?;
        out.say(Tone::Plain, "In another terminal:")?;
        out.say(
            Tone::Plain,
            &format!("  export AITOEARN_BASE_URL={url} AITOEARN_API_KEY={key}"),
        )?;
        out.say(Tone::Plain, "  aitoearn connect tiktok")?;
        out.say(Tone::Faint, "Ctrl-C ends it. Requests:")?;
    }
    app.ends_by_interrupt();
    // Until somebody interrupts.
    std::future::pending().await
}
