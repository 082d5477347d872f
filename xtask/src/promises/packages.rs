//! What cargo knows of the workspace.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use client_gen::problem::{Problem, Problems, Result};

/// The answer of `cargo metadata`.
#[derive(Debug)]
pub(super) struct Packages(Value);

/// A crate that is published.
#[derive(Debug, Clone, Copy)]
pub(super) struct Published<'p>(&'p Value);

impl Packages {
    pub(super) fn read(root: &Path) -> Result<Self> {
        let failed = |what: String| {
            let fix = "run `cargo metadata` and mend what it says";
            Problems::from(Problem::new("cargo metadata", what, fix))
        };
        let output = Command::new("cargo")
            .current_dir(root)
            .args(["metadata", "--format-version", "1", "--locked"])
            .output()
            .map_err(|error| failed(error.to_string()))?;
        if !output.status.success() {
            return Err(failed(String::from_utf8_lossy(&output.stderr).into_owned()));
        }
        let metadata = serde_json::from_slice(&output.stdout);
        metadata
            .map(Self)
            .map_err(|error| failed(error.to_string()))
    }

    fn all(&self) -> impl Iterator<Item = &Value> {
        self.0["packages"].as_array().into_iter().flatten()
    }

    /// The crates that users get.
    pub(super) fn published(&self) -> impl Iterator<Item = Published<'_>> {
        self.all()
            .filter(|package| package["source"].is_null() && package["publish"].is_null())
            .map(Published)
    }

    /// The features to try alone: one that a crate above turns on by its own feature of the same name
    /// is tried with that one.
    pub(super) fn features_to_try<'p>(
        &'p self,
        package: Published<'p>,
    ) -> impl Iterator<Item = &'p str> {
        package.features().filter(move |name| {
            let forwarded = format!("{}/{name}", package.name());
            let turns_it_on = |other: Published<'_>| {
                let turned_on = other.0["features"][*name].as_array();
                turned_on.is_some_and(|all| all.iter().any(|it| *it == forwarded))
            };
            !self.published().any(turns_it_on)
        })
    }

    /// What is compiled for a user and says that it needs a newer Rust than we promise.
    pub(super) fn too_new(&self) -> Vec<Problem> {
        let promised = self.rust_version();
        let mut todo: Vec<&str> = self.published().map(Published::id).collect();
        let mut seen: Vec<&str> = Vec::new();
        while let Some(id) = todo.pop() {
            if !seen.contains(&id) {
                seen.push(id);
                todo.extend(self.compiled_for(id));
            }
        }
        self.all()
            .filter(|package| package["id"].as_str().is_some_and(|id| seen.contains(&id)))
            .filter_map(|package| {
                let wants = package["rust_version"].as_str()?;
                (version(wants) > version(promised)).then(|| {
                    Problem::new(
                        format!("{} {}", text(&package["name"]), text(&package["version"])),
                        format!("it needs Rust {wants}, and {promised} is promised"),
                        "take an older version by `cargo update --precise`, or raise `rust-version` in a minor release",
                    )
                })
            })
            .collect()
    }

    /// The oldest Rust that is promised.
    pub(super) fn rust_version(&self) -> &str {
        let first = self.published().next();
        first.map_or("", |package| text(&package.0["rust_version"]))
    }

    /// The dependencies of a package that are no development dependencies.
    fn compiled_for(&self, id: &str) -> impl Iterator<Item = &str> {
        let nodes = self.0["resolve"]["nodes"].as_array().into_iter().flatten();
        nodes
            .filter(move |node| node["id"] == id)
            .flat_map(|node| node["deps"].as_array().into_iter().flatten())
            .filter(|dependency| {
                let kinds = dependency["dep_kinds"].as_array();
                kinds
                    .into_iter()
                    .flatten()
                    .any(|kind| kind["kind"] != "dev")
            })
            .filter_map(|dependency| dependency["pkg"].as_str())
    }
}

impl<'p> Published<'p> {
    fn id(self) -> &'p str {
        text(&self.0["id"])
    }

    pub(super) fn name(self) -> &'p str {
        text(&self.0["name"])
    }

    /// Where it is.
    pub(super) fn folder(self) -> &'p Path {
        let manifest = Path::new(text(&self.0["manifest_path"]));
        manifest.parent().unwrap_or(manifest)
    }

    /// Its features without `default`, which is those it names.
    fn features(self) -> impl Iterator<Item = &'p str> {
        let features = self.0["features"].as_object().into_iter().flatten();
        features
            .map(|(name, _)| name.as_str())
            .filter(|name| *name != "default")
    }

    /// How docs.rs is told to build it.
    pub(super) fn docs(self) -> &'p Value {
        &self.0["metadata"]["docs"]["rs"]
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Major, minor and patch, as numbers that compare.
fn version(text: &str) -> Vec<u64> {
    let mut numbers: Vec<u64> = text
        .split('.')
        .map(|number| number.parse().unwrap_or_default())
        .collect();
    numbers.resize(3, 0);
    numbers
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn metadata(of_dependency: &str, kind: &Value) -> Packages {
        let package = |name: &str, publish: Value, rust: &str| {
            json!({ "id": name, "name": name, "version": "1.0.0", "source": null,
                "publish": publish, "rust_version": rust, "features": { "default": ["a"], "a": [] } })
        };
        let mut dependency = package("dependency", Value::Null, of_dependency);
        dependency["source"] = "registry".into();
        Packages(json!({
            "packages": [package("ours", Value::Null, "1.88"), package("tests", json!([]), "1.99"), dependency],
            "resolve": { "nodes": [
                { "id": "ours", "deps": [{ "pkg": "dependency", "dep_kinds": [{ "kind": kind }] }] },
                { "id": "dependency", "deps": [] },
            ] },
        }))
    }

    #[test]
    fn a_dependency_that_needs_a_newer_rust_is_named() {
        for fine in ["1.88", "1.88.0", "1.9", "1.56.1"] {
            assert_eq!(metadata(fine, &Value::Null).too_new(), []);
        }
        for newer in ["1.88.1", "1.90", "2.0"] {
            let found = metadata(newer, &Value::Null).too_new();
            assert_eq!(found.len(), 1);
            assert!(found[0].to_string().contains("dependency 1.0.0"));
            assert!(found[0].what.contains(newer));
        }
        // Users do not compile what only our tests need.
        assert_eq!(metadata("1.99", &json!("dev")).too_new(), []);
    }

    #[test]
    fn what_is_published_has_its_features() {
        let packages = metadata("1.0", &Value::Null);
        let published: Vec<_> = packages.published().collect();
        assert_eq!(published.len(), 1);
        assert_eq!(
            packages.features_to_try(published[0]).collect::<Vec<_>>(),
            ["a"]
        );
    }

    #[test]
    fn a_feature_that_is_passed_on_is_tried_once() {
        let package = |name: &str, features: Value| json!({ "id": name, "name": name, "source": null, "publish": null, "features": features });
        let packages = Packages(json!({ "packages": [
            package("low", json!({ "gzip": [], "own": [] })),
            package("high", json!({ "gzip": ["low/gzip"], "other": ["gzip"] })),
        ] }));
        let tried = packages
            .published()
            .map(|it| packages.features_to_try(it).collect::<Vec<_>>());
        assert_eq!(
            tried.collect::<Vec<_>>(),
            [vec!["own"], vec!["gzip", "other"]]
        );
    }
}
