//! What happens to every request between the generated method and the network.

use std::pin::Pin;

#[cfg(not(target_family = "wasm"))]
use http_body_util::Limited;
use progenitor_client::{ClientHooks, OperationInfo, ResponseValue};
use reqwest::header::{
    ACCEPT, ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue,
};
use reqwest::{Request, Response, Url};
use serde::de::DeserializeOwned;

use crate::context::X_REQUEST_ID;
#[cfg(not(target_family = "wasm"))]
use crate::pieces::Pieces;
use crate::{Auth, Client, Context, Error, Operation, Reply, operations, weight};

const X_API_KEY: HeaderName = HeaderName::from_static("x-api-key");
const X_GOOG_API_KEY: HeaderName = HeaderName::from_static("x-goog-api-key");

/// A `reqwest` builder with the rules this API needs: no redirects, no `Referer`, and five seconds
/// to connect.
///
/// Following redirects would hand `X-Api-Key` to whatever host they name. Timeouts of a whole call
/// belong to [`Context::timeout`], because operations differ.
///
/// In a browser these rules are the browser's, and it does follow redirects: leave the key on a
/// server of yours.
pub fn http_client_builder() -> reqwest::ClientBuilder {
    let builder =
        reqwest::Client::builder().user_agent(concat!("aitoearn-api/", env!("CARGO_PKG_VERSION")));
    #[cfg(not(target_family = "wasm"))]
    let builder = builder
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never().max_retries_per_request(0))
        .referer(false)
        .connect_timeout(std::time::Duration::from_secs(5));
    builder
}

impl Client {
    /// A client of the site at `base_url`, such as `https://aitoearn.ai`: scheme, host, optional
    /// port and path, without `/api`. Slashes at its end are removed.
    ///
    /// # Errors
    ///
    /// If the HTTP client cannot be built, for example without a usable TLS implementation.
    ///
    /// # Panics
    ///
    /// With the feature `rustls-no-provider`, if the application has installed no provider.
    pub fn new(base_url: &str, context: Context) -> Result<Self, reqwest::Error> {
        let client = http_client_builder().build()?;
        let base_url = base_url.trim_end_matches('/');
        Ok(Self::new_with_client(base_url, client, context))
    }

    /// The same client with another context: how one call gets options of its own.
    #[must_use]
    pub fn with_context(&self, context: Context) -> Self {
        Self {
            baseurl: self.baseurl.clone(),
            client: self.client.clone(),
            inner: context,
        }
    }

    /// Credential and options of this client.
    pub fn context(&self) -> &Context {
        &self.inner
    }
}

impl ClientHooks<Context> for Client {
    async fn pre<E>(&self, request: &mut Request, info: &OperationInfo) -> Result<(), Error<E>> {
        self.inner.record(None);
        let name = info.operation_id;
        operations::by_name(name)
            .ok_or_else(|| format!("`{name}` is no known operation: generate the client again"))
            .and_then(|operation| prepare(request, operation, &self.baseurl, &self.inner))
            .map_err(Error::Custom)
    }

    // No `async fn`, because that would keep a place for the request while it waits.
    fn exec(
        &self,
        request: Request,
        info: &OperationInfo,
    ) -> impl Future<Output = reqwest::Result<Response>> {
        let operation = operations::by_name(info.operation_id);
        #[cfg(not(target_family = "wasm"))]
        let request = noted(request, operation, &self.inner);
        let answer = self.client.execute(request);
        async move {
            let response = answer.await?;
            let headers = response.headers();
            self.inner.record(Some((response.status(), headers)));
            let essential = operation.map_or(&[][..], |operation| operation.essential);
            self.inner.keep_essential(essential);
            let limit = self.inner.body_limit;
            // The body goes to the caller as it arrives, instead of into memory first.
            if operation.is_some_and(|operation| operation.reply == Reply::Raw) {
                // A stream has no end to measure: its reader limits each event.
                let endless = is_event_stream(headers);
                return Ok(limited(response, if endless { u64::MAX } else { limit }));
            }
            // What tells its length is not read beyond it. Compressed answers tell none.
            match response.content_length() {
                Some(length) if length <= limit => Ok(response),
                _ => Ok(limited(response, limit)),
            }
        }
    }
}

