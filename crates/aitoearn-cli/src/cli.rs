//! The command line: all commands with their options, as clap reads them.

use clap::{CommandFactory as _, Parser, Subcommand};

use crate::commands;
pub use crate::global::{Color, Global};

const EXIT_CODES: &str = "\
Exit codes:
  0    done
  1    failed: the network, a file, a post on its platform
  2    cannot be used as given; nothing was sent for it
  3    refused by the service
  4    not known whether it happened, or not over yet
  130  interrupted";

const FIRST_STEPS: &str = "\
First steps:
  aitoearn --sandbox platforms         look around, without a key or an account
  aitoearn login                       keep a key for later
  aitoearn connect tiktok              connect an account of yours
  aitoearn publish clip.mp4 --to tiktok_1 --title 'Folding maps'";

/// Publish to social platforms and generate media with AiToEarn. Unofficial.
#[derive(Debug, Parser)]
#[command(
    name = "aitoearn",
    version,
    propagate_version = false,
    subcommand_required = true,
    arg_required_else_help = true,
    disable_help_subcommand = true,
    term_width = 80,
    after_help = format!("{FIRST_STEPS}\n\n{EXIT_CODES}"),
)]
pub struct Cli {
    /// What goes for every command.
    #[command(flatten)]
    pub global: Global,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// The whole command line, as clap builds it.
pub(crate) fn command() -> clap::Command {
    Cli::command()
}

/// The commands.
#[derive(Debug, Subcommand)]
#[non_exhaustive]
pub enum Command {
    /// List the platforms and what each can do
    #[command(after_help = "Example:\n  aitoearn platforms --json")]
    Platforms,
    /// Show the rules and options of a platform
    #[command(after_help = "Example:\n  aitoearn platform youtube")]
    Platform(commands::platforms::Options),
    /// List the connected accounts
    #[command(after_help = "Example:\n  aitoearn accounts --on youtube --on tiktok")]
    Accounts(commands::accounts::Options),
    /// List the groups of accounts
    #[command(after_help = "Example:\n  aitoearn groups")]
    Groups,
    /// Publish to accounts: one post by flags, or many by a plan
    Publish(Box<commands::publish::Options>),
    /// List posts
    Posts(commands::posts::ListOptions),
    /// Show a post
    #[command(after_help = "Example:\n  aitoearn post 6b093f915a4db0c5e0000003")]
    Post(commands::posts::PostOptions),
    /// Wait for what becomes of a flow's posts
    #[command(
        after_help = "Example:\n  aitoearn wait 419b28f0-588d-8721-9d90-fe092a7846b0 --timeout 30m"
    )]
    Wait(commands::posts::WaitOptions),
    /// Call a post off
    #[command(after_help = "Example:\n  aitoearn cancel 6b093f915a4db0c5e0000003")]
    Cancel(commands::posts::PostOptions),
    /// Try a failed post again
    #[command(after_help = "Example:\n  aitoearn retry 6b093f915a4db0c5e0000003")]
    Retry(commands::posts::PostOptions),
    /// Give a post another time
    #[command(after_help = "Example:\n  aitoearn reschedule 6b093f915a4db0c5e0000003 +2h")]
    Reschedule(commands::posts::RescheduleOptions),
    /// List what is on an account's platform
    #[command(after_help = "Example:\n  aitoearn works youtube_1 --limit 5")]
    Works(commands::works::ListOptions),
    /// Show how a work does
    Analytics(commands::works::AnalyticsOptions),
    /// Connect an account
    Connect(commands::connect::Options),
    /// Upload files for posts
    Upload(commands::upload::Options),
    /// List the material for Volcengine's videos
    #[command(after_help = "Example:\n  aitoearn assets")]
    Assets,
    /// List models and their prices
    #[command(after_help = "Example:\n  aitoearn models video")]
    Models(commands::chat::ModelsOptions),
    /// Generate an image
    Image(commands::generate::ImageOptions),
    /// Generate a video
    Video(commands::generate::VideoOptions),
    /// Ask a language model
    Chat(commands::chat::ChatOptions),
    /// Keep a key for later
    Login(commands::login::LoginOptions),
    /// Forget a key
    #[command(after_help = "Example:\n  aitoearn logout --profile shop")]
    Logout,
    /// Show whose key is used, and where it is from
    #[command(after_help = "Example:\n  aitoearn whoami --profile shop")]
    Whoami,
    /// Look whether everything is in place
    #[command(after_help = "Example:\n  aitoearn doctor -v")]
    Doctor,
    /// Call any path of the API
    Api(commands::raw::ApiOptions),
    /// Call any operation by its name, or list them all
    #[command(after_help = "Example:\n  aitoearn op accounts_get youtube_1")]
    Op {
        /// The operation.
        #[command(subcommand)]
        operation: Option<commands::raw::Op>,
    },
    /// Serve a sandbox to play with, and a page that shows what is in it
    Sandbox(commands::sandbox::Options),
    /// Serve tools for agents, by the Model Context Protocol
    Mcp(crate::mcp::Options),
    /// Print the completion script of a shell
    Completions(commands::shell::CompletionsOptions),
    /// Write the pages of the manual
    #[command(hide = true)]
    Man(commands::shell::ManOptions),
}
