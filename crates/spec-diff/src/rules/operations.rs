//! What can change about paths, operations, webhooks and callbacks as such.

use super::{At, Row, schemas::table};
use crate::level::Direction::{Neutral, Request, Response};
use crate::level::Grade::{Breaks, Info, Undecidable, Warning};

const fn operation(name: &'static str) -> Row {
    Row::new(name, At::Operation)
}

const fn document(name: &'static str) -> Row {
    Row::new(name, At::Document)
}

const NONE: &str = r#"{"paths":{}}"#;
const GET_A: &str = r#"{"paths":{"/a":{"get":{"responses":{}}}}}"#;
const OLD_A: &str = r#"{"paths":{"/a":{"get":{"deprecated":true,"responses":{}}}}}"#;
const SOON_A: &str =
    r#"{"paths":{"/a":{"get":{"deprecated":true,"x-sunset":"9999-01-01","responses":{}}}}}"#;
const HOOK: &str = r#"{"webhooks":{"made":{"post":{"responses":{}}}}}"#;
const NO_HOOK: &str = r#"{"webhooks":{}}"#;
const CALLBACK: &str =
    r#"{"callbacks":{"done":{"{$request.body#/url}":{"post":{"responses":{}}}}}}"#;

table! { OPERATION_ROWS:
    ENDPOINT_ADDED = document("endpoint-added")
        .plain(Neutral, Info, "nobody calls it yet")
        .mirror("endpoint-removed")
        .case(NONE, GET_A);
    ENDPOINT_REMOVED = document("endpoint-removed")
        .plain(Request, Breaks, "requests to it fail")
        .mirror("endpoint-added")
        .case(GET_A, NONE)
        .quiet(
            r#"{"paths":{"/a":{"get":{"responses":{}}},"/b":{"get":{"responses":{}}}}}"#,
            r#"{"paths":{"/b":{"get":{"responses":{}}},"/a":{"get":{"responses":{}}}}}"#,
        );
    DEPRECATED_ENDPOINT_REMOVED = document("deprecated-endpoint-removed")
        .plain(Request, Warning, "it was announced as deprecated; requests to it fail from now on")
        .mirror("endpoint-added")
        .case(OLD_A, NONE);
    ENDPOINT_REMOVED_EARLY = document("endpoint-removed-before-sunset")
        .plain(Request, Breaks, "requests to it fail before the day that was announced")
        .mirror("endpoint-added")
        .case(SOON_A, NONE);
    PATH_RENAMED = document("path-renamed")
        .plain(Request, Breaks, "requests to the old path fail; the operationId proves that it is the same operation")
        .case(
            r#"{"paths":{"/a":{"get":{"operationId":"x","responses":{}}}}}"#,
            r#"{"paths":{"/b":{"get":{"operationId":"x","responses":{}}}}}"#,
        );
    PATH_PARAMETER_RENAMED = document("path-parameter-renamed")
        .plain(Request, Info, "the name of a path parameter is not part of any request")
        .case(
            r#"{"paths":{"/a/{x}":{"get":{"parameters":[{"in":"path","name":"x","required":true}],"responses":{}}}}}"#,
            r#"{"paths":{"/a/{y}":{"get":{"parameters":[{"in":"path","name":"y","required":true}],"responses":{}}}}}"#,
        );
    OPERATION_ID_ADDED = operation("operation-id-added")
        .plain(Neutral, Info, "the operationId is not part of any request, but generated code is named by it")
        .mirror("operation-id-removed")
        .case("{}", r#"{"operationId":"x"}"#);
    OPERATION_ID_REMOVED = operation("operation-id-removed")
        .plain(Neutral, Info, "the operationId is not part of any request, but generated code is named by it")
        .mirror("operation-id-added")
        .case(r#"{"operationId":"x"}"#, "{}");
    OPERATION_ID_CHANGED = operation("operation-id-changed")
        .plain(Neutral, Info, "the operationId is not part of any request, but generated code is named by it")
        .case(r#"{"operationId":"x"}"#, r#"{"operationId":"y"}"#);
    TAG_ADDED = operation("tag-added")
        .plain(Neutral, Info, "tags group operations for people and generators")
        .mirror("tag-removed")
        .case("{}", r#"{"tags":["a"]}"#)
        .quiet(r#"{"tags":["a","b"]}"#, r#"{"tags":["b","a"]}"#);
    TAG_REMOVED = operation("tag-removed")
        .plain(Neutral, Info, "tags group operations for people and generators")
        .mirror("tag-added")
        .case(r#"{"tags":["a"]}"#, "{}");
    ENDPOINT_DEPRECATED = operation("endpoint-deprecated")
        .plain(Neutral, Info, "it works as before; plan to stop calling it")
        .mirror("endpoint-reactivated")
        .case("{}", r#"{"deprecated":true}"#)
        .quiet("{}", r#"{"deprecated":false}"#);
    ENDPOINT_REACTIVATED = operation("endpoint-reactivated")
        .plain(Neutral, Info, "it is here to stay")
        .mirror("endpoint-deprecated")
        .case(r#"{"deprecated":true}"#, "{}");
    SUNSET_ADDED = operation("sunset-added")
        .plain(Neutral, Info, "the last day of the operation is known")
        .mirror("sunset-removed")
        .case(r#"{"deprecated":true}"#, r#"{"deprecated":true,"x-sunset":"2030-01-01"}"#);
    SUNSET_REMOVED = operation("sunset-removed")
        .plain(Request, Breaks, "requests were promised to work until that day, and now may end on any")
        .mirror("sunset-added")
        .case(r#"{"deprecated":true,"x-sunset":"2030-01-01"}"#, r#"{"deprecated":true}"#);
    SUNSET_LATER = operation("sunset-later")
        .plain(Neutral, Info, "there is more time than announced")
        .mirror("sunset-earlier")
        .case(
            r#"{"deprecated":true,"x-sunset":"2030-01-01"}"#,
            r#"{"deprecated":true,"x-sunset":"2031-01-01"}"#,
        );
    SUNSET_EARLIER = operation("sunset-earlier")
        .plain(Request, Breaks, "requests were promised to work until a later day")
        .mirror("sunset-later")
        .case(
            r#"{"deprecated":true,"x-sunset":"2031-01-01"}"#,
            r#"{"deprecated":true,"x-sunset":"2030-01-01"}"#,
        );
    SUNSET_INVALID = operation("sunset-invalid")
        .plain(Request, Breaks, "an end is announced on a day that nobody can read, so requests may fail on any")
        .mirror("endpoint-reactivated")
        .case("{}", r#"{"deprecated":true,"x-sunset":"soon"}"#)
        .quiet(r#"{"x-sunset":"2030-01-01"}"#, r#"{"x-sunset":"2030-01-01"}"#);
    SUNSET_TOO_SOON = operation("sunset-too-soon")
        .plain(Request, Breaks, "the end comes sooner than the time of grace that was promised")
        .mirror("endpoint-reactivated")
        .case("{}", r#"{"deprecated":true,"x-sunset":"2029-07-01"}"#);
    UNSTABLE_ENDPOINT_REMOVED = document("unstable-endpoint-removed")
        .plain(Request, Warning, "it was marked as draft or alpha; requests to it fail from now on")
        .mirror("endpoint-added")
        .case(r#"{"paths":{"/a":{"get":{"x-stability-level":"alpha","responses":{}}}}}"#, NONE);
    ENDPOINT_STABILITY_DECREASED = operation("stability-decreased")
        .plain(Request, Breaks, "the promise to keep the operation as it is has been withdrawn")
        .mirror("stability-increased")
        .case(r#"{"x-stability-level":"beta"}"#, r#"{"x-stability-level":"alpha"}"#)
        .quiet("{}", r#"{"x-stability-level":"stable"}"#);
    ENDPOINT_STABILITY_INCREASED = operation("stability-increased")
        .plain(Neutral, Info, "more is promised than before")
        .mirror("stability-decreased")
        .case(r#"{"x-stability-level":"alpha"}"#, r#"{"x-stability-level":"beta"}"#);
    STABILITY_INVALID = operation("stability-invalid")
        .plain(Request, Breaks, "a level that is none of draft, alpha, beta and stable promises nothing, and stable is promised where none is given")
        .mirror("stability-increased")
        .case("{}", r#"{"x-stability-level":"ga"}"#);
    WEBHOOK_ADDED = document("webhook-added")
        .plain(Neutral, Info, "clients that did not subscribe are not called")
        .mirror("webhook-removed")
        .case(NO_HOOK, HOOK);
    WEBHOOK_REMOVED = document("webhook-removed")
        .plain(Response, Breaks, "clients wait for calls that no longer come")
        .mirror("webhook-added")
        .case(HOOK, NO_HOOK);
    CALLBACK_ADDED = operation("callback-added")
        .plain(Neutral, Info, "clients that do not ask for it are not called")
        .mirror("callback-removed")
        .case("{}", CALLBACK);
    CALLBACK_REMOVED = operation("callback-removed")
        .plain(Response, Breaks, "clients wait for calls that no longer come")
        .mirror("callback-added")
        .case(CALLBACK, "{}");
    OPERATION_DOCS_CHANGED = operation("endpoint-documentation-changed")
        .plain(Neutral, Info, "only what people read has changed")
        .case(r#"{"summary":"a"}"#, r#"{"summary":"b"}"#);
    DOCUMENT_DOCS_CHANGED = document("document-documentation-changed")
        .plain(Neutral, Info, "only what people read has changed")
        .case(r#"{"paths":{},"tags":[{"name":"a","description":"a"}]}"#, r#"{"paths":{},"tags":[{"name":"a","description":"b"}]}"#);
    COMPONENT_ADDED = document("schema-component-added")
        .plain(Neutral, Info, "a name that nothing referred to before; generated code gains a type")
        .mirror("schema-component-removed")
        .case(r#"{"paths":{},"components":{"schemas":{}}}"#, r#"{"paths":{},"components":{"schemas":{"A":{}}}}"#);
    COMPONENT_REMOVED = document("schema-component-removed")
        .plain(Neutral, Info, "the name is not part of any request, but generated code is named by it")
        .mirror("schema-component-added")
        .case(r#"{"paths":{},"components":{"schemas":{"A":{}}}}"#, r#"{"paths":{},"components":{"schemas":{}}}"#);
    COMPONENT_RENAMED = document("schema-component-renamed")
        .plain(Neutral, Info, "the name is not part of any request, but generated code is named by it")
        .case(
            r#"{"paths":{},"components":{"schemas":{"A":{"type":"object","properties":{"a":{}}}}}}"#,
            r#"{"paths":{},"components":{"schemas":{"B":{"type":"object","properties":{"a":{}}}}}}"#,
        );
    UNUSED_COMPONENT_CHANGED = document("unused-schema-component-changed")
        .plain(Neutral, Info, "no operation uses this schema")
        .case(
            r#"{"paths":{},"components":{"schemas":{"A":{"type":"string"}}}}"#,
            r#"{"paths":{},"components":{"schemas":{"A":{"type":"integer"}}}}"#,
        );
    INCOMPLETE = document("comparison-incomplete")
        .plain(Neutral, Undecidable, "the documents refer to each other in so many combinations that some are left out of this report")
        .case("", "");
}
