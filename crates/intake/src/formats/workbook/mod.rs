//! Excel workbooks (XLSX): each sheet that holds a table becomes delimited text, with cells as they are shown, dates in ISO.

mod cells;
mod header;
mod inspect;

use std::io::Cursor;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use ::csv::{Writer, WriterBuilder};
use calamine::{Reader, SheetType, SheetVisible, Xlsx, XlsxError};

use super::stream::{Stream, too_large};
use super::{LARGEST_WHOLE, archive, source::ReadSeek};
use crate::refusal::Refusal;
use cells::Formats;

/// A sheet, and why it is no table.
pub(super) struct Sheet {
    pub(super) name: String,
    pub(super) skipped: Option<&'static str>,
}

/// Rows that a sheet may have; Excel itself ends at 1,048,576.
const MOST_ROWS: u32 = 2_000_000;
/// Rows among which the header is looked for.
const TOP_ROWS: usize = 25;
/// Columns that a sheet may have, as in Excel.
const MOST_COLUMNS: u32 = 16_384;
const KIND: &str = "an Excel workbook";

type Book<'s> = Xlsx<Box<dyn ReadSeek + 's>>;

/// Opens a workbook that was seen to be whole, and not to unpack to more than is taken.
fn open<'s>(stream: &Stream<'s>) -> Result<Book<'s>, Refusal> {
    let bytes = stream.whole(LARGEST_WHOLE, KIND)?;
    inspect::inspect(&bytes)?;
    let seekable: Box<dyn ReadSeek + 's> = Box::new(Cursor::new(bytes));
    Xlsx::new(seekable).map_err(|error| damaged(&error))
}

/// What reads workbooks takes some things for granted that a hostile one does not keep, and then panics.
fn guarded<T>(work: impl FnOnce() -> Result<T, Refusal>) -> Result<T, Refusal> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(inspect::contradiction()))
}

fn damaged(error: &XlsxError) -> Refusal {
    match error {
        XlsxError::Password => Refusal::Encrypted { kind: KIND },
        other => Refusal::Damaged { kind: KIND, reason: archive::shown(&other.to_string()) },
    }
}

/// The sheets of a workbook, in its order.
pub(super) fn sheets(stream: &Stream<'_>) -> Result<Vec<Sheet>, Refusal> {
    guarded(|| listed(stream))
}

fn listed(stream: &Stream<'_>) -> Result<Vec<Sheet>, Refusal> {
    let mut book = open(stream)?;
    let all = book.sheets_metadata().to_vec();
    let mut sheets = Vec::with_capacity(all.len());
    for sheet in all {
        let skipped = if sheet.typ != SheetType::WorkSheet {
            Some("a chart or a macro")
        } else if sheet.visible != SheetVisible::Visible {
            Some("a hidden sheet")
        } else if is_table(&mut book, &sheet.name)? {
            None
        } else {
            Some("a sheet without a table")
        };
        sheets.push(Sheet { name: sheet.name, skipped });
    }
    Ok(sheets)
}

