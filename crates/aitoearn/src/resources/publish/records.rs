//! What is mended of the answers of `client.publish().records()`.

use crate::types::PublishRecord;

/// The record of an account that is gone has an empty id for it, which is none.
pub(crate) fn without_empty(mut record: PublishRecord) -> PublishRecord {
    record.account_id = record.account_id.filter(|id| !id.as_str().is_empty());
    record
}

/// The same of all records.
pub(crate) fn all_without_empty(records: Vec<PublishRecord>) -> Vec<PublishRecord> {
    records.into_iter().map(without_empty).collect()
}
