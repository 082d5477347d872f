//! The judge itself: it refuses what the service would misread, each for its reason.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::judge::{Judge, Sent};

/// A request that is as documented, to be spoilt.
fn request(method: &str, path: &str, query: &[(&str, &str)], body: Option<Value>) -> Sent {
    let mut headers = HashMap::from([("x-api-key".to_owned(), "ak_test-key".to_owned())]);
    if body.is_some() {
        headers.insert("content-type".to_owned(), "application/json".to_owned());
    }
    Sent {
        method: method.to_owned(),
        path: path.to_owned(),
        query: query
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        headers,
        body: body
            .map(|body| body.to_string().into_bytes())
            .unwrap_or_default(),
    }
}

fn get(path: &str, query: &[(&str, &str)]) -> Sent {
    request("GET", path, query, None)
}

fn flow(change: impl FnOnce(&mut Value)) -> Sent {
    let mut body = json!({
        "flowId": "f",
        "publishAt": "2026-03-05T01:00:00.000Z",
        "content": { "body": "Jars", "media": [{ "url": "https://cdn.example.com/a.mp4" }] },
        "items": [{ "platform": "tiktok", "accountId": "tiktok_1", "option": { "is_aigc": true } }],
    });
    change(&mut body);
    request("POST", "/api/v2/channels/publish/flows", &[], Some(body))
}

const ACCOUNTS: &str = "/api/v2/channels/accounts";
const WORKS: &str = "/api/v2/channels/works/youtube";

#[test]
fn what_is_right_passes() {
    let mut judge = Judge::new();
    for right in [
        get(ACCOUNTS, &[]),
        get(
            ACCOUNTS,
            &[
                ("ids[]", "a"),
                ("ids[]", "b"),
                ("types[]", "KWAI"),
                ("status", "1"),
            ],
        ),
        get(
            WORKS,
            &[
                ("accountId", "a"),
                ("pagination[limit]", "5"),
                ("pagination[direction]", "next"),
            ],
        ),
        get(
            "/api/v2/channels/publish/records/queued",
            &[("time", "2026-03-05T01:00:00Z,2026-03-06T01:00:00Z")],
        ),
        flow(|_| {}),
        flow(|body| body["items"][0]["overrides"] = json!({ "cover": null })),
    ] {
        assert_eq!(judge.judge(&right), Ok(()), "{right:?}");
    }
}

#[test]
fn what_is_wrong_does_not() {
    let mut judge = Judge::new();
    let mut second_key = get(ACCOUNTS, &[]);
    second_key
        .headers
        .insert("authorization".to_owned(), "Bearer k".to_owned());
    let mut no_key = get(ACCOUNTS, &[]);
    no_key.headers.clear();
    let mut form = flow(|_| {});
    form.headers
        .insert("content-type".to_owned(), "text/plain".to_owned());
    let mut cut = flow(|_| {});
    cut.body.truncate(20);
    let mut body_of_a_get = get(ACCOUNTS, &[]);
    body_of_a_get.body = b"{}".to_vec();

    for (wrong, reason) in [
        (get("/api/v2/channels/account", &[]), "no operation"),
        (request("PUT", ACCOUNTS, &[], None), "no operation"),
        (
            get("/api/v2/channels/works/YouTube", &[("accountId", "a")]),
            "`platform`",
        ),
        (get(ACCOUNTS, &[("ids", "a")]), "`ids`"),
        (get(ACCOUNTS, &[("types[]", "kwai")]), "`types[]`"),
        (get(ACCOUNTS, &[("status", "")]), "`status`"),
        (get(ACCOUNTS, &[("status", "2")]), "`status`"),
        (
            get(ACCOUNTS, &[("status", "1"), ("status", "0")]),
            "more than once",
        ),
        (request("DELETE", ACCOUNTS, &[], None), "`ids[]` is missing"),
        (get(WORKS, &[]), "`accountId` is missing"),
        (get(WORKS, &[("accountId", "")]), "`accountId`"),
        (get(WORKS, &[("accountId", "a"), ("limit", "5")]), "`limit`"),
        (
            get(WORKS, &[("accountId", "a"), ("pagination[limit]", "0")]),
            "`pagination[limit]`",
        ),
        (
            get(WORKS, &[("accountId", "a"), ("pagination[limit]", "2.5")]),
            "`pagination[limit]`",
        ),
        (no_key, "`x-api-key` is missing"),
        (second_key, "`authorization` is not asked for"),
        (body_of_a_get, "no body"),
        (form, "text/plain"),
        (cut, "EOF"),
        (flow(|body| body["publishAt"] = Value::Null), "publishAt"),
        (
            flow(|body| body["publishAt"] = json!("tomorrow")),
            "publishAt",
        ),
        (
            flow(|body| body["title"] = json!("in the wrong place")),
            "title",
        ),
        (flow(|body| body["items"] = json!([])), "items"),
        (
            flow(|body| body["items"][0]["platform"] = json!("kwai")),
            "items",
        ),
        (
            flow(|body| body["items"][0]["option"]["is_aigcc"] = json!(true)),
            "items",
        ),
        (
            flow(|body| body["items"][0]["overrides"] = json!({ "title": null })),
            "items",
        ),
        (
            flow(|body| body["content"]["media"][0]["url"] = json!("a.mp4")),
            "url",
        ),
        (
            flow(|body| body["items"][0] = json!({ "platform": "bilibili", "accountId": "b" })),
            "items",
        ),
    ] {
        match judge.judge(&wrong) {
            Ok(()) => panic!("not refused because of {reason}: {wrong:?}"),
            Err(problem) => assert!(problem.contains(reason), "{reason}: {problem}"),
        }
    }
}
