//! A stream of bytes within a file: the file itself, a member of a zip, either of them compressed with gzip. Unpacked while it
//! is read, and stopped when it unpacks to more than any honest return.

use std::cell::Cell;
use std::error::Error;
use std::fmt;
use std::io::{self, Read, SeekFrom};
use std::rc::Rc;

use flate2::Crc;
use flate2::read::{DeflateDecoder, MultiGzDecoder};

use super::archive;
use super::source::{ReadSeek, Source};
use crate::refusal::Refusal;

/// What may be unpacked in any case, bytes.
const FREE: u64 = 16 << 20;
/// What a packed byte may unpack to beyond that. Tables of text reach 50.
const RATIO: u64 = 200;
/// What a file may unpack to, bytes.
pub(super) const LARGEST: u64 = 20 << 30;

/// A refusal on its way through readers.
#[derive(Debug)]
struct Stop(Refusal);

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Error for Stop {}

/// Ends reading with a refusal.
pub(super) fn stop(refusal: Refusal) -> io::Error {
    io::Error::other(Stop(refusal))
}

/// The refusal that ended reading, or what the medium reported.
pub(super) fn refusal_of(error: &io::Error) -> Refusal {
    match carried(error) {
        Some(refusal) => refusal.clone(),
        None => Refusal::CannotRead { reason: error.to_string() },
    }
}

fn carried(error: &io::Error) -> Option<&Refusal> {
    let mut inner: Option<&(dyn Error + 'static)> = error.get_ref().map(|inner| inner as &(dyn Error + 'static));
    while let Some(error) = inner {
        if let Some(Stop(refusal)) = error.downcast_ref() {
            return Some(refusal);
        }
        // A reader in between may have wrapped the error in one of its own.
        let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        inner = wrapped.map(|inner| inner as &(dyn Error + 'static)).or_else(|| error.source());
    }
    None
}

/// Where a member of a zip lies, and what it must unpack to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Member {
    pub(super) start: u64,
    pub(super) packed: u64,
    pub(super) size: u64,
    pub(super) crc: u32,
    pub(super) is_deflated: bool,
}

/// A stream that can be opened any number of times.
#[derive(Clone, Copy)]
pub(super) struct Stream<'s> {
    source: &'s dyn Source,
    member: Option<Member>,
    pub(super) is_gzip: bool,
}

impl<'s> Stream<'s> {
    pub(super) fn of(source: &'s dyn Source) -> Self {
        Self { source, member: None, is_gzip: false }
    }

    pub(super) fn member(self, member: Member) -> Self {
        Self { member: Some(member), ..self }
    }

    pub(super) fn unzipped(self) -> Self {
        Self { is_gzip: true, ..self }
    }

    pub(super) fn is_member(&self) -> bool {
        self.member.is_some()
    }

    /// Whether it is the file itself, from any place of which can be read.
    fn is_file(&self) -> bool {
        self.member.is_none() && !self.is_gzip
    }

    /// Its length in bytes; none where it has to be unpacked.
    pub(super) fn bytes(&self) -> Option<u64> {
        self.is_file().then(|| self.source.len())
    }

    /// Its bytes, from the first. Errors carry a refusal: see [`refusal_of`].
    pub(super) fn open(&self) -> Result<Box<dyn Read + 's>, Refusal> {
        let mut file = opened(self.source)?;
        let taken = Rc::new(Cell::new(0));
        let mut read: Box<dyn Read + 's> = match &self.member {
            None => Box::new(Bottom { inner: file, taken: Rc::clone(&taken) }),
            Some(member) => {
                file.seek(SeekFrom::Start(member.start)).map_err(|error| refusal_of(&error))?;
                let packed = Bottom { inner: file.take(member.packed), taken: Rc::clone(&taken) };
                let unpacked: Box<dyn Read + 's> =
                    if member.is_deflated { Box::new(DeflateDecoder::new(packed)) } else { Box::new(packed) };
                Box::new(Guard::new(unpacked, Rc::clone(&taken), archive::MEMBER, Some((member.size, member.crc))))
            }
        };
        if self.is_gzip {
            read = Box::new(Guard::new(MultiGzDecoder::new(read), taken, "a gzip file", None));
        }
        Ok(read)
    }

    /// Its first bytes, at most `limit`.
    pub(super) fn head(&self, limit: u64) -> Result<Vec<u8>, Refusal> {
        let mut head = Vec::new();
        self.open()?.take(limit).read_to_end(&mut head).map_err(|error| refusal_of(&error))?;
        Ok(head)
    }

    /// All bytes, for formats that cannot be walked; refused when there are more than `limit`.
    pub(super) fn whole(&self, limit: u64, what: &'static str) -> Result<Vec<u8>, Refusal> {
        if self.is_file() && self.source.len() > limit {
            return Err(too_large(what, limit));
        }
        let bytes = self.head(limit + 1)?;
        if bytes.len() as u64 > limit { Err(too_large(what, limit)) } else { Ok(bytes) }
    }

    /// Bytes from any place: of the file itself, or unpacked into memory.
    pub(super) fn seekable(&self, limit: u64, what: &'static str) -> Result<Box<dyn ReadSeek + 's>, Refusal> {
        if self.is_file() { opened(self.source) } else { Ok(Box::new(io::Cursor::new(self.whole(limit, what)?))) }
    }
}

