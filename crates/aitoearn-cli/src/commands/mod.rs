//! The commands, a file for each group of them.

pub(crate) mod accounts;
mod outcomes;
mod plan;
pub(crate) mod platforms;
pub(crate) mod posts;
mod progress;
pub(crate) mod publish;
pub(crate) mod works;

/// How to look at a flow later.
fn follow_hint(flow_id: &str) -> String {
    format!("`aitoearn wait {flow_id}` shows what becomes of it.")
}
