//! The sandbox on its own, for curl, another language, or a look around.

#![forbid(unsafe_code)]

use std::io::Write as _;
use std::process::ExitCode;

use aitoearn_mock::Sandbox;

const USAGE: &str = "\
An AiToEarn on loopback, for trying things out.

Usage: aitoearn-mock [--port PORT]

  --port PORT   port to listen on; 0 takes any free one [default: 4010]
  --help        this text
";

fn main() -> ExitCode {
    // Two options do not make an argument parser worth compiling for
    // everyone who depends on the library.
    let port = match port(std::env::args().skip(1)) {
        Ok(Some(port)) => port,
        Ok(None) => {
            print!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        Err(problem) => {
            eprint!("{problem}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match serve(port) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cannot serve on port {port}: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The port to use; `None` if help was asked for.
fn port(mut args: impl Iterator<Item = String>) -> Result<Option<u16>, String> {
    let mut port = 4010;
    while let Some(arg) = args.next() {
        let value = match arg.split_once('=') {
            Some(("--port", value)) => value.to_owned(),
            None if arg == "--port" => args.next().ok_or("--port needs a number")?,
            None if arg == "--help" || arg == "-h" => return Ok(None),
            _ => return Err(format!("unknown argument `{arg}`")),
        };
        port = value
            .parse()
            .map_err(|_| format!("`{value}` is no port: use 0 to 65535"))?;
    }
    Ok(Some(port))
}

fn serve(port: u16) -> std::io::Result<()> {
    let sandbox = Sandbox::builder()
        .port(port)
        .on_request(|seen| say(&format!("{seen}\n")))
        .start()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let interrupt = tokio::signal::ctrl_c();
        tokio::pin!(interrupt);
        // Listen for the interrupt before promising to obey it.
        tokio::select! {
            biased;
            early = &mut interrupt => return early,
            () = std::future::ready(()) => {}
        }
        say(&greeting(&sandbox));
        interrupt.await
    })?;
    say(&format!(
        "\n{} requests answered, bye.\n",
        sandbox.seen().len()
    ));
    Ok(())
}

fn greeting(sandbox: &Sandbox) -> String {
    let (base_url, key) = (sandbox.base_url(), sandbox.api_key());
    let routes: Vec<String> = Sandbox::routes()
        .map(|(method, path, name)| format!("  {method:6} {path}  ({name})\n"))
        .collect();
    let routes = routes.concat();
    format!(
        "AiToEarn sandbox\n\n  base URL  {base_url}\n  API key   {key}\n\n{routes}\n  \
         curl -H 'X-Api-Key: {key}' {base_url}/api/v2/channels/accounts\n\n\
         Ctrl-C ends it. Requests so far:\n"
    )
}

/// Whoever reads this may stop reading (`| head`); that ends no service.
fn say(text: &str) {
    let mut out = std::io::stdout();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}
