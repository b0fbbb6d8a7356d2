//! Seasonal-trend decomposition by loess (STL).
//!
//! R. B. Cleveland, W. S. Cleveland, J. E. McRae and I. Terpenning, "STL: A seasonal-trend decomposition procedure based on loess",
//! Journal of Official Statistics 6 (1990). Without gaps it gives the figures of statsmodels' `STL` (all jumps 1, degrees 1); with gaps
//! the days that are missing take no part (R. Hafen's stlplus does the same), which is why this is not a crate: those that there are
//! take whole series only.

use super::loess::Points;
use super::quantile::median;

/// How smooth the parts are. Windows count values and are odd.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Settings {
    /// Steps after which the season comes round, such as 7.
    pub(crate) period: usize,
    /// Window over the same step of neighbouring periods.
    pub(crate) season_window: usize,
    /// Window of the trend.
    pub(crate) trend_window: usize,
    /// Whether values far off count for little.
    pub(crate) robust: bool,
}

impl Settings {
    /// For days with a week's rhythm: the shape of the week may drift over half a year, the trend over two months.
    pub(crate) const DAYS: Self = Self { period: 7, season_window: 27, trend_window: 61, robust: true };

    fn low_pass_window(self) -> usize {
        self.period + 1 + self.period % 2
    }

    /// Passes over season and trend, and how often values are trusted anew, as in statsmodels.
    fn rounds(self) -> (usize, usize) {
        if self.robust { (2, 15) } else { (5, 0) }
    }
}

/// A series in parts; where the value is missing so are they.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Parts {
    pub(crate) trend: Vec<Option<f64>>,
    pub(crate) season: Vec<Option<f64>>,
    pub(crate) residual: Vec<Option<f64>>,
}

/// Why there are no parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TooFew {
    /// Fewer steps than two periods.
    Steps,
    /// A step of the period, counted from the first of the series, with fewer than two values.
    Values(usize),
}

/// Takes a series apart: value = trend + season + residual, wherever there is a value.
pub(crate) fn decompose(series: &[Option<f64>], settings: Settings) -> Result<Parts, TooFew> {
    if series.len() < 2 * settings.period {
        return Err(TooFew::Steps);
    }
    let values_of = |step: usize| series.iter().skip(step).step_by(settings.period).flatten().count();
    if let Some(step) = (0..settings.period).find(|step| values_of(*step) < 2) {
        return Err(TooFew::Values(step));
    }
    let mut work = Work::new(series, settings);
    let (inner, outer) = settings.rounds();
    for round in 0..=outer {
        (0..inner).for_each(|_| work.pass());
        if round < outer {
            work.trust_anew();
        }
    }
    Ok(work.parts())
}

struct Work {
    settings: Settings,
    /// Places of the values that are there, and the values.
    places: Vec<usize>,
    values: Vec<f64>,
    trust: Vec<f64>,
    /// At every place, gaps included.
    trend: Vec<f64>,
    season: Vec<f64>,
}

#[expect(clippy::cast_precision_loss, reason = "lengths of series are far below 2^53")]
fn place(at: usize) -> f64 {
    at as f64
}

impl Work {
    fn new(series: &[Option<f64>], settings: Settings) -> Self {
        let (places, values): (Vec<_>, Vec<_>) =
            series.iter().enumerate().filter_map(|(at, value)| value.map(|value| (at, value))).unzip();
        let (trust, length) = (vec![1.0; values.len()], series.len());
        Self { settings, places, values, trust, trend: vec![0.0; length], season: vec![0.0; length] }
    }

    /// One pass of the inner loop.
    fn pass(&mut self) {
        let length = self.trend.len();
        let period = self.settings.period;
        let seasonal = self.smooth_seasons();
        let level = moving_mean(&moving_mean(&moving_mean(&seasonal, period), period), 3);
        let places: Vec<f64> = (0..length).map(place).collect();
        let low = Points { places: &places, values: &level, trust: &vec![1.0; length], length };
        let low = low.smooth(places.iter().copied(), self.settings.low_pass_window());
        self.season = (0..length).map(|at| seasonal[at + period] - low[at]).collect();
        let without: Vec<f64> = self.places.iter().zip(&self.values).map(|(at, y)| y - self.season[*at]).collect();
        let known: Vec<f64> = self.places.iter().copied().map(place).collect();
        let rest = Points { places: &known, values: &without, trust: &self.trust, length };
        self.trend = rest.smooth(places.iter().copied(), self.settings.trend_window);
    }

    /// Each step of the period smoothed over the periods, from one period before the series to one behind it.
    fn smooth_seasons(&self) -> Vec<f64> {
        let (length, period) = (self.trend.len(), self.settings.period);
        let mut all = vec![0.0; length + 2 * period];
        for step in 0..period {
            let own: Vec<usize> = (0..self.places.len()).filter(|at| self.places[*at] % period == step).collect();
            let places: Vec<f64> = own.iter().map(|at| place(self.places[*at] / period)).collect();
            let values: Vec<f64> = own.iter().map(|at| self.values[*at] - self.trend[self.places[*at]]).collect();
            let trust: Vec<f64> = own.iter().map(|at| self.trust[*at]).collect();
            let count = (length - step).div_ceil(period);
            let points = Points { places: &places, values: &values, trust: &trust, length: count };
            let at = (0..count + 2).map(|at| place(at) - 1.0);
            for (turn, value) in points.smooth(at, self.settings.season_window).into_iter().enumerate() {
                all[turn * period + step] = value;
            }
        }
        all
    }

    /// Bisquare weights of the residuals.
    fn trust_anew(&mut self) {
        let off = |(at, y): (&usize, &f64)| (y - self.trend[*at] - self.season[*at]).abs();
        let residuals: Vec<f64> = self.places.iter().zip(&self.values).map(off).collect();
        let far = 6.0 * median(&residuals).unwrap_or(0.0);
        self.trust = residuals
            .iter()
            .map(|off| match *off {
                // Where most values lie on the lines, none is far off them: as in statsmodels.
                off if off <= 0.001 * far || far == 0.0 => 1.0,
                off if off <= 0.999 * far => (1.0 - (off / far).powi(2)).powi(2),
                _ => 0.0,
            })
            .collect();
    }

    fn parts(self) -> Parts {
        let empty = || vec![None; self.trend.len()];
        let mut parts = Parts { trend: empty(), season: empty(), residual: empty() };
        for (at, value) in self.places.iter().zip(&self.values) {
            let (trend, season) = (self.trend[*at], self.season[*at]);
            parts.trend[*at] = Some(trend);
            parts.season[*at] = Some(season);
            parts.residual[*at] = Some(value - trend - season);
        }
        parts
    }
}

/// Means of `width` neighbours: `width − 1` fewer than there were.
fn moving_mean(values: &[f64], width: usize) -> Vec<f64> {
    let mut sum: f64 = values[..width].iter().sum();
    let mut means = vec![sum / place(width)];
    for at in width..values.len() {
        sum += values[at] - values[at - width];
        means.push(sum / place(width));
    }
    means
}
