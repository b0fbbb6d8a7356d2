//! Where the bytes of a return come from: memory, a file on disk, a connection, or the vault. They are read as often as needed and
//! never held as a whole, unless they came so.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kerbwatt_intake::{ReadSeek, Source};
use kerbwatt_store::{Arrival, Digest, Vault, VaultError, VaultFile};

use crate::{Hub, HubError};

/// Bytes that can be read again and again, shared by the returns of a file's tables.
pub type Bytes = Arc<dyn Source + Send + Sync>;

/// A file on disk.
struct OnDisk {
    path: PathBuf,
    length: u64,
}

impl Source for OnDisk {
    fn open(&self) -> io::Result<Box<dyn ReadSeek + '_>> {
        Ok(Box::new(BufReader::new(File::open(&self.path)?)))
    }

    fn len(&self) -> u64 {
        self.length
    }
}

/// A file on disk, which must not change while it is read.
///
/// # Errors
/// When there is no such file, or it cannot be read.
pub fn file_on_disk(path: &Path) -> io::Result<Bytes> {
    let file = File::open(path)?;
    let about = file.metadata()?;
    if about.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    Ok(Arc::new(OnDisk { path: path.to_owned(), length: about.len() }))
}

/// A file that came over a connection.
struct Arrived(Arrival);

impl Source for Arrived {
    fn open(&self) -> io::Result<Box<dyn ReadSeek + '_>> {
        Ok(Box::new(self.0.open().map_err(io::Error::other)?))
    }

    fn len(&self) -> u64 {
        self.0.len()
    }
}

impl Hub {
    /// Takes in a file that can be read only once, such as one that comes over a connection: encrypted, on the disk of the data
    /// folder, and gone with the value that is returned.
    ///
    /// # Errors
    /// [`HubError::Vault`]: [`VaultError::Source`] where what is read from fails, [`VaultError::Io`] where the disk does not take it.
    pub fn arrive(&self, source: &mut dyn Read) -> Result<Bytes, HubError> {
        Ok(Arc::new(Arrived(self.vault.arrive(source)?)))
    }
}

/// A file in the vault.
pub(crate) struct Kept {
    vault: Arc<Vault>,
    digest: Digest,
    length: u64,
}

impl Kept {
    pub(crate) fn of(vault: &Arc<Vault>, digest: Digest) -> Result<Self, VaultError> {
        Ok(Self { vault: Arc::clone(vault), digest, length: vault.len(&digest)? })
    }
}

impl Source for Kept {
    fn open(&self) -> io::Result<Box<dyn ReadSeek + '_>> {
        let file: VaultFile = self.vault.open(&self.digest).map_err(io::Error::other)?;
        Ok(Box::new(file))
    }

    fn len(&self) -> u64 {
        self.length
    }
}
