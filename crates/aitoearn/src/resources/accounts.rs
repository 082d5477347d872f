//! `client.accounts()`

use aitoearn_api::operations;

use super::resource;
use crate::{
    Client, Request,
    input::{path_segment, query_values},
    options::RequestOptions,
    request::request_methods,
    types::{Account, AccountList, AccountStatus, Platform},
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
    pub fn get(&self, account_id: impl AsRef<str>) -> Request<Account> {
        let id = path_segment("account_id", account_id.as_ref());
        Request::new(
            &self.client,
            &operations::ACCOUNTS_GET,
            id,
            |api, id| async move { api.accounts_get(&id).await },
        )
    }
}

/// A list of accounts that is ready to be asked for. Made by [`Accounts::list`]; `.await` it.
#[derive(Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct ListAccounts {
    client: Client,
    options: RequestOptions,
    ids: Vec<String>,
    types: Vec<Platform>,
    status: Option<AccountStatus>,
}

request_methods!([] ListAccounts => AccountList);

impl ListAccounts {
    /// Only the accounts with these ids, at most 20. None given means all.
    pub fn ids(mut self, ids: impl IntoIterator<Item = impl Into<String>>) -> Self {
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
        let status = self.status.map(AccountStatus::value);
        let filters = query_values("ids", self.ids)
            .and_then(|ids| Ok((ids, query_values("types", self.types)?)));
        Request::new(
            &self.client,
            &operations::ACCOUNTS_LIST,
            filters,
            move |api, (ids, types)| async move {
                api.accounts_list(ids.as_ref(), status, types.as_ref())
                    .await
            },
        )
        .with_options(self.options)
    }
}
