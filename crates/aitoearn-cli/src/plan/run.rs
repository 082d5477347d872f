//! Runs a plan: looks what is there already, checks the rest, publishes it, follows it.

use std::time::SystemTime;

use aitoearn::flow::{FlowJob, Wait};
use aitoearn::types::{PublishFlowTask, PublishStatus};
use aitoearn::{Client, Error, PublishTime};
use futures_util::StreamExt as _;

use crate::failure::{Exit, Failure, Outcome};
use crate::follow::{exit_of, follow};
use crate::moment::when;
use crate::post::{NotPublished, Posted, Publisher};

use super::uploads::Uploads;
use super::{Row, in_row};

/// How a plan is run.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How many posts are worked on at a time.
    pub parallel: usize,
    /// Follow posts to their end: those that are due, all, or none.
    pub follow: Follow,
}

/// Which posts are followed to their end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Follow {
    /// Those that are due.
    Due,
    /// All, also those of next week.
    All,
    /// None.
    None,
}

/// What has become of a row.
#[derive(Debug)]
pub struct Report {
    /// What has become of it, account by account.
    pub posts: Vec<Posted>,
    /// Whether it was there before.
    pub existed: bool,
    /// The exit code that it stands for.
    pub exit: Exit,
}

/// A plan that is being run.
#[derive(Debug)]
pub struct Running<'a> {
    /// The client.
    pub client: &'a Client,
    /// Makes flows.
    pub publisher: &'a Publisher,
    /// How it is run.
    pub settings: Settings,
}

/// What is known of a row before it is published.
#[derive(Debug)]
pub enum Checked {
    /// It was published by an earlier run.
    There,
    /// It may be published.
    Ready,
}

