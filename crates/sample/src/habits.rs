//! How charge points are used: when vehicles come, how long they stay, how much they take.

use kerbwatt_model::Siting;
use rand::Rng;

use crate::seeded::log_normal;

/// A way of using charge points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Habit {
    /// Residents, mostly overnight.
    Overnight,
    /// Residents and visitors, day and night.
    Mixed,
    /// Visitors of shops and leisure centres, by day.
    Daytime,
    /// Drivers in a hurry.
    Rapid,
    /// Drivers in a hurry at a group of strong points.
    Hub,
    /// Taxis between two shifts.
    Taxi,
}

/// What a vehicle that came does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Wish {
    /// Seconds it would stay.
    pub(crate) stay_s: i64,
    /// Watt-hours it would take.
    pub(crate) energy_wh: f64,
    /// Power it takes, watts.
    pub(crate) power_w: f64,
    /// Whether charging never begins.
    pub(crate) fails: bool,
}

/// Arrivals by hour of an ordinary day, midnight first; only the proportions matter.
type Hours = [f64; 24];

const EVENING: Hours =
    [8., 4., 2., 1., 1., 2., 5., 10., 16., 16., 17., 19., 21., 21., 23., 28., 42., 66., 82., 80., 66., 48., 31., 17.];
const ALL_DAY: Hours =
    [8., 5., 3., 2., 2., 4., 11., 24., 36., 38., 38., 39., 40., 39., 38., 40., 46., 54., 58., 54., 43., 32., 22., 13.];
const VISITS: Hours =
    [1., 1., 0., 0., 0., 1., 6., 22., 54., 76., 84., 82., 78., 72., 66., 60., 54., 50., 42., 28., 14., 7., 4., 2.];
const ERRANDS: Hours = [
    12., 8., 6., 5., 7., 12., 24., 36., 42., 46., 52., 56., 58., 56., 56., 57., 60., 62., 57., 49., 41., 33., 25., 17.,
];
const SHIFTS: Hours = [
    36., 28., 20., 16., 22., 38., 34., 22., 20., 24., 32., 40., 52., 60., 58., 50., 36., 24., 20., 22., 30., 40., 48.,
    44.,
];

