//! From a file to rows of fields: what the file is, what tables are in it, how their text is encoded, how fields are divided.
//!
//! Whatever holds a table, a table is delimited text in the end. CSV, also packed, is decoded while it is read, as often as it
//! is walked, and never held as a whole; so is JSON, turned into such text on the way. Workbooks are turned into it in memory, and
//! limited in size.

mod archive;
pub(crate) mod blocks;
pub(crate) mod csv;
mod decode;
mod decoding;
mod json;
mod magic;
mod parallel;
mod parts;
mod source;
mod stream;
mod workbook;

use std::io::{self, Read};

use blocks::Blocks;
use stream::Stream;

use crate::refusal::Refusal;
pub(crate) use blocks::{Block, Row};
pub(crate) use parallel::Work;
pub use parts::{Part, parts};
pub use source::{PartOf, ReadSeek, Source};

/// Text looked at to find dialect and header, bytes.
const HEAD: u64 = 4 << 20;
/// Longest row, bytes: beyond it a quote was never closed.
const LONGEST_ROW: u64 = 64 << 20;
/// Largest unpacked workbook, bytes; also the text made of it.
const LARGEST_WHOLE: u64 = 512 << 20;
/// Text made of JSON that is kept, bytes: what is longer is made anew each time that it is walked.
const LARGEST_KEPT: u64 = 64 << 20;

/// A table whose header is still to be found.
pub(crate) struct Opened<'s> {
    head: String,
    text: Text<'s>,
}

enum Text<'s> {
    /// Decoded while it is read.
    Streamed(decode::Text<'s>),
    /// Made of JSON while it is read.
    Json(Box<json::Table<'s>>),
    /// Made of a workbook, or of not much JSON.
    Made(String),
}

/// Opens the table of a file, or the one named `part` where it holds several.
///
/// # Errors
/// When there is no table, or several and none is named; when the file is damaged, protected, too large, or in an encoding
/// that cannot be read.
pub(crate) fn open<'s>(source: &'s dyn Source, part: Option<&str>) -> Result<Opened<'s>, Refusal> {
    open_text(source, part, decode::Text::of)
}

/// As [`open`], but text in the file itself is looked at no further than its head: what goes on in another encoding is found
/// on the way, as a [`Refusal::WrongEncoding`], and then [`open`] says what it is.
///
/// # Errors
/// As [`open`].
pub(crate) fn open_by_head<'s>(source: &'s dyn Source, part: Option<&str>) -> Result<Opened<'s>, Refusal> {
    open_text(source, part, decode::Text::by_head)
}

fn open_text<'s>(
    source: &'s dyn Source,
    part: Option<&str>,
    decoded: impl Fn(Stream<'s>) -> Result<decode::Text<'s>, Refusal>,
) -> Result<Opened<'s>, Refusal> {
    let text = match parts::find(source, part)? {
        parts::Content::Delimited(stream) => Text::Streamed(decoded(stream)?),
        parts::Content::Json(stream) => match json::open(decode::Text::of(stream)?, LARGEST_KEPT)? {
            json::Opened::Short(text) => Text::Made(text),
            json::Opened::Long(table) => Text::Json(table),
        },
        parts::Content::Sheet(stream, name) => Text::Made(workbook::to_text(&stream, &name)?),
    };
    let head = match &text {
        Text::Streamed(text) => text.head(HEAD)?,
        Text::Json(table) => table.head(HEAD)?,
        Text::Made(text) => head_of(text).to_owned(),
    };
    Ok(Opened { head, text })
}

/// The first whole lines of a text.
fn head_of(text: &str) -> &str {
    let limit = usize::try_from(HEAD).unwrap_or(usize::MAX);
    if text.len() <= limit {
        return text;
    }
    let end = text.as_bytes()[..limit].iter().rposition(|byte| *byte == b'\n');
    end.and_then(|end| text.get(..=end)).unwrap_or(text)
}

impl<'s> Opened<'s> {
    /// The first rows as text, without byte-order mark.
    pub(crate) fn head(&self) -> &str {
        &self.head
    }

    /// The table below the header; `body` says where in the head it begins, in bytes.
    pub(crate) fn into_table(self, body: usize, dialect: csv::Dialect) -> Table<'s> {
        Table { text: self.text, body, dialect }
    }
}

/// A table below its header: can be walked any number of times.
pub(crate) struct Table<'s> {
    text: Text<'s>,
    body: usize,
    dialect: csv::Dialect,
}

impl Table<'_> {
    /// Calls `visit` with each row that is not blank and its number (the first below the header is 1).
    ///
    /// # Errors
    /// When the medium fails, or a row has no end.
    pub(crate) fn for_each_row(&self, mut visit: impl FnMut(u64, &Row<'_>)) -> Result<(), Refusal> {
        let mut blocks = self.blocks()?;
        while let Some(cut) = blocks.next()? {
            cut.block()?.for_each_row(&mut visit);
        }
        Ok(())
    }

    /// Works on all rows in several threads; gives what each thread kept.
    ///
    /// # Errors
    /// As [`Table::for_each_row`].
    pub(crate) fn work<S: Send, T: Send>(&self, work: Work<'_, S, T>) -> Result<Vec<S>, Refusal> {
        parallel::work(&mut self.blocks()?, work)
    }

    /// About how many bytes of text there are; none where that is not known before they are read.
    pub(crate) fn bytes(&self) -> Option<u64> {
        match &self.text {
            Text::Streamed(text) => text.bytes(),
            Text::Json(_) => None,
            Text::Made(text) => Some(text.len() as u64),
        }
    }

    fn blocks(&self) -> Result<Blocks<'_>, Refusal> {
        let mut text: Box<dyn Read + '_> = match &self.text {
            Text::Streamed(text) => text.open()?,
            Text::Json(table) => Box::new(table.open()?),
            Text::Made(text) => Box::new(text.as_bytes()),
        };
        let above = io::copy(&mut text.by_ref().take(self.body as u64), &mut io::sink());
        above.map_err(|error| stream::refusal_of(&error))?;
        Ok(Blocks::of(text, self.dialect, LONGEST_ROW))
    }
}
