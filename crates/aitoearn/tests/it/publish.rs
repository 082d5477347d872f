//! Flows, tasks and records: what is sent, what is refused, what is made of the answers.

use std::time::{Duration, SystemTime};

use aitoearn::{
    Client, Code, Error, FlowItem, PublishTime, Timestamp,
    error::{IssueCode, PlatformErrorCategory},
    flow::PublishReason,
    resources::Cancellation,
    types::{
        DouyinDownload, ImageFormat, MediaAdaptation, MediaOptions, Platform, PublishContext,
        PublishMedia, PublishStatus, TiktokPrivacyLevel, YoutubePrivacy,
    },
};
use aitoearn_mock::{Answer, Calls, MockServer, Sandbox, operations};
use serde_json::{Value, json};

use crate::server::builder;

const ID: &str = "66f2a9c4d81e5b0037c4a1a0";
const VIDEO: &str = "https://cdn.example.com/a.mp4";

fn client(mock: &MockServer) -> Client {
    builder(&mock.base_url()).build().expect("valid")
}

fn resident(sandbox: &Sandbox) -> Client {
    let client = Client::builder()
        .base_url(sandbox.base_url())
        .api_key(sandbox.api_key());
    client.build().expect("valid")
}

fn sent(calls: &Calls<'_>) -> Value {
    calls.seen()[0].json().expect("a JSON body")
}

fn noon() -> Timestamp {
    "2031-05-18T12:00:00+02:00".parse().expect("a moment")
}

fn created(mock: &MockServer) -> Calls<'_> {
    mock.when(&operations::PUBLISH_FLOW_CREATE)
        .ok(&json!({ "flowId": "f-1", "tasks": [] }))
}

#[tokio::test]
async fn a_flow_says_all_it_was_told() {
    let mock = MockServer::start();
    let calls = created(&mock);
    let converted = PublishMedia {
        url: "https://cdn.example.com/b.webp".to_owned(),
        options: Some(MediaOptions {
            adaptation: Some(MediaAdaptation {
                image_format: Some(ImageFormat::Jpeg),
            }),
        }),
    };
    let flow = client(&mock)
        .publish()
        .flow()
        .flow_id("f-1")
        .title("Maps")
        .body("Fold them #maps")
        .video(VIDEO)
        .image("http://bücher.example/ä.png")
        .media(converted)
        .cover("https://cdn.example.com/c.png")
        .context(PublishContext {
            material_group_id: None,
            material_id: Some("m-1".to_owned()),
        })
        .item(
            FlowItem::tiktok("tiktok_1")
                .title("Fold!")
                .body("Short")
                .image("https://cdn.example.com/d.png")
                .without_cover()
                .options(|tiktok| tiktok.privacy_level = Some(TiktokPrivacyLevel::SelfOnly))
                .options(|tiktok| tiktok.is_aigc = Some(true)),
        )
        .item(FlowItem::youtube("youtube_1").cover("https://cdn.example.com/e.png"))
        .items([FlowItem::bilibili("bilibili_1", 21)])
        .unchecked()
        .at(noon());
    assert_eq!(flow.id(), "f-1");
    flow.await.expect("created");
    let media = |url: &str| json!({ "url": url });
    assert_eq!(
        sent(&calls),
        json!({
            "flowId": "f-1",
            "publishAt": "2031-05-18T10:00:00.000Z",
            "context": { "materialId": "m-1" },
            "content": {
                "title": "Maps",
                "body": "Fold them #maps",
                "cover": media("https://cdn.example.com/c.png"),
                "media": [
                    media(VIDEO),
                    media("http://bücher.example/ä.png"),
                    {
                        "url": "https://cdn.example.com/b.webp",
                        "options": { "adaptation": { "imageFormat": "jpeg" } },
                    },
                ],
            },
            "items": [
                {
                    "platform": "tiktok",
                    "accountId": "tiktok_1",
                    "option": { "privacy_level": "SELF_ONLY", "is_aigc": true },
                    "overrides": {
                        "title": "Fold!",
                        "body": "Short",
                        "media": [media("https://cdn.example.com/d.png")],
                        "cover": null,
                    },
                },
                {
                    "platform": "youtube",
                    "accountId": "youtube_1",
                    "overrides": { "cover": media("https://cdn.example.com/e.png") },
                },
                {
                    "platform": "bilibili",
                    "accountId": "bilibili_1",
                    "option": { "copyright": 1, "tid": 21 },
                },
            ],
        })
    );
}

