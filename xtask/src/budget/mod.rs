//! `cargo xtask budget`: what the client costs, held against what it may cost.
//!
//! `benches/budget.toml` has two parts: limits that we promise, and what was measured when somebody
//! last looked. A measure may grow by a tenth before it has to be looked at again.

mod judge;
mod measure;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use toml_edit::{DocumentMut, Item, Table, value};

use client_gen::problem::{Problem, Problems, Result};

use crate::skipped;
use judge::{Limits, Line, Verdict, judge};

const BUDGET: &str = "benches/budget.toml";

/// Everything is within the budget.
const FINE: u8 = 0;
/// Something is not.
const OVER: u8 = 1;

/// Measures by their names, such as `instructions sdk small`.
type Measures = BTreeMap<String, i64>;

/// What `cargo xtask budget` takes.
#[derive(Debug, Args)]
#[command(
    after_help = "Builds the package `benches` in release. Exit codes: 0 fine; 1 over the budget; 2 it could not be measured."
)]
pub struct BudgetArgs {
    /// Note what is measured now as the new budget, if the limits allow it
    #[arg(long)]
    pub write: bool,
    /// Print every measure, not only the limits and what is over
    #[arg(long)]
    pub all: bool,
}

/// Measures, compares and prints; the exit code says how it ended.
///
/// # Errors
///
/// If something cannot be measured, or the budget cannot be read or written.
pub fn run(root: &Path, args: &BudgetArgs) -> Result<u8> {
    let path = root.join(BUDGET);
    let mut budget = read(&path)?;
    let limits = Limits::read(&budget)?;
    let noted = noted(&budget)?;

    let measured = measure::all(root)?;
    for what in &measured.skipped {
        println!("not measured: {what}");
        skipped::note(&format!("budget, {what}"));
    }
    let lines = judge(&measured.values, &noted, &limits);
    let is_shown = |line: &&Line| args.all || line.promised || line.verdict != Verdict::Fine;
    for line in lines.iter().filter(is_shown) {
        println!("{line}");
    }
    match lines.len() - lines.iter().filter(is_shown).count() {
        0 => {}
        rest => println!("{rest} more measures grew by less than a tenth: `--all` prints them"),
    }

    let over = |promised: bool| {
        lines
            .iter()
            .any(|line| line.verdict == Verdict::Over && line.promised == promised)
    };
    if args.write && !over(true) {
        write(&path, &mut budget, &measured.values)?;
        println!("noted in {BUDGET}");
        return Ok(FINE);
    }
    if over(true) {
        eprintln!(
            "error: a limit is broken\n  at         {BUDGET}, [limits]\n  fix        make the call cheaper; BENCHMARKS.md says how to find what costs"
        );
    } else if over(false) {
        eprintln!(
            "error: a measure grew by more than a tenth\n  at         {BUDGET}, [measured]\n  fix        make it cheaper, or, if the growth is worth it, run `cargo xtask budget --write` and say why in the commit"
        );
    } else {
        return Ok(FINE);
    }
    Ok(OVER)
}

fn problem(what: impl std::fmt::Display, fix: &str) -> Problems {
    Problem::new(BUDGET, what.to_string(), fix).into()
}

fn read(path: &PathBuf) -> Result<DocumentMut> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| problem(error, "take the file from version control"))?;
    text.parse()
        .map_err(|error| problem(error, "mend the TOML"))
}

fn noted(budget: &DocumentMut) -> Result<Measures> {
    let table = budget.get("measured").and_then(Item::as_table);
    table
        .into_iter()
        .flat_map(Table::iter)
        .map(|(name, number)| match number.as_integer() {
            Some(number) => Ok((name.to_owned(), number)),
            None => Err(problem(
                format!("`{name}` is no whole number"),
                "run `cargo xtask budget --write`",
            )),
        })
        .collect()
}

/// What was not measured this time keeps its old number.
fn write(path: &Path, budget: &mut DocumentMut, measured: &Measures) -> Result<()> {
    for (name, number) in measured {
        budget["measured"][name.as_str()] = value(*number);
    }
    if let Some(table) = budget["measured"].as_table_mut() {
        table.sort_values();
    }
    std::fs::write(path, budget.to_string()).map_err(|error| problem(error, "check the file"))
}
