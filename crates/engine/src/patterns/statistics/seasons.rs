//! How each month of the year stands to the year around it.
//!
//! Ratio to the centred moving average of twelve months, as in M. G. Kendall and A. Stuart, "The Advanced Theory of Statistics", vol. 3; the
//! figures of statsmodels' `seasonal_decompose(model="multiplicative", period=12)`.

/// Indices of the twelve steps of a year, the first for the first value of the series; they have the mean 1. None where a step has no ratio:
/// that takes two whole years without a gap around each month.
pub(crate) fn indices(months: &[Option<f64>]) -> Option<[f64; 12]> {
    let mut ratios: [Vec<f64>; 12] = Default::default();
    for at in 6..months.len().saturating_sub(6) {
        // Half of the month at either end, so that twelve months lie around this one evenly.
        let around = &months[at - 6..=at + 6];
        let Some(known) = around.iter().copied().collect::<Option<Vec<f64>>>() else { continue };
        let mean = (known[1..12].iter().sum::<f64>() + (known[0] + known[12]) / 2.0) / 12.0;
        if mean > 0.0 {
            ratios[at % 12].push(known[6] / mean);
        }
    }
    if ratios.iter().any(Vec::is_empty) {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "numbers of years")]
    let mut indices = ratios.map(|ratios| ratios.iter().sum::<f64>() / ratios.len() as f64);
    let mean = indices.iter().sum::<f64>() / 12.0;
    indices.iter_mut().for_each(|index| *index /= mean);
    Some(indices)
}
