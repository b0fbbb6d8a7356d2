//! Recording submissions and decisions, and reading them.

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Transaction, named_params, params};

use super::column::whole;
use super::submission_rows::{duplicate_of, quarantined_of, submission_of};
use super::{DuplicateRow, Failure, Ledger, LedgerError, NewSubmission, QuarantinedRow, Submission, all, note};
use crate::Digest;

const COLUMNS: &str = "SELECT id, operator, file_name, digest, bytes, received_at, accepted_at, declared_first, \
    declared_last, found_first, found_last, profile, zone, rows_read, accepted, flagged, quarantined, duplicates, \
    energy_read_kwh, energy_accepted_kwh, energy_quarantined_kwh, energy_duplicates_kwh, in_lake FROM submission";

const INSERT: &str = "INSERT INTO submission (operator, file_name, digest, bytes, received_at, accepted_at, \
    declared_first, declared_last, found_first, found_last, profile, zone, rows_read, accepted, flagged, quarantined, \
    duplicates, energy_read_kwh, energy_accepted_kwh, energy_quarantined_kwh, energy_duplicates_kwh, findings) \
    VALUES (:operator, :file_name, :digest, :bytes, :received_at, :accepted_at, :declared_first, :declared_last, \
    :found_first, :found_last, :profile, :zone, :rows_read, :accepted, :flagged, :quarantined, :duplicates, \
    :energy_read_kwh, :energy_accepted_kwh, :energy_quarantined_kwh, :energy_duplicates_kwh, :findings)";

impl Ledger {
    /// The submission of the same bytes by the same operator, if there was one.
    ///
    /// # Errors
    /// [`LedgerError`] when the ledger cannot be read.
    pub fn submission_of(&self, operator: &str, digest: &Digest) -> Result<Option<Submission>, LedgerError> {
        self.read(|connection| {
            connection
                .prepare_cached(&format!("{COLUMNS} WHERE operator = ?1 AND digest = ?2"))?
                .query_row(params![operator, digest.to_string()], submission_of)
                .optional()
        })
    }

    /// Records a submission with its rows put aside, its duplicates and findings, in one transaction, and returns its number.
    /// An operator not known before becomes known.
    ///
    /// # Errors
    /// [`LedgerError::DoesNotAddUp`] when its counts cannot be right, [`LedgerError::SentBefore`] when the operator sent the
    /// same bytes before; otherwise [`LedgerError`] when the ledger cannot be written. Then nothing is recorded.
    pub fn record(&self, new: &NewSubmission, at: Timestamp) -> Result<i64, LedgerError> {
        new.check_sums()?;
        self.write(|transaction| {
            transaction.execute("INSERT OR IGNORE INTO operator (id) VALUES (?1)", [&new.operator])?;
            refuse_repeated(transaction, new)?;
            insert(transaction, new, at)?;
            let id = transaction.last_insert_rowid();
            insert_quarantined(transaction, id, &new.quarantined)?;
            insert_duplicates(transaction, id, &new.duplicates)?;
            let event = if new.accept { "received and accepted" } else { "received" };
            let detail = format!(
                "{}: {} rows, {} accepted, {} quarantined, {} duplicates",
                new.file_name, new.totals.rows_read, new.totals.accepted, new.totals.quarantined, new.totals.duplicates
            );
            note(transaction, at, event, &format!("submission {id} of {}", new.operator), &detail)?;
            Ok(id)
        })
    }

