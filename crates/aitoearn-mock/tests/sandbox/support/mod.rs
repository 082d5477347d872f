//! A plain HTTP client for the sandbox: no type of ours in sight.

#![allow(dead_code)] // not every test file needs every helper
#![allow(clippy::needless_pass_by_value)] // answers are used up where they are checked

use aitoearn_mock::Sandbox;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::Value;

pub(crate) struct Api {
    pub(crate) sandbox: Sandbox,
    pub(crate) http: Client,
}

impl Api {
    pub(crate) fn new() -> Self {
        let sandbox = Sandbox::start().expect("a free port");
        Self {
            sandbox,
            http: Client::builder().no_proxy().build().expect("a client"),
        }
    }

    /// A request with the right key.
    pub(crate) fn call(&self, method: &str, path: &str) -> RequestBuilder {
        self.bare(method, path)
            .header("X-Api-Key", self.sandbox.api_key())
    }

    /// A request without any key.
    pub(crate) fn bare(&self, method: &str, path: &str) -> RequestBuilder {
        let method: Method = method.parse().expect("a method");
        self.http
            .request(method, format!("{}{path}", self.sandbox.base_url()))
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        json(self.call("GET", path)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Value {
        json(self.call("DELETE", path)).await
    }

    pub(crate) async fn send(&self, method: &str, path: &str, body: Value) -> Value {
        json(self.call(method, path).json(&body)).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Value {
        self.send("POST", path, body).await
    }
}

/// The body of an answer that must be HTTP 200 and JSON.
pub(crate) async fn json(request: RequestBuilder) -> Value {
    let answer = request.send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    answer.json().await.expect("JSON")
}

/// The payload of a success.
#[track_caller]
pub(crate) fn data(answer: Value) -> Value {
    assert_eq!(answer["code"], 0, "{answer}");
    answer["data"].clone()
}

/// The code of a refusal, whose manners are checked on the way.
#[track_caller]
pub(crate) fn code(answer: &Value) -> i64 {
    let code = answer["code"].as_i64().expect("a code");
    assert_ne!(code, 0, "{answer}");
    assert!(answer["data"].is_object(), "{answer}");
    assert!(answer["timestamp"].is_i64(), "{answer}");
    code
}
