//! The picture of a session that the README shows is what the command prints today.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anstyle_svg::Term;

use crate::support::{Folder, ran, settled, typed};

const SESSION: &[&[&str]] = &[
    &["accounts", "--on", "youtube"],
    &[
        "publish",
        "clip.mp4",
        "--to",
        "youtube_1,KWAI_1",
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
];

/// What a person sees who types these commands.
fn session(folder: &Folder) -> String {
    let mut text = String::new();
    for words in SESSION {
        let mut arguments = vec!["--sandbox", "--table", "--color", "always"];
        arguments.extend(*words);
        let run = ran(&mut folder.command(&arguments));
        let _ = writeln!(
            text,
            "\u{1b}[1m$ aitoearn --sandbox {}\u{1b}[0m",
            typed(words)
        );
        let _ = writeln!(text, "{}{}", run.err, run.out);
    }
    let text = settled(text.trim_end(), &folder.path(""));
    // A reader wants to see an address.
    text.replace("[number]", "7350119206284460001")
}

#[test]
fn the_picture_in_the_readme_is_of_today() {
    let folder = Folder::new();
    let drawn = Term::new().render_svg(&session(&folder));
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("session.svg");
    if std::env::var_os("INSTA_UPDATE").is_some_and(|value| value == "always") {
        fs::write(&file, &drawn).unwrap();
    }
    let kept = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        kept.replace("\r\n", "\n") == drawn,
        "session.svg shows what the command printed once; draw it anew: \
         INSTA_UPDATE=always cargo test -p aitoearn-cli --test cli picture"
    );
}
