//! How many vehicles come on a day: the seasons, the week, growth, tariffs, faults.

use std::f64::consts::TAU;

use jiff::civil::{Date, Weekday};
use kerbwatt_model::{Period, Zone, day_number, day_of_number};
use rand::Rng;

use crate::calendar::{DayKind, kind_of, quarter_number};
use crate::estate::Evse;
use crate::habits::Habit;
use crate::operators::Character;
use crate::seeded::{Purpose, stream};

/// A day at one operator's points of one habit.
#[derive(Debug, Clone)]
pub(crate) struct Day {
    /// Days since 1970.
    pub(crate) number: i64,
    /// When it begins, in seconds since 1970, and how many seconds it has.
    pub(crate) start: i64,
    pub(crate) length: i64,
    /// Factor on arrivals.
    pub(crate) factor: f64,
    /// Arrivals before the end of each hour, as a share of the day's.
    pub(crate) by_hour: [f64; 24],
    /// Pence a kWh.
    pub(crate) price: f64,
}

/// A day for the points of a habit, in a sample of a period.
pub(crate) fn day_of(number: i64, habit: Habit, character: &Character, sample: Period) -> Day {
    let (zone, date) = (Zone::london(), day_of_number(number));
    let holiday = kind_of(date);
    let weekend = holiday != DayKind::Ordinary || matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
    let mut by_hour = habit.hour_weights(weekend);
    let sum: f64 = by_hour.iter().sum();
    let mut before = 0.0;
    for hour in &mut by_hour {
        before += *hour / sum;
        *hour = before;
    }
    let through = share_of(number, sample);
    let changed = character.tariff.filter(|change| through >= change.at);
    let dark = character.blackout.is_some_and(|at| {
        let begins = day_number(sample.first) + days(at * sample.days() as f64);
        (begins..begins + 3).contains(&number)
    });
    let usual = week(habit, date) * season(habit, date) * holidays(habit, holiday) * growth(through, sample);
    Day {
        number,
        start: zone.start_of_day(date).as_second(),
        length: zone.seconds_in_day(date),
        factor: if dark { 0.0 } else { usual * changed.map_or(1.0, |change| change.arrivals) },
        by_hour,
        price: character.price * changed.map_or(1.0, |change| change.price),
    }
}

/// How much of the sample is past on a day, 0 to 1.
fn share_of(number: i64, sample: Period) -> f64 {
    (number - day_number(sample.first)) as f64 / sample.days() as f64
}

fn week(habit: Habit, date: Date) -> f64 {
    let index = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or(0);
    habit.week().get(index).copied().unwrap_or(1.0)
}

/// Cold makes residents charge more; long journeys and full shops have their own months.
fn season(habit: Habit, date: Date) -> f64 {
    let at = f64::from(date.day_of_year()) / 365.25;
    let (swing, peak) = match habit {
        Habit::Overnight | Habit::Mixed => (0.09, 0.04),
        Habit::Daytime => (0.06, 0.92),
        Habit::Rapid | Habit::Hub => (0.08, 0.6),
        Habit::Taxi => (0.04, 0.9),
    };
    let away = habit.siting() == kerbwatt_model::Siting::OnStreet && date.month() == 8;
    (1.0 + swing * (TAU * (at - peak)).cos()) * if away { 0.93 } else { 1.0 }
}

fn holidays(habit: Habit, kind: DayKind) -> f64 {
    match (kind, habit) {
        (DayKind::Ordinary, _) => 1.0,
        (DayKind::Christmas, Habit::Hub | Habit::Rapid) | (DayKind::BankHoliday, Habit::Daytime) => 0.6,
        (DayKind::Christmas, _) => 0.35,
        (DayKind::BankHoliday, Habit::Hub | Habit::Rapid) => 1.08,
        (DayKind::BankHoliday, _) => 0.8,
    }
}

/// 13 % a year at the same points, around 1 in the middle of the sample.
fn growth(through: f64, sample: Period) -> f64 {
    (0.13 * (through - 0.5) * sample.days() as f64 / 365.25).exp()
}

/// Arrivals expected at an EVSE on a day.
pub(crate) fn arrivals(evse: &Evse, day: &Day, faulty: Option<(i64, i64)>) -> f64 {
    let (from, to) = evse.service;
    let out_of_service = day.number < from || to.is_some_and(|to| day.number >= to);
    let dead = evse.dead_from.is_some_and(|dead| dead <= day.number);
    let down = faulty.is_some_and(|(first, last)| (first..=last).contains(&day.number));
    if out_of_service || dead || down {
        return 0.0;
    }
    // A new point takes half a year to become known.
    let known = 0.4 + 0.6 * ((day.number - from) as f64 / 180.0).min(1.0);
    evse.arrivals * day.factor * known
}

/// First and last day, as day numbers, of a fault in the calendar quarter of a day; most quarters have none.
pub(crate) fn fault(seed: u64, evse: &Evse, day: Date) -> Option<(i64, i64)> {
    let mut rng = stream(seed, Purpose::Outage, evse.number, quarter_number(day));
    if !rng.random_bool(0.12) {
        return None;
    }
    let month = (day.month() - 1) / 3 * 3 + 1;
    let first = Date::new(day.year(), month, 1).map_or(0, day_number) + rng.random_range(0..75);
    Some((first, first + days(rng.random::<f64>().powi(3) * 24.0) + 1))
}

fn days(number: f64) -> i64 {
    number as i64
}
