//! Why a data folder cannot be opened.

use std::io;
use std::path::{Path, PathBuf};

use super::KeyError;
use crate::VaultError;

/// Why a data folder cannot be opened; the message says what to do.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// The path is a file.
    #[error("{dir} is a file, not a folder: give the path of a new or empty folder")]
    NotADirectory {
        /// The path.
        dir: PathBuf,
    },
    /// The folder holds something that is not Kerbwatt's.
    #[error(
        "{dir} is not a Kerbwatt data folder and is not empty (it holds “{entry}”): give the path of a new or empty folder"
    )]
    Foreign {
        /// The path.
        dir: PathBuf,
        /// A name found in it.
        entry: String,
    },
    /// There is no data folder, and reading does not make one.
    #[error(
        "there is no Kerbwatt data folder at {dir}: check the path, or make one with `kerbwatt submit` or `kerbwatt demo`"
    )]
    Missing {
        /// The path.
        dir: PathBuf,
    },
    /// A newer program made the folder.
    #[error(
        "{dir} was written by a newer version of Kerbwatt (data format {found}, this one knows {known}): use that version, or update this one"
    )]
    Newer {
        /// The path.
        dir: PathBuf,
        /// Format found.
        found: u32,
        /// Newest format that this program knows.
        known: u32,
    },
    /// `FORMAT` is not what this or any earlier program writes.
    #[error("{path} does not say which data format this is: it is damaged, or the folder is not Kerbwatt's")]
    UnknownFormat {
        /// The file.
        path: PathBuf,
    },
    /// Another process, or another handle of this one, writes to the folder.
    #[error("{dir} is in use by {holder}: wait for it to end or stop it, or use another data folder")]
    InUse {
        /// The path.
        dir: PathBuf,
        /// Such as `process 4711 (kerbwatt serve)`.
        holder: String,
    },
    /// The folder, or the disk, does not let this user write.
    #[error("{path} cannot be written by this user: change its permissions, or use another folder")]
    NotWritable {
        /// What could not be written.
        path: PathBuf,
    },
    /// The disk is full.
    #[error("{path} cannot be written, for the disk is full: free some space and run the command again")]
    DiskFull {
        /// What could not be written.
        path: PathBuf,
    },
    /// The key of the vault is not there, or another one.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Files that an earlier version kept in the clear could not be encrypted.
    #[error("the files in the vault could not be encrypted: {0}")]
    Encrypting(#[from] VaultError),
    /// Another failure of the file system.
    #[error("{path}: {source}")]
    Io {
        /// What was read or written.
        path: PathBuf,
        /// The system's own message.
        source: io::Error,
    },
}

impl FolderError {
    pub(super) fn of(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull { path },
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Self::NotWritable { path },
            _ => Self::Io { path, source },
        }
    }
}
