//! Uploads a file and shows how it gets on.
//!
//! Without `AITOEARN_API_KEY` it talks to a sandbox in this process; with it, to
//! the site of your choice (`AITOEARN_SITE=china` or `international`).
//!
//! ```text
//! cargo run --example upload -- clip.mp4
//! ```

mod common;

use aitoearn::flow::UploadSource;
use anstream::println;
use indicatif::HumanBytes;

use common::{GOOD, Outcome, Service, byte_bar, fail};

#[tokio::main]
async fn main() -> Outcome {
    let service = Service::open()?;
    let source = match std::env::args_os().nth(1) {
        Some(path) => UploadSource::path(path),
        None => UploadSource::bytes("nothing.mp4", vec![0; 30_000_000]),
    };

    let bar = byte_bar()?;
    let result = service.client.assets().upload(source).show_on(&bar).await;
    bar.finish();
    match result {
        Ok(asset) => {
            let size = HumanBytes(asset.size.unwrap_or_default().unsigned_abs());
            println!(
                "{GOOD}{}{GOOD:#}  {size} of {}",
                asset.status, asset.mime_type
            );
            println!("asset  {}", asset.id);
            println!("url    {}", asset.url.as_deref().unwrap_or("none"));
            Ok(())
        }
        Err(error) => fail(&error, Some(error.advice())),
    }
}
