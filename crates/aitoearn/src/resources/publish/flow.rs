//! A flow in the making.

use std::collections::HashSet;

use aitoearn_api::operations;
use serde_json::Value;

use super::PublishTime;
use crate::{
    Client, Error, FlowId, InputError, Request, input,
    options::RequestOptions,
    request::request_methods,
    types::{
        PublishContent, PublishContext, PublishFlow, PublishFlowCreateBody, PublishItem,
        PublishMedia,
    },
};

/// A flow that is ready to be created. Made by [`Publish::flow`](super::Publish::flow); `.await` it.
///
/// The tasks that come back have the states they were created in, whatever has
/// happened to them since.
#[derive(Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct CreateFlow {
    client: Client,
    options: RequestOptions,
    flow_id: FlowId,
    content: PublishContent,
    context: Option<PublishContext>,
    items: Vec<PublishItem>,
    at: Option<PublishTime>,
}

request_methods!([] CreateFlow => PublishFlow);

impl CreateFlow {
    pub(super) fn new(client: Client) -> Self {
        Self {
            client,
            options: RequestOptions::default(),
            flow_id: input::new_uuid().into(),
            content: PublishContent {
                body: None,
                cover: None,
                media: Vec::new(),
                title: None,
            },
            context: None,
            items: Vec::new(),
            at: None,
        }
    }

    /// The flow's id, which is sent with it. It is known before anything is sent,
    /// so that the flow can be looked up should the answer get lost.
    pub fn id(&self) -> &FlowId {
        &self.flow_id
    }

    /// An id of your own: any text that you have not used for another flow. The
    /// service creates one flow with it, however often it is asked to. Default: a
    /// new UUID.
    pub fn flow_id(mut self, id: impl Into<FlowId>) -> Self {
        self.flow_id = id.into();
        self
    }

    /// The title. How long it may be depends on the platform.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.content.title = Some(title.into());
        self
    }

    /// The text. Topics are `#tags` inside it. How long it may be depends on the
    /// platform.
    pub fn body(mut self, body: impl Into<String>) -> Self {
        self.content.body = Some(body.into());
        self
    }

    /// Adds a video: an http or https address that the service can fetch from.
    /// The server behind it must answer `HEAD` requests.
    pub fn video(self, url: impl Into<String>) -> Self {
        self.media(media(url.into()))
    }

    /// Adds an image: an http or https address that the service can fetch from.
    /// The server behind it must answer `HEAD` requests.
    pub fn image(self, url: impl Into<String>) -> Self {
        self.media(media(url.into()))
    }

    /// Adds a video or an image, together with how it is to be converted.
    pub fn media(mut self, media: PublishMedia) -> Self {
        self.content.media.push(media);
        self
    }

    /// The cover: the address of an image, as for [`image`](Self::image).
    pub fn cover(mut self, url: impl Into<String>) -> Self {
        self.content.cover = Some(media(url.into()));
        self
    }

    /// Adds an account to publish to: a [`FlowItem`](crate::FlowItem), or the type
    /// that goes over the wire. At least one is needed, each account once.
    pub fn item(mut self, item: impl Into<PublishItem>) -> Self {
        self.items.push(item.into());
        self
    }

    /// Adds several accounts to publish to.
    pub fn items(mut self, items: impl IntoIterator<Item = impl Into<PublishItem>>) -> Self {
        self.items.extend(items.into_iter().map(Into::into));
        self
    }

    /// When it is published: [`PublishTime::Now`], a `SystemTime` or a
    /// [`Timestamp`](crate::Timestamp). Without it nothing is sent.
    pub fn at(mut self, time: impl Into<PublishTime>) -> Self {
        self.at = Some(time.into());
        self
    }

    /// Links to material in the service's library.
    pub fn context(mut self, context: PublishContext) -> Self {
        self.context = Some(context);
        self
    }

    /// What is sent, once it has passed the checks that need nobody else.
    fn checked(self) -> Result<PublishFlowCreateBody, Error> {
        let at = self.at.ok_or_else(|| {
            InputError::new("at", "is missing: say `PublishTime::Now`, or a moment")
        })?;
        let body = PublishFlowCreateBody {
            content: self.content,
            context: self.context,
            flow_id: Some(input::path_segment("flow_id", self.flow_id)?),
            items: input::needed("items", self.items)?,
            publish_at: at.to_timestamp()?,
        };
        // The form that is sent is the same for all platforms.
        let sent = serde_json::to_value(&body).map_err(|error| {
            InputError::request(&operations::PUBLISH_FLOW_CREATE, error.to_string())
        })?;
        check_files("content", "", &sent["content"])?;
        let mut accounts = HashSet::new();
        for (index, item) in sent["items"].as_array().into_iter().flatten().enumerate() {
            check_files(
                "items",
                &format!("[{index}].overrides."),
                &item["overrides"],
            )?;
            if let Some(account) = item["accountId"].as_str()
                && !accounts.insert(account)
            {
                let problem = format!("has the account `{account}` twice");
                return Err(InputError::new("items", problem).into());
            }
        }
        Ok(body)
    }

    fn into_request(mut self) -> Request<PublishFlow> {
        let client = self.client.clone();
        let options = std::mem::take(&mut self.options);
        Request::new(
            &client,
            &operations::PUBLISH_FLOW_CREATE,
            self.checked(),
            |api, body| async move { api.publish_flow_create(&body).await },
        )
        .with_options(options)
    }
}

pub(super) fn media(url: String) -> PublishMedia {
    PublishMedia { options: None, url }
}

/// The addresses in a content, as it is sent. They may be signed, so the error
/// tells the place alone.
fn check_files(parameter: &'static str, place: &str, content: &Value) -> Result<(), Error> {
    let media = content["media"]
        .as_array()
        .into_iter()
        .flatten()
        .enumerate();
    let files = media
        .map(|(index, file)| (format!("media[{index}]"), file))
        .chain([("cover".to_owned(), &content["cover"])]);
    for (name, file) in files {
        if file["url"]
            .as_str()
            .is_some_and(|url| !input::is_public_address(url))
        {
            let problem = format!(
                "has in `{place}{name}.url` no address to fetch from: it takes http or https and a domain with a dot"
            );
            return Err(InputError::new(parameter, problem).into());
        }
    }
    Ok(())
}
