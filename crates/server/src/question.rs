//! From parameters to a question.

use kerbwatt_hub::Hub;
use kerbwatt_model::{Period, Query};

use crate::params::{Accepts, BY, FROM, Given, METRIC, TO};
use crate::problem::Problem;
use crate::returns::YEARS;

/// A period of which figures can be asked: no return has sessions of other years, and each day of a period is counted, also one on
/// which nothing can be.
///
/// # Errors
/// A sentence that names the bounds.
pub fn askable(period: Period) -> Result<Period, String> {
    if YEARS.contains(&period.first.year()) && YEARS.contains(&period.last.year()) {
        return Ok(period);
    }
    Err(format!(
        "figures are of days from {}-01-01 to {}-12-31, and {period} reaches beyond them",
        YEARS.start(),
        YEARS.end()
    ))
}

/// The question that the parameters ask, split by `by`, as of the data version that they name.
pub(crate) async fn of<T: Accepts>(hub: &Hub, given: &Given<T>, by: &[&str]) -> Result<Query, Problem> {
    let as_of = given.as_of(hub)?;
    let period = period(hub, given, as_of).await?;
    Ok(Query::of(&given.list(METRIC.name), by, &given.filters(), period)?.as_of(as_of))
}

/// The question that the parameters ask, split by their own `by`.
pub(crate) async fn split<T: Accepts>(hub: &Hub, given: &Given<T>) -> Result<Query, Problem> {
    of(hub, given, &given.list(BY.name)).await
}

/// Filters and period for a pattern; the metric that its question names is the one its coverage is about.
pub(crate) async fn of_pattern<T: Accepts>(hub: &Hub, given: &Given<T>, metric: &str) -> Result<Query, Problem> {
    let as_of = given.as_of(hub)?;
    let period = period(hub, given, as_of).await?;
    Ok(Query::of(&[metric], &[], &given.filters(), period)?.as_of(as_of))
}

/// The period asked; an end that is left open is the end of the data.
async fn period<T: Accepts>(hub: &Hub, given: &Given<T>, as_of: Option<i64>) -> Result<Option<Period>, Problem> {
    let period = match (given.one(FROM.name), given.one(TO.name)) {
        (None, None) => return Ok(None),
        (Some(from), Some(to)) => Period::between(from, to)?,
        (from, to) => {
            let catalogue = hub.catalogue_at(as_of).await?;
            let mut period = Period::parse(from.or(to).unwrap_or_default())?;
            if let (Some(last), None) = (catalogue.last_day, to) {
                period.last = period.last.max(last);
            }
            if let (Some(first), None) = (catalogue.first_day, from) {
                period.first = period.first.min(first);
            }
            period
        }
    };
    let field = if YEARS.contains(&period.first.year()) { TO.name } else { FROM.name };
    let far = |message| Problem::parameter(field, "period_out_of_range", message, "Check the years of from and to.");
    askable(period).map(Some).map_err(far)
}
