//! How well each operator shares its data.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use kerbwatt_hub::{Hub, SharedMonth};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::today;
use crate::params::{Given, Nothing};
use crate::problem::{ErrorEnvelope, Problem};
use crate::returns::month;

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
    /// Months from its first return on, oldest first.
    months: Vec<SharingMonth>,
    /// All months together.
    overall: SharingOverall,
}

/// How an operator shared the data of one month.
#[derive(Serialize, ToSchema)]
pub(crate) struct SharingMonth {
    /// `2018-06`.
    month: String,
    /// Days from the end of the first return that covers the month to its receipt; negative when it came before.
    days_late: Option<i64>,
    /// Accepted rows of the returns that cover the month.
    accepted: u64,
    /// Registered charge points in service in the month.
    expected_evses: u64,
    /// Of these, those that any return has mentioned by then.
    reporting_evses: u64,
    /// Charge points in returns of the month that the register does not know.
    unregistered_evses: u64,
    /// Share of accepted rows with a warning, 0 to 1; null without rows.
    warning_share: Option<f64>,
    /// Share of rows read that are quarantined, 0 to 1; null without rows.
    error_share: Option<f64>,
    /// Share of rows read that repeat others, 0 to 1; null without rows.
    duplicate_share: Option<f64>,
    /// Layout of the newest return that covers the month.
    profile: Option<String>,
    /// Whether the layout, or its columns, differ from those of the month before.
    layout_changed: bool,
}

/// How an operator shared its data in all months.
#[derive(Serialize, ToSchema)]
pub(crate) struct SharingOverall {
    /// Median of the days late.
    timeliness_days_median: Option<f64>,
    /// Registered charge points that returns have mentioned, as a share of all in service now, 0 to 1; null without a register.
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
            accepted: one.accepted,
            expected_evses: one.expected_evses,
            reporting_evses: one.reporting_evses,
            unregistered_evses: one.unregistered_evses,
            warning_share: one.warning_share,
            error_share: one.error_share,
            duplicate_share: one.duplicate_share,
            profile: one.profile.filter(|name| !name.is_empty()),
            layout_changed: one.layout_changed,
        }
    }
}

impl From<kerbwatt_hub::SharingOperator> for SharingOperator {
    fn from(one: kerbwatt_hub::SharingOperator) -> Self {
        Self {
            id: one.id,
            name: one.name,
            months: one.months.into_iter().map(SharingMonth::from).collect(),
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
