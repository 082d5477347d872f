//! The steps of a JSON pointer.

/// Escapes one step of a JSON pointer.
pub fn escape(step: &str) -> String {
    step.replace('~', "~0").replace('/', "~1")
}

/// The step that [`escape`] wrote.
pub fn unescape(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}
