//! The types of three calls, field by field those of `aitoearn`.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Deserialize)]
pub struct AccountList {
    pub total: i64,
    pub list: Vec<Account>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    pub account: Option<String>,
    pub avatar: Option<String>,
    pub client_type: Option<ClientType>,
    pub collect_count: Option<i64>,
    pub comment_count: Option<i64>,
    pub created_at: Option<String>,
    pub fans_count: Option<i64>,
    pub following_count: Option<i64>,
    pub forward_count: Option<i64>,
    pub group_id: String,
    pub id: String,
    pub income: Option<f64>,
    pub last_stats_time: Option<String>,
    pub like_count: Option<i64>,
    pub login_time: Option<String>,
    pub nickname: String,
    pub rank: Option<i64>,
    pub read_count: Option<i64>,
    pub relay_account_ref: Option<String>,
    pub status: i64,
    #[serde(rename = "type")]
    pub platform: Platform,
    pub uid: String,
    pub updated_at: Option<String>,
    pub user_id: String,
    pub work_count: Option<i64>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientType {
    Web,
    App,
    #[serde(other)]
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Platform {
    Douyin,
    Xhs,
    WxSph,
    #[serde(rename = "KWAI")]
    Kwai,
    Youtube,
    WxGzh,
    Bilibili,
    Twitter,
    Tiktok,
    Facebook,
    Instagram,
    Threads,
    Pinterest,
    Linkedin,
    #[serde(rename = "google_business")]
    GoogleBusiness,
    #[serde(other)]
    Unknown,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountGroup {
    pub country_code: Option<String>,
    pub created_at: Option<String>,
    pub has_browser_config: bool,
    pub id: String,
    pub ip: Option<String>,
    pub is_default: Option<bool>,
    pub location: Option<String>,
    pub name: String,
    pub proxy_ip: Option<String>,
    pub rank: Option<i64>,
    pub updated_at: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewAccountGroup {
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
}
