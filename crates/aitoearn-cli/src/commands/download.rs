//! Downloads what was generated. The key goes to none of these servers.

use std::io::Write as _;
use std::path::Path;

use crate::context::App;
use crate::failure::{Exit, Failure, Outcome};
use crate::session::Session;

/// Writes what is at an address to a file, which is there as a whole or not at all.
pub(crate) async fn to_file(app: &App, session: &Session, url: &str, file: &Path) -> Outcome {
    if session.sandbox.is_some() {
        app.out.note(&format!(
            "A sandbox makes no real files: `{}` is not written.",
            file.display()
        ));
        return Ok(());
    }
    let failed = |what: String| {
        Failure::new(Exit::Failed, format!("`{}` is not written: {what}", file.display()))
            .advise("It is generated and paid: download it from the address below, or run the command with `--resume`.")
    };
    if !url.starts_with("https://") && !url.starts_with("http://127.0.0.1:") {
        return Err(failed(format!("its address `{url}` is none of https")));
    }
    let client = aitoearn::http_client_builder().build();
    let client = client.map_err(|error| failed(error.without_url().to_string()))?;
    let answer = client.get(url).send().await;
    let mut answer = answer.map_err(|error| failed(error.without_url().to_string()))?;
    if !answer.status().is_success() {
        return Err(failed(format!("the server answers {}", answer.status())));
    }
    let part = file.with_extension("part");
    let written = async {
        let mut out = std::fs::File::create(&part).map_err(|error| failed(error.to_string()))?;
        let bar = super::progress::byte_bar();
        bar.set_length(answer.content_length().unwrap_or_default());
        while let Some(piece) = answer
            .chunk()
            .await
            .map_err(|error| failed(error.without_url().to_string()))?
        {
            out.write_all(&piece)
                .map_err(|error| failed(error.to_string()))?;
            bar.inc(u64::try_from(piece.len()).unwrap_or_default());
        }
        bar.finish_and_clear();
        std::fs::rename(&part, file).map_err(|error| failed(error.to_string()))
    };
    let written = written.await;
    if written.is_err() {
        let _ = std::fs::remove_file(&part);
    } else {
        app.out.note(&format!("Written to `{}`.", file.display()));
    }
    written
}
