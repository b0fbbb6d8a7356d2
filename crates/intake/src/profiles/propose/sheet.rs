//! The first rows of a file, once its dialect and its header are found by what the headers say.

use csv::ByteRecord;

use super::words::Said;
use crate::fields::{self, Fee};
use crate::formats::csv::{Candidate, Dialect, candidates, likeliest, reader};
use crate::profiles::EnergyUnit;
use crate::profiles::recognise::numbered;

/// Rows that a proposal rests on.
const ROWS: usize = 2_000;

/// Columns looked at.
const COLUMNS: usize = 512;

/// Characters of a cell that matter.
const CELL: usize = 200;

/// The first rows of a file, by column.
pub(super) struct Sheet {
    pub(super) dialect: Dialect,
    pub(super) columns: Vec<Column>,
    /// Where the rows begin, in bytes of the text.
    pub(super) body: usize,
    pub(super) rows: usize,
    /// Whether a lone comma is the decimal one.
    pub(super) comma_is_decimal: bool,
}

/// A column.
pub(super) struct Column {
    pub(super) header: String,
    /// The header as in the file, without the number that tells it from another.
    pub(super) called: String,
    pub(super) said: Said,
    /// One a row; empty where there is nothing.
    pub(super) cells: Vec<String>,
}

impl Sheet {
    /// Finds dialect and header; none where no row can be a header.
    pub(super) fn of(text: &str) -> Option<Self> {
        let tried = candidates(text);
        let (dialect, header, body) = header(&tried)?;
        let names = numbered(header.iter().take(COLUMNS).cloned().collect());
        let mut columns: Vec<Column> =
            names.into_iter().zip(header).map(|(name, called)| Column::of(name, called)).collect();
        let mut rows = reader(text.get(body..)?.as_bytes(), dialect, 8 << 10);
        let mut record = ByteRecord::new();
        let mut count = 0;
        while count < ROWS && rows.read_byte_record(&mut record).unwrap_or(false) {
            if record.as_slice().iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            count += 1;
            for (at, column) in columns.iter_mut().enumerate() {
                column.push(record.get(at).unwrap_or_default());
            }
        }
        let comma_is_decimal = comma_is_decimal(&columns, dialect);
        Some(Self { dialect, columns, body, rows: count, comma_is_decimal })
    }

    /// The numbers of a column; none where a cell holds none.
    pub(super) fn numbers(&self, at: usize) -> Vec<Option<f64>> {
        let read = |cell: &String| fields::number(cell, self.comma_is_decimal);
        self.columns[at].cells.iter().map(read).collect()
    }

    /// The fees of a column, in pounds where a cell says so itself; none where a cell holds none.
    pub(super) fn fees(&self, at: usize) -> Vec<Option<f64>> {
        let read = |cell: &String| match fields::fee(cell, self.comma_is_decimal) {
            Fee::Number(value) => Some(value),
            Fee::Pence(pence) => Some(pence / 100.0),
            Fee::Other(_) | Fee::Unreadable => None,
        };
        self.columns[at].cells.iter().map(read).collect()
    }

    /// The energies of a column, kWh; none where a cell holds none.
    pub(super) fn energies_kwh(&self, at: usize, unit: EnergyUnit) -> Vec<Option<f64>> {
        let read = |cell: &String| fields::energy_kwh(cell, unit, self.comma_is_decimal);
        self.columns[at].cells.iter().map(read).collect()
    }

    /// Columns with something in them.
    pub(super) fn filled(&self) -> impl Iterator<Item = (usize, &Column)> {
        self.columns.iter().enumerate().filter(|(_, column)| !column.header.is_empty() && column.filled() > 0)
    }
}

impl Column {
    fn of(header: String, called: String) -> Self {
        Self { header, said: Said::of(&called), called, cells: Vec::new() }
    }

    fn push(&mut self, cell: &[u8]) {
        let text = String::from_utf8_lossy(cell);
        let text = text.trim();
        let is_nothing =
            ["na", "n/a", "null", "none", "-", "<na>"].iter().any(|nothing| nothing.eq_ignore_ascii_case(text));
        self.cells.push(if is_nothing { String::new() } else { text.chars().take(CELL).collect() });
    }

