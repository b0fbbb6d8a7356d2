//! A place day by day: what was reported, what was not, and what was not there.

use std::collections::HashMap;

use jiff::civil::Date;
use kerbwatt_model::{Dimension, Metric, Period, metric};
use serde::Serialize;

use super::measure::Measure;
use super::source::Source;
use crate::patterns::statistics::quantile::median;
use crate::{Answer, EngineError, Value};

/// What is known of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DayState {
    /// At least one charge point that was in service was reported on.
    Reported,
    /// Charge points were in service, and none was reported on: not a zero.
    Missing,
    /// No charge point was in service.
    NotInstalled,
}

impl DayState {
    /// Id in answers.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Reported => "reported",
            Self::Missing => "missing",
            Self::NotInstalled => "not_installed",
        }
    }
}

/// One day.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::patterns) struct Day {
    pub(in crate::patterns) day: Date,
    /// The metric asked.
    pub(in crate::patterns) value: Option<f64>,
    /// Its rate.
    pub(in crate::patterns) rate: Option<f64>,
    pub(in crate::patterns) state: DayState,
    /// Share of registered charge points reported on; none where none is registered.
    pub(in crate::patterns) coverage: Option<f64>,
    /// Whether it can be compared with the others: reported, and by about as many as usual.
    pub(in crate::patterns) counted: bool,
}

/// Coverage of a day may differ by this part from the usual one before the day is left out of trends: other operators, other use.
const LEEWAY: f64 = 0.1;

/// Says whether anything was reported, as it has a value for every day with a reported charge point.
const PROBE: &str = "sessions_per_evse_day";

/// Every day of a period, and the answer that it comes from.
pub(in crate::patterns) async fn days(
    source: &Source<'_>,
    measure: &Measure,
    period: &Period,
) -> Result<(Vec<Day>, Answer), EngineError> {
    let mut metrics: Vec<&'static Metric> = vec![measure.metric];
    for id in [measure.rate.id, PROBE, "coverage"] {
        metrics.extend(metric(id).filter(|known| !metrics.contains(known)));
    }
    let answer = source.answer(&metrics, &[Dimension::Day], Some(*period)).await?;
    let column = |id: &str| answer.position(id);
    let places = [measure.metric.id, measure.rate.id, PROBE, "coverage"].map(column);
    let text = column("day");
    let rows: HashMap<&str, [Option<f64>; 4]> = answer
        .rows
        .iter()
        .filter_map(|row| {
            let figure = |at: Option<usize>| at.and_then(|at| row.get(at)).and_then(Value::number);
            Some((row.get(text?)?.text()?, places.map(figure)))
        })
        .collect();
    let mut days: Vec<Day> = period.iter_days().map(|day| one(day, rows.get(day.to_string().as_str()))).collect();
    mark_counted(&mut days);
    Ok((days, answer))
}

fn one(day: Date, row: Option<&[Option<f64>; 4]>) -> Day {
    let Some([value, rate, probe, coverage]) = row.copied() else {
        let state = DayState::NotInstalled;
        return Day { day, value: None, rate: None, state, coverage: None, counted: false };
    };
    let state = if probe.is_some() { DayState::Reported } else { DayState::Missing };
    // A session that runs on into a day nobody reported on is no figure of that day.
    let known = |figure: Option<f64>| figure.filter(|_| state == DayState::Reported);
    Day { day, value: known(value), rate: known(rate), state, coverage, counted: false }
}

fn mark_counted(days: &mut [Day]) {
    let reported = |day: &&Day| day.state == DayState::Reported;
    let shares: Vec<f64> = days.iter().filter(reported).filter_map(|day| day.coverage).collect();
    let usual = median(&shares);
    for day in days.iter_mut() {
        let is_usual = match (day.coverage, usual) {
            (Some(share), Some(usual)) => (share - usual).abs() <= LEEWAY * usual,
            _ => true,
        };
        day.counted = day.state == DayState::Reported && day.rate.is_some() && is_usual;
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn day(of: i8, coverage: Option<f64>, state: DayState) -> Day {
        Day { day: date(2024, 1, of), value: Some(1.0), rate: Some(1.0), state, coverage, counted: false }
    }

    #[test]
    fn a_day_that_fewer_or_more_than_usual_reported_is_left_out_of_trends() {
        let reported = DayState::Reported;
        let mut days = vec![
            day(1, Some(0.8), reported),
            day(2, Some(0.8), reported),
            day(3, Some(0.75), reported),
            day(4, Some(0.4), reported),
            day(5, Some(1.0), reported),
            day(6, Some(0.0), DayState::Missing),
        ];
        mark_counted(&mut days);
        assert_eq!(days.iter().map(|day| day.counted).collect::<Vec<_>>(), [true, true, true, false, false, false]);
    }

    #[test]
    fn without_a_register_every_reported_day_counts() {
        let mut days = vec![day(1, None, DayState::Reported), day(2, None, DayState::Missing)];
        mark_counted(&mut days);
        assert_eq!(days.iter().map(|day| day.counted).collect::<Vec<_>>(), [true, false]);
    }
}
