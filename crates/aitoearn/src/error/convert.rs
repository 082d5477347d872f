//! From what the low level reports to an [`Error`] that knows its call.

use std::{pin::pin, time::Duration};

use aitoearn_api::{
    __private::{Pending, id_without_key, text_without_key},
    Code, Context, Envelope, Failure, Operation, StatusError, open, operations,
};
use serde::de::DeserializeOwned;

use super::{
    CallInfo, ConnectError, Error, Failed, InputError, TimeoutError, TooLargeError, TransportError,
    transport::Silence,
};
use crate::{Client, Response, call::Reply, client::Room, clock::timeout, types::PublishFlow};

/// An attempt: what it is made with, and what is known of it apart from how it ends.
pub(crate) struct Attempted {
    pub(crate) client: Client,
    pub(crate) operation: &'static Operation,
    /// The low-level client, prepared for this attempt. Its context also records the head of the
    /// answer.
    pub(crate) api: aitoearn_api::Client,
    pub(crate) number: u32,
    pub(crate) limit: Duration,
    /// Its place among the calls that are made at the same time, until its answer has ended.
    pub(crate) room: Option<Room>,
}

impl Attempted {
    pub(crate) fn context(&self) -> &Context {
        self.api.context()
    }

    /// The answer with the facts about it.
    pub(crate) fn response<T>(
        &self,
        data: T,
        message: String,
        answered: Option<String>,
    ) -> Response<T> {
        if self.operation.name == operations::PUBLISH_FLOW_GET.name {
            let head = self.context().head();
            self.client
                .server_clock()
                .note(head.and_then(|head| head.date));
        }
        let mut response = Response {
            data,
            message: without_key(message, self.context()),
            call: self.info(answered),
            rate_limit: self.context().rate_limit().map(Box::new),
        };
        let mended = self.context().mended();
        if !mended.is_empty() {
            response.mend(mended);
        }
        response
    }

    /// The facts that go with the answer or the error. `answered` is the id that
    /// a body named.
    pub(crate) fn info(&self, answered: Option<String>) -> CallInfo {
        let sent = || {
            Some(
                self.context()
                    .request_id
                    .as_ref()?
                    .to_str()
                    .ok()?
                    .to_owned(),
            )
        };
        let request_id = answered
            .or_else(|| self.context().head()?.request_id)
            .or_else(sent)
            .unwrap_or_default();
        let request_id = id_without_key(request_id, self.context().key.as_ref());
        CallInfo {
            operation: self.operation,
            request_id,
            status: self.context().status(),
            attempts: self.number,
            mended: None,
        }
    }

    pub(crate) fn fail(&self, failure: Failure) -> Error {
        let call = self.info(failure.request_id().map(str::to_owned));
        match failure {
            Failure::Business(cause) => Error::Api(Box::new(Failed::new(call, *cause))),
            Failure::Decode(cause) => Error::Decode(Box::new(Failed::new(call, *cause))),
            Failure::Status(cause) => status(call, *cause),
            Failure::TooLarge { limit, .. } => {
                Error::TooLarge(Box::new(Failed::new(call, TooLargeError { limit })))
            }
            Failure::Truncated { source, .. } => self.transport(call, source, true),
            Failure::Transport(source) => self.transport(call, source, false),
            Failure::Invalid(problem) => InputError::request(self.operation, problem).into(),
            // The enum may grow; a new kind is at least told in its own words.
            other => InputError::request(self.operation, other.to_string()).into(),
        }
    }

