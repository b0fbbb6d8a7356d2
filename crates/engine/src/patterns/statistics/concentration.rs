//! How unequally use is spread: Lorenz curve, Gini coefficient, and how few members make up half.
//!
//! M. O. Lorenz, "Methods of measuring the concentration of wealth", Publications of the American Statistical Association 9 (1905);
//! C. Gini, "Variabilità e mutabilità" (1912), in the form of means of absolute differences, without a correction for small numbers.

/// How use is spread over members.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Concentration {
    /// 0 where all have the same, near 1 where one has all; none without use.
    pub(crate) gini: Option<f64>,
    /// The fewest members that together have half of it; none without use.
    pub(crate) half: Option<usize>,
    /// (share of members from the least used, their share of use), from (0, 0) to (1, 1); empty without use.
    pub(crate) curve: Vec<(f64, f64)>,
}

/// Points of a curve that is drawn.
const POINTS: usize = 100;

#[expect(clippy::cast_precision_loss, reason = "numbers of members are far below 2^53")]
fn float(count: usize) -> f64 {
    count as f64
}

/// How values, none of them negative, are spread over their members.
pub(crate) fn concentration(values: &[f64]) -> Concentration {
    let mut ascending: Vec<f64> = values.iter().map(|value| value.max(0.0)).collect();
    ascending.sort_unstable_by(f64::total_cmp);
    let (count, whole) = (ascending.len(), ascending.iter().sum::<f64>());
    if whole <= 0.0 {
        return Concentration { gini: None, half: None, curve: Vec::new() };
    }
    let mut below = vec![0.0];
    for value in &ascending {
        below.push(below[below.len() - 1] + value);
    }
    let weighted: f64 = ascending.iter().enumerate().map(|(at, value)| float(at + 1) * value).sum();
    let gini = (2.0 * weighted / (float(count) * whole) - float(count + 1) / float(count)).max(0.0);
    let half = (1..=count).find(|top| whole - below[count - top] >= whole / 2.0);
    let steps = POINTS.min(count);
    let curve = (0..=steps).map(|step| {
        let members = step * count / steps;
        (float(members) / float(count), if members == count { 1.0 } else { below[members] / whole })
    });
    Concentration { gini: Some(gini), half, curve: curve.collect() }
}

/// The share of use of the top part of members, at least one of them. None without use.
pub(crate) fn top_share(values: &[f64], part: f64) -> Option<f64> {
    let mut descending: Vec<f64> = values.iter().map(|value| value.max(0.0)).collect();
    descending.sort_unstable_by(|a, b| b.total_cmp(a));
    let whole: f64 = descending.iter().sum();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a part of a number of members")]
    let top = ((float(descending.len()) * part).round() as usize).clamp(1, descending.len().max(1));
    (whole > 0.0).then(|| descending.iter().take(top).sum::<f64>() / whole)
}