/// The request; of one with an effect, the context will know whether it has begun to leave.
#[cfg(not(target_family = "wasm"))]
fn noted(mut request: Request, operation: Option<&Operation>, context: &Context) -> Request {
    use crate::RetryClass;
    use http_body_util::BodyExt as _;
    use reqwest::header::CONTENT_LENGTH;

    if operation.is_none_or(|operation| operation.retry != RetryClass::Effect) {
        return request;
    }
    let length = request.body().and_then(reqwest::Body::as_bytes);
    let Some(length) = length.map(<[u8]>::len).filter(|length| *length > 0) else {
        return request;
    };
    if let Some(body) = request.body_mut().take() {
        let may_leave = context.leaving();
        // Nobody asks for a body before there is a connection that takes it. Where the call has been
        // given up, less comes than was announced: that ends the connection, and is no request.
        let body = body.map_frame(move |frame| {
            if may_leave() {
                frame
            } else {
                frame.map_data(|_| bytes::Bytes::new())
            }
        });
        *request.body_mut() = Some(reqwest::Body::wrap(body));
        // Otherwise it would go in chunks.
        let headers = request.headers_mut();
        headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
    request
}

/// A future that does not show what it is made of. An `async fn` is compiled by every crate that
/// awaits it; this is compiled here, once.
#[doc(hidden)]
#[cfg(not(target_family = "wasm"))]
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// In a browser there is one thread only.
#[doc(hidden)]
#[cfg(target_family = "wasm")]
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Reads the answer of a generated method.
///
/// Unlike progenitor's own reader it moves the headers instead of copying them, and it is a quarter
/// of the size while it waits.
// No `async fn`, because that would keep two places for the answer.
#[doc(hidden)]
pub fn read<T: DeserializeOwned>(
    mut response: Response,
    context: &Context,
) -> impl Future<Output = Result<ResponseValue<T>, Error<()>>> {
    let status = response.status();
    async move {
        #[cfg(not(target_family = "wasm"))]
        let (headers, body) = {
            let body = whole(&mut response).await;
            (std::mem::take(response.headers_mut()), body)
        };
        #[cfg(target_family = "wasm")]
        let (headers, body) = {
            let headers = std::mem::take(response.headers_mut());
            (headers, response.bytes().await)
        };
        let body = body.map_err(|error| Error::ResponseBodyError(error.without_url()))?;
        let value = if weight::is_too_heavy(&body, context.body_limit) {
            // `open` looks for an error in it, and refuses it.
            Err(serde::de::Error::custom("it takes too much memory"))
        } else {
            serde_json::from_slice(&body)
        };
        match value {
            Ok(value) => Ok(ResponseValue::new(value, status, headers)),
            Err(error) => {
                context.keep_headers(headers);
                Err(Error::InvalidResponsePayload(body, error))
            }
        }
    }
}

/// The body, copied only if it comes in several pieces.
#[cfg(not(target_family = "wasm"))]
async fn whole(response: &mut Response) -> reqwest::Result<bytes::Bytes> {
    let mut pieces = Pieces::default();
    while let Some(piece) = response.chunk().await? {
        pieces.push(piece);
    }
    Ok(pieces.join())
}

fn is_event_stream(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().starts_with(b"text/event-stream"))
}

/// Fails with a text that says why the request is not sent and what to change.
fn prepare(
    request: &mut Request,
    operation: &Operation,
    base_url: &str,
    context: &Context,
) -> Result<(), String> {
    check_url(request.url(), base_url, operation)?;

    let headers = request.headers_mut();
    let accept = match operation.reply {
        Reply::Envelope | Reply::Json => "application/json",
        Reply::Raw => "application/json, text/event-stream",
    };
    headers.insert(ACCEPT, HeaderValue::from_static(accept));
    if let Some(id) = &context.request_id {
        headers.insert(X_REQUEST_ID, id.clone());
    }
    if let Some(language) = &context.accept_language {
        headers.insert(ACCEPT_LANGUAGE, language.clone());
    }
    for name in context.headers.keys() {
        headers.remove(name);
    }
    for (name, value) in &context.headers {
        headers.append(name, value.clone());
    }
    // Last, so that nothing above can take its place.
    if let Some((name, value)) = credential(operation, context)? {
        headers.insert(name, value);
    }

    if !context.query.is_empty() {
        request
            .url_mut()
            .query_pairs_mut()
            .extend_pairs(&context.query);
    }
    if let Some(timeout) = context.timeout {
        *request.timeout_mut() = Some(timeout);
    }
    Ok(())
}

