//! What happens at one EVSE: one session after another.
//!
//! Vehicles arrive at times drawn for each day by itself. A vehicle stays as long as it wishes, but leaves before the next
//! arrives. So nothing overlaps, and no day needs to know of earlier ones: only a look ahead to the next arrival.

use rand::Rng;

use crate::demand::{self, Day};
use crate::drivers;
use crate::estate::Evse;
use crate::habits::Wish;
use crate::seeded::{Purpose, poisson, stream};

/// Days after a period in which to look for the next arrival: no stay is longer.
pub(crate) const LOOK_AHEAD_DAYS: i64 = 6;

/// A session as it was, before anything went wrong with the file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Visit {
    /// Index of the EVSE in the operator's estate.
    pub(crate) evse: usize,
    /// Plug-in, seconds since 1970.
    pub(crate) start: i64,
    /// Plug-out, after plug-in.
    pub(crate) end: i64,
    /// End of charging, not after plug-out.
    pub(crate) charging_end: i64,
    /// Energy, watt-hours.
    pub(crate) energy_wh: i64,
    /// Fee, pence.
    pub(crate) fee_pence: i64,
    /// The operator's number of the driver.
    pub(crate) driver: Option<u64>,
}

/// One vehicle that comes.
#[derive(Debug, Clone, Copy)]
struct Arrival {
    at: i64,
    wish: Wish,
    driver: Option<u64>,
    price: f64,
}

/// Whose days these are.
pub(crate) struct Place<'a> {
    pub(crate) seed: u64,
    pub(crate) index: usize,
    pub(crate) evse: &'a Evse,
    /// Number of sites of the operator.
    pub(crate) sites: usize,
}

/// Adds the sessions that start on the first `count` of `days`; the days after them are looked at for the next arrival.
pub(crate) fn add(place: &Place<'_>, days: &[Day], count: usize, visits: &mut Vec<Visit>) {
    let mut waiting: Option<Arrival> = None;
    let mut arrivals = Vec::new();
    let mut faulty = Fault::default();
    for (index, day) in days.iter().enumerate() {
        if index >= count && waiting.is_none() {
            return;
        }
        let fault = faulty.on(place, day.number);
        on_day(place, day, fault, &mut arrivals);
        for arrival in arrivals.drain(..) {
            visits.extend(waiting.take().and_then(|before| visit(place, &before, Some(arrival.at))));
            if index >= count {
                return;
            }
            waiting = Some(arrival);
        }
    }
    visits.extend(waiting.and_then(|last| visit(place, &last, None)));
}

/// The fault of the quarter that was last asked for.
#[derive(Default)]
struct Fault {
    quarter: Option<u64>,
    days: Option<(i64, i64)>,
}

impl Fault {
    fn on(&mut self, place: &Place<'_>, number: i64) -> Option<(i64, i64)> {
        let date = kerbwatt_model::day_of_number(number);
        let quarter = crate::calendar::quarter_number(date);
        if self.quarter != Some(quarter) {
            *self = Self { quarter: Some(quarter), days: demand::fault(place.seed, place.evse, date) };
        }
        self.days
    }
}

/// The arrivals of a day, in order.
fn on_day(place: &Place<'_>, day: &Day, fault: Option<(i64, i64)>, arrivals: &mut Vec<Arrival>) {
    let mean = demand::arrivals(place.evse, day, fault);
    if mean <= 0.0 {
        return;
    }
    let mut rng = stream(place.seed, Purpose::Day, place.evse.number, day.number.unsigned_abs());
    let mut seconds = [0_i64; 60];
    let number = poisson(&mut rng, mean).min(seconds.len());
    let (seconds, _) = seconds.split_at_mut(number);
    seconds.fill_with(|| second_of_day(&mut rng, day));
    seconds.sort_unstable();
    arrivals.extend(seconds.iter().map(|second| {
        let hour = u8::try_from(second / 3600).unwrap_or(23).min(23);
        Arrival {
            at: day.start + second,
            wish: place.evse.habit.wish(&mut rng, place.evse.rated_kw, hour),
            driver: drivers::draw(&mut rng, place.evse.habit, place.evse.site, place.sites),
            price: day.price,
        }
    }));
}

/// A second of the day, as likely as its hour is busy. On the two days with a clock change the hours are stretched.
fn second_of_day(rng: &mut impl Rng, day: &Day) -> i64 {
    let uniform: f64 = rng.random();
    let hour = day.by_hour.partition_point(|before| *before <= uniform).min(23);
    let second = hour as i64 * 3600 + rng.random_range(0..3600);
    second * day.length / crate::clock::DAY_S
}

/// What becomes of an arrival, knowing the next one; none where there was no time.
fn visit(place: &Place<'_>, arrival: &Arrival, next: Option<i64>) -> Option<Visit> {
    const CHANGE_OVER_S: i64 = 90;
    let free = next.map_or(i64::MAX, |next| next - CHANGE_OVER_S);
    let end = (arrival.at + arrival.wish.stay_s).min(free);
    let least = if arrival.wish.fails { 1 } else { 240 };
    if end - arrival.at < least {
        return None;
    }
    let possible = arrival.wish.power_w * (end - arrival.at) as f64 / 3600.0;
    let energy = arrival.wish.energy_wh.min(possible);
    let charging_s = energy / arrival.wish.power_w * 3600.0;
    let whole = |value: f64| value as i64;
    Some(Visit {
        evse: place.index,
        start: arrival.at,
        end,
        charging_end: (arrival.at + whole(charging_s.ceil())).min(end),
        energy_wh: whole(energy),
        fee_pence: whole((energy / 1000.0 * arrival.price).round()),
        driver: arrival.driver,
    })
}
