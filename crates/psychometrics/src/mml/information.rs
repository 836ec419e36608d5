//! The observed information of the marginal likelihood, exactly (Louis): complete-data information minus
//! the posterior covariance of the scores.
//!
//! With Cov_i the posterior covariance of person i over the nodes and P_j the curve of item j:
//! Σ_i Cov_i(P_j, P_k) needs C = Σ_i (diag w_i − w_i w_iᵀ), Σ_i x_ij Cov_i(θ, ·) needs
//! D_jq = Σ_i x_ij w_iq (θ_q − θ̄_i), and Σ_i x_ij x_ik Var_i(θ) is a weighted cross product.
// Hot loops over nodes, items and lanes of fixed number.
#![allow(clippy::indexing_slicing)]
#![allow(clippy::needless_range_loop)]

use super::kernel::{Block, LANES, Lens, Nodes};
use super::pattern::Group;
use crate::number::{Matrix, fastest};

/// Adds the information of one group to `total`: first all slopes, then all offsets.
pub(super) fn add(
    group: &Group,
    nodes: &Nodes,
    slopes: &[f64],
    offsets: &[f64],
    fast: bool,
    total: &mut Matrix,
) {
    let lens = Lens::new(nodes, slopes, offsets, group.width);
    let sums = collect(group, &lens, fast);
    let (k, all) = (group.items.len(), total.rows() / 2);
    let q_count = nodes.theta.len();
    let curve =
        Matrix::from_fn(k, q_count, |j, q| 1.0 / (1.0 + (-(slopes[j] * nodes.theta[q] + offsets[j])).exp()));
    let leaning = Matrix::from_fn(k, q_count, |j, q| nodes.theta[q] * curve.at(j, q));
    let through = |m: &Matrix| {
        // Rows of m times C.
        Matrix::from_fn(k, q_count, |j, q| crate::number::matrix::dot(m.row(j), sums.covariance.row(q)))
    };
    let (curve_c, leaning_c) = (through(&curve), through(&leaning));
    let dot = crate::number::matrix::dot;
    for j in 0..k {
        let (sj, oj) = (group.items[j], all + group.items[j]);
        for l in 0..k {
            let (sl, ol) = (group.items[l], all + group.items[l]);
            let aa = sums.variance.at(j, l)
                - dot(sums.lean.row(j), leaning.row(l))
                - dot(sums.lean.row(l), leaning.row(j))
                + dot(leaning_c.row(j), leaning.row(l));
            let ad = dot(leaning_c.row(j), curve.row(l)) - dot(sums.lean.row(j), curve.row(l));
            let dd = dot(curve_c.row(j), curve.row(l));
            *total.at_mut(sj, sl) -= aa;
            *total.at_mut(sj, ol) -= ad;
            *total.at_mut(ol, sj) -= ad;
            *total.at_mut(oj, ol) -= dd;
        }
        let (mut i0, mut i1, mut i2) = (0.0, 0.0, 0.0);
        for q in 0..q_count {
            let p = curve.at(j, q);
            let w = sums.at_node[q] * p * (1.0 - p);
            i0 += w;
            i1 += w * nodes.theta[q];
            i2 += w * nodes.theta[q] * nodes.theta[q];
        }
        *total.at_mut(sj, sj) += i2;
        *total.at_mut(sj, oj) += i1;
        *total.at_mut(oj, sj) += i1;
        *total.at_mut(oj, oj) += i0;
    }
}

struct Sums {
    at_node: Vec<f64>,
    /// C.
    covariance: Matrix,
    /// D.
    lean: Matrix,
    /// Σ_i x_ij x_ik Var_i(θ).
    variance: Matrix,
}

