//! `codes.rs`: the registry of result codes, as constants.
//!
//! The registry is kept by hand (`codes.toml`): the
//! document knows a code's number and name, but not what to do about it. A
//! code that the document uses and the registry lacks is an error.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use heck::{ToPascalCase, ToShoutySnakeCase};
use serde::Deserialize;
use serde_json::Value;

use super::{Target, literal};
use crate::problem::{Problem, Problems, Result};
use crate::reader;
use crate::rules::Rules;
use crate::spec::{Spec, entries};

/// The hand-kept registry.
#[derive(Debug)]
pub struct Registry {
    file: String,
    codes: BTreeMap<i64, Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    code: i64,
    name: String,
    category: String,
    retry: String,
    meaning: String,
    advice: String,
}

#[derive(Deserialize)]
struct File {
    code: Vec<Entry>,
}

impl Registry {
    /// Reads the registry.
    pub fn parse(text: &str, file: &str) -> Result<Self> {
        let parsed: File = reader::toml(text).map_err(|error| {
            Problem::new(
                file,
                format!("this is not a registry of codes: {error}"),
                "each [[code]] has code, name, category, retry, meaning and advice",
            )
        })?;
        let mut codes = BTreeMap::new();
        let mut names = BTreeMap::new();
        let mut problems = Vec::new();
        for entry in parsed.code {
            if let Some(first) = names.insert(constant(&entry.name), entry.code) {
                problems.push(Problem::new(
                    file,
                    format!(
                        "the codes {first} and {} have the same name `{}`",
                        entry.code, entry.name
                    ),
                    "give one of them another name",
                ));
            }
            let code = entry.code;
            if codes.insert(code, entry).is_some() {
                problems.push(Problem::new(
                    file,
                    format!("the code {code} stands twice"),
                    "remove one of the entries",
                ));
            }
        }
        Problems::none_or(problems)?;
        Ok(Self {
            file: file.to_owned(),
            codes,
        })
    }

    /// The file that it was read from.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The constant of a code.
    pub fn constant(&self, code: i64) -> Option<String> {
        self.codes.get(&code).map(|entry| constant(&entry.name))
    }

    /// What a code means.
    pub(crate) fn meaning(&self, code: i64) -> Option<&str> {
        Some(self.codes.get(&code)?.meaning.as_str())
    }

    /// Every code that the document uses must stand here, under the same name.
    pub fn check(&self, spec: &Spec, rules: &Rules) -> Result<()> {
        let mut problems = Vec::new();
        for operation in spec.operations() {
            for (code, name) in documented(operation.node, rules) {
                let entry = self.codes.get(&code);
                let agrees =
                    entry.is_some_and(|entry| name.as_ref().is_none_or(|name| *name == entry.name));
                if agrees {
                    continue;
                }
                let name = name.unwrap_or_default();
                let (what, fix) = match entry {
                    None => (
                        format!("the code {code} {name} is not in the registry"),
                        format!(
                            "add a [[code]] entry for {code} to {}, with meaning and advice",
                            self.file
                        ),
                    ),
                    Some(entry) => (
                        format!(
                            "the code {code} is `{name}` here and `{}` in the registry",
                            entry.name
                        ),
                        format!("rename it in {}", self.file),
                    ),
                };
                problems.push(spec.problem(operation.pointer(), what, fix));
            }
        }
        Problems::none_or(problems)
    }

    /// The code of `codes.rs`.
    pub fn emit(&self, target: &Target) -> String {
        let mut code = format!(
            "//! The known result codes.\n\n{}::codes! {{\n",
            target.runtime
        );
        for entry in self.codes.values() {
            let _ = writeln!(
                code,
                "    {} {} {} {} {} {} {};",
                entry.code,
                constant(&entry.name),
                literal(&entry.name),
                entry.category.to_pascal_case(),
                entry.retry.to_pascal_case(),
                literal(&entry.meaning),
                literal(&entry.advice)
            );
        }
        code.push_str("}\n");
        code
    }
}

fn constant(name: &str) -> String {
    // One word, whatever its capitals say.
    name.replace("OAuth", "Oauth").to_shouty_snake_case()
}

/// The codes that an operation documents, in the extension that the rules name and in its examples.
pub fn documented(operation: &Value, rules: &Rules) -> BTreeMap<i64, Option<String>> {
    let mut codes = BTreeMap::new();
    for (_, response) in entries(&operation["responses"]) {
        for (_, media) in entries(&response["content"]) {
            for (_, example) in entries(&media["examples"]) {
                if let Some(code) = example["value"]["code"].as_i64().filter(|code| *code != 0) {
                    codes.entry(code).or_insert(None);
                }
            }
        }
    }
    for code in rules.listed_codes(operation) {
        if let (Some(number), name) = (code["code"].as_i64(), code["name"].as_str()) {
            codes.insert(number, name.map(ToOwned::to_owned));
        }
    }
    codes
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::{assert_says, spec};

    fn entry(code: i64, name: &str) -> String {
        format!(
            "[[code]]\ncode = {code}\nname = \"{name}\"\ncategory = \"request\"\nretry = \"never\"\nmeaning = \"m\"\nadvice = \"a\"\n"
        )
    }

    fn documenting(code: i64, name: &str) -> Spec {
        let codes = json!({ "responseCodes": [{ "code": code, "name": name }] });
        let operation = json!({ "operationId": "getX", "x-backend": codes });
        spec(json!({ "/x": { "get": operation } }), json!({}))
    }

    fn rules() -> Rules {
        Rules {
            codes: Some("x-backend".to_owned()),
            ..Rules::default()
        }
    }

    #[test]
    fn codes_that_the_document_uses_stand_in_the_registry() {
        let registry = Registry::parse(&entry(7, "OAuthExpired"), "codes.toml").unwrap();
        registry
            .check(&documenting(7, "OAuthExpired"), &rules())
            .unwrap();
        for (code, name, words) in [
            (8, "Eight", "the code 8 Eight is not in the registry"),
            (
                7,
                "Seven",
                "the code 7 is `Seven` here and `OAuthExpired` in the registry",
            ),
        ] {
            let problem = registry
                .check(&documenting(code, name), &rules())
                .unwrap_err();
            assert_says(
                &problem.to_string(),
                &[words, "getX (GET /x)", "/paths/~1x/get", "codes.toml"],
            );
        }
        assert_eq!(registry.constant(7).unwrap(), "OAUTH_EXPIRED");
    }

    #[test]
    fn examples_document_codes_as_well() {
        let example = |code: i64| json!({ "value": { "code": code } });
        let content =
            json!({ "application/json": { "examples": { "ok": example(0), "no": example(9) } } });
        let operation = json!({ "responses": { "200": { "content": content } } });
        assert_eq!(
            documented(&operation, &Rules::default()),
            BTreeMap::from([(9, None)])
        );
    }

    #[test]
    fn a_registry_that_contradicts_itself_is_refused() {
        for (text, words) in [
            (entry(1, "A") + &entry(1, "B"), "the code 1 stands twice"),
            (
                entry(1, "A") + &entry(2, "A"),
                "the codes 1 and 2 have the same name `A`",
            ),
            ("[[code]]\ncode = 1".to_owned(), "not a registry of codes"),
        ] {
            let problem = Registry::parse(&text, "codes.toml").unwrap_err();
            assert_says(&problem.to_string(), &[words, "codes.toml"]);
        }
    }
}
