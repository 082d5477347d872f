//! The table of operations, and those that answer without an envelope.

use aitoearn_api::{
    ApiKey, Auth, Client, Code, Context, Failure, Reply, open_plain, open_stream, operations, types,
};
use futures_util::TryStreamExt as _;
use httpmock::MockServer;
use serde_json::json;

const KEY: &str = "ai_0123456789abcdefghijABCDEFGHIJ";

#[test]
fn every_operation_is_found_by_its_name_and_by_nothing_else() {
    assert!(
        operations::ALL
            .windows(2)
            .all(|pair| pair[0].name < pair[1].name)
    );
    for operation in operations::ALL {
        assert_eq!(operations::by_name(operation.name), Some(operation));
    }
    assert_eq!(operations::by_name(""), None);
    assert_eq!(operations::by_name("new"), None);
}

#[test]
fn every_path_takes_arguments_and_refuses_empty_ones() {
    for operation in operations::ALL {
        let with = |argument: &str| {
            let parts: Vec<_> = operation.path.split(['{', '}']).collect();
            // Every other part is the name of an argument.
            let fill = |(index, part): (usize, &&str)| match index % 2 {
                0 => (*part).to_owned(),
                _ => argument.to_owned(),
            };
            parts.iter().enumerate().map(fill).collect::<String>()
        };
        assert!(operation.matches_path(&with("a%2Fb")), "{operation}");
        assert!(
            !operation.matches_path(&format!("{}/", with("a"))),
            "{operation}"
        );
        if operation.path.contains('{') {
            assert!(!operation.matches_path(&with("")), "{operation}");
            assert!(!operation.matches_path(&with("a/b")), "{operation}");
        }
    }
}

/// A URL takes a backslash for a slash, so `x\..\y` could have been sent as `y`.
#[tokio::test]
async fn an_argument_stays_one_segment_whatever_it_holds() -> Result<(), Box<dyn std::error::Error>>
{
    let server = MockServer::start();
    let client = client(&server)?;
    for (argument, sent) in [
        ("x\\..\\y", "x%5C..%5Cy"),
        ("a\\b", "a%5Cb"),
        ("a/b?c#d%2F", "a%2Fb%3Fc%23d%252F"),
        ("a\tb\nc", "a%09b%0Ac"),
    ] {
        let mut mock = server.mock(|when, then| {
            when.path_matches(format!("/accounts/{}/", sent.replace('.', "[.]")));
            then.status(200).json_body(
                json!({ "data": { "field": "f", "options": [] }, "code": 0, "message": "ok" }),
            );
        });
        let _ = client.accounts_option_values(&argument.into(), "f").await;
        mock.assert();
        mock.delete();
    }
    Ok(())
}

#[test]
fn every_documented_code_is_known() {
    for operation in operations::ALL {
        for code in operation.codes {
            assert!(code.name().is_some(), "{operation}: {code}");
        }
    }
}

fn client(server: &MockServer) -> Result<Client, Box<dyn std::error::Error>> {
    Ok(Client::new(
        &server.base_url(),
        Context::new(Some(ApiKey::new(KEY)?)),
    )?)
}

fn gemini() -> serde_json::Result<types::GeminiBody> {
    serde_json::from_value(json!({"model": "m/1", "contents": []}))
}

#[tokio::test]
async fn a_relay_gets_its_own_credential_and_hands_over_a_stream_of_any_length()
-> Result<(), Box<dyn std::error::Error>> {
    assert_eq!(operations::RELAY_GEMINI_STREAM.auth, Auth::GoogApiKey);
    let events = "data: {}\n\n".repeat(1000);
    let server = MockServer::start_async().await;
    let mock = server
        .mock_async(|when, then| {
            when.path("/api/ai/v1beta/models/m%2F1:streamGenerateContent")
                .header("x-goog-api-key", KEY)
                .header("accept", "application/json, text/event-stream")
                .header_missing("x-api-key")
                .header_missing("authorization");
            then.header("content-type", "text/event-stream; charset=utf-8")
                .body(&events);
        })
        .await;
    let client = client(&server)?;
    let mut context = client.context().for_call();
    context.body_limit = 10;
    let client = client.with_context(context);

    let result = client.relay_gemini_stream("m/1", &gemini()?).await;
    let answer = open_stream(result, client.context()).await?;
    let chunks: Vec<_> = answer.into_inner_stream().try_collect().await?;
    assert_eq!(chunks.concat(), events.as_bytes());
    mock.assert_async().await;
    Ok(())
}

#[tokio::test]
async fn the_limit_holds_for_a_relay_that_answers_json_and_for_an_envelope_called_a_stream()
-> Result<(), Box<dyn std::error::Error>> {
    let server = MockServer::start_async().await;
    for (path, content_type) in [
        (
            "/api/ai/v1beta/models/m%2F1:generateContent",
            "application/json",
        ),
        ("/api/v2/channels/platforms", "text/event-stream"),
    ] {
        server
            .mock_async(|when, then| {
                when.path(path);
                then.header("content-type", content_type)
                    .json_body(json!({"data": [], "code": 0, "message": "ok"}));
            })
            .await;
    }
    let client = client(&server)?;
    let mut context = client.context().for_call();
    context.body_limit = 10;
    let client = client.with_context(context);

    let result = client.relay_gemini_generate("m/1", &gemini()?).await;
    let answer = open_stream(result, client.context()).await?;
    let body = answer.into_inner_stream().try_collect::<Vec<_>>().await;
    let error = format!("{:?}", body.expect_err("more than ten bytes"));
    assert!(
        error.contains("LengthLimitError") && !error.contains("/api/"),
        "{error}"
    );

    let result = client.platforms_list().await;
    let error = aitoearn_api::open(result, client.context()).await;
    assert!(matches!(error, Err(Failure::TooLarge { limit: 10, .. })));
    Ok(())
}

#[tokio::test]
async fn an_envelope_error_is_no_success_of_a_plain_operation()
-> Result<(), Box<dyn std::error::Error>> {
    assert_eq!(operations::VOLCENGINE_VIDEO_GET.reply, Reply::Json);
    let server = MockServer::start_async().await;
    server
        .mock_async(|when, then| {
            when.header("authorization", format!("Bearer {KEY}"))
                .header_missing("x-api-key");
            then.json_body(json!({"data": {}, "code": 12302, "message": "x"}));
        })
        .await;
    let client = client(&server)?;
    let result = client.volcengine_video_get("t1").await;
    let error = open_plain(result, client.context()).await;
    assert_eq!(
        error.err().and_then(|error| error.code()),
        Some(Code::INVALID_AI_TASK_ID)
    );
    Ok(())
}
