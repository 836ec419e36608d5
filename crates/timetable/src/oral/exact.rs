//! The exact part: is there a better day? Plans are laid out in the order of their starts, so each is met once; a
//! branch ends when what it costs so far passes the limit. The limit rises from what no plan can avoid (as in IDA*), so
//! every limit that is searched to the end proves that no plan costs less than the next.
#![allow(clippy::indexing_slicing)] // indices are checked by sound(); depths are made here

use super::{Orals, Place, Plan, Score, score};

/// What was proven about a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// A best plan, when the search reached its end.
    pub best: Option<Plan>,
    /// No plan that places everybody has a lower price.
    pub bound: i64,
    /// Steps taken.
    pub steps: u64,
}

/// Looks for a plan that has a lower price than `known` and proves what it can until `go_on` says no; it is
/// asked every few thousand steps.
pub fn prove(o: &Orals, known: i64, go_on: &dyn Fn() -> bool) -> Proof {
    let mut search = Search::new(o, go_on);
    let mut limit = 0;
    while limit < known {
        search.next = i64::MAX;
        match search.go(limit, (0, 0), 0) {
            End::Found => {
                let best = Some(search.plan.clone());
                return Proof { best, bound: limit, steps: search.steps };
            }
            End::Stopped => break,
            // Not even the limit was reached anywhere: nobody can be placed at all, which a bound does not say.
            End::Nothing if search.next == i64::MAX => break,
            End::Nothing => limit = search.next,
        }
    }
    Proof { best: None, bound: limit.min(known), steps: search.steps }
}

enum End {
    Found,
    Nothing,
    Stopped,
}

struct Search<'o> {
    o: &'o Orals,
    go_on: &'o dyn Fn() -> bool,
    /// Everything lies on multiples of this many minutes.
    step: u32,
    /// Panels with somebody in common.
    shared: Vec<Vec<usize>>,
    plan: Plan,
    /// Per panel: end of its last oral, end of anything its people did, row without a break, lunch had.
    panel: Vec<Sat>,
    /// Per student: when free again (0: not yet begun), minutes waited.
    student: Vec<(u32, u32)>,
    waiting: u32,
    idle: u32,
    disliked: usize,
    /// The least cost above the limit that was turned back.
    next: i64,
    steps: u64,
}

#[derive(Debug, Clone, Copy, Default)]
struct Sat {
    ended: u32,
    busy: u32,
    run: usize,
    eaten: bool,
}

fn common(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { common(b, a % b) }
}

impl<'o> Search<'o> {
    fn new(o: &'o Orals, go_on: &'o dyn Fn() -> bool) -> Self {
        let (lunch, from, by) = o.lunch;
        let mut step = [o.pause, o.gap, lunch, from, by].into_iter().fold(0, common);
        for p in &o.panels {
            step = p.absent.iter().fold(common(step, p.from), |g, a| common(common(g, a.0), a.1));
        }
        for x in &o.orals {
            step = [x.preparation, x.exam, x.judging].into_iter().fold(step, common);
        }
        let meet = |p: usize, q: usize| {
            p != q && o.panels[p].examiners.iter().any(|e| o.panels[q].examiners.contains(e))
        };
        Search {
            o,
            go_on,
            step: step.max(1),
            shared: (0..o.panels.len())
                .map(|p| (0..o.panels.len()).filter(|&q| meet(p, q)).collect())
                .collect(),
            plan: vec![None; o.orals.len()],
            panel: vec![Sat::default(); o.panels.len()],
            student: vec![(0, 0); o.students],
            waiting: 0,
            idle: 0,
            disliked: 0,
            next: i64::MAX,
            steps: 0,
        }
    }

    /// What is booked, and the waits that nothing starting at `now` or later can avoid.
    fn least(&self, now: u32) -> i64 {
        let (mut waiting, mut longest) = (self.waiting, 0);
        let mut more = vec![u32::MAX; self.student.len()];
        for (x, place) in self.o.orals.iter().zip(&self.plan) {
            let (ready, _) = self.student[x.student];
            if place.is_none() && ready > 0 {
                let wait = now.saturating_sub(x.preparation).saturating_sub(ready);
                more[x.student] = more[x.student].min(wait);
            }
        }
        for (&(_, wait), more) in self.student.iter().zip(more) {
            let more = if more == u32::MAX { 0 } else { more };
            waiting += more;
            longest = longest.max(wait + more);
        }
        let score = Score {
            waiting,
            longest_wait: longest,
            idle: self.idle,
            disliked: self.disliked,
            ..Score::default()
        };
        score.price()
    }

    /// The cost of starting `x` at `t` before `p`, when no must forbids it: minutes idle, lunch had before it.
    fn fits(&self, p: usize, x: usize, t: u32) -> Option<(u32, bool, usize)> {
        let (oral, panel, sat) = (&self.o.orals[x], &self.o.panels[p], self.panel[p]);
        let end = t + oral.exam + oral.judging;
        let (lunch, from, by) = self.o.lunch;
        if panel.absent.iter().any(|&(a, b)| t < b && a < end) {
            return None;
        }
        let begin = sat.ended.max(from);
        let meal = begin <= by && begin + lunch <= t;
        if !sat.eaten && !meal && lunch > 0 && end > by {
            return None;
        }
        if sat.ended == 0 {
            return Some((0, meal, 1));
        }
        let free = t - sat.ended;
        let run = if free < self.o.pause { sat.run + 1 } else { 1 };
        let eaten = if meal { lunch.min(free) } else { 0 };
        (run <= self.o.longest_run).then_some((free - eaten, meal, run))
    }