    /// Accepts a checked submission.
    ///
    /// # Errors
    /// [`LedgerError::Absent`] when there is no such submission, [`LedgerError::AcceptedBefore`] when it is accepted already;
    /// otherwise [`LedgerError`] when the ledger cannot be written.
    pub fn accept(&self, id: i64, at: Timestamp) -> Result<(), LedgerError> {
        self.write(|transaction| {
            let query = "SELECT operator, accepted_at FROM submission WHERE id = ?1";
            let found: Option<(String, Option<String>)> =
                transaction.query_row(query, [id], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
            let (operator, accepted) =
                found.ok_or_else(|| LedgerError::Absent { what: "submission", id: id.to_string() })?;
            if accepted.is_some() {
                return Err(LedgerError::AcceptedBefore { id }.into());
            }
            transaction.execute("UPDATE submission SET accepted_at = ?2 WHERE id = ?1", params![id, at.to_string()])?;
            note(transaction, at, "accepted", &format!("submission {id} of {operator}"), "")?;
            Ok(())
        })
    }

    /// All submissions, newest first.
    ///
    /// # Errors
    /// [`LedgerError`] when the ledger cannot be read.
    pub fn submissions(&self) -> Result<Vec<Submission>, LedgerError> {
        self.read(|connection| all(connection, &format!("{COLUMNS} ORDER BY id DESC"), [], submission_of))
    }

    /// One submission.
    ///
    /// # Errors
    /// [`LedgerError`] when the ledger cannot be read.
    pub fn submission(&self, id: i64) -> Result<Option<Submission>, LedgerError> {
        self.read(|connection| {
            connection.prepare_cached(&format!("{COLUMNS} WHERE id = ?1"))?.query_row([id], submission_of).optional()
        })
    }

    /// The findings of a submission, as they were given; none when there is no such submission.
    ///
    /// # Errors
    /// [`LedgerError`] when the ledger cannot be read.
    pub fn findings_json(&self, id: i64) -> Result<Option<String>, LedgerError> {
        self.read(|connection| {
            connection
                .prepare_cached("SELECT findings FROM submission WHERE id = ?1")?
                .query_row([id], |row| row.get(0))
                .optional()
        })
    }

    /// Rows of a submission that were put aside, by row, from `offset` on and at most `limit`; and how many there are in all.
    ///
    /// # Errors
    /// [`LedgerError`] when the ledger cannot be read.
    pub fn quarantine(&self, id: i64, offset: u64, limit: u64) -> Result<(Vec<QuarantinedRow>, u64), LedgerError> {
        let window = |number| i64::try_from(number).unwrap_or(i64::MAX);
        self.read(|connection| {
            let sql = "SELECT file_row, rule, column_name, value, energy_kwh, advice FROM quarantine \
                 WHERE submission = ?1 ORDER BY file_row, id LIMIT ?2 OFFSET ?3";
            let rows = all(connection, sql, params![id, window(limit), window(offset)], quarantined_of)?;
            let total = connection
                .prepare_cached("SELECT count(*) AS total FROM quarantine WHERE submission = ?1")?
                .query_row([id], |row| super::column::count(row, "total"))?;
            Ok((rows, total))
        })
    }

    /// Rows of a submission that repeat another, by row.
    ///
    /// # Errors
    /// [`LedgerError`] when the ledger cannot be read.
    pub fn duplicates(&self, id: i64) -> Result<Vec<DuplicateRow>, LedgerError> {
        self.read(|connection| {
            let sql =
                "SELECT file_row, first_row, energy_kwh FROM duplicate WHERE submission = ?1 ORDER BY file_row, id";
            all(connection, sql, [id], duplicate_of)
        })
    }
}

fn refuse_repeated(transaction: &Transaction<'_>, new: &NewSubmission) -> Result<(), Failure> {
    let digest = new.digest.to_string();
    let query = "SELECT 1 FROM submission WHERE operator = ?1 AND digest = ?2";
    if transaction.prepare_cached(query)?.exists(params![new.operator, digest])? {
        return Err(LedgerError::SentBefore { operator: new.operator.clone(), digest }.into());
    }
    Ok(())
}

fn insert(transaction: &Transaction<'_>, new: &NewSubmission, at: Timestamp) -> Result<(), Failure> {
    let totals = &new.totals;
    transaction.prepare_cached(INSERT)?.execute(named_params! {
        ":operator": new.operator,
        ":file_name": new.file_name,
        ":digest": new.digest.to_string(),
        ":bytes": whole(new.bytes, "the size of the file")?,
        ":received_at": at.to_string(),
        ":accepted_at": new.accept.then(|| at.to_string()),
        ":declared_first": new.declared.map(|period| period.first.to_string()),
        ":declared_last": new.declared.map(|period| period.last.to_string()),
        ":found_first": new.found.map(|period| period.first.to_string()),
        ":found_last": new.found.map(|period| period.last.to_string()),
        ":profile": new.profile,
        ":zone": new.zone,
        ":rows_read": whole(totals.rows_read, "the number of rows")?,
        ":accepted": whole(totals.accepted, "the number of accepted rows")?,
        ":flagged": whole(totals.flagged, "the number of flagged rows")?,
        ":quarantined": whole(totals.quarantined, "the number of quarantined rows")?,
        ":duplicates": whole(totals.duplicates, "the number of duplicates")?,
        ":energy_read_kwh": totals.energy_read_kwh,
        ":energy_accepted_kwh": totals.energy_accepted_kwh,
        ":energy_quarantined_kwh": totals.energy_quarantined_kwh,
        ":energy_duplicates_kwh": totals.energy_duplicates_kwh,
        ":findings": new.findings_json,
    })?;
    Ok(())
}

fn insert_quarantined(transaction: &Transaction<'_>, id: i64, rows: &[QuarantinedRow]) -> Result<(), Failure> {
    let mut statement = transaction.prepare_cached(
        "INSERT INTO quarantine (submission, file_row, rule, column_name, value, energy_kwh, advice) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    for row in rows {
        let number = whole(row.row, "the number of a row")?;
        statement.execute(params![id, number, row.rule, row.column, row.value, row.energy_kwh, row.advice])?;
    }
    Ok(())
}

fn insert_duplicates(transaction: &Transaction<'_>, id: i64, rows: &[DuplicateRow]) -> Result<(), Failure> {
    let mut statement = transaction.prepare_cached(
        "INSERT INTO duplicate (submission, file_row, first_row, energy_kwh) VALUES (?1, ?2, ?3, ?4)",
    )?;
    for row in rows {
        let (number, first) = (whole(row.row, "the number of a row")?, whole(row.first_row, "the number of a row")?);
        statement.execute(params![id, number, first, row.energy_kwh])?;
    }
    Ok(())
}
