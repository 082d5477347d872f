//! Calls of an operation by its entry in the table of operations.

use std::fmt;

use aitoearn_api::{__private::encode_segment, Operation, Reply};
use bytes::Bytes;
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    Client, Error, InputError, RelayResponse, Request, Response,
    input::path_segment,
    options::RequestOptions,
    request::{Enveloped, Plain, option_methods},
    resources::Relayed,
    sent::{Sent, json},
};

impl Client {
    /// A call of an operation by its entry in [`api::operations`](crate::api::operations), for
    /// programs that choose the operation at run time.
    ///
    /// The entry decides the credential, the time limit, and what is repeated. Parameters and the
    /// body are checked by the service only: where there is a method for the operation, prefer it.
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use aitoearn::api::operations;
    /// use serde_json::Value;
    ///
    /// let operation = operations::by_name("accounts_get").ok_or("no such operation")?;
    /// let account: Value = client
    ///     .operation(operation)
    ///     .parameter("accountId", "tiktok_123")
    ///     .send()
    ///     .await?;
    /// println!("{}", account["nickname"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn operation(&self, operation: &'static Operation) -> OperationRequest {
        let mut options = RequestOptions::default();
        options.set_exact();
        OperationRequest {
            client: self.clone(),
            options,
            operation,
            parameters: Vec::new(),
            body: Ok(None),
        }
    }
}

/// A call of an operation by its entry in the table. Made by [`Client::operation`];
/// [`send`](Self::send) it.
#[must_use = "a request does nothing until it is sent"]
pub struct OperationRequest {
    client: Client,
    options: RequestOptions,
    operation: &'static Operation,
    parameters: Vec<(String, String)>,
    body: Result<Option<Bytes>, Error>,
}

option_methods!([] OperationRequest);

impl OperationRequest {
    /// Sets a parameter of the path, by its name in [`Operation::path`]. The value is
    /// percent-encoded here.
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.parameters.push((name.into(), value.into()));
        self
    }

    /// Sets the body, as JSON.
    pub fn json(mut self, body: &(impl Serialize + ?Sized)) -> Self {
        self.body = json("json", body).map(Some);
        self
    }

    /// The path that is called, below the base URL: percent-encoded, with the parameters in place.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for a parameter that is missing, unknown, empty or made of dots.
    pub fn path(&self) -> Result<String, Error> {
        path(self.operation, &self.parameters)
    }

    /// Sends it and returns the data of the response. A `T` that takes nothing, such as `()` or an
    /// `Option`, also takes a response without data.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for a parameter of the path that is missing, unknown, empty or made
    /// of dots, a body that is no JSON, and for an operation of [`Reply::Raw`], which is for
    /// [`send_raw`](Self::send_raw); else any [`Error`].
    pub async fn send<T: DeserializeOwned + Send + 'static>(self) -> Result<T, Error> {
        Ok(self.send_with_meta().await?.data)
    }

    /// Sends it and also returns the request id, the attempts and the rate limit.
    ///
    /// # Errors
    ///
    /// As for [`send`](Self::send).
    pub async fn send_with_meta<T>(self) -> Result<Response<T>, Error>
    where
        T: DeserializeOwned + Send + 'static,
    {
        let (client, operation) = (self.client.clone(), self.operation);
        let (sent, options) = self.into_sent();
        let request = match operation.reply {
            Reply::Envelope => Request::with_attempts(&client, operation, sent.map(Enveloped)),
            Reply::Json => Request::with_attempts(&client, operation, sent.map(Plain)),
            Reply::Raw => {
                let problem = "has responses in a model provider's format: use `send_raw`";
                return Err(InputError::new("operation", problem).into());
            }
        };
        request.with_options(options).run().with_meta().await
    }

    /// Sends it and returns the response of a model provider as it is: JSON, or an event stream.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] as for [`send`](Self::send), and for an operation that is not of
    /// [`Reply::Raw`]; else any [`Error`].
    pub async fn send_raw(self) -> Result<RelayResponse, Error> {
        let (client, operation) = (self.client.clone(), self.operation);
        if operation.reply != Reply::Raw {
            let problem = "has no responses in a model provider's format: use `send`";
            return Err(InputError::new("operation", problem).into());
        }
        let (sent, options) = self.into_sent();
        let request = Request::with_attempts(&client, operation, sent.map(Relayed));
        request.with_options(options).run().await
    }

    fn into_sent(self) -> (Result<Sent, Error>, RequestOptions) {
        let Self {
            options,
            operation,
            parameters,
            body,
            ..
        } = self;
        let sent = path(operation, &parameters).and_then(|path| {
            let body = body?;
            Ok(Sent {
                operation,
                path,
                body,
            })
        });
        (sent, options)
    }
}

