//! Where sites stand: in a borough, mostly around a few centres of it; a few beyond every borough.

use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;

use crate::sample::Borough;
use crate::seeded::{Purpose, log_normal, pick, stream};

/// Whether a point (latitude, longitude) lies in the borough of a code.
pub(crate) type Inside<'a> = &'a dyn Fn(&str, f64, f64) -> bool;

/// A borough and what makes it differ from others.
pub(crate) struct Ground<'a> {
    pub(crate) borough: &'a Borough,
    /// How many sites it attracts, beside others.
    pub(crate) weight: f64,
    /// Factor on arrivals.
    pub(crate) bustle: f64,
    /// Latitude and longitude of its centres.
    centres: Vec<(f64, f64)>,
}

/// The boroughs as grounds to place sites on.
pub(crate) struct Grounds<'a> {
    pub(crate) list: Vec<Ground<'a>>,
    inside: Inside<'a>,
}

impl<'a> Grounds<'a> {
    pub(crate) fn new(seed: u64, boroughs: &'a [Borough], inside: Inside<'a>) -> Self {
        let ground = |(index, borough): (u64, &'a Borough)| {
            let mut rng = stream(seed, Purpose::Borough, index, 0);
            let centres = (0..5).map(|_| within(&mut rng, borough, inside)).collect();
            let (weight, bustle) = (log_normal(&mut rng, 1.0, 0.55), log_normal(&mut rng, 1.0, 0.17));
            Ground { borough, weight, bustle, centres }
        };
        Self { list: (0..).zip(boroughs).map(ground).collect(), inside }
    }

    /// A place in a borough as (latitude, longitude).
    pub(crate) fn place(&self, rng: &mut ChaCha8Rng, ground: &Ground<'_>) -> (f64, f64) {
        let [west, south, east, north] = ground.borough.bbox;
        for _ in 0..30 {
            if rng.random_bool(0.4) {
                break;
            }
            let Some(centre) = pick(rng, &ground.centres) else { break };
            let mut step = |extent: f64| extent * 0.09 * rng.sample::<f64, _>(StandardNormal);
            let at = (centre.0 + step(north - south), centre.1 + step(east - west));
            if (self.inside)(&ground.borough.code, at.0, at.1) {
                return at;
            }
        }
        within(rng, ground.borough, self.inside)
    }

    /// A place just beyond every borough, where the motorway runs.
    pub(crate) fn beyond(&self, rng: &mut ChaCha8Rng) -> (f64, f64) {
        let all = self.list.iter().map(|ground| ground.borough.bbox);
        let whole = all.reduce(|a, b| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]);
        let [west, south, east, north] = whole.unwrap_or([0.0; 4]);
        let (margin_x, margin_y) = ((east - west) * 0.03, (north - south) * 0.03);
        for _ in 0..200 {
            let latitude = between(rng, south - margin_y, north + margin_y);
            let longitude = between(rng, west - margin_x, east + margin_x);
            if !self.list.iter().any(|ground| (self.inside)(&ground.borough.code, latitude, longitude)) {
                return (latitude, longitude);
            }
        }
        (north + margin_y, east + margin_x)
    }
}

/// A place anywhere in a borough; the middle of its box where 400 tries find none.
fn within(rng: &mut ChaCha8Rng, borough: &Borough, inside: Inside<'_>) -> (f64, f64) {
    let [west, south, east, north] = borough.bbox;
    for _ in 0..400 {
        let (latitude, longitude) = (between(rng, south, north), between(rng, west, east));
        if inside(&borough.code, latitude, longitude) {
            return (latitude, longitude);
        }
    }
    (f64::midpoint(south, north), f64::midpoint(west, east))
}

fn between(rng: &mut ChaCha8Rng, low: f64, high: f64) -> f64 {
    low + (high - low) * rng.random::<f64>()
}
