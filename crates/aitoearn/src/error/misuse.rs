//! Mistakes that are found before anything is sent.

use std::fmt;

use aitoearn_api::Operation;

/// A setting of the client is missing, wrong, or contradicts another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    setting: &'static str,
    problem: String,
    advice: &'static str,
}

impl ConfigError {
    /// `problem` must not repeat a value that may be secret.
    pub(crate) fn new(
        setting: &'static str,
        problem: impl Into<String>,
        advice: &'static str,
    ) -> Self {
        Self {
            setting,
            problem: problem.into(),
            advice,
        }
    }

    /// No HTTP client could be built.
    pub(crate) fn http_client(error: reqwest::Error) -> Self {
        Self::new(
            "HTTP client",
            error.without_url().to_string(),
            "check the TLS feature of this crate and the system's certificates",
        )
    }

    /// The setting, in words: `base URL`, `API key`, or a variable's name.
    pub fn setting(&self) -> &str {
        self.setting
    }

    /// What to do about it.
    pub fn advice(&self) -> &str {
        self.advice
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; {}", self.setting, self.problem, self.advice)
    }
}

impl std::error::Error for ConfigError {}

/// An argument that the service could not take, found before anything was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputError {
    parameter: &'static str,
    problem: String,
}

impl InputError {
    /// `problem` must not repeat a value that may be secret.
    pub(crate) fn new(parameter: &'static str, problem: impl Into<String>) -> Self {
        Self {
            parameter,
            problem: problem.into(),
        }
    }

    /// A request that the low level refused to send.
    pub(crate) fn request(operation: &Operation, problem: impl Into<String>) -> Self {
        Self::new(
            operation.name,
            format!("cannot be sent: {}", problem.into()),
        )
    }

    /// The name of the argument, or of the operation if it is about the whole request.
    pub fn parameter(&self) -> &str {
        self.parameter
    }
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` {}", self.parameter, self.problem)
    }
}

impl std::error::Error for InputError {}
