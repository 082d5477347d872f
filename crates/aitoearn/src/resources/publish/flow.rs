//! A flow in the making.

use std::{collections::HashSet, fmt, pin::Pin, sync::Arc};

use serde_json::{Map, Value};

use super::{
    PublishTime,
    content::{Content, content_methods},
    item::FlowPart,
    media::Place,
};
use crate::{
    Client, Error, FlowId, InputError, Response,
    flow::{CreatedFlow, PublishError, UploadProgress},
    input,
    options::RequestOptions,
    request::option_methods,
    types::{PublishContext, PublishFlowCreateBody},
};

pub(crate) type OnUpload = Arc<dyn Fn(&str, UploadProgress) + Send + Sync>;

/// A flow that is ready to be created. Made by [`Publish::flow`](super::Publish::flow); `.await` it.
///
/// ```no_run
/// # async fn example(client: aitoearn::Client) -> Result<(), Box<dyn std::error::Error>> {
/// use aitoearn::{FlowItem, PublishTime};
///
/// let flow = client
///     .publish()
///     .flow()
///     .title("A kettle sings")
///     .video("https://example.org/kettle.mp4")
///     .item(FlowItem::tiktok("tiktok_123"))
///     .at(PublishTime::Now)
///     .await?;
/// println!("{}", flow.wait().await?);
/// # Ok(())
/// # }
/// ```
///
/// Local files are uploaded first, one after the other. An option such as
/// [`timeout`](Self::timeout) is about the call that creates the flow.
///
/// # Checks
///
/// Before anything is uploaded or created, the content is checked against the
/// rules in the site's platform list: all that can be known beforehand about
/// lengths, numbers and kinds of files, formats, sizes of local files, covers and
/// options. So is every account: that it exists, is not offline, and is on a
/// platform that the site publishes to, by `GET /api/v2/channels/accounts`; if the
/// accounts cannot be read, the service alone checks them. Lengths are counted in UTF-16 code units, as the service's JavaScript
/// does: an emoji is two. The list is asked for once in ten minutes and client,
/// by `GET /api/v2/channels/platforms`; if it cannot be had, nothing is
/// published, and if it is in a form that this version cannot read, the service
/// alone checks, as it does in any case. [`unchecked`](Self::unchecked) leaves it
/// all to the service.
///
/// # Repetition
///
/// The flow's [id](Self::id) is sent with it, and there is one flow with it,
/// however often it is asked for. So a call whose outcome is unknown is repeated,
/// as far as the [`RetryPolicy`](crate::RetryPolicy) allows, the time for one
/// attempt being added to the time after which it gives up; and when a repetition
/// hears that the flow exists, that is a success.
#[must_use = "a request does nothing until it is awaited"]
#[allow(clippy::struct_excessive_bools)] // independent switches, each with a method
pub struct CreateFlow {
    pub(crate) client: Client,
    pub(crate) options: RequestOptions,
    pub(crate) flow_id: FlowId,
    /// Whether a flow of this id can be nobody's but ours: the id was made here,
    /// or an attempt to create it may have succeeded.
    pub(crate) is_ours: bool,
    pub(crate) content: Content,
    pub(crate) parts: Vec<FlowPart>,
    pub(crate) is_checked: bool,
    /// Whether a flow of this id that exists already is a success.
    pub(crate) joins_existing: bool,
    pub(crate) on_upload: Option<OnUpload>,
    pub(crate) storage: Option<reqwest::Client>,
    context: Option<PublishContext>,
    at: Option<PublishTime>,
    /// Whether the time was found to come. It may be over once all is uploaded, or
    /// when a lost attempt is repeated: that does not make it wrong.
    is_time_checked: bool,
}

content_methods!([] CreateFlow, "", "");

impl CreateFlow {
    pub(super) fn new(client: Client) -> Self {
        Self {
            client,
            options: RequestOptions::default(),
            flow_id: input::new_uuid().into(),
            is_ours: true,
            content: Content::default(),
            parts: Vec::new(),
            is_checked: true,
            joins_existing: false,
            on_upload: None,
            storage: None,
            context: None,
            at: None,
            is_time_checked: false,
        }
    }

