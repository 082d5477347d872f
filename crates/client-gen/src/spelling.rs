//! Identifiers for all that a document calls things: signs in words, letters beyond ASCII by number.
//!
//! The plain spelling comes first; the others are for names that it would not tell apart, or that
//! Rust does not take.

use heck::{ToPascalCase as _, ToSnakeCase as _};

use crate::names::{field_name, is_identifier, numbered};

/// The longest variant or method that is made of a text.
const LONGEST: usize = 60;

/// The variant of a value that none has yet.
pub(crate) fn variant(value: &str, is_free: impl Fn(&str) -> bool) -> String {
    let plain = value.to_pascal_case();
    let words = cut(&joined(&words(value, false)));
    let all = cut(&joined(&words_with_signs(value)));
    let candidates = [plain.clone(), words.clone(), all, format!("{words}Value")];
    first_free(candidates, &words, is_free)
}

/// The argument or field of a name on the wire that none has yet, as progenitor spells it.
pub(crate) fn field(name: &str, is_free: impl Fn(&str) -> bool) -> String {
    let spelled = |words: &[String]| field_name(&cut(&words.join("_")));
    let words = spelled(&words(name, false));
    let all = spelled(&words_with_signs(name));
    let candidates = [field_name(name), words.clone(), all];
    let found = candidates.into_iter().find(|name| is_free(name));
    found.unwrap_or_else(|| numbered(&words, is_free))
}

/// The method of an operation that none has yet; `rule` is what it would be called, `whole` all that
/// the document calls it.
pub(crate) fn method(rule: &str, whole: &str, is_free: impl Fn(&str) -> bool) -> String {
    let spelled = |name: &str| {
        let name = cut(&words(name, false).join("_")).to_snake_case();
        if name.starts_with(|first: char| first.is_ascii_lowercase()) {
            name
        } else {
            format!("op_{name}").trim_end_matches('_').to_owned()
        }
    };
    let says_something = rule.contains(|c: char| !matches!(c, '_' | ' '));
    let words = spelled(if says_something { rule } else { whole });
    let candidates = [
        rule.to_owned(),
        words.clone(),
        format!("{words}_"),
        spelled(whole),
        format!("{words}_op"),
    ];
    let is_fit = |name: &str| is_method(name) && is_free(name);
    let found = candidates.into_iter().find(|name| is_fit(name));
    found.unwrap_or_else(|| numbered(&format!("{words}_op"), is_fit))
}

/// Whether progenitor leaves a method name as it is; it puts an underscore behind keywords itself.
pub(crate) fn is_method(name: &str) -> bool {
    let keyword = name.strip_suffix('_');
    let is_keyword = keyword.is_some_and(|word| word == "gen" || !is_identifier(word));
    let spelled = keyword.filter(|_| is_keyword).unwrap_or(name);
    is_identifier(name) && spelled == name.to_snake_case()
}

/// The type of a name, as progenitor spells it; not yet one that is free.
pub(crate) fn type_name(name: &str) -> String {
    let plain = name.to_pascal_case();
    if is_type_name(&plain) {
        return plain;
    }
    let spelled = pascal(&words(name, false)).replace('_', "");
    let spelled = match spelled.chars().next() {
        None => "Type".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("Type{spelled}"),
        _ => spelled,
    };
    // What is put together may have other words.
    let spelled = spelled.to_pascal_case();
    if is_type_name(&spelled) {
        spelled
    } else {
        "Type".to_owned()
    }
}

/// Whether a name can be that of a type, and progenitor leaves it as it is.
pub(crate) fn is_type_name(name: &str) -> bool {
    is_identifier(name)
        && name.starts_with(|first: char| first.is_ascii_uppercase())
        && name == name.to_pascal_case()
}

fn first_free(
    candidates: impl IntoIterator<Item = String>,
    last: &str,
    is_free: impl Fn(&str) -> bool,
) -> String {
    let is_fit = |name: &str| is_identifier(name) && is_free(name);
    let found = candidates.into_iter().find(|name| is_fit(name));
    found.unwrap_or_else(|| numbered(last, is_fit))
}

fn cut(name: &str) -> String {
    name.chars().take(LONGEST).collect()
}

/// A variant of words.
fn joined(words: &[String]) -> String {
    let name = pascal(words);
    match name.chars().next() {
        None => "Empty".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("V{name}"),
        _ if name == "Self" => "Self_".to_owned(),
        _ => name,
    }
}

/// Words in `PascalCase`, with an underscore where two numbers would become one.
fn pascal(words: &[String]) -> String {
    let mut name = String::new();
    for word in words {
        let is_digit = |c: char| c.is_ascii_digit();
        if name.ends_with(is_digit) && word.starts_with(is_digit) {
            name.push('_');
        }
        name.push_str(&word.to_pascal_case());
    }
    name
}

fn words_with_signs(text: &str) -> Vec<String> {
    words(text, true)
}

