//! Why a flow was not created.

use std::fmt;

use super::Problem;
use crate::{AssetId, Code, CreateFlow, Error, error::write_with_advice, flow::UploadError};

/// A flow was not created, or nobody knows whether it was. It says why, and
/// gives the flow back to be mended and tried again.
///
/// ```no_run
/// # async fn example(client: aitoearn::Client) -> Result<(), Box<dyn std::error::Error>> {
/// use std::path::Path;
/// use aitoearn::{Error, FlowItem, PublishTime, flow::PublishReason};
///
/// let flow = client
///     .publish()
///     .flow()
///     .title("A title that says all there is to say about the folding of maps")
///     .video(Path::new("fold.mp4"))
///     .item(FlowItem::bilibili("bilibili_789", 171))
///     .at(PublishTime::Now);
/// let created = match flow.await {
///     Ok(created) => created,
///     Err(error) => match error.reason() {
///         PublishReason::Problems(problems) => {
///             for problem in problems {
///                 println!("{problem}");
///             }
///             error.into_flow().title("Maps").await?
///         }
///         // Nothing is uploaded again, and there will be one flow at most.
///         PublishReason::Call(Error::Ambiguous(_)) => error.into_flow().await?,
///         _ => return Err(error.into()),
///     },
/// };
/// println!("{}", created.flow_id);
/// # Ok(())
/// # }
/// ```
pub struct PublishError(Box<(CreateFlow, PublishReason)>);

/// Why a flow was not created.
#[derive(Debug)]
#[non_exhaustive]
pub enum PublishReason {
    /// The content breaks rules of the platforms, found beforehand: all of them,
    /// for all accounts. Nothing was uploaded or created.
    Problems(Vec<Problem>),
    /// A local file cannot be read or uploaded. Nothing was created.
    Upload {
        /// The file's name.
        name: String,
        /// At which step it failed.
        error: UploadError,
    },
    /// The service confirmed an upload and gave no address that could be
    /// published. Nothing was created.
    NoAddress {
        /// The file's name.
        name: String,
        /// The asset that it has become.
        asset_id: AssetId,
    },
    /// A call failed: the one that creates the flow, or the one for the
    /// platforms' rules, see [`Error::operation`]; or an argument is wrong.
    ///
    /// For [`Error::Ambiguous`], the flow may exist: read it by its
    /// [id](CreateFlow::id), or try it again.
    Call(Error),
}

impl From<Error> for PublishReason {
    fn from(error: Error) -> Self {
        Self::Call(error)
    }
}

impl PublishError {
    pub(super) fn new(flow: CreateFlow, reason: PublishReason) -> Self {
        Self(Box::new((flow, reason)))
    }

    /// Why it was not created.
    pub fn reason(&self) -> &PublishReason {
        &self.0.1
    }

    /// The rules that the content breaks, if it was that.
    pub fn problems(&self) -> &[Problem] {
        match self.reason() {
            PublishReason::Problems(problems) => problems,
            _ => &[],
        }
    }

    /// The failed call, if it was that.
    pub fn error(&self) -> Option<&Error> {
        match self.reason() {
            PublishReason::Call(error) => Some(error),
            _ => None,
        }
    }

    /// The service's code, if it answered with one.
    pub fn code(&self) -> Option<Code> {
        self.error().and_then(Error::code)
    }

    /// The flow as it was, to be mended or tried again under the same id. Files
    /// that were uploaded have become addresses; a reader that was read is empty.
    pub fn into_flow(self) -> CreateFlow {
        self.0.0
    }

    /// The flow and the reason.
    pub fn into_parts(self) -> (CreateFlow, PublishReason) {
        *self.0
    }

    /// What to do about it, in a sentence or two.
    pub fn advice(&self) -> &str {
        match self.reason() {
            PublishReason::Problems(_) => {
                "Change what they name and try again; nothing was uploaded or created."
            }
            PublishReason::Upload { error, .. } => error.advice(),
            PublishReason::NoAddress { .. } => {
                "Upload the file by itself and publish the address that the asset gets."
            }
            PublishReason::Call(error) => error.advice(),
        }
    }
}

impl fmt::Debug for PublishError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !f.alternate() {
            return write_with_advice(f, self, self.advice());
        }
        f.debug_struct("PublishError")
            .field("flow_id", self.0.0.id())
            .field("reason", self.reason())
            .finish_non_exhaustive()
    }
}

impl fmt::Display for PublishError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.reason() {
            PublishReason::Problems(problems) => {
                match problems.len() {
                    1 => f.write_str("the content breaks a rule: ")?,
                    count => write!(f, "the content breaks {count} rules: ")?,
                }
                for (index, problem) in problems.iter().enumerate() {
                    let comma = if index == 0 { "" } else { " " };
                    write!(f, "{comma}{problem}")?;
                }
                Ok(())
            }
            PublishReason::Upload { name, error } => write!(f, "`{name}` is not uploaded: {error}"),
            PublishReason::NoAddress { name, asset_id } => write!(
                f,
                "`{name}` is uploaded as asset {asset_id}, which has no public address"
            ),
            PublishReason::Call(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for PublishError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self.reason() {
            PublishReason::Upload { error, .. } => Some(error),
            PublishReason::Call(error) => Some(error),
            PublishReason::Problems(_) | PublishReason::NoAddress { .. } => None,
        }
    }
}
