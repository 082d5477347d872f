//! Tables without lines: columns apart by two spaces, cut to the width of the terminal.

use anstyle::{AnsiColor, Style};
use console::measure_text_width as width_of;

use crate::text::clean;

const GAP: usize = 2;
/// A column is made no narrower than this.
const NARROWEST: usize = 8;

/// What a text means, and so its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// No colour.
    Plain,
    /// It went well.
    Good,
    /// It went wrong.
    Bad,
    /// Somebody has to do something.
    Asks,
    /// Beside the point.
    Faint,
    /// A heading.
    Head,
}

impl Tone {
    /// Its style on a terminal.
    pub fn style(self) -> Style {
        match self {
            Self::Plain => Style::new(),
            Self::Good => AnsiColor::Green.on_default(),
            Self::Bad => AnsiColor::Red.on_default(),
            Self::Asks => AnsiColor::Yellow.on_default(),
            Self::Faint => Style::new().dimmed(),
            Self::Head => Style::new().bold(),
        }
    }
}

/// A text in a table. It is made safe when it is shown.
#[derive(Debug, Clone)]
pub struct Cell {
    text: String,
    tone: Tone,
}

impl Cell {
    /// A text with a meaning.
    #[allow(
        clippy::needless_pass_by_value,
        reason = "a reference has to be a value, too"
    )]
    pub fn toned(text: impl ToString, tone: Tone) -> Self {
        Self {
            text: text.to_string(),
            tone,
        }
    }

    /// A text, or nothing.
    pub fn maybe(text: Option<impl ToString>) -> Self {
        Self::from(text.map(|text| text.to_string()).unwrap_or_default())
    }

    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }
}

impl<T: ToString> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::toned(text, Tone::Plain)
    }
}

/// Rows under headings.
#[derive(Debug)]
pub struct Table {
    columns: Vec<&'static str>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    /// An empty table; without columns it has no line of headings.
    pub fn new(columns: &[&'static str]) -> Self {
        Self {
            columns: columns.to_vec(),
            rows: Vec::new(),
        }
    }

    /// Adds a row.
    pub fn push(&mut self, row: Vec<Cell>) {
        self.rows.push(row);
    }

    /// The table for a terminal of this many columns.
    pub fn render(&self, width: usize) -> String {
        let heads = self
            .columns
            .iter()
            .map(|name| Cell::toned(name.to_uppercase(), Tone::Head));
        let heads: Vec<Cell> = heads.collect();
        let head = (!heads.is_empty()).then_some(heads);
        let rows: Vec<Vec<Cell>> = head
            .iter()
            .chain(&self.rows)
            .map(|row| cleaned(row))
            .collect();
        let widths = fit(&rows, width);
        rows.iter().map(|row| line(row, &widths)).collect()
    }
}

fn cleaned(row: &[Cell]) -> Vec<Cell> {
    let clean = |cell: &Cell| Cell::toned(clean(&cell.text), cell.tone);
    row.iter().map(clean).collect()
}

/// The widths of the columns: as wide as their texts, and less where the widest have to give
/// way. Words stay whole as long as they can: nobody copies half an id.
fn fit(rows: &[Vec<Cell>], width: usize) -> Vec<usize> {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let most = |column: usize, measure: fn(&str) -> usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| measure(&cell.text)).max().unwrap_or(0)
    };
    let mut widths: Vec<usize> = (0..count).map(|column| most(column, wish)).collect();
    let words = (0..count).map(|column| most(column, longest_word).max(NARROWEST));
    let room = width.saturating_sub(GAP * count.saturating_sub(1));
    for least in [words.collect(), vec![NARROWEST; count]] {
        while widths.iter().sum::<usize>() > room {
            let columns = widths.iter_mut().zip(&least);
            let wide = columns.filter(|(width, least)| **width > **least);
            let Some((widest, _)) = wide.max_by_key(|(width, _)| **width) else {
                break;
            };
            *widest -= 1;
        }
    }
    widths
}

