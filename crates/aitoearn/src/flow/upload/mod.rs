//! A file becomes an asset: announced, sent, confirmed.

mod body;
mod digest;
mod error;
mod file;
pub(crate) mod mime;
mod source;
mod transfer;

use std::{fmt, pin::Pin, sync::Arc, time::Duration};

use reqwest::{StatusCode, header::HeaderValue};

use self::{
    body::{Body, Meter},
    error::is_passing,
    transfer::Transfer,
};
pub use self::{error::UploadError, source::UploadSource};
use crate::{
    Client, Error,
    clock::sleep,
    error::InputError,
    local::boxed,
    pools::check_runtime,
    types::{Asset, AssetType, UploadTarget},
};

type OnProgress = Arc<dyn Fn(UploadProgress) + Send + Sync>;

/// A file that is ready to be uploaded. Made by
/// [`Assets::upload`](crate::Assets::upload); `.await` it for the confirmed asset.
///
/// The bytes go to a storage that is not AiToEarn, by an HTTP client of their own
/// that carries neither the key nor any other header of yours, and knows nothing
/// of a client given to [`ClientBuilder::http_client`](crate::ClientBuilder::http_client).
/// They are read as they are sent: a file of any size takes a few hundred
/// kilobytes of memory.
///
/// There is no limit to the whole time, but [`Timeouts::idle`](crate::Timeouts::idle)
/// (60 s) to the time without a byte taken, and without an answer after the last.
/// If the storage answers 403, as it does once a signature has expired, or the
/// connection to it breaks, the file is announced and sent once more, from its
/// beginning; if it is busy or broken for a moment (503 `SlowDown`, 500), as often as
/// the client's [`RetryPolicy`](crate::RetryPolicy) says. What can be read only once
/// is not.
///
/// In a browser they are read as a whole before they are sent, and that is the
/// progress that is told; there is no limit to the time, and redirects are the
/// browser's affair.
///
/// Dropping it ends it; an upload that is not confirmed goes away by itself.
#[must_use = "nothing is uploaded until it is awaited"]
pub struct Upload {
    client: Client,
    source: UploadSource,
    kind: AssetType,
    content_type: Option<String>,
    on_progress: Option<OnProgress>,
    http: Option<reqwest::Client>,
}

/// How much of an upload has been handed over to the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct UploadProgress {
    /// The bytes so far. A second attempt begins again from 0.
    pub sent: u64,
    /// All bytes. Once they are sent, the storage answers and the service
    /// confirms, which can take a minute for a video.
    pub total: u64,
}

impl Upload {
    pub(crate) fn new(client: &Client, source: UploadSource) -> Self {
        Self {
            client: client.clone(),
            source,
            kind: AssetType::PublishMedia,
            content_type: None,
            on_progress: None,
            http: None,
        }
    }

    /// What the file is for. Default: [`AssetType::PublishMedia`], media of a post.
    pub fn kind(mut self, kind: impl Into<AssetType>) -> Self {
        self.kind = kind.into();
        self
    }

    /// The media type that is sent to the storage. Default: what the service takes
    /// the name's extension for. Another one is refused by storages that sign it.
    pub fn content_type(mut self, media_type: impl Into<String>) -> Self {
        self.content_type = Some(media_type.into());
        self
    }

    /// Called after every piece that is handed over, up to 64 KiB each. It must
    /// not block, since it is called while the bytes are sent.
    pub fn on_progress(mut self, tell: impl Fn(UploadProgress) + Send + Sync + 'static) -> Self {
        self.on_progress = Some(Arc::new(tell));
        self
    }

    /// Sends the bytes through an HTTP client of your own, for a proxy or a
    /// certificate. It must follow no redirects and have no default headers:
    /// what it adds goes to the storage. Default: one that adds nothing.
    pub fn storage_client(mut self, http: reqwest::Client) -> Self {
        self.http = Some(http);
        self
    }

