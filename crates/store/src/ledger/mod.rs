//! The ledger: SQLite; submissions, decisions, register, places, data versions, audit. The record.

mod column;
mod crossings;
mod decisions;
mod error;
mod evses;
mod layouts;
mod limits;
mod opening;
mod places;
mod publication;
mod reading;
mod register;
mod register_undo;
mod settings;
mod shown;
mod submission_rows;
mod submissions;

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use rusqlite::{Connection, Transaction, TransactionBehavior, params};

pub use crossings::{Crossing, CrossingKind, Relation, ReplacedRow};
pub use decisions::{Decision, NewDecision, Outcome};
pub use error::LedgerError;
pub use evses::{EvseRecord, EvseReturn, NewEvse};
pub use layouts::{Layout, NewLayout};
pub use limits::{ChangedBy, LimitChange};
pub use places::PlacesRecord;
pub use publication::{AuditEntry, DataVersion, Entered, Publication};
pub use reading::{DuplicateRow, QuarantinedRow, Reading, SubmissionTotals};
pub use register::{Described, RegisterChange, RegisterImport, RegisterImportRecord, RegisterVersion, RegisteredPoint};
pub use settings::{Operator, Settings};
pub use shown::Shown;
pub use submission_rows::{Crossed, NewSubmission, Submission, SubmissionState};

/// The record of everything that was decided. What a function has written is on disk when it returns.
///
/// Shared between threads, which take turns; another process may read at the same time, but only one may write.
#[derive(Debug)]
pub struct Ledger {
    path: PathBuf,
    connection: Mutex<Connection>,
}

impl Ledger {
    /// Reads with the connection.
    fn read<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, LedgerError> {
        let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        work(&connection).map_err(|source| LedgerError::of(&self.path, source))
    }

    /// Writes in one transaction, which is undone when `work` fails.
    fn write<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T, Failure>) -> Result<T, LedgerError> {
        // A panic while the lock was held has undone its transaction, so the connection is as good as before.
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let failed = |source| LedgerError::of(&self.path, source);
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        let result = work(&transaction).map_err(|failure| match failure {
            Failure::Sqlite(source) => failed(source),
            Failure::Refused(error) => *error,
        })?;
        transaction.commit().map_err(failed)?;
        Ok(result)
    }
}

/// Why a transaction is undone: SQLite failed, or its content is refused.
enum Failure {
    Sqlite(rusqlite::Error),
    Refused(Box<LedgerError>),
}

impl Failure {
    /// A value cannot be written as JSON.
    fn of_json(error: serde_json::Error) -> Self {
        Self::Sqlite(rusqlite::Error::ToSqlConversionFailure(error.into()))
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<LedgerError> for Failure {
    fn from(error: LedgerError) -> Self {
        Self::Refused(Box::new(error))
    }
}

/// One line of the audit, in the transaction of what it tells.
fn note(
    transaction: &Transaction<'_>,
    at: Timestamp,
    event: &str,
    subject: &str,
    detail: &str,
) -> rusqlite::Result<()> {
    transaction
        .prepare_cached("INSERT INTO audit (at, event, subject, detail) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![at.to_string(), event, subject, detail])?;
    Ok(())
}

/// All rows of a query, each made into a value.
fn all<T>(
    connection: &Connection,
    sql: &str,
    values: impl rusqlite::Params,
    make: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Vec<T>> {
    connection.prepare_cached(sql)?.query_map(values, make)?.collect()
}
