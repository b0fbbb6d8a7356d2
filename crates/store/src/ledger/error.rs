//! Why the ledger cannot be read or written.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

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
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::Damaged { path, reason: source.to_string() }
            }
            _ => Self::Sqlite { path, source },
        }
    }
}
