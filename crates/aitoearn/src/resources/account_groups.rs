//! `client.account_groups()`: the order of accounts.

use aitoearn_api::operations;

use crate::{
    AccountGroups, AccountId, Error, GroupId, InputError, Request,
    input::{needed, object_id},
    types::{AccountGroupSortBody, AccountRank},
};

impl AccountGroups {
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
    /// # async fn example(client: aitoearn::Client, id: aitoearn::ids::GroupId) -> Result<(), aitoearn::Error> {
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
            let id = object_id("group_id", group_id.into(), GroupId::is_well_formed)?;
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
