//! Each document is generated or refused with reasons, soon and without a panic.
//!
//! Documents are made at random, and by breaking our fixtures. `CLIENT_GEN_DOCUMENTS` says how many
//! of each, `CLIENT_GEN_SEED` which ones; a failure names the seed of its document.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use crate::support::{cargo, write_workspace};
use client_gen::emit::Target;
use client_gen::leave_out::draft_what_can_be;
use client_gen::names::Names;
use client_gen::problem::Problems;
use client_gen::spec::Spec;
use serde_json::{Map, Value, json};

/// Documents of each kind in a usual run.
const USUAL: u64 = 150;

/// What no document of this size may take.
const SOON: Duration = Duration::from_secs(120);

/// A generator of numbers that are always the same for a seed.
struct Dice(u64, Mood);

/// Whether a document is one that somebody could have meant, or anything at all.
#[derive(Clone, Copy, PartialEq)]
enum Mood {
    Mild,
    Odd,
}

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// As many of a list as the mood allows: what is odd comes last.
    fn of(&mut self, mild: usize, odd: usize) -> usize {
        self.below(if self.1 == Mood::Mild { mild } else { odd })
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.roll() % end.max(1) as u64).unwrap()
    }

    fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn pick<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[self.below(all.len())]
    }
}

const NAMES: [&str; 38] = [
    "id",
    "kind",
    "type",
    "self",
    "Self",
    "a-b",
    "a_b",
    "A",
    "a",
    "",
    " ",
    "名前",
    "2fa",
    "$ref",
    "x-name",
    "+1",
    "-1",
    "extra",
    "body",
    "params",
    "result",
    "Option",
    "é",
    "e\u{301}",
    "a/b",
    "a~b",
    "#",
    "{x}",
    "unknown",
    "Unknown",
    "subtype_0",
    "Variant0",
    "\u{202e}",
    "crate",
    "gen",
    "String",
    "a<",
    "a>",
];

const FORMATS: [&str; 8] = [
    "date-time",
    "uuid",
    "int32",
    "uint64",
    "byte",
    "binary",
    "ipv4",
    "made-up",
];

const COMPONENTS: [&str; 7] = ["A", "B", "C", "Option", "名前", "a.b", "Gone"];

fn name(dice: &mut Dice) -> String {
    dice.pick(&NAMES).to_owned()
}

fn reference(dice: &mut Dice) -> Value {
    let target = COMPONENTS[dice.of(COMPONENTS.len() - 1, COMPONENTS.len())];
    let inner = ["", "/properties/id", "/items", "/allOf/0"][dice.of(1, 4)];
    json!({ "$ref": format!("#/components/schemas/{target}{inner}") })
}

/// Anything that JSON can say.
fn junk(dice: &mut Dice, depth: usize) -> Value {
    match dice.below(if depth == 0 { 6 } else { 8 }) {
        0 => Value::Null,
        1 => dice.once_in(2).into(),
        2 => dice.roll().into(),
        3 => (-1.5).into(),
        4 => name(dice).into(),
        5 => json!({}),
        6 => (0..dice.below(3)).map(|_| junk(dice, depth - 1)).collect(),
        _ => {
            let members = (0..dice.below(3)).map(|_| (name(dice), junk(dice, depth - 1)));
            Value::Object(members.collect())
        }
    }
}

fn schemas(dice: &mut Dice, depth: usize) -> Value {
    (0..=dice.below(3)).map(|_| schema(dice, depth)).collect()
}

fn properties(dice: &mut Dice, depth: usize) -> Value {
    let members = (0..dice.below(5)).map(|_| (name(dice), schema(dice, depth)));
    Value::Object(members.collect())
}

