//! Which parts of an OpenAI-style answer belong to the same tool call.
//!
//! The format numbers the calls and gives each an id in its first part. Providers behind a relay
//! leave numbers out, give all calls the same one, repeat ids, names or whole arguments, or give
//! neither ids nor numbers. Joining what does not belong together makes a call that was never
//! asked for.

use std::{
    collections::VecDeque,
    hash::{DefaultHasher, Hash as _, Hasher as _},
};

use super::openai::ToolCallChunk;

/// So many calls are told apart. Of an endless stream of them, the first are forgotten.
const MOST: usize = 1024;

/// The calls of one answer so far. What it holds does not grow with their arguments.
#[derive(Debug, Default)]
pub(super) struct Calls {
    calls: VecDeque<Call>,
    next: u32,
}

#[derive(Debug)]
struct Call {
    /// Its number for those who read the pieces.
    number: u32,
    /// Its number on the wire.
    index: Option<u32>,
    /// Digest of its id.
    id: Option<u64>,
    /// Digest of its name.
    name: Option<u64>,
    arguments: Arguments,
}

/// What a part is: its call's number, whether it begins it, and whether it only repeats
/// arguments that came before.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Placed {
    pub(super) number: u32,
    pub(super) is_first: bool,
    pub(super) is_repetition: bool,
}

impl Calls {
    /// Finds the call of a part, the `place`-th of `count` in its chunk.
    pub(super) fn place(&mut self, part: &ToolCallChunk, place: usize, count: usize) -> Placed {
        let id = part.id.as_deref().and_then(digest);
        let name = part.function.name.as_deref().and_then(digest);
        let arguments = part.function.arguments.as_deref().unwrap_or_default();
        let found = self.find(part.index, id, name, place, count);
        let (position, is_first) = match found {
            Some(position) => (position, false),
            None => (self.begin(part.index, id), true),
        };
        let call = &mut self.calls[position];
        call.id = call.id.or(id);
        call.name = call.name.or(name);
        let is_repetition = !is_first && call.arguments.repeats(arguments);
        if !is_repetition {
            call.arguments.push(arguments);
        }
        Placed {
            number: call.number,
            is_first,
            is_repetition,
        }
    }

    fn find(
        &self,
        index: Option<u32>,
        id: Option<u64>,
        name: Option<u64>,
        place: usize,
        count: usize,
    ) -> Option<usize> {
        // A call that is known by its id is that one, whatever its number.
        let by_id = id.and_then(|id| self.last(|call| call.id == Some(id)));
        if by_id.is_some() {
            return by_id;
        }
        let candidate = match index {
            Some(index) => self.last(|call| call.index == Some(index))?,
            // Without numbers, an id that is new begins a call, and so does a second name in a chunk.
            None if id.is_some() || (place > 0 && name.is_some()) => return None,
            // Of several parts in a chunk, each continues the call at its place among the last.
            None => (self.calls.len() + place).checked_sub(count.max(1))?,
        };
        let call = &self.calls[candidate];
        let is_another = match (name, call.name) {
            // Without a name it is nothing new, even if its id is: some give each part another one.
            (None, _) | (_, None) => false,
            (Some(name), Some(known)) => {
                name != known || (id.is_some() && call.id.is_some()) || call.arguments.is_whole()
            }
        };
        (!is_another).then_some(candidate)
    }

    fn last(&self, is: impl Fn(&Call) -> bool) -> Option<usize> {
        self.calls.iter().rposition(is)
    }

    /// The number on the wire if nobody else has it, so that both say the same where they can.
    fn begin(&mut self, index: Option<u32>, id: Option<u64>) -> usize {
        let is_free = |number: u32| self.calls.iter().all(|call| call.number != number);
        let number = index.filter(|index| is_free(*index)).unwrap_or_else(|| {
            let mut number = self.next;
            while !is_free(number) {
                number = number.wrapping_add(1);
            }
            number
        });
        self.next = self.next.max(number.wrapping_add(1));
        if self.calls.len() == MOST {
            self.calls.pop_front();
        }
        self.calls.push_back(Call {
            number,
            index,
            id,
            name: None,
            arguments: Arguments::default(),
        });
        self.calls.len() - 1
    }

