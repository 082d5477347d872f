//! Turns the halves of a case into whole documents.

use super::{At, Case, Example, Kind, Rule};

/// The documents of a case, each with its half in the place that the rule is about.
pub(super) fn documents(rule: &Rule, case: Case) -> Example {
    Example {
        old: document(rule, case.before),
        new: document(rule, case.after),
    }
}

/// Two documents that mean the same: the row's own, or the older half in another spelling.
pub(super) fn quiet(rule: &Rule) -> Example {
    if let Some(case) = rule.row.quiet {
        return documents(rule, case);
    }
    let before = rule.row.case.before;
    let after = if rule.row.at == At::Schema {
        format!(r#"{{"allOf":[{before}]}}"#)
    } else {
        before.to_owned()
    };
    Example {
        old: document(rule, before),
        new: document(rule, &after),
    }
}

fn document(rule: &Rule, half: &str) -> String {
    let received = rule.kind == Kind::Received;
    let media = if rule.row.at == At::Xml {
        "application/xml"
    } else {
        "application/json"
    };
    let content = |schema: &str| format!(r#"{{"content":{{"{media}":{{"schema":{schema}}}}}}}"#);
    let operation = match (rule.row.at, rule.kind) {
        (At::Document, _) => return with_head(half.trim_start_matches('{')),
        (At::Schema, Kind::Parameter) => {
            format!(r#"{{"parameters":[{{"in":"query","name":"q","schema":{half}}}]}}"#)
        }
        (At::Schema | At::Xml, _) if received => {
            format!(r#"{{"responses":{{"200":{}}}}}"#, content(half))
        }
        (At::Schema | At::Xml, _) => format!(r#"{{"requestBody":{}}}"#, content(half)),
        // A webhook's request body is what a client receives.
        (At::RequestBody, _) if received => {
            return with_head(&format!(r#""webhooks":{{"made":{{"post":{half}}}}}}}"#));
        }
        (At::Operation | At::RequestBody, _) => half.to_owned(),
        (At::Response, _) if received => format!(r#"{{"responses":{{"200":{half}}}}}"#),
        // And its responses are what a client sends.
        (At::Response, _) => {
            return with_head(&format!(
                r#""webhooks":{{"made":{{"post":{{"responses":{{"200":{half}}}}}}}}}}}"#
            ));
        }
    };
    with_head(&format!(
        r#""paths":{{"/a":{{"get":{operation}}}}},"components":{{"responses":{{"Empty":{{}}}}}}}}"#
    ))
}

fn with_head(rest: &str) -> String {
    format!(r#"{{"openapi":"3.1.0","info":{{"title":"t","version":"1"}},{rest}"#)
}
