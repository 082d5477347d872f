//! What can change about the parts of objects and arrays.

use super::schemas::{row, table};
use super::{About, Row};
use crate::level::Grade::{Breaks, Info, Warning};

table! { OBJECT_ROWS:
    REQUIRED_PROPERTY_ADDED = row("required-property-added")
        .about(About::Parts)
        .sent(Breaks, "bodies without the new property are refused")
        .received(Info, "clients ignore what they do not know")
        .mirror("property-removed")
        .case(r#"{"type":"object"}"#, r#"{"type":"object","required":["a"],"properties":{"a":{"type":"string"}}}"#);
    PROPERTY_REMOVED = row("property-removed")
        .about(About::Parts)
        .sent(Warning, "clients that still send the property are ignored or refused")
        .received(Breaks, "the property was certain to arrive and is missing")
        .mirror("required-property-added")
        .case(r#"{"type":"object","required":["a"],"properties":{"a":{"type":"string"}}}"#, r#"{"type":"object"}"#);
    OPTIONAL_PROPERTY_ADDED = row("optional-property-added")
        .about(About::Parts)
        .sent(Info, "nobody has to send it")
        .received(Info, "clients ignore what they do not know")
        .mirror("optional-property-removed")
        .case(r#"{"type":"object"}"#, r#"{"type":"object","properties":{"a":{"type":"string"}}}"#)
        .quiet(r#"{"type":"object","properties":{"a":{},"b":{}}}"#, r#"{"properties":{"b":{},"a":{}},"type":"object"}"#);
    OPTIONAL_PROPERTY_REMOVED = row("optional-property-removed")
        .about(About::Parts)
        .sent(Warning, "clients that still send the property are ignored or refused")
        .received(Warning, "the property never had to arrive, but clients may rely on it")
        .mirror("optional-property-added")
        .case(r#"{"type":"object","properties":{"a":{"type":"string"}}}"#, r#"{"type":"object"}"#);
    PROPERTY_REFUSED = row("property-removed-from-closed-object")
        .sent(Breaks, "the object allows no other properties, so bodies that have this one are refused")
        .mirror("optional-property-added")
        .case(
            r#"{"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":false}"#,
            r#"{"type":"object","additionalProperties":false}"#,
        );
    BECAME_REQUIRED = row("property-became-required")
        .about(About::Parts)
        .sent(Breaks, "bodies without the property are refused")
        .received(Info, "the property is certain to arrive")
        .mirror("property-became-optional")
        .case(r#"{"type":"object","properties":{"a":{}}}"#, r#"{"type":"object","properties":{"a":{}},"required":["a"]}"#)
        .quiet(
            r#"{"type":"object","properties":{"a":{},"b":{}},"required":["a","b"]}"#,
            r#"{"type":"object","properties":{"a":{},"b":{}},"required":["b","a"]}"#,
        );
    BECAME_OPTIONAL = row("property-became-optional")
        .about(About::Parts)
        .sent(Info, "bodies with the property are still accepted")
        .received(Breaks, "the property was certain to arrive and can be missing")
        .mirror("property-became-required")
        .case(r#"{"type":"object","properties":{"a":{}},"required":["a"]}"#, r#"{"type":"object","properties":{"a":{}}}"#);
    ADDITIONAL_CLOSED = row("additional-properties-closed")
        .sent(Breaks, "properties that are not listed are refused or restricted")
        .received(Info, "less can arrive than before")
        .mirror("additional-properties-opened")
        .case(r#"{"type":"object"}"#, r#"{"type":"object","additionalProperties":false}"#)
        .quiet(r#"{"type":"object"}"#, r#"{"type":"object","additionalProperties":true}"#);
    ADDITIONAL_OPENED = row("additional-properties-opened")
        .sent(Info, "more is accepted than before")
        .received(Breaks, "a property that was ruled out can arrive")
        .mirror("additional-properties-closed")
        .case(r#"{"type":"object","additionalProperties":false}"#, r#"{"type":"object"}"#)
        .quiet(r#"{"type":"object","additionalProperties":{}}"#, r#"{"type":"object"}"#);
    DEPENDENT_REQUIRED_ADDED = row("dependent-required-added")
        .sent(Breaks, "bodies with the one and without the other are refused")
        .received(Info, "more is certain to arrive than before")
        .mirror("dependent-required-removed")
        .case(r#"{"type":"object"}"#, r#"{"type":"object","dependentRequired":{"a":["b"]}}"#);
    DEPENDENT_REQUIRED_REMOVED = row("dependent-required-removed")
        .sent(Info, "bodies that had both are still accepted")
        .received(Breaks, "the one can arrive without the other")
        .mirror("dependent-required-added")
        .case(r#"{"type":"object","dependentRequired":{"a":["b"]}}"#, r#"{"type":"object"}"#);
    DEPENDENT_REQUIRED_CHANGED = row("dependent-required-changed")
        .sent(Breaks, "other properties are needed beside this one")
        .received(Breaks, "other properties come with this one")
        .case(r#"{"type":"object","dependentRequired":{"a":["b"]}}"#, r#"{"type":"object","dependentRequired":{"a":["c"]}}"#)
        .quiet(r#"{"dependentRequired":{"a":["b","c"]}}"#, r#"{"dependentRequired":{"a":["c","b"]}}"#);
    READ_ONLY_SET = row("became-read-only")
        .about(About::Else)
        .sent(Warning, "what clients send here is dropped without a word")
        .received(Info, "the property still arrives")
        .mirror("became-not-read-only")
        .case(r#"{"type":"string"}"#, r#"{"type":"string","readOnly":true}"#)
        .quiet(r#"{"type":"string"}"#, r#"{"type":"string","readOnly":false}"#);
    READ_ONLY_UNSET = row("became-not-read-only")
        .about(About::Else)
        .sent(Info, "the property can be sent in addition")
        .received(Info, "the property still arrives")
        .mirror("became-read-only")
        .case(r#"{"type":"string","readOnly":true}"#, r#"{"type":"string"}"#);
    WRITE_ONLY_SET = row("became-write-only")
        .about(About::Else)
        .sent(Info, "the property can still be sent")
        .received(Warning, "the property no longer arrives; one that was certain to is a finding of its own")
        .mirror("became-not-write-only")
        .case(r#"{"type":"string"}"#, r#"{"type":"string","writeOnly":true}"#)
        .quiet(r#"{"type":"string"}"#, r#"{"type":"string","writeOnly":false}"#);
    WRITE_ONLY_UNSET = row("became-not-write-only")
        .about(About::Else)
        .sent(Info, "the property can still be sent")
        .received(Info, "the property arrives in addition")
        .mirror("became-write-only")
        .case(r#"{"type":"string","writeOnly":true}"#, r#"{"type":"string"}"#);

    // Arrays.
    PREFIX_ITEM_ADDED = row("prefix-items-added")
        .sent(Breaks, "any item was accepted at this place before")
        .received(Info, "an item at this place was free before")
        .mirror("prefix-items-removed")
        .case(r#"{"type":"array","prefixItems":[{"type":"string"}]}"#, r#"{"type":"array","prefixItems":[{"type":"string"},{"type":"string"}]}"#);
    PREFIX_ITEM_REMOVED = row("prefix-items-removed")
        .sent(Info, "any item is accepted at this place now")
        .received(Breaks, "an item of another kind can arrive at this place")
        .mirror("prefix-items-added")
        .case(r#"{"type":"array","prefixItems":[{"type":"string"},{"type":"string"}]}"#, r#"{"type":"array","prefixItems":[{"type":"string"}]}"#);
}
