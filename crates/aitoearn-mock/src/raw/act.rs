//! What the server does with one request.

use std::time::Duration;

use bytes::Bytes;

/// What a [`RawServer`](crate::RawServer) does with one request: what it writes,
/// when it begins, and how it ends.
///
/// ```
/// use std::time::Duration;
/// use aitoearn_mock::{Act, Cue, Then};
///
/// let second = Duration::from_secs(1);
/// // The head promises more than comes.
/// Act::json("{}").length(100);
/// // One byte a second, head and all.
/// Act::json("{}").drip(1, second);
/// // Half of the body, and then a reset instead of an end.
/// Act::json("{}").half().then(Then::Reset);
/// // A reset before anything was read.
/// Act::reset().at(Cue::Connected);
/// ```
#[derive(Debug, Clone)]
#[must_use = "an act does nothing until a server plays it"]
pub struct Act {
    pub(super) cue: Cue,
    pub(super) then: Then,
    head: Option<Head>,
    /// The body, with a pause before each piece.
    pieces: Vec<Bytes>,
    pause: Duration,
    /// How many times over the pieces are written.
    times: u64,
    /// Whether the second half of the body is left out.
    half: bool,
    /// The size of the pieces into which the head is cut.
    drip: Option<usize>,
}

#[derive(Debug, Clone)]
struct Head {
    status: u16,
    headers: Vec<(String, String)>,
    length: Length,
}

/// How the end of the body is told.
#[derive(Debug, Clone, Copy)]
enum Length {
    True,
    Says(u64),
    Chunked,
    Absent,
}

/// When an [`Act`] begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cue {
    /// With the connection: nothing of a request has been read.
    Connected,
    /// With the head of the request, before any of its body.
    Head,
    /// Once this many bytes of the body have come, or all of it.
    Body(u64),
    /// With the last byte of the request: the default.
    Request,
}

/// What follows once all of an [`Act`] has been written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// The next request on the same connection, as it is usual in HTTP.
    Next,
    /// The connection is closed. What the client is still sending meets a reset.
    Close,
    /// The connection is reset (TCP RST): what was not delivered is lost.
    Reset,
    /// Nothing, until the client closes the connection. What it sends is read.
    Silence,
}

/// What to play.
impl Act {
    /// An answer with this status, a right `Content-Length` and no other header.
    /// The connection stays open for the next request.
    pub fn answer(status: u16, body: impl AsRef<[u8]>) -> Self {
        let head = Head {
            status,
            headers: Vec::new(),
            length: Length::True,
        };
        Self {
            head: Some(head),
            then: Then::Next,
            ..Self::raw(body)
        }
    }

    /// An answer of JSON under HTTP 200, just as this text says it.
    pub fn json(body: impl AsRef<[u8]>) -> Self {
        Self::answer(200, body).header("content-type", "application/json")
    }

    /// A web page of a few bytes, as proxies send it, under this status.
    pub fn html(status: u16) -> Self {
        let page = format!("<html><body><h1>{status}</h1></body></html>");
        Self::answer(status, page).header("content-type", "text/html")
    }

    /// A redirect, with this status, to this URL.
    pub fn redirect(status: u16, to: &str) -> Self {
        Self::answer(status, "").header("location", to)
    }

    /// An event stream in these pieces, with a pause before each. It ends with its
    /// connection.
    pub fn events<P: AsRef<[u8]>>(pieces: impl IntoIterator<Item = P>, pause: Duration) -> Self {
        Self::answer(200, "")
            .header("content-type", "text/event-stream")
            .until_close()
            .pieces(pieces, pause)
    }

    /// An answer that says it is compressed with gzip, and is not.
    pub fn bad_gzip() -> Self {
        // Begins like gzip, and goes on with what no decoder takes.
        let mut body = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
        body.extend([0xff; 64]);
        Self::answer(200, body)
            .header("content-type", "application/json")
            .header("content-encoding", "gzip")
    }

    /// These bytes and nothing else, then the end of the connection.
    pub fn raw(bytes: impl AsRef<[u8]>) -> Self {
        Self {
            cue: Cue::Request,
            then: Then::Close,
            head: None,
            pieces: vec![Bytes::copy_from_slice(bytes.as_ref())],
            pause: Duration::ZERO,
            times: 1,
            half: false,
            drip: None,
        }
    }

    /// Closes the connection without a word.
    pub fn cut() -> Self {
        Self::raw("")
    }

    /// Resets the connection without a word.
    pub fn reset() -> Self {
        Self::raw("").then(Then::Reset)
    }

    /// Says nothing until the client gives up.
    pub fn silent() -> Self {
        Self::raw("").then(Then::Silence)
    }
}

