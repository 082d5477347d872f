//! `client.accounts()`: what depends on a platform's own filters.

use aitoearn_api::operations;

use crate::{
    AccountId, Accounts, Client, Request, input::path_segment, options::RequestOptions,
    request::request_methods, types::PublishOptionValues,
};

impl Accounts {
    /// What an account can choose for a publish option whose values depend on it,
    /// such as the category `tid` of bilibili or the board `boardId` of Pinterest.
    ///
    /// The fields are those of [`Platforms::publish_options`](crate::Platforms::publish_options).
    /// Values are texts even where the option wants a number, and a `disabled`
    /// one is only there to hold its children.
    ///
    /// Calls `GET /api/v2/channels/accounts/{accountId}/publish-options/{field}/values`.
    ///
    /// # Errors
    ///
    /// [`Code::ACCOUNT_NOT_FOUND`](crate::Code::ACCOUNT_NOT_FOUND);
    /// [`Code::CHANNEL_PLATFORM_OPERATION_NOT_SUPPORTED`](crate::Code::CHANNEL_PLATFORM_OPERATION_NOT_SUPPORTED)
    /// if the platform has no such field;
    /// [`Code::UNAUTHORIZED`](crate::Code::UNAUTHORIZED).
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
    /// let places = client
    ///     .accounts()
    ///     .option_values("instagram_123", "location_id")
    ///     .filter("keyword", "Lisbon")
    ///     .await?;
    /// for place in places.items {
    ///     println!("{} is sent as {}", place.label, place.value);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn option_values(
        &self,
        account_id: impl Into<AccountId>,
        field: impl Into<String>,
    ) -> OptionValues {
        OptionValues {
            client: self.client.clone(),
            options: RequestOptions::default(),
            account_id: account_id.into(),
            field: field.into(),
        }
    }
}

/// Values of a publish option that are ready to be asked for. Made by
/// [`Accounts::option_values`]; `.await` it.
///
/// ```no_run
/// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
/// let boards = client.accounts().option_values("pinterest_123", "boardId").filter("keyword", "kettles");
/// println!("{} boards", boards.await?.items.len());
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct OptionValues {
    client: Client,
    options: RequestOptions,
    account_id: AccountId,
    field: String,
}

impl OptionValues {
    /// Narrows the values down by a property of the field's `filter_schema`. An
    /// empty value is left out.
    pub fn filter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let value = value.into();
        if !value.is_empty() {
            self.options.set_query(name.into(), value);
        }
        self
    }

    fn into_request(self) -> Request<PublishOptionValues> {
        let path = path_segment("account_id", self.account_id)
            .and_then(|id| Ok((id, path_segment("field", self.field)?)));
        Request::new(
            &self.client,
            &operations::ACCOUNTS_OPTION_VALUES,
            path,
            |api, (id, field)| Box::pin(api.accounts_option_values(id, field)),
        )
        .with_options(self.options)
    }
}

request_methods!([] OptionValues => PublishOptionValues);