/// The path with its parameters in place.
fn path(operation: &Operation, parameters: &[(String, String)]) -> Result<String, Error> {
    let wrong = |problem: String| Err(InputError::new("parameter", problem).into());
    for (name, _) in parameters {
        if !operation.parameters().any(|known| known == name) {
            let wanted: Vec<_> = operation.parameters().collect();
            return wrong(format!(
                "`{}` is not in the path {}; it has {}",
                name.escape_debug(),
                operation.path,
                if wanted.is_empty() {
                    "none".to_owned()
                } else {
                    wanted.join(", ")
                },
            ));
        }
    }
    let mut path = operation.path.to_owned();
    for name in operation.parameters() {
        // The one that was set last, as for other settings.
        let Some((_, value)) = parameters.iter().rev().find(|(given, _)| given == name) else {
            return wrong(format!(
                "`{name}` of the path {} is missing",
                operation.path
            ));
        };
        let value = path_segment(name, value)?;
        path = path.replace(&format!("{{{name}}}"), &encode_segment(value));
    }
    Ok(path)
}

impl fmt::Debug for OperationRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OperationRequest")
            .field("operation", &self.operation.name)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use aitoearn_api::operations;
    use serde_json::Value;

    use super::*;

    fn client() -> Client {
        let builder = Client::builder().base_url("http://localhost:9");
        builder.api_key("not-a-key").build().expect("fine")
    }

    #[test]
    fn parameters_are_put_in_place() {
        let request = || client().operation(&operations::ACCOUNTS_GET);
        let path = request().parameter("accountId", "a/b ü").path();
        assert_eq!(
            path.expect("fine"),
            "/api/v2/channels/accounts/a%2Fb%20%C3%BC"
        );
        // The last one counts, and braces in it are a text.
        let twice = request()
            .parameter("accountId", "x")
            .parameter("accountId", "{accountId}");
        assert_eq!(
            twice.path().expect("fine"),
            "/api/v2/channels/accounts/%7BaccountId%7D"
        );
        for (request, said) in [
            (request(), "`accountId`"),
            (request().parameter("accountId", ""), "accountId"),
            (request().parameter("accountId", ".."), "accountId"),
            (
                request().parameter("accountId", "x").parameter("id", "x"),
                "it has accountId",
            ),
            (
                client()
                    .operation(&operations::ACCOUNTS_LIST)
                    .parameter("id", "x"),
                "none",
            ),
        ] {
            let problem = request.path().expect_err(said).to_string();
            assert!(problem.contains(said), "{problem}");
        }
    }

    #[tokio::test]
    async fn each_kind_of_response_has_its_method() {
        let raw = client().operation(&operations::RELAY_MESSAGES);
        let problem = raw.send::<Value>().await.expect_err("raw").to_string();
        assert!(problem.contains("send_raw"), "{problem}");
        let plain = client().operation(&operations::ACCOUNTS_LIST);
        let problem = plain.send_raw().await.expect_err("an envelope").to_string();
        assert!(problem.contains("use `send`"), "{problem}");
    }
}
