//! Which of the first rows are the header: one, one with groups above or units below, or none.

use super::words::Said;
use crate::formats::csv::{Candidate, Dialect, TopRow, likeliest};
use crate::profiles::header::{Header, MOST_HEADER_ROWS, could_be_header, is_below, is_of_words, joined};

/// Dialect and header of a table.
pub(super) struct Found {
    pub(super) dialect: Dialect,
    /// What the columns are called; those without a name empty.
    pub(super) names: Vec<String>,
    /// Where the rows begin, in bytes of the text.
    pub(super) body: usize,
    /// Rows of the header.
    pub(super) rows: u8,
}

/// The header that is evident, or of as many rows as said; none where these cannot be one, or there is no table.
pub(super) fn find(tried: &[Candidate], rows: Option<u8>) -> Option<Found> {
    match rows {
        None => evident(tried).or_else(|| without(tried)),
        Some(0) => without(tried),
        Some(rows) => of_rows(tried, rows),
    }
}

/// The names of the columns, for a message; nothing where no row looks like a header, for a row of a session may name its driver.
pub(in crate::profiles) fn names_shown(tried: &[Candidate]) -> Vec<String> {
    evident(tried).map(|found| found.names).unwrap_or_default()
}

fn evident(tried: &[Candidate]) -> Option<Found> {
    let (candidate, at) = row_of_names(tried)?;
    let top = &candidate.top;
    let first = at - usize::from(at > 0 && are_groups(&top[at - 1..=at]));
    let last = at + usize::from(are_units(&top[at..]));
    found(candidate, first, last)
}

/// A header of some rows, from the first to the last of them.
fn found(candidate: &Candidate, first: usize, last: usize) -> Option<Found> {
    let taken = candidate.top.get(first..=last)?;
    let body = taken.last()?.next;
    Some(Found { dialect: candidate.dialect, names: joined(taken), body, rows: u8::try_from(taken.len()).ok()? })
}

/// No header: columns are known by their place. What stands in one column only is no table.
fn without(tried: &[Candidate]) -> Option<Found> {
    let dialect = dialect_of(tried, likeliest(tried)?)?.dialect;
    let candidate = tried.iter().find(|candidate| candidate.dialect == dialect)?;
    let Header { names, body, .. } = Header::none(candidate)?;
    Some(Found { dialect, names: vec![String::new(); names.len()], body, rows: 0 })
}

/// A header of as many rows as somebody says: those around the row of names; where there is none, the first of the table. No row that
/// could be one of data is ever taken for names.
fn of_rows(tried: &[Candidate], rows: u8) -> Option<Found> {
    let (candidate, at) = row_of_names(tried).or_else(|| first_row(tried))?;
    let more = usize::from(rows.min(MOST_HEADER_ROWS)) - 1;
    let are_names = |first: &usize| {
        let taken = candidate.top.get(*first..=*first + more);
        taken.is_some_and(|taken| taken.iter().all(|row| is_below(&row.fields)))
    };
    // Rows below belong to it sooner than titles above.
    let first = (at.saturating_sub(more)..=at).rev().find(are_names)?;
    found(candidate, first, first + more)
}

/// The row of which most is understood, and where nothing is, the first of the usual width.
fn row_of_names(tried: &[Candidate]) -> Option<(&Candidate, usize)> {
    let mut best: Option<((usize, usize), &Candidate, usize)> = None;
    for candidate in tried {
        for (at, row) in candidate.top.iter().enumerate() {
            let even = candidate.top.iter().filter(|other| other.fields.len() == row.fields.len()).count();
            let rank = (understood(row), even);
            let is_better = best.as_ref().is_none_or(|(best, ..)| rank > *best);
            if row.fields.len() > 1 && could_be_header(&row.fields) && is_better {
                best = Some((rank, candidate, at));
            }
        }
    }
    let (rank, candidate, at) = best?;
    if rank.0 > 0 {
        return Some((candidate, at));
    }
    first_row(tried).filter(|(candidate, at)| could_be_header(&candidate.top[*at].fields))
}

/// The first row of the usual width.
fn first_row(tried: &[Candidate]) -> Option<(&Candidate, usize)> {
    let row = likeliest(tried)?;
    let candidate = dialect_of(tried, row)?;
    Some((candidate, candidate.top.iter().position(|top| std::ptr::eq(top, row))?))
}

fn dialect_of<'t>(tried: &'t [Candidate], row: &TopRow) -> Option<&'t Candidate> {
    tried.iter().find(|candidate| candidate.top.iter().any(|top| std::ptr::eq(top, row)))
}

fn understood(row: &TopRow) -> usize {
    row.fields.iter().map(|name| Said::of(name).understood()).sum()
}

/// Whether a row names groups of the columns below it: several, where these have the same names more than once, which the groups
/// tell apart.
fn are_groups(rows: &[TopRow]) -> bool {
    let [above, names] = rows else { return false };
    let repeats = |names: &[String]| {
        let mut names: Vec<String> =
            names.iter().filter(|name| !name.is_empty()).map(|name| name.to_lowercase()).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        count - names.len()
    };
    (2..filled(names)).contains(&filled(above))
        && is_of_words(&above.fields)
        && repeats(&joined(rows)) < repeats(&names.fields)
}

/// Whether the second row goes on with the header in the first: words of which all are understood, units or formats, and not one digit,
/// above a row of values.
fn are_units(rows: &[TopRow]) -> bool {
    let [names, below, values, ..] = rows else { return false };
    let is_part = |cell: &String| cell.is_empty() || is_format(cell) || Said::of(cell).is_understood();
    let has_digit = |cell: &&String| cell.bytes().any(|byte| byte.is_ascii_digit());
    filled(below) > 0
        && below.fields.len() <= names.fields.len()
        && is_of_words(&below.fields)
        && below.fields.iter().all(is_part)
        && values.fields.iter().filter(has_digit).count() > 1
}

fn filled(row: &TopRow) -> usize {
    row.fields.iter().filter(|cell| !cell.is_empty()).count()
}

/// Whether a cell says in which form values are: `dd/mm/yyyy hh:mm`, `text`, `-`.
fn is_format(cell: &str) -> bool {
    const FORMATS: &str = "dd d mm mon mmm yyyy yy hh h ss sss am pm text string number numeric integer int decimal float double \
        date time datetime boolean bool iso utc local gbp kwh";
    let lower = cell.to_lowercase();
    let mut words = lower.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.all(|word| FORMATS.split_ascii_whitespace().any(|known| known == word))
}
