//! What the ledger holds of a reading.

use kerbwatt_intake::{DuplicateRow, Profile, Proposal, Rejected, Thresholds, Totals};
use kerbwatt_model::Period;
use kerbwatt_store::{QuarantinedRow, Reading, SubmissionState, SubmissionTotals};
use serde::{Deserialize, Serialize};

use crate::HubError;
use crate::reading::{Before, How};
use crate::report::{Read, Report};

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
        declared: report.declared,
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
        declared,
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
pub(crate) fn difference(recorded: &SubmissionTotals, read: &SubmissionTotals) -> Option<String> {
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
