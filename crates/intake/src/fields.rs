//! Reading single cells: numbers, dates, clocks, durations.

mod amounts;
mod days;
mod durations;
mod moments;
mod serials;

use jiff::civil::{Date, DateTime, Time};

pub(crate) use amounts::{Fee, energy_kwh, fee};
pub(crate) use days::{is_end_of_day, is_named};
pub(crate) use durations::{duration_s, says_its_unit};
pub(crate) use moments::{Moment, day_of, moment, ordered};
pub(crate) use serials::serial;

/// The text without blanks around it. Most cells have none, and show it by their first and last byte.
pub(crate) fn trimmed(text: &str) -> &str {
    match text.as_bytes() {
        [only] if only.is_ascii_graphic() => text,
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        _ => text.trim(),
    }
}
/// No measurement is as large: sums of as many as there are rows stay numbers.
const LARGEST: f64 = 1e15;

/// A number as people and programs write it: `7.25`, `7,25`, `1,430.17`, `1.430,17`, `£3.20`.
///
/// Of two different separators the last is the decimal one; a lone comma is one only if `comma_is_decimal`. Other separators
/// must stand between groups of three digits: what looks like neither is refused rather than guessed.
pub(crate) fn number(cell: &str, comma_is_decimal: bool) -> Option<f64> {
    let text = trimmed(cell);
    let text = if text.starts_with(|first: char| first.is_ascii_digit() || first == '-') {
        text
    } else {
        text.trim_start_matches(['£', '€', '$']).trim()
    };
    if let Ok(plain) = text.parse::<f64>() {
        // `inf` and `nan` are words to Rust, not measurements.
        return (plain.abs() < LARGEST && text.bytes().any(|b| b.is_ascii_digit())).then_some(plain);
    }
    let decimal = match (text.rfind('.'), text.rfind(',')) {
        (Some(dot), Some(comma)) => Some(dot.max(comma)),
        (None, Some(comma)) if comma_is_decimal && text.matches(',').count() == 1 => Some(comma),
        (Some(dot), None) if text.matches('.').count() == 1 => Some(dot),
        _ => None,
    };
    let (whole, fraction) = decimal.map_or((text, ""), |at| (&text[..at], &text[at + 1..]));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    let is_fraction = fraction.bytes().all(|b| b.is_ascii_digit());
    let value: f64 = format!("{sign}{}.{fraction}", grouped(digits)?).parse().ok()?;
    (is_fraction && value.abs() < LARGEST).then_some(value)
}

/// Digits without the separators between groups of three; none when they are not such groups.
fn grouped(digits: &str) -> Option<String> {
    let separator = digits.chars().find(|letter| matches!(letter, '.' | ',' | ' ')).unwrap_or(',');
    let groups: Vec<&str> = digits.split(separator).collect();
    let is_number = groups.iter().all(|group| !group.is_empty() && group.bytes().all(|b| b.is_ascii_digit()));
    // Nobody writes a thousand with a zero before it: `0,532` has a decimal comma.
    let is_first = |group: &str| group.len() <= 3 && !group.starts_with('0');
    let is_grouped = groups.len() == 1 || (is_first(groups[0]) && groups[1..].iter().all(|group| group.len() == 3));
    (is_number && is_grouped).then(|| groups.concat())
}

/// Which of day and month is written first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    DayFirst,
    MonthFirst,
}

/// The three numbers of a date and whether the year comes first.
fn parts(text: &str) -> Option<([i16; 3], bool)> {
    let mut numbers = [0i16; 3];
    let mut pieces = trimmed(text).split(['/', '-', '.']);
    let mut is_year_first = false;
    for (at, number) in numbers.iter_mut().enumerate() {
        let piece = pieces.next()?;
        let is_whole = !piece.is_empty() && piece.len() <= 4 && piece.bytes().all(|b| b.is_ascii_digit());
        if !is_whole {
            return None;
        }
        is_year_first |= at == 0 && piece.len() == 4;
        *number = piece.parse().ok()?;
        let is_two_digit_year = at == 2 && piece.len() == 2 && !is_year_first;
        *number += if is_two_digit_year { 2000 } else { 0 };
    }
    pieces.next().is_none().then_some((numbers, is_year_first))
}

/// A date such as `06/09/2018`, `06-09-18`, `9/13/2018` or `2018-09-06`; the year first needs no order, and neither does the name
/// of a month.
pub(crate) fn date(text: &str, order: Order) -> Option<Date> {
    let Some(([first, second, third], is_year_first)) = parts(text) else { return days::other_date(text, order) };
    let small = |number: i16| i8::try_from(number).ok();
    match (is_year_first, order) {
        (true, _) => Date::new(first, small(second)?, small(third)?).ok(),
        (false, Order::DayFirst) => Date::new(third, small(second)?, small(first)?).ok(),
        (false, Order::MonthFirst) => Date::new(third, small(first)?, small(second)?).ok(),
    }
}

/// The order that a date shows by itself; none where both readings are dates.
pub(crate) fn shown_order(text: &str) -> Option<Order> {
    match (date(text, Order::DayFirst), date(text, Order::MonthFirst)) {
        (Some(_), None) => Some(Order::DayFirst),
        (None, Some(_)) => Some(Order::MonthFirst),
        _ => None,
    }
}

/// Whether the date of a cell is one in both orders, and another one in each.
pub(crate) fn fits_both_orders(text: &str) -> bool {
    let day = day_of(text);
    let both = [Order::DayFirst, Order::MonthFirst].map(|order| date(day, order));
    both[0].is_some() && both[1].is_some() && both[0] != both[1]
}

