//! Works, their analytics, and option values.

#![allow(clippy::unwrap_used)] // a test that cannot go on says so and stops

use crate::support::{Api, code, data};
use serde_json::{Value, json};

const WORKS: &str = "/api/v2/channels/works";

async fn works(api: &Api, platform: &str, account: &str, rest: &str) -> Value {
    api.get(&format!("{WORKS}/{platform}?accountId={account}{rest}"))
        .await
}

fn escape(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

#[tokio::test]
async fn cursors_lead_to_the_end_and_back() {
    let api = Api::new();
    let account = api.sandbox.accounts().add("facebook", "Maps").unwrap();
    let (mut ids, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = data(
            works(
                &api,
                "facebook",
                &account,
                &format!("&pagination[limit]=10{cursor}"),
            )
            .await,
        );
        ids.extend(
            page["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|item| item["platformWorkId"].clone()),
        );
        let Some(next) = page["pagination"]["nextCursor"].as_str() else {
            break;
        };
        cursor = format!("&pagination[cursor]={}", escape(next));
    }
    assert_eq!(ids.len(), 25);
    let last = data(
        works(
            &api,
            "facebook",
            &account,
            &format!("&pagination[limit]=10{cursor}"),
        )
        .await,
    );
    let back = escape(last["pagination"]["previousCursor"].as_str().unwrap());
    let rest =
        format!("&pagination[limit]=10&pagination[direction]=previous&pagination[cursor]={back}");
    let page = data(works(&api, "facebook", &account, &rest).await);
    assert_eq!(page["items"][0]["platformWorkId"], ids[10]);
}

#[tokio::test]
async fn each_platform_pages_in_its_own_way() {
    let api = Api::new();
    let add = |platform| api.sandbox.accounts().add(platform, "Maps").unwrap();
    let (tiktok, bilibili, linkedin) = (add("tiktok"), add("bilibili"), add("linkedin"));
    let paged = data(
        works(
            &api,
            "bilibili",
            &bilibili,
            "&pagination[page]=3&pagination[pageSize]=10",
        )
        .await,
    );
    assert_eq!(paged["items"].as_array().unwrap().len(), 5);
    assert_eq!(
        (
            &paged["pagination"]["total"],
            &paged["pagination"]["hasNext"]
        ),
        (&json!(25), &json!(false))
    );

    let page = "&pagination[page]=1&pagination[pageSize]=10";
    let refused = works(&api, "tiktok", &tiktok, page).await;
    assert_eq!(
        (code(&refused), &refused["data"]["expectedMode"]),
        (15088, &json!("cursor"))
    );
    assert_eq!(
        code(&works(&api, "bilibili", &bilibili, "&pagination[limit]=5").await),
        15088
    );
    let refused = works(&api, "tiktok", &tiktok, "&pagination[limit]=21").await;
    assert_eq!(
        (code(&refused), &refused["data"]["maxLimit"]),
        (15089, &json!(20))
    );
    let large = "&pagination[page]=1&pagination[pageSize]=51";
    assert_eq!(
        code(&works(&api, "bilibili", &bilibili, large).await),
        15090
    );
    let back = "&pagination[cursor]=after:20/%2B%3D&pagination[direction]=previous";
    assert_eq!(code(&works(&api, "tiktok", &tiktok, back).await), 15091);
    let unsupported = works(&api, "linkedin", &linkedin, "").await;
    assert_eq!(
        (code(&unsupported), &unsupported["data"]["platform"]),
        (15080, &json!("linkedin"))
    );
}

#[tokio::test]
async fn wrong_styles_are_refused_or_silently_ignored() {
    let api = Api::new();
    let account = api.sandbox.accounts().add("tiktok", "Maps").unwrap();
    for bad in [
        "&pagination={\"limit\":5}",
        "&pagination[page]=1",
        "&pagination[limit]=0",
        "&pagination[limit]=x",
        "&pagination[direction]=previous",
        "&pagination[direction]=sideways",
    ] {
        assert_eq!(
            code(&works(&api, "tiktok", &account, bad).await),
            400,
            "{bad}"
        );
    }
    let ignored = data(works(&api, "tiktok", &account, "&pagination.limit=5&limit=5").await);
    assert_eq!(ignored["items"].as_array().unwrap().len(), 20);
    assert_eq!(code(&api.get(&format!("{WORKS}/tiktok")).await), 400);
    assert_eq!(code(&works(&api, "TikTok", &account, "").await), 400);
    assert_eq!(code(&works(&api, "KWAI", &account, "").await), 15040);
    assert_eq!(code(&works(&api, "KWAI", "nobody", "").await), 12600);
}

#[tokio::test]
async fn details_and_analytics_with_their_soft_failures() {
    let api = Api::new();
    let account = api.sandbox.accounts().add("youtube", "Maps").unwrap();
    let first = data(works(&api, "youtube", &account, "").await)["items"][0].clone();
    let id = first["platformWorkId"].as_str().unwrap();
    let path = format!("{WORKS}/youtube/{id}");
    assert_eq!(code(&api.get(&path).await), 16037);
    let detail = data(api.get(&format!("{path}?accountId={account}")).await);
    assert_eq!(detail["work"]["id"], json!(id));
    let unknown = api
        .get(&format!("{WORKS}/youtube/nothing?accountId={account}"))
        .await;
    assert_eq!(
        (code(&unknown), &unknown["data"]["category"]),
        (15079, &json!("not_found"))
    );

    let soft = data(api.get(&format!("{path}/analytics")).await);
    assert_eq!(
        (&soft["snapshots"], soft["message"].is_string()),
        (&json!([]), true)
    );
    let full = data(
        api.get(&format!(
            "{path}/analytics?accountId={account}&since=2026-01-01T00:00:00Z"
        ))
        .await,
    );
    assert!(full["metrics"]["viewCount"].is_i64() && full.get("message").is_none());
    assert_eq!(
        code(&api.get(&format!("{path}/analytics?since=yesterday")).await),
        400
    );
    let soft = data(api.get(&format!("{WORKS}/xhs/1/analytics")).await);
    assert!(soft["message"].is_string());
}

#[tokio::test]
async fn links_and_ownership() {
    let api = Api::new();
    let account = api.sandbox.accounts().add("youtube", "Maps").unwrap();
    let other = api.sandbox.accounts().add("youtube", "Globes").unwrap();
    let first = data(works(&api, "youtube", &account, "").await)["items"][0].clone();
    let (id, link) = (
        first["platformWorkId"].as_str().unwrap(),
        first["url"].as_str().unwrap(),
    );
    let info = async |query: String| api.get(&format!("{WORKS}/link-info?{query}")).await;
    let known = data(info(format!("platform=youtube&link={}", escape(link))).await);
    assert_eq!(known["work"]["id"], json!(id));
    assert_eq!(
        code(&info("platform=youtube&link=hello".to_owned()).await),
        15036
    );
    assert_eq!(code(&info("platform=youtube".to_owned()).await), 400);
    assert_eq!(
        code(&info(format!("platform=YouTube&link={}", escape(link))).await),
        400
    );
    assert_eq!(
        code(
            &info(format!(
                "platform=tiktok&link={}&accountId={account}",
                escape(link)
            ))
            .await
        ),
        15040
    );

    let verify = async |who: &str| {
        api.post(
            &format!("{WORKS}/youtube/{id}/ownership/verify"),
            json!({ "candidateAccountId": who }),
        )
        .await
    };
    assert_eq!(data(verify(&account).await)["owned"], true);
    assert_eq!(data(verify(&other).await)["owned"], false);
    assert_eq!(code(&verify("nobody").await), 12600);
    assert_eq!(code(&verify("").await), 400);
}

#[tokio::test]
async fn option_values_are_looked_up_filtered_and_made() {
    let api = Api::new();
    let sources = async |platform: &str| {
        data(
            api.get(&format!(
                "/api/v2/channels/platforms/{platform}/publish-options"
            ))
            .await,
        )
    };
    assert_eq!(sources("tiktok").await, json!([]));
    assert_eq!(sources("bilibili").await[0]["valueType"], "tree");

    let account = api.sandbox.accounts().add("pinterest", "Maps").unwrap();
    let values = format!("/api/v2/channels/accounts/{account}/publish-options/boardId/values");
    assert_eq!(
        data(api.get(&format!("{values}?keyword=recip")).await)["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(code(&api.post(&values, json!({ "title": "x" })).await), 400);
    let made = data(api.post(&values, json!({ "name": "Atlases" })).await);
    let list = data(api.get(&values).await);
    assert!(list["items"].as_array().unwrap().contains(&made["item"]));
    let wrong = api.get(&values.replace("boardId", "tid")).await;
    assert_eq!(
        (code(&wrong), &wrong["data"]["field"]),
        (15080, &json!("tid"))
    );

    let account = api.sandbox.accounts().add("bilibili", "Maps").unwrap();
    let values = format!("/api/v2/channels/accounts/{account}/publish-options/tid/values");
    let tree = data(api.get(&values).await);
    assert_eq!(
        (
            &tree["items"][0]["disabled"],
            &tree["items"][0]["children"][0]["value"]
        ),
        (&json!(true), &json!("138"))
    );
    assert_eq!(
        code(&api.post(&values, json!({ "name": "x" })).await),
        15080
    );
}
