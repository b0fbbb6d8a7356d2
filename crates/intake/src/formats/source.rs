//! Where bytes come from: anything that can be opened again and again, so that a large file is walked and not held.

use std::io::{self, Cursor, Read, Seek};

/// Bytes that can be read from any place.
pub trait ReadSeek: Read + Seek {}

impl<R: Read + Seek + ?Sized> ReadSeek for R {}

/// The bytes of a file. Every opening gives the same bytes, from the first.
pub trait Source {
    /// Opens the file at its first byte.
    ///
    /// # Errors
    /// Whatever the medium reports.
    fn open(&self) -> io::Result<Box<dyn ReadSeek + '_>>;

    /// Length in bytes.
    fn len(&self) -> u64;

    /// Whether there is no byte.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The table meant, where the file holds several: a name that [`super::parts`] gave. See [`PartOf`].
    fn part(&self) -> Option<&str> {
        None
    }
}

impl Source for [u8] {
    fn open(&self) -> io::Result<Box<dyn ReadSeek + '_>> {
        Ok(Box::new(Cursor::new(self)))
    }

    fn len(&self) -> u64 {
        <[u8]>::len(self) as u64
    }
}

impl Source for Vec<u8> {
    fn open(&self) -> io::Result<Box<dyn ReadSeek + '_>> {
        Source::open(self.as_slice())
    }

    fn len(&self) -> u64 {
        Source::len(self.as_slice())
    }
}

impl<const N: usize> Source for [u8; N] {
    fn open(&self) -> io::Result<Box<dyn ReadSeek + '_>> {
        Source::open(self.as_slice())
    }

    fn len(&self) -> u64 {
        Source::len(self.as_slice())
    }
}

impl<S: Source + ?Sized> Source for &S {
    fn open(&self) -> io::Result<Box<dyn ReadSeek + '_>> {
        (**self).open()
    }

    fn len(&self) -> u64 {
        (**self).len()
    }

    fn part(&self) -> Option<&str> {
        (**self).part()
    }
}

/// One table of a file that holds several.
pub struct PartOf<'a> {
    source: &'a dyn Source,
    part: &'a str,
}

impl<'a> PartOf<'a> {
    /// The table that [`super::parts`] calls `part`.
    #[must_use]
    pub fn new(source: &'a dyn Source, part: &'a str) -> Self {
        Self { source, part }
    }
}

impl Source for PartOf<'_> {
    fn open(&self) -> io::Result<Box<dyn ReadSeek + '_>> {
        self.source.open()
    }

    fn len(&self) -> u64 {
        self.source.len()
    }

    fn part(&self) -> Option<&str> {
        Some(self.part)
    }
}
