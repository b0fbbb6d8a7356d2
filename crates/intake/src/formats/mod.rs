//! From bytes to rows of fields: what the file is, how its text is encoded, how its fields are divided.

pub(crate) mod csv;
mod decode;
mod magic;

use std::borrow::Cow;

use ::csv::ByteRecord;

use crate::refusal::Refusal;

/// The text of a file, without byte-order mark.
///
/// # Errors
/// When it is empty, is not text, or is in an encoding that cannot be read.
pub(crate) fn open(bytes: &[u8]) -> Result<Cow<'_, str>, Refusal> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Refusal::Empty);
    }
    magic::refuse(bytes)?;
    let (text, _) = decode::decode(bytes)?;
    if text.trim().is_empty() { Err(Refusal::Empty) } else { Ok(text) }
}

/// A table below its header: can be walked any number of times.
pub(crate) struct Table<'t> {
    /// Text below the header.
    body: &'t str,
    dialect: csv::Dialect,
}

impl<'t> Table<'t> {
    /// The rows of `body`, read in a dialect.
    pub(crate) fn new(body: &'t str, dialect: csv::Dialect) -> Self {
        Self { body, dialect }
    }

    /// Calls `visit` with each row that is not blank and its number (the first below the header is 1); returns how many
    /// blank rows were passed over.
    pub(crate) fn for_each_row(&self, mut visit: impl FnMut(u64, &ByteRecord)) -> u64 {
        let mut reader = csv::reader(self.body, self.dialect);
        let mut record = ByteRecord::new();
        let (mut row, mut blank) = (0, 0);
        while reader.read_byte_record(&mut record).unwrap_or(false) {
            row += 1;
            if record.as_slice().iter().all(u8::is_ascii_whitespace) {
                blank += 1;
            } else {
                visit(row, &record);
            }
        }
        blank
    }
}
