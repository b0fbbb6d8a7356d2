//! The rhythm of the week: use differs from day to day of the week, and dates with one reading only show how.

use std::collections::BTreeMap;

use super::civil_days;
use super::facts::{Fact, Sides};

/// Clear rows needed to know the rhythm.
const CLEAR_ROWS: u64 = 400;
/// Days needed to compare.
const DAYS: usize = 40;
/// Standard deviations from which a fit is no accident, and by which one must fit better than the other.
const FITS: f64 = 4.5;
const BETTER: f64 = 4.0;

/// How well the days of the week fit the rhythm of the clear rows, in standard deviations from no fit at all.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Fit {
    pub(super) before: f64,
    pub(super) after: f64,
}

impl Fit {
    /// Whether the exchange fits, or that it does not; 0 where it says nothing.
    pub(super) fn says(self) -> i8 {
        let is_clear = |one: f64, other: f64| one >= FITS && one - other >= BETTER;
        i8::from(is_clear(self.after, self.before)) - i8::from(is_clear(self.before, self.after))
    }
}

/// How well the days of the rows that would change fit, both ways. None where there is too little to compare.
///
/// Each day is one observation, because sessions of one day are not independent: the logarithm of how many sessions it has,
/// correlated with that of its day of the week among clear rows. Without any relation the coefficient is spread around 0 by one over the
/// root of the number of days, less one for each month of which the mean is taken away.
pub(super) fn fit(rows: &[Fact], sides: Sides) -> Option<Fit> {
    let mut clear = [0u64; 7];
    let mut by_day = BTreeMap::<i64, u64>::new();
    for fact in rows {
        let day = fact.day();
        if civil_days::is_clear(day) {
            clear[weekday(day)] += 1;
        } else if sides.start && civil_days::swapped(day) != day {
            *by_day.entry(day).or_default() += 1;
        }
    }
    if clear.iter().sum::<u64>() < CLEAR_ROWS || by_day.len() < DAYS {
        return None;
    }
    let usual = clear.map(|count| (count as f64 + 1.0).ln());
    let observed = |read: fn(i64) -> i64| {
        let of_days = by_day.iter().map(|(day, count)| (read(*day), (*count as f64).ln()));
        let values: Vec<_> =
            of_days.map(|(day, count)| (civil_days::month(day).unwrap_or(0), count, usual[weekday(day)])).collect();
        let (differences, freedom) = within_months(&values);
        correlation(&differences).map(|coefficient| coefficient * freedom.sqrt())
    };
    Some(Fit { before: observed(|day| day)?, after: observed(civil_days::swapped)? })
}

/// Both values as differences from the mean of their month, because use grows from month to month, and that is not what is asked;
/// and how many of them are free.
fn within_months(values: &[(i32, f64, f64)]) -> (Vec<(f64, f64)>, f64) {
    let mut months = BTreeMap::<i32, (f64, f64, f64)>::new();
    for (month, x, y) in values {
        let sums = months.entry(*month).or_default();
        *sums = (sums.0 + 1.0, sums.1 + x, sums.2 + y);
    }
    let mean = |month: &i32| months.get(month).map_or((0.0, 0.0), |(count, x, y)| (x / count, y / count));
    let differences = values.iter().map(|(month, x, y)| (x - mean(month).0, y - mean(month).1)).collect();
    (differences, values.len().saturating_sub(months.len()) as f64)
}

/// Pearson's coefficient of values whose means are 0; none where one side does not vary.
fn correlation(pairs: &[(f64, f64)]) -> Option<f64> {
    let sums = pairs.iter().fold([0.0; 3], |[xx, yy, xy], (x, y)| [xx + x * x, yy + y * y, xy + x * y]);
    let spread = (sums[0] * sums[1]).sqrt();
    (spread > 1e-12).then(|| sums[2] / spread)
}

fn weekday(day: i64) -> usize {
    usize::try_from(day.rem_euclid(7)).unwrap_or(0)
}
