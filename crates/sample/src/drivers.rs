//! Who charges: neighbours who come back, heavy users, and passers-by.

use rand::Rng;

use crate::habits::Habit;
use crate::seeded::{Purpose, stream};

/// Draws the driver of a session at a site: a number within the operator; none where the card was not read.
pub(crate) fn draw(rng: &mut impl Rng, habit: Habit, site: usize, sites: usize) -> Option<u64> {
    const REGULARS: f64 = 9.0;
    if rng.random_bool(0.08) {
        return None;
    }
    let (regular, everyone) = match habit {
        Habit::Overnight | Habit::Mixed => (0.8, 22.0),
        Habit::Daytime => (0.25, 90.0),
        Habit::Rapid | Habit::Hub => (0.15, 240.0),
        Habit::Taxi => (0.3, 40.0),
    };
    // A power of a uniform number makes a few drivers come very often.
    let skewed = |rng: &mut _, among: f64| -> u64 {
        let uniform: f64 = Rng::random(rng);
        (uniform.powf(2.6) * among) as u64
    };
    if rng.random_bool(regular) {
        Some((1 << 32) + site as u64 * 16 + skewed(rng, REGULARS))
    } else {
        Some(skewed(rng, everyone * sites.max(1) as f64))
    }
}

/// The digits of a driver's card: 14 hexadecimal ones, as many as a card's own number has.
pub(crate) fn card(seed: u64, operator: usize, driver: u64) -> u64 {
    stream(seed, Purpose::Card, operator as u64, driver).random::<u64>() >> 8
}
