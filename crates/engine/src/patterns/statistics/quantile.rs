//! Quantiles of values.

/// The quantile at `share` (0 to 1), between the two nearest values in proportion: type 7 of R. J. Hyndman and Y. Fan, "Sample quantiles in
/// statistical packages", The American Statistician 50 (1996), the default of numpy. None of no values.
pub(crate) fn quantile(ascending: &[f64], share: f64) -> Option<f64> {
    let last = ascending.len().checked_sub(1)?;
    #[expect(clippy::cast_precision_loss, reason = "numbers of values are far below 2^53")]
    let place = share.clamp(0.0, 1.0) * last as f64;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and the last index")]
    let below = place.floor() as usize;
    let above = ascending[(below + 1).min(last)];
    Some(ascending[below] + (above - ascending[below]) * place.fract())
}

/// The middle value, or the mean of the two in the middle.
pub(crate) fn median(values: &[f64]) -> Option<f64> {
    let mut ascending = values.to_vec();
    ascending.sort_unstable_by(f64::total_cmp);
    quantile(&ascending, 0.5)
}
