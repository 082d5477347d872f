//! Connections belong to the runtime that opened them.
//!
//! hyper drives a connection by a task of the runtime in which it was opened. Another runtime that
//! took it from a shared pool would wait for a task that rests, or lose its answer when that
//! runtime ends. So each tokio runtime has a pool of its own.

#[cfg(not(target_family = "wasm"))]
use std::sync::{Mutex, OnceLock, PoisonError};

#[cfg(not(target_family = "wasm"))]
use tokio::runtime::{Handle, Id};

use crate::error::ConfigError;

/// Makes a further HTTP client with the same settings.
pub(crate) type Build = Box<dyn Fn() -> Result<reqwest::Client, ConfigError> + Send + Sync>;

/// Which HTTP client a runtime uses. In a browser there is only one.
pub(crate) struct Pools {
    /// The runtime that uses the client that was made first.
    #[cfg(not(target_family = "wasm"))]
    first: OnceLock<Id>,
    /// The other runtimes, the one that has called last at the end.
    #[cfg(not(target_family = "wasm"))]
    others: Mutex<Vec<(Id, reqwest::Client)>>,
    /// `None` for an HTTP client of the caller's, whose pools are theirs.
    #[cfg_attr(target_family = "wasm", allow(dead_code))]
    build: Option<Build>,
}

/// So many further runtimes keep their connections; of ended ones, nobody hears.
#[cfg(not(target_family = "wasm"))]
const MOST_OTHERS: usize = 16;

impl Pools {
    pub(crate) fn new(build: Option<Build>) -> Self {
        Self {
            #[cfg(not(target_family = "wasm"))]
            first: OnceLock::new(),
            #[cfg(not(target_family = "wasm"))]
            others: Mutex::default(),
            build,
        }
    }

    /// The HTTP client of the present runtime; `None` for the one that was made first.
    ///
    /// # Errors
    ///
    /// Outside of a tokio runtime, where sockets and timers would panic.
    #[cfg(not(target_family = "wasm"))]
    pub(crate) fn here(&self) -> Result<Option<reqwest::Client>, ConfigError> {
        let id = runtime()?.id();
        let Some(build) = &self.build else {
            return Ok(None);
        };
        if *self.first.get_or_init(|| id) == id {
            return Ok(None);
        }
        let mut others = self.others.lock().unwrap_or_else(PoisonError::into_inner);
        let http = match others.iter().position(|(known, _)| *known == id) {
            Some(place) => others.remove(place).1,
            None => build()?,
        };
        others.push((id, http.clone()));
        if others.len() > MOST_OTHERS {
            others.remove(0);
        }
        Ok(Some(http))
    }

    #[cfg(target_family = "wasm")]
    #[allow(clippy::unused_self, clippy::unnecessary_wraps)] // as elsewhere
    pub(crate) fn here(&self) -> Result<Option<reqwest::Client>, ConfigError> {
        Ok(None)
    }
}

#[cfg(not(target_family = "wasm"))]
fn runtime() -> Result<Handle, ConfigError> {
    Handle::try_current().map_err(|_| {
        ConfigError::new(
            "runtime",
            "there is no tokio runtime here",
            "await this in a tokio runtime with `enable_all`, as `#[tokio::main]` makes one, or use `aitoearn::blocking`",
        )
    })
}

/// An error where a timer or a socket would panic.
#[cfg(not(target_family = "wasm"))]
pub(crate) fn check_runtime() -> Result<(), ConfigError> {
    runtime().map(drop)
}

#[cfg(target_family = "wasm")]
#[allow(clippy::unnecessary_wraps)] // as elsewhere
pub(crate) fn check_runtime() -> Result<(), ConfigError> {
    Ok(())
}
