//! Progress on an `indicatif` bar, whose look is the caller's.

use std::time::Duration;

use indicatif::ProgressBar;

use super::{Job, Update, Upload, Wait, WaitError};

const WAITING: &str = "waiting for the service";

impl Upload {
    /// Shows the bytes on a bar: its length, its position, and a message once all
    /// are sent and the service has the word. Takes the place of
    /// [`on_progress`](Self::on_progress).
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use indicatif::{ProgressBar, ProgressStyle};
    ///
    /// let bar = ProgressBar::no_length();
    /// bar.set_style(ProgressStyle::with_template("{bar:40} {bytes}/{total_bytes} {msg}")?);
    /// let asset = client.assets().upload("clip.mp4").show_on(&bar).await?;
    /// bar.finish_with_message(asset.status.to_string());
    /// # Ok(())
    /// # }
    /// ```
    pub fn show_on(self, bar: &ProgressBar) -> Self {
        let bar = bar.clone();
        self.on_progress(move |progress| {
            bar.set_length(progress.total);
            bar.set_position(progress.sent);
            if progress.sent == progress.total {
                bar.set_message(WAITING);
            } else if bar.message() == WAITING {
                // A second attempt.
                bar.set_message("");
            }
        })
    }
}

impl<J: Job> Wait<J> {
    /// Waits for the end, and shows on a bar what each look finds, in the words
    /// of `describe`. The bar ticks meanwhile, ten times a second.
    ///
    /// # Errors
    ///
    /// [`WaitError`], as when awaited.
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let wait = client.video().generate("the model's name", "A paper boat, rain").start().await?;
    /// let bar = indicatif::ProgressBar::new_spinner();
    /// let video = wait.show_on(&bar, |task| task.status.clone()).await?;
    /// bar.finish_with_message(video.url);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn show_on(
        self,
        bar: &ProgressBar,
        mut describe: impl FnMut(&J::State) -> String,
    ) -> Result<J::Output, WaitError<J>> {
        let ticking = Ticking::start(bar);
        self.watch(|update| match update {
            Update::Pending(state) => ticking.0.set_message(describe(&state)),
            Update::Interrupted(error) => ticking.0.set_message(format!("{error}; trying again")),
            Update::Done(_) => {}
        })
        .await
    }
}

/// A bar that ticks until this is dropped, as a wait may be at any time.
struct Ticking<'a>(&'a ProgressBar);

impl<'a> Ticking<'a> {
    fn start(bar: &'a ProgressBar) -> Self {
        bar.enable_steady_tick(Duration::from_millis(100));
        Self(bar)
    }
}

impl Drop for Ticking<'_> {
    fn drop(&mut self) {
        self.0.disable_steady_tick();
    }
}
