//! What the service says about an error beyond its code.
//!
//! All of it is read leniently: a detail of an unexpected shape is absent, and
//! [`BusinessError::data`] still has it as it came.

use std::{fmt, time::Duration};

use aitoearn_api::{AccountId, BusinessError, Code, FlowId, RecordId, open_enum, types::Platform};
use serde_json::{Map, Value};

use super::Failed;

impl Failed<BusinessError> {
    /// Which rules of a platform the content breaks: the details of
    /// [`Code::CHANNEL_PUBLISH_VALIDATION_FAILED`].
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) {
    /// use aitoearn::{Error, FlowItem, PublishTime};
    ///
    /// let item = FlowItem::tiktok("tiktok_123");
    /// let flow = client.publish().flow().item(item).at(PublishTime::Now);
    /// if let Err(error) = flow.await
    ///     && let Some(Error::Api(refused)) = error.error()
    /// {
    ///     for issue in refused.content_refusal().iter().flat_map(|refusal| &refusal.issues) {
    ///         println!("{}: {}", issue.place(), issue.message);
    ///     }
    /// }
    /// # }
    /// ```
    pub fn content_refusal(&self) -> Option<ContentRefusal> {
        if self.code != Code::CHANNEL_PUBLISH_VALIDATION_FAILED {
            return None;
        }
        let issues = self.data.get("issues")?.as_array()?;
        Some(ContentRefusal {
            platform: text(&self.data, "platform").map(Into::into),
            account_id: text(&self.data, "accountId").map(Into::into),
            issues: issues.iter().map(ContentIssue::read).collect(),
        })
    }

    /// What a social platform had to say: the details of errors that come from
    /// one, such as [`Code::CHANNEL_PLATFORM_API_FAILED`].
    pub fn platform_error(&self) -> Option<PlatformError> {
        let data = &self.data;
        Some(PlatformError {
            category: text(data, "category")?.into(),
            platform: text(data, "platform").map(Into::into),
            retryable: data.get("retryable").and_then(Value::as_bool),
            account_id: text(data, "accountId").map(Into::into),
            record_id: text(data, "taskId").map(Into::into),
            platform_work_id: any_text(data, "platformWorkId"),
            endpoint: any_text(data, "endpoint"),
            http_status: data
                .get("httpStatus")
                .and_then(Value::as_u64)
                .and_then(|status| status.try_into().ok()),
            platform_code: any_text(data, "platformCode"),
        })
    }

    /// The flow that there is already: the detail of
    /// [`Code::CHANNEL_PUBLISH_TASK_ALREADY_EXISTS`].
    pub fn existing_flow(&self) -> Option<FlowId> {
        if self.code != Code::CHANNEL_PUBLISH_TASK_ALREADY_EXISTS {
            return None;
        }
        text(&self.data, "flowId").map(Into::into)
    }

    /// The period of the route's limit, where the service throttles and names
    /// one. [`retry_after`](BusinessError::retry_after) is how long to wait.
    pub fn rate_limit_window(&self) -> Option<Duration> {
        let seconds = self.data.get("ttl")?.as_f64()?;
        Duration::try_from_secs_f64(seconds).ok()
    }
}

/// A text that is there and says something.
fn text<'a>(data: &'a Value, name: &str) -> Option<&'a str> {
    data.get(name)?.as_str().filter(|text| !text.is_empty())
}

/// The same where some platforms write a number.
fn any_text(data: &Value, name: &str) -> Option<String> {
    match data.get(name)? {
        Value::Number(number) => Some(number.to_string()),
        _ => text(data, name).map(str::to_owned),
    }
}

/// Content that breaks the rules of a platform. From [`Failed::content_refusal`].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ContentRefusal {
    /// The platform whose rules they are.
    pub platform: Option<Platform>,
    /// The account it was meant for.
    pub account_id: Option<AccountId>,
    /// What breaks them.
    pub issues: Vec<ContentIssue>,
}

/// One thing that breaks a platform's rules.
///
/// `Display` is the place and the message.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ContentIssue {
    /// What is wrong with it. Decide by this.
    pub code: IssueCode,
    /// Where it is: names of fields, and indexes as texts. Empty for the whole.
    pub path: Vec<String>,
    /// The service's words for it, in the language asked for. May be empty.
    pub message: String,
    /// The numbers behind it, such as `maximum`.
    pub params: Map<String, Value>,
}

