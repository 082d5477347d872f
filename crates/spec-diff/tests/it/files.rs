//! Documents that are spread over several files: what they mean, and where what they say stands.
#![allow(clippy::unwrap_used)]

use std::collections::HashMap;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use spec_diff::{Document, Error, Options, Report, compare, render};

const ROOT: &str = r#"
openapi: 3.1.0
info: {title: Zoo, version: "1"}
paths:
  /animals:
    $ref: paths/animals.yaml
  /keepers:
    get:
      responses:
        "200":
          description: all
          content:
            application/json:
              schema: {$ref: "schemas/people.yaml#/default"}
components:
  schemas:
    Animal:
      $ref: ./schemas/animal.yaml
"#;
const ANIMALS: &str = r#"
get:
  parameters:
    - $ref: ../params.json#limit
  responses:
    "200":
      description: all
      content:
        application/json:
          schema:
            type: array
            items: {$ref: ../zoo.yaml#/components/schemas/Animal}
post:
  requestBody:
    content:
      application/json:
        schema: {$ref: "../schemas/animal.yaml"}
  responses:
    "201": {description: done}
"#;
const PARAMS: &str = r#"{"Limit": {"$anchor": "limit", "name": "limit", "in": "query",
  "schema": {"type": "integer", "maximum": 100}}}"#;
const ANIMAL: &str = r"
type: object
required: [name]
properties:
  name: {type: string, maxLength: 40}
  keeper: {$ref: 'people.yaml#/default'}
";
const PEOPLE: &str = r##"
default:
  type: object
  properties:
    badge: {$ref: "#/example"}
    boss: {$ref: "#/default"}
example:
  type: string
  enum: [red, green, blue]
"##;
/// The same in one file.
const WHOLE: &str = r##"
openapi: 3.1.0
info: {title: Zoo, version: "1"}
paths:
  /animals:
    get:
      parameters: [{name: limit, in: query, schema: {type: integer, maximum: 100}}]
      responses:
        "200":
          description: all
          content:
            application/json:
              schema: {type: array, items: {$ref: "#/components/schemas/Animal"}}
    post:
      requestBody:
        content:
          application/json:
            schema: {$ref: "#/components/schemas/Animal"}
      responses:
        "201": {description: done}
  /keepers:
    get:
      responses:
        "200":
          description: all
          content:
            application/json:
              schema: {$ref: "#/components/schemas/Keeper"}
components:
  schemas:
    Animal:
      type: object
      required: [name]
      properties:
        name: {type: string, maxLength: 40}
        keeper: {$ref: "#/components/schemas/Keeper"}
    Keeper:
      type: object
      properties:
        badge: {$ref: "#/components/schemas/Badge"}
        boss: {$ref: "#/components/schemas/Keeper"}
    Badge:
      type: string
      enum: [red, green, blue]
"##;

type Files<'f> = HashMap<&'f str, String>;

fn zoo() -> Files<'static> {
    HashMap::from([
        ("paths/animals.yaml", ANIMALS.to_owned()),
        ("params.json", PARAMS.to_owned()),
        ("schemas/animal.yaml", ANIMAL.to_owned()),
        ("schemas/people.yaml", PEOPLE.to_owned()),
    ])
}

/// The zoo with some text of one file changed.
fn zoo_with(file: &str, from: &str, to: &str) -> Document {
    let mut files = zoo();
    let text = files.get_mut(file).unwrap();
    assert!(text.contains(from), "{file}: {from}");
    *text = text.replace(from, to);
    read(ROOT, &files).unwrap()
}

fn read(root: &str, files: &Files<'_>) -> Result<Document, Error> {
    let mut asked = Vec::new();
    Document::parse_with(root.as_bytes(), "api/zoo.yaml", &mut |path| {
        assert!(!asked.contains(&path.to_owned()), "{path} is read twice");
        asked.push(path.to_owned());
        let text = files.get(path).ok_or("there is no such file")?;
        Ok(text.clone().into_bytes())
    })
}

fn whole(from: &str, to: &str) -> Document {
    Document::parse(WHOLE.replace(from, to).as_bytes(), "whole.yaml").unwrap()
}

fn report(old: &Document, new: &Document) -> Report {
    compare(old, new, &Options::default())
}

#[test]
fn how_a_document_is_divided_is_no_change() {
    let (split, one) = (read(ROOT, &zoo()).unwrap(), whole("", ""));
    for (old, new) in [(&split, &split), (&split, &one), (&one, &split)] {
        let report = report(old, new);
        assert_eq!(
            report.verdict().to_string(),
            "no differences",
            "{:?}",
            report.findings()
        );
    }
}

