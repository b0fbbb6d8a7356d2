//! The days of two periods beside each other, as sets.

use jiff::ToSpan;
use jiff::civil::Date;
use kerbwatt_model::Period;

use crate::bucket::number;
use crate::known::Known;

/// A set of days of a period, by their place in it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Days(Vec<u64>);

impl Days {
    pub(super) fn none(days: usize) -> Self {
        Self(vec![0; days.div_ceil(64)])
    }

    /// Those among `days` for which something holds.
    pub(super) fn where_each(days: &[i32], holds: impl Fn(i32) -> bool) -> Self {
        let mut found = Self::none(days.len());
        for (at, _) in days.iter().enumerate().filter(|(_, day)| holds(**day)) {
            found.0[at / 64] |= 1 << (at % 64);
        }
        found
    }

    /// How many words of 64 days it is kept in.
    pub(super) fn words(&self) -> usize {
        self.0.len()
    }

    /// One of them.
    pub(super) fn word(&self, at: usize) -> u64 {
        self.0.get(at).copied().unwrap_or(0)
    }

    /// Adds the days of one of them.
    pub(super) fn add(&mut self, at: usize, word: u64) {
        if let Some(known) = self.0.get_mut(at) {
            *known |= word;
        }
    }

    pub(super) fn count(&self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }

    /// How many are in both.
    pub(super) fn count_both(&self, other: &Self) -> u32 {
        self.0.iter().zip(&other.0).map(|(a, b)| (a & b).count_ones()).sum()
    }
}

/// Days one after the other, by their places in a period.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run {
    begin: usize,
    end: usize,
}

impl Run {
    /// Those of `days`, which are in order, from one day to another. Most charge points are in service throughout.
    pub(super) fn within(days: &[i32], from: i32, to: i32) -> Self {
        let is_all = days.first().is_some_and(|first| from <= *first) && days.last().is_some_and(|last| *last <= to);
        if is_all {
            return Self { begin: 0, end: days.len() };
        }
        Self { begin: days.partition_point(|day| *day < from), end: days.partition_point(|day| *day <= to) }
    }

    /// Its days among the 64 of a word.
    pub(super) fn word(self, at: usize) -> u64 {
        let below = |bound: usize| match bound.saturating_sub(at * 64) {
            0 => 0,
            bits if bits >= 64 => u64::MAX,
            bits => (1 << bits) - 1,
        };
        below(self.end) & !below(self.begin)
    }
}

/// Days of a period, each with its counterpart in an earlier one: the same date where that is the year before, else the day at
/// the same place. A 29 February has none.
pub(super) fn counterparts(now: &Period, before: &Period) -> (Vec<i32>, Vec<i32>) {
    if *before == now.last_year() {
        let year_before = |day: Date| day.checked_sub(1.year()).ok().filter(|before| before.day() == day.day());
        return now.iter_days().filter_map(|day| Some((number(day), number(year_before(day)?)))).unzip();
    }
    now.iter_days().zip(before.iter_days()).map(|(day, counterpart)| (number(day), number(counterpart))).unzip()
}

/// The days among `days` that a member's operator reported.
pub(super) fn reported(known: &Known, member: usize, days: &[i32]) -> Days {
    Days::where_each(days, |day| known.has(member, day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_from_one_to_another_are_those_and_no_others() {
        let days: Vec<i32> = (100..300).collect();
        for (from, to) in [(100, 299), (0, 1000), (163, 164), (164, 164), (227, 228), (150, 149), (301, 400)] {
            let run = Run::within(&days, from, to);
            let mut found = Days::none(days.len());
            (0..found.words()).for_each(|at| found.add(at, run.word(at)));
            let expected = Days::where_each(&days, |day| from <= day && day <= to);
            assert_eq!(found, expected, "{from} to {to}");
            assert_eq!(found.count() as usize, days.iter().filter(|day| (from..=to).contains(*day)).count());
        }
    }

    #[test]
    fn the_counterpart_of_a_day_is_its_date_a_year_before_or_else_its_place() {
        let of = |now: &str, before: &str| {
            let parse = |text: &str| Period::parse(text).ok();
            let (days, then) = parse(now).zip(parse(before)).map(|(now, before)| counterparts(&now, &before))?;
            Some((days.len(), then.first().copied()?, then.last().copied()?))
        };
        let day = |text: &str| text.parse().map(number).ok();
        assert_eq!(of("2025-02", "2024-02"), day("2024-02-01").zip(day("2024-02-28")).map(|(a, b)| (28, a, b)));
        assert_eq!(of("2024-02", "2023-02"), day("2023-02-01").zip(day("2023-02-28")).map(|(a, b)| (28, a, b)));
        assert_eq!(of("2025-03", "2025-02"), day("2025-02-01").zip(day("2025-02-28")).map(|(a, b)| (28, a, b)));
    }
}
