//! Proofs that can be sent: an empty segment of a path cannot, nor a line break in a header.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value as Json, json};

use super::{Answers, Mode, sets};
use crate::compare::{Comparison, Kind, Sites, Unit};
use crate::inclusion::{Answer, Question as Sets, answers};
use crate::tree::Node;

/// What carries a value that is written as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wire {
    Path,
    Header,
    Cookie,
    Other,
}

impl Wire {
    /// What carries the parameter or header of a unit.
    fn of(unit: &Unit<'_>) -> Self {
        match unit.pair {
            Some((Kind::Header, ..)) => Self::Header,
            Some((Kind::Parameter, _, new)) => match new.get("in").and_then(Node::str) {
                Some("path") => Self::Path,
                Some("header") => Self::Header,
                Some("cookie") => Self::Cookie,
                _ => Self::Other,
            },
            _ => Self::Other,
        }
    }

    /// What no text may be, and what it had better not be: escaped, it is another text to many servers.
    fn rules(self) -> &'static [Rule] {
        const PATH: [Rule; 3] = [
            Rule {
                pattern: "^[A-Za-z0-9._~-]+$",
                allows: |text| !text.is_empty() && text.chars().all(is_plain),
                strict: false,
            },
            Rule {
                pattern: "^[^/]+$",
                allows: |text| !text.is_empty() && !text.contains('/'),
                strict: false,
            },
            Rule {
                pattern: "^[\\s\\S]+$",
                allows: |text| !text.is_empty(),
                strict: true,
            },
        ];
        const HEADER: [Rule; 1] = [Rule {
            pattern: "^[^\\r\\n]*$",
            allows: |text| !text.contains(['\r', '\n']),
            strict: true,
        }];
        const COOKIE: [Rule; 1] = [Rule {
            pattern: "^[^;]*$",
            allows: |text| !text.contains(';'),
            strict: false,
        }];
        match self {
            Self::Path => &PATH,
            Self::Header => &HEADER,
            Self::Cookie => &COOKIE,
            Self::Other => &[],
        }
    }
}

/// Whether a character is written in a URL as it is.
fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || "._~-".contains(c)
}

/// Which texts a wire carries.
struct Rule {
    pattern: &'static str,
    allows: fn(&str) -> bool,
    /// Whether it carries no others at all.
    strict: bool,
}

impl Rule {
    /// The schema without the texts that are not allowed.
    fn applied(&self, schema: &Json) -> Json {
        let map = match schema {
            Json::Object(map) => map,
            Json::Bool(true) => &Map::new(),
            other => return other.clone(),
        };
        let mut out = map.clone();
        let mut in_parts = false;
        for key in ["allOf", "anyOf", "oneOf"] {
            if let Some(Json::Array(parts)) = out.get_mut(key) {
                in_parts = true;
                for part in parts {
                    *part = self.applied(part);
                }
            }
        }
        let fits = |value: &Json| value.as_str().is_none_or(self.allows);
        if let Some(Json::Array(values)) = out.get_mut("enum") {
            values.retain(fits);
            return if values.is_empty() {
                false.into()
            } else {
                out.into()
            };
        }
        if let Some(value) = out.get("const") {
            return if fits(value) {
                out.into()
            } else {
                false.into()
            };
        }
        let is_text = |kind: &Json| kind == "string";
        let has_texts = out.get("type").is_none_or(|kind| {
            is_text(kind) || kind.as_array().is_some_and(|all| all.iter().any(is_text))
        });
        if has_texts && !in_parts {
            self.limit(&mut out);
        }
        out.into()
    }

    fn limit(&self, schema: &mut Map<String, Json>) {
        if !(self.allows)("") {
            let least = schema.get("minLength").and_then(Json::as_u64).unwrap_or(0);
            schema.insert("minLength".to_owned(), json!(least.max(1)));
        }
        // Where any text is allowed that is not empty, its length says so.
        if (self.allows)("/;\r\n") {
            return;
        }
        if schema.contains_key("pattern") {
            schema.insert("allOf".to_owned(), json!([{ "pattern": self.pattern }]));
        } else {
            schema.insert("pattern".to_owned(), json!(self.pattern));
        }
    }
}

