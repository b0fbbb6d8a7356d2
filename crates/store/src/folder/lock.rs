//! One writer at a time: an exclusive lock on a file that names its holder. The system frees it when the process ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Write as _};
use std::path::Path;

use super::FolderError;

/// The lock, held until dropped.
#[derive(Debug)]
pub(super) struct Lock(File);

impl Lock {
    /// Takes the lock, or says who has it.
    pub(super) fn acquire(dir: &Path, path: &Path, command: &str) -> Result<Self, FolderError> {
        let failed = |source| FolderError::of(path, source);
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(FolderError::InUse { dir: dir.to_owned(), holder: holder(&mut file) });
            }
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        file.set_len(0).map_err(failed)?;
        let line = command.replace(['\n', '\r'], " ");
        writeln!(file, "{} {line}", std::process::id()).map_err(failed)?;
        Ok(Self(file))
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // The lock ends with the file handle; a stale name in an unlocked file would only puzzle whoever reads it.
        let _ = self.0.set_len(0);
    }
}

fn holder(file: &mut File) -> String {
    let mut text = String::new();
    let read = file.read_to_string(&mut text);
    match text.trim().split_once(' ') {
        Some((process, command)) if read.is_ok() => format!("process {process} ({command})"),
        _ => "another process".to_owned(),
    }
}
