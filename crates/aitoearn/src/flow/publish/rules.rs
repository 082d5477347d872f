//! What the site says about its platforms, remembered for a while.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::{Client, Error, clock::Instant, types::PlatformInfo};

/// Platforms change their rules now and then; a caller who publishes a hundred
/// flows in a row should not ask a hundred times.
const LIFETIME: Duration = Duration::from_secs(10 * 60);

/// The platform list of one client, and when it was asked for.
#[derive(Default)]
pub(crate) struct KnownRules(Mutex<Option<(Instant, Arc<[PlatformInfo]>)>>);

impl KnownRules {
    /// The list, from the service if it is not known or too old. Empty if it is
    /// in a form that this version cannot read: the service checks all the same,
    /// and a newer one must not stop an older client.
    pub(super) async fn get(client: &Client) -> Result<Arc<[PlatformInfo]>, Error> {
        if let Some((asked, list)) = client.rules().lock().as_ref()
            && asked.elapsed() < LIFETIME
        {
            return Ok(Arc::clone(list));
        }
        let list: Arc<[PlatformInfo]> = match client.platforms().list().send_with_meta().await {
            // A limit that was read as 0 would refuse everything.
            Ok(answer) if !answer.mended().is_empty() => Arc::default(),
            Ok(answer) => answer.data.into(),
            Err(error @ Error::Decode(_)) => {
                tracing::warn!(%error, "the platforms' rules cannot be read; only the service checks");
                Arc::default()
            }
            Err(error) => return Err(error),
        };
        *client.rules().lock() = Some((Instant::now(), Arc::clone(&list)));
        Ok(list)
    }

    /// Asks again next time: the service has just gone by other rules.
    pub(super) fn forget(&self) {
        *self.lock() = None;
    }

    fn lock(&self) -> MutexGuard<'_, Option<(Instant, Arc<[PlatformInfo]>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
