//! What can go wrong in the vault.

use std::io;
use std::path::{Path, PathBuf};

use super::KeyId;
use crate::{Digest, VaultKeyError};

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
    #[error("the vault file {path} is damaged ({damage}): restore it from a backup")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        damage: VaultDamageKind,
    },
    /// The file is encrypted with a key that was not given.
    #[error(
        "the vault file {path} is encrypted with the key {wanted}{}: give that key in KERBWATT_VAULT_KEY or KERBWATT_VAULT_KEY_FILE",
        given.map_or_else(|| ", and no key was given".to_owned(), |id| format!(", not with {id}, which was given"))
    )]
    OtherKey {
        /// The file.
        path: PathBuf,
        /// The key that opens it.
        wanted: KeyId,
        /// The key that was given, if any.
        given: Option<KeyId>,
    },
    /// Nothing is written in the clear.
    #[error("the vault was opened without a key and takes no files: give the key in KERBWATT_VAULT_KEY")]
    NoKey,
    /// The bytes to be kept could not be read to their end; nothing of them is kept.
    #[error("the file that was to be kept could not be read: {0}")]
    Source(io::Error),
    /// The system gives no random numbers.
    #[error(transparent)]
    Key(#[from] VaultKeyError),
    /// The file system failed.
    #[error("{}", in_words(path, source))]
    Io {
        /// What was read or written.
        path: PathBuf,
        /// The system's own message.
        source: io::Error,
    },
}

impl VaultError {
    /// For `map_err`: a failure of the file system at a path.
    pub(super) fn at(path: &Path) -> impl Fn(io::Error) -> Self {
        |source| Self::Io { path: path.to_owned(), source }
    }

    /// For [`io::Read`]; [`VaultError::from_io`] takes it back.
    pub(super) fn into_io(self) -> io::Error {
        let kind = match &self {
            Self::Io { source, .. } => source.kind(),
            _ => io::ErrorKind::InvalidData,
        };
        io::Error::new(kind, self)
    }

    /// What was behind an error of [`io::Read`].
    pub(super) fn from_io(error: io::Error, path: &Path) -> Self {
        error.downcast().unwrap_or_else(|source| Self::Io { path: path.to_owned(), source })
    }
}

fn in_words(path: &Path, source: &io::Error) -> String {
    match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            format!("the disk is full: {} cannot be written; free some space and run the command again", path.display())
        }
        _ => format!("{}: {source}", path.display()),
    }
}

/// A damage found by [`Vault::verify`](super::Vault::verify).
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
    /// The encrypted content was changed or cut off; the number is the first byte of the part, counted in the file.
    #[error("its content has changed or was cut off: the part at byte {0} is not what was written")]
    Broken(u64),
    /// The file is whole, but another one.
    #[error("it is the file {0} under another name")]
    Misnamed(Digest),
    /// It is encrypted with another key than the one that was given.
    #[error("it is encrypted with the key {0}, which was not given")]
    OtherKey(KeyId),
    /// A newer program wrote it.
    #[error("a newer version of Kerbwatt wrote it (file format {0}): use that version")]
    Newer(u8),
    /// The name is none that the vault gives.
    #[error("it is not a file that the vault made")]
    Foreign,
    /// It cannot be read.
    #[error("it cannot be read: {0}")]
    Unreadable(String),
}
