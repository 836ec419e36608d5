//! Variance components of scripts, markers and error by restricted maximum likelihood, and the
//! reliability of one or more markings.
// Loops run over markers and ratings with checked indices from `Ratings`.
#![allow(clippy::indexing_slicing)]

use super::rating::Ratings;
use crate::number::{Matrix, Reason, Stat, sum};
use serde::Serialize;

/// The components.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Components {
    /// Variance between scripts.
    pub script: f64,
    /// Variance between markers.
    pub marker: f64,
    /// Residual variance.
    pub residual: f64,
    /// Reliability of one marking.
    pub reliability_one: Stat,
    /// Reliability of the mean of two markings.
    pub reliability_two: Stat,
}

impl Components {
    /// σ_s² / (σ_s² + (σ_m² + σ_e²)/r): reliability of the mean of `r` markings by different markers.
    #[must_use]
    pub fn reliability(&self, r: f64) -> Stat {
        Stat::ratio(self.script, self.script + (self.marker + self.residual) / r, Reason::NoVariance)
    }
}

struct Problem {
    by_object: Vec<Vec<(usize, f64)>>,
    markers: usize,
    n: f64,
}

/// Estimates the components; `None` when the ratings cannot separate them.
#[must_use]
pub fn components_of_variance(ratings: &Ratings) -> Option<Components> {
    let mut by_object: Vec<Vec<(usize, f64)>> = vec![Vec::new(); ratings.objects.len()];
    let grand = sum::accurate(ratings.list.iter().map(|r| r.value)) / ratings.list.len() as f64;
    for r in &ratings.list {
        by_object[r.object].push((r.marker, r.value - grand));
    }
    by_object.retain(|l| !l.is_empty());
    let n = ratings.list.len();
    if n < by_object.len() + 2 || ratings.markers.len() < 2 || by_object.len() < 2 {
        return None;
    }
    let problem = Problem { by_object, markers: ratings.markers.len(), n: n as f64 };
    let [s, m] = problem.minimise();
    let (_, error) = problem.deviance(s, m)?;
    let mut components = Components {
        script: s * s * error,
        marker: m * m * error,
        residual: error,
        reliability_one: Stat::Undefined(Reason::NoData),
        reliability_two: Stat::Undefined(Reason::NoData),
    };
    components.reliability_one = components.reliability(1.0);
    components.reliability_two = components.reliability(2.0);
    Some(components)
}

impl Problem {
    /// REML deviance with the error variance profiled out, at relative standard deviations of scripts and
    /// markers; and that error variance. Scripts are eliminated one by one (their block is diagonal), the
    /// markers and the mean remain as a small dense system.
    fn deviance(&self, script: f64, marker: f64) -> Option<(f64, f64)> {
        let k = self.markers;
        let mut small = Matrix::zeros(k + 1, k + 1);
        let mut right = vec![0.0; k + 1];
        let mut squares = Vec::with_capacity(self.by_object.len());
        let mut log_determinant = 0.0;
        for list in &self.by_object {
            let size = list.len() as f64;
            let total: f64 = list.iter().map(|(_, v)| v).sum();
            let block = script * script * size + 1.0;
            log_determinant += block.ln();
            let shrink = script * script / block;
            squares.push(list.iter().map(|(_, v)| v * v).sum::<f64>() - shrink * total * total);
            right[k] += total * (1.0 - shrink * size);
            *small.at_mut(k, k) += size * (1.0 - shrink * size);
            for (a, value) in list {
                right[*a] += marker * (value - shrink * total);
                *small.at_mut(*a, *a) += marker * marker;
                let cross = marker * (1.0 - shrink * size);
                *small.at_mut(*a, k) += cross;
                *small.at_mut(k, *a) += cross;
                for (b, _) in list {
                    *small.at_mut(*a, *b) -= marker * marker * shrink;
                }
            }
        }
        for a in 0..k {
            *small.at_mut(a, a) += 1.0;
        }
        let factor = small.cholesky_above(0.0)?;
        log_determinant += 2.0 * (0..=k).map(|i| factor.at(i, i).ln()).sum::<f64>();
        let solution = factor.solve_with_factor(&right);
        let rest = sum::accurate(squares) - crate::number::matrix::dot(&solution, &right);
        let freedom = self.n - 1.0;
        if rest <= 0.0 {
            return None;
        }
        Some((log_determinant + freedom * rest.ln(), rest / freedom))
    }

