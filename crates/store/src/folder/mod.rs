//! The data folder: what is in it, whose it is, and who writes to it.

mod error;
mod lock;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

pub use error::FolderError;

use crate::durable;
use lock::Lock;

/// The layout of the folder that this program writes. A change that an older program would misread counts it up.
const FORMAT: u32 = 1;
const FORMAT_FILE: &str = "FORMAT";
const FORMAT_TEMPORARY: &str = "FORMAT.new";
const LOCK_FILE: &str = "LOCK";
const VAULT: &str = "vault";
const LAKE: &str = "lake";
const LEDGER: &str = "ledger.sqlite";

/// A data folder: `vault/`, `ledger.sqlite`, `lake/`, `LOCK` and `FORMAT`.
///
/// Opened for writing it holds an exclusive lock until dropped; readers take no lock, because they see only what a
/// published data version names.
#[derive(Debug)]
pub struct DataFolder {
    root: PathBuf,
    lock: Option<Lock>,
}

impl DataFolder {
    /// Opens a folder for writing and makes what is missing; `command` is shown to whoever finds the folder in use.
    ///
    /// # Errors
    /// [`FolderError`] when it is a file, holds something else, comes from a newer version, cannot be written, or is in use.
    pub fn open_for_writing(dir: &Path, command: &str) -> Result<Self, FolderError> {
        create(dir)?;
        let known = read_format(dir)?.is_some();
        if !known {
            refuse_foreign(dir)?;
        }
        let lock = Lock::acquire(dir, &dir.join(LOCK_FILE), command)?;
        for part in [VAULT, LAKE] {
            let path = dir.join(part);
            durable::create_dir(&path).map_err(|source| FolderError::of(&path, source))?;
        }
        if !known {
            write_format(dir)?;
        }
        Ok(Self { root: dir.to_owned(), lock: Some(lock) })
    }

    /// Opens an existing folder for reading, also while another process writes to it.
    ///
    /// # Errors
    /// [`FolderError`] when there is no data folder, or it comes from a newer version.
    pub fn open_for_reading(dir: &Path) -> Result<Self, FolderError> {
        if dir.exists() && !dir.is_dir() {
            return Err(FolderError::NotADirectory { dir: dir.to_owned() });
        }
        match read_format(dir)? {
            Some(_) => Ok(Self { root: dir.to_owned(), lock: None }),
            None => Err(FolderError::Missing { dir: dir.to_owned() }),
        }
    }

    /// The folder itself.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where the vault is.
    #[must_use]
    pub fn vault_dir(&self) -> PathBuf {
        self.root.join(VAULT)
    }

    /// Where the ledger is.
    #[must_use]
    pub fn ledger_file(&self) -> PathBuf {
        self.root.join(LEDGER)
    }

    /// Where the lake is.
    #[must_use]
    pub fn lake_dir(&self) -> PathBuf {
        self.root.join(LAKE)
    }

    /// Whether this is the one that may write.
    #[must_use]
    pub fn is_writer(&self) -> bool {
        self.lock.is_some()
    }
}

fn create(dir: &Path) -> Result<(), FolderError> {
    if dir.exists() && !dir.is_dir() {
        return Err(FolderError::NotADirectory { dir: dir.to_owned() });
    }
    durable::create_dir(dir).map_err(|source| FolderError::of(dir, source))
}

fn read_format(dir: &Path) -> Result<Option<u32>, FolderError> {
    let path = dir.join(FORMAT_FILE);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(FolderError::of(&path, source)),
    };
    let found = text.trim().strip_prefix("kerbwatt ").and_then(|number| number.parse().ok());
    match found {
        Some(found) if found > FORMAT => Err(FolderError::Newer { dir: dir.to_owned(), found, known: FORMAT }),
        Some(found) => Ok(Some(found)),
        None => Err(FolderError::UnknownFormat { path }),
    }
}

/// A folder without `FORMAT` is new, or its making was interrupted; anything else in it is somebody's.
fn refuse_foreign(dir: &Path) -> Result<(), FolderError> {
    let entries = fs::read_dir(dir).map_err(|source| FolderError::of(dir, source))?;
    for entry in entries {
        let name = entry.map_err(|source| FolderError::of(dir, source))?.file_name();
        let name = name.to_string_lossy();
        if ![VAULT, LAKE, LOCK_FILE, FORMAT_TEMPORARY].contains(&name.as_ref()) {
            return Err(FolderError::Foreign { dir: dir.to_owned(), entry: name.into_owned() });
        }
    }
    Ok(())
}

fn write_format(dir: &Path) -> Result<(), FolderError> {
    let path = dir.join(FORMAT_FILE);
    durable::write_file(&path, &dir.join(FORMAT_TEMPORARY), format!("kerbwatt {FORMAT}\n").as_bytes())
        .map_err(|source| FolderError::of(&path, source))
}
