//! Plans: every row is posted once, however often and however suddenly a run ends.

use std::collections::BTreeMap;
use std::process::Stdio;

use aitoearn_mock::{Fault, Sandbox, operations};

use crate::support::{Folder, json, noticing, ran};

/// How often each title was posted, by the requests that created something.
fn posted(sandbox: &Sandbox) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for seen in sandbox.seen() {
        if seen.operation == Some("publish_flow_create") && seen.code == Some(0) {
            let body = seen.json().unwrap();
            let title = body["content"]["title"].as_str().unwrap().to_owned();
            *counts.entry(title).or_insert(0) += 1;
        }
    }
    counts
}

/// As [`posted`], whether or not the answer arrived: by the posts that there are.
fn there(folder: &Folder, sandbox: &Sandbox) -> usize {
    json(&ran(&mut folder.against(sandbox, &["posts"])).out).len()
}

fn plan(rows: usize) -> String {
    let mut text = "to,title,media\n".to_owned();
    for row in 0..rows {
        let account = ["youtube_1", "tiktok_1;tiktok_2", "youtube_2"][row % 3];
        text += &format!("{account},Row {row},clip.mp4\n");
    }
    text
}

const RUN: &[&str] = &[
    "publish",
    "--plan",
    "plan.csv",
    "--every",
    "0.001",
    "--out",
    "out.csv",
    "--parallel",
    "3",
];

#[test]
fn killed_at_every_step_and_run_again_it_posts_each_row_once() {
    const ROWS: usize = 6;
    let folder = Folder::new();
    folder.write("plan.csv", plan(ROWS));
    let count_all = || {
        let sandbox = Sandbox::builder().demo_accounts().start().unwrap();
        assert_eq!(ran(&mut folder.against(&sandbox, RUN)).code, 0);
        sandbox.seen().len()
    };
    let steps = count_all();
    assert!(steps > 6 * ROWS, "{steps}");
    let mut killed_in_the_middle = 0;
    for step in (1..steps).step_by(2) {
        let (sandbox, told) = noticing();
        let mut child = folder
            .against(&sandbox, RUN)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        for _ in 0..step {
            // A run may need fewer requests than another; then it has ended by itself.
            if told
                .recv_timeout(std::time::Duration::from_secs(20))
                .is_err()
            {
                break;
            }
        }
        // SIGKILL: nothing of it can tidy up.
        child.kill().unwrap();
        child.wait().unwrap();
        let before = posted(&sandbox).len();
        killed_in_the_middle += usize::from(before > 0 && before < ROWS);

        let run = ran(&mut folder.against(&sandbox, RUN));
        assert_eq!(run.code, 0, "step {step}: {}{}", run.out, run.err);
        let counts = posted(&sandbox);
        assert_eq!(counts.len(), ROWS, "step {step}: {counts:?}");
        assert!(
            counts.values().all(|count| *count == 1),
            "step {step}: {counts:?}"
        );
        // Rows with two accounts are two posts.
        assert_eq!(there(&folder, &sandbox), ROWS + ROWS / 3, "step {step}");
        let outcomes = folder.read("out.csv");
        assert_eq!(
            outcomes
                .lines()
                .filter(|line| line.contains(",published,"))
                .count(),
            ROWS + ROWS / 3,
            "{outcomes}"
        );
    }
    assert!(killed_in_the_middle > 2, "{killed_in_the_middle}");
}

#[test]
fn lost_answers_make_no_second_post() {
    let folder = Folder::new();
    folder.write("plan.csv", plan(4));
    let sandbox = Sandbox::builder().demo_accounts().start().unwrap();
    for _ in 0..2 {
        sandbox
            .faults()
            .next(&operations::PUBLISH_FLOW_CREATE, Fault::lose_answer());
    }
    let first = ran(&mut folder.against(&sandbox, RUN));
    let second = ran(&mut folder.against(&sandbox, RUN));
    assert_eq!(second.code, 0, "{}{}{}", first.err, second.out, second.err);
    assert_eq!(there(&folder, &sandbox), 5);
}

#[test]
fn rows_may_move_and_others_come_in_between() {
    let folder = Folder::new();
    folder.write(
        "plan.csv",
        "to,title,media,id\nyoutube_1,A,clip.mp4,\nyoutube_1,B,clip.mp4,b\n",
    );
    let sandbox = Sandbox::builder().demo_accounts().start().unwrap();
    assert_eq!(ran(&mut folder.against(&sandbox, RUN)).code, 0);
    // B goes by its id, whatever else its row says.
    folder.write("plan.csv", "title,to,media,id\nB mended,youtube_1,clip.mp4,b\nC,youtube_1,clip.mp4,\nA,youtube_1,clip.mp4,\n");
    let run = ran(&mut folder.against(&sandbox, &[RUN, &["--table"][..]].concat()));
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(
        run.out.contains("fine: 3, not: 0, there before: 2"),
        "{}",
        run.out
    );
    let counts = posted(&sandbox);
    assert_eq!(counts.keys().collect::<Vec<_>>(), ["A", "B", "C"]);
}

