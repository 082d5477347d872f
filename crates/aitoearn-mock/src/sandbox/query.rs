//! Query strings, read as the service reads them.
//!
//! A list wants brackets (`ids[]=a`) or a repeated key; one lonely `ids=a` is
//! text, and text is not a list. A nested value wants brackets as well
//! (`pagination[limit]=5`); JSON text is refused, and dotted names are
//! ignored. More than twenty elements are refused in any style.

use std::collections::BTreeMap;

use super::envelope::Refusal;

/// Most elements the service takes in one list.
const MOST_ELEMENTS: usize = 20;

type Read<T> = Result<T, Refusal>;

#[derive(Debug, Clone, PartialEq)]
enum Value {
    Text(String),
    List(Vec<String>),
    Map(BTreeMap<String, String>),
}

/// A parsed query string.
#[derive(Debug, Clone, Default)]
pub(crate) struct Query {
    values: BTreeMap<String, Value>,
}

impl Query {
    pub(crate) fn parse(raw: &str) -> Self {
        let mut query = Self::default();
        for (key, value) in form_urlencoded::parse(raw.as_bytes()) {
            query.put(&key, value.into_owned());
        }
        query
    }

    fn put(&mut self, key: &str, value: String) {
        let Some((name, inside)) = key
            .split_once('[')
            .and_then(|(n, r)| Some((n, r.strip_suffix(']')?)))
        else {
            match self.values.get_mut(key) {
                None => {
                    self.values.insert(key.to_owned(), Value::Text(value));
                }
                Some(Value::Text(first)) => {
                    let first = std::mem::take(first);
                    self.values
                        .insert(key.to_owned(), Value::List(vec![first, value]));
                }
                Some(Value::List(list)) => list.push(value),
                Some(Value::Map(_)) => {}
            }
            return;
        };
        let in_list = inside.bytes().all(|b| b.is_ascii_digit());
        match (in_list, self.values.get_mut(name)) {
            (true, Some(Value::List(list))) => list.push(value),
            (false, Some(Value::Map(map))) => {
                map.insert(inside.to_owned(), value);
            }
            // The first of its name; or one in another style, which wins.
            (true, _) => {
                self.values
                    .insert(name.to_owned(), Value::List(vec![value]));
            }
            (false, _) => {
                let map = BTreeMap::from([(inside.to_owned(), value)]);
                self.values.insert(name.to_owned(), Value::Map(map));
            }
        }
    }

    /// Plain text; a list or a nested value is refused.
    pub(crate) fn text(&self, name: &str) -> Read<Option<&str>> {
        match self.values.get(name) {
            None => Ok(None),
            Some(Value::Text(text)) => Ok(Some(text)),
            Some(_) => Err(refused(
                name,
                "is a list or nested, and wanted as plain text",
            )),
        }
    }

    /// Text that must be there.
    pub(crate) fn required(&self, name: &str) -> Read<&str> {
        self.text(name)?
            .filter(|text| !text.is_empty())
            .ok_or_else(|| refused(name, "is missing"))
    }

    /// Text out of a closed set.
    pub(crate) fn one_of(&self, name: &str, allowed: &[&str]) -> Read<Option<&str>> {
        match self.text(name)? {
            Some(text) if !allowed.contains(&text) => Err(refused(
                name,
                &format!("is {text:?}, and not one of {}", allowed.join(", ")),
            )),
            other => Ok(other),
        }
    }

    /// A number. Empty text is zero, as it is in JavaScript.
    pub(crate) fn number(&self, name: &str) -> Read<Option<f64>> {
        self.text(name)?
            .map(|text| to_number(name, text))
            .transpose()
    }

    /// A list, with no empty elements.
    pub(crate) fn list(&self, name: &str) -> Read<Option<&[String]>> {
        match self.values.get(name) {
            None => Ok(None),
            Some(Value::List(list)) if list.len() > MOST_ELEMENTS => Err(refused(
                name,
                &format!("has {} elements, and may have {MOST_ELEMENTS}", list.len()),
            )),
            Some(Value::List(list)) if list.iter().any(String::is_empty) => {
                Err(refused(name, "has an empty element"))
            }
            Some(Value::List(list)) => Ok(Some(list)),
            Some(_) => Err(refused(
                name,
                &format!("is no list: write {name}[]=a, once for each element"),
            )),
        }
    }

    /// A list that must be there.
    pub(crate) fn required_list(&self, name: &str) -> Read<&[String]> {
        self.list(name)?.ok_or_else(|| refused(name, "is missing"))
    }

    /// A span of time: `start,end` in one text, or a list of two.
    pub(crate) fn pair(&self, name: &str) -> Read<Option<(String, String)>> {
        let parts: Vec<&str> = match self.values.get(name) {
            None => return Ok(None),
            Some(Value::Text(text)) => text.split(',').collect(),
            Some(Value::List(list)) => list.iter().map(String::as_str).collect(),
            Some(Value::Map(_)) => Vec::new(),
        };
        match parts.as_slice() {
            [start, end] => Ok(Some(((*start).to_owned(), (*end).to_owned()))),
            _ => Err(refused(
                name,
                &format!("is no pair: write {name}=start,end"),
            )),
        }
    }