/// A clock such as `7:03`, `07:03`, `07:03:20`, `07:03:20.125` (the fraction is left off), `5:49 PM` or `5:49 p.m.`.
pub(crate) fn time(text: &str) -> Option<Time> {
    let lower = trimmed(text).to_ascii_lowercase();
    let ends_in = |ends: [&str; 2]| ends.into_iter().find_map(|end| lower.strip_suffix(end));
    let (clock, afternoon) = match (ends_in(["pm", "p.m."]), ends_in(["am", "a.m."])) {
        (Some(clock), _) => (clock, Some(true)),
        (_, Some(clock)) => (clock, Some(false)),
        _ => (lower.as_str(), None),
    };
    let (clock, fraction) = clock.trim().split_once('.').unwrap_or((clock.trim(), ""));
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) || (!fraction.is_empty() && clock.matches(':').count() < 2) {
        return None;
    }
    let mut numbers = [0i8; 3];
    let mut count = 0;
    for piece in clock.split(':') {
        let is_whole = (1..=2).contains(&piece.len()) && piece.bytes().all(|b| b.is_ascii_digit());
        *numbers.get_mut(count).filter(|_| is_whole)? = piece.parse().ok()?;
        count += 1;
    }
    let [mut hour, minute, second] = numbers;
    if let Some(afternoon) = afternoon {
        if !(1..=12).contains(&hour) {
            return None;
        }
        hour = hour % 12 + if afternoon { 12 } else { 0 };
    }
    (count >= 2).then(|| Time::new(hour, minute, second, 0).ok()).flatten()
}

/// A date and a clock in one cell, mostly divided by a blank or a `T`.
pub(crate) fn date_time(text: &str, order: Order) -> Option<DateTime> {
    let usual = |(day, clock): (&str, &str)| days::at(date(day, order)?, clock, time);
    trimmed(text).split_once([' ', 'T']).and_then(usual).or_else(|| days::other_date_time(text, order))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date as day;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (text, comma_is_decimal, value) in [
            ("7.25", false, Some(7.25)),
            ("7,25", true, Some(7.25)),
            ("1,430", false, Some(1430.0)),
            ("1,430.17", false, Some(1430.17)),
            ("1.430,17", true, Some(1430.17)),
            ("-0.5", false, Some(-0.5)),
            ("£3.20", false, Some(3.2)),
            (" 12 ", false, Some(12.0)),
            ("", false, None),
            ("inf", false, None),
            ("nan", false, None),
            ("12 kWh", false, None),
            ("2,418", false, Some(2418.0)),
            ("-1,234,567.5", false, Some(-1_234_567.5)),
            ("1 234,5", true, Some(1234.5)),
            ("1.234.567", false, Some(1_234_567.0)),
            ("1.2.3", false, None),
            ("1,2", false, None),
            ("7,25", false, None),
            ("1,430,1", false, None),
            ("0,532", false, None),
            ("0,532", true, Some(0.532)),
            ("-0,532", false, None),
            ("012,532", false, None),
            ("1e999", false, None),
        ] {
            assert_eq!(number(text, comma_is_decimal), value, "{text}");
        }
        assert_eq!(number(&format!("1,{}", "0".repeat(400)), false), None, "not to infinity");
        assert_eq!(number(&format!("1{}", ",000".repeat(200)), false), None, "not to infinity");
    }

    #[test]
    fn dates_are_read_in_either_order_and_only_if_they_exist() {
        assert_eq!(date("06/09/2018", Order::DayFirst), Some(day(2018, 9, 6)));
        assert_eq!(date("06/09/2018", Order::MonthFirst), Some(day(2018, 6, 9)));
        assert_eq!(date("01-03-24", Order::DayFirst), Some(day(2024, 3, 1)));
        assert_eq!(date("2018-09-06", Order::DayFirst), Some(day(2018, 9, 6)));
        for wrong in ["31/02/2018", "1/2", "a/b/c", "1/2/3/4", "", "2018", "12345/1/1"] {
            assert_eq!(date(wrong, Order::DayFirst), None, "{wrong}");
        }
        assert_eq!(shown_order("1/13/2018"), Some(Order::MonthFirst));
        assert_eq!(shown_order("13/01/2018"), Some(Order::DayFirst));
        assert_eq!(shown_order("02/01/2018"), None);
    }

    #[test]
    fn clocks_have_12_or_24_hours() {
        let clock = |hour, minute, second| Time::new(hour, minute, second, 0).ok();
        for (text, read) in [
            ("7:03", clock(7, 3, 0)),
            ("23:59:58", clock(23, 59, 58)),
            ("5:49 PM", clock(17, 49, 0)),
            ("12:00 AM", clock(0, 0, 0)),
            ("12:30pm", clock(12, 30, 0)),
            ("5:49 p.m.", clock(17, 49, 0)),
            ("07:03:20.125", clock(7, 3, 20)),
            ("07:03.5", None),
            ("24:00", None),
            ("13:00 PM", None),
            ("7", None),
            ("7:3:2:1", None),
        ] {
            assert_eq!(time(text), read, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_without_harm(text in "\\PC{0,24}") {
            let _ = (number(&text, true), date(&text, Order::DayFirst), time(&text), date_time(&text, Order::MonthFirst));
            let _ = (shown_order(&text), durations::clock_s(&text));
        }

        #[test]
        fn a_written_date_is_read_back(days in 0i64..40_000) {
            let written = kerbwatt_model::day_of_number(days);
            let text = written.strftime("%d/%m/%Y").to_string();
            prop_assert_eq!(date(&text, Order::DayFirst), Some(written));
            let text = written.strftime("%-m/%-d/%Y").to_string();
            prop_assert_eq!(date(&text, Order::MonthFirst), Some(written));
        }
    }
}
