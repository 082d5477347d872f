use serde::{Deserialize, Serialize};

pub use super::enums::*;

#[derive(Deserialize, Serialize, Clone, Debug)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Account {
    pub id: String,
    #[serde(rename = "userId")]
    pub user_id: String,
    #[serde(rename = "type")]
    pub type_: Platform,
    pub uid: String,
    pub nickname: String,
    #[serde(rename = "groupId")]
    pub group_id: String,
    pub status: AccountStatus,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar: Option<String>,
    #[serde(
        rename = "fansCount",
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::tolerant::int_opt"
    )]
    pub fans_count: Option<i64>,
    #[serde(rename = "loginTime", default, skip_serializing_if = "Option::is_none")]
    pub login_time: Option<crate::Timestamp>,
}

#[derive(Deserialize, Serialize, Clone, Debug)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct AccountList {
    #[serde(deserialize_with = "crate::tolerant::int")]
    pub total: i64,
    pub list: Vec<Account>,
}

#[derive(Deserialize, Serialize, Clone, Debug)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct LocalizedText {
    #[serde(rename = "en-US")]
    pub en_us: String,
    #[serde(rename = "zh-CN")]
    pub zh_cn: String,
}

#[derive(Deserialize, Serialize, Clone, Debug)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct AuthStart {
    pub url: String,
    #[serde(rename = "sessionId")]
    pub session_id: String,
    #[serde(rename = "expiresAt")]
    pub expires_at: crate::Timestamp,
    #[serde(
        rename = "authInstructions",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub auth_instructions: Option<LocalizedText>,
}

#[derive(Deserialize, Serialize, Clone, Debug)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct AuthSession {
    #[serde(rename = "sessionId")]
    pub session_id: String,
    pub status: AuthSessionStatus,
    #[serde(rename = "requiresSelection")]
    pub requires_selection: bool,
    #[serde(rename = "expiresAt", default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<crate::Timestamp>,
    #[serde(rename = "errorCode", default, skip_serializing_if = "Option::is_none")]
    pub error_code: Option<crate::Code>,
    #[serde(rename = "accountId", default, skip_serializing_if = "Option::is_none")]
    pub account_id: Option<String>,
    #[serde(
        rename = "accountIds",
        default,
        deserialize_with = "crate::tolerant::null_default"
    )]
    pub account_ids: Vec<String>,
    #[serde(default, deserialize_with = "crate::tolerant::null_default")]
    pub accounts: Vec<ConnectedAccount>,
    #[serde(
        rename = "selectableAccounts",
        default,
        deserialize_with = "crate::tolerant::null_default"
    )]
    pub selectable_accounts: Vec<SelectableAccount>,
}

#[derive(Deserialize, Serialize, Clone, Debug)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ConnectedAccount {
    #[serde(rename = "accountId")]
    pub account_id: String,
    pub platform: Platform,
    #[serde(rename = "platformUid")]
    pub platform_uid: String,
    #[serde(rename = "displayName")]
    pub display_name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    #[serde(rename = "avatarUrl", default, skip_serializing_if = "Option::is_none")]
    pub avatar_url: Option<String>,
}

#[derive(Deserialize, Serialize, Clone, Debug)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SelectableAccount {
    pub platform: Platform,
    #[serde(rename = "platformUid")]
    pub platform_uid: String,
    #[serde(rename = "displayName")]
    pub display_name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    #[serde(rename = "avatarUrl", default, skip_serializing_if = "Option::is_none")]
    pub avatar_url: Option<String>,
    #[serde(
        rename = "parentPlatformUid",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub parent_platform_uid: Option<String>,
}

#[derive(Deserialize, Serialize, Clone, Debug)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct PlatformInfo {
    pub platform: Platform,
    #[serde(rename = "displayName")]
    pub display_name: LocalizedText,
    #[serde(rename = "authType")]
    pub auth_type: AuthType,
    pub status: PlatformStatus,
}
