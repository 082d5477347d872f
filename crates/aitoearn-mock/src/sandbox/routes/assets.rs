//! Uploads: signed by the API, received by the storage, confirmed by the API.

use std::collections::VecDeque;

use bytes::Bytes;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::sandbox::app::Answer;
use crate::sandbox::clock::{iso, later};
use crate::sandbox::envelope::{Refusal, Reply};
use crate::sandbox::guard::CREDENTIALS;
use crate::sandbox::ids::is_object_id;
use crate::sandbox::router::{Access, Call, Incoming, Route};
use crate::sandbox::schema;
use crate::sandbox::state::State;

pub(crate) const ROUTES: &[Route] = &[
    Route {
        name: "assets_upload_sign",
        method: "POST",
        path: "/api/assets/uploadSign",
        access: Access::Key,
        handler: sign,
    },
    Route {
        name: "assets_confirm",
        method: "POST",
        path: "/api/assets/{id}/confirm",
        access: Access::Key,
        handler: confirm,
    },
];

/// Seconds that a signed address is good for.
const SIGNATURE_LIFETIME: i64 = 300;

/// Where confirmed files are read from; nobody answers there.
const PUBLIC_HOST: &str = "https://assets.example.com";

#[derive(Debug)]
struct Asset {
    id: String,
    path: String,
    kind: String,
    filename: String,
    mime: &'static str,
    /// The size that was announced, if one was.
    size: Option<u64>,
    /// The query string that the storage insists on.
    signature: String,
    expires_at: Timestamp,
    stored: Option<Bytes>,
    confirmed: bool,
    created_at: Timestamp,
    updated_at: Timestamp,
}

/// All assets, and how the storage behaves.
#[derive(Debug)]
pub(crate) struct Assets {
    list: Vec<Asset>,
    /// The size from which a file is too large.
    pub(crate) max_size: u64,
    /// The storage answers the next requests with these statuses.
    pub(crate) storage_failures: VecDeque<u16>,
}

impl Default for Assets {
    fn default() -> Self {
        Self {
            list: Vec::new(),
            max_size: 1024 * 1024 * 1024,
            storage_failures: VecDeque::new(),
        }
    }
}

impl Assets {
    /// The bytes that were uploaded for an asset.
    pub(crate) fn stored(&self, id: &str) -> Option<&Bytes> {
        self.list
            .iter()
            .find(|asset| asset.id == id)?
            .stored
            .as_ref()
    }
}

/// The media type that an extension stands for.
fn mime(filename: &str) -> &'static str {
    let extension = filename
        .rsplit_once('.')
        .map(|(_, extension)| extension.to_ascii_lowercase());
    match extension.as_deref() {
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("png") => "image/png",
        Some("gif") => "image/gif",
        Some("webp") => "image/webp",
        Some("mp4") => "video/mp4",
        Some("mov") => "video/quicktime",
        Some("webm") => "video/webm",
        Some("mp3") => "audio/mpeg",
        Some("wav") => "audio/wav",
        Some("pdf") => "application/pdf",
        Some("txt") => "text/plain",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    }
}

