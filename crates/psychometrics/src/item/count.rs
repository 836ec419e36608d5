//! The inner loops of counting: products of columns, and columns of counts per score group.
// Hot loops over blocks whose sizes are fixed two lines above each use.
#![allow(clippy::indexing_slicing)]

use crate::number::fastest;
use crate::table::Column;

/// Words per block: 60 columns of one block stay in the first-level cache.
const BLOCK: usize = 128;

fastest! {
    /// Adds Σ x_j x_l of bit columns to the full symmetric matrix `cross` (order k).
    pub(super) fn bit_products(columns: &[&[u64]], cross: &mut [i64]) = bit_products_plain,
    best ["avx512f", "avx512vpopcntdq"], good ["avx2", "popcnt"]
}

#[inline(always)]
fn bit_products_plain(columns: &[&[u64]], cross: &mut [i64]) {
    let k = columns.len();
    let words = columns.first().map_or(0, |c| c.len());
    let mut start = 0;
    while start < words {
        let end = (start + BLOCK).min(words);
        for j in 0..k {
            let left = &columns[j][start..end];
            // Four columns at a time: every word of the left one is loaded once for four products.
            let mut l = j;
            while l + 4 <= k {
                let four = [0, 1, 2, 3].map(|i| &columns[l + i][start..end]);
                let mut counts = [0_u64; 4];
                for ((((own, a), b), c), d) in left.iter().zip(four[0]).zip(four[1]).zip(four[2]).zip(four[3])
                {
                    counts[0] += u64::from((own & a).count_ones());
                    counts[1] += u64::from((own & b).count_ones());
                    counts[2] += u64::from((own & c).count_ones());
                    counts[3] += u64::from((own & d).count_ones());
                }
                for (slot, count) in cross[j * k + l..j * k + l + 4].iter_mut().zip(counts) {
                    *slot += count as i64;
                }
                l += 4;
            }
            for l in l..k {
                let both = left.iter().zip(&columns[l][start..end]).map(|(x, y)| (x & y).count_ones());
                cross[j * k + l] += both.map(i64::from).sum::<i64>();
            }
        }
        start = end;
    }
    mirror(cross, k);
}

/// Copies the upper triangle to the lower one.
#[inline(always)]
fn mirror(cross: &mut [i64], k: usize) {
    for j in 0..k {
        for l in j + 1..k {
            cross[l * k + j] = cross[j * k + l];
        }
    }
}

/// Adds Σ x_j x_l of columns of any kind. Scores to 255 go in blocks of 16-bit numbers, whose products
/// summed over a block fit 32 bits (4096 · 255² < 2³¹); larger ones take the slow road.
pub(super) fn score_products(columns: &[&Column], persons: usize, cross: &mut [i64]) {
    const ROWS: usize = 4096;
    let k = columns.len();
    if columns.iter().any(|c| matches!(c, Column::Words(_))) {
        let mut row = vec![0_i64; k];
        for person in 0..persons {
            for (slot, column) in row.iter_mut().zip(columns) {
                *slot = i64::from(column.get(person));
            }
            for j in 0..k {
                if row[j] != 0 {
                    for l in j..k {
                        cross[j * k + l] += row[j] * row[l];
                    }
                }
            }
        }
    } else {
        let mut block = vec![0_i16; k * ROWS];
        let mut start = 0;
        while start < persons {
            let rows = ROWS.min(persons - start);
            for (j, column) in columns.iter().enumerate() {
                column.copy_into(start, &mut block[j * ROWS..j * ROWS + rows]);
            }
            for j in 0..k {
                let left = &block[j * ROWS..j * ROWS + rows];
                for l in j..k {
                    cross[j * k + l] += i64::from(product(left, &block[l * ROWS..l * ROWS + rows]));
                }
            }
            start += rows;
        }
    }
    mirror(cross, k);
}

fastest! {
    fn product(a: &[i16], b: &[i16]) -> i32 = product_plain, best ["avx512f", "avx512bw"], good ["avx2"]
}

#[inline(always)]
fn product_plain(a: &[i16], b: &[i16]) -> i32 {
    a.iter().zip(b).map(|(x, y)| i32::from(*x) * i32::from(*y)).sum()
}

/// Words a person needs for so many items.
fn words(items: usize) -> usize {
    items.div_ceil(64).max(1)
}

/// Turns bit columns into rows, 64 persons at a time: `visit` gets the number of the block and, per 64 items,
/// one word for each of the 64 persons (those beyond the last person are 0).
#[inline(always)]
fn turned(columns: &[&[u64]], persons: usize, mut visit: impl FnMut(usize, &[[u64; 64]])) {
    let mut squares = vec![[0_u64; 64]; words(columns.len())];
    for block in 0..persons.div_ceil(64) {
        for (square, group) in squares.iter_mut().zip(columns.chunks(64)) {
            square.fill(0);
            for (slot, column) in square.iter_mut().zip(group) {
                *slot = column.get(block).copied().unwrap_or(0);
            }
            transpose(square);
        }
        visit(block, &squares);
    }
}

