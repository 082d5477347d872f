//! Nothing in a document makes the comparison panic, hang or grow without bound.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use crate::support::{PETS, diff, lines};
use spec_diff::{Document, Options, compare, render};

/// A small generator, so that a failure can be repeated: xorshift64*.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(limit.max(1)).unwrap()).unwrap()
    }
}

const SNIPPETS: [&str; 24] = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "null",
    "true",
    "-1",
    "1e999",
    "\"$ref\":\"#\",",
    "\"type\":\"array\",",
    "\"items\":{\"$ref\":\"#/components/schemas/Pet\"},",
    "\"allOf\":[{\"$ref\":\"#/components/schemas/Pet\"}],",
    "\"oneOf\":[{},{\"type\":\"null\"}],",
    "\"not\":false,",
    "\"required\":\"name\",",
    "\"enum\":[],",
    "\\u0000",
    "\u{1b}[2J",
    "\u{202e}",
    "\"nullable\":true,",
    "\"additionalProperties\":false,",
];

fn mutate(text: &str, random: &mut Random) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for _ in 0..=random.below(3) {
        let at = random.below(chars.len());
        match random.below(5) {
            0 => drop(chars.drain(at..(at + 1 + random.below(12)).min(chars.len()))),
            1 => drop(chars.splice(at..at, SNIPPETS[random.below(SNIPPETS.len())].chars())),
            2 => {
                let from = random.below(chars.len());
                let piece: Vec<char> =
                    chars[from..(from + random.below(60)).min(chars.len())].to_vec();
                chars.splice(at..at, piece);
            }
            3 => chars.swap(at, random.below(text.len()).min(text.chars().count() / 2)),
            _ => {
                chars[at] =
                    char::from_u32(u32::try_from(random.below(128)).unwrap()).unwrap_or('x');
            }
        }
    }
    chars.into_iter().collect()
}

/// Edits that keep the JSON valid: values change places, which reaches deeper than broken syntax.
fn rearrange(value: &mut serde_json::Value, random: &mut Random, pool: &[serde_json::Value]) {
    match value {
        serde_json::Value::Object(map) if !map.is_empty() && random.below(6) > 0 => {
            let key = map
                .keys()
                .nth(random.below(map.len()))
                .cloned()
                .unwrap_or_default();
            match random.below(12) {
                0 => drop(map.remove(&key)),
                1 => drop(map.insert(key, pool[random.below(pool.len())].clone())),
                _ => rearrange(map.get_mut(&key).unwrap(), random, pool),
            }
        }
        serde_json::Value::Array(items) if !items.is_empty() && random.below(4) > 0 => {
            let at = random.below(items.len());
            rearrange(&mut items[at], random, pool);
        }
        other => *other = pool[random.below(pool.len())].clone(),
    }
}

fn pool(value: &serde_json::Value, into: &mut Vec<serde_json::Value>) {
    into.push(value.clone());
    match value {
        serde_json::Value::Object(map) => map.values().for_each(|v| pool(v, into)),
        serde_json::Value::Array(items) => items.iter().for_each(|v| pool(v, into)),
        _ => {}
    }
}

/// Compares both ways, renders everything, and checks that no control character gets out.
fn survive(old: &Document, text: &str, name: &str) {
    let new = match Document::parse(text.as_bytes(), name) {
        Ok(new) => new,
        Err(e) => {
            assert!(!e.to_string().contains(|c: char| c.is_control()), "{e:?}");
            return;
        }
    };
    let options = Options {
        docs: true,
        ..Options::default()
    };
    for (a, b) in [(old, &new), (&new, old), (&new, &new)] {
        let report = compare(a, b, &options);
        let outputs = [
            render::text(&report, render::Color::Never),
            render::markdown(&report),
            render::json(&report),
            render::github(&report),
            render::junit(&report),
            render::sarif(&report),
        ];
        for output in outputs {
            assert!(
                !output.contains(|c: char| c.is_control() && c != '\n'),
                "{output}"
            );
        }
        if std::ptr::eq(a, b) {
            assert_eq!(
                lines(&report),
                [""; 0],
                "a document differs from itself:\n{text}"
            );
        }
    }
}

