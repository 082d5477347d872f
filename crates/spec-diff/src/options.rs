//! What a comparison is asked to do.

use std::collections::BTreeMap;

use crate::level::Level;

/// Options of a comparison. The default compares the contract only, at the levels of the rule table.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Also report changes of descriptions, summaries, titles and examples. Default: no.
    pub docs: bool,
    /// Today as `YYYY-MM-DD`, to judge `x-sunset` by. Default: none, and then nothing is said of whether an
    /// announced day has come. It is an option, not the clock, so that the same documents give the same report.
    pub today: Option<String>,
    /// The first day, as `YYYY-MM-DD`, on which anything may end that is announced to end from now on: what is
    /// announced for an earlier day breaks a promise. Default: none, and then any day will do.
    pub earliest_end: Option<String>,
    /// Levels that replace those of the rule table, by rule id.
    pub levels: BTreeMap<String, Level>,
}
