//! `cargo xtask update`: vendors what fits, refuses what does not, and leaves nothing half done.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::copy_inputs;
use serde_json::{Value, json};
use sha2::Digest as _;
use tempfile::TempDir;
use upstream::diff::command::{DiffArgs, Format, Gate, OUT_OF_DATE};
use upstream::update::{UpdateArgs, run};

/// What an update reads and writes, in a folder of its own.
fn tree() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy_inputs(folder.path());
    for path in [
        "crates/aitoearn-api/src/generated",
        "crates/aitoearn-mock/data",
    ] {
        fs::create_dir_all(folder.path().join(path)).unwrap();
    }
    folder
}

fn args(from: &str, dry_run: bool) -> UpdateArgs {
    UpdateArgs {
        from: from.to_owned(),
        dry_run,
        no_check: true,
        ..UpdateArgs::default()
    }
}

fn update(root: &Path, name: &str, text: &str, dry_run: bool) -> client_gen::problem::Result<u8> {
    upstream::update::update(root, &args(name, dry_run), text)
}

fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            all.insert(path.clone(), fs::read(path).unwrap());
        }
    }
    all
}

fn edited(folder: &Path, edit: impl FnOnce(&mut Value)) -> String {
    let text = fs::read_to_string(folder.join("openapi/aitoearn.openapi.json")).unwrap();
    let mut document: Value = serde_json::from_str(&text).unwrap();
    edit(&mut document);
    document.to_string()
}

#[test]
fn what_fits_is_vendored_and_regenerated() {
    let tree = tree();
    let text = edited(tree.path(), |document| {
        document["components"]["schemas"]["ChannelAccountVo"]["properties"]["shoeSize"] =
            json!({ "type": "string" });
    });
    let before = files(tree.path());
    assert_eq!(update(tree.path(), "new.json", &text, true).unwrap(), 0);
    assert_eq!(files(tree.path()), before, "a dry run writes nothing");

    assert_eq!(update(tree.path(), "new.json", &text, false).unwrap(), 0);
    let read = |path: &str| fs::read_to_string(tree.path().join(path)).unwrap();
    assert!(read("openapi/aitoearn.openapi.json").contains("\"shoeSize\""));
    assert!(read("crates/aitoearn-api/src/generated/types.rs").contains("shoe_size"));
    let source: toml::Table = toml::from_str(&read("openapi/source.toml")).unwrap();
    assert_eq!(source["sha256"].as_str().unwrap().len(), 64);
    assert!(read("openapi/source.toml").contains("# When the structure was taken"));

    let after = files(tree.path());
    assert_eq!(update(tree.path(), "new.json", &text, false).unwrap(), 0);
    assert_eq!(files(tree.path()), after, "the second time nothing drifted");
}

#[test]
fn a_file_that_lies_in_place_already_is_written_down() {
    let tree = tree();
    let path = tree.path().join("openapi/aitoearn.openapi.json");
    let text = edited(tree.path(), |document| {
        document["info"]["description"] = json!("Other words.");
    });
    fs::write(&path, &text).unwrap();
    let before = files(tree.path());
    let name = path.to_str().unwrap();
    assert_eq!(update(tree.path(), name, &text, true).unwrap(), 0);
    assert_eq!(files(tree.path()), before, "a dry run writes nothing");
    assert_eq!(update(tree.path(), name, &text, false).unwrap(), 0);
    let digest = sha2::Sha256::digest(&text);
    let hex = |text: String, byte: &u8| text + &format!("{byte:02x}");
    let digest = digest.iter().fold(String::new(), hex);
    let source = fs::read_to_string(tree.path().join("openapi/source.toml")).unwrap();
    assert!(source.contains(&digest), "{source}");
}

