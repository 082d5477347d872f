//! From bytes to the frames of an event stream, as the HTML standard reads it.
//!
//! Own code rather than the crate `sse-stream`, which splits and joins lines
//! just as well but reads events of any size into memory and hands out events
//! without data, and which would bring a second way to wait for bytes.

use std::{fmt, mem, str, time::Duration};

/// Most bytes of one event that are read by default: 32 MiB. Images come as text.
const DEFAULT_LIMIT: usize = 32 * 1024 * 1024;

/// A longer `id` is ignored: each event until the next one has a copy of it.
const LONGEST_ID: usize = 4096;

/// Reads `text/event-stream`: push bytes in, pull frames out.
///
/// The streams of this crate have it built in; it is for those who call an
/// operation through [`Client::api`](crate::Client::api). It does no input and
/// output of its own, takes the bytes in pieces of any size, and needs time in
/// proportion to their number.
///
/// ```
/// use aitoearn::stream::Decoder;
///
/// let mut decoder = Decoder::new();
/// decoder.push(b"event: greeting\ndata: hel");
/// assert!(decoder.next_frame().is_none());
/// decoder.push(b"lo\n\n: a comment\n");
/// let frame = decoder.next_frame().expect("one").expect("well-formed");
/// assert_eq!((frame.event.as_str(), frame.data.as_str()), ("greeting", "hello"));
/// ```
///
/// It reads no further than to the end of the next event: what waits behind it
/// takes as many bytes as were pushed, whatever they are.
///
/// What is at the end of the bytes without an empty line after it is no event: it
/// may have been cut off.
#[derive(Debug)]
pub struct Decoder {
    limit: usize,
    first_line: bool,
    /// The last byte was a CR, so an LF next to it belongs to the same line end.
    after_cr: bool,
    /// The beginning of a line whose end has not come.
    line: Vec<u8>,
    event: String,
    data: Option<String>,
    last_id: Option<String>,
    retry: Option<Duration>,
    ready: Option<Result<Frame, FrameError>>,
    /// Bytes behind what is ready, from `read` on.
    waiting: Vec<u8>,
    read: usize,
    /// Nothing is read after a fault.
    is_over: bool,
}

/// One event of an event stream.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Frame {
    /// The `event` field; empty where there is none, which means `message`.
    pub event: String,
    /// The `data` lines, joined by line feeds.
    pub data: String,
    /// The last `id` field up to here, of this event or one before it. One of more
    /// than 4 KiB is ignored.
    pub id: Option<String>,
}

impl Frame {
    /// A frame with nothing but data.
    pub(super) fn message(data: String) -> Self {
        Self {
            event: String::new(),
            data,
            id: None,
        }
    }
}

/// Why an event stream cannot be read any further.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FrameError {
    /// An event, or a comment, has more bytes than this.
    TooLarge(usize),
    /// A line is no UTF-8.
    NotUtf8,
}

impl fmt::Display for FrameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge(limit) => write!(f, "an event is larger than {limit} bytes"),
            Self::NotUtf8 => f.write_str("a line of the event stream is no UTF-8"),
        }
    }
}

impl std::error::Error for FrameError {}

impl Default for Decoder {
    fn default() -> Self {
        Self {
            limit: DEFAULT_LIMIT,
            first_line: true,
            after_cr: false,
            line: Vec::new(),
            event: String::new(),
            data: None,
            last_id: None,
            retry: None,
            ready: None,
            waiting: Vec::new(),
            read: 0,
            is_over: false,
        }
    }
}

impl Decoder {
    /// A decoder that takes events of up to 32 MiB.
    pub fn new() -> Self {
        Self::default()
    }

    /// Another limit for the size of an event, in bytes.
    #[must_use]
    pub fn with_limit(mut self, bytes: usize) -> Self {
        self.limit = bytes;
        self
    }