impl ContentIssue {
    fn read(issue: &Value) -> Self {
        let path = issue.get("path").and_then(Value::as_array);
        let step = |step: &Value| match step {
            Value::String(name) => name.clone(),
            other => other.to_string(),
        };
        Self {
            code: text(issue, "code").unwrap_or_default().into(),
            path: path.into_iter().flatten().map(step).collect(),
            message: text(issue, "message").unwrap_or_default().to_owned(),
            params: issue
                .get("params")
                .and_then(Value::as_object)
                .cloned()
                .unwrap_or_default(),
        }
    }

    /// The path in one text, such as `media.0.url`.
    pub fn place(&self) -> String {
        self.path.join(".")
    }
}

impl fmt::Display for ContentIssue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let message = match self.message.as_str() {
            "" => self.code.as_str(),
            message => message,
        };
        match self.place().as_str() {
            "" => f.write_str(message),
            place => write!(f, "{place}: {message}"),
        }
    }
}

/// An error of a social platform. From [`Failed::platform_error`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PlatformError {
    /// What kind of trouble it is.
    pub category: PlatformErrorCategory,
    /// The platform.
    pub platform: Option<Platform>,
    /// Whether the same call may succeed later. The service's own word, which
    /// [`Error::is_retryable`](crate::Error::is_retryable) goes by.
    pub retryable: Option<bool>,
    /// The account it is about.
    pub account_id: Option<AccountId>,
    /// The publish task it is about.
    pub record_id: Option<RecordId>,
    /// The work it is about, by its id on the platform.
    pub platform_work_id: Option<String>,
    /// What the service called at the platform.
    pub endpoint: Option<String>,
    /// The HTTP status that the platform answered with.
    pub http_status: Option<u16>,
    /// The platform's own code.
    pub platform_code: Option<String>,
}

open_enum! {
    /// What is wrong with a part of the content.
    pub enum IssueCode {
        /// It is missing.
        ///
        /// `required`
        Required = "required",
        /// It is too long, too large, or there are too many.
        ///
        /// `too_big`
        TooBig = "too_big",
        /// It is too short, too small, or there are too few.
        ///
        /// `too_small`
        TooSmall = "too_small",
        /// It does not go with something else.
        ///
        /// `invalid_combination`
        InvalidCombination = "invalid_combination",
        /// The platform does not take this file format.
        ///
        /// `unsupported_format`
        UnsupportedFormat = "unsupported_format",
        /// The platform does not take this kind of content.
        ///
        /// `unsupported_content_mode`
        UnsupportedContentMode = "unsupported_content_mode",
        /// A video is too long or too short.
        ///
        /// `invalid_duration`
        InvalidDuration = "invalid_duration",
        /// An address is none.
        ///
        /// `invalid_url`
        InvalidUrl = "invalid_url",
        /// An option of the platform has a wrong value.
        ///
        /// `invalid_option`
        InvalidOption = "invalid_option",
        /// The platform lists no such option. Found by this crate before anything is sent.
        ///
        /// `unknown_option`
        UnknownOption = "unknown_option",
        /// There is no such account. Found by this crate before anything is sent.
        ///
        /// `account_not_found`
        AccountNotFound = "account_not_found",
        /// The account is offline. Found by this crate before anything is sent.
        ///
        /// `account_offline`
        AccountOffline = "account_offline",
        /// The site does not publish to the platform. Found by this crate before anything is sent.
        ///
        /// `platform_unavailable`
        PlatformUnavailable = "platform_unavailable",
    }
}

open_enum! {
    /// What kind of trouble a platform has.
    pub enum PlatformErrorCategory {
        /// The authorization does not hold any more.
        ///
        /// `auth`
        Auth = "auth",
        /// The authorization does not go that far.
        ///
        /// `permission`
        Permission = "permission",
        /// Too many calls; wait.
        ///
        /// `rate_limit`
        RateLimit = "rate_limit",
        /// An allowance is used up.
        ///
        /// `quota`
        Quota = "quota",
        /// The platform does not take the content.
        ///
        /// `validation`
        Validation = "validation",
        /// A file cannot be fetched.
        ///
        /// `media_unavailable`
        MediaUnavailable = "media_unavailable",
        /// A file cannot be processed.
        ///
        /// `media_processing_failed`
        MediaProcessingFailed = "media_processing_failed",
        /// There is no such thing on the platform.
        ///
        /// `not_found`
        NotFound = "not_found",
        /// It does not go with the present state.
        ///
        /// `conflict`
        Conflict = "conflict",
        /// The platform is down.
        ///
        /// `platform_unavailable`
        PlatformUnavailable = "platform_unavailable",
        /// The platform did not answer in time.
        ///
        /// `timeout`
        Timeout = "timeout",
        /// The platform could not be reached.
        ///
        /// `network`
        Network = "network",
        /// The platform's notice is not genuine.
        ///
        /// `webhook_invalid`
        WebhookInvalid = "webhook_invalid",
        /// The platform's own library failed.
        ///
        /// `sdk_error`
        SdkError = "sdk_error",
        /// None of these.
        ///
        /// `unknown`
        Unspecified = "unknown",
    }
}

