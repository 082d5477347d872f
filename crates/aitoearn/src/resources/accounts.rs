//! `client.accounts()`

use aitoearn_api::operations;
use serde::Serialize;
use serde_json::Value;

use super::resource;
use crate::{
    AccountId, Client, Error, InputError, Request,
    input::{path_segment, query_values},
    options::RequestOptions,
    parts::{self, Parts},
    request::request_methods,
    types::{
        Account, AccountAuthStatus, AccountList, AccountStatus, AccountsListParams, Platform,
        PublishOptionCreatedValue, PublishOptionValues,
    },
};

resource! {
    /// The connected social accounts. Made by [`Client::accounts`].
    Accounts
}

impl Accounts {
    /// All accounts of the key's owner, or those that the filters leave.
    ///
    /// The service sends them all at once; with a filter at most 1000.
    ///
    /// Calls `GET /api/v2/channels/accounts`.
    ///
    /// # Errors
    ///
    /// [`Code::UNAUTHORIZED`](crate::Code::UNAUTHORIZED) if the key is not valid at this site.
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
    /// use aitoearn::types::{AccountStatus, Platform};
    ///
    /// let usable = client
    ///     .accounts()
    ///     .list()
    ///     .types([Platform::Tiktok, Platform::Youtube])
    ///     .status(AccountStatus::Usable)
    ///     .await?;
    /// println!("{} accounts", usable.total);
    /// # Ok(())
    /// # }
    /// ```
    pub fn list(&self) -> ListAccounts {
        ListAccounts {
            client: self.client.clone(),
            options: RequestOptions::default(),
            ids: Vec::new(),
            types: Vec::new(),
            status: None,
        }
    }

    /// One account. Its id looks like `tiktok_123`; case matters.
    ///
    /// Calls `GET /api/v2/channels/accounts/{accountId}`.
    ///
    /// # Errors
    ///
    /// [`Code::ACCOUNT_NOT_FOUND`](crate::Code::ACCOUNT_NOT_FOUND) if there is
    /// none with this id, or it is another user's;
    /// [`Code::UNAUTHORIZED`](crate::Code::UNAUTHORIZED).
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
    /// let account = client.accounts().get("tiktok_123").await?;
    /// println!("{} is {}", account.nickname, account.status);
    /// # Ok(())
    /// # }
    /// ```
    pub fn get(&self, account_id: impl Into<AccountId>) -> Request<Account> {
        let id = path_segment("account_id", account_id.into());
        Request::new(&self.client, &operations::ACCOUNTS_GET, id, |api, id| {
            Box::pin(api.accounts_get(id))
        })
    }

