//! Figures of one place and period, with what they are compared to.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use kerbwatt_hub::{Answer, BucketReported, Comparison, Hub};
use kerbwatt_model::{Dimension, Period, Query};
use serde::Serialize;
use utoipa::ToSchema;

use crate::params::{AS_OF, Accepts, COMPARE, FORMAT, FROM, Given, METRIC, Param, TO};
use crate::problem::{ErrorEnvelope, Problem};
use crate::{figures, question, schema};

/// Up to this many days a line of days is readable; beyond it is one of months.
const DAYS_OF_SPARK: i64 = 100;

/// Figures, the same in two earlier periods, and their course within the period.
#[derive(Serialize, ToSchema)]
pub(crate) struct Summary {
    /// The figures: one row.
    #[schema(value_type = schema::Answer)]
    answer: Answer,
    /// The period of the same length just before; null where not asked for or not wholly within the data.
    #[schema(value_type = Option<schema::Answer>)]
    previous: Option<Answer>,
    /// The same days a year before; null where not asked for or not wholly within the data.
    #[schema(value_type = Option<schema::Answer>)]
    last_year: Option<Answer>,
    /// Whether the figures may be compared with those of the two.
    comparison: Verdicts,
    /// By day, or by month where the period is longer than 100 days.
    #[schema(value_type = schema::Answer)]
    spark: Answer,
    /// Of each row of the course, how much of it was reported, and whether it stands beside the others.
    #[schema(value_type = Option<Vec<Option<schema::BucketReported>>>)]
    spark_buckets: Option<Vec<Option<BucketReported>>>,
}

/// Whether figures may be compared with those of two earlier periods.
#[derive(Serialize, ToSchema)]
pub(crate) struct Verdicts {
    /// Ids of the metrics that rest on returns: of these alone the verdicts speak, as what is in service is known from the register.
    metrics: Vec<&'static str>,
    /// With the period just before; null where there is no figure of it.
    #[schema(value_type = Option<schema::Comparison>)]
    previous: Option<Comparison>,
    /// With the same days a year before; null where there is no figure of them.
    #[schema(value_type = Option<schema::Comparison>)]
    last_year: Option<Comparison>,
}

/// Parameters of `metrics`.
pub(crate) struct Asked;
impl Accepts for Asked {
    const PARAMS: &'static [Param] = &[METRIC, FROM, TO, COMPARE, AS_OF, FORMAT];
    const FILTERS: bool = true;
}

/// Figures of one place and period, with comparisons and course
#[utoipa::path(
    get, path = "/metrics", tag = "Figures", params(Given<Asked>),
    responses(
        (status = 200, content((Summary = "application/json"), (String = "text/csv"))),
        (status = "4XX", body = ErrorEnvelope),
    )
)]
pub(crate) async fn metrics(State(hub): State<Arc<Hub>>, given: Given<Asked>) -> Result<Response, Problem> {
    let query = question::of(&hub, &given, &[]).await?;
    if given.csv {
        let answer = figures::answer(&hub, &query).await?;
        return Ok(figures::reply(true, &answer, &()));
    }
    let summary = summary(hub, query, given.one(COMPARE.name) == Some("1")).await?;
    Ok(figures::reply(false, &summary.answer, &summary))
}

async fn summary(hub: Arc<Hub>, query: Query, compare: bool) -> Result<Summary, Problem> {
    let period = figures::period_of(&hub, &query).await?;
    let compared = period.filter(|_| compare);
    let step = match period {
        Some(period) if period.days() > DAYS_OF_SPARK => Dimension::Month,
        _ => Dimension::Day,
    };
    let by_step = Query { by: vec![step], ..query.clone() };
    let (earlier, year) = (compared.as_ref().map(Period::previous), compared.as_ref().map(Period::last_year));
    let metrics = figures::resting_on_returns(&query);
    // Each on a processor of its own, where there are as many.
    let verdict = |before| spawned(with_verdict(Arc::clone(&hub), query.clone(), compared, before));
    let (answer, (previous, of_previous), (last_year, of_year), (spark, spark_buckets)) = tokio::try_join!(
        spawned(answer(Arc::clone(&hub), query.clone())),
        verdict(earlier),
        verdict(year),
        spawned(with_reported(Arc::clone(&hub), by_step)),
    )?;
    let comparison = Verdicts { metrics, previous: of_previous, last_year: of_year };
    Ok(Summary { answer, previous, last_year, comparison, spark, spark_buckets })
}

async fn answer(hub: Arc<Hub>, query: Query) -> Result<Answer, Problem> {
    figures::answer(&hub, &query).await
}

async fn with_reported(hub: Arc<Hub>, query: Query) -> Result<(Answer, Option<Vec<Option<BucketReported>>>), Problem> {
    let answer = figures::answer(&hub, &query).await?;
    let buckets = figures::reported(&hub, &query, &answer).await?;
    Ok((answer, buckets))
}

/// Part of a reply, worked out beside the others.
async fn spawned<T: Send + 'static>(
    part: impl Future<Output = Result<T, Problem>> + Send + 'static,
) -> Result<T, Problem> {
    tokio::spawn(part).await.unwrap_or_else(|failure| {
        tracing::error!("{failure}");
        Err(Problem::internal())
    })
}

type WithVerdict = (Option<Answer>, Option<Comparison>);

/// The figures of an earlier period, and whether those of the period may be compared with them.
async fn with_verdict(
    hub: Arc<Hub>,
    query: Query,
    now: Option<Period>,
    before: Option<Period>,
) -> Result<WithVerdict, Problem> {
    let earlier = figures::in_period(&hub, &query, before).await?;
    let Some((now, before)) = now.zip(before).filter(|_| earlier.is_some()) else { return Ok((earlier, None)) };
    let verdicts = figures::comparisons(&hub, &query, (&now, &before)).await?;
    Ok((earlier, verdicts.of(&[]).cloned()))
}
