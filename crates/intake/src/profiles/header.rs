//! The header of a table: which of its first rows it is, and what the columns are called; those without a name by their place.

use std::collections::{HashMap, HashSet};

use super::recognise::{OUR_OWN, folded};
use crate::fields;
use crate::formats::csv::{Candidate, TopRow, usual_width};

/// Rows that a header may have.
pub(super) const MOST_HEADER_ROWS: u8 = 5;

/// Digits of a cell with which it is no name: a date, a moment, or what could be a card. Fewer make it a value.
const DIGITS_OF_NO_NAME: usize = 7;
const DIGITS_OF_VALUE: usize = 5;

/// What a column without a name is called, by its position from 0: `column 3` is the third.
#[must_use]
pub fn place(at: usize) -> String {
    format!("column {}", at + 1)
}

/// Whether a name is that of a place, whichever.
pub(crate) fn is_any_place(name: &str) -> bool {
    let digits = folded(name).strip_prefix("column").map(str::to_owned).unwrap_or_default();
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a name is that of the place where it stands.
pub(crate) fn is_place(name: &str, at: usize) -> bool {
    folded(name) == folded(&place(at))
}

/// Some of the first rows, taken as header.
pub(super) struct Header<'c> {
    pub(super) names: Vec<String>,
    pub(super) folded: Vec<String>,
    /// Where the rows begin, in bytes of the text.
    pub(super) body: usize,
    /// The first of them.
    pub(super) below: &'c [TopRow],
    /// Whether the file has no header, so that only the values speak for a layout.
    pub(super) is_none: bool,
}

