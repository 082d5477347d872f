//! The state of the accounts that a flow is for.

use crate::{Client, FlowPart, types::Account};

/// Those of the accounts that exist. `None` if the service does not say: it checks all the same.
pub(super) async fn known(client: &Client, parts: &[FlowPart]) -> Option<Vec<Account>> {
    let ids = parts.iter().map(FlowPart::account_id);
    match client.accounts().list().ids(ids).await {
        Ok(accounts) => Some(accounts.list),
        Err(error) => {
            tracing::warn!(%error, "the accounts cannot be read; only the service checks them");
            None
        }
    }
}