    /// Takes the next bytes of the stream.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.is_over {
            return;
        }
        let used = match self.ready {
            None => self.advance(bytes),
            Some(_) => 0,
        };
        if !self.is_over {
            self.waiting.extend_from_slice(&bytes[used..]);
        }
    }

    /// The next event that is there in whole, or `None` until more bytes come.
    ///
    /// # Errors
    ///
    /// A [`FrameError`], once, after all events that came before it.
    pub fn next_frame(&mut self) -> Option<Result<Frame, FrameError>> {
        let ready = self.ready.take()?;
        let waiting = mem::take(&mut self.waiting);
        self.read += self.advance(&waiting[self.read..]);
        if self.read < waiting.len() && !self.is_over {
            self.waiting = waiting;
        } else {
            self.read = 0;
        }
        Some(ready)
    }

    /// Whether [`next_frame`](Self::next_frame) has something to give.
    pub(super) fn has_frame(&self) -> bool {
        self.ready.is_some()
    }

    /// The last `retry` field: how long the server wants its clients to wait
    /// before they connect again.
    pub fn retry(&self) -> Option<Duration> {
        self.retry
    }

    /// Reads up to the next event, or to the end of the bytes. Gives how many.
    fn advance(&mut self, bytes: &[u8]) -> usize {
        let mut rest = bytes;
        while self.ready.is_none() && !rest.is_empty() {
            match self.read_line(rest) {
                Ok(used) => rest = &rest[used..],
                Err(fault) => {
                    self.is_over = true;
                    self.line = Vec::new();
                    self.data = None;
                    self.ready = Some(Err(fault));
                }
            }
        }
        bytes.len() - rest.len()
    }

    /// Reads up to the end of the line, or of the bytes. Gives how many.
    fn read_line(&mut self, bytes: &[u8]) -> Result<usize, FrameError> {
        if mem::take(&mut self.after_cr) && bytes.first() == Some(&b'\n') {
            return Ok(1);
        }
        let Some(end) = line_end(bytes) else {
            self.check_size(bytes.len())?;
            let more = growth(
                self.line.capacity(),
                self.line.len(),
                bytes.len(),
                self.limit,
            );
            self.line.reserve_exact(more);
            self.line.extend_from_slice(bytes);
            return Ok(bytes.len());
        };
        self.check_size(end)?;
        if self.line.is_empty() {
            self.end_line(&bytes[..end])?;
        } else {
            let mut line = mem::take(&mut self.line);
            line.extend_from_slice(&bytes[..end]);
            self.end_line(&line)?;
        }
        self.after_cr = bytes[end] == b'\r';
        Ok(end + 1)
    }

    /// Refuses bytes that would make the present event too large.
    fn check_size(&self, more: usize) -> Result<(), FrameError> {
        let data = self.data.as_ref().map_or(0, String::len);
        if self.line.len() + self.event.len() + data + more > self.limit {
            return Err(FrameError::TooLarge(self.limit));
        }
        Ok(())
    }

    fn end_line(&mut self, line: &[u8]) -> Result<(), FrameError> {
        let mut line = str::from_utf8(line).map_err(|_| FrameError::NotUtf8)?;
        if mem::take(&mut self.first_line) {
            line = line.strip_prefix('\u{feff}').unwrap_or(line);
        }
        if line.is_empty() {
            self.end_event();
            return Ok(());
        }
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match name {
            "data" => match &mut self.data {
                Some(data) => {
                    let (length, more) = (data.len(), value.len() + 1);
                    data.reserve_exact(growth(data.capacity(), length, more, self.limit));
                    data.push('\n');
                    data.push_str(value);
                }
                None => self.data = Some(value.to_owned()),
            },
            "event" => value.clone_into(&mut self.event),
            "id" if !value.contains('\0') && value.len() <= LONGEST_ID => {
                self.last_id = Some(value.to_owned());
            }
            "retry" if value.bytes().all(|byte| byte.is_ascii_digit()) => {
                // Nothing, and what no number can hold, is no number.
                self.retry = value.parse().ok().map(Duration::from_millis).or(self.retry);
            }
            // A comment, or a field of a later standard.
            _ => {}
        }
        Ok(())
    }

    /// An event without data is none.
    fn end_event(&mut self) {
        let event = mem::take(&mut self.event);
        if let Some(data) = self.data.take() {
            let id = self.last_id.clone();
            self.ready = Some(Ok(Frame { event, data, id }));
        }
    }
}

