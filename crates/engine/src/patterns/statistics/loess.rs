//! Local regression over the values that are there.
//!
//! W. S. Cleveland, "Robust locally weighted regression and smoothing scatterplots", JASA 74 (1979), as STL uses it: tricube
//! weights, a straight line. A window holds the nearest *present* values, so that a gap is bridged and not taken for zeros;
//! without gaps it is the window of Cleveland et al. (1990).

/// Values at places on a line of equal steps; places ascend.
pub(super) struct Points<'a> {
    pub(super) places: &'a [f64],
    pub(super) values: &'a [f64],
    /// How far each value is trusted, 0 to 1.
    pub(super) trust: &'a [f64],
    /// Length of the whole line, gaps included.
    pub(super) length: usize,
}

impl Points<'_> {
    /// The smooth at places that ascend, over windows of `window` values.
    pub(super) fn smooth(&self, at: impl Iterator<Item = f64>, window: usize) -> Vec<f64> {
        let count = self.places.len();
        let width = window.min(count);
        let mut first = 0;
        at.map(|place| {
            // Moves on while the next value is nearer than the first one of the window.
            while first + width < count && self.places[first + width] - place < place - self.places[first] {
                first += 1;
            }
            self.estimate(place, first, first + width, window)
        })
        .collect()
    }

    #[expect(clippy::cast_precision_loss, reason = "lengths of series are far below 2^53")]
    fn estimate(&self, place: f64, first: usize, end: usize, window: usize) -> f64 {
        let (places, values) = (&self.places[first..end], &self.values[first..end]);
        let (Some(left), Some(right)) = (places.first(), places.last()) else { return 0.0 };
        let mut reach = (place - left).max(right - place);
        if window > self.places.len() {
            reach += ((window - self.places.len()) / 2) as f64;
        }
        let near = |trusted: bool| -> Vec<f64> {
            let weight =
                |(at, trust): (&f64, &f64)| tricube((at - place).abs(), reach) * if trusted { *trust } else { 1.0 };
            places.iter().zip(&self.trust[first..end]).map(weight).collect()
        };
        let mut weights = near(true);
        if weights.iter().sum::<f64>() <= 0.0 {
            // All that is near is distrusted: better a plain smooth than none.
            weights = near(false);
        }
        tilt(&mut weights, places, place, reach, self.length.saturating_sub(1) as f64);
        weights.iter().zip(values).map(|(weight, value)| weight * value).sum()
    }
}

fn tricube(distance: f64, reach: f64) -> f64 {
    if distance > 0.999 * reach && reach > 0.0 {
        return 0.0;
    }
    if distance <= 0.001 * reach { 1.0 } else { (1.0 - (distance / reach).powi(3)).powi(3) }
}

/// Turns weights into those of the weighted straight line at a place; they add up to one.
fn tilt(weights: &mut [f64], places: &[f64], place: f64, reach: f64, span: f64) {
    let whole: f64 = weights.iter().sum();
    if whole <= 0.0 {
        return;
    }
    weights.iter_mut().for_each(|weight| *weight /= whole);
    if reach <= 0.0 {
        return;
    }
    let centre: f64 = weights.iter().zip(places).map(|(weight, at)| weight * at).sum();
    let spread: f64 = weights.iter().zip(places).map(|(weight, at)| weight * (at - centre).powi(2)).sum();
    // Values in one place have no slope.
    if spread.sqrt() > 0.001 * span {
        let slope = (place - centre) / spread;
        weights.iter_mut().zip(places).for_each(|(weight, at)| *weight *= slope * (at - centre) + 1.0);
    }
}
