//! What things are called in Rust: the rules, and `names.toml` for the rest.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use heck::ToSnakeCase;
use serde::Deserialize;

use crate::problem::{Problem, Problems, Result};
use crate::reader;
use crate::rules::Rules;

/// The longest type name that reads well; a longer one asks for an entry.
pub const LONGEST_TYPE_NAME: usize = 48;

/// `names.toml`, with a memory of which entries were used.
#[derive(Debug, Default)]
pub struct Names {
    file: String,
    table: Table,
    used: RefCell<BTreeSet<(Kind, String)>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Table {
    /// operationId to method name.
    operations: BTreeMap<String, String>,
    /// Derived place (`accounts_list.query.types[]`) to type name.
    types: BTreeMap<String, String>,
    /// `operation.place.name` (`birds_list.query.born<`) to argument.
    parameters: BTreeMap<String, String>,
    /// `Type.property` to field.
    fields: BTreeMap<String, String>,
    /// `Type.value` to variant name.
    values: BTreeMap<String, String>,
    /// What `values` was called before.
    variants: BTreeMap<String, String>,
    /// What holds for the vendor's descriptions.
    rules: Rules,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Operation,
    Type,
    Parameter,
    Field,
    Value,
    Variant,
}

impl Kind {
    fn table(self) -> &'static str {
        match self {
            Self::Operation => "operations",
            Self::Type => "types",
            Self::Parameter => "parameters",
            Self::Field => "fields",
            Self::Value => "values",
            Self::Variant => "variants",
        }
    }
}

impl Names {
    /// Reads `names.toml`.
    pub fn parse(text: &str, file: &str) -> Result<Self> {
        let table = reader::toml(text).map_err(|error| {
            Problem::new(
                file,
                format!("this is not a names file: {error}"),
                "it has the tables [operations], [types], [parameters], [fields] and [values], each `\"from\" = \"to\"`, and [rules]",
            )
        })?;
        Ok(Self {
            file: file.to_owned(),
            table,
            used: RefCell::default(),
        })
    }

    fn map(&self, kind: Kind) -> &BTreeMap<String, String> {
        match kind {
            Kind::Operation => &self.table.operations,
            Kind::Type => &self.table.types,
            Kind::Parameter => &self.table.parameters,
            Kind::Field => &self.table.fields,
            Kind::Value => &self.table.values,
            Kind::Variant => &self.table.variants,
        }
    }

    fn look_up(&self, kind: Kind, key: &str) -> Option<&str> {
        let name = self.map(kind).get(key)?;
        self.used.borrow_mut().insert((kind, key.to_owned()));
        Some(name)
    }

    /// What holds for the vendor's descriptions.
    pub fn rules(&self) -> &Rules {
        &self.table.rules
    }

    /// The method name given to an operationId.
    pub fn operation(&self, id: &str) -> Option<&str> {
        self.look_up(Kind::Operation, id)
    }

    /// The entries of `[types]`.
    pub fn types(&self) -> impl Iterator<Item = (&String, &String)> {
        self.table.types.iter()
    }

    /// What an operation is called: by its entry, or by rule.
    pub fn operation_or_rule(&self, id: &str) -> String {
        let given = self.table.operations.get(id);
        given.map_or_else(|| self.rules().operation_name(id), ToOwned::to_owned)
    }

    /// The type name given to a place.
    pub fn type_at(&self, place: &str) -> Option<&str> {
        self.look_up(Kind::Type, place)
    }

    /// The argument given to a parameter of an operation.
    pub fn argument(&self, operation: &str, place: &str, name: &str) -> Option<&str> {
        self.look_up(Kind::Parameter, &format!("{operation}.{place}.{name}"))
    }

    /// The field given to a property of a type.
    pub fn field(&self, type_name: &str, property: &str) -> Option<&str> {
        self.look_up(Kind::Field, &format!("{type_name}.{property}"))
    }

    /// The variant given to a value of a type.
    pub fn variant(&self, type_name: &str, value: &str) -> Option<&str> {
        let key = format!("{type_name}.{value}");
        self.look_up(Kind::Value, &key)
            .or_else(|| self.look_up(Kind::Variant, &key))
    }

    /// An error for every entry that named nothing.
    pub fn check_all_used(&self) -> Result<()> {
        let used = self.used.borrow();
        let all = [
            Kind::Operation,
            Kind::Type,
            Kind::Parameter,
            Kind::Field,
            Kind::Value,
            Kind::Variant,
        ];
        let unused = all.into_iter().flat_map(|kind| {
            let used = &used;
            self.map(kind)
                .keys()
                .filter(move |key| !used.contains(&(kind, (*key).clone())))
                .map(move |key| (kind, key))
        });
        Problems::none_or(
            unused
                .map(|(kind, key)| {
                    Problem::new(
                        format!("{}, [{}] \"{key}\"", self.file, kind.table()),
                        format!("the entry \"{key}\" names nothing in the document"),
                        "upstream moved or removed it: adapt the key, or delete the entry",
                    )
                })
                .collect(),
        )
    }
}

/// What one element of a list called `name` is called.
pub fn singular(name: &str) -> String {
    for (ending, replacement) in [("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch")] {
        if let Some(stem) = name.strip_suffix(ending).filter(|stem| !stem.is_empty()) {
            return format!("{stem}{replacement}");
        }
    }
    match name.strip_suffix('s') {
        Some(stem) if !stem.is_empty() && !stem.ends_with(['s', 'u', 'i']) => stem.to_owned(),
        _ => format!("{name}Item"),
    }
}