/// How many edits: 10,000 in all, fewer with `SPEC_DIFF_EDITS`; start elsewhere with `SPEC_DIFF_SEED`.
fn from_env(name: &str, default: u64) -> u64 {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
}

/// What YAML has and JSON has not: blocks, anchors, merges, folded text, comments.
const PETS_YAML: &str = r##"
openapi: 3.1.0
info: &info {title: Pets, version: '1'}
x-base: &base
  type: object
  required: [name]
paths:
  /pets/{id}:
    get:   # reads one
      parameters:
        - {in: path, name: id, required: true, schema: {type: string}}
      responses:
        200:
          description: >-
            Folded
            text
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Pet'}
        default:
          description: |
            kept
components:
  schemas:
    Pet:
      <<: *base
      properties:
        name: {type: [string, "null"], enum: [a, 'b', null, 1.0]}
        parent:
          anyOf:
          - $ref: "#/components/schemas/Pet"
          - type: 'null'
"##;

#[test]
fn random_edits_of_the_text_do_no_harm() {
    let old = crate::support::parse(PETS, "old.json");
    let mut random = Random(from_env("SPEC_DIFF_SEED", 0x5eed));
    for i in 0..from_env("SPEC_DIFF_EDITS", 10_000) / 2 {
        let (text, name) = match i % 3 {
            0 => (PETS, "new.json"),
            1 => (PETS, "new.yaml"),
            _ => (PETS_YAML, "new.yaml"),
        };
        survive(&old, &mutate(text, &mut random), name);
    }
}

#[test]
fn the_yaml_that_is_edited_is_a_document() {
    let old = Document::parse(PETS_YAML.as_bytes(), "a.yaml");
    assert!(old.is_ok(), "{old:?}");
}

#[test]
fn random_edits_of_the_structure_do_no_harm() {
    let old = crate::support::parse(PETS, "old.json");
    let mut random = Random(from_env("SPEC_DIFF_SEED", 0x5eed));
    let start: serde_json::Value = serde_json::from_str(PETS).unwrap();
    let mut values = Vec::new();
    pool(&start, &mut values);
    for _ in 0..from_env("SPEC_DIFF_EDITS", 10_000) / 2 {
        let mut edited = start.clone();
        for _ in 0..=random.below(3) {
            rearrange(&mut edited, &mut random, &values);
        }
        survive(&old, &edited.to_string(), "new.json");
    }
}

/// What takes a second may take longer on a busy machine; what never ends, ends here.
const LIMIT: Duration = Duration::from_secs(120);

fn within(limit: Duration, what: impl FnOnce()) {
    let start = Instant::now();
    what();
    assert!(start.elapsed() < limit, "took {:?}", start.elapsed());
}

/// A chain of references longer than any stack.
#[test]
fn long_chains_need_no_recursion() {
    let chain = |last: &str| {
        let mut text = String::from(
            r##"{"openapi":"3.0.0","paths":{"/a":{"get":{"responses":{"200":{"content":{"application/json":{"schema":
            {"$ref":"#/components/schemas/S0"}}}}}}}},"components":{"schemas":{"##,
        );
        for i in 0..30_000 {
            let next = i + 1;
            let _ = write!(
                text,
                r##""S{i}":{{"type":"object","properties":{{"n":{{"$ref":"#/components/schemas/S{next}"}}}}}},"##
            );
        }
        let _ = write!(text, r#""S30000":{{"type":"{last}"}}}}}}}}"#);
        text
    };
    within(LIMIT, || {
        let report = diff(&chain("string"), &chain("boolean"));
        assert_eq!(lines(&report), ["response-type-changed @ S30000 type"]);
        assert_eq!(report.findings()[0].operations.len(), 1);
    });
}

