//! What has been said so far, in the form of a provider.

use serde::Serialize;
use serde_json::{Value, json};

use crate::{Error, InputError, stream::ToolCall};

/// The turns of a conversation, as they are sent.
#[derive(Debug, Default)]
pub(super) struct Turns {
    list: Vec<Value>,
    wrong: Option<InputError>,
}

impl Turns {
    pub(super) fn add(&mut self, name: &'static str, turn: impl Serialize) {
        match serde_json::to_value(turn) {
            Ok(turn @ Value::Object(_)) => self.list.push(turn),
            Ok(_) => self.refuse(name, "holds what is no JSON object".to_owned()),
            Err(error) => self.refuse(name, format!("holds what is no JSON: {error}")),
        }
    }

    /// Adds a part to the last turn if all its parts are of this kind, else in a turn of
    /// its own: the results of calls made together are one turn.
    pub(super) fn add_result(&mut self, list: &str, is_result: fn(&Value) -> bool, part: Value) {
        let parts = self.list.last_mut().and_then(|turn| turn.get_mut(list));
        match parts.and_then(Value::as_array_mut) {
            Some(parts) if !parts.is_empty() && parts.iter().all(is_result) => parts.push(part),
            _ => self.list.push(json!({ "role": "user", list: [part] })),
        }
    }

    /// The arguments of a call as a provider takes them that wants JSON and no text.
    pub(super) fn arguments(&mut self, call: &ToolCall) -> Value {
        match call.parse() {
            Ok(arguments) => arguments,
            Err(error) => {
                let problem = format!("has arguments that are no JSON: {error}");
                self.refuse("calls", problem);
                Value::Null
            }
        }
    }

    fn refuse(&mut self, name: &'static str, problem: String) {
        self.wrong
            .get_or_insert_with(|| InputError::new(name, problem));
    }

    /// A conversation needs a beginning.
    pub(super) fn finish(self, name: &'static str) -> Result<Vec<Value>, Error> {
        if let Some(wrong) = self.wrong {
            return Err(wrong.into());
        }
        if self.list.is_empty() {
            return Err(InputError::new(name, "is empty: say something to the model").into());
        }
        Ok(self.list)
    }
}

/// What a tool has found: a text as it is, anything else as JSON.
pub(super) fn text(output: &Value) -> String {
    match output {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
