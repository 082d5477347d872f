//! Whether a measure is within its budget.

use std::fmt;

use client_gen::problem::Result;
use toml_edit::{DocumentMut, Item};

use super::{Measures, problem};

/// How much a measure may grow before somebody has to look: a tenth.
const GROWTH: f64 = 0.10;

/// The answers that succeed.
const SUCCESSES: [&str; 2] = ["small", "large"];

/// The ways to call that are held to the limits.
const WAYS: [&str; 2] = ["api", "sdk"];

/// What we promise, whatever was measured before.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Instructions of a call over those of hand-written code.
    instructions_over_hand: f64,
    /// Allocations of a call beyond those of hand-written code.
    allocations_beyond_hand: f64,
    /// Instructions of a refused call over those of a small success.
    refused_over_success: f64,
    crates_without_tls: f64,
    crates_with_rustls: f64,
}

impl Limits {
    pub(super) fn read(budget: &DocumentMut) -> Result<Self> {
        let limit = |name: &str| {
            let item = budget.get("limits").and_then(|limits| limits.get(name));
            item.and_then(number).ok_or_else(|| {
                problem(
                    format!("`limits.{name}` is missing or no number"),
                    "take it from version control",
                )
            })
        };
        Ok(Self {
            instructions_over_hand: limit("instructions_over_hand")?,
            allocations_beyond_hand: limit("allocations_beyond_hand")?,
            refused_over_success: limit("refused_over_success")?,
            crates_without_tls: limit("crates_without_tls")?,
            crates_with_rustls: limit("crates_with_rustls")?,
        })
    }
}

#[expect(clippy::cast_precision_loss, reason = "small numbers")]
fn number(item: &Item) -> Option<f64> {
    item.as_float()
        .or_else(|| item.as_integer().map(|number| number as f64))
}

/// How a measure compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Fine,
    /// Nothing is noted to compare it with.
    New,
    Over,
}

/// One comparison.
#[derive(Debug, Clone)]
pub(super) struct Line {
    name: String,
    now: f64,
    most: Option<f64>,
    /// Whether it is a limit, not what was noted before.
    pub(super) promised: bool,
    pub(super) verdict: Verdict,
}

impl Line {
    fn new(name: String, now: f64, most: Option<f64>, promised: bool) -> Self {
        let verdict = match most {
            None => Verdict::New,
            Some(most) if now > most => Verdict::Over,
            Some(_) => Verdict::Fine,
        };
        Self {
            name,
            now,
            most,
            promised,
            verdict,
        }
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = match self.verdict {
            Verdict::Fine => "fine",
            Verdict::New => "new",
            Verdict::Over => "OVER",
        };
        let digits = if self.now.fract() == 0.0 { 0 } else { 3 };
        write!(f, "{verdict:<5} {:<46} {:>12.digits$}", self.name, self.now)?;
        match self.most {
            Some(most) => {
                let digits = if most.fract() == 0.0 { 0 } else { 3 };
                write!(f, "  at most {most:.digits$}")
            }
            None => write!(f, "  nothing noted yet: `cargo xtask budget --write`"),
        }
    }
}

/// Every comparison that what was measured allows, the limits first.
#[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
pub(super) fn judge(measured: &Measures, noted: &Measures, limits: &Limits) -> Vec<Line> {
    let now = |name: &str| measured.get(name).map(|number| *number as f64);
    let mut lines = Vec::new();
    let mut limit = |name: String, now: Option<f64>, most: f64| {
        lines.extend(now.map(|now| Line::new(name, now, Some(most), true)));
    };
    for way in WAYS {
        for answer in SUCCESSES {
            let pair = |measure: &str| {
                let hand = now(&format!("{measure} hand {answer}"))?;
                Some((now(&format!("{measure} {way} {answer}"))?, hand))
            };
            limit(
                format!("instructions {way}/hand {answer}"),
                pair("instructions").map(|(own, hand)| own / hand),
                1.0 + limits.instructions_over_hand,
            );
            limit(
                format!("allocations {way}-hand {answer}"),
                pair("allocations").map(|(own, hand)| own - hand),
                limits.allocations_beyond_hand,
            );
        }
        let refused = now(&format!("instructions {way} refused"));
        let success = now(&format!("instructions {way} small"));
        limit(
            format!("instructions {way} refused/small"),
            refused
                .zip(success)
                .map(|(refused, success)| refused / success),
            limits.refused_over_success,
        );
    }
    limit(
        "crates without TLS".to_owned(),
        now("crates without tls"),
        limits.crates_without_tls,
    );
    limit(
        "crates with rustls".to_owned(),
        now("crates with rustls"),
        limits.crates_with_rustls,
    );
    for (name, number) in measured {
        // Limited above: a second limit for the same number would only confuse.
        if name.starts_with("crates ") {
            continue;
        }
        let most = noted
            .get(name)
            .map(|noted| (*noted as f64 * (1.0 + GROWTH)).floor());
        lines.push(Line::new(name.clone(), *number as f64, most, false));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits {
        instructions_over_hand: 0.05,
        allocations_beyond_hand: 5.0,
        refused_over_success: 2.0,
        crates_without_tls: 90.0,
        crates_with_rustls: 110.0,
    };

    fn measures(pairs: &[(&str, i64)]) -> Measures {
        let owned = pairs.iter().map(|(name, n)| ((*name).to_owned(), *n));
        owned.collect()
    }

    fn over(measured: &[(&str, i64)], noted: &[(&str, i64)]) -> Vec<String> {
        judge(&measures(measured), &measures(noted), &LIMITS)
            .into_iter()
            .filter(|line| line.verdict == Verdict::Over)
            .map(|line| line.name)
            .collect()
    }

    #[test]
    fn limits_hold_whatever_was_noted() {
        let hand = ("instructions hand small", 1000);
        assert!(over(&[hand, ("instructions sdk small", 1050)], &[]).is_empty());
        assert_eq!(
            over(&[hand, ("instructions sdk small", 1051)], &[]),
            ["instructions sdk/hand small"]
        );
        assert_eq!(
            over(
                &[("allocations hand large", 9), ("allocations api large", 15)],
                &[]
            ),
            ["allocations api-hand large"]
        );
        assert_eq!(
            over(
                &[
                    ("instructions sdk small", 10),
                    ("instructions sdk refused", 21)
                ],
                &[]
            ),
            ["instructions sdk refused/small"]
        );
        assert_eq!(
            over(&[("crates without tls", 91)], &[("crates without tls", 91)]),
            ["crates without TLS"]
        );
    }

    #[test]
    fn a_measure_may_grow_by_a_tenth() {
        let noted = [("generated lines", 1000)];
        assert!(over(&[("generated lines", 1100)], &noted).is_empty());
        assert_eq!(
            over(&[("generated lines", 1101)], &noted),
            ["generated lines"]
        );
        // What nobody noted is told, and does not fail.
        let lines = judge(&measures(&noted), &Measures::new(), &LIMITS);
        assert_eq!(lines[0].verdict, Verdict::New);
    }
}
