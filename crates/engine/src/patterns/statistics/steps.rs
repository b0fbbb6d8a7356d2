//! Days on which a series changes its level, for four weeks at least: when, by how much, how sure.
//!
//! Around each day, a straight line with a step there is fitted to the weeks before and after (the line, because growth is not a
//! step); the largest t value of the step is compared with those of series that have none but wander as much from day to day. What is
//! found splits the series, and both sides are searched again (binary segmentation). Moving windows: B. Eichinger and C. Kirch, "A MOSUM
//! procedure for the estimation of multiple random change points", Bernoulli 24 (2018). The interval of the day: J. Bai,
//! "Estimation of a change point in multiple regression models", Review of Economics and Statistics 79 (1997).

use std::ops::Range;

use super::dice::Dice;
use super::quantile::median;

/// Steps that the window reaches to either side.
const WINDOW: usize = 75;
/// Values that each side must have.
const MIN_SIDE: f64 = 28.0;
/// A step is told when a series without one would show as much at most this often.
pub(crate) const LEVEL: f64 = 0.01;
/// Series without a step to compare with.
const TURNS: usize = 399;
/// The largest t value of many is hardly ever below: not worth comparing.
const PLAIN: f64 = 2.5;
/// Taking the week out of a series takes some of its noise along, which makes t values a twentieth too large.
const AFTER_SEASON: f64 = 0.95;
const SEED: u64 = 0x6b65_7262_7761_7474;
/// More steps than this are no steps but a different kind of series.
const MOST: usize = 8;
/// Of Bai's limiting distribution, 97.5 %.
const BAI: f64 = 11.0;

/// A change of level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Step {
    /// Place of the first value at the new level.
    pub(crate) at: usize,
    /// 95 % interval of that place.
    pub(crate) earliest: usize,
    /// Its end.
    pub(crate) latest: usize,
    /// Level before and after, where the two lines meet the step.
    pub(crate) before: f64,
    /// Level after.
    pub(crate) after: f64,
    /// Half the width of the 95 % interval of the difference.
    pub(crate) margin: f64,
    /// How often a series without a step shows as much.
    pub(crate) chance: f64,
}

/// Finds the steps of a series that has no season, in order.
pub(crate) fn steps(series: &[Option<f64>]) -> Vec<Step> {
    let calm = without_spikes(series);
    let memory = memory(&calm);
    let sums = Sums::of(&calm);
    let mut found: Vec<Step> = Vec::new();
    let Some(greatest) = sums.greatest(&(0..calm.len())) else { return found };
    let mut chance = Chance { series: &calm, memory, without: Vec::new() };
    if chance.of(greatest.t()) > LEVEL {
        return found;
    }
    let mut parts: Vec<Range<usize>> = std::iter::once(0..calm.len()).collect();
    while let Some(part) = parts.pop() {
        let Some(fit) = sums.greatest(&part) else { continue };
        let chance = chance.of(fit.t());
        if chance <= LEVEL && found.len() < MOST {
            parts.extend([part.start..fit.at, fit.at..part.end]);
            found.push(fit.step(&calm, &part, memory, chance));
        }
    }
    found.sort_by_key(|step| step.at);
    found
}

/// Of a series, the part that may be single days far out. Of one that is used now and then the days of use are no exceptions.
const SINGLE: f64 = 0.05;

/// The series with single days that stand far out drawn in: an outage or a festival is not a level.
fn without_spikes(series: &[Option<f64>]) -> Vec<Option<f64>> {
    let known: Vec<f64> = series.iter().copied().flatten().collect();
    let around = |at: usize| median(&known[at.saturating_sub(7)..(at + 8).min(known.len())]).unwrap_or(0.0);
    let middle: Vec<f64> = (0..known.len()).map(around).collect();
    let off: Vec<f64> = known.iter().zip(&middle).map(|(value, middle)| (value - middle).abs()).collect();
    // Of a normal distribution, three standard deviations.
    let far = 3.0 * 1.4826 * median(&off).unwrap_or(0.0);
    if length(off.iter().filter(|off| **off > far).count()) > SINGLE * length(known.len()) {
        return series.to_vec();
    }
    let mut at = 0;
    let mut calm = |value: f64| {
        let middle = middle[at];
        at += 1;
        if far > 0.0 { value.clamp(middle - far, middle + far) } else { value }
    };
    series.iter().map(|value| value.map(&mut calm)).collect()
}

