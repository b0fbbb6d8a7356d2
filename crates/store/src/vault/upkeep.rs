//! Checking the vault as a whole, and tidying it.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::seal::Header;
use super::{KeyId, TEMPORARY, Vault, VaultDamage, VaultDamageKind, VaultError};
use crate::Digest;

impl Vault {
    /// Reads every file and reports those that are not what was put in. A file that is gone leaves no trace here: the ledger
    /// knows which ones there must be (see [`Vault::contains`]).
    ///
    /// # Errors
    /// [`VaultError::Io`] when the vault's folder itself cannot be read.
    pub fn verify(&self) -> Result<Vec<VaultDamage>, VaultError> {
        let mut damages = Vec::new();
        for path in entries(&self.dir)? {
            if is_temporary(&path) {
                continue; // being written now, or swept by the next writer
            }
            if path.is_dir() {
                let files = entries(&path)?;
                damages.extend(files.into_iter().filter_map(|file| self.examine(file)));
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
        let left: Vec<PathBuf> = entries(&self.dir)?.into_iter().filter(|path| is_temporary(path)).collect();
        for path in &left {
            self.disk.remove(path).map_err(VaultError::at(path))?;
        }
        Ok(left.len())
    }

    /// Encrypts the files that the first version kept in the clear, and returns how many. A damaged one stays as it is, for
    /// [`Vault::verify`] to report. Only for the writer; cut off, it goes on where it was.
    ///
    /// # Errors
    /// As [`Vault::put_reader`].
    pub fn encrypt_plain(&self) -> Result<usize, VaultError> {
        let mut count = 0;
        for path in self.named_files()? {
            let Some(digest) = self.digest_of_name(&path) else { continue };
            let Ok(mut file) = self.open(&digest) else { continue };
            if file.is_encrypted() {
                // By a run before this one that was cut off: a power loss must not bring the old file back.
                self.keep_again(&digest)?;
            } else {
                self.put_reader(&mut file)?;
                count += 1;
            }
        }
        Ok(count)
    }

    /// The key that the first encrypted file wants.
    ///
    /// # Errors
    /// [`VaultError::Io`] when the vault cannot be read.
    pub(crate) fn key_in_use(dir: &Path) -> Result<Option<KeyId>, VaultError> {
        for path in Self::at(dir, None).named_files()? {
            let header =
                File::open(&path).and_then(|mut file| Header::read(&mut file)).map_err(VaultError::at(&path))?;
            if let Some(header) = header {
                return Ok(Some(header.key()));
            }
        }
        Ok(None)
    }

    /// Files that are named as the vault names them.
    fn named_files(&self) -> Result<Vec<PathBuf>, VaultError> {
        let mut files = Vec::new();
        for dir in entries(&self.dir)?.into_iter().filter(|path| path.is_dir()) {
            files.extend(entries(&dir)?.into_iter().filter(|path| self.digest_of_name(path).is_some()));
        }
        Ok(files)
    }

    fn digest_of_name(&self, path: &Path) -> Option<Digest> {
        let digest = Digest::parse(path.file_name()?.to_str()?).ok()?;
        (self.path(&digest) == path).then_some(digest)
    }

    fn examine(&self, path: PathBuf) -> Option<VaultDamage> {
        let Some(digest) = self.digest_of_name(&path) else {
            return Some(VaultDamage { path, kind: VaultDamageKind::Foreign });
        };
        let read = self
            .open(&digest)
            .and_then(|mut file| Digest::of_reader(&mut file).map_err(|error| VaultError::from_io(error, &path)));
        let kind = match read {
            Ok(found) if found == digest => return None,
            Ok(found) => VaultDamageKind::Changed(found),
            Err(VaultError::Damaged { damage, .. }) => damage,
            Err(VaultError::Io { source, .. }) => VaultDamageKind::Unreadable(source.to_string()),
            Err(VaultError::OtherKey { wanted, .. }) => VaultDamageKind::OtherKey(wanted),
            Err(error) => VaultDamageKind::Unreadable(error.to_string()),
        };
        Some(VaultDamage { path, kind })
    }
}

/// What is in a folder, by name.
fn entries(dir: &Path) -> Result<Vec<PathBuf>, VaultError> {
    let listed = fs::read_dir(dir).and_then(|found| found.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>());
    let mut paths: Vec<PathBuf> = listed.map_err(VaultError::at(dir))?;
    paths.sort();
    Ok(paths)
}

fn is_temporary(path: &Path) -> bool {
    path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with(TEMPORARY))
}
