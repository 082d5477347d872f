//! An odd field costs that field, never the answer, and never silently.

use aitoearn::{Error, RetryPolicy, types::Platform};

use crate::server::{Act, Server};

const ODD: &str = r#"{"data":{"total":"2","list":[{"id":7,"nickname":null},{"id":"a2","nickname":"Bo"}]},"code":0,"message":"ok","requestId":"r-1"}"#;

#[tokio::test]
async fn what_is_odd_is_neutral_and_told() {
    let server = Server::play([Act::json(ODD)]).await;
    let answer = server.client().accounts().list().send_with_meta().await;
    let answer = answer.expect("mended");
    assert_eq!(answer.data.total, 2);
    let [first, second] = &answer.data.list[..] else {
        panic!("{answer:?}");
    };
    assert_eq!((first.id.as_str(), first.nickname.as_str()), ("7", ""));
    assert_eq!((second.id.as_str(), second.nickname.as_str()), ("a2", "Bo"));
    let place = |name: &str| {
        let mut places = answer.mended().places.iter();
        places.find(|mend| mend.place == name).cloned()
    };
    let nickname = place("/data/list/0/nickname").expect("told");
    assert_eq!(
        (nickname.expected.as_str(), nickname.found.as_str()),
        ("a string", "null")
    );
    assert_eq!(place("/data/list/1/uid").expect("told").found, "nothing");
    assert!(place("/data/list/1/nickname").is_none());
    assert_eq!(answer.mended().count, answer.mended().places.len());
}

#[tokio::test]
async fn who_wants_an_error_gets_one() {
    let server = Server::play([Act::json(ODD)]).await;
    let strict = server.builder().strict_answers(true).build().expect("fine");
    let error = strict.accounts().list().await.expect_err("odd");
    assert!(matches!(error, Error::Decode(_)), "{error:?}");
}

#[tokio::test]
async fn without_its_id_an_effect_is_an_error_that_says_it_has_happened() {
    let body =
        r#"{"data":{"url":"https://example.org/c","expiresAt":"x"},"code":0,"message":"ok"}"#;
    let server = Server::play([Act::json(body)]).await;
    let starting = server.client().auth().start(Platform::Tiktok);
    let error = starting
        .retry(RetryPolicy::none())
        .await
        .expect_err("no id");
    let Error::Decode(decode) = &error else {
        panic!("{error:?}");
    };
    assert!(
        decode.reports_success && decode.message.contains("sessionId"),
        "{decode:?}"
    );
    let text = error.to_string();
    assert!(
        text.contains("it is done all the same") && text.contains(error.advice()),
        "{text}"
    );
}
