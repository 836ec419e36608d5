//! Applies item lists and neutralisation to a table.

use super::read::ItemLine;
use super::{Column, Table, TableError};
use serde::{Deserialize, Serialize};

/// What happened to an item that turned out to be unfit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Neutralised {
    /// Taken out of the score and out of the maximum.
    Dropped,
    /// Everybody gets full marks: the item stays and has no variance.
    FullMarks,
}

impl Table {
    /// Applies maxima, weights and domains of an item list.
    ///
    /// # Errors
    /// When the list names an unknown item, or a score lies above its maximum.
    pub fn describe(&mut self, lines: &[ItemLine]) -> Result<(), TableError> {
        for line in lines {
            let Some(index) = self.items.iter().position(|i| i.id == line.id) else {
                return Err(TableError::File(format!(
                    "the item list names item '{}', which is not a column of the answers",
                    line.id
                )));
            };
            let persons = self.persons;
            if let (Some(item), Some(column)) = (self.items.get_mut(index), self.columns.get(index)) {
                item.domain = line.domain.clone();
                if let Some(max) = line.max {
                    let seen = column.max(persons);
                    if seen > max {
                        return Err(TableError::File(format!(
                            "item '{}' has a score of {seen}, above its maximum {max}; correct the score or the item list",
                            line.id
                        )));
                    }
                    item.max = max;
                    item.max_known = true;
                }
            }
        }
        Ok(())
    }

    /// Neutralises an item; false when no item has that name.
    #[must_use]
    pub fn neutralise(&mut self, item_id: &str, how: Neutralised) -> bool {
        let Some(index) = self.items.iter().position(|i| i.id == item_id) else { return false };
        match how {
            Neutralised::Dropped => {
                self.items.remove(index);
                self.columns.remove(index);
                self.blanks.remove(index);
                self.choices.remove(index);
            }
            Neutralised::FullMarks => {
                // Who answered nothing at all stays absent and gets no marks for a test not made.
                let (_, absent) = self.unreached();
                if let (Some(item), Some(column), Some(blank)) =
                    (self.items.get(index), self.columns.get_mut(index), self.blanks.get_mut(index))
                {
                    let mut full = Column::default();
                    for row in 0..self.persons {
                        full.push(row, if absent.get(row) { 0 } else { item.max });
                    }
                    *column = full;
                    *blank = if absent.ones() == 0 { None } else { Some(absent) };
                }
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_above_the_maximum_is_refused() {
        let mut t = Table::from_rows(&["a"], &[vec![Some(3)]]).unwrap();
        let line = ItemLine { id: "a".into(), max: Some(2), ..ItemLine::default() };
        assert!(t.describe(&[line]).unwrap_err().to_string().contains("above its maximum"));
    }

    #[test]
    fn full_marks_for_everyone_leave_no_variance() {
        let mut t = Table::from_rows(&["a", "b"], &[vec![Some(2), Some(1)], vec![Some(0), Some(0)]]).unwrap();
        assert!(t.neutralise("a", Neutralised::FullMarks));
        assert_eq!((t.score(0, 0), t.score(1, 0)), (Some(2), Some(2)));
        assert!(t.neutralise("a", Neutralised::Dropped));
        assert_eq!(t.items().len(), 1);
    }
}
