//! Delimited text in blocks of whole rows, so that rows can be read by several threads and are still numbered as in the file.
//!
//! A block is divided where delimiters and row ends stand, outside of quotation marks; one in which these stand anywhere but around
//! fields by the `csv` crate. Both give the same rows: see the test.

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

    /// Whether anything stands in a field behind the first so many.
    pub(crate) fn holds_beyond(&self, fields: usize) -> bool {
        self.len() > fields && self.iter().skip(fields).any(|field| !field.trim_ascii().is_empty())
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

/// What a field that holds delimiters or row ends stands between.
const QUOTE: u8 = b'"';

/// Where quotation marks stand in a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quotes {
    Nowhere,
    /// Around fields, and twice for each one within them.
    AroundFields,
    Anywhere,
}

/// Whole rows of a file that follow each other.
pub(crate) struct Block {
    text: String,
    dialect: Dialect,
    /// Rows of the file before it.
    above: u64,
    quotes: Quotes,
    is_unended: bool,
}

impl Block {
    /// Whether the text ends within a row.
    pub(crate) fn is_unended(&self) -> bool {
        self.is_unended
    }

    /// Bytes of its text.
    pub(crate) fn bytes(&self) -> usize {
        self.text.len()
    }

    /// Its room, once it is done with.
    pub(crate) fn into_room(self) -> Vec<u8> {
        let mut room = self.text.into_bytes();
        room.clear();
        room
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
        match self.quotes {
            Quotes::Nowhere => self.plain(&mut count),
            Quotes::AroundFields => self.quoted(&mut count),
            Quotes::Anywhere => odd(&self.text, self.dialect, &mut count),
        }
    }

