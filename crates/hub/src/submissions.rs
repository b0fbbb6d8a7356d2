//! Submissions, as lists and their pages show them.

use std::collections::HashMap;

use jiff::Timestamp;
use kerbwatt_intake::{EnergyTotals, REPLACES_EARLIER, Thresholds, Totals};
use kerbwatt_model::Period;
use kerbwatt_store::{Decision, QuarantinedRow, Submission, SubmissionState};

use crate::decide::can_be_undone;
use crate::reading::{Before, NOTHING_TO_REPORT};
use crate::{Hub, HubError};

/// A submission.
#[derive(Debug, Clone, PartialEq)]
pub struct SubmissionView {
    /// Number.
    pub id: i64,
    /// Operator id.
    pub operator: String,
    /// Operator's name.
    pub operator_name: String,
    /// Name of the file.
    pub file: String,
    /// The table within the file; empty where the file is one table.
    pub part: String,
    /// When it was received.
    pub received_at: Timestamp,
    /// When it was accepted or withdrawn.
    pub decided_at: Option<Timestamp>,
    /// `received`, `checked`, `accepted` or `withdrawn`.
    pub state: &'static str,
    /// Whether somebody has to decide something before it can be trusted.
    pub needs_decision: bool,
    /// Period that it covers: as declared, or else as found.
    pub period: Option<Period>,
    /// Period that the operator declared.
    pub declared: Option<Period>,
    /// First to last day on which an accepted session starts.
    pub found: Option<Period>,
    /// Counts and sums. Rows that another return in the figures holds already count as duplicates.
    pub totals: Totals,
    /// Rows that another return in the figures holds already.
    pub repeated: u64,
    /// Accepted rows that a later return replaced: they are not in the figures.
    pub superseded: u64,
    /// Ids of the repairs applied.
    pub repairs_applied: Vec<String>,
    /// Name of the profile; empty where none fits.
    pub profile: String,
    /// Whether it says that there was nothing to report.
    pub nothing_to_report: bool,
    /// SHA-256 of the file.
    pub sha256: String,
}

/// A submission with what the checks found and what was decided.
#[derive(Debug, Clone, PartialEq)]
pub struct SubmissionDetail {
    /// The submission.
    pub submission: SubmissionView,
    /// Findings as recorded: a list of [`crate::Finding`].
    pub findings: serde_json::Value,
    /// The profile, and what each column is used for: a [`crate::ProfileMatch`].
    pub profile: serde_json::Value,
    /// The profile itself, to be looked at and changed: a [`crate::Profile`].
    pub layout: serde_json::Value,
    /// Whether the profile is none of those shipped.
    pub layout_is_own: bool,
    /// Whether the profile was proposed and nobody has confirmed it.
    pub layout_is_proposed: bool,
    /// What the columns of an unknown layout seem to hold, a [`crate::Proposal`]; null where the layout is known.
    pub proposal: serde_json::Value,
    /// The limits that it was checked with.
    pub thresholds: Thresholds,
    /// Repairs found or applied, each a [`crate::Repair`] with its state: `open`, `applied` or `declined`.
    pub repairs: Vec<(serde_json::Value, &'static str)>,
    /// What other returns have to do with it.
    pub others: Vec<OtherReturn>,
    /// What happened to it, newest first.
    pub history: Vec<HistoryEntry>,
}

/// What another return has to do with a submission.
#[derive(Debug, Clone, PartialEq)]
pub struct OtherReturn {
    /// Its number.
    pub submission: i64,
    /// Name of its file.
    pub file: String,
    /// `repeats`, `repeated_by`, `replaces`, `replaced_by`, `outranks`, `outranked_by` or `overlaps`.
    pub kind: &'static str,
    /// Rows concerned.
    pub rows: u64,
    /// Their energy, kWh; 0 for overlaps.
    pub energy_kwh: f64,
}

/// Something that happened to a submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryEntry {
    /// Number of the decision; none for its receipt.
    pub decision: Option<i64>,
    /// When.
    pub at: Timestamp,
    /// `received`, `accept`, `withdraw`, `undo`, …
    pub kind: String,
    /// In words.
    pub says: String,
    /// Whether it was taken back.
    pub undone: bool,
    /// Whether it can be taken back.
    pub can_undo: bool,
}

