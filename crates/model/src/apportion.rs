//! Apportioning: a session spread over the local hours it touches.

use jiff::Timestamp;

use crate::{LocalTime, Stay, Zone, day_number};

/// The part of a session that falls in one local hour.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HourShare {
    /// Local civil day, as days since 1 January 1970.
    pub day: i32,
    /// Local hour on the wall, 0 to 23; the hour that happens twice in autumn is one.
    pub hour: u8,
    /// Seconds plugged in.
    pub plugged_s: i64,
    /// Energy in kWh.
    pub energy_kwh: f64,
}

/// Spreads a session over local hours.
///
/// Time plugged in goes to the hours in which it passed. Energy goes evenly over the charging time, or over the plugged
/// time where the end of charging is not known (an assumption that the methods page names). The last share takes the
/// rounding, so that the shares add up to the session's energy. A session without length puts all into its first hour.
#[must_use]
pub fn spread(session: &Stay, zone: &Zone) -> Vec<HourShare> {
    let mut shares = Vec::new();
    each_share(session, &mut zone.local(), |share| shares.push(share));
    shares
}

/// As [`spread`], with a clock that was used for others before: calls `take` with each share, in order.
pub fn each_share(session: &Stay, clock: &mut LocalTime<'_>, mut take: impl FnMut(HourShare)) {
    let start = session.plug_in.as_second();
    let end = session.plug_out.as_second().max(start);
    let charged = session.charging_end.map_or(end, Timestamp::as_second).clamp(start, end);
    let charging_s = charged - start;
    // The second pass of an hour that happens twice joins the first.
    let mut last: Option<HourShare> = None;
    let mut at = start;
    let mut left_kwh = session.energy_kwh;
    loop {
        let local = clock.local_s(at);
        let (into_day, into_hour) = (local.rem_euclid(86_400), local.rem_euclid(3_600));
        let day = i32::try_from(local.div_euclid(86_400)).unwrap_or(i32::MAX);
        let hour = u8::try_from(into_day / 3_600).unwrap_or(0);
        let next = (at + 3600 - into_hour).min(end);
        let is_last = next >= charged || charging_s == 0;
        let energy_kwh = if left_kwh == 0.0 {
            0.0
        } else if is_last {
            left_kwh
        } else {
            session.energy_kwh * seconds(next - at) / seconds(charging_s)
        };
        left_kwh = if is_last { 0.0 } else { left_kwh - energy_kwh };
        match &mut last {
            Some(last) if last.day == day && last.hour == hour => {
                last.plugged_s += next - at;
                last.energy_kwh += energy_kwh;
            }
            _ => {
                if let Some(share) = last.replace(HourShare { day, hour, plugged_s: next - at, energy_kwh }) {
                    take(share);
                }
            }
        }
        at = next;
        if at >= end {
            break;
        }
    }
    if let Some(share) = last {
        take(share);
    }
}

/// Calls `take` with each local hour of a stay, counted from 1970, and the seconds plugged in during it: as [`each_share`] does, without
/// energy. An hour that happens twice may come twice.
#[inline]
pub fn each_hour(stay: &Stay, clock: &mut LocalTime<'_>, mut take: impl FnMut(i64, i64)) {
    let (mut at, end) = (stay.plug_in.as_second(), stay.plug_out.as_second());
    while at < end {
        let (mut local, until) = clock.local_until_s(at);
        let stop = local + until.min(end) - at;
        let mut hour = local.div_euclid(3_600);
        while local < stop {
            let next = ((hour + 1) * 3_600).min(stop);
            take(hour, next - local);
            (local, hour) = (next, hour + 1);
        }
        at = until.min(end);
    }
}

/// Local day number and hour of an instant.
#[must_use]
pub fn day_and_hour(instant: Timestamp, zone: &Zone) -> (i32, u8) {
    let civil = zone.civil(instant);
    (i32::try_from(day_number(civil.date())).unwrap_or(i32::MAX), u8::try_from(civil.hour()).unwrap_or(0))
}

