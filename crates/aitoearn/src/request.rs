//! A call that is ready to be sent, and what every such call can do.
//!
//! A call is kept in boxes, and what differs from operation to operation is only the smallest of
//! them, [`Call`]. So all that happens around it is compiled once for each type of answer, and each
//! box stays below the kilobyte from which on an allocator takes longer.

use std::{
    fmt,
    future::Future,
    pin::{Pin, pin},
    task::{Context, Poll},
};

use aitoearn_api::{__private::Pending, Envelope, Operation, TimeoutClass, open_plain};
use serde::de::DeserializeOwned;

use crate::{
    Client, Response,
    call::{Call, Method, Reply},
    error::{Attempted, Error},
    local::{BoxFuture, boxed},
    options::RequestOptions,
    retry,
    sent::{self, Sent},
    trace,
};

/// Makes an attempt.
pub(crate) trait Attempt<T>: Send + Sync {
    fn attempt(&self, attempted: Box<Attempted>) -> BoxFuture<'_, Result<Response<T>, Error>>;
}

/// A call that is ready to be sent: `.await` it.
///
/// Options of this one call may be set before; the rest is the client's.
///
/// ```no_run
/// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
/// use std::time::Duration;
/// use aitoearn::RetryPolicy;
///
/// let account = client
///     .accounts()
///     .get("tiktok_123")
///     .timeout(Duration::from_secs(5))
///     .retry(RetryPolicy::none())
///     .await?;
/// # Ok(())
/// # }
/// ```
#[must_use = "a request does nothing until it is awaited"]
pub struct Request<T> {
    client: Client,
    operation: &'static Operation,
    timeout: TimeoutClass,
    options: RequestOptions,
    attempt: Result<Box<dyn Attempt<T>>, Error>,
}

impl<T: DeserializeOwned + Send + 'static> Request<T> {
    /// A call of an enveloped operation.
    ///
    /// `input` is what was checked beforehand, its error comes out on sending;
    /// `call` names the generated method.
    pub(crate) fn new<I, F>(
        client: &Client,
        operation: &'static Operation,
        input: Result<I, Error>,
        call: F,
    ) -> Self
    where
        I: Send + Sync + 'static,
        F: for<'a> Fn(&'a aitoearn_api::Client, &'a I) -> Pending<'a, Reply<Envelope<T>>>
            + Send
            + Sync
            + 'static,
    {
        let attempt = input.map(|input| Enveloped(Method { input, call }));
        Self::with_attempts(client, operation, attempt)
    }

    /// The same with a body that has no type of its own.
    pub(crate) fn sent(
        client: &Client,
        operation: &'static Operation,
        body: &serde_json::Value,
    ) -> Self {
        let sent = sent::json("body", body).map(|body| {
            Enveloped(Sent {
                operation,
                path: operation.path.to_owned(),
                body: Some(body),
            })
        });
        Self::with_attempts(client, operation, sent)
    }

    /// A call of an operation that answers plain JSON.
    pub(crate) fn plain<I, F>(
        client: &Client,
        operation: &'static Operation,
        input: Result<I, Error>,
        call: F,
    ) -> Self
    where
        I: Send + Sync + 'static,
        F: for<'a> Fn(&'a aitoearn_api::Client, &'a I) -> Pending<'a, Reply<T>>
            + Send
            + Sync
            + 'static,
    {
        let attempt = input.map(|input| Plain(Method { input, call }));
        Self::with_attempts(client, operation, attempt)
    }
}

