//! Dates as spreadsheets count them: days since the end of 1899, with the clock as their fraction.

use jiff::ToSpan;
use jiff::civil::{DateTime, Time, date};

use super::days::clock_beside;
use super::trimmed;

/// 2000-01-01 and 2099-12-31: numbers beyond are no dates of charging.
const FIRST: f64 = 36_526.0;
const LAST: f64 = 73_050.0;

const DAY_S: f64 = 86_400.0;

/// What the arithmetic itself may be off by, seconds.
const ROUNDING_S: f64 = 0.001;

/// The civil time of a serial number, with its clock in a second cell where the layout splits them.
pub(crate) fn serial(day: &str, clock: Option<&str>) -> Option<DateTime> {
    let (whole, seconds) = days_and_seconds(day)?;
    let day = date(1899, 12, 30).checked_add(whole.days()).ok()?;
    let time = match clock {
        None => time_of(seconds)?,
        // A date with a clock of its own and another beside it contradict each other.
        Some(_) if seconds != 0 => return None,
        Some(clock) => clock_beside(clock).or_else(|| fraction(clock))?,
    };
    Some(day.to_datetime(time))
}

/// Whole days, and seconds of the day. Where a number has so few digits that a whole minute can be meant, that is what was rounded.
#[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
fn days_and_seconds(text: &str) -> Option<(i64, i64)> {
    let serial: f64 = plain(text)?;
    if !(FIRST..LAST).contains(&serial) {
        return None;
    }
    let seconds = nearest(serial * DAY_S, text) as i64;
    Some((seconds / 86_400, seconds % 86_400))
}

/// A clock as a fraction of the day.
#[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
fn fraction(text: &str) -> Option<Time> {
    let part = plain(text).filter(|part| (0.0..1.0).contains(part))?;
    time_of((nearest(part * DAY_S, text) as i64).min(86_399))
}

/// Seconds to the nearest, or to the minute where the digits of the number say no more.
fn nearest(seconds: f64, text: &str) -> f64 {
    let digits = trimmed(text).split_once('.').map_or(0, |(_, digits)| digits.len());
    let minute = (seconds / 60.0).round() * 60.0;
    let (least, most) = (1, 5);
    let unsure =
        (least..=most).contains(&digits).then(|| DAY_S / 2.0 / 10.0_f64.powi(i32::try_from(digits).unwrap_or(0)));
    if unsure.is_some_and(|unsure| (seconds - minute).abs() <= unsure + ROUNDING_S) { minute } else { seconds.round() }
}

/// A number of digits and at most one point: no exponent, no separators of thousands.
fn plain(text: &str) -> Option<f64> {
    let text = trimmed(text);
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    is_plain.then(|| text.parse().ok())?
}

fn time_of(seconds: i64) -> Option<Time> {
    let part = |number: i64| i8::try_from(number).ok();
    Time::new(part(seconds / 3600)?, part(seconds / 60 % 60)?, part(seconds % 60)?, 0).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn serial_numbers_are_read_to_the_minute_that_their_digits_mean() {
        for (day, clock, read) in [
            ("45384.18541667", None, Some(date(2024, 4, 2).at(4, 27, 0, 0))),
            ("45384.1854", None, Some(date(2024, 4, 2).at(4, 27, 0, 0))),
            ("45384.18547", None, Some(date(2024, 4, 2).at(4, 27, 5, 0))),
            ("45384", None, Some(date(2024, 4, 2).at(0, 0, 0, 0))),
            ("45384.999999", None, Some(date(2024, 4, 3).at(0, 0, 0, 0))),
            ("45384", Some("04:27"), Some(date(2024, 4, 2).at(4, 27, 0, 0))),
            ("45384", Some("0.1854"), Some(date(2024, 4, 2).at(4, 27, 0, 0))),
            ("45384.25", Some("04:27"), None),
            ("45384", Some("1.5"), None),
            ("7.25", None, None),
            ("99999", None, None),
            ("4.5384e4", None, None),
            ("45,384", None, None),
            ("", None, None),
        ] {
            assert_eq!(serial(day, clock), read, "{day} {clock:?}");
        }
    }

    proptest! {
        #[test]
        fn a_minute_written_as_a_serial_is_read_back(days in 36_526i64..73_049, minute in 0i64..1440, digits in 4usize..10) {
            let number = days as f64 + minute as f64 / 1440.0;
            let read = serial(&format!("{number:.digits$}"), None);
            let meant = date(1899, 12, 30).checked_add(days.days()).unwrap_or_default().at(0, 0, 0, 0).checked_add(minute.minutes());
            prop_assert_eq!(read, meant.ok());
        }

        #[test]
        fn any_text_is_a_serial_or_refused_without_harm(day in "[0-9.]{0,12}|\\PC{0,12}", clock in "\\PC{0,8}") {
            let _ = (serial(&day, None), serial(&day, Some(&clock)));
        }
    }
}
