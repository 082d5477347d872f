//! How the works of an account did in the last 30 days, as CSV.
//!
//! Key and site come from the environment (`AITOEARN_API_KEY`, `AITOEARN_SITE`).
//!
//! ```text
//! cargo run --example analytics -- youtube youtube_123 > works.csv
//! ```

use std::time::{Duration, SystemTime};

use aitoearn::{Client, Timestamp, types::Platform};

const MONTH: Duration = Duration::from_secs(30 * 24 * 60 * 60);

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let platform = Platform::from(args.next().ok_or("which platform is it?")?);
    let account = args.next().ok_or("which account is it?")?;
    let client = Client::from_env()?;
    let since = SystemTime::now() - MONTH;

    println!("published,work,title,views,likes,comments,note");
    let mut works = client
        .works()
        .list(platform.clone(), account.as_str())
        .stream();
    while let Some(work) = works.next().await {
        let work = work?;
        let published = work
            .published_at
            .as_ref()
            .and_then(Timestamp::to_system_time);
        if published.is_none_or(|published| published < since) {
            continue;
        }
        let analytics = client
            .works()
            .analytics(platform.clone(), &work.platform_work_id);
        let analytics = analytics.account_id(account.as_str()).since(since).await?;
        let metrics = analytics.metrics.or(work.metrics);
        let figure = |of: fn(&aitoearn::types::WorkMetrics) -> Option<i64>| {
            let number = metrics.as_ref().and_then(of);
            number.map(|number| number.to_string()).unwrap_or_default()
        };
        let line = [
            work.published_at
                .map(|it| it.to_string())
                .unwrap_or_default(),
            work.platform_work_id,
            work.title.unwrap_or_default(),
            figure(|it| it.view_count),
            figure(|it| it.like_count),
            figure(|it| it.comment_count),
            // Why there are no figures, where the platform gives none.
            analytics.message.unwrap_or_default(),
        ];
        println!("{}", line.map(|field| quoted(&field)).join(","));
    }
    Ok(())
}

/// A field of CSV, whatever it holds.
fn quoted(field: &str) -> String {
    format!("\"{}\"", field.replace('"', "\"\""))
}
