//! Files that are not what was committed.

use std::fmt;
use std::fs::File;
use std::path::PathBuf;

use parquet::file::reader::{FileReader as _, SerializedFileReader};

use super::LakeFile;
use crate::vault::hash_file;

/// A damage found by [`super::Lake::verify`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LakeDamage {
    /// Name of the table.
    pub table: &'static str,
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub kind: LakeDamageKind,
}

/// What can be wrong with a file of the lake.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LakeDamageKind {
    /// It is gone.
    #[error("it is missing")]
    Missing,
    /// Its content has changed.
    #[error("its content has changed: its SHA-256 is now {found}")]
    Changed {
        /// SHA-256 of what is there now, in hexadecimal digits.
        found: String,
    },
    /// It does not hold as many rows as were committed.
    #[error("it holds {found} rows where {expected} were written")]
    Rows {
        /// Rows as committed.
        expected: u64,
        /// Rows in the file.
        found: u64,
    },
    /// It cannot be read, or is no Parquet.
    #[error("it cannot be read: {0}")]
    Unreadable(String),
}

impl fmt::Display for LakeDamage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "table {}, file {}: {} (run `kerbwatt rebuild`)", self.table, self.path.display(), self.kind)
    }
}

/// What is wrong with a file, if anything is.
pub(super) fn examine(file: &LakeFile) -> Option<LakeDamageKind> {
    if !file.path.exists() {
        return Some(LakeDamageKind::Missing);
    }
    let found = match hash_file(&file.path) {
        Ok(found) => found.to_string(),
        Err(error) => return Some(LakeDamageKind::Unreadable(error.to_string())),
    };
    if file.sha256.as_ref().is_some_and(|expected| *expected != found) {
        return Some(LakeDamageKind::Changed { found });
    }
    match rows_of(file) {
        Ok(found) if found == file.rows => None,
        Ok(found) => Some(LakeDamageKind::Rows { expected: file.rows, found }),
        Err(reason) => Some(LakeDamageKind::Unreadable(reason)),
    }
}

fn rows_of(file: &LakeFile) -> Result<u64, String> {
    let opened = File::open(&file.path).map_err(|error| error.to_string())?;
    let reader = SerializedFileReader::new(opened).map_err(|error| error.to_string())?;
    u64::try_from(reader.metadata().file_metadata().num_rows()).map_err(|error| error.to_string())
}
