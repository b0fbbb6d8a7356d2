//! Reading a return's file: with which layout and which repairs, and what was found.

use std::collections::HashMap;
use std::sync::PoisonError;

use kerbwatt_intake::{
    Declared, DuplicateRow, Example, Finding, NoRegister, ProfileMatch, Register, Rejected, SessionReturn, Severity,
    Totals, read_sessions,
};
use kerbwatt_model::{OperatorId, Period, Session};
use kerbwatt_store::{QuarantinedRow, Reading, Submission, SubmissionState, SubmissionTotals};
use serde::{Deserialize, Serialize};

use crate::crossings::Crossed;
use crate::receive::refused;
use crate::register::Registers;
use crate::{Hub, HubError, NewReturn};

/// Profile of a return that says that there is nothing to report.
pub(crate) const NOTHING_TO_REPORT: &str = "nothing-to-report";

/// Sessions that are remembered between recording a return and publishing it.
const REMEMBERED: usize = 2_000_000;

/// How a file is read: part of the record, so that it is read the same way ever after.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct How {
    /// Name of the profile; recognised when none is given.
    pub(crate) profile: Option<String>,
    /// The profile itself, as TOML, where it is none of those shipped.
    pub(crate) layout: Option<String>,
    /// Ids of the repairs to apply.
    pub(crate) repairs: Vec<String>,
}

impl How {
    pub(crate) fn of(submission: &Submission) -> Self {
        Self {
            profile: Some(submission.profile.clone()),
            layout: submission.layout.clone(),
            repairs: submission.repairs.clone(),
        }
    }
}

/// What was so before a decision, for taking it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
}

/// A return as read: what was found, and its sessions.
#[derive(Debug, Clone)]
pub(crate) struct Read {
    pub(crate) report: Report,
    pub(crate) sessions: Vec<Session>,
}

impl Read {
    fn of(read: SessionReturn, declared: Option<Period>) -> Self {
        let report = Report {
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
        };
        Self { report, sessions: read.sessions }
    }
}

impl Report {
    /// Counts what other returns have to do with this one.
    pub(crate) fn count(&mut self, crossed: &Crossed) {
        self.repeated = crossed.out.len() as u64;
        self.replaces = crossed.replaces.len() as u64;
        let energy_kwh: f64 = crossed.out.iter().map(|row| row.energy_kwh).sum();
        self.totals.accepted -= self.repeated;
        self.totals.duplicates += self.repeated;
        self.totals.energy_kwh.accepted -= energy_kwh;
        self.totals.energy_kwh.duplicates += energy_kwh;
        self.findings.extend(found_elsewhere(crossed));
    }
}

/// What is said of rows that other returns have to do with.
fn found_elsewhere(crossed: &Crossed) -> Vec<Finding> {
    let example = |row: u64, other: i64, other_row: u64| Example {
        row,
        column: String::new(),
        value: format!("row {other_row} of return {other}"),
    };
    let finding = |rule, severity, title, advice, count: usize, examples: Vec<Example>| Finding {
        rule,
        severity,
        title,
        count: count as u64,
        advice,
        examples,
    };
    let repeats = crossed.out.iter().take(5).map(|row| example(row.row, row.other, row.other_row)).collect();
    let replaces = crossed.replaces.iter().take(5);
    let replaces = replaces.map(|(other, row)| example(row.other_row, *other, row.row)).collect();
    let overlaps: Vec<Example> = Vec::new();
    [
        finding(
            "held_already",
            Severity::Info,
            "Held by another return already",
            "Nothing to do: the rows count once.",
            crossed.out.len(),
            repeats,
        ),
        finding(
            "replaces_earlier",
            Severity::Info,
            "Replaces a row of an earlier return",
            "Nothing to do: the later row counts, the earlier one is kept in the history.",
            crossed.replaces.len(),
            replaces,
        ),
        finding(
            "overlaps_other_return",
            Severity::Warning,
            "At the same charge point at the same time as a session of another return",
            "Check whether the two returns report the same sessions with other times or ids.",
            crossed.overlaps.len(),
            overlaps,
        ),
    ]
    .into_iter()
    .filter(|finding| finding.count > 0)
    .collect()
}

