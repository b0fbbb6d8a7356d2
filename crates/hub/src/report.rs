//! What was found in a return, and the return as read.

use kerbwatt_intake::{
    DuplicateRow, Example, Finding, HELD_ALREADY, KEEPS_EARLIER, OVERLAPS_OTHER_RETURN, Profile, ProfileMatch,
    REPEATED_ROW, REPLACES_EARLIER, Rejected, Repair, RepairKind, SAME_ID, SessionReturn, Thresholds, Totals,
    sort_findings,
};
use kerbwatt_model::{ByEvse, Period, Sessions, Zone};
use kerbwatt_store::{Crossed as Recorded, Crossing, SubmissionState};

use crate::HubError;
use crate::covering::stretches;
use crate::crossings::{Beside, Crossed, beside};
use crate::reading::{NOTHING_TO_REPORT, PROPOSED};

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
    /// Counts and sums. Rows that another return holds already count as duplicates.
    pub totals: Totals,
    /// What the checks found.
    pub findings: Vec<Finding>,
    /// Rows kept apart.
    pub quarantined: Vec<Rejected>,
    /// Rows that repeat an earlier one of the same file.
    pub duplicates: Vec<DuplicateRow>,
    /// Rows that another return in the figures holds already.
    pub repeated: u64,
    /// Rows of other returns that this one replaces once it is accepted.
    pub replaces: u64,
    /// Repairs that were found and are not applied.
    pub repairs: Vec<Repair>,
    /// Repairs that were applied, with their evidence from before.
    pub applied: Vec<Repair>,
    /// The layout itself; none where there was nothing to read.
    pub layout: Option<Profile>,
    /// The limits that it was checked with.
    pub thresholds: Thresholds,
}

/// A return as read: what was found, its sessions, and the layout.
#[derive(Debug, Clone)]
pub(crate) struct Read {
    pub(crate) report: Report,
    pub(crate) sessions: Sessions,
    /// Positions of the sessions by EVSE.
    pub(crate) by_evse: ByEvse,
    pub(crate) layout: Option<Profile>,
    /// That an earlier return seems to be on UTC, as far as it was compared with any.
    pub(crate) earlier_on_utc: Option<Finding>,
}

impl Read {
    pub(crate) fn of(mut read: SessionReturn, declared: Option<Period>, thresholds: Thresholds) -> Self {
        if !read.duplicates.is_empty() {
            let example = |row: &DuplicateRow| Example {
                row: row.row,
                column: String::new(),
                value: format!("row {}", row.first_row),
            };
            let count = read.duplicates.len() as u64;
            read.findings.push(REPEATED_ROW.found(count, read.duplicates.iter().map(example)));
            sort_findings(&mut read.findings);
        }
        let mut report = Report {
            profile: read.profile,
            zone: read.zone.name().to_owned(),
            declared,
            found: read.found,
            totals: read.totals,
            findings: read.findings,
            quarantined: read.quarantined,
            duplicates: read.duplicates,
            repeated: 0,
            replaces: 0,
            repairs: read.repairs,
            applied: read.applied,
            layout: Some(read.layout.clone()),
            thresholds,
        };
        report.tell_of_whole();
        let (sessions, by_evse, layout) = (read.sessions, read.by_evse, Some(read.layout));
        Self { report, sessions, by_evse, layout, earlier_on_utc: None }
    }

    /// A return that says that there is nothing to report.
    pub(crate) fn nothing(declared: Option<Period>) -> Self {
        let mut report = Report::empty(declared);
        NOTHING_TO_REPORT.clone_into(&mut report.profile.name);
        report.profile.confidence = 1.0;
        let (sessions, by_evse) = (Sessions::new(), ByEvse::default());
        Self { report, sessions, by_evse, layout: None, earlier_on_utc: None }
    }

    /// The stretches of days in which it has its rows.
    pub(crate) fn reports(&self) -> Result<Vec<Period>, HubError> {
        Ok(stretches(&self.sessions, &self.zone()?))
    }

    /// The days that it covers: as declared, or else from the first to the last that it reports.
    pub(crate) fn covers(&self) -> Result<Option<Period>, HubError> {
        if self.report.declared.is_some() {
            return Ok(self.report.declared);
        }
        let reports = self.reports()?;
        Ok(reports.first().zip(reports.last()).and_then(|(first, last)| Period::new(first.first, last.last).ok()))
    }

