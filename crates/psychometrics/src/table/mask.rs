//! One bit per person.

/// A set of rows. Rows beyond the end are not in the set.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mask(Vec<u64>);

impl Mask {
    /// From words of 64 rows each.
    #[must_use]
    pub fn from_words(words: Vec<u64>) -> Self {
        Mask(words)
    }

    /// The bits of word `index` that belong to one of `rows` rows.
    #[must_use]
    pub fn valid_bits(index: usize, rows: usize) -> u64 {
        let left = rows.saturating_sub(index * 64);
        if left >= 64 { u64::MAX } else { (1_u64 << left) - 1 }
    }

    /// Adds a row.
    pub fn set(&mut self, row: usize) {
        let word = row / 64;
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        if let Some(bits) = self.0.get_mut(word) {
            *bits |= 1 << (row % 64);
        }
    }

    /// Takes a row out.
    pub fn unset(&mut self, row: usize) {
        if let Some(bits) = self.0.get_mut(row / 64) {
            *bits &= !(1 << (row % 64));
        }
    }

    /// Is the row in the set?
    #[must_use]
    pub fn get(&self, row: usize) -> bool {
        self.word(row / 64) >> (row % 64) & 1 == 1
    }

    /// The 64 rows of word `index`.
    #[must_use]
    pub fn word(&self, index: usize) -> u64 {
        self.0.get(index).copied().unwrap_or(0)
    }

    /// Takes the rows of another set out of this one.
    pub fn remove(&mut self, other: &Mask) {
        for (index, word) in self.0.iter_mut().enumerate() {
            *word &= !other.word(index);
        }
    }

    /// Number of rows in the set.
    #[must_use]
    pub fn ones(&self) -> u64 {
        self.0.iter().map(|w| u64::from(w.count_ones())).sum()
    }

    /// The rows in the set, in order.
    pub fn rows(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().flat_map(|(index, word)| {
            let mut left = *word;
            std::iter::from_fn(move || {
                if left == 0 {
                    return None;
                }
                let bit = left.trailing_zeros() as usize;
                left &= left - 1;
                Some(index * 64 + bit)
            })
        })
    }

    /// Bytes held.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.0.len() * 8
    }

    /// The set seen through a choice of rows; `None` when empty.
    #[must_use]
    pub fn part(&self, rows: &[u32]) -> Option<Mask> {
        let mut mask = Mask::default();
        let mut any = false;
        for (to, from) in rows.iter().enumerate() {
            if self.get(*from as usize) {
                mask.set(to);
                any = true;
            }
        }
        any.then_some(mask)
    }
}
