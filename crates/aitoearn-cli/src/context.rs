//! What a command works with: the options of every command, where results go, and what to say if
//! somebody interrupts.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::failure::{Exit, Failure, Outcome};
use crate::global::Global;
use crate::output::Output;
use crate::session::{self, Session};

/// What a command works with.
#[derive(Debug)]
pub struct App {
    /// The options of every command.
    pub global: Global,
    /// Where results go.
    pub out: Output,
    /// What Ctrl-C says: what has happened so far, and how to resume.
    resume: Mutex<Option<String>>,
    /// Ctrl-C is how the command is meant to end.
    is_server: AtomicBool,
}

impl App {
    pub(crate) fn new(global: Global, out: Output) -> Self {
        Self {
            global,
            out,
            resume: Mutex::default(),
            is_server: AtomicBool::new(false),
        }
    }

    /// Opens the client that the options ask for.
    ///
    /// # Errors
    /// As [`session::open`].
    pub fn session(&self) -> Outcome<Session> {
        session::open(&self.global.settings())
    }

    /// What is to be said if somebody interrupts from here on.
    pub fn on_interrupt(&self, text: impl Into<String>) {
        *self.resume.lock().unwrap_or_else(PoisonError::into_inner) = Some(text.into());
    }

    /// From here on, Ctrl-C is how the command is meant to end.
    pub fn ends_by_interrupt(&self) {
        self.is_server.store(true, Ordering::Relaxed);
    }

    /// How the command ends if somebody interrupts it now.
    pub(crate) fn interrupted(&self) -> Outcome<Exit> {
        if self.is_server.load(Ordering::Relaxed) {
            return Ok(Exit::Fine);
        }
        let resume = self
            .resume
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let failure = Failure::new(Exit::Interrupted, "interrupted");
        Err(failure.advise(match &resume {
            Some(text) => text,
            None => "Nothing was under way; run the command again.",
        }))
    }
}
