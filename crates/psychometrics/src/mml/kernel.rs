//! One pass over the persons: posterior weights of the nodes, in lanes of eight persons.
// Hot loops over fixed numbers of lanes and nodes.
#![allow(clippy::indexing_slicing)]
#![allow(clippy::needless_range_loop)]

use super::pattern::Group;
use crate::number::fastest;

/// Persons handled side by side.
pub(super) const LANES: usize = 8;

/// The grid of nodes with normalised normal weights.
#[derive(Debug, Clone)]
pub(super) struct Nodes {
    pub theta: Vec<f64>,
    pub log_weight: Vec<f64>,
    pub step: f64,
}

impl Nodes {
    /// `count` equally spaced nodes on [−reach, reach].
    pub fn new(count: usize, reach: f64) -> Self {
        let count = count.max(3);
        let step = 2.0 * reach / (count - 1) as f64;
        let theta: Vec<f64> = (0..count).map(|q| -reach + step * q as f64).collect();
        let sum: f64 = theta.iter().map(|t| (-0.5 * t * t).exp()).sum();
        let log_weight = theta.iter().map(|t| -0.5 * t * t - sum.ln()).collect();
        Nodes { theta, log_weight, step }
    }
}

/// The nodes as one group of persons sees them at the present parameters.
pub(super) struct Lens<'a> {
    pub nodes: &'a Nodes,
    /// exp(log weight − A(θ_q) + θ_q · middle − top).
    pub base: Vec<f64>,
    /// Weighted scores are counted from here, half way their range.
    pub middle: f64,
    /// What was taken out of `base`.
    pub top: f64,
    /// Look-up of the weighted score: 256 values per byte of a row.
    pub scores: Vec<f64>,
}

/// Can exp(θ · s) be built by repeated multiplication without leaving the range of doubles?
const SAFE_EXPONENT: f64 = 650.0;

impl<'a> Lens<'a> {
    /// `slopes` and `offsets` are those of the group's items, in bit order.
    pub fn new(nodes: &'a Nodes, slopes: &[f64], offsets: &[f64], width: usize) -> Self {
        let (low, high) = slopes.iter().fold((0.0, 0.0), |(l, h), a| (l + a.min(0.0), h + a.max(0.0)));
        let middle = 0.5 * (low + high);
        let logs: Vec<f64> = nodes
            .theta
            .iter()
            .zip(&nodes.log_weight)
            .map(|(t, w)| {
                let normal: f64 = slopes.iter().zip(offsets).map(|(a, d)| softplus(a * t + d)).sum();
                w - normal + t * middle
            })
            .collect();
        let top = logs.iter().fold(f64::NEG_INFINITY, |m, v| m.max(*v));
        Lens {
            nodes,
            base: logs.iter().map(|l| (l - top).exp()).collect(),
            middle,
            top,
            scores: byte_sums(slopes, width),
        }
    }

    /// Is the fast road safe for these slopes?
    pub fn is_safe(&self, slopes: &[f64]) -> bool {
        let reach = self.nodes.theta.last().copied().unwrap_or(0.0);
        let range: f64 = slopes.iter().map(|a| a.abs()).sum();
        0.5 * range * reach < SAFE_EXPONENT
    }

    /// Weighted scores of the rows of one lane block, counted from the middle.
    #[inline(always)]
    pub fn score(&self, row: &[u64]) -> f64 {
        let mut sum = -self.middle;
        for (word, tables) in row.iter().zip(self.scores.chunks_exact(8 * 256)) {
            let mut part = 0.0;
            for (byte, table) in tables.chunks_exact(256).enumerate() {
                part += table[(word >> (8 * byte) & 255) as usize];
            }
            sum += part;
        }
        sum
    }
}

impl Lens<'_> {
    /// Weighted scores and weights of up to [`LANES`] rows, 0 in the lanes without a row.
    #[inline(always)]
    pub fn lanes(&self, group: &Group, rows: &[u64], weights: &[f64]) -> ([f64; LANES], [f64; LANES]) {
        let mut scores = [0.0; LANES];
        let mut weight = [0.0; LANES];
        for (lane, row) in rows.chunks_exact(group.width).enumerate() {
            scores[lane] = self.score(row);
            weight[lane] = weights[lane];
        }
        (scores, weight)
    }
}

