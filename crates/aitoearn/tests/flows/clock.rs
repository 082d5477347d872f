//! When is looked, by tokio's paused clock: nothing here asks a server.

use std::{
    convert::Infallible,
    sync::{Arc, Mutex},
    time::{Duration, SystemTime},
};

use aitoearn::{
    Client, Error,
    flow::{FlowJob, ImageJob, Job, Look, PollPolicy, Update, VideoJob, WaitReason},
};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

/// Something of one's own to wait for, which ends after some looks or never.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Bread {
    ready_after: usize,
    #[serde(skip)]
    looks: Arc<Mutex<Vec<Instant>>>,
}

impl Job for Bread {
    const KIND: &'static str = "bread";
    type State = &'static str;
    type Output = ();
    type Failure = Infallible;

    fn policy(&self) -> PollPolicy {
        PollPolicy::every(Duration::from_secs(60))
    }

    async fn look(&self, _: &Client) -> Result<Look<Self>, Error> {
        let mut looks = self.looks.lock().expect("no panic");
        looks.push(Instant::now());
        Ok(if looks.len() > self.ready_after {
            Look::Done(())
        } else {
            Look::Pending("pale")
        })
    }
}

fn bread(ready_after: usize) -> Bread {
    let looks = Arc::default();
    Bread { ready_after, looks }
}

fn client() -> Client {
    let builder = Client::builder().base_url("http://localhost:1");
    builder.build().expect("valid settings")
}

/// How many looks there are until the deadline, and how far apart, in seconds.
async fn until_the_deadline(policy: PollPolicy) -> (Duration, Vec<f64>) {
    let never = bread(usize::MAX);
    let error = client().wait_for(never.clone()).policy(policy).await;
    let error = error.expect_err("never ready");
    let times = never.looks.lock().expect("no panic").clone();
    let WaitReason::Deadline { waited, looks } = *error.reason() else {
        panic!("{error:?}");
    };
    assert_eq!(looks as usize, times.len());
    let pauses = times
        .windows(2)
        .map(|pair| (pair[1] - pair[0]).as_secs_f64());
    (waited, pauses.collect())
}

fn grow_like(pauses: &[f64], expected: &[f64], longest: f64) {
    let expected = expected.iter().chain(std::iter::repeat(&longest));
    for (pause, about) in pauses.iter().zip(expected) {
        let range = about * 0.9 - 0.002..=about * 1.1 + 0.002;
        assert!(range.contains(pause), "{pause} is not about {about}");
    }
}

#[tokio::test(start_paused = true)]
async fn images_for_ten_minutes() {
    let id = "66f2a9c4d81e5b0037c4a1a0".into();
    let (waited, pauses) = until_the_deadline(ImageJob { id }.policy()).await;
    assert_eq!(waited.as_secs(), 600);
    grow_like(&pauses, &[2.0, 3.0, 4.5, 6.75], 10.0);
    assert!((55..=72).contains(&pauses.len()), "{}", pauses.len());
}

#[tokio::test(start_paused = true)]
async fn videos_for_an_hour() {
    let id = "66f2a9c4d81e5b0037c4a1a0".into();
    let (waited, pauses) = until_the_deadline(VideoJob { id }.policy()).await;
    assert_eq!(waited.as_secs(), 3600);
    grow_like(&pauses, &[5.0, 7.5, 11.25, 16.875, 25.3125], 30.0);
    assert!((110..=140).contains(&pauses.len()), "{}", pauses.len());
    let varied = pauses[5..]
        .windows(2)
        .any(|pair| (pair[0] - pair[1]).abs() > 0.01);
    assert!(varied, "not all clients at the same moment");
}

