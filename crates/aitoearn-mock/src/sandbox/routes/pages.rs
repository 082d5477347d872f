//! Numbered pages of a list.

use serde_json::{Value, json};

use crate::sandbox::envelope::{Refusal, Reply};
use crate::sandbox::query::Query;

/// The page that the query asks for: `page` from 1, `pageSize` up to 1000.
pub(crate) fn page<T>(
    query: &Query,
    items: &[T],
    write: impl Fn(&T) -> Value,
) -> Result<Reply, Refusal> {
    let page = query.count("page", 1, u64::MAX)?;
    let page_size = query.count("pageSize", 10, 1000)?;
    let index = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
    let skipped = index((page - 1).saturating_mul(page_size));
    let list: Vec<Value> = items
        .iter()
        .skip(skipped)
        .take(index(page_size))
        .map(write)
        .collect();
    let total = items.len() as u64;
    Ok(Reply::Data(json!({
        "page": page, "pageSize": page_size, "totalPages": total.div_ceil(page_size), "total": total, "list": list,
    })))
}
