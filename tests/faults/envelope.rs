//! The envelope, and what else comes as a body.

use std::{collections::BTreeSet, io::Write as _};

use aitoearn::{
    Code, Error, Method, RetryPolicy,
    error::{BodyKind, Category},
    ids::AccountId,
    types::Platform,
};
use aitoearn_api::operations;
use aitoearn_mock::{Act, Then};
use flate2::{Compress, Compression, FlushCompress, write::GzEncoder};
use serde_json::{Value, json};

use crate::support::{NO_ACCOUNTS, client, effect, most_held, paused, read, server};

/// What a list of accounts makes of this body.
async fn listed(body: impl AsRef<[u8]>) -> Result<Vec<aitoearn::types::Account>, Error> {
    answered(Act::json(body)).await
}

/// What a list of accounts makes of this answer, in one attempt.
async fn answered(act: Act) -> Result<Vec<aitoearn::types::Account>, Error> {
    let server = server([act.then(Then::Close)]);
    let once = client(&server).accounts().list().retry(RetryPolicy::none());
    Ok(once.await?.list)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(bytes).expect("memory");
    packed.finish().expect("memory")
}

/// 200 MiB of spaces in about 200 kB: one MiB, packed so that it does not depend on what went before,
/// over and over. The end is never reached, so there is none.
fn bomb() -> Vec<u8> {
    let mut packed = Vec::with_capacity(4096);
    Compress::new(Compression::best(), false)
        .compress_vec(&vec![b' '; 1 << 20], &mut packed, FlushCompress::Full)
        .expect("valid");
    let head = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let bomb = [&head[..], &packed.repeat(200)].concat();
    assert!((100_000..300_000).contains(&bomb.len()), "{}", bomb.len());
    bomb
}

fn account(id: &str) -> Value {
    json!({
        "id": id, "userId": "u", "type": "tiktok", "uid": "1", "nickname": "Ann", "groupId": "g",
        "status": 1,
    })
}

fn list(accounts: &[Value]) -> String {
    let data = json!({ "total": accounts.len(), "list": accounts });
    json!({ "data": data, "code": 0, "message": "ok" }).to_string()
}

/// The error is one of decoding, at this path.
#[track_caller]
fn assert_decode(answer: Result<impl std::fmt::Debug, Error>, path: &str, says: &str) {
    match answer {
        Err(Error::Decode(error)) if error.path == path => {
            let text = error.to_string();
            assert!(text.contains(says), "{text}");
        }
        other => panic!("no decode error at `{path}`: {other:?}"),
    }
}

/// 37. Each documented code, with `data` absent, null, `{}` and `[]`.
///
/// Outcome: `Error::Api` with that code, a name, the category and the id of the request.
/// `tests/envelope` does the same for every operation.
#[tokio::test]
async fn f37_every_code() {
    let codes: BTreeSet<Code> = operations::ALL
        .iter()
        .flat_map(|it| it.codes)
        .copied()
        .collect();
    assert!(codes.len() > 30, "{}", codes.len());
    let bodies: Vec<(Code, String)> = codes
        .into_iter()
        .flat_map(|code| {
            ["", r#""data":null,"#, r#""data":{},"#, r#""data":[],"#].map(|data| {
                let code_text = code.get();
                (
                    code,
                    format!(r#"{{{data}"code":{code_text},"message":"no","requestId":"r-7"}}"#),
                )
            })
        })
        .collect();
    let server = server(bodies.iter().map(|(_, body)| Act::json(body.clone())));
    let client = client(&server);
    for (code, _) in &bodies {
        let once = client.accounts().list().retry(RetryPolicy::none());
        let error = once.await.expect_err("refused");
        assert!(matches!(error, Error::Api(_)), "{error:?}");
        assert_eq!(
            (error.code(), error.category()),
            (Some(*code), Some(code.category()))
        );
        assert_eq!(error.request_id(), Some("r-7"));
        assert!(code.name().is_some(), "{code} has no name");
    }
}

