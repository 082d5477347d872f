//! The platforms: what each is called, takes, and can do.
//!
//! One row per platform, with the facts that a client's behaviour turns on;
//! the metadata that the service publishes is made from the row. The option
//! schemas are the ones that creating a flow checks against.

use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use super::envelope::Refusal;

/// How a platform connects accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Auth {
    /// A page to open.
    OAuth2,
    /// A picture to scan.
    QrCode,
    /// By the browser plug-in only, not by this API.
    Plugin,
}

/// How a platform pages its works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Paging {
    None,
    Cursor {
        default: u64,
        most: u64,
        backwards: bool,
    },
    Page {
        default: u64,
        most: u64,
    },
}

/// One platform.
#[derive(Debug)]
pub(crate) struct Platform {
    pub(crate) id: &'static str,
    pub(crate) name: (&'static str, &'static str),
    pub(crate) auth: Auth,
    /// A login may hold several pages or channels to choose from.
    pub(crate) selectable: bool,
    /// `article2` is text, `article` pictures with text.
    pub(crate) modes: &'static [&'static str],
    /// Characters.
    pub(crate) title: u64,
    /// Characters.
    pub(crate) body: u64,
    pub(crate) images: u64,
    pub(crate) cover_required: bool,
    /// How a published post is known to be through.
    pub(crate) completion: &'static str,
    /// Published posts can be changed.
    pub(crate) update: bool,
    pub(crate) works: Paging,
    /// Analytics of an account, of a work.
    pub(crate) analytics: (bool, bool),
    /// Fields of the option whose values are looked up per account.
    pub(crate) lookups: &'static [&'static str],
}

const fn cursor(default: u64, most: u64) -> Paging {
    Paging::Cursor {
        default,
        most,
        backwards: false,
    }
}

const fn both_ways(default: u64, most: u64) -> Paging {
    Paging::Cursor {
        default,
        most,
        backwards: true,
    }
}

