//! Today, for announced ends.

use std::time::{SystemTime, UNIX_EPOCH};

/// Today (UTC) as `YYYY-MM-DD`; `None` if the clock stands before 1970.
pub(crate) fn today() -> Option<String> {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_secs();
    Some(day(seconds / 86_400))
}

/// The day that is this many days after 1970-01-01, by the rules of the Gregorian calendar.
fn day(since: u64) -> String {
    // Eras of 400 years that begin in March, so that a leap day is the last of its year.
    let days = since + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    format!("{:04}-{month:02}-{day:02}", year + era * 400 + next)
}

/// The day that comes so many days after another; `None` if that is not `YYYY-MM-DD` from 1970 on.
pub(crate) fn later(from: &str, days: u32) -> Option<String> {
    let mut parts = from.splitn(3, '-').map(|part| part.parse::<u64>().ok());
    let (year, month, of_month) = (parts.next()??, parts.next()??, parts.next()??);
    if !(1970..=9999).contains(&year) || !(1..=12).contains(&month) || of_month > 31 {
        return None;
    }
    // The year begins in March here, too.
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let before = 365 * year + year / 4 - year / 100 + year / 400;
    let since = before + (153 * month + 2) / 5 + of_month - 1;
    Some(day(since.checked_sub(719_468)? + u64::from(days)))
}

#[cfg(test)]
mod tests {
    use super::{day, later};

    #[test]
    fn days_are_those_of_the_calendar() {
        assert_eq!(day(0), "1970-01-01");
        assert_eq!(day(11_016), "2000-02-29");
        assert_eq!(day(11_017), "2000-03-01");
        assert_eq!(day(20_818), "2026-12-31");
    }

    #[test]
    fn days_are_counted_on() {
        for (from, days, to) in [
            ("1970-01-01", 0, "1970-01-01"),
            ("2024-02-28", 1, "2024-02-29"),
            ("2027-12-31", 60, "2028-02-29"),
            ("2099-12-31", 366, "2101-01-01"),
        ] {
            assert_eq!(later(from, days).as_deref(), Some(to), "{from} + {days}");
        }
        assert_eq!(later("1969-12-31", 5), None);
        assert_eq!(later("soon", 5), None);
    }
}
