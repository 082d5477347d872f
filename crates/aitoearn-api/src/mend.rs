//! Reading a success that does not fit: what is odd costs the smallest thing that contains it.
//!
//! The reader of each type is compiled once, and it stops at the first odd place. So the place is
//! mended in the text, in all elements of its list at once, and the text is read again, for as long
//! as that is no more work than reading a few hundred megabytes.

use std::collections::HashMap;
use std::ops::Range;

use serde_json::Error;

use self::places::{Place, Places, escaped};
use self::problem::{Kind, Part, Problem};
use self::values::{coerced, kind, neutral};
use crate::raw::{Raw, fields};
use crate::{ApiKey, redact, weight};

mod places;
mod problem;
mod values;

/// Most times that a text is read again.
const ROUNDS: usize = 1000;

/// Most bytes that are read again, together.
const WORK: usize = 128 * 1024 * 1024;

/// A text of more than this part of the limit is not mended: there are two of it meanwhile.
const PART: u64 = 4;

/// A text of this many bytes always is.
const SMALL: u64 = 64 * 1024;

/// Most places that are told one by one.
const TOLD: usize = 100;

/// Longest text of each part of a [`Mend`], in characters.
const SHOWN: usize = 120;

/// What had to be mended in an answer to read it; nothing, as a rule.
///
/// A missing or odd value became what is neutral in its place: an absent value, an empty list or
/// text, 0, `false`. One that can be read in one way only was read so: a number as a text, a single
/// value as a list of one, a text in several languages as the English one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mended {
    /// The places, in the order in which they were found: the first hundred.
    pub places: Vec<Mend>,
    /// How many there are.
    pub count: usize,
}

impl Mended {
    /// Whether the answer was as it should be.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }
}

/// One place that was mended.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mend {
    /// Where, as a JSON pointer into the body: `/data/list/3/status`.
    pub place: String,
    /// What was expected there, in the reader's words: `a string`.
    pub expected: String,
    /// What was there instead, masked and cut short; `nothing` for a field that was missing.
    pub found: String,
}

/// The body mended until `read` takes it, and what was mended; or `None` if that cannot be done.
/// `first` is the error that it has already ended in.
pub(crate) fn mend(
    body: &[u8],
    first: &Error,
    limit: u64,
    key: Option<&ApiKey>,
    mut read: impl FnMut(&[u8]) -> Option<Error>,
) -> Option<Mended> {
    let length = u64::try_from(body.len()).unwrap_or(u64::MAX);
    if length > (limit / PART).max(SMALL) {
        return None;
    }
    Raw::whole(body)?;
    let mut work = Work {
        text: body.to_vec(),
        key,
        mended: Mended::default(),
        touched: HashMap::new(),
    };
    let mut problem = Problem::of(first, &work.text)?;
    let mut bytes = 0;
    for _ in 0..ROUNDS {
        work.round(&problem)?;
        bytes += work.text.len();
        if bytes > WORK.max(body.len()) || weight::is_too_heavy(&work.text, limit) {
            return None;
        }
        match read(&work.text) {
            None => return Some(work.mended),
            Some(error) => problem = Problem::of(&error, &work.text)?,
        }
    }
    None
}

struct Work<'k> {
    text: Vec<u8>,
    key: Option<&'k ApiKey>,
    mended: Mended,
    /// The places whose value is ours by now, and may still be odd, each with its number in `mended`
    /// if it is told.
    touched: HashMap<Place, Option<usize>>,
}

/// A piece of the text, and what comes in its place.
struct Edit {
    range: Range<usize>,
    with: Vec<u8>,
}

