//! The many-facet Rasch model: ln(P_x / P_{x−1}) = θ_person − δ_criterion − α_marker − τ_x, by joint maximum
//! likelihood. Persons with the lowest or highest possible score throughout have no finite ability and are
//! left out. Joint estimates are stretched by about L/(L−1) for L ratings per person; severities of markers
//! with many ratings hardly suffer.
// Loops run over facets with indices checked at entry.
#![allow(clippy::indexing_slicing)]

use crate::table::components;
use serde::Serialize;

/// One judgement: indices of person, criterion and marker, and the score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judgement {
    /// Person.
    pub person: usize,
    /// Criterion (aspect, task).
    pub criterion: usize,
    /// Marker.
    pub marker: usize,
    /// Score from 0.
    pub score: u16,
}

/// An element of a facet.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Element {
    /// Measure: ability, difficulty or severity.
    pub measure: f64,
    /// Standard error.
    pub se: f64,
    /// Judgements.
    pub n: usize,
}

/// A fitted model.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Facets {
    /// Persons; `None` for persons without a finite ability or without judgements.
    pub persons: Vec<Option<Element>>,
    /// Criteria, mean 0.
    pub criteria: Vec<Option<Element>>,
    /// Markers, mean 0; positive is severe.
    pub markers: Vec<Option<Element>>,
    /// Thresholds τ_1, τ_2, …, mean 0.
    pub thresholds: Vec<f64>,
    /// Rounds taken.
    pub rounds: usize,
}

/// Why no model was fitted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FacetsError {
    /// Nothing to fit.
    #[error("there are no judgements of persons with a finite ability")]
    Empty,
    /// Facets cannot be compared.
    #[error(
        "the judgements fall apart into {0} groups that share neither markers nor criteria with each other; link them by common markings"
    )]
    Disconnected(usize),
    /// A score never given.
    #[error("nobody gave score {0} while higher scores occur; merge it with a neighbouring score")]
    EmptyScore(u16),
    /// No convergence.
    #[error("the estimation did not settle after {0} rounds")]
    NotConverged(usize),
}

/// Fits the model.
///
/// # Errors
/// When nothing can be estimated, a score between others was never given, or the facets do not hang together.
pub fn facets(judgements: &[Judgement]) -> Result<Facets, FacetsError> {
    let size = |of: fn(&Judgement) -> usize| judgements.iter().map(|j| of(j) + 1).max().unwrap_or(0);
    let (persons, criteria, markers) = (size(|j| j.person), size(|j| j.criterion), size(|j| j.marker));
    let top = judgements.iter().map(|j| j.score).max().unwrap_or(0);
    let mut sums = vec![(0_u64, 0_u64); persons];
    for j in judgements {
        sums[j.person].0 += u64::from(j.score);
        sums[j.person].1 += u64::from(top);
    }
    let used: Vec<Judgement> = judgements
        .iter()
        .filter(|j| sums[j.person].0 > 0 && sums[j.person].0 < sums[j.person].1)
        .copied()
        .collect();
    if used.is_empty() || top == 0 {
        return Err(FacetsError::Empty);
    }
    for score in 0..=top {
        if !used.iter().any(|j| j.score == score) {
            return Err(FacetsError::EmptyScore(score));
        }
    }
    let mut groups: Vec<Vec<usize>> = vec![Vec::new(); persons];
    for j in &used {
        groups[j.person].extend([j.criterion, criteria + j.marker]);
    }
    let parts = components(criteria + markers, &groups);
    if parts.len() > 1 {
        return Err(FacetsError::Disconnected(parts.len()));
    }
    let mut model = State::new(&used, [persons, criteria, markers], usize::from(top));
    const ROUNDS: usize = 3000;
    for round in 1..=ROUNDS {
        if model.round(&used) < 1e-9 {
            return Ok(model.finish(&used, round));
        }
    }
    Err(FacetsError::NotConverged(ROUNDS))
}