fastest! {
    fn collect(group: &Group, lens: &Lens<'_>, fast: bool) -> Sums = collect_plain,
    best ["avx512f"], good ["avx2"]
}

#[inline(always)]
fn collect_plain(group: &Group, lens: &Lens<'_>, fast: bool) -> Sums {
    let theta = &lens.nodes.theta;
    let q_count = theta.len();
    let k = group.items.len();
    let bytes = group.width * 8;
    let bits = group.width * 64;
    // Padded to whole lanes, so that every inner loop has a round number of steps.
    let padded = q_count.div_ceil(LANES) * LANES;
    let mut block = Block::new(q_count);
    let mut at_node = vec![0.0; q_count];
    let mut covariance = Matrix::zeros(q_count, q_count);
    let mut lean_table = vec![0.0; bytes * 256 * padded];
    let mut variance_table = vec![0.0; bytes * 256 * bits];
    let mut person = vec![0.0; padded];
    let mut spread = vec![0.0; bits];
    // Posterior weights of many persons, node by node: C is then a product of long rows.
    const MANY: usize = 32 * LANES;
    let mut store = Matrix::zeros(q_count, MANY);
    let mut held = 0;
    for (rows, weights) in group.rows.chunks(LANES * group.width).zip(group.weights.chunks(LANES)) {
        let (scores, weight) = lens.lanes(group, rows, weights);
        block.fill(lens, &scores, fast);
        for q in 0..q_count {
            let slots = &mut store.row_mut(q)[held..held + LANES];
            for lane in 0..LANES {
                let w = block.weight[q][lane] * block.inverse[lane];
                at_node[q] += weight[lane] * w;
                slots[lane] = w * weight[lane].sqrt();
            }
        }
        held += LANES;
        if held == MANY {
            subtract_products(&store, held, &mut covariance);
            held = 0;
        }
        for (lane, row) in rows.chunks_exact(group.width).enumerate() {
            let mean = block.mean[lane];
            let scale = weight[lane] * block.inverse[lane];
            for ((slot, w), t) in person.iter_mut().zip(&block.weight).zip(theta) {
                *slot = w[lane] * scale * (t - mean);
            }
            let v = weight[lane] * (block.second[lane] - mean * mean).max(0.0);
            for (bit, slot) in spread.iter_mut().enumerate() {
                *slot = if row[bit / 64] >> (bit % 64) & 1 == 1 { v } else { 0.0 };
            }
            for byte in 0..bytes {
                let pattern = (row[byte / 8] >> (8 * (byte % 8)) & 255) as usize;
                if pattern == 0 {
                    continue;
                }
                let at = byte * 256 + pattern;
                for (slot, value) in lean_table[at * padded..(at + 1) * padded].iter_mut().zip(&person) {
                    *slot += value;
                }
                for (slot, value) in variance_table[at * bits..(at + 1) * bits].iter_mut().zip(&spread) {
                    *slot += value;
                }
            }
        }
    }
    subtract_products(&store, held, &mut covariance);
    for q in 0..q_count {
        for r in 0..q {
            let value = covariance.at(q, r);
            *covariance.at_mut(r, q) = value;
        }
        *covariance.at_mut(q, q) += at_node[q];
    }
    let gather = |table: &[f64], length: usize, used: usize| {
        let mut sums = Matrix::zeros(k, used);
        for j in 0..k {
            for pattern in (0..256).filter(|p| p >> (j % 8) & 1 == 1) {
                let at = (j / 8 * 256 + pattern) * length;
                for (slot, value) in sums.row_mut(j).iter_mut().zip(&table[at..at + used]) {
                    *slot += value;
                }
            }
        }
        sums
    };
    Sums {
        lean: gather(&lean_table, padded, q_count),
        variance: gather(&variance_table, bits, k),
        at_node,
        covariance,
    }
}

#[inline(always)]
fn subtract_products(store: &Matrix, held: usize, covariance: &mut Matrix) {
    for q in 0..store.rows() {
        for r in 0..=q {
            let (a, b) = (&store.row(q)[..held], &store.row(r)[..held]);
            let mut part = [0.0; LANES];
            for (x, y) in a.chunks_exact(LANES).zip(b.chunks_exact(LANES)) {
                for lane in 0..LANES {
                    part[lane] += x[lane] * y[lane];
                }
            }
            *covariance.at_mut(q, r) -= part.iter().sum::<f64>();
        }
    }
}
