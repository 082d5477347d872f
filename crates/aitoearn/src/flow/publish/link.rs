//! Links to posts, some of which hold a permission.

use std::fmt;

use crate::error::said;

/// Parts of names whose values open something.
const SECRET_NAMES: [&str; 6] = ["token", "sign", "secret", "auth", "key", "ticket"];

/// A link as it may be shown and logged: those of Xiaohongshu hold an access token in their query.
pub(super) struct Shown<'a>(pub(super) &'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (address, query) = self.0.split_once('?').unwrap_or((self.0, ""));
        // On one line, and without what a terminal would obey.
        f.write_str(&said(address))?;
        for (index, pair) in query.split('&').filter(|it| !it.is_empty()).enumerate() {
            f.write_str(if index == 0 { "?" } else { "&" })?;
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let lower = name.to_ascii_lowercase();
            let is_secret = SECRET_NAMES.iter().any(|word| lower.contains(word));
            let is_plain = pair.bytes().all(|byte| byte.is_ascii_graphic());
            match (is_secret || !is_plain, value) {
                (true, _) if is_plain => write!(f, "{name}=***")?,
                (true, _) => f.write_str("***")?,
                (false, "") => f.write_str(name)?,
                (false, _) => write!(f, "{name}={value}")?,
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}

#[cfg(test)]
mod tests {
    use super::Shown;

    #[test]
    fn a_token_in_the_query_is_not_shown() {
        for (link, shown) in [
            ("https://v.example/p/7", "https://v.example/p/7"),
            (
                "https://v.example/watch?v=dQ&t=3",
                "https://v.example/watch?v=dQ&t=3",
            ),
            (
                "https://x.example/n/6?xsec_token=ABq%3D&xsec_source=pc",
                "https://x.example/n/6?xsec_token=***&xsec_source=pc",
            ),
            (
                "https://x.example/?Signature=1",
                "https://x.example/?Signature=***",
            ),
            ("https://x.example/?a", "https://x.example/?a"),
            (
                "https://x.example/\u{1b}[2J?\u{202e}=1",
                "https://x.example/ [2J?***",
            ),
        ] {
            assert_eq!(Shown(link).to_string(), shown);
        }
    }
}
