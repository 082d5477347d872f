//! What a call works with: the session, the files, and the agent's host.

use std::sync::{Arc, Mutex, PoisonError};

use rmcp::model::{InputRequiredResult, ProgressNotificationParam, ProgressToken};
use rmcp::service::RequestContext;
use rmcp::{Peer, RoleServer};
use tokio::sync::watch;

use crate::failure::{Exit, Failure, Outcome};
use crate::session::Session;
use crate::text::clean;

use super::consent::Consents;
use super::roots::Roots;

/// What a call works with. A clone is the same call.
#[derive(Debug, Clone)]
pub(super) struct Context {
    /// Whom it talks to.
    pub(super) session: Arc<Session>,
    /// The files there are.
    pub(super) roots: Arc<Roots>,
    /// Where it has got to.
    pub(super) progress: Progress,
    /// What may have happened if it ends here.
    stage: Arc<Mutex<Stage>>,
    consents: Consents,
}

#[derive(Debug, Default)]
struct Stage {
    may_have: Option<String>,
    /// What the person has to be asked before it continues.
    question: Option<InputRequiredResult>,
    facts: Vec<(&'static str, String)>,
}

impl Context {
    /// The context of a request, and what reports its progress to the host.
    pub(super) fn new(
        session: Arc<Session>,
        roots: Arc<Roots>,
        request: &RequestContext<RoleServer>,
        consents: Consents,
    ) -> (Self, Teller) {
        let (sender, receiver) = watch::channel(Step::default());
        let context = Self {
            session,
            roots,
            progress: Progress(sender),
            stage: Arc::default(),
            consents,
        };
        let teller = Teller {
            receiver,
            peer: request.peer.clone(),
            token: request.meta.get_progress_token(),
        };
        (context, teller)
    }

    /// Goes on only if somebody wants it: by the argument `confirm`, and by the person whom the
    /// host asks, if it can. `what` says what will happen.
    ///
    /// # Errors
    /// If it is not wanted.
    pub(super) async fn confirmed(&self, confirm: Option<bool>, what: &str) -> Outcome {
        if confirm != Some(true) {
            return Err(
                Failure::usage(format!("not confirmed, and nothing was sent. {what}")).advise(
                    "Ask the person who wants it; if they agree, call again with `confirm: true`.",
                ),
            );
        }
        let question = self.consents.ask(what).await?;
        if question.is_none() {
            return Ok(());
        }
        self.stage().question = question;
        // Nobody reads it: the question goes out in its place.
        Err(Failure::usage("the person is asked first"))
    }

    /// A question that the call has to end with.
    pub(super) fn question(&self) -> Option<InputRequiredResult> {
        self.stage().question.take()
    }

    /// What may have happened if the call ends from here on.
    pub(super) fn may_have(&self, text: impl Into<String>) {
        self.stage().may_have = Some(text.into());
    }

    /// Something that errors contain as well, such as the id to resume with.
    pub(super) fn fact(&self, name: &'static str, value: impl Into<String>) {
        self.stage().facts.push((name, value.into()));
    }

    /// The facts for an error.
    pub(super) fn facts(&self) -> Vec<(&'static str, String)> {
        self.stage().facts.clone()
    }

    /// What to say when the call is called off.
    pub(super) fn cancelled(&self) -> Failure {
        let failure = Failure::new(Exit::Interrupted, "cancelled");
        failure.advise(match &self.stage().may_have {
            Some(text) => text,
            None => "Nothing was changed.",
        })
    }

    fn stage(&self) -> std::sync::MutexGuard<'_, Stage> {
        self.stage.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How far something is.
#[derive(Debug, Clone, Default)]
struct Step {
    done: f64,
    total: Option<f64>,
    message: String,
}

/// Takes note of how far something is.
#[derive(Debug, Clone)]
pub(super) struct Progress(watch::Sender<Step>);

impl Progress {
    /// Bytes of a file.
    #[allow(
        clippy::cast_precision_loss,
        reason = "exact up to eight pebibytes, and only shown"
    )]
    pub(super) fn bytes(&self, name: &str, sent: u64, total: u64) {
        self.0.send_replace(Step {
            done: sent as f64,
            total: Some(total as f64),
            message: format!("uploading {}", clean(name)),
        });
    }

    /// One more look at something.
    pub(super) fn look(&self, message: &str) {
        self.0.send_modify(|step| {
            *step = Step {
                done: step.done + 1.0,
                total: None,
                message: clean(message).into_owned(),
            };
        });
    }
}

/// Tells the host how far a call is, if it wants to know.
#[derive(Debug)]
pub(super) struct Teller {
    receiver: watch::Receiver<Step>,
    peer: Peer<RoleServer>,
    token: Option<ProgressToken>,
}

impl Teller {
    /// Tells every change; never ends.
    pub(super) async fn tell(mut self) {
        let mut last = 0.0;
        if let Some(token) = self.token {
            while self.receiver.changed().await.is_ok() {
                let step = self.receiver.borrow_and_update().clone();
                // It has to rise, also from one file to the next.
                let rises = step.done > last;
                last = if rises { step.done } else { last + 1.0 };
                let mut told = ProgressNotificationParam::new(token.clone(), last);
                told.total = step.total.filter(|_| rises);
                told.message = Some(step.message);
                if self.peer.notify_progress(told).await.is_err() {
                    break;
                }
            }
        }
        std::future::pending::<()>().await;
    }
}
