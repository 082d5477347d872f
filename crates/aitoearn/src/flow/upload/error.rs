//! Why a file did not become an asset.

use std::{error::Error as StdError, fmt, io, time::Duration};

use reqwest::StatusCode;

use crate::{AssetId, Error, error::write_with_advice};

/// An upload failed. It says at which step; no variant shows the signed address.
#[non_exhaustive]
pub enum UploadError {
    /// The source cannot be read.
    Source {
        /// The file's name.
        name: String,
        /// What the system said.
        error: io::Error,
    },
    /// The source did not hold as many bytes as it said before: it changed while
    /// it was sent. Nothing was confirmed.
    SizeChanged {
        /// The file's name.
        name: String,
        /// How many bytes were announced.
        announced: u64,
        /// Whether there were more of them than that; else there were fewer.
        is_longer: bool,
    },
    /// The file was written to while it was sent, and is as long as before: the
    /// storage may have parts of the old one and parts of the new one. Nothing was
    /// confirmed.
    Overwritten {
        /// The file's name.
        name: String,
    },
    /// The service gave no address to send the bytes to.
    Sign(Error),
    /// The service gave an address that cannot be used as it is.
    Address {
        /// The asset that was announced.
        asset_id: AssetId,
        /// What is wrong with the address, which is a secret itself.
        problem: &'static str,
    },
    /// The storage refused the bytes, or something else answered in its place.
    Refused {
        /// The asset that was announced.
        asset_id: AssetId,
        /// The HTTP status. 403 is the usual one for a signature that has expired.
        status: StatusCode,
        /// The storage's own word, such as `SignatureDoesNotMatch`.
        code: Option<String>,
    },
    /// The storage has other bytes than were sent, by the digest that it names. Nothing
    /// was confirmed.
    Damaged {
        /// The asset that was announced.
        asset_id: AssetId,
    },
    /// The connection to the storage failed or broke.
    Transfer {
        /// The asset that was announced.
        asset_id: AssetId,
        /// How many bytes had been handed over to the connection.
        sent: u64,
        /// What happened, without the address.
        error: reqwest::Error,
    },
    /// The storage took no byte, or gave no answer, for too long.
    Idle {
        /// The asset that was announced.
        asset_id: AssetId,
        /// How many bytes had been handed over to the connection.
        sent: u64,
        /// How long nothing happened.
        limit: Duration,
    },
    /// The storage has the bytes and the service has not confirmed them. No need
    /// to send them again: [`Assets::confirm`](crate::Assets::confirm) takes the id.
    Confirm {
        /// The asset to confirm.
        asset_id: AssetId,
        /// What the confirmation ended with.
        error: Error,
    },
}

impl UploadError {
    /// The asset that was announced, if it came that far.
    pub fn asset_id(&self) -> Option<&AssetId> {
        match self {
            Self::Source { .. }
            | Self::SizeChanged { .. }
            | Self::Overwritten { .. }
            | Self::Sign(_) => None,
            Self::Address { asset_id, .. }
            | Self::Refused { asset_id, .. }
            | Self::Damaged { asset_id }
            | Self::Transfer { asset_id, .. }
            | Self::Idle { asset_id, .. }
            | Self::Confirm { asset_id, .. } => Some(asset_id),
        }
    }

    /// What to do about it, in one sentence.
    pub fn advice(&self) -> &str {
        match self {
            Self::Source { .. } => "Check that the file exists and may be read.",
            Self::SizeChanged { .. } | Self::Overwritten { .. } => {
                "Upload it again once nobody writes to it any more."
            }
            Self::Sign(error) => error.advice(),
            Self::Address { .. } => {
                "Report it: this crate sends addresses as they are or not at all."
            }
            Self::Refused { status, .. } if *status == StatusCode::FORBIDDEN => {
                "Upload it again; if it stays, set the content type that the service expects and check this machine's clock."
            }
            Self::Refused { status, code, .. } if is_too_large(*status, code.as_deref()) => {
                "Make the file smaller: the storage does not take one of this size."
            }
            Self::Refused { status, .. } if status.is_success() => {
                "Check any proxy between here and the storage: this answer is not the storage's."
            }
            Self::Refused { status, code, .. } if !is_passing(*status, code.as_deref()) => {
                "Report it with the storage's word: the same upload will be refused again."
            }
            Self::Damaged { .. } => {
                "Upload it again; if it stays, check any proxy between here and the storage."
            }
            Self::Refused { .. } | Self::Transfer { .. } | Self::Idle { .. } => {
                "Upload it again later."
            }
            Self::Confirm { .. } => "Confirm the asset by its id; the bytes are there.",
        }
    }
}

impl fmt::Debug for UploadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_with_advice(f, self, self.advice())
    }
}

impl fmt::Display for UploadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Source { name, error } => write!(f, "`{name}` cannot be read: {error}"),
            Self::SizeChanged {
                name,
                announced,
                is_longer,
            } => {
                let than = if *is_longer { "more" } else { "less" };
                write!(
                    f,
                    "`{name}` changed: it holds {than} than the {announced} bytes announced"
                )
            }
            Self::Overwritten { name } => {
                write!(f, "`{name}` changed: it was written to while it was sent")
            }
            Self::Sign(error) => write!(f, "the upload could not be announced: {error}"),
            Self::Address { asset_id, problem } => {
                write!(
                    f,
                    "the address for asset {asset_id} cannot be used: {problem}"
                )
            }
            Self::Refused {
                asset_id,
                status,
                code,
            } => {
                write!(
                    f,
                    "the storage refused asset {asset_id}: HTTP {}",
                    status.as_u16()
                )?;
                code.as_ref().map_or(Ok(()), |code| write!(f, " ({code})"))
            }
            Self::Damaged { asset_id } => write!(
                f,
                "the storage has other bytes for asset {asset_id} than were sent"
            ),
            Self::Transfer {
                asset_id,
                sent,
                error,
            } => {
                let error = root(error);
                write!(
                    f,
                    "the connection to the storage failed after {sent} bytes of asset {asset_id}: {error}"
                )
            }
            Self::Idle {
                asset_id,
                sent,
                limit,
            } => write!(
                f,
                "the storage was silent for {limit:?} after {sent} bytes of asset {asset_id}"
            ),
            Self::Confirm { asset_id, error } => {
                write!(f, "asset {asset_id} is uploaded and not confirmed: {error}")
            }
        }
    }
}

/// Whether the storage is busy or broken for a moment: made to be followed by another try.
pub(super) fn is_passing(status: StatusCode, code: Option<&str>) -> bool {
    matches!(status.as_u16(), 408 | 429 | 500 | 502 | 503 | 504)
        || code.is_some_and(|code| {
            let words = ["SlowDown", "Throttling", "RequestTimeout"];
            words.contains(&code)
        })
}

fn is_too_large(status: StatusCode, code: Option<&str>) -> bool {
    status == StatusCode::PAYLOAD_TOO_LARGE || code == Some("EntityTooLarge")
}

/// The innermost cause, the only one that says something: "connection refused".
fn root<'a>(error: &'a (dyn StdError + 'static)) -> &'a dyn StdError {
    let mut root: &(dyn StdError + 'static) = error;
    while let Some(inner) = root.source() {
        root = inner;
    }
    root
}

impl StdError for UploadError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Source { error, .. } => Some(error),
            Self::Sign(error) | Self::Confirm { error, .. } => Some(error),
            Self::Transfer { error, .. } => Some(error),
            _ => None,
        }
    }
}
