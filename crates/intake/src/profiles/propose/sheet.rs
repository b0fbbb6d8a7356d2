//! The first rows of a file, once its dialect and its header are found by what the headers say.

use csv::ByteRecord;

use super::headers::{self, Found};
use super::ids;
use super::words::Said;
use crate::fields::{self, Fee};
use crate::formats::csv::{Dialect, candidates, reader};
use crate::profiles::EnergyUnit;
use crate::profiles::header::{numbered, placed};

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
    /// Rows of the header; 0 where the first row is data already.
    pub(super) header_rows: u8,
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
    /// Finds dialect and header, or takes as many rows for it as said; none where these cannot be one, or there is no table.
    pub(super) fn of(text: &str, header_rows: Option<u8>) -> Option<Self> {
        let tried = candidates(text);
        let Found { dialect, names, body, rows: header_rows } = headers::find(&tried, header_rows)?;
        let called: Vec<String> = names.into_iter().take(COLUMNS).collect();
        let names = numbered(placed(called.clone()));
        let mut columns: Vec<Column> =
            names.into_iter().zip(called).map(|(name, called)| Column::of(name, called)).collect();
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
        Some(Self { dialect, columns, body, rows: count, header_rows, comma_is_decimal })
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

    /// Cells that a row may fill: columns up to the last with a name, or all where at least half of the rows fill one behind it.
    pub(super) fn width(&self) -> usize {
        let named = self.columns.iter().rposition(Column::has_name).map_or(0, |last| last + 1);
        let filling = self.columns.iter().skip(named).map(Column::filled).max().unwrap_or(0);
        if filling > 0 && 2 * filling >= self.rows { self.columns.len() } else { named }
    }

    /// Columns with something in them; not those without a name that only count the rows.
    pub(super) fn filled(&self) -> impl Iterator<Item = (usize, &Column)> {
        let says_something = |column: &Column| column.has_name() || !ids::is_count(column);
        let is_meant =
            move |column: &Column| !column.header.is_empty() && column.filled() > 0 && says_something(column);
        self.columns.iter().enumerate().filter(move |(_, column)| is_meant(column))
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

    /// Whether the file names it; another is known by its place.
    pub(super) fn has_name(&self) -> bool {
        !self.called.is_empty()
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
