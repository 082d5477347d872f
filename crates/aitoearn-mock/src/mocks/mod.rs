//! Mocks of single operations, for tests that want to say every answer themselves.

mod answer;
mod calls;
mod when;

use aitoearn_api::Operation;

pub use answer::Answer;
pub use calls::Calls;
pub use when::When;

/// A server that answers what a test tells it to, operation by operation.
///
/// ```
/// use aitoearn_mock::{Code, MockServer, operations};
/// use serde_json::json;
///
/// let mock = MockServer::start();
/// let calls = mock
///     .when(&operations::ACCOUNTS_GET)
///     .path("accountId", "tiktok_1")
///     .fails(Code::ACCOUNT_NOT_FOUND);
/// mock.when(&operations::ACCOUNTS_LIST).ok(&json!({ "total": 0, "list": [] }));
///
/// // ... let the client under test loose on `mock.base_url()`, then:
/// calls.assert_never();
/// ```
///
/// Where several mocks fit a request, the one that was set up first answers.
/// A request that none fits gets an HTTP 404 without an envelope.
///
/// Underneath is an [`httpmock::MockServer`]; [`http`](Self::http) gives it
/// out for what goes beyond the API.
pub struct MockServer {
    server: httpmock::MockServer,
}

impl MockServer {
    /// Starts a server on a free port. It stops when it is dropped.
    pub fn start() -> Self {
        Self {
            server: httpmock::MockServer::start(),
        }
    }

    /// The origin to give to a client: `http://127.0.0.1:PORT`, without `/api`.
    pub fn base_url(&self) -> String {
        self.server.base_url()
    }

    /// The server underneath.
    pub fn http(&self) -> &httpmock::MockServer {
        &self.server
    }

    /// Begins a sentence: when this operation is called, ...
    ///
    /// The operations are the constants of [`aitoearn_api::operations`].
    pub fn when(&self, operation: &Operation) -> When<'_> {
        When::new(&self.server, *operation)
    }
}

impl std::fmt::Debug for MockServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MockServer")
            .field("base_url", &self.base_url())
            .finish()
    }
}
