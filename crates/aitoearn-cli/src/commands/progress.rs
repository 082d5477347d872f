//! Progress on standard error, on a terminal only.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::output::shows_progress;

fn bar(length: Option<u64>, template: &str) -> ProgressBar {
    let target = if shows_progress() {
        ProgressDrawTarget::stderr()
    } else {
        ProgressDrawTarget::hidden()
    };
    let bar = ProgressBar::with_draw_target(length, target);
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style.progress_chars("━━─")),
        // A plain bar is better than none.
        Err(_) => bar,
    }
}

/// A bar that fills with bytes.
pub(crate) fn byte_bar() -> ProgressBar {
    bar(
        Some(0),
        "{bar:30.green} {bytes}/{total_bytes} {bytes_per_sec} {msg}",
    )
}

/// A bar that counts.
pub(crate) fn count_bar(count: usize, what: &'static str) -> ProgressBar {
    let count = u64::try_from(count).unwrap_or(u64::MAX);
    bar(Some(count), "{bar:30.green} {pos}/{len} {prefix} {msg}").with_prefix(what)
}

/// A bar that only turns, with a message beside it.
pub(crate) fn spinner(message: String) -> ProgressBar {
    bar(None, "{spinner:.green} {elapsed} {msg}").with_message(message)
}
