//! A return as it would be read in another way.

use kerbwatt_hub::{HubError, PreviewOutcome, PreviewSession};
use kerbwatt_model::{Flag, Zone};
use serde::Serialize;
use utoipa::ToSchema;

use super::report::Report;
use crate::problem::{Problem, Trouble};

/// A return as it would be read in another way.
#[derive(Serialize, ToSchema)]
pub(crate) struct Preview {
    /// What would be found; null where it cannot be read in this way.
    report: Option<Report>,
    /// The first rows in file order, at most twenty.
    rows: Vec<PreviewRow>,
    /// Why it cannot be read in this way.
    problem: Option<Trouble>,
}

/// A row as it would be kept.
#[derive(Serialize, ToSchema, Default)]
pub(crate) struct PreviewRow {
    /// Row in the file; the first row below the header is 1.
    row: u64,
    /// Id of the charge point.
    evse: Option<String>,
    /// Connector.
    connector: Option<String>,
    /// Start on the clock of the layout's zone: `2018-06-06 08:00:00`.
    plug_in_local: Option<String>,
    /// End on the same clock.
    plug_out_local: Option<String>,
    /// Energy, kWh.
    energy_kwh: Option<f64>,
    /// Fee, pence.
    fee_pence: Option<f64>,
    /// What the checks say of it.
    flags: Vec<&'static str>,
    /// `accepted`, `quarantined` or `duplicate`.
    outcome: &'static str,
    /// Id of the check that keeps it apart.
    rule: Option<&'static str>,
    /// Header of the column at fault.
    column: Option<String>,
    /// What stands there.
    value: Option<String>,
    /// The row that it repeats.
    first_row: Option<u64>,
}

impl Preview {
    /// What reading came to.
    ///
    /// # Errors
    /// The failure itself where it is not the draft's.
    pub(crate) fn of(read: Result<kerbwatt_hub::Preview, HubError>) -> Result<Self, Problem> {
        match read.map_err(Problem::from) {
            Ok(preview) => {
                let zone = Zone::named(&preview.report.zone).unwrap_or_else(|_| Zone::london());
                let rows = preview.rows.into_iter().map(|row| PreviewRow::of(row, &zone)).collect();
                Ok(Self { report: Some(preview.report.into()), rows, problem: None })
            }
            Err(problem) if problem.is_of_the_sender() => {
                Ok(Self { report: None, rows: Vec::new(), problem: Some(problem.into_trouble()) })
            }
            Err(problem) => Err(problem),
        }
    }
}

impl PreviewRow {
    fn of(row: kerbwatt_hub::PreviewRow, zone: &Zone) -> Self {
        let told = |text: String| Some(text).filter(|text| !text.is_empty());
        match row.outcome {
            PreviewOutcome::Accepted(session) => Self::accepted(row.row, session, zone),
            PreviewOutcome::Quarantined { rule, column, value } => Self {
                row: row.row,
                outcome: "quarantined",
                rule: Some(rule),
                column: told(column),
                value: told(value),
                ..Self::default()
            },
            PreviewOutcome::Duplicate { first_row } => {
                Self { row: row.row, outcome: "duplicate", first_row: Some(first_row), ..Self::default() }
            }
        }
    }

    fn accepted(row: u64, session: PreviewSession, zone: &Zone) -> Self {
        let local = |instant| Some(zone.civil(instant).strftime("%Y-%m-%d %H:%M:%S").to_string());
        Self {
            row,
            evse: Some(session.evse),
            connector: session.connector,
            plug_in_local: local(session.stay.plug_in),
            plug_out_local: local(session.stay.plug_out),
            energy_kwh: Some(session.stay.energy_kwh),
            fee_pence: session.fee_pence,
            flags: session.flags.into_iter().map(Flag::id).collect(),
            outcome: "accepted",
            ..Self::default()
        }
    }
}
