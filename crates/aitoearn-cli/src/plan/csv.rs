//! Reads CSV as spreadsheets write it: quotes, line breaks in cells, commas, semicolons or tabs.
//!
//! Not by the crate `csv`, which takes a quote without end for a text up to the end of the file: the
//! rows in it would be published as one text, or not at all, without a word.

use serde_json::{Map, Value};

use super::Written;

/// Between several values in one cell.
const BETWEEN: char = ';';

/// The rows by their headings.
pub(super) fn rows(text: &str) -> Result<Vec<Written>, String> {
    let comma = separator(text.lines().next().unwrap_or_default());
    let mut records = records(text, comma)?.into_iter();
    let Some((_, heads)) = records.next() else {
        return Err("it is empty".to_owned());
    };
    let heads: Vec<String> = heads.iter().map(|head| head.trim().to_owned()).collect();
    for (index, head) in heads.iter().enumerate() {
        if head.is_empty() {
            return Err(format!("column {} has no heading", index + 1));
        }
        if heads[..index].contains(head) {
            return Err(format!("the column `{head}` is there twice"));
        }
    }
    let mut rows = Vec::new();
    for (line, cells) in records {
        // A line without anything, as many editors leave at the end.
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if cells.len() > heads.len() {
            return Err(format!(
                "line {line} has {} cells, and there are {} columns: a text with `{comma}` in it stands in quotes",
                cells.len(),
                heads.len()
            ));
        }
        let filled = heads
            .iter()
            .zip(cells)
            .filter(|(_, cell)| !cell.trim().is_empty());
        let mut fields = Map::new();
        let mut options = Map::new();
        for (head, cell) in filled {
            match head.strip_prefix("option.") {
                Some(name) => drop(options.insert(name.to_owned(), guessed(cell))),
                None => drop(fields.insert(head.clone(), cell_value(head, cell))),
            }
        }
        if !options.is_empty() {
            fields.insert("options".to_owned(), Value::Object(options));
        }
        rows.push(Written {
            line: Some(line),
            fields,
        });
    }
    Ok(rows)
}

fn separator(head: &str) -> char {
    let candidates = ['\t', ';', ','].into_iter().filter(|it| head.contains(*it));
    candidates
        .max_by_key(|it| head.matches(*it).count())
        .unwrap_or(',')
}

fn cell_value(head: &str, cell: String) -> Value {
    if head != "to" && head != "media" {
        return Value::String(cell);
    }
    let parts = cell
        .split(BETWEEN)
        .map(str::trim)
        .filter(|it| !it.is_empty());
    Value::Array(parts.map(|it| Value::String(it.to_owned())).collect())
}

/// `true`, `5` and `["a"]` are what they look like; everything else is a text.
fn guessed(cell: String) -> Value {
    match serde_json::from_str(cell.trim()) {
        Ok(value @ (Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_))) => {
            value
        }
        _ => Value::String(cell),
    }
}

/// Records with the line that each begins in.
fn records(text: &str, comma: char) -> Result<Vec<(usize, Vec<String>)>, String> {
    let mut records = Vec::new();
    let mut cells: Vec<String> = Vec::new();
    let mut cell = String::new();
    let mut was_quoted = false;
    let (mut line, mut begun) = (1, 1);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if cell.is_empty() && !was_quoted => {
                was_quoted = true;
                let opened = line;
                loop {
                    match chars.next() {
                        Some('"') if chars.peek() == Some(&'"') => {
                            chars.next();
                            cell.push('"');
                        }
                        Some('"') => break,
                        Some(c) => {
                            line += usize::from(c == '\n');
                            cell.push(c);
                        }
                        None => return Err(format!("the quote in line {opened} has no end")),
                    }
                }
            }
            '\r' if chars.peek() == Some(&'\n') => {}
            '\n' | '\r' => {
                cells.push(std::mem::take(&mut cell));
                records.push((begun, std::mem::take(&mut cells)));
                was_quoted = false;
                line += 1;
                begun = line;
            }
            c if c == comma => {
                cells.push(std::mem::take(&mut cell));
                was_quoted = false;
            }
            c if was_quoted && !c.is_whitespace() => {
                return Err(format!(
                    "line {line} goes on behind a closing quote; a quote inside quotes is written twice"
                ));
            }
            c => cell.push(c),
        }
    }
    if !cell.is_empty() || !cells.is_empty() || was_quoted {
        cells.push(cell);
        records.push((begun, cells));
    }
    Ok(records)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(usize, Vec<String>)> {
        records(text, separator(text.lines().next().unwrap_or_default())).expect("fine")
    }

    #[test]
    fn quotes_lines_and_separators() {
        assert_eq!(
            read("a,b\r\n\"x,\"\"y\"\"\n2\",z\r\nlast,"),
            [
                (1, vec!["a".to_owned(), "b".to_owned()]),
                (2, vec!["x,\"y\"\n2".to_owned(), "z".to_owned()]),
                (4, vec!["last".to_owned(), String::new()]),
            ]
        );
        assert_eq!(
            read("a;b\n1,5;2"),
            [
                (1, vec!["a".to_owned(), "b".to_owned()]),
                (2, vec!["1,5".to_owned(), "2".to_owned()]),
            ]
        );
        assert_eq!(read("a\tb\n\"\"\tc")[1].1, ["", "c"]);
    }

    #[test]
    fn what_is_no_csv_is_told_with_its_line() {
        assert!(records("a\nb\n\"c\n", ',').unwrap_err().contains("line 3"));
        assert!(records("a\n\"b\"c\n", ',').unwrap_err().contains("line 2"));
        for (text, part) in [
            ("", "empty"),
            ("to,,title\n", "column 2"),
            ("to,to\n", "twice"),
            ("to,title\na,b,c\n", "line 2 has 3 cells"),
        ] {
            let error = rows(text).err().expect(text);
            assert!(error.contains(part), "{error}");
        }
    }
}