impl Comparison<'_> {
    /// Looks for other proofs where one cannot be sent. Where there is none, nothing breaks.
    pub(super) fn make_sendable(&self, settled: &mut Answers) {
        let is_suspect = |text: &str| text.is_empty() || text.contains(['/', ';', '\r', '\n']);
        let suspects: Vec<(usize, Mode)> = settled
            .by_mode
            .iter()
            .filter_map(|(&key, (answer, _))| match answer {
                Answer::Broken(Json::String(text)) if is_suspect(text) => Some(key),
                _ => None,
            })
            .collect();
        if suspects.is_empty() {
            return;
        }
        let carriers = self.carriers();
        for (index, mode) in suspects {
            let question = &self.questions[index];
            let wire = match Wire::of(&self.units[question.unit]) {
                Wire::Other => carriers.get(&(question.unit, mode)).copied(),
                own => Some(own),
            };
            let (Some(wire), Some((answer, _))) = (wire, settled.by_mode.get_mut(&(index, mode)))
            else {
                continue;
            };
            let (old, new) = (&question.old, &question.new);
            let Some(lowered) = sets(self.old, old, self.new, new, mode.sent, true) else {
                continue;
            };
            // A part of a list may be what the whole may not.
            let is_part = question.around.is_some();
            for rule in wire.rules() {
                let Answer::Broken(Json::String(text)) = &*answer else {
                    break;
                };
                if (rule.allows)(text) {
                    continue;
                }
                let asked = Sets {
                    subset: rule.applied(&lowered.sets.subset),
                    as_text: mode.as_text,
                    ..lowered.sets.clone()
                };
                let found = answers(&[asked]).pop().unwrap_or(Answer::Unknown);
                if matches!(found, Answer::Broken(_)) || rule.strict && !is_part {
                    *answer = found;
                }
            }
        }
    }

    /// What alone carries the values of a unit, by the way in which they are written.
    fn carriers(&self) -> HashMap<(usize, Mode), Wire> {
        let mut found: HashMap<(usize, Mode), Wire> = HashMap::new();
        let mut note = |unit: usize, site: Sites, wire: Wire| {
            for mode in super::MODES {
                if mode.sites().has(site) {
                    let known = found.entry((unit, mode)).or_insert(wire);
                    if *known != wire {
                        *known = Wire::Other;
                    }
                }
            }
        };
        let mut waiting: Vec<(usize, Sites)> = Vec::new();
        for &(_, unit, site) in &self.uses {
            note(unit, site, Wire::of(&self.units[unit]));
            waiting.push((unit, site));
        }
        let mut met: HashSet<(usize, Sites)> = waiting.iter().copied().collect();
        while let Some((from, site)) = waiting.pop() {
            let unit = &self.units[from];
            for edge in &unit.edges {
                let there = (edge.to, site.written(edge.way));
                note(there.0, there.1, Wire::of(unit));
                if met.insert(there) {
                    waiting.push(there);
                }
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_are_not_carried_are_left_out() {
        let rules = Wire::Path.rules();
        let applied = |schema: Json| {
            rules
                .iter()
                .map(|rule| rule.applied(&schema))
                .collect::<Vec<_>>()
        };
        let both = applied(json!({"type": "string", "minLength": 3}));
        assert_eq!(
            both[1],
            json!({"type": "string", "minLength": 3, "pattern": "^[^/]+$"})
        );
        assert_eq!(both[2], json!({"type": "string", "minLength": 3}));
        assert_eq!(
            applied(json!({"enum": ["", "a/b", 7]}))[0],
            json!({"enum": [7]})
        );
        assert_eq!(applied(json!({"const": ""}))[2], json!(false));
        assert_eq!(
            applied(json!({"type": "integer"}))[0],
            json!({"type": "integer"})
        );
        assert_eq!(
            applied(json!({"oneOf": [{"type": "string"}, {"type": "null"}]}))[2],
            json!({"oneOf": [{"type": "string", "minLength": 1}, {"type": "null"}]})
        );
        assert_eq!(applied(json!(true))[2], json!({"minLength": 1}));
        let two = json!({"type": "string", "pattern": "^a"});
        assert_eq!(
            Wire::Header.rules()[0].applied(&two),
            json!({"type": "string", "pattern": "^a", "allOf": [{"pattern": "^[^\\r\\n]*$"}]})
        );
    }
}
