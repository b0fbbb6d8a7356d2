//! Growth on the year before: of everything, and of the same charge points.

use std::cmp::Ordering;
use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::Date;
use kerbwatt_model::{Additive, Dimension, Period};
use serde::Serialize;

use super::measure::{Amount, Measure};
use super::source::Source;
use crate::patterns::findings::words::day;
use crate::patterns::statistics::growth::{PointUse, like_for_like};
use crate::{Comparison, EngineError};

/// Use in a period and in the same days a year before.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Growth {
    /// Id of the metric that is compared: the amount behind the metric asked.
    pub amount: &'static str,
    /// First day that is compared: of the period, or of its last year where it is longer.
    pub from: Date,
    /// Last day of the period.
    pub to: Date,
    /// First day of the period before.
    pub before_from: Date,
    /// Last day of the period before.
    pub before_to: Date,
    /// Amount in the period.
    pub now: f64,
    /// Amount in the period before.
    pub before: f64,
    /// Change as a share of the amount before; none where that was nothing, or where the totals are not compared.
    pub change: Option<f64>,
    /// Whether the totals may be compared, and why not.
    pub comparison: Comparison,
    /// Charge points reported on in the period.
    pub evses_now: usize,
    /// Charge points reported on in the period before.
    pub evses_before: usize,
    /// Share of registered charge-point days reported on, in the period.
    pub coverage_now: Option<f64>,
    /// The same of the period before.
    pub coverage_before: Option<f64>,
    /// The charge points in service and reported on at least 95 of 100 days of both periods; none where there are none.
    pub like_for_like: Option<LikeForLike>,
}

/// Use of the same charge points in both periods.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct LikeForLike {
    /// How many there are.
    pub evses: usize,
    /// Their amount in the period.
    pub now: f64,
    /// Their amount in the period before.
    pub before: f64,
    /// Change of the amount a reported day, as a share of that before; none where that was nothing.
    pub change: Option<f64>,
}

/// What was found of a period.
#[derive(Default)]
struct Half {
    amount: f64,
    evses: usize,
    registered: f64,
    reported: f64,
    /// Of each charge point, by id.
    points: Vec<OfPoint>,
}

/// Id of a charge point, its amount and its reported days.
type OfPoint = (Arc<str>, (f64, f64));

/// The use of each charge point before and now, by id.
fn points(before: &[OfPoint], now: &[OfPoint]) -> Vec<PointUse> {
    let mut found = Vec::with_capacity(before.len().max(now.len()));
    let (mut before, mut now) = (before.iter().peekable(), now.iter().peekable());
    loop {
        let order = match (before.peek(), now.peek()) {
            (Some((earlier, _)), Some((later, _))) => earlier.cmp(later),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => return found,
        };
        let mut point = PointUse::default();
        if let Some((_, known)) = before.next_if(|_| order.is_le()) {
            point.before = *known;
        }
        if let Some((_, known)) = now.next_if(|_| order.is_ge()) {
            point.now = *known;
        }
        found.push(point);
    }
}

impl Half {
    fn coverage(&self) -> Option<f64> {
        (self.registered > 0.0).then(|| self.reported / self.registered)
    }
}

/// The period, or its last year where it is longer: compared with the year before it would be compared in part with itself.
fn last_of(period: &Period) -> Period {
    let year = if period.is_whole_months() {
        period.last.first_of_month().checked_sub(11.months())
    } else {
        period.last.checked_sub(364.days())
    };
    Period { first: year.map_or(period.first, |first| first.max(period.first)), last: period.last }
}

/// Why there is no growth to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::patterns) enum NoGrowth {
    /// The metric is no amount, and none stands behind it.
    NoAmount,
    /// The data does not hold the year before from end to end.
    NotHeld(Period),
    /// Nothing was reported on.
    Nothing,
}

impl std::fmt::Display for NoGrowth {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoAmount => to.write_str("A mean has no total that could grow."),
            Self::NotHeld(before) => {
                write!(
                    to,
                    "The data does not hold all of the year before, {} to {}.",
                    day(before.first),
                    day(before.last)
                )
            }
            Self::Nothing => to.write_str("No charge point here was reported on."),
        }
    }
}

/// Growth of a measure, in the period or its last year, on the year before; or why there is none.
pub(in crate::patterns) async fn growth(
    source: &Source<'_>,
    measure: &Measure,
    period: &Period,
) -> Result<Result<Growth, NoGrowth>, EngineError> {
    let period = &last_of(period);
    let before = period.last_year();
    let Some(amount) = measure.amount else { return Ok(Err(NoGrowth::NoAmount)) };
    if !source.holds(&before) {
        return Ok(Err(NoGrowth::NotHeld(before)));
    }
    let (earlier, later) = (half(source, amount, &before).await?, half(source, amount, period).await?);
    if later.evses == 0 {
        return Ok(Err(NoGrowth::Nothing));
    }
    let comparison = source.engine.comparison(source.snapshot, source.query, (period, &before), source.viewer).await?;
    let is_told = comparison.comparable && earlier.amount > 0.0;
    let same = like_for_like(&points(&earlier.points, &later.points), (days(&before), days(period)));
    Ok(Ok(Growth {
        amount: amount.metric_id(),
        from: period.first,
        to: period.last,
        before_from: before.first,
        before_to: before.last,
        now: later.amount,
        before: earlier.amount,
        change: is_told.then(|| later.amount / earlier.amount - 1.0),
        comparison,
        evses_now: later.evses,
        evses_before: earlier.evses,
        coverage_now: later.coverage(),
        coverage_before: earlier.coverage(),
        like_for_like: same.map(|same| LikeForLike {
            evses: same.evses,
            now: same.now,
            before: same.before,
            change: same.change,
        }),
    }))
}

async fn half(source: &Source<'_>, amount: Amount, period: &Period) -> Result<Half, EngineError> {
    let mut half = Half::default();
    for member in source.by_member(Dimension::Evse, period).await? {
        half.registered += member.sums.of(Additive::RegisteredDays);
        half.reported += member.sums.of(Additive::ReportedRegisteredDays);
        if !member.is_known() {
            continue;
        }
        half.amount += amount.of(&member.sums);
        half.evses += 1;
        // Days on which the clocks change are not of 24 hours.
        let reported_days = (member.sums.of(Additive::AvailableS) / 86_400.0).round();
        half.points.push((member.id, (amount.of(&member.sums), reported_days)));
    }
    Ok(half)
}

#[expect(clippy::cast_precision_loss, reason = "days of a period")]
fn days(period: &Period) -> f64 {
    period.days() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_more_than_a_year_the_last_one_is_compared() {
        let of = |text: &str| Period::parse(text).map(|period| last_of(&period).to_string()).unwrap_or_default();
        assert_eq!(of("2019-01..2020-03"), "2019-04-01..2020-03-31");
        assert_eq!(of("2024"), "2024-01-01..2024-12-31");
        assert_eq!(of("2017-12-02..2020-03-30"), "2019-04-01..2020-03-30");
        assert_eq!(of("2018-06-06..2018-09-06"), "2018-06-06..2018-09-06");
    }
}
