//! What an operation that is new in the document still lacks in the tests, each with what to do.

use aitoearn_api::{Method, Operation};

const CALLS: &str = include_str!("calls.rs");
const REQUESTS: &str = include_str!("requests.rs");
const EFFECTS: &str = include_str!("../effects/operations.rs");

/// What is to do for an operation, one line each; nothing for one that has all. Whether a story calls
/// it is for the caller to find out.
pub fn lacking(operation: &Operation, is_called: bool) -> Vec<String> {
    // Its method does not say so: a session begins.
    let changes = operation.method != Method::Get || operation.name == "auth_start";
    lacking_of(operation.name, changes, is_called)
}

fn lacking_of(name: &str, changes: bool, is_called: bool) -> Vec<String> {
    let constant = name.to_uppercase();
    let mut todo = Vec::new();
    let mut lacks = |has: bool, what: String| {
        if !has {
            todo.push(format!("{name}: {what}"));
        }
    };
    lacks(
        CALLS.contains(&format!(" {name}(")),
        format!(
            "`enveloped {name}(..);` in `tests/src/calls.rs`, with the arguments of `Client::{name}`"
        ),
    );
    lacks(
        REQUESTS.contains(&format!(" {constant} c =>")),
        format!(
            "`enveloped {constant} c => ..;` in `tests/src/requests.rs`, with the call that the method's docs show"
        ),
    );
    lacks(
        !changes || EFFECTS.contains(&format!("\"{name}\"")),
        "its name in one of the lists of `tests/effects/operations.rs`: what a second sending does"
            .to_owned(),
    );
    lacks(
        is_called,
        "a call that succeeds in one of `tests/coverage/stories/`".to_owned(),
    );
    todo
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_operation_is_named_with_all_that_it_lacks() {
        let todo = lacking_of("kettles_sing", true, false);
        assert_eq!(todo.len(), 4, "{todo:?}");
        for (line, place) in todo.iter().zip([
            "tests/src/calls.rs",
            "`enveloped KETTLES_SING c => ..;`",
            "tests/effects/operations.rs",
            "tests/coverage/stories/",
        ]) {
            assert!(
                line.starts_with("kettles_sing: ") && line.contains(place),
                "{line}"
            );
        }
        assert_eq!(lacking_of("kettles_sing", false, true).len(), 2);
        for operation in aitoearn_api::operations::ALL {
            assert_eq!(lacking(operation, true), [""; 0]);
        }
    }
}