#[tokio::test]
async fn every_platform_has_an_item_of_its_own() {
    let mock = MockServer::start();
    let calls = created(&mock);
    let flow = client(&mock)
        .publish()
        .flow()
        .item(FlowItem::bilibili("a1", 21).options(|bilibili| bilibili.topic_id = Some(3)))
        .item(FlowItem::bilibili_repost("a2", 21, "a friend"))
        .item(FlowItem::pinterest("b", "board").options(|pin| pin.link = Some("x".to_owned())))
        .item(FlowItem::xhs("c", "https://example.org/note"))
        .item(FlowItem::douyin("d").options(|o| o.download_type = Some(DouyinDownload::Forbidden)))
        .item(FlowItem::facebook("e").options(|o| o.content_tags = vec!["t".to_owned()]))
        .item(FlowItem::instagram("f").options(|o| o.location_id = Some("l".to_owned())))
        .item(FlowItem::kwai("g"))
        .item(FlowItem::linkedin("h"))
        .item(FlowItem::threads("i"))
        .item(FlowItem::tiktok("j"))
        .item(FlowItem::twitter("k").options(|o| o.made_with_ai = Some(false)))
        .item(FlowItem::wx_gzh("l"))
        .item(FlowItem::wx_sph("m"))
        .item(FlowItem::youtube("n").options(|o| o.privacy_status = Some(YoutubePrivacy::Public)))
        .unchecked()
        .at(PublishTime::Now);
    flow.await.expect("created");
    let item =
        |platform: &str, account: &str| json!({ "platform": platform, "accountId": account });
    let with = |platform: &str, account: &str, option: Value| json!({ "platform": platform, "accountId": account, "option": option });
    assert_eq!(
        sent(&calls)["items"],
        json!([
            with(
                "bilibili",
                "a1",
                json!({ "copyright": 1, "tid": 21, "topic_id": 3 })
            ),
            with(
                "bilibili",
                "a2",
                json!({ "copyright": 2, "tid": 21, "source": "a friend" })
            ),
            with("pinterest", "b", json!({ "boardId": "board", "link": "x" })),
            with(
                "xhs",
                "c",
                json!({ "workLink": "https://example.org/note" })
            ),
            with("douyin", "d", json!({ "download_type": 2 })),
            with("facebook", "e", json!({ "content_tags": ["t"] })),
            with("instagram", "f", json!({ "location_id": "l" })),
            item("KWAI", "g"),
            item("linkedin", "h"),
            item("threads", "i"),
            item("tiktok", "j"),
            with("twitter", "k", json!({ "made_with_ai": false })),
            item("wxGzh", "l"),
            item("wxSph", "m"),
            with("youtube", "n", json!({ "privacyStatus": "public" })),
        ])
    );
}

#[tokio::test]
async fn now_is_the_moment_of_sending_and_each_flow_has_its_own_id() {
    let mock = MockServer::start();
    let calls = created(&mock);
    let flow = || {
        let flow = client(&mock).publish().flow().body("Maps").unchecked();
        flow.item(FlowItem::threads("threads_1"))
            .at(PublishTime::Now)
    };
    let (first, second) = (flow(), flow());
    let ids = [first.id().clone(), second.id().clone()];
    let before = SystemTime::now() - Duration::from_millis(1);
    first.await.expect("created");
    second.await.expect("created");
    let bodies: Vec<Value> = calls
        .seen()
        .iter()
        .filter_map(aitoearn_mock::Seen::json)
        .collect();
    for (body, id) in bodies.iter().zip(&ids) {
        assert_eq!(body["flowId"], id.as_str());
        assert_eq!(id.as_str().len(), 36);
        let text = body["publishAt"].as_str().expect("a text");
        assert!(text.ends_with('Z'), "{text}");
        let moment = text.parse::<Timestamp>().expect("a moment");
        let moment = moment.to_system_time().expect("a moment");
        assert!(before <= moment && moment <= SystemTime::now(), "{text}");
    }
    assert_ne!(ids[0], ids[1]);
}

