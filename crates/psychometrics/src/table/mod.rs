//! The answers of persons to items: bit-packed where scores are 0 and 1, bytes or words elsewhere.

mod column;
mod design;
mod mask;
mod names;
pub mod read;
pub mod score;
pub mod times;

pub use column::Column;
pub use design::{Booklet, components};
pub use mask::Mask;
pub use names::Names;
pub use times::Times;

use serde::Serialize;

/// What went wrong with a table, in a sentence that names the place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// The text is not the CSV we expect.
    #[error("line {line}, column {column}: {problem}")]
    Cell {
        /// Line of the file, the header being line 1.
        line: u64,
        /// Number and name of the column.
        column: String,
        /// What is wrong and what to do.
        problem: String,
    },
    /// The file as a whole.
    #[error("{0}")]
    File(String),
}

/// An item of the test.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Item {
    /// Its name in the file.
    pub id: String,
    /// Theoretical maximum score; the observed maximum (at least 1) when nobody told us better.
    pub max: u16,
    /// Is `max` told by an item list (true) or only observed (false)?
    pub max_known: bool,
    /// The domain the item belongs to, if the item list names one.
    pub domain: Option<String>,
}

/// The chosen options of a multiple choice item.
#[derive(Debug, Clone, PartialEq)]
pub struct Choices {
    /// Option texts, in sorted order.
    pub labels: Vec<String>,
    /// Which options are right.
    pub key: Vec<bool>,
    /// Per person 0 for blank, otherwise one more than the index in `labels`.
    pub codes: Vec<u8>,
}

/// A label per person: group, gender, class.
#[derive(Debug, Clone, PartialEq)]
pub struct Grouping {
    /// Column name.
    pub name: String,
    /// The different labels in order of appearance.
    pub labels: Vec<String>,
    /// Per person the index in `labels`; `u16::MAX` when blank.
    pub codes: Vec<u16>,
}

/// Persons × items.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    pub(crate) persons: usize,
    pub(crate) person_ids: Option<Names>,
    pub(crate) items: Vec<Item>,
    pub(crate) columns: Vec<Column>,
    pub(crate) blanks: Vec<Option<Mask>>,
    pub(crate) choices: Vec<Option<Choices>>,
    pub(crate) groupings: Vec<Grouping>,
    pub(crate) booklets: Option<Grouping>,
    pub(crate) repeated: usize,
}

impl Table {
    /// A table of scores without names: one row per person, `None` for no value.
    ///
    /// # Errors
    /// When rows differ in length.
    pub fn from_rows(item_ids: &[&str], rows: &[Vec<Option<u16>>]) -> Result<Self, TableError> {
        let items = item_ids.len();
        let mut columns = vec![Column::default(); items];
        let mut blanks: Vec<Option<Mask>> = vec![None; items];
        for (index, row) in rows.iter().enumerate() {
            if row.len() != items {
                return Err(TableError::File(format!(
                    "row {} has {} values where {items} items are named",
                    index + 1,
                    row.len()
                )));
            }
            for ((value, column), blank) in row.iter().zip(&mut columns).zip(&mut blanks) {
                column.push(index, value.unwrap_or(0));
                if value.is_none() {
                    blank.get_or_insert_with(Mask::default).set(index);
                }
            }
        }
        let mut table = Table {
            persons: rows.len(),
            person_ids: None,
            items: item_ids
                .iter()
                .map(|id| Item { id: (*id).to_owned(), max: 1, max_known: false, domain: None })
                .collect(),
            columns,
            blanks,
            choices: vec![None; items],
            groupings: Vec::new(),
            booklets: None,
            repeated: 0,
        };
        table.observe_maxima();
        Ok(table)
    }

    /// Number of persons (rows), absent ones included.
    #[must_use]
    pub fn persons(&self) -> usize {
        self.persons
    }

    /// Rows that were left out when reading, because the person had an earlier row in the same sitting.
    #[must_use]
    pub fn repeated(&self) -> usize {
        self.repeated
    }

    /// The items.
    #[must_use]
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// The score column of each item.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The chosen options of an item, when the file held options.
    #[must_use]
    pub fn choices(&self, item: usize) -> Option<&Choices> {
        self.choices.get(item)?.as_ref()
    }

    /// The label columns.
    #[must_use]
    pub fn groupings(&self) -> &[Grouping] {
        &self.groupings
    }

    /// The label column called `name`.
    #[must_use]
    pub fn grouping(&self, name: &str) -> Option<&Grouping> {
        self.groupings.iter().chain(&self.booklets).find(|g| g.name == name)
    }

