//! Flows, tasks and records.

use std::time::{Duration, SystemTime};

use aitoearn::types::{
    DouyinDownload, DouyinOfflineQrOptions, DouyinVisibility, MediaAdaptation, MediaOptions,
    Platform, PublishContext, PublishMedia, PublishStatus, TiktokPrivacyLevel, YoutubePrivacy,
};
use aitoearn::{
    Client, Code, FlowItem, PublishTime,
    resources::{Cancellation, FlowPart},
};
use aitoearn_mock::Sandbox;

use super::{IMAGE, VIDEO};

pub(super) async fn tell(client: &Client, sandbox: &Sandbox) {
    everywhere(client, sandbox).await;
    tasks(client, sandbox).await;
    hand_off(client, sandbox).await;
    check_in(client, sandbox).await;
    share(client).await;
}

/// One flow to every platform that can be published to.
async fn everywhere(client: &Client, sandbox: &Sandbox) {
    let account = |platform: &str| sandbox.accounts().add(platform, "Jars").expect(platform);
    let converted = PublishMedia {
        url: IMAGE.to_owned(),
        options: Some(MediaOptions {
            adaptation: Some(MediaAdaptation {
                image_format: Some("jpeg".into()),
            }),
        }),
    };
    let items: [FlowPart; 15] = [
        FlowItem::bilibili(account("bilibili"), 21)
            .options(|bilibili| bilibili.topic_id = Some(7))
            .into(),
        FlowItem::bilibili_repost(account("bilibili"), 21, "https://example.com/original").into(),
        FlowItem::youtube(account("youtube"))
            .title("Jars")
            .body("A longer text")
            .video(VIDEO)
            .cover(IMAGE)
            .options(|youtube| youtube.privacy_status = Some(YoutubePrivacy::Unlisted))
            .into(),
        FlowItem::wx_gzh(account("wxGzh")).media(converted).into(),
        FlowItem::facebook(account("facebook")).into(),
        FlowItem::instagram(account("instagram")).into(),
        FlowItem::threads(account("threads")).into(),
        FlowItem::pinterest(account("pinterest"), "549755885175").into(),
        FlowItem::tiktok(account("tiktok"))
            .without_cover()
            .options(|tiktok| tiktok.privacy_level = Some(TiktokPrivacyLevel::SelfOnly))
            .into(),
        FlowItem::douyin(account("douyin")).into(),
        FlowItem::twitter(account("twitter")).into(),
        FlowItem::kwai(account("KWAI")).into(),
        FlowItem::linkedin(account("linkedin")).into(),
        FlowItem::xhs(account("xhs"), "https://example.com/note").into(),
        FlowItem::wx_sph(account("wxSph")).into(),
    ];
    let flow = client
        .publish()
        .flow()
        .flow_id("breakfast/1 ä")
        .title("Quick breakfasts")
        .body("Three breakfasts #food")
        .video(VIDEO)
        .cover(IMAGE)
        .items(items)
        .at(PublishTime::Now)
        .context(PublishContext {
            material_group_id: Some("66f1c2a94b8e5d0012ab34aa".to_owned()),
            material_id: Some("66f1c2a94b8e5d0012ab34ee".to_owned()),
        });
    let created = flow.await.expect("a flow");
    assert_eq!(created.tasks.len(), 15);
    let again = client
        .publish()
        .get_flow("breakfast/1 ä")
        .await
        .expect("the flow");
    assert_eq!(again.flow_id, created.flow_id);
}

