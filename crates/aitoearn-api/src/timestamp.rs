//! A moment in time, kept as the service wrote it.

use std::fmt;
use std::str::FromStr;
use std::time::SystemTime;

use serde::Serialize;
use serde::de::{Deserialize, Deserializer, Error, Visitor};

/// A moment in time, kept as the text the service sent: an odd date in one record does not make
/// the whole answer unreadable.
///
/// The service writes RFC 3339 in UTC with milliseconds and `Z`, and so does
/// `Timestamp::from(SystemTime)`. [`to_system_time`](Self::to_system_time) reads it. Equality is
/// that of the text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Timestamp(String);

impl Timestamp {
    /// The text as sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The moment, or `None` if the text is none.
    ///
    /// Reads RFC 3339 with any offset; a date and time without offset, and a date alone, as UTC. An
    /// integer counts Unix milliseconds; one that is so small that it may count seconds is none. The
    /// last hours of the year 9999, which some machines cannot count with any more, are all its 30
    /// December.
    pub fn to_system_time(&self) -> Option<SystemTime> {
        let text = self.0.trim();
        let moment = match text.parse::<i64>() {
            Ok(number) if number.unsigned_abs() < SMALLEST_MILLISECONDS => None,
            Ok(number) => match jiff::Timestamp::from_millisecond(number) {
                Ok(moment) => Some(moment),
                Err(_) if (0..YEAR_10000).contains(&number) => Some(jiff::Timestamp::MAX),
                Err(_) => None,
            },
            Err(_) => parse(text),
        };
        moment.map(SystemTime::from)
    }
}

/// This moment; in a browser, too, where the clock of `std` panics.
pub fn now() -> SystemTime {
    jiff::Timestamp::now().into()
}

/// As milliseconds, smaller numbers are of 1973 and before; as seconds, they reach the year 5138.
const SMALLEST_MILLISECONDS: u64 = 100_000_000_000;

/// A date, perhaps a time and an offset, and nothing else: jiff drops parts that it does not need,
/// such as a time zone in brackets, and would give another moment than was written.
fn parse(text: &str) -> Option<jiff::Timestamp> {
    if !is_moment(text) {
        return None;
    }
    let pieces = jiff::fmt::temporal::Pieces::parse(text).ok()?;
    let time = pieces.time().unwrap_or(jiff::civil::Time::midnight());
    let date_time = pieces.date().to_datetime(time);
    let offset = pieces.to_numeric_offset().unwrap_or(jiff::tz::Offset::UTC);
    match offset.to_timestamp(date_time) {
        Ok(moment) => Some(moment),
        // The text is a date all the same: it is late, and not unknown.
        Err(_) if date_time.year() > 0 => Some(jiff::Timestamp::MAX),
        Err(_) => None,
    }
}

/// Whether a text is a date, perhaps with a time, perhaps with an offset, to its last character.
fn is_moment(text: &str) -> bool {
    // Years outside 0 to 9999 have a sign and six digits.
    let date = text
        .strip_prefix(['+', '-'])
        .and_then(|text| shaped(text, "######-##-##"))
        .or_else(|| shaped(text, "####-##-##"));
    match date {
        None => false,
        Some("") => true,
        Some(rest) => rest.strip_prefix(['T', 't', ' ']).is_some_and(is_time),
    }
}

fn is_time(text: &str) -> bool {
    let Some(rest) = shaped(text, "##:##") else {
        return false;
    };
    let rest = match shaped(rest, ":##") {
        None => rest,
        Some(rest) => match rest.strip_prefix('.') {
            None => rest,
            Some(digits) => digits.trim_start_matches(|c: char| c.is_ascii_digit()),
        },
    };
    match rest.strip_prefix(['+', '-']) {
        Some(hours) => ["##:##", "####", "##"]
            .iter()
            .any(|shape| shaped(hours, shape) == Some("")),
        None => matches!(rest, "" | "Z" | "z"),
    }
}

/// What follows a beginning of this shape, in which `#` is a digit.
fn shaped<'a>(text: &'a str, shape: &str) -> Option<&'a str> {
    let (begin, rest) = text.split_at_checked(shape.len())?;
    let fits = |(c, wanted)| match wanted {
        b'#' => u8::is_ascii_digit(c),
        _ => *c == wanted,
    };
    begin
        .as_bytes()
        .iter()
        .zip(shape.bytes())
        .all(fits)
        .then_some(rest)
}

/// Its first moment, in Unix milliseconds.
const YEAR_10000: i64 = 253_402_300_800_000;

/// RFC 3339 in UTC, cut to milliseconds, with `Z`. A moment beyond the year 9999 becomes the last
/// that can be written, and one before the year -9999 the first.
impl From<SystemTime> for Timestamp {
    fn from(moment: SystemTime) -> Self {
        let limit = if moment < SystemTime::UNIX_EPOCH {
            jiff::Timestamp::MIN
        } else {
            jiff::Timestamp::MAX
        };
        let moment = jiff::Timestamp::try_from(moment).unwrap_or(limit);
        Self(format!("{moment:.3}"))
    }
}

/// Strict, unlike reading an answer: the text must be a date and a time that
/// [`to_system_time`](Timestamp::to_system_time) reads to its last character. A number is refused,
/// because nobody can tell seconds from milliseconds; make a `SystemTime` of it.
impl FromStr for Timestamp {
    type Err = InvalidTimestamp;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match parse(text.trim()) {
            Some(_) => Ok(Self(text.to_owned())),
            None => Err(InvalidTimestamp {
                is_number: text.trim().parse::<f64>().is_ok(),
            }),
        }
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TimestampVisitor)
    }
}

struct TimestampVisitor;

impl Visitor<'_> for TimestampVisitor {
    type Value = Timestamp;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a date as text, or Unix milliseconds")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Timestamp, E> {
        Ok(Timestamp(text.to_owned()))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Timestamp, E> {
        Ok(Timestamp(text))
    }

    fn visit_i64<E: Error>(self, milliseconds: i64) -> Result<Timestamp, E> {
        Ok(Timestamp(milliseconds.to_string()))
    }

    fn visit_u64<E: Error>(self, milliseconds: u64) -> Result<Timestamp, E> {
        Ok(Timestamp(milliseconds.to_string()))
    }

    fn visit_f64<E: Error>(self, milliseconds: f64) -> Result<Timestamp, E> {
        // Written without the fraction if it has none, as the other integers are.
        Ok(Timestamp(milliseconds.to_string()))
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Timestamp {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Timestamp".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "date-time" })
    }
}

/// The text is no date and time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidTimestamp {
    is_number: bool,
}

impl fmt::Display for InvalidTimestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_number {
            "a number is no date and time, as it may count seconds or milliseconds: \
             write it as 2025-01-31T12:00:00Z, or make a SystemTime of it"
        } else {
            "not a date and time: write it as 2025-01-31T12:00:00Z"
        })
    }
}

impl std::error::Error for InvalidTimestamp {}
