//! The sandbox on its own, for curl, another language, or a look around.

#![forbid(unsafe_code)]

use std::io::Write as _;
use std::process::ExitCode;

use aitoearn_mock::Sandbox;

const USAGE: &str = "\
An AiToEarn on loopback, for trying things out.

Usage: aitoearn-mock [--port PORT] [--host NAME]... [--demo] [--page]

  --port PORT   port to listen on; 0 takes any free one [default: 4010]
  --host NAME   also answer requests for this host name, besides loopback names
  --demo        begin with demo accounts: youtube_1, tiktok_1 and so on
  --page        a page for people at the base URL
  --help        this text
";

fn main() -> ExitCode {
    // A few options do not make an argument parser worth compiling for
    // everyone who depends on the library.
    let options = match Options::read(std::env::args().skip(1)) {
        Ok(Some(options)) => options,
        Ok(None) => {
            print!("{USAGE}");
            return ExitCode::SUCCESS;
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
            eprintln!("cannot serve on port {port}: {error}");
            ExitCode::FAILURE
        }
    }
}

struct Options {
    port: u16,
    hosts: Vec<String>,
    demo: bool,
    page: bool,
}

impl Options {
    /// The options; `None` if help was asked for.
    fn read(mut args: impl Iterator<Item = String>) -> Result<Option<Self>, String> {
        let mut options = Self {
            port: 4010,
            hosts: Vec::new(),
            demo: false,
            page: false,
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
                    options.hosts.push(value);
                }
                "--page" if value.is_none() => options.page = true,
                "--demo" if value.is_none() => options.demo = true,
                "--help" | "-h" if value.is_none() => return Ok(None),
                _ => return Err(format!("unknown argument `{arg}`")),
            }
        }
        Ok(Some(options))
    }
}

fn serve(options: Options) -> std::io::Result<()> {
    let builder = options
        .hosts
        .into_iter()
        .fold(Sandbox::builder(), aitoearn_mock::Builder::host);
    let builder = if options.demo {
        builder.demo_accounts()
    } else {
        builder
    };
    let builder = if options.page {
        builder.page()
    } else {
        builder
    };
    let sandbox = builder
        .port(options.port)
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
        sandbox.seen_dropped() + sandbox.seen().len() as u64
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