    /// Nelder–Mead on (script, marker) with restarts; negative values mirror, so a zero component is found
    /// where it belongs.
    fn minimise(&self) -> [f64; 2] {
        let value = |p: [f64; 2]| self.deviance(p[0].abs(), p[1].abs()).map_or(f64::INFINITY, |d| d.0);
        let mut best = [1.0, 0.5];
        for size in [0.5, 0.1, 0.01, 0.001] {
            let mut simplex =
                [best, [best[0] + size, best[1]], [best[0], best[1] + size]].map(|p| (value(p), p));
            for _ in 0..400 {
                simplex.sort_by(|a, b| a.0.total_cmp(&b.0));
                let [first, second, worst] = simplex;
                if (worst.0 - first.0).abs() < 1e-13 * (1.0 + first.0.abs())
                    && (0..2).all(|i| (worst.1[i] - first.1[i]).abs() < 1e-9)
                {
                    break;
                }
                let along = |t: f64| {
                    let p = [0, 1].map(|i| {
                        let centre = 0.5 * (first.1[i] + second.1[i]);
                        centre + t * (worst.1[i] - centre)
                    });
                    (value(p), p)
                };
                let reflected = along(-1.0);
                simplex[2] = if reflected.0 < first.0 {
                    let expanded = along(-2.0);
                    if expanded.0 < reflected.0 { expanded } else { reflected }
                } else if reflected.0 < second.0 {
                    reflected
                } else {
                    let inside = along(if reflected.0 < worst.0 { -0.5 } else { 0.5 });
                    if inside.0 < worst.0.min(reflected.0) {
                        inside
                    } else {
                        simplex[1] = shrunk(first.1, second.1, &value);
                        shrunk(first.1, worst.1, &value)
                    }
                };
            }
            simplex.sort_by(|a, b| a.0.total_cmp(&b.0));
            best = simplex[0].1.map(f64::abs);
        }
        best
    }
}

fn shrunk(to: [f64; 2], from: [f64; 2], value: &impl Fn([f64; 2]) -> f64) -> (f64, [f64; 2]) {
    let p = [0, 1].map(|i| 0.5 * (to[i] + from[i]));
    (value(p), p)
}

#[cfg(test)]
mod tests {
    use super::super::correlation::mean_squares;
    use super::*;
    use crate::number::random::Stream;

    #[test]
    fn complete_marking_gives_the_analysis_of_variance_estimates() {
        let mut stream = Stream::new(21);
        let shift = [0.0, 0.8, -0.6, 0.2];
        let mut text = String::from("object_id,a,b,c,d\n");
        for i in 0..60 {
            let t = stream.normal() * 2.0;
            text += &format!("s{i}");
            for s in shift {
                text += &format!(",{:.3}", 5.0 + t + s + stream.normal());
            }
            text.push('\n');
        }
        let ratings = Ratings::read(text.as_bytes()).unwrap();
        let c = components_of_variance(&ratings).unwrap();
        let m = mean_squares(&ratings.complete().unwrap()).unwrap();
        assert!((c.residual - m.residual).abs() < 1e-6 * m.residual);
        assert!((c.script - (m.objects - m.residual) / m.k).abs() < 1e-5 * c.script);
        assert!((c.marker - (m.markers - m.residual) / m.n).abs() < 1e-5 * c.marker);
    }
}
