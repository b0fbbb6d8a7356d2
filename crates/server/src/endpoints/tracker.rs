//! What each operator has handed in for each month.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use kerbwatt_hub::{Hub, TrackedMonth, TrackedOperator};
use kerbwatt_model::Period;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::today;
use crate::params::{Accepts, FROM, Given, Param, TO};
use crate::problem::{ErrorEnvelope, Problem};
use crate::returns::{month, period};

/// What each operator has handed in for each month.
#[derive(Serialize, ToSchema)]
pub(crate) struct Tracker {
    /// Months, oldest first: `2018-06`.
    months: Vec<String>,
    /// Operators that ever handed something in, and those of which the register has charge points in service, by name.
    operators: Vec<TrackerOperator>,
}

/// One operator's months.
#[derive(Serialize, ToSchema)]
pub(crate) struct TrackerOperator {
    /// Operator id.
    id: String,
    /// Operator's name.
    name: String,
    /// Every month of the tracker, oldest first.
    months: Vec<TrackerMonth>,
}

/// What there is for one month.
#[derive(Serialize, ToSchema)]
pub(crate) struct TrackerMonth {
    /// `2018-06`.
    month: String,
    /// What there is; of several that hold, the one that most needs somebody.
    #[schema(value_type = TrackerState)]
    state: &'static str,
    /// Returns that cover it, newest first.
    submissions: Vec<i64>,
    /// Of these, returns that later ones have replaced whole.
    superseded: Vec<i64>,
    /// Sessions of the month in the figures.
    rows: u64,
}

/// What there is for a month. Without a return it is missing once its quarter is 31 days over, not due until then, and none before
/// the operator's first return; of one that never sent any, as long as none of its registered charge points is in service.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "shape to document: the hub has these states and their ids")]
enum TrackerState {
    NeedsDecision,
    Received,
    Checked,
    Accepted,
    NothingToReport,
    Superseded,
    Missing,
    NotDue,
    None,
}

impl From<TrackedOperator> for TrackerOperator {
    fn from(operator: TrackedOperator) -> Self {
        let of = |one: TrackedMonth| TrackerMonth {
            month: month(one.month),
            state: one.state.id(),
            submissions: one.submissions,
            superseded: one.superseded,
            rows: one.sessions,
        };
        Self { id: operator.id, name: operator.name, months: operator.months.into_iter().map(of).collect() }
    }
}

/// Parameters of `tracker`.
pub(crate) struct Asked;
impl Accepts for Asked {
    const PARAMS: &'static [Param] = &[FROM, TO];
}

/// What each operator has handed in for each month, and what is missing
#[utoipa::path(
    get, path = "/tracker", tag = "Returns", params(Given<Asked>),
    responses((status = 200, body = Tracker), (status = "4XX", body = ErrorEnvelope))
)]
pub(crate) async fn tracker(State(hub): State<Arc<Hub>>, given: Given<Asked>) -> Result<Json<Tracker>, Problem> {
    let tracker = hub.tracker(asked(&given)?, today(&hub)).await?;
    Ok(Json(Tracker {
        months: tracker.months.into_iter().map(month).collect(),
        operators: tracker.operators.into_iter().map(TrackerOperator::from).collect(),
    }))
}

fn asked(given: &Given<Asked>) -> Result<Option<Period>, Problem> {
    let (from, to) = match (given.one(FROM.name), given.one(TO.name)) {
        (None, None) => return Ok(None),
        (Some(from), Some(to)) => (from, to),
        (from, _) => {
            let missing = if from.is_some() { TO.name } else { FROM.name };
            let message = format!("the parameter “{missing}” is missing");
            return Err(Problem::parameter(missing, "missing_parameter", message, "Give both ends, or neither."));
        }
    };
    Period::between(from, to)?;
    period(FROM.name, &format!("{from}..{to}")).map(Some)
}