impl Hub {
    /// Every submission, newest first.
    ///
    /// # Errors
    /// Store errors.
    pub async fn submissions(&self) -> Result<Vec<SubmissionView>, HubError> {
        let names = self.operator_names()?;
        Ok(self.ledger.submissions()?.into_iter().map(|submission| view(submission, &names)).collect())
    }

    /// One submission.
    ///
    /// # Errors
    /// [`HubError::NoSuch`] when there is none; store errors.
    pub async fn submission(&self, id: i64) -> Result<SubmissionDetail, HubError> {
        let known = self.recorded(id)?;
        let (findings, details) = self.ledger.findings_and_details(id)?.unwrap_or_default();
        let defect = |error: serde_json::Error| HubError::Defect(error.to_string());
        let thresholds = Thresholds::of_record(&known.limits);
        let details: crate::record::Details = serde_json::from_str(&details).map_err(defect)?;
        Ok(SubmissionDetail {
            others: self.others(id)?,
            history: self.history(&known)?,
            findings: with_limits(still_true(serde_json::from_str(&findings).map_err(defect)?, &known), thresholds),
            thresholds,
            repairs: self.repairs(id, &details)?,
            profile: details.profile,
            layout: details.layout,
            layout_is_own: details.is_own,
            layout_is_proposed: details.is_proposed,
            proposal: details.proposal,
            submission: view(known, &self.operator_names()?),
        })
    }

    fn repairs(
        &self,
        id: i64,
        details: &crate::record::Details,
    ) -> Result<Vec<(serde_json::Value, &'static str)>, HubError> {
        let declined = self.declined(id)?;
        let is_declined = |repair: &serde_json::Value| declined.iter().any(|kind| repair["kind"] == **kind);
        let state = |repair: &serde_json::Value| if is_declined(repair) { "declined" } else { "open" };
        let list = |of: &serde_json::Value| of.as_array().cloned().unwrap_or_default();
        let found = list(&details.repairs).into_iter().map(|repair| (state(&repair), repair)).map(|(a, b)| (b, a));
        Ok(list(&details.applied).into_iter().map(|repair| (repair, "applied")).chain(found).collect())
    }

    fn others(&self, id: i64) -> Result<Vec<OtherReturn>, HubError> {
        let other = |relation: kerbwatt_store::Relation| {
            let file = self.ledger.submission(relation.other)?.map(|other| other.file_name).unwrap_or_default();
            let (rows, energy_kwh) = (relation.rows, relation.energy_kwh);
            Ok(OtherReturn { submission: relation.other, file, kind: relation.kind, rows, energy_kwh })
        };
        self.ledger.relations(id)?.into_iter().map(other).collect()
    }

    fn history(&self, known: &Submission) -> Result<Vec<HistoryEntry>, HubError> {
        let decisions = self.ledger.decisions(known.id)?;
        let before = |first: &Decision| serde_json::from_str::<Before>(&first.before_json).ok();
        let state = decisions.first().and_then(before).map_or(known.state.id().to_owned(), |before| before.state);
        let was_read = state != SubmissionState::Received.id();
        let received = HistoryEntry {
            decision: None,
            at: known.received_at,
            kind: "received".to_owned(),
            says: if was_read { "Received and checked" } else { "Received; nobody had said yet how to read it" }
                .to_owned(),
            undone: false,
            can_undo: false,
        };
        let entry = |decision: &Decision| HistoryEntry {
            decision: Some(decision.id),
            at: decision.at,
            kind: decision.kind.clone(),
            says: in_words(decision),
            undone: decision.undone_by.is_some(),
            can_undo: can_be_undone(decision, &decisions),
        };
        Ok(decisions.iter().rev().map(entry).chain([received]).collect())
    }