#[test]
fn a_break_in_a_file_is_the_break_that_it_is_in_one_document() {
    for (file, from, to) in [
        ("schemas/animal.yaml", "40", "30"),
        (
            "schemas/animal.yaml",
            "required: [name]",
            "required: [name, keeper]",
        ),
        ("schemas/people.yaml", "green, ", ""),
        ("params.json", "100", "50"),
        ("paths/animals.yaml", "\"201\"", "\"204\""),
    ] {
        let split = report(&read(ROOT, &zoo()).unwrap(), &zoo_with(file, from, to));
        let from_one = if file == "params.json" {
            "maximum: 100"
        } else {
            from
        };
        let to_one = if file == "params.json" {
            "maximum: 50"
        } else {
            to
        };
        let one = report(&whole("", ""), &whole(from_one, to_one));
        let said = |report: &Report| {
            let findings = report.findings().iter();
            let told = findings.map(|f| {
                (
                    f.id(),
                    f.level,
                    f.direction,
                    f.operations.clone(),
                    f.witness.as_ref().map(|w| w.value.clone()),
                )
            });
            told.collect::<Vec<_>>()
        };
        assert_eq!(said(&split), said(&one), "{file}: {from}");
        assert!(!split.findings().is_empty(), "{file}: {from}");
        // What the document has a name for is called by it.
        if matches!(file, "schemas/animal.yaml" | "paths/animals.yaml") {
            let prints = |report: &Report| {
                let all = report.findings().iter();
                all.map(|f| (f.place.clone(), f.fingerprint.clone()))
                    .collect::<Vec<_>>()
            };
            assert_eq!(prints(&split), prints(&one), "{file}: {from}");
        }
    }
}

#[test]
fn a_finding_says_in_which_file_and_line_it_is() {
    let new = zoo_with("schemas/people.yaml", "green, ", "");
    let report = report(&read(ROOT, &zoo()).unwrap(), &new);
    let [finding] = report.findings() else {
        panic!("{:?}", report.findings());
    };
    assert_eq!(finding.place, "schemas/people.yaml#example enum");
    assert_eq!(finding.old.file.as_deref(), Some("api/schemas/people.yaml"));
    assert_eq!(finding.old.pointer, "/example/enum/1");
    assert_eq!(
        (finding.old.position.line, finding.old.position.column),
        (9, 15)
    );
    assert_eq!(finding.new.pointer, "/example/enum");
    for (format, text) in [
        ("short", render::short(&report, render::Color::Never)),
        ("text", render::text(&report, render::Color::Never)),
        ("markdown", render::markdown(&report)),
        ("github", render::github(&report)),
        ("junit", render::junit(&report)),
        ("sarif", render::sarif(&report)),
        ("html", render::html(&report)),
        ("json", render::json(&report)),
    ] {
        assert!(text.contains("api/schemas/people.yaml"), "{format}: {text}");
        assert!(!text.contains("x-spec-diff"), "{format}: {text}");
    }
    let schema = serde_json::from_str(render::JSON_SCHEMA).unwrap();
    let json = serde_json::from_str(&render::json(&report)).unwrap();
    assert!(jsonschema::is_valid(&schema, &json));
}

#[test]
fn a_path_in_a_file_has_the_place_of_the_path_and_the_line_of_the_file() {
    let new = zoo_with("paths/animals.yaml", "\"201\"", "\"204\"");
    let report = report(&read(ROOT, &zoo()).unwrap(), &new);
    let finding = report
        .findings()
        .iter()
        .find(|f| f.before.is_some())
        .unwrap();
    assert_eq!(finding.old.file.as_deref(), Some("api/paths/animals.yaml"));
    assert_eq!(finding.old.pointer, "/post/responses/201");
    assert_eq!(finding.old.position.line, 19);
    assert!(
        finding.place.starts_with("POST /animals"),
        "{}",
        finding.place
    );
}

