//! `list_accounts` and `connect_account`.

use aitoearn::types::{AccountStatus, Platform};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::failure::Outcome;
use crate::mcp::answer::{Answer, NOTICE, UserText};
use crate::mcp::context::Context;
use crate::mcp::tool::{About, Effect, Tool};

use super::jobs::HandleText;

/// No picture of a code is bigger, in bytes of base64.
const LARGEST_PICTURE: usize = 2_000_000;

pub(super) fn tools() -> [Tool; 2] {
    [
        Tool::new(
            About {
                name: "list_accounts",
                title: "List accounts",
                description: "The connected accounts, with the ids that check_post and \
                    publish_post take. Use it before you publish. An account that is offline has \
                    to be connected again. Costs nothing.",
                effect: Effect::Reads,
            },
            list,
        ),
        Tool::new(
            About {
                name: "connect_account",
                title: "Connect an account",
                description: "Begins to connect an account of the user on a platform. Returns an \
                    address that the user opens in a browser, or a picture of a code that they \
                    scan, and a handle: call job_status with it to learn when they are done. It \
                    expires after about five minutes. Costs nothing.",
                effect: Effect::Adds,
            },
            connect,
        ),
    ]
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Filter {
    /// Only accounts on these platforms; all if left out.
    #[serde(default)]
    platforms: Vec<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct AccountLine {
    /// The id for other tools.
    account: String,
    platform: String,
    /// Whether it can be published to.
    online: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    followers: Option<i64>,
    user_text: UserText,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Accounts {
    accounts: Vec<AccountLine>,
    notice: &'static str,
}

async fn list(context: Context, filter: Filter) -> Outcome<Answer<Accounts>> {
    let mut request = context.session.client.accounts().list();
    if !filter.platforms.is_empty() {
        request = request.types(filter.platforms);
    }
    let found = request.await?.list;
    let line = |it: aitoearn::types::Account| AccountLine {
        account: it.id.to_string(),
        platform: it.type_.to_string(),
        online: it.status == AccountStatus::Usable,
        followers: it.fans_count,
        user_text: UserText {
            name: Some(it.nickname),
            ..UserText::default()
        },
    };
    let accounts: Vec<AccountLine> = found.into_iter().map(line).collect();
    let ids: Vec<String> = accounts
        .iter()
        .map(|it| {
            format!(
                "{}{}",
                it.account,
                if it.online { "" } else { " (offline)" }
            )
        })
        .collect();
    let text = match ids.len() {
        0 => "No account is connected; connect_account connects one.".to_owned(),
        count => format!("{count} accounts: {}.", ids.join(", ")),
    };
    let notice = NOTICE;
    Ok(Answer::new(text, Accounts { accounts, notice }))
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// The platform, as `list_platforms` names it.
    platform: String,
    /// Put the account into this group.
    #[serde(default)]
    group: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Begun {
    /// The address for the user to open; none if there is a picture to scan.
    #[serde(skip_serializing_if = "Option::is_none")]
    open: Option<String>,
    /// What the service says to the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    instructions: Option<String>,
    /// When it is too late.
    expires_at: String,
    /// For `job_status`.
    handle: HandleText,
}

async fn connect(context: Context, wanted: Wanted) -> Outcome<Answer<Begun>> {
    let client = &context.session.client;
    let mut connect = client
        .auth()
        .connect(Platform::from(wanted.platform.as_str()));
    if let Some(group) = wanted.group {
        connect = connect.group_id(group);
    }
    let connecting = connect.await?;
    let picture = if connecting.is_image() {
        picture(connecting.url())
    } else {
        None
    };
    let started = connecting.started();
    let text = match (&picture, connecting.is_image()) {
        (Some(_), _) => "Show the user the picture to scan with their phone",
        (None, true) => {
            "The service sent a picture that cannot be shown here; connect the account \
            on the service's own page"
        }
        (None, false) => "Ask the user to open the address in `open`",
    };
    let text = format!("{text}, then call job_status with the handle.");
    let begun = Begun {
        open: (!connecting.is_image()).then(|| connecting.url().to_owned()),
        instructions: started
            .auth_instructions
            .as_ref()
            .map(|it| it.en_us.clone()),
        expires_at: started.expires_at.to_string(),
        handle: HandleText::of(connecting.wait().handle()),
    };
    let answer = Answer::new(text, begun);
    Ok(match picture {
        Some((base64, media_type)) => answer.image(base64, media_type),
        None => answer,
    })
}

/// Base64 and media type of a `data:` address.
fn picture(url: &str) -> Option<(String, String)> {
    let (head, base64) = url.get(5..)?.split_once(',')?;
    let media_type = head.strip_suffix(";base64")?;
    let is_picture = ["image/png", "image/jpeg", "image/webp", "image/gif"].contains(&media_type);
    let is_base64 = base64
        .bytes()
        .all(|c| c.is_ascii_alphanumeric() || b"+/=".contains(&c));
    (is_picture && is_base64 && base64.len() <= LARGEST_PICTURE)
        .then(|| (base64.to_owned(), media_type.to_owned()))
}
