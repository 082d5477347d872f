//! The help of every command, as it is printed.

use aitoearn_cli::cli::Cli;
use clap::CommandFactory as _;

use crate::support::{Folder, ran};

/// Every command but the operations, which are all alike.
fn commands() -> Vec<Vec<String>> {
    let mut found = vec![Vec::new()];
    for command in Cli::command().get_subcommands() {
        found.push(vec![command.get_name().to_owned()]);
    }
    found.push(vec!["op".to_owned(), "accounts_get".to_owned()]);
    found
}

#[test]
fn help_of_every_command() {
    let folder = Folder::new();
    let mut all = String::new();
    for words in commands() {
        let mut arguments: Vec<&str> = words.iter().map(String::as_str).collect();
        arguments.push("--help");
        let run = ran(&mut folder.command(&arguments));
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{arguments:?}");
        // The list of operations is long, and a snapshot of the library has it.
        let is_list = words == ["op"];
        let shown: Vec<&str> = run
            .out
            .lines()
            .filter(|line| !is_list || !line.contains(" /api/"))
            // They are the same everywhere, and shown once.
            .scan(false, |skips, line| {
                *skips |= line.starts_with("Options of every command") && !words.is_empty();
                *skips &= !line.is_empty();
                Some((!*skips).then_some(line))
            })
            .flatten()
            .collect();
        for line in &shown {
            assert!(line.chars().count() <= 80, "{arguments:?}: {line}");
        }
        all += &format!(
            "== aitoearn {}\n{}\n\n",
            words.join(" "),
            shown.join("\n").trim_end()
        );
    }
    insta::assert_snapshot!("help", all);
}

#[test]
fn the_command_line_is_sound() {
    Cli::command().debug_assert();
}

#[test]
fn usage_is_exit_code_2_and_goes_to_standard_error() {
    let folder = Folder::new();
    for arguments in [
        &["publish"][..],
        &["nonsense"],
        &["--color", "blue", "platforms"],
        &["op", "no_such"],
    ] {
        let run = ran(&mut folder.command(arguments));
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{arguments:?}");
        assert!(run.err.starts_with("error: "), "{}", run.err);
    }
}

#[test]
fn shells_and_manual() {
    let folder = Folder::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let run = ran(&mut folder.command(&["completions", shell]));
        assert_eq!(run.code, 0, "{}", run.err);
        assert!(run.out.contains("COMPLETE"), "{shell}");
    }
    let run = ran(&mut folder.command(&["man", "pages"]));
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(
        folder
            .read("pages/aitoearn-publish.1")
            .contains("live rules")
    );
}