/// The request must go to the base URL's origin, and to a path of this very operation.
fn check_url(url: &Url, base_url: &str, operation: &Operation) -> Result<(), String> {
    // Nearly always: the text of the URL is the base's and, right after it, the path.
    let text = url.as_str().strip_prefix(base_url);
    let path = text.and_then(|rest| rest.split(['?', '#']).next());
    if path.is_some_and(|path| operation.matches_path(path)) {
        return Ok(());
    }
    // The base is written in another way, or something is wrong.
    let base = Url::parse(base_url).map_err(|error| format!("the base URL is no URL: {error}"))?;
    if base_url.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err("the base URL holds a space, a tab or a line break: leave it out".to_owned());
    }
    if url.origin() != base.origin() {
        return Err(format!(
            "`{}` would leave {}: check the base URL",
            operation.name,
            base.origin().ascii_serialization()
        ));
    }
    let path = url.path().strip_prefix(base.path().trim_end_matches('/'));
    if !path.is_some_and(|path| operation.matches_path(path)) {
        return Err(format!(
            "an argument of `{}` is empty or made of dots, or the base URL ends with a slash: \
             the path would not be {}",
            operation.name, operation.path
        ));
    }
    Ok(())
}

fn credential(
    operation: &Operation,
    context: &Context,
) -> Result<Option<(HeaderName, HeaderValue)>, String> {
    if operation.auth == Auth::None {
        return Ok(None);
    }
    let Some(key) = &context.key else {
        return Err(format!(
            "`{}` needs an API key and the client has none: set one",
            operation.name
        ));
    };
    Ok(match operation.auth {
        Auth::ApiKey => Some((X_API_KEY, key.plain())),
        Auth::Bearer => Some((AUTHORIZATION, key.bearer())),
        Auth::GoogApiKey => Some((X_GOOG_API_KEY, key.plain())),
        Auth::None => None,
    })
}

/// The same answer, whose body fails once more than `limit` bytes of it have been read. It forgets
/// the URL, which errors would print.
///
/// A look at `Content-Length` alone would not do: it is absent from compressed and chunked answers.
#[cfg(not(target_family = "wasm"))]
fn limited(response: Response, limit: u64) -> Response {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    http::Response::from(response)
        .map(|body| reqwest::Body::wrap(Limited::new(body, limit)))
        .into()
}

