//! The typical day: for each hour of the day the middle of the days and how far they lie apart; and the week by hour.

use std::collections::{BTreeMap, HashSet};

use jiff::civil::Date;
use kerbwatt_model::{Dimension, Period, Query, Viewer};
use serde::Serialize;

use super::days::{DayState, days};
use super::measure::Measure;
use super::source::Source;
use super::table::{PatternTable, count, pattern, text, trust};
use crate::patterns::statistics::quantile::quantile;
use crate::{Answer, Coverage, Engine, EngineError, Provenance, Snapshot, Value};

/// The typical day of a place.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TypicalDay {
    /// Id of the metric asked.
    pub metric: &'static str,
    /// Id of what the figures are: the rate of the metric by charge point, or the ratio itself.
    pub rate: &'static str,
    /// Unit of the figures: of the rate, or `… per hour` where the rate is one by day.
    pub unit: String,
    /// What the quartiles are over.
    pub spread_over: SpreadOver,
    /// All days, weekdays, weekends.
    pub profiles: Vec<Profile>,
    /// Mean of each hour of the week, Monday 00:00 first; empty without data.
    pub week: Vec<HourOfWeek>,
    /// Coverage of the whole period.
    pub coverage: Coverage,
    /// Where it comes from.
    pub provenance: Provenance,
}
pattern!(TypicalDay, "typical-day", tables_of_day);

/// What the quartiles are over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SpreadOver {
    /// Single days.
    Days,
    /// The weekdays of months (the mean Monday of January, …), where single sessions are too many to read.
    WeekdaysOfMonths,
}

/// Which days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// All.
    All,
    /// Monday to Friday.
    Weekdays,
    /// Saturday and Sunday.
    Weekends,
}

impl DayKind {
    fn id(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Weekdays => "weekdays",
            Self::Weekends => "weekends",
        }
    }

    fn takes(self, weekday: i8) -> bool {
        match self {
            Self::All => true,
            Self::Weekdays => weekday < 5,
            Self::Weekends => weekday >= 5,
        }
    }
}

/// The typical day of one kind.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Profile {
    /// Which days.
    pub days: DayKind,
    /// The 24 hours, local time.
    pub hours: Vec<HourOfDay>,
}

/// An hour of the typical day.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct HourOfDay {
    /// 0 to 23.
    pub hour: u8,
    /// How many days, or weekdays of months, it is made of.
    pub count: usize,
    /// The middle one; none where there are none.
    pub median: Option<f64>,
    /// A quarter lies below.
    pub p25: Option<f64>,
    /// A quarter lies above.
    pub p75: Option<f64>,
}

/// An hour of the week.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct HourOfWeek {
    /// 0 = Monday 00:00.
    pub hour_of_week: u8,
    /// Sums of the whole period, divided once; none where nothing was reported.
    pub value: Option<f64>,
}

impl TypicalDay {
    fn tables_of_day(&self) -> Vec<(&'static str, PatternTable)> {
        vec![("profiles", self.of_profiles()), ("hours", self.of_hours())]
    }

    fn of_hours(&self) -> PatternTable {
        let row = |of: &HourOfWeek| {
            let [weekday, hour] = [of.hour_of_week / 24, of.hour_of_week % 24].map(|part| Value::Integer(part.into()));
            vec![weekday, hour, of.value.into()]
        };
        PatternTable { columns: vec!["weekday", "hour", "value"], rows: self.week.iter().map(row).collect() }
    }

    fn of_profiles(&self) -> PatternTable {
        let row = |days: DayKind, hour: &HourOfDay| {
            vec![
                text(days.id()),
                Value::Integer(hour.hour.into()),
                count(hour.count),
                hour.median.into(),
                hour.p25.into(),
                hour.p75.into(),
            ]
        };
        let rows = self.profiles.iter().flat_map(|profile| profile.hours.iter().map(|hour| row(profile.days, hour)));
        PatternTable { columns: vec!["days", "hour", "count", "median", "p25", "p75"], rows: rows.collect() }
    }
}

impl Engine {
    /// The typical day of what passes the question's filters.
    ///
    /// # Errors
    /// As [`Engine::answer`].
    pub async fn typical_day(
        &self,
        snapshot: &Snapshot,
        query: &Query,
        measure: &Measure,
        viewer: Viewer,
    ) -> Result<TypicalDay, EngineError> {
        let source = Source { engine: self, snapshot, query, viewer };
        let whole = source.answer_ids(&["sessions"], &[], query.period).await?;
        let sessions = whole.figure("sessions").unwrap_or(0.0);
        let (scale, unit) = by_hour(measure);
        let Some(period) = source.period() else {
            let (coverage, provenance) = trust(whole, &[measure.rate]);
            let (metric, rate, spread_over) = (measure.metric.id, measure.rate.id, SpreadOver::Days);
            let (profiles, week) = (Vec::new(), Vec::new());
            return Ok(TypicalDay { metric, rate, unit, spread_over, profiles, week, coverage, provenance });
        };
        let (spread_over, spread) = if sessions <= self.days_up_to {
            (SpreadOver::Days, by_days(&source, measure, &period).await?)
        } else {
            (SpreadOver::WeekdaysOfMonths, by_weekdays_of_months(&source, measure, &period).await?)
        };
        let answer = source.answer(&[measure.rate], &[Dimension::HourOfWeek], Some(period)).await?;
        let week = week(&answer, measure, scale);
        let (coverage, provenance) = trust(answer, &[measure.rate]);
        let kinds = [DayKind::All, DayKind::Weekdays, DayKind::Weekends];
        Ok(TypicalDay {
            metric: measure.metric.id,
            rate: measure.rate.id,
            unit,
            spread_over,
            profiles: kinds.into_iter().map(|days| profile(days, &spread, scale)).collect(),
            week,
            coverage,
            provenance,
        })
    }
}

