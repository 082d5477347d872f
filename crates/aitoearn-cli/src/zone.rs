//! Time zones: what a time without an offset means.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// A time zone by its name, such as `Europe/Berlin`; `local` is the system's.
///
/// # Errors
/// If there is none of this name here.
pub fn zone(name: &str) -> Result<TimeZone, String> {
    if name.eq_ignore_ascii_case("local") {
        return local();
    }
    TimeZone::get(name).map_err(|_| {
        "is no time zone that this system knows; write a name such as Europe/Berlin, or local"
            .to_owned()
    })
}

/// The system's zone.
fn local() -> Result<TimeZone, String> {
    TimeZone::try_system().map_err(|_| {
        "the system's time zone is not known: add an offset such as `+01:00`, or `--timezone`"
            .to_owned()
    })
}

/// A time without an offset, such as `2026-12-01 18:00`, with that of the zone (the system's if
/// none is given); every other text as it is.
///
/// # Errors
/// If the clocks skip this time, or show it twice.
pub fn with_offset(text: &str, zone: Option<&TimeZone>) -> Result<String, String> {
    let Some(time) = without_offset(text.trim()) else {
        return Ok(text.to_owned());
    };
    let zone = zone.map_or_else(local, |zone| Ok(zone.clone()))?;
    let name = zone.iana_name().unwrap_or("the system's zone");
    let found = zone.to_ambiguous_zoned(time);
    let moment = found.unambiguous().map_err(|_| {
        format!(
            "`{text}` is in the hour that is skipped or comes twice when the clocks change in {name}: \
             add the offset that is meant"
        )
    })?;
    Ok(format!("{}", moment.strftime("%Y-%m-%dT%H:%M:%S%:z")))
}

/// A day and a time of day, and nothing beside them.
fn without_offset(text: &str) -> Option<DateTime> {
    let plain = |c: char| c.is_ascii_digit() || matches!(c, '-' | ':' | 'T' | ' ');
    let is_long = text.len() >= "2026-12-01 18:00".len();
    (is_long && text.chars().all(plain) && text.rfind('-') == Some(7))
        .then(|| text.parse().ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_without_an_offset_get_the_zones() {
        let berlin = zone("Europe/Berlin").expect("known");
        let read = |text| with_offset(text, Some(&berlin));
        for (text, moment) in [
            ("2031-01-06 07:08", "2031-01-06T07:08:00+01:00"),
            ("2031-07-06T07:08:09", "2031-07-06T07:08:09+02:00"),
            (" 2031-07-06 07:08 ", "2031-07-06T07:08:00+02:00"),
            // As they are.
            ("2031-07-06T07:08:09Z", "2031-07-06T07:08:09Z"),
            ("2031-07-06T07:08:09-05:00", "2031-07-06T07:08:09-05:00"),
            ("2031-07-06T07:08-05:00", "2031-07-06T07:08-05:00"),
            ("+90m", "+90m"),
            ("now", "now"),
            ("2031-07-06", "2031-07-06"),
            ("18:00", "18:00"),
            ("2031-13-06 07:08", "2031-13-06 07:08"),
            ("2031-07-06 25:08", "2031-07-06 25:08"),
        ] {
            assert_eq!(read(text).as_deref(), Ok(moment), "{text}");
        }
    }

    #[test]
    fn what_the_clocks_skip_or_repeat_is_not_guessed() {
        let berlin = zone("Europe/Berlin").expect("known");
        for text in ["2031-03-30 02:30", "2031-10-26 02:30"] {
            let problem = with_offset(text, Some(&berlin)).expect_err(text);
            assert!(problem.contains("Europe/Berlin"), "{problem}");
        }
        zone("Atlantis/Harbour").expect_err("none of this name");
    }
}
