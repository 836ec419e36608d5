//! Applies item lists and neutralisation to a table.

use super::read::ItemLine;
use super::{Choices, Column, Table, TableError};
use crate::item::option::OTHER;
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

impl Choices {
    /// Takes these options (and the right ones) as the whole list: those nobody chose appear too, and all
    /// other answers are counted together as "other".
    fn list(&mut self, options: &[String]) {
        let listed = |label: &String| options.contains(label);
        let mut labels: Vec<String> = options.to_vec();
        labels.extend(self.labels.iter().zip(&self.key).filter(|(_, k)| **k).map(|(l, _)| l.clone()));
        labels.sort();
        labels.dedup();
        // Codes are one byte: a list longer than that stays as it was found.
        if labels.len() > 254 {
            return;
        }
        let strange = self.labels.iter().zip(&self.key).any(|(label, key)| !listed(label) && !key);
        if strange && !labels.iter().any(|l| l == OTHER) {
            labels.push(OTHER.to_owned());
        }
        let place = |label: &str| labels.iter().position(|l| l == label);
        let code_of = |label: &String| {
            place(label).or_else(|| place(OTHER)).and_then(|at| u8::try_from(at + 1).ok()).unwrap_or(0)
        };
        let codes: Vec<u8> = std::iter::once(0).chain(self.labels.iter().map(code_of)).collect();
        let key = labels
            .iter()
            .map(|label| self.labels.iter().zip(&self.key).any(|(old, right)| old == label && *right))
            .collect();
        for code in &mut self.codes {
            *code = codes.get(usize::from(*code)).copied().unwrap_or(0);
        }
        self.labels = labels;
        self.key = key;
    }
}

impl Table {
    /// Applies maxima, options, weights and domains of an item list.
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
                if let (Some(Some(choices)), false) = (self.choices.get_mut(index), line.options.is_empty()) {
                    choices.list(&line.options);
                }
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
    fn answers_beside_the_listed_options_are_counted_together() {
        use crate::item::Tally;
        use crate::item::option::options;
        use crate::table::read::{ReadOptions, key, responses};
        let key = key("item_id,key\na,B\n".as_bytes()).unwrap();
        let read = ReadOptions { key: Some(key), ..ReadOptions::default() };
        let mut t = responses("a,b\nB,1\nX,0\n?,1\nA,0\n,1\n".as_bytes(), &read).unwrap();
        let line = ItemLine {
            id: "a".into(),
            options: ["A", "B", "C"].map(str::to_owned).to_vec(),
            ..ItemLine::default()
        };
        t.describe(&[line]).unwrap();
        let found: Vec<_> = options(&Tally::of(&t), 0).into_iter().map(|o| (o.option, o.n, o.key)).collect();
        let named = |o: &str, n, key| (Some(o.to_owned()), n, key);
        assert_eq!(
            found,
            [
                named("A", 1, false),
                named("B", 1, true),
                named("C", 0, false),
                named("other", 2, false),
                (None, 1, false)
            ]
        );
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
