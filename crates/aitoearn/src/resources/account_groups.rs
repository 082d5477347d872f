//! `client.account_groups()`

use aitoearn_api::operations;
use serde_json::{Map, Value};

use super::resource;
use crate::{
    AccountId, Client, Error, GroupId, InputError, Request,
    input::{needed, needed_text, object_id},
    options::RequestOptions,
    parts,
    request::request_methods,
    types::{
        AccountGroup, AccountGroupCreateBody, AccountGroupSortBody, AccountGroupUpdateBody,
        AccountRank,
    },
};

resource! {
    /// The groups that accounts are sorted into. Made by [`Client::account_groups`].
    ///
    /// Every user has a default group, and every account is in exactly one group.
    AccountGroups
}

impl AccountGroups {
    /// All groups of the key's owner.
    ///
    /// Calls `GET /api/v2/channels/account-groups`.
    ///
    /// # Errors
    ///
    /// [`Code::UNAUTHORIZED`](crate::Code::UNAUTHORIZED) if the key is not valid at this site.
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
    /// let groups = client.account_groups().list().await?;
    /// let default = groups.iter().find(|group| group.is_default == Some(true));
    /// println!("{} groups, the default one is {default:?}", groups.len());
    /// # Ok(())
    /// # }
    /// ```
    pub fn list(&self) -> Request<Vec<AccountGroup>> {
        Request::new(
            &self.client,
            &operations::ACCOUNT_GROUPS_LIST,
            Ok(()),
            |api, ()| Box::pin(api.account_groups_list()),
        )
    }

    /// Adds a group. Its name must not be empty.
    ///
    /// Calls `POST /api/v2/channels/account-groups`.
    ///
    /// # Errors
    ///
    /// [`Error::Ambiguous`] if it is not known whether it was added: look for its
    /// name in the list.
    /// [`Code::ACCOUNT_GROUP_COUNTRY_CODE_INVALID`](crate::Code::ACCOUNT_GROUP_COUNTRY_CODE_INVALID);
    /// [`Code::UNAUTHORIZED`](crate::Code::UNAUTHORIZED).
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
    /// let group = client.account_groups().create("Europe").country_code("DE").await?;
    /// println!("{} has the id {}", group.name, group.id);
    /// # Ok(())
    /// # }
    /// ```
    pub fn create(&self, name: impl Into<String>) -> CreateAccountGroup {
        CreateAccountGroup {
            client: self.client.clone(),
            options: RequestOptions::default(),
            body: AccountGroupCreateBody {
                browser_config: Map::new(),
                country_code: None,
                ip: None,
                location: None,
                name: name.into(),
                proxy_ip: None,
                rank: None,
            },
        }
    }

    /// Changes what is set before it is sent, and leaves the rest as it is.
    ///
    /// Calls `PATCH /api/v2/channels/account-groups/{groupId}`.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] if the id is not 24 hexadecimal digits;
    /// [`Code::ACCOUNT_GROUP_NOT_FOUND`](crate::Code::ACCOUNT_GROUP_NOT_FOUND);
    /// [`Code::ACCOUNT_GROUP_COUNTRY_CODE_INVALID`](crate::Code::ACCOUNT_GROUP_COUNTRY_CODE_INVALID);
    /// [`Code::UNAUTHORIZED`](crate::Code::UNAUTHORIZED).
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client, id: aitoearn::GroupId) -> Result<(), aitoearn::Error> {
    /// client.account_groups().update(&id).name("EMEA").rank(2).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn update(&self, group_id: impl Into<GroupId>) -> UpdateAccountGroup {
        UpdateAccountGroup {
            client: self.client.clone(),
            options: RequestOptions::default(),
            group_id: group_id.into(),
            body: AccountGroupUpdateBody {
                browser_config: Map::new(),
                country_code: None,
                ip: None,
                location: None,
                name: None,
                proxy_ip: None,
                rank: None,
            },
        }
    }

    /// Deletes several groups. Ids that are not the key owner's are passed over
    /// in silence.
    ///
    /// The service takes 20 at once, so more of them go in several requests; if
    /// one of these fails, those before it have been done, and the call can be
    /// made again as it is.
    ///
    /// Calls `DELETE /api/v2/channels/account-groups`.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for no ids at all, or one that is not 24 hexadecimal digits;
    /// [`Code::ACCOUNT_GROUP_NOT_FOUND`](crate::Code::ACCOUNT_GROUP_NOT_FOUND) for
    /// the default group, which cannot be deleted;
    /// [`Code::UNAUTHORIZED`](crate::Code::UNAUTHORIZED).
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client, old: Vec<aitoearn::GroupId>) -> Result<(), aitoearn::Error> {
    /// client.account_groups().delete_many(old).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn delete_many(&self, ids: impl IntoIterator<Item = impl Into<GroupId>>) -> Request<()> {
        let ids: Result<Vec<_>, _> = ids.into_iter().map(|id| group("ids", id.into())).collect();
        Request::in_parts(
            &self.client,
            &operations::ACCOUNT_GROUPS_DELETE_MANY,
            ids.and_then(|ids| parts::of_values("ids", ids)),
            |api, ids| Box::pin(api.account_groups_delete_many(ids)),
            |_, last| last,
        )
        .map(drop)
    }

    /// Sets the positions of accounts in their group: the lower, the further up.
    ///
    /// Calls `PATCH /api/v2/channels/account-groups/{groupId}/accounts/rank`.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] if the group's id is not 24 hexadecimal digits, no
    /// account is named, or one is named twice;
    /// [`Code::UNAUTHORIZED`](crate::Code::UNAUTHORIZED).
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client, id: aitoearn::GroupId) -> Result<(), aitoearn::Error> {
    /// let order = ["tiktok_123", "youtube_456", "KWAI_789"];
    /// client.account_groups().sort(&id, order.into_iter().zip(1..)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn sort(
        &self,
        group_id: impl Into<GroupId>,
        positions: impl IntoIterator<Item = (impl Into<AccountId>, i64)>,
    ) -> Request<()> {
        let list: Vec<_> = positions
            .into_iter()
            .map(|(id, rank)| AccountRank {
                id: id.into(),
                rank,
            })
            .collect();
        let input = || -> Result<_, Error> {
            let list = needed("positions", list)?;
            let twice = list
                .iter()
                .enumerate()
                .find(|(index, account)| list[..*index].iter().any(|other| other.id == account.id));
            if let Some((_, account)) = twice {
                let problem = format!("has the account `{}` twice", account.id);
                return Err(InputError::new("positions", problem).into());
            }
            let id = group("group_id", group_id.into())?;
            Ok((id, AccountGroupSortBody { list }))
        };
        Request::new(
            &self.client,
            &operations::ACCOUNT_GROUPS_SORT_ACCOUNTS,
            input(),
            |api, (id, body)| Box::pin(api.account_groups_sort_accounts(id, body)),
        )
        .map(drop)
    }
}

