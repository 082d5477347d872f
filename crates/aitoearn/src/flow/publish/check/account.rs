//! Whether an account can be published to at all.

use super::{Finding, Report};
use crate::{
    IssueCode,
    types::{Account, AccountStatus, PlatformInfo, PlatformStatus},
};

pub(super) fn check(
    accounts: Option<&[Account]>,
    rules: Option<&PlatformInfo>,
    report: &mut Report<'_>,
) {
    if let Some(accounts) = accounts {
        check_account(accounts, report);
    }
    if let Some(rules) = rules {
        check_platform(rules, report);
    }
}

/// Whether the account is there, on the platform that was meant, and not offline.
fn check_account(accounts: &[Account], report: &mut Report<'_>) {
    let Some(account) = accounts.iter().find(|it| it.id == *report.account_id) else {
        let finding = Finding {
            code: IssueCode::AccountNotFound,
            limit: "an account of this key".to_owned(),
            value: "none with this id".to_owned(),
            remedy: "Connect the account, take an id from the list of accounts, or leave it out.",
        };
        return report.add("account", finding);
    };
    if account.type_ != *report.platform {
        let finding = Finding {
            code: IssueCode::AccountNotFound,
            limit: format!("an account on {}", report.platform),
            value: format!("one on {}", account.type_),
            remedy: "Add it by the item of its own platform.",
        };
        report.add("account", finding);
    }
    if account.status == AccountStatus::Offline {
        let finding = Finding {
            code: IssueCode::AccountOffline,
            limit: "an account that is online".to_owned(),
            value: "one that is offline".to_owned(),
            remedy: "Authorize the account again, or leave it out.",
        };
        report.add("account", finding);
    }
}

/// Whether this site publishes to the platform.
fn check_platform(rules: &PlatformInfo, report: &mut Report<'_>) {
    let value = match &rules.status {
        PlatformStatus::Unavailable | PlatformStatus::ComingSoon => {
            format!("one that is {}", rules.status)
        }
        _ if !rules.capabilities.publish.supported => "one that cannot be published to".to_owned(),
        _ => return,
    };
    let finding = Finding {
        code: IssueCode::PlatformUnavailable,
        limit: "a platform that this site publishes to".to_owned(),
        value,
        remedy: "Leave it out, or use the site that has the platform.",
    };
    report.add("platform", finding);
}
