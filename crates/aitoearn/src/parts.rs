//! Calls with more values than one request may carry.

use std::{collections::HashSet, hash::Hash};

use aitoearn_api::{__private::Pending, Envelope, Mended, Operation};
use serde::de::DeserializeOwned;

use crate::{
    Client, Request, Response,
    call::Reply,
    error::{Attempted, Error},
    input::{self, MOST_QUERY_VALUES},
    local::{BoxFuture, boxed},
    request::Attempt,
};

/// The inputs of the requests that make up one call: one at least.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Parts<I> {
    first: I,
    rest: Vec<I>,
}

impl<I> Parts<I> {
    /// A single request after all.
    pub(crate) fn one(input: I) -> Self {
        Self {
            first: input,
            rest: Vec::new(),
        }
    }

    pub(crate) fn map<J>(self, mut make: impl FnMut(I) -> J) -> Parts<J> {
        Parts {
            first: make(self.first),
            rest: self.rest.into_iter().map(make).collect(),
        }
    }
}

/// The values of a repeated query parameter, as many in each part as the service
/// takes. What is named twice would come back twice if it fell into two parts.
pub(crate) fn of_values<T: Clone + Eq + Hash>(
    name: &'static str,
    mut values: Vec<T>,
) -> Result<Parts<Vec<T>>, Error> {
    let mut seen = HashSet::new();
    values.retain(|value| seen.insert(value.clone()));
    let mut rest = values.chunks(MOST_QUERY_VALUES).map(<[T]>::to_vec);
    let first = input::needed(name, rest.next().unwrap_or_default())?;
    Ok(Parts {
        first,
        rest: rest.collect(),
    })
}

impl<T: DeserializeOwned + Send + 'static> Request<T> {
    /// A call that one request may not be able to take: the parts go one after
    /// the other, and `join` puts together what they answer. Each attempt sends
    /// all of them, so the operation must be one that may be repeated.
    pub(crate) fn in_parts<I, F>(
        client: &Client,
        operation: &'static Operation,
        parts: Result<Parts<I>, Error>,
        call: F,
        join: fn(T, T) -> T,
    ) -> Self
    where
        I: Send + Sync + 'static,
        F: for<'a> Fn(&'a aitoearn_api::Client, &'a I) -> Pending<'a, Reply<Envelope<T>>>
            + Send
            + Sync
            + 'static,
    {
        match parts {
            Ok(parts) if !parts.rest.is_empty() => {
                Self::with_attempts(client, operation, Ok(InParts { parts, call, join }))
            }
            // Nearly always: nothing to put together.
            parts => Self::new(client, operation, parts.map(|parts| parts.first), call),
        }
    }
}

struct InParts<I, F, T> {
    parts: Parts<I>,
    call: F,
    join: fn(T, T) -> T,
}

impl<T, I, F> Attempt<T> for InParts<I, F, T>
where
    T: DeserializeOwned + Send + 'static,
    I: Send + Sync,
    F: for<'a> Fn(&'a aitoearn_api::Client, &'a I) -> Pending<'a, Reply<Envelope<T>>> + Send + Sync,
{
    fn attempt(&self, attempted: Box<Attempted>) -> BoxFuture<'_, Result<Response<T>, Error>> {
        let Self { parts, call, join } = self;
        boxed(async move {
            let api = &attempted.api;
            let mut whole = attempted.envelope(call(api, &parts.first)).await?;
            // What the context knows is of the last answer alone.
            let mut mended = Mended::default();
            for part in &parts.rest {
                mended.add(attempted.context().mended());
                let answer = attempted.envelope(call(api, part)).await?;
                whole.data = join(whole.data, answer.data);
                whole.request_id = answer.request_id;
            }
            let mut response = attempted.response(whole.data, whole.message, whole.request_id);
            if !mended.is_empty() {
                response.mend(mended);
            }
            Ok(response)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lists_fall_into_parts_that_name_each_value_once() {
        assert!(of_values::<u8>("ids", vec![]).is_err());
        let parts = of_values("ids", (0..45).chain([0, 44]).collect()).expect("some");
        assert_eq!(parts.first, (0..20).collect::<Vec<_>>());
        assert_eq!(
            parts.rest,
            [(20..40).collect::<Vec<_>>(), (40..45).collect::<Vec<_>>()]
        );
        assert!(of_values("ids", vec![1; 21]).expect("one").rest.is_empty());
    }
}
