//! Who watches when: invigilators over moments and sites by min-cost flow, exact. As many duties as possible are
//! filled; among those rosters the one in which duties are spread most evenly and fewest people travel.
#![allow(clippy::indexing_slicing)] // node numbers are made here

use crate::problem::Plan;
use crate::school::{School, watchers};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// One duty given to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Duty {
    /// Moment.
    pub moment: usize,
    /// Site.
    pub site: usize,
    /// Invigilator.
    pub invigilator: usize,
}

/// A roster and what it lacks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Roster {
    /// Duties, by moment and site.
    pub duties: Vec<Duty>,
    /// (moment, site, people missing).
    pub short: Vec<(usize, usize, u32)>,
}

/// Most duties of one person a day.
const A_DAY: i64 = 2;

struct Arc {
    to: usize,
    left: i64,
    cost: i64,
}

#[derive(Default)]
struct Net {
    arcs: Vec<Arc>,
    out: Vec<Vec<usize>>,
}

impl Net {
    fn node(&mut self) -> usize {
        self.out.push(Vec::new());
        self.out.len() - 1
    }

    fn join(&mut self, from: usize, to: usize, most: i64, cost: i64) -> usize {
        let id = self.arcs.len();
        self.arcs.push(Arc { to, left: most, cost });
        self.arcs.push(Arc { to: from, left: 0, cost: -cost });
        self.out[from].push(id);
        self.out[to].push(id + 1);
        id
    }

    /// Sends as much as possible, always along a cheapest way.
    fn fill(&mut self, source: usize, sink: usize) {
        loop {
            let mut far = vec![i64::MAX; self.out.len()];
            let mut by = vec![usize::MAX; self.out.len()];
            let mut waits = vec![false; self.out.len()];
            let mut queue = VecDeque::from([source]);
            far[source] = 0;
            while let Some(n) = queue.pop_front() {
                waits[n] = false;
                for &a in &self.out[n] {
                    let Arc { to, left, cost } = self.arcs[a];
                    if left > 0 && far[n] + cost < far[to] {
                        far[to] = far[n] + cost;
                        by[to] = a;
                        if !waits[to] {
                            waits[to] = true;
                            queue.push_back(to);
                        }
                    }
                }
            }
            if far[sink] == i64::MAX {
                return;
            }
            let (mut n, mut most) = (sink, i64::MAX);
            while n != source {
                most = most.min(self.arcs[by[n]].left);
                n = self.arcs[by[n] ^ 1].to;
            }
            n = sink;
            while n != source {
                self.arcs[by[n]].left -= most;
                self.arcs[by[n] ^ 1].left += most;
                n = self.arcs[by[n] ^ 1].to;
            }
        }
    }
}

/// People needed per (moment, site) in a plan.
pub fn demand(s: &School, plan: &Plan) -> BTreeMap<(usize, usize), u32> {
    let mut out = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for (x, m) in s.sittings.iter().zip(&plan.period) {
        if let Some(m) = *m
            && x.cluster.is_none_or(|c| seen.insert(c))
        {
            *out.entry((m, x.site)).or_default() += watchers(x);
        }
    }
    out
}

/// Rosters a plan.
pub fn roster(s: &School, plan: &Plan) -> Roster {
    let need = demand(s, plan);
    let mut net = Net::default();
    let (source, sink) = (net.node(), net.node());
    let place: BTreeMap<(usize, usize), (usize, usize)> = need
        .iter()
        .map(|(&key, &n)| {
            let node = net.node();
            (key, (node, net.join(node, sink, i64::from(n), 0)))
        })
        .collect();
    let mut choices: Vec<(usize, Duty)> = Vec::new();
    for (i, person) in s.invigilators.iter().enumerate() {
        let node = net.node();
        let available: BTreeSet<usize> = person.available.iter().copied().collect();
        // Each further duty costs more than the one before: the cheapest roster is the even one.
        for k in 0..i64::from(person.quota).min(available.len() as i64) {
            net.join(source, node, 1, 4 * k);
        }
        let mut days: BTreeMap<u32, usize> = BTreeMap::new();
        for &m in &available {
            let Some(moment) = s.moments.get(m) else { continue };
            let day = *days.entry(moment.day).or_insert_with(|| {
                let d = net.out.len();
                net.out.push(Vec::new());
                net.join(node, d, A_DAY, 0);
                d
            });
            let sites = need.range((m, 0)..=(m, usize::MAX)).map(|(&(_, site), _)| site);
            let sites: Vec<usize> = sites.filter(|&site| site == person.site || person.travels).collect();
            if sites.is_empty() {
                continue;
            }
            let here = net.node();
            net.join(day, here, 1, 0);
            for site in sites {
                if let Some(&(to, _)) = place.get(&(m, site)) {
                    let arc = net.join(here, to, 1, if site == person.site { 0 } else { 3 });
                    choices.push((arc, Duty { moment: m, site, invigilator: i }));
                }
            }
        }
    }
    net.fill(source, sink);
    let mut duties: Vec<Duty> = choices.iter().filter(|(a, _)| net.arcs[*a].left == 0).map(|x| x.1).collect();
    duties.sort_unstable();
    let short = place.iter().filter(|(_, (_, a))| net.arcs[*a].left > 0);
    Roster { duties, short: short.map(|(&(m, site), &(_, a))| (m, site, net.arcs[a].left as u32)).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::{Wish, school};

    #[test]
    fn nobody_is_asked_twice_at_a_time_nor_more_than_twice_a_day_nor_over_quota() {
        let s = school(&Wish { seed: 4, students: 600, load: 0.8, people: 0.7, over_constrained: false });
        let plan =
            Plan { period: s.published.clone().unwrap().into_iter().map(Some).collect(), rooms: vec![] };
        let r = roster(&s, &plan);
        let need = demand(&s, &plan);
        let filled: u32 = need.values().sum::<u32>() - r.short.iter().map(|x| x.2).sum::<u32>();
        assert_eq!(filled as usize, r.duties.len());
        assert!(
            r.duties.len() * 10 >= need.values().sum::<u32>() as usize * 8,
            "{} of {:?}",
            r.duties.len(),
            need.values().sum::<u32>()
        );
        let mut at = BTreeSet::new();
        let mut day: BTreeMap<(usize, u32), i64> = BTreeMap::new();
        let mut all: BTreeMap<usize, u32> = BTreeMap::new();
        for d in &r.duties {
            let p = &s.invigilators[d.invigilator];
            assert!(at.insert((d.invigilator, d.moment)), "twice at a time");
            assert!(p.available.contains(&d.moment) && (p.site == d.site || p.travels));
            *day.entry((d.invigilator, s.moments[d.moment].day)).or_default() += 1;
            *all.entry(d.invigilator).or_default() += 1;
        }
        assert!(day.values().all(|&n| n <= A_DAY));
        assert!(all.iter().all(|(&i, &n)| n <= s.invigilators[i].quota));
    }
}
