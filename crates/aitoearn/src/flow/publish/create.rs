//! From what the caller wants published to a flow that exists.

use std::{ops::Deref, sync::Arc};

use aitoearn_api::{Category, operations};

use super::{
    FlowJob, KnownRules, PublishError, PublishReason, accounts,
    check::{LocalFiles, check},
};
use crate::{
    Client, Code, CreateFlow, Error, Request, Response, Timestamp,
    error::already_exists,
    flow::{UploadError, UploadSource, Wait},
    input,
    pools::check_runtime,
    resources::{Content, Place},
    types::{PublishFlow, PublishFlowCreateBody},
};

/// A flow that has been created: its id and its tasks, in the states that they
/// were created in, and the [`wait`](Self::wait) for what becomes of them.
#[derive(Debug)]
pub struct CreatedFlow {
    client: Client,
    flow: PublishFlow,
    publish_at: Option<Timestamp>,
    is_existing: bool,
}

impl CreatedFlow {
    /// Whether it existed before: see [`CreateFlow::or_existing`].
    pub fn is_existing(&self) -> bool {
        self.is_existing
    }

    /// The wait for the end of all its posts, to be awaited or watched by
    /// [`events`](Wait::events).
    ///
    /// Before the flow's publish time it is polled rarely. Save the
    /// [`handle`](Wait::handle), and another process can wait instead.
    pub fn wait(&self) -> Wait<FlowJob> {
        let job = FlowJob::new(&self.flow.flow_id);
        Wait::just_begun(
            &self.client,
            match &self.publish_at {
                Some(moment) => job.publish_at(moment.clone()),
                None => job,
            },
        )
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

    /// Everything that can be known to be wrong, with nothing uploaded or created.
    pub(crate) async fn rehearse(mut self) -> Result<Self, PublishError> {
        let found = match self.check_arguments() {
            Ok(()) => self.check_content().await,
            Err(reason) => Err(reason.into()),
        };
        match found {
            Ok(()) => Ok(self),
            Err(reason) => Err(PublishError::new(self, reason)),
        }
    }

    async fn create(&mut self) -> Result<Response<CreatedFlow>, PublishReason> {
        self.check_arguments()?;
        // Before all else: a job that starts again, perhaps too late, has nothing left to do.
        // Where nothing would be sent in vain, the service says so when the flow is created.
        let is_worth_it = self.joins_existing || self.sources().next().is_some();
        if !self.is_ours
            && is_worth_it
            && let Some(found) = self.existing().await?
        {
            return if self.joins_existing {
                Ok(self.joined(found))
            } else {
                Err(already_exists(&self.client, &found).into())
            };
        }
        self.check_content().await?;
        self.upload().await?;
        let body = self.to_body()?;
        let publish_at = Some(body.publish_at.clone());
        let client = self.client.clone();
        Ok(self.submit(body).await?.map(|flow| CreatedFlow {
            client,
            flow,
            publish_at,
            is_existing: false,
        }))
    }

    /// What needs nobody else.
    fn check_arguments(&mut self) -> Result<(), Error> {
        self.options.take_error()?;
        check_runtime().map_err(Error::from)?;
        self.client.check_key(&operations::PUBLISH_FLOW_CREATE)?;
        let body = self.to_body()?;
        self.with_more(&body)?;
        Ok(())
    }

    /// Time, files, and the platforms' live rules.
    async fn check_content(&mut self) -> Result<(), PublishReason> {
        self.check_time()?;
        let files = self.local_files().await?;
        if self.is_checked {
            let rules = KnownRules::get(&self.client).await?;
            let accounts = accounts::known(&self.client, &self.parts).await;
            let problems = check(self, &rules, accounts.as_deref(), &files);
            if !problems.is_empty() {
                return Err(PublishReason::Problems(problems));
            }
        }
        Ok(())
    }

    /// The flow with this id, if there is one: asked for before gigabytes are sent in vain.
    async fn existing(&self) -> Result<Option<Response<PublishFlow>>, Error> {
        let reading = self.client.publish().get_flow(&self.flow_id);
        let reading = reading.with_options(self.options.again()).run();
        match reading.with_meta().await {
            Ok(found) if found.data.tasks.is_empty() => Ok(None),
            Ok(found) => Ok(Some(found)),
            // Whatever the service calls a flow that is not there. Its word on creating it counts.
            Err(Error::Api(error)) if error.code.category() != Category::Auth => Ok(None),
            Err(Error::Http(error)) if error.status.is_client_error() => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn joined(&self, found: Response<PublishFlow>) -> Response<CreatedFlow> {
        found.map(|flow| {
            let times = flow.tasks.iter().map(|task| task.publish_time.as_ref());
            let first = times.min_by_key(|time| time.and_then(Timestamp::to_system_time));
            CreatedFlow {
                client: self.client.clone(),
                publish_at: first.flatten().cloned(),
                flow,
                is_existing: true,
            }
        })
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
            if let Some(http) = &self.storage {
                upload = upload.storage_client(http.clone());
            }
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
        let operation = &operations::PUBLISH_FLOW_CREATE;
        let request = match self.with_more(&body)? {
            Some(body) => Request::sent(&client, operation, &body),
            None => Request::new(&client, operation, Ok(body), |api, body| {
                Box::pin(api.publish_flow_create(body))
            }),
        };
        let error = match request.with_options(options).run().with_meta().await {
            Ok(flow) => return Ok(flow),
            Err(error) => error,
        };
        self.is_ours |= matches!(error, Error::Ambiguous(_));
        match error.code() {
            Some(Code::CHANNEL_PUBLISH_TASK_ALREADY_EXISTS)
                if self.is_ours || self.joins_existing =>
            {
                // An earlier attempt created it, and its answer was lost; or somebody else
                // has done so meanwhile.
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
