//! The data folder: what is in it, whose it is, and who writes to it.

mod error;
mod key;
mod lock;

#[cfg(test)]
mod fault_tests;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use error::FolderError;
pub use key::{KeyError, KeySource};

use crate::durable::{self, Disk, Readers, RealDisk};
use crate::{Vault, VaultKey};
use lock::Lock;

/// The layout of the folder that this program writes. A change that an older program would misread counts it up.
///
/// 1: the first. 2: the vault is encrypted.
const FORMAT: u32 = 2;
const FORMAT_FILE: &str = "FORMAT";
const FORMAT_TEMPORARY: &str = "FORMAT.new";
const KEY_ID_FILE: &str = "KEY-ID";
const KEY_ID_TEMPORARY: &str = "KEY-ID.new";
const KEY_FILE: &str = "vault.key";
const KEY_TEMPORARY: &str = "vault.key.new";
const LOCK_FILE: &str = "LOCK";
const VAULT: &str = "vault";
const LAKE: &str = "lake";
const LEDGER: &str = "ledger.sqlite";

/// What may be there before `FORMAT`, which is written last.
const BEFORE_FORMAT: [&str; 8] =
    [VAULT, LAKE, LOCK_FILE, FORMAT_TEMPORARY, KEY_FILE, KEY_TEMPORARY, KEY_ID_FILE, KEY_ID_TEMPORARY];

/// A data folder: `vault/`, `ledger.sqlite`, `lake/`, `LOCK`, `FORMAT` and `KEY-ID`; `vault.key` only where the deployment
/// gives no key.
///
/// Opened for writing it holds an exclusive lock until dropped; readers take no lock, because they see only what a
/// published data version names.
#[derive(Debug)]
pub struct DataFolder {
    root: PathBuf,
    disk: Arc<dyn Disk>,
    key: Option<VaultKey>,
    lock: Option<Lock>,
}

impl DataFolder {
    /// Opens a folder for writing and makes what is missing; `command` is shown to whoever finds the folder in use. The key
    /// of the vault is looked for as [`KeySource::from_environment`] says.
    ///
    /// # Errors
    /// [`FolderError`] when it is a file, holds something else, comes from a newer version, wants another key, cannot be
    /// written, or is in use.
    pub fn open_for_writing(dir: &Path, command: &str) -> Result<Self, FolderError> {
        Self::open_for_writing_with(dir, command, &KeySource::from_environment()?)
    }

    /// [`DataFolder::open_for_writing`] with the key from a source of one's choice.
    ///
    /// # Errors
    /// As there.
    pub fn open_for_writing_with(dir: &Path, command: &str, key: &KeySource) -> Result<Self, FolderError> {
        Self::open_on(Arc::new(RealDisk), dir, command, key)
    }

    fn open_on(disk: Arc<dyn Disk>, dir: &Path, command: &str, source: &KeySource) -> Result<Self, FolderError> {
        refuse_file(dir)?;
        let found = read_format(dir)?;
        if found.is_none() && dir.is_dir() {
            refuse_foreign(dir)?;
        }
        key::find(dir, source)?; // a wrong key is refused before anything is written
        make_dir(&*disk, dir)?;
        let lock = Lock::acquire(dir, &dir.join(LOCK_FILE), command)?;
        for part in [VAULT, LAKE] {
            make_dir(&*disk, &dir.join(part))?;
        }
        let key = key::settle(&*disk, dir, source)?;
        let folder = Self { root: dir.to_owned(), disk, key: Some(key), lock: Some(lock) };
        if found != Some(FORMAT) {
            folder.vault().encrypt_plain()?;
            folder.write_format()?;
        }
        Ok(folder)
    }

    /// Opens an existing folder for reading, also while another process writes to it. The key of the vault is looked for as
    /// [`KeySource::from_environment`] says.
    ///
    /// # Errors
    /// [`FolderError`] when there is no data folder, it comes from a newer version, or wants another key.
    pub fn open_for_reading(dir: &Path) -> Result<Self, FolderError> {
        Self::open_for_reading_with(dir, &KeySource::from_environment()?)
    }

    /// [`DataFolder::open_for_reading`] with the key from a source of one's choice.
    ///
    /// # Errors
    /// As there.
    pub fn open_for_reading_with(dir: &Path, key: &KeySource) -> Result<Self, FolderError> {
        refuse_file(dir)?;
        if read_format(dir)?.is_none() {
            return Err(FolderError::Missing { dir: dir.to_owned() });
        }
        let key = key::find(dir, key)?;
        Ok(Self { root: dir.to_owned(), disk: Arc::new(RealDisk), key, lock: None })
    }

    /// The folder itself.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The vault, with its key.
    #[must_use]
    pub fn vault(&self) -> Vault {
        Vault::on(Arc::clone(&self.disk), &self.vault_dir(), self.key.clone())
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

    fn write_format(&self) -> Result<(), FolderError> {
        let (path, temporary) = (self.root.join(FORMAT_FILE), self.root.join(FORMAT_TEMPORARY));
        let line = format!("kerbwatt {FORMAT}\n");
        durable::replace_file(&*self.disk, &path, &temporary, line.as_bytes(), Readers::Usual)
            .map_err(|source| FolderError::of(&path, source))
    }
}

fn refuse_file(dir: &Path) -> Result<(), FolderError> {
    if dir.exists() && !dir.is_dir() {
        return Err(FolderError::NotADirectory { dir: dir.to_owned() });
    }
    Ok(())
}

fn make_dir(disk: &dyn Disk, dir: &Path) -> Result<(), FolderError> {
    durable::make_dirs(disk, dir).map_err(|source| FolderError::of(dir, source))
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
        if !BEFORE_FORMAT.contains(&name.as_ref()) {
            return Err(FolderError::Foreign { dir: dir.to_owned(), entry: name.into_owned() });
        }
    }
    Ok(())
}
