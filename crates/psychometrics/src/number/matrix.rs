//! Small dense matrices: what Newton steps, information matrices and covariances need, no more.
// Every loop runs over the order fixed when the matrix was made; bounds cannot differ from it.
#![allow(clippy::indexing_slicing)]

/// A row-major matrix.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix {
    rows: usize,
    columns: usize,
    cells: Vec<f64>,
}

impl Matrix {
    /// All zeros.
    #[must_use]
    pub fn zeros(rows: usize, columns: usize) -> Self {
        Matrix { rows, columns, cells: vec![0.0; rows * columns] }
    }

    /// From a function of row and column.
    #[must_use]
    pub fn from_fn(rows: usize, columns: usize, mut f: impl FnMut(usize, usize) -> f64) -> Self {
        let mut m = Matrix::zeros(rows, columns);
        for i in 0..rows {
            for j in 0..columns {
                m.cells[i * columns + j] = f(i, j);
            }
        }
        m
    }

    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of columns.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// One cell.
    #[must_use]
    pub fn at(&self, row: usize, column: usize) -> f64 {
        self.cells[row * self.columns + column]
    }

    /// One cell, to change.
    pub fn at_mut(&mut self, row: usize, column: usize) -> &mut f64 {
        &mut self.cells[row * self.columns + column]
    }

    /// One row.
    #[must_use]
    pub fn row(&self, row: usize) -> &[f64] {
        &self.cells[row * self.columns..(row + 1) * self.columns]
    }

    /// One row, to change.
    pub fn row_mut(&mut self, row: usize) -> &mut [f64] {
        &mut self.cells[row * self.columns..(row + 1) * self.columns]
    }

    /// The sum of the diagonal.
    #[must_use]
    pub fn trace(&self) -> f64 {
        (0..self.rows.min(self.columns)).map(|i| self.at(i, i)).sum()
    }

    /// The lower Cholesky factor of a symmetric matrix; `None` when a pivot falls below
    /// `1e-12 × trace` (the guide's rule for "singular").
    #[must_use]
    pub fn cholesky(&self) -> Option<Matrix> {
        self.cholesky_above(1e-12 * self.trace())
    }

    /// The lower Cholesky factor with an own floor for the pivots.
    #[must_use]
    pub fn cholesky_above(&self, floor: f64) -> Option<Matrix> {
        let n = self.rows;
        let mut l = Matrix::zeros(n, n);
        for i in 0..n {
            for j in 0..=i {
                let dot = dot(&l.row(i)[..j], &l.row(j)[..j]);
                let rest = self.at(i, j) - dot;
                if i == j {
                    if rest.is_nan() || rest <= floor || rest <= 0.0 {
                        return None;
                    }
                    *l.at_mut(i, i) = rest.sqrt();
                } else {
                    *l.at_mut(i, j) = rest / l.at(j, j);
                }
            }
        }
        Some(l)
    }

    /// The inverse of a lower triangular matrix, transposed: row `j` of the answer holds column `j` of
    /// the inverse, so that both loops walk along rows.
    #[must_use]
    fn lower_inverse_transposed(&self) -> Matrix {
        let n = self.rows;
        let mut t = Matrix::zeros(n, n);
        for j in 0..n {
            *t.at_mut(j, j) = 1.0 / self.at(j, j);
            for i in j + 1..n {
                let s = dot(&self.row(i)[j..i], &t.row(j)[j..i]);
                *t.at_mut(j, i) = -s / self.at(i, i);
            }
        }
        t
    }

    /// The inverse of a symmetric positive definite matrix.
    #[must_use]
    pub fn inverse_definite(&self) -> Option<Matrix> {
        self.inverse_definite_above(1e-12 * self.trace())
    }

    /// The inverse of a symmetric positive definite matrix with an own floor for the pivots.
    #[must_use]
    pub fn inverse_definite_above(&self, floor: f64) -> Option<Matrix> {
        let n = self.rows;
        let t = self.cholesky_above(floor)?.lower_inverse_transposed();
        let mut inverse = Matrix::zeros(n, n);
        for i in 0..n {
            for j in i..n {
                let v = dot(&t.row(i)[j..], &t.row(j)[j..]);
                *inverse.at_mut(i, j) = v;
                *inverse.at_mut(j, i) = v;
            }
        }
        Some(inverse)
    }

