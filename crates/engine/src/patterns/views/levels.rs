//! Days on which the level of a rate changed, and whether that can be told to be use.

use jiff::civil::Date;
use kerbwatt_model::{Period, day_of_number};
use serde::Serialize;

use super::days::Day;
use super::source::Source;
use crate::EngineError;
use crate::bucket::number;
use crate::patterns::findings::words::{count, day, some};
use crate::patterns::statistics::steps::{Step, steps};
use crate::patterns::statistics::stl::Parts;

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

/// A change of level that was found, but may come from other charge points instead of other use.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StepLeftOut {
    /// First day at the new level.
    pub day: Date,
    /// Why it is not told, as a clause.
    pub reason: String,
}

/// Changes of level: those told, and those that are not.
#[derive(Debug, Default)]
pub(in crate::patterns) struct Levels {
    pub(in crate::patterns) told: Vec<StepChange>,
    pub(in crate::patterns) left_out: Vec<StepLeftOut>,
}

/// Days around a step within which an operator's returns may not begin or end.
const NEAR: i32 = 3;
/// Around a step, the number of charge points in service may change by this part.
const OTHERS: f64 = 0.1;

/// The changes of level of a rate that was taken apart. Where the returns of some operator begin or end, or many charge points
/// are added, others are counted, and nothing tells such a step from a change of use.
pub(in crate::patterns) async fn levels(
    source: &Source<'_>,
    days: &[Day],
    parts: &Parts,
) -> Result<Levels, EngineError> {
    let found = changes_of_level(days, parts);
    let mut levels = Levels::default();
    let period = days.first().zip(days.last()).and_then(|(one, other)| Period::new(one.day, other.day).ok());
    let Some(period) = period.filter(|_| !found.is_empty()) else { return Ok(levels) };
    let borders = source.borders_of_returns(&period).await?;
    for step in found {
        let (from, to) = (number(step.earliest) - NEAR, number(step.latest) + NEAR);
        let reason = match borders.iter().find(|day| (from..=to).contains(*day)) {
            Some(border) => Some(reason_of_border(*border)),
            None => reason_of_points(source.in_service([from, to])?),
        };
        match reason {
            Some(reason) => levels.left_out.push(StepLeftOut { day: step.day, reason }),
            None => levels.told.push(step),
        }
    }
    Ok(levels)
}

fn reason_of_border(border: i32) -> String {
    format!("the returns of an operator begin or end around {}", day(day_of_number(border.into())))
}

/// Why many more or fewer charge points at the end of some days than at their beginning explain a change; none where there are not.
#[expect(clippy::cast_precision_loss, reason = "numbers of charge points")]
fn reason_of_points(in_service: [usize; 2]) -> Option<String> {
    let [before, after] = in_service.map(|count| count as f64);
    let are_others = (after - before).abs() > OTHERS * before.max(1.0);
    are_others.then(|| format!("{} were in service before it and {} after", some(before, "charge point"), count(after)))
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
