//! The bytes that were sent, content-addressed, encrypted, and never changed.

mod arrival;
mod error;
mod key;
mod reading;
mod seal;
mod upkeep;

#[cfg(test)]
mod fault_tests;

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

pub use arrival::Arrival;
pub use error::{VaultDamage, VaultDamageKind, VaultError};
pub use key::{KeyId, VaultKey, VaultKeyError};
pub use reading::VaultFile;

use crate::Digest;
use crate::durable::{Disk, Readers, RealDisk};

const TEMPORARY: &str = "incoming-";

/// A content-addressed store: `vault/ab/abcdef…` where the name is the SHA-256 of the content.
///
/// The content is encrypted (XChaCha20-Poly1305 in chunks of 1 MiB), so that a copied disk or backup shows none of it.
/// Files of any size pass through a few MiB of memory. The first version kept files in the clear: they stay readable, and
/// [`Vault::encrypt_plain`] takes them over.
#[derive(Debug)]
pub struct Vault {
    dir: PathBuf,
    key: Option<VaultKey>,
    disk: Arc<dyn Disk>,
    counter: AtomicU64,
}

impl Vault {
    /// The vault in a folder that exists. Without a key it gives only what was kept in the clear, and takes nothing.
    #[must_use]
    pub fn at(dir: &Path, key: Option<VaultKey>) -> Self {
        Self::on(Arc::new(RealDisk), dir, key)
    }

    pub(crate) fn on(disk: Arc<dyn Disk>, dir: &Path, key: Option<VaultKey>) -> Self {
        Self { dir: dir.to_owned(), key, disk, counter: AtomicU64::new(0) }
    }

    /// [`Vault::put_reader`] for bytes in memory.
    ///
    /// # Errors
    /// As [`Vault::put_reader`].
    pub fn put(&self, bytes: &[u8]) -> Result<Digest, VaultError> {
        let digest = Digest::of(bytes);
        if self.is_kept(&digest) {
            return self.keep_again(&digest);
        }
        self.put_reader(&mut &bytes[..])
    }

    /// Keeps all that a source gives, in constant memory, and returns when it is on disk. Keeping the same bytes again
    /// changes nothing, but mends a damaged file.
    ///
    /// # Errors
    /// [`VaultError::Source`] when the source fails, [`VaultError::Io`] when the disk does not take the bytes,
    /// [`VaultError::NoKey`]; then no file is half there: it is whole, as it was before, or absent.
    pub fn put_reader(&self, source: &mut dyn Read) -> Result<Digest, VaultError> {
        self.receive(source)?.keep()
    }