/// Every platform that a client can meet, in the service's order.
#[rustfmt::skip]
pub(crate) static PLATFORMS: [Platform; 14] = [
    Platform { id: "douyin", name: ("Douyin", "抖音"), auth: Auth::QrCode, selectable: false, modes: &["article", "video"], title: 30, body: 1000, images: 35, cover_required: false, completion: "user_handoff", update: false, works: cursor(10, 20), analytics: (true, true), lookups: &[] },
    Platform { id: "xhs", name: ("RedNote", "小红书"), auth: Auth::Plugin, selectable: false, modes: &["article", "video"], title: 20, body: 1000, images: 18, cover_required: false, completion: "sync", update: false, works: Paging::None, analytics: (false, false), lookups: &[] },
    Platform { id: "wxSph", name: ("WeChat Channels", "视频号"), auth: Auth::Plugin, selectable: false, modes: &["article", "video"], title: 16, body: 1000, images: 18, cover_required: false, completion: "polling", update: false, works: Paging::None, analytics: (false, false), lookups: &[] },
    Platform { id: "KWAI", name: ("Kwai", "快手"), auth: Auth::OAuth2, selectable: false, modes: &["video"], title: 50, body: 500, images: 0, cover_required: true, completion: "polling", update: false, works: cursor(20, 200), analytics: (true, true), lookups: &[] },
    Platform { id: "youtube", name: ("YouTube", "YouTube"), auth: Auth::OAuth2, selectable: true, modes: &["video"], title: 100, body: 5000, images: 0, cover_required: false, completion: "sync", update: true, works: cursor(25, 50), analytics: (true, true), lookups: &["categoryId"] },
    Platform { id: "wxGzh", name: ("WeChat Official Account", "公众号"), auth: Auth::OAuth2, selectable: false, modes: &["article2", "article"], title: 64, body: 20_000, images: 20, cover_required: true, completion: "polling", update: false, works: Paging::Page { default: 10, most: 20 }, analytics: (false, false), lookups: &[] },
    Platform { id: "bilibili", name: ("bilibili", "哔哩哔哩"), auth: Auth::OAuth2, selectable: false, modes: &["video"], title: 80, body: 2000, images: 0, cover_required: true, completion: "polling", update: false, works: Paging::Page { default: 20, most: 50 }, analytics: (true, true), lookups: &["tid"] },
    Platform { id: "twitter", name: ("X (Twitter)", "X (Twitter)"), auth: Auth::OAuth2, selectable: false, modes: &["article2", "article", "video"], title: 0, body: 280, images: 4, cover_required: false, completion: "sync", update: false, works: cursor(10, 100), analytics: (true, true), lookups: &[] },
    Platform { id: "tiktok", name: ("TikTok", "TikTok"), auth: Auth::OAuth2, selectable: false, modes: &["article", "video"], title: 90, body: 2200, images: 35, cover_required: false, completion: "polling", update: false, works: cursor(20, 20), analytics: (true, true), lookups: &[] },
    Platform { id: "facebook", name: ("Facebook", "Facebook"), auth: Auth::OAuth2, selectable: true, modes: &["article2", "article", "video"], title: 0, body: 5000, images: 10, cover_required: false, completion: "sync", update: false, works: both_ways(25, 100), analytics: (true, true), lookups: &[] },
    Platform { id: "instagram", name: ("Instagram", "Instagram"), auth: Auth::OAuth2, selectable: true, modes: &["article", "video"], title: 0, body: 2200, images: 10, cover_required: false, completion: "polling", update: false, works: both_ways(25, 100), analytics: (true, true), lookups: &[] },
    Platform { id: "threads", name: ("Threads", "Threads"), auth: Auth::OAuth2, selectable: false, modes: &["article2", "article", "video"], title: 0, body: 500, images: 20, cover_required: false, completion: "polling", update: false, works: both_ways(25, 100), analytics: (true, true), lookups: &["location_id"] },
    Platform { id: "pinterest", name: ("Pinterest", "Pinterest"), auth: Auth::OAuth2, selectable: false, modes: &["article", "video"], title: 100, body: 800, images: 5, cover_required: false, completion: "sync", update: true, works: cursor(25, 100), analytics: (true, true), lookups: &["boardId"] },
    Platform { id: "linkedin", name: ("LinkedIn", "领英"), auth: Auth::OAuth2, selectable: true, modes: &["article2", "article", "video"], title: 0, body: 3000, images: 20, cover_required: false, completion: "sync", update: false, works: Paging::None, analytics: (false, false), lookups: &[] },
];

/// Known to the service, but in no catalogue: nothing can be published there.
pub(crate) const HIDDEN: &str = "google_business";

/// The platform with exactly that id: `kwai` is not `KWAI`.
pub(crate) fn platform(id: &str) -> Option<&'static Platform> {
    PLATFORMS.iter().find(|platform| platform.id == id)
}

/// The refusal of a platform that is in no list; the reason is for the log.
pub(crate) fn unknown(place: &str, id: &str) -> Refusal {
    let known: Vec<&str> = PLATFORMS.iter().map(|platform| platform.id).collect();
    let known = known.join(", ");
    Refusal::invalid(format!("{place} is {id:?}, and not one of {known}"))
}

/// JSON Schema of each platform's publishing option.
pub(crate) static OPTION_SCHEMAS: LazyLock<Map<String, Value>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../data/option_schemas.json")).unwrap_or_default()
});

impl Platform {
    pub(crate) fn option_schema(&self) -> Value {
        OPTION_SCHEMAS
            .get(self.id)
            .cloned()
            .unwrap_or_else(|| json!({ "type": "object" }))
    }

    /// Whether posting goes through this API and not the browser plug-in.
    pub(crate) fn by_api(&self) -> bool {
        self.auth != Auth::Plugin
    }

    pub(crate) fn lists_works(&self) -> bool {
        self.works != Paging::None
    }

    /// Either language's name, as the service writes texts for people.
    fn both(english: &str, chinese: &str) -> Value {
        json!({ "en-US": english, "zh-CN": chinese })
    }

    pub(crate) fn instructions(&self) -> Option<Value> {
        let (english, chinese) = self.name;
        match self.auth {
            Auth::Plugin => None,
            Auth::OAuth2 => Some(Self::both(
                &format!("Sign in to {english} and approve the access."),
                &format!("登录{chinese}并同意授权。"),
            )),
            Auth::QrCode => Some(Self::both(
                &format!("Scan the code with the {english} app."),
                &format!("请使用{chinese}扫描二维码。"),
            )),
        }
    }

