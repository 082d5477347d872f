//! Sending a body that the API's description types too narrowly, or does not type: tools and their
//! results, options that only the platform lists, operations called by their entry in the table.

use aitoearn_api::{
    __private::Pending, ClientHooks as _, ClientInfo as _, Method, Operation, OperationInfo,
};
use bytes::Bytes;
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use serde::Serialize;

use crate::{
    Error, InputError,
    call::{Call, Reply},
};

/// An operation with the path and the body that are sent, whatever its own types for them.
pub(crate) struct Sent {
    pub(crate) operation: &'static Operation,
    /// Percent-encoded, below the base URL.
    pub(crate) path: String,
    /// JSON.
    pub(crate) body: Option<Bytes>,
}

/// A value as the body of a request.
pub(crate) fn json(name: &'static str, body: &(impl Serialize + ?Sized)) -> Result<Bytes, Error> {
    serde_json::to_vec(body).map(Bytes::from).map_err(|error| {
        InputError::new(name, format!("cannot be written as JSON: {error}")).into()
    })
}

/// The same method, as reqwest names it.
pub(crate) const fn http_method(method: Method) -> reqwest::Method {
    match method {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
        Method::Put => reqwest::Method::PUT,
        Method::Patch => reqwest::Method::PATCH,
        Method::Delete => reqwest::Method::DELETE,
    }
}

impl<T: 'static> Call<T> for Sent {
    fn call<'a>(&'a self, api: &'a aitoearn_api::Client) -> Pending<'a, Reply<T>> {
        Box::pin(async move {
            let url = format!("{}{}", api.baseurl(), self.path);
            let mut request = api
                .client()
                .request(http_method(self.operation.method), url);
            if let Some(body) = &self.body {
                let json = HeaderValue::from_static("application/json");
                request = request.header(CONTENT_TYPE, json).body(body.clone());
            }
            let mut request = request.build()?;
            let info = OperationInfo {
                operation_id: self.operation.name,
            };
            api.pre(&mut request, &info).await?;
            // The layer above reads every kind of response.
            let response = api.exec(request, &info).await?;
            Err(aitoearn_api::Error::UnexpectedResponse(response))
        })
    }
}