    /// Lines that are empty are no rows.
    fn plain(&self, visit: &mut impl FnMut(Row<'_>)) {
        let (text, Dialect { delimiter, terminator }) = (self.text.as_str(), self.dialect);
        let mut fields = Vec::new();
        let (mut line, mut field) = (0, 0);
        for at in memchr2_iter(delimiter, terminator, text.as_bytes()).chain([text.len()]) {
            let is_end = text.as_bytes().get(at).is_none_or(|byte| *byte == terminator);
            let to = if is_end { self.without_return(field, at) } else { at };
            fields.push((field - line, to - line));
            field = at + 1;
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

    /// As [`Block::plain`], where quotation marks stand around fields.
    fn quoted(&self, visit: &mut impl FnMut(Row<'_>)) {
        let (text, Dialect { delimiter, terminator }) = (self.text.as_str(), self.dialect);
        let (mut fields, mut has_marks_within) = (Vec::new(), false);
        let (mut line, mut field) = (0, 0);
        let mut quoted = Quoted::at(text.as_bytes(), 0);
        for at in memchr2_iter(delimiter, terminator, text.as_bytes()).chain([text.len()]) {
            if quoted.as_ref().is_some_and(|quoted| at < quoted.end) {
                continue; // within a field
            }
            let is_end = text.as_bytes().get(at).is_none_or(|byte| *byte == terminator);
            let to = if is_end { self.without_return(field, at) } else { at };
            let (from, to) = match &quoted {
                None => (field, to),
                Some(_) if is_end && to == at => (field + 1, self.without_return(field + 1, to - 1)),
                Some(_) => (field + 1, to - 1),
            };
            fields.push((from - line, to - line));
            has_marks_within |= quoted.is_some_and(|quoted| quoted.has_marks_within);
            field = at + 1;
            quoted = Quoted::at(text.as_bytes(), field);
            if is_end {
                let row = text.get(line..at).unwrap_or_default();
                if std::mem::take(&mut has_marks_within) {
                    odd(row, self.dialect, visit);
                } else if at > line {
                    visit(Row { text: row, is_quoted: true, fields: &fields });
                }
                fields.clear();
                line = at + 1;
            }
        }
    }

    /// The end of the last field of a row: one carriage return at the end of a line belongs to that.
    fn without_return(&self, field: usize, at: usize) -> usize {
        let is_return = self.dialect.terminator == b'\n' && at > field && self.text.as_bytes()[at - 1] == b'\r';
        if is_return { at - 1 } else { at }
    }
}

/// A field between quotation marks.
struct Quoted {
    /// Behind the mark that closes it.
    end: usize,
    has_marks_within: bool,
}

impl Quoted {
    /// The field that begins at a place, where a mark stands there.
    fn at(text: &[u8], begin: usize) -> Option<Self> {
        if *text.get(begin)? != QUOTE {
            return None;
        }
        let next = |from: usize| Some(from + memchr(QUOTE, text.get(from..)?)?);
        let (mut close, mut has_marks_within) = (next(begin + 1)?, false);
        // One within the field stands there twice.
        while text.get(close + 1) == Some(&QUOTE) {
            (close, has_marks_within) = (next(close + 2)?, true);
        }
        Some(Self { end: close + 1, has_marks_within })
    }
}

/// Rows as the `csv` crate divides them.
fn odd(text: &str, dialect: Dialect, visit: &mut impl FnMut(Row<'_>)) {
    let mut reader = reader(text.as_bytes(), dialect, text.len().min(BLOCK));
    let (mut record, mut fields) = (::csv::StringRecord::new(), Vec::new());
    // Text in memory: nothing can fail.
    while reader.read_record(&mut record).unwrap_or(false) {
        fields.clear();
        fields.extend((0..record.len()).filter_map(|at| record.range(at)).map(|range| (range.start, range.end)));
        if let Some((from, to)) = fields.last_mut().filter(|_| dialect.terminator == b'\n') {
            *to -= usize::from(record.as_slice().get(*from..*to).is_some_and(|field| field.ends_with('\r')));
        }
        visit(Row { text: record.as_slice(), is_quoted: true, fields: &fields });
    }
}

/// A block cut out of a file, whose bytes nobody has looked at.
pub(crate) struct Cut {
    bytes: Vec<u8>,
    /// Bytes of the table before it.
    begins: usize,
    dialect: Dialect,
    above: u64,
    quotes: Quotes,
    is_unended: bool,
}

impl Cut {
    /// The block, whose text is UTF-8.
    ///
    /// # Errors
    /// [`Refusal::WrongEncoding`] where it is not.
    pub(crate) fn block(self) -> Result<Block, Refusal> {
        let Self { bytes, begins, dialect, above, quotes, is_unended } = self;
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Block { text, dialect, above, quotes, is_unended }),
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
    /// Room of blocks that are done with: new memory has to be asked for and cleared.
    spare: Vec<Vec<u8>>,
    /// Bytes of a block, give or take a row.
    size: usize,
    rows: u64,
    /// Bytes of all blocks so far.
    bytes: usize,
    is_ended: bool,
}

impl<'t> Blocks<'t> {
    pub(crate) fn of(text: Box<dyn Read + 't>, dialect: Dialect, longest: u64) -> Self {
        Self {
            text,
            dialect,
            longest,
            pending: Vec::new(),
            spare: Vec::new(),
            size: BLOCK,
            rows: 0,
            bytes: 0,
            is_ended: false,
        }
    }

    /// Takes back the room of a block.
    pub(crate) fn reuse(&mut self, room: Vec<u8>) {
        self.spare.push(room);
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
        let (whole, quotes) = Whole::of(&self.pending, self.dialect, self.is_ended);
        let (bytes, rows) =
            if self.is_ended { (self.pending.len(), whole.rows + whole.unended) } else { (whole.bytes, whole.rows) };
        if bytes == 0 {
            return None;
        }
        let mut rest = self.spare.pop().unwrap_or_default();
        rest.extend_from_slice(&self.pending[bytes..]);
        self.pending.truncate(bytes);
        let cut = std::mem::replace(&mut self.pending, rest);
        let (begins, above) = (self.bytes, self.rows);
        (self.bytes, self.rows) = (begins + bytes, above + rows);
        let is_unended = self.is_ended && whole.unended > 0;
        Some(Cut { bytes: cut, begins, dialect: self.dialect, above, quotes, is_unended })
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
    fn of(text: &[u8], dialect: Dialect, is_ended: bool) -> (Self, Quotes) {
        if memchr(QUOTE, text).is_none() {
            return (Self::plain(text, dialect), Quotes::Nowhere);
        }
        match Self::quoted(text, dialect, is_ended) {
            Some(whole) => (whole, Quotes::AroundFields),
            None => (Self::odd(text, dialect), Quotes::Anywhere),
        }
    }

    fn plain(text: &[u8], dialect: Dialect) -> Self {
        let end = dialect.terminator;
        let bytes = memrchr(end, text).map_or(0, |at| at + 1);
        let whole = &text[..bytes];
        let rows = (memchr_iter(end, whole).count() - empty_lines(whole, end)) as u64;
        Self { rows, bytes, unended: u64::from(bytes < text.len()) }
    }

    /// None where a quotation mark stands anywhere but around a field, or twice within it.
    fn quoted(text: &[u8], dialect: Dialect, is_ended: bool) -> Option<Self> {
        let Dialect { delimiter, terminator } = dialect;
        let divides = |byte: u8| byte == delimiter || byte == terminator;
        let (mut rows, mut line) = (0, 0);
        // Whether a field is open, and the mark that closed the last one.
        let (mut is_open, mut closed) = (false, None);
        for at in memchr2_iter(QUOTE, terminator, text) {
            if text[at] == terminator {
                if !is_open {
                    rows += u64::from(at > line);
                    line = at + 1;
                }
                continue;
            }
            let is_right = if is_open {
                closed = Some(at);
                match text.get(at + 1).copied() {
                    Some(b'\r') if terminator == b'\n' => text.get(at + 2).is_none_or(|byte| *byte == terminator),
                    next => next.is_none_or(|byte| divides(byte) || byte == QUOTE),
                }
            } else {
                let before = at.checked_sub(1);
                before.is_none_or(|before| divides(text[before])) || before == closed
            };
            if !is_right {
                return None;
            }
            is_open = !is_open;
        }
        let is_whole = !(is_open && is_ended);
        is_whole.then(|| Self { rows, bytes: line, unended: u64::from(line < text.len()) })
    }

    fn odd(text: &[u8], dialect: Dialect) -> Self {
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

    /// Rows that are not blank, as the `csv` crate reads them, but for the carriage return before the end of a line.
    fn expected(text: &[u8], dialect: Dialect) -> Rows {
        let mut reader = reader(text, dialect, 1 << 16);
        let mut record = ::csv::ByteRecord::new();
        let (mut rows, mut number) = (Rows::new(), 0);
        while reader.read_byte_record(&mut record).unwrap() {
            number += 1;
            if !record.as_slice().iter().all(u8::is_ascii_whitespace) {
                let mut cells: Vec<Vec<u8>> = record.iter().map(<[u8]>::to_vec).collect();
                if let Some(cell) = cells.last_mut().filter(|cell| dialect.terminator == b'\n' && cell.ends_with(b"\r"))
                {
                    cell.pop();
                }
                rows.push((number, cells));
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
        fn quoted_fields_are_those_of_the_text_read_at_once(
            rows in prop::collection::vec(prop::collection::vec("a|ab|\"\"|\"a,b\"|\"a\nb\"|\"a\"\"b\"|\"a\r\"|x\"y", 1..4), 0..12),
            end in prop::sample::select(vec!["\n", "\r\n"]),
        ) {
            let text: String = rows.iter().map(|cells| cells.join(",") + end).collect();
            let dialect = Dialect { delimiter: b',', terminator: b'\n' };
            prop_assert_eq!(found(text.as_bytes(), dialect), expected(text.as_bytes(), dialect));
        }

        #[test]
        fn rows_without_quotes_are_numbered_as_in_the_text(text in "[ab, \r\n]{0,200}") {
            let dialect = Dialect { delimiter: b',', terminator: b'\n' };
            prop_assert_eq!(found(text.as_bytes(), dialect), expected(text.as_bytes(), dialect));
        }
    }
}