fn sign(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    schema::check("assets_upload_sign", &call.body)?;
    let filename = call.body["filename"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // sizes are far below 2^53
    let size = call.body["size"].as_f64().map(|size| size.max(0.0) as u64);
    if size.is_some_and(|size| size >= state.assets.max_size) {
        return Err(Refusal::new(12752));
    }

    let now = state.clock.timestamp();
    let id = state.ids.object_id(now);
    let kind = call.body["type"].as_str().unwrap_or("temp").to_owned();
    // The key is made by the server: a file name may hold anything.
    let extension = filename
        .rsplit_once('.')
        .map_or(String::new(), |(_, extension)| format!(".{extension}"));
    let extension = if extension
        .chars()
        .all(|c| c == '.' || c.is_ascii_alphanumeric())
    {
        extension
    } else {
        String::new()
    };
    let path = format!(
        "{}/{kind}/{}{extension}",
        state.user_id,
        state.ids.lower(20)
    );
    let expires_at = later(now, SIGNATURE_LIFETIME);
    let headers = if size.is_some() {
        "content-length%3Bhost"
    } else {
        "host"
    };
    let signature = format!(
        "X-Amz-Expires={SIGNATURE_LIFETIME}&X-Amz-SignedHeaders={headers}&x-amz-checksum-crc32=AAAAAA%3D%3D&X-Amz-Signature={}",
        state.ids.lower(32)
    );
    let data = json!({
        "id": id,
        "path": path,
        "url": format!("{PUBLIC_HOST}/{path}"),
        "uploadUrl": format!("{}/{path}?{signature}", state.storage_url),
    });
    let mime = mime(&filename);
    state.assets.list.push(Asset {
        id,
        path,
        kind,
        filename,
        mime,
        size,
        signature,
        expires_at,
        stored: None,
        confirmed: false,
        created_at: now,
        updated_at: now,
    });
    Ok(Reply::Data(data))
}

/// Confirming twice is the same as confirming once.
fn confirm(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let id = call.param("id");
    if !is_object_id(id) {
        return Err(Refusal::crash());
    }
    let now = state.clock.timestamp();
    let (user_id, max_size) = (state.user_id.clone(), state.assets.max_size);
    let asset = state
        .assets
        .list
        .iter_mut()
        .find(|asset| asset.id == id)
        .ok_or_else(|| Refusal::new(12750))?;
    let stored = asset.stored.as_ref().ok_or_else(|| Refusal::new(12751))?;
    if stored.len() as u64 >= max_size {
        return Err(Refusal::new(12752));
    }
    if !asset.confirmed {
        asset.confirmed = true;
        asset.updated_at = now;
    }
    let mut data = json!({
        "id": asset.id,
        "userId": user_id,
        "userType": "user",
        "path": asset.path,
        "url": format!("{PUBLIC_HOST}/{}", asset.path),
        "type": asset.kind,
        "status": "confirmed",
        "size": stored.len(),
        "mimeType": asset.mime,
        "filename": asset.filename,
        "createdAt": iso(asset.created_at),
        "updatedAt": iso(asset.updated_at),
    });
    if let Some(metadata) = metadata(asset.mime) {
        data["metadata"] = metadata;
    }
    Ok(Reply::Data(data))
}

/// What looking into the file would tell. The sandbox does not look.
fn metadata(mime: &str) -> Option<Value> {
    match mime.split('/').next()? {
        "image" => Some(json!({ "width": 1080, "height": 1350 })),
        "video" => Some(
            json!({ "width": 1080, "height": 1920, "duration": 15.2, "bitrate": 2_400_000, "frameRate": 30 }),
        ),
        _ => None,
    }
}

/// What the storage says to a request at its own address.
pub(crate) fn storage(state: &mut State, request: &Incoming) -> Answer {
    let now = state.clock.timestamp();
    let path = request.path.trim_start_matches('/');
    let no = |status: u16, code: &str| {
        Answer::new(
            status,
            "application/xml",
            format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>{code}</Code></Error>"),
        )
    };
    if let Some(status) = state.assets.storage_failures.pop_front() {
        return no(status, "InternalError");
    }
    // A signed address is all the permission there is; a second one is a mistake.
    if CREDENTIALS
        .iter()
        .any(|name| request.headers.contains_key(*name))
    {
        return no(400, "InvalidArgument");
    }
    if request.method != "PUT" {
        return no(405, "MethodNotAllowed");
    }
    let Some(asset) = state
        .assets
        .list
        .iter_mut()
        .find(|asset| asset.path == path)
    else {
        return no(404, "NoSuchKey");
    };
    if now >= asset.expires_at {
        return no(403, "AccessDenied");
    }
    let length = request
        .header("content-length")
        .and_then(|length| length.parse::<u64>().ok());
    let Some(length) = length else {
        return no(411, "MissingContentLength");
    };
    let as_signed = request.query == asset.signature
        && request.header("content-type") == Some(asset.mime)
        && asset.size.is_none_or(|size| size == length);
    if !as_signed {
        return no(403, "SignatureDoesNotMatch");
    }
    asset.stored = Some(request.body.clone());
    Answer::new(200, "application/xml", "")
}