    /// The calls that have no arguments, not even an empty object. Each is named once.
    pub(super) fn without_arguments(&mut self) -> Vec<u32> {
        let empty = self
            .calls
            .iter_mut()
            .filter(|call| call.arguments.is_empty());
        empty
            .map(|call| {
                call.arguments.push("{}");
                call.number
            })
            .collect()
    }
}

fn digest(text: &str) -> Option<u64> {
    if text.is_empty() {
        return None;
    }
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    Some(hasher.finish())
}

/// How far a JSON text is that comes in pieces, without keeping it.
#[derive(Debug)]
struct Arguments {
    hasher: DefaultHasher,
    length: usize,
    depth: usize,
    in_string: bool,
    is_escaped: bool,
    is_whole: bool,
}

impl Default for Arguments {
    fn default() -> Self {
        Self {
            hasher: DefaultHasher::new(),
            length: 0,
            depth: 0,
            in_string: false,
            is_escaped: false,
            is_whole: false,
        }
    }
}

impl Arguments {
    fn push(&mut self, more: &str) {
        self.hasher.write(more.as_bytes());
        self.length += more.len();
        for byte in more.bytes() {
            match byte {
                _ if self.is_escaped => self.is_escaped = false,
                b'\\' if self.in_string => self.is_escaped = true,
                b'"' => self.in_string = !self.in_string,
                _ if self.in_string => {}
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => {
                    self.depth = self.depth.saturating_sub(1);
                    self.is_whole |= self.depth == 0;
                }
                _ => {}
            }
        }
    }

    fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Whether an object is there from its first brace to its last.
    fn is_whole(&self) -> bool {
        self.is_whole
    }

