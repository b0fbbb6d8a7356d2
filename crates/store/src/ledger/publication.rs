//! Data versions: the atomic switch from one state of the lake to the next. And the audit.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Row, params};

use super::{Failure, Ledger, LedgerError, all, column, note};

/// A state of the lake, to be made the current one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// Versions of the lake's tables, by name.
    pub tables: BTreeMap<String, i64>,
    /// Submissions whose sessions are now in the lake.
    pub submissions: Vec<i64>,
    /// Why it was made, for people.
    pub reason: String,
    /// Whether `submissions` are all that are in the lake, as after a rebuild, or come on top of those before.
    pub replaces_all: bool,
}

/// A state of the lake: the stamp on every figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataVersion {
    /// Number, from 1; never given twice.
    pub number: i64,
    /// When it was made.
    pub made_at: Timestamp,
    /// Versions of the lake's tables, by name.
    pub tables: BTreeMap<String, i64>,
    /// Why it was made.
    pub reason: String,
}

/// One line of the audit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Number, from 1.
    pub id: i64,
    /// When.
    pub at: Timestamp,
    /// What happened, such as `accepted`.
    pub event: String,
    /// To what, such as `submission 3 of gb-dcc`.
    pub subject: String,
    /// More, for people; may be empty.
    pub detail: String,
}

impl Ledger {
    /// Makes a state of the lake the current one, and notes which submissions are in it, in one transaction. Returns its number.
    ///
    /// # Errors
    /// [`LedgerError::Absent`] when a submission is not there or not accepted; otherwise [`LedgerError`] when the ledger
    /// cannot be written. Then the version before stays the current one.
    pub fn publish(&self, publication: &Publication, at: Timestamp) -> Result<i64, LedgerError> {
        self.write(|transaction| {
            let tables = serde_json::to_string(&publication.tables)
                .map_err(|error| Failure::Sqlite(rusqlite::Error::ToSqlConversionFailure(error.into())))?;
            transaction.execute(
                "INSERT INTO data_version (made_at, tables, reason) VALUES (?1, ?2, ?3)",
                params![at.to_string(), tables, publication.reason],
            )?;
            let number = transaction.last_insert_rowid();
            if publication.replaces_all {
                transaction.execute("UPDATE submission SET in_lake = 0", [])?;
            }
            let mut enter = transaction
                .prepare_cached("UPDATE submission SET in_lake = 1 WHERE id = ?1 AND accepted_at IS NOT NULL")?;
            for id in &publication.submissions {
                if enter.execute([id])? == 0 {
                    return Err(LedgerError::Absent { what: "accepted submission", id: id.to_string() }.into());
                }
            }
            note(transaction, at, "data version", &number.to_string(), &publication.reason)?;
            Ok(number)
        })
    }

    /// The current data version; none before the first.
    ///
    /// # Errors
    /// [`LedgerError`] when the ledger cannot be read.
    pub fn data_version(&self) -> Result<Option<DataVersion>, LedgerError> {
        self.read(|connection| {
            connection
                .prepare_cached(
                    "SELECT number, made_at, tables, reason FROM data_version ORDER BY number DESC LIMIT 1",
                )?
                .query_row([], version_of)
                .optional()
        })
    }

    /// Accepted submissions that are not in the lake, oldest first.
    ///
    /// # Errors
    /// [`LedgerError`] when the ledger cannot be read.
    pub fn pending(&self) -> Result<Vec<i64>, LedgerError> {
        let sql = "SELECT id FROM submission WHERE accepted_at IS NOT NULL AND in_lake = 0 ORDER BY id";
        self.read(|connection| all(connection, sql, [], |row| row.get(0)))
    }

    /// The audit, oldest first.
    ///
    /// # Errors
    /// [`LedgerError`] when the ledger cannot be read.
    pub fn audit(&self) -> Result<Vec<AuditEntry>, LedgerError> {
        let sql = "SELECT id, at, event, subject, detail FROM audit ORDER BY id";
        self.read(|connection| all(connection, sql, [], entry_of))
    }
}

fn version_of(row: &Row<'_>) -> rusqlite::Result<DataVersion> {
    Ok(DataVersion {
        number: row.get("number")?,
        made_at: column::instant(row, "made_at")?,
        tables: column::json(row, "tables")?,
        reason: row.get("reason")?,
    })
}

fn entry_of(row: &Row<'_>) -> rusqlite::Result<AuditEntry> {
    Ok(AuditEntry {
        id: row.get("id")?,
        at: column::instant(row, "at")?,
        event: row.get("event")?,
        subject: row.get("subject")?,
        detail: row.get("detail")?,
    })
}