struct State {
    /// Abilities, difficulties, severities.
    measures: [Vec<f64>; 3],
    counts: [Vec<usize>; 3],
    thresholds: Vec<f64>,
}

fn places(j: &Judgement) -> [usize; 3] {
    [j.person, j.criterion, j.marker]
}

impl State {
    fn new(used: &[Judgement], sizes: [usize; 3], top: usize) -> Self {
        let mut counts = sizes.map(|n| vec![0; n]);
        for j in used {
            for (facet, at) in places(j).into_iter().enumerate() {
                counts[facet][at] += 1;
            }
        }
        State { measures: sizes.map(|n| vec![0.0; n]), counts, thresholds: vec![0.0; top] }
    }

    /// Category probabilities, mean and variance of one judgement.
    fn expect(&self, j: &Judgement) -> (Vec<f64>, f64, f64) {
        let [p, c, m] = places(j);
        let logit = self.measures[0][p] - self.measures[1][c] - self.measures[2][m];
        let mut logs = vec![0.0];
        let mut sum = 0.0;
        for t in &self.thresholds {
            sum += logit - t;
            logs.push(sum);
        }
        let top = logs.iter().fold(f64::NEG_INFINITY, |a, b| a.max(*b));
        let weights: Vec<f64> = logs.iter().map(|l| (l - top).exp()).collect();
        let all: f64 = weights.iter().sum();
        let probabilities: Vec<f64> = weights.iter().map(|w| w / all).collect();
        let mean: f64 = probabilities.iter().enumerate().map(|(x, p)| x as f64 * p).sum();
        let variance = probabilities.iter().enumerate().map(|(x, p)| p * (x as f64 - mean).powi(2)).sum();
        (probabilities, mean, variance)
    }

    /// One Newton step for each facet in turn; returns the largest change.
    fn round(&mut self, used: &[Judgement]) -> f64 {
        let mut largest = 0.0_f64;
        for facet in 0..3 {
            let sign = if facet == 0 { 1.0 } else { -1.0 };
            let n = self.measures[facet].len();
            let (mut residual, mut information) = (vec![0.0; n], vec![0.0; n]);
            for j in used {
                let (_, mean, variance) = self.expect(j);
                let at = places(j)[facet];
                residual[at] += f64::from(j.score) - mean;
                information[at] += variance;
            }
            let present: Vec<usize> = (0..n).filter(|i| self.counts[facet][*i] > 0).collect();
            for i in &present {
                let step = (sign * residual[*i] / information[*i]).clamp(-1.0, 1.0);
                self.measures[facet][*i] += step;
                largest = largest.max(step.abs());
            }
            if facet > 0 {
                let centre =
                    present.iter().map(|i| self.measures[facet][*i]).sum::<f64>() / present.len() as f64;
                present.iter().for_each(|i| self.measures[facet][*i] -= centre);
            }
        }
        // Thresholds: Σ over judgements of P(score ≥ x) must equal the number of scores ≥ x.
        let top = self.thresholds.len();
        let (mut gap, mut information) = (vec![0.0; top], vec![0.0; top]);
        for j in used {
            let (probabilities, _, _) = self.expect(j);
            let mut above = 0.0;
            for x in (1..=top).rev() {
                above += probabilities[x];
                gap[x - 1] += f64::from(u8::from(usize::from(j.score) >= x)) - above;
                information[x - 1] += above * (1.0 - above);
            }
        }
        for x in 0..top {
            let step = (-gap[x] / information[x].max(1e-300)).clamp(-1.0, 1.0);
            self.thresholds[x] += step;
        }
        let centre = self.thresholds.iter().sum::<f64>() / top as f64;
        self.thresholds.iter_mut().for_each(|t| *t -= centre);
        let unsettled =
            gap.iter().zip(&information).map(|(g, i)| (g / i.max(1e-300)).abs()).fold(0.0, f64::max);
        // With one threshold its place is fixed by the centring.
        if top > 1 { largest.max(unsettled) } else { largest }
    }

