//! What is refused before it is sent.

use super::*;

#[test]
fn path_segments_that_cannot_be_encoded_are_refused() {
    for bad in ["", ".", "..", "a\\b", "\\", "a\nb", "\u{0}"] {
        let error = path_segment("account_id", bad).expect_err(bad);
        assert!(error.to_string().contains("account_id"), "{error}");
    }
    for good in [
        "a",
        "../b",
        "a/b",
        "%2F",
        "…",
        "é",
        "a:b",
        "douyin__000-x_web",
        " ",
    ] {
        assert_eq!(path_segment("account_id", good).expect(good), good);
    }
}

#[test]
fn web_addresses_are_absolute() {
    for good in ["https://example.org/done?x=1", "http://localhost:3000"] {
        assert_eq!(
            web_address("redirect_uri", good.to_owned()).expect(good),
            good
        );
    }
    assert_eq!(
        web_address("redirect_uri", "https://example.org/ä b".to_owned()).expect("encoded"),
        "https://example.org/%C3%A4%20b"
    );
    for bad in [
        "",
        "/done",
        "example.org",
        "javascript:alert(1)",
        "ftp://example.org",
    ] {
        assert!(
            web_address("redirect_uri", bad.to_owned()).is_err(),
            "{bad}"
        );
    }
}

#[test]
fn query_lists_have_the_services_limit() {
    assert_eq!(query_values::<u8>("ids", Some(vec![])).expect("fine"), None);
    assert_eq!(
        query_values("ids", Some(vec![0; 20])).expect("fine"),
        Some(vec![0; 20])
    );
    let error = query_values("ids", Some(vec![0; 21]))
        .expect_err("too many")
        .to_string();
    assert!(error.contains("21") && error.contains("20"), "{error}");
}

#[test]
fn texts_and_lists_have_lengths_and_numbers_have_ranges() {
    filled("label", &"x").expect("fine");
    filled("label", &" \t").expect_err("blank");
    all_filled("labels", &["a", "b"]).expect("fine");
    let error = all_filled("labels", &["a", ""]).expect_err("one is empty");
    assert!(error.to_string().contains("index 1"), "{error}");
    length("label", &"🦀", 2..=2).expect("two, as JavaScript counts");
    let error = length("label", &"abc", 0..=2).expect_err("too long");
    assert!(error.to_string().contains("3 characters"), "{error}");
    count("files", &[1], 1..=2).expect("fine");
    let error = count::<u8>("files", &[], 1..=usize::MAX).expect_err("none");
    assert!(error.to_string().contains("1 or more"), "{error}");
    range("page", &7, 1..=i64::MAX).expect("fine");
    for (number, bounds, words) in [
        (0, 1..=9, "1 to 9"),
        (0, 1..=i64::MAX, "1 or more"),
        (3, i64::MIN..=2, "2 or less"),
    ] {
        let error = range("page", &number, bounds).expect_err("out of range");
        assert!(error.to_string().contains(words), "{error}");
    }
    let ids = ["66f2a9c4d81e5b0037c4a1a0", "66f2"].map(crate::GroupId::from);
    object_ids("ids", &ids[..1], crate::GroupId::is_well_formed).expect("fine");
    let error = object_ids("ids", &ids, crate::GroupId::is_well_formed).expect_err("short");
    assert!(error.to_string().contains("index 1"), "{error}");
}

#[test]
fn bodies_are_objects_and_spans_are_one_text() {
    let object = json_object("value", serde_json::json!({ "a": 1 })).expect("fine");
    assert_eq!(object["a"], 1);
    json_object("value", [1]).expect_err("a list");
    let at = |text: &str| text.parse::<Timestamp>().expect(text);
    let (start, end) = (at("2026-03-01T00:00:00Z"), at("2026-03-02T00:00:00+02:00"));
    assert_eq!(
        span(Some((start.clone(), end.clone())))
            .expect("fine")
            .as_deref(),
        Some("2026-03-01T00:00:00.000Z,2026-03-01T22:00:00.000Z")
    );
    assert_eq!(span(None).expect("fine"), None);
    span(Some((end, start))).expect_err("backwards");
}

#[test]
fn media_is_at_a_public_address() {
    for good in [
        "https://cdn.example.com/a.mp4",
        "http://bücher.example/ä b.png?x=[1]",
        "https://xn--e1afmkfd.xn--p1ai:8443/x",
        "https://cdn.example.com./a",
    ] {
        assert!(is_public_address(good), "{good}");
    }
    for bad in [
        "",
        "a.mp4",
        "cdn.example.com/a.mp4",
        "//cdn.example.com/a.mp4",
        "ftp://cdn.example.com/a",
        "file:///a.mp4",
        "data:image/png;base64,AA==",
        "http://localhost/a",
        "http://localhost./a",
        "https://host/a",
        "http://127.0.0.1/a",
        "http://[::1]/a",
        "https://.example/a",
    ] {
        assert!(!is_public_address(bad), "{bad}");
    }
}

#[test]
fn moments_are_sent_in_utc() {
    let read = |text: &str| moment("since", &text.parse().expect(text)).expect(text);
    for same in [
        "2026-05-18T09:30:00Z",
        "2026-05-18T17:30:00+08:00",
        "2026-05-18T09:30:00",
    ] {
        assert_eq!(read(same).as_str(), "2026-05-18T09:30:00.000Z", "{same}");
    }
    let odd: Timestamp = serde_json::from_str("\"soon\"").expect("any text");
    assert!(moment("since", &odd).is_err());
    let (early, late) = (read("2026-05-18T09:30:00Z"), read("2026-05-18T09:30:01Z"));
    let names = ["since", "until"];
    assert!(period(names, Some(&early), Some(&late)).is_ok());
    assert!(period(names, Some(&early), Some(&early)).is_ok());
    assert!(period(names, Some(&late), None).is_ok());
    let error = period(names, Some(&late), Some(&early)).expect_err("backwards");
    assert!(error.to_string().contains("`since`"), "{error}");
}

#[test]
fn headers_of_the_client_cannot_be_replaced() {
    for bad in [
        "X-Api-Key",
        "authorization",
        "x-goog-api-key",
        "Host",
        "Content-Length",
        "x-request-id",
    ] {
        let error = header(bad, "hunter2").expect_err(bad).to_string();
        assert!(!error.contains("hunter2"), "{error}");
    }
    let error = header("x-note", "a\r\nx-api-key: hunter2").expect_err("injection");
    assert!(
        !format!("{error} {error:?}").contains("hunter2"),
        "{error:?}"
    );
    let (_, value) = header("x-note", "hunter2").expect("fine");
    assert!(!format!("{value:?}").contains("hunter2"));
}

#[test]
fn request_ids() {
    let id = new_uuid();
    assert_eq!(id.len(), 36);
    assert_eq!(&id[14..15], "4", "{id}");
    assert!("89ab".contains(&id[19..20]), "{id}");
    assert_ne!(id, new_uuid());
    assert_eq!(id.matches('-').count(), 4, "{id}");
    assert_eq!(request_id(&id).expect("fine"), id);
    assert_eq!(new_request_id().map(|id| id.len()), Some(36));
    for bad in ["", "a b", "é", "a\n", &"x".repeat(129)] {
        assert!(request_id(bad).is_err(), "{bad}");
    }
}
