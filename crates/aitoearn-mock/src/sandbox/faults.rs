//! Trouble on order: what proxies, platforms and networks do to a client.

// Each order stands at once; the handle comes back only to be called again.
#![allow(clippy::return_self_not_must_use)]

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::time::Duration;

use aitoearn_api::{Code, Operation};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::answer::{Answer, Delivery};
use super::clock::later;
use super::envelope::Refusal;
use super::{Sandbox, Shared};
use crate::change::Change;

/// Something that goes wrong with a call.
///
/// ```
/// use aitoearn_mock::{Code, Fault, Sandbox, operations};
///
/// # fn main() -> std::io::Result<()> {
/// let sandbox = Sandbox::start()?;
/// // The first call meets the proxy's error page, the second one works again:
/// sandbox.faults().next(&operations::ACCOUNTS_LIST, Fault::bad_gateway());
/// // Every call is refused until `clear`:
/// sandbox.faults().always(&operations::ACCOUNTS_GET, Fault::code(Code::ACCOUNT_NOT_FOUND));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Fault(Kind);

#[derive(Debug, Clone)]
enum Kind {
    Code(Refusal),
    Throttled(Duration, Refusal),
    /// An error page of the proxy in front, with `Retry-After` or without.
    Page(u16, Option<Duration>),
    Cut,
    LoseAnswer,
    Truncate,
    Odd(Vec<Change>),
    Delay(Duration),
    Hang,
}

impl Fault {
    /// The service refuses with a code, in an envelope under HTTP 200. The
    /// request has no effect. Keys are still checked first.
    pub fn code(code: impl Into<Code>) -> Self {
        Self(Kind::Code(Refusal::new(code.into().get())))
    }

    /// The details that go with [`Fault::code`]; nothing for other faults.
    #[must_use]
    pub fn with_data(mut self, data: Value) -> Self {
        if let Kind::Code(refusal) = &mut self.0 {
            refusal.data = data;
        }
        self
    }

    /// The throttle of a single route: code 429 under HTTP 200, with the
    /// window in whole seconds as `data.ttl`, and `X-RateLimit-*` headers.
    pub fn throttled(window: Duration) -> Self {
        let mut refusal = Refusal::new(429);
        refusal.data = json!({ "ttl": window.as_secs() });
        Self(Kind::Throttled(window, refusal))
    }

    /// The proxy cannot reach the service: HTTP 502 and a page of HTML.
    pub fn bad_gateway() -> Self {
        Self::page(502)
    }

    /// Any error page of the proxy: this HTTP status and some HTML.
    pub fn page(status: u16) -> Self {
        Self(Kind::Page(status, None))
    }

    /// The gateway limits the rate: a real HTTP 429 with `Retry-After`, in
    /// whole seconds.
    pub fn too_many_requests(retry_after: Duration) -> Self {
        Self(Kind::Page(429, Some(retry_after)))
    }

    /// The connection closes before the service has seen the request.
    pub fn cut() -> Self {
        Self(Kind::Cut)
    }

    /// The connection closes after the service has done what was asked: the
    /// effect is there, the answer is not.
    pub fn lose_answer() -> Self {
        Self(Kind::LoseAnswer)
    }

    /// The connection closes half-way through the answer's body.
    pub fn truncate() -> Self {
        Self(Kind::Truncate)
    }

    /// The answer lacks what is at this JSON pointer, such as `/data/list/0/id`; the effect is
    /// there. Whole answers of JSON only: streams and refusals stay as they are.
    pub fn without(pointer: impl Into<String>) -> Self {
        Self(Kind::Odd(vec![(pointer.into(), None)]))
    }

    /// The answer has something else at this JSON pointer; the effect is there. What is around the
    /// place must be there. Whole answers of JSON only: streams and refusals stay as they are.
    pub fn odd(pointer: impl Into<String>, value: impl Into<Value>) -> Self {
        Self(Kind::Odd(vec![(pointer.into(), Some(value.into()))]))
    }

