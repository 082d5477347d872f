//! Ids, one type for each thing that has one: a flow cannot be asked for with an account's id.
//!
//! Any text is an id on reading, because the service may change its mind. Where it answers a
//! malformed id with an internal error instead of saying so, [`RecordId::is_well_formed`] and its
//! siblings tell beforehand.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$meta:meta])* $name:ident $(, $well_formed:ident)?) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
        pub struct $name(String);

        impl $name {
            /// The id as the service writes it.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            $(
                /// Whether it has the form the service gives out: 24 hexadecimal digits. For any
                /// other text some operations answer with an internal error.
                pub fn $well_formed(&self) -> bool {
                    is_object_id(&self.0)
                }
            )?
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl From<&String> for $name {
            fn from(text: &String) -> Self {
                Self(text.clone())
            }
        }

        impl From<&$name> for $name {
            fn from(id: &$name) -> Self {
                id.clone()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.0 == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.0 == *other
            }
        }
    };
}

id! {
    /// A connected social account: `<platform>_<uid>`, such as `tiktok_123`. Case matters.
    AccountId
}
id! {
    /// A group of accounts.
    GroupId, is_well_formed
}
id! {
    /// An authorization that was started.
    SessionId
}
id! {
    /// A publish flow. Chosen by the caller, any text, unique for a user.
    FlowId
}
id! {
    /// One post on its way to one account. The service calls it a task in some places and a
    /// record in others; the id is the same.
    RecordId, is_well_formed
}
id! {
    /// An uploaded file.
    AssetId, is_well_formed
}
id! {
    /// A task that generates a video or an image.
    TaskId, is_well_formed
}
id! {
    /// A group of assets for Volcengine's videos: one real person, or characters that somebody made.
    VolcengineAssetGroupId
}
id! {
    /// An asset for Volcengine's videos; a video names it as `asset://` and the id.
    VolcengineAssetId
}

fn is_object_id(text: &str) -> bool {
    text.len() == 24 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_its_text() {
        let id: AccountId = serde_json::from_str("\"KWAI_x\"").unwrap();
        assert_eq!(id, "KWAI_x");
        assert_eq!(id.to_string(), "KWAI_x");
        assert_eq!(serde_json::to_string(&id).unwrap(), "\"KWAI_x\"");
        assert_eq!(AccountId::from(&id), id);
    }

    #[test]
    fn object_ids_are_24_hexadecimal_digits() {
        assert!(RecordId::from("66f2a9c4d81e5b0037c4a1a0").is_well_formed());
        for odd in [
            "",
            "66f2a9c4d81e5b0037c4a1a",
            "66f2a9c4d81e5b0037c4a1ag",
            "66f2a9c4d81e5b0037c4a1aé",
        ] {
            assert!(!RecordId::from(odd).is_well_formed(), "{odd}");
        }
    }
}
