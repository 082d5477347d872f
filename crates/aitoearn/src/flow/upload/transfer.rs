//! The bytes to the storage, which is somebody else than AiToEarn.

use std::{future::poll_fn, pin::pin, sync::Arc, task::Poll, time::Duration};

use bytes::Bytes;
#[cfg(target_family = "wasm")]
use futures_core::Stream as _;
use reqwest::{
    Response, StatusCode, Url,
    header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderValue},
};

use super::{
    UploadError,
    body::{Body, BrokenSource, Meter},
    digest,
};
use crate::{AssetId, error::ConfigError};

/// Where the bytes of one asset go, and how.
pub(super) struct Transfer<'a> {
    pub(super) http: &'a reqwest::Client,
    pub(super) asset_id: &'a AssetId,
    pub(super) name: &'a str,
    pub(super) url: Url,
    pub(super) content_type: HeaderValue,
    pub(super) length: u64,
    /// The longest time without a byte taken, or without an answer after the last.
    pub(super) idle: Duration,
}

/// An HTTP client that sends nothing but what it is told: no key, no default
/// headers, no cookies, no referer, and to no other address.
#[cfg(not(target_family = "wasm"))]
pub(super) fn http_client(
    connect: Duration,
    https_only: bool,
) -> Result<reqwest::Client, ConfigError> {
    let mut builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        // Nothing is to come back but a status, and every header may be part of the signature.
        .no_gzip()
        .retry(reqwest::retry::never())
        .connect_timeout(connect)
        .https_only(https_only);
    if !https_only {
        // The service is on this machine, and its storage, too, as a rule.
        builder = builder.no_proxy();
    }
    builder.build().map_err(ConfigError::http_client)
}

/// Redirects, the referer and how it connects are a browser's affair.
#[cfg(target_family = "wasm")]
pub(super) fn http_client(_: Duration, _: bool) -> Result<reqwest::Client, ConfigError> {
    let builder = reqwest::Client::builder();
    builder.build().map_err(ConfigError::http_client)
}

/// The address byte for byte as it was signed, or what is wrong with it.
pub(super) fn address(text: Option<&str>) -> Result<Url, &'static str> {
    let text = text.ok_or("there is none")?;
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        // The reader of URLs would drop spaces at its ends, and tabs inside.
        return Err("it holds a space, a line break or a character outside ASCII");
    }
    let url = Url::parse(text).map_err(|_| "it is no URL")?;
    // The host is not signed by its letters' case; all that follows is.
    let (_, behind_scheme) = text.split_once("://").ok_or("it is no URL")?;
    let path = behind_scheme.find(['/', '?', '#']);
    let (authority, target) = match path {
        Some(at) => behind_scheme.split_at(at),
        None => (behind_scheme, "/"),
    };
    if authority.contains('@') {
        return Err("it holds a user name or password, which would be sent along");
    }
    if url.fragment().is_none() && target == signed_part(&url) {
        Ok(url)
    } else {
        Err("HTTP cannot carry it byte for byte")
    }
}

fn signed_part(url: &Url) -> String {
    match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    }
}

impl Transfer<'_> {
    /// Sends the body; the storage has it all if this succeeds.
    pub(super) async fn send(self, body: Body, meter: &Arc<Meter>) -> Result<(), UploadError> {
        #[cfg(not(target_family = "wasm"))]
        let body = reqwest::Body::wrap_stream(body);
        #[cfg(target_family = "wasm")]
        let body = whole(body).await;
        #[cfg(target_family = "wasm")]
        if let Some(broken) = meter.take_broken() {
            // What is not all of it must not be sent: the storage would take it.
            return Err(self.broken(broken));
        }
        let request = self
            .http
            .put(self.url.clone())
            .header(CONTENT_TYPE, self.content_type.clone())
            // Given by hand, which also keeps the body from being sent in chunks.
            .header(CONTENT_LENGTH, self.length)
            .body(body)
            .send();
        let Some(answer) = unless_idle(request, meter, self.idle).await else {
            return Err(self.idle(meter));
        };
        // Whatever the answer: what was sent is not what was meant.
        if let Some(broken) = meter.take_broken() {
            return Err(self.broken(broken));
        }
        let answer = answer.map_err(|error| self.failed(meter, error))?;
        let status = answer.status();
        let stored = stored_digest(answer.headers());
        let said = unless_idle(beginning(answer), meter, self.idle).await;
        let said = said.flatten().unwrap_or_default();
        let said = String::from_utf8_lossy(&said);
        // A success before the last byte is that of somebody in between.
        if !is_stored(status, &said) || meter.sent() != self.length {
            return Err(self.refused(status, word(&said)));
        }
        if stored.is_some_and(|stored| stored != meter.digest()) {
            return Err(UploadError::Damaged {
                asset_id: self.asset_id.clone(),
            });
        }
        Ok(())
    }

    fn refused(&self, status: StatusCode, code: Option<String>) -> UploadError {
        UploadError::Refused {
            asset_id: self.asset_id.clone(),
            status,
            code,
        }
    }

    fn failed(&self, meter: &Meter, error: reqwest::Error) -> UploadError {
        UploadError::Transfer {
            asset_id: self.asset_id.clone(),
            sent: meter.sent(),
            // The URL is a permission.
            error: error.without_url(),
        }
    }

    fn idle(&self, meter: &Meter) -> UploadError {
        UploadError::Idle {
            asset_id: self.asset_id.clone(),
            sent: meter.sent(),
            limit: self.idle,
        }
    }

    fn broken(&self, broken: BrokenSource) -> UploadError {
        let name = self.name.to_owned();
        let changed = |is_longer| UploadError::SizeChanged {
            name: name.clone(),
            announced: self.length,
            is_longer,
        };
        match broken {
            BrokenSource::TooShort => changed(false),
            BrokenSource::TooLong => changed(true),
            BrokenSource::Unreadable(error) => UploadError::Source { name, error },
        }
    }
}