/// What can be done with a post on its way.
async fn tasks(client: &Client, sandbox: &Sandbox) {
    let publish = client.publish();
    let account = sandbox.accounts().add("twitter", "Jars").expect("known");
    let tomorrow = SystemTime::now() + Duration::from_secs(100_000);
    let mut ids = Vec::new();
    for _ in 0..2 {
        let flow = publish.flow().body("Later").image(IMAGE).at(tomorrow);
        let flow = flow
            .item(FlowItem::twitter(&account))
            .await
            .expect("a flow");
        ids.push(flow.tasks[0].id.clone());
    }
    let [first, second] = &ids[..] else {
        panic!("{ids:?}");
    };
    let later = tomorrow + Duration::from_secs(3600);
    publish
        .tasks()
        .reschedule(first, later)
        .await
        .expect("moved");
    publish.tasks().publish_now(first).await.expect("started");
    let cancelled = publish.tasks().cancel(second).await.expect("allowed");
    assert_eq!(cancelled, Cancellation::Done);

    let records = publish.records();
    let week = Duration::from_secs(7 * 86_400);
    let (start, end) = (SystemTime::now() - week, SystemTime::now() + week);
    let cancelled = records
        .list()
        .between(start, end)
        .account_id(&account)
        .platform(Platform::Twitter)
        .status(PublishStatus::Cancelled)
        .await
        .expect("a list");
    assert_eq!(cancelled.len(), 1);
    let queued = records.list_queued().between(start, end);
    let queued = queued.account_id(&account).platform("twitter");
    queued.await.expect("a list");
    let published = records.list_published().between(start, end);
    let published = published.account_id(&account).platform("twitter");
    published.await.expect("a list");
    records.delete(second).await.expect("deleted");

    sandbox.posts().set_status(first, -1).expect("a post");
    publish.tasks().retry(first).await.expect("again");
    records.get(first).await.expect("a record");
}

/// Douyin's posts are finished by their user.
async fn hand_off(client: &Client, sandbox: &Sandbox) {
    let account = sandbox.accounts().add("douyin", "Jars").expect("known");
    let flow = client
        .publish()
        .flow()
        .title("Jars")
        .video(VIDEO)
        .at(PublishTime::Now);
    let flow = flow.item(FlowItem::douyin(&account)).await.expect("a flow");
    let id = &flow.tasks[0].id;
    let records = client.publish().records();
    for _ in 0..9 {
        if records.get(id).await.expect("a record").status == PublishStatus::AwaitingUser {
            break;
        }
    }
    let action = records
        .user_action(id)
        .await
        .expect("what the user has to do");
    assert_eq!(action.platform, Platform::Douyin);
    sandbox.posts().finish_hand_off(id).expect("a post");
    let error = records
        .user_action(id)
        .await
        .expect_err("nothing left to do");
    assert_eq!(error.code(), Some(Code::PUBLISH_TASK_STATUS_INVALID));
}

/// A post on Douyin by somebody who scans a code.
async fn check_in(client: &Client, sandbox: &Sandbox) {
    let publish = client.publish();
    let medium = |url: &str| PublishMedia {
        options: None,
        url: url.to_owned(),
    };
    let made = publish
        .douyin_offline_qr([medium(VIDEO)])
        .title("Jars")
        .body("Three jars #jars")
        .cover(medium(IMAGE))
        .option(DouyinOfflineQrOptions {
            cover_tsp: Some(1500),
            download_type: Some(DouyinDownload::Forbidden),
            poi_id: Some("6601136930455".to_owned()),
            private_status: Some(DouyinVisibility::Everyone),
            short_title: Some("Jars".to_owned()),
        })
        .await
        .expect("a code to scan");
    assert_eq!(made.status, PublishStatus::AwaitingUser);
    let record = publish.records().get(&made.record_id).await;
    assert_eq!(
        record.expect("a record").status,
        PublishStatus::AwaitingUser
    );
    let posts = sandbox.posts();
    posts.finish_hand_off(&made.record_id).expect("a post");
    let record = publish.records().get(&made.record_id).await;
    assert_eq!(record.expect("a record").status, PublishStatus::Published);
}

/// What a page needs to have a post shared on `RedNote`.
async fn share(client: &Client) {
    let publish = client.publish();
    let mine = publish.rednote_share_config().nonce("counter-7").await;
    assert_eq!(mine.expect("a signature").verify_config.nonce, "counter-7");
    let other = publish.rednote_share_config().await.expect("a signature");
    assert!(!other.verify_config.nonce.is_empty());
}