    async fn run(self) -> Result<Asset, UploadError> {
        check_runtime().map_err(|error| UploadError::Sign(error.into()))?;
        let unreadable = |name: &str, error| UploadError::Source {
            name: name.to_owned(),
            error,
        };
        let name = self.source.name().to_owned();
        let content_type = self.media_type().map_err(UploadError::Sign)?;
        let http = self.http().map_err(UploadError::Sign)?;
        let length = self.source.length().await;
        let length = length.map_err(|error| unreadable(&name, error))?;

        let mut attempts = 0;
        let asset_id = loop {
            attempts += 1;
            let target = self.sign(&name, length).await?;
            let reader = self.source.open().await;
            let reader = reader.map_err(|error| unreadable(&name, error))?;
            let Some((reader, stamp)) = reader else {
                // By a clone of it: what is sent here is sent again only if it can be.
                let used = std::io::Error::other("it has been read already");
                return Err(unreadable(&name, used));
            };
            let url = transfer::address(target.upload_url.as_deref());
            let url = url.map_err(|problem| UploadError::Address {
                asset_id: target.id.clone(),
                problem,
            })?;
            let meter = Meter::new(length, self.on_progress.clone());
            let body = Body::new(reader, &meter, self.source.ends_with_its_length());
            let transfer = Transfer {
                http: &http,
                asset_id: &target.id,
                name: &name,
                url,
                content_type: content_type.clone(),
                length,
                idle: self.client.timeouts().idle,
            };
            let error = match transfer.send(body, &meter).await {
                Ok(()) => {
                    if let Some(stamp) = &stamp
                        && !stamp.is_unchanged().await
                    {
                        return Err(UploadError::Overwritten { name });
                    }
                    break target.id;
                }
                Err(error) => error,
            };
            let Some(wait) = self.wait(&error, attempts) else {
                return Err(error);
            };
            sleep(wait).await;
        };
        let confirming = self.client.assets().confirm(asset_id.clone());
        confirming
            .await
            .map_err(|error| UploadError::Confirm { asset_id, error })
    }

    /// How long to wait before the bytes are announced and sent once more; `None` if
    /// that is of no use.
    fn wait(&self, error: &UploadError, attempts: u32) -> Option<Duration> {
        if !self.source.is_repeatable() {
            return None;
        }
        let policy = self.client.retry();
        match error {
            // A fresh signature, or a fresh connection, is all it takes.
            UploadError::Refused { status, .. } if *status == StatusCode::FORBIDDEN => {
                (attempts == 1).then_some(Duration::ZERO)
            }
            UploadError::Transfer { .. } => (attempts == 1).then_some(Duration::ZERO),
            UploadError::Refused { status, code, .. } if is_passing(*status, code.as_deref()) => {
                (attempts <= policy.retries()).then(|| policy.backoff_after(attempts - 1))
            }
            _ => None,
        }
    }

    async fn sign(&self, name: &str, length: u64) -> Result<UploadTarget, UploadError> {
        let signing = self.client.assets().upload_sign(name);
        let signing = signing.size(length).kind(self.kind.clone());
        signing.await.map_err(UploadError::Sign)
    }

    fn media_type(&self) -> Result<HeaderValue, Error> {
        let text = match &self.content_type {
            Some(text) => text.as_str(),
            None => mime::of(self.source.name()),
        };
        HeaderValue::from_str(text)
            .map_err(|_| InputError::new("content_type", "holds what no header can carry").into())
    }

    fn http(&self) -> Result<reqwest::Client, Error> {
        if let Some(http) = &self.http {
            return Ok(http.clone());
        }
        // Where the API is encrypted, no file goes out in clear.
        let https_only = self.client.base_url().starts_with("https:");
        let connect = self.client.timeouts().connect;
        Ok(transfer::http_client(connect, https_only)?)
    }
}

impl IntoFuture for Upload {
    type Output = Result<Asset, UploadError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        boxed(self.run())
    }
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload")
            .field("source", &self.source)
            .field("kind", &self.kind)
            .field("content_type", &self.content_type)
            .finish_non_exhaustive()
    }
}