    /// Quarantined rows of a submission in file order, from `offset` on, and how many there are.
    ///
    /// # Errors
    /// [`HubError::NoSuch`] when there is no such submission; store errors.
    pub async fn quarantine(&self, id: i64, offset: u64, limit: u64) -> Result<(Vec<QuarantinedRow>, u64), HubError> {
        self.recorded(id)?;
        Ok(self.ledger.quarantine(id, offset, limit)?)
    }

    pub(crate) fn operator_names(&self) -> Result<HashMap<String, String>, HubError> {
        Ok(self.ledger.operators()?.into_iter().map(|operator| (operator.id, operator.name)).collect())
    }
}

/// Findings without what a return that counts replaced when it was compared: the lake knows that better, and it changes.
fn still_true(mut findings: serde_json::Value, known: &Submission) -> serde_json::Value {
    if let Some(list) = findings.as_array_mut().filter(|_| known.state == SubmissionState::Accepted) {
        list.retain(|finding| finding["rule"] != REPLACES_EARLIER.id);
    }
    findings
}

/// Findings that were recorded before they said their limits, and whether they hold a return, say them too.
fn with_limits(mut findings: serde_json::Value, thresholds: Thresholds) -> serde_json::Value {
    for finding in findings.as_array_mut().into_iter().flatten() {
        let limits = thresholds.of_check(finding["rule"].as_str().unwrap_or_default());
        if finding["holds"].is_null() && finding.is_object() {
            finding["holds"] = kerbwatt_intake::holds(finding["rule"].as_str().unwrap_or_default()).into();
        }
        if finding["limits"].is_null() && finding.is_object() {
            finding["limits"] = serde_json::to_value(limits).unwrap_or_default();
        }
    }
    findings
}

pub(crate) fn in_words(decision: &Decision) -> String {
    let what = match decision.kind.as_str() {
        "accept" => "Accepted: its sessions count",
        "withdraw" => "Withdrawn: its sessions count no more",
        "undo" => "Taken back",
        other => kind_in_words(other),
    };
    // Taking back names the kind of what it takes back.
    let detail = if decision.kind == "undo" { kind_in_words(&decision.detail) } else { &decision.detail };
    let more = [detail, &*decision.note].into_iter().filter(|text| !text.is_empty());
    std::iter::once(what).chain(more).collect::<Vec<_>>().join(" – ")
}

fn kind_in_words(kind: &str) -> &str {
    match kind {
        "accept" => "Accepted",
        "withdraw" => "Withdrawn",
        "apply_repair" => "Repair applied",
        "decline_repair" => "Repair declined",
        "confirm_layout" => "Layout confirmed",
        "declare_period" => "Months changed",
        "read_anew" => "Read anew",
        other => other,
    }
}

fn view(submission: Submission, names: &HashMap<String, String>) -> SubmissionView {
    let (t, crossed) = (&submission.totals, &submission.crossed);
    SubmissionView {
        id: submission.id,
        operator_name: names.get(&submission.operator).unwrap_or(&submission.operator).clone(),
        state: submission.state.id(),
        needs_decision: submission.needs_decision || submission.state == SubmissionState::Received,
        period: submission.covers(),
        declared: submission.declared,
        found: submission.found,
        totals: Totals {
            rows_read: t.rows_read,
            accepted: t.accepted - crossed.repeated,
            flagged: t.flagged,
            quarantined: t.quarantined,
            duplicates: t.duplicates + crossed.repeated,
            energy_kwh: EnergyTotals {
                read: t.energy_read_kwh,
                accepted: t.energy_accepted_kwh - crossed.energy_repeated_kwh,
                quarantined: t.energy_quarantined_kwh,
                duplicates: t.energy_duplicates_kwh + crossed.energy_repeated_kwh,
            },
        },
        repeated: crossed.repeated,
        superseded: crossed.replaced,
        repairs_applied: submission.repairs,
        nothing_to_report: submission.profile == NOTHING_TO_REPORT,
        sha256: submission.digest.to_string(),
        received_at: submission.received_at,
        decided_at: submission.decided_at,
        operator: submission.operator,
        file: submission.file_name,
        part: submission.part,
        profile: submission.profile,
    }
}
