//! What the command is asked to do.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

/// Compares two OpenAPI documents and says what breaks, for whom, with a value that proves it.
#[derive(Debug, Parser)]
#[command(
    name = "spec-diff",
    version,
    args_conflicts_with_subcommands = true,
    after_help = "OLD and NEW are files, `-` for standard input, http(s) URLs (fetched by `curl`), or REV:PATH of \
                  the git repository around; or both are folders, whose documents are compared by path.\n\n\
                  Examples:\n  \
                  spec-diff main:openapi.yaml openapi.yaml\n  \
                  spec-diff old.json new.json --format markdown > comment.md\n  \
                  spec-diff breaking https://api.example.com/openapi.json openapi.json\n  \
                  spec-diff explain response-property-removed\n\n\
                  Exit code: 0 the change passes, 1 it does not, 2 bad input or usage."
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) task: Option<Task>,
    #[command(flatten)]
    pub(crate) comparison: Comparison,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Task {
    /// Shows only what breaks or cannot be decided.
    Breaking(Comparison),
    /// Lists all changes as Markdown, for a release note.
    Changelog(Comparison),
    /// Explains a rule, or lists all rules.
    Explain {
        /// The id of a rule, as reports print it.
        rule: Option<String>,
    },
    /// Prints a completion script for a shell.
    Completion {
        /// The shell it is for.
        shell: Shell,
    },
    /// Prints a document in one form, for `git diff` line by line (`git config diff.openapi.textconv 'spec-diff textconv'`).
    #[command(hide = true)]
    Textconv {
        /// The document.
        file: String,
    },
    /// Compares as git asks an external diff command to (`git config diff.openapi.command 'spec-diff git-driver'`).
    #[command(hide = true)]
    GitDriver {
        /// path old-file old-hex old-mode new-file new-hex new-mode
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Comparison {
    /// The older document.
    pub(crate) old: Option<String>,
    /// The newer document.
    pub(crate) new: Option<String>,
    /// How to write the report; by default a short text.
    #[arg(long, value_enum)]
    pub(crate) format: Option<Format>,
    /// Shows every finding, not only the most important.
    #[arg(long)]
    pub(crate) all: bool,
    /// The least level that fails (exit code 1).
    #[arg(long, value_enum)]
    pub(crate) fail_on: Option<FailOn>,
    /// Levels of rules and acknowledged findings (TOML).
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,
    /// Only operations under these paths; `*` stands for anything.
    #[arg(long, value_name = "GLOB")]
    pub(crate) paths: Vec<String>,
    /// Only operations with one of these tags.
    #[arg(long, value_name = "TAG")]
    pub(crate) tag: Vec<String>,
    /// The day to judge announced ends by; by default today.
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) today: Option<String>,
    /// Days of grace: an end that is announced now (`x-sunset`) must be at least so far from today.
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(..=36_500))]
    pub(crate) grace: Option<u32>,
    /// Also reports changes of descriptions, titles and examples.
    #[arg(long)]
    pub(crate) docs: bool,
    /// A further folder whose files a document may refer to; by default only those below its own folder.
    #[arg(long, value_name = "DIR")]
    pub(crate) refs_root: Option<PathBuf>,
    /// Settings; by default `spec-diff.toml` in the working directory, if it is there.
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Whether to colour the text.
    #[arg(long, value_enum, default_value = "auto")]
    pub(crate) color: When,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Format {
    Text,
    Markdown,
    Json,
    Github,
    Junit,
    Sarif,
    Html,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum FailOn {
    /// Whatever breaks; what cannot be decided passes.
    Breaking,
    /// The default: whatever breaks or cannot be decided.
    Undecidable,
    Warning,
    Info,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    Auto,
    Always,
    Never,
}
