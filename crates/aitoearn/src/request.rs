//! A call that is ready to be sent, and what every such call can do.

use std::{fmt, future::Future, pin::Pin};

use aitoearn_api::{Envelope, Failure, Operation, ResponseValue, open};
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
pub(crate) type Reply<T> = Result<ResponseValue<Envelope<T>>, aitoearn_api::Error<()>>;

/// Makes one attempt, with the low-level client prepared for it.
type Attempt<T> =
    Box<dyn Fn(aitoearn_api::Client) -> BoxFuture<Result<Envelope<T>, Failure>> + Send + Sync>;

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
        F: Fn(aitoearn_api::Client, I) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Reply<T>> + Send + 'static,
    {
        let attempt = input.map(|input| -> Attempt<T> {
            Box::new(move |api| {
                let context = api.context().clone();
                let reply = call(api, input.clone());
                Box::pin(async move { Ok(open(reply.await, &context).await?.into_inner()) })
            })
        });
        Self {
            client: client.clone(),
            operation,
            options: RequestOptions::default(),
            attempt,
        }
    }
}

impl<T: Send + 'static> Request<T> {
    /// The same call with something else made of its data.
    pub(crate) fn map<U: Send + 'static>(self, make: fn(T) -> U) -> Request<U> {
        let attempt = self.attempt.map(|attempt| -> Attempt<U> {
            Box::new(move |api| {
                let answer = attempt(api);
                Box::pin(async move {
                    let answer = answer.await?;
                    let mut mapped = Envelope::new(make(answer.data));
                    mapped.message = answer.message;
                    mapped.request_id = answer.request_id;
                    Ok(mapped)
                })
            })
        });
        Request {
            client: self.client,
            operation: self.operation,
            options: self.options,
            attempt,
        }
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
            mut options,
            attempt,
        } = self;
        options.take_error()?;
        let attempt = attempt?;
        client.check_key(operation)?;

        let policy = options.retry.as_ref().unwrap_or(client.retry());
        let limit = options
            .timeout
            .unwrap_or_else(|| client.timeouts().of(operation.timeout));
        let span = trace::call(operation, client.server());
        let attempt_number = |number| {
            let mut context = client.api().context().for_call();
            options.apply(&mut context, limit);
            let answer = attempt(client.api().with_context(context.clone()));
            let client = &client;
            async move {
                let attempted = Attempted {
                    operation,
                    context: &context,
                    number,
                    server: client.server(),
                    limit,
                };
                match answer.await {
                    Ok(envelope) => Ok(Response {
                        call: attempted.info(envelope.request_id),
                        rate_limit: context.head().and_then(|head| head.rate_limit),
                        data: envelope.data,
                        message: envelope.message,
                    }),
                    Err(failure) => Err(attempted.fail(failure)),
                }
            }
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

/// Gives a request type the methods that all of them have.
///
/// The type has a field `options` and a method `into_request`.
macro_rules! request_methods {
    ([$($generics:tt)*] $name:ty => $output:ty) => {
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
                self.options.set_request_id(id.into());
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

request_methods!([T: Send + 'static] Request<T> => T);

impl<T> Request<T> {
    fn into_request(self) -> Self {
        self
    }
}