    /// Whether an account's authorization still holds.
    ///
    /// An account that is offline needs a new authorization, see
    /// [`Client::auth`].
    ///
    /// Calls `GET /api/v2/channels/accounts/{accountId}/auth-status`.
    ///
    /// # Errors
    ///
    /// [`Code::ACCOUNT_NOT_FOUND`](crate::Code::ACCOUNT_NOT_FOUND);
    /// [`Code::UNAUTHORIZED`](crate::Code::UNAUTHORIZED).
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
    /// use aitoearn::types::AccountStatus;
    ///
    /// let state = client.accounts().auth_status("tiktok_123").await?;
    /// if state.status != AccountStatus::Usable {
    ///     println!("please connect the account again");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn auth_status(&self, account_id: impl Into<AccountId>) -> Request<AccountAuthStatus> {
        let id = path_segment("account_id", account_id.into());
        Request::new(
            &self.client,
            &operations::ACCOUNTS_AUTH_STATUS,
            id,
            |api, id| Box::pin(api.accounts_auth_status(id)),
        )
    }

    /// Disconnects an account from AiToEarn. What waits to be published through
    /// it will not be.
    ///
    /// Repeated like a read if the answer is lost, so that the account may be
    /// reported as not found although this very call removed it.
    ///
    /// Calls `DELETE /api/v2/channels/accounts/{accountId}`.
    ///
    /// # Errors
    ///
    /// [`Code::ACCOUNT_NOT_FOUND`](crate::Code::ACCOUNT_NOT_FOUND);
    /// [`Code::UNAUTHORIZED`](crate::Code::UNAUTHORIZED).
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
    /// client.accounts().delete("tiktok_123").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn delete(&self, account_id: impl Into<AccountId>) -> Request<()> {
        let id = path_segment("account_id", account_id.into());
        Request::new(&self.client, &operations::ACCOUNTS_DELETE, id, |api, id| {
            Box::pin(api.accounts_delete(id))
        })
        .map(drop)
    }

    /// Disconnects several accounts. Ids that are not the key owner's are passed
    /// over in silence.
    ///
    /// The service takes 20 at once, so more of them go in several requests; if
    /// one of these fails, those before it have been done, and the call can be
    /// made again as it is.
    ///
    /// Calls `DELETE /api/v2/channels/accounts`.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`](crate::Error::InvalidInput) for no ids at all;
    /// [`Code::UNAUTHORIZED`](crate::Code::UNAUTHORIZED).
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
    /// client.accounts().delete_many(["tiktok_123", "youtube_456"]).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn delete_many(&self, ids: impl IntoIterator<Item = impl Into<AccountId>>) -> Request<()> {
        Request::in_parts(
            &self.client,
            &operations::ACCOUNTS_DELETE_MANY,
            parts::of_values("ids", ids.into_iter().map(Into::into).collect()),
            |api, ids| Box::pin(api.accounts_delete_many(ids)),
            |_, last| last,
        )
        .map(drop)
    }

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

    /// Creates something that can be chosen afterwards, such as a Pinterest board,
    /// where the field has a `create_schema`. `value` is what that schema asks
    /// for: a `serde_json::json!({..})`, or a struct of yours.
    ///
    /// Calls `POST /api/v2/channels/accounts/{accountId}/publish-options/{field}/values`.
    ///
    /// # Errors
    ///
    /// [`Error::Ambiguous`] if it is not known whether it was created: see
    /// [`option_values`](Self::option_values).
    /// [`Error::InvalidInput`] if `value` does not become a JSON object;
    /// [`Code::ACCOUNT_NOT_FOUND`](crate::Code::ACCOUNT_NOT_FOUND);
    /// [`Code::CHANNEL_PLATFORM_OPERATION_NOT_SUPPORTED`](crate::Code::CHANNEL_PLATFORM_OPERATION_NOT_SUPPORTED);
    /// [`Code::UNAUTHORIZED`](crate::Code::UNAUTHORIZED).
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
    /// use std::collections::HashMap;
    ///
    /// let board = client
    ///     .accounts()
    ///     .create_option_value("pinterest_123", "boardId", HashMap::from([("name", "Maps")]))
    ///     .await?;
    /// println!("the board's id is {}", board.item.value);
    /// # Ok(())
    /// # }
    /// ```
    pub fn create_option_value(
        &self,
        account_id: impl Into<AccountId>,
        field: impl Into<String>,
        value: impl Serialize,
    ) -> Request<PublishOptionCreatedValue> {
        let body = match serde_json::to_value(value) {
            Ok(Value::Object(body)) => Ok(body),
            _ => Err(InputError::new("value", "is no JSON object")),
        };
        let input = || -> Result<_, Error> {
            let account_id = path_segment("account_id", account_id.into())?;
            Ok((account_id, path_segment("field", field.into())?, body?))
        };
        Request::new(
            &self.client,
            &operations::ACCOUNTS_OPTION_CREATE,
            input(),
            |api, (id, field, body)| Box::pin(api.accounts_option_create(id, field, body)),
        )
    }
}

/// A list of accounts that is ready to be asked for. Made by [`Accounts::list`]; `.await` it.
#[derive(Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct ListAccounts {
    client: Client,
    options: RequestOptions,
    ids: Vec<AccountId>,
    types: Vec<Platform>,
    status: Option<AccountStatus>,
}

request_methods!([] ListAccounts => AccountList);

impl ListAccounts {
    /// Only the accounts with these ids. None given means all.
    ///
    /// The service takes 20 at once; for more of them it is asked several times,
    /// and the answers are put together.
    pub fn ids(mut self, ids: impl IntoIterator<Item = impl Into<AccountId>>) -> Self {
        self.ids = ids.into_iter().map(Into::into).collect();
        self
    }

    /// Only the accounts on these platforms, at most 20. None given means all.
    pub fn types(mut self, types: impl IntoIterator<Item = impl Into<Platform>>) -> Self {
        self.types = types.into_iter().map(Into::into).collect();
        self
    }

    /// Only the accounts in this state.
    pub fn status(mut self, status: AccountStatus) -> Self {
        self.status = Some(status);
        self
    }

    fn into_request(self) -> Request<AccountList> {
        let filters = || {
            let mut params = AccountsListParams::default();
            params.status = self.status;
            params.types = query_values("types", self.types)?;
            if self.ids.is_empty() {
                return Ok(Parts::one(params));
            }
            let ids = parts::of_values("ids", self.ids)?;
            Ok(ids.map(|ids| {
                let mut part = params.clone();
                part.ids = Some(ids);
                part
            }))
        };
        Request::in_parts(
            &self.client,
            &operations::ACCOUNTS_LIST,
            filters(),
            |api, params| Box::pin(api.accounts_list(params)),
            |mut all, next| {
                all.total += next.total;
                all.list.extend(next.list);
                all
            },
        )
        .with_options(self.options)
    }
}

/// Values of a publish option that are ready to be asked for. Made by
/// [`Accounts::option_values`]; `.await` it.
#[derive(Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct OptionValues {
    client: Client,
    options: RequestOptions,
    account_id: AccountId,
    field: String,
}

request_methods!([] OptionValues => PublishOptionValues);

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
