//! Which items went to whom, and whether the parts of a design hang together.

use super::{Table, TableError};
use std::collections::BTreeMap;

/// Persons who got the same items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booklet {
    /// Its name.
    pub id: String,
    /// Indices of the items presented.
    pub items: Vec<usize>,
    /// Rows of the persons.
    pub rows: Vec<u32>,
}

impl Table {
    /// The booklets: one per label of the `booklet` column, holding the items that at least one of its
    /// persons answered; without such a column one booklet of all items.
    #[must_use]
    pub fn booklets(&self) -> Vec<Booklet> {
        let all_rows = || (0..self.persons).filter_map(|r| u32::try_from(r).ok());
        let Some(grouping) = &self.booklets else {
            return vec![Booklet {
                id: "all".to_owned(),
                items: (0..self.items.len()).collect(),
                rows: all_rows().collect(),
            }];
        };
        let mut booklets: Vec<Booklet> = grouping
            .labels
            .iter()
            .map(|id| Booklet { id: id.clone(), items: Vec::new(), rows: Vec::new() })
            .collect();
        for (row, code) in all_rows().zip(&grouping.codes) {
            if let Some(booklet) = booklets.get_mut(usize::from(*code)) {
                booklet.rows.push(row);
            }
        }
        for booklet in &mut booklets {
            booklet.items = (0..self.items.len())
                .filter(|item| match self.blank(*item) {
                    None => true,
                    Some(mask) => booklet.rows.iter().any(|row| !mask.get(*row as usize)),
                })
                .collect();
        }
        booklets.retain(|b| !b.rows.is_empty());
        booklets
    }

    /// Persons grouped by the exact set of items they have a value for: the design to use when blanks
    /// mean "no data".
    #[must_use]
    pub fn patterns(&self) -> Vec<Booklet> {
        if self.blanks.iter().all(Option::is_none) {
            return self.booklets();
        }
        self.group_by(|row, item| !self.is_blank(row, item))
    }

    /// Persons grouped by how far they came: trailing blanks count as not presented. For a table of one
    /// booklet.
    #[must_use]
    pub fn reached_patterns(&self) -> Vec<Booklet> {
        let (unreached, absent) = self.unreached();
        self.group_by(|row, item| {
            !absent.get(row) && !unreached.get(item).and_then(Option::as_ref).is_some_and(|m| m.get(row))
        })
    }

    fn group_by(&self, has: impl Fn(usize, usize) -> bool) -> Vec<Booklet> {
        let mut patterns: BTreeMap<Vec<usize>, Vec<u32>> = BTreeMap::new();
        for row in 0..self.persons {
            let items: Vec<usize> = (0..self.items.len()).filter(|i| has(row, *i)).collect();
            if let (false, Ok(row)) = (items.is_empty(), u32::try_from(row)) {
                patterns.entry(items).or_default().push(row);
            }
        }
        patterns
            .into_iter()
            .enumerate()
            .map(|(index, (items, rows))| Booklet { id: format!("pattern {}", index + 1), items, rows })
            .collect()
    }

    /// Refuses a table without persons or items.
    ///
    /// # Errors
    /// When there is nothing to calculate with.
    pub fn require_data(&self) -> Result<(), TableError> {
        if self.items.is_empty() {
            return Err(TableError::File(
                "the table has no item columns; expected person_id, optional booklet, group, gender, then items"
                    .to_owned(),
            ));
        }
        if self.persons == 0 {
            return Err(TableError::File("the table has a header but no persons".to_owned()));
        }
        Ok(())
    }
}

/// The connected components of a design: sets of nodes that share a group with each other, directly or
/// through others (union-find). Nodes that occur in no group are left out.
#[must_use]
pub fn components(nodes: usize, groups: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut parent: Vec<usize> = (0..nodes).collect();
    fn root(parent: &mut [usize], mut node: usize) -> usize {
        while let Some(&up) = parent.get(node) {
            if up == node {
                break;
            }
            let above = parent.get(up).copied().unwrap_or(up);
            if let Some(slot) = parent.get_mut(node) {
                *slot = above;
            }
            node = up;
        }
        node
    }
    let mut present = vec![false; nodes];
    for group in groups {
        let mut first = None;
        for node in group.iter().copied().filter(|n| *n < nodes) {
            if let Some(slot) = present.get_mut(node) {
                *slot = true;
            }
            let own = root(&mut parent, node);
            let head = *first.get_or_insert(own);
            let target = root(&mut parent, head);
            if let Some(slot) = parent.get_mut(own) {
                *slot = target;
            }
        }
    }
    let mut found: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (node, seen) in present.iter().enumerate() {
        if *seen {
            found.entry(root(&mut parent, node)).or_default().push(node);
        }
    }
    found.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn booklets_that_share_an_item_hang_together() {
        assert_eq!(components(5, &[vec![0, 1], vec![1, 2], vec![3, 4]]), vec![vec![0, 1, 2], vec![3, 4]]);
        assert_eq!(components(3, &[vec![2], vec![0, 2]]), vec![vec![0, 2]]);
    }
}
