//! Numbers as they are written, compared exactly: a double cannot tell 2^63 from 2^63 - 1.

use std::cmp::Ordering;

/// A decimal number: `0.digits * 10^exponent`, digits without zeros at either end.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Decimal {
    negative: bool,
    digits: String,
    exponent: i64,
}

impl Decimal {
    /// Reads a number as JSON or YAML writes it; `None` if it is none.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, power) = match rest.split_once(['e', 'E']) {
            Some((mantissa, power)) => (mantissa, power.parse::<i64>().ok()?),
            None => (rest, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{whole}{fraction}");
        if all.is_empty() || !all.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let leading = all.len() - all.trim_start_matches('0').len();
        let digits = all.trim_matches('0').to_owned();
        let point = i64::try_from(whole.len()).ok()? - i64::try_from(leading).ok()?;
        Some(if digits.is_empty() {
            Self {
                negative: false,
                digits,
                exponent: 0,
            }
        } else {
            Self {
                negative,
                digits,
                exponent: point.checked_add(power)?,
            }
        })
    }

    fn magnitude(&self, other: &Self) -> Ordering {
        match (self.digits.is_empty(), other.digits.is_empty()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            (false, false) => self
                .exponent
                .cmp(&other.exponent)
                .then_with(|| self.digits.cmp(&other.digits)),
        }
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, false) => self.magnitude(other),
            (true, true) => other.magnitude(self),
        }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The number for JSON, if it is exactly this one: an integer of 64 bits, or a double that reads back as it was.
pub(crate) fn to_json(text: &str) -> Option<serde_json::Number> {
    if let Ok(number) = text.parse::<i64>() {
        return Some(number.into());
    }
    if let Ok(number) = text.parse::<u64>() {
        return Some(number.into());
    }
    let double: f64 = text.parse().ok()?;
    let exact = Decimal::parse(text)? == Decimal::parse(&double.to_string())?;
    // `1.0` and `1e3` are integers, too.
    #[allow(
        clippy::cast_possible_truncation,
        reason = "checked to be whole and in range"
    )]
    if exact && double.fract() == 0.0 && double.abs() < 9e15 {
        return Some((double as i64).into());
    }
    serde_json::Number::from_f64(double).filter(|_| exact)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        Decimal::parse(text).unwrap_or_else(|| panic!("{text}"))
    }

    #[test]
    fn equal_in_every_spelling() {
        for all in [
            &["0", "-0", "0.00", "0e7"][..],
            &["1200", "1.2e3", "+1200.0", "12E2", "0.0012e6"],
            &["-0.05", "-5e-2", "-.05"],
        ] {
            for other in all {
                assert_eq!(number(all[0]), number(other));
            }
        }
        assert_eq!(Decimal::parse("1a"), None);
        assert_eq!(Decimal::parse("."), None);
    }

    #[test]
    fn order_is_exact() {
        let sorted = [
            "-9223372036854775809",
            "-9223372036854775808",
            "-10",
            "-9.5",
            "0",
            "0.0001",
            "2",
            "18446744073709551615",
            "18446744073709551616",
            "1e400",
        ];
        for pair in sorted.windows(2) {
            assert!(number(pair[0]) < number(pair[1]), "{pair:?}");
        }
    }

    #[test]
    fn json_has_only_what_it_holds_exactly() {
        assert_eq!(
            to_json("18446744073709551615").unwrap().to_string(),
            "18446744073709551615"
        );
        assert_eq!(to_json("2.50").unwrap().to_string(), "2.5");
        assert_eq!(to_json("1e3").unwrap().to_string(), "1000");
        assert!(to_json("18446744073709551617").is_none());
    }
}
