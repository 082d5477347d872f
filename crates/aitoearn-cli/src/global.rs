//! The options of every command.

use clap::{Args, ValueEnum};

use crate::complete;
use crate::session::Settings;

/// Options of every command.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Options of every command")]
#[allow(clippy::struct_excessive_bools, reason = "flags of a command line")]
pub struct Global {
    /// Talk to a sandbox in this process, with demo accounts
    #[arg(long, global = true)]
    pub sandbox: bool,
    /// The key and site that `login` kept by this name
    #[arg(long, global = true, value_name = "NAME", conflicts_with = "sandbox", add = complete::profiles())]
    pub profile: Option<String>,
    /// The site: china or international
    #[arg(long, global = true, conflicts_with_all = ["sandbox", "base_url"])]
    pub site: Option<String>,
    /// A server of your own, instead of a site
    #[arg(long, global = true, value_name = "URL", conflicts_with = "sandbox")]
    pub base_url: Option<String>,
    /// Print JSON, a value per line; errors, too
    #[arg(long, global = true)]
    pub json: bool,
    /// Print what this jq filter makes of each JSON value
    #[arg(long, global = true, value_name = "FILTER", conflicts_with = "table")]
    pub jq: Option<String>,
    /// Print tables, also where no person looks
    #[arg(long, global = true, conflicts_with = "json")]
    pub table: bool,
    /// Colours: auto, always or never
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        hide_default_value = true,
        hide_possible_values = true
    )]
    pub color: Color,
    /// Show requests, without secrets; -vv and -vvv show more
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// Repeat calls at most so often, where it is safe
    #[arg(long, global = true, value_name = "NUMBER")]
    pub retries: Option<u32>,
    /// Answer every question with yes
    #[arg(short, long, global = true)]
    pub yes: bool,
}

/// When to colour; `auto` is on a terminal, unless `NO_COLOR` is set.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
#[allow(missing_docs, reason = "it would make clap print a paragraph for each")]
pub enum Color {
    #[default]
    Auto,
    Always,
    Never,
}

impl Global {
    /// What decides whom the client talks to.
    pub fn settings(&self) -> Settings {
        Settings {
            sandbox: self.sandbox,
            profile: self.profile.clone(),
            site: self.site.clone(),
            base_url: self.base_url.clone(),
            retries: self.retries,
        }
    }
}
