//! From an answer of any kind to a failure that says what, where, and what to do.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use aitoearn_api::{
    ApiKey, BodyKind, Client, Code, Context, Error, Failure, ResponseValue, RetryAdvice,
    StatusError, decode_plain, open, open_plain, open_stream,
};
use httpmock::{MockServer, Then};
use serde::Deserialize;
use serde_json::{Value, json};

const KEY: &str = "ai_0123456789abcdefghijABCDEFGHIJ";

/// What the client makes of this answer to `accounts_get`.
async fn answered(answer: impl FnOnce(Then)) -> Result<String, Failure> {
    let server = MockServer::start_async().await;
    server
        .mock_async(|when, then| {
            when.path("/api/v2/channels/accounts/a1");
            answer(then);
        })
        .await;
    let key = ApiKey::new(KEY).unwrap();
    let client = Client::new(&server.base_url(), Context::new(Some(key))).unwrap();
    let result = open(client.accounts_get(&"a1".into()).await, client.context()).await;
    if let Err(error) = &result {
        let line = error.to_string();
        assert!(!line.contains('\n') && line.len() < 600, "{line}");
        assert!(
            !line.contains(KEY) && !format!("{error:?}").contains(KEY),
            "{error:?}"
        );
    }
    Ok(result?.into_inner().data.nickname)
}

fn status(error: Failure) -> StatusError {
    match error {
        Failure::Status(error) => *error,
        other => panic!("{other:?}"),
    }
}

fn account() -> Value {
    json!({
        "id": "a1", "userId": "u1", "type": "tomorrow", "uid": "1", "nickname": "Ann",
        "groupId": "g1", "status": 7, "new": {}
    })
}

#[tokio::test]
async fn a_success_survives_a_byte_order_mark_and_another_2xx() {
    let body = json!({"data": account(), "code": 0, "message": "ok"}).to_string();
    assert_eq!(
        answered(|then| drop(then.body(&body))).await.unwrap(),
        "Ann"
    );
    let marked = format!("\u{feff}{body}");
    assert_eq!(
        answered(|then| drop(then.body(marked))).await.unwrap(),
        "Ann"
    );
    let created = answered(|then| drop(then.status(201).body(body))).await;
    assert_eq!(created.unwrap(), "Ann");
}

#[tokio::test]
async fn a_business_error_comes_with_its_code() {
    let body = json!({
        "data": {}, "code": 12600, "message": "No such account", "timestamp": 1, "requestId": "r1"
    });
    let error = answered(|then| drop(then.json_body(body)))
        .await
        .unwrap_err();
    assert_eq!(error.code(), Some(Code::ACCOUNT_NOT_FOUND));
    assert_eq!(error.request_id(), Some("r1"));
    assert_eq!(
        error.to_string(),
        "AccountNotFound (12600): No such account [request r1]"
    );
}

#[tokio::test]
async fn details_know_better_than_the_table_whether_to_retry() {
    for (code, retryable, expected) in [
        (15070, json!({"retryable": false}), RetryAdvice::No),
        (15070, json!({"retryable": true}), RetryAdvice::Yes),
        (15070, json!({}), RetryAdvice::Yes),
        (12600, json!({"retryable": true}), RetryAdvice::Yes),
        (15002, json!({"retryable": false}), RetryAdvice::AfterReauth),
        (15002, json!(null), RetryAdvice::AfterReauth),
    ] {
        let body = json!({"data": retryable, "code": code, "message": ""});
        let error = answered(|then| drop(then.json_body(body)))
            .await
            .unwrap_err();
        let Failure::Business(error) = error else {
            panic!("{error:?}")
        };
        assert_eq!(error.retry(), expected, "{code} {retryable}");
    }
}