/// How to play it.
impl Act {
    /// One more header of an answer; nothing for bytes without a head.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let Some(head) = &mut self.head {
            head.headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }

    /// This many further headers, each with a value of this many bytes.
    pub fn headers(mut self, count: usize, value_len: usize) -> Self {
        let value = "x".repeat(value_len);
        for number in 0..count {
            self = self.header(&format!("x-filler-{number}"), &value);
        }
        self
    }

    /// A `Content-Length` of this, whatever the length of the body is.
    pub fn length(self, says: u64) -> Self {
        self.with_length(Length::Says(says))
    }

    /// Sends the body in chunks, each of its pieces as one.
    pub fn chunked(self) -> Self {
        self.with_length(Length::Chunked)
    }

    /// Does not tell the length: the body ends with the connection.
    pub fn until_close(self) -> Self {
        self.with_length(Length::Absent).then(Then::Close)
    }

    fn with_length(mut self, length: Length) -> Self {
        if let Some(head) = &mut self.head {
            head.length = length;
        }
        self
    }

    /// Only the first half of the body, and then the end of the connection. The
    /// `Content-Length` is that of the whole; of chunks, the last does not come.
    pub fn half(mut self) -> Self {
        self.half = true;
        self.then(Then::Close)
    }

    /// A byte order mark before the body.
    pub fn bom(mut self) -> Self {
        self.pieces.insert(0, Bytes::from_static(b"\xef\xbb\xbf"));
        self
    }

    /// The body in these pieces instead, with a pause before each.
    pub fn pieces<P: AsRef<[u8]>>(
        mut self,
        pieces: impl IntoIterator<Item = P>,
        pause: Duration,
    ) -> Self {
        let pieces = pieces.into_iter();
        self.pieces = pieces
            .map(|piece| Bytes::copy_from_slice(piece.as_ref()))
            .collect();
        self.pause = pause;
        self
    }

    /// Everything in pieces of this many bytes, head and all, with a pause before
    /// each.
    pub fn drip(mut self, bytes: usize, pause: Duration) -> Self {
        self.drip = Some(bytes.max(1));
        self.drip_body(bytes, pause)
    }

    /// The body in pieces of this many bytes, with a pause before each. The head
    /// comes at once.
    pub fn drip_body(self, bytes: usize, pause: Duration) -> Self {
        let whole = Bytes::from(self.pieces.concat());
        self.pieces(pieces(&whole, bytes.max(1)), pause)
    }

    /// The body in two pieces, cut inside its first character of more than one
    /// byte, with a pause before each.
    pub fn split_utf8(self, pause: Duration) -> Self {
        let whole = Bytes::from(self.pieces.concat());
        let lead = whole.iter().position(|byte| *byte >= 0xc0);
        let cut = lead.map_or(whole.len(), |lead| lead + 1);
        self.pieces([whole.slice(..cut), whole.slice(cut..)], pause)
    }

    /// The body this many times over, without holding all of it in memory.
    pub fn repeated(mut self, times: u64) -> Self {
        self.times = times;
        self
    }

    /// When it begins. Default: once the whole request has come.
    pub fn at(mut self, cue: Cue) -> Self {
        self.cue = cue;
        self
    }

    /// What follows. Default: the next request after an answer, the end of the
    /// connection after anything else.
    pub fn then(mut self, then: Then) -> Self {
        self.then = then;
        self
    }
}

/// What goes over the wire.
impl Act {
    /// Status line and headers, in the pieces in which they are written; none for
    /// bytes without a head.
    pub(super) fn head(&self) -> Vec<Bytes> {
        let Some(head) = &self.head else {
            return Vec::new();
        };
        let mut text = format!("HTTP/1.1 {} Any\r\n", head.status);
        let length = match head.length {
            Length::True => Some(("content-length", self.body_len().to_string())),
            Length::Says(length) => Some(("content-length", length.to_string())),
            Length::Chunked => Some(("transfer-encoding", "chunked".to_owned())),
            Length::Absent => None,
        };
        let headers = head.headers.iter().map(|(name, value)| (&**name, &**value));
        let length = length.as_ref().map(|(name, value)| (*name, &**value));
        for (name, value) in headers.chain(length) {
            text.extend([name, ": ", value, "\r\n"]);
        }
        text.push_str("\r\n");
        pieces(&text.into(), self.drip.unwrap_or(usize::MAX))
    }

    /// The body, framed, in the pieces in which it is written.
    pub(super) fn body(&self) -> impl Iterator<Item = Bytes> + Send + '_ {
        let chunked = matches!(&self.head, Some(head) if matches!(head.length, Length::Chunked));
        let mut left = if self.half {
            self.body_len() / 2
        } else {
            u64::MAX
        };
        let pieces = (0..self.times).flat_map(|_| self.pieces.iter());
        let body = pieces.map_while(move |piece| {
            let len = piece.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            left -= len as u64;
            (len > 0 || piece.is_empty()).then(|| piece.slice(..len))
        });
        let full = body.filter(|piece| !piece.is_empty());
        let framed = full.map(move |piece| if chunked { chunk(&piece) } else { piece });
        let last = (chunked && !self.half).then_some(Bytes::from_static(b"0\r\n\r\n"));
        framed.chain(last)
    }

    /// Before each piece of the body; of the head, too, if that is cut.
    pub(super) fn pause(&self) -> Duration {
        self.pause
    }

    pub(super) fn drips_head(&self) -> bool {
        self.drip.is_some()
    }

    fn body_len(&self) -> u64 {
        let once: usize = self.pieces.iter().map(Bytes::len).sum();
        (once as u64).saturating_mul(self.times)
    }
}

fn chunk(piece: &Bytes) -> Bytes {
    let length = format!("{:x}\r\n", piece.len());
    [length.as_bytes(), piece, b"\r\n"].concat().into()
}

fn pieces(bytes: &Bytes, size: usize) -> Vec<Bytes> {
    (0..bytes.len())
        .step_by(size)
        .map(|at| bytes.slice(at..bytes.len().min(at.saturating_add(size))))
        .collect()
}
