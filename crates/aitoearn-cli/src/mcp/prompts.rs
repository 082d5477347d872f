//! Prompts that a host can offer its user.

use rmcp::ErrorData;
use rmcp::model::{GetPromptResult, JsonObject, Prompt, PromptArgument, PromptMessage, Role};

/// The prompts.
pub(super) fn all() -> Vec<Prompt> {
    let argument = |name: &str, what: &str, is_needed: bool| {
        PromptArgument::new(name)
            .with_description(what)
            .with_required(is_needed)
    };
    vec![
        Prompt::new(
            "plan_a_week",
            Some("Plan a week of posts for the connected accounts"),
            Some(vec![
                argument("topic", "What the posts are about", true),
                argument(
                    "accounts",
                    "Ids of accounts; all of them if left out",
                    false,
                ),
            ]),
        )
        .with_title("Plan a week"),
        Prompt::new(
            "check_this_post",
            Some("Hold a post against the rules of its platforms, and mend it"),
            Some(vec![
                argument("post", "Its title, text and files, in your own words", true),
                argument("accounts", "Ids of the accounts it is for", false),
            ]),
        )
        .with_title("Check this post"),
    ]
}

/// A prompt with its arguments.
///
/// # Errors
/// If there is no such prompt, or something is missing.
pub(super) fn get(name: &str, arguments: &JsonObject) -> Result<GetPromptResult, ErrorData> {
    let given = |name: &str| {
        let text = arguments.get(name).and_then(|it| it.as_str());
        text.map(str::trim).filter(|text| !text.is_empty())
    };
    let needed = |name: &str| {
        given(name).ok_or_else(|| {
            ErrorData::invalid_params(format!("the argument `{name}` is missing"), None)
        })
    };
    let accounts = match given("accounts") {
        Some(accounts) => format!("these accounts: {accounts}"),
        None => "all accounts that `list_accounts` shows online".to_owned(),
    };
    let text = match name {
        "plan_a_week" => format!(
            "Plan a week of posts about the topic below, for {accounts}.\n\
             Look at `list_posts` and `list_works` for what was posted and what did well, and at \
             `platform_rules` for what each platform takes. Show me a table with day, time, \
             account, title and what is to be seen. Hold each against its platform with \
             `check_post`. Publish nothing before I agree; then use `publish_post` with `at` and a \
             `flow_id` of your own for each post.\n\nThe topic:\n{}",
            needed("topic")?
        ),
        "check_this_post" => format!(
            "Check the post below for {accounts}.\n\
             Read `platform_rules`, call `check_post`, and tell me what breaks a rule and how you \
             would mend it. Publish nothing.\n\nThe post:\n{}",
            needed("post")?
        ),
        _ => {
            let what = "there is no such prompt; `prompts/list` has those that there are";
            return Err(ErrorData::invalid_params(what, None));
        }
    };
    Ok(GetPromptResult::new(vec![PromptMessage::new_text(
        Role::User,
        text,
    )]))
}
