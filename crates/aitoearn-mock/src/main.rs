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
        .on_request(|seen| {
            // Whoever reads this may stop reading (`| head`); that ends no service.
            let _ = writeln!(std::io::stdout(), "{seen}");
        })
        .start()?;
    println!("AiToEarn sandbox");
    println!();
    println!("  base URL  {}", sandbox.base_url());
    println!("  API key   {}", sandbox.api_key());
    println!();
    for (method, path, name) in Sandbox::routes() {
        println!("  {method:6} {path}  ({name})");
    }
    println!();
    println!(
        "  curl -H 'X-Api-Key: {}' {}/api/v2/channels/accounts",
        sandbox.api_key(),
        sandbox.base_url()
    );
    println!();
    println!("Ctrl-C ends it. Requests so far:");

    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(tokio::signal::ctrl_c())?;
    println!();
    println!("{} requests answered, bye.", sandbox.seen().len());
    Ok(())
}
