//! What can change about a value: its type, what it may be, its life cycle.

use super::{About, At, Row};
use crate::level::Grade::{Breaks, Info, Undecidable, Warning};

/// Defines the rows of a table together with the list of them, so that none is forgotten.
macro_rules! table {
    ($list:ident: $($name:ident = $row:expr;)*) => {
        $(pub(crate) static $name: Row = $row;)*
        pub(super) static $list: &[&Row] = &[$(&$name),*];
    };
}
pub(super) use table;

pub(super) const fn row(name: &'static str) -> Row {
    Row::new(name, At::Schema)
}

const ANY_OF: &str =
    r#"{"anyOf":[{"required":["a"],"type":"object"},{"required":["b"],"type":"object"}]}"#;
const ONE_OF: &str =
    r#"{"oneOf":[{"required":["a"],"type":"object"},{"required":["b"],"type":"object"}]}"#;

table! { SCHEMA_ROWS:
    // Types.
    TYPE_CHANGED = row("type-changed")
        .sent(Breaks, "values of the old type are refused")
        .received(Breaks, "a value of a type that was not announced can arrive")
        .case(r#"{"type":"string"}"#, r#"{"type":"boolean"}"#)
        .quiet(r#"{"type":"string"}"#, r#"{"allOf":[{"type":"string"}]}"#);
    TYPE_WIDENED = row("type-widened")
        .sent(Info, "values of the old type are still accepted")
        .received(Breaks, "a value of a type that was not announced can arrive")
        .mirror("type-narrowed")
        .case(r#"{"type":"integer"}"#, r#"{"type":"number"}"#);
    TYPE_NARROWED = row("type-narrowed")
        .sent(Breaks, "some values that were accepted are refused")
        .received(Info, "every value that can arrive was announced before")
        .mirror("type-widened")
        .case(r#"{"type":"number"}"#, r#"{"type":"integer"}"#);
    TYPE_STATED = row("type-stated")
        .about(About::Else)
        .sent(Info, "other keywords implied this type already")
        .received(Info, "other keywords implied this type already")
        .mirror("type-unstated")
        .case(r#"{"properties":{"a":{}}}"#, r#"{"type":"object","properties":{"a":{}}}"#);
    TYPE_UNSTATED = row("type-unstated")
        .about(About::Else)
        .sent(Info, "other keywords still imply this type")
        .received(Info, "other keywords still imply this type")
        .mirror("type-stated")
        .case(r#"{"type":"object","properties":{"a":{}}}"#, r#"{"properties":{"a":{}}}"#);
    FORMAT_ADDED = row("format-added")
        .about(About::Else)
        .sent(Breaks, "a value that does not follow the new format may be refused")
        .received(Info, "values follow a stricter form than before")
        .mirror("format-removed")
        .case(r#"{"type":"string"}"#, r#"{"type":"string","format":"uuid"}"#);
    FORMAT_REMOVED = row("format-removed")
        .about(About::Else)
        .sent(Info, "values in the old format are still accepted")
        .received(Breaks, "a value that does not follow the old format can arrive")
        .mirror("format-added")
        .case(r#"{"type":"string","format":"uuid"}"#, r#"{"type":"string"}"#);
    FORMAT_CHANGED = row("format-changed")
        .about(About::Else)
        .sent(Breaks, "a value in the old format may be refused")
        .received(Breaks, "a value in another format can arrive")
        .case(r#"{"type":"string","format":"uuid"}"#, r#"{"type":"string","format":"email"}"#);
    FORMAT_WIDENED = row("format-widened")
        .about(About::Else)
        .sent(Info, "the new format has room for every old value")
        .received(Breaks, "a value too large for the old format can arrive")
        .mirror("format-narrowed")
        .case(r#"{"type":"integer","format":"int32"}"#, r#"{"type":"integer","format":"int64"}"#)
        .quiet(r#"{"type":"integer","format":"int32"}"#, r#"{"format":"int32","type":"integer"}"#);
    FORMAT_NARROWED = row("format-narrowed")
        .about(About::Else)
        .sent(Breaks, "a value too large for the new format is refused")
        .received(Info, "every value that can arrive had room in the old format")
        .mirror("format-widened")
        .case(r#"{"type":"integer","format":"int64"}"#, r#"{"type":"integer","format":"int32"}"#);
    NUMBER_FORMAT_ADDED = row("number-format-added")
        .about(About::Else)
        .sent(Info, "64 bits were expected of a number without format")
        .received(Info, "64 bits were expected of a number without format")
        .mirror("number-format-removed")
        .case(r#"{"type":"integer"}"#, r#"{"type":"integer","format":"int64"}"#);
    NUMBER_FORMAT_REMOVED = row("number-format-removed")
        .about(About::Else)
        .sent(Info, "64 bits are expected of a number without format")
        .received(Info, "64 bits are expected of a number without format")
        .mirror("number-format-added")
        .case(r#"{"type":"integer","format":"int64"}"#, r#"{"type":"integer"}"#);
    NULLABLE_ADDED = row("became-nullable")
        .sent(Info, "null is accepted in addition")
        .received(Breaks, "null can arrive where a value was certain")
        .mirror("became-not-nullable")
        .case(r#"{"type":"string"}"#, r#"{"type":["string","null"]}"#)
        .quiet(r#"{"type":"string","nullable":true}"#, r#"{"type":["string","null"]}"#);
    NULLABLE_REMOVED = row("became-not-nullable")
        .sent(Breaks, "null was accepted and is refused now")
        .received(Info, "null no longer arrives")
        .mirror("became-nullable")
        .case(r#"{"type":["string","null"]}"#, r#"{"type":"string"}"#)
        .quiet(r#"{"anyOf":[{"type":"string"},{"type":"null"}]}"#, r#"{"type":["null","string"]}"#);

    // Values.
    ENUM_VALUE_ADDED = row("enum-value-added")
        .sent(Info, "the old values are still accepted")
        .received(Warning, "a client that knows only the old values meets a new one")
        .mirror("enum-value-removed")
        .case(r#"{"enum":["a"]}"#, r#"{"enum":["a","b"]}"#)
        .quiet(r#"{"enum":["a","b"]}"#, r#"{"enum":["b","a"]}"#);
    ENUM_VALUE_REMOVED = row("enum-value-removed")
        .sent(Breaks, "the removed value is refused")
        .received(Info, "the removed value no longer arrives")
        .mirror("enum-value-added")
        .case(r#"{"enum":["a","b"]}"#, r#"{"enum":["a"]}"#);
    BECAME_ENUM = row("became-enum")
        .sent(Breaks, "values outside the new list are refused")
        .received(Info, "only listed values arrive")
        .mirror("no-longer-enum")
        .case(r#"{"type":"string"}"#, r#"{"type":"string","enum":["a","b"]}"#);
    NO_LONGER_ENUM = row("no-longer-enum")
        .sent(Info, "the listed values are still accepted")
        .received(Warning, "any value can arrive where a list was announced")
        .mirror("became-enum")
        .case(r#"{"type":"string","enum":["a","b"]}"#, r#"{"type":"string"}"#);
    CONST_ADDED = row("const-added")
        .sent(Breaks, "every other value is refused")
        .received(Info, "only this value arrives")
        .mirror("const-removed")
        .case(r#"{"type":"string"}"#, r#"{"type":"string","const":"a"}"#);
    CONST_REMOVED = row("const-removed")
        .sent(Info, "the old value is still accepted")
        .received(Breaks, "any value can arrive where one was certain")
        .mirror("const-added")
        .case(r#"{"type":"string","const":"a"}"#, r#"{"type":"string"}"#);
    CONST_CHANGED = row("const-changed")
        .sent(Breaks, "the old value is refused")
        .received(Breaks, "a value that was not announced arrives")
        .case(r#"{"const":"a"}"#, r#"{"const":"b"}"#)
        .quiet(r#"{"const":"a"}"#, r#"{"enum":["a"]}"#);
    EXTENSIBLE_VALUE_ADDED = row("x-extensible-enum-value-added")
        .about(About::Else)
        .sent(Info, "the old values are still accepted")
        .received(Info, "clients were told to expect further values")
        .mirror("x-extensible-enum-value-removed")
        .case(r#"{"type":"string","x-extensible-enum":["a"]}"#, r#"{"type":"string","x-extensible-enum":["a","b"]}"#);
    EXTENSIBLE_VALUE_REMOVED = row("x-extensible-enum-value-removed")
        .about(About::Else)
        .sent(Breaks, "the removed value is no longer understood")
        .received(Info, "the removed value no longer arrives")
        .mirror("x-extensible-enum-value-added")
        .case(r#"{"type":"string","x-extensible-enum":["a","b"]}"#, r#"{"type":"string","x-extensible-enum":["a"]}"#);
    DEFAULT_ADDED = row("default-value-added")
        .about(About::Else)
        .sent(Warning, "leaving the property out now means this value")
        .parameter(Breaks, "leaving the parameter out now means this value")
        .received(Info, "a default says nothing about what arrives")
        .mirror("default-value-removed")
        .case(r#"{"type":"string"}"#, r#"{"type":"string","default":"a"}"#);
    DEFAULT_REMOVED = row("default-value-removed")
        .about(About::Else)
        .sent(Warning, "leaving the property out no longer means the old default")
        .parameter(Breaks, "leaving the parameter out no longer means the old default")
        .received(Info, "a default says nothing about what arrives")
        .mirror("default-value-added")
        .case(r#"{"type":"string","default":"a"}"#, r#"{"type":"string"}"#);
    DEFAULT_CHANGED = row("default-value-changed")
        .about(About::Else)
        .sent(Breaks, "leaving the property out means another value than before")
        .parameter(Breaks, "leaving the parameter out means another value than before")
        .received(Info, "a default says nothing about what arrives")
        .case(r#"{"type":"string","default":"a"}"#, r#"{"type":"string","default":"b"}"#);

    // Texts and numbers; limits have a table of their own.
    PATTERN_ADDED = row("pattern-added")
        .sent(Breaks, "values that do not match are refused")
        .received(Info, "only matching values arrive")
        .mirror("pattern-removed")
        .case(r#"{"type":"string"}"#, r#"{"type":"string","pattern":"^a$"}"#)
        .quiet(r#"{"type":"string"}"#, r#"{"type":"string","pattern":".*"}"#);
    PATTERN_REMOVED = row("pattern-removed")
        .sent(Info, "values that matched are still accepted")
        .received(Breaks, "a value that the pattern ruled out can arrive")
        .mirror("pattern-added")
        .case(r#"{"type":"string","pattern":"^a$"}"#, r#"{"type":"string"}"#);
    PATTERN_CHANGED = row("pattern-changed")
        .sent(Breaks, "a value that matched the old pattern is refused")
        .received(Breaks, "a value that the old pattern ruled out can arrive")
        .case(r#"{"type":"string","pattern":"^a$"}"#, r#"{"type":"string","pattern":"^b$"}"#);
    MULTIPLE_SET = row("multiple-of-set")
        .sent(Breaks, "values between the steps are refused")
        .received(Info, "only multiples arrive")
        .mirror("multiple-of-unset")
        .case(r#"{"type":"number"}"#, r#"{"type":"number","multipleOf":2}"#);
    MULTIPLE_UNSET = row("multiple-of-unset")
        .sent(Info, "multiples are still accepted")
        .received(Breaks, "values between the steps can arrive")
        .mirror("multiple-of-set")
        .case(r#"{"type":"number","multipleOf":2}"#, r#"{"type":"number"}"#);
    MULTIPLE_CHANGED = row("multiple-of-changed")
        .sent(Breaks, "values that fitted the old step may be refused")
        .received(Breaks, "values that do not fit the old step can arrive")
        .case(r#"{"type":"number","multipleOf":2}"#, r#"{"type":"number","multipleOf":3}"#)
        .quiet(r#"{"type":"number","multipleOf":2}"#, r#"{"type":"number","multipleOf":2.0}"#);
    UNIQUE_ADDED = row("unique-items-set")
        .sent(Breaks, "arrays with repeated items are refused")
        .received(Info, "items no longer repeat")
        .mirror("unique-items-unset")
        .case(r#"{"type":"array"}"#, r#"{"type":"array","uniqueItems":true}"#)
        .quiet(r#"{"type":"array"}"#, r#"{"type":"array","uniqueItems":false}"#);
    UNIQUE_REMOVED = row("unique-items-unset")
        .sent(Info, "arrays without repeats are still accepted")
        .received(Breaks, "items can repeat")
        .mirror("unique-items-set")
        .case(r#"{"type":"array","uniqueItems":true}"#, r#"{"type":"array"}"#);
    ENCODING_CHANGED = row("content-encoding-changed")
        .about(About::Else)
        .sent(Breaks, "text in the old encoding is misread")
        .received(Breaks, "text arrives in another encoding")
        .case(r#"{"type":"string"}"#, r#"{"type":"string","contentEncoding":"base64"}"#);
    MEDIA_TYPE_CHANGED = row("content-media-type-changed")
        .about(About::Else)
        .sent(Breaks, "content of the old media type is misread")
        .received(Breaks, "content of another media type arrives")
        .case(r#"{"type":"string"}"#, r#"{"type":"string","contentMediaType":"image/png"}"#);

    // Life cycle.
    DEPRECATED = row("property-deprecated")
        .about(About::Else)
        .sent(Info, "it works as before; plan to stop using it")
        .received(Info, "it arrives as before; plan to stop using it")
        .mirror("property-reactivated")
        .case(r#"{"type":"string"}"#, r#"{"type":"string","deprecated":true}"#)
        .quiet(r#"{"type":"string"}"#, r#"{"type":"string","deprecated":false}"#);
    REACTIVATED = row("property-reactivated")
        .about(About::Else)
        .sent(Info, "it is here to stay")
        .received(Info, "it is here to stay")
        .mirror("property-deprecated")
        .case(r#"{"type":"string","deprecated":true}"#, r#"{"type":"string"}"#);
    SUNSET_CHANGED = row("property-sunset-changed")
        .about(About::Else)
        .sent(Warning, "the announced end has moved")
        .received(Warning, "the announced end has moved")
        .case(
            r#"{"type":"string","deprecated":true,"x-sunset":"2030-01-01"}"#,
            r#"{"type":"string","deprecated":true,"x-sunset":"2031-01-01"}"#,
        );

    PROPERTY_SUNSET_INVALID = row("property-sunset-invalid")
        .about(About::Else)
        .sent(Breaks, "an end is announced on a day that nobody can read, so it may be refused on any")
        .received(Breaks, "an end is announced on a day that nobody can read, so it may be missing on any")
        .mirror("property-reactivated")
        .case(r#"{"type":"string"}"#, r#"{"type":"string","deprecated":true,"x-sunset":"soon"}"#);
    PROPERTY_SUNSET_TOO_SOON = row("property-sunset-too-soon")
        .about(About::Else)
        .sent(Breaks, "the end comes sooner than the time of grace that was promised")
        .received(Breaks, "the end comes sooner than the time of grace that was promised")
        .mirror("property-reactivated")
        .case(r#"{"type":"string"}"#, r#"{"type":"string","deprecated":true,"x-sunset":"2029-07-01"}"#);
    STABILITY_DECREASED = row("property-stability-decreased")
        .about(About::Else)
        .sent(Breaks, "the promise to keep it as it is has been withdrawn")
        .received(Breaks, "the promise to keep it as it is has been withdrawn")
        .mirror("property-stability-increased")
        .case(r#"{"type":"string","x-stability-level":"stable"}"#, r#"{"type":"string","x-stability-level":"alpha"}"#)
        .quiet(r#"{"type":"string"}"#, r#"{"type":"string","x-stability-level":"stable"}"#);
    STABILITY_INCREASED = row("property-stability-increased")
        .about(About::Else)
        .sent(Info, "more is promised than before")
        .received(Info, "more is promised than before")
        .mirror("property-stability-decreased")
        .case(r#"{"type":"string","x-stability-level":"alpha"}"#, r#"{"type":"string","x-stability-level":"stable"}"#);

    // What cannot be judged, and what is only text.
    // What no other rule explains.
    VALUES_NARROWED = row("values-narrowed")
        .about(About::Else)
        .sent(Breaks, "some value that was accepted is refused now")
        .received(Info, "every value that can arrive was allowed before")
        .mirror("values-widened")
        .case(ANY_OF, ONE_OF);
    VALUES_WIDENED = row("values-widened")
        .about(About::Else)
        .sent(Info, "every value that was accepted still is")
        .received(Breaks, "some value that was ruled out can arrive now")
        .mirror("values-narrowed")
        .case(ONE_OF, ANY_OF);
    NOT_UNDERSTOOD = row("schema-not-understood")
        .about(About::Else)
        .sent(Undecidable, "what this schema accepts, or no longer does, takes a person to see")
        .received(Undecidable, "what this schema accepts, or no longer does, takes a person to see")
        .case(r#"{"items":"string"}"#, r#"{"items":"number"}"#);
    KEYWORD_CHANGED = row("unknown-keyword-changed")
        .about(About::Else)
        .sent(Undecidable, "the keyword is none that OpenAPI or JSON Schema define")
        .received(Undecidable, "the keyword is none that OpenAPI or JSON Schema define")
        .case(r#"{"type":"string"}"#, r#"{"type":"string","maximumLength":5}"#)
        .quiet(r#"{"type":"string"}"#, r#"{"type":"string","x-maximum-length":5}"#);
    XML_CHANGED = Row::new("xml-changed", At::Xml)
        .about(About::Else)
        .sent(Breaks, "the service looks for the value under another name or in another place")
        .received(Breaks, "clients look for the value under a name or in a place where it no longer is")
        .case(r#"{"type":"object","properties":{"a":{"type":"string"}}}"#, r#"{"type":"object","properties":{"a":{"type":"string","xml":{"name":"b"}}}}"#)
        .quiet(r#"{"type":"object","properties":{"a":{"type":"string"}}}"#, r#"{"type":"object","properties":{"a":{"type":"string","xml":{"name":"a"}}}}"#);
    DOCS_CHANGED = row("documentation-changed")
        .about(About::Else)
        .sent(Info, "only what people read has changed")
        .received(Info, "only what people read has changed")
        .case(r#"{"type":"string","description":"a"}"#, r#"{"type":"string","description":"b"}"#);
}