fn schema(dice: &mut Dice, depth: usize) -> Value {
    let Some(below) = depth.checked_sub(1) else {
        return json!({ "type": dice.pick(&["string", "integer", "boolean"]) });
    };
    let values = |dice: &mut Dice| -> Value { (0..dice.below(4)).map(|_| name(dice)).collect() };
    let mut schema = match dice.of(14, 18) {
        0 => {
            json!({ "type": "string", "format": dice.pick(&FORMATS), "minLength": 1, "pattern": "(" })
        }
        1 => json!({ "type": "integer", "format": dice.pick(&FORMATS), "minimum": 1 }),
        2 => json!({ "type": "number", "exclusiveMinimum": 0.5, "default": name(dice) }),
        3 | 4 => json!({ "type": "array", "items": schema(dice, below) }),
        5..=8 => {
            json!({ "type": "object", "properties": properties(dice, below), "required": [name(dice)] })
        }
        9 => {
            json!({ "type": "object", "additionalProperties": schema(dice, below), "properties": properties(dice, below) })
        }
        10 | 11 => reference(dice),
        12 => json!({ "type": "string", "enum": values(dice) }),
        13 => json!({ "allOf": schemas(dice, below) }),
        14 => {
            json!({ "oneOf": schemas(dice, below), "discriminator": { "propertyName": name(dice) } })
        }
        15 => json!({ "anyOf": schemas(dice, below) }),
        16 => {
            json!({ "type": ["object", "null", dice.pick(&["string", "array", "number"])], "const": junk(dice, 1),
            "prefixItems": schemas(dice, below), "patternProperties": properties(dice, below), "not": schema(dice, below) })
        }
        _ => junk(dice, 2),
    };
    if let Some(object) = schema.as_object_mut().filter(|_| dice.once_in(4)) {
        let (key, value) = match dice.below(6) {
            0 => ("nullable", true.into()),
            1 => ("description", "```\nrun()\n``` */ \u{1b}[2J".into()),
            2 => ("$defs", json!({ "Inner": { "type": "string" } })),
            3 => ("readOnly", true.into()),
            4 => (
                "x-rust-type",
                json!({ "crate": "std", "path": "std::process::exit" }),
            ),
            _ => ("title", name(dice).into()),
        };
        object.insert(key.to_owned(), value);
    }
    schema
}

fn content(dice: &mut Dice) -> Value {
    let types = [
        "application/json",
        "application/json",
        "application/json",
        "text/plain",
        "*/*",
        "multipart/form-data",
        "application/x-www-form-urlencoded",
        "application/vnd.a+json",
        "text/event-stream",
    ];
    let entries = (0..=dice.below(2)).map(|_| {
        let media = types[dice.of(3, types.len())].to_owned();
        (media, json!({ "schema": schema(dice, 3) }))
    });
    Value::Object(entries.collect())
}

fn operation(dice: &mut Dice) -> Value {
    let places = ["query", "query", "path", "header", "cookie", "body"];
    let parameters: Vec<Value> = (0..dice.below(4))
        .map(|_| {
            json!({ "name": name(dice), "in": places[dice.of(4, places.len())], "required": dice.once_in(2),
                "style": dice.pick(&["form", "deepObject", "simple"]), "schema": schema(dice, 2) })
        })
        .collect();
    let responses: Map<String, Value> = (0..=dice.below(2))
        .map(|_| {
            let status = dice
                .pick(&["200", "204", "default", "404", "2XX", "x"])
                .to_owned();
            (
                status,
                json!({ "description": "", "content": content(dice) }),
            )
        })
        .collect();
    let mut operation = json!({
        "operationId": name(dice), "parameters": parameters, "responses": responses,
    });
    if dice.once_in(3) {
        operation["requestBody"] = json!({ "content": content(dice) });
    }
    if dice.once_in(8) {
        operation["x-dropshot-websocket"] = json!({});
    }
    operation
}

fn random_document(seed: u64) -> Value {
    let mood = if seed.is_multiple_of(2) {
        Mood::Mild
    } else {
        Mood::Odd
    };
    let dice = &mut Dice(seed, mood);
    let mut paths = Map::new();
    for _ in 0..=dice.below(3) {
        let path = format!(
            "/{}{}",
            name(dice),
            ["", "/{id}", "/{a-b}/{a_b}", "/{"][dice.of(2, 4)]
        );
        let method = ["get", "post", "patch", "head", "trace"][dice.of(3, 5)];
        paths.insert(path, json!({ method: operation(dice) }));
    }
    let known = COMPONENTS.iter().filter(|it| **it != "Gone");
    let components: Map<String, Value> = known
        .map(|it| ((*it).to_owned(), schema(dice, 3)))
        .collect();
    json!({
        "openapi": dice.pick(&["3.0.3", "3.1.0"]),
        "info": { "title": name(dice), "version": name(dice) },
        "paths": paths,
        "components": { "schemas": components },
    })
}

/// One of our fixtures, with some places broken.
fn broken_document(seed: u64) -> Value {
    let dice = &mut Dice(seed, Mood::Odd);
    let fixtures = ["clinic", "ledger", "shelter", "workshop"];
    let file = format!("{}.json", dice.pick(&fixtures));
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(file);
    let mut document: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    for _ in 0..=dice.below(4) {
        break_one(&mut document, dice);
    }
    document
}

