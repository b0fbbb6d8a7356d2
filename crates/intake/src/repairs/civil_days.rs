//! Civil days as numbers, and what day and month exchanged make of them, looked up instead of computed row by row.

use std::sync::OnceLock;

use jiff::civil::Date;
use kerbwatt_model::{day_number, day_of_number};

/// Seconds of a civil day, as a clock on the wall counts them.
pub(crate) const DAY_S: i64 = 86_400;

/// 1 January 2000 and the day after 31 December 2099: intake accepts no session beyond.
pub(super) const FIRST: i64 = 10_957;
pub(super) const END: i64 = 47_482;

/// What is known of a civil day.
#[derive(Clone, Copy)]
struct Known {
    /// The day with day and month exchanged; the same where that changes nothing or gives no date.
    swapped: i32,
    /// Months since year 0.
    month: i32,
    /// Whether the date has one reading only: a day after the twelfth.
    is_clear: bool,
}

fn table() -> &'static [Known] {
    static TABLE: OnceLock<Vec<Known>> = OnceLock::new();
    TABLE.get_or_init(|| (FIRST..END).map(|number| known(day_of_number(number))).collect())
}

fn known(day: Date) -> Known {
    let swapped = swapped_date(day).unwrap_or(day);
    Known {
        swapped: i32::try_from(day_number(swapped)).unwrap_or_default(),
        month: i32::from(day.year()) * 12 + i32::from(day.month()) - 1,
        is_clear: day.day() > 12,
    }
}

fn of(day: i64) -> Option<Known> {
    table().get(usize::try_from(day - FIRST).ok()?).copied()
}

/// A date with day and month exchanged, where that is another date.
pub(crate) fn swapped_date(day: Date) -> Option<Date> {
    if day.day() > 12 || day.day() == day.month() {
        return None;
    }
    Date::new(day.year(), day.day(), day.month()).ok()
}

/// The day with day and month exchanged; the same where that changes nothing.
pub(super) fn swapped(day: i64) -> i64 {
    of(day).map_or(day, |known| i64::from(known.swapped))
}

/// Civil seconds with day and month exchanged.
pub(super) fn swapped_s(at: i64) -> i64 {
    let day = at.div_euclid(DAY_S);
    at + (swapped(day) - day) * DAY_S
}

/// Months since year 0.
pub(super) fn month(day: i64) -> Option<i32> {
    of(day).map(|known| known.month)
}

/// Whether the day of the month is after the twelfth.
pub(super) fn is_clear(day: i64) -> bool {
    of(day).is_some_and(|known| known.is_clear)
}

/// Civil seconds as text, such as `2018-06-03 08:15`.
pub(super) fn shown(at: i64) -> String {
    let minutes = at.rem_euclid(DAY_S) / 60;
    format!("{} {:02}:{:02}", day_of_number(at.div_euclid(DAY_S)), minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn exchanging_twice_gives_the_same_day_and_clear_days_do_not_change() {
        for day in FIRST..END {
            assert_eq!(swapped(swapped(day)), day);
            assert!(!is_clear(day) || swapped(day) == day);
        }
        assert_eq!(swapped(day_number(date(2018, 3, 4))), day_number(date(2018, 4, 3)));
        assert_eq!(swapped(day_number(date(1970, 3, 4))), day_number(date(1970, 3, 4)), "outside the table");
    }

    #[test]
    fn seconds_keep_their_clock() {
        let at = day_number(date(2018, 3, 4)) * DAY_S + 8 * 3600 + 15 * 60;
        assert_eq!(shown(swapped_s(at)), "2018-04-03 08:15");
    }
}
