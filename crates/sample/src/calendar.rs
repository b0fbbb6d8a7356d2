//! Days as they matter for use: bank holidays, seasons, quarters.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use kerbwatt_model::Period;

/// What kind of day it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DayKind {
    /// An ordinary day.
    Ordinary,
    /// A bank holiday of England and Wales, without the two below.
    BankHoliday,
    /// 25 and 26 December.
    Christmas,
}

/// What kind of day it is.
pub(crate) fn kind_of(day: Date) -> DayKind {
    match (day.month(), day.day()) {
        (12, 25 | 26) => DayKind::Christmas,
        _ if is_bank_holiday(day) => DayKind::BankHoliday,
        _ => DayKind::Ordinary,
    }
}

/// By the rules since 1978; days that were moved or added once (coronations, jubilees) are left out.
fn is_bank_holiday(day: Date) -> bool {
    let monday = day.weekday() == Weekday::Monday;
    let weekend = |at: Date| matches!(at.weekday(), Weekday::Saturday | Weekday::Sunday);
    match (day.month(), day.day()) {
        (1, 1) => !weekend(day),
        (1, 2 | 3) => monday && weekend(day.first_of_month()),
        (3 | 4, _) => {
            let easter = easter(day.year());
            easter.checked_sub(2.days()).is_ok_and(|friday| friday == day) || easter.tomorrow().is_ok_and(|m| m == day)
        }
        (5, date) => monday && (date <= 7 || date > 24),
        (8, date) => monday && date > 24,
        (12, 27 | 28) => matches!(day.weekday(), Weekday::Monday | Weekday::Tuesday),
        _ => false,
    }
}

/// Easter Sunday (Meeus, Jones and Butcher).
fn easter(year: i16) -> Date {
    let year = i32::from(year);
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let days = h + l - 7 * m + 114;
    let first = Date::new(i16::try_from(year).unwrap_or(2000), 3, 1).unwrap_or(Date::MIN);
    let from_march = if days / 31 == 4 { 31 } else { 0 } + days % 31;
    first.checked_add(from_march.days()).unwrap_or(first)
}

/// The calendar quarters that a period touches, cut to it, in order.
pub(crate) fn quarters(period: Period) -> Vec<Period> {
    let mut quarters: Vec<Period> = Vec::new();
    for month in period.iter_months() {
        let (first, last) = (month.max(period.first), month.last_of_month().min(period.last));
        match quarters.last_mut() {
            Some(quarter) if (month.month() - 1) % 3 != 0 => quarter.last = last,
            _ => quarters.push(Period { first, last }),
        }
    }
    quarters
}

/// Name of the quarter of a day, such as `2024-q3`.
pub(crate) fn quarter_name(day: Date) -> String {
    format!("{}-q{}", day.year(), (day.month() - 1) / 3 + 1)
}

/// The same quarter as a number that counts on.
pub(crate) fn quarter_number(day: Date) -> u64 {
    let number = i64::from(day.year()) * 4 + i64::from((day.month() - 1) / 3);
    u64::try_from(number).unwrap_or(0)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_bank_holidays_of_2022_and_2025_are_known() {
        let holidays = |year: i16| -> Vec<(i8, i8)> {
            let year = Period::parse(&year.to_string()).unwrap();
            let free = year.iter_days().filter(|day| kind_of(*day) != DayKind::Ordinary);
            free.map(|day| (day.month(), day.day())).collect()
        };
        assert_eq!(holidays(2025), [(1, 1), (4, 18), (4, 21), (5, 5), (5, 26), (8, 25), (12, 25), (12, 26)]);
        assert_eq!(holidays(2022), [(1, 3), (4, 15), (4, 18), (5, 2), (5, 30), (8, 29), (12, 25), (12, 26), (12, 27)]);
    }

    #[test]
    fn easter_falls_on_known_days() {
        assert_eq!(easter(2024), date(2024, 3, 31));
        assert_eq!(easter(2038), date(2038, 4, 25));
    }

    #[test]
    fn quarters_cover_a_period_without_gap() {
        let period = Period::parse("2023-11-15..2024-08-10").unwrap();
        let text: Vec<String> = quarters(period).iter().map(ToString::to_string).collect();
        let expected =
            ["2023-11-15..2023-12-31", "2024-01-01..2024-03-31", "2024-04-01..2024-06-30", "2024-07-01..2024-08-10"];
        assert_eq!(text, expected);
    }
}