#[tokio::test]
async fn what_the_service_could_not_explain_is_not_sent() {
    let mock = MockServer::start();
    let client = client(&mock);
    let flow = || {
        let flow = client.publish().flow().at(PublishTime::Now);
        flow.item(FlowItem::tiktok("tiktok_1"))
    };
    let odd: Timestamp = serde_json::from_str("\"soon\"").expect("any text");
    let twice = FlowItem::tiktok("tiktok_1");
    let inside = FlowItem::youtube("y").cover("http://localhost/c.png?signature=hunter2");
    for (wrong, says) in [
        (
            client.publish().flow().at(PublishTime::Now),
            "`items` is empty",
        ),
        (
            client.publish().flow().item(FlowItem::kwai("a")),
            "`at` is missing",
        ),
        (flow().at(odd), "`at` is no date"),
        (flow().item(twice), "the account `tiktok_1` twice"),
        (flow().video(VIDEO).image("b.png"), "`media[1].url`"),
        (flow().cover("ftp://cdn.example.com/c"), "`cover.url`"),
        (flow().item(inside), "`[1].overrides.cover.url`"),
        (flow().flow_id(""), "`flow_id` is empty"),
        (flow().flow_id(".."), "`flow_id`"),
    ] {
        let error = wrong.await.expect_err(says);
        let is_input = matches!(error.error(), Some(Error::InvalidInput(_)));
        assert!(is_input, "{error:?}");
        assert!(error.to_string().contains(says), "{says}: {error}");
        assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
    }
    for id in ["", "1", "66f2a9c4d81e5b0037c4a1ag"] {
        let (tasks, records) = (client.publish().tasks(), client.publish().records());
        for result in [
            tasks.publish_now(id).await.err(),
            tasks.retry(id).await.err(),
            tasks.cancel(id).await.err(),
            tasks.reschedule(id, PublishTime::Now).await.err(),
            records.get(id).await.err(),
            records.delete(id).await.err(),
            records.user_action(id).await.err(),
        ] {
            assert!(matches!(result, Some(Error::InvalidInput(_))), "{id}");
        }
    }
    let list = client.publish().records().list();
    let backwards = list
        .between(SystemTime::now(), SystemTime::UNIX_EPOCH)
        .await;
    assert!(matches!(backwards, Err(Error::InvalidInput(_))));
    mock.when(&operations::PUBLISH_FLOW_CREATE)
        .ok(&json!({}))
        .assert_never();
}

#[tokio::test]
async fn lists_are_filtered_in_the_form_that_the_service_takes() {
    let mock = MockServer::start();
    let none: [Value; 0] = [];
    let all = mock.when(&operations::PUBLISH_RECORDS_LIST).ok(&none);
    let queued = mock
        .when(&operations::PUBLISH_RECORDS_LIST_QUEUED)
        .ok(&none);
    let published = mock
        .when(&operations::PUBLISH_RECORDS_LIST_PUBLISHED)
        .ok(&none);
    let records = client(&mock).publish().records();
    let start = SystemTime::UNIX_EPOCH + Duration::from_millis(1_500);
    let list = records.list().account_id("KWAI_1").platform(Platform::Kwai);
    let list = list.status(PublishStatus::Waiting).between(start, noon());
    assert!(list.await.expect("fine").is_empty());
    records.list().await.expect("fine");
    let list = records.list_queued().platform(Platform::WxGzh);
    list.await.expect("fine");
    let list = records.list_published().between(start, start);
    list.query("fresh", "1").await.expect("fine");

    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(
        all.seen()[0].query_pairs(),
        [
            pair("accountId", "KWAI_1"),
            pair("accountType", "KWAI"),
            pair("status", "0"),
            pair("time", "1970-01-01T00:00:01.500Z,2031-05-18T10:00:00.000Z"),
        ]
    );
    assert_eq!(all.seen()[1].query, "");
    assert_eq!(queued.seen()[0].query, "accountType=wxGzh");
    assert_eq!(
        published.seen()[0].query_pairs(),
        [
            pair("time", "1970-01-01T00:00:01.500Z,1970-01-01T00:00:01.500Z"),
            pair("fresh", "1"),
        ]
    );
}