/// A field that upstream only stops mentioning stays, with what the overlay says of it.
#[test]
fn what_is_no_longer_mentioned_is_kept() {
    let tree = tree();
    let read = |path: &str| fs::read_to_string(tree.path().join(path)).unwrap();
    let text = edited(tree.path(), |document| {
        properties(document, "ChannelAccountVo").shift_remove("income");
    });
    assert_eq!(update(tree.path(), "new.json", &text, false).unwrap(), 0);
    assert!(read("openapi/kept.yaml").contains("\"/properties/income\""));
    let vendored: Value = serde_json::from_str(&read("openapi/aitoearn.openapi.json")).unwrap();
    let account = &vendored["components"]["schemas"]["ChannelAccountVo"];
    assert!(account["properties"].get("income").is_none());
    assert!(read("crates/aitoearn-api/src/generated/types.rs").contains("income"));

    let after = files(tree.path());
    assert_eq!(update(tree.path(), "new.json", &text, false).unwrap(), 0);
    assert_eq!(files(tree.path()), after, "the second time nothing drifted");

    let forget = UpdateArgs {
        forget: vec!["/components/schemas/ChannelAccountVo/properties/income".to_owned()],
        ..args("new.json", false)
    };
    let code = upstream::update::update(tree.path(), &forget, &text).unwrap();
    assert_eq!((code, files(tree.path()) == after), (0, false));
    assert!(!read("openapi/kept.yaml").contains("\"/properties/income\""));
}

fn properties<'a>(document: &'a mut Value, schema: &str) -> &'a mut serde_json::Map<String, Value> {
    let schema = &mut document["components"]["schemas"][schema];
    schema["properties"].as_object_mut().unwrap()
}

#[test]
fn what_contradicts_is_for_a_person_to_decide() {
    let tree = tree();
    let text = edited(tree.path(), |document| {
        properties(document, "ChannelAccountVo")["nickname"]["type"] = json!("integer");
    });
    let before = files(tree.path());
    assert_eq!(update(tree.path(), "new.json", &text, false).unwrap(), 1);
    assert_eq!(files(tree.path()), before);

    // Unless somebody is to decide it on a branch.
    let anyway = UpdateArgs {
        document_anyway: true,
        ..args("new.json", false)
    };
    let code = upstream::update::update(tree.path(), &anyway, &text).unwrap();
    assert_eq!(code, 1);
    let after = files(tree.path());
    let changed = after
        .iter()
        .filter(|(path, bytes)| before.get(*path) != Some(bytes));
    let changed: Vec<_> = changed.map(|(path, _)| path.file_name().unwrap()).collect();
    assert_eq!(changed, ["aitoearn.openapi.json", "source.toml"]);
}

#[test]
fn other_words_alone_are_no_drift_where_ours_are_kept() {
    let tree = tree();
    let text = edited(tree.path(), |document| {
        document["paths"]["/api/v2/channels/platforms"]["get"]["description"] = json!("Theirs.");
    });
    let before = files(tree.path());
    let keep = UpdateArgs {
        keep_words: true,
        ..args("new.json", false)
    };
    let code = upstream::update::update(tree.path(), &keep, &text).unwrap();
    assert_eq!((code, files(tree.path()) == before), (0, true));

    assert_eq!(update(tree.path(), "new.json", &text, false).unwrap(), 0);
    assert!(files(tree.path()) != before, "taken as they are");
}

#[test]
fn what_cannot_be_had_or_read_is_refused() {
    let tree = tree();
    let before = files(tree.path());
    let refused = |from: &str| {
        let refusal = run(tree.path(), &args(from, false));
        refusal.unwrap_err().to_string()
    };
    assert!(refused("no-such-file.json").contains("upstream"));
    assert!(refused("http://example.com/x.json").contains("no https URL"));
    assert!(refused("file:///etc/passwd").contains("no https URL"));
    // Nothing listens there; whether curl exists or not, it fails.
    assert!(refused("https://127.0.0.1:1/x.json").contains("error:"));
    for text in ["", "{}", "{\"openapi\": \"3.1.0\"}", "openapi: 3.0.0"] {
        assert!(
            update(tree.path(), "bad.json", text, false).is_err(),
            "{text}"
        );
    }
    assert_eq!(files(tree.path()), before);
}

#[test]
fn a_tree_that_was_not_regenerated_says_so() {
    let tree = tree();
    let old = tree.path().join("old.json");
    let text = edited(tree.path(), |document| {
        document["info"]["description"] = json!("Other words.");
    });
    fs::write(&old, text).unwrap();
    let args = DiffArgs {
        base: Some(old.to_str().unwrap().to_owned()),
        revision: None,
        format: Format::Text,
        all: false,
        summary: None,
        fail_on: vec![Gate::Wire, Gate::RawApi, Gate::SdkApi, Gate::Meaning],
        policy: None,
        no_witness: true,
    };
    let code = upstream::diff::command::run(tree.path(), &args).unwrap();
    assert_eq!(
        code, OUT_OF_DATE,
        "nothing was ever generated into this tree"
    );
}
