//! Patterns, trends and findings of a place.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use kerbwatt_hub::{Hub, Measure, Pattern};
use kerbwatt_model::{Dimension, Query, Viewer};

use crate::csv::Csv;
use crate::params::{AS_OF, Accepts, FORMAT, FROM, Given, LIMIT, MEASURE, MEMBERS, MIN_DAYS, Param, TABLE, TO};
use crate::problem::{ErrorEnvelope, Problem};
use crate::{figures, question, schema};

/// What is asked where nothing else is said.
const MEASURE_BY_DEFAULT: &str = "utilisation_time";
/// Rows of JSON where no limit is given.
const LIMIT_BY_DEFAULT: u32 = 1000;
/// Four weeks: each day of the week four times.
const MIN_DAYS_BY_DEFAULT: u32 = 28;
/// Every figure of a pattern is asked for the same viewer.
const VIEWER: Viewer = Viewer::LocalOwner;

/// Parameters of patterns of one metric.
pub(crate) struct OfMetric;
impl Accepts for OfMetric {
    const PARAMS: &'static [Param] = &[MEASURE, FROM, TO, TABLE, AS_OF, FORMAT];
    const FILTERS: bool = true;
}

/// Parameters of patterns over charge points or sites.
pub(crate) struct OverMembers;
impl Accepts for OverMembers {
    const PARAMS: &'static [Param] = &[MEMBERS, FROM, TO, LIMIT, TABLE, AS_OF, FORMAT];
    const FILTERS: bool = true;
}

/// Parameters of the concentration.
pub(crate) struct Spread;
impl Accepts for Spread {
    const PARAMS: &'static [Param] = &[MEMBERS, FROM, TO, AS_OF, FORMAT];
    const FILTERS: bool = true;
}

/// Parameters of what is unused.
pub(crate) struct Silence;
impl Accepts for Silence {
    const PARAMS: &'static [Param] = &[MIN_DAYS, FROM, TO, LIMIT, AS_OF, FORMAT];
    const FILTERS: bool = true;
}

/// Parameters of findings.
pub(crate) struct InWords;
impl Accepts for InWords {
    const PARAMS: &'static [Param] = &[FROM, TO, AS_OF, FORMAT];
    const FILTERS: bool = true;
}

/// The typical day: for each hour the middle of the days, with quartiles; weekdays, weekends, and the week by hour
#[utoipa::path(
    get, path = "/patterns/typical-day", tag = "Patterns", params(Given<OfMetric>),
    responses(
        (status = 200, content((schema::TypicalDay = "application/json"), (String = "text/csv"))),
        (status = "4XX", body = ErrorEnvelope),
    )
)]
pub(crate) async fn typical_day(State(hub): State<Arc<Hub>>, given: Given<OfMetric>) -> Result<Response, Problem> {
    let (measure, query) = measured(&hub, &given).await?;
    reply(&given, &hub.typical_day(&query, &measure, VIEWER).await?)
}

/// A metric day by day: reported, missing or not yet installed
#[utoipa::path(
    get, path = "/patterns/calendar", tag = "Patterns", params(Given<OfMetric>),
    responses(
        (status = 200, content((schema::Calendar = "application/json"), (String = "text/csv"))),
        (status = "4XX", body = ErrorEnvelope),
    )
)]
pub(crate) async fn calendar(State(hub): State<Arc<Hub>>, given: Given<OfMetric>) -> Result<Response, Problem> {
    let (measure, query) = measured(&hub, &given).await?;
    reply(&given, &hub.calendar(&query, &measure, VIEWER).await?)
}

/// A metric over time: last year’s line, decomposition, changes of level, growth like for like, seasons
#[utoipa::path(
    get, path = "/patterns/trend", tag = "Patterns", params(Given<OfMetric>),
    responses(
        (status = 200, content((schema::Trend = "application/json"), (String = "text/csv"))),
        (status = "4XX", body = ErrorEnvelope),
    )
)]
pub(crate) async fn trend(State(hub): State<Arc<Hub>>, given: Given<OfMetric>) -> Result<Response, Problem> {
    let (measure, query) = measured(&hub, &given).await?;
    reply(&given, &hub.trend(&query, &measure, VIEWER).await?)
}

