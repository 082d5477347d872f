//! A request as it came in, and reading its body within a limit.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt as _;
use hyper::HeaderMap;

/// The rest of a body that is too large is read for this long, so that the
/// client reads the refusal and not a broken connection.
const PATIENCE: Duration = Duration::from_secs(60);

/// A request as it came in.
#[derive(Debug, Default)]
pub(crate) struct Incoming {
    pub(crate) method: String,
    /// The host of the request's target, where that is a whole address.
    pub(crate) authority: Option<String>,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Body,
}

/// As much of a body as was kept.
#[derive(Debug, Default)]
pub(crate) struct Body {
    /// Empty if the body was over its limit, or is of no use.
    pub(crate) bytes: Bytes,
    /// How many bytes came in.
    pub(crate) length: u64,
    /// More came in than may; nobody waited for the end.
    pub(crate) is_too_large: bool,
}

/// What becomes of a body.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading {
    /// More bytes than this are too large.
    pub(crate) limit: usize,
    /// Whether the bytes are wanted, or only that they came.
    pub(crate) keep: bool,
}

impl Incoming {
    /// A request whose body has not been read.
    pub(crate) fn of(head: hyper::http::request::Parts) -> Self {
        Self {
            method: head.method.as_str().to_owned(),
            authority: head.uri.authority().map(|it| it.as_str().to_owned()),
            path: head.uri.path().to_owned(),
            query: head.uri.query().unwrap_or_default().to_owned(),
            headers: head.headers,
            body: Body::default(),
        }
    }

    /// A field of the body, read as a form.
    pub(crate) fn form_field(&self, name: &str) -> Option<String> {
        let mut fields = form_urlencoded::parse(&self.body.bytes);
        let found = fields.find(|(known, _)| known == name);
        found.map(|(_, value)| value.into_owned())
    }

    /// A header's text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// Reads a body; an error is a client that went away.
pub(crate) async fn read(
    mut body: hyper::body::Incoming,
    reading: Reading,
) -> Result<Body, hyper::Error> {
    use hyper::body::Body as _;

    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    let mut kept = Vec::new();
    if reading.keep && announced <= reading.limit {
        kept.reserve(announced);
    }
    let mut length = 0;
    while let Some(frame) = body.frame().await {
        let Ok(piece) = frame?.into_data() else {
            continue;
        };
        length += piece.len() as u64;
        if length > reading.limit as u64 {
            tokio::spawn(tokio::time::timeout(PATIENCE, async move {
                while let Some(Ok(_)) = body.frame().await {}
            }));
            return Ok(Body {
                bytes: Bytes::new(),
                length,
                is_too_large: true,
            });
        }
        if reading.keep {
            kept.extend_from_slice(&piece);
        }
    }
    Ok(Body {
        bytes: kept.into(),
        length,
        is_too_large: false,
    })
}
