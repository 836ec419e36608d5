//! The sufficient statistics of a conditional calibration: category counts and score distributions per
//! booklet.
// Loops run over items and persons of one table part.
#![allow(clippy::indexing_slicing)]

use crate::item::Tally;
use crate::table::{Booklet, Column, Table};
use serde::Serialize;

/// What a blank cell of a presented item means for calibration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// Score 0 (the rule for grading).
    #[default]
    Wrong,
    /// Trailing blanks carry no information; other blanks score 0.
    NotReachedIsNoData,
    /// No blank carries information.
    NoData,
}

/// An item with the scores that occur on it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DesignItem {
    /// Name.
    pub id: String,
    /// The lowest score that occurs: the reference category.
    pub base: u16,
    /// The other scores that occur, ascending.
    pub scores: Vec<u16>,
}

/// The persons who got the same items.
#[derive(Debug, Clone, PartialEq)]
pub struct BookletCounts {
    /// Name.
    pub id: String,
    /// Indices into [`Design::items`].
    pub items: Vec<usize>,
    /// Persons per total score; totals count from the reference categories.
    pub totals: Vec<u64>,
    /// Per item of the booklet, per category: number of persons whose total is neither 0 nor perfect.
    pub counts: Vec<Vec<u64>>,
    /// Per pair of items: does anybody score more on the first and less on the second? Kept for items
    /// with two categories only (row by row, as in `items`).
    pub dominance: Option<Vec<bool>>,
}

/// A calibration design.
#[derive(Debug, Clone, PartialEq)]
pub struct Design {
    /// Items with at least two categories.
    pub items: Vec<DesignItem>,
    /// Booklets with at least one such item.
    pub booklets: Vec<BookletCounts>,
    /// What was left out and why.
    pub notes: Vec<String>,
}

impl Design {
    /// Counts a table.
    #[must_use]
    pub fn of(table: &Table, missing: Missing) -> Self {
        let booklets = groups(table, missing);
        let mut notes = Vec::new();
        let mut index = vec![None; table.items().len()];
        let mut items = Vec::new();
        for (j, item) in table.items().iter().enumerate() {
            let seen = categories(table, j, &booklets);
            match seen.split_first() {
                Some((base, scores)) if !scores.is_empty() => {
                    index[j] = Some(items.len());
                    items.push(DesignItem { id: item.id.clone(), base: *base, scores: scores.to_vec() });
                    if *base > 0 {
                        notes.push(format!(
                            "item '{}': nobody scored 0; its lowest score {base} is the reference",
                            item.id
                        ));
                    }
                }
                Some((only, _)) => notes.push(format!(
                    "item '{}' left out: everybody who got it scored {only}, so it has no finite difficulty",
                    item.id
                )),
                None => notes.push(format!("item '{}' left out: nobody got it", item.id)),
            }
        }
        let counted: Vec<BookletCounts> = booklets
            .iter()
            .filter_map(|b| {
                let kept: Vec<usize> = b.items.iter().copied().filter(|j| index[*j].is_some()).collect();
                if kept.is_empty() {
                    return None;
                }
                let whole = booklets.len() == 1
                    && kept.len() == table.items().len()
                    && b.rows.len() == table.persons();
                let design_items: Vec<usize> = kept.iter().filter_map(|j| index[*j]).collect();
                let own: Vec<&DesignItem> = design_items.iter().map(|i| &items[*i]).collect();
                Some(if whole {
                    count(table, &b.id, design_items.clone(), &own)
                } else {
                    count(&table.part(&kept, &b.rows), &b.id, design_items.clone(), &own)
                })
            })
            .collect();
        Design { items, booklets: counted, notes }
    }

    /// Number of category parameters.
    #[must_use]
    pub fn parameters(&self) -> usize {
        self.items.iter().map(|i| i.scores.len()).sum()
    }

    /// The first parameter of each item, and the number of parameters at the end.
    #[must_use]
    pub fn starts(&self) -> Vec<usize> {
        let mut starts = vec![0];
        for item in &self.items {
            starts.push(starts.last().copied().unwrap_or(0) + item.scores.len());
        }
        starts
    }
}

