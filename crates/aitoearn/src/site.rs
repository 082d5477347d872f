//! Which AiToEarn to talk to: one of the two hosted sites, or a server of your own.

use std::{fmt, net::IpAddr, str::FromStr};

use reqwest::Url;

use crate::error::{ConfigError, Error};

/// One of the two sites that AiToEarn hosts.
///
/// They are separate worlds: a key of one is refused by the other, and each
/// serves its own set of platforms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Site {
    /// <https://aitoearn.cn>, for platforms in China: `douyin`, `KWAI`, `bilibili`, `xhs`,
    /// `wxSph`, `wxGzh`.
    China,
    /// <https://aitoearn.ai>, for the others: `youtube`, `tiktok`, `twitter`, `instagram`,
    /// `threads`, `pinterest`, `linkedin`.
    International,
}

impl Site {
    /// Where the site's API is served, without a trailing slash.
    pub const fn base_url(self) -> &'static str {
        match self {
            Self::China => "https://aitoearn.cn",
            Self::International => "https://aitoearn.ai",
        }
    }

    /// The name that [`FromStr`] and `AITOEARN_SITE` take: `china` or `international`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::China => "china",
            Self::International => "international",
        }
    }
}

impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Site {
    type Err = Error;

    /// Reads `china` or `international`, in any case.
    fn from_str(text: &str) -> Result<Self, Error> {
        [Self::China, Self::International]
            .into_iter()
            .find(|site| site.name().eq_ignore_ascii_case(text.trim()))
            .ok_or_else(|| {
                ConfigError::new(
                    "site",
                    "there is no site of this name",
                    "use `china` or `international`",
                )
                .into()
            })
    }
}

/// A checked base URL: what goes before `/api/...`, without a trailing slash.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct BaseUrl {
    text: String,
    server: String,
    https: bool,
}

impl BaseUrl {
    /// Checks a URL given by the user.
    ///
    /// No error repeats the URL: it may carry a password or a token.
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        let refuse =
            |problem: &str, advice| Err(ConfigError::new("base URL", problem, advice).into());
        let text = text.trim();
        if text.contains(|c: char| c.is_control() || c.is_whitespace() || c == '\\') {
            // The reader of URLs drops some of them: another host than the one that one sees.
            return refuse(
                "it holds a space, a tab, a line break or a backslash",
                "write it on one line, for example `https://aitoearn.example.org`",
            );
        }
        let url = match Url::parse(text) {
            Ok(url) => url,
            Err(error) => {
                let advice = "write it in full, for example `https://aitoearn.example.org`";
                return refuse(&error.to_string(), advice);
            }
        };

        let https = match url.scheme() {
            "https" => true,
            "http" if is_loopback(&url) => false,
            "http" => {
                return refuse(
                    "plain http would send the key in clear",
                    "use https; http is taken only for localhost",
                );
            }
            _ => return refuse("the scheme is not https", "use https"),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return refuse(
                "it holds a user name or password",
                "leave out what stands before the `@`; the API key is set apart",
            );
        }
        if url.query().is_some() || url.fragment().is_some() {
            return refuse(
                "it holds a query or fragment",
                "leave out everything from `?` or `#` on",
            );
        }
        // `Url` guarantees a host for http and https.
        let host = url.host_str().unwrap_or_default();
        Ok(Self {
            server: host.to_owned(),
            https,
            text: url.as_str().trim_end_matches('/').to_owned(),
        })
    }

    /// The URL as text, without a trailing slash.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// The host alone, for errors and traces.
    pub(crate) fn server(&self) -> &str {
        &self.server
    }

    /// Whether the connection is encrypted; only loopback servers may do without.
    #[cfg(not(target_family = "wasm"))]
    pub(crate) fn is_https(&self) -> bool {
        self.https
    }
}

impl fmt::Debug for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, f)
    }
}

fn is_loopback(url: &Url) -> bool {
    let Some(host) = url.host_str() else {
        return false;
    };
    // An IPv6 host stands in brackets.
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base(text: &str) -> String {
        BaseUrl::parse(text).expect(text).as_str().to_owned()
    }

    #[test]
    fn trailing_slashes_go_and_a_path_stays() {
        assert_eq!(base("https://aitoearn.cn///"), "https://aitoearn.cn");
        assert_eq!(
            base("https://example.org/tool/"),
            "https://example.org/tool"
        );
        assert_eq!(
            base(" https://Example.org:8443 "),
            "https://example.org:8443"
        );
    }

    #[test]
    fn plain_http_only_on_loopback() {
        for good in [
            "http://localhost:8080",
            "http://127.0.0.1:1",
            "http://127.9.9.9",
            "http://[::1]:5",
        ] {
            assert!(!BaseUrl::parse(good).expect(good).is_https());
        }
        for bad in [
            "http://example.com",
            "http://localhost.example.com",
            "http://10.0.0.1",
            "http://0.0.0.0",
        ] {
            let error = BaseUrl::parse(bad).expect_err(bad).to_string();
            assert!(error.contains("https"), "{error}");
        }
    }

    #[test]
    fn errors_never_repeat_the_url() {
        for bad in [
            "https://user:hunter2@example.org",
            "https://hunter2@example.org",
            "https://example.org/?token=hunter2",
            "https://example.org/#hunter2",
            "ftp://example.org/hunter2",
            "https://hunter2\texample.org",
            "https://hunter2.exam\nple.org",
            "https://hunter2.exam\r\nple.org/a",
            "https://hunter2 .example.org",
            "https://hunter2.example.org\\a",
            "https:\\\\hunter2.example.org",
            "hunter2",
            "",
        ] {
            let error = BaseUrl::parse(bad).expect_err(bad);
            assert!(
                !format!("{error} {error:?}").contains("hunter2"),
                "{error:?}"
            );
        }
    }

    #[test]
    fn sites_by_name() {
        assert_eq!("china".parse::<Site>().expect("known"), Site::China);
        assert_eq!(
            " International ".parse::<Site>().expect("known"),
            Site::International
        );
        assert!("cn".parse::<Site>().is_err());
        for site in [Site::China, Site::International] {
            assert_eq!(base(site.base_url()), site.base_url());
        }
    }
}
