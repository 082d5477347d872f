//! What to paste where: overlay actions that restore a loss, names that undo a renaming.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use client_gen::names::Names;
use client_gen::rules::Rules;
use client_gen::spec::{entries, unescape};
use serde_json::{Value, json};
use spec_diff::escape::quoted;

use super::finding::Remedy;
use super::fit::{Fitted, Misfit, fit};
use super::renames::Renames;
use super::side::{Beside, NAMES, OVERLAY, Side};
use super::surface::{Item, Surface, last};

/// A line of `names.toml`; the key may be anything that a document calls something.
fn entry(key: &str, name: &str) -> String {
    format!("{} = {}\n", quoted(key), quoted(name))
}

/// An overlay action that makes the new document say again what the old one said.
pub(crate) fn restore(finding: &spec_diff::Finding, old: &Value, new: &Value) -> Option<Remedy> {
    let id = finding.id();
    let of = |suffix: &str| id.ends_with(suffix);
    let (target, update, why) = if of("property-removed")
        || of("property-removed-from-closed-object")
    {
        let (schema, name) = property(&finding.old.pointer)?;
        let place = if new.pointer(&schema).is_some_and(Value::is_object) {
            schema.clone()
        } else {
            finding.new.pointer.clone()
        };
        let lost = old.pointer(&finding.old.pointer)?;
        let mut update = json!({ "properties": { &name: lost } });
        if is_required(old, &schema, &name) && !is_required(new, &place, &name) {
            update["required"] = json!([name]);
        }
        (
            place,
            update,
            format!("`{name}` is still there, although upstream no longer says so."),
        )
    } else if of("property-became-optional") {
        let (schema, name) = property(&finding.new.pointer)?;
        let why = format!("`{name}` is always there, although upstream no longer says so.");
        (schema, json!({ "required": [name] }), why)
    } else if of("property-became-required") {
        let (schema, name) = property(&finding.new.pointer)?;
        let path = json_path(new, &schema)?;
        let why = format!("`{name}` may be left out, although upstream says otherwise.");
        let target = format!("{path}.required[?@ == '{}']", quote(&name));
        return Some(action(&target, &why, "remove: true"));
    } else if of("enum-value-removed") {
        let (schema, _) = finding.old.pointer.rsplit_once("/enum")?;
        let value = old.pointer(&finding.old.pointer)?;
        let why = format!("{value} is still a value, although upstream no longer lists it.");
        (schema.to_owned(), json!({ "enum": [value] }), why)
    } else if of("type-changed") || of("type-widened") || of("type-narrowed") {
        let schema = finding.new.pointer.strip_suffix("/type")?;
        let was = old.pointer(finding.old.pointer.strip_suffix("/type")?)?;
        let mut update = json!({ "type": was["type"] });
        if was.get("format").is_some() {
            update["format"] = was["format"].clone();
        }
        (
            schema.to_owned(),
            update,
            "The type is what it was, although upstream says otherwise.".to_owned(),
        )
    } else if of("became-nullable") {
        let why = "Never null, although upstream says otherwise.".to_owned();
        (
            finding.new.pointer.clone(),
            json!({ "nullable": false }),
            why,
        )
    } else if of("request-parameter-renamed") || of("request-parameter-became-required") {
        let was = old.pointer(&finding.old.pointer)?;
        let update = if of("renamed") {
            json!({ "name": was["name"] })
        } else {
            json!({ "required": false })
        };
        let why = "The service takes what it took, although upstream says otherwise.".to_owned();
        (finding.new.pointer.clone(), update, why)
    } else {
        return None;
    };
    let path = json_path(new, &target)?;
    Some(action(&path, &why, &format!("update: {update}")))
}

fn action(target: &str, why: &str, change: &str) -> Remedy {
    // A literal block takes any text as it is.
    Remedy {
        file: OVERLAY,
        under: "actions:, before the others",
        text: format!(
            "  - target: >-\n      {target}\n    description: >-\n      {why}\n    {change}\n"
        ),
    }
}

/// The pointer of the schema that holds a property, and the property's name.
fn property(pointer: &str) -> Option<(String, String)> {
    let (schema, name) = pointer.rsplit_once("/properties/")?;
    (!name.contains('/')).then(|| (schema.to_owned(), unescape(name)))
}

fn is_required(doc: &Value, schema: &str, name: &str) -> bool {
    let required = doc
        .pointer(schema)
        .and_then(|schema| schema["required"].as_array());
    required.is_some_and(|required| required.iter().any(|other| other == name))
}

fn quote(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\'', "\\'")
}

/// A pointer as `JSONPath`; parameters are told by place and name, which stay when others move.
pub(crate) fn json_path(doc: &Value, pointer: &str) -> Option<String> {
    let mut path = "$".to_owned();
    let mut node = doc;
    let mut parent = "";
    for step in pointer.split('/').skip(1) {
        let key = unescape(step);
        let is_plain = key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if node.is_array() {
            let next = node.get(key.parse::<usize>().ok()?)?;
            match (parent, next["name"].as_str(), next["in"].as_str()) {
                ("parameters", Some(name), Some(place)) => {
                    {
                        let _ = write!(
                            path,
                            "[?@.in == '{}' && @.name == '{}']",
                            quote(place),
                            quote(name)
                        );
                    };
                }
                _ => {
                    let _ = write!(path, "[{key}]");
                }
            }
            node = next;
        } else {
            node = node.get(&key)?;
            if is_plain {
                {
                    let _ = write!(path, ".{key}");
                };
            } else {
                {
                    let _ = write!(path, "['{}']", quote(&key));
                };
            }
        }
        parent = step;
    }
    Some(path)
}

