//! Gauss–Hermite quadrature for a standard normal weight.
// Loops run over the nodes of one rule.
#![allow(clippy::indexing_slicing)]

/// Nodes and weights of the rule with `n` points; the weights sum to 1.
///
/// The roots of the Hermite polynomial are found by bisection on a grid finer than their least distance
/// (π/√n), with polynomials scaled to unit length so that nothing overflows.
#[must_use]
pub fn normal_rule(n: usize) -> Vec<(f64, f64)> {
    if n == 0 {
        return Vec::new();
    }
    let last = |x: f64| -> (f64, f64) {
        let (mut before, mut now) = (0.0, 1.0);
        for k in 0..n {
            let k = k as f64;
            let next = (x * now - k.sqrt() * before) / (k + 1.0).sqrt();
            before = now;
            now = next;
        }
        (now, before)
    };
    let reach = 2.0 * (n as f64).sqrt() + 1.0;
    let steps = (reach / (0.2 / (n as f64).sqrt())).ceil() as usize;
    let mut rule = Vec::with_capacity(n);
    if n % 2 == 1 {
        let (_, before) = last(0.0);
        rule.push((0.0, 1.0 / (n as f64 * before * before)));
    }
    // Start just above zero so that the middle root of an odd rule is not found twice.
    let at = |i: usize| reach * i as f64 / steps as f64 + 1e-9;
    for i in 0..steps {
        let (mut low, mut high) = (at(i), at(i + 1));
        let below = last(low).0;
        if below.signum() == last(high).0.signum() {
            continue;
        }
        for _ in 0..200 {
            let middle = 0.5 * (low + high);
            if middle <= low || middle >= high {
                break;
            }
            if last(middle).0.signum() == below.signum() {
                low = middle;
            } else {
                high = middle;
            }
        }
        let (_, before) = last(low);
        let weight = 1.0 / (n as f64 * before * before);
        rule.push((low, weight));
        rule.push((-low, weight));
    }
    rule.sort_by(|a, b| a.0.total_cmp(&b.0));
    rule
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rule_integrates_the_moments_of_the_normal_distribution() {
        for n in [5, 12, 61, 160] {
            let rule = normal_rule(n);
            assert_eq!(rule.len(), n);
            for (power, moment) in [(0, 1.0), (1, 0.0), (2, 1.0), (4, 3.0), (6, 15.0), (8, 105.0)] {
                let sum: f64 = rule.iter().map(|(x, w)| w * x.powi(power)).sum();
                assert!((sum - moment).abs() < 1e-10 * (1.0 + moment), "{n} {power} {sum}");
            }
        }
    }
}
