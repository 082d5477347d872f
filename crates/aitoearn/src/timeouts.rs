//! How long a call may take, by kind of work.

use std::time::Duration;

use aitoearn_api::TimeoutClass;

use crate::error::{ConfigError, Error};

/// How long a single attempt may take, by the operation's [`TimeoutClass`].
///
/// An attempt is measured from its start to the last byte of the answer; a
/// retried call may take longer (see [`RetryPolicy`](crate::RetryPolicy)).
///
/// ```
/// use std::time::Duration;
/// use aitoearn::Timeouts;
///
/// let timeouts = Timeouts::default().read(Duration::from_secs(10));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct Timeouts {
    pub(crate) connect: Duration,
    pub(crate) read: Duration,
    pub(crate) write: Duration,
    pub(crate) slow: Duration,
    pub(crate) generation: Duration,
    pub(crate) first_byte: Duration,
    pub(crate) idle: Duration,
    pub(crate) event: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            read: Duration::from_secs(30),
            write: Duration::from_secs(60),
            slow: Duration::from_secs(120),
            generation: Duration::from_secs(600),
            first_byte: Duration::from_secs(120),
            idle: Duration::from_secs(60),
            event: Duration::from_secs(600),
        }
    }
}

impl Timeouts {
    /// Reaching the server: name, TCP and TLS. Default 5 s.
    pub fn connect(mut self, limit: Duration) -> Self {
        self.connect = limit;
        self
    }

    /// Lists and lookups. Default 30 s.
    pub fn read(mut self, limit: Duration) -> Self {
        self.read = limit;
        self
    }

    /// Ordinary changes. Default 60 s.
    pub fn write(mut self, limit: Duration) -> Self {
        self.write = limit;
        self
    }

    /// Changes for which the server first inspects media: creation of a
    /// publish flow, confirmation of an asset. Default 120 s.
    pub fn slow(mut self, limit: Duration) -> Self {
        self.slow = limit;
        self
    }

    /// Answers that a model makes while the connection is held: synchronous
    /// images, chat. Default 600 s.
    pub fn generation(mut self, limit: Duration) -> Self {
        self.generation = limit;
        self
    }

    /// A stream's first byte. Default 120 s.
    pub fn first_byte(mut self, limit: Duration) -> Self {
        self.first_byte = limit;
        self
    }

    /// The pause between two pieces of a stream or an upload, whatever is in them. The
    /// whole length has no limit. Default 60 s.
    pub fn idle(mut self, limit: Duration) -> Self {
        self.idle = limit;
        self
    }

    /// The pause between two events of a stream, while the server keeps it alive with
    /// comments: some models think for minutes. Never shorter than [`idle`](Self::idle).
    /// Default 600 s.
    pub fn event(mut self, limit: Duration) -> Self {
        self.event = limit;
        self
    }

    /// The limit of one attempt at an operation of this class.
    pub(crate) fn of(&self, class: TimeoutClass) -> Duration {
        match class {
            TimeoutClass::Read => self.read,
            TimeoutClass::Write => self.write,
            TimeoutClass::Slow => self.slow,
            TimeoutClass::Generation => self.generation,
            TimeoutClass::Stream => self.first_byte,
        }
    }

    /// Refuses a limit of zero, with which no call could succeed.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let limits = [
            ("connect timeout", self.connect),
            ("read timeout", self.read),
            ("write timeout", self.write),
            ("slow timeout", self.slow),
            ("generation timeout", self.generation),
            ("first byte timeout", self.first_byte),
            ("idle timeout", self.idle),
            ("event timeout", self.event),
        ];
        match limits.into_iter().find(|(_, limit)| limit.is_zero()) {
            None => Ok(()),
            Some((name, _)) => Err(ConfigError::new(
                name,
                "it is zero, so every call would fail",
                "give a duration above zero",
            )
            .into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_class_has_its_limit() {
        let timeouts = Timeouts::default();
        let seconds = |class| timeouts.of(class).as_secs();
        assert_eq!(seconds(TimeoutClass::Read), 30);
        assert_eq!(seconds(TimeoutClass::Write), 60);
        assert_eq!(seconds(TimeoutClass::Slow), 120);
        assert_eq!(seconds(TimeoutClass::Generation), 600);
        assert_eq!(seconds(TimeoutClass::Stream), 120);
    }

    #[test]
    fn zero_is_refused_by_name() {
        let error = Timeouts::default()
            .slow(Duration::ZERO)
            .check()
            .expect_err("zero");
        assert!(error.to_string().contains("slow timeout"), "{error}");
        Timeouts::default().check().expect("the defaults are fine");
    }
}
