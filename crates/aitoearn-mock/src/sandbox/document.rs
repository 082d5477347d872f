//! The API's description as the sandbox serves it.

use std::sync::LazyLock;

use bytes::Bytes;
use serde_json::{Value, json};

/// Written by the generator: the published document with its corrections and kept facts.
const TEXT: &str = include_str!("../../data/openapi.json");

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let mut document: Value = serde_json::from_str(TEXT).unwrap_or_default();
    // Relative to the document itself: whoever loads it here calls this sandbox.
    document["servers"] = json!([{ "url": "/", "description": "This sandbox" }]);
    document
});

static SERVED: LazyLock<Bytes> = LazyLock::new(|| DOCUMENT.to_string().into());

/// The whole document, as text.
pub(crate) fn served() -> Bytes {
    SERVED.clone()
}

/// One operation of it; `null` if there is none.
pub(crate) fn operation(method: &str, path: &str) -> &'static Value {
    &DOCUMENT["paths"][path][method.to_ascii_lowercase()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::router;

    #[test]
    fn every_route_is_described() {
        for route in router::all() {
            assert!(
                operation(route.method, route.path).is_object(),
                "{}",
                route.name
            );
        }
    }
}
