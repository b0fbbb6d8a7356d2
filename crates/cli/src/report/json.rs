//! What was found in a file, as JSON. Fields are added over time, never renamed.

use kerbwatt_hub::{Proposal, Report};
use kerbwatt_model::Period;
use serde_json::{Value, json};

/// The fields that `check` and `submit` share.
pub(crate) fn of(file: &str, report: &Report) -> Value {
    json!({
        "file": file,
        "rows_read": report.totals.rows_read,
        "accepted": report.totals.accepted,
        "flagged": report.totals.flagged,
        "quarantined": report.totals.quarantined,
        "duplicates": report.totals.duplicates,
        "energy_kwh": report.totals.energy_kwh,
        "profile": report.profile,
        "zone": report.zone,
        "period": { "declared": report.declared.map(ends), "found": report.found.map(ends) },
        "findings": report.findings,
        "limits": report.thresholds.to_record(),
        "repairs": report.repairs,
        "repairs_applied": report.applied,
        "held_already": report.repeated,
        "replaces": report.replaces,
        "quarantined_rows": report.quarantined,
    })
}

/// What the columns of an unknown layout seem to hold: in the place of the layout of a file that is read.
pub(crate) fn proposed(proposal: &Proposal) -> Value {
    json!({
        "name": proposal.profile.name,
        "confidence": proposal.confidence,
        "header_rows": proposal.profile.header_rows(),
        "columns": proposal.columns,
        "missing": proposal.missing,
        "doubts": proposal.doubts,
    })
}

/// As everywhere in the API: both ends included.
pub(crate) fn ends(period: Period) -> Value {
    json!({ "from": period.first, "to": period.last })
}
