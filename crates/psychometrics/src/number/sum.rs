//! Sums that do not lose digits.

/// Adds numbers with a running error term (Neumaier): the result is right to about one unit in the last
/// place whatever the order of magnitude of the terms.
#[must_use]
pub fn accurate(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut sum = 0.0_f64;
    let mut lost = 0.0_f64;
    for value in values {
        let next = sum + value;
        lost += if sum.abs() >= value.abs() { (sum - next) + value } else { (value - next) + sum };
        sum = next;
    }
    sum + lost
}

/// The mean, or `None` without values.
#[must_use]
pub fn mean(values: &[f64]) -> Option<f64> {
    if values.is_empty() { None } else { Some(accurate(values.iter().copied()) / values.len() as f64) }
}

/// The variance with divisor n − 1, or `None` with fewer than two values.
#[must_use]
pub fn variance(values: &[f64]) -> Option<f64> {
    let centre = mean(values)?;
    if values.len() < 2 {
        return None;
    }
    Some(accurate(values.iter().map(|v| (v - centre) * (v - centre))) / (values.len() - 1) as f64)
}

/// The Pearson correlation, or `None` when either side has no variance.
#[must_use]
pub fn correlation(x: &[f64], y: &[f64]) -> Option<f64> {
    let (mx, my) = (mean(x)?, mean(y)?);
    let sxy = accurate(x.iter().zip(y).map(|(a, b)| (a - mx) * (b - my)));
    let sxx = accurate(x.iter().map(|a| (a - mx) * (a - mx)));
    let syy = accurate(y.iter().map(|b| (b - my) * (b - my)));
    let r = sxy / (sxx * syy).sqrt();
    if r.is_finite() { Some(r) } else { None }
}

/// The quantile at `share` by linear interpolation between order statistics (type 7 of Hyndman and Fan).
/// The values must be sorted.
#[must_use]
pub fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let place = share.clamp(0.0, 1.0) * last as f64;
    let below = place.floor() as usize;
    let low = *sorted.get(below)?;
    let high = *sorted.get((below + 1).min(last))?;
    Some(low + (high - low) * (place - below as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_terms_survive_large_ones() {
        assert_eq!(accurate([1e16, 1.0, -1e16]), 1.0);
    }

    #[test]
    fn the_median_of_four_is_halfway() {
        assert_eq!(quantile(&[1.0, 2.0, 4.0, 8.0], 0.5), Some(3.0));
        assert_eq!(quantile(&[], 0.5), None);
    }
}
