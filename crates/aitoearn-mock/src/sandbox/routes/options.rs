//! Option fields whose values are looked up: categories, boards, places.

use serde_json::{Value, json};

use super::auth::known_platform;
use crate::sandbox::envelope::{Refusal, Reply};
use crate::sandbox::route::{Access, Call, Route};
use crate::sandbox::schema;
use crate::sandbox::state::State;

pub(crate) const ROUTES: &[Route] = &[
    Route {
        name: "platforms_publish_options",
        method: "GET",
        path: "/api/v2/channels/platforms/{platform}/publish-options",
        access: Access::Key,
        handler: sources,
    },
    Route {
        name: "accounts_option_values",
        method: "GET",
        path: "/api/v2/channels/accounts/{accountId}/publish-options/{field}/values",
        access: Access::Key,
        handler: values,
    },
    Route {
        name: "accounts_option_create",
        method: "POST",
        path: "/api/v2/channels/accounts/{accountId}/publish-options/{field}/values",
        access: Access::Key,
        handler: create,
    },
];

/// What is said about a field; every field of the catalogue is here.
fn source(field: &str) -> Value {
    let keyword = json!({ "type": "object", "properties": { "keyword": { "type": "string" } } });
    match field {
        "tid" => json!({
            "field": field, "label": "Category", "valueType": "tree", "requiresAccount": true,
            "description": "The section of bilibili that the video belongs to",
        }),
        "categoryId" => json!({
            "field": field, "label": "Category", "valueType": "list", "requiresAccount": true,
            "description": "The YouTube category of the video",
        }),
        "location_id" => json!({
            "field": field, "label": "Place", "valueType": "list", "requiresAccount": true,
            "description": "The place that a Threads post is tagged with",
            "filterSchema": {
                "type": "object",
                "properties": {
                    "keyword": { "type": "string" },
                    "latitude": { "type": "number" },
                    "longitude": { "type": "number" },
                },
            },
        }),
        _ => json!({
            "field": field, "label": "Board", "valueType": "list", "requiresAccount": true,
            "description": "The Pinterest board that receives the pin",
            "filterSchema": keyword,
            "createSchema": board_schema(),
        }),
    }
}

fn board_schema() -> Value {
    json!({
        "type": "object",
        "properties": { "name": { "type": "string", "minLength": 1 }, "description": { "type": "string" } },
        "required": ["name"],
    })
}

/// The values of a field. They are text even where the option wants a number,
/// and in a tree only the leaves can be chosen.
fn items(state: &State, account_id: &str, field: &str) -> Vec<Value> {
    let item = |(value, label): (&str, &str)| json!({ "value": value, "label": label });
    match field {
        "tid" => {
            let leaf = |value: &str, label: &str| json!({ "value": value, "label": label, "extra": { "parent": 160 } });
            vec![json!({
                "value": "160", "label": "Life", "disabled": true,
                "children": [leaf("138", "Funny"), leaf("21", "Daily"), leaf("76", "Food")],
            })]
        }
        "categoryId" => [
            ("22", "People & Blogs"),
            ("26", "Howto & Style"),
            ("28", "Science & Technology"),
        ]
        .map(item)
        .into(),
        "location_id" => [
            ("1042", "Central Park"),
            ("1043", "Harbour Bridge"),
            ("1044", "Old Town"),
        ]
        .map(item)
        .into(),
        _ => {
            let made = state
                .boards
                .list
                .iter()
                .filter(|(account, ..)| account == account_id);
            [("549755885175", "Recipes"), ("549755885176", "Balcony")]
                .into_iter()
                .chain(made.map(|(_, id, name)| (id.as_str(), name.as_str())))
                .map(item)
                .collect()
        }
    }
}

fn sources(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let platform = known_platform(state, call.param("platform"))?;
    Ok(Reply::Data(
        platform.lookups.iter().map(|field| source(field)).collect(),
    ))
}

/// The field of the account's platform, or the code that says it has none.
fn field<'a>(state: &State, call: &'a Call) -> Result<&'a str, Refusal> {
    let platform = state.account(call.param("accountId"))?.platform;
    let field = call.param("field");
    if platform.lookups.contains(&field) {
        Ok(field)
    } else {
        Err(Refusal::with(
            15080,
            json!({ "platform": platform.id, "field": field }),
        ))
    }
}

fn values(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let field = field(state, call)?;
    let source = source(field);
    let mut items = items(state, call.param("accountId"), field);
    // Filters come as free parameters, named by the field's own schema.
    let wanted = call
        .query
        .texts()
        .find(|(name, _)| *name == "keyword" && source.get("filterSchema").is_some());
    if let Some((_, keyword)) = wanted {
        let keyword = keyword.to_lowercase();
        items.retain(|item| {
            item["label"]
                .as_str()
                .is_some_and(|label| label.to_lowercase().contains(&keyword))
        });
    }
    Ok(Reply::Data(
        json!({ "field": field, "valueType": source["valueType"], "items": items }),
    ))
}

fn create(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let field = field(state, call)?;
    let source = source(field);
    let Some(create) = source.get("createSchema") else {
        let platform = state.account(call.param("accountId"))?.platform.id;
        return Err(Refusal::with(
            15080,
            json!({ "platform": platform, "field": field }),
        ));
    };
    schema::check_value(create, &call.body, "body")?;
    let name = call.body["name"].as_str().unwrap_or_default().to_owned();
    let id = state.ids.digits(12);
    let item = json!({ "value": id, "label": name });
    state
        .boards
        .list
        .push((call.param("accountId").to_owned(), id, name));
    Ok(Reply::Data(
        json!({ "field": field, "valueType": source["valueType"], "item": item }),
    ))
}
