//! Answer patterns as bits, one row per person or per group of equal persons.
// Loops run over rows of a fixed width.
#![allow(clippy::indexing_slicing)]

use crate::item::tally::Shape;
use crate::rasch::Missing;
use crate::table::{Booklet, Column, Table, components};

/// The patterns of the persons who got the same items.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Indices of the items, in the order of the bits.
    pub items: Vec<usize>,
    /// Words per row.
    pub width: usize,
    /// Rows after each other.
    pub rows: Vec<u64>,
    /// Persons per row.
    pub weights: Vec<f64>,
}

/// All patterns of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Patterns {
    /// Names of the items that are used.
    pub items: Vec<String>,
    /// Patterns by booklet.
    pub groups: Vec<Group>,
    /// Persons.
    pub n: f64,
    /// What was left out and why.
    pub notes: Vec<String>,
}

impl Patterns {
    /// Collects the patterns of a table of items scored 0 and 1.
    ///
    /// # Errors
    /// Names the items with other scores.
    pub fn of(table: &Table, missing: Missing) -> Result<Self, String> {
        let many: Vec<&str> = table
            .items()
            .iter()
            .zip(table.columns())
            .filter(|(i, c)| i.max > 1 || !matches!(c, Column::Bits(_)))
            .map(|(i, _)| i.id.as_str())
            .collect();
        if !many.is_empty() {
            return Err(format!(
                "the 1PL and 2PL models take items scored 0 and 1; these have more scores: {}; use `--model cml`",
                many.join(", ")
            ));
        }
        let mut notes = Vec::new();
        let booklets: Vec<Booklet> = crate::rasch::design::groups(table, missing);
        let mut used = Vec::new();
        for (j, item) in Shape::of(table).items.into_iter().enumerate() {
            let (mut ones, mut seen) = (0_u64, 0_u64);
            for booklet in booklets.iter().filter(|b| b.items.contains(&j)) {
                seen += booklet.rows.len() as u64;
                if let (Column::Bits(words), true) =
                    (&table.columns()[j], booklet.rows.len() == table.persons())
                {
                    ones += words.iter().map(|w| u64::from(w.count_ones())).sum::<u64>();
                } else {
                    ones += booklet
                        .rows
                        .iter()
                        .map(|r| u64::from(table.columns()[j].get(*r as usize)))
                        .sum::<u64>();
                }
            }
            if ones == 0 || ones == seen {
                notes.push(format!("item '{item}' left out: everybody has the same score"));
            } else {
                used.push((j, item));
            }
        }
        let groups: Vec<Group> = booklets
            .iter()
            .filter_map(|b| {
                let own: Vec<(usize, usize)> = used
                    .iter()
                    .enumerate()
                    .filter(|(_, (j, _))| b.items.contains(j))
                    .map(|(at, (j, _))| (at, *j))
                    .collect();
                (!own.is_empty()).then(|| group(table, b, &own))
            })
            .collect();
        let shared: Vec<Vec<usize>> = groups.iter().map(|g| g.items.clone()).collect();
        let parts = components(used.len(), &shared);
        if parts.len() > 1 {
            let name = |part: &Vec<usize>| {
                format!("[{}]", part.iter().map(|at| used[*at].1.as_str()).collect::<Vec<_>>().join(", "))
            };
            notes.push(format!(
                "the design falls apart into {} groups of items without common items: {}; they stand on one scale only if all candidates come from one population",
                parts.len(),
                parts.iter().map(name).collect::<Vec<_>>().join(" | ")
            ));
        }
        let n = groups.iter().map(|g| g.weights.iter().sum::<f64>()).sum();
        Ok(Patterns { items: used.into_iter().map(|(_, id)| id).collect(), groups, n, notes })
    }
}

fn group(table: &Table, booklet: &Booklet, own: &[(usize, usize)]) -> Group {
    let columns: Vec<Column>;
    let bits: Vec<&[u64]> = if booklet.rows.len() == table.persons() {
        own.iter()
            .filter_map(
                |(_, j)| if let Column::Bits(w) = &table.columns()[*j] { Some(w.as_slice()) } else { None },
            )
            .collect()
    } else {
        columns = own.iter().map(|(_, j)| table.columns()[*j].part(&booklet.rows)).collect();
        columns
            .iter()
            .filter_map(|c| if let Column::Bits(w) = c { Some(w.as_slice()) } else { None })
            .collect()
    };
    let (mut rows, width) = crate::item::bit_rows(&bits, booklet.rows.len());
    let mut weights = vec![1.0; booklet.rows.len()];
    // Equal persons count once; with many items nearly everybody is different and sorting buys nothing.
    if width == 1 && own.len() <= 32 {
        rows.sort_unstable();
        let mut distinct: Vec<u64> = Vec::new();
        weights.clear();
        for row in rows {
            match (distinct.last(), weights.last_mut()) {
                (Some(last), Some(weight)) if *last == row => *weight += 1.0,
                _ => {
                    distinct.push(row);
                    weights.push(1.0);
                }
            }
        }
        rows = distinct;
    }
    Group { items: own.iter().map(|(at, _)| *at).collect(), width, rows, weights }
}
