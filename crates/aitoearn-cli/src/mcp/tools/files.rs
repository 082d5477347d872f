//! `upload_file`: a local file, uploaded for posts.

use aitoearn::flow::UploadSource;
use aitoearn::types::AssetType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::failure::{Failure, Outcome};
use crate::mcp::answer::Answer;
use crate::mcp::context::Context;
use crate::mcp::tool::{About, Effect, Tool};

pub(super) fn tool() -> Tool {
    Tool::new(
        About {
            name: "upload_file",
            title: "Upload a file",
            description: "Uploads a local image or video and returns its address, for `media` of \
                several posts or for the images of generate_video. For a single post it is not \
                needed: publish_post takes local files itself. Costs no credits. Not safe to \
                repeat: a second call uploads a second copy.",
            effect: Effect::Adds,
        },
        upload,
    )
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct File {
    /// The file, below one of the folders that this server may read.
    path: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Uploaded {
    /// The id of the file at the service.
    asset: String,
    /// Where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    /// Its size.
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<i64>,
    media_type: String,
}

async fn upload(context: Context, File { path }: File) -> Outcome<Answer<Uploaded>> {
    let real = context.roots.file(&path);
    let real = real.map_err(|problem| {
        Failure::usage(format!("the file {problem}")).advise("Nothing was uploaded.")
    })?;
    context.may_have("Part of the file may have been uploaded; it is used for nothing.");
    let progress = context.progress.clone();
    let upload = context
        .session
        .client
        .assets()
        .upload(UploadSource::path(real));
    let asset = upload
        .kind(AssetType::from("publishMedia"))
        .on_progress(move |it| progress.bytes(&path, it.sent, it.total))
        .await?;
    let uploaded = Uploaded {
        asset: asset.id.to_string(),
        url: asset.url,
        bytes: asset.size,
        media_type: asset.mime_type,
    };
    let text = "Uploaded. Use `url` in `media` of a post.";
    Ok(Answer::new(text, uploaded))
}
