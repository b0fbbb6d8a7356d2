//! Random streams, each of its own: keyed by the seed, what for, and two numbers.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;

/// What a stream is for. The number is part of the key and never changes.
#[derive(Debug, Clone, Copy)]
#[repr(u64)]
pub(crate) enum Purpose {
    /// A borough's standing.
    Borough = 1,
    /// An operator's sites and EVSEs.
    Estate = 2,
    /// What happens at an EVSE on a day.
    Day = 3,
    /// Outages of an EVSE in a quarter.
    Outage = 4,
    /// What is wrong with a return.
    Defects = 5,
    /// Cards.
    Card = 6,
    /// What else is wrong with a return that waits.
    MoreDefects = 7,
}

/// The stream of a key: the numbers themselves are the key of the cipher, so no two streams are alike.
pub(crate) fn stream(seed: u64, purpose: Purpose, a: u64, b: u64) -> ChaCha8Rng {
    let mut key = [0; 32];
    for (part, number) in key.chunks_exact_mut(8).zip([seed, purpose as u64, a, b]) {
        part.copy_from_slice(&number.to_le_bytes());
    }
    ChaCha8Rng::from_seed(key)
}

/// A positive number around `median`; `spread` is the standard deviation of its logarithm.
pub(crate) fn log_normal(rng: &mut impl Rng, median: f64, spread: f64) -> f64 {
    let z: f64 = rng.sample(StandardNormal);
    median * (spread * z).exp()
}

/// How many, where `mean` are expected (Knuth 1969): for small means.
pub(crate) fn poisson(rng: &mut impl Rng, mean: f64) -> usize {
    let limit = (-mean).exp();
    let (mut count, mut product) = (0, rng.random::<f64>());
    while product > limit && count < 60 {
        count += 1;
        product *= rng.random::<f64>();
    }
    count
}

/// One of a list; none of an empty one.
pub(crate) fn pick<'l, T>(rng: &mut impl Rng, list: &'l [T]) -> Option<&'l T> {
    if list.is_empty() { None } else { list.get(rng.random_range(0..list.len())) }
}

/// An index, as likely as its weight. 0 where there is no weight at all.
pub(crate) fn weighted(rng: &mut impl Rng, weights: &[f64]) -> usize {
    let mut at = rng.random::<f64>() * weights.iter().sum::<f64>();
    for (index, weight) in weights.iter().enumerate() {
        at -= weight;
        if at < 0.0 {
            return index;
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_depends_on_every_part_of_its_key() {
        let first = |seed, purpose, a, b| stream(seed, purpose, a, b).random::<u64>();
        let one = first(1, Purpose::Day, 2, 3);
        assert_eq!(one, first(1, Purpose::Day, 2, 3));
        let others = [first(2, Purpose::Day, 2, 3), first(1, Purpose::Card, 2, 3), first(1, Purpose::Day, 3, 2)];
        assert!(!others.contains(&one));
    }

    #[test]
    fn counts_have_the_mean_that_was_asked() {
        let mut rng = stream(7, Purpose::Day, 0, 0);
        for mean in [0.0, 0.4, 6.0] {
            let total: usize = (0..20_000).map(|_| poisson(&mut rng, mean)).sum();
            assert!((total as f64 / 20_000.0 - mean).abs() < 0.06, "{mean}");
        }
    }
}
