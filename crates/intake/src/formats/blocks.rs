//! Delimited text in blocks of whole rows, so that rows can be read by several threads and are still numbered as in the file.
//!
//! A block without a quotation mark is divided where delimiters and row ends stand; one with them by the `csv` crate. Both give
//! the same rows: see the test.

use std::io::Read;

use csv_core::ReadRecordResult;
use memchr::{memchr, memchr_iter, memchr2_iter, memmem, memrchr};

use super::csv::{Dialect, reader};
use super::stream::refusal_of;
use crate::refusal::Refusal;

/// Bytes of a block.
const BLOCK: usize = 1 << 20;

/// A row of fields, as in the file: not trimmed.
#[derive(Clone, Copy)]
pub(crate) struct Row<'b> {
    text: &'b str,
    /// Whether a quotation mark stands in its block: only then can a field hold what ends fields and rows elsewhere.
    is_quoted: bool,
    /// Where each field begins and ends in the text.
    fields: &'b [(usize, usize)],
}

impl<'b> Row<'b> {
    /// The field at a position, counted from 0.
    pub(crate) fn get(&self, at: usize) -> Option<&'b str> {
        let (first, last) = *self.fields.get(at)?;
        self.text.get(first..last)
    }

    /// How many fields.
    pub(crate) fn len(&self) -> usize {
        self.fields.len()
    }

    /// The fields in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &'b str> {
        let text = self.text;
        self.fields.iter().map(move |(first, last)| text.get(*first..*last).unwrap_or_default())
    }

    /// All of its text; what stands between fields may be in it or not.
    pub(crate) fn text(&self) -> &'b str {
        self.text
    }

    /// Whether a field may hold what ends fields and rows elsewhere.
    pub(crate) fn is_quoted(&self) -> bool {
        self.is_quoted
    }

    fn is_blank(&self) -> bool {
        self.iter().all(|field| field.bytes().all(|byte| byte.is_ascii_whitespace()))
    }
}

/// Whole rows of a file that follow each other.
pub(crate) struct Block {
    text: String,
    dialect: Dialect,
    /// Rows of the file before it.
    above: u64,
    is_quoted: bool,
}

impl Block {
    /// Bytes of its text.
    pub(crate) fn bytes(&self) -> usize {
        self.text.len()
    }

    /// Calls `visit` with each row that is not blank and its number in the file.
    pub(crate) fn for_each_row(&self, mut visit: impl FnMut(u64, &Row<'_>)) {
        let mut number = self.above;
        let mut count = |row: Row<'_>| {
            number += 1;
            if !row.is_blank() {
                visit(number, &row);
            }
        };
        if self.is_quoted { self.quoted(&mut count) } else { self.plain(&mut count) }
    }

    /// Lines that are empty are no rows.
    fn plain(&self, visit: &mut impl FnMut(Row<'_>)) {
        let (text, Dialect { delimiter, terminator }) = (self.text.as_str(), self.dialect);
        let mut fields = Vec::new();
        let (mut line, mut field) = (0, 0);
        for at in memchr2_iter(delimiter, terminator, text.as_bytes()).chain([text.len()]) {
            fields.push((field - line, at - line));
            field = at + 1;
            let is_end = text.as_bytes().get(at).is_none_or(|byte| *byte == terminator);
            if is_end {
                if at > line {
                    let text = text.get(line..at).unwrap_or_default();
                    visit(Row { text, is_quoted: false, fields: &fields });
                }
                fields.clear();
                line = at + 1;
            }
        }
    }

    fn quoted(&self, visit: &mut impl FnMut(Row<'_>)) {
        let mut reader = reader(self.text.as_bytes(), self.dialect, BLOCK);
        let (mut record, mut fields) = (::csv::StringRecord::new(), Vec::new());
        // Text in memory: nothing can fail.
        while reader.read_record(&mut record).unwrap_or(false) {
            fields.clear();
            fields.extend((0..record.len()).filter_map(|at| record.range(at)).map(|range| (range.start, range.end)));
            visit(Row { text: record.as_slice(), is_quoted: true, fields: &fields });
        }
    }
}

/// A block cut out of a file, whose bytes nobody has looked at.
pub(crate) struct Cut {
    bytes: Vec<u8>,
    /// Bytes of the table before it.
    begins: usize,
    dialect: Dialect,
    above: u64,
    is_quoted: bool,
}

impl Cut {
    /// The block, whose text is UTF-8.
    ///
    /// # Errors
    /// [`Refusal::WrongEncoding`] where it is not.
    pub(crate) fn block(self) -> Result<Block, Refusal> {
        let Self { bytes, begins, dialect, above, is_quoted } = self;
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Block { text, dialect, above, is_quoted }),
            Err(error) => {
                let byte = begins + error.utf8_error().valid_up_to();
                Err(Refusal::WrongEncoding { encoding: "UTF-8", byte })
            }
        }
    }
}

