//! A metric over time: day by day, last year's line, the decomposition, changes of level, growth like for like, and the seasons.

use std::collections::HashMap;

use jiff::civil::Date;
use jiff::{Span, ToSpan};
use kerbwatt_model::{Period, Query, Viewer};
use serde::Serialize;

use super::days::{Day, DayState, days};
use super::growth::{Growth, growth};
use super::measure::Measure;
use super::months::{SeasonMonth, season_months};
use super::source::Source;
use super::table::{PatternTable, pattern, text, trust};
use crate::bucket::number;
use crate::patterns::statistics::steps::{Step, steps};
use crate::patterns::statistics::stl::{Parts, Settings, TooFew, decompose};
use crate::{Coverage, Engine, EngineError, Provenance, Snapshot};

/// The same weekday a year before.
const YEAR: i64 = 364;
/// Fewer days than this say nothing of a trend.
const MIN_DAYS: usize = 28;

/// A metric over time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trend {
    /// Id of the metric.
    pub metric: &'static str,
    /// Its unit.
    pub unit: &'static str,
    /// Id of the rate that is taken apart: by charge point and reported day, so that more points are no growth.
    pub rate: &'static str,
    /// Its unit.
    pub rate_unit: &'static str,
    /// Every day of the period.
    pub days: Vec<DayTrend>,
    /// How the rate was taken apart; none where there is too little.
    pub decomposition: Option<Decomposition>,
    /// Why there is no decomposition.
    pub no_decomposition: Option<String>,
    /// Days on which the level of the rate changed, for four weeks at least, in order.
    pub steps: Vec<StepChange>,
    /// Growth on the year before; none where the metric has no amount, or the data does not hold the year before.
    pub growth: Option<Growth>,
    /// How each month of the year stands to the year around it, from all data up to the period's end; empty with less than two years.
    pub seasons: Vec<SeasonMonth>,
    /// Coverage of the whole period.
    pub coverage: Coverage,
    /// Where it comes from.
    pub provenance: Provenance,
}
pattern!(Trend, "trend");

/// One day of a trend.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DayTrend {
    /// The day.
    pub day: Date,
    /// The metric; none where nothing was reported.
    pub value: Option<f64>,
    /// Its rate.
    pub rate: Option<f64>,
    /// The rate on the same weekday 364 days before; none where that was not reported.
    pub rate_last_year: Option<f64>,
    /// Trend of the rate; none where the day does not count.
    pub trend: Option<f64>,
    /// What the weekday adds.
    pub season: Option<f64>,
    /// What is left.
    pub residual: Option<f64>,
    /// Whether the day was reported, missing or before anything was installed.
    pub state: DayState,
    /// Share of registered charge points reported on; none where none is registered.
    pub coverage: Option<f64>,
    /// Whether it counts for trend and steps: reported, by about as many charge points as usual.
    pub counted: bool,
}

/// How the rate was taken apart.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Decomposition {
    /// What was done.
    pub method: &'static str,
    /// Days that counted.
    pub counted_days: usize,
    /// Days of the period that did not: not reported, or by other charge points than usual.
    pub left_out_days: usize,
    /// Part of the variation that the weekday explains beside the residual, 0 to 1.
    pub strength_of_week: f64,
    /// Part of the variation that the trend explains beside the residual, 0 to 1.
    pub strength_of_trend: f64,
    /// What each weekday adds on average, Monday first.
    pub week: Vec<SeasonDay>,
}

/// What a weekday adds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct SeasonDay {
    /// 0 = Monday.
    pub weekday: i8,
    /// Mean of the season on these days, in units of the rate.
    pub value: f64,
}

/// A change of the level of the rate that lasted for four weeks at least: why it came, and whether it stays, the figures do not say.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StepChange {
    /// First day at the new level.
    pub day: Date,
    /// With 95 % confidence not before this day.
    pub earliest: Date,
    /// With 95 % confidence not after this day.
    pub latest: Date,
    /// Level before.
    pub before: f64,
    /// Level after.
    pub after: f64,
    /// Difference.
    pub change: f64,
    /// Lower end of its 95 % interval.
    pub change_low: f64,
    /// Upper end of its 95 % interval.
    pub change_high: f64,
    /// Difference as a share of the level before; none where that was nothing.
    pub change_share: Option<f64>,
    /// How often a series that wanders as much but has no step shows as much: at most 0.01.
    pub chance: f64,
}