/// How wide a text would like its column. Addresses are not broken, and stand last in their
/// row: they may go over the edge, and nothing makes room for them.
fn wish(text: &str) -> usize {
    let addresses = text.split(' ').filter(|word| is_address(word));
    width_of(text) - addresses.map(width_of).sum::<usize>()
}

fn longest_word(text: &str) -> usize {
    let words = text.split(' ').filter(|word| !is_address(word));
    words.map(width_of).max().unwrap_or(0)
}

fn is_address(word: &str) -> bool {
    word.contains("://")
}

/// One row: as many lines as its longest text needs.
fn line(row: &[Cell], widths: &[usize]) -> String {
    let wrapped: Vec<Vec<String>> = row
        .iter()
        .zip(widths)
        .map(|(cell, width)| wrap(&cell.text, *width))
        .collect();
    let height = wrapped.iter().map(Vec::len).max().unwrap_or(0);
    let mut text = String::new();
    for number in 0..height {
        let mut pending = 0;
        for ((cell, lines), width) in row.iter().zip(&wrapped).zip(widths) {
            let part = lines.get(number).map_or("", String::as_str);
            if !part.is_empty() {
                let style = cell.tone.style();
                text += &format!("{}{style}{part}{style:#}", " ".repeat(pending));
                pending = 0;
            }
            // Spaces only before something: no line ends in them.
            pending += width.saturating_sub(width_of(part)) + GAP;
        }
        text.push('\n');
    }
    text
}

/// Broken between words, and inside those that are longer than a line.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let last = lines.last_mut().map(|line| (width_of(line), line));
        let Some((used, line)) = last else { continue };
        let gap = usize::from(used > 0);
        if used + gap + width_of(word) <= width {
            if gap > 0 {
                line.push(' ');
            }
            line.push_str(word);
            continue;
        }
        if used > 0 {
            lines.push(String::new());
        }
        // An address that is broken is none.
        if is_address(word) {
            if let Some(line) = lines.last_mut() {
                line.push_str(word);
            }
            continue;
        }
        for c in word.chars() {
            let Some(line) = lines.last_mut() else { break };
            if width_of(line) + width_of(c.encode_utf8(&mut [0; 4])) > width && !line.is_empty() {
                lines.push(String::new());
            }
            if let Some(line) = lines.last_mut() {
                line.push(c);
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> String {
        anstream::adapter::strip_str(text).to_string()
    }

    #[test]
    fn columns_line_up_whatever_the_script() {
        let mut table = Table::new(&["name", "id"]);
        table.push(vec!["折纸".into(), "a".into()]);
        table.push(vec!["maps".into(), "b".into()]);
        assert_eq!(plain(&table.render(80)), "NAME  ID\n折纸  a\nmaps  b\n");
    }

    #[test]
    fn the_widest_column_gives_way_and_nothing_is_lost() {
        let mut table = Table::new(&[]);
        table.push(vec![
            "key".into(),
            "one two three four five six seven".into(),
            "z".into(),
        ]);
        let shown = plain(&table.render(20));
        assert!(shown.lines().all(|line| width_of(line) <= 20), "{shown}");
        for word in ["one", "four", "seven", "z"] {
            assert!(shown.contains(word), "{shown}");
        }
    }

    #[test]
    fn ids_and_addresses_stay_whole() {
        let mut table = Table::new(&["id", "title", "link"]);
        let (id, link) = (
            "6b0949c75a4db0c5e0000004",
            "https://www.example.com/youtube/4320503823796095675",
        );
        table.push(vec![
            id.into(),
            "a title of several words".into(),
            link.into(),
        ]);
        let shown = plain(&table.render(50));
        assert!(shown.contains(id) && shown.contains(link), "{shown}");
        assert!(shown.lines().count() > 2, "{shown}");
    }

    #[test]
    fn cells_cannot_draw() {
        let mut table = Table::new(&[]);
        table.push(vec!["\u{1b}[31mred\nnext".into()]);
        assert_eq!(plain(&table.render(80)), "\\u{1b}[31mred next\n");
    }
}
