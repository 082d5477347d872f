//! Errors for unit tests, made the way the low level makes them.

use std::time::Duration;

use aitoearn_api::{Context, Envelope, Failure, Operation, open, operations};

use super::{Attempted, CallInfo, Error};

/// The error of attempt `number` at `operation`.
pub(crate) fn of(operation: &'static Operation, number: u32, failure: Failure) -> Error {
    let client = crate::Client::builder().base_url("http://localhost");
    let client = client.build().expect("fine");
    let context = Context::new(Some("secret-key".parse().expect("fine")));
    Attempted {
        api: client.api().with_context(context),
        client,
        operation,
        number,
        limit: Duration::from_secs(30),
        room: None,
    }
    .fail(failure)
}

/// A call that went well.
pub(crate) fn call() -> CallInfo {
    CallInfo {
        operation: &operations::WORKS_LIST,
        request_id: "any".to_owned(),
        status: None,
        attempts: 1,
        mended: None,
    }
}

/// An answer of the service that says no.
pub(crate) fn api(number: u32, body: &str) -> Error {
    let failure = Envelope::<()>::from_slice(body.as_bytes()).expect_err("no success");
    of(&operations::ACCOUNTS_LIST, number, failure)
}

/// An answer with this HTTP status, and a `Retry-After` in seconds.
pub(crate) fn http(number: u32, status: u16, retry_after: Option<u64>) -> Error {
    let mut answer = http::Response::builder().status(status);
    if let Some(seconds) = retry_after {
        answer = answer.header("retry-after", seconds);
    }
    let answer = answer.body(String::new()).expect("fine");
    let failed = aitoearn_api::Error::UnexpectedResponse(answer.into());
    let context = Context::new(None);
    let opened = open::<()>(Err(failed), &context);
    // Nothing in it waits: the body is there.
    let failure = at_once(opened).expect_err("no success");
    of(&operations::ACCOUNTS_LIST, number, failure)
}

fn at_once<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match future.as_mut().poll(&mut context) {
        std::task::Poll::Ready(value) => value,
        std::task::Poll::Pending => panic!("the body is not there"),
    }
}
