//! What a call does is done once at most, and [`Error::Ambiguous`] says so exactly where nobody
//! knows whether it was done.
//!
//! A server counts what it was made to do while it, or the way to it, fails in each of the ways
//! that a network has. What each operation does when it is sent twice, and what each failure may
//! lead to, is written down here by hand: the client's own classes are what is on trial.

mod operations;
mod scenarios;
mod service;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use aitoearn::{Client, Error, RetryPolicy};
use aitoearn_tests::requests::{self, Sample, Sending};
use aitoearn_tests::tell;
use futures_util::{StreamExt as _, stream};

use operations::{Twice, twice};
use scenarios::{Ending, Fault, SCENARIOS, Scenario};
use service::Service;

/// Calls at the same time: those that wait for silence to end do nothing else.
const AT_ONCE: usize = 96;

struct Case {
    sample: Sample,
    twice: Twice,
    scenario: &'static Scenario,
}

impl Case {
    fn sending(&self, number: usize) -> Sending {
        let silent = self.scenario.faults.contains(&Fault::Silence);
        Sending {
            id: number.to_string(),
            timeout: Duration::from_millis(if silent { 700 } else { 60_000 }),
        }
    }

    /// What is wrong with how it ended and what it did.
    fn judge(&self, outcome: &Result<(), Error>, done: &service::Done) -> Result<(), String> {
        let expected = self.scenario.expected(self.twice);
        let attempts = match outcome {
            Ok(()) => done.arrivals,
            Err(error) => error.attempts() as usize,
        };
        let got = (Ending::of(outcome), attempts, done.effects);
        let wanted = (expected.ending, expected.attempts, expected.effects);
        if got != wanted {
            return Err(format!("{got:?} instead of {wanted:?}: {outcome:?}"));
        }
        if done.effects > 1 {
            return Err(format!("done {} times", done.effects));
        }
        match outcome {
            Err(error @ Error::Ambiguous(unknown)) if error.is_retryable() => {
                Err(format!("of unknown outcome, and to be repeated: {unknown}"))
            }
            _ => Ok(()),
        }
    }
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for scenario in SCENARIOS {
        for sample in requests::table() {
            if let Some(twice) = twice(sample.operation.name) {
                cases.push(Case {
                    sample,
                    twice,
                    scenario,
                });
            }
        }
    }
    cases
}

/// The usual number of retries without the usual waits.
fn policy() -> RetryPolicy {
    RetryPolicy::default().backoff(Duration::from_millis(1), Duration::from_millis(1))
}

fn client(base_url: &str) -> Client {
    let client = Client::builder().base_url(base_url).retry(policy());
    client.api_key("ak_key-of-the-test").build().expect("valid")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_call_does_twice_what_it_does_and_unknown_outcomes_are_said_to_be() {
    let cases = Arc::new(cases());
    let faults = cases.iter().map(|case| case.scenario.faults).collect();
    let service = Service::start(faults).await;
    let there = client(&service.url());
    // Nobody listens here.
    let nowhere = client("http://127.0.0.1:1");

    let (service, there, nowhere) = (&service, &there, &nowhere);
    let outcomes: Vec<_> = stream::iter(cases.iter().enumerate())
        .map(|(number, case)| async move {
            let client = match case.scenario.faults {
                [Fault::Refused] => nowhere,
                _ => there,
            };
            let outcome = case.sample.send(client, &case.sending(number)).await;
            let outcome = outcome.map(drop);
            let done = service.done(number);
            let problem = case.judge(&outcome, &done).err().map(|problem| {
                let name = case.sample.operation.name;
                format!("{name}, {}: {problem}", case.scenario.name())
            });
            (Ending::of(&outcome), problem)
        })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;

    let mut endings = BTreeMap::<_, usize>::new();
    for (ending, _) in &outcomes {
        *endings.entry(format!("{ending:?}")).or_default() += 1;
    }
    let problems: Vec<_> = outcomes.into_iter().filter_map(|(_, bad)| bad).collect();
    assert!(
        problems.is_empty(),
        "{} of {} calls:\n{}",
        problems.len(),
        cases.len(),
        problems[..problems.len().min(20)].join("\n")
    );
    tell(format_args!(
        "effects: {} calls of {} operations in {} kinds of trouble, none done twice; they ended in {endings:?}",
        cases.len(),
        cases.len() / SCENARIOS.len(),
        SCENARIOS.len(),
    ));
}

/// A flow whose outcome is unknown is sent again, and there is one: the id that tells is the same
/// every time.
#[tokio::test]
async fn a_flow_that_is_sent_again_and_again_has_one_id() {
    use aitoearn::{FlowItem, PublishTime};

    let service = Service::start(vec![&[
        Fault::ResetBeforeHead,
        Fault::BadGateway,
        Fault::None,
    ]])
    .await;
    let flow = client(&service.url())
        .publish()
        .flow()
        .body("Once")
        .item(FlowItem::tiktok("tiktok_1"))
        .at(PublishTime::Now)
        .unchecked()
        .request_id("0");
    let id = flow.id().to_string();
    flow.await.expect("the third time lucky");
    let done = service.done(0);
    assert_eq!((done.arrivals, done.effects), (3, 1));
    let ids: Vec<_> = done
        .bodies
        .iter()
        .map(|body| body["flowId"].clone())
        .collect();
    assert_eq!(ids, [id.as_str(), &id, &id], "one flow at the service");
}

/// A call that has no method here is an effect, unless its maker says otherwise.
#[tokio::test]
async fn what_has_no_method_is_not_repeated_either() {
    use aitoearn::{Method, api::RetryClass};
    use serde_json::Value;

    for (method, class, arrivals, ambiguous) in [
        (Method::Post, None, 1, true),
        (Method::Delete, None, 1, true),
        (Method::Put, Some(RetryClass::Idempotent), 3, false),
    ] {
        let service = Service::start(vec![&[Fault::ResetBeforeHead]]).await;
        let client = client(&service.url());
        let mut request = client.request(method, "/api/tomorrow").request_id("0");
        if let Some(class) = class {
            request = request.retry_class(class);
        }
        let error = request.send::<Value>().await.expect_err("no answer");
        assert_eq!(service.done(0).arrivals, arrivals, "{error}");
        assert_eq!(matches!(error, Error::Ambiguous(_)), ambiguous, "{error}");
    }
}