#[tokio::test]
async fn a_decode_error_names_path_and_request_and_masks_what_it_shows() {
    let mut wrong = account();
    wrong["uid"] = json!({"token": "hunter2", "echo": KEY});
    let body = json!({"data": wrong, "code": 0, "message": "ok"}).to_string();
    let answer = |then: Then| {
        drop(
            then.header("content-type", "application/json; charset=utf-8")
                .header("x-request-id", "3f9a1c7e-5b2d-4860-a1b2-c3d4e5f60718")
                .body(body),
        );
    };
    let Failure::Decode(error) = answered(answer).await.unwrap_err() else {
        panic!()
    };
    assert_eq!(
        (error.kind, error.path.as_str()),
        (BodyKind::Json, "data.uid")
    );
    assert_eq!(error.message, "invalid type: map, expected a string");
    assert_eq!(error.content_type.as_deref(), Some("application/json"));
    assert!(!error.excerpt.contains("hunter2"), "{}", error.excerpt);
    let line = error.to_string();
    assert!(
        line.contains("at `data.uid`: invalid type: map, expected a string"),
        "{line}"
    );
    assert!(
        line.ends_with("[request 3f9a1c7e-5b2d-4860-a1b2-c3d4e5f60718]"),
        "{line}"
    );
}

#[tokio::test]
async fn a_value_in_the_message_of_a_decode_error_is_bounded_and_masked() {
    let mut wrong = account();
    wrong["status"] = json!(format!("{KEY} {}", "x y ".repeat(1000)));
    let body = json!({"data": wrong, "code": 0, "message": "ok"});
    let error = answered(|then| drop(then.json_body(body)))
        .await
        .unwrap_err();
    let Failure::Decode(error) = error else {
        panic!("{error:?}")
    };
    assert!(
        error
            .message
            .starts_with("invalid type: string \"********************************* x y"),
        "{}",
        error.message
    );
    assert!(error.message.chars().count() <= 201 && error.excerpt.len() <= 64);
}

/// `answered` looks for the key.
#[tokio::test]
async fn a_server_may_repeat_secrets_wherever_it_can() {
    let signed = "https://up.example.com/f.mp4?X-Sig=hunter2";
    let names_the_key = |then: Then| {
        let kind = format!("text/{KEY}");
        then.header("x-request-id", KEY)
            .header("content-type", kind)
    };
    let said = json!({ "data": { "at": signed }, "code": 1, "message": signed, "requestId": KEY });
    let deep = json!({ "data": { KEY: {}, "nickname": { KEY: KEY } }, "code": 0, "message": "" });
    for body in [
        said.to_string(),
        deep.to_string(),
        KEY.to_owned(),
        String::new(),
    ] {
        let error = answered(|then| drop(names_the_key(then).body(&body))).await;
        let error = error.unwrap_err();
        assert!(
            !format!("{error} {error:?}").contains("hunter2"),
            "{error:?}"
        );
    }
    let to = format!("http://{KEY}.example/");
    let error = answered(|then| drop(names_the_key(then).status(302).header("location", to))).await;
    let shown = format!("{:?}", error.unwrap_err());
    assert!(!shown.contains(&KEY.to_lowercase()), "{shown}");
    let refused = json!({ "error": { "message": signed } }).to_string();
    let error = answered(|then| drop(names_the_key(then).status(400).body(refused))).await;
    let shown = format!("{:?}", error.unwrap_err());
    assert!(!shown.contains("hunter2"), "{shown}");
}

#[tokio::test]
async fn a_web_page_is_told_for_what_it_is() {
    let page = "<!DOCTYPE html><html><title>AiToEarn</title></html>";
    let error = answered(|then| drop(then.header("content-type", "text/html").body(page)))
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "the answer is an HTML page of 51 bytes: check the base URL and any proxy"
    );
    let error = answered(|then| drop(then.header("content-type", "text/plain").body("hi\nthere")))
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "the answer is no JSON but 8 bytes of text/plain, near `hi there`"
    );
}

#[tokio::test]
async fn an_http_error_keeps_what_the_proxy_says() {
    let page = format!("<html>{}</html>", "a b ".repeat(100_000));
    let answer = |then: Then| {
        drop(
            then.status(502)
                .header("content-type", "text/html")
                .header("retry-after", "7")
                .body(page),
        );
    };
    let error = status(answered(answer).await.unwrap_err());
    assert_eq!(error.status, 502);
    assert_eq!(error.content_type.as_deref(), Some("text/html"));
    assert_eq!(error.retry_after, Some(std::time::Duration::from_secs(7)));
    assert!(error.excerpt.starts_with("<html>a b ") && error.excerpt.len() <= 64);
    assert_eq!((error.business, error.provider_message), (None, None));
}

