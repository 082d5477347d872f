//! The table of routes, and finding the one that a request means.

use std::sync::LazyLock;

use aitoearn_api::{Auth, operations};
use percent_encoding::percent_decode_str;

use super::envelope::{Refusal, Reply};
use super::route::{Access, Call, Route};
use super::routes;
use super::state::State;
use crate::examples;

/// All routes: those with a state behind them, then those that nobody has given one yet.
pub(crate) fn all() -> impl Iterator<Item = &'static Route> {
    with_state().chain(WITHOUT_STATE.iter())
}

static WITHOUT_STATE: LazyLock<Vec<Route>> =
    LazyLock::new(|| without_state(|name| with_state().any(|route| route.name == name)));

/// Whether a route answers with the description's example, and remembers nothing.
pub(crate) fn is_example(route: &Route) -> bool {
    WITHOUT_STATE.iter().any(|it| it.name == route.name)
}

/// Routes for the operations of the client that have none.
fn without_state(has_route: impl Fn(&str) -> bool) -> Vec<Route> {
    let new = operations::ALL.iter().filter(|it| !has_route(it.name));
    new.map(|operation| Route {
        name: operation.name,
        method: operation.method.as_str(),
        path: operation.path,
        access: match operation.auth {
            Auth::None => Access::Public,
            Auth::ApiKey => Access::Key,
            Auth::Bearer => Access::Bearer,
            Auth::GoogApiKey => Access::Goog,
        },
        handler: example,
    })
    .collect()
}

/// The description's first example of a success.
#[allow(clippy::unnecessary_wraps)] // every handler has this shape
fn example(_: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let operation = operations::by_name(call.name);
    let mut examples = operation.map(examples::of).unwrap_or_default().into_iter();
    let success = examples.find(|(_, body)| body["code"].as_i64().unwrap_or(0) == 0);
    Ok(match success {
        Some((_, body)) if body["code"] == 0 => Reply::Data(body["data"].clone()),
        Some((_, body)) => Reply::Plain(body.clone()),
        None => Reply::Nothing,
    })
}

/// The routes that `routes/` has.
fn with_state() -> impl Iterator<Item = &'static Route> {
    [
        routes::platforms::ROUTES,
        routes::options::ROUTES,
        routes::auth::ROUTES,
        routes::accounts::ROUTES,
        routes::groups::ROUTES,
        routes::publish::ROUTES,
        routes::records::ROUTES,
        routes::offline_qr::ROUTES,
        routes::works::ROUTES,
        routes::assets::ROUTES,
        routes::models::ROUTES,
        routes::video::ROUTES,
        routes::volcengine::groups::ROUTES,
        routes::volcengine::assets::ROUTES,
        routes::volcengine::validations::ROUTES,
        routes::images::ROUTES,
        routes::relays::ROUTES,
    ]
    .into_iter()
    .flatten()
}

/// The route for a method and a raw path, with the path's parameters.
pub(crate) fn find(
    method: &str,
    path: &str,
) -> Option<(&'static Route, Vec<(&'static str, String)>)> {
    // One slash at the end is forgiven, two in a row are not.
    let path = path.strip_suffix('/').unwrap_or(path);
    all()
        .filter(|route| route.method == method)
        .filter_map(|route| Some((route, fit(route.path, path)?)))
        // `works/link-info` is not a platform.
        .min_by_key(|(_, params)| params.len())
}

fn fit(template: &'static str, path: &str) -> Option<Vec<(&'static str, String)>> {
    let mut params = Vec::new();
    let mut wanted = template.split('/');
    let mut given = path.split('/');
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return Some(params),
            (Some(want), Some(have)) => match want.strip_prefix('{') {
                None if want.eq_ignore_ascii_case(have) => {}
                None => return None,
                Some(rest) => {
                    let (name, suffix) = rest.split_once('}')?;
                    let value = have
                        .strip_suffix(suffix)
                        .filter(|value| !value.is_empty())?;
                    params.push((
                        name,
                        percent_decode_str(value).decode_utf8_lossy().into_owned(),
                    ));
                }
            },
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::query::Query;
    use serde_json::Value;

    fn name(method: &str, path: &str) -> Option<&'static str> {
        find(method, path).map(|(route, _)| route.name)
    }

    #[test]
    fn slashes_and_case_as_the_service_takes_them() {
        assert_eq!(
            name("GET", "/api/v2/channels/accounts"),
            Some("accounts_list")
        );
        assert_eq!(
            name("GET", "/api/v2/channels/accounts/"),
            Some("accounts_list")
        );
        assert_eq!(
            name("GET", "/api/V2/Channels/accounts"),
            Some("accounts_list")
        );
        assert_eq!(name("GET", "/api//v2/channels/accounts"), None);
        assert_eq!(name("PUT", "/api/v2/channels/accounts"), None);
    }

    #[test]
    fn an_operation_without_a_state_answers_with_its_example() {
        let new = without_state(|name| !["accounts_get", "volcengine_video_get"].contains(&name));
        let paths: Vec<_> = new.iter().map(|route| (route.method, route.path)).collect();
        assert_eq!(
            paths,
            [
                ("GET", "/api/v2/channels/accounts/{accountId}"),
                ("GET", "/api/ai/v3/contents/generations/tasks/{taskId}")
            ]
        );
        let mut state = State::new(
            crate::sandbox::clock::Clock::default(),
            String::new(),
            String::new(),
        );
        let mut answer = |route: &Route| {
            let call = Call {
                name: route.name,
                params: Vec::new(),
                query: Query::default(),
                body: Value::Null,
            };
            (route.handler)(&mut state, &call)
        };
        assert!(matches!(answer(&new[0]), Ok(Reply::Data(data)) if data["id"].is_string()));
        assert!(matches!(answer(&new[1]), Ok(Reply::Plain(body)) if body["status"] == "succeeded"));
        assert!(
            all().all(|route| !is_example(route)),
            "all that there are have one"
        );
    }

    #[test]
    fn parameters_are_decoded_and_suffixes_are_kept_apart() {
        let params = fit("/x/{id}/y", "/x/a%2Fb%20c/y").expect("fits");
        assert_eq!(params, vec![("id", "a/b c".to_owned())]);
        let params = fit("/m/{model}:run", "/m/gem-1.5:run").expect("fits");
        assert_eq!(params, vec![("model", "gem-1.5".to_owned())]);
        assert_eq!(fit("/m/{model}:run", "/m/gem%3Arun"), None);
        assert_eq!(fit("/x/{id}", "/x/"), None);
    }
}