    /// Cells with something in them.
    pub(super) fn filled(&self) -> usize {
        self.cells.iter().filter(|cell| !cell.is_empty()).count()
    }

    /// Different values.
    pub(super) fn distinct(&self) -> usize {
        let mut cells: Vec<&String> = self.cells.iter().filter(|cell| !cell.is_empty()).collect();
        cells.sort_unstable();
        cells.dedup();
        cells.len()
    }

    /// Length of the longest value, in characters.
    pub(super) fn longest(&self) -> usize {
        self.cells.iter().map(|cell| cell.chars().count()).max().unwrap_or(0)
    }
}

/// Dialect, header, and where the rows begin: the row of which most is understood, and where nothing is, the first of the usual
/// width.
fn header(tried: &[Candidate]) -> Option<(Dialect, Vec<String>, usize)> {
    let mut best: Option<((usize, usize), &Candidate, usize)> = None;
    for candidate in tried {
        for (at, row) in candidate.top.iter().enumerate() {
            let understood: usize = row.fields.iter().map(|name| Said::of(name).understood()).sum();
            let even = candidate.top.iter().filter(|other| other.fields.len() == row.fields.len()).count();
            let is_better = best.as_ref().is_none_or(|(rank, _, _)| (understood, even) > *rank);
            if row.fields.len() > 1 && could_be_header(&row.fields) && is_better {
                best = Some(((understood, even), candidate, at));
            }
        }
    }
    let (rank, candidate, at) = best?;
    if rank.0 == 0 {
        let row = likeliest(tried).filter(|row| could_be_header(&row.fields))?;
        let dialect = tried.iter().find(|candidate| candidate.top.iter().any(|top| std::ptr::eq(top, row)))?.dialect;
        return Some((dialect, row.fields.clone(), row.next));
    }
    Some((candidate.dialect, candidate.top[at].fields.clone(), candidate.top[at].next))
}

/// Digits of a cell with which it is no name: a date, a moment, or what could be a card. Fewer make it a value.
const DIGITS_OF_NO_NAME: usize = 7;
const DIGITS_OF_VALUE: usize = 5;

/// The names of the columns, for a message; nothing where no row looks like a header, for a row of a session may name its driver.
pub(in crate::profiles) fn names_shown(tried: &[Candidate]) -> Vec<String> {
    header(tried).map(|(_, names, _)| names).unwrap_or_default()
}

/// Names are no numbers, no dates and no ids.
fn could_be_header(cells: &[String]) -> bool {
    let digits = |cell: &String| cell.bytes().filter(u8::is_ascii_digit).count();
    let is_value = |cell: &&String| {
        cell.parse::<f64>().is_ok()
            || digits(cell) >= DIGITS_OF_VALUE
            || fields::date(fields::day_of(cell), fields::Order::DayFirst).is_some()
    };
    let is_no_name = |cell: &String| digits(cell) >= DIGITS_OF_NO_NAME || cell.contains('@');
    let filled = cells.iter().filter(|cell| !cell.is_empty()).count();
    filled > 1 && !cells.iter().any(is_no_name) && cells.iter().filter(is_value).count() * 5 <= filled
}

/// Whether lone commas are decimal ones. One that is not followed by three digits is; where all are, a decimal point elsewhere says
/// that they are not; where nothing speaks, they are unless commas divide the fields.
fn comma_is_decimal(columns: &[Column], dialect: Dialect) -> bool {
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let without_unit = |cell: &'_ String| {
        cell.len() - cell.bytes().rev().take_while(|b| b.is_ascii_alphabetic() || *b == b' ').count()
    };
    let cells = || columns.iter().flat_map(|column| &column.cells).filter_map(|cell| cell.get(..without_unit(cell)));
    let parts = |mark: char| {
        let split = cells().filter_map(move |cell| cell.split_once(mark));
        split.filter(|(whole, rest)| is_digits(whole.trim_start_matches('-')) && is_digits(rest))
    };
    let decimal = parts(',').filter(|(_, rest)| rest.len() != 3).count();
    let has_points = parts('.').next().is_some();
    match decimal {
        0 => !has_points && dialect.delimiter != b',',
        count => !has_points || count > parts('.').count(),
    }
}
