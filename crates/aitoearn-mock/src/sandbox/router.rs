//! The table of routes, and finding the one that a request means.

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::envelope::{Refusal, Reply};
use super::query::Query;
use super::routes;
use super::state::State;

/// Which credentials a route takes besides `X-Api-Key`, which every route takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// None: `X-Api-Key` or nothing.
    Key,
    /// Also `Authorization: Bearer`.
    Bearer,
    /// Also `x-goog-api-key`.
    Goog,
    /// Works without a key. A wrong one is refused all the same.
    Public,
}

/// A request that has found its route.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) params: Vec<(&'static str, String)>,
    pub(crate) query: Query,
    /// `{}` if the request has no JSON body.
    pub(crate) body: Value,
}

impl Call {
    /// A path parameter, decoded. Every name a handler asks for is in its route.
    pub(crate) fn param(&self, name: &str) -> &str {
        self.params
            .iter()
            .find(|(n, _)| *n == name)
            .map_or("", |(_, value)| value)
    }
}

pub(crate) type Handler = fn(&mut State, &Call) -> Result<Reply, Refusal>;

/// One operation of the service.
#[derive(Debug)]
pub(crate) struct Route {
    /// `resource_verb`.
    pub(crate) name: &'static str,
    pub(crate) method: &'static str,
    /// The template, `/api` included.
    pub(crate) path: &'static str,
    pub(crate) access: Access,
    pub(crate) handler: Handler,
}

/// All routes, fixed paths before those with parameters.
pub(crate) fn all() -> impl Iterator<Item = &'static Route> {
    [
        routes::platforms::ROUTES,
        routes::options::ROUTES,
        // Before the accounts: `accounts/auth/...` is not an account.
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
        .find_map(|route| Some((route, fit(route.path, path)?)))
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
    fn parameters_are_decoded_and_suffixes_are_kept_apart() {
        let params = fit("/x/{id}/y", "/x/a%2Fb%20c/y").expect("fits");
        assert_eq!(params, vec![("id", "a/b c".to_owned())]);
        let params = fit("/m/{model}:run", "/m/gem-1.5:run").expect("fits");
        assert_eq!(params, vec![("model", "gem-1.5".to_owned())]);
        assert_eq!(fit("/m/{model}:run", "/m/gem%3Arun"), None);
        assert_eq!(fit("/x/{id}", "/x/"), None);
    }
}
