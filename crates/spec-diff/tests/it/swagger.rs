//! Swagger 2.0 is compared as the OpenAPI 3.0 that means the same.

use crate::support::{lines, only, parse};
use spec_diff::{Document, Options, Report, compare, render};

const SWAGGER: &str = r"swagger: '2.0'
info: {title: Library, version: '7'}
host: books.example
basePath: /v7
schemes: [https]
consumes: [application/json, application/xml]
produces: [application/json]
tags: [{name: loans}]
security: [{key: []}]
securityDefinitions:
  key: {type: apiKey, in: header, name: X-Key}
  plain: {type: basic}
  grant: {type: oauth2, flow: accessCode, authorizationUrl: 'https://a.example', tokenUrl: 'https://t.example', scopes: {lend: may lend}}
parameters:
  Page: {name: page, in: query, type: integer, minimum: 1}
  NewLoan: {name: loan, in: body, required: true, schema: {$ref: '#/definitions/Loan'}}
responses:
  Gone: {description: gone, schema: {$ref: '#/definitions/Fault'}}
paths:
  /loans:
    parameters:
      - $ref: '#/parameters/Page'
    get:
      operationId: loans
      produces: [application/json, text/csv]
      parameters:
        - {name: shelf, in: query, type: array, items: {type: string, maxLength: 12}, collectionFormat: multi}
        - {name: sort, in: query, type: array, items: {type: string, enum: [asc, desc]}}
      responses:
        '200':
          description: all
          headers: {X-Total: {type: integer, description: how many}}
          schema: {type: array, items: {$ref: '#/definitions/Loan'}}
        '410': {$ref: '#/responses/Gone'}
    post:
      consumes: [application/json]
      parameters:
        - $ref: '#/parameters/NewLoan'
      responses: {'204': {description: done}}
  /covers/{id}:
    put:
      consumes: [multipart/form-data]
      parameters:
        - {name: id, in: path, required: true, type: string, format: uuid}
        - {name: picture, in: formData, required: true, type: file}
        - {name: label, in: formData, type: string, maxLength: 30}
      responses: {default: {description: any}}
  /labels:
    post:
      consumes: [application/x-www-form-urlencoded]
      parameters:
        - {name: words, in: formData, type: array, items: {type: string}}
      responses: {'204': {description: done}}
definitions:
  Loan:
    type: object
    discriminator: kind
    required: [kind]
    properties:
      kind: {type: string}
      until: {type: string, x-nullable: true}
      discriminator: {type: string}
  LongLoan:
    allOf:
      - $ref: '#/definitions/Loan'
      - {type: object, properties: {weeks: {type: integer, maximum: 52}}}
  Fault: {type: object, additionalProperties: {type: string}}
";

const OPENAPI: &str = r"openapi: 3.0.3
info: {title: Library, version: '7'}
servers: [{url: 'https://books.example/v7'}]
tags: [{name: loans}]
security: [{key: []}]
paths:
  /loans:
    parameters:
      - $ref: '#/components/parameters/Page'
    get:
      operationId: loans
      parameters:
        - {name: shelf, in: query, style: form, explode: true, schema: {type: array, items: {type: string, maxLength: 12}}}
        - {name: sort, in: query, style: form, explode: false, schema: {type: array, items: {type: string, enum: [asc, desc]}}}
      responses:
        '200':
          description: all
          headers: {X-Total: {description: how many, schema: {type: integer}}}
          content:
            application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Loan'}}}
            text/csv: {schema: {type: array, items: {$ref: '#/components/schemas/Loan'}}}
        '410': {$ref: '#/components/responses/Gone'}
    post:
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Loan'}}}
      responses: {'204': {description: done}}
  /covers/{id}:
    put:
      parameters:
        - {name: id, in: path, required: true, schema: {type: string, format: uuid}}
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema:
              type: object
              required: [picture]
              properties:
                picture: {type: string, format: binary}
                label: {type: string, maxLength: 30}
      responses: {default: {description: any}}
  /labels:
    post:
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema: {type: object, properties: {words: {type: array, items: {type: string}}}}
            encoding: {words: {style: form, explode: false}}
      responses: {'204': {description: done}}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    plain: {type: http, scheme: basic}
    grant: {type: oauth2, flows: {authorizationCode: {authorizationUrl: 'https://a.example', tokenUrl: 'https://t.example', scopes: {lend: may lend}}}}
  parameters:
    Page: {name: page, in: query, schema: {type: integer, minimum: 1}}
  responses:
    Gone: {description: gone, content: {application/json: {schema: {$ref: '#/components/schemas/Fault'}}}}
  schemas:
    Loan:
      type: object
      discriminator: {propertyName: kind}
      required: [kind]
      properties:
        kind: {type: string}
        until: {type: string, nullable: true}
        discriminator: {type: string}
    LongLoan:
      allOf:
        - $ref: '#/components/schemas/Loan'
        - {type: object, properties: {weeks: {type: integer, maximum: 52}}}
    Fault: {type: object, additionalProperties: {type: string}}
";

fn diff(old: &str, new: &str) -> Report {
    let options = Options {
        docs: true,
        ..Options::default()
    };
    compare(&parse(old, "old.yaml"), &parse(new, "new.yaml"), &options)
}

