//! The buckets of a question's days and hours, numbered.

use std::collections::HashMap;

use kerbwatt_model::{Dimension, Period};

use crate::bucket::{self, number};
use crate::groups::OUT;
use crate::sums::Key;

/// Hours of a week, of which tables by hours keep each.
const HOURS: usize = 168;

/// The buckets that a day, and an hour of the week, fall into, worked out once for the period.
pub(crate) struct Buckets<'a> {
    times: &'a [Dimension],
    first: i32,
    /// Of each day from the first: the number of its buckets.
    of_day: Vec<usize>,
    /// Buckets of days, by their number.
    pub(crate) days: Vec<Vec<i32>>,
    /// Of each hour of the week: the number of its buckets.
    of_how: [usize; HOURS],
    /// Buckets of hours of the week, by their number.
    pub(crate) hows: Vec<Vec<i32>>,
}

/// Whether a bucket is told by the day.
fn is_of_day(time: Dimension) -> bool {
    !matches!(time, Dimension::HourOfWeek | Dimension::HourOfDay)
}

/// Whether a bucket is told by the hour of the week. Hours of the world are told by both.
fn is_of_how(time: Dimension) -> bool {
    matches!(time, Dimension::HourOfWeek | Dimension::HourOfDay | Dimension::Hour)
}

impl<'a> Buckets<'a> {
    /// Those of a table's rows: tables by month keep the first day of each.
    pub(crate) fn of(times: &'a [Dimension], period: &Period, table: &str) -> Self {
        let first = if table.contains("month") { period.first.first_of_month() } else { period.first };
        Self::of_days(times, &Period { first, ..*period })
    }

    /// Those of the days of a period.
    pub(crate) fn of_days(times: &'a [Dimension], period: &Period) -> Self {
        let first = number(period.first);
        let mut numbered = Numbered::default();
        let of_days = |day: i32| -> Vec<i32> {
            times.iter().filter(|time| is_of_day(**time)).map(|time| bucket::of_day(*time, day)).collect()
        };
        let of_day = (first..=number(period.last)).map(|day| numbered.number(of_days(day))).collect();
        let mut hours = Numbered::default();
        let of_how = std::array::from_fn(|how| {
            let how = i32::try_from(how).unwrap_or(0);
            let of = |time: &Dimension| if *time == Dimension::HourOfWeek { how } else { how % 24 };
            hours.number(times.iter().filter(|time| is_of_how(**time)).map(of).collect())
        });
        Self { times, first, of_day, days: numbered.all, of_how, hows: hours.all }
    }

    /// How many buckets there are.
    pub(crate) fn count(&self) -> usize {
        self.days.len() * self.hows.len()
    }

    /// The number of a day's buckets; none outside the period.
    pub(crate) fn day(&self, day: i32) -> Option<usize> {
        let at = usize::try_from(i64::from(day) - i64::from(self.first)).ok()?;
        self.of_day.get(at).copied()
    }

    /// The number of an hour's buckets.
    pub(crate) fn how(&self, how: u8) -> usize {
        self.of_how.get(usize::from(how)).copied().unwrap_or(0)
    }

    /// Runs of days, one after the other, that fall into the same buckets: their number, and the first and last day of each.
    pub(crate) fn runs(&self) -> Vec<(usize, i32, i32)> {
        let mut runs: Vec<(usize, i32, i32)> = Vec::new();
        for (day, bucket) in (self.first..).zip(&self.of_day) {
            match runs.last_mut() {
                Some((known, _, last)) if known == bucket => *last = day,
                _ => runs.push((*bucket, day, day)),
            }
        }
        runs
    }

    /// Writes group and buckets of a cell.
    pub(crate) fn fill(&self, key: &mut Key, cell: usize) {
        let (group, bucket) = (cell / self.count(), cell % self.count());
        let (day, how) = (bucket / self.hows.len(), bucket % self.hows.len());
        let (mut days, mut hows) = (self.days[day].iter(), self.hows[how].iter());
        key.clear();
        key.push(i32::try_from(group).unwrap_or(OUT));
        for time in self.times {
            let next = |is_told: bool, buckets: &mut std::slice::Iter<'_, i32>| {
                if is_told { buckets.next().copied().unwrap_or_default() } else { 0 }
            };
            let (day, how) = (next(is_of_day(*time), &mut days), next(is_of_how(*time), &mut hows));
            key.push(if *time == Dimension::Hour { day * 24 + how } else { day + how });
        }
    }
}

/// Different buckets, numbered as they come.
#[derive(Default)]
struct Numbered {
    all: Vec<Vec<i32>>,
    numbers: HashMap<Vec<i32>, usize>,
}

impl Numbered {
    fn number(&mut self, buckets: Vec<i32>) -> usize {
        let all = &mut self.all;
        *self.numbers.entry(buckets).or_insert_with_key(|buckets| {
            all.push(buckets.clone());
            all.len() - 1
        })
    }
}