    /// What a request came to, unless it takes longer than the attempt may.
    pub(crate) async fn in_time<T>(
        &self,
        answer: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Error> {
        match timeout(self.limit, answer).await {
            Ok(answer) => answer.map_err(|failure| self.fail(failure)),
            Err(_) => Err(self.too_slow()),
        }
    }

    /// What an enveloped operation replied, opened.
    pub(crate) async fn envelope<T: DeserializeOwned>(
        &self,
        reply: Pending<'_, Reply<Envelope<T>>>,
    ) -> Result<Envelope<T>, Error> {
        // Pinned where it is made: to move a future of this size costs more than the rest.
        let answer = pin!(async {
            let error = match reply.await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            // Apart: it is rare, and as large as all else.
            Box::pin(open(Err(error), self.context())).await
        });
        Ok(self.in_time(answer).await?.into_inner())
    }

    /// Our own clock ended it.
    pub(crate) fn too_slow(&self) -> Error {
        self.timeout(self.limit, Silence::Answer)
    }

    /// No other call has ended for this long, so that this one could not begin.
    pub(crate) fn no_room(&self) -> Error {
        self.timeout(self.limit, Silence::Room)
    }

    /// The stream that answers it has said nothing for this long.
    pub(crate) fn silent(&self, limit: Duration) -> Error {
        self.timeout(limit, Silence::Stream)
    }

    /// The stream that answers it has brought no event for this long.
    pub(crate) fn without_event(&self, limit: Duration) -> Error {
        self.timeout(limit, Silence::Events)
    }

    fn timeout(&self, limit: Duration, silence: Silence) -> Error {
        let cause = TimeoutError {
            server: self.client.server().to_owned(),
            limit,
            unsent: match silence {
                Silence::Room => true,
                Silence::Answer => self.context().is_unsent(),
                Silence::Stream | Silence::Events => false,
            },
            silence,
            source: None,
        };
        Error::Timeout(Box::new(Failed::new(self.info(None), cause)))
    }

    fn transport(&self, call: CallInfo, source: reqwest::Error, inside_answer: bool) -> Error {
        let server = self.client.server().to_owned();
        if is_connect(&source) {
            Error::Connect(Box::new(Failed::new(call, ConnectError { server, source })))
        } else if source.is_timeout() {
            let limit = self.limit;
            Error::Timeout(Box::new(Failed::new(
                call,
                TimeoutError {
                    server,
                    limit,
                    unsent: self.context().is_unsent(),
                    silence: Silence::Answer,
                    source: Some(source),
                },
            )))
        } else {
            let cause = TransportError {
                server,
                unsent: self.context().is_unsent(),
                inside_answer,
                source,
            };
            Error::Transport(Box::new(Failed::new(call, cause)))
        }
    }
}

/// The refusal that the service would make of a flow that exists, for one that has been read.
pub(crate) fn already_exists(client: &Client, found: &Response<PublishFlow>) -> Error {
    let refusal = serde_json::json!({
        "code": Code::CHANNEL_PUBLISH_TASK_ALREADY_EXISTS.get(),
        "message": "",
        "data": { "flowId": found.data.flow_id },
    });
    let attempted = Attempted {
        client: client.clone(),
        operation: found.call.operation,
        api: client.api().clone(),
        number: found.call.attempts,
        limit: client.timeouts().slow,
        room: None,
    };
    match Envelope::<()>::from_slice(refusal.to_string().as_bytes()) {
        Err(Failure::Business(cause)) => {
            Error::Api(Box::new(Failed::new(found.call.clone(), *cause)))
        }
        Err(other) => attempted.fail(other),
        Ok(_) => InputError::new("flow_id", "is that of a flow that exists").into(),
    }
}

/// Whatever the HTTP status, the service's own word says more.
fn status(mut call: CallInfo, mut cause: StatusError) -> Error {
    let Some(business) = cause.business.take() else {
        return Error::Http(Box::new(Failed::new(call, cause)));
    };
    if let Some(id) = &business.request_id {
        call.request_id.clone_from(id);
    }
    Error::Api(Box::new(Failed::new(call, business)))
}

#[cfg(not(target_family = "wasm"))]
fn is_connect(error: &reqwest::Error) -> bool {
    error.is_connect()
}

/// A browser does not tell whether there was a connection.
#[cfg(target_family = "wasm")]
fn is_connect(_: &reqwest::Error) -> bool {
    false
}

/// The text of the service without the key of the client.
pub(crate) fn without_key(text: String, context: &Context) -> String {
    text_without_key(text, context.key.as_ref())
}