    /// Clock of its charge points.
    pub(crate) fn zone(&self) -> Result<Zone, HubError> {
        Zone::named(&self.report.zone).map_err(|error| HubError::Defect(error.to_string()))
    }

    /// Whether no profile knew the layout, so that it was read as its headers and values suggest.
    pub(crate) fn is_proposed(&self) -> bool {
        self.report.profile.name == PROPOSED
    }

    /// Repairs that the file proves and that are not applied.
    pub(crate) fn provable(&self) -> impl Iterator<Item = RepairKind> {
        self.report.repairs.iter().filter(|repair| repair.provable).map(|repair| repair.kind)
    }
}

impl Report {
    /// A report of nothing.
    pub fn empty(declared: Option<Period>) -> Self {
        Self {
            profile: ProfileMatch { name: String::new(), confidence: 0.0, columns: Vec::new() },
            zone: "Europe/London".to_owned(),
            declared,
            found: None,
            totals: Totals::default(),
            findings: Vec::new(),
            quarantined: Vec::new(),
            duplicates: Vec::new(),
            repeated: 0,
            replaces: 0,
            repairs: Vec::new(),
            applied: Vec::new(),
            layout: None,
            thresholds: Thresholds::default(),
        }
    }

    /// Counts what the record says that other returns have to do with this one.
    pub(crate) fn count_recorded(&mut self, recorded: &Recorded) {
        self.repeated = recorded.repeated;
        let replaces = self.findings.iter().find(|finding| finding.rule == REPLACES_EARLIER.id);
        self.replaces = replaces.map_or(0, |finding| finding.count);
        self.move_to_duplicates(recorded.repeated, recorded.energy_repeated_kwh);
    }

    fn move_to_duplicates(&mut self, rows: u64, energy_kwh: f64) {
        self.totals.accepted -= rows;
        self.totals.duplicates += rows;
        self.totals.energy_kwh.accepted -= energy_kwh;
        self.totals.energy_kwh.duplicates += energy_kwh;
    }

    /// Counts what other returns have to do with this one.
    pub(crate) fn count(&mut self, crossed: &Crossed) {
        self.repeated = crossed.out.len() as u64;
        self.replaces = crossed.replaces.len() as u64;
        self.move_to_duplicates(self.repeated, crossed.out.iter().map(|row| row.energy_kwh).sum());
        self.findings.extend(found_elsewhere(crossed));
        sort_findings(&mut self.findings);
    }
}

/// What is said of rows that other returns have to do with.
fn found_elsewhere(crossed: &Crossed) -> impl Iterator<Item = Finding> {
    // Those that were corrected since are told by themselves.
    let mut corrected = crossed.corrected_since.iter().map(|one| one.row).peekable();
    let is_held = |row: &&Crossing| corrected.next_if_eq(&row.row).is_none();
    let held: Vec<&Crossing> = crossed.out.iter().filter(is_held).collect();
    let kept: Vec<&crate::kept::Kept> = crossed.kept.iter().filter(|one| one.is_told()).collect();
    let keeps = |one: &crate::kept::Kept| Example { row: one.row, column: String::new(), value: one.words() };
    let found = [
        HELD_ALREADY.found(held.len() as u64, held.iter().map(|row| beside(row.row, row.other, row.other_row))),
        SAME_ID.found(crossed.namesakes.len() as u64, crossed.namesakes.iter().map(Beside::example)),
        KEEPS_EARLIER.found(kept.len() as u64, kept.into_iter().map(keeps)),
        OVERLAPS_OTHER_RETURN.found(crossed.overlaps.len() as u64, crossed.overlaps.iter().map(Beside::example)),
    ];
    found.into_iter().filter(|finding| finding.count > 0)
}

/// Whether somebody has to decide something: a repair that the file proves, a layout that nobody has confirmed, whose clocks are right,
/// or whether a return counts that was held back.
pub(crate) fn needs_decision(read: &Read, state: SubmissionState, declined: &[String]) -> bool {
    let is_open = |kind: RepairKind| !declined.iter().any(|id| id == kind.id());
    let is_disputed = read.disputes_earlier() && is_open(RepairKind::MislabelledZone);
    (state == SubmissionState::Checked && (read.is_proposed() || is_disputed || read.report.is_held()))
        || read.provable().any(is_open)
}
