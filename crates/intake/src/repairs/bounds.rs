//! Within which days the rows of a file are expected: the declared period, and the months of rows whose date has one reading only.

use std::collections::BTreeMap;

use kerbwatt_model::{Period, day_number};

use super::civil_days;
use super::day_month::CLEAR_ROWS;
use super::facts::Fact;

/// Within which days rows are expected.
pub(super) struct Bounds {
    /// The declared period, where the rows with one reading only are within.
    declared: Option<(i64, i64)>,
    /// Months of the rows with one reading only, and a month around: a period may end before the twelfth.
    months: Option<(i32, i32)>,
}

impl Bounds {
    pub(super) fn of(rows: &[Fact], period: Option<Period>) -> Self {
        let clear = || rows.iter().map(Fact::day).filter(|day| civil_days::is_clear(*day));
        let count = clear().count() as u64;
        if count < CLEAR_ROWS {
            return Self { declared: None, months: None };
        }
        let declared =
            period.map(|period| (day_number(period.first), day_number(period.last))).filter(|(first, last)| {
                let inside = clear().filter(|day| (first..=last).contains(&day)).count() as u64;
                inside * 10 >= count * 9
            });
        let mut by_month = BTreeMap::<i32, u64>::new();
        clear().filter_map(civil_days::month).for_each(|month| *by_month.entry(month).or_default() += 1);
        let first = beyond(by_month.iter(), count);
        let months = first.zip(beyond(by_month.iter().rev(), count));
        Self { declared, months: months.map(|(first, last)| (first - 1, last + 1)) }
    }

    pub(super) fn is_outside_declared(&self, day: i64) -> bool {
        self.declared.is_some_and(|(first, last)| !(first..=last).contains(&day))
    }

    pub(super) fn is_outside_months(&self, day: i64) -> bool {
        self.months.zip(civil_days::month(day)).is_some_and(|((first, last), month)| !(first..=last).contains(&month))
    }

    /// Outside whatever is known.
    pub(super) fn is_outside_all(&self, day: i64) -> bool {
        self.is_outside_months(day) && (self.declared.is_none() || self.is_outside_declared(day))
    }
}

/// The first month after those of rows that may just have a wrong clock: one in two hundred.
fn beyond<'m>(mut months: impl Iterator<Item = (&'m i32, &'m u64)>, count: u64) -> Option<i32> {
    let mut passed = 0;
    let found = months.find(|(_, rows)| {
        passed += **rows;
        passed * 200 > count
    });
    found.map(|(month, _)| *month)
}
