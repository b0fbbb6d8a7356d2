//! What was found in a return, for people and as JSON.

use std::io::{self, Write};

use kerbwatt_hub::{Finding, Rejected, Report, Severity, Submitted, Totals};
use kerbwatt_model::Period;
use serde::Serialize;

/// A report as JSON. Fields are added, never renamed.
#[derive(Serialize)]
pub(crate) struct Json<'a> {
    file: &'a str,
    #[serde(flatten)]
    totals: Totals,
    profile: &'a kerbwatt_hub::ProfileMatch,
    zone: &'a str,
    period: Periods,
    findings: &'a [Finding],
    quarantined_rows: &'a [Rejected],
    #[serde(flatten)]
    submission: Option<Recorded>,
}

#[derive(Serialize)]
struct Periods {
    declared: Option<Ends>,
    found: Option<Ends>,
}

#[derive(Serialize)]
struct Ends {
    from: String,
    to: String,
}

#[derive(Serialize)]
struct Recorded {
    submission: i64,
    repeated: bool,
    state: &'static str,
    received_at: String,
}

impl From<Period> for Ends {
    fn from(period: Period) -> Self {
        Self { from: period.first.to_string(), to: period.last.to_string() }
    }
}

impl<'a> Json<'a> {
    pub(crate) fn of(file: &'a str, report: &'a Report, submitted: Option<&Submitted>) -> Self {
        Self {
            file,
            totals: report.totals,
            profile: &report.profile,
            zone: &report.zone,
            period: Periods { declared: report.declared.map(Ends::from), found: report.found.map(Ends::from) },
            findings: &report.findings,
            quarantined_rows: &report.quarantined,
            submission: submitted.map(|submitted| Recorded {
                submission: submitted.submission,
                repeated: submitted.repeated,
                state: if submitted.accepted { "accepted" } else { "checked" },
                received_at: submitted.received_at.to_string(),
            }),
        }
    }
}

/// Writes a report for people.
pub(crate) fn write(out: &mut dyn Write, file: &str, report: &Report) -> io::Result<()> {
    let (totals, energy) = (&report.totals, &report.totals.energy_kwh);
    writeln!(out, "{file}")?;
    let percent = (report.profile.confidence * 100.0).round();
    writeln!(out, "  layout        {} ({percent}% of its columns known), clock of {}", report.profile.name, report.zone)?;
    if let Some(found) = report.found {
        let declared = report.declared.map_or_else(|| "none declared".to_owned(), |period| format!("declared {period}"));
        writeln!(out, "  period        {found} found, {declared}")?;
    }
    for (what, rows, kwh) in [
        ("rows read", totals.rows_read, energy.read),
        ("accepted", totals.accepted, energy.accepted),
        ("quarantined", totals.quarantined, energy.quarantined),
        ("duplicates", totals.duplicates, energy.duplicates),
    ] {
        let flagged = if what == "accepted" && totals.flagged > 0 {
            format!("   of which {} with a warning", grouped(totals.flagged))
        } else {
            String::new()
        };
        writeln!(out, "  {what:<13} {:>9}  {:>15} kWh{flagged}", grouped(rows), decimals(kwh))?;
    }
    report.findings.iter().try_for_each(|finding| write_finding(out, finding))
}

/// Writes a finding with its first examples.
pub(crate) fn write_finding(out: &mut dyn Write, finding: &Finding) -> io::Result<()> {
    let severity = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    };
    let rows = if finding.count == 1 { "row" } else { "rows" };
    writeln!(out, "  {severity:<7} {} {rows}: {} ({})", grouped(finding.count), finding.title, finding.rule)?;
    if finding.severity == Severity::Info {
        return Ok(());
    }
    writeln!(out, "          {}", finding.advice)?;
    for example in finding.examples.iter().take(3) {
        let column = if example.column.is_empty() { String::new() } else { format!(", {}", example.column) };
        let value = if example.value.is_empty() { "(empty)" } else { &example.value };
        writeln!(out, "          row {}{column}: {value}", example.row)?;
    }
    Ok(())
}

/// 19,227
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// 184,653.389
fn decimals(number: f64) -> String {
    let text = format!("{:.3}", number.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, "000"));
    let sign = if number < 0.0 { "-" } else { "" };
    format!("{sign}{}.{fraction}", grouped(whole.parse().unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_threes() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(19_227), "19,227");
        assert_eq!(grouped(1_000_000), "1,000,000");
        assert_eq!(decimals(184_653.389), "184,653.389");
        assert_eq!(decimals(-7.25), "-7.250");
    }
}
