//! `kerbwatt versions`.

use std::path::PathBuf;

use clap::Args;
use kerbwatt_hub::{Hub, ImportView, ReturnChange, VersionView};
use serde_json::{Value, json};

use super::{Done, some};
use crate::failure::Failure;
use crate::number::count;
use crate::output::Output;

/// Data versions, newest first, and what each changed
#[derive(Debug, Args)]
pub(crate) struct Versions {
    /// Data folder
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// How many to show; all unless given
    #[arg(long, value_name = "NUMBER")]
    limit: Option<usize>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

impl Versions {
    pub(crate) async fn run(self, output: &mut Output) -> Result<Done, Failure> {
        let hub = Hub::open_for_reading(&self.data).await?;
        let (versions, total) = hub.versions(0, self.limit.unwrap_or(usize::MAX)).await?;
        if self.json {
            let all: Vec<Value> = versions.iter().map(as_json).collect();
            output.line(&json!({ "versions": all, "total": total }).to_string());
            return Ok(Done::Well);
        }
        versions.iter().flat_map(words).for_each(|line| output.line(&line));
        if versions.is_empty() {
            output.line("There is no data version yet: accept a return first.");
        }
        Ok(Done::Well)
    }
}

/// A data version as JSON.
pub(crate) fn as_json(version: &VersionView) -> Value {
    let returns = version.returns.iter().map(|one| {
        json!({
            "submission": one.submission, "operator": one.operator, "operator_name": one.operator_name,
            "file": one.file, "part": one.part, "kind": one.kind.id(),
            "from": one.period.map(|period| period.first), "to": one.period.map(|period| period.last),
            "sessions_before": one.sessions_before, "sessions": one.sessions,
            "energy_before_kwh": one.energy_before_kwh, "energy_kwh": one.energy_kwh,
        })
    });
    let decisions = version.decisions.iter().map(|one| {
        json!({
            "decision": one.id, "submission": one.submission, "at": one.at, "kind": one.kind, "says": one.says,
            "undone": one.undone,
        })
    });
    let imports = version.imports.iter().map(|one| {
        json!({
            "kind": one.kind, "operator": one.operator, "file": one.file, "at": one.at, "says": one.says,
            "import": one.import, "undone": one.repairs.map(|repairs| repairs.undone),
            "can_undo": one.repairs.is_some_and(|repairs| repairs.can_undo),
        })
    });
    json!({
        "number": version.number,
        "made_at": version.made_at,
        "reason": version.reason,
        "first_day": version.days.map(|days| days.0),
        "last_day": version.days.map(|days| days.1),
        "held": version.not_held.is_none(),
        "not_held_because": version.not_held,
        "returns": returns.collect::<Vec<_>>(),
        "decisions": decisions.collect::<Vec<_>>(),
        "imports": imports.collect::<Vec<_>>(),
    })
}

/// A data version in words, some lines.
pub(crate) fn words(version: &VersionView) -> Vec<String> {
    let at = version.made_at.strftime("%Y-%m-%d %H:%M UTC");
    let mut lines = vec![format!("version {} of {at}: {}", version.number, version.reason)];
    lines.extend(version.not_held.iter().map(|why| format!("  can no longer be asked: {why}")));
    lines.extend(version.returns.iter().map(|one| format!("  {}", of_return(one))));
    for import in &version.imports {
        let whose = import.operator.as_ref().map(|operator| format!(" of {operator}")).unwrap_or_default();
        lines.push(format!("  {}{whose} imported: {}", import.kind, import.file));
        lines.extend(repairs(import));
    }
    for decision in &version.decisions {
        let at = decision.at.strftime("%Y-%m-%d %H:%M UTC");
        let undone = if decision.undone { " (taken back since)" } else { "" };
        lines.push(format!("  {at}  submission {}: {}{undone}", decision.submission, decision.says));
    }
    lines
}

/// What there is to say of a register's repairs, with what takes them back.
fn repairs(import: &ImportView) -> Option<String> {
    let more = match (import.repairs, import.import) {
        (Some(repairs), _) if repairs.undone => " (taken back since)".to_owned(),
        (Some(repairs), Some(number)) if repairs.can_undo => {
            format!(" (kerbwatt undo --register {number} takes it back)")
        }
        _ => String::new(),
    };
    (!import.says.is_empty()).then(|| format!("    {}{more}", import.says))
}

fn of_return(one: &ReturnChange) -> String {
    let period = one.period.map(|period| format!(", {period}")).unwrap_or_default();
    let sessions = |number: u64| some(usize::try_from(number).unwrap_or(usize::MAX), "session", "sessions");
    let counts = match one.kind {
        kerbwatt_hub::ReturnChangeKind::Entered => sessions(one.sessions),
        kerbwatt_hub::ReturnChangeKind::Left => sessions(one.sessions_before),
        kerbwatt_hub::ReturnChangeKind::Changed => {
            format!("{} sessions before, {} now", count(one.sessions_before), count(one.sessions))
        }
    };
    format!("{} submission {} of {}: {}{period}, {counts}", one.kind.id(), one.submission, one.operator, one.file)
}