impl<T: Send + 'static> Request<T> {
    /// A call of which each attempt is made in a way of its own.
    pub(crate) fn with_attempts(
        client: &Client,
        operation: &'static Operation,
        attempt: Result<impl Attempt<T> + 'static, Error>,
    ) -> Self {
        Self {
            client: client.clone(),
            operation,
            timeout: operation.timeout,
            options: RequestOptions::default(),
            attempt: attempt.map(|attempt| -> Box<dyn Attempt<T>> { Box::new(attempt) }),
        }
    }

    /// The same call with something else made of its data.
    pub(crate) fn map<U: Send + 'static>(self, make: fn(T) -> U) -> Request<U> {
        let mapped = |attempt| -> Box<dyn Attempt<U>> { Box::new(Mapped { attempt, make }) };
        Request {
            client: self.client,
            operation: self.operation,
            timeout: self.timeout,
            options: self.options,
            attempt: self.attempt.map(mapped),
        }
    }

    /// For calls whose answer takes longer or shorter than the operation's usually does.
    pub(crate) fn with_timeout_class(mut self, class: TimeoutClass) -> Self {
        self.timeout = class;
        self
    }

    /// For builders, which collect the options themselves.
    pub(crate) fn with_options(mut self, options: RequestOptions) -> Self {
        self.options = options;
        self
    }

    pub(crate) fn run(self) -> Sending<T> {
        let Self {
            client,
            operation,
            timeout,
            mut options,
            attempt,
        } = self;
        Sending(Box::pin(async move {
            options.take_error()?;
            let attempt = attempt?;
            client.check_key(operation)?;
            let pool = client.pool()?;

            let policy = options.retry().unwrap_or(client.retry());
            let limit = options
                .timeout()
                .unwrap_or_else(|| client.timeouts().of(timeout));
            let span = trace::call(operation, client.server());
            let (client, options, attempt) = (&client, &options, &attempt);
            let make = |number| {
                let pool = pool.as_ref();
                // What is large is made once there is room, so that nothing large waits for it.
                async move {
                    let room = client.room(limit).await;
                    let is_late = room.is_none();
                    let api = prepared(client, options, pool);
                    // In a box, which is moved for less than what is in it.
                    let attempted = Box::new(Attempted {
                        client: client.clone(),
                        operation,
                        api,
                        number,
                        limit,
                        room,
                    });
                    if is_late {
                        return Err(attempted.no_room());
                    }
                    attempt.attempt(attempted).await
                }
            };
            let attempts = pin!(retry::run(policy, operation, make));
            let result = trace::inside(&span, attempts).await;
            trace::finished(&span, &result);
            if let Ok(response) = &result {
                client.note(response.mended());
            }
            result
        }))
    }
}

/// The low-level client for one attempt. Apart, so that no future keeps a place for what it borrows.
fn prepared(
    client: &Client,
    options: &RequestOptions,
    pool: Option<&reqwest::Client>,
) -> aitoearn_api::Client {
    let mut context = client.api().context().for_call();
    options.apply(&mut context);
    client.api_of(pool, context)
}

/// A request that has been sent: the future that `.await` makes of one.
#[must_use = "a future does nothing until it is awaited"]
pub struct Sending<T>(BoxFuture<'static, Result<Response<T>, Error>>);

impl<T> Sending<T> {
    /// The whole answer instead of its data.
    pub(crate) async fn with_meta(self) -> Result<Response<T>, Error> {
        self.0.await
    }
}

impl<T> Future for Sending<T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.0
            .as_mut()
            .poll(cx)
            .map(|answer| answer.map(Response::into_data))
    }
}

impl<T> fmt::Debug for Sending<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sending").finish_non_exhaustive()
    }
}

/// A call whose answer is an envelope.
pub(crate) struct Enveloped<C>(pub(crate) C);

impl<T: DeserializeOwned + Send + 'static, C: Call<Envelope<T>>> Attempt<T> for Enveloped<C> {
    fn attempt(&self, attempted: Box<Attempted>) -> BoxFuture<'_, Result<Response<T>, Error>> {
        enveloped(&self.0, attempted)
    }
}

fn enveloped<T: DeserializeOwned + Send>(
    call: &dyn Call<Envelope<T>>,
    attempted: Box<Attempted>,
) -> BoxFuture<'_, Result<Response<T>, Error>> {
    boxed(async move {
        let answer = attempted.envelope(call.call(&attempted.api)).await?;
        Ok(attempted.response(answer.data, answer.message, answer.request_id))
    })
}

/// A call whose answer is the data.
pub(crate) struct Plain<C>(pub(crate) C);

impl<T: DeserializeOwned + Send + 'static, C: Call<T>> Attempt<T> for Plain<C> {
    fn attempt(&self, attempted: Box<Attempted>) -> BoxFuture<'_, Result<Response<T>, Error>> {
        plain(&self.0, attempted)
    }
}

