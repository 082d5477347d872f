//! Calls of what has no method here yet.

use std::fmt;

use aitoearn_api::{
    __private::plain, Auth, ClientHooks as _, ClientInfo as _, Context, Envelope, Method,
    Operation, OperationInfo, RetryClass, TimeoutClass,
};
use bytes::Bytes;
use reqwest::{
    Body, Url,
    header::{ACCEPT, ACCEPT_LANGUAGE, CONTENT_TYPE, HeaderName, HeaderValue},
};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    Client, Error, InputError, Request, Response,
    call::Reply,
    options::RequestOptions,
    request::option_methods,
    sent::{http_method, json},
};

/// In place of an operation's name, as errors and traces tell it.
const NAME: &str = "custom_request";

impl Client {
    /// A call of an operation that has no method here, with what every call has:
    /// the key, time limits, retries, traces and the same errors.
    ///
    /// `path` begins with a slash and is percent-encoded already:
    /// `/api/v2/channels/accounts`. The query goes in by
    /// [`query`](CustomRequest::query). The answer must be in AiToEarn's envelope,
    /// as nearly all are.
    ///
    /// The key is sent if the client has one, to the base URL's origin alone.
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
    /// use aitoearn::Method;
    /// use serde_json::{Value, json};
    ///
    /// let accounts: Value = client
    ///     .request(Method::Get, "/api/v2/channels/accounts")
    ///     .query("types[]", "tiktok")
    ///     .send()
    ///     .await?;
    /// println!("{}", accounts["total"]);
    ///
    /// let _: Value = client
    ///     .request(Method::Post, "/api/v2/channels/account-groups")
    ///     .json(&json!({ "name": "Travel" }))
    ///     .send()
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn request(&self, method: Method, path: impl Into<String>) -> CustomRequest {
        let mut options = RequestOptions::default();
        options.set_exact();
        CustomRequest {
            client: self.clone(),
            options,
            method,
            path: path.into(),
            body: Ok(None),
            retry_class: match method {
                Method::Get => RetryClass::Read,
                _ => RetryClass::Effect,
            },
        }
    }
}

/// A call of an operation that has no method here. Made by [`Client::request`];
/// [`send`](Self::send) it.
///
/// ```no_run
/// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
/// use aitoearn::Method;
///
/// let platforms = client.request(Method::Get, "/api/v2/channels/platforms");
/// let platforms: serde_json::Value = platforms.query("fresh", "true").send().await?;
/// println!("{}", platforms[0]["platform"]);
/// # Ok(())
/// # }
/// ```
#[must_use = "a request does nothing until it is sent"]
pub struct CustomRequest {
    client: Client,
    options: RequestOptions,
    method: Method,
    path: String,
    body: Result<Option<Bytes>, Error>,
    retry_class: RetryClass,
}

impl CustomRequest {
    /// The body, as JSON.
    pub fn json(mut self, body: &(impl Serialize + ?Sized)) -> Self {
        self.body = json("json", body).map(Some);
        self
    }

    /// What repeating the call does, and so which failures are followed by
    /// another attempt (see [Retries](crate#retries)). Default:
    /// [`RetryClass::Read`] for `GET`, [`RetryClass::Effect`] for the rest.
    pub fn retry_class(mut self, class: RetryClass) -> Self {
        self.retry_class = class;
        self
    }

    /// Sends it and gives the `data` of the answer. A `T` that takes nothing,
    /// such as `()` or an `Option`, also takes an answer without.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for a path that is not one below the base URL, or a
    /// body that is no JSON; else any [`Error`].
    pub async fn send<T: DeserializeOwned + Send + 'static>(self) -> Result<T, Error> {
        Ok(self.send_with_meta().await?.data)
    }

    /// Sends it and also tells the request id, the attempts and the rate limit.
    ///
    /// # Errors
    ///
    /// As for [`send`](Self::send).
    pub async fn send_with_meta<T>(self) -> Result<Response<T>, Error>
    where
        T: DeserializeOwned + Send + 'static,
    {
        let Self {
            client,
            options,
            method,
            path,
            body,
            retry_class,
        } = self;
        let input = check_path(&path).and_then(|()| Ok((path, body?)));
        Request::new(
            &client,
            operation(method, retry_class),
            input,
            move |api, (path, body)| Box::pin(exchange(api, method, path, body.clone())),
        )
        .with_options(options)
        .run()
        .with_meta()
        .await
    }
}

option_methods!([] CustomRequest);

impl fmt::Debug for CustomRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CustomRequest")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

/// Nothing in the path may lead out of where the base URL points, or be read by
/// somebody else than the caller reads it.
fn check_path(path: &str) -> Result<(), Error> {
    let is_dots = |segment: &str| {
        let plain = segment.to_ascii_lowercase().replace("%2e", ".");
        plain == "." || plain == ".."
    };
    let problem = if !path.starts_with('/') {
        "does not begin with a slash: give what follows the base URL"
    } else if path.contains("//") {
        "holds two slashes in a row"
    } else if path.contains(['?', '#']) {
        "holds a query or fragment: use `query`"
    } else if path.contains(|c: char| c == '\\' || c.is_control() || c.is_whitespace()) {
        "holds a backslash, a space or a control character"
    } else if path.split('/').any(is_dots) {
        "holds steps of dots"
    } else {
        return Ok(());
    };
    Err(InputError::new("path", problem).into())
}