/// A browser takes a body in one piece. It ends early if the source is broken.
#[cfg(target_family = "wasm")]
async fn whole(mut body: Body) -> Vec<u8> {
    let mut whole = Vec::new();
    while let Some(Ok(piece)) = poll_fn(|cx| pin!(&mut body).poll_next(cx)).await {
        whole.extend_from_slice(&piece);
    }
    whole
}

/// The future's output, or `None` once nothing has moved for this long.
async fn unless_idle<F: Future>(future: F, meter: &Meter, limit: Duration) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut idle = pin!(meter.idle(limit));
    poll_fn(|cx| {
        if let Poll::Ready(output) = future.as_mut().poll(cx) {
            return Poll::Ready(Some(output));
        }
        idle.as_mut().poll(cx).map(|()| None)
    })
    .await
}

/// The digest of what the storage has received, if it names one: in `Content-MD5`, or in the `ETag`
/// of a file that it keeps as it came. What it encrypts has a tag of another kind.
fn stored_digest(headers: &HeaderMap) -> Option<String> {
    let is_encrypted = headers
        .keys()
        .any(|name| name.as_str().contains("server-side-encryption"));
    let text = |name: &str| headers.get(name)?.to_str().ok();
    let tag = text("etag").filter(|_| !is_encrypted);
    text("content-md5").or(tag).and_then(digest::named)
}

/// Whether this is how a storage says that it has the bytes: with one of three statuses, and
/// neither an error under it nor a page of somebody in between.
fn is_stored(status: StatusCode, said: &str) -> bool {
    let begin = said.trim_start().to_ascii_lowercase();
    matches!(status.as_u16(), 200 | 201 | 204)
        && !begin.contains("<error")
        && !begin.starts_with("<html")
        && !begin.starts_with("<!doctype html")
}

/// The storage's own word for its refusal. The rest of what it writes may
/// repeat the signature.
fn word(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("<Code>")?;
    let (word, _) = rest.split_once("</Code>")?;
    let is_word = word.len() <= 64 && word.chars().all(|c| c.is_ascii_alphanumeric());
    is_word.then(|| word.to_owned())
}

#[cfg(not(target_family = "wasm"))]
async fn beginning(mut answer: Response) -> Option<Bytes> {
    answer.chunk().await.ok()?
}

/// A browser gives it in one piece.
#[cfg(target_family = "wasm")]
async fn beginning(answer: Response) -> Option<Bytes> {
    answer.bytes().await.ok()
}

#[cfg(test)]
mod tests {
    use reqwest::StatusCode;

    use super::{address, is_stored, signed_part};

    #[test]
    fn only_the_words_of_a_success_are_one() {
        let stored =
            |status: u16, said| is_stored(StatusCode::from_u16(status).expect("a status"), said);
        assert!(stored(200, "") && stored(201, "") && stored(204, " \n"));
        assert!(stored(200, "{\"Status\":\"OK\"}"));
        for status in [100, 202, 203, 206, 207, 299, 304, 400, 500] {
            assert!(!stored(status, ""), "{status}");
        }
        for said in [
            "<?xml version=\"1.0\"?>\n<Error><Code>InternalError</Code></Error>",
            "\n<HTML><body>Log in to this network",
            "<!DOCTYPE html><title>Log in",
        ] {
            assert!(!stored(200, said), "{said}");
        }
    }

    #[test]
    fn addresses_are_sent_as_they_are_or_not_at_all() {
        for good in [
            "https://b.s3.example.com/a/b.mp4?X-Amz-SignedHeaders=content-length%3Bhost&x=AAAAAA%3D%3D",
            "https://B.Example.com:443/%e4%bd%a0?Signature=a%2Bb/c+d",
            "http://127.0.0.1:9000/x?y",
        ] {
            let url = address(Some(good)).expect(good);
            assert!(good.ends_with(&signed_part(&url)));
        }
        for bad in [
            "",
            "/a",
            "https://b.example.com/a/../b?x",
            "https://b.example.com/a b?x",
            " https://b.example.com/a?x",
            "https://b.example.com/a?x\n",
            "https://b.exam\tple.com/a?x",
            "https://user@b.example.com/a?x",
            "https://user:word@b.example.com/a?x",
            "https://:@b.example.com/a?x",
            "https://@b.example.com/a?x",
            "https:\\\\b.example.com/a?x",
            "https://b.example.com\\@c.example.com/a?x",
            "https://b.example.com/a?x=你",
        ] {
            let problem = address(Some(bad)).expect_err(bad);
            assert!(!problem.contains("example"), "{problem}");
        }
        assert!(address(None).is_err());
    }
}
