//! What a second sending of each operation would do, from what the service is known to do.

use aitoearn_api::{Method, operations};

/// What an operation that is sent twice does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Twice {
    /// It happens twice: a second post, a second bill.
    Again,
    /// The request names what is to be made, so that it is made once: it is repeated like what
    /// stays the same, and unknown in the end like what happens again.
    Named,
    /// The second time changes nothing more: what is deleted stays deleted, a time that is set
    /// stays set.
    Same,
}

/// Operations of which a second sending happens again.
const AGAIN: [&str; 22] = [
    // Another group of the same name.
    "account_groups_create",
    // Another board on the platform.
    "accounts_option_create",
    // A `GET` that opens an authorization session.
    "auth_start",
    // Each image, video and answer is billed.
    "image_edit",
    "image_edit_async",
    "image_generate",
    "image_generate_async",
    "relay_chat_completions",
    "relay_gemini_generate",
    "relay_gemini_stream",
    "relay_images_edit",
    "relay_images_generate",
    "relay_messages",
    "video_generate",
    "volcengine_video_create",
    // Posts.
    "publish_task_now",
    "publish_task_retry",
    // Another record, with another code to scan.
    "publish_douyin_offline_qr",
    // Another group or asset of the same name.
    "volcengine_asset_groups_create",
    "volcengine_assets_create",
    // Another page for the person, and the first one is not known to anybody.
    "volcengine_validations_start",
    // The second one finds the validation used, and the group's id is lost.
    "volcengine_validations_complete",
];

/// Operations whose request has the id of what it makes.
const NAMED: [&str; 1] = ["publish_flow_create"];

/// Operations of which a second sending leaves what the first one left.
const SAME: [&str; 16] = [
    "account_groups_delete_many",
    "account_groups_sort_accounts",
    "account_groups_update",
    "accounts_delete",
    "accounts_delete_many",
    // The asset that is confirmed is confirmed.
    "assets_confirm",
    // An address that nobody uploads to is forgotten after five minutes.
    "assets_upload_sign",
    "publish_record_delete",
    "publish_task_cancel",
    "publish_task_reschedule",
    // Signs, and remembers nothing.
    "publish_rednote_share_config",
    "volcengine_asset_groups_delete",
    "volcengine_asset_groups_update",
    "volcengine_assets_delete",
    "volcengine_assets_update",
    // Asks the platform, by `POST`.
    "works_verify_ownership",
];

/// `None` for what only reads.
pub(crate) fn twice(operation: &str) -> Option<Twice> {
    let lists: [(Twice, &[&str]); 3] = [
        (Twice::Again, &AGAIN),
        (Twice::Named, &NAMED),
        (Twice::Same, &SAME),
    ];
    let found = lists.iter().find(|(_, list)| list.contains(&operation));
    found.map(|(twice, _)| *twice)
}

#[test]
fn every_operation_that_may_change_something_is_judged() {
    for operation in operations::ALL {
        let changes = operation.method != Method::Get || operation.name == "auth_start";
        assert_eq!(
            twice(operation.name).is_some(),
            changes,
            "{operation}: say in `tests/effects/operations.rs` what a second sending does"
        );
    }
    for name in AGAIN.iter().chain(&NAMED).chain(&SAME) {
        assert!(operations::by_name(name).is_some(), "{name} is gone");
    }
}
