//! The vendored tree, documents that differ from it by an edit, and what an update makes of them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use client_gen::generate::{Generated, Sources, generate};
use client_gen::kept::Cause;
use serde_json::{Map, Value};
use upstream::diff::Side;
use upstream::update::{Plan, UpdateArgs, plan};

use crate::support::copy_inputs;

/// A tree, and what it generates.
pub(crate) struct Tree {
    pub(crate) side: Side,
    pub(crate) generated: BTreeSet<String>,
}

/// The tree as it is checked in, generated once.
pub(crate) static VENDORED: LazyLock<Tree> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    copy_inputs(folder.path());
    let side = Side::working_tree(folder.path()).unwrap();
    let generated = items(&made(&side).unwrap());
    Tree { side, generated }
});

/// What an edited document did.
pub(crate) struct Outcome {
    pub(crate) plan: Plan,
    pub(crate) kept: BTreeMap<Cause, usize>,
    pub(crate) again: BTreeMap<Cause, usize>,
    pub(crate) decisions: Vec<String>,
    /// Public items that are gone, unless nothing can be generated.
    pub(crate) lost: Option<Vec<String>>,
    pub(crate) new: Vec<String>,
}

impl Tree {
    pub(crate) fn document(&self) -> Value {
        serde_json::from_str(&self.side.document).unwrap()
    }

    /// Takes a document that differs by an edit.
    pub(crate) fn edited(&self, edit: impl FnOnce(&mut Value)) -> Outcome {
        let mut document = self.document();
        edit(&mut document);
        self.takes(&document)
    }

    pub(crate) fn takes(&self, document: &Value) -> Outcome {
        let args = UpdateArgs {
            from: "new.json".to_owned(),
            ..UpdateArgs::default()
        };
        let plan = plan(&args, &self.side, &document.to_string()).unwrap();
        let now = made(&plan.side);
        if let Err(problems) = &now {
            assert!(!plan.decisions.is_empty(), "{problems}");
        }
        let now = now.ok().map(|generated| items(&generated));
        let minus = |a: &BTreeSet<String>, b: &BTreeSet<String>| a.difference(b).cloned().collect();
        let count = |facts: &[client_gen::kept::Fact]| {
            let mut counts = BTreeMap::new();
            for fact in facts {
                *counts.entry(fact.cause).or_default() += fact.size();
            }
            counts
        };
        Outcome {
            kept: count(&plan.memory.added),
            again: count(&plan.memory.described_again),
            decisions: plan
                .decisions
                .iter()
                .map(|it| {
                    if it.id.is_empty() {
                        it.place.clone()
                    } else {
                        it.id.clone()
                    }
                })
                .collect(),
            lost: now.as_ref().map(|now| minus(&self.generated, now)),
            new: now.map_or_else(Vec::new, |now| minus(&now, &self.generated)),
            plan,
        }
    }
}

impl Outcome {
    /// Nothing for a person to do, and nothing lost.
    #[track_caller]
    pub(crate) fn is_silent(&self) {
        assert_eq!(self.decisions, Vec::<String>::new());
        assert_eq!(self.lost, Some(Vec::new()));
    }

    #[track_caller]
    pub(crate) fn keeps(&self, causes: &[(Cause, usize)]) {
        assert_eq!(self.kept, causes.iter().copied().collect());
    }
}

/// Generates a side from files.
pub(crate) fn made(side: &Side) -> Result<Generated, String> {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| -> PathBuf {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    };
    generate(&Sources {
        spec: file("spec.json", &side.document),
        refs_root: None,
        kept: Some(file("kept.yaml", &side.beside.kept)),
        overlay: Some(file("overlay.yaml", &side.beside.overlay)),
        names: Some(file("names.toml", &side.beside.names)),
        codes: Some(file("codes.toml", &side.beside.codes)),
        runtime: "crate".to_owned(),
        command: "cargo xtask generate".to_owned(),
    })
    .map_err(|problems| problems.to_string())
}

/// Fields with their types, variants and methods, each below the name of its type.
pub(crate) fn items(generated: &Generated) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for (file, code) in &generated.code {
        if file == "operations.rs" {
            continue;
        }
        let mut within = String::new();
        for line in code.lines() {
            let line = line.trim();
            if line.starts_with("pub struct ") || line.starts_with("pub enum ") {
                line.clone_into(&mut within);
            }
            if line.starts_with("pub ") {
                all.insert(format!("{file} {within} {line}"));
            }
        }
    }
    all
}

pub(crate) fn schema<'a>(document: &'a mut Value, name: &str) -> &'a mut Value {
    &mut document["components"]["schemas"][name]
}

pub(crate) fn object(value: &mut Value) -> &mut Map<String, Value> {
    value.as_object_mut().unwrap()
}

pub(crate) fn operation<'a>(document: &'a mut Value, path: &str, method: &str) -> &'a mut Value {
    &mut document["paths"][path][method]
}

pub(crate) fn answer<'a>(document: &'a mut Value, path: &str, method: &str) -> &'a mut Value {
    &mut operation(document, path, method)["responses"]["200"]["content"]["application/json"]["schema"]
}

/// Calls `change` with every schema of every response and named schema.
pub(crate) fn every(value: &mut Value, change: &mut dyn FnMut(&mut Map<String, Value>)) {
    match value {
        Value::Object(object) => {
            change(object);
            for (key, value) in object {
                if key != "example" && key != "examples" {
                    every(value, change);
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|value| every(value, change)),
        _ => {}
    }
}

pub(crate) fn responses(document: &mut Value, change: &mut dyn FnMut(&mut Map<String, Value>)) {
    for (_, item) in object(&mut document["paths"]) {
        for (_, operation) in object(item) {
            every(&mut operation["responses"], change);
        }
    }
}

// ---- Small updates ---------------------------------------------------------