#[expect(clippy::cast_precision_loss, reason = "seconds of a session are far below 2^53")]
fn seconds(count: i64) -> f64 {
    count as f64
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn session(plug_in: &str, plug_out: &str, charging_end: Option<&str>, energy_kwh: f64) -> Stay {
        let instant = |text: &str| text.parse::<Timestamp>().unwrap();
        Stay {
            plug_in: instant(plug_in),
            plug_out: instant(plug_out),
            charging_end: charging_end.map(instant),
            energy_kwh,
        }
    }

    fn total(shares: &[HourShare]) -> (i64, f64) {
        (shares.iter().map(|s| s.plugged_s).sum(), shares.iter().map(|s| s.energy_kwh).sum())
    }

    #[test]
    fn a_session_over_midnight_is_split_at_midnight() {
        let shares = spread(&session("2018-01-05T23:30:00Z", "2018-01-06T00:30:00Z", None, 6.0), &Zone::london());
        let day = i32::try_from(day_number(date(2018, 1, 5))).unwrap();
        assert_eq!(
            shares,
            [
                HourShare { day, hour: 23, plugged_s: 1800, energy_kwh: 3.0 },
                HourShare { day: day + 1, hour: 0, plugged_s: 1800, energy_kwh: 3.0 }
            ]
        );
    }

    #[test]
    fn the_night_the_clocks_go_forward_has_no_hour_one() {
        let shares = spread(&session("2018-03-25T00:58:00Z", "2018-03-25T01:27:00Z", None, 2.9), &Zone::london());
        assert_eq!(shares.iter().map(|s| (s.hour, s.plugged_s)).collect::<Vec<_>>(), [(0, 120), (2, 1620)]);
    }

    #[test]
    fn the_hour_that_happens_twice_holds_two_hours() {
        let shares = spread(&session("2018-10-28T00:00:00Z", "2018-10-28T02:30:00Z", None, 5.0), &Zone::london());
        assert_eq!(shares.iter().map(|s| (s.hour, s.plugged_s)).collect::<Vec<_>>(), [(1, 7200), (2, 1800)]);
    }

    #[test]
    fn energy_goes_to_the_charging_time_where_its_end_is_known() {
        let shares = spread(
            &session("2018-01-05T10:00:00Z", "2018-01-05T14:00:00Z", Some("2018-01-05T11:30:00Z"), 9.0),
            &Zone::london(),
        );
        assert_eq!(shares.iter().map(|s| s.energy_kwh).collect::<Vec<_>>(), [6.0, 3.0, 0.0, 0.0]);
    }

    #[test]
    fn a_session_without_length_keeps_its_energy() {
        let shares = spread(&session("2018-01-05T10:20:00Z", "2018-01-05T10:20:00Z", None, 1.5), &Zone::london());
        assert_eq!(shares.len(), 1);
        assert_eq!(total(&shares), (0, 1.5));
    }

    proptest! {
        #[test]
        fn shares_add_up_to_the_session_in_any_zone(
            start in 1_500_000_000i64..1_700_000_000,
            length in 0i64..90 * 86_400,
            charging in 0i64..90 * 86_400,
            energy_kwh in 0.0f64..300.0,
            zone in prop::sample::select(vec!["Europe/London", "America/Denver", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC"]),
        ) {
            let instant = |s| Timestamp::from_second(s).unwrap();
            let zone = Zone::named(zone).unwrap();
            let session = Stay {
                plug_in: instant(start),
                plug_out: instant(start + length),
                charging_end: Some(instant(start + charging.min(length))),
                energy_kwh,
            };
            let shares = spread(&session, &zone);
            let (plugged_s, sum_kwh) = total(&shares);
            prop_assert_eq!(plugged_s, length);
            prop_assert!((sum_kwh - energy_kwh).abs() <= 1e-9 * energy_kwh.max(1.0));
            prop_assert!(shares.iter().all(|s| s.energy_kwh >= -1e-9 && s.hour < 24));
            let first = shares.first().unwrap();
            prop_assert_eq!((first.day, first.hour), day_and_hour(session.plug_in, &zone));
        }
    }

    proptest! {
        #[test]
        fn hours_are_those_of_shares(start in 1_500_000_000i64..1_560_000_000, length in 0i64..900_000, zone in 0usize..3) {
            let zone = Zone::named(["Europe/London", "America/Denver", "Australia/Lord_Howe"][zone]).unwrap();
            let instant = |at| Timestamp::from_second(at).unwrap();
            let stay = Stay {
                plug_in: instant(start),
                plug_out: instant(start + length),
                charging_end: None,
                energy_kwh: 1.0,
            };
            let mut hours = std::collections::BTreeMap::new();
            each_hour(&stay, &mut zone.local(), |hour, seconds| *hours.entry(hour).or_insert(0) += seconds);
            let shares = spread(&stay, &zone).into_iter().filter(|share| share.plugged_s > 0);
            let expected = shares.map(|share| (i64::from(share.day) * 24 + i64::from(share.hour), share.plugged_s));
            prop_assert_eq!(hours.into_iter().collect::<Vec<_>>(), expected.collect::<Vec<_>>());
        }
    }
}