    /// Name of a person: the identifier in the file or the row number.
    #[must_use]
    pub fn person(&self, row: usize) -> String {
        match &self.person_ids {
            Some(names) => names.get(row).to_owned(),
            None => format!("row {}", row + 1),
        }
    }

    /// The score of a person on an item; `None` when the cell is blank.
    #[must_use]
    pub fn score(&self, person: usize, item: usize) -> Option<u16> {
        if self.is_blank(person, item) || person >= self.persons {
            return None;
        }
        self.columns.get(item).map(|c| c.get(person))
    }

    /// Changes the score of an answered cell (a correction); blank cells become answered.
    pub fn set_score(&mut self, person: usize, item: usize, score: u16) {
        if person >= self.persons {
            return;
        }
        if let Some(column) = self.columns.get_mut(item) {
            column.set(person, score, self.persons);
        }
        if let Some(Some(blank)) = self.blanks.get_mut(item) {
            blank.unset(person);
        }
        self.observe_maxima();
    }

    /// Is the cell blank?
    #[must_use]
    pub fn is_blank(&self, person: usize, item: usize) -> bool {
        self.blanks.get(item).and_then(Option::as_ref).is_some_and(|m| m.get(person))
    }

    /// The blank cells of an item.
    #[must_use]
    pub fn blank(&self, item: usize) -> Option<&Mask> {
        self.blanks.get(item)?.as_ref()
    }

