//! What comes out of intake.

use kerbwatt_model::{ByEvse, Period, RegisterEntry, Sessions, Zone};
use serde::Serialize;

use crate::{CheckLimit, Profile, Repair};

/// A session return, read and checked: rows read = accepted + quarantined + duplicates, and so for energy.
#[derive(Debug, Clone)]
pub struct SessionReturn {
    /// The layout, and how well it fits.
    pub profile: ProfileMatch,
    /// The layout itself.
    pub layout: Profile,
    /// Zone of the charge points' clocks.
    pub zone: Zone,
    /// Accepted sessions, in file order.
    pub sessions: Sessions,
    /// Their positions by EVSE.
    pub by_evse: ByEvse,
    /// Rows kept apart, in file order.
    pub quarantined: Vec<Rejected>,
    /// Rows that repeat an earlier row, in file order.
    pub duplicates: Vec<DuplicateRow>,
    /// What the checks found, gravest and most frequent first.
    pub findings: Vec<Finding>,
    /// Counts and sums.
    pub totals: Totals,
    /// First to last local day on which an accepted session starts; none when none is accepted.
    pub found: Option<Period>,
    /// Repairs that were found and are not applied: proposals where they are provable, or else findings.
    pub repairs: Vec<Repair>,
    /// Repairs that were asked for, proved and applied, with their evidence from before.
    pub applied: Vec<Repair>,
}

/// A register, read and checked: rows read = entries + rejected.
#[derive(Debug, Clone)]
pub struct RegisterReturn {
    /// The layout, and how well it fits.
    pub profile: ProfileMatch,
    /// Zone of the charge points' clocks.
    pub zone: Zone,
    /// Entries, in file order.
    pub entries: Vec<RegisterEntry>,
    /// Rows that cannot be entries, in file order; their energy is 0.
    pub rejected: Vec<Rejected>,
    /// What the checks found, gravest and most frequent first.
    pub findings: Vec<Finding>,
    /// Rows below the header that are not blank.
    pub rows_read: u64,
    /// Repairs that were found and are not applied: proposals where they are provable, or else findings.
    pub repairs: Vec<Repair>,
    /// Repairs that were asked for, proved and applied.
    pub applied: Vec<Repair>,
}

/// Which profile a file was read with.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProfileMatch {
    /// Name of the profile.
    pub name: String,
    /// Share of the columns that the profile knows, 0 to 1.
    pub confidence: f64,
    /// Each column of the file in order.
    pub columns: Vec<ColumnUse>,
}

/// What a column is used for.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ColumnUse {
    /// Header of the column, as in the file.
    pub column: String,
    /// Field it feeds; none when it is left aside.
    pub field: Option<String>,
    /// How sure that is, 0 to 1: 1 where the profile knows the column, 0 where it says nothing of it.
    pub confidence: f64,
    /// Why, where it was proposed by header and values; none where a profile knows it.
    pub why: Option<String>,
}

/// Counts and sums of a session return.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Totals {
    /// Rows below the header that are not blank.
    pub rows_read: u64,
    /// Rows accepted, flagged ones included.
    pub accepted: u64,
    /// Accepted rows about which a check warns.
    pub flagged: u64,
    /// Rows kept apart.
    pub quarantined: u64,
    /// Rows that repeat an earlier row.
    pub duplicates: u64,
    /// Energy by outcome.
    pub energy_kwh: EnergyTotals,
}

/// Energy in kWh exactly as the file gives it: negative counts as negative, empty or unreadable as 0.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct EnergyTotals {
    /// Of all rows.
    pub read: f64,
    /// Of accepted rows.
    pub accepted: f64,
    /// Of quarantined rows.
    pub quarantined: f64,
    /// Of duplicates.
    pub duplicates: f64,
}

/// A row kept apart, with the reason.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rejected {
    /// Row in the file; the first row below the header is 1.
    pub row: u64,
    /// Id of the check.
    pub rule: &'static str,
    /// Header of the column at fault.
    pub column: Box<str>,
    /// What stands there, at most 120 characters; `(hidden)` where it could name a person.
    pub value: Box<str>,
    /// Energy of the row in kWh, as in the file.
    pub energy_kwh: f64,
    /// What to do about it.
    pub advice: &'static str,
}

impl Rejected {
    /// The row as an example of what was found.
    pub(crate) fn example(&self) -> Example {
        Example { row: self.row, column: self.column.to_string(), value: self.value.to_string() }
    }
}

/// A row that repeats an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct DuplicateRow {
    /// Row in the file.
    pub row: u64,
    /// The row it repeats.
    pub first_row: u64,
    /// Energy of the row in kWh, as in the file.
    pub energy_kwh: f64,
}

/// How grave a finding is, gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The row is quarantined.
    Error,
    /// The row is kept and flagged.
    Warning,
    /// Good to know; nothing to do.
    Info,
}

/// What one check found in a file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// Id of the check.
    pub rule: &'static str,
    /// How grave.
    pub severity: Severity,
    /// What it is, in a few words.
    pub title: &'static str,
    /// Rows concerned.
    pub count: u64,
    /// What to do, in a sentence for the operator.
    pub advice: &'static str,
    /// Whether it keeps the return from being accepted unseen.
    pub holds: bool,
    /// The limits that it was found by; none for a check without one.
    pub limits: Vec<CheckLimit>,
    /// The first rows concerned, at most five.
    pub examples: Vec<Example>,
}

/// One row that a finding is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Example {
    /// Row in the file; 0 when it is about the file as a whole.
    pub row: u64,
    /// Header of the column.
    pub column: String,
    /// What stands there, or what was computed.
    pub value: String,
}
