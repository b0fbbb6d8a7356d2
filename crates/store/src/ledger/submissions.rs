//! Recording submissions and decisions, and reading them.

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Transaction, named_params, params};

use super::column::{self, whole};
use super::crossings::{count_crossings, put_crossings};
use super::decisions::put_decision;
use super::layouts::put_layout;
use super::reading::{duplicate_of, quarantined_of};
use super::submission_rows::submission_of;
use super::{
    DuplicateRow, Failure, Ledger, LedgerError, NewSubmission, QuarantinedRow, Reading, Submission, SubmissionState,
    all, note,
};
use crate::Digest;

/// Begins a query for submissions.
pub(super) const COLUMNS: &str = "SELECT id, operator, file_name, part, digest, bytes, received_at, state, decided_at, \
    declared_first, declared_last, found_first, found_last, profile, layout, zone, rows_read, accepted, flagged, \
    quarantined, duplicates, energy_read_kwh, energy_accepted_kwh, energy_quarantined_kwh, energy_duplicates_kwh, \
    repeated, energy_repeated_kwh, replaced, energy_replaced_kwh, repairs, repaired, limits, overlap, covered, \
    needs_decision, in_lake FROM submission";

const INSERT: &str = "INSERT INTO submission (operator, file_name, part, digest, bytes, received_at, state, decided_at, \
    profile, zone, rows_read, accepted, flagged, quarantined, duplicates, \
    energy_read_kwh, energy_accepted_kwh, energy_quarantined_kwh, energy_duplicates_kwh, findings, needs_decision) \
    VALUES (:operator, :file_name, :part, :digest, :bytes, :received_at, :state, :decided_at, \
    '', '', 0, 0, 0, 0, 0, 0, 0, 0, 0, '[]', :needs_decision)";

const READ: &str = "UPDATE submission SET declared_first = :declared_first, declared_last = :declared_last, \
    found_first = :found_first, found_last = :found_last, profile = :profile, \
    layout = :layout, zone = :zone, rows_read = :rows_read, accepted = :accepted, flagged = :flagged, \
    quarantined = :quarantined, duplicates = :duplicates, energy_read_kwh = :energy_read_kwh, \
    energy_accepted_kwh = :energy_accepted_kwh, energy_quarantined_kwh = :energy_quarantined_kwh, \
    energy_duplicates_kwh = :energy_duplicates_kwh, findings = :findings, details = :details, repairs = :repairs, \
    repaired = :repaired, limits = :limits, overlap = :overlap, covered = :covered, repeated = 0, energy_repeated_kwh = 0, replaced = 0, energy_replaced_kwh = 0 WHERE id = :id";

impl Ledger {
    /// The submission of the same table of the same bytes by the same operator, if there was one.
    ///
    /// # Errors
    /// [`LedgerError`] when the ledger cannot be read.
    pub fn submission_of(
        &self,
        operator: &str,
        digest: &Digest,
        part: &str,
    ) -> Result<Option<Submission>, LedgerError> {
        self.read(|connection| {
            connection
                .prepare_cached(&format!("{COLUMNS} WHERE operator = ?1 AND digest = ?2 AND part = ?3"))?
                .query_row(params![operator, digest.to_string(), part], submission_of)
                .optional()
        })
    }