    /// Bytes held by the scores, masks, choices and names.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let columns: usize = self.columns.iter().map(Column::bytes).sum();
        let masks: usize = self.blanks.iter().flatten().map(Mask::bytes).sum();
        let choices: usize = self.choices.iter().flatten().map(|c| c.codes.len()).sum();
        let groups: usize = self.groupings.iter().map(|g| 2 * g.codes.len()).sum();
        columns + masks + choices + groups + self.person_ids.as_ref().map_or(0, Names::bytes)
    }

    /// Replaces all scores by `score × weight` (OPLM-like integer weights).
    ///
    /// # Errors
    /// When a weighted score no longer fits 16 bits.
    pub fn weigh(&mut self, weights: &[(String, u16)]) -> Result<(), TableError> {
        for (id, weight) in weights {
            let Some(index) = self.items.iter().position(|i| &i.id == id) else { continue };
            if let (Some(column), Some(item)) = (self.columns.get_mut(index), self.items.get_mut(index)) {
                let too_large = || {
                    TableError::File(format!(
                        "item '{id}': weight {weight} makes scores above 65535; use smaller weights"
                    ))
                };
                item.max = item.max.checked_mul(*weight).ok_or_else(too_large)?;
                if *weight != 1 {
                    let mut weighed = Column::default();
                    for row in 0..self.persons {
                        weighed.push(row, column.get(row).checked_mul(*weight).ok_or_else(too_large)?);
                    }
                    *column = weighed;
                }
            }
        }
        Ok(())
    }

    /// Blank cells become answers scored 0, so that also a person without any answer counts. Needed to
    /// follow packages that do so; our own analyses leave such persons out.
    #[must_use]
    pub fn blanks_as_answers(mut self) -> Self {
        self.blanks.iter_mut().for_each(|b| *b = None);
        self
    }

    /// The part of the table with these items and persons, in this order.
    #[must_use]
    pub fn part(&self, items: &[usize], rows: &[u32]) -> Table {
        let items: Vec<usize> = items.iter().copied().filter(|i| *i < self.items.len()).collect();
        let rows: Vec<u32> = rows.iter().copied().filter(|r| (*r as usize) < self.persons).collect();
        let take_codes =
            |codes: &[u16]| rows.iter().filter_map(|r| codes.get(*r as usize).copied()).collect::<Vec<u16>>();
        let take_grouping = |g: &Grouping| Grouping {
            name: g.name.clone(),
            labels: g.labels.clone(),
            codes: take_codes(&g.codes),
        };
        Table {
            persons: rows.len(),
            person_ids: self.person_ids.as_ref().map(|names| names.part(&rows)),
            items: items.iter().filter_map(|i| self.items.get(*i).cloned()).collect(),
            columns: items.iter().filter_map(|i| self.columns.get(*i)).map(|c| c.part(&rows)).collect(),
            blanks: items
                .iter()
                .filter_map(|i| self.blanks.get(*i))
                .map(|m| m.as_ref().and_then(|m| m.part(&rows)))
                .collect(),
            choices: items
                .iter()
                .filter_map(|i| self.choices.get(*i))
                .map(|c| {
                    c.as_ref().map(|c| Choices {
                        labels: c.labels.clone(),
                        key: c.key.clone(),
                        codes: rows.iter().filter_map(|r| c.codes.get(*r as usize).copied()).collect(),
                    })
                })
                .collect(),
            groupings: self.groupings.iter().map(take_grouping).collect(),
            booklets: self.booklets.as_ref().map(take_grouping),
            repeated: self.repeated,
        }
    }

    /// Per item the trailing blanks ("not reached"), and the persons who answered nothing at all
    /// ("absent", never counted as not reached). Meant for one booklet: every item counts as presented.
    #[must_use]
    pub fn unreached(&self) -> (Vec<Option<Mask>>, Mask) {
        let words = self.persons.div_ceil(64);
        let mut trailing: Vec<u64> = (0..words).map(|w| Mask::valid_bits(w, self.persons)).collect();
        let mut per_item: Vec<Option<Mask>> = vec![None; self.items.len()];
        for (slot, blank) in per_item.iter_mut().zip(&self.blanks).rev() {
            match blank {
                None => trailing.iter_mut().for_each(|w| *w = 0),
                Some(mask) => {
                    for (index, word) in trailing.iter_mut().enumerate() {
                        *word &= mask.word(index);
                    }
                    *slot = Some(Mask::from_words(trailing.clone()));
                }
            }
        }
        if self.items.is_empty() {
            trailing.iter_mut().for_each(|w| *w = 0);
        }
        let absent = Mask::from_words(trailing);
        for mask in per_item.iter_mut().flatten() {
            mask.remove(&absent);
        }
        (per_item, absent)
    }

    /// Keeps only the first row with an answer of every person, per label of the column `sitting` if there is
    /// one. Persons without a name are all different.
    #[must_use]
    pub(crate) fn first_attempts(self) -> Table {
        use std::hash::BuildHasher;
        let Some(names) = &self.person_ids else { return self };
        let sitting = self.groupings.iter().find(|g| g.name == "sitting");
        let of = |row: u32| {
            let code = sitting.and_then(|g| g.codes.get(row as usize)).copied();
            (names.get(row as usize).trim(), code)
        };
        // Sorted by a hash, equal persons are neighbours; only those few are compared by name.
        let hasher = std::hash::BuildHasherDefault::<std::hash::DefaultHasher>::default();
        let (_, absent) = self.unreached();
        let rows = (0..self.persons).filter(|r| !absent.get(*r)).filter_map(|r| u32::try_from(r).ok());
        let mut order: Vec<(u64, u32)> =
            rows.filter(|r| !of(*r).0.is_empty()).map(|r| (hasher.hash_one(of(r)), r)).collect();
        order.sort_unstable();
        let mut later = Mask::default();
        for same in order.chunk_by(|a, b| a.0 == b.0).filter(|same| same.len() > 1) {
            for (at, (_, row)) in same.iter().enumerate() {
                if same.iter().take(at).any(|(_, earlier)| of(*earlier) == of(*row)) {
                    later.set(*row as usize);
                }
            }
        }
        let repeated = later.ones() as usize;
        if repeated == 0 {
            return self;
        }
        let items: Vec<usize> = (0..self.items.len()).collect();
        let kept: Vec<u32> =
            (0..self.persons).filter(|r| !later.get(*r)).filter_map(|r| u32::try_from(r).ok()).collect();
        Table { repeated, ..self.part(&items, &kept) }
    }

    /// Sets the maxima that no list told to the largest observed score (at least 1).
    pub(crate) fn observe_maxima(&mut self) {
        for (item, column) in self.items.iter_mut().zip(&self.columns) {
            if !item.max_known {
                item.max = column.max(self.persons).max(1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trailing_blanks_are_not_reached_and_empty_rows_are_absent() {
        let table = Table::from_rows(
            &["a", "b", "c"],
            &[
                vec![Some(1), None, None],
                vec![None, Some(1), None],
                vec![None, None, None],
                vec![Some(0), Some(0), Some(3)],
            ],
        )
        .unwrap();
        let (unreached, absent) = table.unreached();
        assert_eq!(absent.ones(), 1);
        assert!(absent.get(2));
        let of = |item: usize| unreached[item].as_ref().map_or(0, Mask::ones);
        assert_eq!((of(0), of(1), of(2)), (0, 1, 2));
        assert_eq!(table.items()[2].max, 3);
    }

    #[test]
    fn a_part_keeps_scores_blanks_and_order() {
        let table = Table::from_rows(
            &["a", "b"],
            &[vec![Some(1), Some(300)], vec![None, Some(7)], vec![Some(0), Some(2)]],
        )
        .unwrap();
        let part = table.part(&[1, 0], &[2, 1]);
        assert_eq!(part.score(0, 0), Some(2));
        assert_eq!(part.score(1, 0), Some(7));
        assert_eq!(part.score(1, 1), None);
    }
}
