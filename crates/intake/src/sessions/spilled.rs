//! Rows that stand within the cells of another, because a quotation mark before them was never closed.

use crate::formats::Row;
use crate::profiles::Recognised;

const BREAKS: [char; 2] = ['\n', '\r'];

/// How many rows a row took into its cells; none where it holds only itself.
pub(super) fn count(layout: &Recognised, width: usize, record: &Row<'_>) -> Option<usize> {
    if !record.is_quoted() {
        return None;
    }
    let text = record.text();
    memchr::memchr2(b'\n', b'\r', text.strip_suffix('\r').unwrap_or(text).as_bytes())?;
    let delimiters = |line: &str| memchr::memchr_iter(layout.dialect.delimiter, line.as_bytes()).count();
    let is_row = |line: &str| delimiters(line) + 1 >= width;
    // The mark is closed in the next row already: what stands before the break and what stands behind it are as many cells as the
    // header has.
    let is_of_two = |at: usize, first: &str, below: &[&str]| match below {
        [last] => [at + delimiters(first) + 1, delimiters(last) + record.len() - at] == [layout.header.len(); 2],
        _ => false,
    };
    // A line break within a text is none, as long as what follows is no row.
    let rows = |(at, cell): (usize, &str)| {
        let mut lines = cell.split(BREAKS);
        let first = lines.next().unwrap_or_default();
        let below: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
        if below.iter().any(|line| is_row(line)) || is_of_two(at, first, &below) { below.len() } else { 0 }
    };
    Some(record.iter().enumerate().map(rows).sum()).filter(|rows| *rows > 0)
}

/// The row itself and those that it took in, each divided as if no quotation mark stood there. A mark that stood around a cell of
/// theirs is left at one end of it, and taken off.
pub(super) fn divided<'r>(layout: &Recognised, record: &Row<'r>) -> Vec<Vec<&'r str>> {
    let delimiter = char::from(layout.dialect.delimiter);
    let (mut rows, mut row) = (Vec::new(), Vec::new());
    for cell in record.iter() {
        if !cell.contains(BREAKS) {
            row.push(cell.trim_matches('"'));
            continue;
        }
        for (at, line) in cell.split(BREAKS).enumerate() {
            if at > 0 {
                rows.push(std::mem::take(&mut row));
            }
            row.extend(line.split(delimiter).map(|cell| cell.trim_matches('"')));
        }
    }
    rows.push(row);
    rows.retain(|row| row.iter().any(|cell| !cell.trim_ascii().is_empty()));
    rows
}
