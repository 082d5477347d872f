//! One account of a flow.

use std::{fmt, sync::Arc};

use serde::Serialize;
use serde_json::{Map, Value};

use super::content::{Content, content_methods};
use crate::{
    AccountId, InputError,
    api::Change,
    types::{
        BilibiliItem, BilibiliOriginal, BilibiliRepost, DouyinItem, DouyinOptions, FacebookItem,
        FacebookOptions, InstagramItem, InstagramOptions, KwaiItem, KwaiOptions, LinkedinItem,
        LinkedinOptions, PinterestItem, PinterestOptions, PublishItem, PublishOverrides,
        ThreadsItem, ThreadsOptions, TiktokItem, TiktokOptions, TwitterItem, TwitterOptions,
        WxGzhItem, WxGzhOptions, WxSphItem, WxSphOptions, XhsItem, XhsOptions, YoutubeItem,
        YoutubeOptions,
    },
};

/// One account that a flow publishes to, with what is special about it.
///
/// There is a function for each platform. The options that a platform cannot do without
/// are arguments of it; its other settings go into `options`; and title, text, files
/// and cover may differ from those of the flow.
///
/// ```
/// use aitoearn::{FlowItem, types::YoutubePrivacy};
///
/// let item = FlowItem::youtube("youtube_456")
///     .body("A longer text for those who read.")
///     .options(|youtube| {
///         youtube.privacy_status = Some(YoutubePrivacy::Unlisted);
///         youtube.notify_subscribers = Some(false);
///     });
/// ```
#[derive(Debug, Clone)]
#[must_use = "an item is published by the flow that it is given to"]
pub struct FlowItem<O> {
    account_id: AccountId,
    options: O,
    more: More,
    content: Content,
}

/// Options by their name on the wire.
#[derive(Debug, Clone, Default)]
pub(crate) struct More {
    options: Map<String, Value>,
    wrong: Option<InputError>,
}

impl More {
    fn set(&mut self, name: String, value: impl Serialize) {
        match serde_json::to_value(value) {
            Ok(value) => drop(self.options.insert(name, value)),
            Err(error) => {
                let problem = format!("holds `{name}`, which is no JSON: {error}");
                self.wrong
                    .get_or_insert_with(|| InputError::new("option", problem));
            }
        }
    }

    /// The options, if there are any.
    pub(crate) fn options(&self) -> Result<Option<&Map<String, Value>>, InputError> {
        match &self.wrong {
            Some(wrong) => Err(wrong.clone()),
            None => Ok((!self.options.is_empty()).then_some(&self.options)),
        }
    }
}

content_methods!(
    [O] FlowItem<O>,
    " on this account, instead of the flow's",
    " to this account's own files, which then replace all of the flow's"
);

impl<O> FlowItem<O> {
    fn new(account_id: impl Into<AccountId>, options: O) -> Self {
        Self {
            account_id: account_id.into(),
            options,
            more: More::default(),
            content: Content::default(),
        }
    }

    /// Sets an option by its name on the wire: one that the platform's live
    /// `option_schema` lists (see [`Platforms::list`](crate::Platforms::list)) and that has
    /// no field here. It is checked against that schema like the others.
    ///
    /// Some cannot be taken back, such as `massSend` of a WeChat official account, which
    /// goes to all its followers. There is no field for those: they are set by name.
    ///
    /// ```
    /// use aitoearn::FlowItem;
    ///
    /// let item = FlowItem::twitter("twitter_123").option("community_id", "1493446837214187523");
    /// ```
    pub fn option(mut self, name: impl Into<String>, value: impl Serialize) -> Self {
        self.more.set(name.into(), value);
        self
    }

    /// No cover on this account, although the flow has one.
    pub fn without_cover(mut self) -> Self {
        self.content.cover = Some(Change::Remove);
        self
    }
}

/// One account's part of a flow, whatever the platform: what
/// [`CreateFlow::item`](crate::CreateFlow::item) takes.
///
/// It is made from a [`FlowItem`], or from a [`PublishItem`], the type that goes
/// over the wire; with it, a list can hold accounts on several platforms.
///
/// ```
/// use aitoearn::{FlowItem, resources::FlowPart};
///
/// let parts: Vec<FlowPart> = vec![
///     FlowItem::youtube("youtube_456").into(),
///     FlowItem::bilibili("bilibili_789", 171).into(),
/// ];
/// # let _ = parts;
/// ```
#[derive(Clone)]
#[must_use = "it is published by the flow that it is given to"]
pub struct FlowPart {
    account_id: AccountId,
    pub(crate) content: Content,
    pub(crate) more: More,
    /// The rest of it: gives what is sent, once there are addresses for all files.
    make: Arc<dyn Fn(Option<PublishOverrides>) -> PublishItem + Send + Sync>,
}

impl FlowPart {
    pub(crate) fn account_id(&self) -> &AccountId {
        &self.account_id
    }

    /// What is sent, without the options by name. Files that are not uploaded are left out.
    pub(crate) fn sent(&self) -> PublishItem {
        (self.make)(self.content.overrides())
    }
}

/// Without the words and without options, some of which are words, too.
impl fmt::Debug for FlowPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FlowPart")
            .field("account_id", &self.account_id)
            .field("content", &self.content)
            .finish_non_exhaustive()
    }
}

