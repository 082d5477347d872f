//! What is known to be wrong with a flow, before anything leaves.

use aitoearn::{
    Client, Code, Error, FlowItem, PublishTime,
    error::IssueCode,
    flow::{Problem, UploadSource},
    resources::CreateFlow,
    types::Platform,
};
use aitoearn_mock::{Answer, Fault, MockServer, Sandbox, operations};
use serde_json::json;

use crate::{calls, publish::VIDEO, sandbox};

const IMAGE: &str = "https://cdn.example.com/map.png";

fn told(problem: &Problem) -> (usize, &str, &IssueCode, &str, &str) {
    let Problem {
        item,
        field,
        code,
        limit,
        value,
        ..
    } = problem;
    (*item, field, code, limit, value)
}

/// A flow with which much is wrong.
fn careless(sandbox: &Sandbox, client: &Client) -> CreateFlow {
    let account = |platform| sandbox.accounts().add(platform, "Maps").expect("known");
    // Nobody reads it: its length is enough.
    let large = UploadSource::reader("map.png", 10 * 1024 * 1024 + 1, tokio::io::empty());
    let flow = client
        .publish()
        .flow()
        .title("x".repeat(101))
        .body("y".repeat(300));
    flow.image(IMAGE)
        .item(FlowItem::youtube(account("youtube")))
        .item(
            FlowItem::twitter(account("twitter"))
                .title("fine")
                .image(IMAGE)
                .image(IMAGE)
                .image(IMAGE)
                .image("https://cdn.example.com/map.tiff?signature=hunter2")
                .image(large),
        )
        .item(
            FlowItem::wx_gzh(account("wxGzh"))
                .title("fine")
                .options(|options| options.author = Some("a very long name".to_owned())),
        )
        .item(
            FlowItem::bilibili(account("bilibili"), -1)
                .title("fine")
                .video(VIDEO)
                .cover(VIDEO),
        )
        .item(
            FlowItem::tiktok(account("tiktok"))
                .title("fine")
                .video(VIDEO),
        )
        .at(PublishTime::Now)
}

#[tokio::test]
async fn every_problem_at_once() {
    let (sandbox, client) = sandbox();
    let error = careless(&sandbox, &client).await.expect_err("careless");
    let found: Vec<_> = error.problems().iter().map(told).collect();
    assert_eq!(
        found,
        [
            (
                0,
                "title",
                &IssueCode::TooBig,
                "at most 100 characters",
                "101 characters"
            ),
            (
                0,
                "media",
                &IssueCode::UnsupportedContentMode,
                "a video",
                "images"
            ),
            (
                1,
                "body",
                &IssueCode::TooBig,
                "at most 280 characters",
                "300 characters"
            ),
            (
                1,
                "media[3]",
                &IssueCode::UnsupportedFormat,
                "jpg or jpeg or png or webp",
                "tiff"
            ),
            (
                1,
                "media[4]",
                &IssueCode::TooBig,
                "at most 10485760 bytes",
                "10485761 bytes"
            ),
            (
                1,
                "media",
                &IssueCode::TooBig,
                "at most 4 images",
                "5 images"
            ),
            (2, "cover", &IssueCode::Required, "a cover", "none"),
            (
                2,
                "option.author",
                &IssueCode::TooBig,
                "at most 8 characters",
                "16 characters"
            ),
            (
                3,
                "cover",
                &IssueCode::UnsupportedFormat,
                "an image",
                "a video (mp4)"
            ),
            (3, "option.tid", &IssueCode::TooSmall, "more than 0", "-1"),
        ]
    );
    let first = &error.problems()[0];
    assert_eq!(first.platform, Platform::Youtube);
    assert!(first.account_id.as_str().starts_with("youtube_"));
    let text = error.to_string();
    assert!(
        text.starts_with("the content breaks 10 rules: youtube_"),
        "{text}"
    );
    for problem in error.problems() {
        assert!(text.contains(&problem.to_string()), "{text}");
        assert!(problem.to_string().ends_with(problem.remedy), "{problem}");
    }
    assert!(
        !format!("{text} {error:?}").contains("hunter2"),
        "{error:?}"
    );
    let seen = sandbox.seen();
    let asked: Vec<_> = seen.iter().filter_map(|it| it.operation).collect();
    let expected = ["platforms_list", "accounts_list"];
    assert_eq!(asked, expected, "nothing else left");
}

