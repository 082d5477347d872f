//! What can change about schemas made of schemas.

use super::schemas::{row, table};
use super::{About, Row};
use crate::level::Grade::{self, Breaks, Info, Undecidable, Warning};

/// For what only inclusion can judge: without it, nobody can.
const DECIDED: Grade = if cfg!(feature = "inclusion") {
    Breaks
} else {
    Undecidable
};

/// A keyword that narrows what is allowed came or went.
macro_rules! keyword {
    ($name:literal, $base:literal, $with:literal) => {
        keyword!($name, About::Values, $base, $with)
    };
    ($name:literal, $about:expr, $base:literal, $with:literal) => {
        [
            row(concat!($name, "-added"))
                .about($about)
                .sent(Breaks, "what the new keyword rules out was allowed before")
                .received(Info, "the new keyword only rules something out")
                .mirror(concat!($name, "-removed"))
                .case($base, $with),
            row(concat!($name, "-removed"))
                .about($about)
                .sent(Info, "nothing is refused that was allowed before")
                .received(Breaks, "what the keyword ruled out can now arrive")
                .mirror(concat!($name, "-added"))
                .case($with, $base),
        ]
    };
}

/// Keywords that hold one schema: JSON name, row when added, row when removed.
pub(crate) static KEYWORDS: [(&str, [Row; 2]); 12] = [
    (
        "items",
        keyword!(
            "items",
            r#"{"type":"array"}"#,
            r#"{"type":"array","items":{"type":"string"}}"#
        ),
    ),
    (
        "contains",
        keyword!(
            "contains",
            r#"{"type":"array"}"#,
            r#"{"type":"array","contains":{"type":"string"}}"#
        ),
    ),
    (
        "propertyNames",
        keyword!(
            "property-names",
            r#"{"type":"object"}"#,
            r#"{"type":"object","propertyNames":{"pattern":"^a"}}"#
        ),
    ),
    (
        "unevaluatedItems",
        keyword!(
            "unevaluated-items",
            r#"{"type":"array"}"#,
            r#"{"type":"array","unevaluatedItems":false}"#
        ),
    ),
    (
        "unevaluatedProperties",
        keyword!(
            "unevaluated-properties",
            r#"{"type":"object"}"#,
            r#"{"type":"object","unevaluatedProperties":false}"#
        ),
    ),
    (
        "contentSchema",
        keyword!(
            "content-schema",
            // What a text contains is no part of the set that it is in.
            About::Else,
            r#"{"type":"string"}"#,
            r#"{"type":"string","contentSchema":{"type":"object"}}"#
        ),
    ),
    (
        "not",
        keyword!(
            "not",
            r#"{"type":"string"}"#,
            r#"{"type":"string","not":{"const":"a"}}"#
        ),
    ),
    (
        "if",
        keyword!(
            "if",
            r#"{"type":"string","then":{"minLength":2}}"#,
            r#"{"type":"string","if":{"const":"a"},"then":{"minLength":2}}"#
        ),
    ),
    (
        "then",
        keyword!(
            "then",
            r#"{"type":"string","if":{"const":"a"}}"#,
            r#"{"type":"string","if":{"const":"a"},"then":{"minLength":2}}"#
        ),
    ),
    (
        "else",
        keyword!(
            "else",
            r#"{"type":"string","if":{"const":"a"}}"#,
            r#"{"type":"string","if":{"const":"a"},"else":{"minLength":2}}"#
        ),
    ),
    (
        "patternProperties",
        keyword!(
            "pattern-property",
            r#"{"type":"object"}"#,
            r#"{"type":"object","patternProperties":{"^a":{"type":"string"}}}"#
        ),
    ),
    (
        "dependentSchemas",
        keyword!(
            "dependent-schema",
            r#"{"type":"object"}"#,
            r#"{"type":"object","dependentSchemas":{"a":{"minProperties":2}}}"#
        ),
    ),
];

