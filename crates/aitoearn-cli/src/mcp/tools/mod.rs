//! The tools, a file for each group of them.

mod accounts;
mod files;
mod generate;
mod jobs;
mod operations;
pub(super) mod platforms;
mod publish;
pub(super) mod records;
mod works;

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use super::Offer;
use super::tool::Tool;

/// All tools, in the order in which they are mostly needed.
pub(super) fn all(offer: Offer) -> Vec<Tool> {
    let mut tools = Vec::new();
    tools.extend(platforms::tools());
    tools.extend(accounts::tools());
    tools.push(files::tool());
    tools.extend(publish::tools());
    tools.extend(records::tools());
    tools.extend(works::tools());
    tools.extend(generate::tools());
    tools.push(jobs::tool());
    tools.extend(operations::tools(offer));
    tools
}

/// Tools without arguments.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// How long a call may wait: hosts give up on calls that last long.
const LONGEST_WAIT: u16 = 600;

fn wait(seconds: Option<u16>, usual: u16) -> Duration {
    Duration::from_secs(seconds.unwrap_or(usual).min(LONGEST_WAIT).into())
}