/// Lines without anything in them: where an end follows another, or nothing. They are counted one by one only where there is one.
fn empty_lines(text: &[u8], end: u8) -> usize {
    let at_the_top = usize::from(text.first() == Some(&end));
    let Some(first) = memmem::find(text, &[end, end]) else { return at_the_top };
    at_the_top + text[first..].windows(2).filter(|pair| **pair == [end, end]).count()
}

/// Cuts text into blocks.
pub(crate) struct Blocks<'t> {
    text: Box<dyn Read + 't>,
    dialect: Dialect,
    /// A row is never longer, bytes, give or take a block.
    longest: u64,
    /// Text read that no block holds yet.
    pending: Vec<u8>,
    /// Bytes of a block, give or take a row.
    size: usize,
    rows: u64,
    /// Bytes of all blocks so far.
    bytes: usize,
    is_ended: bool,
}

impl<'t> Blocks<'t> {
    pub(crate) fn of(text: Box<dyn Read + 't>, dialect: Dialect, longest: u64) -> Self {
        Self { text, dialect, longest, pending: Vec::new(), size: BLOCK, rows: 0, bytes: 0, is_ended: false }
    }

    /// The next block.
    ///
    /// # Errors
    /// When the medium fails, or a row has no end.
    pub(crate) fn next(&mut self) -> Result<Option<Cut>, Refusal> {
        let mut wanted = self.size;
        loop {
            self.fill(wanted)?;
            if let Some(cut) = self.cut() {
                return Ok(Some(cut));
            }
            if self.is_ended {
                return Ok(None);
            }
            if self.pending.len() as u64 > self.longest {
                return Err(Refusal::RowTooLong { after: self.rows, limit: self.longest });
            }
            wanted = 2 * self.pending.len();
        }
    }

    /// Reads until so many bytes are pending.
    fn fill(&mut self, wanted: usize) -> Result<(), Refusal> {
        let missing = wanted.saturating_sub(self.pending.len());
        if self.is_ended || missing == 0 {
            return Ok(());
        }
        self.pending.reserve(missing);
        let read = self.text.by_ref().take(missing as u64).read_to_end(&mut self.pending);
        self.is_ended = read.map_err(|error| refusal_of(&error))? < missing;
        Ok(())
    }

    /// Takes the whole rows out of what is pending; none where no row ends in it.
    fn cut(&mut self) -> Option<Cut> {
        let is_quoted = memchr(b'"', &self.pending).is_some();
        let whole = if is_quoted {
            Whole::quoted(&self.pending, self.dialect)
        } else {
            Whole::plain(&self.pending, self.dialect)
        };
        let (bytes, rows) =
            if self.is_ended { (self.pending.len(), whole.rows + whole.unended) } else { (whole.bytes, whole.rows) };
        if bytes == 0 {
            return None;
        }
        let rest = self.pending.split_off(bytes);
        let cut = std::mem::replace(&mut self.pending, rest);
        let (begins, above) = (self.bytes, self.rows);
        (self.bytes, self.rows) = (begins + bytes, above + rows);
        Some(Cut { bytes: cut, begins, dialect: self.dialect, above, is_quoted })
    }
}

/// The rows of a text that are whole.
struct Whole {
    rows: u64,
    /// Bytes up to the end of the last of them.
    bytes: usize,
    /// Rows behind it: one that the text ends in the midst of, or none.
    unended: u64,
}

impl Whole {
    fn plain(text: &[u8], dialect: Dialect) -> Self {
        let end = dialect.terminator;
        let bytes = memrchr(end, text).map_or(0, |at| at + 1);
        let whole = &text[..bytes];
        let rows = (memchr_iter(end, whole).count() - empty_lines(whole, end)) as u64;
        Self { rows, bytes, unended: u64::from(bytes < text.len()) }
    }

