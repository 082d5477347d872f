//! Asking the person behind an agent, through its host.

use std::collections::BTreeMap;

use rmcp::model::{
    CallToolRequestParams, ElicitRequest, ElicitRequestParams, ElicitResult, ElicitationAction,
    ElicitationSchema, InputRequest, InputRequiredResult,
};
use rmcp::service::RequestContext;
use rmcp::{Peer, RoleServer};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::failure::{Failure, Outcome};
use crate::text::clean;

/// The name of the question in an exchange.
const NAME: &str = "consent";

/// The answer of a person.
#[derive(Debug, Deserialize, JsonSchema)]
struct Consent {
    /// Go on
    go_on: bool,
}

/// How the person can be asked.
#[derive(Debug, Clone)]
pub(super) enum Consents {
    /// Not at all, or it is not wanted: the argument `confirm` has to do.
    Argument,
    /// By a request to the host, in the middle of a call.
    Request(Peer<RoleServer>),
    /// By ending the call with a question; the host makes it again with the answer. So it is from
    /// protocol version 2026-07-28 on.
    Reply {
        /// Tells that an answer is for this very call.
        state: String,
        answer: Option<Value>,
    },
}

impl Consents {
    /// What this call allows.
    pub(super) fn of(
        call: &CallToolRequestParams,
        request: &RequestContext<RoleServer>,
        skips_questions: bool,
    ) -> Self {
        let can = request.client_capabilities();
        let can_ask = can.and_then(|can| can.elicitation).is_some_and(|how| {
            // A host that names neither way means forms.
            how.form.is_some() || how.url.is_none()
        });
        if skips_questions || !can_ask {
            return Self::Argument;
        }
        if request
            .protocol_version()
            .is_none_or(|version| version.has_initialize())
        {
            return Self::Request(request.peer.clone());
        }
        let what = serde_json::to_vec(&(&call.name, &call.arguments)).unwrap_or_default();
        let state: String = Sha256::digest(what)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let is_for_this = call.request_state.as_ref() == Some(&state);
        let answers = call.input_responses.as_ref().filter(|_| is_for_this);
        Self::Reply {
            answer: answers.and_then(|answers| answers.get(NAME).cloned()),
            state,
        }
    }

    /// Asks, if that is possible. `Some` is a question that the call has to end with.
    ///
    /// # Errors
    /// If it is not wanted.
    pub(super) async fn ask(&self, what: &str) -> Outcome<Option<InputRequiredResult>> {
        let result = match self {
            Self::Argument => return Ok(None),
            Self::Request(peer) => peer.create_elicitation(question(what)?).await.ok(),
            Self::Reply {
                answer: Some(answer),
                ..
            } => serde_json::from_value(answer.clone()).ok(),
            Self::Reply {
                answer: None,
                state,
            } => {
                let request = InputRequest::Elicitation(ElicitRequest::new(question(what)?));
                let requests = BTreeMap::from([(NAME.to_owned(), request)]);
                let asked = InputRequiredResult::new(Some(requests), Some(state.clone()));
                return Ok(Some(asked));
            }
        };
        wanted(result)?;
        Ok(None)
    }
}

fn question(what: &str) -> Outcome<ElicitRequestParams> {
    let schema = ElicitationSchema::from_type::<Consent>();
    let requested_schema = schema.map_err(|error| {
        Failure::usage(format!(
            "the person cannot be asked: {error}; nothing was sent"
        ))
    })?;
    Ok(ElicitRequestParams::FormElicitationParams {
        meta: None,
        message: clean(what).into_owned(),
        requested_schema,
    })
}

fn wanted(result: Option<ElicitResult>) -> Outcome {
    let why = match result {
        Some(ElicitResult {
            action: ElicitationAction::Accept,
            content,
            ..
        }) => {
            let consent = content.and_then(|it| serde_json::from_value(it).ok());
            if matches!(consent, Some(Consent { go_on: true })) {
                return Ok(());
            }
            "the person who was asked does not want it"
        }
        Some(ElicitResult {
            action: ElicitationAction::Decline,
            ..
        }) => "the person who was asked does not want it",
        Some(_) => "the person who was asked did not answer",
        None => "the host could not ask its user",
    };
    Err(Failure::usage(format!("{why}; nothing was sent"))
        .advise("Ask what is to be different before you try again."))
}