    /// Takes in all that a source gives, in constant memory, and flushes it, but gives it no name yet: for whoever has to look
    /// at the content before it is decided whether it is kept.
    ///
    /// # Errors
    /// As [`Vault::put_reader`].
    pub fn receive(&self, source: &mut dyn Read) -> Result<Incoming<'_>, VaultError> {
        let key = self.key.as_ref().ok_or(VaultError::NoKey)?;
        let temporary = self.temporary();
        match self.write(source, &temporary, key) {
            Ok(digest) => Ok(Incoming { vault: self, temporary, digest, is_named: false }),
            Err(error) => {
                // On a full disk what is there of it is in the way of everybody.
                let _ = self.disk.remove(&temporary);
                Err(error)
            }
        }
    }

    /// Takes in all that a source gives, in constant memory, for whoever has to read it more than once and cannot ask the source
    /// again. Nothing of it is kept, and no key of the deployment is needed.
    ///
    /// # Errors
    /// [`VaultError::Source`] when the source fails, [`VaultError::Io`] when the disk does not take the bytes.
    pub fn arrive(&self, source: &mut dyn Read) -> Result<Arrival, VaultError> {
        Arrival::take(&self.dir, source)
    }

    /// The bytes of a digest, checked against it.
    ///
    /// # Errors
    /// As [`Vault::open`].
    pub fn get(&self, digest: &Digest) -> Result<Vec<u8>, VaultError> {
        let mut file = self.open(digest)?;
        let mut bytes = Vec::with_capacity(usize::try_from(file.len()).unwrap_or_default());
        match file.read_to_end(&mut bytes) {
            Ok(_) => Ok(bytes),
            Err(error) => Err(VaultError::from_io(error, &self.path(digest))),
        }
    }

    /// Opens the content of a digest for reading in pieces. Each piece is checked before it is given; that the file is
    /// whole and the right one is checked here.
    ///
    /// # Errors
    /// [`VaultError::Missing`], [`VaultError::Damaged`] or [`VaultError::OtherKey`], or [`VaultError::Io`] when the disk fails.
    pub fn open(&self, digest: &Digest) -> Result<VaultFile, VaultError> {
        let path = self.path(digest);
        let input = self.disk.open(&path).map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => VaultError::Missing { digest: *digest },
            _ => VaultError::Io { path: path.clone(), source },
        })?;
        VaultFile::open(&path, input, digest, self.key.as_ref())
    }

    /// Bytes of the content of a digest.
    ///
    /// # Errors
    /// As [`Vault::open`].
    pub fn len(&self, digest: &Digest) -> Result<u64, VaultError> {
        Ok(self.open(digest)?.len())
    }

    /// Where the content of a digest is, whether it is there or not.
    #[must_use]
    pub fn path(&self, digest: &Digest) -> PathBuf {
        let name = digest.to_string();
        self.dir.join(&name[..2]).join(name)
    }

    /// Whether a file of that digest is there; its content is not checked.
    #[must_use]
    pub fn contains(&self, digest: &Digest) -> bool {
        self.path(digest).is_file()
    }

    /// Whether the content is there, encrypted and whole.
    fn is_kept(&self, digest: &Digest) -> bool {
        let Ok(mut file) = self.open(digest) else { return false };
        file.is_encrypted() && Digest::of_reader(&mut file).is_ok_and(|found| found == *digest)
    }

    fn write(&self, source: &mut dyn Read, temporary: &Path, key: &VaultKey) -> Result<Digest, VaultError> {
        let mut output = self.disk.create(temporary, Readers::Usual).map_err(VaultError::at(temporary))?;
        let digest = seal::seal(source, &mut output, temporary, key)?;
        output.sync().map_err(VaultError::at(temporary))?;
        Ok(digest)
    }

    fn name(&self, temporary: &Path, digest: &Digest) -> Result<Digest, VaultError> {
        let path = self.path(digest);
        let shard = path.parent().unwrap_or(&self.dir);
        let made = match self.disk.make_dir(shard) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            made => made,
        };
        let named = made.and_then(|()| self.disk.rename(temporary, &path));
        named.and_then(|()| self.sync_names(shard)).map_err(VaultError::at(&path))?;
        Ok(*digest)
    }

    /// Flushes a file that was there before, and its name: a crash may have come between its renaming and that.
    fn keep_again(&self, digest: &Digest) -> Result<Digest, VaultError> {
        let path = self.path(digest);
        let synced = self.disk.sync_file(&path).and_then(|()| self.sync_names(path.parent().unwrap_or(&self.dir)));
        synced.map(|()| *digest).map_err(VaultError::at(&path))
    }

    /// Flushes the names of files and that of the folder they are in, whoever made it.
    fn sync_names(&self, shard: &Path) -> io::Result<()> {
        self.disk.sync_dir(shard)?;
        self.disk.sync_dir(&self.dir)
    }

    fn temporary(&self) -> PathBuf {
        let number = self.counter.fetch_add(1, Ordering::Relaxed);
        self.dir.join(format!("{TEMPORARY}{}-{number}", std::process::id()))
    }
}

/// Bytes that are on disk and have no name yet: kept by [`Incoming::keep`], or else gone when this is dropped.
#[derive(Debug)]
pub struct Incoming<'v> {
    vault: &'v Vault,
    temporary: PathBuf,
    digest: Digest,
    is_named: bool,
}

impl Incoming<'_> {
    /// SHA-256 of the content.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// Keeps the content, and returns when its name is on disk.
    ///
    /// # Errors
    /// [`VaultError::Io`] when the disk does not take it; then it is as before, or absent.
    pub fn keep(mut self) -> Result<Digest, VaultError> {
        let (vault, digest) = (self.vault, self.digest);
        if vault.is_kept(&digest) {
            vault.disk.remove(&self.temporary).map_err(VaultError::at(&self.temporary))?;
            self.is_named = true;
            return vault.keep_again(&digest);
        }
        let named = vault.name(&self.temporary, &digest);
        self.is_named = named.is_ok();
        named
    }
}

impl Drop for Incoming<'_> {
    fn drop(&mut self) {
        if !self.is_named {
            let _ = self.vault.disk.remove(&self.temporary);
        }
    }
}

/// SHA-256 of a file as it is on disk, read in pieces.
pub(crate) fn hash_file(path: &Path) -> io::Result<Digest> {
    Digest::of_reader(&mut File::open(path)?)
}