fn opened(source: &dyn Source) -> Result<Box<dyn ReadSeek + '_>, Refusal> {
    source.open().map_err(|error| refusal_of(&error))
}

pub(super) fn too_large(what: &'static str, limit: u64) -> Refusal {
    Refusal::TooLarge { what: format!("{what} of more than {} MiB", limit >> 20) }
}

/// The file as the medium gives it. Its errors are told from those of unpacking; what was taken is counted.
struct Bottom<R> {
    inner: R,
    taken: Rc<Cell<u64>>,
}

impl<R: Read> Read for Bottom<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.inner.read(buffer) {
            Ok(count) => {
                self.taken.set(self.taken.get() + count as u64);
                Ok(count)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(error),
            Err(error) => Err(stop(refusal_of(&error))),
        }
    }
}

/// Unpacked bytes: stopped when there are too many for what was packed, checked against what the archive says of them.
struct Guard<R> {
    inner: R,
    taken: Rc<Cell<u64>>,
    given: u64,
    kind: &'static str,
    expected: Option<(u64, u32)>,
    crc: Crc,
}

impl<R: Read> Guard<R> {
    fn new(inner: R, taken: Rc<Cell<u64>>, kind: &'static str, expected: Option<(u64, u32)>) -> Self {
        Self { inner, taken, given: 0, kind, expected, crc: Crc::new() }
    }

    fn damaged(&self, reason: impl Into<String>) -> io::Error {
        let reason = reason.into();
        stop(match self.expected {
            Some(_) => Refusal::DamagedMember { reason },
            None => Refusal::Damaged { kind: self.kind, reason },
        })
    }

    fn at_end(&self) -> io::Result<usize> {
        match self.expected {
            Some((size, _)) if size != self.given => {
                Err(self.damaged(format!("{} of {size} bytes can be unpacked", self.given)))
            }
            Some((_, crc)) if crc != self.crc.sum() => Err(self.damaged("its check sum does not match")),
            _ => Ok(0),
        }
    }

    fn count(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.given += bytes.len() as u64;
        if let Some((size, _)) = self.expected {
            // An archive is judged by what its members say they unpack to: no member may go beyond that, not even to be refused
            // at its end, or many of them together would.
            if self.given > size {
                return Err(self.damaged(format!("it unpacks to more than the {size} bytes that it should have")));
            }
            self.crc.update(bytes);
        }
        if self.given > FREE + RATIO * self.taken.get() {
            return Err(stop(Refusal::TooLarge {
                what: format!("{} that unpacks to more than {RATIO} times its size", self.kind),
            }));
        }
        if self.given > LARGEST {
            return Err(stop(Refusal::TooLarge {
                what: format!("{} that unpacks to more than {} GiB", self.kind, LARGEST >> 30),
            }));
        }
        Ok(bytes.len())
    }
}

impl<R: Read> Read for Guard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.inner.read(buffer) {
            Ok(0) if buffer.is_empty() => Ok(0),
            Ok(0) => self.at_end(),
            Ok(count) => self.count(&buffer[..count]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted || carried(&error).is_some() => Err(error),
            Err(error) => Err(self.damaged(error.to_string())),
        }
    }
}
