//! People and characters for Volcengine's videos.

use aitoearn::types::{VolcengineAssetStatus, VolcengineAssetType, VolcengineAvatarType};
use aitoearn::{Client, Code, ids::VolcengineAssetGroupId};
use aitoearn_mock::Sandbox;

use super::{IMAGE, VIDEO};

pub(super) async fn tell(client: &Client, sandbox: &Sandbox) {
    let group = groups(client).await;
    assets(client, &group).await;
    person(client, sandbox).await;
    delete(client, &group).await;
}

async fn groups(client: &Client) -> VolcengineAssetGroupId {
    let groups = client.video().volcengine().asset_groups();
    let made = groups.create("Otter ä").description("A drawn otter").await;
    let id = made.expect("a group").group_id;
    let changed = groups.update(&id).name("Sea otter").description("Wet");
    changed.await.expect("changed");
    assert_eq!(groups.get(&id).await.expect("a group").name, "Sea otter");
    groups.create("Heron").await.expect("a group");

    let list = groups.list().page(1).page_size(1);
    let list = list.avatar_type(VolcengineAvatarType::Virtual).await;
    assert_eq!(list.expect("a list").total_pages, 2);
    let mut all = groups.list().page_size(1).stream();
    let mut names = Vec::new();
    while let Some(group) = all.next().await {
        names.push(group.expect("a group").name);
    }
    assert_eq!(names, ["Heron", "Sea otter"]);
    assert_eq!(groups.list().await.expect("a list").total, 2);
    id
}

async fn assets(client: &Client, group: &VolcengineAssetGroupId) {
    let assets = client.video().volcengine().assets();
    let made = assets.create(group, IMAGE, VolcengineAssetType::Image);
    let id = made.name("Front").await.expect("an asset").asset_id;
    let other = assets.create(group, VIDEO, VolcengineAssetType::Video);
    let other = other.await.expect("an asset").asset_id;

    let mut polls = 0;
    while assets.get(&id).await.expect("an asset").status != VolcengineAssetStatus::Active {
        polls += 1;
        assert!(polls < 9, "it never becomes active");
    }
    let video = client
        .video()
        .volcengine()
        .create("seedance-2-beta-1080p")
        .text("The otter waves")
        .reference_image(format!("asset://{id}"));
    video.await.expect("a task");
    assets.update(&id, "From the front").await.expect("renamed");
    let list = assets
        .list()
        .page(1)
        .page_size(5)
        .group_id(group)
        .asset_type(VolcengineAssetType::Image)
        .status(VolcengineAssetStatus::Active);
    let list = list.await.expect("a list").list;
    assert_eq!(list.len(), 1);
    assert_eq!(list[0].name.as_deref(), Some("From the front"));
    assets.delete(&other).await.expect("deleted");
    assert_eq!(assets.list().await.expect("a list").total, 1);
}

/// A real person passes a validation, and gets a group.
async fn person(client: &Client, sandbox: &Sandbox) {
    let validations = client.video().volcengine().validations();
    sandbox.validations().hold();
    let started = validations
        .start("https://example.com/checked?user=7")
        .await;
    let token = started.expect("a validation").byted_token;
    let error = validations.complete(&token).await.expect_err("too early");
    assert_eq!(
        error.code(),
        Some(Code::VOLCENGINE_LIVENESS_VERIFICATION_PENDING)
    );
    sandbox.validations().pass(&token).expect("a validation");
    let group = validations.complete(&token).await.expect("a group");
    assert_eq!(group.avatar_type, VolcengineAvatarType::RealPerson);
    let error = validations.complete(&token).await.expect_err("it is over");
    assert_eq!(
        error.code(),
        Some(Code::VOLCENGINE_LIVENESS_SESSION_INVALID)
    );
}

async fn delete(client: &Client, group: &VolcengineAssetGroupId) {
    let volcengine = client.video().volcengine();
    volcengine
        .asset_groups()
        .delete(group)
        .await
        .expect("deleted");
    assert_eq!(volcengine.assets().list().await.expect("a list").total, 0);
    let error = volcengine.asset_groups().get(group).await;
    let error = error.expect_err("it is gone");
    assert_eq!(error.code(), Some(Code::VOLCENGINE_ASSET_GROUP_NOT_FOUND));
}
