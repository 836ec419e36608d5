//! Islands: orals that share no student, panel or examiner with the others are planned by themselves.
#![allow(clippy::indexing_slicing)] // indices are checked by sound()

use super::Orals;

/// The orals of each island, in the order of their first oral.
pub fn islands(o: &Orals) -> Vec<Vec<usize>> {
    let people = o.panels.iter().flat_map(|p| &p.examiners).max().map_or(0, |e| e + 1);
    // Panels, then students, then examiners, in one union-find.
    let (students, examiners) = (o.panels.len(), o.panels.len() + o.students);
    let mut root: Vec<usize> = (0..examiners + people).collect();
    for (p, panel) in o.panels.iter().enumerate() {
        for &e in &panel.examiners {
            join(&mut root, p, examiners + e);
        }
    }
    for x in &o.orals {
        for &p in &x.panels {
            join(&mut root, students + x.student, p);
        }
    }
    let mut out: Vec<(usize, Vec<usize>)> = Vec::new();
    for (i, x) in o.orals.iter().enumerate() {
        let r = find(&mut root, students + x.student);
        match out.iter_mut().find(|(known, _)| *known == r) {
            Some((_, list)) => list.push(i),
            None => out.push((r, vec![i])),
        }
    }
    out.into_iter().map(|(_, list)| list).collect()
}

/// The same day with only these orals in it.
pub fn only(o: &Orals, orals: &[usize]) -> Orals {
    Orals { orals: orals.iter().map(|&x| o.orals[x].clone()).collect(), ..o.clone() }
}

fn find(root: &mut [usize], mut x: usize) -> usize {
    while root[x] != x {
        root[x] = root[root[x]];
        x = root[x];
    }
    x
}

fn join(root: &mut [usize], a: usize, b: usize) {
    let (a, b) = (find(root, a), find(root, b));
    root[a] = b;
}

#[cfg(test)]
mod tests {
    use super::super::generate;
    use super::*;

    #[test]
    fn days_that_share_nobody_are_islands_and_one_shared_examiner_joins_them() {
        let (a, _) = generate(6, 1);
        let (b, _) = generate(6, 2);
        let mut both = a.clone();
        let panels = both.panels.len();
        for mut panel in b.panels {
            panel.examiners.iter_mut().for_each(|e| *e += 100);
            both.panels.push(panel);
        }
        for mut x in b.orals {
            x.student += both.students;
            x.panels.iter_mut().for_each(|p| *p += panels);
            both.orals.push(x);
        }
        both.students += b.students;
        let apart = islands(&both).len();
        assert_eq!(apart, islands(&a).len() * 2);
        both.panels[panels].examiners[0] = 0;
        assert!(islands(&both).len() < apart);
        assert_eq!(islands(&both).iter().map(Vec::len).sum::<usize>(), both.orals.len());
    }
}