    /// A nested value; text (JSON, say) in its place is refused.
    pub(crate) fn nested(&self, name: &str) -> Read<Option<Nested<'_>>> {
        match self.values.get(name) {
            None => Ok(None),
            Some(Value::Map(map)) => Ok(Some(Nested {
                name: name.to_owned(),
                map,
            })),
            Some(_) => Err(refused(
                name,
                &format!("wants brackets, as {name}[limit]=5"),
            )),
        }
    }

    /// Every plain parameter, for the operations that take whatever comes.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.values.iter().filter_map(|(name, value)| match value {
            Value::Text(text) => Some((name.as_str(), text.as_str())),
            _ => None,
        })
    }
}

/// What stands in brackets under one name.
#[derive(Debug)]
pub(crate) struct Nested<'a> {
    name: String,
    map: &'a BTreeMap<String, String>,
}

impl<'a> Nested<'a> {
    pub(crate) fn text(&self, name: &str) -> Option<&'a str> {
        self.map.get(name).map(String::as_str)
    }

    /// A whole number of at least one.
    pub(crate) fn count(&self, name: &str) -> Read<Option<u64>> {
        let Some(text) = self.text(name) else {
            return Ok(None);
        };
        let name = format!("{}[{name}]", self.name);
        let number = to_number(&name, text)?;
        to_count(&name, number).map(Some)
    }
}

impl Query {
    /// A whole number from one to `most`, or `default`.
    pub(crate) fn count(&self, name: &str, default: u64, most: u64) -> Read<u64> {
        match self.number(name)? {
            None => Ok(default),
            Some(number) => match to_count(name, number)? {
                count if count <= most => Ok(count),
                count => Err(refused(name, &format!("is {count}, and may be {most}"))),
            },
        }
    }
}

/// The refusal of a parameter; the reason is for the log.
fn refused(name: &str, why: &str) -> Refusal {
    Refusal::invalid(format!("the query's {name} {why}"))
}

fn to_number(name: &str, text: &str) -> Read<f64> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(0.0);
    }
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        _ => Err(refused(name, &format!("is {text:?}, and not a number"))),
    }
}

fn to_count(name: &str, number: f64) -> Read<u64> {
    // Exact for every count that JavaScript could hold.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    if number >= 1.0 && number.fract() == 0.0 && number <= 9_007_199_254_740_991.0 {
        Ok(number as u64)
    } else {
        Err(refused(
            name,
            &format!("is {number}, and not a whole number of at least 1"),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_want_brackets_or_a_repeated_key() {
        let list = |raw: &str| {
            Query::parse(raw)
                .list("ids")
                .map(|l| l.map(<[String]>::to_vec))
        };
        assert_eq!(list("ids[]=a"), Ok(Some(vec!["a".into()])));
        assert_eq!(
            list("ids%5B%5D=a&ids%5B%5D=b"),
            Ok(Some(vec!["a".into(), "b".into()]))
        );
        assert_eq!(list("ids=a&ids=b"), Ok(Some(vec!["a".into(), "b".into()])));
        assert_eq!(
            list("ids[0]=a&ids[1]=b"),
            Ok(Some(vec!["a".into(), "b".into()]))
        );
        assert_eq!(list(""), Ok(None));
        let note = |raw: &str| {
            list(raw)
                .expect_err("refused")
                .note
                .map(String::from)
                .unwrap_or_default()
        };
        assert_eq!(
            note("ids=a"),
            "the query's ids is no list: write ids[]=a, once for each element"
        );
        assert_eq!(note("ids=a,b"), note("ids=a"));
        assert_eq!(note("ids[]="), "the query's ids has an empty element");
    }

    #[test]
    fn more_than_twenty_elements_are_refused() {
        let raw = |n: usize| {
            (0..n)
                .map(|i| format!("ids[]={i}"))
                .collect::<Vec<_>>()
                .join("&")
        };
        assert!(Query::parse(&raw(20)).list("ids").is_ok());
        assert!(Query::parse(&raw(21)).list("ids").is_err());
        assert!(
            Query::parse(&raw(21).replace("[]", ""))
                .list("ids")
                .is_err()
        );
    }

    #[test]
    fn nested_values_want_brackets() {
        let query = Query::parse("pagination[cursor]=c&pagination%5Blimit%5D=5");
        let pagination = query.nested("pagination").ok().flatten().expect("nested");
        assert_eq!(pagination.text("cursor"), Some("c"));
        assert_eq!(pagination.count("limit"), Ok(Some(5)));
        assert!(
            Query::parse(r#"pagination={"limit":5}"#)
                .nested("pagination")
                .is_err()
        );
        assert!(matches!(
            Query::parse("pagination.limit=5").nested("pagination"),
            Ok(None)
        ));
    }

    #[test]
    fn numbers_are_coerced_and_an_empty_one_is_zero() {
        assert_eq!(Query::parse("status=").number("status"), Ok(Some(0.0)));
        assert_eq!(Query::parse("status=1").number("status"), Ok(Some(1.0)));
        assert!(Query::parse("status=x").number("status").is_err());
        assert_eq!(Query::parse("").count("page", 1, 1000), Ok(1));
        assert!(Query::parse("page=0").count("page", 1, 1000).is_err());
        let refusal = Query::parse("page=1001").count("page", 1, 1000);
        assert_eq!(
            refusal.expect_err("too many").note.as_deref(),
            Some("the query's page is 1001, and may be 1000")
        );
    }

    #[test]
    fn a_span_needs_both_ends() {
        assert!(matches!(Query::parse("time=a,b").pair("time"), Ok(Some(_))));
        assert!(matches!(
            Query::parse("time[]=a&time[]=b").pair("time"),
            Ok(Some(_))
        ));
        assert!(Query::parse("time=a").pair("time").is_err());
    }
}