    /// The flow's id, which is sent with it. It is known before anything is sent.
    pub fn id(&self) -> &FlowId {
        &self.flow_id
    }

    /// An id of your own: any text that you have not used for another flow. The
    /// service creates one flow with it, however often it is asked to. Default: a
    /// new UUID.
    ///
    /// If there is a flow with it before the first attempt, that is an error,
    /// [`Code::CHANNEL_PUBLISH_TASK_ALREADY_EXISTS`](crate::Code::CHANNEL_PUBLISH_TASK_ALREADY_EXISTS),
    /// unless [`or_existing`](Self::or_existing) makes it a success. It is found by
    /// one call, `GET /api/v2/channels/publish/flows/{flowId}`, before a local file is
    /// uploaded.
    pub fn flow_id(mut self, id: impl Into<FlowId>) -> Self {
        self.flow_id = id.into();
        self.is_ours = false;
        self
    }

    /// Joins the flow with this [id](Self::flow_id) if it exists already, instead of
    /// failing: for a job that was stopped after it had created the flow, and starts
    /// again. The flow that exists stays as it is.
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use std::path::Path;
    /// use aitoearn::{FlowItem, PublishTime};
    ///
    /// let flow = client
    ///     .publish()
    ///     .flow()
    ///     .flow_id("nightly-2026-11-27")
    ///     .or_existing()
    ///     .title("Folding maps")
    ///     .video(Path::new("fold.mp4"))
    ///     .item(FlowItem::youtube("youtube_123"))
    ///     .at(PublishTime::Now)
    ///     .await?;
    /// println!("{}", flow.wait().await?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn or_existing(mut self) -> Self {
        self.joins_existing = true;
        self
    }

    /// Adds an account to publish to: a [`FlowItem`](crate::FlowItem), or the type
    /// that goes over the wire. At least one is needed, each account once.
    pub fn item(mut self, item: impl Into<FlowPart>) -> Self {
        self.parts.push(item.into());
        self
    }

    /// Adds several accounts to publish to.
    pub fn items(mut self, items: impl IntoIterator<Item = impl Into<FlowPart>>) -> Self {
        self.parts.extend(items.into_iter().map(Into::into));
        self
    }

    /// When it is published: [`PublishTime::Now`], a `SystemTime` or a
    /// [`Timestamp`](crate::Timestamp). Without it nothing is sent, and neither is
    /// anything for a moment that was over when the flow was first sent.
    pub fn at(mut self, time: impl Into<PublishTime>) -> Self {
        self.at = Some(time.into());
        self.is_time_checked = false;
        self
    }

    /// Links to material in the service's library.
    pub fn context(mut self, context: PublishContext) -> Self {
        self.context = Some(context);
        self
    }

    /// Leaves all checks of the content to the service, which names the first
    /// account that it refuses, once everything is uploaded.
    pub fn unchecked(mut self) -> Self {
        self.is_checked = false;
        self
    }

    /// Called with a local file's name and progress while it is uploaded. It must
    /// not block.
    pub fn on_upload(
        mut self,
        tell: impl Fn(&str, UploadProgress) + Send + Sync + 'static,
    ) -> Self {
        self.on_upload = Some(Arc::new(tell));
        self
    }

    /// Uploads local files through an HTTP client of your own, as
    /// [`Upload::storage_client`](crate::flow::Upload::storage_client) does.
    pub fn storage_client(mut self, http: reqwest::Client) -> Self {
        self.storage = Some(http);
        self
    }

    /// Only checks: the time, the local files and the platforms' live rules, as
    /// publishing it would first. Nothing is uploaded or created.
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use aitoearn::{FlowItem, PublishTime};
    ///
    /// let flow = client.publish().flow().body("A map, folded").at(PublishTime::Now);
    /// match flow.item(FlowItem::twitter("twitter_123")).check().await {
    ///     Ok(flow) => println!("fine: {}", flow.id()),
    ///     Err(error) => error.problems().iter().for_each(|it| println!("{it}")),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`PublishError`] with all problems, or with what kept it from checking; it
    /// gives the flow back.
    pub async fn check(self) -> Result<Self, PublishError> {
        self.rehearse().await
    }

    /// Uploads and creates: the same as `.await`, as an ordinary future.
    ///
    /// # Errors
    ///
    /// [`PublishError`], which gives the flow back to be mended and tried again.
    pub async fn send(self) -> Result<CreatedFlow, PublishError> {
        Ok(self.run().await?.data)
    }

    /// Uploads and creates, and also tells the request id, the attempts and the
    /// rate limit of the call that created the flow.
    ///
    /// # Errors
    ///
    /// [`PublishError`], which gives the flow back to be mended and tried again.
    pub async fn send_with_meta(self) -> Result<Response<CreatedFlow>, PublishError> {
        self.run().await
    }

    /// The shared content and those of the accounts.
    pub(crate) fn contents(&self) -> impl Iterator<Item = &Content> {
        std::iter::once(&self.content).chain(self.parts.iter().map(|part| &part.content))
    }

    pub(crate) fn contents_mut(&mut self) -> impl Iterator<Item = &mut Content> {
        std::iter::once(&mut self.content)
            .chain(self.parts.iter_mut().map(|part| &mut part.content))
    }

    /// The body as JSON, with the options that were set by name; `None` if there are none.
    pub(crate) fn with_more(&self, body: &PublishFlowCreateBody) -> Result<Option<Value>, Error> {
        let mut sent = None;
        for (index, part) in self.parts.iter().enumerate() {
            let Some(more) = part.more.options()? else {
                continue;
            };
            let sent = sent.get_or_insert_with(|| serde_json::to_value(body).unwrap_or_default());
            add_options(&mut sent["items"][index], more);
        }
        Ok(sent)
    }

    /// Refuses a time that is over before anything has been sent.
    pub(crate) fn check_time(&mut self) -> Result<(), Error> {
        if let Some(at) = self.at.as_ref().filter(|_| !self.is_time_checked) {
            at.check("at")?;
        }
        self.is_time_checked = true;
        Ok(())
    }

    /// What is sent if it is sent now, once it has passed the checks that need
    /// nobody else. Files that are not uploaded are left out.
    pub(crate) fn to_body(&self) -> Result<PublishFlowCreateBody, Error> {
        let at = self.at.as_ref().ok_or_else(|| {
            InputError::new("at", "is missing: say `PublishTime::Now`, or a moment")
        })?;
        let items = self.parts.iter().map(FlowPart::sent).collect();
        let body = PublishFlowCreateBody {
            content: self.content.shared(),
            context: self.context.clone(),
            flow_id: Some(input::path_segment("flow_id", self.flow_id.clone())?),
            items: input::needed("items", items)?,
            publish_at: at.to_timestamp()?,
        };
        check_addresses("content", "", &self.content)?;
        let mut accounts = HashSet::new();
        for (index, part) in self.parts.iter().enumerate() {
            check_addresses("items", &format!("[{index}].overrides."), &part.content)?;
            let account = part.account_id();
            if !accounts.insert(account) {
                let problem = format!("has the account `{account}` twice");
                return Err(InputError::new("items", problem).into());
            }
        }
        Ok(body)
    }
}

option_methods!([] CreateFlow);

impl IntoFuture for CreateFlow {
    type Output = Result<CreatedFlow, PublishError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

impl fmt::Debug for CreateFlow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CreateFlow")
            .field("flow_id", &self.flow_id)
            .field("content", &self.content)
            .field("parts", &self.parts)
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

/// Adds options by name to those of an item, as it is sent.
pub(crate) fn add_options(item: &mut Value, more: &Map<String, Value>) {
    let options = &mut item["option"];
    if !options.is_object() {
        *options = Value::Object(Map::new());
    }
    if let Some(options) = options.as_object_mut() {
        options.extend(
            more.iter()
                .map(|(name, value)| (name.clone(), value.clone())),
        );
    }
}

/// The addresses in a content. They may be signed, so the error tells the place alone.
fn check_addresses(parameter: &'static str, place: &str, content: &Content) -> Result<(), Error> {
    for (name, file) in content.files() {
        if matches!(&file.place, Place::Web(url) if !input::is_public_address(url)) {
            let problem = format!(
                "has in `{place}{name}.url` no address to fetch from: it takes http or https and a domain with a dot; a local file is given as a `Path`"
            );
            return Err(InputError::new(parameter, problem).into());
        }
    }
    Ok(())
}
