crate::open_enum! {
    /// A social platform.
    pub enum Platform {
        /// Douyin.
        Douyin = "douyin",
        /// RedNote.
        Xhs = "xhs",
        /// WeChat Channels.
        WxSph = "wxSph",
        /// Kuaishou.
        Kwai = "KWAI",
        /// YouTube.
        Youtube = "youtube",
        /// WeChat Official Accounts.
        WxGzh = "wxGzh",
        /// Bilibili.
        Bilibili = "bilibili",
        /// X.
        Twitter = "twitter",
        /// TikTok.
        Tiktok = "tiktok",
        /// Facebook.
        Facebook = "facebook",
        /// Instagram.
        Instagram = "instagram",
        /// Threads.
        Threads = "threads",
        /// Pinterest.
        Pinterest = "pinterest",
        /// LinkedIn.
        Linkedin = "linkedin",
        /// Google Business.
        GoogleBusiness = "google_business",
    }
}

crate::open_enum! {
    /// State of an authorization.
    pub enum AuthSessionStatus {
        /// Waiting for the user.
        Pending = "pending",
        /// Connected.
        Completed = "completed",
        /// Refused.
        Failed = "failed",
    }
}

crate::open_enum! {
    /// How accounts of a platform are authorized.
    pub enum AuthType {
        /// A page of the platform.
        Oauth2 = "oauth2",
        /// The browser plugin.
        Plugin = "plugin",
        /// A QR code.
        Qrcode = "qrcode",
    }
}

crate::open_enum! {
    /// Whether a platform can be used now.
    pub enum PlatformStatus {
        /// It can.
        Available = "available",
        /// It cannot.
        Unavailable = "unavailable",
    }
}

crate::open_int! {
    /// State of an account.
    pub enum AccountStatus {
        /// Needs a new authorization.
        Offline = 0,
        /// Can be used.
        Usable = 1,
    }
}
