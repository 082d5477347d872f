//! `completions` and `man`: for the shell and its manual.

use std::path::PathBuf;

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use crate::cli::Cli;
use crate::failure::{Failure, Outcome};

/// Options of `completions`.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  cd ~/.local/share/bash-completion/completions
  aitoearn completions bash > aitoearn")]
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

/// Prints the completion script of a shell.
pub(crate) fn completions(options: &CompletionsOptions) -> Outcome {
    let mut text = Vec::new();
    clap_complete::generate(options.shell, &mut Cli::command(), "aitoearn", &mut text);
    std::io::Write::write_all(&mut std::io::stdout().lock(), &text)?;
    Ok(())
}

/// Writes the manual, a page for each command.
pub(crate) fn man(options: &ManOptions) -> Outcome {
    let failed = |error| {
        Failure::io(
            format!("`{}` cannot be written", options.folder.display()),
            &error,
        )
    };
    std::fs::create_dir_all(&options.folder).map_err(failed)?;
    clap_mangen::generate_to(Cli::command(), &options.folder).map_err(failed)
}
