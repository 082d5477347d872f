//! What went wrong: for a person, as JSON, and as an exit code.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::process::ExitCode;

use aitoearn::flow::{
    CannotConnect, Job, PublishError, PublishReason, UploadError, WaitError, WaitReason,
};
use aitoearn::{Code, Error};
use serde_json::{Value, json};

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Everything was done.
    Fine = 0,
    /// Something failed: the network, a file, a post on its platform.
    Failed = 1,
    /// What was given cannot be used; nothing was sent for it.
    Usage = 2,
    /// The service refused.
    Refused = 3,
    /// Not known whether, or not yet, it happened.
    Unknown = 4,
    /// Interrupted.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command did not do what it was asked for.
#[derive(Debug)]
pub struct Failure {
    /// The exit code it stands for.
    pub exit: Exit,
    /// What happened, in a line.
    pub message: String,
    /// What to do, if there is something to say that the message does not say.
    pub advice: Option<String>,
    /// The service's code.
    pub code: Option<Code>,
    /// The id to quote in a report.
    pub request_id: Option<String>,
    /// Single findings, a line each.
    pub details: Vec<String>,
}

/// The result of everything that a command does.
pub type Outcome<T = ()> = Result<T, Failure>;

impl Failure {
    /// A failure with a message alone.
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self {
            exit,
            message: message.into(),
            advice: None,
            code: None,
            request_id: None,
            details: Vec::new(),
        }
    }

    /// What was given cannot be used.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// Adds what to do, unless the message says it already.
    #[must_use]
    pub fn advise(mut self, advice: impl Into<String>) -> Self {
        let advice = advice.into();
        if !advice.is_empty() && !self.message.contains(&advice) {
            self.advice = Some(advice);
        }
        self
    }

    /// A file or a stream could not be read or written.
    pub fn io(what: impl fmt::Display, error: &io::Error) -> Self {
        Self::new(Exit::Failed, format!("{what}: {error}"))
    }

    /// Everything in one value, for programs and agents.
    pub fn to_json(&self) -> Value {
        json!({
            "error": {
                "message": self.message,
                "code": self.code.map(Code::get),
                "meaning": self.code.map(Code::meaning),
                "advice": self.advice,
                "requestId": self.request_id,
                "details": self.details,
                "exit": self.exit as u8,
            }
        })
    }

    /// Whether it is only that nobody reads the output any more.
    pub(crate) fn is_closed_pipe(&self) -> bool {
        self.exit == Exit::Fine
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for Failure {}

/// Output that fails: a closed pipe is no failure, a full disk is.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        let exit = match error.kind() {
            io::ErrorKind::BrokenPipe => Exit::Fine,
            _ => Exit::Failed,
        };
        Self::new(exit, format!("cannot write: {error}"))
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::from(&error)
    }
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        // The library speaks to programmers; here a key comes from elsewhere.
        if let Error::Config(config) = error
            && config.setting() == "API key"
            && config.advice().contains("ClientBuilder")
        {
            return Self::usage("this needs a key, and there is none").advise(
                "Run `aitoearn login`, or set AITOEARN_API_KEY. To look around without: `--sandbox`.",
            );
        }
        Self {
            code: error.code(),
            request_id: error.request_id().map(str::to_owned),
            ..Self::new(exit_of(error), error.to_string()).advise(error.advice())
        }
    }
}

fn exit_of(error: &Error) -> Exit {
    match error {
        Error::Api(_) => Exit::Refused,
        Error::Http(error) if error.status.is_client_error() => Exit::Refused,
        Error::Ambiguous(_) => Exit::Unknown,
        Error::Config(_) | Error::InvalidInput(_) => Exit::Usage,
        _ => Exit::Failed,
    }
}

impl From<PublishError> for Failure {
    fn from(error: PublishError) -> Self {
        let advice = error.advice();
        match error.reason() {
            PublishReason::Problems(problems) => {
                let message = match problems.len() {
                    1 => "the post breaks a rule of its platform".to_owned(),
                    count => format!("the post breaks {count} rules of its platforms"),
                };
                Self {
                    details: problems.iter().map(ToString::to_string).collect(),
                    ..Self::usage(message).advise(advice)
                }
            }
            PublishReason::Upload { name, error } => {
                let inner = upload(error);
                Self {
                    message: format!("`{name}` is not uploaded: {}", inner.message),
                    ..inner
                }
            }
            PublishReason::Call(error) => error.into(),
            _ => Self::new(Exit::Failed, error.to_string()).advise(advice),
        }
    }
}

impl From<UploadError> for Failure {
    fn from(error: UploadError) -> Self {
        upload(&error)
    }
}

fn upload(error: &UploadError) -> Failure {
    // Where a call to the service failed, that call says most.
    let call = error
        .source()
        .and_then(|source| source.downcast_ref::<Error>());
    match call {
        Some(call) => Failure {
            message: error.to_string(),
            ..Failure::from(call)
        },
        None => Failure::new(Exit::Failed, error.to_string()).advise(error.advice()),
    }
}

impl From<CannotConnect> for Failure {
    fn from(error: CannotConnect) -> Self {
        let inner = Self::from(error.error());
        match error {
            CannotConnect::Call(_) => inner,
            _ => Self {
                message: error.to_string(),
                advice: None,
                ..inner
            }
            .advise(error.advice()),
        }
    }
}

impl<J: Job> From<WaitError<J>> for Failure {
    fn from(error: WaitError<J>) -> Self {
        let message = error.to_string();
        match error.reason() {
            WaitReason::Call(call) => Self {
                message,
                ..Self::from(call)
            },
            WaitReason::Deadline { .. } => Self::new(Exit::Unknown, message),
            _ => Self::new(Exit::Failed, message),
        }
    }
}