/// Whether a sheet has two rows or more of two cells or more.
fn is_table(book: &mut Book<'_>, sheet: &str) -> Result<bool, Refusal> {
    let mut count = 0;
    for_each_row(book, sheet, |row| {
        count += usize::from(row.cells.len() >= 2);
        if count >= 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    Ok(count >= 2)
}

/// A row as far as it has cells with something in them, in the order of their columns.
pub(super) struct Row {
    /// Number on the sheet, from 0.
    number: u32,
    cells: Vec<(u32, String)>,
}

/// Visits rows that hold anything, from the top.
fn for_each_row(
    book: &mut Book<'_>,
    sheet: &str,
    mut visit: impl FnMut(Row) -> ControlFlow<()>,
) -> Result<(), Refusal> {
    let is_1904 = book.has_1904_epoch();
    let mut reader = book.worksheet_cells_reader(sheet).map_err(|error| damaged(&error))?;
    let formats = Formats::of(reader.styles(), is_1904);
    let mut row = Row { number: 0, cells: Vec::new() };
    while let Some((cell, style)) = reader.next_cell_with_style_id().map_err(|error| damaged(&error))? {
        let (number, column) = cell.get_position();
        if number >= MOST_ROWS {
            return Err(Refusal::TooLarge { what: format!("a sheet of more than {MOST_ROWS} rows") });
        }
        if column >= MOST_COLUMNS {
            return Err(inspect::contradiction());
        }
        if number < row.number {
            let reason =
                format!("row {} of sheet “{}” stands below row {}", number + 1, archive::shown(sheet), row.number + 1);
            return Err(Refusal::Damaged { kind: KIND, reason });
        }
        if number > row.number {
            let ended = std::mem::replace(&mut row, Row { number, cells: Vec::new() });
            if !ended.cells.is_empty() && visit(ended.sorted()).is_break() {
                return Ok(());
            }
        }
        let text = formats.text(cell.get_value(), style);
        if !text.is_empty() {
            row.cells.push((column, text));
        }
    }
    if !row.cells.is_empty() {
        let _ = visit(row.sorted());
    }
    Ok(())
}

impl Row {
    fn sorted(mut self) -> Self {
        if !self.cells.is_sorted_by_key(|(column, _)| *column) {
            self.cells.sort_by_key(|(column, _)| *column);
        }
        // Of two cells in one place the later counts, as in a spreadsheet.
        self.cells.reverse();
        self.cells.dedup_by_key(|(column, _)| *column);
        self.cells.reverse();
        self
    }

    /// Columns up to the last that holds anything.
    fn width(&self) -> u32 {
        self.cells.last().map_or(0, |(column, _)| column + 1)
    }
}

/// A sheet as delimited text.
pub(super) fn to_text(stream: &Stream<'_>, sheet: &str) -> Result<String, Refusal> {
    guarded(|| written(stream, sheet))
}

fn written(stream: &Stream<'_>, sheet: &str) -> Result<String, Refusal> {
    let mut book = open(stream)?;
    let merged = book.merge_cells_by_sheet_name(sheet).map_err(|error| damaged(&error))?;
    let mut text = Text::new();
    let mut top = Vec::with_capacity(TOP_ROWS);
    let mut result = Ok(());
    for_each_row(&mut book, sheet, |row| {
        if text.has_begun() {
            result = text.row(&row);
        } else {
            top.push(row);
            if top.len() == TOP_ROWS {
                result = text.begin(std::mem::take(&mut top), &merged);
            }
        }
        if result.is_err() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    result?;
    if !text.has_begun() {
        text.begin(top, &merged)?;
    }
    text.finish()
}

/// Text that is being written.
struct Text {
    writer: Writer<Vec<u8>>,
    width: u32,
    /// Number of the last row written.
    last: Option<u32>,
    written: u64,
}

impl Text {
    fn new() -> Self {
        Self { writer: WriterBuilder::new().flexible(true).from_writer(Vec::new()), width: 0, last: None, written: 0 }
    }

    /// Whether the first rows are written: every row from then on is written as it comes, however few became of them.
    fn has_begun(&self) -> bool {
        self.last.is_some()
    }

    /// Writes the first rows, with a header of two rows made one. The widest is as wide as the table.
    fn begin(&mut self, mut top: Vec<Row>, merged: &[calamine::Dimensions]) -> Result<(), Refusal> {
        header::join(&mut top, merged);
        self.width = top.iter().map(Row::width).max().unwrap_or(0);
        // Blank rows above the header count for nothing: the first row below it is row 1.
        self.last = top.first().map(|row| row.number.saturating_sub(1));
        let has_header = top.iter().position(|row| row.cells.len() >= 2).unwrap_or(0);
        for (at, row) in top.iter().enumerate() {
            if at <= has_header {
                self.last = Some(row.number.saturating_sub(1));
            }
            self.row(row)?;
        }
        Ok(())
    }

    /// Writes a row, after a blank one for each that is missing before it. As wide as the table, so that none seems cut off.
    fn row(&mut self, row: &Row) -> Result<(), Refusal> {
        let missing = self.last.map_or(0, |last| row.number.saturating_sub(last).saturating_sub(1));
        for _ in 0..missing {
            self.record([""; 1].into_iter(), 3)?;
        }
        self.last = Some(row.number);
        let mut cells = row.cells.iter().peekable();
        let size =
            row.cells.iter().map(|(_, text)| text.len() as u64).sum::<u64>() + u64::from(row.width().max(self.width));
        let columns = (0..row.width().max(self.width))
            .map(move |column| cells.next_if(|(at, _)| *at == column).map_or("", |(_, text)| text.as_str()));
        self.record(columns, size)
    }

    fn record<'a>(&mut self, cells: impl Iterator<Item = &'a str>, size: u64) -> Result<(), Refusal> {
        self.written += size;
        if self.written > LARGEST_WHOLE {
            return Err(too_large("a sheet", LARGEST_WHOLE));
        }
        self.writer.write_record(cells).map_err(|error| Refusal::CannotRead { reason: error.to_string() })
    }

    fn finish(self) -> Result<String, Refusal> {
        let failed = |reason: String| Refusal::CannotRead { reason };
        let bytes = self.writer.into_inner().map_err(|error| failed(error.to_string()))?;
        String::from_utf8(bytes).map_err(|error| failed(error.to_string()))
    }
}