/// Reads and checks a return; writes nothing and needs no data folder.
///
/// # Errors
/// [`HubError::Refused`] when the file is refused as a whole.
pub fn check(file: &NewReturn) -> Result<Report, HubError> {
    let how = How { profile: file.profile.clone(), ..How::default() };
    Ok(read(file, &how, &[0; 32], &NoRegister)?.report)
}

fn read(file: &NewReturn, how: &How, hub_key: &[u8; 32], register: &dyn Register) -> Result<Read, HubError> {
    let declared = Declared {
        file_name: &file.file_name,
        profile: how.profile.as_deref(),
        period: file.period,
        operator: &file.operator,
        hub_key,
    };
    let read = read_sessions(&file.bytes, &declared, register).map_err(|refusal| refused(&file.file_name, refusal))?;
    Ok(Read::of(read, file.period))
}

impl Hub {
    pub(crate) fn read(&self, file: &NewReturn, how: &How, register: &dyn Register) -> Result<Read, HubError> {
        read(file, how, &self.settings.hub_key, register)
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
        let defect = |error: kerbwatt_model::IdError| HubError::Defect(error.to_string());
        let file = NewReturn {
            file_name: submission.file_name.clone(),
            bytes: self.vault.get(&submission.digest)?,
            operator: OperatorId::parse(&submission.operator).map_err(defect)?,
            profile: how.profile.clone(),
            period: submission.declared,
            accept: false,
        };
        self.read(&file, how, registers.of_operator(&submission.operator))
    }

    /// Keeps what was just read until it is published, so that it is not read twice.
    pub(crate) fn remember(&self, submission: i64, read: Read) {
        let mut remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        let held: usize = remembered.values().map(|read: &Read| read.sessions.len()).sum();
        if held + read.sessions.len() <= REMEMBERED {
            remembered.insert(submission, read);
        }
    }

    /// What was read when a submission was recorded, if it was just now and is still read in the same way.
    pub(crate) fn remembered(&self, submission: &Submission) -> Option<Read> {
        let read = self.remembered.lock().unwrap_or_else(PoisonError::into_inner).remove(&submission.id)?;
        let own = submission.totals.accepted == read.sessions.len() as u64;
        (own && !submission.is_stale).then_some(read)
    }
}

/// What was read, by submission, until it is published.
pub(crate) type Remembered = HashMap<i64, Read>;

/// What a return was read as, for the record; the counts must be those of the file by itself.
pub(crate) fn reading_of(report: &Report, how: &How) -> Result<Reading, HubError> {
    let quarantined = |row: &Rejected| QuarantinedRow {
        row: row.row,
        rule: row.rule.to_owned(),
        column: row.column.clone(),
        value: row.value.clone(),
        energy_kwh: row.energy_kwh,
        advice: row.advice.clone(),
    };
    let duplicate = |row: &DuplicateRow| kerbwatt_store::DuplicateRow {
        row: row.row,
        first_row: row.first_row,
        energy_kwh: row.energy_kwh,
    };
    Ok(Reading {
        found: report.found,
        profile: report.profile.name.clone(),
        layout: how.layout.clone(),
        zone: report.zone.clone(),
        totals: totals_of(&report.totals),
        findings_json: json(&report.findings)?,
        details_json: json(&Details { profile: serde_json::to_value(&report.profile).map_err(defect)? })?,
        repairs: how.repairs.clone(),
        quarantined: report.quarantined.iter().map(quarantined).collect(),
        duplicates: report.duplicates.iter().map(duplicate).collect(),
    })
}

/// What the record holds of a reading besides counts and findings.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Details {
    /// The profile, and what each column is used for.
    #[serde(default)]
    pub(crate) profile: serde_json::Value,
}

/// What is so before a decision.
pub(crate) fn before_json(state: SubmissionState, how: &How) -> Result<String, HubError> {
    json(&Before { state: state.id().to_owned(), how: how.clone() })
}

fn json(value: &impl Serialize) -> Result<String, HubError> {
    serde_json::to_string(value).map_err(defect)
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn defect(error: serde_json::Error) -> HubError {
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
