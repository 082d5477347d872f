//! Trouble on order.

#![allow(clippy::unwrap_used)] // a test that cannot go on says so and stops

use std::time::Duration;

use crate::support::{Api, code, data};
use aitoearn_api::{Code, operations};
use aitoearn_mock::Fault;
use serde_json::json;

const LIST: &str = "/api/v2/channels/accounts";

#[tokio::test]
async fn faults_meet_the_next_calls_of_their_operation_only() {
    let api = Api::new();
    let details = json!({ "retryable": true });
    api.sandbox
        .faults()
        .next(
            &operations::ACCOUNTS_LIST,
            Fault::code(Code::new(15070)).with_data(details.clone()),
        )
        .next(
            &operations::ACCOUNTS_LIST,
            Fault::throttled(Duration::from_secs(60)),
        );
    data(api.get("/api/v2/channels/platforms").await);
    let first = api.get(LIST).await;
    assert_eq!((code(&first), &first["data"]), (15070, &details));
    let answer = api.call("GET", LIST).send().await.unwrap();
    let reset = answer.headers()["x-ratelimit-reset"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(reset.len() >= 13, "not in milliseconds: {reset}");
    let second: serde_json::Value = answer.json().await.unwrap();
    assert_eq!(
        (code(&second), &second["data"]),
        (429, &json!({ "ttl": 60 }))
    );
    data(api.get(LIST).await);
}

#[tokio::test]
async fn standing_faults_stay_until_they_are_cleared() {
    let api = Api::new();
    api.sandbox
        .faults()
        .always(&operations::ACCOUNTS_LIST, Fault::code(Code::new(500)));
    for _ in 0..3 {
        assert_eq!(code(&api.get(LIST).await), 500);
    }
    // A wrong key is found out first.
    assert_eq!(
        code(&crate::support::json(api.bare("GET", LIST)).await),
        401
    );
    api.sandbox.faults().clear();
    data(api.get(LIST).await);
}

#[tokio::test]
async fn proxies_answer_in_html() {
    let api = Api::new();
    let faults = api.sandbox.faults();
    faults.next(&operations::ACCOUNTS_LIST, Fault::bad_gateway());
    let answer = api.call("GET", LIST).send().await.unwrap();
    assert_eq!(answer.status(), 502);
    assert!(!answer.headers().contains_key("x-request-id"));
    assert!(answer.text().await.unwrap().starts_with("<html>"));

    faults.next(
        &operations::ACCOUNTS_LIST,
        Fault::too_many_requests(Duration::from_secs(7)),
    );
    let answer = api.call("GET", LIST).send().await.unwrap();
    assert_eq!(
        (
            answer.status().as_u16(),
            answer.headers()["retry-after"].to_str().unwrap()
        ),
        (429, "7")
    );
}

#[tokio::test]
async fn connections_break_before_after_and_in_the_middle() {
    let api = Api::new();
    let faults = api.sandbox.faults();
    faults.next(&operations::AUTH_START, Fault::cut());
    let start = || {
        api.call("GET", "/api/v2/channels/accounts/auth/tiktok")
            .send()
    };
    assert!(start().await.is_err());
    let seen = api.sandbox.seen();
    assert_eq!(
        (seen.len(), seen[0].operation, seen[0].code),
        (1, Some("auth_start"), None)
    );

    // The effect is there, the answer is not.
    faults.next(&operations::AUTH_START, Fault::lose_answer());
    assert!(start().await.is_err());
    let seen = api.sandbox.seen();
    assert_eq!((seen[1].status, seen[1].code), (None, Some(0)));

    faults.next(&operations::PLATFORMS_LIST, Fault::truncate());
    let answer = api
        .call("GET", "/api/v2/channels/platforms")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    assert!(answer.text().await.is_err());
}

#[tokio::test]
async fn answers_come_late_or_never() {
    let api = Api::new();
    let faults = api.sandbox.faults();
    faults.next(&operations::ACCOUNTS_LIST, Fault::hang());
    let hurried = api
        .call("GET", LIST)
        .timeout(Duration::from_millis(20))
        .send()
        .await;
    assert!(hurried.unwrap_err().is_timeout());
    faults.next(
        &operations::ACCOUNTS_LIST,
        Fault::delay(Duration::from_millis(5)),
    );
    data(api.get(LIST).await);
}

#[tokio::test]
async fn an_answer_is_odd_where_it_was_ordered_and_its_effect_is_there() {
    let api = Api::new();
    let path = "/api/v2/channels/platforms";
    let before = data(api.get(path).await);
    let odd = Fault::odd("/data/0/platform", 7).and(Fault::without("/data/0/displayName"));
    api.sandbox.faults().next(&operations::PLATFORMS_LIST, odd);
    let answer = data(api.get(path).await);
    assert_eq!(answer[0]["platform"], 7);
    assert!(answer[0].get("displayName").is_none(), "{answer}");
    assert_eq!(data(api.get(path).await), before);
    // A refusal has nothing of it.
    let lost = Fault::without("/message");
    api.sandbox.faults().next(&operations::ACCOUNTS_GET, lost);
    let refused = api.get("/api/v2/channels/accounts/none").await;
    assert!(
        code(&refused) != 0 && refused.get("message").is_some(),
        "{refused}"
    );
}