impl Trend {
    pub(super) fn as_table(&self) -> PatternTable {
        let row = |day: &DayTrend| {
            vec![
                text(day.day.to_string()),
                day.value.into(),
                day.rate.into(),
                day.rate_last_year.into(),
                day.trend.into(),
                day.season.into(),
                day.residual.into(),
                text(day.state.id()),
                day.coverage.into(),
            ]
        };
        let columns =
            vec!["day", "value", "rate", "rate_last_year", "trend", "season", "residual", "state", "coverage"];
        PatternTable { columns, rows: self.days.iter().map(row).collect() }
    }
}

impl Engine {
    /// A metric over time, of what passes the question's filters.
    ///
    /// # Errors
    /// As [`Engine::answer`].
    pub async fn trend(
        &self,
        snapshot: &Snapshot,
        query: &Query,
        measure: &Measure,
        viewer: Viewer,
    ) -> Result<Trend, EngineError> {
        let source = Source { engine: self, snapshot, query, viewer };
        let shown = [measure.metric, measure.rate];
        let Some(period) = source.period() else {
            let (coverage, provenance) = trust(source.answer(&shown, &[], None).await?, &shown);
            return Ok(Trend::of(measure, coverage, provenance));
        };
        let (days, answer) = days(&source, measure, &period).await?;
        let (coverage, provenance) = trust(answer, &shown);
        let taken = taken_apart(&days);
        let last_year = last_year(&source, measure, &period).await?;
        let parts = taken.as_ref().ok();
        let steps = match parts {
            Some(parts) => step_changes(&source, &days, parts).await?,
            None => Vec::new(),
        };
        Ok(Trend {
            days: days.iter().enumerate().map(|(at, day)| one(day, at, parts, &last_year)).collect(),
            decomposition: parts.map(|parts| decomposition(&days, parts)),
            no_decomposition: taken.as_ref().err().cloned(),
            steps,
            growth: growth(&source, measure, &period).await?,
            seasons: season_months(&source, measure, &period).await?,
            ..Trend::of(measure, coverage, provenance)
        })
    }
}

impl Trend {
    /// A trend of nothing yet.
    fn of(measure: &Measure, coverage: Coverage, provenance: Provenance) -> Self {
        Self {
            metric: measure.metric.id,
            unit: measure.metric.unit,
            rate: measure.rate.id,
            rate_unit: measure.rate.unit,
            days: Vec::new(),
            decomposition: None,
            no_decomposition: None,
            steps: Vec::new(),
            growth: None,
            seasons: Vec::new(),
            coverage,
            provenance,
        }
    }
}

/// The rate of days that count in parts, or why not.
pub(in crate::patterns) fn taken_apart(days: &[Day]) -> Result<Parts, String> {
    let counted: Vec<Option<f64>> = days.iter().map(|day| day.rate.filter(|_| day.counted)).collect();
    let known = counted.iter().flatten().count();
    if known < MIN_DAYS {
        return Err(format!("{known} days with a return are too few to tell a trend: it takes {MIN_DAYS}"));
    }
    let window = Settings::DAYS.trend_window.min((known - 1) | 1);
    decompose(&counted, Settings { trend_window: window, ..Settings::DAYS }).map_err(|too_few| match too_few {
        TooFew::Steps => "the period is shorter than two weeks".to_owned(),
        TooFew::Values(_) => "some day of the week has fewer than two returns".to_owned(),
    })
}

/// Days around a step within which an operator's returns may not begin or end.
const NEAR: i32 = 3;

/// The changes of level of a rate that was taken apart, but for those at which the returns of some operator begin or end: other charge
/// points are used otherwise, and nothing tells such a step from a change of use.
pub(in crate::patterns) async fn step_changes(
    source: &Source<'_>,
    days: &[Day],
    parts: &Parts,
) -> Result<Vec<StepChange>, EngineError> {
    let mut found = changes_of_level(days, parts);
    let Some(period) = days.first().zip(days.last()).and_then(|(one, other)| Period::new(one.day, other.day).ok())
    else {
        return Ok(found);
    };
    if !found.is_empty() {
        let borders = source.borders_of_returns(&period).await?;
        found.retain(|step| {
            let near = number(step.earliest) - NEAR..=number(step.latest) + NEAR;
            !borders.iter().any(|day| near.contains(day))
        });
    }
    Ok(found)
}