/// A name that is too long, by rule: its first word, and as many of the last as fit.
///
/// What a type is called first says whose it is, what comes last says what it is; the middle is how
/// deep it was nested. `is_free` decides whether a name may be taken.
pub fn shortened(name: &str, is_free: impl Fn(&str) -> bool) -> String {
    let mut words: Vec<String> = Vec::new();
    for letter in name.chars() {
        match words.last_mut() {
            Some(word) if !letter.is_ascii_uppercase() => word.push(letter),
            _ => words.push(letter.to_string()),
        }
    }
    let (first, rest) = words
        .split_first()
        .map_or(("", &[][..]), |(first, rest)| (first.as_str(), rest));
    let tails = (1..rest.len()).map(|from| format!("{first}{}", rest[from..].concat()));
    let mut fitting = tails.filter(|name| name.len() <= LONGEST_TYPE_NAME);
    if let Some(name) = fitting.find(|name| is_free(name)) {
        return name;
    }
    let stem: String = name.chars().take(LONGEST_TYPE_NAME - 4).collect();
    numbered(&stem, is_free)
}

/// The name with the first number, from 2, that makes it one that may be taken.
pub fn numbered(name: &str, is_free: impl Fn(&str) -> bool) -> String {
    (2..10_000)
        .map(|number| format!("{name}{number}"))
        .find(|name| is_free(name))
        .unwrap_or_else(|| name.to_owned())
}

/// Whether a name can stand as a Rust identifier of ours: ASCII, and no keyword.
pub fn is_identifier(name: &str) -> bool {
    name.is_ascii() && name != "gen" && syn::parse_str::<syn::Ident>(name).is_ok()
}

/// The field or argument that progenitor makes of a name.
pub fn field_name(name: &str) -> String {
    let name = match name {
        "+1" => "plus1".to_owned(),
        "-1" => "minus1".to_owned(),
        name => name
            .replace('\'', "")
            .replace(
                |letter: char| !letter.is_alphanumeric() && letter != '_',
                "-",
            )
            .to_snake_case(),
    };
    if name.starts_with(char::is_alphabetic) {
        name
    } else {
        format!("x{name}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_singular() {
        let of = |name| singular(name);
        assert_eq!(of("Accounts"), "Account");
        assert_eq!(of("Entries"), "Entry");
        assert_eq!(of("Boxes"), "Box");
        assert_eq!(of("Media"), "MediaItem");
        assert_eq!(of("Status"), "StatusItem");
    }

    #[test]
    fn long_names_keep_their_first_word_and_their_last() {
        let long = "LighthousesKeeperListWatchesWithPaginationDataListItem";
        let first = shortened(long, |_| true);
        assert_eq!(first, "LighthousesListWatchesWithPaginationDataListItem");
        let second = shortened(long, |name| name != first);
        assert_eq!(second, "LighthousesWatchesWithPaginationDataListItem");
        let word = "A".to_owned() + &"b".repeat(90);
        assert_eq!(shortened(&word, |_| true).len(), LONGEST_TYPE_NAME - 3);
        assert_eq!(numbered("Keeper", |name| name != "Keeper2"), "Keeper3");
    }

    #[test]
    fn identifiers_are_ascii_and_no_keywords() {
        for good in ["a", "_a", "Pet2", "a_b"] {
            assert!(is_identifier(good), "{good}");
        }
        for bad in ["", "_", "2a", "a-b", "Self", "type", "gen", "中文", "a b"] {
            assert!(!is_identifier(bad), "{bad}");
        }
    }

    #[test]
    fn fields_are_what_progenitor_makes_of_names() {
        for (name, field) in [
            ("a-b", "a_b"),
            ("userId", "user_id"),
            ("filter[owner]", "filter_owner"),
            ("$ref", "ref"),
            ("2fa", "x2fa"),
            ("", "x"),
            ("it's", "its"),
            ("größe", "größe"),
            ("+1", "plus1"),
        ] {
            assert_eq!(field_name(name), field);
        }
    }

    #[test]
    fn what_is_no_names_file_is_refused() {
        for text in ["[types", "[kinds]\na = \"b\"", "[types]\na = 1"] {
            let problem = Names::parse(text, "n.toml").unwrap_err().to_string();
            assert!(
                problem.contains("not a names file") && problem.contains("n.toml"),
                "{problem}"
            );
        }
    }

    #[test]
    fn every_table_remembers_what_was_used() {
        let text = "[operations]\na = \"b\"\n[types]\nc = \"d\"\n[variants]\n\"E.f\" = \"G\"\n\
            [values]\n\"E.g\" = \"H\"\n[fields]\n\"S.p-q\" = \"pq\"\n[parameters]\n\"a.query.x<\" = \"below\"\n";
        let names = Names::parse(text, "n.toml").unwrap();
        assert_eq!(names.check_all_used().unwrap_err().0.len(), 6);
        assert_eq!(names.operation("a"), Some("b"));
        assert_eq!(names.type_at("c"), Some("d"));
        assert_eq!(names.variant("E", "f"), Some("G"));
        assert_eq!(names.variant("E", "g"), Some("H"));
        assert_eq!(names.variant("E", "two words"), None);
        assert_eq!(names.field("S", "p-q"), Some("pq"));
        assert_eq!(names.argument("a", "query", "x<"), Some("below"));
        names.check_all_used().unwrap();
    }

    #[test]
    fn an_entry_that_names_nothing_is_an_error() {
        let names = Names::parse("[types]\n\"A.b\" = \"C\"\n", "names.toml").unwrap();
        let problem = names.check_all_used().unwrap_err();
        assert!(
            problem.to_string().contains("\"A.b\" names nothing"),
            "{problem}"
        );
        assert_eq!(names.type_at("A.b"), Some("C"));
        names.check_all_used().unwrap();
    }
}
