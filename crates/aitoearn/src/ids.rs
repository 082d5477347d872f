//! One type for each thing that has an id, so that none can be given for another.
//!
//! Texts become ids by `into()`, and methods take both: `client.accounts().get("tiktok_123")`.

pub use aitoearn_api::{
    AccountId, AssetId, FlowId, GroupId, RecordId, SessionId, TaskId, VolcengineAssetGroupId,
    VolcengineAssetId,
};
