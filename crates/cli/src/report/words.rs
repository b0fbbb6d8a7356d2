//! What was found in a file, in words.

use kerbwatt_hub::{CheckLimit, Example, Finding, Headline, ProfileMatch, Proposal, Repair, Report, Severity, Totals};
use kerbwatt_model::Period;

use crate::number::{count, decimal, kwh, percent};

/// Examples shown of a finding.
const EXAMPLES: usize = 3;

/// The report of one file, some lines.
pub(crate) fn of(file: &str, report: &Report) -> String {
    let mut lines = vec![
        file.to_owned(),
        format!("  layout       {}", layout(&report.profile)),
        format!("  zone         {}", report.zone),
        format!("  period       {}", period(report.declared, report.found)),
    ];
    lines.extend(totals(&report.totals));
    for severity in [Severity::Error, Severity::Warning, Severity::Info] {
        let found: Vec<&Finding> = report.findings.iter().filter(|finding| finding.severity == severity).collect();
        if !found.is_empty() {
            lines.push(format!("  {}", heading(severity)));
            lines.extend(found.into_iter().flat_map(finding));
        }
    }
    lines.extend(report.applied.iter().flat_map(|one| repair(one, true)));
    lines.extend(report.repairs.iter().flat_map(|one| repair(one, false)));
    lines.join("\n")
}

/// What the columns of an unknown layout seem to hold, some lines.
pub(crate) fn proposed(file: &str, proposal: &Proposal) -> String {
    let mut lines = vec![file.to_owned(), "  layout       unknown; its columns seem to be".to_owned()];
    match proposal.profile.header_rows() {
        0 => lines.push("  header       none: the first row is data".to_owned()),
        1 => {}
        rows => lines.push(format!("  header       {rows} rows")),
    }
    let width = proposal.columns.iter().map(|one| one.column.chars().count()).max().unwrap_or(0).min(40);
    lines.extend(proposal.columns.iter().map(|one| {
        let field = one.field.as_deref().unwrap_or("not used");
        let sure = if one.field.is_some() { format!(" ({})", percent(one.confidence)) } else { String::new() };
        format!("    {:width$}  {field}{sure}: {}", one.column, one.why)
    }));
    lines.extend(proposal.missing.iter().map(|field| format!("  missing      {field}")));
    lines.extend(proposal.doubts.iter().map(|doubt| format!("  not certain  {doubt}")));
    lines.join("\n")
}

/// A repair, some lines.
pub(crate) fn repair(repair: &Repair, is_applied: bool) -> Vec<String> {
    let state = match (is_applied, repair.provable) {
        (true, _) => "repair applied",
        (false, true) => "repair proposed, and proved by the file",
        (false, false) => "suspected, not proved: nothing is changed",
    };
    let (before, after) = (&repair.headline.before, &repair.headline.after);
    let days = |of: &Headline| match (of.first_day, of.last_day) {
        (Some(first), Some(last)) => format!("{first} to {last}"),
        _ => "no day".to_owned(),
    };
    let mut lines = vec![
        format!("  {state}"),
        format!("  {:>8}  {} [{}]", count(repair.rows), repair.title, repair.kind.id()),
        format!("            {}", repair.says),
    ];
    if before.first_day.is_some() || after.first_day.is_some() {
        lines.push(format!("            days {} become {}", days(before), days(after)));
    }
    if repair.provable && (before.sessions, before.energy_kwh) != (after.sessions, after.energy_kwh) {
        let sums = |of: &Headline| format!("{} rows that pass with {:.1} kWh", count(of.sessions), of.energy_kwh);
        lines.push(format!("            {} become {}", sums(before), sums(after)));
    }
    let examples = repair.examples.iter().take(EXAMPLES);
    lines.extend(
        examples.map(|e| format!("            row {}, {}: “{}” becomes “{}”", e.row, e.column, e.before, e.after)),
    );
    lines
}

fn layout(profile: &ProfileMatch) -> String {
    let used = profile.columns.iter().filter(|column| column.field.is_some()).count();
    let known = if profile.confidence < 1.0 { percent(profile.confidence) } else { "all".to_owned() };
    format!("{} (knows {known} of the columns; {used} of {} are used)", profile.name, profile.columns.len())
}

pub(crate) fn period(declared: Option<Period>, found: Option<Period>) -> String {
    match (declared, found) {
        (Some(declared), Some(found)) => format!("declared {declared}, found {found}"),
        (Some(declared), None) => format!("declared {declared}, no row accepted"),
        (None, Some(found)) => format!("found {found}"),
        (None, None) => "no row accepted".to_owned(),
    }
}

fn totals(totals: &Totals) -> Vec<String> {
    let energy = &totals.energy_kwh;
    let flagged =
        if totals.flagged > 0 { format!("   of these {} flagged", count(totals.flagged)) } else { String::new() };
    [
        ("rows read", totals.rows_read, energy.read, String::new()),
        ("accepted", totals.accepted, energy.accepted, flagged),
        ("quarantined", totals.quarantined, energy.quarantined, String::new()),
        ("duplicates", totals.duplicates, energy.duplicates, String::new()),
    ]
    .into_iter()
    .map(|(what, rows, energy_kwh, more)| format!("  {what:<11} {:>10} {:>18}{more}", count(rows), kwh(energy_kwh)))
    .collect()
}

fn heading(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "errors: these rows are kept apart, with the reason, and count in no figure",
        Severity::Warning => "warnings: these rows count, and carry a flag",
        Severity::Info => "good to know",
    }
}

fn finding(finding: &Finding) -> Vec<String> {
    let limits: Vec<String> = finding.limits.iter().map(limit).collect();
    let limits = if limits.is_empty() { String::new() } else { format!(" ({})", limits.join(", ")) };
    let mut lines = vec![
        format!("  {:>8}  {} [{}]{limits}", count(finding.count), finding.title, finding.rule),
        format!("            {}", finding.advice),
    ];
    let examples: Vec<String> = finding.examples.iter().take(EXAMPLES).map(example).collect();
    if !examples.is_empty() {
        lines.push(format!("            e.g. {}", examples.join("; ")));
    }
    lines
}

fn limit(limit: &CheckLimit) -> String {
    let unit = if limit.unit == "1" { "" } else { limit.unit };
    format!("{} {} {unit}", limit.name, decimal(limit.value, 3)).trim_end().to_owned()
}

fn example(example: &Example) -> String {
    let value = if example.value.is_empty() { "empty".to_owned() } else { format!("“{}”", example.value) };
    match (example.row, example.column.is_empty()) {
        (0, true) => value,
        (0, false) => format!("{}: {value}", example.column),
        (row, true) => format!("row {row}: {value}"),
        (row, false) => format!("row {row}, {}: {value}", example.column),
    }
}
