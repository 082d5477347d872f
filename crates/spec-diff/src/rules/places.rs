//! What can change about parameters, bodies, media types, responses and headers as such.

use super::{At, Row, schemas::table};
use crate::level::Direction::{Request, Response};
use crate::level::Grade::{Breaks, Info, Warning};

const fn parameter(name: &'static str) -> Row {
    Row::new(name, At::Operation)
}

const fn body(name: &'static str) -> Row {
    Row::new(name, At::RequestBody)
}

const fn response(name: &'static str) -> Row {
    Row::new(name, At::Response)
}

const OPTIONAL_A: &str = r#"{"parameters":[{"in":"query","name":"a","schema":{"type":"string"}}]}"#;
const REQUIRED_A: &str =
    r#"{"parameters":[{"in":"query","name":"a","required":true,"schema":{"type":"string"}}]}"#;
const OLD_A: &str =
    r#"{"parameters":[{"in":"query","name":"a","deprecated":true,"schema":{"type":"string"}}]}"#;
const OPTIONAL_BODY: &str = r#"{"requestBody":{"content":{}}}"#;
const REQUIRED_BODY: &str = r#"{"requestBody":{"required":true,"content":{}}}"#;
const OPTIONAL_HEADER: &str = r#"{"headers":{"X-A":{"schema":{"type":"string"}}}}"#;
const REQUIRED_HEADER: &str = r#"{"headers":{"x-a":{"required":true,"schema":{"type":"string"}}}}"#;