#[tokio::test(start_paused = true)]
async fn the_delay_comes_first_and_does_not_count() {
    let begun = Instant::now();
    let job = bread(0);
    let policy = job.policy();
    let policy = policy
        .delay(Duration::from_secs(3600))
        .deadline(Duration::from_secs(1));
    client()
        .wait_for(job.clone())
        .policy(policy)
        .await
        .expect("ready");
    let looks = job.looks.lock().expect("no panic");
    assert_eq!((looks[0] - begun).as_secs(), 3600);
}

#[tokio::test(start_paused = true)]
async fn each_look_tells_and_time_spent_elsewhere_counts() {
    let job = bread(2);
    let mut updates = client().wait_for(job.clone()).updates();
    let mut told = 0;
    while let Some(update) = updates.next().await {
        match update.expect("no end") {
            Update::Pending(state) => assert_eq!(state, "pale"),
            Update::Done(()) => break,
            other => panic!("{other:?}"),
        }
        told += 1;
        // Longer than the interval: the next look is due at once.
        tokio::time::sleep(Duration::from_secs(100)).await;
    }
    assert_eq!(told, 2);
    let looks = job.looks.lock().expect("no panic");
    for pair in looks.windows(2) {
        let pause = (pair[1] - pair[0]).as_secs_f64();
        assert!((100.0..100.1).contains(&pause), "{pause}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_update_that_was_not_waited_for_is_not_lost() {
    let job = bread(3);
    let mut updates = client().wait_for(job.clone()).updates();
    let mut told = 0;
    loop {
        // Gives up far more often than a look is made.
        let Ok(update) = tokio::time::timeout(Duration::from_secs(7), updates.next()).await else {
            continue;
        };
        told += 1;
        if let Update::Done(()) = update.expect("goes on").expect("no end") {
            break;
        }
    }
    assert_eq!(told, 4);
    assert_eq!(job.looks.lock().expect("no panic").len(), 4);
}

#[tokio::test(start_paused = true)]
async fn flows_for_an_hour_and_a_half() {
    let (waited, pauses) = until_the_deadline(FlowJob::new("f-1").policy()).await;
    assert_eq!(waited.as_secs(), 5400);
    grow_like(&pauses, &[5.0, 7.5, 11.25, 16.875], 20.0);
    assert!((245..=300).contains(&pauses.len()), "{}", pauses.len());
}

/// Bread that is not looked at before its times, whatever the policy.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Slow(Bread);

impl Job for Slow {
    const KIND: &'static str = "slow_bread";
    type State = &'static str;
    type Output = ();
    type Failure = Infallible;

    fn policy(&self) -> PollPolicy {
        PollPolicy::every(Duration::from_secs(60))
    }

    fn not_before(&self, found: Option<&&'static str>) -> Option<SystemTime> {
        let hours = if found.is_some() { 2 } else { 1 };
        Some(SystemTime::now() + Duration::from_secs(hours * 3600))
    }

    async fn look(&self, client: &Client) -> Result<Look<Self>, Error> {
        Ok(match self.0.look(client).await? {
            Look::Done(()) => Look::Done(()),
            _ => Look::Pending("pale"),
        })
    }
}

#[tokio::test(start_paused = true)]
async fn a_job_knows_when_there_is_nothing_to_find_yet() {
    let begun = Instant::now();
    let job = Slow(bread(1));
    let policy = job.policy().deadline(Duration::from_secs(3 * 3600));
    client()
        .wait_for(job.clone())
        .policy(policy)
        .await
        .expect("ready");
    let looks = job.0.looks.lock().expect("no panic").clone();
    let minutes = looks.iter().map(|look| (*look - begun).as_secs() / 60);
    // The system's clock does not stand still with tokio's.
    let minutes: Vec<_> = minutes.map(|it| it.div_ceil(30) * 30).collect();
    assert_eq!(minutes, [60, 180]);

    // The first wait is no part of the time, the second one is.
    let short = job.policy().deadline(Duration::from_secs(3600));
    let job = Slow(bread(1));
    let error = client().wait_for(job).policy(short).await;
    assert!(error.expect_err("two hours").is_deadline());
}
