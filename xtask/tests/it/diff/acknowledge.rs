//! Changes that the project accepts: they stay in every report, and fail no gate.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;
use upstream::diff::command::{DiffArgs, FINE, Format, Gate, POLICY, exit_code, run};
use upstream::diff::{Decisions, Drift, Effect, Finding, Side, render};

use super::{BASE, GATES, account, edited, find, ids, list};
use crate::support::copy_inputs;

/// Breaks the contract, the generated API and shipped binaries: three findings that fail.
fn broken() -> Side {
    edited(|document| account(document)["properties"]["nickname"]["type"] = json!("integer"))
}

fn decide(policy: &str, named: bool, settled: Option<&str>) -> Decisions {
    let folder = tempfile::tempdir().unwrap();
    let mut base = edited(|_| {});
    base.acknowledged = settled.map(str::to_owned);
    let file = folder.path().join("openapi/acknowledged.toml");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, policy).unwrap();
    Decisions::read(folder.path(), named.then_some(&*file), &base).unwrap()
}

fn judged(decisions: &Decisions, revision: &Side) -> Drift {
    let mut drift = BASE.compare(revision, decisions, false).unwrap();
    decisions.apply(&mut drift, "2026-06-01");
    drift
}

/// An entry for everything that fails.
fn entries(drift: &Drift, more: &str) -> String {
    let fail = drift.findings.iter().filter(|finding| finding.fails());
    let entry = |finding: &Finding| {
        let fingerprint = &finding.fingerprint;
        format!(
            "[[acknowledge]]\nfingerprint = \"{fingerprint}\"\nreason = \"agreed with upstream\"\n{more}\n"
        )
    };
    fail.map(entry).collect()
}

fn policy_ids(drift: &Drift) -> Vec<String> {
    ids(drift, Effect::Policy)
}

#[test]
fn what_is_acknowledged_fails_no_gate_and_stays_in_every_format() {
    let open = judged(&Decisions::default(), &broken());
    assert_eq!(exit_code(&open, &GATES), POLICY);
    let decisions = decide(&entries(&open, "expires = \"2026-12-31\""), true, None);
    let drift = judged(&decisions, &broken());
    assert_eq!(exit_code(&drift, &GATES), FINE);
    let facts = &open.verdict.summary;
    assert_eq!(
        drift.verdict.summary,
        format!("{facts}; all of 3 findings acknowledged")
    );
    assert_eq!(drift.verdict.versions, open.verdict.versions);
    assert_eq!(drift.findings.len(), open.findings.len());

    let decided = "acknowledged: agreed with upstream, until 2026-12-31";
    let text = render::text(&drift, false);
    assert_eq!(text.matches(decided).count(), 3, "{text}");
    assert!(!text.contains("[[acknowledge]]"), "{text}");
    let markdown = render::markdown(&drift);
    assert!(
        markdown.contains("<summary>Acknowledged: 3</summary>"),
        "{markdown}"
    );
    assert_eq!(markdown.matches(decided).count(), 3, "{markdown}");
    let github = render::github(&drift);
    assert!(!github.contains("::error"), "{github}");
    assert_eq!(github.matches(decided).count(), 3, "{github}");
    let junit = render::junit(&drift);
    assert!(
        junit.contains("failures=\"0\" errors=\"0\" skipped=\"3\""),
        "{junit}"
    );
    assert_eq!(
        junit
            .matches(&format!("<skipped message=\"{decided}\"/>"))
            .count(),
        3
    );
    let sarif: Value = serde_json::from_str(&render::sarif(&drift)).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let suppressed = results
        .iter()
        .filter(|result| result["suppressions"][0]["justification"] == decided);
    assert_eq!(suppressed.count(), 3);
    let report: Value = serde_json::from_str(&render::json(&drift)).unwrap();
    let accepted = json!({ "reason": "agreed with upstream", "until": "2026-12-31" });
    let all = report["findings"].as_array().unwrap();
    let marked = all.iter().filter(|f| f["acknowledged"] == accepted);
    assert_eq!(marked.count(), 3);
}