/// How much of a day's deviation is left on the next: the larger of what neighbouring days and what neighbouring weeks show. Made of
/// differences, which know nothing of levels and trends.
fn memory(series: &[Option<f64>]) -> f64 {
    let squares = |lag: usize, values: &[Option<f64>]| -> Option<f64> {
        let pairs = values.iter().zip(values.iter().skip(lag));
        let mut squares: Vec<f64> = pairs.filter_map(|(a, b)| Some((b.as_ref()? - a.as_ref()?).powi(2))).collect();
        squares.sort_unstable_by(f64::total_cmp);
        // A step is among the largest differences.
        squares.truncate(squares.len() - squares.len() / 20);
        (!squares.is_empty()).then(|| squares.iter().sum::<f64>() / length(squares.len()))
    };
    let (Some(one), Some(two)) = (squares(1, series), squares(2, series)) else { return 0.0 };
    if one <= 0.0 {
        return 0.0;
    }
    let of_days = two / one - 1.0;
    let weeks: Vec<Option<f64>> = series.chunks_exact(7).map(mean).collect();
    // Of independent days the mean of seven varies a seventh as much; of an AR(1) series (1 + m) / (1 − m) times that.
    let times = squares(1, &weeks).map_or(1.0, |week| 7.0 * week * (1.0 - of_days.clamp(0.0, 0.9)) / one);
    let of_weeks = (times - 1.0) / (times + 1.0);
    // Estimates from few days come out low as often as high; rather no alarm than a false one.
    let known = series.iter().flatten().count();
    (of_days.max(of_weeks) + 1.0 / length(known).sqrt()).clamp(0.0, 0.9)
}

fn mean(values: &[Option<f64>]) -> Option<f64> {
    let known: Vec<f64> = values.iter().copied().flatten().collect();
    (known.len() > 3).then(|| known.iter().sum::<f64>() / length(known.len()))
}

#[expect(clippy::cast_precision_loss, reason = "lengths of series are far below 2^53")]
fn length(count: usize) -> f64 {
    count as f64
}

/// The largest t values of series without a step, made when first asked for.
struct Chance<'a> {
    series: &'a [Option<f64>],
    memory: f64,
    without: Vec<f64>,
}

impl Chance<'_> {
    fn of(&mut self, t: f64) -> f64 {
        if t.abs() < PLAIN {
            return 1.0;
        }
        if self.without.is_empty() {
            let mut dice = Dice::new(SEED);
            self.without = (0..TURNS).map(|_| self.turn(&mut dice)).collect();
        }
        let as_much = self.without.iter().filter(|other| **other >= AFTER_SEASON * t.abs()).count();
        length(as_much + 1) / length(TURNS + 1)
    }

    /// The same days with a value, the same memory, and no step.
    fn turn(&self, dice: &mut Dice) -> f64 {
        let noise = dice.wandering(self.series.len(), self.memory);
        let series: Vec<_> = self.series.iter().zip(noise).map(|(value, noise)| value.map(|_| noise)).collect();
        Sums::of(&series).greatest(&(0..series.len())).map_or(0.0, |fit| fit.t().abs())
    }
}

/// Sums of 1, t, t², y, ty and y² over the values before each place.
struct Sums(Vec<[f64; 6]>);

/// The six sums over a stretch, with t counted from a place.
type Moments = [f64; 6];

/// A line with a step.
#[derive(Debug, Clone, Copy)]
struct Fit {
    at: usize,
    before: f64,
    after: f64,
    /// Standard error of the step, were days independent.
    error: f64,
    /// Variance of the values about the lines.
    variance: f64,
}

