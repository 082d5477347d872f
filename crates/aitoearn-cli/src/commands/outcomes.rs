//! Outcomes of posts: shown, and written to a file row by row, where they stay if the program ends.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::context::App;
use crate::failure::{Exit, Failure, Outcome};
use crate::follow::exit_of;
use crate::output::{Cell, Table, Tone};
use crate::post::Posted;
use crate::text::clean;

/// Prints outcomes, writes them to a file, and gives the exit code.
pub(crate) fn finish(
    app: &App,
    posts: &[Posted],
    file: Option<&Path>,
    hint: Option<&str>,
) -> Outcome<Exit> {
    if let Some(file) = file {
        let mut out = Writer::create(file)?;
        for post in posts {
            out.write(post)?;
        }
    }
    show(app, posts)?;
    if let Some(hint) = hint {
        app.out.note(hint);
    }
    Ok(exit_of(posts))
}

/// Outcomes as a table, or a line each.
pub(crate) fn show(app: &App, posts: &[Posted]) -> Outcome {
    if app.out.is_json() {
        return posts.iter().try_for_each(|post| app.out.json(post));
    }
    let has_rows = posts.iter().any(|post| post.row.is_some());
    let mut table = Table::new(if has_rows {
        &["row", "account", "outcome", "link or reason"]
    } else {
        &["account", "outcome", "link or reason"]
    });
    for post in posts {
        let more = match (&post.link, &post.reason) {
            (Some(link), None) => link.clone(),
            (Some(link), Some(reason)) => format!("{link} {reason}"),
            (None, reason) => reason.clone().unwrap_or_default(),
        };
        let mut row: Vec<Cell> = post.row.map(Cell::from).into_iter().collect();
        row.extend([
            post.account.as_str().into(),
            Cell::toned(post.outcome, tone_of(post.outcome)),
            more.into(),
        ]);
        table.push(row);
    }
    app.out.table(&table)
}

fn tone_of(outcome: &str) -> Tone {
    match outcome {
        "published" => Tone::Good,
        "failed" | "not published" | "cancelled" => Tone::Bad,
        "unknown" | "awaits its user" => Tone::Asks,
        _ => Tone::Faint,
    }
}

/// Writes outcomes: CSV by the name `.csv`, else JSON lines.
#[derive(Debug)]
pub(crate) struct Writer {
    file: File,
    path: PathBuf,
    is_csv: bool,
}

impl Writer {
    /// Begins the file anew.
    pub(crate) fn create(path: &Path) -> Outcome<Self> {
        let file = File::create(path);
        let file = file.map_err(|error| {
            Failure::io(format!("`{}` cannot be written", path.display()), &error)
        })?;
        let is_csv = path
            .extension()
            .is_some_and(|it| it.eq_ignore_ascii_case("csv"));
        let mut writer = Self {
            file,
            path: path.to_owned(),
            is_csv,
        };
        if is_csv {
            writer.line("row,account,platform,outcome,link,reason,id,flow_id")?;
        }
        Ok(writer)
    }

    /// Adds a post.
    pub(crate) fn write(&mut self, post: &Posted) -> Outcome {
        if !self.is_csv {
            let text = serde_json::to_string(post);
            return self.line(&text.unwrap_or_default());
        }
        let row = post.row.map(|row| row.to_string());
        let cells = [
            row.as_deref(),
            Some(post.account.as_str()),
            post.platform.as_deref(),
            Some(post.outcome),
            post.link.as_deref(),
            post.reason.as_deref(),
            post.id.as_deref(),
            Some(post.flow_id.as_str()),
        ];
        let cells = cells.map(|cell| csv_cell(cell.unwrap_or_default()));
        self.line(&cells.join(","))
    }

    fn line(&mut self, line: &str) -> Outcome {
        writeln!(self.file, "{line}").map_err(|error| {
            Failure::io(
                format!("`{}` cannot be written", self.path.display()),
                &error,
            )
        })
    }
}

/// A cell that no spreadsheet takes for a formula.
pub(crate) fn csv_cell(text: &str) -> String {
    let text = clean(text);
    let is_formula = text.starts_with(['=', '+', '-', '@']) && text.parse::<f64>().is_err();
    let guard = if is_formula { "'" } else { "" };
    if is_formula || text.contains(['"', ',', ';', '\'']) {
        format!("\"{guard}{}\"", text.replace('"', "\"\""))
    } else {
        text.into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::csv_cell;

    #[test]
    fn cells_are_texts() {
        assert_eq!(csv_cell("plain"), "plain");
        assert_eq!(csv_cell("a,\"b\"\nc"), "\"a,\"\"b\"\" c\"");
        assert_eq!(csv_cell("=HYPERLINK(1)"), "\"'=HYPERLINK(1)\"");
        assert_eq!(csv_cell("-12.5"), "-12.5");
    }
}
