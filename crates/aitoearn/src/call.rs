//! A call of a method of the generated client: what it is made with, and what it returns.

use aitoearn_api::{__private::Pending, ResponseValue};

/// What a method of the generated client returns.
pub(crate) type Reply<T> = Result<ResponseValue<T>, aitoearn_api::Error<()>>;

/// A method of the generated client with its input.
pub(crate) trait Call<T>: Send + Sync {
    fn call<'a>(&'a self, api: &'a aitoearn_api::Client) -> Pending<'a, Reply<T>>;
}

/// A method of the generated client, as a closure, with its input.
pub(crate) struct Method<I, F> {
    pub(crate) input: I,
    pub(crate) call: F,
}

impl<T, I, F> Call<T> for Method<I, F>
where
    I: Send + Sync,
    F: for<'a> Fn(&'a aitoearn_api::Client, &'a I) -> Pending<'a, Reply<T>> + Send + Sync,
{
    fn call<'a>(&'a self, api: &'a aitoearn_api::Client) -> Pending<'a, Reply<T>> {
        (self.call)(api, &self.input)
    }
}