/// Rates by charge point and day become rates by the hour.
fn by_hour(measure: &Measure) -> (f64, String) {
    match measure.rate.id {
        "sessions_per_evse_day" => (1.0 / 24.0, "sessions per charge point per hour".to_owned()),
        "kwh_per_evse_day" => (1.0 / 24.0, "kWh per charge point per hour".to_owned()),
        _ => (1.0, measure.rate.unit.to_owned()),
    }
}

/// Values by (weekday, hour of day), one a day or a weekday of a month.
type Spread = BTreeMap<(i8, u8), Vec<f64>>;

async fn by_days(source: &Source<'_>, measure: &Measure, period: &Period) -> Result<Spread, EngineError> {
    let (days, _) = days(source, measure, period).await?;
    // A session that runs on into a day nobody reported on is no figure of that day.
    let reported: HashSet<String> =
        days.iter().filter(|day| day.state == DayState::Reported).map(|day| day.day.to_string()).collect();
    let by = [Dimension::Day, Dimension::HourOfDay];
    let answer = source.answer(&[measure.rate], &by, Some(*period)).await?;
    let mut spread = Spread::new();
    for (day, hour, value) in cells(&answer, "day", "hour_of_day", measure) {
        if let Some(date) = reported.get(day).and_then(|day| day.parse::<Date>().ok()) {
            let weekday = date.weekday().to_monday_zero_offset();
            spread.entry((weekday, u8::try_from(hour).unwrap_or(0))).or_default().push(value);
        }
    }
    Ok(spread)
}

async fn by_weekdays_of_months(source: &Source<'_>, measure: &Measure, period: &Period) -> Result<Spread, EngineError> {
    let by = [Dimension::Month, Dimension::HourOfWeek];
    let answer = source.answer(&[measure.rate], &by, Some(*period)).await?;
    let mut spread = Spread::new();
    for (_, hour, value) in cells(&answer, "month", "hour_of_week", measure) {
        let (weekday, hour) = (i8::try_from(hour / 24).unwrap_or(0), u8::try_from(hour % 24).unwrap_or(0));
        spread.entry((weekday, hour)).or_default().push(value);
    }
    Ok(spread)
}

/// The cells of an answer with a figure: day or month, hour, value.
fn cells<'a>(
    answer: &'a Answer,
    time: &str,
    hour: &str,
    measure: &Measure,
) -> impl Iterator<Item = (&'a str, i64, f64)> {
    let places = [time, hour, measure.rate.id].map(|name| answer.position(name));
    answer.rows.iter().filter_map(move |row| {
        let [time, hour, value] = places.map(|at| at.and_then(|at| row.get(at)));
        let Value::Integer(hour) = hour? else { return None };
        Some((time?.text()?, *hour, value?.number()?))
    })
}

fn profile(days: DayKind, spread: &Spread, scale: f64) -> Profile {
    let hour = |hour: u8| {
        let own = spread.iter().filter(|((weekday, of), _)| *of == hour && days.takes(*weekday));
        let mut values: Vec<f64> = own.flat_map(|(_, values)| values.iter().map(|value| value * scale)).collect();
        values.sort_unstable_by(f64::total_cmp);
        let at = |share| quantile(&values, share);
        HourOfDay { hour, count: values.len(), median: at(0.5), p25: at(0.25), p75: at(0.75) }
    };
    Profile { days, hours: (0..24).map(hour).collect() }
}

fn week(answer: &Answer, measure: &Measure, scale: f64) -> Vec<HourOfWeek> {
    let (Some(hour), Some(value)) = (answer.position("hour_of_week"), answer.position(measure.rate.id)) else {
        return Vec::new();
    };
    let mut week: Vec<HourOfWeek> = (0..168).map(|hour_of_week| HourOfWeek { hour_of_week, value: None }).collect();
    for row in &answer.rows {
        let Value::Integer(at) = row[hour] else { continue };
        if let Some(cell) = usize::try_from(at).ok().and_then(|at| week.get_mut(at)) {
            cell.value = row[value].number().map(|value| value * scale);
        }
    }
    week
}
