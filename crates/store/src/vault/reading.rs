//! Reading a file of the vault in pieces: at most one chunk is in memory.

use std::fmt;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use super::seal::{CHUNK, Cipher, HEADER, Header, SEALED_CHUNK, TAG, TRAILER};
use super::{VaultDamageKind, VaultError, VaultKey};
use crate::Digest;
use crate::durable::Input;

/// A file of the vault, decrypted as it is read; seeking costs one chunk of 1 MiB.
///
/// Every byte was checked before it is given. An error of reading holds the [`VaultError`] that says which file it is.
pub struct VaultFile {
    path: PathBuf,
    content: Content,
    at: u64,
    len: u64,
}

enum Content {
    /// As the first version kept files; checked as a whole when it is opened.
    Plain(Box<dyn Input>),
    Sealed(Box<Sealed>),
}

struct Sealed {
    input: Box<dyn Input>,
    cipher: Cipher,
    /// The number of the chunk in `chunk`, decrypted.
    loaded: Option<u32>,
    chunk: Vec<u8>,
}

impl VaultFile {
    pub(super) fn open(
        path: &Path,
        mut input: Box<dyn Input>,
        digest: &Digest,
        key: Option<&VaultKey>,
    ) -> Result<Self, VaultError> {
        let failed = VaultError::at(path);
        let size = input.seek(SeekFrom::End(0)).map_err(&failed)?;
        input.rewind().map_err(&failed)?;
        let (content, len) = match Header::read(&mut input).map_err(&failed)? {
            None => (Content::Plain(checked(path, input, digest)?), size),
            Some(header) => {
                let key = usable(path, &header, key)?;
                let len = content_len(size).ok_or_else(|| broken(path, size))?;
                let cipher = Cipher::new(key, header).map_err(&failed)?;
                let mut sealed = Sealed { input, cipher, loaded: None, chunk: Vec::new() };
                sealed.check_trailer(path, size, digest)?;
                (Content::Sealed(Box::new(sealed)), len)
            }
        };
        Ok(Self { path: path.to_owned(), content, at: 0, len })
    }

    /// Bytes of the content.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether the content has no bytes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether the file is encrypted; files that the first version kept are not.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        matches!(self.content, Content::Sealed(_))
    }
}

impl fmt::Debug for VaultFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VaultFile").field("path", &self.path).field("len", &self.len).finish_non_exhaustive()
    }
}

impl Read for VaultFile {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = match &mut self.content {
            Content::Plain(input) => input.read(out)?,
            Content::Sealed(_) if self.at >= self.len => 0,
            Content::Sealed(sealed) => {
                let (number, offset) = place(self.at);
                let chunk = sealed.load(&self.path, number, self.len).map_err(VaultError::into_io)?;
                let rest = chunk.get(offset..).unwrap_or_default();
                let count = rest.len().min(out.len());
                out[..count].copy_from_slice(&rest[..count]);
                count
            }
        };
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for VaultFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.len.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        let at = at.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "sought before the file's beginning"))?;
        if let Content::Plain(input) = &mut self.content {
            input.seek(SeekFrom::Start(at))?;
        }
        self.at = at;
        Ok(at)
    }
}

impl Sealed {
    /// The last chunk says whose content this is, and that nothing was cut off.
    fn check_trailer(&mut self, path: &Path, size: u64, digest: &Digest) -> Result<(), VaultError> {
        let start = size - TRAILER as u64;
        let number = chunks(start - HEADER as u64).ok_or_else(|| broken(path, start))?;
        self.fetch(start, TRAILER).map_err(VaultError::at(path))?;
        if !self.cipher.open(number, true, &mut self.chunk) {
            return Err(broken(path, start));
        }
        if self.chunk == digest.as_bytes() {
            return Ok(());
        }
        let found = <[u8; 32]>::try_from(self.chunk.as_slice()).map_err(|_| broken(path, start))?;
        Err(damaged(path, VaultDamageKind::Misnamed(Digest::from_bytes(found))))
    }

    /// Decrypts a chunk, unless it is the one that is there already.
    fn load(&mut self, path: &Path, number: u32, len: u64) -> Result<&[u8], VaultError> {
        if self.loaded != Some(number) {
            self.loaded = None;
            let start = HEADER as u64 + u64::from(number) * SEALED_CHUNK;
            let content = (len - u64::from(number) * CHUNK as u64).min(CHUNK as u64);
            self.fetch(start, usize::try_from(content).unwrap_or(CHUNK) + TAG).map_err(VaultError::at(path))?;
            if !self.cipher.open(number, false, &mut self.chunk) {
                return Err(broken(path, start));
            }
            self.loaded = Some(number);
        }
        Ok(&self.chunk)
    }

    fn fetch(&mut self, start: u64, bytes: usize) -> io::Result<()> {
        self.input.seek(SeekFrom::Start(start))?;
        self.chunk.resize(bytes, 0);
        self.input.read_exact(&mut self.chunk)
    }
}

/// Number of the chunk and place in it.
fn place(at: u64) -> (u32, usize) {
    let (number, offset) = (at / CHUNK as u64, at % CHUNK as u64);
    // Content of more chunks than that is refused when the file is opened.
    (u32::try_from(number).unwrap_or(u32::MAX), usize::try_from(offset).unwrap_or_default())
}

/// Bytes of content in a file of so many bytes; nothing when no file that was written whole has that size.
fn content_len(size: u64) -> Option<u64> {
    let sealed = size.checked_sub((HEADER + TRAILER) as u64)?;
    let (whole, rest) = (sealed / SEALED_CHUNK, sealed % SEALED_CHUNK);
    match rest {
        0 => Some(whole * CHUNK as u64),
        rest => Some(whole * CHUNK as u64 + rest.checked_sub(TAG as u64).filter(|rest| *rest > 0)?),
    }
}

/// How many chunks so many encrypted bytes are.
fn chunks(sealed: u64) -> Option<u32> {
    u32::try_from(sealed.div_ceil(SEALED_CHUNK)).ok()
}

fn usable<'a>(path: &Path, header: &Header, key: Option<&'a VaultKey>) -> Result<&'a VaultKey, VaultError> {
    if let Some(version) = header.unknown_version() {
        return Err(damaged(path, VaultDamageKind::Newer(version)));
    }
    let wanted = header.key();
    key.filter(|key| key.id() == wanted).ok_or_else(|| VaultError::OtherKey {
        path: path.to_owned(),
        wanted,
        given: key.map(VaultKey::id),
    })
}

/// A file in the clear vouches for nothing by itself, so that all of it is read before any of it is given.
fn checked(path: &Path, mut input: Box<dyn Input>, digest: &Digest) -> Result<Box<dyn Input>, VaultError> {
    let failed = VaultError::at(path);
    input.rewind().map_err(&failed)?;
    let found = Digest::of_reader(&mut input).map_err(&failed)?;
    input.rewind().map_err(&failed)?;
    if found == *digest { Ok(input) } else { Err(damaged(path, VaultDamageKind::Changed(found))) }
}

fn broken(path: &Path, at: u64) -> VaultError {
    damaged(path, VaultDamageKind::Broken(at))
}

fn damaged(path: &Path, damage: VaultDamageKind) -> VaultError {
    VaultError::Damaged { path: path.to_owned(), damage }
}
