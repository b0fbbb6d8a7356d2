//! Durations in the units that layouts use.

use super::number;
use crate::profiles::DurationUnit;

/// The longest hours that a clock shows: what MySQL's TIME ends at, and cuts longer ones to.
const LONGEST_HOURS: u64 = 838;

/// Ten years, in seconds: no duration is longer.
const LONGEST_S: f64 = 3.2e8;

/// A duration in seconds, rounded; may be negative, as files do contain such.
pub(crate) fn duration_s(cell: &str, unit: DurationUnit, comma_is_decimal: bool) -> Option<i64> {
    let factor = match unit {
        DurationUnit::Minutes => 60.0,
        DurationUnit::Seconds => 1.0,
        DurationUnit::Hours => 3600.0,
        DurationUnit::Clock => match clock_s(cell) {
            Some(seconds) => return Some(seconds),
            None => 1.0,
        },
    };
    match number(cell, comma_is_decimal) {
        Some(value) => rounded(value * factor),
        None => written_s(cell, comma_is_decimal),
    }
}

/// Whether a duration needs no unit but what it says itself: a clock, or numbers with their units.
pub(crate) fn says_its_unit(cell: &str) -> bool {
    clock_s(cell).is_some() || written_s(cell, false).is_some()
}

/// A duration that names its units, in seconds: `233 min`, `3h 53m`, `PT3H53M` (ISO 8601) or `0 days 03:53:00`.
fn written_s(text: &str, comma_is_decimal: bool) -> Option<i64> {
    let text = text.trim();
    let iso = text.strip_prefix('P').filter(|rest| !matches!(*rest, "" | "T"));
    let Some(iso) = iso else { return rounded(units_s(text, DAY_S * 2.0, comma_is_decimal)?) };
    let (days, clock) = iso.split_once('T').unwrap_or((iso, ""));
    // Before the T, an M means months, which have no length.
    let is_of_days = days.is_empty() || days.ends_with('D');
    let part =
        |text: &str, above: f64| if text.is_empty() { Some(0.0) } else { units_s(text, above, comma_is_decimal) };
    rounded(is_of_days.then(|| Some(part(days, DAY_S * 2.0)? + part(clock, DAY_S)?))??)
}

const DAY_S: f64 = 86_400.0;

/// Numbers with units, each smaller than the one before and than `above`; behind days a clock may stand.
fn units_s(text: &str, mut above: f64, comma_is_decimal: bool) -> Option<f64> {
    let mut rest = text;
    let mut sum = 0.0;
    while !rest.is_empty() {
        if above <= DAY_S && clock_s(rest).is_some() {
            let seconds = clock_s(rest).and_then(|seconds| i32::try_from(seconds).ok());
            return seconds.filter(|_| above >= DAY_S).map(|seconds| sum + f64::from(seconds));
        }
        let digits = rest.find(|letter: char| !letter.is_ascii_digit() && !matches!(letter, '.' | ','))?;
        let (value, after) = rest.split_at_checked(digits)?;
        let after = after.trim_start();
        let letters = after.find(|letter: char| !letter.is_ascii_alphabetic()).unwrap_or(after.len());
        let (unit, after) = after.split_at_checked(letters)?;
        let unit_s = unit_s(unit).filter(|unit_s| *unit_s < above)?;
        sum += number(value, comma_is_decimal)? * unit_s;
        (above, rest) = (unit_s, after.trim_start_matches([' ', ',']));
    }
    (above <= DAY_S).then_some(sum)
}

fn unit_s(word: &str) -> Option<f64> {
    Some(match word.to_ascii_lowercase().as_str() {
        "d" | "day" | "days" => DAY_S,
        "h" | "hr" | "hrs" | "hour" | "hours" => 3600.0,
        "m" | "min" | "mins" | "minute" | "minutes" => 60.0,
        "s" | "sec" | "secs" | "second" | "seconds" => 1.0,
        _ => return None,
    })
}

