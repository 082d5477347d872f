//! Limits on numbers, lengths and counts. They all follow one pattern.

use super::{At, Row};
use crate::level::Grade::{Breaks, Info};

/// A keyword that limits, and the four things that can happen to it.
#[derive(Debug)]
pub(crate) struct Bound {
    pub(crate) keyword: &'static str,
    pub(crate) set: Row,
    pub(crate) unset: Row,
    pub(crate) increased: Row,
    pub(crate) decreased: Row,
}

impl Bound {
    pub(super) fn rows(&'static self) -> [&'static Row; 4] {
        [&self.set, &self.unset, &self.increased, &self.decreased]
    }
}

const STRICTER_SENT: &str = "a value that the old limit allowed may now be refused";
const STRICTER_RECEIVED: &str = "every value that can arrive was allowed before";
const LOOSER_SENT: &str = "every value that was allowed still is";
const LOOSER_RECEIVED: &str = "a value beyond the old limit can now arrive";
const SET_SENT: &str = "values beyond the new limit were accepted and are refused now";

macro_rules! bound {
    ($keyword:literal, $name:literal, $limit:ident, $base:literal, $low:literal, $high:literal) => {
        Bound {
            keyword: $keyword,
            set: Row::new(concat!($name, "-set"), At::Schema)
                .sent(Breaks, SET_SENT)
                .received(Info, STRICTER_RECEIVED)
                .mirror(concat!($name, "-unset"))
                .case(bound!(@none $base), bound!(@with $keyword, $base, $low)),
            unset: Row::new(concat!($name, "-unset"), At::Schema)
                .sent(Info, LOOSER_SENT)
                .received(Breaks, LOOSER_RECEIVED)
                .mirror(concat!($name, "-set"))
                .case(bound!(@with $keyword, $base, $low), bound!(@none $base)),
            increased: bound!(@looser_if $limit, Row::new(concat!($name, "-increased"), At::Schema))
                .mirror(concat!($name, "-decreased"))
                .case(bound!(@with $keyword, $base, $low), bound!(@with $keyword, $base, $high)),
            decreased: bound!(@stricter_if $limit, Row::new(concat!($name, "-decreased"), At::Schema))
                .mirror(concat!($name, "-increased"))
                .case(bound!(@with $keyword, $base, $high), bound!(@with $keyword, $base, $low)),
        }
    };
    (@none $base:literal) => { concat!("{", $base, "}") };
    (@with $keyword:literal, $base:literal, $value:literal) => {
        concat!("{", $base, r#",""#, $keyword, r#"":"#, $value, "}")
    };
    (@looser_if Upper, $row:expr) => { $row.sent(Info, LOOSER_SENT).received(Breaks, LOOSER_RECEIVED) };
    (@looser_if Lower, $row:expr) => { $row.sent(Breaks, STRICTER_SENT).received(Info, STRICTER_RECEIVED) };
    (@stricter_if Upper, $row:expr) => { bound!(@looser_if Lower, $row) };
    (@stricter_if Lower, $row:expr) => { bound!(@looser_if Upper, $row) };
}

/// All limits. `minimum` and `maximum` come with their exclusive forms, however 3.0 and 3.1 spell these.
pub(crate) static BOUNDS: [Bound; 12] = [
    bound!("maximum", "max", Upper, r#""type":"number""#, "5", "10"),
    bound!("minimum", "min", Lower, r#""type":"number""#, "5", "10"),
    bound!(
        "exclusiveMaximum",
        "exclusive-max",
        Upper,
        r#""type":"number""#,
        "5",
        "10"
    ),
    bound!(
        "exclusiveMinimum",
        "exclusive-min",
        Lower,
        r#""type":"number""#,
        "5",
        "10"
    ),
    bound!(
        "maxLength",
        "max-length",
        Upper,
        r#""type":"string""#,
        "5",
        "10"
    ),
    bound!(
        "minLength",
        "min-length",
        Lower,
        r#""type":"string""#,
        "5",
        "10"
    ),
    bound!(
        "maxItems",
        "max-items",
        Upper,
        r#""type":"array""#,
        "5",
        "10"
    ),
    bound!(
        "minItems",
        "min-items",
        Lower,
        r#""type":"array""#,
        "5",
        "10"
    ),
    bound!(
        "maxProperties",
        "max-properties",
        Upper,
        r#""type":"object""#,
        "5",
        "10"
    ),
    bound!(
        "minProperties",
        "min-properties",
        Lower,
        r#""type":"object""#,
        "5",
        "10"
    ),
    bound!(
        "maxContains",
        "max-contains",
        Upper,
        r#""type":"array","contains":{"type":"string"}"#,
        "5",
        "10"
    ),
    bound!(
        "minContains",
        "min-contains",
        Lower,
        r#""type":"array","contains":{"type":"string"}"#,
        "5",
        "10"
    ),
];
