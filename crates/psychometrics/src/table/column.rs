//! The scores of all persons on one item, in the smallest form that holds them.

/// A column of scores. It starts as bits and widens when a larger score comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Column {
    /// Scores 0 and 1, 64 persons to a word.
    Bits(Vec<u64>),
    /// Scores to 255.
    Bytes(Vec<u8>),
    /// Scores to 65535.
    Words(Vec<u16>),
}

impl Default for Column {
    fn default() -> Self {
        Column::Bits(Vec::new())
    }
}

impl Column {
    /// Appends the score of person `row`, which must be the number of scores pushed before.
    pub fn push(&mut self, row: usize, score: u16) {
        match self {
            Column::Bits(words) => {
                if score > 1 {
                    self.widen(row, score > 255);
                    self.push(row, score);
                    return;
                }
                if row.is_multiple_of(64) {
                    words.push(u64::from(score));
                } else if let Some(last) = words.last_mut() {
                    *last |= u64::from(score) << (row % 64);
                }
            }
            Column::Bytes(bytes) => match u8::try_from(score) {
                Ok(byte) => bytes.push(byte),
                Err(_) => {
                    self.widen(row, true);
                    self.push(row, score);
                }
            },
            Column::Words(words) => words.push(score),
        }
    }

    /// Changes the score of person `row` in a column of `rows` scores.
    pub fn set(&mut self, row: usize, score: u16, rows: usize) {
        let fits = match self {
            Column::Bits(_) => score <= 1,
            Column::Bytes(_) => score <= 255,
            Column::Words(_) => true,
        };
        if !fits {
            self.widen(rows, score > 255);
        }
        match self {
            Column::Bits(words) => {
                if let Some(word) = words.get_mut(row / 64) {
                    *word = (*word & !(1 << (row % 64))) | (u64::from(score) << (row % 64));
                }
            }
            Column::Bytes(bytes) => {
                if let Some(slot) = bytes.get_mut(row) {
                    *slot = u8::try_from(score).unwrap_or(u8::MAX);
                }
            }
            Column::Words(words) => {
                if let Some(slot) = words.get_mut(row) {
                    *slot = score;
                }
            }
        }
    }

    /// The score of a person; 0 beyond the end.
    #[must_use]
    pub fn get(&self, row: usize) -> u16 {
        match self {
            Column::Bits(words) => words.get(row / 64).map_or(0, |w| u16::from(w >> (row % 64) & 1 == 1)),
            Column::Bytes(bytes) => bytes.get(row).copied().map_or(0, u16::from),
            Column::Words(words) => words.get(row).copied().unwrap_or(0),
        }
    }

    /// The largest score among the first `rows`.
    #[must_use]
    pub fn max(&self, rows: usize) -> u16 {
        match self {
            Column::Bits(words) => u16::from(words.iter().any(|w| *w != 0)),
            Column::Bytes(bytes) => bytes.iter().take(rows).copied().max().map_or(0, u16::from),
            Column::Words(words) => words.iter().take(rows).copied().max().unwrap_or(0),
        }
    }

    /// Bytes held.
    #[must_use]
    pub fn bytes(&self) -> usize {
        match self {
            Column::Bits(words) => words.len() * 8,
            Column::Bytes(bytes) => bytes.len(),
            Column::Words(words) => words.len() * 2,
        }
    }

    /// The scores at `rows`.
    #[must_use]
    pub fn part(&self, rows: &[u32]) -> Column {
        let mut part = Column::default();
        for (to, from) in rows.iter().enumerate() {
            part.push(to, self.get(*from as usize));
        }
        part
    }

    /// Writes the scores of rows `start..start + out.len()` as numbers.
    pub fn copy_into(&self, start: usize, out: &mut [i16]) {
        match self {
            Column::Bits(_) | Column::Words(_) => {
                for (offset, slot) in out.iter_mut().enumerate() {
                    *slot = i16::try_from(self.get(start + offset)).unwrap_or(i16::MAX);
                }
            }
            Column::Bytes(bytes) => {
                for (slot, byte) in out.iter_mut().zip(bytes.iter().skip(start)) {
                    *slot = i16::from(*byte);
                }
            }
        }
    }

    fn widen(&mut self, rows: usize, far: bool) {
        let scores = (0..rows).map(|row| self.get(row));
        let wide = if far {
            Column::Words(scores.collect())
        } else {
            Column::Bytes(scores.map(|s| u8::try_from(s).unwrap_or(u8::MAX)).collect())
        };
        *self = wide;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_widens_and_keeps_what_it_held() {
        let mut column = Column::default();
        let scores: Vec<u16> = (0..200)
            .map(|i| {
                if i < 100 {
                    i % 2
                } else if i < 150 {
                    i
                } else {
                    i * 300
                }
            })
            .collect();
        for (row, score) in scores.iter().enumerate() {
            column.push(row, *score);
        }
        assert!(matches!(column, Column::Words(_)));
        assert!(scores.iter().enumerate().all(|(row, score)| column.get(row) == *score));
        assert_eq!(column.max(200), 199 * 300);
    }
}
