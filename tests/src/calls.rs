//! One call of every operation, through the generated client.
//!
//! What is sent does not matter here; the arguments are only such that the call can be made.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use aitoearn_api::types::Platform;
use aitoearn_api::{
    ByteStream, Client, Context, Envelope, Error, Failure, Mended, ResponseValue, decode_plain,
    open, open_plain, open_stream,
};
use futures_util::TryStreamExt as _;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

type Outcome = Pin<Box<dyn Future<Output = Result<Value, Failure>>>>;

/// How to call one operation, and how to read its answer without calling it.
pub struct Call {
    /// Name of the generated method.
    pub name: &'static str,
    make: Box<dyn Fn(Client) -> Outcome>,
    read: fn(&[u8]) -> Result<Value, Failure>,
    mend: fn(&[u8]) -> Result<Value, Failure>,
}

impl Call {
    /// Makes the call. A success is what was understood of its data, written as JSON again.
    pub async fn make(&self, client: &Client) -> Result<Value, Failure> {
        let context = client.context().for_call();
        (self.make)(client.with_context(context)).await
    }

    /// The same, and what had to be mended in the answer.
    pub async fn make_mending(&self, client: &Client) -> (Result<Value, Failure>, Mended) {
        let mut context = client.context().for_call();
        context.mend = true;
        let answer = (self.make)(client.with_context(context.clone())).await;
        (answer, context.mended())
    }

    /// What the call makes of this body, mended.
    pub fn mend(&self, body: &[u8]) -> Result<Value, Failure> {
        (self.mend)(body)
    }

    /// What the call makes of this body.
    pub fn read(&self, body: &[u8]) -> Result<Value, Failure> {
        (self.read)(body)
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Call").field(&self.name).finish()
    }
}

/// An operation that answers with the envelope.
fn enveloped<T, F>(name: &'static str, call: impl Fn(Client) -> F + Copy + 'static) -> Call
where
    T: DeserializeOwned + Serialize,
    F: Future<Output = Result<ResponseValue<Envelope<T>>, Error<()>>>,
{
    Call {
        name,
        make: Box::new(move |client| {
            Box::pin(async move {
                let context = client.context().clone();
                let answer = open(call(client).await, &context).await?;
                Ok(written(&answer.into_inner().data))
            })
        }),
        read: |body| Envelope::<T>::from_slice(body).map(|envelope| written(&envelope.data)),
        mend: |body| {
            decode_plain::<Envelope<T>>(body, &mending()).map(|envelope| written(&envelope.data))
        },
    }
}

/// An operation that answers plain JSON.
fn plain<T, F>(name: &'static str, call: impl Fn(Client) -> F + Copy + 'static) -> Call
where
    T: DeserializeOwned + Serialize,
    F: Future<Output = Result<ResponseValue<T>, Error<()>>>,
{
    Call {
        name,
        make: Box::new(move |client| {
            Box::pin(async move {
                let context = client.context().clone();
                let answer = open_plain(call(client).await, &context).await?;
                Ok(written(&answer.into_inner()))
            })
        }),
        read: |body| decode_plain::<T>(body, &Context::new(None)).map(|value| written(&value)),
        mend: |body| decode_plain::<T>(body, &mending()).map(|value| written(&value)),
    }
}

/// An operation whose body is handed over as bytes.
fn raw<F>(name: &'static str, call: impl Fn(Client) -> F + Copy + 'static) -> Call
where
    F: Future<Output = Result<ResponseValue<ByteStream>, Error<()>>>,
{
    Call {
        name,
        make: Box::new(move |client| {
            Box::pin(async move {
                let context = client.context().clone();
                let answer = open_stream(call(client).await, &context).await?;
                let chunks: Vec<_> = answer
                    .into_inner_stream()
                    .try_collect()
                    .await
                    .map_err(Failure::Transport)?;
                decode_plain(&chunks.concat(), &context)
            })
        }),
        read: |body| decode_plain(body, &Context::new(None)),
        mend: |body| decode_plain(body, &mending()),
    }
}

fn mending() -> Context {
    let mut context = Context::new(None);
    context.mend = true;
    context
}

fn written(value: &impl Serialize) -> Value {
    serde_json::to_value(value).expect("what was read can be written")
}

/// A request body from its JSON.
fn body<T: DeserializeOwned>(json: Value) -> T {
    serde_json::from_value(json).expect("the table's body is one")
}

fn image_edit() -> Value {
    json!({ "model": "m", "prompt": "p", "image": "https://example.com/a.png" })
}

fn gemini() -> Value {
    json!({ "model": "m", "contents": [{ "role": "user", "parts": [{ "text": "Hello" }] }] })
}

macro_rules! calls {
    ($($kind:ident $method:ident($($argument:expr),* $(,)?);)+) => {
        vec![$(
            $kind(stringify!($method), |client| async move {
                client.$method($($argument),*).await
            })
        ),+]
    };
}

/// 24 hexadecimal digits, as most ids have.
const ID: &str = "66f2a9c4d81e5b0037c4a1a0";