#[cfg(test)]
mod tests {
    use crate::error::{Error, testing};

    use super::*;

    fn failed(body: &str) -> Box<Failed<BusinessError>> {
        match testing::api(1, body) {
            Error::Api(error) => error,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn issues_of_a_content() {
        let error = failed(
            r#"{"data":{"platform":"KWAI","accountId":"KWAI_1","issues":[
                {"code":"too_big","path":["media",0,"url"],"message":"too large","params":{"maximum":5}},
                {"code":"off_topic","path":[],"message":""},
                "odd"
            ]},"code":15051,"message":"no"}"#,
        );
        let refusal = error.content_refusal().expect("there");
        assert_eq!(refusal.platform, Some(Platform::Kwai));
        assert_eq!(refusal.account_id, Some("KWAI_1".into()));
        let [big, new, odd] = refusal.issues.as_slice() else {
            panic!("{refusal:?}")
        };
        assert_eq!(big.code, IssueCode::TooBig);
        assert_eq!(big.path, ["media", "0", "url"]);
        assert_eq!(big.params["maximum"], 5);
        assert_eq!(big.to_string(), "media.0.url: too large");
        assert_eq!(new.to_string(), "off_topic");
        assert_eq!(odd.code.as_str(), "");
        assert_eq!(error.platform_error(), None);
        assert_eq!(error.existing_flow(), None);
        assert_eq!(error.data["accountId"], "KWAI_1", "all of it stays there");
        let text = Error::Api(error).to_string();
        assert!(
            text.contains(" (KWAI_1: media.0.url: too large; off_topic; )"),
            "{text}"
        );
    }

    #[test]
    fn errors_of_a_platform() {
        let error = failed(
            r#"{"data":{"platform":"tiktok","category":"rate_limit","retryable":true,
                "accountId":"tiktok_1","taskId":"66f2a9c4d81e5b0037c4a1a0","platformWorkId":"",
                "endpoint":"/v2/post","httpStatus":429,"platformCode":4001},"code":15070,"message":"no"}"#,
        );
        let detail = error.platform_error().expect("there");
        assert_eq!(detail.category, PlatformErrorCategory::RateLimit);
        assert_eq!(detail.platform, Some(Platform::Tiktok));
        assert_eq!(detail.retryable, Some(true));
        assert_eq!(detail.record_id, Some("66f2a9c4d81e5b0037c4a1a0".into()));
        assert_eq!(detail.platform_work_id, None, "an empty text is none");
        assert_eq!(detail.http_status, Some(429));
        assert_eq!(detail.platform_code.as_deref(), Some("4001"));
        assert_eq!(error.content_refusal(), None);
    }

    #[test]
    fn the_flow_that_exists_and_the_window_of_a_limit() {
        let error = failed(r#"{"data":{"flowId":"f-1"},"code":15025,"message":"no"}"#);
        assert_eq!(error.existing_flow(), Some("f-1".into()));
        let error = failed(r#"{"data":{"flowId":"f-1"},"code":15050,"message":"no"}"#);
        assert_eq!(error.existing_flow(), None, "that one does not exist");
        let error = failed(r#"{"data":{"ttl":60},"code":429,"message":"no"}"#);
        assert_eq!(error.rate_limit_window(), Some(Duration::from_secs(60)));
        for odd in [
            "{}",
            "[]",
            "null",
            r#"{"ttl":-1}"#,
            r#"{"ttl":1e300,"flowId":7,"issues":{}}"#,
        ] {
            for code in [429, 15025, 15051] {
                let error = failed(&format!(r#"{{"data":{odd},"code":{code},"message":"no"}}"#));
                assert_eq!(error.rate_limit_window(), None, "{odd}");
                assert_eq!(error.existing_flow(), None, "{odd}");
                assert_eq!(error.content_refusal(), None, "{odd}");
                assert_eq!(error.platform_error(), None, "{odd}");
            }
        }
    }
}
