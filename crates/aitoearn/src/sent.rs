//! Sending a body that the API's description types too narrowly: tools and their results, options
//! that only the platform lists.

use aitoearn_api::{
    __private::{Pending, encode_segment},
    ClientHooks as _, ClientInfo as _, Operation, OperationInfo,
};
use serde::Serialize;

use crate::request::{Call, Reply};

/// A body as it is sent, whatever the operation's own type for it.
pub(crate) struct Sent<B> {
    pub(crate) operation: &'static Operation,
    /// What is in the path for `{model}`, where it has one.
    pub(crate) model: String,
    pub(crate) body: B,
}

impl<T: 'static, B: Serialize + Send + Sync> Call<T> for Sent<B> {
    fn call<'a>(&'a self, api: &'a aitoearn_api::Client) -> Pending<'a, Reply<T>> {
        Box::pin(async move {
            let model = encode_segment(&self.model);
            let path = self.operation.path.replace("{model}", &model);
            let url = format!("{}{path}", api.baseurl());
            let mut request = api.client().post(url).json(&self.body).build()?;
            let info = OperationInfo {
                operation_id: self.operation.name,
            };
            api.pre(&mut request, &info).await?;
            // Whatever comes, the layer above reads it.
            let response = api.exec(request, &info).await?;
            Err(aitoearn_api::Error::UnexpectedResponse(response))
        })
    }
}
