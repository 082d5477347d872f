//! Uploads: signed by the API, received by the storage, confirmed by the API.

use serde_json::{Value, json};

use crate::sandbox::answer::Answer;
use crate::sandbox::clock::{iso, later};
use crate::sandbox::envelope::{Refusal, Reply};
use crate::sandbox::guard::CREDENTIALS;
use crate::sandbox::ids::is_object_id;
use crate::sandbox::request::{Incoming, Reading};
use crate::sandbox::route::{Access, Call, Route};
use crate::sandbox::schema;
use crate::sandbox::state::State;
use crate::sandbox::stores::assets::{Asset, Stored};

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

/// A file over this size is refused by the storage.
const LARGEST_FILE: usize = 256 * 1024 * 1024;

/// Where confirmed files are read from; nobody answers there.
const PUBLIC_HOST: &str = "https://assets.example.com";

/// A file, for people.
pub(crate) struct Shown<'a> {
    pub(crate) id: &'a str,
    pub(crate) name: &'a str,
    pub(crate) size: Option<u64>,
    pub(crate) state: &'static str,
}

/// All files, the newest first.
pub(crate) fn shown(state: &State) -> impl Iterator<Item = Shown<'_>> {
    state.assets.list.iter().rev().map(|asset| Shown {
        id: &asset.id,
        name: &asset.filename,
        size: asset.stored.as_ref().map(|it| it.size).or(asset.size),
        state: match (&asset.stored, asset.confirmed) {
            (_, true) => "confirmed",
            (Some(_), false) => "uploaded",
            (None, false) => "announced",
        },
    })
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
        return Err(Refusal::crash_of_id("id in the path", id));
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
    if stored.size >= max_size {
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
        "size": stored.size,
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

/// How the storage reads the body of a request: it keeps what it will store.
pub(crate) fn reading(state: &State, request: &Incoming) -> Reading {
    let fails = !state.assets.storage_failures.is_empty();
    Reading {
        limit: LARGEST_FILE,
        keep: !fails && admit(state, request).is_ok(),
    }
}

/// What the storage says to a request at its own address.
pub(crate) fn storage(state: &mut State, request: &Incoming) -> Answer {
    let no = |status: u16, code: &str| {
        Answer::new(
            status,
            "application/xml",
            format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>{code}</Code></Error>"),
        )
    };
    if let Some(status) = state.assets.storage_failures.pop_front() {
        let code = match status {
            413 => "EntityTooLarge",
            429 | 503 => "SlowDown",
            _ => "InternalError",
        };
        return no(status, code);
    }
    if request.body.is_too_large {
        return no(400, "EntityTooLarge");
    }
    let index = match admit(state, request) {
        Ok(index) => index,
        Err((status, code)) => return no(status, code),
    };
    let bytes = request.body.bytes.clone();
    // The signature may have expired, or a failure been ordered, while the body came in.
    if bytes.len() as u64 != request.body.length {
        return no(500, "InternalError");
    }
    state.assets.list[index].stored = None;
    state.assets.make_room(bytes.len());
    state.assets.list[index].stored = Some(Stored {
        size: request.body.length,
        bytes,
    });
    Answer::new(200, "application/xml", "")
}

/// The asset that a request may store, decided by its head; or status and code
/// of the refusal.
fn admit(state: &State, request: &Incoming) -> Result<usize, (u16, &'static str)> {
    // A signed address is all the permission there is; a second one is a mistake.
    if CREDENTIALS
        .iter()
        .any(|name| request.headers.contains_key(*name))
    {
        return Err((400, "InvalidArgument"));
    }
    if request.method != "PUT" {
        return Err((405, "MethodNotAllowed"));
    }
    let path = request.path.trim_start_matches('/');
    let list = &state.assets.list;
    let Some(index) = list.iter().position(|asset| asset.path == path) else {
        return Err((404, "NoSuchKey"));
    };
    let asset = &list[index];
    if state.clock.timestamp() >= asset.expires_at {
        return Err((403, "AccessDenied"));
    }
    let length = request
        .header("content-length")
        .and_then(|length| length.parse::<u64>().ok());
    let Some(length) = length else {
        return Err((411, "MissingContentLength"));
    };
    let as_signed = request.query == asset.signature
        && request.header("content-type") == Some(asset.mime)
        && asset.size.is_none_or(|size| size == length);
    if !as_signed {
        return Err((403, "SignatureDoesNotMatch"));
    }
    Ok(index)
}