#[tokio::test]
async fn switched_off_the_service_says_what_it_found_first() {
    let (sandbox, client) = sandbox();
    let account = sandbox.accounts().add("twitter", "Maps").expect("known");
    let flow = client
        .publish()
        .flow()
        .body("y".repeat(300))
        .at(PublishTime::Now);
    let mut flow = flow.item(FlowItem::twitter(&account));
    for _ in 0..5 {
        flow = flow.image(IMAGE);
    }
    let error = flow.unchecked().await.expect_err("refused");
    assert_eq!(error.code(), Some(Code::CHANNEL_PUBLISH_VALIDATION_FAILED));
    let issues = format!(
        "({account}: body: There are more than 280 characters; media: There are more than 4 pictures)"
    );
    assert!(error.to_string().contains(&issues), "{error}");
    assert_eq!(calls(&sandbox, "platforms_list"), 0);
}

/// Whatever the content and the platform: we find something wrong if and only if
/// the service does.
#[tokio::test]
async fn the_check_and_the_service_agree() {
    let (sandbox, client) = sandbox();
    let add = |platform| sandbox.accounts().add(platform, "Maps").expect("known");
    let items = || -> Vec<aitoearn::resources::FlowPart> {
        vec![
            FlowItem::bilibili(add("bilibili"), 21).into(),
            FlowItem::douyin(add("douyin")).into(),
            FlowItem::facebook(add("facebook")).into(),
            FlowItem::instagram(add("instagram")).into(),
            FlowItem::kwai(add("KWAI")).into(),
            FlowItem::linkedin(add("linkedin")).into(),
            FlowItem::pinterest(add("pinterest"), "board").into(),
            FlowItem::threads(add("threads")).into(),
            FlowItem::tiktok(add("tiktok")).into(),
            FlowItem::twitter(add("twitter")).into(),
            FlowItem::wx_gzh(add("wxGzh")).into(),
            FlowItem::wx_sph(add("wxSph")).into(),
            FlowItem::xhs(add("xhs"), "https://example.com/note").into(),
            FlowItem::youtube(add("youtube")).into(),
        ]
    };
    let contents: [fn(CreateFlow) -> CreateFlow; 10] = [
        |flow| flow.body("text"),
        |flow| flow.body("text").cover(IMAGE),
        |flow| flow.image(IMAGE).cover(IMAGE),
        |flow| flow.video(VIDEO).cover(IMAGE),
        |flow| flow.video(VIDEO).video(VIDEO).cover(IMAGE),
        |flow| flow.video(VIDEO).cover(IMAGE).title("x".repeat(31)),
        |flow| flow.video(VIDEO).cover(IMAGE).title("😀".repeat(16)),
        |flow| flow.video(VIDEO).cover(IMAGE).body("😀".repeat(251)),
        |flow| (0..19).fold(flow.cover(IMAGE), |flow, _| flow.image(IMAGE)),
        |flow| (0..36).fold(flow.cover(IMAGE), |flow, _| flow.image(IMAGE)),
    ];
    let (mut good, mut bad) = (0, 0);
    for (number, fill) in contents.into_iter().enumerate() {
        for item in items() {
            let flow = || fill(client.publish().flow()).at(PublishTime::Now);
            let what = format!("content {number} for {item:?}");
            let ours = flow().item(item.clone()).await;
            if let Err(error) = ours {
                assert!(!error.problems().is_empty(), "{what}: {error}");
                bad += 1;
                let error = flow().unchecked().item(item).await.expect_err(&what);
                assert_eq!(
                    error.code(),
                    Some(Code::CHANNEL_PUBLISH_VALIDATION_FAILED),
                    "{what}: {error}"
                );
            } else {
                good += 1;
            }
        }
    }
    assert!(good > 40 && bad > 40, "{good} and {bad}");
}

