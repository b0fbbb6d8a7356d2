//! What was found in a return, without its sessions.

use kerbwatt_intake::{DuplicateRow, Finding, ProfileMatch, Rejected, SessionReturn, Totals};
use kerbwatt_model::Period;

/// What was found in a return.
#[derive(Debug, Clone)]
pub struct Report {
    /// The layout, and how well it fits.
    pub profile: ProfileMatch,
    /// IANA zone of the charge points' clocks.
    pub zone: String,
    /// Period declared.
    pub declared: Option<Period>,
    /// First to last day on which an accepted session starts.
    pub found: Option<Period>,
    /// Counts and sums.
    pub totals: Totals,
    /// What the checks found.
    pub findings: Vec<Finding>,
    /// Rows kept apart.
    pub quarantined: Vec<Rejected>,
    /// Rows that repeat an earlier one.
    pub duplicates: Vec<DuplicateRow>,
}

impl Report {
    /// The report of a return, its sessions taken off.
    pub(crate) fn of(read: SessionReturn, declared: Option<Period>) -> (Self, Vec<kerbwatt_model::Session>) {
        let report = Self {
            profile: read.profile,
            zone: read.zone.name().to_owned(),
            declared,
            found: read.found,
            totals: read.totals,
            findings: read.findings,
            quarantined: read.quarantined,
            duplicates: read.duplicates,
        };
        (report, read.sessions)
    }
}
