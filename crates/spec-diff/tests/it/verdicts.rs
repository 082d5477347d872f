//! What is true of an edit in each direction, whatever rule explains it.
#![cfg(feature = "inclusion")]

use crate::support::{diff, lines};
use spec_diff::{Level, Report};

/// Whether an edit breaks what is sent, and what is received.
fn verdict(report: &Report) -> (bool, bool) {
    let any = |levels: [Level; 2]| report.findings().iter().any(|f| levels.contains(&f.level));
    assert!(
        !report
            .findings()
            .iter()
            .any(|f| f.level == Level::Undecidable),
        "undecided: {:?}",
        lines(report)
    );
    (
        any([Level::BreaksRequests, Level::BreaksBoth]),
        any([Level::BreaksResponses, Level::BreaksBoth]),
    )
}

/// A document in which a schema is sent and received, beside components.
fn body(schema: &str, components: &str, version: &str, media: &str) -> String {
    let content = format!(r#"{{"content":{{"{media}":{{"schema":{schema}}}}}}}"#);
    format!(
        r#"{{"openapi":"{version}","paths":{{"/orders":{{"put":{{"requestBody":{content},
        "responses":{{"200":{content}}}}}}}}},"components":{{"schemas":{{{components}}}}}}}"#
    )
}

const SENT: (bool, bool) = (true, false);
const RECEIVED: (bool, bool) = (false, true);
const BOTH: (bool, bool) = (true, true);
const NEITHER: (bool, bool) = (false, false);

/// Old, new, what breaks, and what breaks the other way round.
type Case = (&'static str, &'static str, (bool, bool), (bool, bool));