/// Turns bit columns into one row of `width` words per person: bit `j % 64` of word `j / 64` is item `j`.
pub(crate) fn bit_rows(columns: &[&[u64]], persons: usize) -> (Vec<u64>, usize) {
    let width = words(columns.len());
    let mut rows = vec![0_u64; persons * width];
    turned(columns, persons, |block, squares| {
        let first = block * 64 * width;
        for (group, square) in squares.iter().enumerate() {
            let slots = rows[first..].iter_mut().skip(group).step_by(width);
            slots.zip(square).for_each(|(slot, word)| *slot = *word);
        }
    });
    (rows, width)
}

/// Transposes a square of 64 × 64 bits in place: swaps ever smaller quarter squares.
#[inline(always)]
fn transpose(square: &mut [u64; 64]) {
    swap_quarters::<32>(square, 0x0000_0000_FFFF_FFFF);
    swap_quarters::<16>(square, 0x0000_FFFF_0000_FFFF);
    swap_quarters::<8>(square, 0x00FF_00FF_00FF_00FF);
    swap_quarters::<4>(square, 0x0F0F_0F0F_0F0F_0F0F);
    swap_quarters::<2>(square, 0x3333_3333_3333_3333);
    swap_quarters::<1>(square, 0x5555_5555_5555_5555);
}

#[inline(always)]
fn swap_quarters<const HALF: usize>(square: &mut [u64; 64], mask: u64) {
    for block in square.chunks_exact_mut(2 * HALF) {
        let (upper, lower) = block.split_at_mut(HALF);
        for (a, b) in upper.iter_mut().zip(lower) {
            let moved = ((*a >> HALF) ^ *b) & mask;
            *a ^= moved << HALF;
            *b ^= moved;
        }
    }
}

/// Counts, per bit position, in how many rows it is set. The counters lie on their side: plane `p` holds bit
/// `p` of all 64 counters, so one addition serves 64 items; eight rows are added at once, by full adders.
#[derive(Clone)]
pub(crate) struct Counter {
    planes: [u64; 40],
    waiting: [u64; 8],
    held: usize,
}

impl Counter {
    pub fn new() -> Self {
        Counter { planes: [0; 40], waiting: [0; 8], held: 0 }
    }

    /// Adds a row.
    #[inline(always)]
    pub fn add(&mut self, row: u64) {
        self.waiting[self.held] = row;
        self.held += 1;
        if self.held == self.waiting.len() {
            self.held = 0;
            let [a, b, c, d, e, f, g, h] = self.waiting;
            let p = &mut self.planes;
            let (ones, two_a) = full_adder(p[0], a, b);
            let (ones, two_b) = full_adder(ones, c, d);
            let (twos, four_a) = full_adder(p[1], two_a, two_b);
            let (ones, two_a) = full_adder(ones, e, f);
            let (ones, two_b) = full_adder(ones, g, h);
            let (twos, four_b) = full_adder(twos, two_a, two_b);
            let (fours, eights) = full_adder(p[2], four_a, four_b);
            (p[0], p[1], p[2]) = (ones, twos, fours);
            ripple(&mut p[3..], eights);
        }
    }

    /// Adds the counts to `counts`.
    pub fn finish(mut self, counts: &mut [i64]) {
        for row in &self.waiting[..self.held] {
            ripple(&mut self.planes, *row);
        }
        let highest = self.planes.iter().rposition(|p| *p != 0).map_or(0, |last| last + 1);
        for (position, count) in counts.iter_mut().enumerate() {
            for (plane, bits) in self.planes[..highest].iter().enumerate() {
                *count += i64::from(bits >> position & 1 == 1) << plane;
            }
        }
    }
}

/// Sum and carry of three bits, 64 times over.
#[inline(always)]
fn full_adder(a: u64, b: u64, c: u64) -> (u64, u64) {
    let either = a ^ b;
    (either ^ c, (a & b) | (either & c))
}

#[inline(always)]
fn ripple(planes: &mut [u64], mut carry: u64) {
    for plane in planes {
        if carry == 0 {
            break;
        }
        let next = *plane & carry;
        *plane ^= carry;
        carry = next;
    }
}

/// The persons with one total: how many, and a counter for every 64 items.
pub(super) struct Total {
    pub n: i64,
    pub counters: Vec<Counter>,
}

fastest! {
    /// Counts the persons of bit columns by their total score, from 0 to the number of columns.
    pub(super) fn by_total(columns: &[&[u64]], persons: usize) -> Vec<Option<Total>> = by_total_plain,
    best ["avx2", "bmi1", "bmi2", "popcnt"], good ["popcnt"]
}

