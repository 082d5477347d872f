//! Reading a success that does not fit: what is odd costs the smallest thing that contains it.
//!
//! The reader of each type is compiled once, and it stops at the first odd place. So the place is
//! mended in the text, in all elements of its list at once, and the text is read again, for as long
//! as that is no more work than reading a few hundred megabytes.

use std::collections::HashMap;
use std::ops::Range;

use serde_json::Error;

use self::places::{Node, Place, Places, escaped};
use self::problem::{Kind, Part, Problem};
use self::values::{coerced, kind, neutral};
use crate::raw::{Raw, fields, is_name, items};
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

/// Most times that a value is odd for what it says, at the same steps, before the others that follow
/// there are given up with it.
const SINGLE: usize = 16;

/// Most times that another value is tried in one place.
const TIMES: usize = 4;

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
    /// Nothing was mended.
    #[doc(hidden)]
    pub const fn new() -> Self {
        Self {
            places: Vec::new(),
            count: 0,
        }
    }

    /// Whether the answer was as it should be.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Adds what was mended in a further answer.
    pub fn add(&mut self, more: Self) {
        let room = TOLD.saturating_sub(self.places.len());
        self.places.extend(more.places.into_iter().take(room));
        self.count += more.count;
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
    read: &mut dyn FnMut(&[u8]) -> Option<Error>,
) -> Option<Mended> {
    let length = u64::try_from(body.len()).unwrap_or(u64::MAX);
    if length > (limit / PART).max(SMALL) {
        return None;
    }
    Raw::whole(body)?;
    let mut work = Work {
        body,
        text: body.to_vec(),
        key,
        told: Vec::new(),
        count: 0,
        touched: HashMap::new(),
        steps: HashMap::new(),
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
            None => return Some(work.mended()),
            Some(error) => problem = Problem::of(&error, &work.text)?,
        }
    }
    None
}

struct Work<'a> {
    body: &'a [u8],
    text: Vec<u8>,
    key: Option<&'a ApiKey>,
    /// What is told; `None` for what was given up with a larger place.
    told: Vec<Option<Mend>>,
    count: usize,
    /// The places whose value is ours by now, and may still be odd.
    touched: HashMap<Place, Touched>,
    /// The steps at which something was mended, and how often what was there was odd for what it
    /// says.
    steps: HashMap<Vec<Part>, usize>,
}

/// What we know of a place whose value is ours.
#[derive(Default)]
struct Touched {
    is_counted: bool,
    /// Its number in what is told, if it is told.
    told: Option<usize>,
    /// Whether the value says nothing, so that nobody needs to be told what is odd in it.
    is_neutral: bool,
    /// Whether it is the only element of a list that we have made of it.
    is_only: bool,
    times: usize,
}

/// A piece of the text, and what comes in its place.
struct Edit {
    range: Range<usize>,
    with: Vec<u8>,
}

