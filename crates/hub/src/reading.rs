//! Reading a return's file: with which layout and which repairs, and what was found.

use std::collections::BTreeMap;
use std::sync::Arc;

use kerbwatt_intake::{
    Declared, DuplicateRow, Example, Finding, HELD_ALREADY, KEEPS_EARLIER, NoRegister, OVERLAPS_OTHER_RETURN, Overlap,
    Profile, ProfileMatch, Proposal, REPEATED_ROW, REPLACES_EARLIER, Refusal, Register, Rejected, Repair, RepairKind,
    SAME_ID, SessionReturn, Thresholds, Totals, read_sessions, sort_findings,
};
use kerbwatt_model::{ByEvse, OperatorId, Period, Sessions, Zone};
use kerbwatt_store::{Crossed as Recorded, QuarantinedRow, Reading, Submission, SubmissionState, SubmissionTotals};
use serde::{Deserialize, Serialize};

use crate::covering::stretches;
use crate::crossings::{Beside, Crossed};
use crate::receive::refused;
use crate::register::Registers;
use crate::source::Kept;
use crate::{Hub, HubError, KnownLayout, NewReturn};

/// Profile of a return that says that there is nothing to report.
pub(crate) const NOTHING_TO_REPORT: &str = "nothing-to-report";

/// Profile of a return that is read as proposed, until somebody confirms it.
pub(crate) const PROPOSED: &str = "proposed";

/// How a file is read: part of the record, so that it is read the same way ever after.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct How {
    /// Name of the profile; recognised when none is given.
    pub(crate) profile: Option<String>,
    /// The profile itself, as TOML, where it is none of those shipped.
    pub(crate) layout: Option<String>,
    /// Ids of the repairs to apply.
    pub(crate) repairs: Vec<String>,
    /// Where the checks begin to find something, by name of the limit: those in force when the return was received.
    #[serde(default)]
    pub(crate) limits: BTreeMap<String, f64>,
    /// What returns received before it said of its clocks then; none where they said nothing.
    #[serde(default)]
    pub(crate) overlap: Option<Overlap>,
}

impl How {
    /// As a file that is handed in says, within limits.
    pub(crate) fn of_new(file: &NewReturn, thresholds: Thresholds) -> Self {
        Self {
            profile: file.profile.clone(),
            layout: file.layout.clone(),
            repairs: Vec::new(),
            limits: thresholds.with(&file.limits).to_record(),
            overlap: None,
        }
    }

    pub(crate) fn of(submission: &Submission) -> Self {
        Self {
            profile: Some(submission.profile.clone()).filter(|name| !name.is_empty()),
            layout: submission.layout.clone(),
            repairs: submission.repairs.clone(),
            limits: submission.limits.clone(),
            overlap: submission.overlap_json.as_ref().and_then(|text| serde_json::from_str(text).ok()),
        }
    }

    /// The same in a layout of the operator's own.
    pub(crate) fn in_layout(self, layout: &Profile, file_name: &str) -> Result<Self, HubError> {
        let unusable = |error| refused(file_name, Refusal::UnusableProfile { error });
        let overlap = self.overlap.filter(|_| self.has_clocks_of(layout));
        layout.check().map_err(unusable)?;
        let toml = layout.to_toml().map_err(unusable)?;
        Ok(Self { profile: Some(layout.name.clone()), layout: Some(toml), overlap, ..self })
    }
}

