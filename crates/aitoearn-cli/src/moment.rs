//! Moments and spans as people write them.

use std::time::{Duration, SystemTime};

use aitoearn::{PublishTime, Timestamp};

/// When something is published, as people write it.
///
/// # Errors
/// What is wrong with it, in a few words.
pub fn when(text: Option<&str>, now: SystemTime) -> Result<PublishTime, String> {
    let text = text.map(str::trim).unwrap_or_default();
    if text.is_empty() || text.eq_ignore_ascii_case("now") {
        return Ok(PublishTime::Now);
    }
    if let Some(span) = text.strip_prefix('+') {
        let moment = span_of(span).and_then(|span| now.checked_add(span));
        return moment
            .map(PublishTime::from)
            .ok_or_else(|| format!("`{text}` is no span: write `+45m`, `+3h` or `+2d`"));
    }
    let has_zone = text.ends_with(['Z', 'z']) || text.rfind(['+', '-']).is_some_and(|at| at > 10);
    let moment: Option<Timestamp> = text.parse().ok().filter(|_| has_zone);
    moment.map(PublishTime::from).ok_or_else(|| {
        format!("`{text}` is no moment: write `2026-12-01T18:00:00+01:00` with an offset or `Z`, or `now`")
    })
}

/// A span such as `90s`, `45m`, `3h` or `2d`.
pub(crate) fn span_of(text: &str) -> Option<Duration> {
    let (number, unit) = text.split_at(
        text.len()
            .checked_sub(1)
            .filter(|at| text.is_char_boundary(*at))?,
    );
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 60 * 60,
        "d" => 24 * 60 * 60,
        _ => return None,
    };
    let number: u64 = number.parse().ok()?;
    number.checked_mul(seconds).map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_and_spans() {
        let now = SystemTime::UNIX_EPOCH;
        for text in [None, Some(""), Some("now"), Some(" NOW ")] {
            assert_eq!(when(text, now), Ok(PublishTime::Now));
        }
        let later = now + Duration::from_secs(5400);
        assert_eq!(when(Some("+90m"), now), Ok(later.into()));
        for fine in [
            "2031-05-06T07:08:09Z",
            "2031-05-06T07:08:09+02:00",
            "2031-05-06T07:08:09.5-05:00",
        ] {
            assert!(
                matches!(when(Some(fine), now), Ok(PublishTime::At(_))),
                "{fine}"
            );
        }
        for wrong in [
            "tomorrow",
            "2031-05-06",
            "2031-05-06T07:08:09",
            "+",
            "+5",
            "+5y",
            "+-5m",
            "+1日",
            "1714",
        ] {
            assert!(when(Some(wrong), now).is_err(), "{wrong}");
        }
    }
}