/// Two cycles of lengths without a common divisor ask for every pair of their members.
#[test]
fn products_of_cycles_are_cut_off_and_said_so() {
    let cycle = |length: usize, kind: &str| {
        let mut text = String::from(
            r##"{"openapi":"3.0.0","paths":{"/a":{"get":{"responses":{"200":{"content":{"application/json":{"schema":
            {"$ref":"#/components/schemas/S0"}}}}}}}},"components":{"schemas":{"##,
        );
        for i in 0..length {
            let next = (i + 1) % length;
            let comma = if next == 0 { "" } else { "," };
            let _ = write!(
                text,
                r##""S{i}":{{"type":"object","properties":{{"{kind}":{{}},"n":{{"$ref":"#/components/schemas/S{next}"}}}}}}{comma}"##
            );
        }
        text + "}}}"
    };
    within(LIMIT, || {
        let report = diff(&cycle(1009, "a"), &cycle(997, "b"));
        assert!(
            report
                .findings()
                .iter()
                .any(|f| f.id() == "comparison-incomplete")
        );
        assert!(!report.verdict().passes());
    });
}

/// Long lists of everything, all different: each must be gone through once, not once per member.
#[test]
fn long_lists_take_linear_time() {
    let document = |mark: &str| {
        let list =
            |item: &dyn Fn(usize) -> String| (0..10_000).map(item).collect::<Vec<_>>().join(",");
        let statuses = list(&|i| format!(r#""{mark}{i}":{{}}"#));
        let headers = list(&|i| format!(r#""{mark}{i}":{{}}"#));
        let content = list(&|i| format!(r#""{mark}/{i}":{{}}"#));
        let parameters = list(&|i| format!(r#"{{"in":"query","name":"{mark}{i}"}}"#));
        let servers = list(&|i| format!(r#"{{"url":"{mark}{i}"}}"#));
        let security = list(&|i| format!(r#"{{"{mark}{i}":[]}}"#));
        let tags = list(&|i| format!(r#""{mark}{i}""#));
        let members = list(&|i| format!(r#"{{"type":"object","title":"{mark}{i}"}}"#));
        let parts = list(&|i| format!(r#"{{"required":["{mark}{i}"]}}"#));
        format!(
            r#"{{"openapi":"3.1.0","servers":[{servers}],"security":[{security}],"paths":{{"/a":{{"get":{{"tags":[{tags}],
            "parameters":[{parameters}],"requestBody":{{"content":{{"application/json":{{"schema":{{"oneOf":[{members}],
            "enum":[{tags}],"required":[{tags}],"allOf":[{parts}]}}}},{content}}}}},
            "responses":{{"200":{{"headers":{{{headers}}}}},{statuses}}}}}}}}}}}"#
        )
    };
    within(LIMIT, || {
        let report = diff(&document("a"), &document("b"));
        assert!(report.findings().len() > 90_000);
    });
}

/// Every schema differs, and each is reached by one operation more than the one before.
#[test]
fn an_answer_too_large_for_memory_is_cut_off_and_said_so() {
    let document = |kind: &str| {
        let count = 4000;
        let paths = |i: usize| {
            format!(
                r##""/{i}":{{"get":{{"responses":{{"200":{{"content":{{"application/json":{{"schema":{{"$ref":"#/components/schemas/S{i}"}}}}}}}}}}}}}}"##
            )
        };
        let schemas = |i: usize| {
            let next = (i + 1).min(count - 1);
            format!(
                r##""S{i}":{{"type":"object","properties":{{"a":{{"type":"{kind}"}},"n":{{"$ref":"#/components/schemas/S{next}"}}}}}}"##
            )
        };
        let list =
            |item: &dyn Fn(usize) -> String| (0..count).map(item).collect::<Vec<_>>().join(",");
        format!(
            r#"{{"openapi":"3.0.0","paths":{{{}}},"components":{{"schemas":{{{}}}}}}}"#,
            list(&paths),
            list(&schemas)
        )
    };
    within(LIMIT, || {
        let report = diff(&document("string"), &document("boolean"));
        let listed: usize = report.findings().iter().map(|f| f.operations.len()).sum();
        assert!(listed < 2_000_000, "{listed}");
        assert_eq!(report.findings().len(), 4001);
        assert!(
            report
                .findings()
                .iter()
                .any(|f| f.id() == "comparison-incomplete")
        );
    });
}

/// One name as long as a book, in the place of every finding.
#[test]
fn long_names_are_not_repeated_in_full() {
    let document = |kind: &str| {
        let name = "n".repeat(300_000);
        let properties = (0..2000)
            .map(|i| format!(r#""p{i}":{{"type":"{kind}"}}"#))
            .collect::<Vec<_>>()
            .join(",");
        format!(
            r#"{{"openapi":"3.0.0","paths":{{"/{name}":{{"get":{{"parameters":[{{"in":"query","name":"q","schema":
            {{"type":"object","properties":{{"{name}":{{"type":"object","properties":{{{properties}}}}}}}}}}}]}}}}}}}}"#
        )
    };
    let report = diff(&document("array"), &document("object"));
    assert_eq!(report.findings().len(), 2000);
    assert!(render::json(&report).len() < 10_000_000);
}

#[test]
fn circles_of_wrappers_end() {
    let text = |extra: &str| {
        format!(
            r##"{{"openapi":"3.1.0","paths":{{"/a":{{"get":{{"responses":{{"200":{{"content":{{"application/json":{{"schema":
            {{"$ref":"#/components/schemas/A"}}}}}}}}}}}}}}}},"components":{{"schemas":{{
            "A":{{"allOf":[{{"$ref":"#/components/schemas/B"}}]}},"B":{{"anyOf":[{{"$ref":"#/components/schemas/A"}}]{extra}}}}}}}}}"##
        )
    };
    within(LIMIT, || {
        assert!(
            !diff(&text(""), &text(r#","minLength":2"#))
                .findings()
                .is_empty()
        );
    });
}

#[test]
fn deep_nesting_is_refused_in_both_languages() {
    let deep =
        |open: &str, count: usize| format!(r#"{{"openapi":"3.0.0","x":{}"#, open.repeat(count));
    for (text, name) in [
        (deep("[", 100_000), "a.json"),
        (deep("{\"a\":", 100_000), "a.json"),
        (deep("[", 100_000), "a.yaml"),
    ] {
        let error = Document::parse(text.as_bytes(), name).expect_err("too deep");
        assert!(error.position().is_some(), "{error}");
    }
}

/// As deep as documents may be, on the small stack of a test thread.
#[test]
fn deep_schemas_fit_the_stack() {
    let deep = |last: &str| {
        let (open, close) = (
            r#"{"type":"object","properties":{"a":"#.repeat(90),
            "}}".repeat(90),
        );
        format!(
            r#"{{"openapi":"3.0.0","paths":{{"/a":{{"get":{{"responses":{{"200":{{"content":{{"application/json":{{"schema":
            {open}{{"type":"{last}"}}{close}}}}}}}}}}}}}}}}}"#
        )
    };
    let report = diff(&deep("string"), &deep("boolean"));
    assert_eq!(report.findings().len(), 1);
    assert_eq!(report.findings()[0].id(), "response-type-changed");
}

#[test]
fn names_from_the_document_cannot_steer_an_output() {
    let text = r#"{"openapi":"3.0.0","paths":{"/a\u001b[2J\n::error::x <img src=x> `@team` |":{"get":{"responses":{}}}}}"#;
    let report = diff(r#"{"openapi":"3.0.0","paths":{}}"#, text);
    let github = render::github(&report);
    assert_eq!(github.lines().count(), 1);
    let markdown = render::markdown(&report);
    // Nobody is mentioned: what is left of the mention is in code.
    let mentions = markdown.matches("@team").count();
    assert!(
        markdown.contains("&lt;img") && mentions == markdown.matches("`@team`").count(),
        "{markdown}"
    );
    assert!(render::junit(&report).contains("&lt;img"));
}