/// What comes back is left to the low level, which knows every form of it.
async fn exchange<T>(
    api: &aitoearn_api::Client,
    method: Method,
    path: &str,
    body: Option<Bytes>,
) -> Reply<Envelope<T>> {
    let request = build(api.baseurl(), api.context(), method, path, body)
        .map_err(aitoearn_api::Error::InvalidRequest)?;
    let info = OperationInfo { operation_id: NAME };
    let response = api.exec(request, &info).await?;
    Err(aitoearn_api::Error::UnexpectedResponse(response))
}

/// The request with what every request carries.
fn build(
    base_url: &str,
    context: &Context,
    method: Method,
    path: &str,
    body: Option<Bytes>,
) -> Result<reqwest::Request, String> {
    let wrong = |error: &dyn fmt::Display| format!("the path makes no URL: {error}");
    let base = Url::parse(base_url).map_err(|error| wrong(&error))?;
    let mut url = Url::parse(&format!("{base_url}{path}")).map_err(|error| wrong(&error))?;
    if url.origin() != base.origin() {
        return Err("the path leads to another server".to_owned());
    }
    if !context.query.is_empty() {
        url.query_pairs_mut().extend_pairs(&context.query);
    }
    let mut request = reqwest::Request::new(http_method(method), url);
    *request.timeout_mut() = context.timeout;

    let json = HeaderValue::from_static("application/json");
    let headers = request.headers_mut();
    headers.insert(ACCEPT, json.clone());
    if body.is_some() {
        headers.insert(CONTENT_TYPE, json);
    }
    for (name, value) in &context.headers {
        headers.append(name, value.clone());
    }
    if let Some(id) = &context.request_id {
        headers.insert(HeaderName::from_static("x-request-id"), id.clone());
    }
    if let Some(language) = &context.accept_language {
        headers.insert(ACCEPT_LANGUAGE, language.clone());
    }
    if let Some(key) = &context.key {
        headers.insert(HeaderName::from_static("x-api-key"), plain(key));
    }
    *request.body_mut() = body.map(Body::from);
    Ok(request)
}

/// What errors, traces and retries know of such a call.
fn operation(method: Method, retry: RetryClass) -> &'static Operation {
    macro_rules! known {
        ($($method:ident: $timeout:ident),+) => {
            match (method, retry) {
                $(
                    (Method::$method, RetryClass::Read) => {
                        const { &custom(Method::$method, RetryClass::Read, TimeoutClass::$timeout) }
                    }
                    (Method::$method, RetryClass::Idempotent) => {
                        const { &custom(Method::$method, RetryClass::Idempotent, TimeoutClass::$timeout) }
                    }
                    (Method::$method, RetryClass::Effect) => {
                        const { &custom(Method::$method, RetryClass::Effect, TimeoutClass::$timeout) }
                    }
                )+
            }
        };
    }
    known!(Get: Read, Post: Write, Put: Write, Patch: Write, Delete: Write)
}

const fn custom(method: Method, retry: RetryClass, timeout: TimeoutClass) -> Operation {
    Operation {
        name: NAME,
        id: NAME,
        summary: "",
        method,
        path: "(custom)",
        tag: "",
        // Whether it wants a key is not known: one is sent if there is one.
        auth: Auth::None,
        reply: aitoearn_api::Reply::Envelope,
        retry,
        timeout,
        codes: &[],
        essential: &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_below_the_base_url() {
        for good in [
            "/api/v2/things",
            "/api/v2/things/",
            "/a:b/..c/%2F",
            "/快",
            "/a@b",
        ] {
            check_path(good).expect(good);
        }
        for bad in [
            "",
            "api",
            "https://evil.example/api",
            "//evil.example/api",
            "@evil.example",
            ".evil.example",
            ":80/api",
            "/a//b",
            "/api/../x",
            "/api/%2e%2E/x",
            "/api/.%2e",
            "/./x",
            "/a\\..\\b",
            "/a?b=c",
            "/a#b",
            "/a b",
            "/a\r\nx: y",
            "/a\t/b",
        ] {
            check_path(bad).expect_err(bad);
        }
    }

    #[test]
    fn a_request_goes_to_the_base_url_and_carries_the_key_hidden() {
        let mut context = Context::new(Some("hunter2".parse().expect("fine")));
        context.query = vec![("a b".to_owned(), "c&d".to_owned())];
        let base = "https://aitoearn.example/self/hosted";
        let request = build(base, &context, Method::Patch, "/api/x", None).expect("fine");
        assert_eq!(
            request.url().as_str(),
            "https://aitoearn.example/self/hosted/api/x?a+b=c%26d"
        );
        assert_eq!(request.headers()["x-api-key"], "hunter2");
        assert!(!format!("{request:?}").contains("hunter2"));
        // Even if the path had not been checked.
        build(
            "https://aitoearn.example",
            &context,
            Method::Get,
            ".evil.example/x",
            None,
        )
        .expect_err("another host");
    }
}
