//! The decoder of event streams.

use std::time::Duration;

use aitoearn::stream::{Decoder, FrameError};

/// Longer ids are not taken, as each frame keeps its own.
const LONGEST_ID: usize = 4096;

/// All that a decoder tells.
#[derive(Debug, Default, PartialEq)]
struct Told {
    /// Event, data and id of each.
    frames: Vec<(String, String, Option<String>)>,
    fault: Option<FrameError>,
    retry: Option<Duration>,
}

/// The first two bytes say where to cut and how large an event may be, the rest is the stream.
/// Wherever it is cut, the frames are the same, and they are those of a plain reading.
pub fn events(input: &[u8]) {
    let [cut, limit, stream @ ..] = input else {
        return;
    };
    let limit = match limit {
        0..=127 => usize::from(*limit),
        _ => 1 << 20,
    };
    let whole = decode([stream], limit);
    let size = usize::from(*cut) + 1;
    assert_eq!(decode(stream.chunks(size), limit), whole);
    assert_eq!(decode(stream.chunks(1), limit), whole);
    if limit > stream.len() {
        assert_eq!(plainly(stream), whole);
    }
}

fn decode<'a>(pieces: impl IntoIterator<Item = &'a [u8]>, limit: usize) -> Told {
    let mut decoder = Decoder::new().with_limit(limit);
    let mut told = Told::default();
    for piece in pieces {
        decoder.push(piece);
        while let Some(frame) = decoder.next_frame() {
            match frame {
                Ok(frame) => told.frames.push((frame.event, frame.data, frame.id)),
                Err(fault) => assert_eq!(told.fault.replace(fault), None, "two faults"),
            }
        }
    }
    told.retry = decoder.retry();
    let ids = told.frames.iter().filter_map(|(_, _, id)| id.as_ref());
    assert!(
        ids.map(String::len).max() <= Some(LONGEST_ID),
        "an id of any length"
    );
    told
}

/// The standard's rules, as short as they can be said.
fn plainly(stream: &[u8]) -> Told {
    let mut told = Told::default();
    let (mut event, mut data, mut id) = (String::new(), None::<String>, None);
    let mut rest = stream;
    let mut is_first = true;
    while let Some(end) = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
        let after = if rest[end..].starts_with(b"\r\n") {
            2
        } else {
            1
        };
        let Ok(line) = std::str::from_utf8(&rest[..end]) else {
            told.fault = Some(FrameError::NotUtf8);
            break;
        };
        rest = &rest[end + after..];
        let line = match line.strip_prefix('\u{feff}') {
            Some(text) if is_first => text,
            _ => line,
        };
        is_first = false;
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match (line, name) {
            ("", _) => {
                let event = std::mem::take(&mut event);
                told.frames
                    .extend(data.take().map(|data| (event, data, id.clone())));
            }
            (_, "data") => {
                data = Some(data.map_or(value.to_owned(), |data| format!("{data}\n{value}")));
            }
            (_, "event") => value.clone_into(&mut event),
            (_, "id") if !value.contains('\0') && value.len() <= LONGEST_ID => {
                id = Some(value.to_owned());
            }
            (_, "retry") if value.bytes().all(|byte| byte.is_ascii_digit()) => {
                let number = value.parse().ok().map(Duration::from_millis);
                told.retry = number.or(told.retry);
            }
            _ => {}
        }
    }
    told
}
