//! Mocks of single operations.

#![allow(clippy::unwrap_used)] // a test that cannot go on says so and stops

use std::time::Duration;

use aitoearn_api::{Code, operations};
use aitoearn_mock::{Answer, MockServer};
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};

struct Api {
    mock: MockServer,
    http: Client,
}

impl Api {
    fn new() -> Self {
        let http = Client::builder().no_proxy().build().expect("a client");
        Self {
            mock: MockServer::start(),
            http,
        }
    }

    fn request(&self, method: &str, path: &str) -> RequestBuilder {
        self.http.request(
            method.parse().expect("a method"),
            format!("{}{path}", self.mock.base_url()),
        )
    }

    async fn get(&self, path: &str) -> Value {
        crate::support::json(self.request("GET", path)).await
    }
}

const ACCOUNTS: &str = "/api/v2/channels/accounts";

#[tokio::test]
async fn a_value_comes_in_the_envelope() {
    let api = Api::new();
    let calls = api
        .mock
        .when(&operations::ACCOUNTS_LIST)
        .ok(&json!({ "total": 0 }));
    let answer = api
        .request("GET", ACCOUNTS)
        .header("x-request-id", "mine")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.headers()["x-request-id"], "mine");
    let text = answer.text().await.unwrap();
    assert_eq!(
        text,
        r#"{"data":{"total":0},"code":0,"message":"请求成功","requestId":"mine"}"#
    );
    calls.assert_once();
}

#[tokio::test]
async fn a_code_comes_with_its_details_and_in_the_language_asked_for() {
    let api = Api::new();
    let details = json!({ "platform": "tiktok", "retryable": true });
    let calls = api
        .mock
        .when(&operations::ACCOUNTS_GET)
        .path("accountId", "a")
        .fails(Code::ACCOUNT_NOT_FOUND);
    api.mock
        .when(&operations::ACCOUNTS_GET)
        .path("accountId", "b")
        .fails_with(Code::new(15070), &details);
    let missing = api.get(&format!("{ACCOUNTS}/a")).await;
    assert_eq!(
        (crate::support::code(&missing), &missing["data"]),
        (12600, &json!({}))
    );
    let failed = api.get(&format!("{ACCOUNTS}/b")).await;
    assert_eq!(
        (crate::support::code(&failed), &failed["data"]),
        (15070, &details)
    );
    assert_eq!(calls.seen()[0].code, Some(12600));
    let chinese = api
        .request("GET", &format!("{ACCOUNTS}/a"))
        .header("accept-language", "zh-CN");
    assert_eq!(crate::support::json(chinese).await["message"], "账号不存在");
}

#[tokio::test]
async fn requests_are_told_apart_by_path_query_body_and_key() {
    let api = Api::new();
    let odd = api
        .mock
        .when(&operations::ACCOUNTS_GET)
        .path("accountId", "a/b ü")
        .ok(&json!("odd"));
    let filtered = api
        .mock
        .when(&operations::ACCOUNTS_LIST)
        .query("ids[]", "x")
        .query("status", "1")
        .ok(&json!("filtered"));
    let keyed = api
        .mock
        .when(&operations::ACCOUNTS_LIST)
        .key("secret")
        .ok(&json!("keyed"));
    let named = api
        .mock
        .when(&operations::ACCOUNT_GROUPS_CREATE)
        .body(json!({ "name": "Cooking" }))
        .ok(&json!("named"));
    let bearer = api
        .mock
        .when(&operations::RELAY_CHAT_COMPLETIONS)
        .key("secret")
        .ok(&json!({ "id": "1" }));

    assert_eq!(
        api.get(&format!("{ACCOUNTS}/a%2Fb%20%C3%BC")).await["data"],
        "odd"
    );
    assert_eq!(
        api.get(&format!("{ACCOUNTS}?status=1&ids%5B%5D=x&more=2"))
            .await["data"],
        "filtered"
    );
    let request = api.request("GET", ACCOUNTS).header("X-Api-Key", "secret");
    assert_eq!(crate::support::json(request).await["data"], "keyed");
    let request = api
        .request("POST", "/api/v2/channels/account-groups")
        .json(&json!({ "name": "Cooking", "rank": 1 }));
    assert_eq!(crate::support::json(request).await["data"], "named");
    let request = api
        .request("POST", "/api/ai/chat/completions")
        .bearer_auth("secret");
    assert_eq!(crate::support::json(request).await, json!({ "id": "1" }));

    for calls in [&odd, &filtered, &keyed, &named, &bearer] {
        calls.assert_once();
    }
    assert_eq!(named.seen()[0].json().unwrap()["rank"], 1);
    assert_eq!(
        filtered.seen()[0].query_pairs()[1],
        ("ids[]".to_owned(), "x".to_owned())
    );
    let unmatched = api
        .request("GET", &format!("{ACCOUNTS}/other"))
        .send()
        .await
        .unwrap();
    assert_eq!(unmatched.status(), 404);
}

