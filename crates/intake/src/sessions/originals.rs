//! Rows of a file in its own columns, to be mended and sent again, without the ids of drivers.

use std::collections::BTreeSet;

use super::instants::Clock;
use super::nothing::is_nobody;
use super::row::Reader;
use super::{look_for_repairs, spilled};
use crate::fields::{Moment, moment};
use crate::formats::{self, Row, Source, Table};
use crate::identity::{Pseudonyms, marked};
use crate::profiles::{Field, Recognised, recognise_return};
use crate::{Declared, Refusal, showing};

/// Rows of a file as they stand in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OriginalRows {
    /// Headers of its columns.
    pub header: Vec<String>,
    /// Rows that its layout takes for the header. Where there are two, all of it can stand in the first, above blank cells.
    pub header_rows: usize,
    /// What divides its fields. Rows that are sent again must be divided by the same: a lone comma is a decimal one by that.
    pub delimiter: char,
    /// Rows by their number in the file, the first below the header being 1; cells in the order of the columns. Drivers' ids
    /// are replaced by marked pseudonyms, which are read as the same drivers when the row is sent again. What repairs read otherwise than it
    /// stands is written as they read it, for a few rows by themselves prove none. Cells of columns that no
    /// field takes are blank, and of times and amounts only what can belong to them is left. A row that took those below it into
    /// one of its cells is followed by them, under its number; of one with a cell beyond the last header only what is surely in its
    /// place is shown.
    pub rows: Vec<(u64, Vec<String>)>,
}

/// No rows, and no columns.
impl Default for OriginalRows {
    fn default() -> Self {
        Self { header: Vec::new(), header_rows: 1, delimiter: ',', rows: Vec::new() }
    }
}

/// The wanted rows of a return, in its own columns.
///
/// # Errors
/// [`Refusal`] when the file as a whole cannot be a return.
pub fn original_rows<S: Source + ?Sized>(
    source: &S,
    declared: &Declared<'_>,
    wanted: &BTreeSet<u64>,
) -> Result<OriginalRows, Refusal> {
    of_source(&source, declared, wanted)
}

fn of_source(source: &dyn Source, declared: &Declared<'_>, wanted: &BTreeSet<u64>) -> Result<OriginalRows, Refusal> {
    let opened = formats::open(source, source.part())?;
    let layout = recognise_return(opened.head(), declared)?;
    let table = opened.into_table(layout.body, layout.dialect);
    let mut pseudonyms = Pseudonyms::new(declared.hub_key, declared.operator);
    let driver = layout.columns.get(&Field::Driver).copied();
    // A row whose cells are shifted may hold any driver's id anywhere: all must be known before one row is given out.
    let mut remember = |cell: Option<&str>| {
        if let Some(raw) = cell.map(str::trim_ascii).filter(|raw| !is_nobody(raw)) {
            pseudonyms.of(raw);
        }
    };
    let width = layout.needed().max().map_or(0, |last| last + 1);
    table.for_each_row(|_, record| match spilled::count(&layout, width, record) {
        None if record.holds_beyond(layout.width) => {}
        None => remember(driver.and_then(|at| record.get(at))),
        Some(_) => {
            let rows = spilled::divided(&layout, record);
            rows.iter().for_each(|row| remember(driver.and_then(|at| row.get(at)).copied()));
        }
    })?;
    let mut writing = Writing { layout: &layout, fields: fields_of(&layout), pseudonyms };
    let repaired = repaired(&layout, &table, declared)?;
    let mut rows = Vec::new();
    table.for_each_row(|number, record| {
        if !wanted.contains(&number) {
            return;
        }
        if spilled::count(&layout, width, record).is_none() {
            let is_moved = record.holds_beyond(layout.width);
            let mut cells = match () {
                () if is_moved => writing.moved_cells(record),
                () if writing.has_dates_elsewhere(record) => writing.shifted_cells(&record.iter().collect::<Vec<_>>()),
                () => writing.cells(record.iter()),
            };
            for (at, text) in repaired.iter().filter(|_| !is_moved).flat_map(|reader| reader.mended(number, record)) {
                // What is hidden stays so.
                if let Some(cell) = cells.get_mut(at).filter(|cell| Some(cell.as_str()) == record.get(at)) {
                    *cell = text;
                }
            }
            rows.push((number, cells));
            return;
        }
        for row in spilled::divided(&layout, record) {
            let is_shifted = row.len() > layout.header.len();
            let cells = if is_shifted { writing.shifted_cells(&row) } else { writing.cells(row.into_iter()) };
            rows.push((number, cells));
        }
    })?;
    Ok(OriginalRows {
        header: layout.header.clone(),
        header_rows: usize::from(layout.profile.header_rows),
        delimiter: char::from(layout.dialect.delimiter),
        rows,
    })
}

/// Reads as the repairs that are to be applied have it; none where there are none.
fn repaired<'l>(
    layout: &'l Recognised,
    table: &Table<'_>,
    declared: &Declared<'_>,
) -> Result<Option<Reader<'l>>, Refusal> {
    if declared.repairs.is_empty() {
        return Ok(None);
    }
    let clock = Clock::of(layout, table)?;
    let is_civil = clock.is_civil();
    let (reader, ..) = look_for_repairs(Reader::new(layout, clock, declared), table, layout, declared, is_civil)?;
    Ok(Some(reader))
}

/// The field that each column feeds.
fn fields_of(layout: &Recognised) -> Vec<Option<Field>> {
    let field = |at: usize| layout.columns.iter().find(|(_, column)| **column == at).map(|(field, _)| *field);
    (0..layout.header.len()).map(field).collect()
}

