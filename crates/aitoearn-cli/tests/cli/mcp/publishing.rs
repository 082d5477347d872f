//! Posts: checked, asked about, published once, followed, called off.

use aitoearn_mock::{Code, Fault, Sandbox, operations};
use serde_json::{Value, json};

use super::{Host, created, serve, silent_on_posts};

fn clip(title: &str) -> Value {
    json!({
        "accounts": ["youtube_1"],
        "title": title,
        "media": ["clip.mp4"],
        "wait_seconds": 0,
        "confirm": true,
    })
}

#[tokio::test]
async fn all_problems_at_once_and_nothing_sent() {
    let sandbox = Sandbox::builder().demo_accounts().start().unwrap();
    let served = serve(Some(&sandbox), &[], Host::default()).await;
    let post = json!({
        "accounts": ["youtube_1", "nobody_9"],
        "title": "Maps",
        "media": ["missing.mp4"],
        "at": "yesterday",
    });
    let checked = served.data("check_post", post.clone()).await;
    assert_eq!(checked["ok"], false);
    let fields: Vec<&str> = checked["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["field"].as_str().unwrap())
        .collect();
    for field in ["accounts", "media[0]", "at"] {
        assert!(fields.contains(&field), "{checked}");
    }
    let long = json!({
        "accounts": ["youtube_1"], "title": "m".repeat(500), "media": ["clip.mp4"],
    });
    let checked = served.data("check_post", long).await;
    assert_eq!(checked["problems"][0]["field"], "title", "{checked}");

    let fine = json!({ "accounts": ["youtube_1"], "title": "Maps", "media": ["clip.mp4"] });
    assert_eq!(served.data("check_post", fine).await["ok"], true);
    let mut confirmed = post;
    confirmed["confirm"] = json!(true);
    let error = served.refused("publish_post", confirmed).await;
    let details = error["details"].as_array().unwrap();
    assert_eq!(details.len(), 3, "{error}");
    let is_of = |it: &Value, field: &str| it.as_str().unwrap().starts_with(field);
    assert!(details.iter().any(|it| is_of(it, "accounts: ")), "{error}");
    assert_eq!(created(&sandbox), 0);
    assert!(sandbox.storage().seen().is_empty());
}

#[tokio::test]
async fn published_once_and_only_if_confirmed() {
    let sandbox = Sandbox::builder().demo_accounts().start().unwrap();
    let served = serve(Some(&sandbox), &[], Host::default()).await;
    let mut post = clip("How to fold a map");
    for no in [Value::Null, json!(false)] {
        post["confirm"] = no;
        let error = served.refused("publish_post", post.clone()).await;
        assert!(error["message"].as_str().unwrap().contains("youtube_1"));
    }
    post.as_object_mut().unwrap().remove("confirm");
    served.refused("publish_post", post.clone()).await;
    assert_eq!(created(&sandbox), 0);

    post["confirm"] = json!(true);
    let first = served.data("publish_post", post.clone()).await;
    assert_eq!(first["existed"], false);
    let again = served.data("publish_post", post.clone()).await;
    assert_eq!(again["existed"], true);
    assert_eq!(again["flow_id"], first["flow_id"]);
    assert_eq!(created(&sandbox), 1);

    // An id of one's own counts alone.
    post["flow_id"] = json!("monday");
    assert_eq!(
        served.data("publish_post", post.clone()).await["existed"],
        false
    );
    post["title"] = json!("How to fold a map, mended");
    assert_eq!(
        served.data("publish_post", post.clone()).await["existed"],
        true
    );
    assert_eq!(created(&sandbox), 2);
    post["flow_id"] = json!("../monday");
    served.refused("publish_post", post.clone()).await;
    post.as_object_mut().unwrap().remove("flow_id");
    post["flowId"] = json!("tuesday");
    let error = served.refused("publish_post", post).await;
    assert!(
        error["message"].as_str().unwrap().contains("flowId"),
        "{error}"
    );

    let mut outcome = Value::Null;
    for _ in 0..20 {
        let found = served
            .data("post_status", json!({ "flow_id": first["flow_id"] }))
            .await;
        outcome = found["posts"][0]["outcome"].clone();
        if outcome == "published" {
            break;
        }
    }
    assert_eq!(outcome, "published");
    let listed = served
        .data("list_posts", json!({ "platform": "youtube" }))
        .await;
    assert_eq!(listed["posts"].as_array().unwrap().len(), 2);
    let id = &listed["posts"][0]["post_id"];
    let one = served.data("post_status", json!({ "post_id": id })).await;
    assert!(
        one["post"]["user_text"]["title"]
            .as_str()
            .unwrap()
            .starts_with("How to fold")
    );
}

#[tokio::test]
async fn progress_rises_and_ends_with_the_link() {
    let host = Host::default();
    let served = serve(None, &[], host.clone()).await;
    let mut post = clip("How to fold a map");
    post["wait_seconds"] = json!(60);
    let done = served.data("publish_post", post).await;
    assert_eq!(done["posts"][0]["outcome"], "published", "{done}");
    assert!(done["posts"][0]["link"].is_string());
    let told = host.told.lock().unwrap();
    assert!(told.len() > 1, "{told:?}");
    assert!(
        told.windows(2)
            .all(|pair| pair[0].progress < pair[1].progress)
    );
    let messages: Vec<&str> = told.iter().filter_map(|it| it.message.as_deref()).collect();
    assert!(
        messages.iter().any(|it| it.contains("clip.mp4")),
        "{messages:?}"
    );
    assert!(
        messages.iter().any(|it| it.contains("of 1 posts")),
        "{messages:?}"
    );
}

#[tokio::test]
async fn a_person_is_asked_where_the_host_can() {
    let sandbox = Sandbox::builder().demo_accounts().start().unwrap();
    let no = Host {
        says: Some(false),
        ..Host::default()
    };
    let served = serve(Some(&sandbox), &[], no.clone()).await;
    let error = served.refused("publish_post", clip("Maps")).await;
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .contains("does not want it")
    );
    assert!(no.asked.lock().unwrap()[0].contains("Maps"));
    assert_eq!(created(&sandbox), 0);

    let yes = Host {
        says: Some(true),
        ..Host::default()
    };
    let served = serve(Some(&sandbox), &[], yes.clone()).await;
    served.data("publish_post", clip("Maps")).await;
    assert_eq!((yes.asked.lock().unwrap().len(), created(&sandbox)), (1, 1));

    let served = serve(Some(&sandbox), &["--yes"], no.clone()).await;
    served.data("publish_post", clip("Other maps")).await;
    assert_eq!((no.asked.lock().unwrap().len(), created(&sandbox)), (1, 2));
}