#[tokio::test]
async fn answers_come_in_turn_and_the_last_one_stays() {
    let api = Api::new();
    let status = |status: &str| Answer::ok(&json!({ "status": status }));
    let calls = api.mock.when(&operations::AUTH_STATUS).in_turn([
        status("pending"),
        status("pending"),
        status("completed"),
    ]);
    let path = format!("{ACCOUNTS}/auth/tiktok/status/s1");
    for expected in ["pending", "pending", "completed", "completed"] {
        assert_eq!(api.get(&path).await["data"]["status"], expected);
    }
    calls.assert_times(4);
    assert_eq!((calls.count(), calls.seen().len()), (4, 4));
}

#[tokio::test]
async fn other_bodies_go_out_as_they_are() {
    let api = Api::new();
    api.mock.when(&operations::ACCOUNTS_LIST).in_turn([
        Answer::nothing(),
        Answer::json(&json!({ "code": "odd" })),
        Answer::error(Code::new(400)).with_message("Validation failed"),
        Answer::raw(502, "text/html", "<html>").header("retry-after", "3"),
    ]);
    assert!(api.get(ACCOUNTS).await.get("data").is_none());
    assert_eq!(api.get(ACCOUNTS).await, json!({ "code": "odd" }));
    assert_eq!(api.get(ACCOUNTS).await["message"], "Validation failed");
    let answer = api.request("GET", ACCOUNTS).send().await.unwrap();
    assert_eq!(
        (
            answer.status().as_u16(),
            answer.headers()["retry-after"].to_str().unwrap()
        ),
        (502, "3")
    );

    api.mock
        .when(&operations::RELAY_MESSAGES)
        .answers(Answer::events(["data: {}\n\n", "data: [DONE]\n\n"]));
    let answer = api
        .request("POST", "/api/ai/v1/messages")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.headers()["content-type"], "text/event-stream");
    assert_eq!(answer.text().await.unwrap(), "data: {}\n\ndata: [DONE]\n\n");
}

#[tokio::test]
async fn every_operation_can_be_mocked() {
    let api = Api::new();
    for operation in operations::ALL {
        let calls = api.mock.when(operation).ok(&json!(operation.name));
        let path = operation
            .path
            .replace("{model}", "gemini-3.5-flash")
            .replace(['{', '}'], "");
        let answer = crate::support::json(api.request(operation.method.as_str(), &path)).await;
        let value = answer.get("data").unwrap_or(&answer);
        assert_eq!(value, operation.name, "{operation}");
        calls.assert_once();
    }
}

#[tokio::test]
async fn a_delay_is_a_delay() {
    let api = Api::new();
    api.mock
        .when(&operations::ACCOUNTS_LIST)
        .delayed(Duration::from_secs(30))
        .ok(&json!({}));
    let hurried = api
        .request("GET", ACCOUNTS)
        .timeout(Duration::from_millis(20))
        .send()
        .await;
    assert!(hurried.unwrap_err().is_timeout());
}

#[test]
#[should_panic(expected = "no parameter `id`")]
fn a_parameter_that_the_path_lacks_is_a_slip_of_the_test() {
    let _ = MockServer::start()
        .when(&operations::ACCOUNTS_GET)
        .path("id", "a");
}

#[test]
#[should_panic(expected = "No request has been received")]
fn a_missing_call_is_told() {
    MockServer::start()
        .when(&operations::ACCOUNTS_LIST)
        .ok(&json!({}))
        .assert_once();
}

#[tokio::test]
#[should_panic(
    expected = "GET /api/v2/channels/accounts was to be called 1 times, and was called 2 times"
)]
async fn a_call_too_many_is_told() {
    let api = Api::new();
    let calls = api.mock.when(&operations::ACCOUNTS_LIST).ok(&json!({}));
    api.get(ACCOUNTS).await;
    api.get(ACCOUNTS).await;
    calls.assert_once();
}

#[tokio::test]
async fn an_example_of_the_description_is_served_by_its_name() {
    let api = Api::new();
    api.mock
        .when(&operations::ACCOUNTS_GET)
        .example("unauthorized401");
    let body = api.get("/api/v2/channels/accounts/tiktok_1").await;
    assert_eq!(body["code"], 401);
}

#[test]
#[should_panic(expected = "accounts_list has no example `nope`, only success, unauthorized401")]
fn an_example_that_is_none_is_a_slip_of_the_test() {
    let _ = MockServer::start()
        .when(&operations::ACCOUNTS_LIST)
        .example("nope");
}

#[tokio::test]
async fn an_answer_lacks_what_it_is_told_to_lack() {
    let api = Api::new();
    let odd = Answer::ok(&json!({ "total": 2, "list": [{ "id": "a" }, { "id": "b" }] }))
        .without("/data/list/0/id")
        .without("/data/list/1")
        .with("/data/total", "two")
        .without("/data/nowhere/at/all");
    api.mock.when(&operations::ACCOUNTS_LIST).answers(odd);
    let answer = api.get(ACCOUNTS).await;
    assert_eq!(answer["data"], json!({ "total": "two", "list": [{}] }));
    assert_eq!(answer["code"], 0);
}
