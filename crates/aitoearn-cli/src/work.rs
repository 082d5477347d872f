//! Works on the platforms: what the commands and the tools both ask about them.

use aitoearn::Client;
use aitoearn::types::{Platform, WorkMetrics};
use serde_json::{Map, Value};

use crate::failure::Outcome;

/// The platform of an account, which the service wants beside it.
pub(crate) async fn platform_of(client: &Client, account: &str) -> Outcome<Platform> {
    Ok(client.accounts().get(account).await?.type_)
}

/// The numbers of metrics by their names on the wire, which a newer service may have more of.
pub(crate) fn numbers(metrics: Option<&WorkMetrics>) -> Map<String, Value> {
    match metrics.map(serde_json::to_value) {
        Some(Ok(Value::Object(fields))) => fields
            .into_iter()
            .filter(|(_, it)| it.is_number())
            .collect(),
        _ => Map::new(),
    }
}
