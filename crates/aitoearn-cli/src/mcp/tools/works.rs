//! `list_works` and `work_analytics`: what is on the platforms, and how it does there.

use aitoearn::types::WorkListItem;
use futures_util::StreamExt as _;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::failure::Outcome;
use crate::mcp::answer::{Answer, NOTICE, UserText};
use crate::mcp::context::Context;
use crate::mcp::tool::{About, Effect, Tool};
use crate::work::{numbers, platform_of};

use super::records::moment;

/// So many snapshots at most, the latest.
const SNAPSHOTS: usize = 60;

pub(super) fn tools() -> [Tool; 2] {
    [
        Tool::new(
            About {
                name: "list_works",
                title: "List works",
                description: "What is on an account's platform, newest first, with views, likes \
                    and comments, whoever posted it and by whatever means. Use it to see what does \
                    well, and to find the id for work_analytics. Costs nothing.",
                effect: Effect::Reads,
            },
            list,
        ),
        Tool::new(
            About {
                name: "work_analytics",
                title: "Analytics of a work",
                description: "The numbers of one work, now and over time (the last 60 snapshots). \
                    Costs nothing.",
                effect: Effect::Reads,
            },
            analytics,
        ),
    ]
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Filter {
    /// The account, as `list_accounts` names it.
    account: String,
    /// How many at most: 1 to 100, default 20.
    #[serde(default)]
    #[schemars(range(min = 1, max = 100))]
    limit: Option<usize>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct WorkLine {
    /// The platform's id of it, for `work_analytics`.
    work: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    published_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
    /// Numbers by name, such as `viewCount`.
    metrics: Map<String, Value>,
    user_text: UserText,
}

impl From<WorkListItem> for WorkLine {
    fn from(it: WorkListItem) -> Self {
        Self {
            metrics: numbers(it.metrics.as_ref()),
            work: it.platform_work_id,
            published_at: it.published_at.map(|it| it.to_string()),
            link: it.url,
            user_text: UserText {
                name: it.author_name,
                title: it.title,
                text: it.description,
            },
        }
    }
}

#[derive(Debug, Serialize, JsonSchema)]
struct Works {
    works: Vec<WorkLine>,
    notice: &'static str,
}

async fn list(context: Context, filter: Filter) -> Outcome<Answer<Works>> {
    let client = &context.session.client;
    let platform = platform_of(client, &filter.account).await?;
    let works = client.works().list(platform, filter.account.as_str());
    let limit = filter.limit.unwrap_or(20).clamp(1, 100);
    let mut found = works.stream().take(limit);
    let mut works = Vec::new();
    while let Some(work) = found.next().await {
        works.push(WorkLine::from(work?));
    }
    let text = format!("{} works.", works.len());
    let notice = NOTICE;
    Ok(Answer::new(text, Works { works, notice }))
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Which {
    /// The account that the work is on.
    account: String,
    /// The platform's id of the work, as `list_works` names it.
    work: String,
    /// From this moment on, such as `2026-12-01T00:00:00Z`.
    #[serde(default)]
    since: Option<String>,
    /// Until this moment.
    #[serde(default)]
    until: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Snapshot {
    time: String,
    metrics: Map<String, Value>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Analytics {
    work: String,
    platform: String,
    /// Numbers by name, as they are now.
    metrics: Map<String, Value>,
    /// The numbers over time.
    snapshots: Vec<Snapshot>,
    user_text: UserText,
    notice: &'static str,
}

async fn analytics(context: Context, which: Which) -> Outcome<Answer<Analytics>> {
    let client = &context.session.client;
    let platform = platform_of(client, &which.account).await?;
    let works = client.works();
    let mut request = works
        .analytics(platform, which.work)
        .account_id(which.account);
    if let Some(since) = which.since {
        request = request.since(moment("since", &since)?);
    }
    if let Some(until) = which.until {
        request = request.until(moment("until", &until)?);
    }
    let found = request.await?;
    let surplus = found.snapshots.len().saturating_sub(SNAPSHOTS);
    let snapshots = found.snapshots.iter().skip(surplus).map(|it| Snapshot {
        time: it.snapshot_at.to_string(),
        metrics: numbers(it.metrics.as_ref()),
    });
    let snapshots: Vec<Snapshot> = snapshots.collect();
    let text = format!("{} snapshots.", snapshots.len());
    let work = found.work;
    let user_text = work.map(|it| UserText {
        name: it.author,
        title: it.title,
        text: it.description,
    });
    let analytics = Analytics {
        work: found.platform_work_id,
        platform: found.platform.to_string(),
        metrics: numbers(found.metrics.as_ref()),
        snapshots,
        user_text: user_text.unwrap_or_default(),
        notice: NOTICE,
    };
    Ok(Answer::new(text, analytics))
}
