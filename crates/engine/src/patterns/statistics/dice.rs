//! Numbers that look random and are the same every time.

/// SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014).
pub(super) struct Dice(u64);

impl Dice {
    /// Dice of a seed.
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Evenly from 0 to 1, neither included.
    #[expect(clippy::cast_precision_loss, reason = "53 bits are what a double holds")]
    pub(super) fn uniform(&mut self) -> f64 {
        ((self.next() >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }

    /// Two independent standard normal numbers (Box and Muller, 1958).
    pub(super) fn normal_pair(&mut self) -> [f64; 2] {
        let radius = (-2.0 * self.uniform().ln()).sqrt();
        let (sin, cos) = (std::f64::consts::TAU * self.uniform()).sin_cos();
        [radius * cos, radius * sin]
    }

    /// `count` numbers, each `memory` times the one before and standard normal noise: an AR(1) series from its steady state.
    pub(super) fn wandering(&mut self, count: usize, memory: f64) -> Vec<f64> {
        let mut noise = Vec::with_capacity(count + 1);
        while noise.len() < count {
            noise.extend(self.normal_pair());
        }
        noise.truncate(count);
        let mut last = noise.first().copied().unwrap_or(0.0) / (1.0 - memory * memory).sqrt();
        for (at, value) in noise.iter_mut().enumerate() {
            if at > 0 {
                last = memory * last + *value;
            }
            *value = last;
        }
        noise
    }
}
