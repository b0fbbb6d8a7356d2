//! Starts far from nearly all others of a return: mostly a mistyped year, or a charge point whose clock was lost. The return would seem
//! to cover all days in between.

use std::ops::RangeInclusive;

use super::Check;
use super::across::found;
use crate::Severity;

pub(crate) static FAR: Check = found(
    "far_from_the_rest",
    Severity::Warning,
    "Start far from those of nearly all other rows",
    "Check the year, and the clock of the charge point; if they are right, send those rows as a return of their own, so that no return covers \
     the days in between.",
);

/// Days without a start that divide a return: a year that is wrong by one leaves as many in a return of a quarter.
const GAP_DAYS: i64 = 270;
/// One row of so many may be far from the rest; more are no mistake.
const FEW: usize = 20;
/// Rows among which a single one may be far from the rest.
const LEAST_ROWS: usize = 5;
const DAY_S: i64 = 86_400;

/// The seconds within which nearly all starts are, where a few are far from them; `starts` are seconds since 1970.
pub(crate) fn bulk(starts: &[i64]) -> Option<RangeInclusive<i64>> {
    let day = |at: &i64| at.div_euclid(DAY_S);
    let (first, last) = (starts.iter().min().map(day)?, starts.iter().max().map(day)?);
    if last - first <= GAP_DAYS {
        return None;
    }
    let mut by_day = vec![0_usize; usize::try_from(last - first + 1).ok()?];
    for day in starts.iter().map(day) {
        if let Some(count) = usize::try_from(day - first).ok().and_then(|at| by_day.get_mut(at)) {
            *count += 1;
        }
    }
    let (rows, span) = stretches(first, &by_day).into_iter().max_by_key(|(rows, _)| *rows)?;
    let others = starts.len() - rows;
    let are_few = others * FEW <= starts.len() || (others == 1 && starts.len() >= LEAST_ROWS);
    (others > 0 && are_few).then(|| span.start() * DAY_S..=(span.end() + 1) * DAY_S - 1)
}

/// Starts between the gaps, and first to last day of each stretch.
fn stretches(first: i64, by_day: &[usize]) -> Vec<(usize, RangeInclusive<i64>)> {
    let mut found: Vec<(usize, RangeInclusive<i64>)> = Vec::new();
    for (day, count) in (first..).zip(by_day).filter(|(_, count)| **count > 0) {
        match found.last_mut().filter(|(_, span)| day - span.end() <= GAP_DAYS) {
            Some((rows, span)) => {
                *rows += count;
                *span = *span.start()..=day;
            }
            None => found.push((*count, day..=day)),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn starts(days: &[i64]) -> Vec<i64> {
        days.iter().map(|day| day * DAY_S + 3600).collect()
    }

    #[test]
    fn a_few_starts_behind_a_gap_are_far_and_a_long_history_is_not() {
        let month: Vec<i64> = (20_000..20_030).collect();
        let with = |more: &[i64]| bulk(&starts(&[&month, more].concat()));
        let span = 20_000 * DAY_S..=20_030 * DAY_S - 1;
        assert_eq!(with(&[]), None);
        assert_eq!(with(&[19_650]), Some(span.clone()), "the year before");
        assert_eq!(with(&[23_650]), Some(span), "ten years later");
        assert_eq!(with(&[19_800]), None, "half a year is no mistake");
        assert_eq!(with(&[19_650, 19_651, 19_652]), None, "several are none either");
        let history: Vec<i64> = (0..60).map(|month| 18_000 + month * 30).collect();
        assert_eq!(bulk(&starts(&history)), None);
        assert_eq!((bulk(&[]), bulk(&starts(&[5])), bulk(&starts(&[5, 5_000]))), (None, None, None));
    }
}