    /// The entry in the list of platforms.
    pub(crate) fn metadata(&self, available: bool) -> Value {
        let (english, chinese) = self.name;
        let mut limits = json!({
            "modes": self.modes,
            "maxBodyLength": self.body,
            "maxImages": self.images,
            "maxVideos": u64::from(self.modes.contains(&"video")),
            "coverRequired": self.cover_required,
        });
        if self.title > 0 {
            limits["maxTitleLength"] = json!(self.title);
        }
        let mut metadata = json!({
            "platform": self.id,
            "displayName": Self::both(english, chinese),
            "logoUrl": format!("https://assets.example.com/platforms/{}.png", self.id),
            "authType": match self.auth {
                Auth::OAuth2 => "oauth2",
                Auth::QrCode => "qrcode",
                Auth::Plugin => "plugin",
            },
            "emptyAccountHint": {
                "title": Self::both("No account yet", "还没有账号"),
                "description": Self::both(&format!("Connect a {english} account first."), &format!("请先连接{chinese}账号。")),
            },
            "editor": if self.id == "wxGzh" { "html" } else { "text" },
            "contentLimits": limits,
            "mediaRules": {
                "imageFormats": if self.images > 0 { json!(["jpg", "jpeg", "png", "webp"]) } else { json!([]) },
                "videoFormats": if self.modes.contains(&"video") { json!(["mp4", "mov"]) } else { json!([]) },
                "maxImageSize": 10 * 1024 * 1024,
                "maxVideoSize": 1024 * 1024 * 1024,
                "maxVideoDuration": 900,
                "aspectRatio": { "min": 0.1, "max": 10 },
            },
            "topic": { "supported": true, "nativeField": false, "maxCount": 10 },
            "capabilities": self.capabilities(),
            "optionSchema": self.option_schema(),
            "status": if available { "available" } else { "unavailable" },
        });
        if let Some(instructions) = self.instructions() {
            metadata["authInstructions"] = instructions;
        }
        metadata
    }

    fn capabilities(&self) -> Value {
        let query = json!({ "type": "object", "properties": {} });
        json!({
            "auth": {
                "supported": self.by_api(),
                "revoke": self.by_api(),
                "selectableAccounts": self.selectable,
                "refreshAccountAccess": self.selectable,
            },
            "publish": {
                "supported": true,
                "cancel": self.by_api(),
                "update": self.update,
                "verify": self.by_api(),
                "finalize": self.completion == "polling",
                "scheduleByPlatform": false,
                "optionSources": !self.lookups.is_empty(),
                "completionStrategy": self.completion,
            },
            "analytics": { "account": self.analytics.0, "work": self.analytics.1 },
            "engagement": {
                "comments": {
                    "list": { "supported": false, "pagination": { "mode": "none" }, "parameters": { "querySchema": query } },
                    "create": { "supported": false, "parameters": { "querySchema": query, "bodySchema": query } },
                },
                "functions": [],
            },
            "work": {
                "listWorks": self.lists_works(),
                "listWorksPagination": self.works.metadata(),
                "getLinkInfo": true,
                "getDetail": self.lists_works(),
                "verifyOwnership": self.lists_works(),
            },
            "browse": { "search": false, "getDetail": false },
            "webhook": { "supported": false },
        })
    }
}

impl Paging {
    fn metadata(self) -> Value {
        match self {
            Self::None => json!({ "mode": "none" }),
            Self::Cursor {
                default,
                most,
                backwards,
            } => json!({
                "mode": "cursor", "defaultLimit": default, "maxLimit": most, "supportsPrevious": backwards,
            }),
            Self::Page { default, most } => json!({
                "mode": "page", "defaultPageSize": default, "maxPageSize": most, "supportsTotal": true,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_platform_has_an_option_schema_of_its_own() {
        for platform in &PLATFORMS {
            assert!(OPTION_SCHEMAS.contains_key(platform.id), "{}", platform.id);
        }
        assert_eq!(OPTION_SCHEMAS.len(), PLATFORMS.len());
    }
}