    /// Two odd places in one answer, or more: what either fault does. Other faults stay as they
    /// are.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        if let (Kind::Odd(changes), Kind::Odd(more)) = (&mut self.0, other.0) {
            changes.extend(more);
        }
        self
    }

    /// The answer comes late. This is real time, not the sandbox's clock.
    pub fn delay(by: Duration) -> Self {
        Self(Kind::Delay(by))
    }

    /// The answer never comes: for tests of timeouts, which then need no
    /// delay longer than the timeout itself.
    pub fn hang() -> Self {
        Self(Kind::Hang)
    }

    /// What it does, in a word or two.
    pub(crate) fn word(&self) -> String {
        match &self.0 {
            Kind::Code(refusal) => format!("code {}", refusal.code),
            Kind::Throttled(..) => "code 429".to_owned(),
            Kind::Page(status, _) => format!("HTTP {status}"),
            Kind::Cut => "connection breaks before".to_owned(),
            Kind::LoseAnswer => "answer is lost".to_owned(),
            Kind::Truncate => "half an answer".to_owned(),
            Kind::Odd(_) => "odd answer".to_owned(),
            Kind::Delay(by) => format!("{} ms late", by.as_millis()),
            Kind::Hang => "no answer".to_owned(),
        }
    }

    /// The refusal that stands in for the handler.
    pub(crate) fn refusal(&self) -> Option<&Refusal> {
        match &self.0 {
            Kind::Code(refusal) | Kind::Throttled(_, refusal) => Some(refusal),
            _ => None,
        }
    }

    /// Headers that the fault adds to the service's answer. The reset is a
    /// moment in milliseconds, unlike everybody else's.
    pub(crate) fn headers(&self, now: Timestamp) -> Vec<(&'static str, String)> {
        let Kind::Throttled(window, _) = &self.0 else {
            return Vec::new();
        };
        let seconds = i64::try_from(window.as_secs()).unwrap_or(i64::MAX);
        vec![
            ("x-ratelimit-limit", "30".to_owned()),
            ("x-ratelimit-remaining", "0".to_owned()),
            (
                "x-ratelimit-reset",
                later(now, seconds).as_millisecond().to_string(),
            ),
        ]
    }

    /// The answer of a fault that keeps the request from the service.
    pub(crate) fn before(&self) -> Option<Answer> {
        match &self.0 {
            Kind::Page(status, retry_after) => {
                let mut answer = Answer::html(
                    *status,
                    format!(
                        "<html><head><title>{status}</title></head><body><center><h1>{status}</h1></center><hr></body></html>"
                    ),
                );
                if let Some(after) = retry_after {
                    answer
                        .headers
                        .push(("retry-after", after.as_secs().to_string()));
                }
                Some(answer)
            }
            Kind::Cut => {
                let mut answer = Answer::html(500, "");
                answer.delivery = Delivery::Cut;
                Some(answer)
            }
            _ => None,
        }
    }

    /// What is odd in the answer of a success.
    pub(crate) fn changes(&self) -> &[Change] {
        match &self.0 {
            Kind::Odd(changes) => changes,
            _ => &[],
        }
    }

    /// How the answer of a request that did reach the service is delivered.
    pub(crate) fn delivery(&self) -> Delivery {
        match &self.0 {
            Kind::Cut | Kind::LoseAnswer => Delivery::Cut,
            Kind::Truncate => Delivery::Half,
            Kind::Delay(by) => Delivery::After(*by),
            Kind::Hang => Delivery::Never,
            Kind::Code(_) | Kind::Throttled(..) | Kind::Page(..) | Kind::Odd(_) => Delivery::Now,
        }
    }
}

/// The faults on order, by operation.
#[derive(Debug, Default)]
pub(crate) struct Orders {
    next: BTreeMap<String, VecDeque<Fault>>,
    always: BTreeMap<String, Fault>,
}

impl Orders {
    /// Orders a fault for the next call, or for every one.
    pub(crate) fn order(&mut self, operation: &str, fault: Fault, always: bool) {
        if always {
            self.always.insert(operation.to_owned(), fault);
        } else {
            self.next
                .entry(operation.to_owned())
                .or_default()
                .push_back(fault);
        }
    }

    /// What is on order: operation, how often, and what.
    pub(crate) fn shown(&self) -> Vec<(String, &'static str, String)> {
        let next = self.next.iter().flat_map(|(name, faults)| {
            faults
                .iter()
                .map(|fault| (name.clone(), "next call", fault.word()))
        });
        let always = self
            .always
            .iter()
            .map(|(name, fault)| (name.clone(), "every call", fault.word()));
        next.chain(always).collect()
    }

    /// The fault for a call of this operation, used up if it was for one call.
    pub(crate) fn take(&mut self, operation: &str) -> Option<Fault> {
        let next = self.next.get_mut(operation).and_then(VecDeque::pop_front);
        next.or_else(|| self.always.get(operation).cloned())
    }
}

/// Orders trouble; from [`Sandbox::faults`].
#[derive(Clone, Copy)]
pub struct Faults<'a> {
    shared: &'a Shared,
}

impl Sandbox {
    /// What is to go wrong, per operation.
    pub fn faults(&self) -> Faults<'_> {
        Faults {
            shared: &self.shared,
        }
    }
}

impl Faults<'_> {
    /// The next call of the operation goes wrong. Calls add up: the first
    /// fault ordered meets the first call.
    pub fn next(self, operation: &Operation, fault: Fault) -> Self {
        let mut orders = self.shared.orders();
        orders
            .next
            .entry(operation.name.to_owned())
            .or_default()
            .push_back(fault);
        drop(orders);
        self
    }

    /// Every call of the operation goes wrong, after those ordered by
    /// [`next`](Self::next).
    pub fn always(self, operation: &Operation, fault: Fault) -> Self {
        self.shared
            .orders()
            .always
            .insert(operation.name.to_owned(), fault);
        self
    }

    /// Takes all orders back.
    pub fn clear(self) {
        *self.shared.orders() = Orders::default();
    }
}

impl fmt::Debug for Faults<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Faults")
            .field(&*self.shared.orders())
            .finish()
    }
}