#[tokio::test]
async fn retry_after_may_be_a_date() {
    let answer = |then: Then| {
        drop(
            then.status(503)
                .header("retry-after", "Wed, 21 Oct 2015 07:28:00 GMT"),
        );
    };
    let error = status(answered(answer).await.unwrap_err());
    assert_eq!(error.retry_after, Some(std::time::Duration::ZERO));
    assert_eq!(error.to_string(), "HTTP 503 Service Unavailable");
}

#[tokio::test]
async fn an_http_error_with_an_envelope_has_a_code() {
    let body = json!({"data": {}, "code": 429, "message": "slow"});
    let error = answered(|then| drop(then.status(429).json_body(body)))
        .await
        .unwrap_err();
    assert_eq!(error.code(), Some(Code::TOO_MANY_REQUESTS));
    assert_eq!(
        error.to_string(),
        "HTTP 429 Too Many Requests: TooManyRequests (429): slow"
    );
}

#[derive(Debug, PartialEq, Deserialize)]
struct Task {
    id: String,
    error: Option<Value>,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Chat {
    model: Option<String>,
}

#[test]
fn a_plain_body_is_a_success_or_either_kind_of_error() {
    let context = Context::new(None);
    let task = br#"{"id":"t1","error":{"message":"no"}}"#;
    assert_eq!(decode_plain::<Task>(task, &context).unwrap().id, "t1");
    let chat = br#"{"id":"c1","model":"m","error":null}"#;
    assert_eq!(
        decode_plain::<Chat>(chat, &context)
            .unwrap()
            .model
            .as_deref(),
        Some("m")
    );

    // `Chat` would take any object: errors are looked for first.
    let error = decode_plain::<Chat>(
        br#"{"data":{},"code":401,"message":"Unauthorized"}"#,
        &context,
    );
    assert_eq!(error.unwrap_err().code(), Some(Code::UNAUTHORIZED));
    for (body, word) in [
        (
            r#"{"error":{"message":"No such model","type":"x"}}"#,
            " (x)",
        ),
        (
            r#"{"type":"error","error":{"message":"No such model"},"code":404}"#,
            "",
        ),
        (r#"{"error":"No such model"}"#, ""),
    ] {
        let error = decode_plain::<Chat>(body.as_bytes(), &context).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("the model provider refused: No such model{word}")
        );
        assert_eq!(
            status(error).provider_message.as_deref(),
            Some("No such model")
        );
    }
    let error = decode_plain::<Task>(br#"{"id":1}"#, &context).unwrap_err();
    let Failure::Decode(error) = error else {
        panic!("{error:?}")
    };
    assert_eq!(error.path, "id");
}

#[tokio::test]
async fn a_plain_operation_is_opened_the_same_way() {
    let context = Context::new(None);
    let open = async |body: &'static str| {
        let error = serde_json::from_str::<Task>(body).unwrap_err();
        let result = Err(Error::InvalidResponsePayload(body.as_bytes().into(), error));
        open_plain::<Task>(result, &context)
            .await
            .map(ResponseValue::into_inner)
    };
    let error = open(r#"{"code":12302,"message":"x","data":{}}"#)
        .await
        .unwrap_err();
    assert_eq!(error.code(), Some(Code::INVALID_AI_TASK_ID));
    assert_eq!(open("\u{feff}{\"id\":\"t1\"}").await.unwrap().id, "t1");
    assert!(matches!(open("").await.unwrap_err(), Failure::Decode(_)));
}

#[tokio::test]
async fn a_stream_is_opened_without_being_read() {
    let context = Context::new(None);
    let answer = |status, body: &'static str| {
        let response = http::Response::builder().status(status).body(body).unwrap();
        Error::UnexpectedResponse(response.into())
    };
    let stream = open_stream(Err(answer(201, "data: {}")), &context)
        .await
        .unwrap();
    assert_eq!(stream.status(), 201);
    let refused = open_stream(Err(answer(400, r#"{"error":{"message":"No"}}"#)), &context).await;
    let error = refused.err().unwrap();
    assert_eq!(error.to_string(), "HTTP 400 Bad Request: No");
}