/// The rows of a keyword in [`KEYWORDS`]: added, removed.
pub(crate) fn keyword_rows(keyword: &str) -> Option<&'static [Row; 2]> {
    KEYWORDS
        .iter()
        .find(|(name, _)| *name == keyword)
        .map(|(_, rows)| rows)
}

table! { COMBINATION_ROWS:
    ONE_OF_ADDED = row("one-of-added")
        .sent(Info, "the old alternatives are still accepted")
        .received(Breaks, "a shape that was not announced can arrive")
        .mirror("one-of-removed")
        .case(r#"{"oneOf":[{"type":"string"},{"type":"boolean"}]}"#, r#"{"oneOf":[{"type":"string"},{"type":"boolean"},{"type":"array"}]}"#)
        .quiet(r#"{"oneOf":[{"type":"string"},{"type":"boolean"}]}"#, r#"{"oneOf":[{"type":"boolean"},{"type":"string"}]}"#);
    ONE_OF_REMOVED = row("one-of-removed")
        .sent(Breaks, "the removed alternative is refused")
        .received(Info, "the removed alternative no longer arrives")
        .mirror("one-of-added")
        .case(r#"{"oneOf":[{"type":"string"},{"type":"boolean"},{"type":"array"}]}"#, r#"{"oneOf":[{"type":"string"},{"type":"boolean"}]}"#);
    WRAPPED_IN_ONE_OF = row("wrapped-in-one-of")
        .sent(Breaks, "exactly one alternative must fit, and what was accepted may fit more than one")
        .received(Info, "what arrives fits exactly one alternative")
        .mirror("one-of-removed")
        .case(
            r#"{"type":"object","required":["a","b"]}"#,
            r#"{"oneOf":[{"type":"object","required":["a"]},{"type":"object","required":["b"]}]}"#,
        )
        .quiet(r#"{"type":"object"}"#, r#"{"oneOf":[{"type":"object"}]}"#);
    ANY_OF_ADDED = row("any-of-added")
        .sent(Info, "the old alternatives are still accepted")
        .received(Breaks, "a shape that was not announced can arrive")
        .mirror("any-of-removed")
        .case(r#"{"anyOf":[{"type":"string"},{"type":"boolean"}]}"#, r#"{"anyOf":[{"type":"string"},{"type":"boolean"},{"type":"array"}]}"#)
        .quiet(r#"{"anyOf":[{"type":"string"},{"type":"boolean"}]}"#, r#"{"anyOf":[{"type":"boolean"},{"type":"string"}]}"#);
    ANY_OF_REMOVED = row("any-of-removed")
        .sent(Breaks, "the removed alternative is refused")
        .received(Info, "the removed alternative no longer arrives")
        .mirror("any-of-added")
        .case(r#"{"anyOf":[{"type":"string"},{"type":"boolean"},{"type":"array"}]}"#, r#"{"anyOf":[{"type":"string"},{"type":"boolean"}]}"#);
    ALTERNATIVES_ADDED = row("alternatives-added")
        .sent(Breaks, "only the listed shapes are accepted")
        .received(Info, "only the listed shapes arrive")
        .mirror("alternatives-removed")
        .case(r#"{"type":"object"}"#, r#"{"type":"object","oneOf":[{"required":["a"]},{"required":["b"]}]}"#);
    ALTERNATIVES_REMOVED = row("alternatives-removed")
        .sent(Info, "the listed shapes are still accepted")
        .received(Breaks, "a shape that was not listed can arrive")
        .mirror("alternatives-added")
        .case(r#"{"type":"object","oneOf":[{"required":["a"]},{"required":["b"]}]}"#, r#"{"type":"object"}"#);
    ALL_OF_ADDED = row("all-of-added")
        .about(About::Else)
        .sent(Info, "what the new part says is compared keyword by keyword")
        .received(Info, "what the new part says is compared keyword by keyword")
        .mirror("all-of-removed")
        .case(
            r#"{"allOf":[{"required":["a"]},{"required":["b"]}]}"#,
            r#"{"allOf":[{"required":["a"]},{"required":["b"]},{"minProperties":1}]}"#,
        )
        .quiet(r#"{"allOf":[{"type":"string"}]}"#, r#"{"type":"string"}"#);
    ALL_OF_REMOVED = row("all-of-removed")
        .about(About::Else)
        .sent(Info, "what the part said is compared keyword by keyword")
        .received(Info, "what the part said is compared keyword by keyword")
        .mirror("all-of-added")
        .case(
            r#"{"allOf":[{"required":["a"]},{"required":["b"]},{"minProperties":1}]}"#,
            r#"{"allOf":[{"required":["a"]},{"required":["b"]}]}"#,
        );
    NOT_CHANGED = row("not-changed")
        .sent(DECIDED, "the exclusion rules out values that were accepted")
        .received(DECIDED, "the exclusion lets values through that were ruled out")
        .case(r#"{"not":{"const":"a"}}"#, r#"{"not":{"const":"b"}}"#);
    IF_CHANGED = row("if-changed")
        .sent(DECIDED, "the condition rules out values that were accepted")
        .received(DECIDED, "the condition lets values through that were ruled out")
        .case(r#"{"if":{"const":"a"},"then":{"minLength":2}}"#, r#"{"if":{"const":"b"},"then":{"minLength":2}}"#);
    DISCRIMINATOR_ADDED = row("discriminator-added")
        .about(About::Else)
        .sent(Info, "the alternatives are the same, only easier to tell apart")
        .received(Info, "the alternatives are the same, only easier to tell apart")
        .mirror("discriminator-removed")
        .case(r#"{"type":"object"}"#, r#"{"type":"object","discriminator":{"propertyName":"kind"}}"#);
    DISCRIMINATOR_REMOVED = row("discriminator-removed")
        .about(About::Else)
        .sent(Info, "the alternatives are the same")
        .received(Warning, "clients that tell the alternatives apart by it must look again")
        .mirror("discriminator-added")
        .case(r#"{"type":"object","discriminator":{"propertyName":"kind"}}"#, r#"{"type":"object"}"#);
    DISCRIMINATOR_CHANGED = row("discriminator-property-name-changed")
        .about(About::Names)
        .sent(Breaks, "the old property no longer says which alternative a value is")
        .received(Breaks, "clients read the wrong property to see which alternative a value is")
        .case(r#"{"discriminator":{"propertyName":"kind"}}"#, r#"{"discriminator":{"propertyName":"sort"}}"#);
    MAPPING_ADDED = row("discriminator-mapping-added")
        .about(About::Names)
        .sent(Info, "the old names still work")
        .received(Breaks, "clients do not know which alternative the new name stands for")
        .mirror("discriminator-mapping-removed")
        .case(r#"{"discriminator":{"propertyName":"k"}}"#, r#"{"discriminator":{"propertyName":"k","mapping":{"a":"A"}}}"#);
    MAPPING_REMOVED = row("discriminator-mapping-removed")
        .about(About::Names)
        .sent(Breaks, "clients that send the name are no longer understood")
        .received(Info, "the name no longer arrives")
        .mirror("discriminator-mapping-added")
        .case(r#"{"discriminator":{"propertyName":"k","mapping":{"a":"A"}}}"#, r#"{"discriminator":{"propertyName":"k"}}"#);
    MAPPING_CHANGED = row("discriminator-mapping-changed")
        .about(About::Names)
        .sent(Breaks, "the name stands for another alternative")
        .received(Breaks, "the name stands for another alternative")
        .case(r#"{"discriminator":{"propertyName":"k","mapping":{"a":"A"}}}"#, r#"{"discriminator":{"propertyName":"k","mapping":{"a":"B"}}}"#);
}
