//! A call that is ready to be sent, and what every such call can do.

use std::{
    fmt,
    future::Future,
    pin::{Pin, pin},
};

use aitoearn_api::{Envelope, Operation, ResponseValue, TimeoutClass, open, open_plain};
use serde::de::DeserializeOwned;
use tracing::Instrument as _;

use crate::{
    Client, Response,
    error::{Attempted, Error},
    options::RequestOptions,
    retry, trace,
};

pub(crate) type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// What a method of the generated client returns.
pub(crate) type Reply<T> = Result<ResponseValue<T>, aitoearn_api::Error<()>>;

/// Makes one attempt.
type Attempt<T> = Box<dyn Fn(Attempted) -> BoxFuture<Result<Response<T>, Error>> + Send + Sync>;

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
    attempt: Result<Attempt<T>, Error>,
}

impl<T: DeserializeOwned + Send + 'static> Request<T> {
    /// A call of an enveloped operation.
    ///
    /// `input` is what was checked beforehand, its error comes out on sending;
    /// `call` names the generated method and gets a copy for each attempt.
    pub(crate) fn new<I, F, Fut>(
        client: &Client,
        operation: &'static Operation,
        input: Result<I, Error>,
        call: F,
    ) -> Self
    where
        I: Clone + Send + Sync + 'static,
        F: Fn(aitoearn_api::Client, I) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = Reply<Envelope<T>>> + Send + 'static,
    {
        Self::with_attempts(client, operation, input, move |attempted, input| {
            let call = call.clone();
            async move {
                // Pinned where it is made: to move a future of this size costs more than the rest.
                let answer = pin!(async {
                    let reply = call(attempted.api(), input).await;
                    open(reply, &attempted.context).await
                });
                let answer = attempted.in_time(answer).await?.into_inner();
                Ok(attempted.response(answer.data, answer.message, answer.request_id))
            }
        })
    }

    /// A call of an operation that answers plain JSON.
    pub(crate) fn plain<I, F, Fut>(
        client: &Client,
        operation: &'static Operation,
        input: Result<I, Error>,
        call: F,
    ) -> Self
    where
        I: Clone + Send + Sync + 'static,
        F: Fn(aitoearn_api::Client, I) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = Reply<T>> + Send + 'static,
    {
        Self::with_attempts(client, operation, input, move |attempted, input| {
            let call = call.clone();
            async move {
                let answer = pin!(async {
                    let reply = call(attempted.api(), input).await;
                    open_plain(reply, &attempted.context).await
                });
                let answer = attempted.in_time(answer).await?.into_inner();
                Ok(attempted.response(answer, String::new(), None))
            }
        })
    }
}

impl<T: Send + 'static> Request<T> {
    /// A call of which each attempt is made by `attempt`, with a copy of the input.
    pub(crate) fn with_attempts<I, F, Fut>(
        client: &Client,
        operation: &'static Operation,
        input: Result<I, Error>,
        attempt: F,
    ) -> Self
    where
        I: Clone + Send + Sync + 'static,
        F: Fn(Attempted, I) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Response<T>, Error>> + Send + 'static,
    {
        Self {
            client: client.clone(),
            operation,
            timeout: operation.timeout,
            options: RequestOptions::default(),
            attempt: input.map(|input| -> Attempt<T> {
                Box::new(move |attempted| Box::pin(attempt(attempted, input.clone())))
            }),
        }
    }

    /// The same call with something else made of its data.
    pub(crate) fn map<U: Send + 'static>(self, make: fn(T) -> U) -> Request<U> {
        let attempt = self.attempt.map(|attempt| -> Attempt<U> {
            Box::new(move |attempted| {
                let answer = attempt(attempted);
                Box::pin(async move { Ok(answer.await?.map(make)) })
            })
        });
        Request {
            client: self.client,
            operation: self.operation,
            timeout: self.timeout,
            options: self.options,
            attempt,
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

    pub(crate) async fn run(self) -> Result<Response<T>, Error> {
        let Self {
            client,
            operation,
            timeout,
            mut options,
            attempt,
        } = self;
        options.take_error()?;
        let attempt = attempt?;
        client.check_key(operation)?;

        let policy = options.retry.as_ref().unwrap_or(client.retry());
        let limit = options
            .timeout
            .unwrap_or_else(|| client.timeouts().of(timeout));
        let span = trace::call(operation, client.server());
        let attempt_number = |number| {
            let mut context = client.api().context().for_call();
            options.apply(&mut context);
            attempt(Attempted {
                client: client.clone(),
                operation,
                context,
                number,
                limit,
            })
        };
        let result = retry::run(policy, operation, attempt_number)
            .instrument(span.clone())
            .await;
        trace::finished(&span, &result);
        result
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
                self.options.retry = Some(policy);
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
                Ok(self.send_with_meta().await?.data)
            }

            /// Sends it and also tells the request id, the attempts and the rate limit.
            ///
            /// # Errors
            ///
            /// Any [`Error`](crate::Error).
            pub async fn send_with_meta(
                self,
            ) -> Result<$crate::Response<$output>, $crate::Error> {
                self.into_request().run().await
            }
        }

        impl<$($generics)*> IntoFuture for $name {
            type Output = Result<$output, $crate::Error>;
            type IntoFuture =
                std::pin::Pin<Box<dyn Future<Output = Self::Output> + Send>>;

            fn into_future(self) -> Self::IntoFuture {
                Box::pin(self.send())
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
