//! Delimited text: which character divides fields, which ends rows, and what the first rows hold.

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

/// Rows looked at: title rows above a header are few.
const TOP_ROWS: usize = 25;

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
pub(crate) fn reader(text: &str, dialect: Dialect) -> Reader<&[u8]> {
    ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(dialect.delimiter)
        .terminator(Terminator::Any(dialect.terminator))
        .from_reader(text.as_bytes())
}

fn top(text: &str, dialect: Dialect) -> Vec<TopRow> {
    let mut reader = reader(text, dialect);
    let mut record = ByteRecord::new();
    let mut rows = Vec::with_capacity(TOP_ROWS);
    while rows.len() < TOP_ROWS && reader.read_byte_record(&mut record).unwrap_or(false) {
        let fields = record.iter().map(|field| String::from_utf8_lossy(field).trim().to_owned()).collect();
        let next = usize::try_from(reader.position().byte()).unwrap_or(text.len()).min(text.len());
        rows.push(TopRow { fields, next });
    }
    rows
}

fn of_width(candidate: &Candidate, width: usize) -> usize {
    candidate.top.iter().filter(|row| row.fields.len() == width).count()
}

/// The most frequent number of fields; the larger of two equally frequent.
fn usual_width(candidate: &Candidate) -> usize {
    let widths = candidate.top.iter().map(|row| row.fields.len());
    widths.max_by_key(|width| (of_width(candidate, *width), *width)).unwrap_or(0)
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
