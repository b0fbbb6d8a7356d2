//! Why the lake cannot be read or written.

use std::io;
use std::path::{Path, PathBuf};

use arrow::error::ArrowError;
use deltalake_core::DeltaTableError;
use deltalake_core::parquet::errors::ParquetError;

/// Why the lake cannot be read or written; the message says what to do.
#[derive(Debug, thiserror::Error)]
pub enum LakeError {
    /// There is no such table yet.
    #[error("the lake has no table at {path}: run `kerbwatt rebuild`")]
    NoTable {
        /// Folder of the table.
        path: PathBuf,
    },
    /// The table does not go back, or not up, to that version.
    #[error("the table at {path} has no version {version}: run `kerbwatt rebuild`")]
    NoVersion {
        /// Folder of the table.
        path: PathBuf,
        /// What was asked for.
        version: i64,
    },
    /// A file that a version names is gone.
    #[error("{path} is missing from the lake: run `kerbwatt rebuild`")]
    Gone {
        /// The file.
        path: PathBuf,
    },
    /// A folder whose name the Delta library misreads.
    #[error(
        "the lake cannot be in {path}: a path with a percent sign and two digits, such as %20, or outside Unicode is misread; use another data folder"
    )]
    FolderName {
        /// Folder of the table.
        path: PathBuf,
    },
    /// Rows do not have the columns of the table.
    #[error("rows for the table {table} do not fit it: {reason}")]
    Columns {
        /// Name of the table.
        table: &'static str,
        /// What differs.
        reason: String,
    },
    /// Partition values that are not those of the table, or no plain ids.
    #[error("“{value}” cannot be a partition of the table {table}: {reason}")]
    Partition {
        /// Name of the table.
        table: &'static str,
        /// The values, as `column=value/…`.
        value: String,
        /// What is wrong with them.
        reason: &'static str,
    },
    /// Another process wrote the same version.
    #[error("{path} appeared while it was about to be written: only one process may write to a data folder")]
    Conflict {
        /// The log file.
        path: PathBuf,
    },
    /// The disk is full.
    #[error("the disk is full: {path} cannot be written; free some space and run the command again")]
    DiskFull {
        /// What could not be written.
        path: PathBuf,
    },
    /// This user may not read or write here.
    #[error("{path} cannot be read or written by this user: change its permissions, or use another folder")]
    NotAllowed {
        /// What could not be reached.
        path: PathBuf,
    },
    /// Another failure of the file system.
    #[error("{path}: {source}")]
    Io {
        /// What was read or written.
        path: PathBuf,
        /// The system's own message.
        source: io::Error,
    },
    /// A table's log is damaged, or cannot be written.
    #[error("the log of the table at {path} cannot be used: {source}; if it is damaged, run `kerbwatt rebuild`")]
    Log {
        /// Folder of the table.
        path: PathBuf,
        /// Delta's own message.
        source: Box<DeltaTableError>,
    },
    /// A log file is missing or says something that this program did not write.
    #[error("{path} is missing or damaged ({reason}): run `kerbwatt rebuild`")]
    LogFile {
        /// The log file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// Rows cannot be encoded.
    #[error("{path} cannot be encoded as Parquet: {source}")]
    Parquet {
        /// The file to be.
        path: PathBuf,
        /// Parquet's own message.
        source: ParquetError,
    },
    /// Rows cannot be put into columns.
    #[error("sessions cannot be put into columns: {0}")]
    Arrow(#[from] ArrowError),
    /// A task of this program broke off.
    #[error("writing or reading the lake broke off: {0}")]
    BrokeOff(String),
}

impl LakeError {
    /// Whether the disk failed, or this user may not read it: that says nothing of what is on it, which may be whole.
    #[must_use]
    pub fn is_of_the_disk(&self) -> bool {
        let mut cause: Option<&dyn std::error::Error> = Some(self);
        while let Some(error) = cause {
            if error.downcast_ref::<io::Error>().is_some_and(is_of_the_disk) {
                return true;
            }
            cause = error.source();
        }
        matches!(self, Self::NotAllowed { .. } | Self::DiskFull { .. })
    }

    /// The clearest error for a failure of the file system.
    pub(super) fn of(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull { path },
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Self::NotAllowed { path },
            _ => Self::Io { path, source },
        }
    }
}

/// Whether it is the disk that failed, and not that something is not there or not as it should be.
fn is_of_the_disk(error: &io::Error) -> bool {
    use io::ErrorKind as Kind;
    let is_of_content = matches!(
        error.kind(),
        Kind::NotFound | Kind::InvalidData | Kind::UnexpectedEof | Kind::IsADirectory | Kind::NotADirectory
    );
    error.raw_os_error().is_some() && !is_of_content
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_that_fails_is_told_from_what_is_damaged_on_it() {
        let of = |code| LakeError::of(Path::new("lake"), io::Error::from_raw_os_error(code));
        let (no_such_file, input_output, too_many_files, not_permitted) = (2, 5, 24, 13);
        assert!([input_output, too_many_files, not_permitted].into_iter().map(of).all(|error| error.is_of_the_disk()));
        assert!(!of(no_such_file).is_of_the_disk());
        let delta = DeltaTableError::generic("a line is not JSON");
        assert!(!LakeError::Log { path: PathBuf::new(), source: Box::new(delta) }.is_of_the_disk());
        let delta = DeltaTableError::Io { source: io::Error::from_raw_os_error(input_output) };
        assert!(LakeError::Log { path: PathBuf::new(), source: Box::new(delta) }.is_of_the_disk());
    }
}
