//! How severe each marker is: an additive model object + marker, markers sum to zero. Objects are
//! eliminated first, so any number of scripts costs one pass and a matrix of the order of the markers.
// Loops run over markers and ratings with checked indices from `Ratings`.
#![allow(clippy::indexing_slicing)]

use super::rating::Ratings;
use crate::number::distribution::normal_quantile;
use crate::number::{Matrix, sum};
use crate::table::components;
use serde::Serialize;

/// One marker.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MarkerEffect {
    /// Marker.
    pub marker: String,
    /// Number of ratings.
    pub n: usize,
    /// Effect on the score: positive is lenient.
    pub effect: f64,
    /// Standard error.
    pub se: f64,
    /// Lower end of the 95 % interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// All markers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Severity {
    /// The markers.
    pub markers: Vec<MarkerEffect>,
    /// Standard deviation of what neither script nor marker explains.
    pub residual_sd: f64,
    /// Degrees of freedom of it.
    pub freedom: usize,
}

/// Why severities cannot be compared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SeverityError {
    /// Markers without common scripts.
    #[error(
        "the markers fall apart into {count} groups without common scripts: {groups}; let some scripts be marked across the groups"
    )]
    Disconnected {
        /// Number of components.
        count: usize,
        /// Markers named.
        groups: String,
    },
    /// Not enough ratings.
    #[error("there are too few double markings: {0} ratings leave nothing to estimate the error from")]
    TooFew(usize),
}

/// Estimates the severities.
///
/// # Errors
/// When the design is disconnected or leaves no degrees of freedom.
pub fn severity(ratings: &Ratings) -> Result<Severity, SeverityError> {
    let m = ratings.markers.len();
    let mut by_object: Vec<Vec<(usize, f64)>> = vec![Vec::new(); ratings.objects.len()];
    let mut counts = vec![0_usize; m];
    for r in &ratings.list {
        by_object[r.object].push((r.marker, r.value));
        counts[r.marker] += 1;
    }
    let groups: Vec<Vec<usize>> = by_object.iter().map(|l| l.iter().map(|(m, _)| *m).collect()).collect();
    let parts = components(m, &groups);
    if parts.len() > 1 {
        let names: Vec<String> = parts
            .iter()
            .map(|p| p.iter().map(|i| ratings.markers[*i].as_str()).collect::<Vec<_>>().join(", "))
            .collect();
        return Err(SeverityError::Disconnected { count: parts.len(), groups: names.join(" | ") });
    }
    let used: Vec<usize> = (0..m).filter(|i| counts[*i] > 0).collect();
    let place: Vec<usize> = (0..m).map(|i| used.iter().position(|u| *u == i).unwrap_or(0)).collect();
    let k = used.len();
    let objects = by_object.iter().filter(|l| !l.is_empty()).count();
    let n = ratings.list.len();
    let freedom = (n + 1).saturating_sub(objects + k);
    if freedom == 0 || k < 2 {
        return Err(SeverityError::TooFew(n));
    }
    // Normal equations of the markers after the objects are eliminated.
    let mut schur = Matrix::zeros(k, k);
    let mut right = vec![0.0; k];
    for list in by_object.iter().filter(|l| !l.is_empty()) {
        let size = list.len() as f64;
        let mean = sum::accurate(list.iter().map(|(_, v)| *v)) / size;
        for (a, value) in list {
            right[place[*a]] += value - mean;
            *schur.at_mut(place[*a], place[*a]) += 1.0;
            for (b, _) in list {
                *schur.at_mut(place[*a], place[*b]) -= 1.0 / size;
            }
        }
    }
    // Constant effects change nothing; filling that direction makes the matrix invertible.
    let fill = 1.0 / k as f64 * (schur.trace() / k as f64);
    let filled = Matrix::from_fn(k, k, |a, b| schur.at(a, b) + fill);
    let (Some(effects), Some(inverse)) = (filled.solve_definite(&right), filled.inverse_definite_above(0.0))
    else {
        return Err(SeverityError::TooFew(n));
    };
    let centre = sum::mean(&effects).unwrap_or(0.0);
    let effects: Vec<f64> = effects.iter().map(|e| e - centre).collect();
    let residual = sum::accurate(by_object.iter().filter(|l| !l.is_empty()).map(|list| {
        let size = list.len() as f64;
        let mean = sum::accurate(list.iter().map(|(a, v)| v - effects[place[*a]])) / size;
        list.iter().map(|(a, v)| (v - effects[place[*a]] - mean).powi(2)).sum::<f64>()
    }));
    let variance = residual / freedom as f64;
    // Remove the filled direction from the variance.
    let extra = 1.0 / (fill * (k * k) as f64);
    let z = normal_quantile(0.975);
    let markers = used
        .iter()
        .enumerate()
        .map(|(at, marker)| {
            let se = (variance * (inverse.at(at, at) - extra).max(0.0)).sqrt();
            MarkerEffect {
                marker: ratings.markers[*marker].clone(),
                n: counts[*marker],
                effect: effects[at],
                se,
                low: effects[at] - z * se,
                high: effects[at] + z * se,
            }
        })
        .collect();
    Ok(Severity { markers, residual_sd: variance.sqrt(), freedom })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_without_common_scripts_are_named() {
        let text = "object_id,a,b,c,d\n1,3,4,,\n2,2,2,,\n3,,,5,6\n4,,,1,3\n";
        let error = severity(&Ratings::read(text.as_bytes()).unwrap()).unwrap_err();
        assert!(error.to_string().contains("a, b | c, d"), "{error}");
    }

    #[test]
    fn with_complete_marking_the_effect_is_the_difference_from_the_mean() {
        let text = "object_id,a,b\n1,3,4\n2,2,4\n3,5,5\n";
        let s = severity(&Ratings::read(text.as_bytes()).unwrap()).unwrap();
        assert!((s.markers[0].effect + 0.5).abs() < 1e-14);
        assert!((s.markers[1].effect - 0.5).abs() < 1e-14);
    }
}