    /// Records a submission with its rows put aside, its duplicates, findings and first decisions, in one transaction, and
    /// returns its number. An operator not known before becomes known.
    ///
    /// # Errors
    /// [`LedgerError::DoesNotAddUp`] when its counts cannot be right, [`LedgerError::SentBefore`] when the operator sent the
    /// same bytes before; otherwise [`LedgerError`] when the ledger cannot be written. Then nothing is recorded.
    pub fn record(&self, new: &NewSubmission, at: Timestamp) -> Result<i64, LedgerError> {
        new.reading.check_sums(&new.file_name)?;
        self.write(|transaction| {
            transaction.execute("INSERT OR IGNORE INTO operator (id) VALUES (?1)", [&new.operator])?;
            refuse_repeated(transaction, new)?;
            insert(transaction, new, at)?;
            let id = transaction.last_insert_rowid();
            put_reading(transaction, id, &new.reading)?;
            put_crossings(transaction, id, &new.crossings)?;
            count_crossings(transaction, &[id])?;
            let totals = &new.reading.totals;
            let detail = format!(
                "{}: {} rows, {} accepted, {} quarantined, {} duplicates",
                new.file_name, totals.rows_read, totals.accepted, totals.quarantined, totals.duplicates
            );
            note(transaction, at, "received", &format!("submission {id} of {}", new.operator), &detail)?;
            if let Some(layout) = &new.layout {
                put_layout(transaction, &new.operator, layout, at)?;
            }
            for decision in &new.decisions {
                put_decision(transaction, id, &new.operator, decision, at)?;
            }
            Ok(id)
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

    /// Findings and details of a submission, as they were given; none when there is no such submission.
    ///
    /// # Errors
    /// [`LedgerError`] when the ledger cannot be read.
    pub fn findings_and_details(&self, id: i64) -> Result<Option<(String, String)>, LedgerError> {
        self.read(|connection| {
            connection
                .prepare_cached("SELECT findings, details FROM submission WHERE id = ?1")?
                .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))
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
                .query_row([id], |row| column::count(row, "total"))?;
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
    let query = "SELECT 1 FROM submission WHERE operator = ?1 AND digest = ?2 AND part = ?3";
    if transaction.prepare_cached(query)?.exists(params![new.operator, digest, new.part])? {
        return Err(LedgerError::SentBefore { operator: new.operator.clone(), digest }.into());
    }
    Ok(())
}

fn insert(transaction: &Transaction<'_>, new: &NewSubmission, at: Timestamp) -> Result<(), Failure> {
    let is_decided = matches!(new.state, SubmissionState::Accepted | SubmissionState::Withdrawn);
    transaction.prepare_cached(INSERT)?.execute(named_params! {
        ":operator": new.operator,
        ":file_name": new.file_name,
        ":part": new.part,
        ":digest": new.digest.to_string(),
        ":bytes": whole(new.bytes, "the size of the file")?,
        ":received_at": at.to_string(),
        ":needs_decision": new.needs_decision,
        ":state": new.state.id(),
        ":decided_at": is_decided.then(|| at.to_string()),
    })?;
    Ok(())
}

/// Replaces what a submission was read as.
pub(super) fn put_reading(transaction: &Transaction<'_>, id: i64, reading: &Reading) -> Result<(), Failure> {
    let totals = &reading.totals;
    let repairs = serde_json::to_string(&reading.repairs).map_err(Failure::of_json)?;
    let repaired = serde_json::to_string(&reading.repaired).map_err(Failure::of_json)?;
    let limits = serde_json::to_string(&reading.limits).map_err(Failure::of_json)?;
    transaction.prepare_cached(READ)?.execute(named_params! {
        ":id": id,
        ":declared_first": reading.declared.map(|period| period.first.to_string()),
        ":declared_last": reading.declared.map(|period| period.last.to_string()),
        ":found_first": reading.found.map(|period| period.first.to_string()),
        ":found_last": reading.found.map(|period| period.last.to_string()),
        ":profile": reading.profile,
        ":layout": reading.layout,
        ":zone": reading.zone,
        ":rows_read": whole(totals.rows_read, "the number of rows")?,
        ":accepted": whole(totals.accepted, "the number of accepted rows")?,
        ":flagged": whole(totals.flagged, "the number of flagged rows")?,
        ":quarantined": whole(totals.quarantined, "the number of quarantined rows")?,
        ":duplicates": whole(totals.duplicates, "the number of duplicates")?,
        ":energy_read_kwh": totals.energy_read_kwh,
        ":energy_accepted_kwh": totals.energy_accepted_kwh,
        ":energy_quarantined_kwh": totals.energy_quarantined_kwh,
        ":energy_duplicates_kwh": totals.energy_duplicates_kwh,
        ":findings": reading.findings_json,
        ":details": reading.details_json,
        ":repairs": repairs,
        ":repaired": repaired,
        ":limits": limits,
        ":overlap": reading.overlap_json,
        ":covered": reading.covered.as_deref().map(column::periods_json).transpose()?,
    })?;
    for table in ["quarantine", "duplicate"] {
        transaction.execute(&format!("DELETE FROM {table} WHERE submission = ?1"), [id])?;
    }
    insert_quarantined(transaction, id, &reading.quarantined)?;
    insert_duplicates(transaction, id, &reading.duplicates)
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