fn changes_of_level(days: &[Day], parts: &Parts) -> Vec<StepChange> {
    let without_week: Vec<Option<f64>> =
        days.iter().zip(&parts.season).map(|(day, season)| Some(day.rate? - (*season)?)).collect();
    let change = |step: Step| {
        let difference = step.after - step.before;
        StepChange {
            day: days[step.at].day,
            earliest: days[step.earliest].day,
            latest: days[step.latest].day,
            before: step.before,
            after: step.after,
            change: difference,
            change_low: difference - step.margin,
            change_high: difference + step.margin,
            change_share: (step.before > 0.0).then(|| difference / step.before),
            chance: step.chance,
        }
    };
    steps(&without_week).into_iter().map(change).collect()
}

fn one(day: &Day, at: usize, parts: Option<&Parts>, last_year: &HashMap<Date, f64>) -> DayTrend {
    let before = day.day.checked_sub(YEAR.days()).ok();
    DayTrend {
        day: day.day,
        value: day.value,
        rate: day.rate,
        rate_last_year: before.and_then(|before| last_year.get(&before)).copied(),
        trend: parts.and_then(|parts| parts.trend[at]),
        season: parts.and_then(|parts| parts.season[at]),
        residual: parts.and_then(|parts| parts.residual[at]),
        state: day.state,
        coverage: day.coverage,
        counted: day.counted,
    }
}

/// Rates of reported days a year before.
async fn last_year(source: &Source<'_>, measure: &Measure, period: &Period) -> Result<HashMap<Date, f64>, EngineError> {
    let shift = |day: Date| day.checked_sub(Span::new().days(YEAR)).unwrap_or(day);
    let Ok(before) = Period::new(shift(period.first), shift(period.last)) else { return Ok(HashMap::new()) };
    if source.snapshot.days.is_none_or(|(first, _)| first > before.last) {
        return Ok(HashMap::new());
    }
    let (days, _) = days(source, measure, &before).await?;
    Ok(days.into_iter().filter_map(|day| Some((day.day, day.rate?))).collect())
}

#[expect(clippy::cast_precision_loss, reason = "numbers of days")]
fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

fn variance(values: &[f64]) -> f64 {
    let centre = mean(values);
    mean(&values.iter().map(|value| (value - centre).powi(2)).collect::<Vec<_>>())
}

/// Strengths as in R. J. Hyndman and G. Athanasopoulos, "Forecasting: Principles and Practice", 3rd edition, section 4.3.
fn decomposition(days: &[Day], parts: &Parts) -> Decomposition {
    let known: Vec<(i8, f64, f64, f64)> = days
        .iter()
        .enumerate()
        .filter_map(|(at, day)| {
            Some((day.day.weekday().to_monday_zero_offset(), parts.trend[at]?, parts.season[at]?, parts.residual[at]?))
        })
        .collect();
    let residual = variance(&known.iter().map(|part| part.3).collect::<Vec<_>>());
    let strength = |with: Vec<f64>| {
        let all = variance(&with);
        if all > 0.0 { (1.0 - residual / all).clamp(0.0, 1.0) } else { 0.0 }
    };
    let of_weekday = |weekday: i8| {
        let own: Vec<f64> = known.iter().filter(|part| part.0 == weekday).map(|part| part.2).collect();
        SeasonDay { weekday, value: mean(&own) }
    };
    Decomposition {
        method: "STL by days, robust: week, trend and residual add up to the rate",
        counted_days: known.len(),
        left_out_days: days.len() - known.len(),
        strength_of_week: strength(known.iter().map(|part| part.2 + part.3).collect()),
        strength_of_trend: strength(known.iter().map(|part| part.1 + part.3).collect()),
        week: (0..7).map(of_weekday).collect(),
    }
}