/// 38. `code` as text, as `0.0`, absent, negative, beyond 32 bits, twice, null.
///
/// Outcome: `0.0` is success, and any whole number is a code. Text, null and nothing are no verdict:
/// `Error::Decode`. So is a code that stands there twice, since readers differ in which one counts.
#[tokio::test]
async fn f38_odd_codes() {
    let with = |code: &str| format!(r#"{{"data":{{"total":0,"list":[]}},{code}"message":"ok"}}"#);
    listed(with(r#""code":0.0,"#)).await.expect("zero");
    for (code, expected) in [
        (r#""code":-1,"#, -1),
        (r#""code":1099511627776,"#, 1 << 40),
        (r#""code":12600.0,"#, 12600),
    ] {
        let error = listed(with(code)).await.expect_err("not zero");
        assert_eq!(error.code(), Some(Code::new(expected)), "{error:?}");
    }
    for (code, says) in [
        (r#""code":"0","#, "expected an integer"),
        (r#""code":null,"#, "expected an integer"),
        (r#""code":0.5,"#, "expected an integer"),
        ("", "missing field `code`"),
        (r#""code":0,"code":0,"#, "duplicate field `code`"),
        (r#""code":0,"code":12600,"#, "duplicate field `code`"),
    ] {
        let answer = listed(with(code)).await;
        assert!(
            matches!(&answer, Err(Error::Decode(it)) if it.message.contains(says)),
            "{code}: {answer:?}"
        );
    }
}

/// 39. `code` is 0 and there is no `data`, although the operation returns some.
///
/// Outcome: `Error::Decode` that names `data`; an operation that returns nothing succeeds.
#[tokio::test]
async fn f39_success_without_data() {
    let body = r#"{"code":0,"message":"ok"}"#;
    assert_decode(listed(body).await, "", "missing field `data`");
    let server = server([Act::json(body)]);
    client(&server)
        .accounts()
        .delete("a")
        .await
        .expect("nothing to return");
}

/// 40. `code` is 401 under HTTP 200.
///
/// Outcome: `Error::Api` of the category `Auth`, after one attempt.
#[tokio::test]
async fn f40_unauthorized() {
    let server = server([Act::json(r#"{"data":{},"code":401,"message":"no"}"#)]);
    for error in [
        read(&client(&server)).await.expect_err("refused"),
        effect(&client(&server)).await.expect_err("refused"),
    ] {
        // For an effect, too: the service refused it, so nothing is ambiguous.
        assert!(matches!(error, Error::Api(_)), "{error:?}");
        assert_eq!(
            (error.code(), error.category()),
            (Some(Code::UNAUTHORIZED), Some(Category::Auth))
        );
        assert!(error.attempts() == 1 && !error.is_retryable());
    }
    assert_eq!(server.hits(), 2);
}

/// 41. `data` before `code`, and after it.
///
/// Outcome: the same result, for success and error.
#[tokio::test]
async fn f41_order_of_keys() {
    let data = json!({ "total": 1, "list": [account("a")] });
    for body in [
        format!(r#"{{"data":{data},"code":0,"message":"ok","requestId":"r"}}"#),
        format!(r#"{{"requestId":"r","message":"ok","code":0,"data":{data}}}"#),
    ] {
        assert_eq!(
            listed(body).await.expect("a list")[0].id,
            AccountId::from("a")
        );
    }
    for body in [
        r#"{"data":{"ttl":7},"code":429,"message":"no"}"#,
        r#"{"message":"no","code":429,"data":{"ttl":7}}"#,
    ] {
        let error = listed(body).await.expect_err("refused");
        assert_eq!(error.code(), Some(Code::TOO_MANY_REQUESTS));
        assert_eq!(error.retry_after().map(|it| it.as_secs()), Some(7));
    }
}

/// 42. Fields that this version does not know, beside `data` and inside it.
///
/// Outcome: ignored by the typed calls; `client.request(..)` gives them out.
#[tokio::test]
async fn f42_unknown_fields() {
    let mut account = account("a");
    account["tomorrow"] = json!({ "deep": [1, null] });
    let data = json!({ "total": 1, "list": [account], "tomorrow": 2 });
    let body = json!({ "tomorrow": [3], "data": data, "code": 0, "message": "ok" }).to_string();
    assert_eq!(listed(body.clone()).await.expect("read").len(), 1);
    let server = server([Act::json(body)]);
    let raw = client(&server).request(Method::Get, "/api/v2/channels/accounts");
    assert_eq!(raw.send::<Value>().await.expect("read"), data);
}

/// 43. A value that this version does not know, in every enum of every answer.
///
/// Outcome: kept as `Unknown`, and written again as it came. `tests/forward` puts one into every place
/// of every answer; this is one of them on its way through a connection.
#[tokio::test]
async fn f43_unknown_enum_values() {
    let mut account = account("a");
    account["type"] = json!("a platform of tomorrow");
    account["status"] = json!(77);
    let read = &listed(list(&[account.clone()])).await.expect("read")[0];
    assert_eq!(
        read.type_,
        Platform::Unknown("a platform of tomorrow".to_owned())
    );
    assert_eq!(read.status.value(), 77);
    let written = serde_json::to_value(read).expect("writable");
    assert_eq!(
        (&written["type"], &written["status"]),
        (&account["type"], &account["status"])
    );
}

/// 44. Every optional field is null, or is absent.
///
/// Outcome: both are `None`. `tests/forward` does it to every field of every answer.
#[tokio::test]
async fn f44_optional_fields() {
    let bare = account("a");
    let mut full = bare.clone();
    // One or more of each kind of value: text, enum, count, amount, moment.
    for name in [
        "account",
        "avatar",
        "clientType",
        "fansCount",
        "rank",
        "income",
        "createdAt",
        "lastStatsTime",
    ] {
        full[name] = Value::Null;
    }
    let read = listed(list(&[bare.clone(), full])).await.expect("read");
    assert_eq!(read.len(), 2);
    for account in read {
        let counts = (account.fans_count, account.rank);
        assert_eq!(counts, (None, None));
        // What is `None` is not written.
        assert_eq!(serde_json::to_value(account).expect("writable"), bare);
    }
}

/// 45. A required field is missing deep inside a list.
///
/// Outcome: `Error::Decode` with the place, down to the index.
#[tokio::test]
async fn f45_missing_field() {
    let mut accounts: Vec<_> = (0..30).map(|n| account(&n.to_string())).collect();
    accounts[17]
        .as_object_mut()
        .expect("an object")
        .remove("id");
    assert_decode(
        listed(list(&accounts)).await,
        "data.list[17]",
        "missing field `id`",
    );
    accounts[17]["id"] = json!(false);
    assert_decode(
        listed(list(&accounts)).await,
        "data.list[17].id",
        "expected",
    );
}

/// 46. Whole numbers as `3.0`, `1e3`, beyond 2^53, as text, with a fraction.
///
/// Outcome: counts take every form of a whole number that fits 64 bits, text included; a number that
/// names a state takes no text. A fraction is an error with its place, never rounded.
#[tokio::test]
async fn f46_odd_integers() {
    let total = async |text: &str| {
        let body = format!(r#"{{"data":{{"total":{text},"list":[]}},"code":0,"message":"ok"}}"#);
        let server = server([Act::json(body)]);
        read(&client(&server)).await.map(|it| it.total)
    };
    for (text, expected) in [
        ("3", 3),
        ("3.0", 3),
        ("1e3", 1000),
        ("\"3\"", 3),
        ("9007199254740993", 9_007_199_254_740_993),
        ("\"9007199254740993\"", 9_007_199_254_740_993),
        ("-9223372036854775808", i64::MIN),
    ] {
        assert_eq!(total(text).await.expect(text), expected);
    }
    for wrong in [
        "3.5",
        "\"3.5\"",
        "\"many\"",
        "9223372036854775808",
        "1e300",
        "[3]",
        "true",
    ] {
        assert_decode(total(wrong).await, "data.total", "integer");
    }
    let mut account = account("a");
    for (status, fits) in [(json!(1.0), true), (json!("1"), false), (json!(1.5), false)] {
        account["status"] = status;
        let answer = listed(list(&[account.clone()])).await;
        if fits {
            answer.expect("a whole number");
        } else {
            assert_decode(answer, "data.list[0].status", "integer");
        }
    }
}

/// 47. A byte order mark, something behind the JSON, two documents, NaN, half a surrogate pair, more
///     than 128 levels, 10 MB of one string.
///
/// Outcome: the mark is skipped and the long string read. The rest is `Error::Decode`, except that
/// levels and surrogates in a field that nobody asked for do no harm. No panic, no overflow of the
/// stack.
#[tokio::test]
async fn f47_odd_json() {
    answered(Act::json(NO_ACCOUNTS).bom())
        .await
        .expect("a mark is no content");
    listed(format!("{NO_ACCOUNTS} \r\n"))
        .await
        .expect("space is no content");
    let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    let beside = |value: &str| NO_ACCOUNTS.replacen('{', &format!(r#"{{"new":{value},"#), 1);
    listed(beside(&deep(100_000)))
        .await
        .expect("what is ignored may be deep");
    listed(beside(r#""\ud800""#))
        .await
        .expect("what is ignored may be half a character");
    let long = format!(
        r#"{{"data":{{"total":0,"list":[]}},"code":0,"message":"{}"}}"#,
        "x".repeat(10_000_000)
    );
    listed(long).await.expect("long, and within the limit");

    let data = |value: &str| format!(r#"{{"data":{value},"code":0,"message":"ok"}}"#);
    for body in [
        format!("{NO_ACCOUNTS}x"),
        format!("{NO_ACCOUNTS}{NO_ACCOUNTS}"),
        beside("NaN"),
        data(&deep(129)),
        data(&deep(100_000)),
        data(r#"{"total":NaN,"list":[]}"#),
        data(r#"{"total":0,"list":[{"id":"\udc00x"}]}"#),
        "{".repeat(100_000),
        "[]".to_owned(),
        "\"ok\"".to_owned(),
    ] {
        let answer = listed(body.clone()).await;
        let start: String = body.chars().take(80).collect();
        assert!(
            matches!(&answer, Err(Error::Decode(_))),
            "{start}: {answer:?}"
        );
    }
    // An error with a code stays one, whatever lies in it.
    let error = listed(format!(
        r#"{{"data":{},"code":12600,"message":"no"}}"#,
        deep(100_000)
    ))
    .await;
    assert_eq!(
        error.expect_err("refused").code(),
        Some(Code::ACCOUNT_NOT_FOUND)
    );
}

/// 48. A body over the limit of 32 MiB, as it is or as 200 kB that unpack to 200 MB.
///
/// Outcome: `Error::TooLarge` as soon as the limit is passed, after one attempt. What is held at a
/// time, by client and server together, stays below the limit and two more MB.
#[test]
fn f48_body_over_the_limit() {
    const LIMIT: u64 = 32 * 1024 * 1024;
    let bomb = Act::json(bomb()).header("content-encoding", "gzip");
    let piece = vec![b' '; 1 << 16];
    let plain = Act::json(piece).repeated(200_000_000 >> 16);
    for act in [bomb, plain.clone(), plain.until_close()] {
        let runtime = paused();
        let _entered = runtime.enter();
        let server = server([Act::json(NO_ACCOUNTS), act]);
        let client = client(&server);
        runtime.block_on(read(&client)).expect("small");
        let mut answer = None;
        let held = most_held(|| answer = Some(runtime.block_on(read(&client))));
        let error = answer.expect("an answer").expect_err("too large");
        assert!(
            matches!(&error, Error::TooLarge(it) if it.limit() == LIMIT),
            "{error:?}"
        );
        assert_eq!(server.hits(), 2);
        assert!(held < LIMIT + (2 << 20), "{held} bytes at a time");
    }
}

/// 49. A body that is said to be gzip and is not, gzip that ends too early, and an encoding that was
///     not asked for.
///
/// Outcome: broken gzip is `Error::Transport` inside the answer, as any broken body. An encoding that
/// nobody asked for is `Error::Decode`, which names it.
#[tokio::test]
async fn f49_broken_encodings() {
    let packed = gzip(NO_ACCOUNTS.as_bytes());
    let as_gzip = |body: &[u8]| Act::json(body).header("content-encoding", "gzip");
    answered(as_gzip(&packed)).await.expect("good gzip");

    for act in [
        Act::bad_gzip(),
        as_gzip(NO_ACCOUNTS.as_bytes()),
        as_gzip(&packed[..packed.len() / 2]),
        as_gzip(&packed[..packed.len() - 4]),
    ] {
        let error = answered(act.clone()).await.expect_err("broken");
        assert!(
            matches!(&error, Error::Transport(it) if it.is_inside_answer()),
            "{act:?}: {error:?}"
        );
    }
    for encoding in ["br", "zstd", "deflate", "aes128gcm"] {
        let act = Act::json(packed.clone()).header("content-encoding", encoding);
        let error = answered(act).await.expect_err("cannot be read");
        assert!(
            matches!(&error, Error::Decode(it) if it.kind == BodyKind::Encoded),
            "{error:?}"
        );
        assert!(error.to_string().contains(encoding), "{error}");
    }
    // What is JSON all the same is read.
    let act = Act::json(NO_ACCOUNTS).header("content-encoding", "identity");
    answered(act).await.expect("JSON");
}

/// 50. No content type, `text/plain`, another charset.
///
/// Outcome: JSON in UTF-8 is read whatever the header says. Text in another charset is
/// `Error::Decode` with the place, and the content type is at hand.
#[tokio::test]
async fn f50_odd_content_types() {
    for content_type in [
        "text/plain",
        "text/html",
        "application/json; charset=gbk",
        "\"",
        "application/x-unknown",
    ] {
        let act = Act::answer(200, NO_ACCOUNTS).header("content-type", content_type);
        answered(act).await.expect(content_type);
    }
    answered(Act::answer(200, NO_ACCOUNTS))
        .await
        .expect("no content type");

    let body = list(&[account("Ann")]).into_bytes();
    let place = body
        .windows(3)
        .rposition(|it| it == b"Ann")
        .expect("it is there");
    let gbk = [&body[..place], b"\xb0\xae", &body[place + 3..]].concat();
    let act = Act::answer(200, gbk).header("content-type", "application/json; charset=gbk");
    let error = answered(act).await.expect_err("not UTF-8");
    let Error::Decode(decode) = &error else {
        panic!("{error:?}");
    };
    assert_eq!(decode.path, "data.list[0].nickname");
    assert!(decode.message.contains("unicode"), "{}", decode.message);
    assert_eq!(decode.content_type.as_deref(), Some("application/json"));
}
