//! A service that counts what it was made to do.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use aitoearn_tests::document::{Example, examples};
use aitoearn_tests::server::{Act, Heard, Server};
use serde_json::Value;

use crate::{
    operations::{Twice, twice},
    scenarios::Fault,
};

/// What one call came to.
#[derive(Debug, Clone, Default)]
pub(crate) struct Done {
    /// What was asked for first.
    operation: Option<&'static str>,
    /// How many attempts arrived.
    pub(crate) arrivals: usize,
    /// How often something was done.
    pub(crate) effects: usize,
    /// What was sent with each attempt that arrived.
    pub(crate) bodies: Vec<Value>,
    /// For what can be done once only: what has been done.
    state: Option<(String, Value)>,
}

/// Serves calls that are told apart by their `X-Request-Id`: a number.
pub(crate) struct Service {
    server: Server,
    calls: Arc<Mutex<HashMap<usize, Done>>>,
}

impl Service {
    /// `faults` says for each call what goes wrong with its attempts, the last again and again.
    pub(crate) async fn start(faults: Vec<&'static [Fault]>) -> Self {
        let calls = Arc::<Mutex<HashMap<usize, Done>>>::default();
        let counted = Arc::clone(&calls);
        let successes = successes();
        let server = Server::start(move |heard| {
            let Ok(number) = heard.header("x-request-id").parse::<usize>() else {
                return Act::answer(418, "", "which call?");
            };
            let faults = faults[number];
            let mut calls = counted.lock().unwrap_or_else(PoisonError::into_inner);
            let call = calls.entry(number).or_default();
            let operation = operation(heard);
            let success = successes.get(operation).map_or("{}", String::as_str);
            // What is read afterwards to see what was done does nothing.
            if *call.operation.get_or_insert(operation) != operation {
                return Act::json(success);
            }
            let fault = faults[call.arrivals.min(faults.len() - 1)];
            call.arrivals += 1;
            let body = serde_json::from_slice(&heard.body).unwrap_or_default();
            call.bodies.push(body);
            if fault.is_done() {
                call.carry_out(operation, heard);
            }
            answer(fault, success)
        })
        .await;
        Self { server, calls }
    }

    pub(crate) fn url(&self) -> String {
        self.server.url()
    }

    /// What the call with this number came to so far.
    pub(crate) fn done(&self, number: usize) -> Done {
        let calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        calls.get(&number).cloned().unwrap_or_default()
    }
}

impl Done {
    fn carry_out(&mut self, operation: &str, heard: &Heard) {
        let wanted = (
            heard.target.clone(),
            self.bodies[self.bodies.len() - 1].clone(),
        );
        // What is as it should be already is not changed. A request that differs from the one
        // before would be another change.
        let same = matches!(twice(operation), Some(Twice::Same | Twice::Named));
        if !(same && self.state.as_ref() == Some(&wanted)) {
            self.effects += 1;
        }
        self.state = Some(wanted);
    }
}

/// The name of the operation that was asked for; empty for none of them.
fn operation(heard: &Heard) -> &'static str {
    let path = heard.target.split('?').next().unwrap_or_default();
    aitoearn_api::operations::ALL
        .iter()
        .find(|it| it.method.as_str() == heard.method && it.matches_path(path))
        .map_or("", |it| it.name)
}

/// The document's example of success for each operation.
fn successes() -> HashMap<&'static str, String> {
    let examples = examples().into_iter();
    examples
        .filter(Example::is_success)
        .map(|example| (example.operation.name, example.body.to_string()))
        .collect()
}

fn answer(fault: Fault, success: &str) -> Act {
    let page = |status| {
        let body = "<html><body>a gateway</body></html>";
        Act::answer(status, "content-type: text/html\r\n", body)
    };
    match fault {
        Fault::None => Act::json(success),
        Fault::Refused | Fault::ResetBeforeHead | Fault::ResetUndone => Act::Reset(Vec::new()),
        Fault::ResetInAnswer => Act::json(success).broken_off(),
        Fault::BadGateway => page(502),
        Fault::GatewayTimeout => page(504),
        Fault::ServerError => page(500),
        Fault::Page => page(200),
        Fault::Silence => Act::Silence,
        Fault::TooMany => page(429),
        Fault::TooManyByCode => {
            Act::json(r#"{"data":{},"code":429,"message":"slow down","requestId":"r"}"#)
        }
        Fault::Unavailable => page(503),
        Fault::Refusal => Act::json(r#"{"data":{},"code":10002,"message":"no","requestId":"r"}"#),
    }
}
