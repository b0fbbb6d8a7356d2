//! Decisions about submissions: recorded with what they change, and reversible.

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Row, Transaction, params};

use super::crossings::{count_crossings, put_crossings};
use super::layouts::put_layout;
use super::submissions::put_reading;
use super::{Crossing, Failure, Ledger, LedgerError, NewLayout, Reading, SubmissionState, all, column, note};

/// A decision to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDecision {
    /// What kind, such as `accept`.
    pub kind: String,
    /// What exactly, such as the kind of a repair; may be empty.
    pub detail: String,
    /// Why, in the words of who decided; may be empty.
    pub note: String,
    /// What was so before, as the caller writes it.
    pub before_json: String,
    /// The decision that it takes back.
    pub undoes: Option<i64>,
}

/// A decision as recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Number, from 1.
    pub id: i64,
    /// When it was taken.
    pub at: Timestamp,
    /// What kind.
    pub kind: String,
    /// What exactly; may be empty.
    pub detail: String,
    /// Why; may be empty.
    pub note: String,
    /// What was so before, as it was given.
    pub before_json: String,
    /// The decision by which it was taken back.
    pub undone_by: Option<i64>,
}

/// What a decision changes of a submission.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outcome {
    /// Its new state.
    pub state: Option<SubmissionState>,
    /// What it is now read as.
    pub reading: Option<Reading>,
    /// Whether somebody has to decide something else; as before where it is not said.
    pub needs_decision: Option<bool>,
    /// A layout that it makes one of the operator's own.
    pub layout: Option<NewLayout>,
}

impl Ledger {
    /// Records a decision about a submission and what it changes, in one transaction. Sessions in the lake are stale then,
    /// until they are published again.
    ///
    /// # Errors
    /// [`LedgerError::Absent`] when there is no such submission, or no such decision to take back;
    /// [`LedgerError::DoesNotAddUp`] when counts cannot be right; otherwise [`LedgerError`] when the ledger cannot be written.
    /// Then nothing is recorded.
    pub fn decide(
        &self,
        submission: i64,
        decision: &NewDecision,
        outcome: &Outcome,
        at: Timestamp,
    ) -> Result<i64, LedgerError> {
        self.write(|transaction| {
            let query = "SELECT operator, file_name, in_lake <> 0 FROM submission WHERE id = ?1";
            let found: Option<(String, String, bool)> = transaction
                .query_row(query, [submission], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
                .optional()?;
            let (operator, file_name, is_in_lake) =
                found.ok_or_else(|| LedgerError::Absent { what: "submission", id: submission.to_string() })?;
            // In the same transaction: a layout that nobody decided on would read the next return.
            if let Some(layout) = &outcome.layout {
                put_layout(transaction, &operator, layout, at)?;
            }
            let number = put_decision(transaction, submission, &operator, decision, at)?;
            if let Some(reading) = &outcome.reading {
                reading.check_sums(&file_name)?;
                put_reading(transaction, submission, reading)?;
                // Those of one in the lake still tell what depends on it; publishing makes them anew.
                if !is_in_lake {
                    put_crossings(transaction, submission, &[])?;
                    count_crossings(transaction, &[submission])?;
                }
            }
            if let Some(needs) = outcome.needs_decision {
                transaction
                    .execute("UPDATE submission SET needs_decision = ?2 WHERE id = ?1", params![submission, needs])?;
            }
            if let Some(state) = outcome.state {
                transaction.execute(
                    "UPDATE submission SET in_lake = iif(in_lake = 0, 0, 2), state = ?2, decided_at = ?3 WHERE id = ?1",
                    params![submission, state.id(), at.to_string()],
                )?;
            } else if outcome.reading.is_some() {
                transaction
                    .execute("UPDATE submission SET in_lake = iif(in_lake = 0, 0, 2) WHERE id = ?1", [submission])?;
            }
            Ok(number)
        })
    }

    /// Replaces what is known of the rows of a submission that returns in the lake hold already, its findings, and whether somebody has to
    /// decide something.
    ///
    /// # Errors
    /// [`LedgerError`] when the ledger cannot be written.
    pub fn compare(
        &self,
        submission: i64,
        crossings: &[Crossing],
        findings_json: &str,
        needs_decision: bool,
    ) -> Result<(), LedgerError> {
        self.write(|transaction| {
            put_crossings(transaction, submission, crossings)?;
            let sql = "UPDATE submission SET findings = ?2, needs_decision = ?3 WHERE id = ?1";
            transaction.execute(sql, params![submission, findings_json, needs_decision])?;
            count_crossings(transaction, &[submission])
        })
    }

    /// Decisions about a submission, oldest first.
    ///
    /// # Errors
    /// [`LedgerError`] when the ledger cannot be read.
    pub fn decisions(&self, submission: i64) -> Result<Vec<Decision>, LedgerError> {
        let sql =
            "SELECT id, at, kind, detail, note, before, undone_by FROM decision WHERE submission = ?1 ORDER BY id";
        self.read(|connection| all(connection, sql, [submission], decision_of))
    }
}

/// Records a decision, and that it takes another one back.
pub(super) fn put_decision(
    transaction: &Transaction<'_>,
    submission: i64,
    operator: &str,
    decision: &NewDecision,
    at: Timestamp,
) -> Result<i64, Failure> {
    transaction
        .prepare_cached(
            "INSERT INTO decision (submission, at, kind, detail, note, before) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            submission,
            at.to_string(),
            decision.kind,
            decision.detail,
            decision.note,
            decision.before_json
        ])?;
    let number = transaction.last_insert_rowid();
    if let Some(undone) = decision.undoes {
        let sql = "UPDATE decision SET undone_by = ?1 WHERE id = ?2 AND submission = ?3 AND undone_by IS NULL";
        if transaction.execute(sql, params![number, undone, submission])? == 0 {
            return Err(LedgerError::Absent { what: "decision to take back", id: undone.to_string() }.into());
        }
    }
    let words = [&*decision.detail, &*decision.note].into_iter().filter(|text| !text.is_empty());
    let detail = words.collect::<Vec<_>>().join(": ");
    note(transaction, at, &decision.kind, &format!("submission {submission} of {operator}"), &detail)?;
    Ok(number)
}

pub(super) fn decision_of(row: &Row<'_>) -> rusqlite::Result<Decision> {
    Ok(Decision {
        id: row.get("id")?,
        at: column::instant(row, "at")?,
        kind: row.get("kind")?,
        detail: row.get("detail")?,
        note: row.get("note")?,
        before_json: row.get("before")?,
        undone_by: row.get("undone_by")?,
    })
}