    /// Whether all is there, and this is all of it again.
    fn repeats(&self, again: &str) -> bool {
        let mut hasher = DefaultHasher::new();
        hasher.write(again.as_bytes());
        self.is_whole && self.length == again.len() && self.hasher.finish() == hasher.finish()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::stream::{ToolCalls, ToolDelta};

    /// What the parts of some chunks come to: name and arguments of each call.
    fn joined(chunks: &[Value]) -> Vec<(String, String, Value)> {
        let (mut calls, mut all) = (Calls::default(), ToolCalls::new());
        for chunk in chunks {
            let parts: Vec<ToolCallChunk> = serde_json::from_value(chunk.clone()).expect("parts");
            for (place, part) in parts.iter().enumerate() {
                let placed = calls.place(part, place, parts.len());
                let arguments = part.function.arguments.clone().unwrap_or_default();
                all.add(&ToolDelta {
                    index: placed.number,
                    id: part.id.clone(),
                    name: part.function.name.clone(),
                    arguments: if placed.is_repetition {
                        String::new()
                    } else {
                        arguments
                    },
                    signature: None,
                });
            }
        }
        let all = all.finish().into_iter().map(|call| {
            let arguments = call.parse().expect("JSON");
            (call.id, call.name, arguments)
        });
        all.collect()
    }

    fn part(index: Option<u32>, id: &str, name: &str, arguments: &str) -> Value {
        let mut part = json!({ "function": { "arguments": arguments } });
        if let Some(index) = index {
            part["index"] = json!(index);
        }
        if !id.is_empty() {
            part["id"] = json!(id);
        }
        if !name.is_empty() {
            part["function"]["name"] = json!(name);
        }
        part
    }

    #[test]
    #[allow(clippy::too_many_lines)] // a table
    fn two_calls_are_two_calls_whatever_the_provider_numbers() {
        let two = |first: &str, second: &str| {
            let call = |id: &str, name: &str, city: &str| {
                (id.to_owned(), name.to_owned(), json!({ "city": city }))
            };
            vec![call(first, "sun", "Faro"), call(second, "rain", "Porto")]
        };
        let (faro, porto) = (r#"{"city":"Faro"}"#, r#"{"city":"Porto"}"#);
        let (head, tail) = faro.split_at(7);
        for (what, chunks, expected) in [
            (
                "as the format has it",
                vec![
                    json!([part(Some(0), "a", "sun", "")]),
                    json!([part(Some(0), "", "", head)]),
                    json!([part(Some(0), "", "", tail)]),
                    json!([part(Some(1), "b", "rain", porto)]),
                ],
                two("a", "b"),
            ),
            (
                "no numbers",
                vec![
                    json!([part(None, "a", "sun", head)]),
                    json!([part(None, "", "", tail)]),
                    json!([part(None, "b", "rain", porto)]),
                ],
                two("a", "b"),
            ),
            (
                "one number for all",
                vec![
                    json!([part(Some(0), "a", "sun", faro)]),
                    json!([part(Some(0), "b", "rain", porto)]),
                ],
                two("a", "b"),
            ),
            (
                "one number for all, and the id in each part",
                vec![
                    json!([part(Some(0), "a", "sun", head)]),
                    json!([part(Some(0), "a", "", tail)]),
                    json!([part(Some(0), "b", "rain", porto)]),
                ],
                two("a", "b"),
            ),
            (
                "neither numbers nor ids",
                vec![
                    json!([part(None, "", "sun", faro)]),
                    json!([part(None, "", "rain", porto)]),
                ],
                two("", ""),
            ),
            (
                "one number, no ids",
                vec![
                    json!([part(Some(0), "", "sun", faro)]),
                    json!([part(Some(0), "", "rain", porto)]),
                ],
                two("", ""),
            ),
            (
                "both in one chunk, then parts in turn",
                vec![
                    json!([part(None, "a", "sun", head), part(None, "b", "rain", porto)]),
                    json!([part(None, "a", "", tail)]),
                ],
                two("a", "b"),
            ),
            (
                "both in each chunk, by place",
                vec![
                    json!([
                        part(None, "a", "sun", head),
                        part(None, "b", "rain", "{\"city\":")
                    ]),
                    json!([part(None, "", "", tail), part(None, "", "", "\"Porto\"}")]),
                ],
                two("a", "b"),
            ),
            (
                "another id in each part",
                vec![
                    json!([part(Some(0), "a", "sun", head)]),
                    json!([part(Some(0), "x1", "", tail)]),
                    json!([part(Some(1), "b", "rain", porto)]),
                ],
                two("a", "b"),
            ),
            (
                "the whole once more at the end",
                vec![
                    json!([part(Some(0), "a", "sun", head)]),
                    json!([part(Some(0), "", "", tail)]),
                    json!([part(Some(0), "a", "sun", faro)]),
                    json!([part(Some(1), "b", "rain", porto)]),
                ],
                two("a", "b"),
            ),
            (
                "numbers from one",
                vec![json!([
                    part(Some(1), "a", "sun", faro),
                    part(Some(2), "b", "rain", porto)
                ])],
                two("a", "b"),
            ),
        ] {
            assert_eq!(joined(&chunks), expected, "{what}");
        }
    }

    #[test]
    fn the_same_tool_twice_is_two_calls() {
        let chunks = [
            json!([part(Some(0), "a", "sun", r#"{"n":1}"#)]),
            json!([part(Some(0), "b", "sun", r#"{"n":1}"#)]),
            json!([
                part(None, "", "sun", r#"{"n":2}"#),
                part(None, "", "sun", r#"{"n":3}"#)
            ]),
        ];
        let found = joined(&chunks);
        let numbers: Vec<_> = found.iter().map(|(_, _, it)| it["n"].clone()).collect();
        assert_eq!(numbers, [1, 1, 2, 3]);
    }

    #[test]
    fn a_repeated_name_is_no_second_call() {
        let chunks = [
            json!([part(Some(0), "a", "sun", "{\"n\"")]),
            json!([part(Some(0), "", "sun", ":\"}\\\"{\"")]),
            json!([part(Some(0), "", "sun", "}")]),
        ];
        let [(_, _, arguments)] = &joined(&chunks)[..] else {
            panic!("{:?}", joined(&chunks));
        };
        assert_eq!(*arguments, json!({ "n": "}\"{" }));
    }

    #[test]
    fn a_call_without_arguments_has_an_empty_object() {
        assert_eq!(
            joined(&[json!([part(Some(0), "a", "now", "")])])[0].2,
            json!({})
        );
        let mut calls = Calls::default();
        let part = serde_json::from_value(part(Some(3), "a", "now", "")).expect("a part");
        calls.place(&part, 0, 1);
        assert_eq!(calls.without_arguments(), [3]);
        assert!(calls.without_arguments().is_empty(), "once");
    }

    #[test]
    fn endless_calls_take_bounded_memory() {
        let mut calls = Calls::default();
        for number in 0..5000 {
            let id = number.to_string();
            let part = serde_json::from_value(part(None, &id, "f", "{}")).expect("a part");
            assert!(calls.place(&part, 0, 1).is_first);
        }
        assert_eq!(calls.calls.len(), MOST);
    }
}