impl Work<'_> {
    /// Mends what the problem is about; `None` if there is nothing that can be done.
    fn round(&mut self, problem: &Problem) -> Option<()> {
        let places = Places::find(&self.text, &problem.pattern);
        let edits = match &problem.kind {
            Kind::Missing(name) => self.missing(&places, name),
            Kind::Repeated(name) => self.repeated(&places, name),
            Kind::Odd { expected, by_type } => {
                let odd = places.with(&problem.indices)?;
                self.odd(&places, odd, expected, *by_type)?
            }
        };
        if edits.is_empty() {
            return None;
        }
        self.apply(edits);
        Some(())
    }

    fn missing(&mut self, places: &Places<'_>, name: &str) -> Vec<Edit> {
        let mut edits = Vec::new();
        let key = Part::Key(name.as_bytes().to_vec());
        let field = Place::start(places.pattern.iter().chain([&key]));
        for (number, range) in places.ranges() {
            let object = &self.text[range.clone()];
            let has = |(key, _): (&[u8], Raw<'_>)| key == name.as_bytes();
            if !object.starts_with(b"{") || fields(Raw::part(object)).any(has) {
                continue;
            }
            let is_empty = object[1..].trim_ascii_start().starts_with(b"}");
            let comma = if is_empty { "" } else { "," };
            let at = range.start + 1;
            edits.push(Edit {
                range: at..at,
                with: format!("\"{name}\":null{comma}").into(),
            });
            let told = self.counts().then(|| {
                let place = format!("{}/{}", places.pointer(number), escaped(name));
                self.tell(place, &format!("the field `{name}`"), "nothing")
            });
            self.touched.insert(field.of(places, number), told);
        }
        edits
    }

    /// The first one counts; the others get a name that nobody knows.
    fn repeated(&mut self, places: &Places<'_>, name: &str) -> Vec<Edit> {
        let mut edits = Vec::new();
        let base = self.text.as_ptr() as usize;
        for (number, range) in places.ranges() {
            let object = Raw::part(&self.text[range]);
            let named = fields(object).filter(|(key, _)| *key == name.as_bytes());
            let again: Vec<usize> = named
                .skip(1)
                .map(|(key, _)| key.as_ptr() as usize - base)
                .collect();
            for start in again {
                edits.push(Edit {
                    range: start..start + name.len(),
                    with: format!("{name} again").into(),
                });
                if self.counts() {
                    let place = format!("{}/{}", places.pointer(number), escaped(name));
                    self.tell(place, "the field once", "the field again");
                }
            }
        }
        edits
    }

    fn odd(
        &mut self,
        places: &Places<'_>,
        odd: usize,
        expected: &str,
        by_type: bool,
    ) -> Option<Vec<Edit>> {
        let start = Place::start(places.pattern.iter());
        let kind = kind(&self.text[places.range(odd)]);
        let mut edits = Vec::new();
        for (number, range) in places.ranges() {
            let value = &self.text[range.clone()];
            let is_odd = number == odd || (by_type && kind == values::kind(value));
            if !is_odd {
                continue;
            }
            let with = if value == b"null" {
                neutral(expected)?.as_bytes().to_vec()
            } else {
                coerced(value, expected).unwrap_or_else(|| b"null".to_vec())
            };
            let found = String::from_utf8_lossy(&value[..value.len().min(4 * SHOWN)]).into_owned();
            edits.push(Edit { range, with });
            let place = start.of(places, number);
            if let Some(told) = self.touched.get(&place) {
                // It is told already; only now it is known what was expected.
                if let Some(mend) = told.and_then(|told| self.mended.places.get_mut(told)) {
                    mend.expected = redact::line(expected, SHOWN);
                }
                continue;
            }
            let told = self
                .counts()
                .then(|| self.tell(places.pointer(number), expected, &found));
            self.touched.insert(place, told);
        }
        Some(edits)
    }

    /// Counts a place that is mended. Whether it is told, too.
    fn counts(&mut self) -> bool {
        self.mended.count += 1;
        self.mended.places.len() < TOLD
    }

    /// The number of what is told.
    fn tell(&mut self, place: String, expected: &str, found: &str) -> usize {
        let place = redact::text_without_key(place, self.key);
        let found = redact::text_without_key(found, self.key);
        self.mended.places.push(Mend {
            place: redact::plain_line(&place, 4 * SHOWN).into_owned(),
            expected: redact::line(expected, SHOWN),
            found: redact::line(&found, SHOWN),
        });
        self.mended.places.len() - 1
    }

    fn apply(&mut self, edits: Vec<Edit>) {
        let more: usize = edits.iter().map(|edit| edit.with.len()).sum();
        let mut text = Vec::with_capacity(self.text.len() + more);
        let mut from = 0;
        for Edit { range, with } in edits {
            text.extend_from_slice(&self.text[from..range.start]);
            text.extend_from_slice(&with);
            from = range.end;
        }
        text.extend_from_slice(&self.text[from..]);
        self.text = text;
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde::de::DeserializeOwned;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Item {
        id: String,
        size: i64,
        note: Option<String>,
        tags: Vec<String>,
        is_new: bool,
        inner: Inner,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Inner {
        x: f64,
    }

    fn read<T: DeserializeOwned>(body: &str) -> Option<(T, Mended)> {
        let first = serde_json::from_str::<T>(body)
            .err()
            .expect("it does not fit");
        let mut value = None;
        let mended =
            mend(
                body.as_bytes(),
                &first,
                1 << 20,
                None,
                |text| match serde_json::from_slice(text) {
                    Ok(read) => {
                        value = Some(read);
                        None
                    }
                    Err(error) => Some(error),
                },
            )?;
        Some((value?, mended))
    }

    fn told(mended: &Mended) -> Vec<(&str, &str, &str)> {
        let told = mended.places.iter();
        told.map(|it| (it.place.as_str(), it.expected.as_str(), it.found.as_str()))
            .collect()
    }

    #[test]
    fn an_odd_field_costs_that_field() {
        let list = r#"[{"id":"a","size":1,"tags":[],"is_new":true,"inner":[1.5,7]}]"#;
        let (items, mended) = read::<Vec<Item>>(list).expect("mended");
        // The list where an object was expected, and what in it was no number.
        assert_eq!((items[0].inner.x, told(&mended).len()), (0.0, 2));
        let body = r#"[{"id":7,"size":"12","note":{"a":1},"tags":"one","is_new":"true","inner":{"x":"1"}},
            {"id":{"zh-CN":"二","en-US":"two"},"size":{},"note":"n","tags":[1,null],"is_new":3,"inner":{"x":"y"}},
            {"tags":[]}]"#;
        let (items, mended) = read::<Vec<Item>>(body).expect("mended");
        let item = |id: &str, size, note: Option<&str>, tags: &[&str], is_new, x| Item {
            id: id.to_owned(),
            size,
            note: note.map(str::to_owned),
            tags: tags.iter().map(|&tag| tag.to_owned()).collect(),
            is_new,
            inner: Inner { x },
        };
        assert_eq!(
            items,
            [
                item("7", 12, None, &["one"], true, 1.0),
                item("two", 0, Some("n"), &["1", ""], false, 0.0),
                item("", 0, None, &[], false, 0.0),
            ]
        );
        let told = told(&mended);
        assert_eq!(told.len(), mended.count);
        for place in [
            "/0/id",
            "/0/size",
            "/0/note",
            "/0/tags",
            "/0/is_new",
            "/0/inner/x",
            "/1/id",
            "/1/size",
            "/1/tags/0",
            "/1/tags/1",
            "/1/is_new",
            "/1/inner/x",
            "/2/id",
            "/2/size",
            "/2/is_new",
            "/2/inner",
        ] {
            assert!(told.iter().any(|told| told.0 == place), "{place} {told:#?}");
        }
        assert!(
            told.contains(&("/2/id", "a string", "nothing")),
            "{told:#?}"
        );
    }

    #[test]
    fn what_is_no_json_or_never_fits_is_not_mended() {
        for body in ["{", "[1,", "", "[{\"id\":1}] x"] {
            assert!(read::<Vec<Item>>(body).is_none(), "{body}");
        }
        assert!(read::<std::num::NonZeroU8>("0").is_none());
    }

    #[test]
    fn as_many_odd_places_as_one_likes_are_one_round() {
        let body = format!("[{}]", ["{\"x\":[]}"].repeat(1000).join(","));
        let (items, mended) = read::<Vec<Inner>>(&body).expect("mended");
        assert_eq!(
            (items.len(), mended.count, mended.places.len()),
            (1000, 1000, TOLD)
        );
    }
}
