//! What was found in a file that was just read.

use kerbwatt_hub::{CheckLimit, EnergyTotals, Finding, Repair};
use serde::Serialize;
use utoipa::ToSchema;

use super::Span;
use super::layout::ProfileMatch;
use crate::schema;

/// What was found in a file.
#[derive(Serialize, ToSchema)]
pub(crate) struct Report {
    /// Rows below the header that are not blank.
    rows_read: u64,
    /// Rows accepted, flagged ones included.
    accepted: u64,
    /// Accepted rows about which a check warns.
    flagged: u64,
    /// Rows kept apart.
    quarantined: u64,
    /// Rows that repeat an earlier one, of this file or of another return.
    duplicates: u64,
    /// Energy by the fate of the rows that carried it.
    #[schema(value_type = schema::EnergySplit)]
    energy_kwh: EnergyTotals,
    /// How its columns are read.
    profile: ProfileMatch,
    /// Periods.
    period: ReportPeriod,
    /// What the checks found, gravest and most frequent first.
    #[schema(value_type = Vec<schema::Finding>)]
    findings: Vec<Finding>,
    /// Every limit that it was checked with.
    #[schema(value_type = Vec<schema::Threshold>)]
    limits: Vec<CheckLimit>,
    /// Repairs that were found or applied.
    #[schema(value_type = Vec<schema::DecidedRepair>)]
    repairs: Vec<FoundRepair>,
    /// Rows that another return holds already; part of `duplicates`.
    repeated: u64,
    /// Rows of other returns that this one replaces once it is accepted.
    replaces: u64,
    /// Whether it is certain how the file is to be read.
    certain: bool,
}

/// Periods of a file.
#[derive(Serialize, ToSchema)]
struct ReportPeriod {
    /// As declared.
    declared: Option<Span>,
    /// First to last day on which an accepted session starts.
    found: Option<Span>,
}

/// A repair, and whether it is applied.
#[derive(Serialize)]
struct FoundRepair {
    #[serde(flatten)]
    repair: Repair,
    state: &'static str,
}

impl From<kerbwatt_hub::Report> for Report {
    fn from(report: kerbwatt_hub::Report) -> Self {
        let with = |state| move |repair| FoundRepair { repair, state };
        let profile = ProfileMatch::of_report(&report);
        Self {
            rows_read: report.totals.rows_read,
            accepted: report.totals.accepted,
            flagged: report.totals.flagged,
            quarantined: report.totals.quarantined,
            duplicates: report.totals.duplicates,
            energy_kwh: report.totals.energy_kwh,
            profile,
            period: ReportPeriod { declared: report.declared.map(Span::from), found: report.found.map(Span::from) },
            findings: report.findings,
            limits: report.thresholds.all(),
            repairs: report
                .applied
                .into_iter()
                .map(with("applied"))
                .chain(report.repairs.into_iter().map(with("open")))
                .collect(),
            repeated: report.repeated,
            replaces: report.replaces,
            certain: true,
        }
    }
}

impl Report {
    /// The report of a file that was not read, because nobody has said yet how.
    pub(super) fn unread(report: kerbwatt_hub::Report, profile: ProfileMatch) -> Self {
        Self { profile, certain: false, ..report.into() }
    }
}