#[test]
fn a_component_may_become_a_file_and_come_back() {
    let root = |schema: &str, components: &str| {
        format!(
            "openapi: 3.0.3\npaths:\n  /a:\n    get:\n      responses:\n        default:\n          description: d\n          \
             content: {{application/json: {{schema: {{$ref: '{schema}'}}}}}}\ncomponents:\n  schemas:\n    Other: {{type: integer}}\n{components}"
        )
    };
    let inside = root(
        "#/components/schemas/Note",
        "    Note: {type: object, properties: {text: {type: string}, next: {$ref: '#/components/schemas/Note'}}}\n",
    );
    let note = "{type: object, properties: {text: {type: string}, next: {$ref: 'note.yaml'}}}";
    let files = HashMap::from([("note.yaml", note.to_owned())]);
    let inside = read(&inside, &Files::new()).unwrap();
    let outside = read(&root("note.yaml", ""), &files).unwrap();
    for (old, new) in [(&inside, &outside), (&outside, &inside)] {
        let report = report(old, new);
        assert_eq!(
            report.verdict().to_string(),
            "no differences",
            "{:?}",
            report.findings()
        );
    }
    let files = HashMap::from([("note.yaml", note.replace("string", "boolean"))]);
    let changed = read(&root("note.yaml", ""), &files).unwrap();
    let back = report(&outside, &changed);
    assert_eq!(back.findings()[0].place, "note.yaml: text type");
    assert!(report(&inside, &changed).verdict().is_breaking());
    // One that nobody uses has gone, wherever else something of the kind is.
    let unused = report(
        &read(&root("note.yaml", "    Lone: {type: string}\n"), &files).unwrap(),
        &changed,
    );
    assert_eq!(unused.findings()[0].id(), "schema-component-removed");
}

#[test]
fn a_mapping_may_name_files() {
    let root = "openapi: 3.0.3\npaths:\n  /pets:\n    get:\n      responses:\n        default:\n          description: d\n          \
         content: {application/json: {schema: {$ref: 'pets.yaml#/Any'}}}\n";
    let pets = |kinds: &str, mapping: &str| {
        let text = format!(
            "Any: {{oneOf: [{{$ref: '#/Cat'}}, {{$ref: 'dog.yaml'}}], discriminator: {{propertyName: kind{mapping}}}}}\n\
             Cat: {{type: object, required: [kind], properties: {{kind: {{type: string}}, lives: {{type: {kinds}}}}}}}\n"
        );
        let dog = "{type: object, required: [kind], properties: {kind: {type: string}, barks: {type: boolean}}}";
        HashMap::from([("pets.yaml", text), ("dog.yaml", dog.to_owned())])
    };
    let mapping = ", mapping: {Cat: '#/Cat', dog: ./dog.yaml}";
    let with = |kinds: &str, mapping: &str| read(root, &pets(kinds, mapping)).unwrap();
    assert!(
        report(&with("integer", mapping), &with("integer", mapping))
            .findings()
            .is_empty()
    );
    // `Cat` and `dog` go without saying.
    let implied = report(&with("integer", mapping), &with("integer", ""));
    assert!(implied.findings().is_empty(), "{:?}", implied.findings());
    let other = mapping.replace("Cat:", "Kitten:");
    let renamed = report(&with("integer", mapping), &with("integer", &other));
    assert!(
        renamed
            .findings()
            .iter()
            .any(|f| f.id().contains("mapping")),
        "{:?}",
        renamed.findings()
    );
}

fn fault(reference: &str, files: &Files<'_>) -> String {
    let root =
        format!("openapi: 3.0.3\ncomponents:\n  schemas:\n    A:\n      $ref: '{reference}'\n");
    read(&root, files).unwrap_err().to_string()
}

#[test]
fn references_that_lead_nowhere_are_errors_with_a_place() {
    let files = HashMap::from([
        ("ok.yaml", "A: {type: string}\nlist: [1]\n".to_owned()),
        ("text.yaml", "../elsewhere.yaml".to_owned()),
        ("broken.yaml", "a: [1\n".to_owned()),
        ("broken.json", "{\"a\": }".to_owned()),
        ("loop.yaml", "$ref: pool.yaml".to_owned()),
        ("pool.yaml", "$ref: loop.yaml".to_owned()),
        (
            "home.yaml",
            "$ref: 'zoo.yaml#/components/schemas/A'".to_owned(),
        ),
        (
            "deep.yaml",
            "properties:\n  x:\n    $ref: 'ok.yaml#/B'\n".to_owned(),
        ),
        ("map.yaml", "properties:\n  $ref: 'ok.yaml'\n".to_owned()),
    ]);
    for (reference, said) in [
        (
            "gone.yaml",
            "api/zoo.yaml:5:7: `$ref` to `gone.yaml`: there is no such file",
        ),
        ("ok.yaml#/B", "`api/ok.yaml` has no `#/B`"),
        ("ok.yaml#b", "`api/ok.yaml` has no `#b`"),
        ("ok.yaml#/list", "leads to a list"),
        ("text.yaml", "leads to a text"),
        ("broken.yaml", "api/broken.yaml:"),
        ("broken.json", "api/broken.json:1:7: "),
        ("loop.yaml", "in a circle"),
        ("home.yaml", "in a circle"),
        ("zoo.yaml#/components/schemas/A", "in a circle"),
        ("zoo.yaml#/components/schemas/B", "not in the document"),
        ("deep.yaml", "api/deep.yaml:3:5: `$ref` to `ok.yaml#/B`"),
        (
            "map.yaml",
            "api/map.yaml:2:3: `$ref` to `ok.yaml` in place of all names",
        ),
        ("https://example.com/a.yaml", "URLs are not followed"),
        ("file:///etc/passwd", "URLs are not followed"),
        ("//host/a.yaml", "URLs are not followed"),
        ("/etc/passwd", "absolute paths are not followed"),
        ("C:/a.yaml", "absolute paths are not followed"),
        ("%2Fetc/passwd", "absolute paths are not followed"),
        ("..%5Ca.yaml", "absolute paths are not followed"),
    ] {
        let fault = fault(reference, &files);
        assert!(fault.contains(said), "{reference}: {fault}");
    }
}

