//! Completion as a shell asks for it, and times without an offset.

use aitoearn_mock::Sandbox;

use crate::support::{Folder, json, ran};

/// The candidates for the last word of a line, as fish asks for them.
fn candidates(folder: &Folder, line: &[&str]) -> Vec<String> {
    let run = ran(folder
        .command(&["--", "aitoearn"])
        .args(line)
        .env("COMPLETE", "fish"));
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{line:?}");
    run.out.lines().map(str::to_owned).collect()
}

#[test]
fn values_are_completed_by_what_is_there() {
    let folder = Folder::new();
    let shown = |line: &[&str]| candidates(&folder, line).join("\n");
    assert!(shown(&["--sandbox", "platform", "tik"]).starts_with("tiktok\t"));
    let accounts = shown(&["--sandbox", "publish", "clip.mp4", "--to", "youtube"]);
    assert!(accounts.starts_with("youtube_1\t"), "{accounts}");
    assert!(accounts.contains("youtube_2"), "{accounts}");
    assert!(!accounts.contains("tiktok"), "{accounts}");
    // Behind a comma, the next one.
    let second = shown(&["--sandbox", "publish", "--to", "youtube_1,youtube_"]);
    assert!(second.contains("youtube_1,youtube_2"), "{second}");
    for line in [
        &["--sandbox", "image", "--model", ""][..],
        &["--sandbox", "chat", "--model", ""],
        &["--sandbox", "video", "--model", ""],
        &["reschedule", "id", "--timezone", "Europe/B"],
    ] {
        assert!(!shown(line).is_empty(), "{line:?}");
    }
    assert!(shown(&["op", "accounts_g"]).starts_with("accounts_get"));
}

#[test]
fn a_service_that_does_not_answer_completes_nothing() {
    let folder = Folder::new();
    let away = ["--base-url", "http://127.0.0.1:9", "works", "t"];
    assert!(candidates(&folder, &away).is_empty());
    // Without any site, too.
    assert!(candidates(&folder, &["platform", "tik"]).is_empty());
}

#[cfg(unix)]
#[test]
fn bash_completes_by_the_script() {
    let folder = Folder::new();
    let script = ran(&mut folder.command(&["completions", "bash"])).out;
    folder.write("script", &script);
    let line = "source ./script
        COMP_WORDS=(aitoearn --sandbox works tiktok) COMP_CWORD=3 COMP_TYPE=9
        _clap_complete_aitoearn
        printf '%s\\n' \"${COMPREPLY[@]}\"";
    let binary = std::path::Path::new(env!("CARGO_BIN_EXE_aitoearn"));
    let path = std::env::join_paths(
        [binary.parent().unwrap().to_owned()]
            .into_iter()
            .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
    );
    let output = std::process::Command::new("bash")
        .args(["--norc", "-c", line])
        .current_dir(folder.path(""))
        .env("PATH", path.unwrap())
        .output()
        .unwrap();
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        out.lines().any(|line| line == "tiktok_1"),
        "{out}{output:?}"
    );
}

#[test]
fn a_time_without_an_offset_is_in_the_zone() {
    let folder = Folder::new();
    let sandbox = Sandbox::builder().demo_accounts().start().unwrap();
    let publish = |extra: &[&str]| {
        let words = [
            "publish",
            "clip.mp4",
            "--to",
            "youtube_1",
            "--title",
            "Maps",
            "--no-wait",
        ];
        ran(&mut folder.against(&sandbox, &[&words[..], extra].concat()))
    };
    let run = publish(&["--at", "2031-07-06 18:00", "--timezone", "Asia/Tokyo"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let sent = sandbox.seen();
    let is_flow = |it: &&aitoearn_mock::Seen| it.operation == Some("publish_flow_create");
    let body = sent.iter().rfind(is_flow).unwrap().json().unwrap();
    assert!(body.to_string().contains("2031-07-06T09:00:00"), "{body}");
    // The system's zone is taken by itself for a single post.
    let run = ran(folder
        .against(
            &sandbox,
            &[
                "publish",
                "clip.mp4",
                "--to",
                "youtube_1",
                "--title",
                "B",
                "--no-wait",
                "--at",
                "2031-07-06 18:00",
            ],
        )
        .env("TZ", "America/Lima"));
    assert_eq!(run.code, 0, "{}", run.err);
    let run = publish(&["--at", "2031-03-30 02:30", "--timezone", "Europe/Berlin"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("clocks change"), "{}", run.err);
    let run = publish(&["--at", "2031-03-30 02:30", "--timezone", "Nowhere/None"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("no time zone"), "{}", run.err);
    // A plan names its zone.
    folder.write(
        "plan.csv",
        "to,title,media,at\nyoutube_1,A,clip.mp4,2031-07-06 18:00\n",
    );
    let plan = ["publish", "--plan", "plan.csv", "--dry-run", "--json"];
    let run = ran(&mut folder.against(&sandbox, &plan));
    assert_eq!(run.code, 2);
    assert!(run.err.contains("--timezone"), "{}", run.err);
    let zoned = [&plan[..], &["--timezone", "Asia/Tokyo"]].concat();
    let run = ran(&mut folder.against(&sandbox, &zoned));
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(json(&run.out).len(), 1);
}