/// Writes rows of a file without what names a driver.
struct Writing<'l> {
    layout: &'l Recognised,
    fields: Vec<Option<Field>>,
    pseudonyms: Pseudonyms,
}

impl Writing<'_> {
    fn cells<'r>(&mut self, cells: impl Iterator<Item = &'r str>) -> Vec<String> {
        let fields = self.fields.clone();
        let cells = cells.zip(fields);
        // What nothing is read from is left blank: nobody knows what stands there, and the row says as much without it.
        cells.map(|(text, field)| field.map_or_else(String::new, |field| self.cell(field, text))).collect()
    }

    /// Whether a date stands where an id is expected, or only in other columns than that of the start: then a cell is missing or too many
    /// before it.
    fn has_dates_elsewhere(&self, record: &Row<'_>) -> bool {
        let dates: Vec<Field> =
            record.iter().zip(&self.fields).filter(|(text, _)| is_date(text)).filter_map(|(_, field)| *field).collect();
        let start = self.layout.columns.get(&Field::PlugIn).and_then(|at| record.get(*at)).unwrap_or_default();
        let is_of_time = |field: &Field| matches!(field, Field::PlugIn | Field::PlugOut | Field::ChargingEnd);
        let has_letter_or_digit = start.bytes().any(|byte| byte.is_ascii_alphanumeric());
        // What is shown of a start that cannot be read may be an id: what stands beside its own column may be one then, too.
        let is_id = || showing::content(start) != start;
        dates.iter().any(|field| !field.is_measured())
            || (!dates.is_empty() && is_id())
            || (has_letter_or_digit && !is_date(start) && dates.iter().any(|field| !is_of_time(field)))
    }

    /// The same of a row that has more cells than there are columns, as a delimiter within a cell was taken for one between two: what
    /// belongs to a driver may stand where an id is expected.
    fn shifted_cells(&mut self, row: &[&str]) -> Vec<String> {
        let is_sure = |field: Option<Field>| field.is_none_or(|field| field == Field::Driver || field.is_measured());
        let sure: Vec<bool> = self.fields.iter().map(|field| is_sure(*field)).collect();
        let cells = self.cells(row.iter().copied()).into_iter().zip(sure);
        cells
            .map(|(text, is_sure)| if is_sure || text.is_empty() { text } else { showing::HIDDEN.to_owned() })
            .collect()
    }

    /// The same of a row that a delimiter within a cell moved to the right from somewhere on. What stood in the column of drivers, or
    /// in one that no field takes, may stand anywhere behind it: from there on nothing is shown. The energy is not either, so that
    /// the row cannot be taken for a right one when it is sent again as it is.
    fn moved_cells(&mut self, record: &Row<'_>) -> Vec<String> {
        let is_private = |field: &Option<Field>| field.is_none_or(|field| field == Field::Driver);
        let first_private = self.fields.iter().position(is_private).unwrap_or(self.fields.len());
        let energy = self.layout.columns.get(&Field::Energy).copied();
        let texts: Vec<&str> = record.iter().collect();
        let cells = self.cells(texts.iter().copied()).into_iter().zip(&texts).enumerate();
        let shown = |(at, (cell, text)): (usize, (String, &&str))| match () {
            () if text.trim_ascii().is_empty() => String::new(),
            () if at >= first_private || energy == Some(at) => showing::HIDDEN.to_owned(),
            () => cell,
        };
        cells.map(shown).collect()
    }

    fn cell(&mut self, field: Field, text: &str) -> String {
        let bare = text.trim_ascii();
        if bare.is_empty() || (field == Field::Driver && is_nobody(bare)) {
            return String::new();
        }
        if field == Field::Driver || self.pseudonyms.knows(bare) {
            return marked(self.pseudonyms.of(bare));
        }
        if text.split_ascii_whitespace().any(|word| self.pseudonyms.knows(word)) {
            return showing::HIDDEN.to_owned();
        }
        if field.is_measured() && !self.reads(field, bare) {
            showing::content(text).into_owned()
        } else {
            text.to_owned()
        }
    }

    /// Whether a cell is an instant as the layout writes them: such as seconds since 1970, which have as many digits as a card.
    fn reads(&self, field: Field, text: &str) -> bool {
        let is_time = matches!(field, Field::PlugIn | Field::PlugOut | Field::ChargingEnd);
        let times = self.layout.profile.times.filter(|_| is_time);
        let read = times.and_then(|times| moment(times, text, None));
        matches!(read, Some(Moment::Instant(at)) if is_ours(at))
    }
}

/// Whether a text is a date in digits, perhaps with a clock.
fn is_date(text: &str) -> bool {
    let is_divider = |letter: char| matches!(letter, '/' | '-' | '.');
    let Ok([first, second, third]) = <[&str; 3]>::try_from(text.trim_ascii().splitn(3, is_divider).collect::<Vec<_>>())
    else {
        return false;
    };
    let are_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let end = third.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(third.len());
    let (third, clock) = third.split_at(end);
    let lengths = (first.len(), second.len(), third.len());
    let is_of_clock = |letter: char| letter.is_ascii_digit() || ":. TZ+".contains(letter);
    are_digits(first)
        && are_digits(second)
        && matches!(lengths, (4, 1 | 2, 1 | 2) | (1 | 2, 1 | 2, 2 | 4))
        && clock.chars().all(is_of_clock)
}

/// Whether an instant is of this century.
fn is_ours(at: jiff::Timestamp) -> bool {
    (946_684_800..=4_102_444_799).contains(&at.as_second())
}