    fn quoted(text: &[u8], dialect: Dialect) -> Self {
        let mut reader = csv_core::ReaderBuilder::new()
            .delimiter(dialect.delimiter)
            .terminator(csv_core::Terminator::Any(dialect.terminator))
            .build();
        let (mut output, mut ends) = (vec![0; 64 << 10], vec![0; 1024]);
        let mut whole = Self { rows: 0, bytes: 0, unended: 0 };
        let mut at = 0;
        loop {
            let (result, read, ..) = reader.read_record(&text[at..], &mut output, &mut ends);
            at += read;
            match result {
                ReadRecordResult::Record if read > 0 => (whole.rows, whole.bytes) = (whole.rows + 1, at),
                // The end of the text ended it.
                ReadRecordResult::Record => whole.unended = 1,
                ReadRecordResult::InputEmpty | ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {}
                ReadRecordResult::End => return whole,
            }
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::io;

    use proptest::prelude::*;

    use super::*;

    type Rows = Vec<(u64, Vec<Vec<u8>>)>;

    /// Rows that are not blank, as the `csv` crate reads them.
    fn expected(text: &[u8], dialect: Dialect) -> Rows {
        let mut reader = reader(text, dialect, 1 << 16);
        let mut record = ::csv::ByteRecord::new();
        let (mut rows, mut number) = (Rows::new(), 0);
        while reader.read_byte_record(&mut record).unwrap() {
            number += 1;
            if !record.as_slice().iter().all(u8::is_ascii_whitespace) {
                rows.push((number, record.iter().map(<[u8]>::to_vec).collect()));
            }
        }
        rows
    }

    fn found(text: &[u8], dialect: Dialect) -> Rows {
        let mut blocks = Blocks::of(Box::new(text), dialect, 1 << 30);
        blocks.size = 16;
        let mut rows = Rows::new();
        while let Some(cut) = blocks.next().unwrap() {
            let cells = |row: &Row<'_>| row.iter().map(|cell| cell.as_bytes().to_vec()).collect();
            cut.block().unwrap().for_each_row(|number, row| rows.push((number, cells(row))));
        }
        rows
    }

    fn walked(text: Box<dyn Read + '_>, dialect: Dialect, longest: u64) -> Result<(), Refusal> {
        let mut blocks = Blocks::of(text, dialect, longest);
        while let Some(cut) = blocks.next()? {
            cut.block()?;
        }
        Ok(())
    }

    #[test]
    fn a_row_without_end_is_refused_before_it_fills_the_memory() {
        let text = format!("a,b\n1,2\n3,\"{}", "4,5\n".repeat(1 << 20));
        let dialect = Dialect { delimiter: b',', terminator: b'\n' };
        let refused = walked(Box::new(text.as_bytes()), dialect, 2 << 20).unwrap_err();
        assert_eq!(refused, Refusal::RowTooLong { after: 2, limit: 2 << 20 });
    }

    #[test]
    fn bytes_that_are_no_text_are_refused_with_their_place() {
        let dialect = Dialect { delimiter: b',', terminator: b'\n' };
        let refused = walked(Box::new(&b"a,b\n1,\xE92\n"[..]), dialect, 1 << 20).unwrap_err();
        assert_eq!(refused, Refusal::WrongEncoding { encoding: "UTF-8", byte: 6 });
    }

    #[test]
    fn what_the_medium_reports_is_no_end_of_the_file() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("the cable is out"))
            }
        }
        let text = b"a,b\n1,2\n".chain(Broken);
        let dialect = Dialect { delimiter: b',', terminator: b'\n' };
        let refused = walked(Box::new(text), dialect, 1 << 20).unwrap_err();
        assert_eq!(refused, Refusal::CannotRead { reason: "the cable is out".into() });
    }

    proptest! {
        #[test]
        fn rows_in_blocks_are_those_of_the_text_read_at_once(
            text in "[ab,;\" \r\n]{0,120}",
            delimiter in prop::sample::select(vec![b',', b';']),
            terminator in prop::sample::select(vec![b'\n', b'\r']),
        ) {
            let dialect = Dialect { delimiter, terminator };
            prop_assert_eq!(found(text.as_bytes(), dialect), expected(text.as_bytes(), dialect));
        }

        #[test]
        fn rows_without_quotes_are_numbered_as_in_the_text(text in "[ab, \r\n]{0,200}") {
            let dialect = Dialect { delimiter: b',', terminator: b'\n' };
            prop_assert_eq!(found(text.as_bytes(), dialect), expected(text.as_bytes(), dialect));
        }
    }
}
