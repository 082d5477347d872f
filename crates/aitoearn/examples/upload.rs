//! Uploads a file and shows how it gets on.
//!
//! Without `AITOEARN_API_KEY` it talks to a sandbox in this process; with it, to
//! the site of your choice (`AITOEARN_SITE=china` or `international`).
//!
//! ```text
//! cargo run --example upload -- clip.mp4
//! ```

use std::io::Write as _;

use aitoearn::{Client, flow::UploadSource};
use aitoearn_mock::Sandbox;
use anstream::{eprint, println};
use anstyle::{AnsiColor, Style};

const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default();
const FAINT: Style = Style::new().dimmed();

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // A key in the environment means the real service; without one there is nobody to bother.
    let (client, _sandbox) = if std::env::var_os("AITOEARN_API_KEY").is_some() {
        (Client::from_env()?, None)
    } else {
        println!("No AITOEARN_API_KEY is set, so this talks to a sandbox in this process.");
        let sandbox = Sandbox::start()?;
        let builder = Client::builder().base_url(sandbox.base_url());
        (builder.api_key(sandbox.api_key()).build()?, Some(sandbox))
    };
    let source = match std::env::args_os().nth(1) {
        Some(path) => UploadSource::path(path),
        None => UploadSource::bytes("nothing.mp4", vec![0; 3_000_000]),
    };

    let upload = client.assets().upload(source);
    let result = upload.on_progress(|it| bar(it.sent, it.total)).await;
    eprint!("\n");
    match result {
        Ok(asset) => {
            let size = asset.size.unwrap_or_default();
            println!(
                "{GOOD}{}{GOOD:#}  {size} bytes of {}",
                asset.status, asset.mime_type
            );
            println!("asset  {}", asset.id);
            println!("url    {}", asset.url.as_deref().unwrap_or("none"));
            Ok(())
        }
        Err(error) => {
            println!("{BAD}{error}{BAD:#}\n{}", error.advice());
            std::process::exit(1);
        }
    }
}

/// One line, drawn again and again.
fn bar(sent: u64, total: u64) {
    const WIDTH: u64 = 40;
    let done = usize::try_from(sent * WIDTH / total.max(1)).unwrap_or(0);
    let left = usize::try_from(WIDTH).unwrap_or(0).saturating_sub(done);
    let after = if sent == total {
        "waiting for the service"
    } else {
        ""
    };
    eprint!(
        "\r{GOOD}{}{GOOD:#}{FAINT}{}{FAINT:#} {:3} % {after}",
        "━".repeat(done),
        "━".repeat(left),
        sent * 100 / total.max(1)
    );
    let _ = std::io::stderr().flush();
}
