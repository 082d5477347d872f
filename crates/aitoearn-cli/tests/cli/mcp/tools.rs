//! Which tools there are, and those that look or generate.

use aitoearn_mock::{Sandbox, operations};
use rmcp::model::{CallToolResponse, GetPromptRequestParams, ReadResourceRequestParams};
use serde_json::{Value, json};

use super::{Host, params, serve};

const CHANGING: &[&str] = &[
    "connect_account",
    "upload_file",
    "publish_post",
    "cancel_post",
    "generate_image",
    "generate_video",
];

#[tokio::test]
async fn tools_with_their_annotations() {
    let served = serve(None, &["--all-operations"], Host::default()).await;
    let info = served.client.peer_info().unwrap();
    assert!(info.instructions.as_deref().unwrap().contains("user_text"));
    let mut lines = String::new();
    for tool in served.client.list_all_tools().await.unwrap() {
        let tool = serde_json::to_value(tool).unwrap();
        let name = tool["name"].as_str().unwrap();
        assert!(tool["description"].as_str().unwrap().len() > 50, "{name}");
        for schema in ["inputSchema", "outputSchema"] {
            assert_eq!(tool[schema]["type"], "object", "{name}: {schema}");
            assert!(tool[schema]["properties"].is_object(), "{name}: {schema}");
        }
        let input = &tool["inputSchema"];
        let is_closed = [
            &input["additionalProperties"],
            &input["unevaluatedProperties"],
        ];
        assert!(is_closed.contains(&&Value::Bool(false)), "{name}: {input}");
        let hints = &tool["annotations"];
        let hint = |name: &str, word| {
            if hints[name].as_bool().unwrap() {
                word
            } else {
                "-"
            }
        };
        lines += &format!(
            "{name} | {} | {} {} {} {} | {} | {}\n",
            tool["title"].as_str().unwrap(),
            hint("readOnlyHint", "reads"),
            hint("destructiveHint", "destroys"),
            hint("idempotentHint", "once"),
            hint("openWorldHint", "open"),
            names(input, false),
            names(&tool["outputSchema"], true),
        );
    }
    insta::assert_snapshot!("tools", lines);
}

/// The properties of a schema; the needed ones with a star.
fn names(schema: &Value, only_needed: bool) -> String {
    let needed: Vec<&Value> = schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .collect();
    let all = schema["properties"].as_object().unwrap().keys();
    let shown = all.filter_map(|name| {
        let is_needed = needed.iter().any(|it| *it == name);
        match (is_needed, only_needed) {
            (true, false) => Some(format!("{name}*")),
            (true, true) | (false, false) => Some(name.clone()),
            (false, true) => None,
        }
    });
    shown.collect::<Vec<_>>().join(" ")
}

