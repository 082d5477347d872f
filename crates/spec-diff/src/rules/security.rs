//! What can change about credentials and servers.

use super::{At, Row, schemas::table};
use crate::level::Direction::{Neutral, Request};
use crate::level::Grade::{Breaks, Info, Warning};

const fn operation(name: &'static str) -> Row {
    Row::new(name, At::Operation)
}

const fn document(name: &'static str) -> Row {
    Row::new(name, At::Document)
}

table! { SECURITY_ROWS:
    SECURITY_REQUIRED = operation("security-required")
        .plain(Request, Breaks, "requests without credentials are refused")
        .mirror("security-lifted")
        .case("{}", r#"{"security":[{"key":[]}]}"#)
        .quiet("{}", r#"{"security":[]}"#);
    SECURITY_LIFTED = operation("security-lifted")
        .plain(Request, Info, "requests with credentials are still accepted")
        .mirror("security-required")
        .case(r#"{"security":[{"key":[]}]}"#, "{}");
    SECURITY_ALTERNATIVE_ADDED = operation("security-alternative-added")
        .plain(Request, Info, "a further way to authenticate; one that is gone is a finding of its own")
        .mirror("security-alternative-removed")
        .case(r#"{"security":[{"key":[]}]}"#, r#"{"security":[{"key":[]},{"token":[]}]}"#)
        .quiet(r#"{"security":[{"key":[]},{"token":[]}]}"#, r#"{"security":[{"token":[]},{"key":[]}]}"#);
    SECURITY_ALTERNATIVE_REMOVED = operation("security-alternative-removed")
        .plain(Request, Breaks, "requests that authenticate in this way are refused")
        .mirror("security-alternative-added")
        .case(r#"{"security":[{"key":[]},{"token":[]}]}"#, r#"{"security":[{"key":[]}]}"#);
    SECURITY_SCOPE_ADDED = operation("security-scope-added")
        .plain(Request, Breaks, "credentials without the new scope are refused")
        .mirror("security-scope-removed")
        .case(r#"{"security":[{"token":["a"]}]}"#, r#"{"security":[{"token":["a","b"]}]}"#)
        .quiet(r#"{"security":[{"token":["a","b"]}]}"#, r#"{"security":[{"token":["b","a"]}]}"#);
    SECURITY_SCOPE_REMOVED = operation("security-scope-removed")
        .plain(Request, Info, "credentials with the scope are still accepted")
        .mirror("security-scope-added")
        .case(r#"{"security":[{"token":["a","b"]}]}"#, r#"{"security":[{"token":["a"]}]}"#);
    SCHEME_ADDED = document("security-scheme-added")
        .plain(Neutral, Info, "a further way to authenticate is described")
        .mirror("security-scheme-removed")
        .case(r#"{"paths":{}}"#, r#"{"paths":{},"components":{"securitySchemes":{"key":{"type":"http","scheme":"basic"}}}}"#);
    SCHEME_REMOVED = document("security-scheme-removed")
        .plain(Neutral, Info, "operations that required it have findings of their own")
        .mirror("security-scheme-added")
        .case(r#"{"paths":{},"components":{"securitySchemes":{"key":{"type":"http","scheme":"basic"}}}}"#, r#"{"paths":{}}"#);
    SCHEME_RENAMED = document("security-scheme-renamed")
        .plain(Neutral, Info, "the name of a scheme is not part of any request")
        .case(
            r#"{"paths":{},"components":{"securitySchemes":{"key":{"type":"http","scheme":"basic"}}}}"#,
            r#"{"paths":{},"components":{"securitySchemes":{"password":{"type":"http","scheme":"basic"}}}}"#,
        );
    SCHEME_CHANGED = document("security-scheme-changed")
        .plain(Request, Breaks, "credentials sent in the old way are not found or not understood")
        .case(
            r#"{"paths":{},"components":{"securitySchemes":{"key":{"type":"apiKey","in":"header","name":"a"}}}}"#,
            r#"{"paths":{},"components":{"securitySchemes":{"key":{"type":"apiKey","in":"header","name":"b"}}}}"#,
        )
        .quiet(
            r#"{"paths":{},"components":{"securitySchemes":{"key":{"type":"apiKey","in":"header","name":"a-b"}}}}"#,
            r#"{"paths":{},"components":{"securitySchemes":{"key":{"type":"apiKey","in":"header","name":"A-B"}}}}"#,
        );
    SCHEME_URL_CHANGED = document("security-scheme-url-changed")
        .plain(Request, Warning, "clients that have the old URL built in cannot get credentials there")
        .case(
            r#"{"paths":{},"components":{"securitySchemes":{"key":{"type":"openIdConnect","openIdConnectUrl":"https://a.example"}}}}"#,
            r#"{"paths":{},"components":{"securitySchemes":{"key":{"type":"openIdConnect","openIdConnectUrl":"https://b.example"}}}}"#,
        );
    SCHEME_FLOW_ADDED = document("security-scheme-flow-added")
        .plain(Neutral, Info, "a further way to get credentials")
        .mirror("security-scheme-flow-removed")
        .case(
            r#"{"paths":{},"components":{"securitySchemes":{"key":{"type":"oauth2","flows":{}}}}}"#,
            r#"{"paths":{},"components":{"securitySchemes":{"key":{"type":"oauth2","flows":{"implicit":{}}}}}}"#,
        );
    SCHEME_FLOW_REMOVED = document("security-scheme-flow-removed")
        .plain(Request, Warning, "clients that get their credentials in this way cannot get new ones")
        .mirror("security-scheme-flow-added")
        .case(
            r#"{"paths":{},"components":{"securitySchemes":{"key":{"type":"oauth2","flows":{"implicit":{}}}}}}"#,
            r#"{"paths":{},"components":{"securitySchemes":{"key":{"type":"oauth2","flows":{}}}}}"#,
        );
    SCHEME_SCOPE_ADDED = document("security-scheme-scope-added")
        .plain(Neutral, Info, "a further scope can be asked for")
        .mirror("security-scheme-scope-removed")
        .case(
            r#"{"paths":{},"components":{"securitySchemes":{"key":{"type":"oauth2","flows":{"implicit":{"scopes":{}}}}}}}"#,
            r#"{"paths":{},"components":{"securitySchemes":{"key":{"type":"oauth2","flows":{"implicit":{"scopes":{"a":"b"}}}}}}}"#,
        );
    SCHEME_SCOPE_REMOVED = document("security-scheme-scope-removed")
        .plain(Request, Warning, "clients that ask for the scope may be refused")
        .mirror("security-scheme-scope-added")
        .case(
            r#"{"paths":{},"components":{"securitySchemes":{"key":{"type":"oauth2","flows":{"implicit":{"scopes":{"a":"b"}}}}}}}"#,
            r#"{"paths":{},"components":{"securitySchemes":{"key":{"type":"oauth2","flows":{"implicit":{"scopes":{}}}}}}}"#,
        );
    SCHEME_SCOPE_CHANGED = document("security-scheme-scope-changed")
        .plain(Neutral, Info, "the scope is described in other words, and may mean something else")
        .case(
            r#"{"paths":{},"components":{"securitySchemes":{"key":{"type":"oauth2","flows":{"implicit":{"scopes":{"a":"b"}}}}}}}"#,
            r#"{"paths":{},"components":{"securitySchemes":{"key":{"type":"oauth2","flows":{"implicit":{"scopes":{"a":"c"}}}}}}}"#,
        );
    SERVER_ADDED = document("server-added")
        .plain(Neutral, Info, "a further address; one that is gone is a finding of its own")
        .mirror("server-removed")
        .case(r#"{"paths":{},"servers":[{"url":"https://a.example"}]}"#, r#"{"paths":{},"servers":[{"url":"https://a.example"},{"url":"https://b.example"}]}"#)
        .quiet(
            r#"{"paths":{},"servers":[{"url":"https://a.example"},{"url":"https://b.example"}]}"#,
            r#"{"paths":{},"servers":[{"url":"https://b.example/"},{"url":"https://a.example"}]}"#,
        );
    SERVER_REMOVED = document("server-removed")
        .plain(Request, Warning, "clients that have this address built in may not reach the service")
        .mirror("server-added")
        .case(r#"{"paths":{},"servers":[{"url":"https://a.example"},{"url":"https://b.example"}]}"#, r#"{"paths":{},"servers":[{"url":"https://a.example"}]}"#);
    SERVER_VARIABLE_CHANGED = document("server-variable-changed")
        .plain(Request, Warning, "the address is put together in another way")
        .case(
            r#"{"paths":{},"servers":[{"url":"https://{a}.example","variables":{"a":{"enum":["x","y"],"default":"x"}}}]}"#,
            r#"{"paths":{},"servers":[{"url":"https://{a}.example","variables":{"a":{"enum":["x","y"],"default":"y"}}}]}"#,
        )
        .quiet(
            r#"{"paths":{},"servers":[{"url":"https://{a}.example","variables":{"a":{"default":"x"}}}]}"#,
            r#"{"paths":{},"servers":[{"url":"https://x.example"}]}"#,
        );
}
