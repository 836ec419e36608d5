//! Eigenvalues of symmetric matrices by Jacobi rotations: slow for large orders, exact to the last digits
//! for the small ones that occur here (items of one test).
// Loops run over the order of the matrix.
#![allow(clippy::indexing_slicing)]

use super::Matrix;

/// Eigenvalues and eigenvectors (row `i` of the matrix belongs to value `i`), in no particular order.
#[must_use]
pub fn symmetric(matrix: &Matrix) -> (Vec<f64>, Matrix) {
    let n = matrix.rows();
    let mut a = matrix.clone();
    let mut v = Matrix::from_fn(n, n, |i, j| f64::from(u8::from(i == j)));
    for _ in 0..100 {
        let off: f64 =
            (0..n).flat_map(|i| (0..i).map(move |j| (i, j))).map(|(i, j)| a.at(i, j).powi(2)).sum();
        let all: f64 = (0..n).map(|i| a.at(i, i).powi(2)).sum();
        if off <= 1e-30 * all || off == 0.0 {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                rotate(&mut a, &mut v, p, q);
            }
        }
    }
    ((0..n).map(|i| a.at(i, i)).collect(), v)
}

fn rotate(a: &mut Matrix, v: &mut Matrix, p: usize, q: usize) {
    let apq = a.at(p, q);
    if apq == 0.0 {
        return;
    }
    let theta = (a.at(q, q) - a.at(p, p)) / (2.0 * apq);
    let t = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
    let t = if theta == 0.0 { 1.0 } else { t };
    let c = 1.0 / (t * t + 1.0).sqrt();
    let s = t * c;
    let n = a.rows();
    for k in 0..n {
        let (akp, akq) = (a.at(k, p), a.at(k, q));
        *a.at_mut(k, p) = c * akp - s * akq;
        *a.at_mut(k, q) = s * akp + c * akq;
    }
    for k in 0..n {
        let (apk, aqk) = (a.at(p, k), a.at(q, k));
        *a.at_mut(p, k) = c * apk - s * aqk;
        *a.at_mut(q, k) = s * apk + c * aqk;
        let (vp, vq) = (v.at(p, k), v.at(q, k));
        *v.at_mut(p, k) = c * vp - s * vq;
        *v.at_mut(q, k) = s * vp + c * vq;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matrix_equals_its_eigenvectors_and_values() {
        let m = Matrix::from_fn(6, 6, |i, j| 1.0 / (1.0 + (i + j) as f64));
        let (values, vectors) = symmetric(&m);
        for i in 0..6 {
            for j in 0..6 {
                let back: f64 = (0..6).map(|k| values[k] * vectors.at(k, i) * vectors.at(k, j)).sum();
                assert!((back - m.at(i, j)).abs() < 1e-14);
            }
        }
    }
}