impl Sums {
    fn of(series: &[Option<f64>]) -> Self {
        let known: Vec<f64> = series.iter().copied().flatten().collect();
        let centre = known.iter().sum::<f64>() / length(known.len().max(1));
        let mut sum = [0.0; 6];
        let mut sums = vec![sum];
        for (at, value) in series.iter().enumerate() {
            if let Some(value) = value {
                let (t, y) = (length(at), value - centre);
                for (own, more) in sum.iter_mut().zip([1.0, t, t * t, value - centre, t * y, y * y]) {
                    *own += more;
                }
            }
            sums.push(sum);
        }
        sums.push([centre; 6]);
        Self(sums)
    }

    fn centre(&self) -> f64 {
        self.0.last().map_or(0.0, |last| last[0])
    }

    fn moments(&self, of: Range<usize>, from: usize) -> Moments {
        let (end, start) = (&self.0[of.end], &self.0[of.start]);
        let [n, t, tt, y, ty, yy]: [f64; 6] = std::array::from_fn(|at| end[at] - start[at]);
        let from = length(from);
        [n, t - from * n, tt - 2.0 * from * t + from * from * n, y, ty - from * y, yy]
    }

    /// The place of a part where a step is surest; none where no place has enough values on both sides.
    fn greatest(&self, part: &Range<usize>) -> Option<Fit> {
        let fits = part.clone().filter_map(|at| self.fit(part, at));
        fits.max_by(|a, b| a.t().abs().total_cmp(&b.t().abs()))
    }

    fn fit(&self, part: &Range<usize>, at: usize) -> Option<Fit> {
        let left = self.moments(at.saturating_sub(WINDOW).max(part.start)..at, at);
        let right = self.moments(at..(at + WINDOW).min(part.end), at);
        // A step is told on a day with a value.
        let has_value = self.0[at + 1][0] > self.0[at][0];
        if !has_value || left[0] < MIN_SIDE || right[0] < MIN_SIDE {
            return None;
        }
        let about = |[n, t, tt, y, ty, yy]: Moments| [tt - t * t / n, ty - t * y / n, yy - y * y / n];
        let [tt, ty, yy]: [f64; 3] = std::array::from_fn(|at| about(left)[at] + about(right)[at]);
        let slope = ty / tt;
        let level = |[n, t, _, y, ..]: Moments| (y - slope * t) / n;
        let variance = ((yy - slope * ty) / (left[0] + right[0] - 3.0)).max(0.0);
        let lean = right[1] / right[0] - left[1] / left[0];
        let centre = self.centre();
        let (before, after) = (level(left) + centre, level(right) + centre);
        // Values that all lie on the lines have no error; rounding has.
        let least = 1e-9 * (before.abs() + after.abs() + f64::MIN_POSITIVE);
        let error = (variance * (1.0 / left[0] + 1.0 / right[0] + lean * lean / tt)).sqrt().max(least);
        Some(Fit { at, before, after, error, variance })
    }
}

impl Fit {
    fn t(&self) -> f64 {
        (self.after - self.before) / self.error
    }

    fn step(&self, series: &[Option<f64>], part: &Range<usize>, memory: f64, chance: f64) -> Step {
        // How much more sums of days vary than if days were independent.
        let times = (1.0 + memory) / (1.0 - memory);
        let change = self.after - self.before;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small and positive")]
        let reach = (BAI * self.variance * times / (change * change)).min(length(WINDOW)) as usize + 1;
        // Counted in days with a value: where days are missing, it may have come on any of them.
        let known = |at: &usize| series[*at].is_some();
        let before = (part.start..self.at).rev().filter(known).nth(reach);
        let latest = (self.at..part.end).filter(known).nth(reach).unwrap_or(part.end - 1);
        Step {
            at: self.at,
            earliest: before.map_or(part.start, |at| at + 1),
            latest,
            before: self.before,
            after: self.after,
            margin: 1.96 * self.error * times.sqrt(),
            chance,
        }
    }
}
