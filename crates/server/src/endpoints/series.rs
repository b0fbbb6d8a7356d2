//! Figures over time.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use kerbwatt_hub::{Answer, BucketReported, Hub};
use kerbwatt_model::{Dimension, DimensionKind};
use serde::Serialize;
use utoipa::ToSchema;

use crate::params::{AS_OF, Accepts, BY_REQUIRED, FORMAT, FROM, Given, METRIC, Param, TO};
use crate::problem::{ErrorEnvelope, Problem};
use crate::{figures, question, schema};

/// Figures over time, and how much of each row was reported.
#[derive(Serialize, ToSchema)]
pub(crate) struct Series {
    #[serde(flatten)]
    #[schema(value_type = schema::Answer)]
    answer: Answer,
    /// Of each row, how much of it was reported, and whether it stands beside the others; null where rows are split by anything
    /// but one part of the calendar.
    #[schema(value_type = Option<Vec<Option<schema::BucketReported>>>)]
    buckets: Option<Vec<Option<BucketReported>>>,
}

/// Parameters of `series`.
pub(crate) struct Asked;
impl Accepts for Asked {
    const PARAMS: &'static [Param] = &[METRIC, BY_REQUIRED, FROM, TO, AS_OF, FORMAT];
    const FILTERS: bool = true;
}

/// Figures over time or by the clock: `by` holds a part of time
#[utoipa::path(
    get, path = "/series", tag = "Figures", params(Given<Asked>),
    responses(
        (status = 200, content((Series = "application/json"), (String = "text/csv"))),
        (status = "4XX", body = ErrorEnvelope),
    )
)]
pub(crate) async fn series(State(hub): State<Arc<Hub>>, given: Given<Asked>) -> Result<Response, Problem> {
    let query = question::split(&hub, &given).await?;
    let is_time = |dimension: &Dimension| dimension.kind() == DimensionKind::Time;
    if !query.by.iter().any(is_time) {
        let times: Vec<&str> = Dimension::ALL.into_iter().filter(is_time).map(Dimension::id).collect();
        let advice = format!("Add one of: {}; or use /api/v1/query.", times.join(", "));
        return Err(Problem::parameter("by", "no_time", "a series needs a part of time in “by”", advice));
    }
    let answer = figures::answer(&hub, &query).await?;
    if given.csv {
        return Ok(figures::reply(true, &answer, &()));
    }
    let buckets = figures::reported(&hub, &query, &answer).await?;
    let series = Series { answer, buckets };
    Ok(figures::reply(false, &series.answer, &series))
}
