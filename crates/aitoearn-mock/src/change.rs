//! Changes to a body at places that JSON pointers name.

use serde_json::Value;

/// A pointer into a body, and what is there instead; nothing if `None`.
pub(crate) type Change = (String, Option<Value>);

/// The body as it is to be; a place that is not there is left alone.
pub(crate) fn changed(mut body: Value, changes: &[Change]) -> Value {
    for (pointer, value) in changes {
        let Some((around, name)) = pointer.rsplit_once('/') else {
            continue;
        };
        let name = name.replace("~1", "/").replace("~0", "~");
        match (body.pointer_mut(around), value) {
            (Some(Value::Object(fields)), Some(value)) => {
                fields.insert(name, value.clone());
            }
            (Some(Value::Object(fields)), None) => drop(fields.remove(&name)),
            (Some(Value::Array(items)), change) => {
                let index = name.parse::<usize>().ok();
                match (index.filter(|index| *index < items.len()), change) {
                    (Some(index), Some(value)) => items[index] = value.clone(),
                    (Some(index), None) => drop(items.remove(index)),
                    (None, _) => {}
                }
            }
            _ => {}
        }
    }
    body
}
