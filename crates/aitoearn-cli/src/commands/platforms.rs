//! `platforms` and `platform`: what each platform can do and wants.

use aitoearn::types::PlatformInfo;

use crate::app::App;
use crate::failure::Outcome;
use crate::output::{Cell, Tone};

/// Lists the platforms.
pub(crate) async fn list(app: &App) -> Outcome {
    let session = app.session()?;
    let platforms = session.client.platforms().list().await?;
    app.out.list(
        &[
            "platform", "name", "status", "posts", "title", "text", "images",
        ],
        &platforms,
        |it: &PlatformInfo| {
            let limits = &it.content_limits;
            let modes: Vec<&str> = limits.modes.iter().map(AsRef::as_ref).collect();
            let tone = if it.status.as_str() == "available" {
                Tone::Good
            } else {
                Tone::Bad
            };
            vec![
                it.platform.as_str().into(),
                it.display_name.en_us.as_str().into(),
                Cell::toned(&it.status, tone),
                modes.join(", ").into(),
                Cell::maybe(limits.max_title_length),
                Cell::maybe(limits.max_body_length),
                Cell::maybe(limits.max_images),
            ]
        },
    )
}