fn check(cases: &[Case], version: &str, media: &str) {
    let mut wrong = Vec::new();
    for (old, new, there, back) in cases {
        let (one, other) = (body(old, "", version, media), body(new, "", version, media));
        for (from, to, expected) in [(&one, &other, there), (&other, &one, back)] {
            let report = diff(from, to);
            let found = verdict(&report);
            if found != *expected {
                wrong.push(format!("{old}\n  {new}\n  {found:?}: {:?}", lines(&report)));
            }
            for finding in report.findings().iter().filter(|f| f.level.is_breaking()) {
                if finding.witness.is_none() {
                    wrong.push(format!("{old}\n  {new}\n  no proof: {}", finding.id()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn spellings_of_one_set() {
    let same = [
        (
            r#"{"type":["boolean","null"]}"#,
            r#"{"anyOf":[{"type":"null"},{"type":"boolean"}]}"#,
        ),
        (
            r#"{"type":["integer","string"]}"#,
            r#"{"oneOf":[{"type":"string"},{"type":"integer"}]}"#,
        ),
        (
            r#"{"enum":["s","m"]}"#,
            r#"{"oneOf":[{"const":"m","title":"Medium"},{"const":"s","title":"Small"}]}"#,
        ),
        (
            r#"{"anyOf":[{"type":"boolean"},{"anyOf":[{"type":"array"},{"type":"string"}]}]}"#,
            r#"{"anyOf":[{"type":"array"},{"type":"boolean"},{"type":"string"}]}"#,
        ),
        (
            r#"{"type":"integer","exclusiveMaximum":8}"#,
            r#"{"type":"integer","maximum":7}"#,
        ),
        (
            r#"{"type":"integer","multipleOf":1}"#,
            r#"{"type":"integer"}"#,
        ),
        (
            r#"{"anyOf":[{"type":"integer"},{"type":"number"}]}"#,
            r#"{"type":"number"}"#,
        ),
        (
            r#"{"allOf":[{"enum":[1,2,3]},{"enum":[2,3,4]}]}"#,
            r#"{"enum":[3,2]}"#,
        ),
        (
            r#"{"type":"object","if":{"required":["a"]}}"#,
            r#"{"type":"object"}"#,
        ),
        (r#"{"type":"string","minLength":0}"#, r#"{"type":"string"}"#),
        (
            r#"{"allOf":[{"type":"string","maxLength":9},{"maxLength":4}]}"#,
            r#"{"type":"string","maxLength":4}"#,
        ),
        (
            r#"{"type":"number","minimum":2,"maximum":2}"#,
            r#"{"const":2}"#,
        ),
    ];
    let cases: Vec<Case> = same
        .into_iter()
        .map(|(old, new)| (old, new, NEITHER, NEITHER))
        .collect();
    check(&cases, "3.1.0", "application/json");
}

#[test]
fn sets_that_shrink_or_grow() {
    check(
        &[
            (
                r#"{"type":"integer","multipleOf":12}"#,
                r#"{"type":"integer","multipleOf":4}"#,
                RECEIVED,
                SENT,
            ),
            (
                r#"{"type":"integer","multipleOf":4}"#,
                r#"{"type":"integer","multipleOf":6}"#,
                BOTH,
                BOTH,
            ),
            (
                r#"{"type":"integer","maximum":9007199254740993}"#,
                r#"{"type":"integer","maximum":9007199254740992}"#,
                SENT,
                RECEIVED,
            ),
            (
                r#"{"type":["string","null"],"enum":["x",null]}"#,
                r#"{"type":["string","null"],"enum":["x"]}"#,
                SENT,
                RECEIVED,
            ),
            (
                r#"{"allOf":[{"maxItems":5,"type":"array"},{"maxItems":8}]}"#,
                r#"{"allOf":[{"maxItems":5,"type":"array"},{"maxItems":2}]}"#,
                SENT,
                RECEIVED,
            ),
            (
                r#"{"type":"object","additionalProperties":{"type":"boolean"}}"#,
                r#"{"type":"object","additionalProperties":{"type":"boolean"},"properties":{"size":{"type":"integer"}}}"#,
                BOTH,
                BOTH,
            ),
            (
                r#"{"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":false}"#,
                r#"{"type":"object","properties":{"a":{"type":"string"},"z":{}},"additionalProperties":false}"#,
                RECEIVED,
                SENT,
            ),
            (
                r#"{"type":"object","properties":{"a":{"type":"string"}}}"#,
                r#"{"type":"object","properties":{"a":{"type":"string"},"z":{"type":"string"}}}"#,
                NEITHER,
                NEITHER,
            ),
            (
                r#"{"not":{"type":"string"}}"#,
                r#"{"not":{"type":["string","array"]}}"#,
                SENT,
                RECEIVED,
            ),
            (
                r#"{"type":"array","items":{"type":"integer","minimum":3}}"#,
                r#"{"type":"array","items":{"type":"integer","minimum":4}}"#,
                SENT,
                RECEIVED,
            ),
            (
                r#"{"type":"array","uniqueItems":true}"#,
                r#"{"type":"array"}"#,
                RECEIVED,
                SENT,
            ),
            (
                r#"{"anyOf":[{"type":"object","properties":{"a":{"type":"integer"}}},{"type":"object","properties":{"b":{"type":"integer"}}}]}"#,
                r#"{"oneOf":[{"type":"object","properties":{"a":{"type":"integer"}}},{"type":"object","properties":{"b":{"type":"integer"}}}]}"#,
                SENT,
                RECEIVED,
            ),
            (
                r#"{"anyOf":[{"type":"string"},{"type":"string","enum":["p","q"]}]}"#,
                r#"{"anyOf":[{"type":"string"},{"type":"string","enum":["p"]}]}"#,
                NEITHER,
                NEITHER,
            ),
            (
                r#"{"type":"object","required":["k","n"],"properties":{"k":{"type":"string","readOnly":true},"n":{"type":"string"}}}"#,
                r#"{"type":"object","required":["k","n"],"properties":{"k":{"type":"string"},"n":{"type":"string"}}}"#,
                SENT,
                NEITHER,
            ),
            (
                r#"{"type":"object","required":["pin"],"properties":{"pin":{"type":"string"}}}"#,
                r#"{"type":"object","required":["pin"],"properties":{"pin":{"type":"string","writeOnly":true}}}"#,
                RECEIVED,
                NEITHER,
            ),
        ],
        "3.1.0",
        "application/json",
    );
}

#[test]
fn forms_are_text() {
    let field = |schema: &str| format!(r#"{{"type":"object","properties":{{"f":{schema}}}}}"#);
    let cases = [
        (
            r#"{"type":"integer"}"#,
            r#"{"type":"string"}"#,
            RECEIVED,
            SENT,
        ),
        (
            r#"{"type":"integer"}"#,
            r#"{"type":"string","enum":["low","high"]}"#,
            BOTH,
            BOTH,
        ),
        (
            r#"{"type":"boolean"}"#,
            r#"{"type":"string","enum":["true","false","maybe"]}"#,
            RECEIVED,
            SENT,
        ),
        (
            r#"{"type":"integer","enum":[4,5]}"#,
            r#"{"type":"string","enum":["4","5"]}"#,
            NEITHER,
            NEITHER,
        ),
    ];
    for (old, new, there, back) in cases {
        let media = "application/x-www-form-urlencoded";
        let [one, other] = [old, new].map(|schema| body(&field(schema), "", "3.1.0", media));
        assert_eq!(verdict(&diff(&one, &other)), there, "{old} {new}");
        assert_eq!(verdict(&diff(&other, &one)), back, "{new} {old}");
    }
}

#[test]
fn names_of_xml_are_on_the_wire() {
    let of = |xml: &str| {
        format!(r#"{{"type":"object","properties":{{"size":{{"type":"string"{xml}}}}}}}"#)
    };
    let diff_in = |media: &str, xml: &str| {
        let one = body(&of(""), "", "3.0.3", media);
        verdict(&diff(&one, &body(&of(xml), "", "3.0.3", media)))
    };
    for changed in [
        r#","xml":{"name":"Size"}"#,
        r#","xml":{"attribute":true}"#,
        r#","xml":{"namespace":"urn:s"}"#,
    ] {
        assert_eq!(diff_in("application/atom+xml", changed), BOTH, "{changed}");
        assert_eq!(diff_in("application/json", changed), NEITHER, "{changed}");
    }
    assert_eq!(
        diff_in(
            "application/xml",
            r#","xml":{"name":"size","wrapped":false}"#
        ),
        NEITHER
    );
}

#[test]
fn a_hierarchy_is_followed_from_its_base() {
    let components = |weight: &str, truck: &str, mapping: &str| {
        format!(
            r##""Vehicle":{{"type":"object","required":["kind"],"properties":{{"kind":{{"type":"string"}}}},"discriminator":{{"propertyName":"kind"{mapping}}}}},
            "{truck}":{{"allOf":[{{"$ref":"#/components/schemas/Vehicle"}},{{"type":"object","properties":{{"load":{{"type":"{weight}"}}}}}}]}}"##
        )
    };
    let document = |components: String| {
        body(
            r##"{"$ref":"#/components/schemas/Vehicle"}"##,
            &components,
            "3.0.3",
            "application/json",
        )
    };
    let plain = document(components("string", "Truck", ""));
    assert_eq!(
        verdict(&diff(&plain, &document(components("integer", "Truck", "")))),
        BOTH
    );
    // The name of a component is a value, unless the mapping has it.
    assert_eq!(
        verdict(&diff(&plain, &document(components("string", "Lorry", "")))),
        BOTH
    );
    let mapped = |name: &str| format!(r##","mapping":{{"Truck":"#/components/schemas/{name}"}}"##);
    let kept = document(components("string", "Lorry", &mapped("Lorry")));
    assert_eq!(verdict(&diff(&plain, &kept)), NEITHER);
    assert_eq!(
        verdict(&diff(
            &plain,
            &document(components("string", "Truck", &mapped("Truck")))
        )),
        NEITHER
    );
}

#[test]
fn a_component_that_another_refines_is_taken_together_with_it() {
    let components = |kinds: &str| {
        format!(
            r##""Base":{{"type":"object","properties":{{"kind":{{"type":"string"}},"name":{{"type":"string","maxLength":40}}}}}},
            "Sub":{{"allOf":[{{"$ref":"#/components/schemas/Base"}},{{"properties":{{"kind":{{"enum":[{kinds}]}}}}}}]}}"##
        )
    };
    let document = |kinds: &str| {
        body(
            r##"{"$ref":"#/components/schemas/Sub"}"##,
            &components(kinds),
            "3.1.0",
            "application/json",
        )
    };
    let report = diff(&document(r#""one","two""#), &document(r#""one""#));
    assert_eq!(verdict(&report), SENT);
    let finding = &report.findings()[0];
    assert_eq!(finding.id(), "request-enum-value-removed");
    let witness = finding.witness.as_ref().unwrap();
    assert_eq!(witness.value, "two");
}

#[test]
fn statuses_are_compared_with_what_answered_before() {
    let document = |responses: &str| {
        format!(
            r#"{{"openapi":"3.1.0","paths":{{"/a":{{"get":{{"responses":{{{responses}}}}}}}}}}}"#
        )
    };
    let answer = |status: &str, kind: &str| {
        format!(
            r#""{status}":{{"content":{{"application/json":{{"schema":{{"type":"{kind}"}}}}}}}}"#
        )
    };
    let both = |one: String, other: String| document(&format!("{one},{other}"));
    let default = document(&answer("default", "string"));
    let range = document(&answer("4XX", "string"));
    assert_eq!(
        verdict(&diff(
            &default,
            &both(answer("default", "string"), answer("503", "integer"))
        )),
        RECEIVED
    );
    assert_eq!(
        verdict(&diff(
            &default,
            &both(answer("default", "string"), answer("503", "string"))
        )),
        NEITHER
    );
    assert_eq!(
        verdict(&diff(
            &range,
            &both(answer("4XX", "string"), answer("410", "boolean"))
        )),
        RECEIVED
    );
    assert_eq!(
        verdict(&diff(
            &document(&answer("2XX", "string")),
            &document(&answer("204", "string"))
        )),
        NEITHER
    );
    assert_eq!(
        verdict(&diff(
            &document(&answer("204", "string")),
            &document(&answer("2XX", "array"))
        )),
        RECEIVED
    );
}

#[test]
fn callbacks_that_carry_themselves_end() {
    let document = |kind: &str| {
        format!(
            r##"{{"openapi":"3.1.0","paths":{{"/jobs":{{"post":{{"responses":{{}},"callbacks":{{"done":{{"$ref":"#/components/callbacks/done"}}}}}}}}}},
            "components":{{"callbacks":{{"done":{{"{{$request.body#/url}}":{{"put":{{
                "requestBody":{{"content":{{"application/json":{{"schema":{{"type":"{kind}"}}}}}}}},
                "responses":{{}},"callbacks":{{"again":{{"$ref":"#/components/callbacks/done"}}}}}}}}}}}}}}}}"##
        )
    };
    let report = diff(&document("boolean"), &document("array"));
    assert_eq!(report.findings().len(), 1, "{:?}", lines(&report));
    assert_eq!(verdict(&report), RECEIVED);
}

#[test]
fn chains_of_thousands_of_references_end() {
    let document = |kind: &str| {
        use std::fmt::Write as _;
        let mut components = String::new();
        for i in 0..5000 {
            let wrapped = if i % 2 == 0 {
                format!(r##"{{"$ref":"#/components/schemas/L{}"}}"##, i + 1)
            } else {
                format!(
                    r##"{{"allOf":[{{"$ref":"#/components/schemas/L{}"}}]}}"##,
                    i + 1
                )
            };
            let _ = write!(components, r#""L{i}":{wrapped},"#);
        }
        let _ = write!(components, r#""L5000":{{"type":"{kind}"}}"#);
        body(
            r##"{"$ref":"#/components/schemas/L0"}"##,
            &components,
            "3.1.0",
            "application/json",
        )
    };
    assert_eq!(
        verdict(&diff(&document("string"), &document("array"))),
        BOTH
    );
}

#[test]
fn labels_name_the_place_where_the_reader_must_look() {
    let team = |parent: &str| {
        let components = format!(
            r#""Team":{{"type":"object","properties":{{"type":{{"type":"string"}},"parent":{parent}}}}}"#
        );
        body(
            r##"{"$ref":"#/components/schemas/Team"}"##,
            &components,
            "3.1.0",
            "application/json",
        )
    };
    let to_itself = diff(
        &team(r#"{"type":"string"}"#),
        &team(r##"{"$ref":"#/components/schemas/Team"}"##),
    );
    assert_eq!(
        lines(&to_itself),
        ["request-type-changed @ Team.parent type"]
    );
    let whole = |kind: &str| {
        body(
            r##"{"$ref":"#/components/schemas/A"}"##,
            &format!(r#""A":{{"type":"{kind}"}}"#),
            "3.1.0",
            "application/json",
        )
    };
    assert_eq!(
        lines(&diff(&whole("object"), &whole("string"))),
        ["request-type-changed @ A type"]
    );
}
