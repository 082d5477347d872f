//! From what the caller wants published to a flow that exists.

use std::{ops::Deref, sync::Arc};

use aitoearn_api::operations;

use super::{
    FlowJob, KnownRules, PublishError, PublishReason,
    check::{LocalFiles, check},
};
use crate::{
    Client, Code, CreateFlow, Error, Request, Response, Timestamp,
    flow::{UploadError, UploadSource, Wait},
    input,
    resources::{Content, Place},
    types::{PublishFlow, PublishFlowCreateBody},
};

/// A flow that has been created: its id and its tasks, in the states that they
/// were created in, and the [`wait`](Self::wait) for what becomes of them.
#[derive(Debug)]
pub struct CreatedFlow {
    client: Client,
    flow: PublishFlow,
    publish_at: Timestamp,
}

impl CreatedFlow {
    /// The wait for the end of all its posts, to be awaited or watched by
    /// [`events`](Wait::events).
    ///
    /// Nothing is asked before the flow's publish time. Save the
    /// [`handle`](Wait::handle), and another process can wait instead.
    pub fn wait(&self) -> Wait<FlowJob> {
        let job = FlowJob::new(&self.flow.flow_id).publish_at(self.publish_at.clone());
        Wait::just_begun(&self.client, job)
    }

    /// What the service answered.
    pub fn into_inner(self) -> PublishFlow {
        self.flow
    }
}

impl Deref for CreatedFlow {
    type Target = PublishFlow;

    fn deref(&self) -> &PublishFlow {
        &self.flow
    }
}

impl CreateFlow {
    pub(crate) async fn run(mut self) -> Result<Response<CreatedFlow>, PublishError> {
        match self.create().await {
            Ok(created) => Ok(created),
            Err(reason) => Err(PublishError::new(self, reason)),
        }
    }

    async fn create(&mut self) -> Result<Response<CreatedFlow>, PublishReason> {
        self.options.take_error()?;
        self.client.check_key(&operations::PUBLISH_FLOW_CREATE)?;
        self.to_body()?;
        let files = self.local_files().await?;
        if self.is_checked {
            let rules = KnownRules::get(&self.client).await?;
            let problems = check(self, &rules, &files);
            if !problems.is_empty() {
                return Err(PublishReason::Problems(problems));
            }
        }
        self.upload().await?;
        let body = self.to_body()?;
        let publish_at = body.publish_at.clone();
        let client = self.client.clone();
        Ok(self.submit(body).await?.map(|flow| CreatedFlow {
            client,
            flow,
            publish_at,
        }))
    }

    /// What is to be uploaded, with its size: a file that cannot be read is found
    /// before others are on their way.
    async fn local_files(&self) -> Result<LocalFiles, PublishReason> {
        let mut files = LocalFiles::default();
        let sources: Vec<UploadSource> = self.sources().cloned().collect();
        for source in sources {
            match source.length().await {
                Ok(length) => files.add(source, length),
                Err(error) => {
                    let name = source.name().to_owned();
                    let error = UploadError::Source {
                        name: name.clone(),
                        error,
                    };
                    return Err(PublishReason::Upload { name, error });
                }
            }
        }
        Ok(files)
    }

    fn sources(&self) -> impl Iterator<Item = &UploadSource> {
        let files = self.contents().flat_map(Content::files);
        files.filter_map(|(_, file)| match &file.place {
            Place::Here(source) => Some(source),
            Place::Web(_) => None,
        })
    }

    /// Uploads what is here, one file after the other because each signature
    /// lives for minutes only. What is done is remembered in the flow.
    async fn upload(&mut self) -> Result<(), PublishReason> {
        loop {
            let Some(source) = self.sources().next().cloned() else {
                return Ok(());
            };
            let name = source.name().to_owned();
            let mut upload = self.client.assets().upload(source.clone());
            if let Some(tell) = &self.on_upload {
                let (tell, name) = (Arc::clone(tell), name.clone());
                upload = upload.on_progress(move |progress| tell(&name, progress));
            }
            let asset = match upload.await {
                Ok(asset) => asset,
                Err(error) => return Err(PublishReason::Upload { name, error }),
            };
            let Some(url) = asset.url.filter(|url| input::is_public_address(url)) else {
                let asset_id = asset.id;
                return Err(PublishReason::NoAddress { name, asset_id });
            };
            for content in self.contents_mut() {
                content.uploaded(&source, &url);
            }
        }
    }

    /// Creates it once, however many attempts that takes.
    async fn submit(
        &mut self,
        body: PublishFlowCreateBody,
    ) -> Result<Response<PublishFlow>, Error> {
        let client = self.client.clone();
        let mut options = self.options.again();
        let limit = options.timeout().unwrap_or(client.timeouts().slow);
        let policy = *options.retry().unwrap_or(client.retry());
        options.set_retry(policy.for_named_effect(limit));
        let request = Request::new(
            &client,
            &operations::PUBLISH_FLOW_CREATE,
            Ok(body),
            |api, body| Box::pin(api.publish_flow_create(body)),
        );
        let error = match request.with_options(options).run().with_meta().await {
            Ok(flow) => return Ok(flow),
            Err(error) => error,
        };
        self.is_ours |= matches!(error, Error::Ambiguous(_));
        match error.code() {
            Some(Code::CHANNEL_PUBLISH_TASK_ALREADY_EXISTS) if self.is_ours => {
                // An earlier attempt created it, and its answer was lost.
                let reading = client.publish().get_flow(&self.flow_id);
                reading
                    .with_options(self.options.again())
                    .run()
                    .with_meta()
                    .await
            }
            code => {
                if code == Some(Code::CHANNEL_PUBLISH_VALIDATION_FAILED) {
                    client.rules().forget();
                }
                Err(error)
            }
        }
    }
}
