//! What a file was read as, and the rows kept beside its sessions.

use std::collections::BTreeMap;

use kerbwatt_model::Period;
use rusqlite::Row;

use super::{LedgerError, column};

/// What a file was read as: changes when its layout or the repairs applied change.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// Days that the operator says the return covers.
    pub declared: Option<Period>,
    /// Days of the first and the last plug-in found.
    pub found: Option<Period>,
    /// Stretches of days that it reports, as [`super::Submission::covered`] has them; none where days were declared.
    pub covered: Option<Vec<Period>>,
    /// Name of the profile it was read with; empty where none fits.
    pub profile: String,
    /// The profile itself where it is none of those shipped, as TOML.
    pub layout: Option<String>,
    /// IANA zone of its civil times.
    pub zone: String,
    /// Counts and energy of the file by itself.
    pub totals: SubmissionTotals,
    /// Findings of the checks, as the caller writes them.
    pub findings_json: String,
    /// What else was understood, as the caller writes it.
    pub details_json: String,
    /// Ids of the repairs to apply.
    pub repairs: Vec<String>,
    /// Each repair that was made, by its id, with the rows whose values it changed.
    pub repaired: Vec<(String, u64)>,
    /// Where the checks began to find something, by name of the limit.
    pub limits: BTreeMap<String, f64>,
    /// What returns received before it said of it then, as the caller writes it; none where they said nothing.
    pub overlap_json: Option<String>,
    /// Rows put aside, in the order of the file.
    pub quarantined: Vec<QuarantinedRow>,
    /// Rows that repeat another of the same file.
    pub duplicates: Vec<DuplicateRow>,
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

impl Reading {
    /// Refuses counts that cannot be right: every row ends in exactly one place.
    pub(super) fn check_sums(&self, file_name: &str) -> Result<(), LedgerError> {
        let wrong = |reason: String| Err(LedgerError::DoesNotAddUp { file_name: file_name.to_owned(), reason });
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

pub(super) fn totals_of(row: &Row<'_>) -> rusqlite::Result<SubmissionTotals> {
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
