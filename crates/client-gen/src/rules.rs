//! What one vendor's descriptions have in common: the table `[rules]` of a names file.

use std::collections::BTreeMap;

use heck::{ToPascalCase as _, ToSnakeCase as _};
use serde::Deserialize;
use serde_json::Value;

use crate::spec::elements;

/// The list of result codes in the extension that has it.
pub(crate) const CODES: &str = "responseCodes";

/// What holds for the descriptions of one vendor. By default no such rule holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Rules {
    /// Endings that an operationId loses before it becomes a method name, such as `_v2`.
    pub operation_suffixes: Vec<String>,
    /// Endings that a component loses before it becomes a type name, such as `Dto`. The first that
    /// fits goes.
    pub type_suffixes: Vec<String>,
    /// The last words of a property's name which say that a `number` is whole, such as `count`.
    pub whole: Vec<String>,
    /// The extension of an operation that lists its result codes, each `{ code, name }`, in
    /// `responseCodes`.
    pub codes: Option<String>,
    /// Whether `anyOf` means that exactly one branch holds, as some generators of descriptions write
    /// it. Otherwise several may, and objects that can be distinguished by their keys become one.
    pub any_of_is_one: bool,
    /// How nearly every response is wrapped.
    pub envelope: Option<Envelope>,
    /// The runtime's own kind of credential (a variant of its `Auth`) for an `apiKey` in a header,
    /// by the header's name in lower case. Without an entry, the runtime that `client-gen` writes
    /// sends any header; a runtime of your own knows these and `Bearer`.
    pub credentials: BTreeMap<String, String>,
    /// The crates of generated requests, where an overlay asks for some.
    pub crates: Crates,
}

/// An object around the payload of a response, with a code that says whether the call succeeded.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    /// The field of the code, which is a number.
    pub code: String,
    /// The field of the words for it.
    pub message: String,
    /// The field of the payload.
    pub data: String,
    /// The value of the code that is a success.
    #[serde(default)]
    pub success: i64,
    /// Fields that it may have as well.
    #[serde(default)]
    pub more: Vec<String>,
}

impl Envelope {
    /// Whether a field is one of the envelope's own.
    pub(crate) fn holds(&self, field: &str) -> bool {
        [&self.code, &self.message, &self.data].contains(&&field.to_owned())
            || self.more.iter().any(|other| other == field)
    }
}

/// What the crates are called that generated requests name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Crates {
    /// The crate that has the requests.
    pub client: String,
    /// The crate that has the low level.
    pub low_level: String,
}

impl Default for Crates {
    fn default() -> Self {
        Self {
            client: "client".to_owned(),
            low_level: "client_api".to_owned(),
        }
    }
}

impl Rules {
    /// `XController_doThing` to `x_do_thing`; a verb that repeats its resource loses it.
    pub fn operation_name(&self, id: &str) -> String {
        let id = without_suffix(id, &self.operation_suffixes);
        let (resource, verb) = match id.split_once("Controller_") {
            Some((resource, verb)) => (resource.to_snake_case(), verb.to_snake_case()),
            None => return id.to_snake_case(),
        };
        let verb = verb
            .strip_suffix(&format!("_{resource}"))
            .map_or(verb.clone(), ToOwned::to_owned);
        format!("{resource}_{verb}")
    }

    /// The type name of a component: what upstream calls it, less its suffix.
    pub fn component_name(&self, component: &str) -> String {
        without_suffix(component, &self.type_suffixes).to_pascal_case()
    }

    /// The entries of an operation's own list of result codes; none if no extension has them.
    pub fn listed_codes<'a>(
        &self,
        operation: &'a Value,
    ) -> impl Iterator<Item = &'a Value> + use<'a> {
        let extension = self.codes.as_ref();
        let list = extension.and_then(|key| operation.get(key)?.get(CODES));
        elements(list.unwrap_or(&Value::Null))
    }

    /// Whether a property's name says that it counts or identifies: then a `number` is whole.
    pub fn is_whole(&self, property: &str) -> bool {
        let snake = property.to_snake_case();
        let last = snake.rsplit('_').next().unwrap_or_default();
        self.whole.iter().any(|word| word == last)
    }
}

/// A name without the first of these endings that leaves something.
fn without_suffix<'a>(name: &'a str, suffixes: &[String]) -> &'a str {
    suffixes
        .iter()
        .filter_map(|suffix| name.strip_suffix(suffix.as_str()))
        .find(|rest| !rest.is_empty())
        .unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> Rules {
        Rules {
            operation_suffixes: vec!["_v2".to_owned()],
            type_suffixes: vec!["Vo".to_owned(), "Dto".to_owned()],
            whole: vec!["count".to_owned()],
            ..Rules::default()
        }
    }

    #[test]
    fn endings_go_only_where_a_rule_says_so() {
        let (ours, none) = (rules(), Rules::default());
        assert_eq!(ours.component_name("PetDto"), "Pet");
        assert_eq!(none.component_name("PetDto"), "PetDto");
        assert_eq!(ours.component_name("Vo"), "Vo");
        assert_eq!(ours.operation_name("PetsController_list_v2"), "pets_list");
        assert_eq!(
            none.operation_name("PetsController_list_v2"),
            "pets_list_v2"
        );
        assert!(ours.is_whole("petCount") && !none.is_whole("petCount"));
    }

    #[test]
    fn a_table_has_only_known_keys() {
        let text =
            "[envelope]\ncode = \"status\"\nmessage = \"text\"\ndata = \"result\"\nsuccess = 1\n";
        let rules: Rules = toml::from_str(text).unwrap();
        let envelope = rules.envelope.unwrap();
        assert!(envelope.holds("result") && !envelope.holds("data"));
        assert_eq!(envelope.success, 1);
        toml::from_str::<Rules>("suffix = [\"Dto\"]").unwrap_err();
    }
}
