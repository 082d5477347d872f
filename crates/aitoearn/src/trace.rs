//! Spans and events, under OpenTelemetry's names for HTTP clients.
//!
//! Never a query, a body or a header: any of them may hold a secret.

use std::{pin::Pin, time::Duration};

use aitoearn_api::{Mended, Operation};
use tracing::{Span, field::Empty};

use crate::{Response, error::Error};

/// The span of a call, over all its attempts.
///
/// The names of spans are fixed at compile time, so the operation's goes into
/// `otel.name`, from which OpenTelemetry's layer takes it.
pub(crate) fn call(operation: &'static Operation, server: &str) -> Span {
    tracing::info_span!(
        "aitoearn.call",
        otel.name = %format_args!("aitoearn.{}", operation.name),
        otel.kind = "client",
        otel.status_code = Empty,
        http.request.method = operation.method.as_str(),
        url.template = operation.path,
        server.address = server,
        http.response.status_code = Empty,
        http.request.resend_count = Empty,
        error.type = Empty,
        aitoearn.code = Empty,
        aitoearn.request_id = Empty,
        aitoearn.mended = Empty,
    )
}

/// The future inside of the span. Other than by `tracing::Instrument`, it stays where it is.
pub(crate) fn inside<F: Future>(
    span: &Span,
    mut future: Pin<&mut F>,
) -> impl Future<Output = F::Output> {
    std::future::poll_fn(move |cx| span.in_scope(|| future.as_mut().poll(cx)))
}

/// Notes in the span how the call ended.
pub(crate) fn finished<T>(span: &Span, result: &Result<Response<T>, Error>) {
    let call = match result {
        Ok(response) => {
            span.record("aitoearn.code", 0);
            if !response.mended().is_empty() {
                span.record("aitoearn.mended", response.mended().count);
                span.in_scope(|| mended(response.mended()));
            }
            Some(&response.call)
        }
        Err(error) => {
            span.record("otel.status_code", "ERROR");
            span.record("error.type", error.kind());
            if let Some(code) = error.code() {
                span.record("aitoearn.code", code.get());
            }
            error.call()
        }
    };
    if let Some(call) = call {
        span.record("aitoearn.request_id", call.request_id());
        span.record(
            "http.request.resend_count",
            call.attempts().saturating_sub(1),
        );
        if let Some(status) = call.status() {
            span.record("http.response.status_code", status.as_u16());
        }
    }
}

/// What was mended in an answer, if anything was.
pub(crate) fn mended(mended: &Mended) {
    if let Some(first) = mended.places.first() {
        tracing::warn!(
            count = mended.count,
            place = first.place,
            expected = first.expected,
            found = first.found,
            "the answer did not fit and was mended"
        );
    }
}

/// One attempt came to nothing; `wait` is the time until the next one, if any.
pub(crate) fn attempt_failed(error: &Error, wait: Option<Duration>) {
    let call = error.call();
    tracing::debug!(
        error.type = error.kind(),
        http.response.status_code = error.status().map(|status| status.as_u16()),
        http.request.resend_count = call.map(|call| call.attempts().saturating_sub(1)),
        aitoearn.code = error.code().map(aitoearn_api::Code::get),
        aitoearn.request_id = error.request_id(),
        retry_in_seconds = wait.map(|wait| wait.as_secs_f64()),
        "attempt failed"
    );
}
