//! What `aitoearn` is measured against: three of its calls as a careful user writes them.
//!
//! The same requests on the wire and the same promises to the caller: no redirects, time limits, an
//! id for each request, types, the service's code as a value. It does without what the crate adds:
//! no retries, no limit on the answer, no tracing, no look at what went wrong in the JSON.

mod error;
pub mod types;

use std::fmt::Write as _;
use std::time::Duration;

use reqwest::header::{ACCEPT, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use reqwest::{Method, RequestBuilder, Response, Url, redirect};
use serde::Deserialize;
use serde::de::DeserializeOwned;

pub use self::error::Error;
use self::types::{Account, AccountGroup, AccountList, NewAccountGroup};

const X_API_KEY: HeaderName = HeaderName::from_static("x-api-key");
const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// A client of one server.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
}

impl Client {
    /// A client of the server at `base`, without a slash at its end.
    ///
    /// # Errors
    ///
    /// If the key is no header, or the HTTP client cannot be built.
    pub fn new(base: impl Into<String>, key: &str) -> Result<Self, Error> {
        let mut key = HeaderValue::from_str(key).map_err(|_| Error::Key)?;
        key.set_sensitive(true);
        let headers = HeaderMap::from_iter([
            (X_API_KEY, key),
            (ACCEPT, HeaderValue::from_static("application/json")),
            (USER_AGENT, HeaderValue::from_static("three-calls/1.0")),
        ]);
        let http = reqwest::Client::builder()
            .default_headers(headers)
            .redirect(redirect::Policy::none())
            .referer(false)
            .connect_timeout(Duration::from_secs(5))
            .timeout(Duration::from_secs(30))
            .build()?;
        Ok(Self {
            http,
            base: base.into(),
        })
    }

    /// `GET /api/v2/channels/accounts`
    ///
    /// # Errors
    ///
    /// Any [`Error`].
    pub async fn accounts(&self) -> Result<AccountList, Error> {
        let url = format!("{}/api/v2/channels/accounts", self.base);
        send(self.request(Method::GET, parse(&url)?)).await
    }

    /// `GET /api/v2/channels/accounts/{accountId}`
    ///
    /// # Errors
    ///
    /// Any [`Error`].
    pub async fn account(&self, id: &str) -> Result<Account, Error> {
        let mut url = parse(&self.base)?;
        url.path_segments_mut()
            .map_err(|()| Error::Url)?
            .extend(["api", "v2", "channels", "accounts", id]);
        send(self.request(Method::GET, url)).await
    }

    /// `POST /api/v2/channels/account-groups`
    ///
    /// # Errors
    ///
    /// Any [`Error`].
    pub async fn create_group(&self, group: &NewAccountGroup) -> Result<AccountGroup, Error> {
        let url = format!("{}/api/v2/channels/account-groups", self.base);
        send(self.request(Method::POST, parse(&url)?).json(group)).await
    }

    fn request(&self, method: Method, url: Url) -> RequestBuilder {
        self.http
            .request(method, url)
            .header(X_REQUEST_ID, request_id())
    }
}

fn parse(url: &str) -> Result<Url, Error> {
    Url::parse(url).map_err(|_| Error::Url)
}

/// A random UUID, in one allocation as the `uuid` crate makes it.
fn request_id() -> String {
    let bits = fastrand::u128(..);
    let mut id = String::with_capacity(36);
    let _ = write!(
        id,
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        bits >> 96,
        bits >> 80 & 0xffff,
        bits >> 64 & 0xfff,
        bits >> 48 & 0x3fff | 0x8000,
        bits & 0xffff_ffff_ffff
    );
    id
}

async fn send<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, Error> {
    let response: Response = request.send().await.map_err(reqwest::Error::without_url)?;
    let status = response.status();
    let body = response
        .bytes()
        .await
        .map_err(reqwest::Error::without_url)?;
    if !status.is_success() {
        return Err(Error::Status(status));
    }
    // The service answers 200 to say no, and `data` is then `{}` whatever its type.
    match serde_json::from_slice::<Envelope<T>>(&body) {
        Ok(envelope) if envelope.code == 0 => Ok(envelope.data),
        Ok(_) => Err(refused(&body).unwrap_or(Error::Shape)),
        Err(error) => Err(refused(&body).unwrap_or(Error::Json(error))),
    }
}

fn refused(body: &[u8]) -> Option<Error> {
    let refusal: Refusal = serde_json::from_slice(body).ok()?;
    (refusal.code != 0).then(|| Error::Refused {
        code: refusal.code,
        message: refusal.message,
        request_id: refusal.request_id,
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Envelope<T> {
    data: T,
    code: i64,
    #[expect(dead_code, reason = "read as the service documents it")]
    message: String,
    #[expect(dead_code, reason = "read as the service documents it")]
    request_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Refusal {
    code: i64,
    message: String,
    request_id: Option<String>,
}
