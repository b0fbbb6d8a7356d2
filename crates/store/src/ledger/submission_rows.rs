//! What the ledger holds of a submission.

use jiff::Timestamp;
use kerbwatt_model::Period;
use rusqlite::Row;

use super::{LedgerError, column};
use crate::Digest;

/// A submission that was read and checked, to be recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct NewSubmission {
    /// The operator's id.
    pub operator: String,
    /// Name of the file as sent.
    pub file_name: String,
    /// SHA-256 of its bytes, which are in the vault.
    pub digest: Digest,
    /// Size in bytes.
    pub bytes: u64,
    /// Days that the operator says the return covers.
    pub declared: Option<Period>,
    /// Days of the first and the last plug-in found.
    pub found: Option<Period>,
    /// Id of the profile it was read with.
    pub profile: String,
    /// IANA zone of its civil times.
    pub zone: String,
    /// Counts and energy.
    pub totals: SubmissionTotals,
    /// Findings of the checks, as the caller writes them.
    pub findings_json: String,
    /// Rows put aside, in the order of the file.
    pub quarantined: Vec<QuarantinedRow>,
    /// Rows that repeat another.
    pub duplicates: Vec<DuplicateRow>,
    /// Whether it is accepted at once.
    pub accept: bool,
}

/// A submission as recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Submission {
    /// Number, from 1.
    pub id: i64,
    /// The operator's id.
    pub operator: String,
    /// Name of the file as sent.
    pub file_name: String,
    /// SHA-256 of its bytes.
    pub digest: Digest,
    /// Size in bytes.
    pub bytes: u64,
    /// When it was recorded.
    pub received_at: Timestamp,
    /// When it was accepted.
    pub accepted_at: Option<Timestamp>,
    /// What was decided.
    pub state: SubmissionState,
    /// Days that the operator says the return covers.
    pub declared: Option<Period>,
    /// Days of the first and the last plug-in found.
    pub found: Option<Period>,
    /// Id of the profile it was read with.
    pub profile: String,
    /// IANA zone of its civil times.
    pub zone: String,
    /// Counts and energy.
    pub totals: SubmissionTotals,
    /// Whether the newest data version has its sessions.
    pub in_lake: bool,
}

impl Submission {
    /// The days it covers: as declared, or else as found.
    #[must_use]
    pub fn covers(&self) -> Option<Period> {
        self.declared.or(self.found)
    }
}

/// What was decided about a submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubmissionState {
    /// Read and checked; it counts for nothing yet.
    Checked,
    /// Accepted: its sessions count.
    Accepted,
}

impl SubmissionState {
    /// Id in URLs and files.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Checked => "checked",
            Self::Accepted => "accepted",
        }
    }
}

/// Counts of rows, and their energy in kWh.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct SubmissionTotals {
    /// All rows below the header.
    pub rows_read: u64,
    /// Rows that became sessions, flagged or not.
    pub accepted: u64,
    /// Of these, rows with a flag.
    pub flagged: u64,
    /// Rows put aside.
    pub quarantined: u64,
    /// Rows that repeat another.
    pub duplicates: u64,
    /// Energy of all rows, kWh.
    pub energy_read_kwh: f64,
    /// Energy of the accepted rows, kWh.
    pub energy_accepted_kwh: f64,
    /// Energy of the rows put aside, kWh.
    pub energy_quarantined_kwh: f64,
    /// Energy of the repeated rows, kWh.
    pub energy_duplicates_kwh: f64,
}

/// A row that was put aside.
#[derive(Debug, Clone, PartialEq)]
pub struct QuarantinedRow {
    /// Row in the file; the first row below the header is 1.
    pub row: u64,
    /// Id of the check that failed.
    pub rule: String,
    /// Column that it looked at.
    pub column: String,
    /// What was there; never a personal identifier.
    pub value: String,
    /// Energy that the row claims, kWh; 0 where it cannot be read.
    pub energy_kwh: f64,
    /// What the operator can do.
    pub advice: String,
}

/// A row that repeats another.
#[derive(Debug, Clone, PartialEq)]
pub struct DuplicateRow {
    /// Row in the file.
    pub row: u64,
    /// The row it repeats.
    pub first_row: u64,
    /// Its energy, kWh.
    pub energy_kwh: f64,
}

