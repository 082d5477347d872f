//! The file that outcomes are written to, row by row: what was written stays if the program ends.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Outcome};
use crate::post::Posted;
use crate::text::clean;

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