/// How much room to make for `more`: twice as much each time, so that it is made
/// rarely, but no more than an event may need.
fn growth(capacity: usize, length: usize, more: usize, limit: usize) -> usize {
    let needed = length + more;
    if needed <= capacity {
        return 0;
    }
    capacity.saturating_mul(2).min(limit).max(needed) - length
}

/// Where the first CR or LF is. Looks at blocks, which the compiler turns into
/// wide instructions: lines may be megabytes long.
fn line_end(bytes: &[u8]) -> Option<usize> {
    let ends = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let plain_blocks = bytes
        .chunks_exact(64)
        .take_while(|block| !block.iter().fold(false, |found, byte| found | ends(byte)));
    let start = 64 * plain_blocks.count();
    let end = bytes[start..].iter().position(ends)?;
    Some(start + end)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All frames of the pieces, as `event|data`, and the error at the end if any.
    fn frames<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Vec<String> {
        let mut decoder = Decoder::new();
        let mut frames = Vec::new();
        for piece in pieces {
            decoder.push(piece);
            while let Some(frame) = decoder.next_frame() {
                frames.push(match frame {
                    Ok(Frame { event, data, id }) => {
                        format!("{event}|{data}|{}", id.unwrap_or_default())
                    }
                    Err(error) => error.to_string(),
                });
            }
        }
        frames
    }

    fn whole(text: &str) -> Vec<String> {
        frames([text.as_bytes()])
    }

    #[test]
    fn reads_the_standard_s_own_rules() {
        for (text, expected) in [
            ("data: a\n\n", vec!["|a|"]),
            ("data:a\n\n", vec!["|a|"]),
            ("data:  a \n\n", vec!["| a |"]),
            ("data: a\ndata:\ndata: b\n\n", vec!["|a\n\nb|"]),
            ("data\n\n", vec!["||"]),
            ("data:\n\n", vec!["||"]),
            ("data: a:b: c\n\n", vec!["|a:b: c|"]),
            ("event: x\ndata: a\n\ndata: b\n\n", vec!["x|a|", "|b|"]),
            ("event: x\nevent: y\ndata: a\n\n", vec!["y|a|"]),
            // Without data: dropped, its name with it.
            ("event: ping\n\ndata: a\n\n", vec!["|a|"]),
            (": comment\n\n:\n\ndata: a\n\n", vec!["|a|"]),
            ("unknown: 1\nDATA: x\n data: y\ndata: a\n\n", vec!["|a|"]),
            ("id: 1\ndata: a\n\ndata: b\n\n", vec!["|a|1", "|b|1"]),
            ("id: 1\0\ndata: a\n\nid\ndata: b\n\n", vec!["|a|", "|b|"]),
            // No empty line after it: it may have been cut.
            ("data: a\n\ndata: b\n", vec!["|a|"]),
            ("data: a\n\ndata: b", vec!["|a|"]),
            ("", vec![]),
            ("\n\r\n\r\r\n\n", vec![]),
        ] {
            assert_eq!(whole(text), expected, "{text:?}");
            assert_eq!(whole(&format!("\u{feff}{text}")), expected, "BOM {text:?}");
            for end in ["\r", "\r\n"] {
                let other = text.replace('\r', "\n").replace('\n', end);
                assert_eq!(whole(&other), expected, "{other:?}");
            }
        }
        // Only the first one is a mark.
        assert_eq!(whole("\u{feff}\u{feff}data: a\n\ndata: b\n\n"), ["|b|"]);
        assert_eq!(whole("data: \u{feff}a\n\n"), ["|\u{feff}a|"]);
    }

    #[test]
    fn a_split_anywhere_changes_nothing() {
        let plain = "event: grüße\nid: 7\ndata: 你好\ndata: \u{1f44b}, {\"a\":1}\n: ping\n\n\ndata: end\n\nretry: 5\n";
        for text in [
            plain.to_owned(),
            format!("\u{feff}{plain}").replace('\n', "\r\n"),
            plain.replace('\n', "\r"),
        ] {
            let bytes = text.as_bytes();
            let expected = frames([bytes]);
            assert_eq!(expected.len(), 2);
            for first in 0..=bytes.len() {
                for second in first..=bytes.len() {
                    let pieces = [&bytes[..first], &bytes[first..second], &bytes[second..]];
                    assert_eq!(frames(pieces), expected, "{first} {second} {text:?}");
                }
            }
            assert_eq!(frames(bytes.chunks(1)), expected);
        }
    }

    #[test]
    fn an_event_is_there_as_soon_as_its_line_end_is() {
        for text in ["data: a\n\n", "data: a\r\r", "data: a\r\n\r"] {
            assert_eq!(whole(text), ["|a|"], "{text:?}");
        }
    }

    #[test]
    fn bytes_that_are_no_text_end_it_after_what_came_before() {
        for bad in [
            &b"data: a\n\ndata: \xff\n\ndata: b\n\n"[..],
            b"data: a\n\n: \xc3\n\ndata: b\n\n",
            b"data: a\n\ndata: \xe4\xbd\n\n",
        ] {
            let error = FrameError::NotUtf8.to_string();
            assert_eq!(frames([bad]), ["|a|", error.as_str()]);
            assert_eq!(frames(bad.chunks(1)), ["|a|", error.as_str()]);
        }
        for n in 0..=255 {
            frames([&[n, b'\n', n, n, b'\r', b':', n][..]]);
        }
    }

    #[test]
    fn an_event_over_the_limit_is_refused_and_many_below_it_are_not() {
        let size = |text: &str, limit| {
            let mut decoder = Decoder::new().with_limit(limit);
            for piece in text.as_bytes().chunks(3) {
                decoder.push(piece);
            }
            std::iter::from_fn(|| decoder.next_frame()).collect::<Result<Vec<_>, _>>()
        };
        let one = "data: 0123456789\n\n";
        assert_eq!(size(one, 16).map(|frames| frames.len()), Ok(1));
        assert_eq!(size(&one.repeat(9), 16).map(|frames| frames.len()), Ok(9));
        assert_eq!(size(one, 15), Err(FrameError::TooLarge(15)));
        // However it is made up.
        assert!(size(&"data: 1\n".repeat(9), 15).is_err());
        assert!(size(&format!(":{}", "x".repeat(20)), 15).is_err());
        assert!(size(&format!("event: {}\ndata: 12\n", "x".repeat(8)), 15).is_err());
    }

    #[test]
    fn what_waits_is_what_was_pushed() {
        let mut decoder = Decoder::new();
        let mut names = Vec::new();
        for n in 0..9 {
            decoder.push(format!("data: {n}a\n\ndata: {n}b\n\ndata: ").as_bytes());
            assert!(
                decoder.waiting.len() <= 30 * (n + 1),
                "{}",
                decoder.waiting.len()
            );
        }
        while let Some(frame) = decoder.next_frame() {
            names.push(frame.expect("fine").data);
        }
        assert_eq!((names.len(), names[17].as_str()), (18, "8b"));
        assert_eq!((decoder.waiting.capacity(), decoder.read), (0, 0));
    }

    #[test]
    fn an_id_of_any_length_is_no_burden() {
        let long = "7".repeat(LONGEST_ID);
        let text = format!("id: {long}\ndata: a\n\nid: {long}7\ndata: b\n\n");
        assert_eq!(whole(&text), [format!("|a|{long}"), format!("|b|{long}")]);
    }

    #[test]
    fn retry_is_a_number_of_milliseconds_or_nothing() {
        for (text, expected) in [
            ("retry: 1500\n", Some(1500)),
            ("retry: 1500\nretry: x\n", Some(1500)),
            ("retry: 7\nretry: 99999999999999999999\n", Some(7)),
            ("retry: 18446744073709551615\n", Some(u64::MAX)),
            ("retry\n", None),
            ("retry: +5\n", None),
        ] {
            let mut decoder = Decoder::new();
            decoder.push(text.as_bytes());
            assert_eq!(
                decoder.retry(),
                expected.map(Duration::from_millis),
                "{text:?}"
            );
        }
    }
}