fn plain<T: DeserializeOwned + Send>(
    call: &dyn Call<T>,
    attempted: Box<Attempted>,
) -> BoxFuture<'_, Result<Response<T>, Error>> {
    boxed(async move {
        let answer = pin!(async {
            let error = match call.call(&attempted.api).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            Box::pin(open_plain(Err(error), attempted.context())).await
        });
        let answer = attempted.in_time(answer).await?.into_inner();
        Ok(attempted.response(answer, String::new(), None))
    })
}

/// A call with something else made of its data.
struct Mapped<T, U> {
    attempt: Box<dyn Attempt<T>>,
    make: fn(T) -> U,
}

impl<T: Send + 'static, U> Attempt<U> for Mapped<T, U> {
    fn attempt(&self, attempted: Box<Attempted>) -> BoxFuture<'_, Result<Response<U>, Error>> {
        let answer = self.attempt.attempt(attempted);
        Box::pin(async move { Ok(answer.await?.map(self.make)) })
    }
}

impl<T> fmt::Debug for Request<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("operation", &self.operation.name)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

/// Gives a request type the options that all of them have. The type has a field `options`.
macro_rules! option_methods {
    ([$($generics:tt)*] $name:ty) => {
        impl<$($generics)*> $name {
            /// How long each attempt may take, from its start to the last byte of
            /// the answer. Default: by the kind of operation, see [`Timeouts`](crate::Timeouts).
            pub fn timeout(mut self, limit: std::time::Duration) -> Self {
                self.options.set_timeout(limit);
                self
            }

            /// How often a failed attempt is repeated. Default: the client's.
            pub fn retry(mut self, policy: $crate::RetryPolicy) -> Self {
                self.options.set_retry(policy);
                self
            }

            /// The `X-Request-Id` of every attempt, 1 to 128 visible ASCII
            /// characters. Default: a new UUID for each.
            pub fn request_id(mut self, id: impl Into<String>) -> Self {
                self.options.set_request_id(&id.into());
                self
            }

            /// The language of the service's error messages. Default: the client's.
            pub fn language(mut self, language: $crate::Language) -> Self {
                self.options.set_language(language);
                self
            }

            /// A further header. Credentials and what the client sets by itself are
            /// refused with [`Error::InvalidInput`](crate::Error::InvalidInput).
            pub fn header(mut self, name: &str, value: &str) -> Self {
                self.options.set_header(name, value);
                self
            }

            /// A further query parameter, for what the service knows and this
            /// version of the crate does not. It is percent-encoded.
            pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
                self.options.set_query(name.into(), value.into());
                self
            }
        }
    };
}
pub(crate) use option_methods;

/// Gives a request type the options, and the ways to send it, that all of them have.
///
/// The type has a field `options` and a method `into_request`.
macro_rules! request_methods {
    ([$($generics:tt)*] $name:ty => $output:ty) => {
        $crate::request::option_methods!([$($generics)*] $name);

        impl<$($generics)*> $name {
            /// Sends it: the same as `.await`, as an ordinary future.
            ///
            /// # Errors
            ///
            /// Any [`Error`](crate::Error).
            pub async fn send(self) -> Result<$output, $crate::Error> {
                self.into_request().run().await
            }

            /// Sends it and also tells the request id, the attempts and the rate limit.
            ///
            /// # Errors
            ///
            /// Any [`Error`](crate::Error).
            pub async fn send_with_meta(
                self,
            ) -> Result<$crate::Response<$output>, $crate::Error> {
                self.into_request().run().with_meta().await
            }
        }

        impl<$($generics)*> IntoFuture for $name {
            type Output = Result<$output, $crate::Error>;
            type IntoFuture = $crate::Sending<$output>;

            fn into_future(self) -> Self::IntoFuture {
                self.into_request().run()
            }
        }
    };
}
pub(crate) use request_methods;

/// Gives a request type a `Debug` that shows its options and no more: what is
/// asked for holds prompts, and addresses with signatures. The type has a field `options`.
macro_rules! debug_options {
    ($name:ident $(<$parameter:ident>)?) => {
        impl $(<$parameter>)? std::fmt::Debug for $name $(<$parameter>)? {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name))
                    .field("options", &self.options)
                    .finish_non_exhaustive()
            }
        }
    };
}
pub(crate) use debug_options;

request_methods!([T: Send + 'static] Request<T> => T);

impl<T> Request<T> {
    fn into_request(self) -> Self {
        self
    }
}
