//! From orders to start times: a decoded plan breaks no must, and is counted along the way.
#![allow(clippy::indexing_slicing)] // indices are checked by sound(); orders are made here

use super::{Orals, Place, Plan, Score};

/// Decodes orders into start times.
pub(super) struct Decoder<'o> {
    o: &'o Orals,
    /// Times people have been told: an oral that stays with its panel does not start earlier.
    told: Option<&'o Plan>,
    shared: Vec<Vec<usize>>,
    student: Vec<u32>,
    free: Vec<u32>,
    run: Vec<usize>,
    eaten: Vec<bool>,
    next: Vec<usize>,
    ready: Vec<u32>,
    /// End of the last oral of the panel itself; `free` also knows the panels it shares somebody with.
    ended: Vec<u32>,
    waits: Vec<u32>,
    /// The panel's first oral does not start before: a panel that begins later may sit without a hole.
    pub(super) begin: Vec<u32>,
    /// What the plan of the last decoding costs, counted along the way: counting it from nothing took as long again.
    pub(super) score: Score,
}

impl<'o> Decoder<'o> {
    pub(super) fn new(o: &'o Orals, told: Option<&'o Plan>) -> Self {
        let n = o.panels.len();
        let share = |p: usize, q: usize| {
            p != q && o.panels[p].examiners.iter().any(|e| o.panels[q].examiners.contains(e))
        };
        let shared = (0..n).map(|p| (0..n).filter(|&q| share(p, q)).collect()).collect();
        Decoder {
            o,
            told,
            shared,
            student: vec![0; o.students],
            free: vec![0; n],
            run: vec![0; n],
            eaten: vec![false; n],
            next: vec![0; n],
            ready: vec![0; n],
            ended: vec![0; n],
            waits: vec![0; o.students],
            begin: o.panels.iter().map(|p| p.from).collect(),
            score: Score::default(),
        }
    }

    /// The first minute the panel can start the oral, and whether a break, and lunch, comes before it.
    fn first(&self, p: usize, oral: usize) -> (u32, bool, bool) {
        let (x, panel) = (&self.o.orals[oral], &self.o.panels[p]);
        let need = x.exam + x.judging;
        let (lunch, from, by) = self.o.lunch;
        let mut t = self.free[p]
            .max(self.student[x.student] + x.preparation)
            .max(panel.from + x.preparation)
            .max(self.begin[p]);
        if let Some(k) = self.told.and_then(|k| k[oral]).filter(|k| k.panel == p) {
            t = t.max(k.start);
        }
        let mut meal = false;
        loop {
            let before = t;
            if self.run[p] >= self.o.longest_run && self.free[p] > 0 {
                t = t.max(self.free[p] + self.o.pause);
            }
            if lunch > 0 && !self.eaten[p] {
                let begin = self.free[p].max(from);
                // Eat now when the time is free anyway, or when this oral would end too late to begin lunch.
                if begin <= by && (begin + lunch <= t || t + need > by) {
                    t = t.max(begin + lunch);
                    meal = true;
                }
            }
            for &(a, b) in &panel.absent {
                if t < b && a < t + need {
                    t = b;
                }
            }
            if t == before {
                break;
            }
        }
        (t, t >= self.free[p] + self.o.pause || self.free[p] == 0, meal)
    }

    pub(super) fn decode(&mut self, order: &[Vec<usize>], plan: &mut Plan) {
        self.student.fill(0);
        self.free.fill(0);
        self.run.fill(0);
        self.eaten.fill(false);
        self.next.fill(0);
        self.ended.fill(0);
        self.waits.fill(0);
        self.score = Score { unplaced: plan.len(), ..Score::default() };
        plan.fill(None);
        for p in 0..order.len() {
            self.look(p, order);
        }
        let soonest =
            |ready: &[u32]| (0..ready.len()).filter(|&p| ready[p] != u32::MAX).min_by_key(|&p| ready[p]);
        while let Some(p) = soonest(&self.ready) {
            let oral = order[p][self.next[p]];
            let (t, rested, meal) = self.first(p, oral);
            if t > self.ready[p] {
                self.ready[p] = t;
                continue;
            }
            self.next[p] += 1;
            let x = &self.o.orals[oral];
            let end = t + x.exam + x.judging;
            if end <= self.o.panels[p].until {
                self.count(p, oral, t);
                plan[oral] = Some(Place { panel: p, start: t });
                self.student[x.student] = t + x.exam + self.o.gap;
                self.run[p] = if rested { 1 } else { self.run[p] + 1 };
                self.eaten[p] |= meal;
                self.free[p] = end;
                for q in 0..self.shared[p].len() {
                    let q = self.shared[p][q];
                    self.free[q] = self.free[q].max(end);
                }
            }
            self.look(p, order);
        }
        self.score.longest_wait = self.waits.iter().copied().max().unwrap_or(0);
        if let Some(told) = self.told {
            self.score.moved = plan.iter().zip(told).filter(|(a, b)| a != b).count();
        }
    }

    /// Books what the oral costs at this minute; the same as [`score`] counts afterwards.
    fn count(&mut self, p: usize, oral: usize, t: u32) {
        let (x, panel) = (&self.o.orals[oral], &self.o.panels[p]);
        let end = t + x.exam + x.judging;
        self.score.unplaced -= 1;
        self.score.disliked += usize::from(panel.dislikes.iter().any(|&(a, b)| t < b && a < end));
        let known = self.student[x.student];
        if known > 0 {
            let wait = (t - x.preparation).saturating_sub(known);
            self.waits[x.student] += wait;
            self.score.waiting += wait;
        }
        if self.ended[p] > 0 {
            let (lunch, from, by) = self.o.lunch;
            let free = t - self.ended[p];
            let begin = self.ended[p].max(from);
            let meal = if begin <= by && begin + lunch <= t { lunch } else { 0 };
            self.score.idle += free - meal.min(free);
        }
        self.ended[p] = end;
    }

    fn look(&mut self, p: usize, order: &[Vec<usize>]) {
        self.ready[p] = order[p].get(self.next[p]).map_or(u32::MAX, |&x| self.first(p, x).0);
    }
}
