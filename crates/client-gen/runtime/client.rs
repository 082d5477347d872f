//! The credential of a client, and what happens to each request and response.

use std::fmt;
use std::pin::Pin;

use progenitor_client::{ClientHooks, Error, OperationInfo, ResponseValue};
use reqwest::header::{AUTHORIZATION, HeaderName, HeaderValue};
use reqwest::{Request, Response, Url};
use serde::de::DeserializeOwned;

use super::operation::{Auth, Operation};
use crate::{Client, operations};

/// Most bytes of a JSON response that are read, after decompression.
const BODY_LIMIT: usize = 32 << 20;

/// A key or token. It never prints itself.
#[derive(Clone)]
pub struct Credential(String);

impl<T: Into<String>> From<T> for Credential {
    fn from(secret: T) -> Self {
        Self(secret.into())
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credential(…)")
    }
}

/// What a client carries besides its base URL.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Context {
    /// Sent with the operations that want one, where they want it. `None` is enough for the others.
    pub credential: Option<Credential>,
}

/// A `reqwest` builder without redirects, which would hand the credential to any host they name.
pub fn http_client_builder() -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
}

impl Client {
    /// A client of the service at `base_url`; slashes at its end are removed.
    ///
    /// # Errors
    ///
    /// If the HTTP client cannot be built, for example without a usable TLS implementation.
    pub fn new(base_url: &str, credential: Option<Credential>) -> Result<Self, reqwest::Error> {
        let client = http_client_builder().build()?;
        let base_url = base_url.trim_end_matches('/');
        Ok(Self::new_with_client(
            base_url,
            client,
            Context { credential },
        ))
    }
}

impl ClientHooks<Context> for Client {
    async fn pre<E>(&self, request: &mut Request, info: &OperationInfo) -> Result<(), Error<E>> {
        let name = info.operation_id;
        operations::by_name(name)
            .ok_or_else(|| format!("`{name}` is no known operation: generate the client again"))
            .and_then(|operation| prepare(request, operation, &self.baseurl, &self.inner))
            .map_err(Error::Custom)
    }
}

/// Fails with a text that says why the request is not sent and what to change.
fn prepare(
    request: &mut Request,
    operation: &Operation,
    base_url: &str,
    context: &Context,
) -> Result<(), String> {
    check_path(request.url(), base_url, operation)?;
    if operation.auth == Auth::None {
        return Ok(());
    }
    let Some(Credential(secret)) = &context.credential else {
        return Err(format!(
            "`{}` needs a credential and the client has none: set one",
            operation.name
        ));
    };
    let value = |text: &str| {
        let mut value = HeaderValue::from_str(text)
            .map_err(|_| "the credential holds characters that no header may have".to_owned())?;
        value.set_sensitive(true);
        Ok::<_, String>(value)
    };
    match operation.auth {
        Auth::Header(name) => {
            let name = HeaderName::try_from(name).map_err(|_| {
                format!(
                    "`{}` wants its credential in a header with an impossible name",
                    operation.name
                )
            })?;
            request.headers_mut().insert(name, value(secret)?);
        }
        Auth::Bearer => {
            request
                .headers_mut()
                .insert(AUTHORIZATION, value(&format!("Bearer {secret}"))?);
        }
        Auth::Query(name) => {
            request
                .url_mut()
                .query_pairs_mut()
                .append_pair(name, secret);
        }
        Auth::None => {}
    }
    Ok(())
}

/// The request must go to the base URL's origin, and to a path of this very operation.
fn check_path(url: &Url, base_url: &str, operation: &Operation) -> Result<(), String> {
    let base = Url::parse(base_url).map_err(|error| format!("the base URL is no URL: {error}"))?;
    let path = url.path().strip_prefix(base.path().trim_end_matches('/'));
    let is_there = path.is_some_and(|path| operation.matches_path(path));
    if url.origin() == base.origin() && is_there {
        return Ok(());
    }
    Err(format!(
        "an argument of `{}` is empty or made of dots: the path would not be {}",
        operation.name, operation.path
    ))
}

/// What a generated method waits for.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Reads the response of a generated method.
pub async fn read<T: DeserializeOwned>(
    mut response: Response,
    _context: &Context,
) -> Result<ResponseValue<T>, Error<()>> {
    let status = response.status();
    let headers = std::mem::take(response.headers_mut());
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(Error::ResponseBodyError)? {
        if body.len() + piece.len() > BODY_LIMIT {
            return Err(Error::Custom(format!(
                "the response has more than {} MiB",
                BODY_LIMIT >> 20
            )));
        }
        body.extend_from_slice(&piece);
    }
    match serde_json::from_slice(&body) {
        Ok(value) => Ok(ResponseValue::new(value, status, headers)),
        Err(error) => Err(Error::InvalidResponsePayload(body.into(), error)),
    }
}
