//! Who may call what.

use hyper::HeaderMap;

use super::route::Access;

/// Whether the request's credentials open a route.
///
/// `X-Api-Key` is looked at first, on every route, and a wrong one closes even
/// the public ones. The other headers count only where the route takes them.
pub(crate) fn admits(access: Access, headers: &HeaderMap, key: &str) -> bool {
    let header = |name: &str| headers.get(name).map(hyper::header::HeaderValue::as_bytes);
    if let Some(given) = header("x-api-key") {
        return given == key.as_bytes();
    }
    match access {
        Access::Public => true,
        Access::Key => false,
        // The scheme's spelling counts: `bearer` is not a scheme here.
        Access::Bearer => {
            header("authorization").and_then(|v| v.strip_prefix(b"Bearer ")) == Some(key.as_bytes())
        }
        Access::Goog => header("x-goog-api-key") == Some(key.as_bytes()),
    }
}

/// What a request that was not admitted lacks, for the log.
pub(crate) fn wanted(access: Access) -> &'static str {
    match access {
        Access::Key | Access::Public => "the sandbox's key is wanted in X-Api-Key",
        Access::Bearer => {
            "the sandbox's key is wanted in X-Api-Key, or in Authorization as `Bearer KEY`"
        }
        Access::Goog => "the sandbox's key is wanted in X-Api-Key or x-goog-api-key",
    }
}

/// The headers that can carry a key.
pub(crate) const CREDENTIALS: [&str; 3] = ["x-api-key", "authorization", "x-goog-api-key"];

#[cfg(test)]
mod tests {
    use super::*;
    use hyper::header::{HeaderName, HeaderValue};

    fn with(name: &'static str, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        )])
    }

    #[test]
    fn each_route_takes_its_own_headers() {
        let key = with("x-api-key", "k");
        for access in [Access::Key, Access::Bearer, Access::Goog, Access::Public] {
            assert!(admits(access, &key, "k"), "{access:?}");
            assert!(!admits(access, &key, "other"), "{access:?}");
        }
        let bearer = with("authorization", "Bearer k");
        assert!(admits(Access::Bearer, &bearer, "k"));
        assert!(!admits(Access::Key, &bearer, "k"));
        assert!(!admits(
            Access::Bearer,
            &with("authorization", "bearer k"),
            "k"
        ));
        let goog = with("x-goog-api-key", "k");
        assert!(admits(Access::Goog, &goog, "k"));
        assert!(!admits(Access::Key, &goog, "k"));
        assert!(admits(Access::Public, &HeaderMap::new(), "k"));
        assert!(!admits(Access::Key, &HeaderMap::new(), "k"));
    }
}
