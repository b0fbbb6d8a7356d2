//! The seasons: how each month of the year stands to the year around it.

use std::collections::HashMap;

use kerbwatt_model::{Dimension, Period};
use serde::Serialize;

use super::measure::Measure;
use super::source::Source;
use crate::EngineError;
use crate::patterns::statistics::{quantile::median, seasons};

/// How a month of the year stands to the year around it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct SeasonMonth {
    /// 1 = January.
    pub month: i8,
    /// Rate by that of an average month: 1.1 is a tenth above.
    pub index: f64,
}

/// Indices of the months of the year, from whole months with about the usual coverage.
pub(super) async fn season_months(
    source: &Source<'_>,
    measure: &Measure,
    period: &Period,
) -> Result<Vec<SeasonMonth>, EngineError> {
    let Some(months) = whole_months(source, period) else { return Ok(Vec::new()) };
    let answer = source.answer_ids(&[measure.rate.id, "coverage"], &[Dimension::Month], Some(months)).await?;
    let (Some(month), Some(rate), Some(share)) =
        (answer.position("month"), answer.position(measure.rate.id), answer.position("coverage"))
    else {
        return Ok(Vec::new());
    };
    let rows: HashMap<&str, (Option<f64>, Option<f64>)> = answer
        .rows
        .iter()
        .filter_map(|row| Some((row[month].text()?, (row[rate].number(), row[share].number()))))
        .collect();
    let shares: Vec<f64> = rows.values().filter_map(|(_, share)| *share).collect();
    let least = median(&shares).unwrap_or(0.0) * 0.9;
    let values: Vec<Option<f64>> = months
        .iter_months()
        .map(|first| {
            let (rate, share) = rows.get(first.strftime("%Y-%m").to_string().as_str()).copied()?;
            rate.filter(|_| share.is_none_or(|share| share >= least))
        })
        .collect();
    let Some(indices) = seasons::indices(&values) else { return Ok(Vec::new()) };
    let first = months.first.month();
    let mut seasons: Vec<SeasonMonth> = (0i8..)
        .zip(indices)
        .map(|(at, index)| SeasonMonth { month: (first - 1 + at).rem_euclid(12) + 1, index })
        .collect();
    seasons.sort_by_key(|season| season.month);
    Ok(seasons)
}

/// The whole months with data up to the end of a period.
fn whole_months(source: &Source<'_>, period: &Period) -> Option<Period> {
    let (first, last) = source.snapshot.days?;
    let last = last.min(period.last);
    let first = if first.day() == 1 { first } else { first.last_of_month().tomorrow().ok()? };
    let last = if last == last.last_of_month() { last } else { last.first_of_month().yesterday().ok()? };
    Period::new(first, last).ok()
}
