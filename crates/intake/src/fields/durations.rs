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
    rounded(number(cell, comma_is_decimal)? * factor)
}

/// A duration such as `0:43`, `00:43:20`, `838:59:59` or `1:02:03.5`, in seconds.
pub(crate) fn clock_s(text: &str) -> Option<i64> {
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
    use super::*;

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
