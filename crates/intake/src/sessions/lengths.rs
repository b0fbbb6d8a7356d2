//! Durations beside start and end: whether the column says something else than the clock.
//!
//! A duration longer than from start to end contradicts them whatever it measures. A shorter one may be the time of charging, so it
//! counts only where the durations of most rows are those between start and end.

use jiff::Timestamp;
use kerbwatt_model::{Flag, Sessions};

/// Set beside the flag while rows are read: the duration is the shorter one.
const IS_SHORTER: i32 = 1 << 30;

/// Set while rows are read: duration and clock agree.
const AGREES: i32 = 1 << 29;

/// What a row says, as bits of its flags until all rows are read; `limit_s` is what rounding may make of a right one.
pub(super) fn compared(reported_s: f64, span_s: f64, limit_s: f64, is_clock_night: impl FnOnce() -> bool) -> i32 {
    const HOUR_S: f64 = 3600.0;
    let over_s = reported_s - span_s;
    let by_s = over_s.abs();
    // In these nights a duration counted on the wall is an hour off, and the clock may be as well.
    let is_hour = by_s <= limit_s || ((by_s - HOUR_S).abs() <= limit_s && is_clock_night());
    match () {
        () if is_hour => AGREES,
        () if over_s > 0.0 => Flag::DurationDiffers.bit(),
        () => Flag::DurationDiffers.bit() | IS_SHORTER,
    }
}

/// Seconds between two instants.
pub(super) fn span_s(from: Timestamp, to: Timestamp) -> f64 {
    super::row::seconds(to.as_second() - from.as_second())
}

/// Decides, once all rows are read, what shorter durations mean, and leaves nothing but the flag.
pub(super) fn settle(sessions: &mut Sessions) {
    let count = |bits: i32| sessions.flags().iter().filter(|flags| **flags & bits != 0).count();
    let (agreeing, compared) = (count(AGREES), count(AGREES | Flag::DurationDiffers.bit()));
    if compared == 0 {
        return;
    }
    let means_charging = 2 * agreeing <= compared;
    for flags in sessions.flags_mut() {
        if means_charging && *flags & IS_SHORTER != 0 {
            *flags &= !Flag::DurationDiffers.bit();
        }
        *flags &= !(IS_SHORTER | AGREES);
    }
}

#[cfg(test)]
mod tests {
    use kerbwatt_model::Session;

    use super::*;

    const LIMIT_S: f64 = 900.0;

    #[test]
    fn rounding_is_no_contradiction_and_an_hour_is_none_in_a_night_of_the_clocks() {
        let at = |reported: f64, is_night: bool| compared(reported, 7_200.0, LIMIT_S, || is_night);
        for reported in [7_200.0, 8_100.0, 6_300.0] {
            assert_eq!(at(reported, false), AGREES, "{reported}");
        }
        assert_eq!(at(8_101.0, false), Flag::DurationDiffers.bit());
        assert_eq!(at(6_299.0, false), Flag::DurationDiffers.bit() | IS_SHORTER);
        assert_eq!((at(10_800.0, true), at(3_600.0, true)), (AGREES, AGREES));
        assert_eq!(at(10_800.0, false), Flag::DurationDiffers.bit());
        assert_eq!(at(18_000.0, true), Flag::DurationDiffers.bit());
    }

    fn settled(bits: &[i32]) -> Vec<bool> {
        let mut sessions: Sessions = bits.iter().map(|flags| Session { flags: *flags, ..Session::empty() }).collect();
        settle(&mut sessions);
        assert!(sessions.flags().iter().all(|flags| flags & (IS_SHORTER | AGREES) == 0));
        sessions.iter().map(|session| session.has(Flag::DurationDiffers)).collect()
    }

    #[test]
    fn shorter_durations_are_told_only_where_most_others_agree() {
        let (longer, shorter) = (Flag::DurationDiffers.bit(), Flag::DurationDiffers.bit() | IS_SHORTER);
        assert_eq!(settled(&[AGREES, AGREES, shorter, 0]), [false, false, true, false]);
        assert_eq!(settled(&[AGREES, shorter, shorter, longer]), [false, false, false, true]);
        assert_eq!(settled(&[0, 0]), [false, false]);
    }
}
