//! The rules that content can be held against before it leaves.
//!
//! Only what can be known here is checked, and whatever is not understood
//! passes: the service has the last word in any case.

mod account;
mod media;
mod schema;
mod text;

use std::fmt;

use crate::{
    AccountId, CreateFlow, FlowPart, IssueCode, MediaSource,
    api::Change,
    flow::UploadSource,
    resources::{Content, Medium, add_options},
    types::{Account, Platform, PlatformInfo},
};

/// A reason for which a flow cannot be published, found before anything left: a rule
/// of a platform that its content breaks, or the state of an account.
///
/// `Display` is a line for a person, with all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// Which item of the flow it is about, from 0.
    pub item: usize,
    /// The platform whose rule it is.
    pub platform: Platform,
    /// The account that it was meant for.
    pub account_id: AccountId,
    /// The field, such as `title`, `media[2]`, `option.tid` or `account`. It is the
    /// item's own if the item has one, else the flow's.
    pub field: String,
    /// What is wrong with it, in the service's words. Decide by this.
    pub code: IssueCode,
    /// What the platform wants, such as `at most 90 characters`.
    pub limit: String,
    /// What is given, such as `104 characters`.
    pub value: String,
    /// What to do about it, in one sentence.
    pub remedy: &'static str,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            platform,
            account_id,
            field,
            limit,
            value,
            remedy,
            ..
        } = self;
        write!(
            f,
            "{account_id} ({platform}), {field}: wanted {limit}, given {value}. {remedy}"
        )
    }
}

/// What is to be uploaded, with its size in bytes.
#[derive(Debug, Default)]
pub(super) struct LocalFiles(Vec<(UploadSource, u64)>);

impl LocalFiles {
    pub(super) fn add(&mut self, file: UploadSource, size: u64) {
        self.0.push((file, size));
    }

    fn size(&self, file: &UploadSource) -> Option<u64> {
        let found = self.0.iter().find(|(known, _)| known.is_same(file));
        found.map(|(_, size)| *size)
    }
}

/// All that is known to be wrong with a flow, item by item.
pub(super) fn check(
    flow: &CreateFlow,
    rules: &[PlatformInfo],
    accounts: Option<&[Account]>,
    files: &LocalFiles,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (item, part) in flow.parts.iter().enumerate() {
        // The form that is sent is the same for all platforms.
        let mut sent = serde_json::to_value(part.sent()).unwrap_or_default();
        if let Ok(Some(more)) = part.more.options() {
            add_options(&mut sent, more);
        }
        let platform = sent["platform"].as_str().unwrap_or_default();
        let rules = rules.iter().find(|it| it.platform.as_str() == platform);
        let platform = Platform::from(platform);
        let mut report = Report {
            item,
            platform: &platform,
            account_id: part.account_id(),
            problems: &mut problems,
        };
        account::check(accounts, rules, &mut report);
        let Some(rules) = rules else { continue };
        let post = Post::of(part, &flow.content);
        text::check(&post, &rules.content_limits, &mut report);
        media::check(&post, rules, files, &mut report);
        if let Some(option) = sent.get("option") {
            schema::check(&rules.option_schema, option, &mut report);
        }
    }
    problems
}

/// What is published on one account: its own, or else the flow's.
struct Post<'a> {
    title: Option<&'a str>,
    body: Option<&'a str>,
    media: &'a [Medium],
    cover: Option<&'a MediaSource>,
}

impl<'a> Post<'a> {
    fn of(part: &'a FlowPart, shared: &'a Content) -> Self {
        let own = &part.content;
        Self {
            title: own.title.as_deref().or(shared.title.as_deref()),
            body: own.body.as_deref().or(shared.body.as_deref()),
            media: if own.media.is_empty() {
                &shared.media
            } else {
                &own.media
            },
            cover: match own.cover.as_ref().or(shared.cover.as_ref()) {
                Some(Change::To(cover)) => Some(cover),
                Some(Change::Remove) | None => None,
            },
        }
    }
}

/// The problems so far, and whose the next ones are.
struct Report<'a> {
    item: usize,
    platform: &'a Platform,
    account_id: &'a AccountId,
    problems: &'a mut Vec<Problem>,
}

/// What is wrong: what the platform wants, what is given, and what to do.
struct Finding {
    code: IssueCode,
    limit: String,
    value: String,
    remedy: &'static str,
}

impl Report<'_> {
    fn add(&mut self, field: impl Into<String>, finding: Finding) {
        let Finding {
            code,
            limit,
            value,
            remedy,
        } = finding;
        self.problems.push(Problem {
            item: self.item,
            platform: self.platform.clone(),
            account_id: self.account_id.clone(),
            field: field.into(),
            code,
            limit,
            value,
            remedy,
        });
    }
}

/// A number and what it counts: `1 image`, `2 images`.
fn counted(number: u64, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}

/// A limit that the service names. A negative one is none.
fn limit(number: Option<i64>) -> Option<u64> {
    number.and_then(|number| number.try_into().ok())
}