#[tokio::test]
async fn the_details_of_a_refusal_are_typed() {
    let mock = MockServer::start();
    let issue = json!({ "code": "too_big", "path": ["title"], "message": "Too long", "params": { "maximum": 90 } });
    mock.when(&operations::PUBLISH_FLOW_CREATE).in_turn([
        Answer::error(Code::CHANNEL_PUBLISH_VALIDATION_FAILED)
            .with_data(&json!({ "platform": "tiktok", "accountId": "tiktok_1", "issues": [issue] })),
        Answer::error(Code::CHANNEL_PUBLISH_TASK_ALREADY_EXISTS).with_data(&json!({ "flowId": "f-1" })),
        Answer::error(Code::CHANNEL_PLATFORM_API_FAILED)
            .with_data(&json!({ "platform": "tiktok", "category": "auth", "retryable": false, "platformCode": "a7" })),
    ]);
    let client = client(&mock);
    let fail = async || {
        let flow = client.publish().flow().flow_id("f-1").unchecked();
        let flow = flow.item(FlowItem::tiktok("tiktok_1")).at(PublishTime::Now);
        match flow.await.expect_err("refused").into_parts().1 {
            PublishReason::Call(Error::Api(error)) => error,
            other => panic!("{other:?}"),
        }
    };
    let refusal = fail().await.content_refusal().expect("there");
    assert_eq!(refusal.platform, Some(Platform::Tiktok));
    assert_eq!(refusal.issues[0].code, IssueCode::TooBig);
    assert_eq!(refusal.issues[0].to_string(), "title: Too long");
    assert_eq!(fail().await.existing_flow(), Some("f-1".into()));
    let platform = fail().await.platform_error().expect("there");
    assert_eq!(platform.category, PlatformErrorCategory::Auth);
    assert_eq!(platform.retryable, Some(false));
    assert_eq!(platform.platform_code.as_deref(), Some("a7"));
}

#[tokio::test]
async fn a_lost_answer_is_said_to_be_one_and_the_flow_can_be_found() {
    let mock = MockServer::start();
    let lost = || Answer::raw(502, "text/html", "<html></html>");
    let flow = mock.when(&operations::PUBLISH_FLOW_CREATE).answers(lost());
    let now = mock.when(&operations::PUBLISH_TASK_NOW).answers(lost());
    let client = client(&mock);
    let item = FlowItem::tiktok("tiktok_1");
    let call = client.publish().flow().item(item).at(PublishTime::Now);
    let id = call.id().clone();
    let error = call.unchecked().await.expect_err("lost");
    assert!(
        matches!(error.error(), Some(Error::Ambiguous(_))),
        "{error:?}"
    );
    assert!(error.advice().contains("CreateFlow::id"), "{error}");
    assert_eq!(sent(&flow)["flowId"], id.as_str());
    flow.assert_times(3);
    let error = client.publish().tasks().publish_now(ID).await;
    let error = error.expect_err("lost");
    assert!(error.advice().contains("record"), "{error}");
    now.assert_once();
}