/// What the registries of servers demand of the file.
#[test]
fn the_description_for_registries_is_sound() {
    let file: Value = serde_json::from_str(include_str!("../../../server.json")).unwrap();
    assert_eq!(file["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(file["repository"]["url"], env!("CARGO_PKG_REPOSITORY"));
    let name = file["name"].as_str().unwrap();
    let (space, own) = name.split_once('/').unwrap();
    let is_plain = |it: &str| {
        it.bytes()
            .all(|c| c.is_ascii_alphanumeric() || b".-".contains(&c))
    };
    assert!(is_plain(space) && is_plain(own), "{name}");
    assert!(file["description"].as_str().unwrap().len() <= 100);
}

/// The page names every tool and every flag.
#[tokio::test]
async fn the_page_is_complete() {
    let page = include_str!("../../../MCP.md");
    let served = serve(None, &["--all-operations"], Host::default()).await;
    for name in served.names().await {
        assert!(page.contains(&format!("`{name}`")), "{name}");
    }
    let help = crate::support::ran(&mut served.folder.command(&["mcp", "--help"])).out;
    for flag in [
        "--root",
        "--read-only",
        "--no-spend",
        "--all-operations",
        "--http",
    ] {
        assert!(
            help.contains(flag) && page.contains(&format!("`{flag}")),
            "{flag}"
        );
    }
}

/// The newest version has no handshake, and a server that asks ends the call with the question.
#[tokio::test]
async fn the_newest_protocol_is_spoken_too() {
    let host = Host {
        says: Some(true),
        is_new: true,
        ..Host::default()
    };
    let served = serve(None, &[], host.clone()).await;
    let info = served.client.peer_info().unwrap();
    assert_eq!(info.protocol_version.as_str(), "2026-07-28");
    assert_eq!(served.names().await.len(), 15);
    let mut post = json!({
        "accounts": ["youtube_1"], "title": "Maps", "media": ["clip.mp4"], "wait_seconds": 60,
    });
    served.refused("publish_post", post.clone()).await;
    assert!(host.asked.lock().unwrap().is_empty());
    post["confirm"] = json!(true);
    let done = served.data("publish_post", post.clone()).await;
    assert_eq!(done["posts"][0]["outcome"], "published");
    assert_eq!(host.asked.lock().unwrap().len(), 1);
    assert!(!host.told.lock().unwrap().is_empty());

    let no = Host {
        says: Some(false),
        ..host
    };
    let served = serve(None, &[], no).await;
    let error = served.refused("publish_post", post).await;
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .contains("does not want it")
    );
    let listed = served.data("list_posts", json!({})).await;
    assert!(listed["posts"].as_array().unwrap().is_empty());

    // An answer to another question is none.
    let other = json!({
        "accounts": ["youtube_1"], "title": "Other maps", "media": ["clip.mp4"], "confirm": true,
    });
    let mut call = params("publish_post", other);
    let yes = json!({ "action": "accept", "content": { "go_on": true } });
    call.input_responses = Some([("consent".to_owned(), yes)].into());
    call.request_state = Some("of another".to_owned());
    let answer = served.client.call_tool_once(call).await.unwrap();
    assert!(matches!(answer, CallToolResponse::InputRequired(_)));
}

#[tokio::test]
async fn flags_take_tools_away() {
    let all = serve(None, &[], Host::default()).await.names().await;
    assert_eq!(all.len(), 15, "{all:?}");
    let read_only = serve(None, &["--read-only"], Host::default()).await;
    let left = read_only.names().await;
    assert_eq!(left.len(), all.len() - CHANGING.len());
    assert!(CHANGING.iter().all(|it| !left.contains(&(*it).to_owned())));
    // Not only hidden.
    let call = params("publish_post", json!({ "accounts": [], "confirm": true }));
    assert!(read_only.client.call_tool(call).await.is_err());

    let left = serve(None, &["--no-spend"], Host::default())
        .await
        .names()
        .await;
    let gone: Vec<&String> = all.iter().filter(|it| !left.contains(it)).collect();
    assert_eq!(gone, ["generate_image", "generate_video"]);
}

#[tokio::test]
async fn platforms_rules_accounts_and_works() {
    let served = serve(None, &[], Host::default()).await;
    let platforms = served.data("list_platforms", json!({})).await;
    let platforms = platforms["platforms"].as_array().unwrap();
    assert!(platforms.iter().any(|it| it["platform"] == "youtube"));
    let rules = served
        .data("platform_rules", json!({ "platform": "YouTube" }))
        .await;
    assert_eq!(rules["platform"], "youtube");
    assert!(rules["rules"]["contentLimits"].is_object(), "{rules}");
    let error = served
        .refused("platform_rules", json!({ "platform": "myspace" }))
        .await;
    assert!(error["advice"].as_str().unwrap().contains("youtube"));

    let accounts = served
        .data("list_accounts", json!({ "platforms": ["tiktok"] }))
        .await;
    let ids: Vec<&Value> = accounts["accounts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["account"])
        .collect();
    assert_eq!(ids, ["tiktok_1", "tiktok_2"]);

    let works = served
        .data("list_works", json!({ "account": "youtube_1", "limit": 2 }))
        .await;
    let work = &works["works"][0];
    assert!(work["user_text"]["title"].is_string(), "{works}");
    assert!(work["title"].is_null());
    let numbers = served
        .data(
            "work_analytics",
            json!({ "account": "youtube_1", "work": work["work"] }),
        )
        .await;
    assert!(
        numbers["metrics"].as_object().unwrap().len() > 1,
        "{numbers}"
    );
}

#[tokio::test]
async fn connecting_gives_an_address_and_a_handle() {
    let sandbox = Sandbox::builder().demo_accounts().start().unwrap();
    sandbox.sessions().hold();
    let served = serve(Some(&sandbox), &[], Host::default()).await;
    let begun = served
        .data("connect_account", json!({ "platform": "tiktok" }))
        .await;
    assert!(begun["open"].as_str().unwrap().starts_with("http"));
    let look = json!({ "handle": begun["handle"] });
    assert_eq!(
        served.data("job_status", look.clone()).await["status"],
        "running"
    );
    let session = begun["handle"]["job"]["session_id"].as_str().unwrap();
    sandbox.sessions().complete(session).unwrap();
    let done = served.data("job_status", look).await;
    assert_eq!(done["status"], "done");
    assert!(
        done["accounts"][0].as_str().unwrap().starts_with("tiktok_"),
        "{done}"
    );
}

#[tokio::test]
async fn generating_tells_the_price_first_and_is_found_again_by_another_process() {
    let sandbox = Sandbox::builder().demo_accounts().start().unwrap();
    sandbox.videos().hold();
    let served = serve(Some(&sandbox), &[], Host::default()).await;
    let count = |operation: &str| {
        let seen = sandbox.seen();
        seen.iter()
            .filter(|it| it.operation == Some(operation))
            .count()
    };
    let mut wanted = json!({ "prompt": "A paper boat", "wait_seconds": 0 });
    for confirm in [Value::Null, json!(false)] {
        wanted["confirm"] = confirm;
        let error = served.refused("generate_video", wanted.clone()).await;
        assert!(
            error["message"].as_str().unwrap().contains("credits"),
            "{error}"
        );
    }
    assert_eq!(count("video_generate"), 0);
    wanted["confirm"] = json!(true);
    let begun = served.data("generate_video", wanted).await;
    assert_eq!(begun["status"], "running");
    assert_eq!(count("video_generate"), 1);
    drop(served);

    sandbox.videos().pending_polls(0);
    let other = serve(Some(&sandbox), &["--read-only"], Host::default()).await;
    let done = other
        .data("job_status", json!({ "handle": begun["handle"] }))
        .await;
    assert_eq!(done["status"], "done");
    assert_eq!(done["urls"].as_array().unwrap().len(), 1);
    assert_eq!(count("video_generate"), 1);

    let mut elsewhere = begun["handle"].clone();
    elsewhere["server"] = json!("https://example.com");
    let before = sandbox.seen().len();
    let error = other
        .refused("job_status", json!({ "handle": elsewhere }))
        .await;
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .contains("another server")
    );
    assert_eq!(sandbox.seen().len(), before);
}

#[tokio::test]
async fn an_image_is_waited_for_with_progress() {
    let host = Host::default();
    let served = serve(None, &[], host.clone()).await;
    let wanted = json!({ "prompt": "A folded map", "confirm": true, "wait_seconds": 60 });
    let done = served.data("generate_image", wanted).await;
    assert_eq!(done["status"], "done", "{done}");
    assert!(!done["urls"].as_array().unwrap().is_empty());
    assert!(!host.told.lock().unwrap().is_empty());
}

#[tokio::test]
async fn any_operation_behind_a_flag() {
    let sandbox = Sandbox::builder().demo_accounts().start().unwrap();
    let served = serve(
        Some(&sandbox),
        &["--all-operations", "--no-spend"],
        Host::default(),
    )
    .await;
    let found = served
        .data("search_operations", json!({ "words": "account GROUPS" }))
        .await;
    let found = found["operations"].as_array().unwrap();
    assert!(
        found.iter().any(|it| it["name"] == "account_groups_list"),
        "{found:?}"
    );
    let list = json!({ "operation": "account_groups_list", "confirm": false });
    let groups = served.data("call_operation", list).await;
    assert!(groups["untrusted"].is_array(), "{groups}");

    let create = |confirm: bool| json!({ "operation": "account_groups_create", "body": { "name": "Travel" }, "confirm": confirm });
    served.refused("call_operation", create(false)).await;
    assert!(!sandbox.operations_seen().contains("account_groups_create"));
    served.data("call_operation", create(true)).await;
    assert!(sandbox.operations_seen().contains("account_groups_create"));

    let dots =
        json!({ "operation": "accounts_get", "path": { "accountId": ".." }, "confirm": true });
    served.refused("call_operation", dots).await;
    let spend = json!({ "operation": operations::VIDEO_GENERATE.name, "confirm": true });
    let error = served.refused("call_operation", spend).await;
    assert!(error["message"].as_str().unwrap().contains("permission"));

    let reader = serve(
        Some(&sandbox),
        &["--all-operations", "--read-only"],
        Host::default(),
    )
    .await;
    let error = reader.refused("call_operation", create(true)).await;
    assert!(error["message"].as_str().unwrap().contains("permission"));
}

#[tokio::test]
async fn resources_and_prompts() {
    let served = serve(None, &[], Host::default()).await;
    let templates = served.client.list_all_resource_templates().await.unwrap();
    assert_eq!(templates.len(), 2);
    let resources = served.client.list_all_resources().await.unwrap();
    let mut read: Vec<String> = resources.into_iter().map(|it| it.uri.clone()).collect();
    read.push("aitoearn://platforms/tiktok".to_owned());
    for uri in read {
        let request = ReadResourceRequestParams::new(uri.as_str());
        let found = served.client.read_resource(request).await.unwrap();
        let found = serde_json::to_value(found).unwrap();
        let text = found["contents"][0]["text"].as_str().unwrap();
        assert!(
            serde_json::from_str::<Value>(text).unwrap().is_object(),
            "{uri}"
        );
    }
    for uri in [
        "aitoearn://else",
        "file:///etc/passwd",
        "aitoearn://posts/../x",
        "aitoearn://posts/no",
    ] {
        let request = ReadResourceRequestParams::new(uri);
        assert!(served.client.read_resource(request).await.is_err(), "{uri}");
    }
    let prompts = served.client.list_all_prompts().await.unwrap();
    assert_eq!(prompts.len(), 2);
    let mut request = GetPromptRequestParams::new("plan_a_week");
    assert!(served.client.get_prompt(request.clone()).await.is_err());
    let arguments = json!({ "topic": "Folding maps" });
    request.arguments = arguments.as_object().cloned();
    let prompt = served.client.get_prompt(request).await.unwrap();
    let prompt = serde_json::to_value(prompt).unwrap();
    let text = prompt["messages"][0]["content"]["text"].as_str().unwrap();
    assert!(text.contains("Folding maps") && text.contains("check_post"));
}
