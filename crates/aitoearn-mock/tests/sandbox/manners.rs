//! How the sandbox answers, whatever it is asked.

#![allow(clippy::unwrap_used)] // a test that cannot go on says so and stops

use crate::support::{Api, code, data, json};
use serde_json::{Value, json};

const LIST: &str = "/api/v2/channels/accounts";

#[tokio::test]
async fn a_success_has_its_keys_in_order_and_no_timestamp() {
    let api = Api::new();
    let answer = api
        .call("GET", LIST)
        .header("x-request-id", "mine")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["x-request-id"], "mine");
    // Inside `data`, the order depends on how serde_json was built.
    let text = answer.text().await.unwrap();
    let (data, rest) = text.split_once("},").unwrap();
    assert!(data.starts_with(r#"{"data":{"#), "{text}");
    assert_eq!(rest, r#""code":0,"message":"请求成功","requestId":"mine"}"#);
}

#[tokio::test]
async fn a_refusal_is_http_200_with_an_empty_object() {
    let api = Api::new();
    let text = api
        .call("GET", "/api/v2/channels/accounts/nobody")
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(
        text.starts_with(r#"{"data":{},"code":12600,"message":"Account not found","timestamp":"#),
        "{text}"
    );
    assert!(text.contains(r#","requestId":""#), "{text}");
}

#[tokio::test]
async fn request_ids_are_made_when_none_is_sent() {
    let api = Api::new();
    let answer = api.call("GET", LIST).send().await.unwrap();
    let header = answer.headers()["x-request-id"]
        .to_str()
        .unwrap()
        .to_owned();
    let body: Value = answer.json().await.unwrap();
    assert_eq!(header.len(), 21);
    assert_eq!(body["requestId"], json!(header));
}

#[tokio::test]
async fn keys_are_checked_as_the_service_does() {
    let api = Api::new();
    let key = api.sandbox.api_key();
    assert_eq!(code(&json(api.bare("GET", LIST)).await), 401);
    assert_eq!(
        code(&json(api.bare("GET", LIST).header("X-Api-Key", "wrong")).await),
        401
    );
    assert_eq!(
        code(&json(api.bare("GET", LIST).bearer_auth(key)).await),
        401
    );
    assert_eq!(
        code(&json(api.bare("GET", LIST).header("x-goog-api-key", key)).await),
        401
    );

    let public = "/api/v2/channels/platforms";
    data(json(api.bare("GET", public)).await);
    let refused = json(api.bare("GET", public).header("X-Api-Key", "wrong")).await;
    assert_eq!(code(&refused), 401);
    assert_eq!(refused["message"], "Unauthorized");
}

#[tokio::test]
async fn what_is_not_there_is_404_in_an_envelope_and_html_beside_the_api() {
    let api = Api::new();
    let missing = api.get("/api/v2/nothing?x=1").await;
    assert_eq!(code(&missing), 404);
    assert_eq!(missing["message"], "Cannot GET /v2/nothing?x=1");
    assert!(missing["requestId"].is_string());
    let wrong_method = api.send("PUT", LIST, json!({})).await;
    assert_eq!(wrong_method["message"], "Cannot PUT /v2/channels/accounts");
    assert_eq!(code(&api.get("/api//v2/channels/accounts").await), 404);
    data(api.get("/api/v2/channels/accounts/").await);

    let page = api
        .call("GET", "/v2/channels/accounts")
        .send()
        .await
        .unwrap();
    assert_eq!(page.status(), 200);
    assert!(
        page.headers()["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/html")
    );
}

#[tokio::test]
async fn malformed_json_is_refused_before_there_is_a_request_id() {
    let api = Api::new();
    for body in ["{\"a\":", "\"text\"", "[1,]"] {
        let request = api
            .call("POST", LIST)
            .header("content-type", "application/json")
            .body(body);
        let answer = request.send().await.unwrap();
        assert!(!answer.headers().contains_key("x-request-id"), "{body}");
        let answer: Value = answer.json().await.unwrap();
        assert_eq!(code(&answer), 400, "{body}");
        assert!(answer.get("requestId").is_none(), "{body}");
    }
}

#[tokio::test]
async fn errors_speak_the_language_asked_for_but_guards_only_english() {
    let api = Api::new();
    let missing = "/api/v2/channels/accounts/nobody";
    for (language, text) in [
        ("zh", "账号不存在"),
        ("zh-CN,en;q=0.5", "账号不存在"),
        ("fr", "Account not found"),
    ] {
        let answer = json(api.call("GET", missing).header("Accept-Language", language)).await;
        assert_eq!(answer["message"], text, "{language}");
    }
    let answer = json(api.bare("GET", missing).header("Accept-Language", "zh-CN")).await;
    assert_eq!(answer["message"], "Unauthorized");
}

#[tokio::test]
async fn a_success_speaks_the_language_that_somebody_asks_for() {
    let api = Api::new();
    for (language, text) in [("en-GB", "Request succeeded"), ("zh-CN", "请求成功")] {
        let answer = json(api.call("GET", LIST).header("Accept-Language", language)).await;
        assert_eq!(answer["message"], text, "{language}");
    }
}

#[tokio::test]
async fn the_log_says_what_a_refusal_does_not() {
    let api = Api::new();
    let group = "/api/v2/channels/account-groups";
    for (method, path, body, note) in [
        (
            "POST",
            group.to_owned(),
            json!({ "rank": "first", "name": "Kettle" }),
            "body.rank is \"first\", and not of type number",
        ),
        ("POST", group.to_owned(), json!({}), "body.name is missing"),
        (
            "GET",
            format!("{LIST}?status=on"),
            json!({}),
            "the query's status is \"on\", and not a number",
        ),
        (
            "DELETE",
            format!("{LIST}?ids=a"),
            json!({}),
            "the query's ids is no list: write ids[]=a, once for each element",
        ),
        (
            "PATCH",
            format!("{group}/kettle"),
            json!({ "name": "Pot" }),
            "groupId in the path is \"kettle\", and not an id of 24 hexadecimal digits",
        ),
        (
            "GET",
            "/api/v2/channels/accounts/auth/mastodon".to_owned(),
            json!({}),
            "platform in the path is \"mastodon\", and not one of ",
        ),
    ] {
        let answer = api.send(method, &path, body).await;
        assert!([400, 500].contains(&code(&answer)), "{answer}");
        assert!(
            !answer["message"].as_str().unwrap().contains("is "),
            "{answer}"
        );
        let seen = api.sandbox.seen().pop().unwrap();
        assert!(seen.note.as_deref().unwrap().starts_with(note), "{seen}");
        assert!(
            seen.to_string().contains(note.split('"').next().unwrap()),
            "{seen}"
        );
    }
    let unread = api.call("POST", group).body("{\"name\":\"Pan\"}");
    assert_eq!(code(&json(unread).await), 400);
    let seen = api.sandbox.seen().pop().unwrap().to_string();
    assert!(
        seen.ends_with(
            "body.name is missing (the body was ignored: its Content-Type is not application/json)"
        ),
        "{seen}"
    );
    json(api.bare("GET", LIST)).await;
    let seen = api.sandbox.seen().pop().unwrap().to_string();
    assert!(seen.contains("key is wanted in X-Api-Key"), "{seen}");
}

#[tokio::test]
async fn lists_in_queries_are_read_strictly() {
    let api = Api::new();
    let id = api
        .sandbox
        .accounts()
        .add("tiktok", "Morning Kitchen")
        .unwrap();
    api.sandbox
        .accounts()
        .add("KWAI", "Evening Garden")
        .unwrap();
    let total = async |query: &str| api.get(&format!("{LIST}?{query}")).await;

    assert_eq!(data(total("").await)["total"], 2);
    assert_eq!(data(total(&format!("ids[]={id}")).await)["total"], 1);
    assert_eq!(data(total("types%5B%5D=KWAI").await)["total"], 1);
    assert_eq!(data(total("types=KWAI&types=tiktok").await)["total"], 2);
    assert_eq!(data(total("status=").await)["total"], 0);
    assert_eq!(data(total("status=1").await)["total"], 2);
    assert_eq!(code(&total(&format!("ids={id}")).await), 400);
    assert_eq!(code(&total("types[]=kwai").await), 400);
    assert_eq!(code(&total(&vec!["ids[]=a"; 21].join("&")).await), 400);
}

#[tokio::test]
async fn the_log_tells_what_was_sent_and_shows_no_key() {
    let api = Api::new();
    api.get(&format!("{LIST}?status=1")).await;
    json(api.bare("GET", "/api/v2/nothing")).await;
    let seen = api.sandbox.seen();
    assert_eq!(seen[0].operation, Some("accounts_list"));
    assert_eq!(
        (seen[0].query.as_str(), seen[0].code),
        ("status=1", Some(0))
    );
    assert_eq!(seen[0].header("X-API-KEY"), Some(api.sandbox.api_key()));
    assert_eq!((seen[1].operation, seen[1].code), (None, Some(404)));
    assert!(!format!("{seen:?}").contains(api.sandbox.api_key()));
    assert!(api.sandbox.operations_seen().contains("accounts_list"));
}

#[tokio::test]
async fn a_dropped_sandbox_is_gone_and_every_sandbox_is_another() {
    let (one, other) = (Api::new(), Api::new());
    one.sandbox
        .accounts()
        .add("tiktok", "Morning Kitchen")
        .unwrap();
    assert_eq!(data(other.get(LIST).await)["total"], 0);
    let request = one.call("GET", LIST);
    drop(one);
    assert!(request.send().await.unwrap_err().is_connect());
    data(other.get(LIST).await);
}

#[test]
fn a_sandbox_can_be_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<aitoearn_mock::Sandbox>();
    shared::<aitoearn_mock::MockServer>();
}

#[test]
fn a_taken_port_is_an_error() {
    let first = aitoearn_mock::Sandbox::start().unwrap();
    let port = first
        .base_url()
        .rsplit(':')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    let second = aitoearn_mock::Sandbox::builder().port(port).start();
    assert_eq!(second.unwrap_err().kind(), std::io::ErrorKind::AddrInUse);
}
