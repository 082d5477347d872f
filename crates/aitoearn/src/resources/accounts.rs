//! `client.accounts()`

use aitoearn_api::operations;

use super::resource;
use crate::{
    AccountId, Client, Request,
    input::{needed_values, path_segment, query_values},
    options::RequestOptions,
    request::request_methods,
    types::{Account, AccountAuthStatus, AccountList, AccountStatus, Platform},
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
        Request::new(
            &self.client,
            &operations::ACCOUNTS_GET,
            id,
            |api, id| async move { api.accounts_get(&id).await },
        )
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
            |api, id| async move { api.accounts_auth_status(&id).await },
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
        Request::new(
            &self.client,
            &operations::ACCOUNTS_DELETE,
            id,
            |api, id| async move { api.accounts_delete(&id).await },
        )
        .map(drop)
    }

    /// Disconnects several accounts, 1 to 20 at once. Ids that are not the key
    /// owner's are passed over in silence.
    ///
    /// Calls `DELETE /api/v2/channels/accounts`.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`](crate::Error::InvalidInput) for no ids or too many;
    /// [`Code::UNAUTHORIZED`](crate::Code::UNAUTHORIZED).
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
    /// client.accounts().delete_many(["tiktok_123", "youtube_456"]).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn delete_many(&self, ids: impl IntoIterator<Item = impl Into<AccountId>>) -> Request<()> {
        let ids = needed_values("ids", ids.into_iter().map(Into::into).collect());
        Request::new(
            &self.client,
            &operations::ACCOUNTS_DELETE_MANY,
            ids,
            |api, ids| async move { api.accounts_delete_many(&ids).await },
        )
        .map(drop)
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
    /// Only the accounts with these ids, at most 20. None given means all.
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
        let status = self.status;
        let filters = query_values("ids", self.ids)
            .and_then(|ids| Ok((ids, query_values("types", self.types)?)));
        Request::new(
            &self.client,
            &operations::ACCOUNTS_LIST,
            filters,
            move |api, (ids, types)| async move {
                api.accounts_list(ids.as_ref(), status.as_ref(), types.as_ref())
                    .await
            },
        )
        .with_options(self.options)
    }
}