#[test]
fn what_is_not_wanted_is_refused() {
    let mut asked = Vec::new();
    let root = b"{openapi: 3.0.3, components: {schemas: {A: {$ref: 'x/../../../etc/%70asswd'}}}}";
    let done = Document::parse_with(root, "a.yaml", &mut |path| {
        asked.push(path.to_owned());
        Err("no".to_owned())
    });
    assert!(
        done.unwrap_err()
            .to_string()
            .ends_with("`$ref` to `x/../../../etc/%70asswd`: no")
    );
    assert_eq!(asked, ["../../etc/passwd"]);
    let swagger = br#"{"swagger":"2.0","paths":{},"definitions":{"A":{"$ref":"a.json"}}}"#;
    let done = Document::parse_with(swagger, "a.json", &mut |_| Ok(Vec::new()));
    let said = done.unwrap_err().to_string();
    assert!(
        said.contains("a.json:1:") && said.contains("with Swagger 2.0, bundle"),
        "{said}"
    );
}

#[test]
fn ten_thousand_files_end_early() {
    let mut root = "openapi: 3.0.3\ncomponents:\n  schemas:\n".to_owned();
    for number in 0..10_000 {
        let _ = writeln!(root, "    A{number}: {{$ref: 'f{number}.yaml'}}");
    }
    let mut asked = 0;
    let mut load = |_: &str| {
        asked += 1;
        Ok(b"{type: string}".to_vec())
    };
    let fault = Document::parse_with(root.as_bytes(), "a.yaml", &mut load).unwrap_err();
    assert!(
        fault.to_string().contains("more than 1000 files"),
        "{fault}"
    );
    assert_eq!((asked, fault.position().unwrap().line), (1000, 1004));
    // Each refers to the next.
    let mut next = 0;
    let mut load = |_: &str| {
        next += 1;
        Ok(format!("{{properties: {{x: {{$ref: 'f{next}.yaml'}}}}}}").into_bytes())
    };
    let root = b"{openapi: 3.0.3, components: {schemas: {A: {$ref: f.yaml}}}}";
    assert!(Document::parse_with(root, "a.yaml", &mut load).is_err());
}

#[test]
fn aliases_that_multiply_and_long_chains_stay_small() {
    let mut bomb = "a0: &a0 {type: string}\n".to_owned();
    for level in 1..40 {
        let below = level - 1;
        let _ = writeln!(
            bomb,
            "a{level}: &a{level} {{properties: {{x: *a{below}, y: *a{below}}}}}"
        );
    }
    let mut chain = String::new();
    for link in 0..20_000 {
        let _ = writeln!(chain, "c{link}: {{$ref: '#/c{}'}}", link + 1);
    }
    chain.push_str("c20000: {type: string}\n");
    let files = HashMap::from([("bomb.yaml", bomb), ("chain.yaml", chain)]);
    let began = Instant::now();
    let root = "openapi: 3.0.3\ncomponents:\n  schemas:\n    A: {$ref: 'bomb.yaml#/a39'}\n    B: {$ref: 'chain.yaml#/c0'}\n    \
        C: {properties: {x: {$ref: 'bomb.yaml#/a38'}, y: {$ref: 'chain.yaml#/c7'}}}\n";
    let (old, new) = (read(root, &files).unwrap(), read(root, &files).unwrap());
    assert!(report(&old, &new).findings().is_empty());
    assert!(
        began.elapsed() < Duration::from_secs(20),
        "{:?}",
        began.elapsed()
    );
}