/// An entry of `names.toml` that gives a thing its old name again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rename {
    /// The path it had.
    pub(crate) old: String,
    /// The path it has now.
    pub(crate) new: String,
    /// What to paste.
    pub(crate) remedy: Remedy,
}

/// Entries that undo renamings; those of types are proven by another generation.
///
/// `splits` are types that took another type's place while that one is still there.
pub(crate) fn names(
    revision: &Side,
    fitted: &Fitted,
    renames: &Renames,
    splits: &[(String, String)],
    upstream: &Value,
) -> Vec<Rename> {
    let mut found = Vec::new();
    for (old, new) in &renames.paths {
        if old.starts_with("Client::")
            && let Some(id) = fitted
                .surface
                .operation_of(new)
                .and_then(|fields| fields.get("id"))
        {
            found.push(Rename {
                old: old.clone(),
                new: new.clone(),
                remedy: Remedy {
                    file: NAMES,
                    under: "[operations]",
                    text: entry(id, last(old)),
                },
            });
        }
    }
    let moved = renames
        .paths
        .iter()
        .filter(|(old, _)| old.starts_with("types::"))
        .map(|(old, new)| (old.clone(), new.clone()));
    let types: Vec<(String, String)> = moved.chain(splits.iter().cloned()).collect();
    if types.is_empty() {
        return found;
    }
    let mut tried = Vec::new();
    let mut entries = String::new();
    let table: toml::Table = toml::from_str(&fitted.beside.names).unwrap_or_default();
    let names = Names::parse(&fitted.beside.names, NAMES);
    let rules = names.map_or_else(|_| Rules::default(), |names| names.rules().clone());
    let given = table
        .get("types")
        .and_then(toml::Value::as_table)
        .cloned()
        .unwrap_or_default();
    for (old, new) in types {
        for key in keys(&fitted.surface, last(&new), upstream, &given, &rules, 3) {
            if !given.contains_key(&key) && tried.iter().all(|(_, _, other)| *other != key) {
                entries += &entry(&key, last(&old));
                tried.push((old.clone(), new.clone(), key));
            }
        }
    }
    // Where `[types]` starts, ours go: what names nothing is set aside again.
    let names = fitted
        .beside
        .names
        .replacen("[types]\n", &format!("[types]\n{entries}"), 1);
    let trial = Side {
        beside: Beside {
            names,
            ..fitted.beside.clone()
        },
        ..revision.clone()
    };
    let again = fit(&trial);
    let unused: BTreeSet<&String> = again
        .misfits
        .iter()
        .filter_map(|misfit| match misfit {
            Misfit::Name { key, .. } => Some(key),
            _ => None,
        })
        .collect();
    for (old, new, key) in tried {
        if again.surface.items.contains_key(&old)
            && !again.surface.items.contains_key(&new)
            && !unused.contains(&key)
            && found.iter().all(|rename| rename.new != new)
        {
            found.push(Rename {
                new,
                remedy: Remedy {
                    file: NAMES,
                    under: "[types]",
                    text: entry(&key, last(&old)),
                },
                old,
            });
        }
    }
    found
}

/// Places that a type may have been named after.
fn keys(
    surface: &Surface,
    name: &str,
    upstream: &Value,
    given: &toml::Table,
    rules: &Rules,
    depth: usize,
) -> Vec<String> {
    let mut found: Vec<String> = entries(&upstream["components"]["schemas"])
        .filter(|(component, _)| rules.component_name(component) == name)
        .map(|(component, _)| component.clone())
        .collect();
    let given_keys = given
        .iter()
        .filter(|(_, given)| given.as_str() == Some(name));
    found.extend(given_keys.map(|(key, _)| key.clone()));
    let mentions = |ty: &str| {
        ty.split(|c: char| !c.is_alphanumeric() && c != '_')
            .any(|word| word == name)
    };
    for (path, item) in &surface.items {
        match item {
            Item::Method(method) => {
                let operation = last(path);
                if mentions(&method.output) {
                    for place in ["data", "data[]", "response", "response[]"] {
                        found.push(format!("{operation}.{place}"));
                    }
                }
                for (argument, ty) in &method.arguments {
                    if !mentions(ty) {
                        continue;
                    }
                    found.push(if argument == "body" {
                        format!("{operation}.body")
                    } else {
                        format!("{operation}.query.{argument}")
                    });
                }
            }
            Item::Struct(parent) if depth > 0 && path != &format!("types::{name}") => {
                for field in parent.fields.values().filter(|field| mentions(&field.ty)) {
                    for key in keys(surface, last(path), upstream, given, rules, depth - 1) {
                        found.push(format!("{key}.{}", field.wire));
                        found.push(format!("{key}.{}[]", field.wire));
                    }
                }
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_one_of_toml_whatever_it_is_called() {
        assert_eq!(entry("tea.cups[]", "Cup"), "\"tea.cups[]\" = \"Cup\"\n");
        for key in ["", "a\"b", "a\nb", "\u{202e}", "\u{1b}[2J", "a = 1 #"] {
            let read: toml::Table = toml::from_str(&entry(key, "Name")).unwrap();
            assert_eq!(read.keys().collect::<Vec<_>>(), [key]);
        }
    }
}