    fn go(&mut self, limit: i64, last: (u32, usize), depth: usize) -> End {
        self.steps += 1;
        if self.steps.is_multiple_of(2048) && !(self.go_on)() {
            return End::Stopped;
        }
        if depth == self.o.orals.len() {
            debug_assert_eq!(score(self.o, &self.plan, None).price(), self.least(0));
            return End::Found;
        }
        for x in 0..self.o.orals.len() {
            if self.plan[x].is_some() {
                continue;
            }
            for &p in &self.o.orals[x].panels {
                if let end @ (End::Found | End::Stopped) = self.at_panel(limit, last, depth, x, p) {
                    return end;
                }
            }
        }
        End::Nothing
    }

    /// Every minute at which `x` could come next before `p` within the limit.
    fn at_panel(&mut self, limit: i64, last: (u32, usize), depth: usize, x: usize, p: usize) -> End {
        let (oral, panel) = (&self.o.orals[x], &self.o.panels[p]);
        let (ready, waited) = self.student[oral.student];
        let now = if p < last.1 { last.0 + self.step } else { last.0 };
        let soonest = (panel.from.max(ready) + oral.preparation).max(self.panel[p].busy).max(now);
        let mut t = soonest.next_multiple_of(self.step);
        while t + oral.exam + oral.judging <= panel.until {
            let wait = if ready > 0 { t - oral.preparation - ready } else { 0 };
            let fits = self.fits(p, x, t);
            let (idle, meal, run) = fits.unwrap_or((0, false, 0));
            let kept = (self.waiting, self.idle, self.disliked, self.student[oral.student], self.panel[p]);
            let end = t + oral.exam + oral.judging;
            self.waiting += wait;
            self.idle += idle;
            self.disliked += usize::from(panel.dislikes.iter().any(|&(a, b)| t < b && a < end));
            self.student[oral.student] = (t + oral.exam + self.o.gap, waited + wait);
            self.plan[x] = Some(Place { panel: p, start: t });
            let least = self.least(t);
            let mut out = End::Nothing;
            if least > limit {
                self.next = self.next.min(least);
            } else if fits.is_some() {
                let sat = Sat { ended: end, busy: end, run, eaten: kept.4.eaten || meal };
                self.panel[p] = sat;
                let others: Vec<(usize, u32)> =
                    self.shared[p].iter().map(|&q| (q, self.panel[q].busy)).collect();
                others.iter().for_each(|&(q, busy)| self.panel[q].busy = busy.max(end));
                out = self.go(limit, (t, p), depth + 1);
                if !matches!(out, End::Found) {
                    others.iter().for_each(|&(q, busy)| self.panel[q].busy = busy);
                }
            }
            if matches!(out, End::Found) {
                return out;
            }
            (self.waiting, self.idle, self.disliked, self.student[oral.student], self.panel[p]) = kept;
            self.plan[x] = None;
            // The price only grows with the minute, but for a lunch that fits at last or a dislike that is over: beyond
            // what these could win back nothing later is within the limit.
            let back = i64::from(self.o.lunch.0) + 10;
            if matches!(out, End::Stopped) || least - back > limit {
                return out;
            }
            t += self.step;
        }
        End::Nothing
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Options, generate, solve};
    use super::*;
    use crate::search::{Control, Limit};
    use std::sync::atomic::AtomicBool;

    #[test]
    fn what_is_proven_best_is_a_right_plan_and_the_search_never_beats_it() {
        let control = Control { clock: &|| 0.0, cancel: &AtomicBool::new(false), progress: &|_| {} };
        let mut closed = 0;
        for seed in 0..12 {
            let (mut o, _) = generate(3, seed);
            o.panels.iter_mut().for_each(|p| p.until = 750);
            let options = Options { seed: 1, limit: Limit::Proposals(3_000), known: None };
            let (_, found) = solve(&o, &options, &control).unwrap();
            let steps = std::cell::Cell::new(0);
            let proof = prove(&o, found.price(), &|| {
                steps.set(steps.get() + 1);
                steps.get() < 60
            });
            assert!(proof.bound <= found.price(), "seed {seed}: {proof:?}, {found:?}");
            if let Some(plan) = &proof.best {
                let s = score(&o, plan, None);
                assert_eq!((s.unplaced, s.breaches), (0, 0));
                assert_eq!(s.price(), proof.bound);
                assert!(s.price() <= found.price());
            }
            closed += usize::from(proof.best.is_some() || proof.bound == found.price());
        }
        assert!(closed >= 8, "{closed} of 12 small days were searched to the end");
    }

    #[test]
    fn a_hole_that_cannot_be_avoided_is_proven() {
        // One panel, two students with one oral each, and an absence between the only two places.
        let (mut o, _) = generate(2, 1);
        o.panels.truncate(1);
        o.orals.truncate(1);
        o.orals.push(super::super::Oral { student: 1, ..o.orals[0].clone() });
        for x in &mut o.orals {
            (x.panels, x.preparation, x.exam, x.judging) = (vec![0], 0, 25, 5);
        }
        let panel = &mut o.panels[0];
        (panel.from, panel.until, panel.absent, panel.dislikes) = (510, 610, vec![(540, 580)], vec![]);
        let proof = prove(&o, i64::MAX, &|| true);
        assert_eq!(proof.bound, 40, "from 540 to 580 nobody can sit");
        assert_eq!(score(&o, &proof.best.unwrap(), None).idle, 40);
    }
}
