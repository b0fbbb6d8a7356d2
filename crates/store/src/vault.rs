//! The bytes that were sent, content-addressed and never changed.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest as _, Sha256};

use crate::{Digest, durable};

const TEMPORARY: &str = "incoming-";

/// Why the vault cannot take or give bytes.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// No file of that digest.
    #[error("the vault does not hold the file with SHA-256 {digest}: restore it from a backup")]
    Missing {
        /// What was asked for.
        digest: Digest,
    },
    /// The file is no longer what was put in.
    #[error("the vault file {path} is damaged (its SHA-256 is now {found}): restore it from a backup")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Digest of what is there now.
        found: Digest,
    },
    /// The file system failed.
    #[error("{path}: {source}")]
    Io {
        /// What was read or written.
        path: PathBuf,
        /// The system's own message.
        source: io::Error,
    },
}

/// A damage found by [`Vault::verify`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VaultDamage {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub kind: VaultDamageKind,
}

/// What can be wrong with a file in the vault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VaultDamageKind {
    /// The content does not have the digest it is named by.
    #[error("its content has changed: its SHA-256 is now {0}")]
    Changed(Digest),
    /// The name is none that the vault gives.
    #[error("it is not a file that the vault made")]
    Foreign,
    /// It cannot be read.
    #[error("it cannot be read: {0}")]
    Unreadable(String),
}

/// A content-addressed store: `vault/ab/abcdef…` where the name is the SHA-256 of the content.
#[derive(Debug)]
pub struct Vault {
    dir: PathBuf,
    counter: AtomicU64,
}

impl Vault {
    /// Opens the vault in a folder that exists.
    #[must_use]
    pub fn open(dir: &Path) -> Self {
        Self { dir: dir.to_owned(), counter: AtomicU64::new(0) }
    }

    /// Keeps some bytes and returns when they are on disk. Keeping the same bytes again changes nothing, but mends a damaged file.
    ///
    /// # Errors
    /// [`VaultError::Io`] when the disk does not take them; then nothing is kept under the digest.
    pub fn put(&self, bytes: &[u8]) -> Result<Digest, VaultError> {
        let digest = Digest::of(bytes);
        let path = self.path(&digest);
        let failed = |source| VaultError::Io { path: path.clone(), source };
        if self.get(&digest).is_ok() {
            // A crash may have come between an earlier rename and its flush.
            File::open(&path).and_then(|file| file.sync_all()).map_err(failed)?;
            path.parent().map_or(Ok(()), durable::sync_dir).map_err(failed)?;
            durable::sync_dir(&self.dir).map_err(failed)?;
            return Ok(digest);
        }
        path.parent().map_or(Ok(()), durable::create_dir).map_err(failed)?;
        durable::write_file(&path, &self.temporary(), bytes).map_err(failed)?;
        Ok(digest)
    }

    /// The bytes of a digest, checked against it.
    ///
    /// # Errors
    /// [`VaultError::Missing`] or [`VaultError::Damaged`], or [`VaultError::Io`] when the disk fails.
    pub fn get(&self, digest: &Digest) -> Result<Vec<u8>, VaultError> {
        let path = self.path(digest);
        let bytes = fs::read(&path).map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => VaultError::Missing { digest: *digest },
            _ => VaultError::Io { path: path.clone(), source },
        })?;
        let found = Digest::of(&bytes);
        if found == *digest { Ok(bytes) } else { Err(VaultError::Damaged { path, found }) }
    }

    /// Where the bytes of a digest are, whether they are there or not.
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

    /// Reads every file and reports those that are not what was put in. A file that is gone leaves no trace here: the ledger
    /// knows which ones there must be (see [`Vault::contains`]).
    ///
    /// # Errors
    /// [`VaultError::Io`] when the vault's folder itself cannot be read.
    pub fn verify(&self) -> Result<Vec<VaultDamage>, VaultError> {
        let mut damages = Vec::new();
        for path in self.entries(&self.dir)? {
            if is_temporary(&path) {
                continue; // being written now, or swept by the next writer
            }
            if path.is_dir() {
                let files = self.entries(&path)?;
                damages.extend(files.into_iter().filter_map(|file| Self::examine(file, &self.dir)));
            } else {
                damages.push(VaultDamage { path, kind: VaultDamageKind::Foreign });
            }
        }
        Ok(damages)
    }

    /// Removes what writes that a crash cut off left behind, and returns how many. Only for the writer.
    ///
    /// # Errors
    /// [`VaultError::Io`] when a file cannot be removed.
    pub fn sweep_temporary(&self) -> Result<usize, VaultError> {
        let left: Vec<PathBuf> = self.entries(&self.dir)?.into_iter().filter(|path| is_temporary(path)).collect();
        for path in &left {
            fs::remove_file(path).map_err(|source| VaultError::Io { path: path.clone(), source })?;
        }
        Ok(left.len())
    }

    fn temporary(&self) -> PathBuf {
        let number = self.counter.fetch_add(1, Ordering::Relaxed);
        self.dir.join(format!("{TEMPORARY}{}-{number}", std::process::id()))
    }

    fn entries(&self, dir: &Path) -> Result<Vec<PathBuf>, VaultError> {
        let failed = |source| VaultError::Io { path: dir.to_owned(), source };
        let mut paths = Vec::new();
        for entry in fs::read_dir(dir).map_err(failed)? {
            paths.push(entry.map_err(failed)?.path());
        }
        paths.sort();
        Ok(paths)
    }

    fn examine(path: PathBuf, root: &Path) -> Option<VaultDamage> {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let expected = Digest::parse(name).ok().filter(|_| path == root.join(&name[..2]).join(name));
        let kind = match (expected, hash_file(&path)) {
            (None, _) => VaultDamageKind::Foreign,
            (Some(_), Err(error)) => VaultDamageKind::Unreadable(error.to_string()),
            (Some(expected), Ok(found)) if expected == found => return None,
            (Some(_), Ok(found)) => VaultDamageKind::Changed(found),
        };
        Some(VaultDamage { path, kind })
    }
}

/// SHA-256 of a file, read in pieces.
pub(crate) fn hash_file(path: &Path) -> io::Result<Digest> {
    let mut hash = Sha256::new();
    let mut file = File::open(path)?;
    let mut buffer = vec![0; 1 << 20];
    loop {
        match io::Read::read(&mut file, &mut buffer)? {
            0 => return Ok(Digest::from_hash(hash)),
            read => hash.update(&buffer[..read]),
        }
    }
}

fn is_temporary(path: &Path) -> bool {
    path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with(TEMPORARY))
}