/// Kinds of use of charge points or sites, such as overnight residential or taxi hub; without a limit 1,000 are listed as JSON, all as CSV
#[utoipa::path(
    get, path = "/patterns/archetypes", tag = "Patterns", params(Given<OverMembers>),
    responses(
        (status = 200, content((schema::Archetypes = "application/json"), (String = "text/csv"))),
        (status = "4XX", body = ErrorEnvelope),
    )
)]
pub(crate) async fn archetypes(State(hub): State<Arc<Hub>>, given: Given<OverMembers>) -> Result<Response, Problem> {
    let query = question::of_pattern(&hub, &given, "plugged_hours").await?;
    let limit = most(&given);
    reply(&given, &hub.archetypes(&query, members(&given), limit, VIEWER).await?)
}

/// How few charge points or sites make up how much of the energy
#[utoipa::path(
    get, path = "/patterns/concentration", tag = "Patterns", params(Given<Spread>),
    responses(
        (status = 200, content((schema::Concentration = "application/json"), (String = "text/csv"))),
        (status = "4XX", body = ErrorEnvelope),
    )
)]
pub(crate) async fn concentration(State(hub): State<Arc<Hub>>, given: Given<Spread>) -> Result<Response, Problem> {
    let query = question::of_pattern(&hub, &given, "energy_kwh").await?;
    reply(&given, &hub.concentration(&query, members(&given), VIEWER).await?)
}

/// Charge points without use for a while, the most surprising by their own past first; without a limit 1,000 are listed as JSON, all as CSV
#[utoipa::path(
    get, path = "/patterns/unused", tag = "Patterns", params(Given<Silence>),
    responses(
        (status = 200, content((schema::Unused = "application/json"), (String = "text/csv"))),
        (status = "4XX", body = ErrorEnvelope),
    )
)]
pub(crate) async fn unused(State(hub): State<Arc<Hub>>, given: Given<Silence>) -> Result<Response, Problem> {
    let query = question::of_pattern(&hub, &given, "evses_unused").await?;
    let days = given.number(&MIN_DAYS).unwrap_or(MIN_DAYS_BY_DEFAULT);
    let limit = most(&given);
    reply(&given, &hub.unused(&query, days, limit, VIEWER).await?)
}

/// What the figures of a view say, in two to four sentences
#[utoipa::path(
    get, path = "/findings", tag = "Patterns", params(Given<InWords>),
    responses(
        (status = 200, content((schema::Findings = "application/json"), (String = "text/csv"))),
        (status = "4XX", body = ErrorEnvelope),
    )
)]
pub(crate) async fn findings(State(hub): State<Arc<Hub>>, given: Given<InWords>) -> Result<Response, Problem> {
    let query = question::of_pattern(&hub, &given, "sessions").await?;
    reply(&given, &hub.findings(&query, VIEWER).await?)
}

/// The measure that is asked, and the question of its metric.
async fn measured(hub: &Hub, given: &Given<OfMetric>) -> Result<(Measure, Query), Problem> {
    let measure = Measure::of(given.one(MEASURE.name).unwrap_or(MEASURE_BY_DEFAULT).trim())?;
    let query = question::of_pattern(hub, given, measure.metric.id).await?;
    Ok((measure, query))
}

/// How many charge points or sites are listed: a file is not cut where nobody asks for that.
fn most<T: Accepts>(given: &Given<T>) -> usize {
    let all = if given.csv { u32::MAX } else { LIMIT_BY_DEFAULT };
    given.number(&LIMIT).unwrap_or(all) as usize
}

fn members<T: Accepts>(given: &Given<T>) -> Dimension {
    if given.one(MEMBERS.name) == Some("location") { Dimension::Location } else { Dimension::Evse }
}

/// A pattern in the form that was asked for: whole as JSON, or one of its tables as CSV.
fn reply<T: Accepts, P: Pattern>(given: &Given<T>, pattern: &P) -> Result<Response, Problem> {
    let asked = given.one(TABLE.name);
    let table = pattern.table(asked).map_err(|names| {
        let message = format!("table: {} has no table “{}”", P::ID, asked.unwrap_or_default());
        Problem::parameter(TABLE.name, "unknown_choice", message, format!("Choose from: {}.", names.join(", ")))
    })?;
    if !given.csv {
        return Ok(Json(pattern).into_response());
    }
    let is_first = |asked: &&str| pattern.tables().first().is_some_and(|(first, _)| first == asked);
    let of = asked.filter(|asked| !is_first(asked)).map(|asked| format!("-{asked}")).unwrap_or_default();
    let period = pattern.provenance().period.map(|period| format!("-{}-to-{}", period.first, period.last));
    let file_name = format!("kerbwatt-{}{of}{}.csv", P::ID, period.unwrap_or_default());
    Ok(figures::csv_reply(Csv::of_table(&table), &file_name))
}
