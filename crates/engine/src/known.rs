//! On which days, or in which months, an operator's live EVSEs have some of a sum: what is reported, and what reports say.

use kerbwatt_model::{Additive, Dimension, Period};

use crate::bucket::number;
use crate::groups::Groups;
use crate::sums::{Ask, of_rollup};
use crate::tables::Tables;
use crate::{EngineError, Route, Snapshot};

/// Buckets of time in which an operator has some of a sum.
#[derive(Debug)]
pub(crate) struct Known {
    /// Number of each member's operator, by the member's index.
    operator_of: Vec<usize>,
    /// First day of all.
    first: i32,
    /// For each operator, for each day from the first: whether the bucket that begins then has some.
    has: Vec<Vec<bool>>,
}

impl Known {
    /// Days that accepted returns cover.
    pub(crate) async fn reported(tables: &Tables, snapshot: &Snapshot, period: &Period) -> Result<Self, EngineError> {
        Self::read(tables, snapshot, Additive::AvailableS, (Route::CubeDay, Dimension::Day), period).await
    }

    /// As [`Known::reported`], of all days with data: what a period is compared with lies anywhere, and a snapshot does not change.
    pub(crate) async fn all_reported<'s>(tables: &Tables, snapshot: &'s Snapshot) -> Result<&'s Self, EngineError> {
        let read = async || match snapshot.days.and_then(|(first, last)| Period::new(first, last).ok()) {
            Some(all) => Self::reported(tables, snapshot, &all).await,
            None => Ok(Self { operator_of: Vec::new(), first: 0, has: Vec::new() }),
        };
        snapshot.reported.get_or_try_init(read).await
    }

    /// Months in which the end of charging is reported.
    pub(crate) async fn ends(tables: &Tables, snapshot: &Snapshot, period: &Period) -> Result<Self, EngineError> {
        let (first, last) = (period.first.first_of_month(), period.last.last_of_month());
        let months = Period { first, last };
        Self::read(tables, snapshot, Additive::EndsAvailableS, (Route::CubeMonth, Dimension::Month), &months).await
    }

    async fn read(
        tables: &Tables,
        snapshot: &Snapshot,
        sum: Additive,
        (route, time): (Route, Dimension),
        period: &Period,
    ) -> Result<Self, EngineError> {
        let groups = Groups::operators_of_all(snapshot)?;
        let ask = Ask { snapshot, groups: &groups, times: &[time], period, sums: &[sum] };
        let sums = of_rollup(tables, route, &ask).await?;
        let first = number(period.first);
        let days = usize::try_from(period.days()).unwrap_or(0);
        let mut has = vec![vec![false; days]; groups.values.len()];
        for (key, found) in sums {
            let at = position(first, key[1]).zip(usize::try_from(key[0]).ok());
            if let Some((day, operator)) = at.filter(|_| found.of(sum) > 0.0)
                && let Some(known) = has.get_mut(operator).and_then(|days| days.get_mut(day))
            {
                *known = true;
            }
        }
        let operator_of = groups.of.iter().map(|group| usize::try_from(*group).unwrap_or(usize::MAX)).collect();
        Ok(Self { operator_of, first, has })
    }

    /// The number of a member's operator.
    pub(crate) fn operator(&self, member: usize) -> usize {
        self.operator_of.get(member).copied().unwrap_or(usize::MAX)
    }

    /// Whether the operator of a member has some in the bucket that begins on a day.
    pub(crate) fn has(&self, member: usize, day: i32) -> bool {
        let days = self.operator_of.get(member).and_then(|operator| self.has.get(*operator));
        position(self.first, day).zip(days).and_then(|(at, days)| days.get(at)).copied().unwrap_or(false)
    }

    /// Runs of days, from first to last, of which an operator has each; within two days.
    pub(crate) fn runs(&self, member: usize, from: i32, to: i32) -> Vec<(i32, i32)> {
        let mut runs: Vec<(i32, i32)> = Vec::new();
        for day in (from..=to).filter(|day| self.has(member, *day)) {
            match runs.last_mut() {
                Some((_, last)) if *last == day - 1 => *last = day,
                _ => runs.push((day, day)),
            }
        }
        runs
    }
}

fn position(first: i32, day: i32) -> Option<usize> {
    usize::try_from(day.checked_sub(first)?).ok()
}