    /// The diagonal of the inverse of a symmetric positive definite matrix, at half the work.
    #[must_use]
    pub fn inverse_diagonal(&self) -> Option<Vec<f64>> {
        let t = self.cholesky()?.lower_inverse_transposed();
        Some((0..self.rows).map(|i| dot(&t.row(i)[i..], &t.row(i)[i..])).collect())
    }

    /// Solves `self · x = b` for a symmetric positive definite matrix, with one step of refinement.
    #[must_use]
    pub fn solve_definite(&self, b: &[f64]) -> Option<Vec<f64>> {
        let l = self.cholesky_above(0.0)?;
        let mut x = l.solve_with_factor(b);
        let residual: Vec<f64> = (0..self.rows)
            .map(|i| {
                let products = self.row(i).iter().zip(&x).map(|(a, v)| -a * v);
                super::sum::accurate(products.chain([b[i]]))
            })
            .collect();
        let correction = l.solve_with_factor(&residual);
        for (value, add) in x.iter_mut().zip(correction) {
            *value += add;
        }
        if x.iter().all(|v| v.is_finite()) { Some(x) } else { None }
    }

    /// Solves `L Lᵀ x = b`, where `self` is the lower factor `L`.
    #[must_use]
    pub fn solve_with_factor(&self, b: &[f64]) -> Vec<f64> {
        let n = self.rows;
        let mut y = b.to_vec();
        for i in 0..n {
            let s = dot(&self.row(i)[..i], &y[..i]);
            y[i] = (y[i] - s) / self.at(i, i);
        }
        for i in (0..n).rev() {
            y[i] /= self.at(i, i);
            let v = y[i];
            for (target, factor) in y[..i].iter_mut().zip(&self.row(i)[..i]) {
                *target -= factor * v;
            }
        }
        y
    }

    /// Matrix times vector.
    #[must_use]
    pub fn times(&self, x: &[f64]) -> Vec<f64> {
        (0..self.rows).map(|i| dot(self.row(i), x)).collect()
    }
}

/// The inner product of two equally long slices, four sums at a time so that it uses the vector unit.
#[must_use]
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    let n = a.len().min(b.len());
    let (a, b) = (&a[..n], &b[..n]);
    let mut part = [0.0_f64; 4];
    for (x, y) in a.chunks_exact(4).zip(b.chunks_exact(4)) {
        for lane in 0..4 {
            part[lane] += x[lane] * y[lane];
        }
    }
    let rest = n - n % 4;
    let tail: f64 = a[rest..].iter().zip(&b[rest..]).map(|(x, y)| x * y).sum();
    (part[0] + part[2]) + (part[1] + part[3]) + tail
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hilbert_plus(n: usize) -> Matrix {
        Matrix::from_fn(n, n, |i, j| 1.0 / (i + j + 1) as f64 + if i == j { 1.0 } else { 0.0 })
    }

    #[test]
    fn the_inverse_times_the_matrix_is_one() {
        let m = hilbert_plus(9);
        let inverse = m.inverse_definite().unwrap();
        for i in 0..9 {
            let product = m.times(inverse.row(i));
            for (j, v) in product.iter().enumerate() {
                assert!((v - f64::from(u8::from(i == j))).abs() < 1e-14);
            }
        }
        let diagonal = m.inverse_diagonal().unwrap();
        for (i, v) in diagonal.iter().enumerate() {
            assert!((v - inverse.at(i, i)).abs() < 1e-14);
        }
    }

    #[test]
    fn solving_gives_back_the_right_hand_side() {
        let m = hilbert_plus(7);
        let b: Vec<f64> = (0..7).map(f64::from).collect();
        let x = m.solve_definite(&b).unwrap();
        for (got, want) in m.times(&x).iter().zip(&b) {
            assert!((got - want).abs() < 1e-13);
        }
    }

    #[test]
    fn a_singular_matrix_is_refused() {
        assert!(Matrix::from_fn(3, 3, |_, _| 1.0).cholesky().is_none());
    }
}
