use super::*;
use crate::testing::{assert_says, refused, run as run_pass, taking};

fn lowered(parameter: Value) -> Vec<Value> {
    let mut spec = taking(json!([parameter]), None);
    run_pass(&mut spec, "", run).unwrap();
    elements(&spec.doc["paths"]["/x"]["post"]["parameters"])
        .cloned()
        .collect()
}

#[test]
fn a_choice_between_objects_is_every_member_of_any() {
    let parameter = json!({ "name": "paging", "in": "query", "style": "deepObject", "schema": { "anyOf": [
        { "type": "object", "required": ["page", "size"], "properties": { "page": { "type": "integer" }, "size": { "type": "integer" } } },
        { "oneOf": [
            { "type": "object", "required": ["size"], "properties": { "size": { "type": "integer" }, "way": { "type": "string", "enum": ["up"] } } },
            { "type": "object", "required": ["size"], "properties": { "size": { "type": "string" }, "way": { "type": "string", "enum": ["up", "down"] } } },
        ] },
    ] } });
    let mut spec = taking(json!([parameter]), None);
    run_pass(&mut spec, "", run).unwrap();
    let parameters = spec.doc["paths"]["/x"]["post"]["parameters"].clone();
    let names: Vec<&str> = elements(&parameters)
        .filter_map(|it| it["name"].as_str())
        .collect();
    assert_eq!(names, ["paging[page]", "paging[size]", "paging[way]"]);
    assert_eq!(parameters[1]["schema"]["type"], "string");
    assert_eq!(parameters[2]["schema"]["enum"], json!(["up", "down"]));
    assert!(elements(&parameters).all(|it| it["required"] == false));
}

#[test]
fn objects_become_their_members() {
    let object = json!({ "required": ["a"], "properties": { "a": { "type": "string", "description": "An a." }, "b": { "type": "array", "items": { "type": "integer" } } } });
    let of = |style: &str| {
        lowered(
            json!({ "name": "f", "in": "query", "required": true, "style": style, "schema": object }),
        )
    };
    let names =
        |all: &[Value]| -> Vec<String> { all.iter().map(|p| text(p, "name").to_owned()).collect() };
    assert_eq!(names(&of("deepObject")), ["f[a]", "f[b]"]);
    let flat = of("form");
    assert_eq!(names(&flat), ["a", "b"]);
    assert_eq!(
        (&flat[0]["required"], &flat[1]["required"]),
        (&true.into(), &false.into())
    );
    assert_eq!(flat[0]["description"], "An a.");
}

#[test]
fn a_list_in_one_value_is_a_text_and_null_is_nothing_in_a_query() {
    let list = json!({ "type": "array", "items": { "type": "string" } });
    for (style, explode, words) in [
        ("form", false, "a comma"),
        ("pipeDelimited", false, "`|`"),
        ("spaceDelimited", false, "a space"),
    ] {
        let all = lowered(
            json!({ "name": "l", "in": "query", "style": style, "explode": explode, "schema": list }),
        );
        assert_eq!(all[0]["schema"], json!({ "type": "string" }));
        assert!(text(&all[0], "description").contains(words));
    }
    let repeated = lowered(json!({ "name": "l", "in": "query", "schema": list }));
    assert_eq!(repeated[0]["schema"], list);
    let null = lowered(
        json!({ "name": "n", "in": "query", "schema": { "type": "string", "nullable": true } }),
    );
    assert_eq!(null[0]["schema"], json!({ "type": "string" }));
}

#[test]
fn what_is_not_listed_is_a_map_of_its_own() {
    let open = |style: &str, schema: Value| {
        lowered(json!({ "name": "q", "in": "query", "style": style, "schema": schema }))
    };
    let free = open("form", json!({ "type": "object" }));
    assert_eq!(
        free[0]["schema"]["additionalProperties"],
        json!({ "type": "string" })
    );
    assert!(free[0].get("x-deep").is_none());
    let deep = open(
        "deepObject",
        json!({ "properties": { "a": { "type": "string" } }, "additionalProperties": true }),
    );
    let names: Vec<&Value> = deep.iter().map(|it| &it["name"]).collect();
    assert_eq!(names, ["q[a]", "q"]);
    assert_eq!(deep[1]["x-deep"], true);
}

#[test]
fn what_the_caller_writes_out_says_how() {
    let list = json!({ "type": "array", "items": { "type": "integer" } });
    for (parameter, words) in [
        (
            json!({ "name": "h", "in": "header", "schema": list }),
            "joined by a comma",
        ),
        (
            json!({ "name": "o", "in": "query", "explode": false, "schema": { "properties": { "a": {} } } }),
            "`name,value,name,value`",
        ),
        (
            json!({ "name": "c", "in": "query", "content": { "application/json": {} } }),
            "written as JSON",
        ),
    ] {
        let lowered = lowered(parameter);
        assert_eq!(lowered[0]["schema"], json!({ "type": "string" }));
        assert_says(text(&lowered[0], "description"), &[words]);
    }
    let cookie = json!({ "name": "c", "in": "cookie", "schema": { "type": "string" } });
    assert!(lowered(cookie).is_empty());
}

#[test]
fn what_has_no_agreed_spelling_is_refused() {
    let query = |schema: Value| json!({ "name": "q", "in": "query", "style": "deepObject", "schema": schema });
    for (parameter, words) in [
        (
            json!({ "name": "c", "in": "cookie", "required": true, "schema": { "type": "string" } }),
            "travels in a cookie",
        ),
        (json!({ "name": "n", "in": "query" }), "has no schema"),
        (
            json!({ "name": "h", "in": "path", "schema": { "type": "object" } }),
            "not a plain value",
        ),
        (
            json!({ "name": "p", "in": "path", "style": "matrix", "schema": { "type": "string" } }),
            "not a plain value",
        ),
        (
            query(json!({ "properties": { "a": { "type": "object" } } })),
            "member `a`",
        ),
        (
            json!({ "name": "q", "in": "query", "schema": { "anyOf": [{ "properties": { "a": { "type": "string" } } }, { "type": "string" }] } }),
            "choice between objects",
        ),
    ] {
        let problem = refused(&mut taking(json!([parameter]), None), "", run);
        assert_says(
            &problem,
            &[
                words,
                "postX (POST /x)",
                "/paths/~1x/post/parameters/0",
                "overlay",
            ],
        );
    }
}
