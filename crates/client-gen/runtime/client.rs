//! The credential of a client, and what happens to each request and response.

use std::collections::BTreeMap;
use std::fmt;
use std::pin::Pin;

use progenitor_client::{ClientHooks, ClientInfo as _, Error, OperationInfo};
use reqwest::header::{AUTHORIZATION, COOKIE, HeaderName, HeaderValue};
use reqwest::{Request, Url};

use super::operation::{Auth, Operation};
use crate::{Client, operations};

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
    /// Those that have a place of their own, by the name of the header, the query parameter or the
    /// cookie: for operations that want several.
    pub credentials: BTreeMap<String, Credential>,
    /// Where operations go that have a server of their own: its address in the description, and the
    /// one that is meant.
    pub servers: BTreeMap<String, String>,
}

impl Context {
    /// The credential that has the place of this one.
    fn own(&self, auth: Auth) -> Option<&Credential> {
        self.credentials.get(&auth.place()?.to_ascii_lowercase())
    }
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
            Context {
                credential,
                ..Context::default()
            },
        ))
    }

    /// The same client with a further credential, for operations that want several: it goes into the
    /// header, the query parameter or the cookie of this name.
    #[must_use]
    pub fn with_credential(mut self, name: &str, credential: Credential) -> Self {
        let name = name.to_ascii_lowercase();
        self.inner.credentials.insert(name, credential);
        self
    }

    /// The same client, with leave to send operations to a server that the description names for
    /// them: `documented` is its address there, `base_url` the one to use, which may be the same.
    ///
    /// The credential goes there as well.
    #[must_use]
    pub fn with_server(mut self, documented: &str, base_url: &str) -> Self {
        let base_url = base_url.trim_end_matches('/').to_owned();
        self.inner.servers.insert(documented.to_owned(), base_url);
        self
    }

    /// Where an operation goes.
    pub(crate) fn base_of(&self, operation: &str) -> &str {
        match operations::server(operation) {
            Some(documented) => match self.inner.servers.get(documented) {
                Some(base_url) => base_url,
                None => documented,
            },
            None => &self.baseurl,
        }
    }
}

impl ClientHooks<Context> for Client {
    async fn pre<E>(&self, request: &mut Request, info: &OperationInfo) -> Result<(), Error<E>> {
        let name = info.operation_id;
        operations::by_name(name)
            .ok_or_else(|| format!("`{name}` is no known operation: generate the client again"))
            .and_then(|operation| {
                check_server(operation, &self.inner)?;
                check_path(request.url(), self.base_of(name), operation)?;
                let auth = operation.auth;
                let (http, context) = (self.client(), &self.inner);
                Sending { operation, context, http }.put(request, auth, &[auth])
            })
            .map_err(Error::Custom)
    }
}

/// What one request is sent with.
struct Sending<'a> {
    operation: &'a Operation,
    context: &'a Context,
    http: &'a reqwest::Client,
}

impl Sending<'_> {
    /// Puts a credential where it belongs; `all` are those that go out together.
    ///
    /// Fails with a text that says why the request is not sent and what to change.
    fn put(&self, request: &mut Request, auth: Auth, all: &[Auth]) -> Result<(), String> {
        let Self { operation, context, .. } = self;
        match auth {
            Auth::All(all) => return all.iter().try_for_each(|auth| self.put(request, *auth, all)),
            Auth::Optional(auth) => {
                let has_any = context.credential.is_some() || !context.credentials.is_empty();
                return match has_any {
                    true => self.put(request, *auth, &[*auth]),
                    false => Ok(()),
                };
            }
            _ => {}
        }
        let Some(place) = auth.place() else { return Ok(()) };
        let own = context.own(auth);
        // Of several, each has a place of its own, but for the one that the client was made with.
        let shared = context.credential.as_ref();
        let shared = shared.filter(|_| is_first_without(all, auth, context));
        let Some(Credential(secret)) = own.or(shared) else {
            let how = if all.len() > 1 {
                format!("`{place}` as well: see `Client::with_credential`")
            } else {
                "a credential and the client has none: set one".to_owned()
            };
            return Err(format!("`{}` needs {how}", operation.name));
        };
        match auth {
            Auth::Header(name) => {
                let name = HeaderName::try_from(name).map_err(|_| {
                    format!(
                        "`{}` wants its credential in a header with an impossible name",
                        operation.name
                    )
                })?;
                request.headers_mut().insert(name, hidden(secret)?);
            }
            Auth::Bearer => {
                let value = hidden(&format!("Bearer {secret}"))?;
                request.headers_mut().insert(AUTHORIZATION, value);
            }
            Auth::Basic => {
                let value = self.basic(request.url(), secret)?;
                request.headers_mut().insert(AUTHORIZATION, value);
            }
            Auth::Cookie(name) => {
                if secret.contains(';') {
                    return Err("the credential holds a `;`, which no cookie may have".to_owned());
                }
                let value = hidden(&format!("{name}={secret}"))?;
                request.headers_mut().append(COOKIE, value);
            }
            Auth::Query(name) => {
                request.url_mut().query_pairs_mut().append_pair(name, secret);
            }
            Auth::All(_) | Auth::Optional(_) | Auth::None => {}
        }
        Ok(())
    }

    /// `user:password` as the header that reqwest makes of it.
    fn basic(&self, url: &Url, secret: &str) -> Result<HeaderValue, String> {
        let Some((user, password)) = secret.split_once(':') else {
            let name = self.operation.name;
            return Err(format!("`{name}` needs a name and a password: set `name:password`"));
        };
        let request = self.http.get(url.clone()).basic_auth(user, Some(password)).build();
        let mut request = request.map_err(|error| error.to_string())?;
        let header = request.headers_mut().remove(AUTHORIZATION);
        header.ok_or_else(|| "the name and the password make no header".to_owned())
    }
}

/// A value that does not print itself.
fn hidden(text: &str) -> Result<HeaderValue, String> {
    let mut value = HeaderValue::from_str(text)
        .map_err(|_| "the credential holds characters that no header may have".to_owned())?;
    value.set_sensitive(true);
    Ok(value)
}

/// Whether it is the first of several that has no credential of its own.
fn is_first_without(all: &[Auth], auth: Auth, context: &Context) -> bool {
    all.iter().find(|auth| context.own(**auth).is_none()) == Some(&auth)
}

/// What a description says is no leave to send a credential to another host.
fn check_server(operation: &Operation, context: &Context) -> Result<(), String> {
    match operations::server(operation.name) {
        Some(server) if !context.servers.contains_key(server) => Err(format!(
            "`{}` goes to the server {server:?}: allow it with `Client::with_server`",
            operation.name
        )),
        _ => Ok(()),
    }
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
