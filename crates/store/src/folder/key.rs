//! Where the vault's key comes from, and that it is the right one.
//!
//! The deployment gives the key. Where it gives none, one is made beside the vault, so that trying things out needs no
//! setting up; that protects a copied `vault/`, not a copied data folder. `KEY-ID` says which key the folder wants.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::{FolderError, KEY_FILE, KEY_ID_FILE, KEY_ID_TEMPORARY, KEY_TEMPORARY, VAULT};
use crate::durable::{self, Disk, Readers};
use crate::{KeyId, Vault, VaultError, VaultKey, VaultKeyError};

/// The variable that holds the key: 64 hexadecimal digits.
const VARIABLE: &str = "KERBWATT_VAULT_KEY";
/// The variable that names a file with the key: 64 hexadecimal digits.
const FILE_VARIABLE: &str = "KERBWATT_VAULT_KEY_FILE";
/// No key file is longer; a device that never ends must not fill the memory.
const MOST_BYTES: u64 = 4096;

/// Why there is no key for the vault, or not the right one. Nothing is written then.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// Both variables are set.
    #[error("{VARIABLE} and {FILE_VARIABLE} are both set: unset one of them")]
    Both,
    /// What was given is no key.
    #[error("{whence} holds no key: {source}")]
    Unusable {
        /// The variable or the file.
        whence: String,
        /// What is expected.
        source: VaultKeyError,
    },
    /// The file with the key cannot be read.
    #[error("the key of the vault cannot be read from {path}: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's own message.
        source: io::Error,
    },
    /// `KEY-ID` does not say which key it is.
    #[error("{path} does not hold the id of a key: restore it from a backup")]
    UnknownId {
        /// The file.
        path: PathBuf,
    },
    /// The folder wants a key and there is none.
    #[error(
        "the vault of {dir} is encrypted with the key {wanted}, and no key was given: set {VARIABLE} or {FILE_VARIABLE}, or put {KEY_FILE} back where it was; without that key its files cannot be read"
    )]
    Missing {
        /// The data folder.
        dir: PathBuf,
        /// The key that it wants.
        wanted: KeyId,
    },
    /// The key that was given is another one.
    #[error(
        "the vault of {dir} is encrypted with the key {wanted}, but {whence} holds the key {given}: give the key {wanted} in {VARIABLE} or {FILE_VARIABLE}; nothing was changed"
    )]
    Other {
        /// The data folder.
        dir: PathBuf,
        /// The key that it wants.
        wanted: KeyId,
        /// The key that was given.
        given: KeyId,
        /// The variable or the file.
        whence: String,
    },
    /// The system gives no random numbers for a new key.
    #[error(transparent)]
    NoRandom(VaultKeyError),
}

/// Where the key is looked for.
#[derive(Debug, Clone)]
pub enum KeySource {
    /// `vault.key` in the data folder, which is made where there is none and the folder is new.
    InFolder,
    /// The key itself, and where it was found, for messages.
    Given(VaultKey, &'static str),
    /// A file outside the data folder.
    File(PathBuf),
}

impl KeySource {
    /// `KERBWATT_VAULT_KEY`, or else the file that `KERBWATT_VAULT_KEY_FILE` names, or else the data folder. A variable that
    /// is set to nothing counts as not set.
    ///
    /// # Errors
    /// [`KeyError::Both`], or [`KeyError::Unusable`] when the variable holds no key.
    pub fn from_environment() -> Result<Self, KeyError> {
        let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        match (set(VARIABLE), set(FILE_VARIABLE)) {
            (None, None) => Ok(Self::InFolder),
            (Some(_), Some(_)) => Err(KeyError::Both),
            (None, Some(path)) => Ok(Self::File(path.into())),
            (Some(text), None) => {
                let text = Zeroizing::new(text.into_string().unwrap_or_default());
                let key = VaultKey::parse(&text);
                key.map(|key| Self::Given(key, VARIABLE)).map_err(|source| unusable(VARIABLE, source))
            }
        }
    }