table! { PLACE_ROWS:
    PARAMETER_REMOVED = parameter("request-parameter-removed")
        .plain(Request, Warning, "clients that still send it are ignored or refused")
        .mirror("request-optional-parameter-added")
        .case(OPTIONAL_A, "{}")
        .quiet(
            r#"{"parameters":[{"in":"query","name":"a"},{"in":"header","name":"b"}]}"#,
            r#"{"parameters":[{"in":"header","name":"B"},{"in":"query","name":"a"}]}"#,
        );
    DEPRECATED_PARAMETER_REMOVED = parameter("deprecated-request-parameter-removed")
        .plain(Request, Info, "it was announced as deprecated")
        .mirror("request-optional-parameter-added")
        .case(OLD_A, "{}");
    PARAMETER_REMOVED_EARLY = parameter("request-parameter-removed-before-sunset")
        .plain(Request, Breaks, "clients were promised more time")
        .mirror("request-optional-parameter-added")
        .case(
            r#"{"parameters":[{"in":"query","name":"a","deprecated":true,"x-sunset":"9999-01-01"}]}"#,
            "{}",
        );
    REQUIRED_PARAMETER_ADDED = parameter("request-required-parameter-added")
        .plain(Request, Breaks, "requests without it are refused")
        .mirror("request-parameter-removed")
        .case("{}", REQUIRED_A);
    OPTIONAL_PARAMETER_ADDED = parameter("request-optional-parameter-added")
        .plain(Request, Info, "nobody has to send it")
        .mirror("request-parameter-removed")
        .case("{}", OPTIONAL_A);
    PARAMETER_RENAMED = parameter("request-parameter-renamed")
        .plain(Request, Breaks, "what clients send under the old name is no longer read; all else about the parameter is equal")
        .case(OPTIONAL_A, r#"{"parameters":[{"in":"query","name":"b","schema":{"type":"string"}}]}"#);
    PARAMETER_BECAME_REQUIRED = parameter("request-parameter-became-required")
        .plain(Request, Breaks, "requests without it are refused")
        .mirror("request-parameter-became-optional")
        .case(OPTIONAL_A, REQUIRED_A);
    PARAMETER_BECAME_OPTIONAL = parameter("request-parameter-became-optional")
        .plain(Request, Info, "requests that have it are still accepted")
        .mirror("request-parameter-became-required")
        .case(REQUIRED_A, OPTIONAL_A);
    PARAMETER_STYLE_CHANGED = parameter("request-parameter-style-changed")
        .plain(Request, Breaks, "the value is written in another way, so old requests are misread")
        .case(
            r#"{"parameters":[{"in":"query","name":"a","schema":{"type":"array"}}]}"#,
            r#"{"parameters":[{"in":"query","name":"a","explode":false,"schema":{"type":"array"}}]}"#,
        )
        .quiet(
            r#"{"parameters":[{"in":"query","name":"a","schema":{"type":"array"}}]}"#,
            r#"{"parameters":[{"in":"query","name":"a","style":"form","explode":true,"schema":{"type":"array"}}]}"#,
        );
    PARAMETER_DEPRECATED = parameter("request-parameter-deprecated")
        .plain(Request, Info, "it works as before; plan to stop sending it")
        .mirror("request-parameter-reactivated")
        .case(OPTIONAL_A, OLD_A);
    PARAMETER_REACTIVATED = parameter("request-parameter-reactivated")
        .plain(Request, Info, "it is here to stay")
        .mirror("request-parameter-deprecated")
        .case(OLD_A, OPTIONAL_A);
    PARAMETER_SUNSET_CHANGED = parameter("request-parameter-sunset-changed")
        .plain(Request, Info, "there is more time than announced, or at last a day to plan by")
        .mirror("request-parameter-sunset-withdrawn")
        .case(
            r#"{"parameters":[{"in":"query","name":"a","deprecated":true,"x-sunset":"2030-01-01"}]}"#,
            r#"{"parameters":[{"in":"query","name":"a","deprecated":true,"x-sunset":"2031-01-01"}]}"#,
        );
    PARAMETER_SUNSET_INVALID = parameter("request-parameter-sunset-invalid")
        .plain(Request, Breaks, "an end is announced on a day that nobody can read, so it may stop working on any")
        .mirror("request-parameter-reactivated")
        .case(
            r#"{"parameters":[{"in":"query","name":"a"}]}"#,
            r#"{"parameters":[{"in":"query","name":"a","deprecated":true,"x-sunset":"soon"}]}"#,
        );
    PARAMETER_SUNSET_TOO_SOON = parameter("request-parameter-sunset-too-soon")
        .plain(Request, Breaks, "the end comes sooner than the time of grace that was promised")
        .mirror("request-parameter-reactivated")
        .case(
            r#"{"parameters":[{"in":"query","name":"a"}]}"#,
            r#"{"parameters":[{"in":"query","name":"a","deprecated":true,"x-sunset":"2029-07-01"}]}"#,
        );
    PARAMETER_SUNSET_WITHDRAWN = parameter("request-parameter-sunset-withdrawn")
        .plain(Request, Breaks, "the parameter was promised to work until a later day")
        .mirror("request-parameter-sunset-changed")
        .case(
            r#"{"parameters":[{"in":"query","name":"a","deprecated":true,"x-sunset":"2031-01-01"}]}"#,
            r#"{"parameters":[{"in":"query","name":"a","deprecated":true,"x-sunset":"2030-01-01"}]}"#,
        );
    PARAMETER_DOCS_CHANGED = parameter("request-parameter-documentation-changed")
        .plain(Request, Info, "only what people read has changed")
        .case(
            r#"{"parameters":[{"in":"query","name":"a","description":"a"}]}"#,
            r#"{"parameters":[{"in":"query","name":"a","description":"b"}]}"#,
        );

    BODY_ADDED_REQUIRED = body("body-added-required")
        .sent(Breaks, "requests without a body are refused")
        .received(Info, "clients ignore a body that they do not expect")
        .mirror("body-removed")
        .case("{}", REQUIRED_BODY);
    BODY_ADDED_OPTIONAL = body("body-added-optional")
        .sent(Info, "nobody has to send it")
        .received(Info, "clients ignore a body that they do not expect")
        .mirror("body-removed")
        .case("{}", OPTIONAL_BODY);
    BODY_REMOVED = body("body-removed")
        .sent(Breaks, "what clients say in the body is no longer read")
        .received(Breaks, "the body no longer arrives")
        .mirror("body-added-optional")
        .case(OPTIONAL_BODY, "{}");
    BODY_BECAME_REQUIRED = body("body-became-required")
        .sent(Breaks, "requests without a body are refused")
        .received(Info, "the body is certain to arrive")
        .mirror("body-became-optional")
        .case(OPTIONAL_BODY, REQUIRED_BODY)
        .quiet(OPTIONAL_BODY, r#"{"requestBody":{"content":{},"required":false}}"#);
    BODY_BECAME_OPTIONAL = body("body-became-optional")
        .sent(Info, "requests with a body are still accepted")
        .received(Breaks, "the body was certain to arrive and can be missing")
        .mirror("body-became-required")
        .case(REQUIRED_BODY, OPTIONAL_BODY);

    MEDIA_TYPE_ADDED = response("media-type-added")
        .sent(Info, "the old media types are still accepted")
        .received(Info, "clients ask for the media type that they want")
        .mirror("media-type-removed")
        .case(r#"{"content":{}}"#, r#"{"content":{"text/plain":{}}}"#);
    MEDIA_TYPE_REMOVED = response("media-type-removed")
        .sent(Breaks, "bodies of this media type are refused")
        .received(Breaks, "clients that ask for this media type get another, or an error")
        .mirror("media-type-added")
        .case(r#"{"content":{"text/plain":{}}}"#, r#"{"content":{}}"#)
        .quiet(
            r#"{"content":{"text/plain; charset=utf-8":{}}}"#,
            r#"{"content":{"Text/Plain;charset=UTF-8":{}}}"#,
        );
    MEDIA_TYPE_WIDENED = response("media-type-widened")
        .sent(Info, "the old media type is among those accepted")
        .received(Breaks, "another media type of the kind can arrive")
        .mirror("media-type-narrowed")
        .case(r#"{"content":{"text/plain":{}}}"#, r#"{"content":{"text/*":{}}}"#);
    MEDIA_TYPE_NARROWED = response("media-type-narrowed")
        .sent(Breaks, "other media types of the kind are refused")
        .received(Info, "the media type is one of those announced before")
        .mirror("media-type-widened")
        .case(r#"{"content":{"text/*":{}}}"#, r#"{"content":{"text/plain":{}}}"#);
    MEDIA_TYPE_PARAMETER_CHANGED = response("media-type-parameter-changed")
        .sent(Info, "services rarely read the parameters of a media type")
        .received(Info, "clients rarely read the parameters of a media type")
        .case(r#"{"content":{"text/plain;v=1":{}}}"#, r#"{"content":{"text/plain;v=2":{}}}"#);
    BODY_SCHEMA_ADDED = response("media-type-schema-added")
        .sent(Breaks, "anything was accepted, and the schema rules something out")
        .received(Info, "more is known about what arrives")
        .mirror("media-type-schema-removed")
        .case(r#"{"content":{"text/plain":{}}}"#, r#"{"content":{"text/plain":{"schema":{"type":"string"}}}}"#);
    BODY_SCHEMA_REMOVED = response("media-type-schema-removed")
        .sent(Info, "anything is accepted")
        .received(Warning, "nothing is known any more about what arrives")
        .mirror("media-type-schema-added")
        .case(r#"{"content":{"text/plain":{"schema":{"type":"string"}}}}"#, r#"{"content":{"text/plain":{}}}"#);
    ENCODING_OF_PART_CHANGED = response("part-encoding-changed")
        .sent(Warning, "a part of the body is written in another way")
        .received(Warning, "a part of the body arrives written in another way")
        .case(
            r#"{"content":{"multipart/form-data":{"encoding":{"a":{"contentType":"text/plain"}}}}}"#,
            r#"{"content":{"multipart/form-data":{"encoding":{"a":{"contentType":"image/png"}}}}}"#,
        );

    SUCCESS_STATUS_ADDED = parameter("response-success-status-added")
        .plain(Response, Info, "clients treat every 2xx as success")
        .mirror("response-success-status-removed")
        .case(r#"{"responses":{}}"#, r#"{"responses":{"200":{}}}"#);
    SUCCESS_STATUS_REMOVED = parameter("response-success-status-removed")
        .plain(Response, Breaks, "the success that clients wait for no longer arrives")
        .mirror("response-success-status-added")
        .case(r#"{"responses":{"200":{}}}"#, r#"{"responses":{}}"#)
        .quiet(r#"{"responses":{"200":{}}}"#, r##"{"responses":{"200":{"$ref":"#/components/responses/Empty"}}}"##);
    OTHER_STATUS_ADDED = parameter("response-non-success-status-added")
        .plain(Response, Info, "an error that could happen is now described")
        .mirror("response-non-success-status-removed")
        .case(r#"{"responses":{}}"#, r#"{"responses":{"404":{}}}"#);
    OTHER_STATUS_REMOVED = parameter("response-non-success-status-removed")
        .plain(Response, Info, "an error is no longer described")
        .mirror("response-non-success-status-added")
        .case(r#"{"responses":{"404":{}}}"#, r#"{"responses":{}}"#);
    STATUS_SPELLED_OUT = parameter("response-status-spelled-out")
        .plain(Response, Info, "it was covered by a range or by default, whose content it is compared with")
        .mirror("response-status-generalized")
        .case(r#"{"responses":{"default":{}}}"#, r#"{"responses":{"404":{},"default":{}}}"#);
    STATUS_GENERALIZED = parameter("response-status-generalized")
        .plain(Response, Info, "a range or default covers it, whose content it is compared with")
        .mirror("response-status-spelled-out")
        .case(r#"{"responses":{"404":{},"default":{}}}"#, r#"{"responses":{"default":{}}}"#);
    STATUS_SPECIFIED = parameter("response-status-specified")
        .plain(Response, Info, "only some statuses of the range are left")
        .mirror("response-status-generalized")
        .case(r#"{"responses":{"2XX":{}}}"#, r#"{"responses":{"200":{}}}"#);
    RESPONSE_DOCS_CHANGED = response("body-documentation-changed")
        .sent(Info, "only what people read has changed")
        .received(Info, "only what people read has changed")
        .case(r#"{"description":"a"}"#, r#"{"description":"b"}"#);

    HEADER_ADDED = response("header-added")
        .sent(Info, "nobody waits for it")
        .received(Info, "clients ignore what they do not know")
        .mirror("optional-header-removed")
        .case(r#"{"headers":{}}"#, OPTIONAL_HEADER)
        .quiet(OPTIONAL_HEADER, r#"{"headers":{"x-a":{"schema":{"type":"string"}}}}"#);
    OPTIONAL_HEADER_REMOVED = response("optional-header-removed")
        .sent(Info, "nobody waits for it")
        .received(Warning, "the header never had to arrive, but clients may rely on it")
        .mirror("header-added")
        .case(OPTIONAL_HEADER, r#"{"headers":{}}"#);
    REQUIRED_HEADER_REMOVED = response("required-header-removed")
        .sent(Info, "nobody waits for it")
        .received(Breaks, "the header was certain to arrive and is missing")
        .mirror("header-added")
        .case(REQUIRED_HEADER, r#"{"headers":{}}"#);
    HEADER_BECAME_REQUIRED = response("header-became-required")
        .sent(Breaks, "answers without the header are refused")
        .received(Info, "the header is certain to arrive")
        .mirror("header-became-optional")
        .case(OPTIONAL_HEADER, REQUIRED_HEADER);
    HEADER_BECAME_OPTIONAL = response("header-became-optional")
        .sent(Info, "answers with the header are still accepted")
        .received(Breaks, "the header was certain to arrive and can be missing")
        .mirror("header-became-required")
        .case(REQUIRED_HEADER, OPTIONAL_HEADER);
}