#[test]
fn the_report_says_what_to_paste_and_that_wants_a_reason() {
    let open = judged(&Decisions::default(), &broken());
    let text = render::text(&open, false);
    let start = text.find("[[acknowledge]]").expect("entries");
    let end = text[start..]
        .find("\n\n\n")
        .map_or(text.len(), |end| start + end);
    let pasted = text[start..end].lines();
    let pasted = pasted.take_while(|line| !line.contains("findings:"));
    let pasted: Vec<&str> = pasted.collect();
    let pasted = pasted.join("\n");
    assert!(render::markdown(&open).contains(&pasted), "{pasted}");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("decided.toml");
    let read = |text: &str| {
        fs::write(&file, text).unwrap();
        Decisions::read(folder.path(), Some(&file), &edited(|_| {}))
    };
    let refused = read(&pasted).unwrap_err().to_string();
    assert!(refused.contains("needs a reason"), "{refused}");
    assert!(refused.contains("decided.toml:1:"), "{refused}");
    let decisions = read(&pasted.replace("\"\"", "\"agreed\"")).unwrap();
    assert_eq!(exit_code(&judged(&decisions, &broken()), &GATES), FINE);
}

#[test]
fn an_entry_that_has_ended_or_fits_nothing_fails_with_its_line() {
    let open = judged(&Decisions::default(), &broken());
    let ended = judged(
        &decide(&entries(&open, "expires = \"2026-05-31\""), true, None),
        &broken(),
    );
    assert_eq!(
        policy_ids(&ended),
        ["needs action acknowledgement-expired"; 3]
    );
    assert_eq!(exit_code(&ended, &[Gate::Wire]), POLICY);
    let finding = find(&ended, Effect::Policy, "acknowledgement-expired");
    assert!(
        finding.what.contains("ended on 2026-05-31"),
        "{}",
        finding.what
    );
    assert!(finding.at.as_ref().unwrap().line.is_some());
    assert!(render::github(&ended).contains("acknowledged.toml,line=1,"));

    let last_day = decide(&entries(&open, "expires = \"2026-06-01\""), true, None);
    assert_eq!(policy_ids(&judged(&last_day, &broken())), [""; 0]);

    let unused = "[[acknowledge]]\nfingerprint = \"0123456789abcdef\"\nreason = \"a mistake\"\n";
    let drift = judged(&decide(unused, true, None), &edited(|_| {}));
    assert_eq!(policy_ids(&drift), ["needs action acknowledgement-unused"]);
    assert_eq!(exit_code(&drift, &GATES), POLICY);
    assert_eq!(exit_code(&drift, &[Gate::Never]), FINE);
    // Compared with a file, nobody knows which change an entry in the tree was for.
    let unknown = judged(&decide(unused, false, None), &edited(|_| {}));
    assert_eq!(policy_ids(&unknown), [""; 0]);
}

#[test]
fn a_merged_entry_neither_fails_nor_accepts_what_comes_later() {
    let open = judged(&Decisions::default(), &broken());
    let file = entries(&open, "");
    let later = edited(|document| account(document)["properties"]["uid"]["maxLength"] = json!(9));
    let quiet = judged(&decide(&file, false, Some(&file)), &later);
    assert_eq!(policy_ids(&quiet), [""; 0]);

    let again = judged(&decide(&file, false, Some(&file)), &broken());
    assert_eq!(
        policy_ids(&again),
        ["needs action acknowledgement-settled"; 3]
    );
    assert_eq!(exit_code(&again, &[Gate::Meaning]), POLICY);
    assert!(again.findings.iter().all(|f| f.acknowledged.is_none()));

    let decided = file.replace("agreed", "agreed once more");
    let drift = judged(&decide(&decided, false, Some(&file)), &broken());
    assert_eq!(exit_code(&drift, &GATES), FINE);
}

