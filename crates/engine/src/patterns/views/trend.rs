//! A metric over time: day by day, last year's line, the decomposition, changes of level, growth like for like, and the seasons.

use std::collections::HashMap;

use jiff::civil::Date;
use jiff::{Span, ToSpan};
use kerbwatt_model::{Period, Query, Viewer};
use serde::Serialize;

use super::days::{Day, DayState, days};
use super::growth::{Growth, growth};
use super::levels::{Levels, StepChange, StepLeftOut, levels};
use super::measure::Measure;
use super::months::{SeasonMonth, season_months};
use super::source::Source;
use super::table::{PatternTable, count, pattern, text, trust};
use crate::patterns::statistics::stl::{Parts, Settings, TooFew, decompose};
use crate::{Coverage, Engine, EngineError, Provenance, Snapshot, Value};

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
    /// Changes that were found too, but may be of other charge points instead of other use.
    pub steps_left_out: Vec<StepLeftOut>,
    /// Growth on the year before; none where the metric has no amount, or the data does not hold the year before.
    pub growth: Option<Growth>,
    /// Why there is no growth; none where there is.
    pub no_growth: Option<String>,
    /// How each month of the year stands to the year around it, from all data up to the period's end; empty with less than two years.
    pub seasons: Vec<SeasonMonth>,
    /// Coverage of the whole period.
    pub coverage: Coverage,
    /// Where it comes from.
    pub provenance: Provenance,
}
pattern!(Trend, "trend", tables_of_trend);

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

impl Trend {
    fn tables_of_trend(&self) -> Vec<(&'static str, PatternTable)> {
        vec![
            ("days", self.of_days()),
            ("seasons", self.of_seasons()),
            ("growth", self.of_growth()),
            ("steps", self.of_steps()),
        ]
    }

    fn of_seasons(&self) -> PatternTable {
        let row = |month: &SeasonMonth| vec![Value::Integer(month.month.into()), Some(month.index).into()];
        PatternTable { columns: vec!["month", "index"], rows: self.seasons.iter().map(row).collect() }
    }

    fn of_growth(&self) -> PatternTable {
        let columns = vec!["what", "now", "before", "change", "evses"];
        let Some(growth) = &self.growth else { return PatternTable { columns, rows: Vec::new() } };
        let row = |what: &str, (now, before): (f64, f64), change: Option<f64>, evses: usize| {
            vec![text(what), Some(now).into(), Some(before).into(), change.into(), count(evses)]
        };
        let all = row("all", (growth.now, growth.before), growth.change, growth.evses_now);
        let same = growth.like_for_like.map(|same| row("same", (same.now, same.before), same.change, same.evses));
        PatternTable { columns, rows: std::iter::once(all).chain(same).collect() }
    }

    fn of_steps(&self) -> PatternTable {
        let day = |day: Date| text(day.to_string());
        let row = |step: &StepChange| {
            let days = [step.day, step.earliest, step.latest].map(day);
            let figures =
                [Some(step.before), Some(step.after), Some(step.change), step.change_share, Some(step.chance)];
            days.into_iter().chain(figures.map(Value::from)).collect()
        };
        let columns = vec!["day", "earliest", "latest", "before", "after", "change", "change_share", "chance"];
        PatternTable { columns, rows: self.steps.iter().map(row).collect() }
    }

    fn of_days(&self) -> PatternTable {
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
        let levels = match parts {
            Some(parts) => levels(&source, &days, parts).await?,
            None => Levels::default(),
        };
        let growth = growth(&source, measure, &period).await?;
        Ok(Trend {
            days: days.iter().enumerate().map(|(at, day)| one(day, at, parts, &last_year)).collect(),
            decomposition: parts.map(|parts| decomposition(&days, parts)),
            no_decomposition: taken.as_ref().err().cloned(),
            steps: levels.told,
            steps_left_out: levels.left_out,
            no_growth: growth.as_ref().err().map(ToString::to_string),
            growth: growth.ok(),
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
            steps_left_out: Vec::new(),
            growth: None,
            no_growth: None,
            seasons: Vec::new(),
            coverage,
            provenance,
        }
    }
}

/// Whether more than a third of the days that count are without use: those with use are then no exceptions that count for little.
fn is_seldom(days: &[Day]) -> bool {
    let counted = || days.iter().filter(|day| day.counted).filter_map(|day| day.rate);
    3 * counted().filter(|rate| *rate == 0.0).count() > counted().count()
}

/// The rate of days that count in parts, or why not.
pub(in crate::patterns) fn taken_apart(days: &[Day]) -> Result<Parts, String> {
    let counted: Vec<Option<f64>> = days.iter().map(|day| day.rate.filter(|_| day.counted)).collect();
    let known = counted.iter().flatten().count();
    if known < MIN_DAYS {
        return Err(format!("{known} days with a return are too few to tell a trend: it takes {MIN_DAYS}"));
    }
    let trend_window = Settings::DAYS.trend_window.min((known - 1) | 1);
    decompose(&counted, Settings { trend_window, robust: !is_seldom(days), ..Settings::DAYS }).map_err(|too_few| {
        match too_few {
            TooFew::Steps => "the period is shorter than two weeks".to_owned(),
            TooFew::Values(_) => "some day of the week has fewer than two returns".to_owned(),
        }
    })
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
        method: if is_seldom(days) {
            "STL by days, not robust as use is on few days: week, trend and residual add up to the rate"
        } else {
            "STL by days, robust: week, trend and residual add up to the rate"
        },
        counted_days: known.len(),
        left_out_days: days.len() - known.len(),
        strength_of_week: strength(known.iter().map(|part| part.2 + part.3).collect()),
        strength_of_trend: strength(known.iter().map(|part| part.1 + part.3).collect()),
        week: (0..7).map(of_weekday).collect(),
    }
}
