//! Which credentials an operation wants, as the runtime's `Auth` spells it.

use serde_json::Value;

use super::literal;
use crate::rules::Rules;
use crate::spec::{Spec, elements, entries};

/// What an operation is sent with.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// A value of `Auth`, without the name of the type.
    pub(crate) auth: String,
    /// The schemes that the runtime cannot send.
    pub(crate) unknown: Vec<String>,
}

/// Of the alternatives in the operation's own `security`, or the document's, the first that the
/// runtime can send whole.
pub(crate) fn wanted(spec: &Spec, node: &Value, rules: &Rules) -> Wanted {
    let security = node.get("security").unwrap_or(&spec.doc["security"]);
    let nothing = || "None".to_owned();
    // A runtime with credentials of its own has one at a time.
    let is_any = rules.credentials.is_empty();
    let mut first: Option<Wanted> = None;
    let mut found: Option<String> = None;
    let mut is_optional = false;
    for alternative in elements(security) {
        let schemes: Vec<(&String, Option<String>)> = entries(alternative)
            .take(if is_any { usize::MAX } else { 1 })
            .map(|(name, _)| (name, of_scheme(spec, name, rules)))
            .collect();
        is_optional |= schemes.is_empty();
        let unknown = schemes.iter().filter(|(_, auth)| auth.is_none());
        let unknown: Vec<String> = unknown.map(|(name, _)| (*name).clone()).collect();
        let mut known: Vec<String> = schemes.into_iter().filter_map(|(_, auth)| auth).collect();
        // The credential that a client is made with is the token or the password, where there is one.
        known.sort_by_key(|auth| auth != "Bearer" && auth != "Basic");
        let auth = match known.as_slice() {
            [] => nothing(),
            [only] => only.clone(),
            all => format!(
                "All(&[{}])",
                all.iter()
                    .map(|auth| format!("Auth::{auth}"))
                    .collect::<Vec<_>>()
                    .join(", ")
            ),
        };
        if unknown.is_empty() && found.is_none() && auth != "None" {
            found = Some(auth.clone());
        }
        first.get_or_insert(Wanted { auth, unknown });
        if !is_any {
            break;
        }
    }
    match (found, is_optional) {
        (Some(auth), true) if is_any => Wanted {
            auth: format!("Optional(&Auth::{auth})"),
            unknown: Vec::new(),
        },
        (Some(auth), _) => Wanted {
            auth,
            unknown: Vec::new(),
        },
        // Without any it works as well.
        (None, true) => Wanted {
            auth: nothing(),
            unknown: Vec::new(),
        },
        (None, false) => first.unwrap_or_else(|| Wanted {
            auth: nothing(),
            unknown: Vec::new(),
        }),
    }
}

/// The variant for a scheme, if there is one.
fn of_scheme(spec: &Spec, name: &str, rules: &Rules) -> Option<String> {
    let scheme = &spec.doc["components"]["securitySchemes"][name];
    let is = |wanted: &str| {
        let scheme = scheme["scheme"].as_str().unwrap_or("bearer");
        scheme.eq_ignore_ascii_case(wanted)
    };
    let key = scheme["name"].as_str().unwrap_or_default();
    let header = key.to_ascii_lowercase();
    // A runtime with credentials of its own has those and no others.
    let is_any = rules.credentials.is_empty();
    let bearer = || Some("Bearer".to_owned());
    match (scheme["type"].as_str(), scheme["in"].as_str()) {
        (Some("oauth2" | "openIdConnect"), _) => bearer(),
        (Some("http"), _) if is("bearer") => bearer(),
        (Some("http"), _) if is("basic") && is_any => Some("Basic".to_owned()),
        (Some("apiKey"), None | Some("header")) if is_any => {
            Some(format!("Header({})", literal(&header)))
        }
        (Some("apiKey"), Some("query")) if is_any => Some(format!("Query({})", literal(key))),
        (Some("apiKey"), Some("cookie")) if is_any => Some(format!("Cookie({})", literal(key))),
        (Some("apiKey"), None | Some("header")) if header == "authorization" => bearer(),
        (Some("apiKey"), None | Some("header")) => rules.credentials.get(&header).cloned(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::spec;

    fn of(security: Value) -> Wanted {
        let mut spec = spec(json!({}), json!({}));
        spec.doc["components"]["securitySchemes"] = json!({
            "token": { "type": "http", "scheme": "bearer" },
            "shop": { "type": "apiKey", "in": "header", "name": "X-Shop" },
            "door": { "type": "http", "scheme": "Basic" },
            "digest": { "type": "http", "scheme": "digest" },
            "jar": { "type": "apiKey", "in": "cookie", "name": "jar" },
        });
        wanted(&spec, &json!({ "security": security }), &Rules::default())
    }

    #[test]
    fn all_of_one_alternative_and_the_first_that_can_be_sent() {
        for (security, auth) in [
            (
                json!([{ "shop": [], "token": [] }]),
                "All(&[Auth::Bearer, Auth::Header(\"x-shop\")])",
            ),
            (json!([{ "digest": [] }, { "token": [] }]), "Bearer"),
            (json!([{ "digest": [] }, { "door": [] }]), "Basic"),
            (json!([{ "jar": [] }]), "Cookie(\"jar\")"),
            (json!([{}, { "token": [] }]), "Optional(&Auth::Bearer)"),
            (json!([{ "digest": [] }, {}]), "None"),
            (json!([]), "None"),
        ] {
            let wanted = of(security.clone());
            assert_eq!(wanted.auth, auth, "{security}");
            assert!(wanted.unknown.is_empty(), "{security}");
        }
        let wanted = of(json!([{ "digest": [], "shop": [] }]));
        assert_eq!(wanted.auth, "Header(\"x-shop\")");
        assert_eq!(wanted.unknown, ["digest"]);
    }
}
