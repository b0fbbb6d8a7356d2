//! What the ledger holds of a submission.

use std::collections::BTreeMap;

use jiff::Timestamp;
use kerbwatt_model::Period;
use rusqlite::Row;

use super::reading::totals_of;
use super::{Crossing, NewDecision, NewLayout, Reading, SubmissionTotals, column};
use crate::Digest;

/// A submission to be recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct NewSubmission {
    /// The operator's id.
    pub operator: String,
    /// Name of the file as sent.
    pub file_name: String,
    /// The table within the file; empty where the file is one table.
    pub part: String,
    /// SHA-256 of its bytes, which are in the vault.
    pub digest: Digest,
    /// Size in bytes.
    pub bytes: u64,
    /// What it was read as.
    pub reading: Reading,
    /// What is known of it now.
    pub state: SubmissionState,
    /// Whether somebody has to decide something before it can be trusted.
    pub needs_decision: bool,
    /// Decisions taken at once, in order.
    pub decisions: Vec<NewDecision>,
    /// A layout that they make one of the operator's own.
    pub layout: Option<NewLayout>,
    /// Rows that returns in the lake hold already.
    pub crossings: Vec<Crossing>,
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
    /// The table within the file; empty where the file is one table.
    pub part: String,
    /// SHA-256 of its bytes.
    pub digest: Digest,
    /// Size in bytes.
    pub bytes: u64,
    /// When it was recorded.
    pub received_at: Timestamp,
    /// When it was accepted or withdrawn.
    pub decided_at: Option<Timestamp>,
    /// What was decided.
    pub state: SubmissionState,
    /// Days that the operator says the return covers.
    pub declared: Option<Period>,
    /// Days of the first and the last plug-in found.
    pub found: Option<Period>,
    /// Stretches of days in which a return that declares none has its rows; none where days were declared or it was not noted.
    pub covered: Option<Vec<Period>>,
    /// Name of the profile it was read with; empty where none fits.
    pub profile: String,
    /// The profile itself where it is none of those shipped, as TOML.
    pub layout: Option<String>,
    /// IANA zone of its civil times.
    pub zone: String,
    /// Counts and energy of the file by itself.
    pub totals: SubmissionTotals,
    /// Accepted rows that are not in the figures because of other returns.
    pub crossed: Crossed,
    /// Ids of the repairs applied.
    pub repairs: Vec<String>,
    /// Each repair that was made, by its id, with the rows whose values it changed.
    pub repaired: Vec<(String, u64)>,
    /// Where the checks began to find something, by name of the limit; what is not named was as usual when limits could not be set
    /// yet.
    pub limits: BTreeMap<String, f64>,
    /// What returns received before it said of it then, as it was given.
    pub overlap_json: Option<String>,
    /// Whether somebody has to decide something before it can be trusted.
    pub needs_decision: bool,
    /// Whether the newest data version has its sessions, as they are or as they were before the last decision.
    pub in_lake: bool,
    /// Whether the newest data version has its sessions as they were before the last decision.
    pub is_stale: bool,
}

/// Accepted rows that are not in the figures because of other returns.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Crossed {
    /// Rows that another return holds already.
    pub repeated: u64,
    /// Their energy, kWh.
    pub energy_repeated_kwh: f64,
    /// Rows that a later return replaced.
    pub replaced: u64,
    /// Their energy, kWh.
    pub energy_replaced_kwh: f64,
}

impl Submission {
    /// The days it covers: as declared, or else from the first to the last that it reports.
    #[must_use]
    pub fn covers(&self) -> Option<Period> {
        let ends = self.covered.as_ref().and_then(|covered| covered.first().zip(covered.last()));
        let reported = ends.and_then(|(first, last)| Period::new(first.first, last.last).ok());
        self.declared.or(reported).or(self.found)
    }

    /// The stretches of days that it reports, oldest first: as declared, or else those in which it has its rows. None where all rows
    /// were set aside: that is no zero.
    #[must_use]
    pub fn reports(&self) -> Vec<Period> {
        if self.is_all_set_aside() {
            return Vec::new();
        }
        match (self.declared, &self.covered) {
            (Some(declared), _) => vec![declared],
            (None, Some(covered)) => covered.clone(),
            (None, None) => self.found.into_iter().collect(),
        }
    }

    /// Whether it has rows, and none of them counts.
    #[must_use]
    pub fn is_all_set_aside(&self) -> bool {
        self.totals.rows_read > 0 && self.totals.accepted == 0
    }
}

/// What was decided about a submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubmissionState {
    /// Kept, but nobody has said how it is to be read.
    Received,
    /// Read and checked; it counts for nothing yet.
    Checked,
    /// Accepted: its sessions count.
    Accepted,
    /// Taken back: its sessions count no more.
    Withdrawn,
}

impl SubmissionState {
    /// Id in URLs and files.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Checked => "checked",
            Self::Accepted => "accepted",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The state of an id; [`Self::Received`] where there is no such state.
    #[must_use]
    pub fn of(id: &str) -> Self {
        Self::of_id(id).unwrap_or(Self::Received)
    }

    fn of_id(id: &str) -> Option<Self> {
        [Self::Received, Self::Checked, Self::Accepted, Self::Withdrawn].into_iter().find(|state| state.id() == id)
    }
}

pub(super) fn submission_of(row: &Row<'_>) -> rusqlite::Result<Submission> {
    let state: String = row.get("state")?;
    let lake: i64 = row.get("in_lake")?;
    Ok(Submission {
        id: row.get("id")?,
        operator: row.get("operator")?,
        file_name: row.get("file_name")?,
        part: row.get("part")?,
        digest: column::digest(row, "digest")?,
        bytes: column::count(row, "bytes")?,
        received_at: column::instant(row, "received_at")?,
        decided_at: column::instant_if_any(row, "decided_at")?,
        // A CHECK of the table leaves no other text.
        state: SubmissionState::of_id(&state).unwrap_or(SubmissionState::Received),
        declared: column::period(row, "declared_first", "declared_last")?,
        found: column::period(row, "found_first", "found_last")?,
        covered: column::periods(row, "covered")?,
        profile: row.get("profile")?,
        layout: row.get("layout")?,
        zone: row.get("zone")?,
        totals: totals_of(row)?,
        crossed: Crossed {
            repeated: column::count(row, "repeated")?,
            energy_repeated_kwh: row.get("energy_repeated_kwh")?,
            replaced: column::count(row, "replaced")?,
            energy_replaced_kwh: row.get("energy_replaced_kwh")?,
        },
        repairs: column::json(row, "repairs")?,
        repaired: column::json(row, "repaired")?,
        limits: column::json(row, "limits")?,
        overlap_json: row.get("overlap")?,
        needs_decision: row.get("needs_decision")?,
        in_lake: lake != 0,
        is_stale: lake == 2,
    })
}
