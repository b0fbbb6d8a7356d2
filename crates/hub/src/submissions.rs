//! Submissions, as lists show them.

use std::collections::HashMap;

use jiff::Timestamp;
use kerbwatt_intake::{EnergyTotals, Totals};
use kerbwatt_model::Period;
use kerbwatt_store::{QuarantinedRow, Submission};

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
    /// When it was received.
    pub received_at: Timestamp,
    /// `checked` or `accepted`.
    pub state: &'static str,
    /// Period that it covers.
    pub period: Option<Period>,
    /// Counts and sums.
    pub totals: Totals,
    /// Name of the profile.
    pub profile: String,
    /// SHA-256 of the file.
    pub sha256: String,
}

/// A submission with what the checks found.
#[derive(Debug, Clone, PartialEq)]
pub struct SubmissionDetail {
    /// The submission.
    pub submission: SubmissionView,
    /// Findings as recorded: a list of [`crate::Finding`].
    pub findings: serde_json::Value,
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
        let known = self.ledger.submission(id)?.ok_or_else(|| missing(id))?;
        let findings = self.ledger.findings_json(id)?.unwrap_or_else(|| "[]".to_owned());
        let findings = serde_json::from_str(&findings).map_err(|error| HubError::Defect(error.to_string()))?;
        Ok(SubmissionDetail { submission: view(known, &self.operator_names()?), findings })
    }

    /// Quarantined rows of a submission in file order, from `offset` on, and how many there are.
    ///
    /// # Errors
    /// [`HubError::NoSuch`] when there is no such submission; store errors.
    pub async fn quarantine(&self, id: i64, offset: u64, limit: u64) -> Result<(Vec<QuarantinedRow>, u64), HubError> {
        self.ledger.submission(id)?.ok_or_else(|| missing(id))?;
        Ok(self.ledger.quarantine(id, offset, limit)?)
    }

    fn operator_names(&self) -> Result<HashMap<String, String>, HubError> {
        Ok(self.ledger.operators()?.into_iter().map(|operator| (operator.id, operator.name)).collect())
    }
}

fn missing(id: i64) -> HubError {
    HubError::NoSuch { what: "submission", id: id.to_string() }
}

fn view(submission: Submission, names: &HashMap<String, String>) -> SubmissionView {
    let t = &submission.totals;
    SubmissionView {
        id: submission.id,
        operator_name: names.get(&submission.operator).unwrap_or(&submission.operator).clone(),
        state: submission.state.id(),
        period: submission.covers(),
        totals: Totals {
            rows_read: t.rows_read,
            accepted: t.accepted,
            flagged: t.flagged,
            quarantined: t.quarantined,
            duplicates: t.duplicates,
            energy_kwh: EnergyTotals {
                read: t.energy_read_kwh,
                accepted: t.energy_accepted_kwh,
                quarantined: t.energy_quarantined_kwh,
                duplicates: t.energy_duplicates_kwh,
            },
        },
        sha256: submission.digest.to_string(),
        received_at: submission.received_at,
        operator: submission.operator,
        file: submission.file_name,
        profile: submission.profile,
    }
}