/// The Swagger document with one edit.
fn edited(from: &str, to: &str) -> Report {
    assert!(SWAGGER.contains(from), "{from}");
    diff(SWAGGER, &SWAGGER.replacen(from, to, 1))
}

#[test]
fn it_means_what_the_other_version_says() {
    for (old, new) in [(SWAGGER, OPENAPI), (OPENAPI, SWAGGER)] {
        let report = diff(old, new);
        assert!(
            report.findings().is_empty(),
            "{}",
            render::text(&report, render::Color::Never)
        );
    }
}

#[test]
fn a_break_is_found_on_the_line_where_it_was_written() {
    let line = 1 + SWAGGER
        .lines()
        .position(|line| line.contains("maxLength: 30"))
        .unwrap_or(0);
    let report = edited("maxLength: 30", "maxLength: 20");
    let finding = only(&report);
    assert_eq!(finding.id(), "request-max-length-decreased");
    assert_eq!(finding.new.position.line as usize, line);
    assert!(
        finding
            .new
            .pointer
            .contains("/requestBody/content/multipart~1form-data/")
    );
}

#[test]
fn every_part_that_moved_is_compared() {
    for (from, to, id) in [
        ("schemes: [https]", "schemes: [http]", "server"),
        ("name: X-Key", "name: X-Token", "security"),
        ("flow: accessCode", "flow: application", "security"),
        (
            "name: page, in: query, type: integer, minimum: 1",
            "name: page, in: query, type: integer, minimum: 2",
            "min",
        ),
        (
            "consumes: [application/json]\n",
            "consumes: [text/plain]\n",
            "media-type",
        ),
        (
            "collectionFormat: multi",
            "collectionFormat: pipes",
            "style",
        ),
        (
            "{type: array, items: {$ref: '#/definitions/Loan'}}",
            "{type: object}",
            "type",
        ),
        ("X-Total: {type: integer", "X-Total: {type: boolean", "type"),
        ("maximum: 52", "maximum: 9", "max"),
        ("x-nullable: true", "x-nullable: false", "null"),
        (
            "{name: picture, in: formData, required: true, type: file}",
            "{name: picture, in: formData, type: file}",
            "became-optional",
        ),
        (
            "in: body, required: true",
            "in: body, required: false",
            "body",
        ),
    ] {
        let found = lines(&edited(from, to));
        assert!(
            found.iter().any(|line| line.contains(id)),
            "{from} → {to}: {found:?}"
        );
    }
}

#[test]
fn odd_documents_do_no_harm() {
    for text in [
        r#"{"swagger":"2.0"}"#,
        r#"{"swagger":"2.0","host":7,"schemes":{},"paths":{"/a":{"get":[],"parameters":3},"/b":null,"x-y":1}}"#,
        r#"{"swagger":"2.0","paths":{"/a":{"get":{"parameters":[{"in":"body"},{"in":"formData"},{"$ref":4},5],"responses":[1]}}}}"#,
        r#"{"swagger":"2.0","definitions":[],"parameters":{"a":{"in":"formData"},"b":9},"responses":{"x":{"headers":[],"schema":true}}}"#,
        r#"{"swagger":"2.0","definitions":{"A":{"type":"file","properties":{"x-nullable":{"type":"file"}},"allOf":{},"items":[{}]}}}"#,
    ] {
        let document = parse(text, "odd.json");
        let report = compare(&document, &document, &Options::default());
        assert!(report.findings().is_empty(), "{text}");
    }
    let twice = r#"{"swagger":"2.0","openapi":"3.0.0"}"#;
    let error = Document::parse(twice.as_bytes(), "twice.json")
        .map(|_| ())
        .map_err(|e| e.to_string());
    assert!(error.is_err_and(|e| e.contains("`openapi`")));
    let mut bomb = "swagger: '2.0'\nx-a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..9 {
        let link = format!("*a{}", n - 1);
        bomb.push_str(&format!("x-a{n}: &a{n} [{}]\n", vec![link; 10].join(", ")));
    }
    bomb.push_str("definitions: {A: {enum: *a8}}\n");
    let error = Document::parse(bomb.as_bytes(), "bomb.yaml")
        .map(|_| ())
        .map_err(|e| e.to_string());
    assert!(error.is_err_and(|e| e.contains("repeats itself")));
}

#[test]
fn any_part_may_be_missing_or_something_else() {
    let lines: Vec<&str> = SWAGGER.lines().collect();
    let mut compared = 0;
    for place in 0..lines.len() {
        let mut less = lines.clone();
        less.remove(place);
        let mut other = less.join("\n");
        let mut texts = vec![other.clone()];
        // The last word of a line before it becomes a number, then a list.
        if let Some(at) = lines[..place]
            .iter()
            .map(|line| line.len() + 1)
            .sum::<usize>()
            .checked_sub(2)
        {
            other = SWAGGER.to_owned();
            for odd in ["7", "[]", "}"] {
                other.replace_range(at..=at, odd);
                texts.push(other.clone());
            }
        }
        for text in texts {
            if let Ok(document) = Document::parse(text.as_bytes(), "new.yaml") {
                let report = compare(&parse(SWAGGER, "old.yaml"), &document, &Options::default());
                compared += usize::from(!render::json(&report).is_empty());
            }
        }
    }
    assert!(compared > 60, "{compared}");
}