/// Goes down at random, and changes what is there.
fn break_one(node: &mut Value, dice: &mut Dice) {
    let is_last = dice.once_in(12);
    let given = schema(dice, 2);
    match node {
        Value::Object(members) if !members.is_empty() => {
            let at = dice.below(members.len());
            let key = members.keys().nth(at).unwrap().clone();
            if !is_last && (members[&key].is_object() || members[&key].is_array()) {
                return break_one(&mut members[&key], dice);
            }
            match dice.below(4) {
                0 => drop(members.shift_remove(&key)),
                1 => drop(members.insert(key, junk(dice, 2))),
                2 => drop(members.insert(key, given)),
                _ => {
                    let value = members.shift_remove(&key).unwrap();
                    members.insert(name(dice), value);
                }
            }
        }
        Value::Array(items) if !items.is_empty() => {
            let at = dice.below(items.len());
            if is_last {
                let item = items[at].clone();
                items.push(item);
            } else {
                break_one(&mut items[at], dice);
            }
        }
        node => *node = junk(dice, 2),
    }
}

/// How many operations were written, of a document that may be refused with reasons.
fn operations(document: &Value) -> Result<usize, Problems> {
    let target = Target {
        runtime: "crate".to_owned(),
        source: "any.json".to_owned(),
        command: "make it".to_owned(),
    };
    let spec = Spec::parse(&document.to_string(), "any.json")?;
    let partly = draft_what_can_be(spec, &Names::default(), &target)?;
    assert_eq!(
        partly.operations,
        partly.generated.operations + partly.left_out
    );
    assert!(partly.left_out == 0 || !partly.problems.is_empty());
    Ok(partly.generated.operations)
}

/// The first seed, and how many.
fn range() -> (u64, u64) {
    let number = |name: &str, usual: u64| {
        let given = std::env::var(name).ok();
        given.and_then(|text| text.parse().ok()).unwrap_or(usual)
    };
    (
        number("CLIENT_GEN_SEED", 0),
        number("CLIENT_GEN_DOCUMENTS", USUAL),
    )
}

/// Runs many documents, each with its time; what is written and what is refused is counted.
fn all_end_well(make: fn(u64) -> Value) {
    let (seed, count) = range();
    let (mut written, mut refused) = (0, 0);
    for seed in seed..seed + count {
        let (done, ended) = channel();
        let run = std::thread::spawn(move || {
            let outcome = operations(&make(seed));
            // Nobody listens any more if it took too long.
            let _ = done.send(());
            outcome
        });
        let is_late = ended.recv_timeout(SOON) == Err(RecvTimeoutError::Timeout);
        assert!(
            !is_late,
            "the document of seed {seed} takes for ever:\n{}",
            make(seed)
        );
        match run.join() {
            Ok(Ok(0)) => {}
            Ok(Ok(_)) => written += 1,
            Ok(Err(Problems(problems))) => {
                refused += 1;
                assert!(!problems.is_empty(), "no reason for seed {seed}");
                for problem in problems {
                    let parts = [&problem.at, &problem.what, &problem.fix];
                    assert!(
                        parts.iter().all(|it| !it.is_empty()),
                        "seed {seed}: {problem}"
                    );
                }
            }
            Err(words) => panic!("a panic for seed {seed}: {words:?}\n{}", make(seed)),
        }
    }
    assert!(
        written > count / 10,
        "{written} of {count} written, {refused} refused"
    );
}

#[test]
fn documents_made_at_random() {
    all_end_well(random_document);
}

#[test]
fn fixtures_with_something_broken() {
    all_end_well(broken_document);
}

/// Compiles every crate that the command writes for documents of both kinds.
///
/// `CLIENT_GEN_DOCUMENTS=200 cargo test -p client-gen --test it accepted_compiles -- --ignored`
#[test]
#[ignore = "compiles a crate for each document: nightly"]
fn what_is_accepted_compiles() {
    let temporary = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let scratch = temporary.join("sample");
    let _ = fs::remove_dir_all(&scratch);
    fs::create_dir_all(&scratch).unwrap();
    let (first, count) = range();
    let mut members = Vec::new();
    for seed in first..first + count {
        let made = [
            ("random", random_document(seed)),
            ("broken", broken_document(seed)),
        ];
        for (kind, document) in made {
            let crate_name = format!("{kind}-{seed}");
            let source = scratch.join(format!("{crate_name}.json"));
            fs::write(&source, document.to_string()).unwrap();
            let status = Command::new(env!("CARGO_BIN_EXE_client-gen"))
                .args(["generate", "--name", &crate_name, "--out"])
                .arg(scratch.join(&crate_name))
                .arg(&source)
                .output()
                .unwrap()
                .status;
            if status.success() {
                members.push(format!("\"{crate_name}\""));
            }
        }
    }
    assert!(!members.is_empty(), "no document was accepted");
    let manifest = format!(
        "[workspace]\nresolver = \"3\"\nmembers = [{}]\n",
        members.join(", ")
    );
    write_workspace(&scratch, &manifest);
    cargo(
        &scratch,
        &["check", "--keep-going", "--message-format=short"],
    );
}
