//! Does a finite estimate exist? Fischer's condition for items scored 0 and 1: however the items are
//! split in two, somebody got an item of the first part right and one of the second wrong. That is the
//! same as a strongly connected graph with an edge i → j when somebody has i right and j wrong.
// Loops run over the items of the design.
#![allow(clippy::indexing_slicing)]

use super::design::Design;

/// Items that stand apart: no finite difference to the others exists. Empty when all is well, or when the
/// condition cannot be read off (items with more than two categories).
#[must_use]
pub fn separated(design: &Design) -> Vec<String> {
    let k = design.items.len();
    if k < 2 || design.booklets.iter().any(|b| b.dominance.is_none()) {
        return Vec::new();
    }
    let mut edge = vec![false; k * k];
    for booklet in &design.booklets {
        let Some(dominance) = &booklet.dominance else { continue };
        let size = booklet.items.len();
        for (a, i) in booklet.items.iter().enumerate() {
            for (b, j) in booklet.items.iter().enumerate() {
                edge[i * k + j] |= a != b && dominance[a * size + b];
            }
        }
    }
    let forward = reach(k, |from, to| edge[from * k + to]);
    let backward = reach(k, |from, to| edge[to * k + from]);
    let inside: Vec<bool> = forward.iter().zip(&backward).map(|(f, b)| *f && *b).collect();
    let members = inside.iter().filter(|m| **m).count();
    if members == k {
        return Vec::new();
    }
    // Name the smaller side.
    let name_inside = 2 * members <= k;
    (0..k).filter(|i| inside[*i] == name_inside).map(|i| design.items[i].id.clone()).collect()
}

/// Nodes reachable from node 0.
fn reach(nodes: usize, edge: impl Fn(usize, usize) -> bool) -> Vec<bool> {
    let mut seen = vec![false; nodes];
    let mut open = vec![0];
    seen[0] = true;
    while let Some(node) = open.pop() {
        for (next, mark) in seen.iter_mut().enumerate() {
            if !*mark && edge(node, next) {
                *mark = true;
                open.push(next);
            }
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::super::design::Missing;
    use super::*;
    use crate::table::Table;

    #[test]
    fn a_perfect_guttman_pattern_has_no_finite_estimate() {
        let rows: Vec<Vec<Option<u16>>> = [[0, 0, 0], [1, 0, 0], [1, 1, 0], [1, 1, 1]]
            .iter()
            .map(|r| r.iter().map(|v| Some(*v)).collect())
            .collect();
        let table = Table::from_rows(&["a", "b", "c"], &rows).unwrap();
        assert!(!separated(&Design::of(&table, Missing::Wrong)).is_empty());
    }
}