impl From<PublishItem> for FlowPart {
    fn from(item: PublishItem) -> Self {
        // The form that is sent is the same for all platforms.
        let mut sent = serde_json::to_value(&item).unwrap_or_default();
        let overrides = serde_json::from_value(sent["overrides"].take());
        let overrides: Option<PublishOverrides> = overrides.unwrap_or_default();
        Self {
            account_id: sent["accountId"].as_str().unwrap_or_default().into(),
            content: overrides.unwrap_or_default().into(),
            more: More::default(),
            // Its files have addresses already.
            make: Arc::new(move |_| item.clone()),
        }
    }
}

/// A platform that can do without options.
macro_rules! optional {
    ($name:literal, $make:ident => $variant:ident($item:ident), $options:ident) => {
        impl FlowItem<Option<$options>> {
            #[doc = concat!("An account on ", $name, ".")]
            pub fn $make(account_id: impl Into<AccountId>) -> Self {
                Self::new(account_id, None)
            }

            #[doc = concat!("Changes the settings for ", $name, ", none of which is set at first.")]
            pub fn options(mut self, change: impl FnOnce(&mut $options)) -> Self {
                change(self.options.get_or_insert_default());
                self
            }
        }

        needed!($name => $variant($item), Option<$options>);
    };
}

/// What all platforms have.
macro_rules! needed {
    ($name:literal => $variant:ident($item:ident), $options:ty) => {
        impl From<FlowItem<$options>> for FlowPart {
            fn from(item: FlowItem<$options>) -> Self {
                let FlowItem {
                    account_id,
                    options,
                    more,
                    content,
                } = item;
                let account = account_id.clone();
                Self {
                    account_id,
                    content,
                    more,
                    make: Arc::new(move |overrides| {
                        PublishItem::$variant($item {
                            account_id: account.clone(),
                            option: options.clone().into(),
                            overrides,
                        })
                    }),
                }
            }
        }
    };
}

/// The settings of a platform that cannot do without.
macro_rules! options {
    ($name:literal, $options:ty) => {
        #[doc = concat!("Changes the settings for ", $name, ".")]
        pub fn options(mut self, change: impl FnOnce(&mut $options)) -> Self {
            change(&mut self.options);
            self
        }
    };
}

impl FlowItem<BilibiliOriginal> {
    /// An account on bilibili, for a work of your own. `tid` is the number of a
    /// category: a value of the option of this name, see
    /// [`Accounts::option_values`](crate::Accounts::option_values).
    ///
    /// A video there needs a cover, this item's or the flow's; without one the flow has a
    /// problem, found before anything is uploaded.
    pub fn bilibili(account_id: impl Into<AccountId>, tid: i64) -> Self {
        let options = BilibiliOriginal {
            mission_id: None,
            no_reprint: None,
            source: None,
            tid,
            topic_id: None,
        };
        Self::new(account_id, options)
    }

    options!("bilibili", BilibiliOriginal);
}

impl FlowItem<BilibiliRepost> {
    /// An account on bilibili, for a work of someone else. `tid` is as for
    /// [`bilibili`](FlowItem::bilibili), `source` says where the work comes from.
    pub fn bilibili_repost(
        account_id: impl Into<AccountId>,
        tid: i64,
        source: impl Into<String>,
    ) -> Self {
        let options = BilibiliRepost {
            mission_id: None,
            no_reprint: None,
            source: source.into(),
            tid,
            topic_id: None,
        };
        Self::new(account_id, options)
    }

    options!("bilibili", BilibiliRepost);
}

impl FlowItem<PinterestOptions> {
    /// An account on Pinterest, and the board for the pin: a value of the option
    /// `boardId`, see [`Accounts::option_values`](crate::Accounts::option_values).
    pub fn pinterest(account_id: impl Into<AccountId>, board_id: impl Into<String>) -> Self {
        let options = PinterestOptions {
            alt_text: None,
            board_id: board_id.into(),
            cover_image_url: None,
            link: None,
        };
        Self::new(account_id, options)
    }

    options!("Pinterest", PinterestOptions);
}

impl FlowItem<XhsOptions> {
    /// An account on Xiaohongshu, and the link to a note that has been
    /// published there: the browser plug-in publishes, this only records it.
    pub fn xhs(account_id: impl Into<AccountId>, work_link: impl Into<String>) -> Self {
        let options = XhsOptions {
            work_link: work_link.into(),
        };
        Self::new(account_id, options)
    }
}

needed!("bilibili" => Bilibili(BilibiliItem), BilibiliOriginal);
needed!("bilibili" => Bilibili(BilibiliItem), BilibiliRepost);
needed!("Pinterest" => Pinterest(PinterestItem), PinterestOptions);
needed!("Xiaohongshu" => Xhs(XhsItem), XhsOptions);

optional!("Douyin", douyin => Douyin(DouyinItem), DouyinOptions);
optional!("Facebook", facebook => Facebook(FacebookItem), FacebookOptions);
optional!("Instagram", instagram => Instagram(InstagramItem), InstagramOptions);
optional!("Kuaishou", kwai => Kwai(KwaiItem), KwaiOptions);
optional!("LinkedIn", linkedin => Linkedin(LinkedinItem), LinkedinOptions);
optional!("Threads", threads => Threads(ThreadsItem), ThreadsOptions);
optional!("TikTok", tiktok => Tiktok(TiktokItem), TiktokOptions);
optional!("X (Twitter)", twitter => Twitter(TwitterItem), TwitterOptions);
optional!("a WeChat official account", wx_gzh => WxGzh(WxGzhItem), WxGzhOptions);
optional!("WeChat Channels", wx_sph => WxSph(WxSphItem), WxSphOptions);
optional!("YouTube", youtube => Youtube(YoutubeItem), YoutubeOptions);
