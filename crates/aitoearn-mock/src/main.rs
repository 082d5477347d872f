//! The sandbox on its own, for curl, another language, or a look around.

#![forbid(unsafe_code)]

use std::io::Write as _;
use std::process::ExitCode;

use aitoearn_mock::Sandbox;

const USAGE: &str = "\
An AiToEarn on this machine, to try clients on: begins with demo accounts
(youtube_1, tiktok_1 and so on), and has a page at its address that shows what
is in it and how to call everything with curl.

Usage: aitoearn-mock [--port PORT] [--host NAME]... [--empty] [--approve]

  --port PORT   port to listen on; 0 takes any free one [default: 4010]
  --host NAME   also answer requests for this host name, besides loopback names
  --empty       begin without accounts
  --approve     authorizations approve themselves, after two polls; without
                it, somebody does that at the address that the start gives
  --version     which version this is
  --help        this text
";

fn main() -> ExitCode {
    // A few options do not make an argument parser worth compiling for
    // everyone who depends on the library.
    let options = match Options::read(std::env::args().skip(1)) {
        Ok(Ask::Serve(options)) => options,
        Ok(Ask::Help) => return print(USAGE),
        Ok(Ask::Version) => {
            return print(concat!("aitoearn-mock ", env!("CARGO_PKG_VERSION"), "\n"));
        }
        Err(problem) => {
            eprint!("{problem}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    let port = options.port;
    match serve(options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!(
                "cannot serve on port {port}: {error}\nTry another, as --port 4011; --port 0 takes any free one."
            );
            ExitCode::FAILURE
        }
    }
}

fn print(text: &str) -> ExitCode {
    say(text);
    ExitCode::SUCCESS
}

/// What the arguments ask for.
enum Ask {
    Serve(Options),
    Help,
    Version,
}

struct Options {
    port: u16,
    hosts: Vec<String>,
    is_empty: bool,
    approve: bool,
}

impl Options {
    fn read(mut args: impl Iterator<Item = String>) -> Result<Ask, String> {
        let mut options = Self {
            port: 4010,
            hosts: Vec::new(),
            is_empty: false,
            approve: false,
        };
        while let Some(arg) = args.next() {
            let (name, value) = match arg.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (arg.as_str(), None),
            };
            match name {
                "--port" => {
                    let value = value
                        .or_else(|| args.next())
                        .ok_or("--port needs a number")?;
                    options.port = value
                        .parse()
                        .map_err(|_| format!("`{value}` is no port: use 0 to 65535"))?;
                }
                "--host" => {
                    let value = value.or_else(|| args.next()).ok_or("--host needs a name")?;
                    options.hosts.push(host(value)?);
                }
                "--empty" if value.is_none() => options.is_empty = true,
                "--approve" if value.is_none() => options.approve = true,
                "--help" | "-h" if value.is_none() => return Ok(Ask::Help),
                "--version" | "-V" if value.is_none() => return Ok(Ask::Version),
                _ => return Err(format!("unknown argument `{arg}`")),
            }
        }
        Ok(Ask::Serve(options))
    }
}

/// A name, not an address to listen on.
fn host(name: String) -> Result<String, String> {
    let address: Option<std::net::IpAddr> = name.parse().ok();
    match address {
        Some(address) if !address.is_loopback() => Err(format!(
            "`{name}` is an address: the sandbox listens on 127.0.0.1 only, and --host takes a name that leads there"
        )),
        _ => Ok(name),
    }
}

fn serve(options: Options) -> std::io::Result<()> {
    let builder = options
        .hosts
        .into_iter()
        .fold(Sandbox::builder(), aitoearn_mock::Builder::host);
    let builder = if options.is_empty {
        builder
    } else {
        builder.demo_accounts()
    };
    let sandbox = builder
        .page()
        .port(options.port)
        .on_request(|seen| say(&format!("{seen}\n")))
        .start()?;
    if !options.approve {
        sandbox.sessions().hold();
    }
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
        sandbox.seen_dropped() + sandbox.seen().len() as u64
    ));
    Ok(())
}

fn greeting(sandbox: &Sandbox) -> String {
    let (base_url, key) = (sandbox.base_url(), sandbox.api_key());
    let operations = Sandbox::routes().count();
    format!(
        "AiToEarn sandbox\n\n  page      {base_url}/\n  base URL  {base_url}\n  API key   {key}\n\n  \
         curl -H 'X-Api-Key: {key}' {base_url}/api/v2/channels/accounts\n\n\
         The page has all {operations} operations with curl; {base_url}/openapi.json describes them.\n\
         Ctrl-C ends it. Requests so far:\n"
    )
}

/// Whoever reads this may stop reading (`| head`); that ends no service.
fn say(text: &str) {
    let mut out = std::io::stdout();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}