#[tokio::test]
async fn local_files_are_what_their_names_say() {
    let (sandbox, client) = sandbox();
    let account = sandbox.accounts().add("tiktok", "Maps").expect("known");
    let flow = || {
        let flow = client.publish().flow().at(PublishTime::Now);
        flow.item(FlowItem::tiktok(&account))
    };
    let file = |name: &str| UploadSource::bytes(name, vec![1; 10]);
    let found = async |flow: CreateFlow| match flow.await {
        Ok(_) => Vec::new(),
        Err(error) => {
            let found = error.problems().iter().map(|it| it.field.clone());
            found.collect::<Vec<_>>()
        }
    };
    assert_eq!(found(flow().video(file("a.PNG"))).await, ["media[0]"]);
    assert_eq!(found(flow().image(file("a.mp4"))).await, ["media[0]"]);
    assert_eq!(found(flow().media(file("a.avi"))).await, ["media[0]"]);
    assert_eq!(found(flow().media(file("a.JPEG"))).await, [""; 0]);
    // Of an address without an extension nothing is known but what we are told.
    let bare = "https://cdn.example.com/download?id=7";
    assert_eq!(
        found(flow().video(bare).image(bare).unchecked())
            .await
            .len(),
        0
    );
    let twice = flow().video(bare).video(bare);
    assert_eq!(found(twice).await, ["media"]);
    assert_eq!(
        found(flow().media(bare).media(bare).media(bare)).await,
        [""; 0]
    );
}

#[tokio::test]
async fn rules_are_asked_for_once_and_again_after_a_refusal() {
    let (sandbox, client) = sandbox();
    let account = |platform| sandbox.accounts().add(platform, "Maps").expect("known");
    let flow = |client: &Client| {
        let flow = client.publish().flow().video(VIDEO).at(PublishTime::Now);
        flow.item(FlowItem::tiktok(account("tiktok")))
    };
    for _ in 0..3 {
        flow(&client.clone()).await.expect("created");
    }
    assert_eq!(calls(&sandbox, "platforms_list"), 1);
    // The service goes by rules of which we have not heard.
    let fault = Fault::code(Code::CHANNEL_PUBLISH_VALIDATION_FAILED);
    sandbox
        .faults()
        .next(&operations::PUBLISH_FLOW_CREATE, fault);
    flow(&client).await.expect_err("refused");
    flow(&client).await.expect("created");
    assert_eq!(calls(&sandbox, "platforms_list"), 2);
}

#[tokio::test]
async fn without_rules_nothing_is_published_unless_told_so() {
    let (sandbox, client) = sandbox();
    let account = sandbox.accounts().add("tiktok", "Maps").expect("known");
    sandbox
        .faults()
        .next(&operations::PLATFORMS_LIST, Fault::bad_gateway());
    let flow = client.publish().flow().video(VIDEO).at(PublishTime::Now);
    let error = flow.item(FlowItem::tiktok(account)).await;
    let error = error.expect_err("no rules");
    let operation = error.error().and_then(Error::operation);
    assert_eq!(operation.map(|it| it.name), Some("platforms_list"));
    assert_eq!(calls(&sandbox, "publish_flow_create"), 0);
    error.into_flow().unchecked().await.expect("created");
    assert_eq!(calls(&sandbox, "platforms_list"), 1);
}

#[tokio::test]
async fn rules_of_a_newer_service_do_not_stop_an_older_client() {
    let mock = MockServer::start();
    let odd = json!([{ "platform": "tiktok", "contentLimits": "see the other list" }]);
    mock.when(&operations::PLATFORMS_LIST)
        .answers(Answer::ok(&odd));
    let created = mock.when(&operations::PUBLISH_FLOW_CREATE);
    let created = created.ok(&json!({ "flowId": "f-1", "tasks": [] }));
    let client = Client::builder().base_url(mock.base_url()).api_key("any");
    let client = client.build().expect("valid settings");
    let flow = client.publish().flow().body("Maps").at(PublishTime::Now);
    flow.item(FlowItem::tiktok("tiktok_1"))
        .await
        .expect("created");
    created.assert_once();
}

#[tokio::test]
async fn a_check_alone_uploads_and_creates_nothing() {
    let (sandbox, client) = sandbox();
    let error = careless(&sandbox, &client).check().await;
    let error = error.expect_err("careless");
    assert!(error.problems().len() > 5, "{error}");

    let account = sandbox.accounts().add("youtube", "Maps").expect("known");
    let flow = client
        .publish()
        .flow()
        .title("Maps")
        .video(UploadSource::bytes("fold.mp4", vec![0; 2_000]))
        .item(FlowItem::youtube(account))
        .at(PublishTime::Now);
    let flow = flow.check().await.expect("nothing is wrong");
    let seen = sandbox.operations_seen();
    for operation in ["assets_upload_sign", "publish_flow_create"] {
        assert!(!seen.contains(operation), "{operation}");
    }
    assert!(sandbox.storage().seen().is_empty());

    // It is the same flow, and can be published now.
    flow.await.expect("created");
    assert_eq!(sandbox.storage().seen().len(), 1);
}
