//! Forms in parts: members and files, of which none has to be in memory.

use std::collections::VecDeque;
use std::fmt;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use progenitor_client::Error;
use reqwest::header::CONTENT_TYPE;
use reqwest::{Body, RequestBuilder};
use serde::Serialize;
use serde_json::Value;

/// A file that is sent as a part of a form.
pub struct Upload {
    name: String,
    media_type: Option<String>,
    body: Body,
}

impl Upload {
    /// A file of this name: bytes, or a stream of them, for example
    /// [`Body::wrap_stream`](reqwest::Body::wrap_stream).
    pub fn new(name: impl Into<String>, body: impl Into<Body>) -> Self {
        Self {
            name: name.into(),
            media_type: None,
            body: body.into(),
        }
    }

    /// Its media type, if not that of the description or `application/octet-stream`.
    #[must_use]
    pub fn with_media_type(mut self, media_type: impl Into<String>) -> Self {
        self.media_type = Some(media_type.into());
        self
    }
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload")
            .field("name", &self.name)
            .field("media_type", &self.media_type)
            .finish_non_exhaustive()
    }
}

/// The files of one member, and the media type that the description gives them.
type Files = (&'static str, Option<&'static str>, Vec<Upload>);

/// A form in parts.
pub fn multipart<T: Serialize>(
    request: RequestBuilder,
    body: Option<&T>,
    files: Vec<Files>,
) -> Result<RequestBuilder, Error<()>> {
    let boundary = boundary();
    let mut pieces: VecDeque<Body> = VecDeque::new();
    let mut text = String::new();
    for (name, value) in members(body)? {
        let (value, media_type) = match value {
            Value::String(text) => (text, ""),
            value @ (Value::Object(_) | Value::Array(_)) => {
                (value.to_string(), "Content-Type: application/json\r\n")
            }
            value => (value.to_string(), ""),
        };
        text.push_str(&head(&boundary, &name, None));
        text.push_str(&format!("{media_type}\r\n{value}\r\n"));
    }
    for (name, described, uploads) in files {
        for upload in uploads {
            let media_type = upload.media_type.as_deref().or(described);
            let media_type = media_type.unwrap_or("application/octet-stream");
            if media_type.contains(['\r', '\n']) {
                let what = format!("the media type of `{}` has more than one line", upload.name);
                return Err(Error::InvalidRequest(what));
            }
            text.push_str(&head(&boundary, name, Some(&upload.name)));
            text.push_str(&format!("Content-Type: {media_type}\r\n\r\n"));
            pieces.push_back(std::mem::take(&mut text).into());
            pieces.push_back(upload.body);
            text.push_str("\r\n");
        }
    }
    text.push_str(&format!("--{boundary}--\r\n"));
    pieces.push_back(text.into());
    Ok(request
        .header(
            CONTENT_TYPE,
            format!("multipart/form-data; boundary={boundary}"),
        )
        .body(Body::wrap(Parts(pieces))))
}

/// The members that are no files; a list is each of its items under the same name.
fn members<T: Serialize>(body: Option<&T>) -> Result<Vec<(String, Value)>, Error<()>> {
    let Some(body) = body else {
        return Ok(Vec::new());
    };
    let value = serde_json::to_value(body).map_err(|error| Error::InvalidRequest(error.to_string()))?;
    let mut all = Vec::new();
    for (name, value) in value.as_object().into_iter().flatten() {
        match value {
            Value::Null => {}
            Value::Array(items) => all.extend(items.iter().map(|it| (name.clone(), it.clone()))),
            value => all.push((name.clone(), value.clone())),
        }
    }
    Ok(all)
}

/// The first lines of a part.
fn head(boundary: &str, name: &str, file: Option<&str>) -> String {
    let quoted = |text: &str| {
        text.replace('"', "%22")
            .replace('\r', "%0D")
            .replace('\n', "%0A")
    };
    let file = file.map_or_else(String::new, |file| format!("; filename=\"{}\"", quoted(file)));
    format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"{file}\r\n",
        quoted(name)
    )
}

/// A line that no part has, because nobody can guess it.
fn boundary() -> String {
    let random = || RandomState::new().build_hasher().finish();
    format!("part-{:016x}{:016x}", random(), random())
}

/// Bodies one after the other.
struct Parts(VecDeque<Body>);

impl http_body::Body for Parts {
    type Data = Bytes;
    type Error = reqwest::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, reqwest::Error>>> {
        while let Some(first) = self.0.front_mut() {
            match Pin::new(first).poll_frame(context) {
                Poll::Ready(None) => {
                    self.0.pop_front();
                }
                other => return other,
            }
        }
        Poll::Ready(None)
    }

    fn size_hint(&self) -> SizeHint {
        let exact: Option<u64> = self.0.iter().map(|body| body.size_hint().exact()).sum();
        exact.map_or_else(SizeHint::new, SizeHint::with_exact)
    }
}