#[inline(always)]
fn by_total_plain(columns: &[&[u64]], persons: usize) -> Vec<Option<Total>> {
    let mut totals: Vec<Option<Total>> = Vec::new();
    totals.resize_with(columns.len() + 1, || None);
    let width = words(columns.len());
    turned(columns, persons, |block, squares| {
        for at in 0..(persons - block * 64).min(64) {
            let score: u32 = squares.iter().map(|s| s[at].count_ones()).sum();
            let total = totals[score as usize]
                .get_or_insert_with(|| Total { n: 0, counters: vec![Counter::new(); width] });
            total.n += 1;
            for (counter, square) in total.counters.iter_mut().zip(squares) {
                counter.add(square[at]);
            }
        }
    });
    totals
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::random::Stream;

    #[test]
    fn rows_are_the_transposed_columns() {
        let mut stream = Stream::new(5);
        let columns: Vec<Vec<u64>> = (0..70).map(|_| (0..3).map(|_| stream.bits()).collect()).collect();
        let slices: Vec<&[u64]> = columns.iter().map(Vec::as_slice).collect();
        let (rows, width) = bit_rows(&slices, 190);
        assert_eq!(width, 2);
        for person in 0..190 {
            for (item, column) in columns.iter().enumerate() {
                let row_bit = rows[person * 2 + item / 64] >> (item % 64) & 1;
                assert_eq!(row_bit, column[person / 64] >> (person % 64) & 1);
            }
        }
    }

    #[test]
    fn positions_count_each_bit() {
        let mut stream = Stream::new(9);
        let rows: Vec<u64> = (0..1003).map(|_| stream.bits()).collect();
        let mut counts = vec![0; 64];
        let mut counter = Counter::new();
        rows.iter().for_each(|row| counter.add(*row));
        counter.finish(&mut counts);
        for (position, count) in counts.iter().enumerate() {
            assert_eq!(*count, rows.iter().filter(|r| *r >> position & 1 == 1).count() as i64);
        }
    }

    #[test]
    fn bit_products_and_totals_equal_plain_counts() {
        let mut stream = Stream::new(6);
        for (k, persons) in [(1_usize, 1_usize), (5, 63), (66, 200), (130, 10_000)] {
            let mut columns: Vec<Vec<u64>> =
                (0..k).map(|_| (0..persons.div_ceil(64)).map(|_| stream.bits()).collect()).collect();
            for column in &mut columns {
                if let (Some(last), true) = (column.last_mut(), persons % 64 > 0) {
                    *last &= (1 << (persons % 64)) - 1;
                }
            }
            let slices: Vec<&[u64]> = columns.iter().map(Vec::as_slice).collect();
            let bit = |j: usize, p: usize| (columns[j][p / 64] >> (p % 64) & 1) as i64;
            let mut cross = vec![0; k * k];
            bit_products(&slices, &mut cross);
            for (j, l) in [(0, 0), (0, k - 1), (k - 1, 0), (k / 2, k / 3)] {
                assert_eq!(cross[j * k + l], (0..persons).map(|p| bit(j, p) * bit(l, p)).sum::<i64>());
            }
            let totals = by_total(&slices, persons);
            assert_eq!(totals.iter().flatten().map(|t| t.n).sum::<i64>(), persons as i64);
            let mut sums = vec![0; k];
            for (score, total) in totals.into_iter().enumerate() {
                let Some(total) = total else { continue };
                let own: Vec<usize> = (0..persons)
                    .filter(|p| (0..k).map(|j| bit(j, *p)).sum::<i64>() == score as i64)
                    .collect();
                assert_eq!(total.n, own.len() as i64);
                for (counter, part) in total.counters.into_iter().zip(sums.chunks_mut(64)) {
                    counter.finish(part);
                }
            }
            for (j, sum) in sums.iter().enumerate() {
                assert_eq!(*sum, (0..persons).map(|p| bit(j, p)).sum::<i64>());
            }
        }
    }

    #[test]
    fn fast_products_equal_plain_ones() {
        let mut stream = Stream::new(11);
        let rows = 5000;
        let columns: Vec<Column> = (0..5)
            .map(|c| {
                let mut column = Column::default();
                for row in 0..rows {
                    let bound = if c == 0 { 2 } else { 256 };
                    column.push(row, stream.below(bound) as u16);
                }
                column
            })
            .collect();
        let refs: Vec<&Column> = columns.iter().collect();
        let mut cross = vec![0; 25];
        score_products(&refs, rows, &mut cross);
        for j in 0..5 {
            for l in 0..5 {
                let plain: i64 =
                    (0..rows).map(|r| i64::from(columns[j].get(r)) * i64::from(columns[l].get(r))).sum();
                assert_eq!(cross[j * 5 + l], plain);
            }
        }
    }
}