fn group(name: &'static str, id: GroupId) -> Result<GroupId, Error> {
    object_id(name, id, GroupId::is_well_formed)
}

/// A group that is ready to be added. Made by [`AccountGroups::create`]; `.await` it.
#[derive(Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct CreateAccountGroup {
    client: Client,
    options: RequestOptions,
    body: AccountGroupCreateBody,
}

/// A change that is ready to be made. Made by [`AccountGroups::update`]; `.await` it.
#[derive(Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct UpdateAccountGroup {
    client: Client,
    options: RequestOptions,
    group_id: GroupId,
    body: AccountGroupUpdateBody,
}

request_methods!([] CreateAccountGroup => AccountGroup);
request_methods!([] UpdateAccountGroup => AccountGroup);

/// What can be set of a group, new or not.
macro_rules! group_methods {
    ($name:ident) => {
        impl $name {
            /// The country that its accounts are meant for, such as `DE`.
            pub fn country_code(mut self, code: impl Into<String>) -> Self {
                self.body.country_code = Some(code.into());
                self
            }

            /// The IP address that its accounts are used from.
            pub fn ip(mut self, address: impl Into<String>) -> Self {
                self.body.ip = Some(address.into());
                self
            }

            /// The place that its accounts are used from.
            pub fn location(mut self, place: impl Into<String>) -> Self {
                self.body.location = Some(place.into());
                self
            }

            /// The IP address of the proxy that its accounts are used through.
            pub fn proxy_ip(mut self, address: impl Into<String>) -> Self {
                self.body.proxy_ip = Some(address.into());
                self
            }

            /// Its position among the groups: the lower, the further up.
            pub fn rank(mut self, rank: i64) -> Self {
                self.body.rank = Some(rank);
                self
            }

            /// The fingerprint that its browser shows. Default: none.
            pub fn browser_config(mut self, config: Map<String, Value>) -> Self {
                self.body.browser_config = config;
                self
            }
        }
    };
}

group_methods!(CreateAccountGroup);
group_methods!(UpdateAccountGroup);

impl CreateAccountGroup {
    fn into_request(self) -> Request<AccountGroup> {
        let mut body = self.body;
        let input = || {
            body.name = needed_text("name", body.name)?;
            Ok(body)
        };
        Request::new(
            &self.client,
            &operations::ACCOUNT_GROUPS_CREATE,
            input(),
            |api, body| Box::pin(api.account_groups_create(body)),
        )
        .with_options(self.options)
    }
}

impl UpdateAccountGroup {
    /// Another name. It must not be empty.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.body.name = Some(name.into());
        self
    }

    fn into_request(self) -> Request<AccountGroup> {
        let mut body = self.body;
        let input = || {
            let id = group("group_id", self.group_id)?;
            body.name = body
                .name
                .map(|name| needed_text("name", name))
                .transpose()?;
            Ok((id, body))
        };
        Request::new(
            &self.client,
            &operations::ACCOUNT_GROUPS_UPDATE,
            input(),
            |api, (id, body)| Box::pin(api.account_groups_update(id, body)),
        )
        .with_options(self.options)
    }
}
