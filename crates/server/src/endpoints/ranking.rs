//! Places, operators or kinds side by side, the largest first.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use kerbwatt_hub::{Answer, Column, ColumnKind, Hub, Row, Value};
use kerbwatt_model::{Dimension, DimensionKind, Period, Query};
use serde::Serialize;
use utoipa::ToSchema;

use crate::endpoints::fairness::{self, Fairness};
use crate::params::{
    AS_OF, Accepts, BY_REQUIRED, COMPARE_LAST_YEAR, FORMAT, FROM, Given, LIMIT, METRIC, ORDER, Param, TO,
};
use crate::problem::{ErrorEnvelope, Problem};
use crate::{figures, question, schema};

/// Rows where no limit is given.
const LIMIT_BY_DEFAULT: u32 = 100;

/// An answer in the order of its first metric, cut to the limit.
#[derive(Serialize, ToSchema)]
pub(crate) struct Ranking {
    #[serde(flatten)]
    #[schema(value_type = schema::Answer)]
    answer: Answer,
    /// Rows before the cut.
    total_rows: usize,
    /// Whether the order is a fair one; null where coverage has no meaning by these dimensions.
    fairness: Option<Fairness>,
}

/// Parameters of `ranking`.
pub(crate) struct Asked;
impl Accepts for Asked {
    const PARAMS: &'static [Param] = &[METRIC, BY_REQUIRED, FROM, TO, COMPARE_LAST_YEAR, ORDER, LIMIT, AS_OF, FORMAT];
    const FILTERS: bool = true;
}

/// Places, operators or kinds side by side, in the order of the first metric; 100 rows where no limit is given
#[utoipa::path(
    get, path = "/ranking", tag = "Figures", params(Given<Asked>),
    responses(
        (status = 200, content((Ranking = "application/json"), (String = "text/csv"))),
        (status = "4XX", body = ErrorEnvelope),
    )
)]
pub(crate) async fn ranking(State(hub): State<Arc<Hub>>, given: Given<Asked>) -> Result<Response, Problem> {
    let query = question::split(&hub, &given).await?;
    reply(&hub, &given, &query).await
}

/// The ranking that the parameters ask of a question.
pub(crate) async fn reply<T: Accepts>(hub: &Hub, given: &Given<T>, query: &Query) -> Result<Response, Problem> {
    let compares = given.one(COMPARE_LAST_YEAR.name).is_some();
    if compares {
        must_return_each_year(query)?;
    }
    let mut answer = figures::answer(hub, &fairness::with_coverage(query)).await?;
    rank(&mut answer, query, given.one(ORDER.name).unwrap_or("desc"));
    let total_rows = answer.rows.len();
    let fairness = fairness::of(&mut answer, query);
    let limit = given.number(&LIMIT).unwrap_or(LIMIT_BY_DEFAULT) as usize;
    answer.truncate(limit);
    let fairness = fairness.map(|fairness| fairness.truncated(limit));
    if compares {
        let last_year = figures::period_of(hub, query).await?.as_ref().map(Period::last_year);
        let before = figures::in_period(hub, query, last_year).await?;
        add_before(&mut answer, query, before.as_ref());
    }
    let ranking = Ranking { answer, total_rows, fairness };
    Ok(figures::reply(given.csv, &ranking.answer, &ranking))
}

/// Orders rows by the first metric.
pub(crate) fn rank(answer: &mut Answer, query: &Query, order: &str) {
    if let Some(metric) = query.metrics.first() {
        answer.rank_by(metric.id, order == "desc");
    }
}

/// A row of January 2024 has no row of a year before; a row of Mondays has.
fn must_return_each_year(query: &Query) -> Result<(), Problem> {
    use Dimension::{HourOfDay, HourOfWeek, Weekday};
    let passes = |by: &&Dimension| by.kind() == DimensionKind::Time && !matches!(by, HourOfDay | HourOfWeek | Weekday);
    let Some(time) = query.by.iter().find(passes) else { return Ok(()) };
    let message = format!("the rows by {} cannot be compared with those of a year before", time.id());
    let advice = "Leave compare out, or leave that dimension out of “by”.";
    Err(Problem::parameter(COMPARE_LAST_YEAR.name, "not_comparable", message, advice))
}

/// Puts each metric of an earlier answer beside the rows of the same dimensions.
fn add_before(answer: &mut Answer, query: &Query, before: Option<&Answer>) {
    let keys: Vec<usize> = positions(answer, ColumnKind::Dimension);
    let figures: Vec<usize> = positions(answer, ColumnKind::Metric);
    let key = |row: &Row| keys.iter().filter_map(|at| row.get(*at).map(key_of)).collect::<Vec<_>>();
    let rows: HashMap<Vec<Key>, &Row> =
        before.into_iter().flat_map(|before| &before.rows).map(|row| (key(row), row)).collect();
    for row in &mut answer.rows {
        let earlier = rows.get(&key(row));
        let figure = |at: &usize| earlier.and_then(|row| row.get(*at)).cloned().unwrap_or(Value::Null);
        row.extend(figures.iter().map(figure).collect::<Vec<_>>());
    }
    answer.columns.extend(query.metrics.iter().map(|metric| Column {
        name: format!("{}_before", metric.id),
        kind: ColumnKind::Metric,
        label: format!("{}, a year before", metric.name),
        unit: Some(metric.unit),
    }));
}

fn positions(answer: &Answer, kind: ColumnKind) -> Vec<usize> {
    let columns = answer.columns.iter().enumerate();
    columns.filter(|(_, column)| column.kind == kind).map(|(at, _)| at).collect()
}

/// The value of a dimension; none for what lies outside.
type Key = Option<String>;

fn key_of(value: &Value) -> Key {
    match value {
        Value::Text(text) => Some(text.clone()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Null | Value::Number(_) => None,
    }
}
