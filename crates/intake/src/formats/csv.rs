//! Delimited text: which character divides fields, which ends rows, and what the first rows hold.

use std::borrow::Cow;
use std::io::Read;

use ::csv::{ByteRecord, Reader, ReaderBuilder, Terminator};

/// How fields and rows are divided. Quotes are `"`, doubled within.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dialect {
    /// Divides fields.
    pub(crate) delimiter: u8,
    /// Ends rows. A carriage return before a line feed is trimmed with the field; alone within a field it does no harm.
    pub(crate) terminator: u8,
}

/// The first rows of a file as one dialect reads them.
pub(crate) struct Candidate {
    pub(crate) dialect: Dialect,
    pub(crate) top: Vec<TopRow>,
}

/// A row that may be the header.
pub(crate) struct TopRow {
    pub(crate) fields: Vec<String>,
    /// Where the next row begins, in bytes.
    pub(crate) next: usize,
}

/// Delimiters tried, in this order when nothing else decides.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Columns that a table may have: registers have 158.
pub(crate) const MOST_COLUMNS: usize = 1000;

/// Rows looked at: title rows above a header are few.
const TOP_ROWS: usize = 25;
/// Bytes read at a time for them.
const TOP_BUFFER: usize = 64 << 10;

/// The first rows in every dialect that could be meant.
pub(crate) fn candidates(text: &str) -> Vec<Candidate> {
    let terminator = if text.contains('\n') { b'\n' } else { b'\r' };
    DELIMITERS
        .iter()
        .map(|&delimiter| Dialect { delimiter, terminator })
        .map(|dialect| Candidate { dialect, top: top(text, dialect) })
        .collect()
}

/// The candidate that divides the rows most evenly into most fields, and the first row of that many fields: shown when
/// no profile fits.
pub(crate) fn likeliest(candidates: &[Candidate]) -> Option<&TopRow> {
    let (candidate, width) =
        candidates.iter().map(|candidate| (candidate, usual_width(candidate))).max_by_key(|(candidate, width)| {
            (width * of_width(candidate, *width), std::cmp::Reverse(candidate.dialect.delimiter))
        })?;
    candidate.top.iter().find(|row| row.fields.len() == width)
}

/// A reader of delimited text.
pub(crate) fn reader<R: Read>(text: R, dialect: Dialect, buffer: usize) -> Reader<R> {
    ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(dialect.delimiter)
        .terminator(Terminator::Any(dialect.terminator))
        .buffer_capacity(buffer)
        .from_reader(text)
}

/// Whether rows are divided into more fields than any table has columns.
pub(crate) fn is_too_wide(candidates: &[Candidate]) -> bool {
    likeliest(candidates).is_some_and(|row| row.fields.len() > MOST_COLUMNS)
}

fn top(text: &str, dialect: Dialect) -> Vec<TopRow> {
    let mut reader = reader(text.as_bytes(), dialect, TOP_BUFFER);
    let mut record = ByteRecord::new();
    let mut rows = Vec::with_capacity(TOP_ROWS);
    // Text in memory: nothing can fail.
    while rows.len() < TOP_ROWS && reader.read_byte_record(&mut record).unwrap_or(false) {
        let fields = record
            .iter()
            .take(MOST_COLUMNS + 1)
            .map(|field| String::from_utf8_lossy(field).trim().to_owned())
            .collect();
        let next = usize::try_from(reader.position().byte()).unwrap_or(text.len()).min(text.len());
        rows.push(TopRow { fields, next });
    }
    rows
}

fn of_width(candidate: &Candidate, width: usize) -> usize {
    candidate.top.iter().filter(|row| row.fields.len() == width).count()
}

/// The most frequent number of fields; the larger of two equally frequent.
pub(crate) fn usual_width(candidate: &Candidate) -> usize {
    let widths = candidate.top.iter().map(|row| row.fields.len());
    widths.max_by_key(|width| (of_width(candidate, *width), *width)).unwrap_or(0)
}

/// A cell of another format, fit for a row of text: line breaks within are for the eye only, also in headers.
pub(super) fn on_one_line(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    if text.contains(['\n', '\r', '\t']) {
        text.split_whitespace().collect::<Vec<_>>().join(" ").into()
    } else {
        text.into()
    }
}

/// Whether a text looks like a table: two rows or more, most of them of the same two columns or more.
pub(super) fn is_table(text: &str) -> bool {
    candidates(text).iter().any(|candidate| {
        let width = usual_width(candidate);
        let alike = of_width(candidate, width);
        width >= 2 && alike >= 2 && alike * 2 >= candidate.top.len()
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn the_dialect_that_divides_evenly_is_the_likeliest() {
        for (text, header) in [
            ("a,b,c\n1,2,3\n", vec!["a", "b", "c"]),
            ("a;b;c\r\n1,5;2,5;3\r\n", vec!["a", "b", "c"]),
            ("a\tb\n1\t\"x,y,z\"\n", vec!["a", "b"]),
            ("a|b\r1|2\r", vec!["a", "b"]),
            ("Report of May\n\na,b,c\n1,\"2,2\",3\n4,5,6\n", vec!["a", "b", "c"]),
        ] {
            assert_eq!(likeliest(&candidates(text)).unwrap().fields, header, "{text:?}");
        }
    }

    #[test]
    fn prose_is_no_table() {
        assert!(is_table("a,b\n1,2\n"));
        assert!(!is_table("Read me.\nThis folder holds the return.\nThank you, and bye.\n"));
    }

    #[test]
    fn a_lone_carriage_return_within_a_field_does_not_end_the_row() {
        let text = "a,b\r\n1\r,2\r\n3,4\r\n";
        assert_eq!(candidates(text)[0].top.len(), 3);
    }

    #[test]
    fn the_next_row_begins_after_the_header() {
        let text = "a,\"b\nb\",c\n1,2,3\n";
        let next = candidates(text)[0].top[0].next;
        assert_eq!(&text[next..], "1,2,3\n");
    }
}