    fn finish(self, used: &[Judgement], rounds: usize) -> Facets {
        let mut information = [0, 1, 2].map(|f: usize| vec![0.0; self.measures[f].len()]);
        for j in used {
            let (_, _, variance) = self.expect(j);
            for (facet, at) in places(j).into_iter().enumerate() {
                information[facet][at] += variance;
            }
        }
        let elements = |facet: usize| {
            (0..self.measures[facet].len())
                .map(|i| {
                    let n = self.counts[facet][i];
                    (n > 0).then(|| Element {
                        measure: self.measures[facet][i],
                        se: 1.0 / information[facet][i].sqrt(),
                        n,
                    })
                })
                .collect()
        };
        Facets {
            persons: elements(0),
            criteria: elements(1),
            markers: elements(2),
            thresholds: self.thresholds.clone(),
            rounds,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::random::Stream;

    /// Simulation with known truth.
    #[test]
    fn known_severities_come_back_from_simulated_judgements() {
        let mut stream = Stream::new(31);
        let severity = [-0.7, -0.1, 0.2, 0.6];
        let difficulty = [-0.5, -0.2, 0.0, 0.1, 0.6];
        let thresholds = [-1.0, 0.1, 0.9];
        let mut list = Vec::new();
        for person in 0..400 {
            let theta = 1.2 * stream.normal();
            // Three of the four markers each.
            let skipped = stream.below(4);
            for marker in (0..4).filter(|m| *m != skipped) {
                for (criterion, d) in difficulty.iter().enumerate() {
                    let mut weights = vec![1.0];
                    let mut log = 0.0;
                    for t in thresholds {
                        log += theta - d - severity[marker] - t;
                        weights.push(f64::exp(log));
                    }
                    let mut draw = stream.uniform() * weights.iter().sum::<f64>();
                    let score = weights.iter().position(|w| {
                        draw -= w;
                        draw < 0.0
                    });
                    list.push(Judgement { person, criterion, marker, score: score.unwrap_or(3) as u16 });
                }
            }
        }
        let fitted = facets(&list).unwrap();
        // Fifteen judgements per person stretch the joint estimates by about 15/14.
        let shrink = 14.0 / 15.0;
        for (found, truth) in fitted.markers.iter().zip(severity) {
            let element = found.unwrap();
            assert!(
                (element.measure * shrink - truth).abs() < 4.0 * element.se + 0.02,
                "{element:?} {truth}"
            );
        }
        for (found, truth) in fitted.criteria.iter().zip(difficulty) {
            assert!((found.unwrap().measure * shrink - truth).abs() < 0.12);
        }
        for (found, truth) in fitted.thresholds.iter().zip(thresholds) {
            assert!((found * shrink - truth).abs() < 0.1, "{found} {truth}");
        }
    }

    #[test]
    fn two_markers_who_differ_by_a_known_odds_ratio() {
        // Persons who got one right of two markings: right with A and wrong with B three times as often as
        // the other way round. Joint estimation doubles the conditional estimate ln 3.
        let mut list = Vec::new();
        for person in 0..40 {
            let lenient = person % 4 != 0;
            for marker in 0..2 {
                list.push(Judgement {
                    person,
                    criterion: 0,
                    marker,
                    score: u16::from((marker == 0) == lenient),
                });
            }
        }
        let fitted = facets(&list).unwrap();
        let gap = fitted.markers[1].unwrap().measure - fitted.markers[0].unwrap().measure;
        assert!((gap - 2.0 * 3.0_f64.ln()).abs() < 1e-6, "{gap}");
    }

    #[test]
    fn judgements_that_do_not_hang_together_are_refused() {
        let one = |person, marker, criterion, score| Judgement { person, criterion, marker, score };
        let list = [one(0, 0, 0, 1), one(0, 0, 1, 0), one(1, 1, 2, 1), one(1, 1, 3, 0)];
        assert_eq!(facets(&list), Err(FacetsError::Disconnected(2)));
        assert_eq!(facets(&[]), Err(FacetsError::Empty));
    }
}