/// A browser hands its answers over as they are.
#[cfg(target_family = "wasm")]
fn limited(response: Response, _limit: u64) -> Response {
    response
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{ApiKey, Method, RetryClass, TimeoutClass};

    const KEY: &str = "ai_0123456789";
    const BASE: &str = "https://aitoearn.example/self/hosted";

    const RELAY: Operation = Operation {
        name: "relay",
        id: "Relay",
        summary: "",
        method: Method::Post,
        path: "/api/ai/v1beta/models/{model}:generate",
        tag: "AI / Relay",
        auth: Auth::None,
        reply: Reply::Raw,
        retry: RetryClass::Effect,
        timeout: TimeoutClass::Stream,
        codes: &[],
        essential: &[],
    };

    fn context() -> Context {
        Context::new(Some(ApiKey::new(KEY).unwrap()))
    }

    fn prepared(operation: &Operation, url: &str, context: &Context) -> Result<Request, String> {
        let url = format!("{BASE}{url}").parse().unwrap();
        let mut request = Request::new(reqwest::Method::POST, url);
        prepare(&mut request, operation, BASE, context)?;
        Ok(request)
    }

    const URL: &str = "/api/ai/v1beta/models/a%2Fb:generate";

    #[test]
    fn each_style_sends_exactly_its_header() {
        for (auth, expected) in [
            (Auth::ApiKey, Some(("x-api-key", KEY.to_owned()))),
            (
                Auth::Bearer,
                Some(("authorization", format!("Bearer {KEY}"))),
            ),
            (Auth::GoogApiKey, Some(("x-goog-api-key", KEY.to_owned()))),
            (Auth::None, None),
        ] {
            let request = prepared(&Operation { auth, ..RELAY }, URL, &context()).unwrap();
            let carrying: Vec<_> = request
                .headers()
                .iter()
                .filter(|(_, value)| value.to_str().unwrap().contains(KEY))
                .map(|(name, value)| (name.as_str(), value.to_str().unwrap().to_owned()))
                .collect();
            assert_eq!(carrying, Vec::from_iter(expected));
            assert!(!format!("{request:?}").contains(KEY));
        }
    }

    #[test]
    fn accept_follows_the_reply() {
        for (reply, accept) in [
            (Reply::Envelope, "application/json"),
            (Reply::Json, "application/json"),
            (Reply::Raw, "application/json, text/event-stream"),
        ] {
            let request = prepared(&Operation { reply, ..RELAY }, URL, &context()).unwrap();
            assert_eq!(request.headers()[ACCEPT], accept);
        }
    }

    #[test]
    fn another_origin_is_refused() {
        for url in [
            "http://aitoearn.example/self/hosted",
            "https://aitoearn.example:444/self/hosted",
            "https://aitoearn.example.evil.example/self/hosted",
        ] {
            let url: Url = format!("{url}{URL}").parse().unwrap();
            let error = check_url(&url, BASE, &RELAY).unwrap_err();
            assert!(
                error.contains("would leave https://aitoearn.example"),
                "{error}"
            );
        }
    }

    #[test]
    fn an_argument_cannot_lead_to_another_path() {
        for model in ["", "/", "a/b", "%2e%2e/b"] {
            let url = format!("/api/ai/v1beta/models/{model}:generate");
            prepared(&RELAY, &url, &context()).unwrap_err();
        }
        let read = Operation {
            path: "/api/accounts/{id}",
            ..RELAY
        };
        for id in ["", ".", "..", "%2E%2e", "a/b", "../accounts"] {
            let url = format!("/api/accounts/{id}");
            let sent = prepared(&read, &url, &context());
            // `../accounts` comes back to the list, which is another operation.
            let error = sent.unwrap_err();
            assert!(error.contains("/api/accounts/{id}"), "{id}: {error}");
        }
        prepared(&read, "/api/accounts/..a", &context()).unwrap();
        prepared(&read, "/api/accounts/a%2Fb", &context()).unwrap();
    }

    #[test]
    fn options_are_sent() {
        let mut context = context();
        context.request_id = Some(HeaderValue::from_static("my-id"));
        context.accept_language = Some(HeaderValue::from_static("zh-CN"));
        context.timeout = Some(Duration::from_secs(7));
        context.query = vec![("a b".to_owned(), "c&d".to_owned())];
        context
            .headers
            .append("x-extra", HeaderValue::from_static("1"));
        context
            .headers
            .append("x-extra", HeaderValue::from_static("2"));
        let impostor = HeaderValue::from_static("other");
        context.headers.insert("x-api-key", impostor);

        let operation = Operation {
            auth: Auth::ApiKey,
            ..RELAY
        };
        let request = prepared(&operation, URL, &context).unwrap();
        let headers = request.headers();
        assert_eq!(headers["x-request-id"], "my-id");
        assert_eq!(headers[ACCEPT_LANGUAGE], "zh-CN");
        assert_eq!(headers.get_all("x-extra").iter().count(), 2);
        assert_eq!(
            headers.get_all("x-api-key").iter().collect::<Vec<_>>(),
            [KEY]
        );
        assert_eq!(request.timeout(), Some(&Duration::from_secs(7)));
        assert_eq!(request.url().query(), Some("a+b=c%26d"));
    }

    #[test]
    fn a_base_in_other_words_is_the_same_base() {
        let url: Url = format!("{BASE}{URL}?a=/b").parse().unwrap();
        for base in [
            BASE,
            "HTTPS://AiToEarn.Example/self/hosted",
            "https://aitoearn.example:443/self/hosted",
        ] {
            check_url(&url, base, &RELAY).unwrap();
        }
        for base in [
            "https://aitoearn.example/self",
            "https://aitoearn.exam",
            "https://",
            "",
        ] {
            check_url(&url, base, &RELAY).unwrap_err();
        }
    }
}
