//! Lists come in pages, and are narrowed by words.

use crate::name::folded;

/// A page of a list and how many there are in all.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<L> {
    pub lines: Vec<L>,
    pub total: u64,
}

/// Which page, from 1, and how many lines on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paging {
    pub page: u32,
    pub size: u32,
}

impl Default for Paging {
    fn default() -> Self {
        Self { page: 1, size: 50 }
    }
}

impl Paging {
    /// Everything, as far as a list may ever be.
    pub const ALL: Self = Self { page: 1, size: 20_000 };

    /// How many lines to skip and how many to give.
    pub fn slice(self) -> (i64, i64) {
        let size = self.size.clamp(1, Self::ALL.size);
        (i64::from(self.page.saturating_sub(1)) * i64::from(size), i64::from(size))
    }
}

impl<L> Page<L> {
    pub fn new(lines: Vec<L>, total: i64) -> Self {
        Self { lines, total: u64::try_from(total).unwrap_or_default() }
    }
}

/// The words somebody looks for, folded; all must occur. More than three narrow no further: the third takes the rest.
pub struct Words(String);

impl Words {
    pub fn of(text: &str) -> Self {
        Self(folded(text))
    }

    pub fn three(&self) -> (&str, &str, &str) {
        let mut words = self.0.splitn(3, ' ');
        let mut word = || words.next().unwrap_or_default();
        (word(), word(), word())
    }
}