/// ln(1 + e^z) without overflow.
pub(super) fn softplus(z: f64) -> f64 {
    if z > 0.0 { z + (-z).exp().ln_1p() } else { z.exp().ln_1p() }
}

/// For every byte of a row and every value of it the sum of the values of its set bits.
pub(super) fn byte_sums(values: &[f64], width: usize) -> Vec<f64> {
    let mut table = vec![0.0; width * 8 * 256];
    for byte in 0..width * 8 {
        for pattern in 1..256_usize {
            let bit = pattern.trailing_zeros() as usize;
            let rest = pattern & (pattern - 1);
            let value = values.get(byte * 8 + bit).copied().unwrap_or(0.0);
            table[byte * 256 + pattern] = table[byte * 256 + rest] + value;
        }
    }
    table
}

/// The sums over persons that byte tables hold, per item: undoes [`byte_sums`] from the other side.
pub(super) fn item_sums(table: &[f64], items: usize) -> Vec<f64> {
    (0..items)
        .map(|j| {
            let tables = &table[j / 8 * 256..(j / 8 + 1) * 256];
            tables.iter().enumerate().filter(|(p, _)| p >> (j % 8) & 1 == 1).map(|(_, v)| v).sum()
        })
        .collect()
}

/// Posterior of one block of persons.
pub(super) struct Block {
    /// Unnormalised weights, node by node.
    pub weight: Vec<[f64; LANES]>,
    pub inverse: [f64; LANES],
    pub mean: [f64; LANES],
    pub second: [f64; LANES],
    /// ln of the sum, without `top`.
    pub log_sum: [f64; LANES],
}

impl Block {
    pub fn new(nodes: usize) -> Self {
        Block {
            weight: vec![[0.0; LANES]; nodes],
            inverse: [0.0; LANES],
            mean: [0.0; LANES],
            second: [0.0; LANES],
            log_sum: [0.0; LANES],
        }
    }

    /// Fills the block for these centred scores.
    #[inline(always)]
    pub fn fill(&mut self, lens: &Lens<'_>, scores: &[f64; LANES], fast: bool) {
        let theta = &lens.nodes.theta;
        let (mut s0, mut s1, mut s2) = ([0.0; LANES], [0.0; LANES], [0.0; LANES]);
        let mut shift = [0.0; LANES];
        if fast {
            let first = theta.first().copied().unwrap_or(0.0);
            let (mut power, mut ratio) = ([0.0; LANES], [0.0; LANES]);
            for lane in 0..LANES {
                power[lane] = (first * scores[lane]).exp();
                ratio[lane] = (lens.nodes.step * scores[lane]).exp();
            }
            for ((slot, base), t) in self.weight.iter_mut().zip(&lens.base).zip(theta) {
                for lane in 0..LANES {
                    let w = power[lane] * base;
                    slot[lane] = w;
                    s0[lane] += w;
                    s1[lane] += w * t;
                    s2[lane] += w * t * t;
                    power[lane] *= ratio[lane];
                }
            }
        } else {
            // Long tests: every node by its own exponential, counted from the largest.
            for lane in 0..LANES {
                let log = |q: usize| lens.base[q].ln() + theta[q] * scores[lane];
                shift[lane] = (0..theta.len()).map(log).fold(f64::NEG_INFINITY, f64::max);
                for q in 0..theta.len() {
                    let w = (log(q) - shift[lane]).exp();
                    self.weight[q][lane] = w;
                    s0[lane] += w;
                    s1[lane] += w * theta[q];
                    s2[lane] += w * theta[q] * theta[q];
                }
            }
        }
        for lane in 0..LANES {
            self.inverse[lane] = 1.0 / s0[lane];
            self.mean[lane] = s1[lane] / s0[lane];
            self.second[lane] = s2[lane] / s0[lane];
            self.log_sum[lane] = s0[lane].ln() + shift[lane];
        }
    }
}

