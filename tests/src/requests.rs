//! One request of every operation, through the client that people use.

use std::{fmt, future::Future, pin::Pin, time::Duration};

use aitoearn::api::{Operation, operations};
use aitoearn::flow::{PublishError, PublishReason};
use aitoearn::types::{Platform, PublishMedia, VolcengineAssetType};
use aitoearn::{
    Client, Error, FlowItem, PublishTime, Response, error::CallInfo, resources::RelayResponse,
};
use serde_json::{Value, json};

/// What the models are asked for.
pub const PROMPT: &str = "a lighthouse of feathers in the rain";

/// A file that is handed to the service, by an address with a signature.
pub const MEDIA: &str = "https://media.example.com/boat.png?Signature=SignedForTheServiceAlone";

/// How one request is to be sent.
#[derive(Debug, Clone)]
pub struct Sending {
    /// The `X-Request-Id` of every attempt.
    pub id: String,
    /// How long an attempt may take.
    pub timeout: Duration,
}

/// A request of one operation.
pub struct Sample {
    /// The operation.
    pub operation: &'static Operation,
    make: fn(&Client, &Sending) -> Made,
}

/// A request that is ready to be sent.
pub struct Made {
    /// What `{:?}` and `{:#?}` show of it.
    pub shown: String,
    /// What becomes of it. It does nothing until it is awaited.
    pub answer: Pin<Box<dyn Future<Output = Result<CallInfo, Error>> + Send>>,
}

impl Sample {
    /// The request, not yet sent.
    pub fn make(&self, client: &Client, sending: &Sending) -> Made {
        (self.make)(client, sending)
    }

    /// Sends it; event streams are read to their end.
    pub async fn send(&self, client: &Client, sending: &Sending) -> Result<CallInfo, Error> {
        self.make(client, sending).answer.await
    }
}

impl fmt::Debug for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Sample").field(&self.operation.name).finish()
    }
}

