//! When something is published.

use std::time::{Duration, SystemTime};

use aitoearn_api::__private::now;

use crate::{InputError, Timestamp, error::Error, input};

/// When something is published.
///
/// There is always a time: the service would take the absence of one for 1970,
/// and publish at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublishTime {
    /// At once: the moment at which the request is sent, by this machine's clock.
    Now,
    /// At this moment, to the millisecond, by this machine's clock. One that has
    /// been over for more than a minute is refused: what it was meant to be is
    /// not known, and the service would publish at once. It is sent in UTC; a
    /// text without an offset is taken as UTC.
    At(Timestamp),
}

/// A moment that was `SystemTime::now()` when the program asked for it is not in the past.
const JUST_NOW: Duration = Duration::from_secs(60);

/// A century: nobody means to publish so late.
const NEVER: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

impl PublishTime {
    /// Refuses a moment that cannot be meant: one that is over, or a century ahead.
    pub(super) fn check(&self, name: &'static str) -> Result<(), Error> {
        let Self::At(moment) = self else {
            return Ok(());
        };
        let moment = input::moment(name, moment)?;
        let Some(when) = moment.to_system_time() else {
            return Ok(());
        };
        if when.duration_since(now()).is_ok_and(|ahead| ahead > NEVER) {
            let problem = format!(
                "is a century ahead ({moment}): check whether milliseconds were taken for seconds"
            );
            return Err(InputError::new(name, problem).into());
        }
        if now().duration_since(when).is_ok_and(|over| over > JUST_NOW) {
            let problem = format!(
                "is in the past ({moment}), and would be published at once: \
                 use `PublishTime::Now` if that is meant, and else a later moment"
            );
            return Err(InputError::new(name, problem).into());
        }
        Ok(())
    }

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