impl NewSubmission {
    /// Refuses counts that cannot be right: every row ends in exactly one place.
    pub(super) fn check_sums(&self) -> Result<(), LedgerError> {
        let wrong = |reason: String| Err(LedgerError::DoesNotAddUp { file_name: self.file_name.clone(), reason });
        let totals = &self.totals;
        let ended = totals.accepted.checked_add(totals.quarantined).and_then(|sum| sum.checked_add(totals.duplicates));
        if ended != Some(totals.rows_read) {
            return wrong(format!(
                "{} rows read, but {} accepted, {} quarantined and {} duplicates",
                totals.rows_read, totals.accepted, totals.quarantined, totals.duplicates
            ));
        }
        if totals.flagged > totals.accepted {
            return wrong(format!("{} rows flagged of {} accepted", totals.flagged, totals.accepted));
        }
        if !is_length(&self.quarantined, totals.quarantined) {
            return wrong(format!("{} quarantined, {} listed", totals.quarantined, self.quarantined.len()));
        }
        if !is_length(&self.duplicates, totals.duplicates) {
            return wrong(format!("{} duplicates, {} listed", totals.duplicates, self.duplicates.len()));
        }
        if self.energies().any(|energy| !energy.is_finite()) {
            return wrong("an energy is not a number".to_owned());
        }
        Ok(())
    }

    fn energies(&self) -> impl Iterator<Item = f64> {
        let totals = &self.totals;
        [
            totals.energy_read_kwh,
            totals.energy_accepted_kwh,
            totals.energy_quarantined_kwh,
            totals.energy_duplicates_kwh,
        ]
        .into_iter()
        .chain(self.quarantined.iter().map(|row| row.energy_kwh))
        .chain(self.duplicates.iter().map(|row| row.energy_kwh))
    }
}

fn is_length<T>(rows: &[T], count: u64) -> bool {
    u64::try_from(rows.len()) == Ok(count)
}

pub(super) fn submission_of(row: &Row<'_>) -> rusqlite::Result<Submission> {
    let accepted_at = column::instant_if_any(row, "accepted_at")?;
    Ok(Submission {
        id: row.get("id")?,
        operator: row.get("operator")?,
        file_name: row.get("file_name")?,
        digest: column::digest(row, "digest")?,
        bytes: column::count(row, "bytes")?,
        received_at: column::instant(row, "received_at")?,
        accepted_at,
        state: if accepted_at.is_some() { SubmissionState::Accepted } else { SubmissionState::Checked },
        declared: column::period(row, "declared_first", "declared_last")?,
        found: column::period(row, "found_first", "found_last")?,
        profile: row.get("profile")?,
        zone: row.get("zone")?,
        totals: totals_of(row)?,
        in_lake: row.get("in_lake")?,
    })
}

fn totals_of(row: &Row<'_>) -> rusqlite::Result<SubmissionTotals> {
    Ok(SubmissionTotals {
        rows_read: column::count(row, "rows_read")?,
        accepted: column::count(row, "accepted")?,
        flagged: column::count(row, "flagged")?,
        quarantined: column::count(row, "quarantined")?,
        duplicates: column::count(row, "duplicates")?,
        energy_read_kwh: row.get("energy_read_kwh")?,
        energy_accepted_kwh: row.get("energy_accepted_kwh")?,
        energy_quarantined_kwh: row.get("energy_quarantined_kwh")?,
        energy_duplicates_kwh: row.get("energy_duplicates_kwh")?,
    })
}

pub(super) fn quarantined_of(row: &Row<'_>) -> rusqlite::Result<QuarantinedRow> {
    Ok(QuarantinedRow {
        row: column::count(row, "file_row")?,
        rule: row.get("rule")?,
        column: row.get("column_name")?,
        value: row.get("value")?,
        energy_kwh: row.get("energy_kwh")?,
        advice: row.get("advice")?,
    })
}

pub(super) fn duplicate_of(row: &Row<'_>) -> rusqlite::Result<DuplicateRow> {
    Ok(DuplicateRow {
        row: column::count(row, "file_row")?,
        first_row: column::count(row, "first_row")?,
        energy_kwh: row.get("energy_kwh")?,
    })
}