impl Running<'_> {
    /// Looks for every row whether it is there already, and checks those that are not.
    /// `tell` is called with each row that is done.
    ///
    /// # Errors
    /// All problems of all rows, each with row and column; or why nothing can be checked.
    pub async fn check(&self, rows: &[Row], tell: impl Fn(usize)) -> Outcome<Vec<Checked>> {
        let now = SystemTime::now();
        let mut looks = futures_util::stream::iter(rows)
            .map(|row| async move { (row, self.check_row(row, now).await) })
            .buffered(self.settings.parallel);
        let mut problems = Vec::new();
        let mut checked = Vec::with_capacity(rows.len());
        while let Some((row, found)) = looks.next().await {
            match found {
                Ok(found) => checked.push(found),
                Err(NotPublished::Findings(findings)) => {
                    problems.extend(in_row(row.number, row.line, &findings));
                }
                Err(NotPublished::Failed(failure)) => {
                    return Err(Failure {
                        message: format!("{}: {}", row.place(), failure.message),
                        ..failure
                    });
                }
            }
            tell(row.number);
        }
        if problems.is_empty() {
            return Ok(checked);
        }
        let message = match problems.len() {
            1 => "a problem has to be solved first".to_owned(),
            count => format!("{count} problems have to be solved first"),
        };
        Err(Failure {
            details: problems,
            ..Failure::usage(message)
                .advise("Correct what is listed; nothing was uploaded or created by this run.")
        })
    }

    async fn check_row(&self, row: &Row, now: SystemTime) -> Result<Checked, NotPublished> {
        // What is there already may be for a moment that is over by now.
        if self.exists(row).await? {
            return Ok(Checked::There);
        }
        let flow = self
            .publisher
            .flow(&row.draft, now)
            .map_err(NotPublished::Findings)?;
        self.publisher.check(flow).await?;
        Ok(Checked::Ready)
    }

    async fn exists(&self, row: &Row) -> Result<bool, NotPublished> {
        match self.client.publish().get_flow(row.flow_id.as_str()).await {
            Ok(flow) => Ok(!flow.tasks.is_empty()),
            // The usual word for a flow that is not there; when it is created, the service
            // has the last word in any case.
            Err(Error::Api(error)) if error.code.category() != aitoearn::error::Category::Auth => {
                Ok(false)
            }
            Err(Error::Http(error)) if error.status.as_u16() == 404 => Ok(false),
            Err(error) => Err(NotPublished::Failed(error.into())),
        }
    }

    /// Publishes the rows that are not there, and follows all of them; `done` gets each as it
    /// ends. `checked` is what [`check`](Self::check) found.
    ///
    /// # Errors
    /// What `done` ends with, which stops everything.
    pub async fn publish(
        &self,
        rows: &[Row],
        checked: &[Checked],
        pace: impl Fn(Wait<FlowJob>) -> Wait<FlowJob> + Copy,
        mut done: impl FnMut(&Row, Report) -> Outcome,
    ) -> Outcome {
        let uploads = &Uploads::default();
        let mut posts = futures_util::stream::iter(rows.iter().zip(checked))
            .map(|(row, checked)| async move {
                let report = match self.flow(row, checked, uploads).await {
                    Ok(flow) => self.report(row, flow, pace).await,
                    Err(failure) => failed(row, &failure),
                };
                (row, report)
            })
            .buffer_unordered(self.settings.parallel);
        while let Some((row, report)) = posts.next().await {
            done(row, report)?;
        }
        Ok(())
    }

    /// The row's flow: the one that is there, or a new one.
    async fn flow(&self, row: &Row, checked: &Checked, uploads: &Uploads) -> Outcome<Flow> {
        let id = row.flow_id.as_str();
        if matches!(checked, Checked::There) {
            // Its files may be gone and its time over: it is as it was published.
            let publish = self.client.publish();
            return Ok(Flow {
                tasks: publish.get_flow(id).await?.tasks,
                wait: publish.wait(id),
                existed: true,
            });
        }
        let (client, publisher) = (self.client, self.publisher);
        let draft = uploads.done(client, publisher, &row.draft).await?;
        let flow = publisher.flow(&draft, SystemTime::now())?;
        // It was checked a moment ago, and the service checks it again.
        let flow = flow.flow_id(id).or_existing().unchecked();
        let created = publisher.publish(flow).await?;
        Ok(Flow {
            wait: created.wait(),
            existed: created.is_existing(),
            tasks: created.into_inner().tasks,
        })
    }

    async fn report(
        &self,
        row: &Row,
        flow: Flow,
        pace: impl Fn(Wait<FlowJob>) -> Wait<FlowJob>,
    ) -> Report {
        let now = SystemTime::now();
        let is_due = match when(row.draft.at.as_deref(), now) {
            Ok(PublishTime::At(moment)) => {
                moment.to_system_time().is_none_or(|moment| moment <= now)
            }
            _ => true,
        };
        let follows = match self.settings.follow {
            Follow::Due => is_due,
            Follow::All => true,
            Follow::None => false,
        };
        if follows {
            return followed(row, pace(flow.wait), flow.existed).await;
        }
        let posts = flow.tasks.iter().map(|task| {
            let outcome = match &task.status {
                Some(PublishStatus::Published) => "published",
                Some(PublishStatus::Failed) => "failed",
                Some(PublishStatus::Cancelled) => "cancelled",
                _ if is_due => "pending",
                _ => "scheduled",
            };
            Posted {
                row: Some(row.number),
                flow_id: row.flow_id.clone(),
                id: Some(task.id.to_string()),
                account: task.account_id.to_string(),
                platform: Some(task.platform.to_string()),
                outcome,
                link: task.work_link.clone(),
                reason: task.error_msg.clone(),
            }
        });
        let posts: Vec<Posted> = posts.collect();
        let exit = exit_of(&posts);
        Report {
            posts,
            existed: flow.existed,
            exit,
        }
    }
}

/// A flow that is there.
struct Flow {
    tasks: Vec<PublishFlowTask>,
    wait: Wait<FlowJob>,
    existed: bool,
}

/// Follows a row to its end.
async fn followed(row: &Row, wait: Wait<FlowJob>, existed: bool) -> Report {
    match follow(wait, &row.flow_id, Some(row.number), row.draft.to.len()).await {
        Ok(posts) => {
            let exit = exit_of(&posts);
            Report {
                posts,
                existed,
                exit,
            }
        }
        Err(failure) => {
            let mut report = failed(row, &failure);
            // It is created; only its end is not known.
            for post in &mut report.posts {
                post.outcome = "pending";
            }
            report.exit = Exit::Unknown;
            report
        }
    }
}

fn failed(row: &Row, failure: &Failure) -> Report {
    let outcome = if failure.exit == Exit::Unknown {
        "unknown"
    } else {
        "not published"
    };
    let mut reason = failure.message.clone();
    for more in failure.details.iter().chain(&failure.advice) {
        reason = format!("{reason} {more}");
    }
    Report {
        posts: Posted::all(
            &row.draft,
            &row.flow_id,
            Some(row.number),
            outcome,
            Some(&reason),
        ),
        existed: false,
        exit: failure.exit,
    }
}