/// A duration such as `0:43`, `00:43:20`, `838:59:59` or `1:02:03.5`, in seconds.
pub(super) fn clock_s(text: &str) -> Option<i64> {
    let text = text.trim();
    let mut pieces = text.split('.').next()?.split(':');
    let is_fraction = text.split_once('.').is_none_or(|(_, rest)| rest.bytes().all(|byte| byte.is_ascii_digit()));
    let mut numbers = [0u64; 3];
    let mut count = 0;
    for (number, longest) in numbers.iter_mut().zip([3, 2, 2]) {
        let Some(piece) = pieces.next() else { break };
        let is_whole = (1..=longest).contains(&piece.len()) && piece.bytes().all(|byte| byte.is_ascii_digit());
        *number = if is_whole { piece.parse().ok()? } else { return None };
        count += 1;
    }
    let [hours, minutes, seconds] = numbers;
    let is_clock = is_fraction && count >= 2 && pieces.next().is_none();
    let is_in_range = hours <= LONGEST_HOURS && minutes < 60 && seconds < 60;
    (is_clock && is_in_range).then(|| i64::try_from(hours * 3600 + minutes * 60 + seconds).ok())?
}

#[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
fn rounded(seconds: f64) -> Option<i64> {
    (seconds.abs() < LONGEST_S).then(|| seconds.round() as i64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn durations_that_name_their_units_are_read_whatever_the_layout_says() {
        for (text, seconds) in [
            ("233 min", Some(13_980)),
            ("233min", Some(13_980)),
            ("13980 s", Some(13_980)),
            ("13,980 s", Some(13_980)),
            ("3h 53m", Some(13_980)),
            ("3h53", None),
            ("3 h 53 min", Some(13_980)),
            ("3 hours, 53 minutes", Some(13_980)),
            ("1.5 hrs", Some(5_400)),
            ("PT3H53M", Some(13_980)),
            ("P1DT3H", Some(97_200)),
            ("P1D", Some(86_400)),
            ("PT0S", Some(0)),
            ("P3M", None),
            ("P", None),
            ("PT", None),
            ("0 days 03:53:00", Some(13_980)),
            ("1 day, 2:03:04", Some(93_784)),
            ("1d 2h", Some(93_600)),
            ("53m 3h", None),
            ("3 h 3 h", None),
            ("3 h 00:53", None),
            ("12 kWh", None),
            ("min", None),
            ("-5 min", None),
            ("9e9 days", None),
        ] {
            for unit in [DurationUnit::Minutes, DurationUnit::Seconds, DurationUnit::Hours, DurationUnit::Clock] {
                assert_eq!(duration_s(text, unit, false), seconds, "{text} {unit:?}");
            }
            assert_eq!(says_its_unit(text), seconds.is_some(), "{text}");
        }
        assert_eq!(duration_s("1,5 h", DurationUnit::Clock, true), Some(5_400));
        assert!(says_its_unit("3:53:00") && !says_its_unit("233"));
    }

    proptest! {
        #[test]
        fn any_text_is_a_duration_or_refused_without_harm(text in "[PT0-9a-z ,.:]{0,20}|\\PC{0,20}") {
            let _ = duration_s(&text, DurationUnit::Clock, true);
        }

        #[test]
        fn hours_and_minutes_are_read_back_in_each_notation(minutes in 0i64..14_000) {
            let (hours, rest) = (minutes / 60, minutes % 60);
            let days = format!("{} days {:02}:{rest:02}:00", hours / 24, hours % 24);
            for text in [format!("{minutes} min"), format!("{hours}h {rest}m"), format!("PT{hours}H{rest}M"), days] {
                prop_assert_eq!(duration_s(&text, DurationUnit::Minutes, false), Some(minutes * 60), "{}", text);
            }
        }
    }

    #[test]
    fn durations_are_read_in_their_unit() {
        for (text, unit, seconds) in [
            ("2,418", DurationUnit::Minutes, Some(2_418 * 60)),
            ("1.5", DurationUnit::Minutes, Some(90)),
            ("9692.0", DurationUnit::Seconds, Some(9_692)),
            ("0.25", DurationUnit::Hours, Some(900)),
            ("00:43:20", DurationUnit::Clock, Some(2_600)),
            ("838:59:59", DurationUnit::Clock, Some(3_020_399)),
            ("26:10", DurationUnit::Clock, Some(94_200)),
            ("0:02:06.7", DurationUnit::Clock, Some(126)),
            ("3600", DurationUnit::Clock, Some(3_600)),
            ("839:00:00", DurationUnit::Clock, None),
            ("1:60", DurationUnit::Clock, None),
            ("1:2:3:4", DurationUnit::Clock, None),
            ("00:43:20", DurationUnit::Minutes, None),
            ("1e300", DurationUnit::Hours, None),
            ("", DurationUnit::Minutes, None),
        ] {
            assert_eq!(duration_s(text, unit, false), seconds, "{text} {unit:?}");
        }
    }
}
