//! `kerbwatt history`.

use std::path::PathBuf;

use clap::Args;
use kerbwatt_hub::{Hub, SubmissionDetail};
use serde_json::{Value, json};

use super::Done;
use crate::arguments;
use crate::failure::Failure;
use crate::number::count;
use crate::output::Output;
use crate::report::{ends, period};

/// What happened to a return
#[derive(Debug, Args)]
pub(crate) struct History {
    /// Number of the submission
    #[arg(value_parser = arguments::submission)]
    submission: i64,
    /// Data folder
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

impl History {
    pub(crate) async fn run(self, output: &mut Output) -> Result<Done, Failure> {
        let hub = Hub::open_for_reading(&self.data).await?;
        let detail = hub.submission(self.submission).await?;
        output.line(&if self.json { json(&detail).to_string() } else { words(&detail) });
        Ok(Done::Well)
    }
}

/// A submission and what happened to it, as JSON.
pub(crate) fn json(detail: &SubmissionDetail) -> Value {
    let one = &detail.submission;
    let repair = |(repair, state): &(Value, &'static str)| {
        let mut repair = repair.clone();
        repair["state"] = json!(state);
        repair
    };
    json!({
        "submission": one.id,
        "operator": one.operator,
        "file": one.file,
        "part": one.part,
        "state": one.state,
        "needs_decision": one.needs_decision,
        "received_at": one.received_at,
        "rows_read": one.totals.rows_read,
        "accepted": one.totals.accepted,
        "period": { "declared": one.declared.map(ends), "found": one.found.map(ends) },
        "flagged": one.totals.flagged,
        "quarantined": one.totals.quarantined,
        "duplicates": one.totals.duplicates,
        "repeated": one.repeated,
        "superseded": one.superseded,
        "energy_kwh": one.totals.energy_kwh,
        "repairs_applied": one.repairs_applied,
        "profile": detail.profile,
        "findings": detail.findings,
        "limits": detail.thresholds.to_record(),
        "repairs": detail.repairs.iter().map(repair).collect::<Vec<_>>(),
        "others": detail.others.iter().map(|other| json!({
            "submission": other.submission, "file": other.file, "kind": other.kind, "rows": other.rows,
            "energy_kwh": other.energy_kwh,
        })).collect::<Vec<_>>(),
        "history": detail.history.iter().map(|entry| json!({
            "decision": entry.decision, "at": entry.at, "kind": entry.kind, "says": entry.says, "undone": entry.undone,
            "can_undo": entry.can_undo,
        })).collect::<Vec<_>>(),
    })
}

/// The same in words, some lines.
pub(crate) fn words(detail: &SubmissionDetail) -> String {
    let one = &detail.submission;
    let part = if one.part.is_empty() { String::new() } else { format!(" › {}", one.part) };
    let mut lines = vec![
        format!("submission {} of {}: {}{part}", one.id, one.operator, one.file),
        format!("  {}", period(one.declared, one.found)),
        format!(
            "  {}: {} rows read, {} accepted, {} quarantined, {} duplicates",
            one.state,
            count(one.totals.rows_read),
            count(one.totals.accepted),
            count(one.totals.quarantined),
            count(one.totals.duplicates)
        ),
    ];
    if one.superseded > 0 {
        lines.push(format!("  {} accepted rows were replaced by later returns", count(one.superseded)));
    }
    for other in &detail.others {
        let kind = other.kind.replace('_', " ");
        lines.push(format!("  {kind} submission {} ({}): {} rows", other.submission, other.file, count(other.rows)));
    }
    for entry in detail.history.iter().rev() {
        let number = entry.decision.map_or_else(String::new, |number| format!("decision {number}"));
        let undone = if entry.undone { " (taken back)" } else { "" };
        let at = entry.at.strftime("%Y-%m-%d %H:%M UTC");
        lines.push(format!("  {at}  {number:<12} {}{undone}", entry.says));
    }
    lines.join("\n")
}
