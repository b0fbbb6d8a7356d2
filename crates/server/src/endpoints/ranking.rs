//! Places, operators or kinds side by side, the largest first.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use kerbwatt_hub::{Answer, Column, ColumnKind, Comparison, Comparisons, Hub, Row, Value};
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
    /// Whether each row may be compared with a year before; null where that was not asked for, or is not held by the data.
    comparison: Option<RowVerdicts>,
}

/// Whether the rows may be compared with those of a year before.
#[derive(Serialize, ToSchema)]
pub(crate) struct RowVerdicts {
    /// Ids of the metrics that rest on returns: of these alone the verdicts speak, as what is in service is known from the register.
    metrics: Vec<&'static str>,
    /// Of each row.
    #[schema(value_type = Vec<Option<schema::Comparison>>)]
    rows: Vec<Option<Comparison>>,
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
    let comparison = if compares { compare(hub, query, &mut answer).await? } else { None };
    let ranking = Ranking { answer, total_rows, fairness, comparison };
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

/// Puts the figures of a year before beside the rows, and says which may be compared with them.
async fn compare(hub: &Hub, query: &Query, answer: &mut Answer) -> Result<Option<RowVerdicts>, Problem> {
    let now = figures::period_of(hub, query).await?;
    let last_year = now.as_ref().map(Period::last_year);
    let before = figures::in_period(hub, query, last_year).await?;
    let verdicts = match now.as_ref().zip(last_year.as_ref()).filter(|_| before.is_some()) {
        Some(periods) => Some(figures::comparisons(hub, query, periods).await?),
        None => None,
    };
    let metrics = figures::resting_on_returns(query);
    let rows = verdicts.map(|verdicts| verdicts_of(answer, &verdicts));
    add_before(answer, query, before.as_ref());
    if !metrics.is_empty() {
        add_reasons(answer, rows.as_deref().unwrap_or_default());
    }
    Ok(rows.map(|rows| RowVerdicts { metrics, rows }))
}

fn verdicts_of(answer: &Answer, verdicts: &Comparisons) -> Vec<Option<Comparison>> {
    let places: Vec<Option<usize>> = verdicts.by.iter().map(|by| answer.position(by.id())).collect();
    let of_row = |row: &Row| {
        let value = |at: &Option<usize>| at.and_then(|at| row.get(at)).and_then(Value::text);
        verdicts.of(&places.iter().map(value).collect::<Vec<_>>()).cloned()
    };
    answer.rows.iter().map(of_row).collect()
}

/// Says in each row, and so in its CSV, why it is not to be compared.
fn add_reasons(answer: &mut Answer, verdicts: &[Option<Comparison>]) {
    let reason = |verdict: &Comparison| verdict.words.clone().filter(|_| !verdict.comparable);
    for (at, row) in answer.rows.iter_mut().enumerate() {
        let reason = verdicts.get(at).and_then(Option::as_ref).and_then(reason);
        row.push(reason.map_or(Value::Null, Value::Text));
    }
    answer.columns.push(Column {
        name: "not_compared".to_owned(),
        kind: ColumnKind::Name,
        label: "Why not compared with a year before".to_owned(),
        unit: None,
    });
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
