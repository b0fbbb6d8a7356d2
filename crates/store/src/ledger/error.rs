//! Why the ledger cannot be read or written.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, ErrorCode, OpenFlags};

/// Why the ledger cannot be read or written; the message says what to do.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// There is no ledger to read.
    #[error("there is no ledger at {path}: check the path of the data folder")]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// A newer program wrote the ledger.
    #[error(
        "{path} was written by a newer version of Kerbwatt (ledger {found}, this one knows {known}): use that version, or update this one"
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Version found.
        found: i64,
        /// Newest version that this program knows.
        known: i64,
    },
    /// An older program wrote the ledger, and reading does not bring it up to date.
    #[error(
        "{path} was written by an older version of Kerbwatt (ledger {found}): run `kerbwatt serve` or another command that writes once, which brings it up to date"
    )]
    Older {
        /// The file.
        path: PathBuf,
        /// Version found.
        found: i64,
    },
    /// Counts of a submission that cannot be right.
    #[error(
        "the counts of “{file_name}” do not add up ({reason}): nothing was recorded; please report this as a fault of Kerbwatt"
    )]
    DoesNotAddUp {
        /// File of the submission.
        file_name: String,
        /// Which counts.
        reason: String,
    },
    /// Something that the ledger does not hold.
    #[error("there is no {what} {id} in the ledger")]
    Absent {
        /// Such as `submission`.
        what: &'static str,
        /// Which one.
        id: String,
    },
    /// The same bytes of the same operator again.
    #[error("{operator} has sent these bytes before (SHA-256 {digest}): nothing was recorded")]
    SentBefore {
        /// The operator.
        operator: String,
        /// Of the bytes.
        digest: String,
    },
    /// A decision that was taken before.
    #[error("submission {id} is accepted already: nothing was changed")]
    AcceptedBefore {
        /// The submission.
        id: i64,
    },
    /// A number that does not fit.
    #[error("{what} is too large a number for the ledger")]
    TooLarge {
        /// What the number counts.
        what: &'static str,
    },
    /// Another process holds the ledger for longer than is waited.
    #[error("{path} is in use by another process: try again when it has ended")]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// The disk is full.
    #[error("the disk is full: {path} cannot be written; free some space and run the command again")]
    DiskFull {
        /// The file.
        path: PathBuf,
    },
    /// This user may not open or write the file.
    #[error("{path} cannot be opened or written by this user: change the permissions of the data folder")]
    NotAllowed {
        /// The file.
        path: PathBuf,
    },
    /// The disk does not give or take what it should; what is on it may be whole.
    #[error(
        "the ledger {path} cannot be read or written ({reason}): check the disk it is on, then run the command again"
    )]
    Disk {
        /// The file.
        path: PathBuf,
        /// What the system, or SQLite, says.
        reason: String,
    },
    /// The file is not what the ledger was.
    #[error("the ledger {path} is damaged ({reason}): restore it from a backup")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What does not fit.
        reason: String,
    },
    /// Another failure of SQLite.
    #[error("the ledger {path} cannot be used: {source}")]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// SQLite's own message.
        source: rusqlite::Error,
    },
}

impl LedgerError {
    /// The clearest error for a failure of the file system.
    pub(super) fn of_disk(path: &Path, source: &io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull { path },
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Self::NotAllowed { path },
            _ => Self::Disk { path, reason: source.to_string() },
        }
    }

    /// The clearest error for a failure of SQLite.
    pub(super) fn of(path: &Path, source: rusqlite::Error) -> Self {
        let path = path.to_owned();
        match &source {
            rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::IntegralValueOutOfRange(..) => {
                return Self::Damaged { path, reason: source.to_string() };
            }
            _ => {}
        }
        match source.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull { path },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::InUse { path },
            Some(ErrorCode::PermissionDenied | ErrorCode::ReadOnly | ErrorCode::CannotOpen) => {
                Self::NotAllowed { path }
            }
            Some(ErrorCode::SystemIoFailure) => Self::Disk { path, reason: with_code(&source) },
            // SQLite says so too where the disk failed while it was read.
            Some(ErrorCode::DatabaseCorrupt) if is_whole(&path) => {
                Self::Disk { path, reason: "a read of it failed, and it is whole when it is read again".to_owned() }
            }
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::Damaged { path, reason: source.to_string() }
            }
            _ => Self::Sqlite { path, source },
        }
    }
}

/// SQLite's own words with its number, which says which call of the system failed.
fn with_code(source: &rusqlite::Error) -> String {
    match source.sqlite_error() {
        Some(error) => format!("{source}, SQLite {}", error.extended_code),
        None => source.to_string(),
    }
}

/// Whether SQLite finds nothing wrong when it reads the file again from its beginning to its end.
fn is_whole(path: &Path) -> bool {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let found = Connection::open_with_flags(path, flags)
        .and_then(|connection| connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get::<_, String>(0)));
    found.is_ok_and(|found| found == "ok")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn failed(path: &Path, code: i32) -> LedgerError {
        LedgerError::of(path, rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(code), None))
    }

    #[test]
    fn a_disk_that_fails_is_not_told_as_a_damaged_ledger() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ledger.sqlite");
        Connection::open(&path).unwrap().execute_batch("CREATE TABLE x (y)").unwrap();
        let (read_failed, corrupt) = (rusqlite::ffi::SQLITE_IOERR_READ, rusqlite::ffi::SQLITE_CORRUPT);
        for code in [read_failed, corrupt] {
            let error = failed(&path, code).to_string();
            assert!(error.contains("check the disk") && !error.contains("backup"), "{error}");
        }
        std::fs::write(&path, "no database").unwrap();
        assert!(failed(&path, corrupt).to_string().contains("restore it from a backup"));
    }

    #[test]
    fn a_full_disk_is_told_as_one() {
        let full = LedgerError::of_disk(Path::new("ledger.sqlite"), &io::ErrorKind::StorageFull.into());
        assert!(full.to_string().starts_with("the disk is full"), "{full}");
    }
}
