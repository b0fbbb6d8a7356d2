//! How well each operator shares its data.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use kerbwatt_hub::{Hub, SharedMonth, SharedReturn};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::today;
use crate::params::{Given, Nothing};
use crate::problem::{ErrorEnvelope, Problem};
use crate::returns::{Span, month};

/// How well each operator shares its data.
#[derive(Serialize, ToSchema)]
pub(crate) struct Sharing {
    /// By name.
    operators: Vec<SharingOperator>,
}

/// How an operator shares its data.
#[derive(Serialize, ToSchema)]
pub(crate) struct SharingOperator {
    /// Operator id.
    id: String,
    /// Operator's name.
    name: String,
    /// Months from its first return on, oldest first; of one that never sent any, from that in which its charge points are in service.
    months: Vec<SharingMonth>,
    /// Returns that hold rows and were not withdrawn, in the order in which they came.
    returns: Vec<SharingReturn>,
    /// All months together.
    overall: SharingOverall,
}

/// How an operator shared the data of one month.
#[derive(Serialize, ToSchema)]
pub(crate) struct SharingMonth {
    /// `2018-06`.
    month: String,
    /// Days from the end of the first return that covers the month to its receipt; negative when it came before. Of a month that is
    /// missing, days from the end of its quarter to today; null where nothing came and nothing is due.
    days_late: Option<i64>,
    /// Whether nothing came although it should have.
    missing: bool,
    /// Sessions of the month in the figures.
    sessions: u64,
    /// Registered charge points in service in the month.
    expected_evses: u64,
    /// Of these, those with sessions in the month; null where no accepted return, other than a statement that there was nothing, covers it.
    reporting_evses: Option<u64>,
    /// Charge points with sessions in the month that the register does not know.
    unregistered_evses: u64,
    /// Layout of the newest return that covers the month.
    profile: Option<String>,
    /// Whether the layout, or its columns, differ from those of the month before that had any.
    layout_changed: bool,
}

/// How well a return was made.
#[derive(Serialize, ToSchema)]
pub(crate) struct SharingReturn {
    /// Number of the submission.
    submission: i64,
    /// Name of the file.
    file: String,
    /// The table within the file; empty where the file is one table.
    part: String,
    /// Day on which it came, in UTC.
    #[schema(format = Date)]
    received: String,
    /// Days that it covers.
    covers: Option<Span>,
    /// Rows read.
    rows: u64,
    /// Share of accepted rows with a warning, 0 to 1; null without rows.
    warning_share: Option<f64>,
    /// Share of rows read that are quarantined, 0 to 1; null without rows.
    error_share: Option<f64>,
    /// Share of rows read that repeat others, 0 to 1; null without rows.
    duplicate_share: Option<f64>,
}

/// How an operator shared its data in all months.
#[derive(Serialize, ToSchema)]
pub(crate) struct SharingOverall {
    /// Median of the days late, those of missing months until today among them.
    timeliness_days_median: Option<f64>,
    /// Registered charge points with sessions, as a share of all in service, 0 to 1, in the newest month that an accepted return with
    /// sessions to come covers; null without a register.
    completeness: Option<f64>,
    /// Charge points in returns that the register does not know.
    unregistered_evses: u64,
    /// Layouts used so far.
    layouts: u64,
    /// Share of accepted rows with a warning, 0 to 1; null without rows.
    warning_share: Option<f64>,
    /// Share of rows read that are quarantined, 0 to 1; null without rows.
    error_share: Option<f64>,
    /// Months that are missing.
    missing_months: u64,
}

impl From<SharedMonth> for SharingMonth {
    fn from(one: SharedMonth) -> Self {
        Self {
            month: month(one.month),
            days_late: one.days_late,
            missing: one.is_missing,
            sessions: one.sessions,
            expected_evses: one.expected_evses,
            reporting_evses: one.reporting_evses,
            unregistered_evses: one.unregistered_evses,
            profile: one.profile.filter(|name| !name.is_empty()),
            layout_changed: one.layout_changed,
        }
    }
}

impl From<SharedReturn> for SharingReturn {
    fn from(one: SharedReturn) -> Self {
        Self {
            submission: one.submission,
            file: one.file,
            part: one.part,
            received: one.received.to_string(),
            covers: one.covers.map(Span::from),
            rows: one.rows,
            warning_share: one.warning_share,
            error_share: one.error_share,
            duplicate_share: one.duplicate_share,
        }
    }
}

impl From<kerbwatt_hub::SharingOperator> for SharingOperator {
    fn from(one: kerbwatt_hub::SharingOperator) -> Self {
        Self {
            id: one.id,
            name: one.name,
            months: one.months.into_iter().map(SharingMonth::from).collect(),
            returns: one.returns.into_iter().map(SharingReturn::from).collect(),
            overall: SharingOverall {
                timeliness_days_median: one.days_late_median,
                completeness: one.completeness,
                unregistered_evses: one.unregistered_evses,
                layouts: one.layouts,
                warning_share: one.warning_share,
                error_share: one.error_share,
                missing_months: one.missing_months,
            },
        }
    }
}

/// How well each operator shares its data: in time, complete, in a steady layout, with few warnings and errors
#[utoipa::path(
    get, path = "/sharing", tag = "Returns",
    responses((status = 200, body = Sharing), (status = "4XX", body = ErrorEnvelope))
)]
pub(crate) async fn sharing(State(hub): State<Arc<Hub>>, _: Given<Nothing>) -> Result<Json<Sharing>, Problem> {
    let operators = hub.sharing(today(&hub)).await?.into_iter().map(SharingOperator::from).collect();
    Ok(Json(Sharing { operators }))
}