/// The persons by what they were presented, as `missing` sees it.
pub(crate) fn groups(table: &Table, missing: Missing) -> Vec<Booklet> {
    match missing {
        Missing::Wrong => table.booklets(),
        Missing::NoData => table.patterns(),
        Missing::NotReachedIsNoData => {
            let mut all = Vec::new();
            for booklet in table.booklets() {
                let part = table.part(&booklet.items, &booklet.rows);
                for reached in part.reached_patterns() {
                    all.push(Booklet {
                        id: format!("{} {}", booklet.id, reached.id),
                        items: reached.items.iter().map(|i| booklet.items[*i]).collect(),
                        rows: reached.rows.iter().map(|r| booklet.rows[*r as usize]).collect(),
                    });
                }
            }
            all
        }
    }
}

fn categories(table: &Table, item: usize, booklets: &[Booklet]) -> Vec<u16> {
    let mut seen = vec![false; 65_536];
    let column = &table.columns()[item];
    for booklet in booklets.iter().filter(|b| b.items.contains(&item)) {
        if let (Column::Bits(words), true) = (column, booklet.rows.len() == table.persons()) {
            let ones: usize = words.iter().map(|w| w.count_ones() as usize).sum();
            seen[1] |= ones > 0;
            seen[0] |= ones < table.persons();
            continue;
        }
        for row in &booklet.rows {
            seen[usize::from(column.get(*row as usize))] = true;
        }
    }
    (0..=u16::MAX).filter(|s| seen[usize::from(*s)]).collect()
}

fn count(part: &Table, id: &str, items: Vec<usize>, own: &[&DesignItem]) -> BookletCounts {
    let base: u64 = own.iter().map(|i| u64::from(i.base)).sum();
    let perfect: usize = own.iter().map(|i| i.scores.last().map_or(0, |s| usize::from(*s - i.base))).sum();
    let mut totals = vec![0_u64; perfect + 1];
    let all_bits = part.columns().iter().all(|c| matches!(c, Column::Bits(_)));
    if all_bits && own.iter().all(|i| i.base == 0 && i.scores == [1]) {
        let tally = Tally::of(part);
        let mut counts = vec![vec![0_u64; 2]; own.len()];
        for (total, group) in &tally.groups {
            totals[*total as usize] = group.n as u64;
            if *total > 0 && (*total as usize) < perfect {
                for (slot, sum) in counts.iter_mut().zip(&group.sums) {
                    slot[0] += (group.n - sum) as u64;
                    slot[1] += *sum as u64;
                }
            }
        }
        let k = own.len();
        let dominance = (0..k * k).map(|at| tally.sums[at / k] > tally.cross[at]).collect();
        return BookletCounts { id: id.to_owned(), items, totals, counts, dominance: Some(dominance) };
    }
    let persons = part.persons();
    let mut sums = vec![0_u64; persons];
    for column in part.columns() {
        for (person, sum) in sums.iter_mut().enumerate() {
            *sum += u64::from(column.get(person));
        }
    }
    let relative: Vec<usize> = sums.iter().map(|s| s.saturating_sub(base) as usize).collect();
    for total in &relative {
        totals[*total] += 1;
    }
    let counts = part
        .columns()
        .iter()
        .zip(own)
        .map(|(column, item)| {
            let mut place = vec![0_usize; item.scores.last().map_or(1, |s| usize::from(*s) + 1)];
            for (at, score) in item.scores.iter().enumerate() {
                place[usize::from(*score)] = at + 1;
            }
            let mut counts = vec![0_u64; item.scores.len() + 1];
            for (person, total) in relative.iter().enumerate() {
                if *total > 0 && *total < perfect {
                    counts[place[usize::from(column.get(person))]] += 1;
                }
            }
            counts
        })
        .collect();
    BookletCounts { id: id.to_owned(), items, totals, counts, dominance: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_and_perfect_scores_are_counted_but_carry_no_information() {
        let t = Table::from_rows(
            &["a", "b", "c"],
            &[
                vec![Some(0), Some(0), Some(1)],
                vec![Some(1), Some(1), Some(1)],
                vec![Some(1), Some(0), Some(1)],
                vec![Some(0), Some(1), Some(1)],
            ],
        )
        .unwrap();
        let d = Design::of(&t, Missing::Wrong);
        assert_eq!(d.items.len(), 2);
        assert!(d.notes[0].contains("'c' left out"));
        assert_eq!(d.booklets[0].totals, [1, 2, 1]);
        assert_eq!(d.booklets[0].counts, [[1, 1], [1, 1]]);
    }
}
