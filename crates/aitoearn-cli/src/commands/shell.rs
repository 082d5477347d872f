//! `completions` and `man`: for the shell and its manual.

use std::path::PathBuf;

use clap::Args;
use clap_complete::Shell;
use clap_complete::env::Shells;

use crate::failure::{Failure, Outcome};

/// Options of `completions`.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  cd ~/.local/share/bash-completion/completions
  aitoearn completions bash > aitoearn

The script asks `aitoearn` itself for accounts, platforms, posts and models
while you type.")]
pub struct CompletionsOptions {
    /// The shell
    shell: Shell,
}

/// Options of `man`.
#[derive(Debug, Args)]
pub struct ManOptions {
    /// The folder that the pages are written to
    folder: PathBuf,
}

/// Prints the script by which a shell asks this program for completions.
pub(crate) fn completions(options: &CompletionsOptions) -> Outcome {
    let name = options.shell.to_string();
    let shells = Shells::builtins();
    let Some(shell) = shells.completer(&name) else {
        return Err(Failure::usage(format!(
            "there are no completions for {name}"
        )));
    };
    let mut text = Vec::new();
    shell.write_registration("COMPLETE", "aitoearn", "aitoearn", "aitoearn", &mut text)?;
    std::io::Write::write_all(&mut std::io::stdout().lock(), &text)?;
    Ok(())
}

/// Writes the manual of a command line, a page for each command.
pub(crate) fn man(options: &ManOptions, line: clap::Command) -> Outcome {
    let failed = |error| {
        Failure::io(
            format!("`{}` cannot be written", options.folder.display()),
            &error,
        )
    };
    std::fs::create_dir_all(&options.folder).map_err(failed)?;
    clap_mangen::generate_to(line, &options.folder).map_err(failed)
}
