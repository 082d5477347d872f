//! The envelope, read from every shape the service answers in.

use aitoearn_api::{BodyKind, BusinessError, Code, DecodeError, Envelope, Failure};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Item {
    id: i64,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Page {
    list: Vec<Item>,
}

fn read<T: serde::de::DeserializeOwned>(body: &str) -> Result<Envelope<T>, Failure> {
    Envelope::from_slice(body.as_bytes())
}

#[track_caller]
fn business<T: serde::de::DeserializeOwned + std::fmt::Debug>(body: &str) -> BusinessError {
    match read::<T>(body) {
        Err(Failure::Business(error)) => *error,
        other => panic!("no business error: {other:?}\n{body}"),
    }
}

#[track_caller]
fn decode<T: serde::de::DeserializeOwned + std::fmt::Debug>(body: &str) -> DecodeError {
    match read::<T>(body) {
        Err(Failure::Decode(error)) => *error,
        other => panic!("no decode error: {other:?}\n{body}"),
    }
}

#[test]
fn a_success_in_any_order_with_unknown_keys() {
    for body in [
        r#"{"data":[{"id":1}],"code":0,"message":"ok","requestId":"r1"}"#,
        r#"{"code":0,"message":"ok","requestId":"r1","data":[{"id":1}]}"#,
        r#"{"requestId":"r1","new":{"a":[1]},"code":0.0,"data":[{"id":1,"new":2}],"message":"ok"}"#,
    ] {
        let envelope = read::<Vec<Item>>(body).unwrap();
        assert_eq!(envelope.data, [Item { id: 1 }]);
        assert_eq!(envelope.message, "ok");
        assert_eq!(envelope.request_id.as_deref(), Some("r1"));
    }
}

#[test]
fn a_missing_or_null_request_id_is_none() {
    for id in ["", r#","requestId":null"#] {
        let body = format!(r#"{{"data":true,"code":0,"message":"ok"{id}}}"#);
        assert_eq!(read::<bool>(&body).unwrap().request_id, None);
    }
}

#[test]
fn absent_data_is_null() {
    let body = r#"{"code":0,"message":"ok"}"#;
    read::<()>(body).unwrap();
    assert_eq!(read::<Option<Item>>(body).unwrap().data, None);
    assert_eq!(read::<Value>(body).unwrap().data, Value::Null);
    assert_eq!(decode::<Vec<Item>>(body).message, "missing field `data`");
    assert_eq!(decode::<Page>(body).message, "missing field `data`");
}

#[test]
fn an_error_is_never_a_decode_error_whatever_its_data() {
    for data in [
        "null",
        "{}",
        "[]",
        "true",
        "17",
        r#""text""#,
        r#"{"list":{}}"#,
        r#"[{"id":"x"}]"#,
        r#"{"list":[{"id":1}]}"#,
        r#"{"n":1e999}"#,
    ] {
        for body in [
            format!(r#"{{"data":{data},"code":12600,"message":"No such account"}}"#),
            format!(r#"{{"code":12600,"message":"No such account","data":{data}}}"#),
        ] {
            for error in [
                business::<Vec<Item>>(&body),
                business::<Page>(&body),
                business::<Option<Item>>(&body),
                business::<Value>(&body),
                business::<()>(&body),
                business::<String>(&body),
            ] {
                assert_eq!(error.code, Code::ACCOUNT_NOT_FOUND);
                assert_eq!(error.message, "No such account");
            }
        }
    }
    let error = business::<Vec<Item>>(r#"{"code":12600,"message":"No such account"}"#);
    assert_eq!(error.data, Value::Null);
}

#[test]
fn an_error_keeps_its_details() {
    let error = business::<Page>(
        r#"{"data":{"ttl":60,"platform":"tiktok"},"code":429,"message":"slow","timestamp":1772099056662,"requestId":"r2"}"#,
    );
    assert_eq!(error.data, json!({"ttl": 60, "platform": "tiktok"}));
    assert_eq!(error.timestamp_ms, Some(1_772_099_056_662));
    assert_eq!(error.request_id.as_deref(), Some("r2"));
    assert_eq!(error.retry_after, Some(std::time::Duration::from_secs(60)));
    assert_eq!(
        error.to_string(),
        "TooManyRequests (429): slow [request r2]"
    );
}

#[test]
fn an_error_needs_nothing_but_its_code() {
    for (body, code) in [
        (r#"{"code":401}"#, 401),
        (
            r#"{"code":401.0,"message":null,"requestId":7,"timestamp":"x"}"#,
            401,
        ),
        (r#"{"code":-1,"message":{"a":1}}"#, -1),
        (r#"{"code":1099511627776,"message":"x"}"#, 1 << 40),
    ] {
        assert_eq!(business::<Page>(body).code, Code::new(code));
    }
    let error = business::<Page>(r#"{"code":401}"#);
    assert_eq!(
        error.to_string(),
        "Unauthorized (401): The API key is missing or not valid on this site."
    );
}

#[test]
fn odd_codes_are_decode_errors() {
    for (code, found) in [
        (r#""code":"0","#, "string \"0\""),
        (r#""code":null,"#, "null"),
        (r#""code":0.5,"#, "floating point `0.5`"),
        (r#""code":true,"#, "boolean `true`"),
        (
            r#""code":9223372036854775808,"#,
            "integer `9223372036854775808`",
        ),
    ] {
        let error = decode::<Value>(&format!(r#"{{{code}"message":"ok","data":1}}"#));
        assert_eq!(error.path, "code", "{code}");
        assert!(error.message.contains(found), "{}", error.message);
    }
    let missing = decode::<Value>(r#"{"message":"ok","data":1}"#);
    assert_eq!(missing.message, "missing field `code`");
    let missing = decode::<Value>(r#"{"code":0,"data":1}"#);
    assert_eq!(missing.message, "missing field `message`");
    for twice in [
        r#""code":0,"code":0"#,
        r#""code":0,"code":12600"#,
        r#""code":12600,"code":0"#,
    ] {
        let error = decode::<Value>(&format!(r#"{{"data":1,"message":"",{twice}}}"#));
        assert_eq!(error.message, "duplicate field `code`", "{twice}");
    }
}

#[test]
fn a_byte_order_mark_does_not_matter() {
    let success = "\u{feff}{\"data\":{\"id\":1},\"code\":0,\"message\":\"ok\"}";
    assert_eq!(read::<Item>(success).unwrap().data, Item { id: 1 });
    let error = "\u{feff}{\"data\":{},\"code\":12600,\"message\":\"x\"}";
    assert_eq!(business::<Vec<Item>>(error).code, Code::ACCOUNT_NOT_FOUND);
}

#[test]
fn garbage_after_the_object_spoils_a_success_but_hides_no_code() {
    let error = decode::<Value>(r#"{"data":1,"code":0,"message":"ok"}<!-- cache -->"#);
    assert_eq!(
        (error.kind, error.message.as_str()),
        (BodyKind::Json, "trailing characters")
    );
    let error = business::<Vec<Item>>(r#"{"data":{},"code":12600,"message":"x"}<!-- cache -->"#);
    assert_eq!(error.code, Code::ACCOUNT_NOT_FOUND);
}

#[test]
fn other_bodies_are_told_for_what_they_are() {
    for (body, kind) in [
        ("", BodyKind::Empty),
        ("\u{feff} \r\n", BodyKind::Empty),
        ("<!DOCTYPE html><title>502</title>", BodyKind::Html),
        ("  <html>", BodyKind::Html),
        (r#"{"data":{"list":[{"id":1},"#, BodyKind::Truncated),
        (r#"{"data":{"list":[]},"code":0,"mess"#, BodyKind::Truncated),
        ("[1,2", BodyKind::Json),
        (r#"{"data":}"#, BodyKind::Json),
        ("[]", BodyKind::Json),
        ("null", BodyKind::Json),
        (r#""ok""#, BodyKind::Json),
        ("OK", BodyKind::Other),
        ("upstream connect error", BodyKind::Other),
    ] {
        let error = decode::<Page>(body);
        assert_eq!(error.kind, kind, "{body}");
        let line = error.to_string();
        assert!(line.len() < 400 && !line.contains('\n'), "{line}");
    }
}

/// `serde_json` stops at 128 levels.
#[test]
fn deep_nesting_neither_crashes_nor_hides_a_code() {
    let deep = format!("{}{}", "[".repeat(129), "]".repeat(129));
    let error = business::<Value>(&format!(r#"{{"data":{deep},"code":12600,"message":"x"}}"#));
    assert_eq!(error.code, Code::ACCOUNT_NOT_FOUND);
    assert_eq!(error.data, Value::Null);
    assert_eq!(error.data.as_str(), deep);

    for (name, odd) in [
        ("message", &*deep),
        ("requestId", &*deep),
        ("timestamp", "1e999"),
        ("data", "1e999"),
        ("new", &*deep),
    ] {
        let error = business::<Value>(&format!(r#"{{"{name}":{odd},"code":12600}}"#));
        assert_eq!(error.code, Code::ACCOUNT_NOT_FOUND, "{name}");
    }

    let error = decode::<Value>(&format!(r#"{{"data":{deep},"code":0,"message":"ok"}}"#));
    assert!(error.path.starts_with("data[0][0]"), "{}", error.path);
    assert_eq!(error.message, "recursion limit exceeded");

    let ignored = format!(r#"{{"new":{deep},"data":{{"id":1}},"code":0,"message":"ok"}}"#);
    assert_eq!(read::<Item>(&ignored).unwrap().data, Item { id: 1 });
}

#[test]
fn a_decode_error_names_the_place() {
    let list: Vec<_> = (0..30)
        .map(|id| json!({ "id": if id == 17 { json!({}) } else { json!(id) } }))
        .collect();
    let body = json!({"data": {"list": list}, "code": 0, "message": "ok"});
    let body = serde_json::to_string(&body).unwrap();
    let error = decode::<Page>(&body);
    assert_eq!(error.path, "data.list[17].id");
    assert_eq!(error.message, "invalid type: map, expected i64");
    assert_eq!(error.len, body.len());
    assert_eq!((error.line, error.column), (1, error.offset));
    assert!(
        body[..error.offset].ends_with(r#"{"id":16},{"id":"#),
        "{}",
        &body[..error.offset]
    );
    assert!(
        error.excerpt.contains(r#"{"id":16},{"id":{}},{"id":18"#),
        "{}",
        error.excerpt
    );
}

#[test]
fn the_offset_counts_over_lines() {
    let body = "{\n \"code\": 0,\n \"message\": \"ok\",\n \"data\": {\"id\": \"one\"}\n}";
    let error = decode::<Item>(body);
    assert_eq!((error.path.as_str(), error.line), ("data.id", 4));
    assert!(
        body[..error.offset].ends_with("\"one\""),
        "{}",
        error.offset
    );
}

#[test]
fn a_decode_error_takes_the_request_id_from_the_body() {
    let error = decode::<Item>(r#"{"data":[],"code":0,"message":"ok","requestId":"r3"}"#);
    assert_eq!(error.request_id.as_deref(), Some("r3"));
}

#[test]
fn no_bytes_make_it_panic() {
    let body = r#"{"data":{"list":[{"id":1},{"id":"ä"}]},"code":12600,"message":"x","t":1e9}"#;
    for place in 0..=body.len() {
        let _ = Envelope::<Page>::from_slice(&body.as_bytes()[..place]);
        for byte in [
            0, b'"', b'{', b'}', b'[', b',', b'9', b'\\', b'\n', 0x80, 0xff,
        ] {
            let mut body = body.as_bytes().to_vec();
            body.insert(place, byte);
            if let Err(error) = Envelope::<Page>::from_slice(&body) {
                assert!(!error.to_string().contains('\n'));
            }
        }
    }
}

#[test]
fn what_is_written_can_be_read() {
    let mut envelope = Envelope::new(vec![Item { id: 1 }]);
    let text = serde_json::to_string(&envelope).unwrap();
    assert_eq!(text, r#"{"data":[{"id":1}],"code":0,"message":"ok"}"#);
    envelope.request_id = Some("r1".to_owned());
    let text = serde_json::to_string(&envelope).unwrap();
    assert_eq!(read::<Vec<Item>>(&text).unwrap(), envelope);
}

#[test]
fn the_plain_decoder_alone_never_takes_an_error_for_a_success() {
    for body in [
        r#"{"data":{"id":1},"code":12600,"message":"x"}"#,
        r#"{"code":12600,"data":{"id":1},"message":"x"}"#,
        r#"{"data":{"id":1},"message":"x"}"#,
    ] {
        serde_json::from_str::<Envelope<Item>>(body).unwrap_err();
    }
}