impl fmt::Debug for Made {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

#[expect(clippy::unused_async, reason = "as `relayed`")]
async fn enveloped<T>(response: Response<T>) -> Result<CallInfo, Error> {
    Ok(response.call)
}

async fn relayed(response: Response<RelayResponse>) -> Result<CallInfo, Error> {
    if let RelayResponse::Events(mut stream) = response.data {
        while stream.next_chunk().await?.is_some() {}
    }
    Ok(response.call)
}

/// The error of a call, whatever was to be done with it.
trait OfCall {
    fn of_call(self) -> Error;
}

impl OfCall for Error {
    fn of_call(self) -> Error {
        self
    }
}

impl OfCall for PublishError {
    fn of_call(self) -> Error {
        match self.into_parts().1 {
            PublishReason::Call(error) => error,
            other => panic!("not of the call: {other:?}"),
        }
    }
}

macro_rules! table {
    ($($end:ident $operation:ident $client:ident => $request:expr;)+) => {
        vec![$(Sample {
            operation: &operations::$operation,
            make: |$client, sending| {
                let request = $request.request_id(&sending.id).timeout(sending.timeout);
                Made {
                    shown: format!("{request:?} {request:#?}"),
                    answer: Box::pin(async move {
                        $end(request.send_with_meta().await.map_err(OfCall::of_call)?).await
                    }),
                }
            },
        }),+]
    };
}

/// 24 hexadecimal digits, as most ids have.
const ID: &str = "66f2a9c4d81e5b0037c4a1a0";

/// A request of every operation, in the order of their names.
pub fn table() -> Vec<Sample> {
    let samples = samples();
    let missing: Vec<_> = operations::ALL
        .iter()
        .filter(|operation| !samples.iter().any(|it| it.operation.name == operation.name))
        .map(|operation| operation.name)
        .collect();
    assert!(
        missing.is_empty(),
        "operations without a request in `tests/src/requests.rs`: {missing:?}"
    );
    samples
}

#[rustfmt::skip]
fn samples() -> Vec<Sample> {
    table! {
        enveloped ACCOUNT_GROUPS_CREATE c => c.account_groups().create("Travel");
        enveloped ACCOUNT_GROUPS_DELETE_MANY c => c.account_groups().delete_many([ID]);
        enveloped ACCOUNT_GROUPS_LIST c => c.account_groups().list();
        enveloped ACCOUNT_GROUPS_SORT_ACCOUNTS c => c.account_groups().sort(ID, [("tiktok_1", 1)]);
        enveloped ACCOUNT_GROUPS_UPDATE c => c.account_groups().update(ID).name("Travel");
        enveloped ACCOUNTS_AUTH_STATUS c => c.accounts().auth_status("tiktok_1");
        enveloped ACCOUNTS_DELETE c => c.accounts().delete("tiktok_1");
        enveloped ACCOUNTS_DELETE_MANY c => c.accounts().delete_many(["tiktok_1"]);
        enveloped ACCOUNTS_GET c => c.accounts().get("tiktok_1");
        enveloped ACCOUNTS_LIST c => c.accounts().list();
        enveloped ACCOUNTS_OPTION_CREATE c => c.accounts().create_option_value("pinterest_1", "boardId", name());
        enveloped ACCOUNTS_OPTION_VALUES c => c.accounts().option_values("pinterest_1", "boardId");
        enveloped ASSETS_CONFIRM c => c.assets().confirm(ID);
        enveloped ASSETS_UPLOAD_SIGN c => c.assets().upload_sign("boat.png");
        enveloped AUTH_START c => c.auth().start(Platform::Tiktok);
        enveloped AUTH_STATUS c => c.auth().status(Platform::Tiktok, "session_1");
        enveloped CHAT_MODELS c => c.relay().models();
        enveloped IMAGE_EDIT c => c.images().edit("m", PROMPT, [MEDIA]);
        enveloped IMAGE_EDIT_ASYNC c => c.images().edit_async("m", PROMPT, [MEDIA]);
        enveloped IMAGE_EDIT_MODELS c => c.images().edit_models();
        enveloped IMAGE_GENERATE c => c.images().generate("m", PROMPT);
        enveloped IMAGE_GENERATE_ASYNC c => c.images().generate_async("m", PROMPT);
        enveloped IMAGE_MODELS c => c.images().models();
        enveloped IMAGE_TASK_GET c => c.images().task(ID);
        enveloped PLATFORMS_LIST c => c.platforms().list();
        enveloped PLATFORMS_PUBLISH_OPTIONS c => c.platforms().publish_options(Platform::Bilibili);
        enveloped PUBLISH_DOUYIN_OFFLINE_QR c => c.publish().douyin_offline_qr([medium()]).body(PROMPT);
        enveloped PUBLISH_FLOW_CREATE c => c.publish().flow().body(PROMPT).image(MEDIA)
            .item(FlowItem::tiktok("tiktok_1")).at(PublishTime::Now).unchecked();
        enveloped PUBLISH_FLOW_GET c => c.publish().get_flow("flow_1");
        enveloped PUBLISH_RECORD_DELETE c => c.publish().records().delete(ID);
        enveloped PUBLISH_RECORD_GET c => c.publish().records().get(ID);
        enveloped PUBLISH_RECORD_USER_ACTION c => c.publish().records().user_action(ID);
        enveloped PUBLISH_RECORDS_LIST c => c.publish().records().list();
        enveloped PUBLISH_RECORDS_LIST_PUBLISHED c => c.publish().records().list_published();
        enveloped PUBLISH_RECORDS_LIST_QUEUED c => c.publish().records().list_queued();
        enveloped PUBLISH_REDNOTE_SHARE_CONFIG c => c.publish().rednote_share_config().nonce("counter_1");
        enveloped PUBLISH_TASK_CANCEL c => c.publish().tasks().cancel(ID);
        enveloped PUBLISH_TASK_NOW c => c.publish().tasks().publish_now(ID);
        enveloped PUBLISH_TASK_RESCHEDULE c => c.publish().tasks().reschedule(ID, std::time::SystemTime::now() + Duration::from_secs(86_400));
        enveloped PUBLISH_TASK_RETRY c => c.publish().tasks().retry(ID);
        relayed RELAY_CHAT_COMPLETIONS c => c.relay().chat_completions("m").user(PROMPT);
        relayed RELAY_GEMINI_GENERATE c => c.relay().gemini_generate("m").user(PROMPT);
        relayed RELAY_GEMINI_STREAM c => c.relay().gemini_stream("m").user(PROMPT);
        relayed RELAY_IMAGES_EDIT c => c.relay().images_edit("m", PROMPT, [MEDIA]);
        relayed RELAY_IMAGES_GENERATE c => c.relay().images_generate("m", PROMPT);
        relayed RELAY_MESSAGES c => c.relay().messages("m").user(PROMPT);
        enveloped VIDEO_GENERATE c => c.video().generate("m", PROMPT).images([MEDIA]);
        enveloped VIDEO_GET c => c.video().get(ID);
        enveloped VIDEO_LIST c => c.video().list();
        enveloped VIDEO_MODELS c => c.video().models();
        enveloped VOLCENGINE_ASSET_GROUPS_CREATE c => c.video().volcengine().asset_groups().create("Otter").description(PROMPT);
        enveloped VOLCENGINE_ASSET_GROUPS_DELETE c => c.video().volcengine().asset_groups().delete("group_1");
        enveloped VOLCENGINE_ASSET_GROUPS_GET c => c.video().volcengine().asset_groups().get("group_1");
        enveloped VOLCENGINE_ASSET_GROUPS_LIST c => c.video().volcengine().asset_groups().list();
        enveloped VOLCENGINE_ASSET_GROUPS_UPDATE c => c.video().volcengine().asset_groups().update("group_1").description(PROMPT);
        enveloped VOLCENGINE_ASSETS_CREATE c => c.video().volcengine().assets().create("group_1", MEDIA, VolcengineAssetType::Image);
        enveloped VOLCENGINE_ASSETS_DELETE c => c.video().volcengine().assets().delete("asset_1");
        enveloped VOLCENGINE_ASSETS_GET c => c.video().volcengine().assets().get("asset_1");
        enveloped VOLCENGINE_ASSETS_LIST c => c.video().volcengine().assets().list();
        enveloped VOLCENGINE_ASSETS_UPDATE c => c.video().volcengine().assets().update("asset_1", "Front");
        enveloped VOLCENGINE_VALIDATIONS_COMPLETE c => c.video().volcengine().validations().complete("token_1");
        enveloped VOLCENGINE_VALIDATIONS_START c => c.video().volcengine().validations().start("https://example.com/checked");
        enveloped VOLCENGINE_VIDEO_CREATE c => c.video().volcengine().create("m").text(PROMPT).reference_image(MEDIA);
        enveloped VOLCENGINE_VIDEO_GET c => c.video().volcengine().get("task_1");
        enveloped WORKS_ANALYTICS c => c.works().analytics(Platform::Tiktok, "work_1");
        enveloped WORKS_GET c => c.works().get(Platform::Tiktok, "work_1");
        enveloped WORKS_LINK_INFO c => c.works().link_info(Platform::Tiktok, "https://example.com/w/1");
        enveloped WORKS_LIST c => c.works().list(Platform::Tiktok, "tiktok_1");
        enveloped WORKS_VERIFY_OWNERSHIP c => c.works().verify_ownership(Platform::Tiktok, "work_1", "tiktok_1");
    }
}

fn medium() -> PublishMedia {
    PublishMedia {
        options: None,
        url: MEDIA.to_owned(),
    }
}

fn name() -> serde_json::Map<String, Value> {
    serde_json::Map::from_iter([("name".to_owned(), json!("Boats"))])
}
