//! Settings from the environment.

use std::ffi::OsString;

use crate::{
    ClientBuilder, Site,
    error::{ConfigError, Error},
};

const API_KEY: &str = "AITOEARN_API_KEY";
const SITE: &str = "AITOEARN_SITE";
const BASE_URL: &str = "AITOEARN_BASE_URL";

/// A builder with what the variables say; `lookup` reads one of them.
pub(crate) fn builder(lookup: impl Fn(&str) -> Option<OsString>) -> Result<ClientBuilder, Error> {
    let read = |name: &'static str| match lookup(name).map(OsString::into_string) {
        None => Ok(None),
        Some(Ok(text)) if text.trim().is_empty() => Err(ConfigError::new(
            name,
            "is set but empty",
            "give it a value, or unset it",
        )),
        Some(Ok(text)) => Ok(Some(text)),
        Some(Err(_)) => Err(ConfigError::new(
            name,
            "is not valid Unicode",
            "set it again, as plain text",
        )),
    };

    let mut builder = ClientBuilder::new();
    if let Some(key) = read(API_KEY)? {
        builder = builder.api_key(key);
    }
    match (read(SITE)?, read(BASE_URL)?) {
        (Some(_), Some(_)) => Err(ConfigError::new(
            SITE,
            "is set, and AITOEARN_BASE_URL is, too",
            "unset one of them: each of them names a server",
        )
        .into()),
        (None, None) => Err(ConfigError::new(
            SITE,
            "is not set, nor is AITOEARN_BASE_URL",
            "set it to `china` or `international`, the site that your key is from",
        )
        .into()),
        (Some(site), None) => {
            let site: Site = site.parse().map_err(|_| {
                ConfigError::new(
                    SITE,
                    "names no site",
                    "set it to `china` or `international`",
                )
            })?;
            Ok(builder.site(site))
        }
        (None, Some(url)) => Ok(builder.base_url(url)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn build(vars: &[(&str, &str)]) -> Result<crate::Client, Error> {
        builder(|name| {
            let found = vars.iter().find(|(var, _)| *var == name);
            found.map(|(_, value)| OsString::from(value))
        })
        .and_then(ClientBuilder::build)
    }

    #[test]
    fn one_server_must_be_named() {
        let client = build(&[(SITE, "China"), (API_KEY, "ak_1")]).expect("complete");
        assert_eq!(client.base_url(), "https://aitoearn.cn");
        let client = build(&[(BASE_URL, "http://localhost:9/")]).expect("no key needed");
        assert_eq!(client.base_url(), "http://localhost:9");

        for wrong in [
            &[(API_KEY, "hunter2")][..],
            &[(API_KEY, "hunter2"), (SITE, "cn")],
            &[
                (API_KEY, "hunter2"),
                (SITE, "china"),
                (BASE_URL, "https://aitoearn.cn"),
            ],
            &[(API_KEY, "hunter2"), (SITE, " ")],
            &[(API_KEY, "hunter2"), (BASE_URL, "http://example.org")],
            &[(API_KEY, "hunter2\nhunter2"), (SITE, "china")],
            &[(API_KEY, ""), (SITE, "china")],
        ] {
            let error = build(wrong).expect_err("incomplete or contradictory");
            assert!(matches!(error, Error::Config(_)), "{error:?}");
            assert!(
                !format!("{error} {error:?}").contains("hunter2"),
                "{error:?}"
            );
        }
    }

    #[test]
    #[cfg(unix)]
    fn text_that_is_no_unicode_is_refused() {
        use std::os::unix::ffi::OsStringExt as _;

        let broken = |name: &str| (name == API_KEY).then(|| OsString::from_vec(vec![b'a', 0xff]));
        let error = builder(broken).expect_err("broken").to_string();
        assert!(error.contains(API_KEY), "{error}");
    }
}