#[tokio::test]
async fn cancelled_calls_end_and_the_log_says_what_happened() {
    let (sandbox, told) = silent_on_posts();
    let served = serve(Some(&sandbox), &[], Host::default()).await;
    let mut post = clip("Maps");
    post["flow_id"] = json!("cancelled-1");
    let begun = served.begin("publish_post", post.clone()).await;
    tokio::task::spawn_blocking(move || told.recv().unwrap())
        .await
        .unwrap();
    begun.cancel(None).await.unwrap();
    // The server goes on.
    served.data("list_accounts", json!({})).await;
    let log = served.folder.read("log");
    assert!(
        log.contains("The posts may have been created") && log.contains("cancelled-1"),
        "{log}"
    );
    sandbox.faults().clear();
    served.data("publish_post", post).await;
    assert_eq!(created(&sandbox), 1);
}

#[tokio::test]
async fn failures_are_told_with_the_way_on_and_it_is_posted_once() {
    let sandbox = Sandbox::builder().demo_accounts().start().unwrap();
    let served = serve(Some(&sandbox), &["--retries", "0"], Host::default()).await;
    sandbox
        .faults()
        .always(&operations::PUBLISH_FLOW_GET, Fault::bad_gateway());
    let error = served.refused("publish_post", clip("Maps")).await;
    let flow_id = error["flowId"].as_str().unwrap();
    assert!(
        error["advice"].as_str().unwrap().contains(flow_id),
        "{error}"
    );
    sandbox.faults().clear();
    sandbox
        .faults()
        .always(&operations::PUBLISH_FLOW_CREATE, Fault::lose_answer());
    served.call("publish_post", clip("Maps")).await;
    sandbox.faults().clear();
    let again = served.data("publish_post", clip("Maps")).await;
    assert_eq!(again["flow_id"], flow_id);
    assert_eq!(again["existed"], true);
    let listed = served.data("list_posts", json!({})).await;
    assert_eq!(listed["posts"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn scheduled_posts_can_be_called_off_and_published_ones_not() {
    let sandbox = Sandbox::builder().demo_accounts().start().unwrap();
    let served = serve(Some(&sandbox), &[], Host::default()).await;
    let mut post = clip("Later");
    post["at"] = json!("+2h");
    post["wait_seconds"] = json!(600);
    let later = served.data("publish_post", post).await;
    assert_eq!(later["posts"][0]["outcome"], "scheduled", "{later}");
    let which = json!({ "post_id": later["posts"][0]["post_id"] });
    assert_eq!(served.data("cancel_post", which).await["cancelled"], true);
    let listed = served
        .data("list_posts", json!({ "status": "cancelled" }))
        .await;
    assert_eq!(listed["posts"].as_array().unwrap().len(), 1);

    let now = served.data("publish_post", clip("Now")).await;
    let which = json!({ "post_id": now["posts"][0]["post_id"] });
    for _ in 0..5 {
        served
            .data("post_status", json!({ "flow_id": now["flow_id"] }))
            .await;
    }
    let error = served.refused("cancel_post", which).await;
    assert_eq!(error["exit"], 3, "{error}");
    assert!(error["message"].as_str().unwrap().contains("too late"));
}

#[tokio::test]
async fn errors_say_code_meaning_advice_and_request() {
    let sandbox = Sandbox::builder().demo_accounts().start().unwrap();
    sandbox
        .faults()
        .always(&operations::ACCOUNTS_LIST, Fault::code(Code::UNAUTHORIZED));
    let served = serve(Some(&sandbox), &[], Host::default()).await;
    let error = served.refused("list_accounts", json!({})).await;
    assert_eq!(error["code"], Code::UNAUTHORIZED.get());
    for field in ["message", "meaning", "advice", "requestId"] {
        assert!(!error[field].as_str().unwrap().is_empty(), "{error}");
    }
}
