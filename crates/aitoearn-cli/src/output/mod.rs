//! What is printed: tables for people, JSON lines for programs.

mod jq;
mod table;

use std::io::{self, IsTerminal as _, Write as _};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use serde::Serialize;

use crate::failure::{Failure, Outcome};
use crate::text::{clean, visible_json};

pub use self::table::{Cell, Table, Tone};

/// Narrower than this, a table is not worth its lines.
const NARROWEST: usize = 40;
/// Without a terminal there is no width to ask for.
const USUAL: usize = 80;

/// How results are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Tables and sentences.
    Table,
    /// A JSON value per line.
    Json,
}

/// Where results, notes and errors go.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    format: Format,
    /// JSON was asked for by name, so errors are JSON, too.
    json_errors: bool,
    /// Results go through the filter of `--jq`.
    is_filtered: bool,
    width: usize,
}

impl Output {
    /// By what was asked for, and else by whether a person looks.
    pub fn new(json: bool, table: bool) -> Self {
        let terminal = console::Term::stdout();
        let format = if json || (!table && !terminal.is_term()) {
            Format::Json
        } else {
            Format::Table
        };
        let width = terminal
            .size_checked()
            .map_or(USUAL, |(_, width)| usize::from(width));
        Self {
            format,
            json_errors: json,
            is_filtered: false,
            width: width.max(NARROWEST),
        }
    }

    /// Results are JSON and go through this filter; to be called on the thread that prints.
    ///
    /// # Errors
    /// If it is none.
    pub fn filtered(self, code: &str) -> Outcome<Self> {
        jq::prepare(code)?;
        Ok(Self {
            format: Format::Json,
            is_filtered: true,
            ..self
        })
    }

    /// How results are shown.
    pub fn format(&self) -> Format {
        self.format
    }

    /// Whether programs read the results.
    pub fn is_json(&self) -> bool {
        self.format == Format::Json
    }

    /// Many things: a row or a line of JSON for each.
    pub fn list<'a, T: Serialize + 'a>(
        &self,
        columns: &[&'static str],
        items: impl IntoIterator<Item = &'a T>,
        row: impl Fn(&T) -> Vec<Cell>,
    ) -> Outcome {
        match self.format {
            Format::Json => items.into_iter().try_for_each(|item| self.json(item)),
            Format::Table => {
                let mut table = Table::new(columns);
                for item in items {
                    table.push(row(item));
                }
                self.table(&table)
            }
        }
    }

    /// One thing: its fields below each other, or a line of JSON.
    pub fn item<T: Serialize>(&self, item: &T, fields: Vec<(&'static str, Cell)>) -> Outcome {
        match self.format {
            Format::Json => self.json(item),
            Format::Table => {
                let mut table = Table::new(&[]);
                for (name, cell) in fields {
                    if !cell.is_empty() {
                        table.push(vec![Cell::toned(name, Tone::Faint), cell]);
                    }
                }
                self.table(&table)
            }
        }
    }

    /// A table, whatever the format is.
    pub fn table(&self, table: &Table) -> Outcome {
        self.raw(&table.render(self.width))
    }

    /// A JSON value on a line of its own.
    pub fn json(&self, value: &(impl Serialize + ?Sized)) -> Outcome {
        let text = serde_json::to_string(value)
            .map_err(|error| Failure::new(crate::failure::Exit::Failed, error.to_string()))?;
        if !self.is_filtered {
            return self.raw(&format!("{}\n", visible_json(&text)));
        }
        let lines = jq::lines(&text)?;
        lines
            .iter()
            .try_for_each(|line| self.raw(&format!("{line}\n")))
    }

    /// A sentence for people; nothing where programs read.
    pub fn say(&self, tone: Tone, text: &str) -> Outcome {
        if self.is_json() {
            return Ok(());
        }
        let style = tone.style();
        self.raw(&format!("{style}{}{style:#}\n", clean(text)))
    }

    /// Text that is safe to print already, styles included.
    pub fn raw(&self, text: &str) -> Outcome {
        let mut out = AutoStream::auto(io::stdout().lock());
        out.write_all(text.as_bytes())?;
        out.flush()?;
        Ok(())
    }

    /// A remark beside the results, on standard error. Nobody misses one that cannot be written.
    pub fn note(&self, text: &str) {
        let faint = Tone::Faint.style();
        let mut err = AutoStream::auto(io::stderr().lock());
        let _ = writeln!(err, "{faint}{}{faint:#}", clean(text));
    }

    /// A warning, on standard error.
    pub fn warn(&self, text: &str) {
        let style = Tone::Asks.style();
        let mut err = AutoStream::auto(io::stderr().lock());
        let _ = writeln!(err, "{style}warning:{style:#} {}", clean(text));
    }

    /// What went wrong, on standard error.
    pub fn failure(&self, failure: &Failure) {
        let mut err = AutoStream::auto(io::stderr().lock());
        // Nobody is left to tell if this fails.
        let _ = if self.json_errors {
            writeln!(err, "{}", visible_json(&failure.to_json().to_string()))
        } else {
            err.write_all(written(failure).as_bytes())
        };
    }
}

fn written(failure: &Failure) -> String {
    let bad = Style::new().bold().fg_color(Some(AnsiColor::Red.into()));
    let faint = Tone::Faint.style();
    let mut text = format!("{bad}error:{bad:#} {}\n", clean(&failure.message));
    for detail in &failure.details {
        text += &format!("  - {}\n", clean(detail));
    }
    if let Some(advice) = &failure.advice {
        text += &format!("  {faint}what to do:{faint:#} {}\n", clean(advice));
    }
    if let Some(id) = failure
        .request_id
        .as_deref()
        .filter(|id| !failure.message.contains(*id))
    {
        text += &format!("  {faint}request id:{faint:#} {}\n", clean(id));
    }
    text
}

/// Whether a person can be asked something.
pub fn can_ask() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Whether progress is worth drawing.
pub fn shows_progress() -> bool {
    io::stderr().is_terminal()
}

/// Colours for everything that is printed from here on.
pub fn set_color(choice: ColorChoice) {
    choice.write_global();
}