/// What was posted is there, whatever has become of its files and its time.
#[test]
fn rows_that_are_there_need_no_files_and_no_time() {
    let folder = Folder::new();
    folder.write("plan.csv", "to,title,media,at\nyoutube_1,A,clip.mp4,\nyoutube_1,B,clip.mp4,2099-01-01T00:00:00Z\nyoutube_2,C,clip.mp4,\n");
    let sandbox = Sandbox::builder().demo_accounts().start().unwrap();
    let run = ran(&mut folder.against(&sandbox, RUN));
    assert_eq!(run.code, 0, "{}", run.err);
    // Three rows, one file: one upload.
    assert_eq!(sandbox.storage().seen().len(), 1);

    std::fs::remove_file(folder.path("clip.mp4")).unwrap();
    sandbox
        .clock()
        .advance(std::time::Duration::from_secs(80 * 365 * 24 * 60 * 60));
    let run = ran(&mut folder.against(&sandbox, &[RUN, &["--table"][..]].concat()));
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    assert!(
        run.out.contains("fine: 3, not: 0, there before: 3"),
        "{}",
        run.out
    );
}

#[test]
fn all_problems_of_all_rows_come_at_once_and_nothing_is_sent() {
    let folder = Folder::new();
    let long = "x".repeat(101);
    folder.write(
        "plan.csv",
        format!("to,title,media,cover,at\nyoutube_1,{long},clip.mp4,,\nnobody_1,B,missing.mp4,,\nKWAI_1,C,clip.mp4,,2001-01-01T00:00:00Z\nKWAI_1,D,clip.mp4,,\n"),
    );
    let sandbox = Sandbox::builder().demo_accounts().start().unwrap();
    let run = ran(&mut folder.against(&sandbox, &[RUN, &["--json"][..]].concat()));
    assert_eq!(run.code, 2);
    let error = &json(&run.err)[0]["error"];
    let places: Vec<&str> = error["details"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it.as_str().unwrap().split(": ").next().unwrap())
        .collect();
    assert_eq!(
        places,
        [
            "row 1 (line 2), title",
            "row 2 (line 3), to",
            "row 2 (line 3), media[0]",
            "row 3 (line 4), at",
            "row 4 (line 5), cover",
        ]
    );
    let seen = sandbox.operations_seen();
    assert!(!seen.contains("publish_flow_create") && !seen.contains("assets_upload_sign"));
}

/// The most memory that a process has held so far, in KiB.
#[cfg(target_os = "linux")]
fn peak(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[test]
#[cfg(target_os = "linux")]
fn a_thousand_rows_over_ten_accounts_take_no_more_memory_than_a_few() {
    const ACCOUNTS: [&str; 10] = [
        "youtube_1",
        "youtube_2",
        "tiktok_1",
        "tiktok_2",
        "instagram_1",
        "facebook_1",
        "threads_1",
        "twitter_1",
        "linkedin_1",
        "instagram_1",
    ];
    let folder = Folder::new();
    let run = |rows: usize| {
        let mut text = "to,title,media\n".to_owned();
        for row in 0..rows {
            text += &format!(
                "{},Row {row},https://example.com/clip.mp4\n",
                ACCOUNTS[row % ACCOUNTS.len()]
            );
        }
        folder.write("plan.csv", text);
        let (sandbox, told) = noticing();
        let mut child = folder
            .against(
                &sandbox,
                &[
                    "publish",
                    "--plan",
                    "plan.csv",
                    "--no-wait",
                    "--parallel",
                    "8",
                ],
            )
            .stdout(std::fs::File::create(folder.path("printed")).unwrap())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut most = 0;
        while child.try_wait().unwrap().is_none() {
            // What a process held at most never shrinks: each request is a time to look.
            let _ = told.recv_timeout(std::time::Duration::from_millis(20));
            most = most.max(peak(child.id()).unwrap_or_default());
        }
        assert_eq!(child.wait().unwrap().code(), Some(0));
        // A line per row is the progress of a program.
        assert_eq!(json(&folder.read("printed")).len(), rows);
        assert_eq!(posted(&sandbox).len(), rows);
        most
    };
    let (few, many) = (run(50), run(1000));
    println!("peak with 50 rows {few} KiB, with 1000 rows {many} KiB");
    assert!(many < few + 8 * 1024, "{few} KiB, {many} KiB");
}