/// What was so before a decision, for taking it back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Before {
    pub(crate) state: String,
    pub(crate) how: How,
}

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
    fn of(mut read: SessionReturn, declared: Option<Period>, thresholds: Thresholds) -> Self {
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
        report.tell_set_aside();
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
    pub(crate) fn empty(declared: Option<Period>) -> Self {
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
    let example = |row: u64, other: i64, other_row: u64| Example {
        row,
        column: String::new(),
        value: format!("row {other_row} of return {other}"),
    };
    let repeats = crossed.out.iter().map(|row| example(row.row, row.other, row.other_row));
    let replaces = crossed.replaces.iter().map(|(other, row)| example(row.other_row, *other, row.row));
    let beside = |one: &Beside| example(one.row, one.other, one.other_row);
    let kept: Vec<&crate::kept::Kept> = crossed.kept.iter().filter(|one| one.is_told()).collect();
    let keeps = |one: &crate::kept::Kept| Example { row: one.row, column: String::new(), value: one.words() };
    let found = [
        HELD_ALREADY.found(crossed.out.len() as u64, repeats),
        REPLACES_EARLIER.found(crossed.replaces.len() as u64, replaces),
        SAME_ID.found(crossed.namesakes.len() as u64, crossed.namesakes.iter().map(beside)),
        KEEPS_EARLIER.found(kept.len() as u64, kept.into_iter().map(keeps)),
        OVERLAPS_OTHER_RETURN.found(crossed.overlaps.len() as u64, crossed.overlaps.iter().map(beside)),
    ];
    found.into_iter().filter(|finding| finding.count > 0)
}

/// Reads and checks a return; writes nothing and needs no data folder. Repairs are proposed, or applied where `repair` is set
/// and the file proves them.
///
/// # Errors
/// [`HubError::Refused`] when the file is refused as a whole.
pub fn check(file: &NewReturn) -> Result<Report, HubError> {
    let how = How::of_new(file, Thresholds::default());
    match read(file, &how, &[], &[0; 32], &NoRegister) {
        Ok(read) => Ok(read.report),
        Err(HubError::Refused { refusal: Refusal::NoRows | Refusal::Empty, .. }) if file.period.is_some() => {
            Ok(Read::nothing(file.period).report)
        }
        Err(error) => Err(error),
    }
}

fn read(
    file: &NewReturn,
    how: &How,
    own: &[Profile],
    hub_key: &[u8; 32],
    register: &dyn Register,
) -> Result<Read, HubError> {
    if how.profile.as_deref() == Some(NOTHING_TO_REPORT) {
        return Ok(Read::nothing(file.period));
    }
    with_declared(file, how, own, hub_key, |declared| read_sessions(file, declared, register))
        .map(|read| Read::of(read, file.period, Thresholds::of_record(&how.limits)))
}

/// Does something with a file and what is declared of it.
pub(crate) fn with_declared<T>(
    file: &NewReturn,
    how: &How,
    own: &[Profile],
    hub_key: &[u8; 32],
    work: impl FnOnce(&Declared<'_>) -> Result<T, Refusal>,
) -> Result<T, HubError> {
    let refused = |refusal| refused(&file.shown_name(), refusal);
    let given = how.layout.as_ref().map(|text| {
        let name = how.profile.as_deref().unwrap_or("own");
        Profile::from_toml(name, text).map_err(|error| refused(Refusal::UnusableProfile { error }))
    });
    let given: Option<Profile> = given.transpose()?;
    let named = given.as_ref().map(|profile| profile.name.as_str()).or(how.profile.as_deref());
    let repairs: Vec<RepairKind> = how.repairs.iter().filter_map(|id| RepairKind::of_id(id)).collect();
    let declared = Declared {
        file_name: &file.file_name,
        profile: named,
        own: given.as_ref().map_or(own, std::slice::from_ref),
        propose: named.is_none(),
        period: file.period,
        received: file.received,
        operator: &file.operator,
        hub_key,
        repairs: &repairs,
        thresholds: Thresholds::of_record(&how.limits),
        overlap: how.overlap.as_ref(),
    };
    work(&declared).map_err(refused)
}

impl Hub {
    pub(crate) fn read(
        &self,
        file: &NewReturn,
        how: &How,
        own: &[Profile],
        register: &dyn Register,
    ) -> Result<Read, HubError> {
        read(file, how, own, &self.settings.hub_key, register)
    }

    /// Reads a recorded return again from the vault: the same bytes give the same rows.
    pub(crate) fn read_recorded(&self, submission: &Submission, registers: &Registers) -> Result<Read, HubError> {
        let read = self.read_as(submission, &How::of(submission), registers)?;
        if let Some(difference) = difference(&submission.totals, &totals_of(&read.report.totals)) {
            let file = submission.file_name.clone();
            return Err(HubError::Changed { submission: submission.id, file, difference });
        }
        Ok(read)
    }

    /// Reads a recorded return from the vault in a way of one's own.
    pub(crate) fn read_as(&self, submission: &Submission, how: &How, registers: &Registers) -> Result<Read, HubError> {
        let file = self.kept(submission)?;
        self.read(&file, how, &[], registers.of_operator(&submission.operator))
    }

    /// Does something with the bytes of a recorded return and what is declared of it.
    pub(crate) fn with_declared<T>(
        &self,
        submission: &Submission,
        work: impl FnOnce(&NewReturn, &Declared<'_>) -> Result<T, Refusal>,
    ) -> Result<T, HubError> {
        let file = self.kept(submission)?;
        let how = How::of(submission);
        with_declared(&file, &how, &[], &self.settings.hub_key, |declared| work(&file, declared))
    }

    /// A recorded return as it was handed in.
    pub(crate) fn kept(&self, submission: &Submission) -> Result<NewReturn, HubError> {
        let defect = |error: kerbwatt_model::IdError| HubError::Defect(error.to_string());
        let operator = OperatorId::parse(&submission.operator).map_err(defect)?;
        let bytes = Arc::new(Kept::of(&self.vault, submission.digest)?);
        let file = NewReturn::of(&submission.file_name, bytes, operator);
        let (part, period) = (submission.part.clone(), submission.declared);
        Ok(NewReturn { part, period, received: Some(submission.received_at), ..file })
    }

    /// The profiles of an operator's own, the newest first.
    pub(crate) fn own_layouts(&self, operator: &OperatorId) -> Result<Vec<Profile>, HubError> {
        let is_own = |known: &KnownLayout| known.own.as_ref().is_some_and(|(owner, ..)| owner == operator.as_str());
        Ok(self.layouts()?.into_iter().filter(is_own).map(|known| known.profile).collect())
    }

    /// What the record holds of a reading besides counts and findings.
    pub(crate) fn details(&self, submission: i64) -> Result<Details, HubError> {
        let (_, details) = self.ledger.findings_and_details(submission)?.unwrap_or_default();
        serde_json::from_str(&details).map_err(defect)
    }
}

/// What a return was read as, for the record; the counts must be those of the file by itself. A proposed layout gets a name
/// among the operator's own.
pub(crate) fn reading_of(read: &mut Read, how: &How, operator: &str) -> Result<Reading, HubError> {
    let is_proposed = read.is_proposed();
    let is_shipped = read.layout.as_ref().is_none_or(|layout| kerbwatt_intake::profiles().contains(layout));
    if let Some(layout) = read.layout.as_mut().filter(|_| is_proposed) {
        layout.name = own_name(operator, layout);
    }
    let layout = read.layout.as_ref().filter(|_| !is_shipped);
    let toml = layout.map(Profile::to_toml).transpose();
    let toml = toml.map_err(|error| HubError::Defect(error.to_string()))?;
    let report = &read.report;
    let profile = read.layout.as_ref().map_or_else(|| report.profile.name.clone(), |layout| layout.name.clone());
    let details = Details {
        profile: value(&report.profile)?,
        layout: value(&read.layout)?,
        is_own: !is_shipped,
        is_proposed,
        proposal: serde_json::Value::Null,
        repairs: value(&report.repairs)?,
        applied: value(&report.applied)?,
    };
    let covered = report.declared.is_none().then(|| read.reports()).transpose()?;
    Ok(Reading {
        found: report.found,
        covered,
        profile,
        layout: toml,
        zone: report.zone.clone(),
        totals: totals_of(&report.totals),
        findings_json: json(&report.findings)?,
        details_json: json(&details)?,
        repairs: how.repairs.clone(),
        repaired: report.applied.iter().map(|one| (one.kind.id().to_owned(), one.rows)).collect(),
        limits: how.limits.clone(),
        overlap_json: how.overlap.as_ref().map(json).transpose()?,
        quarantined: report.quarantined.iter().map(quarantined).collect(),
        duplicates: report.duplicates.iter().map(duplicate).collect(),
    })
}

/// The record of a file that nobody knows how to read, with what its columns seem to hold.
pub(crate) fn unread(
    proposal: &Proposal,
    declared: Option<Period>,
    thresholds: Thresholds,
) -> Result<(Reading, Report), HubError> {
    let report = Report { thresholds, ..Report::empty(declared) };
    let details = Details {
        layout: value(&proposal.profile)?,
        proposal: value(proposal)?,
        is_own: true,
        is_proposed: true,
        ..Details::default()
    };
    let reading = Reading {
        found: None,
        covered: None,
        profile: String::new(),
        layout: None,
        zone: report.zone.clone(),
        totals: SubmissionTotals::default(),
        findings_json: "[]".to_owned(),
        details_json: json(&details)?,
        repairs: Vec::new(),
        repaired: Vec::new(),
        limits: thresholds.to_record(),
        overlap_json: None,
        quarantined: Vec::new(),
        duplicates: Vec::new(),
    };
    Ok((reading, report))
}

/// Whether somebody has to decide something: a repair that the file proves, a layout that nobody has confirmed, whose clocks are right,
/// or whether a return counts that was held back.
pub(crate) fn needs_decision(read: &Read, state: SubmissionState, declined: &[String]) -> bool {
    let is_open = |kind: RepairKind| !declined.iter().any(|id| id == kind.id());
    let is_disputed = read.disputes_earlier() && is_open(RepairKind::MislabelledZone);
    (state == SubmissionState::Checked && (read.is_proposed() || is_disputed || read.report.is_held()))
        || read.provable().any(is_open)
}

/// A name for a layout of an operator's own: the same for the same layout.
pub(crate) fn own_name(operator: &str, layout: &Profile) -> String {
    let mut nameless = layout.clone();
    nameless.name.clear();
    let text = serde_json::to_string(&nameless).unwrap_or_default();
    let fingerprint: String = kerbwatt_store::Digest::of(text.as_bytes()).to_string().chars().take(6).collect();
    format!("{operator}-{fingerprint}")
}

pub(crate) fn quarantined(row: &Rejected) -> QuarantinedRow {
    QuarantinedRow {
        row: row.row,
        rule: row.rule.to_owned(),
        column: row.column.to_string(),
        value: row.value.to_string(),
        energy_kwh: row.energy_kwh,
        advice: row.advice.to_owned(),
    }
}

fn duplicate(row: &DuplicateRow) -> kerbwatt_store::DuplicateRow {
    kerbwatt_store::DuplicateRow { row: row.row, first_row: row.first_row, energy_kwh: row.energy_kwh }
}

/// What the record holds of a reading besides counts and findings.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Details {
    /// The profile, and what each column is used for.
    pub(crate) profile: serde_json::Value,
    /// The profile itself.
    pub(crate) layout: serde_json::Value,
    /// Whether it is none of those shipped.
    pub(crate) is_own: bool,
    /// Whether nobody has confirmed it.
    pub(crate) is_proposed: bool,
    /// What the columns of an unknown layout seem to hold.
    pub(crate) proposal: serde_json::Value,
    /// Repairs that were found and are not applied.
    pub(crate) repairs: serde_json::Value,
    /// Repairs that were applied.
    pub(crate) applied: serde_json::Value,
}

impl Details {
    /// Headers of the file.
    pub(crate) fn header(&self) -> Vec<String> {
        let columns = |of: &serde_json::Value| of["columns"].as_array().cloned().unwrap_or_default();
        let mut known = columns(&self.profile);
        known.extend(columns(&self.proposal));
        known.iter().filter_map(|column| Some(column["column"].as_str()?.to_owned())).collect()
    }
}

fn value(of: &impl Serialize) -> Result<serde_json::Value, HubError> {
    serde_json::to_value(of).map_err(defect)
}

/// What is so before a decision.
pub(crate) fn before_json(state: SubmissionState, how: &How) -> Result<String, HubError> {
    json(&Before { state: state.id().to_owned(), how: how.clone() })
}

pub(crate) fn json(value: &impl Serialize) -> Result<String, HubError> {
    serde_json::to_string(value).map_err(defect)
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
pub(crate) fn defect(error: serde_json::Error) -> HubError {
    HubError::Defect(error.to_string())
}

/// Flags depend on the register and may change with it; what is kept and left out may not.
fn difference(recorded: &SubmissionTotals, read: &SubmissionTotals) -> Option<String> {
    let rows = |t: &SubmissionTotals| (t.rows_read, t.accepted, t.quarantined, t.duplicates);
    let (then, now) = (rows(recorded), rows(read));
    if then != now {
        return Some(format!("rows read, accepted, quarantined, duplicates were {then:?} and are {now:?}"));
    }
    let (then, now) = (recorded.energy_accepted_kwh, read.energy_accepted_kwh);
    let is_same = (then - now).abs() <= 1e-9 * then.abs().max(1.0);
    (!is_same).then(|| format!("accepted energy was {then} kWh and is {now} kWh"))
}

pub(crate) fn totals_of(totals: &Totals) -> SubmissionTotals {
    SubmissionTotals {
        rows_read: totals.rows_read,
        accepted: totals.accepted,
        flagged: totals.flagged,
        quarantined: totals.quarantined,
        duplicates: totals.duplicates,
        energy_read_kwh: totals.energy_kwh.read,
        energy_accepted_kwh: totals.energy_kwh.accepted,
        energy_quarantined_kwh: totals.energy_kwh.quarantined,
        energy_duplicates_kwh: totals.energy_kwh.duplicates,
    }
}