impl Work<'_> {
    /// Mends what the problem is about; `None` if there is nothing that can be done.
    fn round(&mut self, problem: &Problem) -> Option<()> {
        let is_ours = |place| self.is_neutral(place);
        let places = Places::find(&self.text, &problem.pattern, is_ours);
        let edits = match &problem.kind {
            Kind::Missing(name) => self.missing(&places, name),
            Kind::Repeated(name) => self.repeated(&places, name),
            Kind::Broken => {
                let edits = self.broken(&places);
                if edits.is_empty() {
                    // It is the key.
                    return self.round(&problem.around(Kind::Broken)?);
                }
                edits
            }
            Kind::Odd { expected, by_type } => {
                if problem.pattern.is_empty() {
                    // Without its envelope it is no answer.
                    return None;
                }
                let odd = places.with(&problem.indices)?;
                let Some(edits) = self.odd(&places, odd, expected, *by_type) else {
                    return self.round(&problem.around(Kind::odd())?);
                };
                edits
            }
        };
        if edits.is_empty() {
            return None;
        }
        self.apply(edits);
        Some(())
    }

    fn missing(&mut self, places: &Places<'_>, name: &str) -> Vec<Edit> {
        let inside = self.deepest(places.pattern);
        let mut steps = places.pattern.to_vec();
        steps.push(Part::Key(name.as_bytes().to_vec()));
        self.steps.entry(steps).or_default();
        let mut edits = Vec::new();
        for (number, node) in places.nodes().iter().enumerate() {
            let object = &self.text[node.range.clone()];
            let has = |(key, _): (&[u8], Raw<'_>)| is_name(key, name);
            if !object.starts_with(b"{") || fields(Raw::part(object)).any(has) {
                continue;
            }
            if let Some(edit) = self.without_only(node, inside) {
                edits.push(edit);
                continue;
            }
            let object = &self.text[node.range.clone()];
            let is_empty = object[1..].trim_ascii_start().starts_with(b"}");
            let comma = if is_empty { "" } else { "," };
            let at = node.range.start + 1;
            edits.push(Edit {
                range: at..at,
                with: format!("\"{name}\":null{comma}").into(),
            });
            let is_ours = node.is_ours || self.is_neutral(node.place);
            let told = self.told(is_ours, &format!("the field `{name}`"), "nothing", || {
                format!("{}/{}", places.pointer(number), escaped(name))
            });
            let touched = Touched {
                is_counted: !is_ours,
                told,
                is_neutral: true,
                is_only: false,
                times: 1,
            };
            self.touched
                .insert(node.place.field(name.as_bytes()), touched);
        }
        edits
    }

    /// The first one counts; the others get a name that nobody knows.
    fn repeated(&mut self, places: &Places<'_>, name: &str) -> Vec<Edit> {
        let mut edits = Vec::new();
        let base = self.text.as_ptr() as usize;
        for (number, node) in places.nodes().iter().enumerate() {
            let object = Raw::part(&self.text[node.range.clone()]);
            let named = fields(object).filter(|(key, _)| is_name(key, name));
            let again: Vec<Range<usize>> = named
                .skip(1)
                .map(|(key, _)| {
                    let start = key.as_ptr() as usize - base;
                    start..start + key.len()
                })
                .collect();
            for range in again {
                edits.push(Edit {
                    range,
                    with: format!("{name} again").into(),
                });
                self.told(node.is_ours, "the field once", "the field again", || {
                    format!("{}/{}", places.pointer(number), escaped(name))
                });
            }
        }
        edits
    }

    /// What is left of the characters that are cut in half becomes the character that stands for
    /// something unreadable.
    fn broken(&mut self, places: &Places<'_>) -> Vec<Edit> {
        let mut edits = Vec::new();
        for (number, node) in places.nodes().iter().enumerate() {
            let value = &self.text[node.range.clone()];
            let Some(with) = values::whole_text(value) else {
                continue;
            };
            let found = beginning(value);
            edits.push(Edit {
                range: node.range.clone(),
                with,
            });
            self.told(node.is_ours, "whole characters", &found, || {
                places.pointer(number)
            });
        }
        edits
    }

    /// `None` if nothing that can stand in this place is known.
    fn odd(
        &mut self,
        places: &Places<'_>,
        odd: usize,
        expected: &str,
        by_type: bool,
    ) -> Option<Vec<Edit>> {
        let nodes = places.nodes();
        let (kind, is_alone) = {
            let value = &self.text[nodes[odd].range.clone()];
            let is_alone = !by_type && values::is_as_odd(value, expected).is_none();
            (kind(value), is_alone)
        };
        // What cannot be told from a value costs one round each: at some time the others that
        // follow are given up with it.
        let times = self.steps.entry(places.pattern.to_vec()).or_default();
        *times += usize::from(is_alone);
        let is_last = is_alone && *times > SINGLE;
        let inside = self.deepest(places.pattern);
        let mut edits = Vec::new();
        for (number, node) in nodes.iter().enumerate() {
            let value = &self.text[node.range.clone()];
            let is_odd = number == odd
                || kind == values::kind(value)
                    && (by_type
                        || (is_last && number > odd)
                        || values::is_as_odd(value, expected) == Some(true));
            if !is_odd {
                continue;
            }
            if let Some(edit) = self.without_only(node, inside) {
                edits.push(edit);
                continue;
            }
            let value = &self.text[node.range.clone()];
            let neutral = neutral(expected).filter(|_| value == b"null");
            let (with, is_neutral) = match neutral {
                Some(neutral) => (neutral.as_bytes().to_vec(), true),
                None if value == b"null" => {
                    if number == odd {
                        return None;
                    }
                    continue;
                }
                None => match coerced(value, expected) {
                    Some(with) => (with, false),
                    None => (b"null".to_vec(), true),
                },
            };
            if let Some(touched) = self.touched.get_mut(&node.place) {
                touched.times += 1;
                if touched.times > TIMES && number == odd {
                    return None;
                }
                touched.is_neutral = is_neutral;
                // It is told already; only now it is known what was expected.
                let told = touched.told.and_then(|told| self.told.get_mut(told));
                if let Some(Some(mend)) = told {
                    mend.expected = redact::line(expected, SHOWN);
                }
            } else {
                let mut found = beginning(value);
                if is_neutral && !node.is_ours && inside > 0 {
                    self.forget(node.place, node.range.clone(), inside);
                    if self.told.len() < TOLD {
                        found = self.before(places.pattern, node.place).unwrap_or(found);
                    }
                }
                let told = self.told(node.is_ours, expected, &found, || places.pointer(number));
                let touched = Touched {
                    is_counted: !node.is_ours,
                    told,
                    is_neutral,
                    is_only: false,
                    times: 1,
                };
                self.touched.insert(node.place, touched);
                if with.starts_with(b"[") && !is_neutral {
                    let only = Touched {
                        is_only: true,
                        ..Touched::default()
                    };
                    self.touched.insert(node.place.item(0), only);
                }
            }
            edits.push(Edit {
                range: node.range.clone(),
                with,
            });
        }
        Some(edits)
    }

    /// What became a list of one, and is no such element either: the list is empty.
    fn without_only(&mut self, node: &Node, deepest: usize) -> Option<Edit> {
        let touched = self.touched.get(&node.place)?;
        if !touched.is_only {
            return None;
        }
        self.forget(node.place, node.range.clone(), deepest);
        Some(Edit {
            range: node.range.start - 1..node.range.end + 1,
            with: b"[]".to_vec(),
        })
    }

    fn is_neutral(&self, place: Place) -> bool {
        let touched = self.touched.get(&place);
        touched.is_some_and(|touched| touched.is_neutral)
    }

    /// Counts a place that is mended, and tells it if it is one of the first; its number among
    /// those. What is inside a value of ours was never there.
    fn told(
        &mut self,
        is_ours: bool,
        expected: &str,
        found: &str,
        place: impl FnOnce() -> String,
    ) -> Option<usize> {
        if is_ours {
            return None;
        }
        self.count += 1;
        if self.told.len() >= TOLD {
            return None;
        }
        let place = redact::text_without_key(place(), self.key);
        let found = redact::text_without_key(found.to_owned(), self.key);
        self.told.push(Some(Mend {
            place: redact::plain_line(&place, 4 * SHOWN).into_owned(),
            expected: redact::line(expected, SHOWN),
            found: redact::line(&found, SHOWN),
        }));
        Some(self.told.len() - 1)
    }

    /// What the answer has in a place.
    fn before(&self, steps: &[Part], place: Place) -> Option<String> {
        let places = Places::find(self.body, steps, |_| false);
        let node = places.nodes().iter().find(|node| node.place == place)?;
        Some(beginning(self.body.get(node.range.clone())?))
    }

    /// To how many further steps something was mended inside what is at these.
    fn deepest(&self, steps: &[Part]) -> usize {
        let inside = self.steps.keys().filter(|it| it.starts_with(steps));
        inside
            .map(Vec::len)
            .max()
            .unwrap_or_default()
            .saturating_sub(steps.len())
    }

    /// What was mended inside a value that is given up as a whole is not told apart from it.
    fn forget(&mut self, place: Place, range: Range<usize>, deepest: usize) {
        let mut open = vec![(place, range, 0)];
        while let Some((place, range, depth)) = open.pop() {
            if depth == deepest {
                continue;
            }
            let start =
                |value: Raw<'_>| value.bytes().as_ptr() as usize - self.text.as_ptr() as usize;
            let raw = Raw::part(&self.text[range]);
            let mut inner = Vec::new();
            let mut take = |place, value: Raw<'_>| {
                let start = start(value);
                inner.push((place, start..start + value.bytes().len(), depth + 1));
            };
            fields(raw).for_each(|(key, value)| take(place.field(key), value));
            let items = items(raw).enumerate();
            items.for_each(|(index, value)| take(place.item(index), value));
            for (place, ..) in &inner {
                let Some(touched) = self.touched.remove(place) else {
                    continue;
                };
                self.count -= usize::from(touched.is_counted);
                if let Some(told) = touched.told {
                    self.told[told] = None;
                }
            }
            open.append(&mut inner);
        }
    }

    fn mended(self) -> Mended {
        Mended {
            places: self.told.into_iter().flatten().collect(),
            count: self.count,
        }
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

/// As much of a value as may be shown.
fn beginning(value: &[u8]) -> String {
    String::from_utf8_lossy(&value[..value.len().min(4 * SHOWN)]).into_owned()
}

#[cfg(test)]
mod tests;
