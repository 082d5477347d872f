//! `cargo xtask diff`, as a maintainer would try it: edit the vendored document and read the verdict.
//!
//! Each edit is judged on both axes. Where a remedy is printed, it is pasted, and the loss is gone.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

mod acknowledge;
mod command;
mod edits;
mod formats;
mod report;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use serde_json::Value;
use upstream::diff::command::Gate;
use upstream::diff::{Decisions, Drift, Effect, Finding, Judge, Side};

const GATES: [Gate; 4] = [Gate::Wire, Gate::RawApi, Gate::SdkApi, Gate::Meaning];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The working tree, generated once for all tests.
static BASE: LazyLock<Judge> =
    LazyLock::new(|| Judge::new(&root(), Side::working_tree(&root()).unwrap()));

/// The working tree with an edited document.
fn edited(edit: impl FnOnce(&mut Value)) -> Side {
    let mut revision = Side::working_tree(&root()).unwrap();
    let mut document: Value = serde_json::from_str(&revision.document).unwrap();
    edit(&mut document);
    "edited.json".clone_into(&mut revision.name);
    revision.document = serde_json::to_string_pretty(&document).unwrap();
    revision
}

fn judged(revision: &Side) -> Drift {
    BASE.compare(revision, &Decisions::default(), false)
        .unwrap()
}

fn drift(edit: impl FnOnce(&mut Value)) -> Drift {
    judged(&edited(edit))
}

fn account(document: &mut Value) -> &mut Value {
    &mut document["components"]["schemas"]["ChannelAccountVo"]
}

fn list(document: &mut Value) -> &mut Value {
    &mut document["paths"]["/api/v2/channels/accounts"]["get"]
}

fn remove(array: &mut Value, value: &str) {
    let items = array.as_array_mut().unwrap();
    let before = items.len();
    items.retain(|item| item != value);
    assert_eq!(items.len(), before - 1, "{value} is not there");
}

/// The findings of an effect, as `impact id`.
fn ids(drift: &Drift, effect: Effect) -> Vec<String> {
    drift
        .findings
        .iter()
        .filter(|finding| finding.effect == effect)
        .map(|finding| format!("{} {}", finding.impact, finding.id))
        .collect()
}

fn find<'a>(drift: &'a Drift, effect: Effect, id: &str) -> &'a Finding {
    drift
        .findings
        .iter()
        .find(|finding| finding.effect == effect && finding.id == id)
        .unwrap_or_else(|| panic!("no {id} in {:#?}", drift.findings))
}
