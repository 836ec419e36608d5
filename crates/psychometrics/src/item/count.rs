//! The inner loops of counting: products of columns, and columns of counts per score group.
// Hot loops over blocks whose sizes are fixed two lines above each use.
#![allow(clippy::indexing_slicing)]

use crate::table::Column;

/// Words per block: 60 columns of one block stay in the first-level cache.
const BLOCK: usize = 128;

/// Adds Σ x_j x_l of bit columns to the full symmetric matrix `cross` (order k).
pub(super) fn bit_products(columns: &[&[u64]], cross: &mut [i64]) {
    let k = columns.len();
    let words = columns.first().map_or(0, |c| c.len());
    let mut start = 0;
    while start < words {
        let end = (start + BLOCK).min(words);
        for j in 0..k {
            let left = &columns[j][start..end];
            for l in j..k {
                cross[j * k + l] += and_count(left, &columns[l][start..end]);
            }
        }
        start = end;
    }
    mirror(cross, k);
}

/// Copies the upper triangle to the lower one.
fn mirror(cross: &mut [i64], k: usize) {
    for j in 0..k {
        for l in j + 1..k {
            cross[l * k + j] = cross[j * k + l];
        }
    }
}

/// Number of rows that both columns have set.
fn and_count(a: &[u64], b: &[u64]) -> i64 {
    #[cfg(target_arch = "x86_64")]
    {
        if std::arch::is_x86_feature_detected!("avx512vpopcntdq")
            && std::arch::is_x86_feature_detected!("avx512f")
        {
            #[allow(unsafe_code)] // Only so can code for newer processors be called.
            // SAFETY: the condition above has checked that this machine has the instructions.
            return unsafe { and_count_avx512(a, b) };
        }
        if std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("popcnt") {
            #[allow(unsafe_code)] // Only so can code for newer processors be called.
            // SAFETY: the condition above has checked that this machine has the instructions.
            return unsafe { and_count_avx2(a, b) };
        }
    }
    and_count_plain(a, b)
}

#[inline(always)]
fn and_count_plain(a: &[u64], b: &[u64]) -> i64 {
    a.iter().zip(b).map(|(x, y)| i64::from((x & y).count_ones())).sum()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,popcnt")]
fn and_count_avx2(a: &[u64], b: &[u64]) -> i64 {
    and_count_plain(a, b)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512vpopcntdq")]
fn and_count_avx512(a: &[u64], b: &[u64]) -> i64 {
    and_count_plain(a, b)
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

fn product(a: &[i16], b: &[i16]) -> i32 {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        #[allow(unsafe_code)] // Only so can code for newer processors be called.
        // SAFETY: the condition above has checked that this machine has the instructions.
        return unsafe { product_avx2(a, b) };
    }
    product_plain(a, b)
}

#[inline(always)]
fn product_plain(a: &[i16], b: &[i16]) -> i32 {
    a.iter().zip(b).map(|(x, y)| i32::from(*x) * i32::from(*y)).sum()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn product_avx2(a: &[i16], b: &[i16]) -> i32 {
    product_plain(a, b)
}

/// Turns bit columns into one row of `width` words per person: bit `j % 64` of word `j / 64` is item `j`.
pub(crate) fn bit_rows(columns: &[&[u64]], persons: usize) -> (Vec<u64>, usize) {
    let width = columns.len().div_ceil(64).max(1);
    let blocks = persons.div_ceil(64);
    let mut rows = vec![0_u64; blocks * 64 * width];
    let mut square = [0_u64; 64];
    for group in 0..width {
        let items = columns.len().min((group + 1) * 64) - (group * 64).min(columns.len());
        for block in 0..blocks {
            square.fill(0);
            for (slot, column) in square.iter_mut().zip(&columns[group * 64..group * 64 + items]) {
                *slot = column.get(block).copied().unwrap_or(0);
            }
            transpose(&mut square);
            for (offset, word) in square.iter().enumerate() {
                rows[(block * 64 + offset) * width + group] = *word;
            }
        }
    }
    rows.truncate(persons * width);
    (rows, width)
}

/// Transposes a square of 64 × 64 bits in place: swaps ever smaller quarter squares.
fn transpose(square: &mut [u64; 64]) {
    let mut half = 32;
    let mut mask = 0x0000_0000_FFFF_FFFF_u64;
    while half > 0 {
        let mut row = 0;
        while row < 64 {
            let moved = ((square[row] >> half) ^ square[row + half]) & mask;
            square[row] ^= moved << half;
            square[row + half] ^= moved;
            row = (row + half + 1) & !half;
        }
        half >>= 1;
        mask ^= mask << half;
    }
}

/// Counts, per bit position, in how many of the rows it is set. The counters lie on their side: plane `p`
/// holds bit `p` of all 64 counters, so one addition serves 64 items.
pub(crate) fn positions(rows: impl Iterator<Item = u64>, counts: &mut [i64]) {
    let mut planes = [0_u64; 40];
    let mut highest = 0;
    for row in rows {
        let mut carry = row;
        let mut plane = 0;
        while carry != 0 && plane < planes.len() {
            let next = planes[plane] & carry;
            planes[plane] ^= carry;
            carry = next;
            plane += 1;
        }
        highest = highest.max(plane);
    }
    for (position, count) in counts.iter_mut().enumerate() {
        for (plane, bits) in planes[..highest].iter().enumerate() {
            *count += i64::from(bits >> position & 1 == 1) << plane;
        }
    }
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
        let rows: Vec<u64> = (0..1000).map(|_| stream.bits()).collect();
        let mut counts = vec![0; 64];
        positions(rows.iter().copied(), &mut counts);
        for (position, count) in counts.iter().enumerate() {
            assert_eq!(*count, rows.iter().filter(|r| *r >> position & 1 == 1).count() as i64);
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