impl<'c> Header<'c> {
    /// Each place where a header of so many rows could be. Of none, it is above the first row; or the file names places itself, as
    /// rows given back for mending do.
    pub(super) fn each(candidate: &'c Candidate, rows: usize) -> Vec<Self> {
        let of = |(at, taken): (usize, &'c [TopRow])| {
            Self::of(joined(taken), taken[rows - 1].next, &candidate.top[at + rows..])
        };
        let could_be = |(_, taken): &(usize, &'c [TopRow])| taken[1..].iter().all(|row| is_below(&row.fields));
        match rows {
            0 => {
                let named = candidate.top.iter().enumerate().filter(|(_, row)| names_places(&row.fields));
                let named = named.map(|(at, row)| Self::of(row.fields.clone(), row.next, &candidate.top[at + 1..]));
                Self::none(candidate).into_iter().chain(named).collect()
            }
            _ => candidate.top.windows(rows).enumerate().filter(could_be).map(of).collect(),
        }
    }

    /// No header: the first row of the usual width is data already.
    pub(super) fn none(candidate: &'c Candidate) -> Option<Self> {
        let width = usual_width(candidate);
        let is_row =
            |row: &TopRow| row.fields.len() == width && row.fields.iter().filter(|cell| !cell.is_empty()).count() > 1;
        let at = candidate.top.iter().position(is_row)?;
        let body = at.checked_sub(1).map_or(0, |above| candidate.top[above].next);
        let header = Self::of(vec![String::new(); width], body, &candidate.top[at..]);
        Some(Self { is_none: true, ..header })
    }

    fn of(names: Vec<String>, body: usize, below: &'c [TopRow]) -> Self {
        let names = numbered(placed(names));
        let folded = names.iter().map(|name| folded(name)).collect();
        Self { names, folded, body, below, is_none: false }
    }
}

/// Whether a row names each column by its place.
fn names_places(cells: &[String]) -> bool {
    let mut own = cells.iter().enumerate().filter(|(_, name)| !name.starts_with(OUR_OWN)).peekable();
    own.peek().is_some() && own.all(|(at, name)| is_place(name, at))
}

/// Names of the columns; of several rows of names joined, where a blank above takes the name to its left.
pub(super) fn joined(rows: &[TopRow]) -> Vec<String> {
    let Some((lowest, upper)) = rows.split_last() else { return Vec::new() };
    if upper.is_empty() {
        return lowest.fields.clone();
    }
    let width = rows.iter().map(|row| row.fields.len()).max().unwrap_or(0);
    let mut above = vec![""; upper.len()];
    let mut joined = Vec::with_capacity(width);
    for at in 0..width {
        for (above, row) in above.iter_mut().zip(upper) {
            if let Some(name) = named(row, at) {
                *above = name;
            }
        }
        let has_name = rows.iter().any(|row| named(row, at).is_some());
        let lower = lowest.fields.get(at).map_or("", String::as_str);
        let words = above.iter().copied().chain([lower]).filter(|word| has_name && !word.is_empty());
        joined.push(words.collect::<Vec<_>>().join(" "));
    }
    joined
}

fn named(row: &TopRow, at: usize) -> Option<&str> {
    row.fields.get(at).map(String::as_str).filter(|name| !name.is_empty())
}

/// Names of columns, those without one by their place: unless another column is called so.
pub(super) fn placed(names: Vec<String>) -> Vec<String> {
    if !names.iter().any(String::is_empty) {
        return names;
    }
    let all: HashSet<String> = names.iter().map(|name| folded(name)).collect();
    let of = |(at, name): (usize, String)| match place(at) {
        place if name.is_empty() && !all.contains(&folded(&place)) => place,
        _ => name,
    };
    names.into_iter().enumerate().map(of).collect()
}

/// Names of columns of which none is another's: the second `Time` is `Time (2)`, so that a layout can tell the two apart.
pub(super) fn numbered(names: Vec<String>) -> Vec<String> {
    let mut taken: HashSet<String> = HashSet::with_capacity(names.len());
    let all: HashSet<String> = names.iter().map(|name| folded(name)).collect();
    if all.len() == names.len() {
        return names;
    }
    let mut last: HashMap<String, u32> = HashMap::new();
    let number = |name: String| {
        let plain = folded(&name);
        if plain.is_empty() || taken.insert(plain.clone()) {
            return name;
        }
        let number = last.entry(plain).or_insert(1);
        loop {
            *number += 1;
            let numbered = format!("{name} ({number})");
            // A name of the file itself may look so.
            if !all.contains(&folded(&numbered)) {
                return numbered;
            }
        }
    };
    names.into_iter().map(number).collect()
}

/// A name without the number that tells it from another.
pub(super) fn without_number(name: &str) -> &str {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let parts = name.strip_suffix(')').and_then(|rest| rest.rsplit_once(" ("));
    parts.filter(|(_, number)| is_number(number)).map_or(name, |(name, _)| name)
}

/// Whether a row can be a header by itself: names are no numbers, no dates and no ids.
pub(super) fn could_be_header(cells: &[String]) -> bool {
    let filled = cells.iter().filter(|cell| !cell.is_empty()).count();
    filled > 1 && !cells.iter().any(|cell| is_no_name(cell)) && are_few(cells, |cell| is_value(cell) || is_date(cell))
}

/// Whether a row can belong to a header, above or below one that has names: nothing in it is a moment or could be a card. A row of
/// a session must never be taken for names, for names are kept and shown.
pub(super) fn is_below(cells: &[String]) -> bool {
    !cells.iter().any(|cell| is_no_name(cell) || is_date(cell)) && are_few(cells, is_value)
}

fn is_no_name(cell: &str) -> bool {
    digits(cell) >= DIGITS_OF_NO_NAME || cell.contains('@')
}

fn is_value(cell: &str) -> bool {
    cell.parse::<f64>().is_ok() || digits(cell) >= DIGITS_OF_VALUE
}

/// Whether at most a fifth of the cells are so.
fn are_few(cells: &[String], is_so: impl Fn(&str) -> bool) -> bool {
    let filled = cells.iter().filter(|cell| !cell.is_empty()).count();
    cells.iter().filter(|cell| is_so(cell)).count() * 5 <= filled
}

/// Whether a row has no value at all, not even a digit, as rows of units and of groups have none.
pub(super) fn is_of_words(cells: &[String]) -> bool {
    cells.iter().all(|cell| digits(cell) == 0 && !cell.contains('@'))
}

fn digits(cell: &str) -> usize {
    cell.bytes().filter(u8::is_ascii_digit).count()
}

fn is_date(cell: &str) -> bool {
    fields::date(fields::day_of(cell), fields::Order::DayFirst).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(of: &[&str]) -> Vec<String> {
        of.iter().map(|name| (*name).to_owned()).collect()
    }

    fn row(cells: &[&str]) -> TopRow {
        TopRow { fields: names(cells), next: 0 }
    }

    #[test]
    fn columns_of_one_name_are_told_apart_by_a_number() {
        let of = |list: &[&str]| numbered(names(list));
        assert_eq!(of(&["Date", "Time", "Date", "time", "kWh"]), ["Date", "Time", "Date (2)", "time (2)", "kWh"]);
        assert_eq!(of(&["T", "T (2)", "T", "", "T", ""]), ["T", "T (2)", "T (3)", "", "T (4)", ""]);
        assert_eq!((without_number("Time (2)"), without_number("Energy (kWh)")), ("Time", "Energy (kWh)"));
    }

    #[test]
    fn a_column_without_a_name_is_called_by_its_place_unless_another_is() {
        assert_eq!(placed(names(&["id", "", "kWh", ""])), ["id", "column 2", "kWh", "column 4"]);
        assert_eq!(placed(names(&["Column 2", "", "kWh"])), ["Column 2", "", "kWh"]);
        assert!(
            is_place("Column_3", 2) && !is_place("column 3", 3) && is_any_place("column 12") && !is_any_place("column")
        );
    }

    #[test]
    fn rows_of_a_header_are_joined_and_what_none_of_them_names_stays_nameless() {
        let two = [row(&["Unit", "Start", "", "", ""]), row(&["", "date", "time", "", "kWh"])];
        assert_eq!(joined(&two), ["Unit", "Start date", "Start time", "", "Start kWh"]);
        let three = [row(&["Session", "", "Site"]), row(&["Start", "Energy", "Name"]), row(&["dd/mm", "kWh", ""])];
        assert_eq!(joined(&three), ["Session Start dd/mm", "Session Energy kWh", "Site Name"]);
    }

    #[test]
    fn a_row_of_a_session_belongs_to_no_header() {
        assert!(is_below(&names(&["", "dd/mm/yyyy", "kWh"])) && is_of_words(&names(&["", "£"])));
        for cells in [["E1", "01/05/2024 08:00"], ["04A2B3C4D5", "x"], ["a@b.uk", "x"], ["Jane", "7.25"]] {
            assert!(!is_below(&names(&cells)) && !could_be_header(&names(&cells)), "{cells:?}");
        }
        assert!(!is_of_words(&names(&["E1", "Jane"])));
    }
}
