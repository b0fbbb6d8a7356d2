//! Headers of two rows: `Start` merged over `Date` and `Time` becomes `Start Date` and `Start Time`.

use std::collections::{BTreeMap, BTreeSet};

use calamine::Dimensions;

use super::Row;

/// Merged areas looked at: no header has more, and a hostile sheet has millions.
const MOST_AREAS: usize = 1000;

/// Makes one row of a header of two: where the upper row has cells merged over several columns, and every cell of the row below
/// is a word. Other rows stay as they are, titles too; and so does an upper row that only groups columns which the row below names each
/// in words of its own: with the group before them no layout would know them.
pub(super) fn join(top: &mut Vec<Row>, merged: &[Dimensions]) {
    let Some(last) = top.last().map(|row| row.number) else { return };
    let merged: Vec<Dimensions> = merged.iter().filter(|area| area.start.0 <= last).take(MOST_AREAS).copied().collect();
    let merged = merged.as_slice();
    let Some(upper) = (0..top.len().saturating_sub(1)).find(|at| is_upper(&top[*at], &top[at + 1], merged)) else {
        return;
    };
    let spread = spread(&top[upper], merged);
    let lower = &mut top[upper + 1];
    if names_all(lower, &spread) {
        return;
    }
    let mut joined: BTreeMap<u32, String> = spread;
    for (column, word) in std::mem::take(&mut lower.cells) {
        let cell = joined.entry(column).or_default();
        if !cell.is_empty() {
            cell.push(' ');
        }
        cell.push_str(&word);
    }
    lower.cells = joined.into_iter().collect();
    top.remove(upper);
}

fn is_upper(row: &Row, below: &Row, merged: &[Dimensions]) -> bool {
    let is_wide =
        |area: &&Dimensions| area.start.0 == row.number && area.end.0 == row.number && area.end.1 > area.start.1;
    // A title has one cell, merged over all; a header has several.
    let is_merged = row.cells.len() >= 2 && merged.iter().any(|area| is_wide(&area));
    let is_under =
        |column: u32| merged.iter().filter(is_wide).any(|area| (area.start.1..=area.end.1).contains(&column));
    is_merged
        && below.number == row.number + 1
        && below.cells.iter().any(|(column, _)| is_under(*column))
        && below.cells.iter().all(|(_, word)| word.chars().any(char::is_alphabetic))
}

/// Whether a row names every column of the row above it, and each in other words.
fn names_all(row: &Row, above: &BTreeMap<u32, String>) -> bool {
    let columns: BTreeSet<u32> = row.cells.iter().map(|(column, _)| *column).collect();
    let words: BTreeSet<String> = row.cells.iter().map(|(_, word)| word.trim().to_lowercase()).collect();
    words.len() == row.cells.len() && above.keys().all(|column| columns.contains(column))
}

/// The cells of a row, each repeated over the columns it is merged over.
fn spread(row: &Row, merged: &[Dimensions]) -> BTreeMap<u32, String> {
    let mut cells = BTreeMap::new();
    for (column, text) in &row.cells {
        let area = merged.iter().find(|area| area.start == (row.number, *column));
        // A hostile area is as wide as a sheet; no more columns than Excel has.
        let last = area.map_or(*column, |area| area.end.1.min(16_383));
        for at in *column..=last {
            cells.insert(at, text.clone());
        }
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(number: u32, cells: &[(u32, &str)]) -> Row {
        Row { number, cells: cells.iter().map(|(column, text)| (*column, (*text).to_owned())).collect() }
    }

    fn merged(row: u32, columns: (u32, u32), last_row: u32) -> Dimensions {
        Dimensions { start: (row, columns.0), end: (last_row, columns.1) }
    }

    #[test]
    fn a_header_of_two_rows_becomes_one() {
        let mut top = vec![
            row(0, &[(0, "Usage report")]),
            row(1, &[(0, "CP ID"), (1, "Start"), (3, "End")]),
            row(2, &[(1, "Date"), (2, "Time"), (3, "Date"), (4, "Time")]),
            row(3, &[(0, "50"), (1, "2018-06-06"), (2, "08:15:00"), (3, "2018-06-06"), (4, "09:15:00")]),
        ];
        join(&mut top, &[merged(0, (0, 4), 0), merged(1, (0, 0), 2), merged(1, (1, 2), 1), merged(1, (3, 4), 1)]);
        let header: Vec<&str> = top[1].cells.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(header, ["CP ID", "Start Date", "Start Time", "End Date", "End Time"]);
        assert_eq!(top.len(), 3);
    }

    #[test]
    fn a_row_that_only_groups_columns_with_names_of_their_own_is_left_alone() {
        let groups = || row(0, &[(0, "Where"), (2, "When")]);
        let named = [(0, "Site"), (1, "CP ID"), (2, "Start"), (3, "End"), (4, "kWh")];
        let areas = [merged(0, (0, 1), 0), merged(0, (2, 3), 0)];
        let mut top = vec![groups(), row(1, &named)];
        join(&mut top, &areas);
        assert_eq!(top.len(), 2);
        // Without a name of its own a column is named by its group.
        for cells in
            [vec![(0, "Site"), (2, "Start"), (3, "End")], vec![(0, "Site"), (1, "Id"), (2, "Time"), (3, "Time")]]
        {
            let mut top = vec![groups(), row(1, &cells)];
            join(&mut top, &areas);
            assert_eq!(top.len(), 1, "{cells:?}");
        }
    }

    #[test]
    fn rows_below_a_merged_header_are_left_alone() {
        let mut top = vec![row(0, &[(0, "id"), (1, "place")]), row(1, &[(0, "1"), (1, "x")])];
        join(&mut top, &[merged(0, (1, 2), 0)]);
        assert_eq!(top.len(), 2);
    }
}