#[tokio::test]
async fn tasks_go_their_way_in_the_sandbox() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::start().expect("loopback");
    let account = sandbox.accounts().add("tiktok", "Maps").expect("known");
    let client = resident(&sandbox);
    let (publish, tasks) = (client.publish(), client.publish().tasks());
    let later = sandbox.clock().now() + Duration::from_secs(48 * 60 * 60);
    let flow = publish.flow().body("Fold them").video(VIDEO);
    let flow = flow.item(FlowItem::tiktok(&account)).at(later).await?;
    let id = &flow.tasks[0].id;
    assert_eq!(publish.get_flow(&flow.flow_id).await?.tasks[0].id, *id);

    let sooner = later - Duration::from_secs(60 * 60);
    assert_eq!(tasks.reschedule(id, sooner).await?.task_id, *id);
    let record = publish.records().get(id).await?;
    assert_eq!(record.publish_time, Timestamp::from(sooner));
    assert_eq!(record.status, PublishStatus::Waiting);
    let queued = publish.records().list_queued().account_id(&account).await?;
    assert_eq!(queued.len(), 1);

    tasks.publish_now(id).await?;
    let error = tasks.retry(id).await.expect_err("it has not failed");
    assert_eq!(error.code(), Some(Code::CHANNEL_PUBLISH_RETRY_NOT_ALLOWED));
    let error = publish.records().delete(id).await.expect_err("on its way");
    assert_eq!(error.code(), Some(Code::PUBLISH_TASK_STATUS_INVALID));
    assert_eq!(tasks.cancel(id).await?, Cancellation::Done);
    assert_eq!(
        publish.records().get(id).await?.status,
        PublishStatus::Cancelled
    );
    let error = publish.records().user_action(id).await;
    assert_eq!(
        error.expect_err("no Douyin").code(),
        Some(Code::CHANNEL_PUBLISH_PLATFORM_NOT_SUPPORTED)
    );
    publish.records().delete(id).await?;
    assert!(publish.records().list().await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn the_sandbox_takes_what_the_checks_let_through() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::start().expect("loopback");
    let client = resident(&sandbox);
    let account = |platform| sandbox.accounts().add(platform, "Maps").expect("known");
    let flow = client.publish().flow().title("Maps").body("Fold them");
    let flow = flow.video(VIDEO).cover("https://cdn.example.com/c.png");
    let created = flow
        .item(FlowItem::tiktok(account("tiktok")))
        .item(FlowItem::tiktok(account("tiktok")).without_cover())
        .item(FlowItem::bilibili(account("bilibili"), 21))
        .item(FlowItem::pinterest(account("pinterest"), "board"))
        .item(FlowItem::youtube(account("youtube")).title("Fold!"))
        .at(PublishTime::Now)
        .await?;
    assert_eq!(created.tasks.len(), 5);
    Ok(())
}

#[tokio::test]
async fn an_empty_account_id_is_none() {
    let record = |account: &str| {
        json!({
            "id": "66f2a9c4d81e5b0037c4a1b9", "accountId": account, "accountType": "xhs", "status": 1,
            "type": "video", "publishTime": "2026-05-18T09:30:00.000Z",
        })
    };
    let mock = MockServer::start();
    mock.when(&operations::PUBLISH_RECORD_GET).ok(&record(""));
    mock.when(&operations::PUBLISH_RECORDS_LIST)
        .ok(&json!([record(""), record("xhs_7")]));
    let records = client(&mock).publish().records();
    let one = records.get("66f2a9c4d81e5b0037c4a1b9").await.expect("read");
    assert_eq!(one.account_id, None);
    let all = records.list().await.expect("read");
    let accounts: Vec<_> = all.into_iter().map(|it| it.account_id).collect();
    assert_eq!(accounts, [None, Some("xhs_7".into())]);
}

#[tokio::test]
async fn options_by_name_go_with_the_others() {
    let mock = MockServer::start();
    let calls = created(&mock);
    let flow = client(&mock).publish().flow().flow_id("f-2").body("Maps");
    let flow = flow
        .item(
            FlowItem::twitter("twitter_1")
                .options(|it| it.made_with_ai = Some(true))
                .option("community_id", "77"),
        )
        .item(FlowItem::wx_gzh("wxGzh_1").option("massSend", true))
        .item(FlowItem::threads("threads_1"))
        .unchecked()
        .at(noon());
    flow.await.expect("created");
    let sent = sent(&calls);
    let options = |index: usize| sent["items"][index]["option"].clone();
    let expected = json!({ "made_with_ai": true, "community_id": "77" });
    assert_eq!(options(0), expected);
    assert_eq!(options(1), json!({ "massSend": true }));
    assert_eq!(options(2), Value::Null);
    assert_eq!(sent["flowId"], "f-2");

    let unwritable = FlowItem::threads("threads_1").option("x", f64::NAN);
    let map = std::collections::HashMap::from([((1, 2), 3)]);
    let unwritable = unwritable.option("y", map);
    let flow = client(&mock).publish().flow().body("Maps").item(unwritable);
    let error = flow.unchecked().at(noon()).await.expect_err("no JSON");
    assert!(
        matches!(error.error(), Some(Error::InvalidInput(_))),
        "{error:?}"
    );
}