#[test]
fn what_cannot_be_generated_cannot_be_accepted() {
    let odd = || {
        edited(|document| {
            let codes = &mut list(document)["x-aitoearn-backend"]["responseCodes"];
            let code = json!({ "name": "AccountSnoozed", "code": 12_698 });
            codes.as_array_mut().unwrap().push(code);
        })
    };
    let open = judged(&Decisions::default(), &odd());
    assert!(
        open.findings.iter().any(Finding::must_be_mended),
        "{}",
        render::text(&open, false)
    );
    assert!(!render::text(&open, false).contains("[[acknowledge]]"));
    let drift = judged(&decide(&entries(&open, ""), true, None), &odd());
    find(&drift, Effect::Policy, "acknowledgement-refused");
    assert_eq!(exit_code(&drift, &GATES), POLICY);
}

#[test]
fn a_level_of_its_own_counts_for_the_contract() {
    let grown = || {
        edited(|document| {
            let values = &mut account(document)["properties"]["clientType"]["enum"];
            values.as_array_mut().unwrap().push(json!("desktop"));
        })
    };
    let decisions = decide(
        "[levels]\nresponse-enum-value-added = \"breaks-responses\"\n",
        true,
        None,
    );
    let drift = judged(&decisions, &grown());
    assert_eq!(
        ids(&drift, Effect::Wire),
        ["breaks response-enum-value-added"]
    );
    assert_eq!(exit_code(&drift, &[Gate::Wire]), POLICY);
}

/// A repository with what a comparison reads.
fn repository() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy_inputs(folder.path());
    git(folder.path(), &["init", "--quiet", "--initial-branch=main"]);
    commit(folder.path());
    folder
}

fn git(folder: &Path, arguments: &[&str]) {
    let identity = [
        "-c",
        "user.name=x",
        "-c",
        "user.email=x",
        "-c",
        "commit.gpgsign=false",
    ];
    let status = std::process::Command::new("git")
        .current_dir(folder)
        .args(identity)
        .args(arguments)
        .status()
        .unwrap();
    assert!(status.success(), "git {arguments:?}");
}

fn commit(folder: &Path) {
    git(folder, &["add", "--all"]);
    git(folder, &["commit", "--quiet", "--message=x"]);
}

#[test]
fn an_entry_counts_from_the_commit_that_brings_it_until_it_is_merged() {
    let folder = repository();
    let root = folder.path();
    let code = |policy: Option<&Path>| {
        let args = DiffArgs {
            base: Some("main".to_owned()),
            revision: None,
            format: Format::Text,
            all: false,
            summary: None,
            fail_on: GATES.to_vec(),
            policy: policy.map(Path::to_owned),
            no_witness: true,
        };
        run(root, &args).map_err(|problems| problems.to_string())
    };
    git(root, &["switch", "--quiet", "--create", "change"]);
    fs::write(
        root.join("openapi/aitoearn.openapi.json"),
        broken().document,
    )
    .unwrap();
    assert_eq!(code(None), Ok(POLICY));

    let file = root.join("openapi/acknowledged.toml");
    let open = judged(&Decisions::default(), &broken());
    fs::write(&file, entries(&open, "")).unwrap();
    // What was never generated into this folder is out of date, and that is all that is left.
    assert_eq!(code(None), Ok(upstream::diff::command::OUT_OF_DATE));

    commit(root);
    git(root, &["switch", "--quiet", "main"]);
    git(root, &["merge", "--quiet", "change"]);
    assert_eq!(code(None), Ok(FINE), "merged, and no longer in the way");
    assert_eq!(
        code(Some(&file)),
        Ok(POLICY),
        "named, every entry has to fit"
    );

    fs::write(
        &file,
        "[[acknowledge]]\nfingerprint = \"?\"\nreason = \"x\"\n",
    )
    .unwrap();
    let bad = code(None).unwrap_err();
    assert!(bad.contains("acknowledged.toml:1:1"), "{bad}");
    let gone = code(Some(Path::new("no-such.toml"))).unwrap_err();
    assert!(gone.contains("no-such.toml"), "{gone}");
}
