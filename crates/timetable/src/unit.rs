//! Units: exams that must be in one period and therefore move as one.
#![allow(clippy::indexing_slicing)] // indices come from Problem::sound

use crate::problem::{Problem, Relation};

/// For each exam the lowest exam of its unit (closure of Together and Cluster).
pub fn leaders(problem: &Problem) -> Vec<usize> {
    let mut up: Vec<usize> = (0..problem.exams.len()).collect();
    fn root(up: &mut [usize], mut e: usize) -> usize {
        while up[e] != e {
            up[e] = up[up[e]];
            e = up[e];
        }
        e
    }
    for r in &problem.relations {
        if let Relation::Together(a, b) | Relation::Cluster(a, b) = *r {
            let (x, y) = (root(&mut up, a), root(&mut up, b));
            up[x.max(y)] = x.min(y);
        }
    }
    (0..up.len()).map(|e| root(&mut up, e)).collect()
}