/// What one pass over a group of persons yields.
pub(super) struct Pass {
    /// Σ ln of the marginal, without the offsets of the items.
    pub log_likelihood: f64,
    /// Expected persons per node.
    pub at_node: Vec<f64>,
    /// Per item of the group: Σ x · posterior mean of θ.
    pub weighted: Vec<f64>,
}

fastest! {
    /// One pass over a group.
    pub(super) fn pass(group: &Group, lens: &Lens<'_>, fast: bool) -> Pass = pass_plain,
    best ["avx512f"], good ["avx2"]
}

#[inline(always)]
fn pass_plain(group: &Group, lens: &Lens<'_>, fast: bool) -> Pass {
    let nodes = lens.nodes.theta.len();
    let mut block = Block::new(nodes);
    let mut at_node = vec![[0.0; LANES]; nodes];
    let mut table = vec![0.0; group.width * 8 * 256];
    let mut total = [0.0; LANES];
    let mut lost = [0.0; LANES];
    for (rows, weights) in group.rows.chunks(LANES * group.width).zip(group.weights.chunks(LANES)) {
        let (scores, weight) = lens.lanes(group, rows, weights);
        block.fill(lens, &scores, fast);
        let mut scale = [0.0; LANES];
        for lane in 0..LANES {
            scale[lane] = weight[lane] * block.inverse[lane];
            // Compensated: a hundred thousand logarithms of the same sign lose digits otherwise.
            let term = weight[lane] * block.log_sum[lane] - lost[lane];
            let next = total[lane] + term;
            lost[lane] = (next - total[lane]) - term;
            total[lane] = next;
        }
        for (sum, w) in at_node.iter_mut().zip(&block.weight) {
            for lane in 0..LANES {
                sum[lane] += w[lane] * scale[lane];
            }
        }
        for (lane, row) in rows.chunks_exact(group.width).enumerate() {
            let value = weight[lane] * block.mean[lane];
            for (word, tables) in row.iter().zip(table.chunks_exact_mut(8 * 256)) {
                for (byte, slots) in tables.chunks_exact_mut(256).enumerate() {
                    slots[(word >> (8 * byte) & 255) as usize] += value;
                }
            }
        }
    }
    let persons: f64 = group.weights.iter().sum();
    Pass {
        log_likelihood: total.iter().sum::<f64>() + persons * lens.top,
        at_node: at_node.iter().map(|lanes| lanes.iter().sum()).collect(),
        weighted: item_sums(&table, group.items.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::random::Stream;

    #[test]
    fn the_fast_road_equals_the_plain_definition() {
        let mut stream = Stream::new(2);
        let k = 11;
        let slopes: Vec<f64> = (0..k).map(|_| 0.3 + 1.5 * stream.uniform()).collect();
        let offsets: Vec<f64> = (0..k).map(|_| stream.uniform() - 0.5).collect();
        let rows: Vec<u64> = (0..37).map(|_| stream.bits() & 0x7FF).collect();
        let group =
            Group { items: (0..k).collect(), width: 1, weights: vec![1.0; rows.len()], rows: rows.clone() };
        let nodes = Nodes::new(61, 6.0);
        let lens = Lens::new(&nodes, &slopes, &offsets, 1);
        let mut expected = 0.0;
        for row in &rows {
            let marginal: f64 = nodes
                .theta
                .iter()
                .zip(&nodes.log_weight)
                .map(|(t, w)| {
                    let log: f64 = (0..k)
                        .map(|j| {
                            let z = slopes[j] * t + offsets[j];
                            if row >> j & 1 == 1 { z - softplus(z) } else { -softplus(z) }
                        })
                        .sum();
                    (log + w).exp()
                })
                .sum();
            let own: f64 = (0..k).filter(|j| row >> j & 1 == 1).map(|j| offsets[j]).sum();
            expected += marginal.ln() - own;
        }
        for fast in [true, false] {
            let pass = pass(&group, &lens, fast);
            assert!((pass.log_likelihood - expected).abs() < 1e-10, "{fast}");
            assert!((pass.at_node.iter().sum::<f64>() - 37.0).abs() < 1e-11);
        }
    }
}
