//! Files of a plan: each is uploaded once, however many rows use it.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use aitoearn::Client;
use aitoearn::flow::UploadSource;
use tokio::sync::OnceCell;

use crate::failure::{Exit, Failure, Outcome};
use crate::post::{Draft, Publisher};

/// The addresses of files that were uploaded by this run.
#[derive(Debug, Default)]
pub(super) struct Uploads(Mutex<HashMap<PathBuf, Arc<OnceCell<String>>>>);

impl Uploads {
    /// The draft with addresses in place of files, which are uploaded unless they were already.
    pub(super) async fn done(
        &self,
        client: &Client,
        publisher: &Publisher,
        draft: &Draft,
    ) -> Outcome<Draft> {
        let mut draft = draft.clone();
        for text in draft.media.iter_mut().chain(&mut draft.cover) {
            if let Some(path) = publisher.local(text) {
                *text = self.address(client, path).await?;
            }
        }
        Ok(draft)
    }

    async fn address(&self, client: &Client, path: PathBuf) -> Outcome<String> {
        let cell = {
            let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(known.entry(path.clone()).or_default())
        };
        // Rows that need the file meanwhile wait for it; after a failure the next one tries.
        let address = cell.get_or_try_init(|| upload(client, path));
        address.await.cloned()
    }
}

async fn upload(client: &Client, path: PathBuf) -> Outcome<String> {
    let shown = path.display().to_string();
    let asset = client.assets().upload(UploadSource::path(path)).await?;
    asset.url.ok_or_else(|| {
        let message = format!("`{shown}` is uploaded, and has no address to publish from");
        Failure::new(Exit::Failed, message)
    })
}
