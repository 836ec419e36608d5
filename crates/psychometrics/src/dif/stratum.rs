//! Persons of two groups by total score, counted per item.
// Loops run over items and totals of one table.
#![allow(clippy::indexing_slicing)]

use crate::item::{Counter, bit_rows};
use crate::table::{Column, Table};

/// Why no DIF analysis is possible.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DifError {
    /// The column does not exist.
    #[error("there is no column '{name}' with groups; the columns are: {known}")]
    UnknownColumn {
        /// Asked for.
        name: String,
        /// There are.
        known: String,
    },
    /// The label does not occur.
    #[error("column '{column}' has no label '{label}'; the labels are: {known}")]
    UnknownLabel {
        /// Column.
        column: String,
        /// Asked for.
        label: String,
        /// There are.
        known: String,
    },
    /// Not two groups.
    #[error("column '{column}' has {count} labels; name the focal group, or use a column with two labels")]
    NotTwoGroups {
        /// Column.
        column: String,
        /// Labels found.
        count: usize,
    },
}

/// Who belongs to which group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Members {
    /// Label of the focal group.
    pub focal: String,
    /// Label of the reference group ("the others" when there are more than two).
    pub reference: String,
    /// Per person: in the focal group, in the reference group, or in none (blank label).
    pub of: Vec<Option<bool>>,
}

impl Members {
    /// The groups of a label column. Without a named focal group the smaller of two groups is focal.
    ///
    /// # Errors
    /// When the column or label is unknown, or there are not two groups.
    pub fn of(table: &Table, column: &str, focal: Option<&str>) -> Result<Self, DifError> {
        let grouping = table.grouping(column).ok_or_else(|| DifError::UnknownColumn {
            name: column.to_owned(),
            known: table.groupings().iter().map(|g| g.name.as_str()).collect::<Vec<_>>().join(", "),
        })?;
        let sizes: Vec<usize> = (0..grouping.labels.len())
            .map(|label| grouping.codes.iter().filter(|c| usize::from(**c) == label).count())
            .collect();
        let focal_index = match focal {
            Some(label) => {
                grouping.labels.iter().position(|l| l == label).ok_or_else(|| DifError::UnknownLabel {
                    column: column.to_owned(),
                    label: label.to_owned(),
                    known: grouping.labels.join(", "),
                })?
            }
            None if grouping.labels.len() == 2 => usize::from(sizes[1] <= sizes[0]),
            None => {
                return Err(DifError::NotTwoGroups {
                    column: column.to_owned(),
                    count: grouping.labels.len(),
                });
            }
        };
        if grouping.labels.len() < 2 {
            return Err(DifError::NotTwoGroups { column: column.to_owned(), count: grouping.labels.len() });
        }
        let reference = match grouping.labels.len() {
            2 => grouping.labels[1 - focal_index].clone(),
            _ => "the others".to_owned(),
        };
        let of = grouping
            .codes
            .iter()
            .map(|c| if *c == u16::MAX { None } else { Some(usize::from(*c) == focal_index) })
            .collect();
        Ok(Members { focal: grouping.labels[focal_index].clone(), reference, of })
    }
}

/// One total score: persons, and per item the sum of scores, in each group.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Stratum {
    /// Persons: reference, focal.
    pub n: [i64; 2],
    /// Σ x: reference, focal.
    pub sums: [Vec<i64>; 2],
    /// Σ x²: reference and focal together.
    pub squares: Vec<i64>,
}

/// A table ready to be split by any matching score.
pub(super) struct Matcher<'a> {
    table: &'a Table,
    members: &'a Members,
    /// Rows of bits when all items are scored 0 and 1.
    rows: Option<(Vec<u64>, usize)>,
    present: Vec<bool>,
}

impl<'a> Matcher<'a> {
    pub fn new(table: &'a Table, members: &'a Members) -> Self {
        let bits: Vec<&[u64]> = table
            .columns()
            .iter()
            .filter_map(|c| if let Column::Bits(w) = c { Some(w.as_slice()) } else { None })
            .collect();
        let rows = (bits.len() == table.items().len()).then(|| bit_rows(&bits, table.persons()));
        let (_, absent) = table.unreached();
        let present = (0..table.persons()).map(|p| !absent.get(p)).collect();
        Matcher { table, members, rows, present }
    }

    /// Splits by the total over the items in `matching`; strata are returned in ascending order of total.
    pub fn split(&self, matching: &[bool]) -> Vec<Stratum> {
        let k = self.table.items().len();
        let totals = self.totals(matching);
        let mut distinct: Vec<u32> =
            totals.iter().zip(&self.present).filter(|(_, p)| **p).map(|(t, _)| *t).collect();
        distinct.sort_unstable();
        distinct.dedup();
        let highest = distinct.last().copied().unwrap_or(0) as usize;
        let mut rank = vec![0_u32; highest + 1];
        for (at, total) in distinct.iter().enumerate() {
            rank[*total as usize] = at as u32;
        }
        // Persons by stratum and group: a bucket per pair.
        let mut buckets: Vec<Vec<u32>> = vec![Vec::new(); distinct.len() * 2];
        for (person, (total, member)) in totals.iter().zip(&self.members.of).enumerate() {
            if let (true, Some(focal)) = (self.present[person], member) {
                buckets[rank[*total as usize] as usize * 2 + usize::from(*focal)].push(person as u32);
            }
        }
        buckets
            .chunks_exact(2)
            .map(|pair| {
                let mut stratum = Stratum {
                    n: [pair[0].len() as i64, pair[1].len() as i64],
                    sums: [vec![0; k], vec![0; k]],
                    squares: vec![0; k],
                };
                for (group, persons) in pair.iter().enumerate() {
                    self.add(persons, &mut stratum, group);
                }
                stratum
            })
            .collect()
    }

    fn add(&self, persons: &[u32], stratum: &mut Stratum, group: usize) {
        let k = self.table.items().len();
        match &self.rows {
            Some((rows, width)) => {
                for (word, sums) in stratum.sums[group].chunks_mut(64).enumerate() {
                    let mut counter = Counter::new();
                    persons.iter().for_each(|p| counter.add(rows[*p as usize * width + word]));
                    counter.finish(sums);
                }
                // A score of 0 or 1 is its own square.
                for j in 0..k {
                    stratum.squares[j] = stratum.sums[0][j] + stratum.sums[1][j];
                }
            }
            None => {
                for (j, column) in self.table.columns().iter().enumerate() {
                    for person in persons {
                        let x = i64::from(column.get(*person as usize));
                        stratum.sums[group][j] += x;
                        stratum.squares[j] += x * x;
                    }
                }
            }
        }
    }

    fn totals(&self, matching: &[bool]) -> Vec<u32> {
        match &self.rows {
            Some((rows, width)) => {
                let mut mask = vec![0_u64; *width];
                for (j, _) in matching.iter().enumerate().filter(|(_, m)| **m) {
                    mask[j / 64] |= 1 << (j % 64);
                }
                rows.chunks_exact(*width)
                    .map(|row| row.iter().zip(&mask).map(|(w, m)| (w & m).count_ones()).sum())
                    .collect()
            }
            None => {
                let mut totals = vec![0_u32; self.table.persons()];
                for (column, _) in self.table.columns().iter().zip(matching).filter(|(_, m)| **m) {
                    for (person, total) in totals.iter_mut().enumerate() {
                        *total += u32::from(column.get(person));
                    }
                }
                totals
            }
        }
    }
}
