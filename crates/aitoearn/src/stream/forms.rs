//! Fields whose form differs from provider to provider, for `#[serde(deserialize_with = "...")]`.
//!
//! An answer has been paid for. What cannot be read in one of its smaller fields costs that field
//! and not the answer. All go with `#[serde(default)]`.

use std::fmt::Write as _;

use serde::de::{Deserialize, DeserializeOwned, Deserializer};
use serde_json::Value;

use super::wire::whole_opt;

/// A text; a number becomes one, anything else is none.
pub(super) fn text_opt<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

/// A piece of JSON text, or the JSON itself.
pub(super) fn text_or_json<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::Null => None,
        Value::String(text) => Some(text),
        json => Some(json.to_string()),
    })
}

/// A text, or a list of parts of which those with a text are joined.
pub(super) fn text_of_parts<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<String>, D::Error> {
    let parts = match Value::deserialize(from)? {
        Value::String(text) => return Ok(Some(text)),
        Value::Array(parts) => parts,
        Value::Object(part) => vec![Value::Object(part)],
        _ => return Ok(None),
    };
    let mut joined = String::new();
    for part in &parts {
        if let Some(text) = part.as_str().or_else(|| part.get("text")?.as_str()) {
            // Writing to a text never fails.
            let _ = joined.write_str(text);
        }
    }
    Ok((!joined.is_empty()).then_some(joined))
}

/// A whole number, in digits or as text; anything else is none.
pub(super) fn whole_if_any<'de, D, N>(from: D) -> Result<Option<N>, D::Error>
where
    D: Deserializer<'de>,
    N: TryFrom<i64>,
{
    let value = Value::deserialize(from)?;
    let value = match &value {
        Value::String(text) => serde_json::from_str(text.trim()).unwrap_or(Value::Null),
        _ => value,
    };
    Ok(whole_opt::<_, N>(value).unwrap_or_default())
}

/// A value of this type; anything else is none.
pub(super) fn if_any<'de, D, T>(from: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    let value = Value::deserialize(from)?;
    Ok(serde_json::from_value(value).ok())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::stream::openai::ChatChunk;

    #[test]
    fn an_odd_form_costs_its_field_alone() {
        let chunk: ChatChunk = serde_json::from_value(json!({
            "id": 17, "model": ["m"], "created": "2026-05-18T00:00:00Z",
            "choices": [{ "delta": {
                "role": { "name": "assistant" },
                "content": [{ "type": "text", "text": "four " }, { "type": "image" }, "five"],
                "tool_calls": [{ "index": "1", "id": 9, "function": { "name": "f", "arguments": { "a": [1] } } }],
            }, "finish_reason": false }],
            "usage": { "prompt_tokens": "12", "completion_tokens": { "n": 1 }, "total_tokens": 30.0 },
        }))
        .expect("readable");
        let choice = &chunk.choices[0];
        assert_eq!(chunk.id.as_deref(), Some("17"));
        assert_eq!((chunk.model, chunk.created), (None, None));
        assert_eq!(choice.delta.content.as_deref(), Some("four five"));
        let call = &choice.delta.tool_calls[0];
        assert_eq!((call.index, call.id.as_deref()), (Some(1), Some("9")));
        assert_eq!(call.function.arguments.as_deref(), Some(r#"{"a":[1]}"#));
        assert_eq!(choice.finish_reason, None);
        let usage = chunk.usage.expect("tokens");
        assert_eq!(usage.prompt_tokens, Some(12));
        assert_eq!(usage.completion_tokens, None);
        assert_eq!(usage.total_tokens, Some(30));
        let odd: ChatChunk = serde_json::from_value(json!({ "usage": "n/a" })).expect("readable");
        assert_eq!(odd.usage, None);
    }
}