/// The table, in the order of the names.
#[rustfmt::skip]
pub fn table() -> Vec<Call> {
    calls! {
        enveloped account_groups_create(&body(json!({ "name": "n" })));
        enveloped account_groups_delete_many(&vec![ID.into()]);
        enveloped account_groups_list();
        enveloped account_groups_sort_accounts(&ID.into(), &body(json!({ "list": [{ "id": "a", "rank": 1 }] })));
        enveloped account_groups_update(&ID.into(), &body(json!({ "name": "n" })));
        enveloped accounts_auth_status(&"a".into());
        enveloped accounts_delete(&"a".into());
        enveloped accounts_delete_many(&vec!["a".into()]);
        enveloped accounts_get(&"a".into());
        enveloped accounts_list(&Default::default());
        enveloped accounts_option_create(&"a".into(), "f", &body(json!({ "name": "n" })));
        enveloped accounts_option_values(&"a".into(), "f");
        enveloped assets_confirm(&ID.into());
        enveloped assets_upload_sign(&body(json!({ "filename": "a.png" })));
        enveloped auth_start(&Platform::Kwai, &Default::default());
        enveloped auth_status(&Platform::Kwai, &"s".into());
        enveloped chat_models();
        enveloped image_edit(&body(image_edit()));
        enveloped image_edit_async(&body(image_edit()));
        enveloped image_edit_models();
        enveloped image_generate(&body(json!({ "model": "m", "prompt": "p" })));
        enveloped image_generate_async(&body(json!({ "model": "m", "prompt": "p" })));
        enveloped image_models();
        enveloped image_task_get(&ID.into());
        enveloped platforms_list();
        enveloped platforms_publish_options(&Platform::Bilibili);
        enveloped publish_douyin_offline_qr(&body(json!({ "content": { "media": [{ "url": "https://example.com/a.png" }] } })));
        enveloped publish_flow_create(&body(json!({
            "content": {}, "publishAt": "2026-03-05T01:00:00Z",
            "items": [{ "platform": "KWAI", "accountId": "a" }],
        })));
        enveloped publish_flow_get(&"f".into());
        enveloped publish_record_delete(&ID.into());
        enveloped publish_record_get(&ID.into());
        enveloped publish_record_user_action(&ID.into());
        enveloped publish_records_list(&Default::default());
        enveloped publish_records_list_published(&Default::default());
        enveloped publish_records_list_queued(&Default::default());
        enveloped publish_rednote_share_config(&body(json!({})));
        enveloped publish_task_cancel(&ID.into());
        enveloped publish_task_now(&ID.into());
        enveloped publish_task_reschedule(&ID.into(), &body(json!({ "publishAt": "2026-03-05T01:00:00Z" })));
        enveloped publish_task_retry(&ID.into());
        raw relay_chat_completions(&body(json!({ "model": "m", "messages": [{ "role": "user", "content": "c" }] })));
        raw relay_gemini_generate("m", &body(gemini()));
        raw relay_gemini_stream("m", &body(gemini()));
        raw relay_images_edit(&body(image_edit()));
        raw relay_images_generate(&body(json!({ "model": "m", "prompt": "p" })));
        raw relay_messages(&body(json!({ "model": "m", "messages": [{ "role": "user", "content": "c" }] })));
        enveloped video_generate(&body(json!({ "model": "m", "prompt": "p" })));
        enveloped video_get(&ID.into());
        enveloped video_list(&Default::default());
        enveloped video_models();
        enveloped volcengine_asset_groups_create(&body(json!({ "name": "n" })));
        enveloped volcengine_asset_groups_delete(&"g".into());
        enveloped volcengine_asset_groups_get(&"g".into());
        enveloped volcengine_asset_groups_list(&Default::default());
        enveloped volcengine_asset_groups_update(&"g".into(), &body(json!({ "name": "n" })));
        enveloped volcengine_assets_create(&body(json!({ "groupId": "g", "url": "https://example.com/a.png", "assetType": "Image" })));
        enveloped volcengine_assets_delete(&"a".into());
        enveloped volcengine_assets_get(&"a".into());
        enveloped volcengine_assets_list(&Default::default());
        enveloped volcengine_assets_update(&"a".into(), &body(json!({ "name": "n" })));
        enveloped volcengine_validations_complete("t");
        enveloped volcengine_validations_start(&body(json!({ "callbackUrl": "https://example.com/done" })));
        plain volcengine_video_create(&body(json!({ "model": "m", "content": [{ "type": "text", "text": "t" }] })));
        plain volcengine_video_get("t");
        enveloped works_analytics(&Platform::Tiktok, "w", &Default::default());
        enveloped works_get(&Platform::Tiktok, "w", &Default::default());
        enveloped works_link_info("https://example.com/w", &Platform::Tiktok, &Default::default());
        enveloped works_list(&Platform::Tiktok, &"a".into(), &Default::default());
        enveloped works_verify_ownership(&Platform::Tiktok, "w", &body(json!({ "candidateAccountId": "a" })));
    }
}