impl Habit {
    fn hours(self) -> &'static Hours {
        match self {
            Self::Overnight => &EVENING,
            Self::Mixed => &ALL_DAY,
            Self::Daytime => &VISITS,
            Self::Rapid | Self::Hub => &ERRANDS,
            Self::Taxi => &SHIFTS,
        }
    }

    /// Weight of an hour of the day; at weekends all but taxis start later and residents spread out.
    pub(crate) fn hour_weights(self, weekend: bool) -> Hours {
        let ordinary = self.hours();
        if !weekend || self == Self::Taxi {
            return *ordinary;
        }
        let mean = ordinary.iter().sum::<f64>() / 24.0;
        let share = if self == Self::Overnight { 0.35 } else { 0.1 };
        std::array::from_fn(|hour| {
            let later = ordinary[(hour + 23) % 24];
            let awake = if (8..21).contains(&hour) { mean * 1.6 } else { mean * 0.2 };
            later * (1.0 - share) + awake * share
        })
    }

    /// How busy each day of the week is, Monday first.
    pub(crate) fn week(self) -> [f64; 7] {
        match self {
            Self::Overnight => [1.02, 1.02, 1.03, 1.04, 0.98, 0.92, 0.99],
            Self::Mixed => [0.98, 0.98, 1.0, 1.02, 1.04, 1.02, 0.96],
            Self::Daytime => [0.92, 0.95, 0.98, 1.0, 1.06, 1.22, 0.87],
            Self::Rapid => [0.95, 0.95, 0.97, 1.0, 1.1, 1.04, 0.99],
            Self::Hub => [0.93, 0.92, 0.95, 1.0, 1.14, 1.07, 0.99],
            Self::Taxi => [0.97, 1.02, 1.06, 1.12, 1.16, 0.97, 0.7],
        }
    }

    /// Arrivals a day at a typical point of a small sample.
    pub(crate) fn arrivals(self) -> f64 {
        match self {
            Self::Overnight => 0.38,
            Self::Mixed => 0.47,
            Self::Daytime => 0.5,
            Self::Rapid => 3.35,
            Self::Hub => 2.95,
            Self::Taxi => 3.3,
        }
    }

    /// How much busier points are in the larger samples, of the whole increase: a rapid point has no room for all of it.
    pub(crate) fn bustle(self, whole: f64) -> f64 {
        match self {
            Self::Overnight | Self::Mixed => whole,
            Self::Daytime => 1.0 + (whole - 1.0) * 0.8,
            Self::Rapid | Self::Hub | Self::Taxi => 1.0 + (whole - 1.0) * 0.55,
        }
    }

    /// Where such a point stands, if it is not in a car park.
    pub(crate) fn siting(self) -> Siting {
        match self {
            Self::Overnight | Self::Mixed => Siting::OnStreet,
            Self::Daytime => Siting::Destination,
            Self::Rapid => Siting::CarPark,
            Self::Hub => Siting::Hub,
            Self::Taxi => Siting::Taxi,
        }
    }

    /// What the next vehicle does at a point of `rated_kw`, arriving at `hour`.
    pub(crate) fn wish(self, rng: &mut impl Rng, rated_kw: f64, hour: u8) -> Wish {
        let fails = rng.random_bool(0.032);
        let (need_kwh, accepted_kw) = self.vehicle(rng);
        // Strong charging slows down as the battery fills.
        let mean_share = if rated_kw < 50.0 { 0.86..0.98 } else { 0.72..0.96 };
        let power_w = rated_kw.min(accepted_kw) * rng.random_range(mean_share) * 1000.0;
        let energy_wh = need_kwh * 1000.0;
        let charge_s = energy_wh / power_w * 3600.0;
        let stay = if fails { rng.random_range(4.0..220.0) } else { self.stay(rng, hour, charge_s) };
        let stay_s = stay.min(5.0 * 86_400.0) as i64;
        Wish { stay_s, energy_wh: if fails { 0.0 } else { energy_wh }, power_w, fails }
    }

    /// kWh that a vehicle needs, and the most that it accepts, kW.
    fn vehicle(self, rng: &mut impl Rng) -> (f64, f64) {
        let need = match self {
            Self::Overnight => log_normal(rng, 18.0, 0.6),
            Self::Mixed => log_normal(rng, 16.0, 0.6),
            Self::Daytime => log_normal(rng, 15.0, 0.65),
            Self::Rapid => log_normal(rng, 23.0, 0.5),
            Self::Hub => log_normal(rng, 29.0, 0.5),
            Self::Taxi => log_normal(rng, 16.0, 0.35),
        };
        let accepted = match self {
            Self::Overnight | Self::Mixed | Self::Daytime => {
                *[3.6, 7.2, 7.2, 7.4, 11.0, 11.0, 22.0].get(rng.random_range(0..7)).unwrap_or(&7.2)
            }
            Self::Taxi => 46.0,
            Self::Rapid | Self::Hub => rng.random_range(38.0..150.0),
        };
        (need.clamp(0.6, 92.0), accepted)
    }

    /// Seconds that a vehicle stays which needs `charge_s` to charge.
    fn stay(self, rng: &mut impl Rng, hour: u8, charge_s: f64) -> f64 {
        match self {
            Self::Overnight if hour >= 15 && rng.random_bool(0.86) => until_morning(rng, hour),
            Self::Mixed if hour >= 16 && rng.random_bool(0.72) => until_morning(rng, hour),
            Self::Overnight | Self::Mixed if rng.random_bool(0.19) => rng.random_range(24.0..96.0) * 3600.0,
            Self::Overnight | Self::Mixed => log_normal(rng, 10.0 * 3600.0, 0.5),
            Self::Daytime => log_normal(rng, 2.3 * 3600.0, 0.6),
            Self::Rapid | Self::Hub | Self::Taxi => charge_s + log_normal(rng, 800.0, 0.8),
        }
    }
}

/// Seconds from an evening hour until about nine.
fn until_morning(rng: &mut impl Rng, hour: u8) -> f64 {
    let leaves = log_normal(rng, 9.0, 0.25);
    (24.0 - f64::from(hour) - rng.random::<f64>() + leaves) * 3600.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seeded::{Purpose, stream};

    #[test]
    fn stays_and_energy_are_positive_and_within_reason() {
        let mut rng = stream(5, Purpose::Day, 0, 0);
        for habit in [Habit::Overnight, Habit::Mixed, Habit::Daytime, Habit::Rapid, Habit::Hub, Habit::Taxi] {
            for turn in 0..2_000_u32 {
                let wish = habit.wish(&mut rng, 50.0, u8::try_from(turn % 24).unwrap_or(0));
                assert!((1..=5 * 86_400).contains(&wish.stay_s), "{habit:?} {wish:?}");
                assert!((0.0..=92_000.0).contains(&wish.energy_wh) && wish.power_w > 1000.0);
                assert_eq!(wish.fails, wish.energy_wh == 0.0);
            }
        }
    }

    #[test]
    fn every_hour_has_a_weight_and_every_week_the_same_sum() {
        for habit in [Habit::Overnight, Habit::Mixed, Habit::Daytime, Habit::Rapid, Habit::Hub, Habit::Taxi] {
            for weekend in [false, true] {
                assert!(habit.hour_weights(weekend).iter().all(|weight| *weight >= 0.0));
            }
            assert!((habit.week().iter().sum::<f64>() - 7.0).abs() < 0.01, "{habit:?}");
        }
    }
}
