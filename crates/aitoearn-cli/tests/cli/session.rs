//! A session on the sandbox, as a person sees it and as a program does.

use crate::support::{Folder, json, ran, settled, typed};

const SESSION: &[&[&str]] = &[
    &["platforms"],
    &["platform", "youtube"],
    &["platform", "myspace"],
    &["accounts", "--on", "youtube"],
    &["groups"],
    &[
        "publish",
        "clip.mp4",
        "--to",
        "youtube_1,tiktok_1",
        "--title",
        "Folding maps",
        "--dry-run",
    ],
    &[
        "publish",
        "clip.mp4",
        "--to",
        "youtube_1",
        "--title",
        "Folding maps",
    ],
    &[
        "publish",
        "clip.mp4",
        "--to",
        "youtube_1",
        "--title",
        "Later",
        "--at",
        "2099-05-06T07:08:09Z",
    ],
    &["publish", "clip.mp4", "--to", "douyin_1", "--title", "地图"],
    &[
        "publish",
        "clip.mp4",
        "cover.gif",
        "--to",
        "youtube_1,KWAI_1,nobody_1",
        "--at",
        "soon",
        "--option",
        "twitter.x=1",
    ],
    &["publish", "clip.mp4", "--to", "KWAI_1"],
    &["wait", "not-there"],
    &["cancel", "6b093f915a4db0c5e0000003"],
    &["upload", "clip.mp4", "missing.mp4"],
    &["connect", "tiktok", "--no-browser"],
    &["connect", "xhs", "--no-browser"],
    &["models", "image"],
    &["image", "A folded map", "-o", "map.png"],
    &["video", "A paper boat", "--model", "none-such"],
    &["chat", "Why", "do", "maps", "fold?"],
    &["whoami"],
    &["doctor"],
    &["api", "GET", "/api/v2/channels/nothing"],
    &["op", "relay_messages"],
];

/// What a session prints, as it is.
fn transcript(folder: &Folder, options: &[&str]) -> String {
    let mut text = String::new();
    for words in SESSION {
        let arguments: Vec<&str> = words
            .iter()
            .chain(options)
            .chain(&["--sandbox"])
            .copied()
            .collect();
        let run = ran(&mut folder.command(&arguments));
        text += &format!(
            "$ aitoearn --sandbox {}\n{}{}",
            typed(words),
            run.out,
            run.err
        );
        if run.code != 0 {
            text += &format!("[exit code {}]\n", run.code);
        }
        text.push('\n');
    }
    text
}

#[test]
fn a_session_without_colours() {
    let folder = Folder::new();
    let text = transcript(&folder, &["--table"]);
    assert!(!text.contains('\u{1b}'));
    insta::assert_snapshot!("session", settled(&text, &folder.path("")));
}

#[test]
fn a_session_in_colours_says_the_same() {
    let folder = Folder::new();
    let coloured = transcript(&folder, &["--table", "--color", "always"]);
    let plain = anstream::adapter::strip_str(&coloured).to_string();
    let other = transcript(&folder, &["--table", "--color", "never"]);
    let settle = |text: &str| settled(text, &folder.path(""));
    for (one, other) in settle(&plain).lines().zip(settle(&other).lines()) {
        assert_eq!(one, other);
    }
    let shown = |start: &str| {
        let line = coloured
            .lines()
            .find(|line| line.contains(start))
            .unwrap_or_default();
        format!("{line:?}")
    };
    let lines = [
        "PLATFORM",
        "available",
        "error:",
        "published",
        "awaits",
        "there is no platform",
    ];
    let lines: Vec<String> = lines.into_iter().map(shown).collect();
    insta::assert_snapshot!("colours", lines.join("\n"));
}

#[test]
fn programs_get_a_value_per_line_and_errors_as_json() {
    let folder = Folder::new();
    let run = ran(&mut folder.command(&["--sandbox", "accounts"]));
    let accounts = json(&run.out);
    assert!(accounts.len() > 10 && accounts.iter().all(|it| it["id"].is_string()));

    let run = ran(&mut folder.command(&["--sandbox", "--json", "wait", "not-there"]));
    assert_eq!(run.code, 3);
    let error = &json(&run.err)[0]["error"];
    assert_eq!(error["code"], 15050);
    assert_eq!(error["exit"], 3);
    for field in ["message", "meaning", "advice", "requestId"] {
        assert!(
            error[field].as_str().is_some_and(|it| !it.is_empty()),
            "{field}: {error}"
        );
    }
}

#[test]
fn a_jq_filter_picks_from_each_value() {
    let folder = Folder::new();
    let run = |filter: &str| {
        ran(&mut folder.command(&["--sandbox", "accounts", "--on", "youtube", "--jq", filter]))
    };
    assert_eq!(run(".id").out, "youtube_1\nyoutube_2\n");
    assert_eq!(
        run("select(.uid == \"2\") | {id, status}").out,
        "{\"id\":\"youtube_2\",\"status\":1}\n"
    );
    for (wrong, said) in [(".[", "cannot be read"), ("nothing_such", "`nothing_such`")] {
        let run = run(wrong);
        assert_eq!((run.code, run.out.as_str()), (2, ""));
        assert!(run.err.contains(said), "{}", run.err);
    }
    assert_eq!(run(".id | .id").code, 1);
}

#[test]
fn no_color_and_closed_pipes_are_respected() {
    let folder = Folder::new();
    let run = ran(folder
        .command(&["--sandbox", "platforms", "--table"])
        .env("NO_COLOR", "1"));
    assert!(!run.out.contains('\u{1b}'));
    // Nobody reads: that is no failure.
    let mut child = folder
        .command(&["--sandbox", "op"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn spending_is_asked_for() {
    let folder = Folder::new();
    let sandbox = aitoearn_mock::Sandbox::builder()
        .demo_accounts()
        .start()
        .unwrap();
    let run = ran(&mut folder.against(&sandbox, &["image", "A map"]));
    assert_eq!(run.code, 2);
    assert!(
        run.err.contains("credits") && run.err.contains("--yes"),
        "{}",
        run.err
    );
    assert!(!sandbox.operations_seen().contains("image_generate_async"));

    let run = ran(&mut folder.against(&sandbox, &["image", "A map", "--yes", "--every", "0.001"]));
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(sandbox.operations_seen().contains("image_generate_async"));
}

/// What the service says is text, whatever it looks like.
#[test]
fn text_of_the_service_draws_nothing() {
    let folder = Folder::new();
    let sandbox = aitoearn_mock::Sandbox::start().unwrap();
    sandbox
        .accounts()
        .add("youtube", "\u{1b}[2J\u{202e}evil\nnext \u{9b}31m")
        .unwrap();
    for format in ["--table", "--json"] {
        let run = ran(&mut folder.against(&sandbox, &["accounts", format]));
        assert_eq!(run.code, 0, "{}", run.err);
        let drawn = run
            .out
            .chars()
            .find(|c| (c.is_control() && *c != '\n') || *c == '\u{202e}');
        assert_eq!(drawn, None, "{}", run.out);
        assert!(run.out.contains("evil"));
    }
}
