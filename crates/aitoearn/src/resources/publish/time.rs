//! When something is published.

use std::time::SystemTime;

use aitoearn_api::__private::now;

use crate::{Timestamp, error::Error, input};

/// When something is published.
///
/// There is always a time: the service would take the absence of one for 1970,
/// and publish at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublishTime {
    /// At once: the moment at which the request is sent, by this machine's clock.
    Now,
    /// At this moment, to the millisecond. One that is over means at once. It is
    /// sent in UTC; a text without an offset is taken as UTC.
    At(Timestamp),
}

impl PublishTime {
    /// What is sent, if it is sent now.
    pub(super) fn to_timestamp(&self) -> Result<Timestamp, Error> {
        match self {
            Self::Now => Ok(now().into()),
            Self::At(moment) => input::moment("at", moment),
        }
    }
}

impl From<SystemTime> for PublishTime {
    fn from(moment: SystemTime) -> Self {
        Self::At(moment.into())
    }
}

impl From<Timestamp> for PublishTime {
    fn from(moment: Timestamp) -> Self {
        Self::At(moment)
    }
}