/// The words of a text. A sign is one if it is no mere separator; with `all`, every sign is.
fn words(text: &str, all: bool) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut is_open = false;
    let mut before = ' ';
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            let is_new = c.is_ascii_uppercase() && before.is_ascii_digit();
            if is_open
                && !is_new
                && let Some(word) = words.last_mut()
            {
                word.push(c);
            } else {
                words.push(c.to_string());
            }
            is_open = true;
        } else {
            is_open = false;
            let separates = match c {
                '_' | ' ' | '/' | ':' | '.' | ',' | '[' | ']' | '(' | ')' | '{' | '}' | '\''
                | '"' => true,
                // A sign in front of a number, a hyphen in a word.
                '-' => before.is_ascii_alphanumeric(),
                _ => false,
            };
            if all || !separates {
                words.push(sign(c));
            }
        }
        before = c;
    }
    words
}

/// What a character that is neither a letter nor a digit of ASCII is called.
fn sign(c: char) -> String {
    let name = match c {
        ' ' => "space",
        '_' => "underscore",
        '!' => "not",
        '"' | '\'' => "quote",
        '#' => "hash",
        '$' => "dollar",
        '%' => "percent",
        '&' => "and",
        '(' | '[' | '{' => "open",
        ')' | ']' | '}' => "close",
        '*' => "star",
        '+' => "plus",
        ',' => "comma",
        '-' => "minus",
        '.' => "dot",
        '/' => "slash",
        ':' => "colon",
        ';' => "semicolon",
        '<' => "lt",
        '=' => "eq",
        '>' => "gt",
        '?' => "question",
        '@' => "at",
        '\\' => "backslash",
        '^' => "caret",
        '`' => "backtick",
        '|' => "or",
        '~' => "tilde",
        c => return format!("u{:x}", u32::from(c)),
    };
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_a_variant_of_its_own() {
        let values = [
            "guinea pig",
            "unknown",
            "",
            " ",
            "+",
            "-",
            "7",
            "-7",
            "3.5",
            "35",
            "3-5",
            "12x9",
            "Self",
            "self",
            "a",
            "A",
            "a b",
            "a-b",
            "<=",
            "名",
            "名前",
            "\u{202e}",
            "é",
            "e\u{301}",
            "_",
            "__",
        ];
        let mut taken = vec!["Unknown".to_owned()];
        for value in values {
            let name = variant(value, |name| !taken.iter().any(|it| it == name));
            assert!(is_identifier(&name), "{value:?}: {name}");
            assert!(!taken.contains(&name), "{value:?}: {name}");
            taken.push(name);
        }
        let expected = [
            "GuineaPig",
            "UnknownValue",
            "Empty",
            "Space",
            "Plus",
            "Minus",
            "V7",
            "Minus7",
            "V3_5",
            "V35",
            "V3Minus5",
            "V12x9",
            "Self_",
        ];
        assert_eq!(taken[1..=expected.len()], expected);
        let long = variant(&"word ".repeat(200), |_| true);
        assert!(is_identifier(&long));
    }

    #[test]
    fn fields_and_arguments_are_told_apart_by_signs_or_numbers() {
        let mut taken = Vec::new();
        for name in [
            "born", "born<", "born>", "born>=", "Born", "born-", "type", "type_", "", "4k",
        ] {
            let field = field(name, |name| !taken.iter().any(|it| it == name));
            assert_eq!(field_name(&field), field, "progenitor leaves it");
            taken.push(field);
        }
        let first = [
            "born",
            "born_lt",
            "born_gt",
            "born_gt_eq",
            "born2",
            "born_minus",
            "type",
        ];
        assert_eq!(taken[..first.len()], first);
        assert_eq!(
            taken
                .iter()
                .collect::<std::collections::BTreeSet<_>>()
                .len(),
            taken.len()
        );
    }

    #[test]
    fn methods_are_what_progenitor_makes_of_them() {
        let of = |rule: &str, whole: &str, taken: &[&str]| {
            method(rule, whole, |name| !taken.contains(&name))
        };
        assert_eq!(of("list_birds", "listBirds", &[]), "list_birds");
        assert_eq!(of("match", "match", &[]), "match_");
        assert_eq!(of("gen", "gen", &[]), "gen_");
        assert_eq!(of("new", "new", &["new"]), "new_op");
        assert_eq!(of("2fa", "2fa", &[]), "op_2fa");
        assert_eq!(of("取得", "取得", &[]), "u53d6_u5f97");
        assert_eq!(of("", "+", &[]), "plus");
        assert_eq!(of("birds", "birds_v2", &["birds"]), "birds_v2");
        assert_eq!(of("birds", "birds", &["birds"]), "birds_op");
        assert_eq!(of("birds", "birds", &["birds", "birds_op"]), "birds_op2");
    }

    #[test]
    fn types_are_what_progenitor_makes_of_them() {
        for (name, ty) in [
            ("bird_nest", "BirdNest"),
            ("200Response", "Type200Response"),
            ("+", "Plus"),
            ("", "Type"),
        ] {
            assert_eq!(type_name(name), ty);
        }
        for name in ["名前", "日本語", "\u{1b}[", "é", "3.5", "self"] {
            assert!(
                is_type_name(&type_name(name)),
                "{name}: {}",
                type_name(name)
            );
        }
    }
}
