//! Bytes that arrive from elsewhere and have to be read before it is decided whether they are kept: on disk, so that they need no
//! memory, and encrypted with a key that is in memory only.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use super::{VaultError, VaultFile, VaultKey, seal};
use crate::Digest;
use crate::durable::Input;

/// What arrived. The file has no name and its key ends with this value: whatever happens, nothing readable stays behind.
pub struct Arrival {
    file: Arc<Mutex<File>>,
    key: VaultKey,
    digest: Digest,
    len: u64,
}

impl Arrival {
    pub(super) fn take(dir: &Path, source: &mut dyn Read) -> Result<Self, VaultError> {
        let failed = VaultError::at(dir);
        let mut file = nameless(dir).map_err(&failed)?;
        let key = VaultKey::random()?;
        let digest = seal::seal(source, &mut file, dir, &key)?;
        let arrival = Self { file: Arc::new(Mutex::new(file)), key, digest, len: 0 };
        let len = arrival.open()?.len();
        Ok(Self { len, ..arrival })
    }

    /// Opens it at its first byte, as often as wanted.
    ///
    /// # Errors
    /// [`VaultError::Io`] when the disk fails.
    pub fn open(&self) -> Result<VaultFile, VaultError> {
        let input = Box::new(Shared { file: Arc::clone(&self.file), at: 0 });
        VaultFile::open(Path::new("a file that has just arrived"), input, &self.digest, Some(&self.key))
    }

    /// Its bytes.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether it has no bytes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
}

/// A file without a name, on the disk that is made for files of that size. Where nothing may be written there, also nothing can be
/// kept, but it can be checked: for that the system's place for temporary files will do.
fn nameless(dir: &Path) -> io::Result<File> {
    tempfile::tempfile_in(dir).or_else(|error| match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => tempfile::tempfile(),
        _ => Err(error),
    })
}

/// One of several readers of a file, each at a place of its own.
struct Shared {
    file: Arc<Mutex<File>>,
    at: u64,
}

impl Read for Shared {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        // A reader that ended early left no half of anything: each goes to its own place first.
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(self.at))?;
        let read = file.read(out)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for Shared {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        // From the end is the file's affair; from here is this reader's.
        file.seek(SeekFrom::Start(self.at))?;
        self.at = file.seek(to)?;
        Ok(self.at)
    }
}

impl Input for Shared {}
