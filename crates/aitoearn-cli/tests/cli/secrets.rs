//! The key is nowhere to be seen, whatever is asked for and whatever goes wrong.

use std::fs;
use std::path::Path;

use aitoearn_mock::{Fault, Sandbox, operations};

use crate::support::{Folder, ran, troubles};

const COMMANDS: &[&[&str]] = &[
    &["platforms"],
    &["accounts"],
    &["whoami"],
    &["doctor"],
    &["posts"],
    &[
        "publish",
        "clip.mp4",
        "--to",
        "youtube_1",
        "--title",
        "Maps",
        "--every",
        "0.001",
        "--out",
        "out.csv",
    ],
    &[
        "publish",
        "--plan",
        "plan.csv",
        "--every",
        "0.001",
        "--out",
        "out.jsonl",
    ],
    &["upload", "clip.mp4"],
    &["connect", "tiktok", "--no-browser", "--every", "0.001"],
    &["image", "A map", "--yes", "--every", "0.001"],
    &["chat", "Why?"],
    &["api", "GET", "/api/v2/channels/accounts"],
    &["op", "account_groups_list"],
];

fn files(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned());
        }
    }
}

#[test]
fn the_key_is_in_no_output_and_no_file() {
    let folder = Folder::new();
    folder.write("plan.csv", "to,title,media\nyoutube_2,One,clip.mp4\n");
    let sandbox = Sandbox::builder().demo_accounts().start().unwrap();
    let key = sandbox.api_key();
    for () in troubles(&sandbox) {
        for words in COMMANDS {
            for format in ["--json", "--table"] {
                let run = ran(&mut folder.against(
                    &sandbox,
                    &[words, &["-vvv", "--retries", "0", format][..]].concat(),
                ));
                let all = format!("{}{}", run.out, run.err);
                assert!(!all.contains(key), "{words:?}: {all}");
                assert!(all.contains("/api/"), "{words:?} logs nothing: {all}");
                assert!(!all.contains("panicked"), "{words:?}: {all}");
            }
        }
    }
    let mut found = Vec::new();
    files(&folder.path(""), &mut found);
    assert!(found.len() > 3);
    assert!(found.iter().all(|text| !text.contains(key)));
}

/// Arguments can be read by everybody on the machine.
#[test]
#[cfg(target_os = "linux")]
fn the_key_is_no_argument() {
    let folder = Folder::new();
    let sandbox = Sandbox::builder().demo_accounts().start().unwrap();
    sandbox
        .faults()
        .always(&operations::ACCOUNTS_LIST, Fault::hang());
    let mut child = folder
        .against(&sandbox, &["accounts"])
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let mut arguments = String::new();
    while !arguments.contains("accounts") {
        arguments = fs::read_to_string(format!("/proc/{}/cmdline", child.id())).unwrap();
        std::thread::yield_now();
    }
    assert!(!arguments.contains(sandbox.api_key()));
    child.kill().unwrap();
    child.wait().unwrap();
}