    fn find(&self, root: &Path) -> Result<Option<(VaultKey, String)>, KeyError> {
        match self {
            Self::Given(key, whence) => Ok(Some((key.clone(), (*whence).to_owned()))),
            Self::File(path) => read_key(path).map(Some),
            Self::InFolder => {
                let path = root.join(KEY_FILE);
                if path.exists() { read_key(&path).map(Some) } else { Ok(None) }
            }
        }
    }
}

/// The key for a folder: nothing when none is given and none is wanted yet. Only reads.
pub(super) fn find(root: &Path, source: &KeySource) -> Result<Option<VaultKey>, KeyError> {
    match (wanted(root)?, source.find(root)?) {
        (None, found) => Ok(found.map(|(key, _)| key)),
        (Some(wanted), None) => Err(KeyError::Missing { dir: root.to_owned(), wanted }),
        (Some(wanted), Some((key, _))) if key.id() == wanted => Ok(Some(key)),
        (Some(wanted), Some((key, whence))) => {
            Err(KeyError::Other { dir: root.to_owned(), wanted, given: key.id(), whence })
        }
    }
}

/// The key for a folder that is open for writing: makes it where there is none, and records its id. The key is on disk
/// before anything that wants it.
pub(super) fn settle(disk: &dyn Disk, root: &Path, source: &KeySource) -> Result<VaultKey, FolderError> {
    let key = match find(root, source)? {
        Some(key) => key,
        None => make(disk, root)?,
    };
    let (path, temporary) = (root.join(KEY_ID_FILE), root.join(KEY_ID_TEMPORARY));
    if read_id(&path)?.is_none() {
        let line = format!("{}\n", key.id());
        durable::replace_file(disk, &path, &temporary, line.as_bytes(), Readers::Usual)
            .map_err(|source| FolderError::of(&path, source))?;
    }
    Ok(key)
}

fn make(disk: &dyn Disk, root: &Path) -> Result<VaultKey, FolderError> {
    let key = VaultKey::random().map_err(KeyError::NoRandom)?;
    let mut line = key.to_hex();
    line.push('\n');
    let path = root.join(KEY_FILE);
    durable::replace_file(disk, &path, &root.join(KEY_TEMPORARY), line.as_bytes(), Readers::OwnerOnly)
        .map_err(|source| FolderError::of(&path, source))?;
    Ok(key)
}

/// The key that the folder wants. Where `KEY-ID` was lost, the files say it themselves.
fn wanted(root: &Path) -> Result<Option<KeyId>, KeyError> {
    let vault = root.join(VAULT);
    match read_id(&root.join(KEY_ID_FILE))? {
        None if vault.is_dir() => Vault::key_in_use(&vault).map_err(|error| match error {
            VaultError::Io { path, source } => KeyError::Unreadable { path, source },
            other => KeyError::Unreadable { path: vault, source: io::Error::other(other) },
        }),
        id => Ok(id),
    }
}

fn read_id(path: &Path) -> Result<Option<KeyId>, KeyError> {
    match std::fs::read_to_string(path) {
        Ok(text) => KeyId::parse(&text).map(Some).ok_or_else(|| KeyError::UnknownId { path: path.to_owned() }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(KeyError::Unreadable { path: path.to_owned(), source }),
    }
}

fn read_key(path: &Path) -> Result<(VaultKey, String), KeyError> {
    let mut text = Zeroizing::new(String::with_capacity(128));
    let opened = std::fs::File::open(path).and_then(|file| file.take(MOST_BYTES).read_to_string(&mut text));
    match opened {
        Err(source) if source.kind() != io::ErrorKind::InvalidData => {
            Err(KeyError::Unreadable { path: path.to_owned(), source })
        }
        _ => {
            let whence = path.display().to_string();
            let key = VaultKey::parse(&text).map_err(|source| unusable(&whence, source))?;
            Ok((key, whence))
        }
    }
}

fn unusable(whence: &str, source: VaultKeyError) -> KeyError {
    KeyError::Unusable { whence: whence.to_owned(), source }
}
