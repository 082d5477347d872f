//! One account of a flow.

use super::flow::media;
use crate::{
    AccountId,
    api::Change,
    types::{
        BilibiliItem, BilibiliOriginal, BilibiliRepost, DouyinItem, DouyinOptions, FacebookItem,
        FacebookOptions, InstagramItem, InstagramOptions, KwaiItem, KwaiOptions, LinkedinItem,
        LinkedinOptions, PinterestItem, PinterestOptions, PublishItem, PublishMedia,
        PublishOverrides, ThreadsItem, ThreadsOptions, TiktokItem, TiktokOptions, TwitterItem,
        TwitterOptions, WxGzhItem, WxGzhOptions, WxSphItem, WxSphOptions, XhsItem, XhsOptions,
        YoutubeItem, YoutubeOptions,
    },
};

/// One account that a flow publishes to, with what is special about it.
///
/// There is a function for each platform. What a platform cannot do without is an
/// argument of it; its other settings go into `options`; and title, text, files
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
#[derive(Debug, Clone, PartialEq)]
#[must_use = "an item is published by the flow that it is given to"]
pub struct FlowItem<O> {
    account_id: AccountId,
    options: O,
    overrides: Option<PublishOverrides>,
}

impl<O> FlowItem<O> {
    fn new(account_id: impl Into<AccountId>, options: O) -> Self {
        Self {
            account_id: account_id.into(),
            options,
            overrides: None,
        }
    }

    /// The title on this account.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.overrides().title = Some(title.into());
        self
    }

    /// The text on this account.
    pub fn body(mut self, body: impl Into<String>) -> Self {
        self.overrides().body = Some(body.into());
        self
    }

    /// Adds a video to this account's own files, which then replace all of the
    /// flow's. An address as for [`CreateFlow::video`](crate::CreateFlow::video).
    pub fn video(self, url: impl Into<String>) -> Self {
        self.media(media(url.into()))
    }

    /// Adds an image to this account's own files, which then replace all of the
    /// flow's. An address as for [`CreateFlow::image`](crate::CreateFlow::image).
    pub fn image(self, url: impl Into<String>) -> Self {
        self.media(media(url.into()))
    }

    /// Adds a video or an image to this account's own files, together with how it
    /// is to be converted.
    pub fn media(mut self, media: PublishMedia) -> Self {
        self.overrides().media.push(media);
        self
    }

    /// The cover on this account: the address of an image.
    pub fn cover(mut self, url: impl Into<String>) -> Self {
        self.overrides().cover = Some(Change::To(media(url.into())));
        self
    }

    /// No cover on this account, although the flow has one.
    pub fn without_cover(mut self) -> Self {
        self.overrides().cover = Some(Change::Remove);
        self
    }

    fn overrides(&mut self) -> &mut PublishOverrides {
        self.overrides.get_or_insert_default()
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
        impl From<FlowItem<$options>> for PublishItem {
            fn from(item: FlowItem<$options>) -> Self {
                Self::$variant($item {
                    account_id: item.account_id,
                    option: item.options.into(),
                    overrides: item.overrides,
                })
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
