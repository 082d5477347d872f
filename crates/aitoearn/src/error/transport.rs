//! Failures below HTTP: no connection, no answer, not all of it.

use std::{error::Error as StdError, fmt, io, time::Duration};

/// No connection to the service: nothing of the request was sent.
#[derive(Debug)]
pub struct ConnectError {
    pub(crate) server: String,
    pub(crate) source: reqwest::Error,
}

impl ConnectError {
    /// The host that could not be reached.
    pub fn server(&self) -> &str {
        &self.server
    }

    /// Whether the host's name could not be resolved.
    pub fn is_dns(&self) -> bool {
        #[cfg(not(target_family = "wasm"))]
        return self.source.is_dns();
        // A browser does not tell.
        #[cfg(target_family = "wasm")]
        return false;
    }

    /// Whether the connect timeout ended it.
    pub fn is_timeout(&self) -> bool {
        self.source.is_timeout()
    }

    /// Whether the operating system has no more connections for this process: too many
    /// files are open.
    pub fn is_limit(&self) -> bool {
        // ENFILE and EMFILE on Unix, WSAEMFILE on Windows.
        const LIMITS: [i32; 3] = [23, 24, 10024];
        causes(&self.source).any(|error| {
            let error = error.downcast_ref::<std::io::Error>();
            let number = error.and_then(std::io::Error::raw_os_error);
            number.is_some_and(|number| LIMITS.contains(&number))
        })
    }

    /// Whether a proxy did not let the connection through.
    pub fn is_proxy(&self) -> bool {
        // The type of this error is private to the HTTP library.
        causes(&self.source).any(|error| error.to_string().starts_with("tunnel error"))
    }

    /// Whether the TLS handshake failed: a wrong, expired or unknown
    /// certificate, or no TLS at the other end. Not repeated.
    pub fn is_tls(&self) -> bool {
        causes(&self.source).any(|error| error.downcast_ref::<io::Error>().is_some_and(is_tls))
    }
}

/// rustls reports what it refuses as "invalid data", maybe wrapped once more.
fn is_tls(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::InvalidData
        || error
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<io::Error>())
            .is_some_and(is_tls)
}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "no connection to {}: {}",
            self.server,
            root(&self.source)
        )
    }
}

/// The connection broke after the request had begun to leave.
#[derive(Debug)]
pub struct TransportError {
    pub(crate) server: String,
    pub(crate) unsent: bool,
    pub(crate) inside_answer: bool,
    pub(crate) source: reqwest::Error,
}

impl TransportError {
    /// The host at the other end.
    pub fn server(&self) -> &str {
        &self.server
    }

    /// Whether it broke before anything of the request's body left, so that a call with an
    /// effect has had none.
    pub fn is_unsent(&self) -> bool {
        self.unsent
    }

    /// Whether the answer had begun: its head came, and not all of its body.
    pub fn is_inside_answer(&self) -> bool {
        self.inside_answer
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let when = if self.unsent {
            "before the request was sent"
        } else if self.inside_answer {
            "inside the answer"
        } else {
            "before an answer came"
        };
        let Self { server, source, .. } = self;
        write!(
            f,
            "the connection to {server} broke {when}: {}",
            root(source)
        )
    }
}

/// What did not come in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Silence {
    /// Room beside the other calls.
    Room,
    Answer,
    /// Any byte of a stream.
    Stream,
    /// An event of a stream.
    Events,
}

/// No complete answer within the time that an attempt has, or too long a silence
/// inside a stream.
#[derive(Debug)]
pub struct TimeoutError {
    pub(crate) server: String,
    pub(crate) limit: Duration,
    pub(crate) unsent: bool,
    pub(crate) silence: Silence,
    /// Absent where it was not the HTTP client that measured the time.
    pub(crate) source: Option<reqwest::Error>,
}

impl TimeoutError {
    /// The host that was asked.
    pub fn server(&self) -> &str {
        &self.server
    }

    /// The time that the attempt had, or the silence.
    pub fn limit(&self) -> Duration {
        self.limit
    }

    /// Whether nothing of the request's body had left by then, so that a call with an effect
    /// has had none.
    pub fn is_unsent(&self) -> bool {
        self.unsent
    }

    /// Whether all that time as many calls as may be were already being made, see
    /// [`ClientBuilder::max_connections`](crate::ClientBuilder::max_connections).
    pub fn is_queued(&self) -> bool {
        self.silence == Silence::Room
    }

    /// Whether a stream had begun, and then fell silent or brought no event.
    pub fn is_inside_stream(&self) -> bool {
        matches!(self.silence, Silence::Stream | Silence::Events)
    }

    /// Whether the stream was kept alive all the time by what is no event.
    pub fn is_without_event(&self) -> bool {
        self.silence == Silence::Events
    }
}

impl fmt::Display for TimeoutError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { server, limit, .. } = self;
        match self.silence {
            Silence::Room => write!(
                f,
                "no connection to {server} was free for {limit:?}; nothing was sent"
            ),
            Silence::Answer if self.unsent => write!(
                f,
                "the request to {server} could not be sent within {limit:?}; nothing was sent"
            ),
            Silence::Answer => write!(f, "no complete answer from {server} within {limit:?}"),
            Silence::Stream => write!(f, "the stream from {server} was silent for {limit:?}"),
            // Bytes came, and no event.
            Silence::Events => write!(
                f,
                "the stream from {server} was kept alive and brought no event for {limit:?}"
            ),
        }
    }
}

/// The answer is larger than the limit, or its values would take more than four times as much
/// memory; the call itself may have succeeded.
#[derive(Debug)]
pub struct TooLargeError {
    pub(crate) limit: u64,
}

impl TooLargeError {
    /// The limit in bytes, after decompression.
    pub fn limit(&self) -> u64 {
        self.limit
    }
}

impl fmt::Display for TooLargeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the answer is larger than {} bytes, or than four times that in memory",
            self.limit
        )
    }
}

/// The innermost cause, the only one that says something: "connection refused".
pub(super) fn root<'a>(error: &'a (dyn StdError + 'static)) -> &'a dyn StdError {
    causes(error).last().unwrap_or(error)
}

/// The error itself and all below it.
fn causes<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error| (*error).source())
}
