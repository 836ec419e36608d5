//! Oral exams minute by minute: who sits before which examiners when, so that nobody waits long.
//!
//! A plan is an order of orals per panel (a pair of examiners on one day). The order is decoded into start times:
//! the panel whose next oral can start first goes first; breaks, lunch, absences and the student's own gap are kept by
//! the decoder, so every decoded plan is a right one and an oral that no longer fits in the day is left over. The
//! search anneals over the orders.
#![allow(clippy::indexing_slicing)] // indices are checked by sound(); orders are made here

use crate::search::{Control, Limit, Progress, Random};
use serde::{Deserialize, Serialize};
use std::sync::atomic::Ordering;

/// Two examiners with their room and day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Panel {
    /// Name.
    pub name: String,
    /// The examiners (numbers); a person is in one panel at a time.
    pub examiners: Vec<usize>,
    /// Start of the day, minutes.
    pub from: u32,
    /// End of the day, minutes.
    pub until: u32,
    /// Minutes (from, until) in which the panel cannot sit.
    pub absent: Vec<(u32, u32)>,
    /// Minutes in which it would rather not sit.
    pub dislikes: Vec<(u32, u32)>,
}

/// One oral of one student.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Oral {
    /// Student number.
    pub student: usize,
    /// Minutes of preparation before it (the panel is not needed).
    pub preparation: u32,
    /// Minutes of the exam itself.
    pub exam: u32,
    /// Minutes of judging after it (the student may go).
    pub judging: u32,
    /// Panels that may take it: qualified, and not barred as own coach.
    pub panels: Vec<usize>,
}

/// The day's rules and everything to place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Orals {
    /// Students.
    pub students: usize,
    /// Panels.
    pub panels: Vec<Panel>,
    /// Orals.
    pub orals: Vec<Oral>,
    /// Longest row of orals without a break.
    pub longest_run: usize,
    /// Minutes of such a break.
    pub pause: u32,
    /// Lunch: minutes, not before, begun by.
    pub lunch: (u32, u32, u32),
    /// Least minutes between two orals of a student.
    pub gap: u32,
}

/// Where an oral is: panel and start of the preparation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Panel number.
    pub panel: usize,
    /// Minute the exam itself starts (preparation lies before it).
    pub start: u32,
}

/// A place for each oral, or none.
pub type Plan = Vec<Option<Place>>;

/// What a plan costs, in the order in which it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize)]
pub struct Score {
    /// Orals without a place.
    pub unplaced: usize,
    /// Broken musts (plans made here have none).
    pub breaches: usize,
    /// Longest wait of a student beyond the wanted gap, minutes.
    pub longest_wait: u32,
    /// All waits, minutes.
    pub waiting: u32,
    /// Minutes panels sit between their first and last oral without an oral, lunch not counted.
    pub idle: u32,
    /// Orals in minutes a panel dislikes.
    pub disliked: usize,
    /// Orals moved from the plan that people know.
    pub moved: usize,
}

impl Score {
    fn weight(&self) -> i64 {
        let minutes =
            200 * i64::from(self.longest_wait) + 20 * i64::from(self.waiting) + i64::from(self.idle);
        (self.unplaced + self.breaches) as i64 * 1_000_000
            + self.moved as i64 * 50_000
            + minutes
            + 10 * self.disliked as i64
    }
}

/// Checks indices; the sentence says what is wrong.
pub fn sound(o: &Orals) -> Result<(), String> {
    for (i, x) in o.orals.iter().enumerate() {
        if x.student >= o.students || x.panels.iter().any(|&p| p >= o.panels.len()) {
            return Err(format!("oral {i} names a student or panel that is not there"));
        }
        if x.panels.is_empty() {
            return Err(format!("oral {i} of student {} has no panel that may take it", x.student));
        }
        if x.preparation.max(x.exam).max(x.judging) > 1440 || x.exam + x.judging == 0 {
            return Err(format!("oral {i} takes no time or more than a day"));
        }
    }
    if o.longest_run == 0 || o.orals.len() > 20_000 || o.panels.iter().any(|p| p.until > 14_400) {
        return Err("the longest run must be at least 1, the orals at most 20000, the days within ten days of minutes".into());
    }
    Ok(())
}

/// Counts a plan from nothing; `known` is the plan people have been told.
pub fn score(o: &Orals, plan: &Plan, known: Option<&Plan>) -> Score {
    let mut s = Score::default();
    let mut of_student: Vec<Vec<(u32, u32)>> = vec![Vec::new(); o.students];
    let mut of_panel: Vec<Vec<(u32, u32)>> = vec![Vec::new(); o.panels.len()];
    let meets = |list: &[(u32, u32)], from: u32, until: u32| list.iter().any(|&(a, b)| from < b && a < until);
    for (i, place) in plan.iter().enumerate() {
        let Some(p) = place else {
            s.unplaced += 1;
            continue;
        };
        let (x, panel) = (&o.orals[i], &o.panels[p.panel]);
        let end = p.start + x.exam + x.judging;
        let early = p.start < panel.from + x.preparation;
        s.breaches += usize::from(early || end > panel.until) + usize::from(!x.panels.contains(&p.panel));
        s.breaches += usize::from(meets(&panel.absent, p.start, end));
        s.disliked += usize::from(meets(&panel.dislikes, p.start, end));
        of_student[x.student].push((p.start.saturating_sub(x.preparation), p.start + x.exam));
        of_panel[p.panel].push((p.start, end));
    }
    if let Some(k) = known {
        s.moved = plan.iter().zip(k).filter(|(a, b)| a != b).count();
    }
    for list in &mut of_student {
        list.sort_unstable();
        let mut wait = 0;
        for w in list.windows(2) {
            s.breaches += usize::from(w[1].0 < w[0].1 + o.gap);
            wait += w[1].0.saturating_sub(w[0].1 + o.gap);
        }
        s.waiting += wait;
        s.longest_wait = s.longest_wait.max(wait);
    }
    let (lunch, from, by) = o.lunch;
    for list in &mut of_panel {
        list.sort_unstable();
        let (mut run, mut eaten) = (0, lunch == 0);
        for (i, &(a, b)) in list.iter().enumerate() {
            let free_from = if i == 0 { 0 } else { list[i - 1].1 };
            s.breaches += usize::from(a < free_from);
            let free = a.saturating_sub(free_from);
            run = if i > 0 && free < o.pause { run + 1 } else { 1 };
            s.breaches += usize::from(run > o.longest_run);
            // Lunch may be had in any free stretch that begins it in its window.
            let begin = free_from.max(from);
            eaten |= begin <= by && begin + lunch <= a;
            if i > 0 {
                let meal = if begin <= by && begin + lunch <= a { lunch } else { 0 };
                s.idle += free - meal.min(free);
            }
            s.breaches += usize::from(!eaten && b > by);
        }
    }
    // A person who is in two panels is not in both at once.
    for (p, a) in o.panels.iter().enumerate() {
        for (q, b) in o.panels.iter().enumerate().skip(p + 1) {
            if a.examiners.iter().any(|e| b.examiners.contains(e)) {
                s.breaches += of_panel[p].iter().filter(|x| meets(&of_panel[q], x.0, x.1)).count();
            }
        }
    }
    s
}

/// Decodes orders into start times.
struct Decoder<'o> {
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
}

impl<'o> Decoder<'o> {
    fn new(o: &'o Orals, told: Option<&'o Plan>) -> Self {
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
        }
    }

    /// The first minute the panel can start the oral, and whether a break, and lunch, comes before it.
    fn first(&self, p: usize, oral: usize) -> (u32, bool, bool) {
        let (x, panel) = (&self.o.orals[oral], &self.o.panels[p]);
        let need = x.exam + x.judging;
        let (lunch, from, by) = self.o.lunch;
        let mut t = self.free[p].max(self.student[x.student] + x.preparation).max(panel.from + x.preparation);
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

    fn decode(&mut self, order: &[Vec<usize>], plan: &mut Plan) {
        self.student.fill(0);
        self.free.fill(0);
        self.run.fill(0);
        self.eaten.fill(false);
        self.next.fill(0);
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
    }

    fn look(&mut self, p: usize, order: &[Vec<usize>]) {
        self.ready[p] = order[p].get(self.next[p]).map_or(u32::MAX, |&x| self.first(p, x).0);
    }
}

/// Minutes no plan can go below: with longest and total wait zero and no idle time the score cannot be better; the
/// gap to it is the plan's waiting and idle time. A plan that reaches it is proven best.
pub fn reaches_bound(s: &Score) -> bool {
    s.unplaced == 0 && s.breaches == 0 && s.waiting == 0 && s.idle == 0 && s.disliked == 0 && s.moved == 0
}

/// How to plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Seed.
    pub seed: u64,
    /// When to stop.
    pub limit: Limit,
    /// The plan people have been told: every change of it costs more than any wait.
    pub known: Option<Plan>,
}

/// Plans the orals.
pub fn solve(o: &Orals, options: &Options, control: &Control<'_>) -> Result<(Plan, Score), String> {
    sound(o)?;
    let begin = (control.clock)();
    let mut rng = Random::new(options.seed);
    let known = options.known.as_ref().filter(|k| k.len() == o.orals.len());
    let mut order = first_order(o, known, &mut rng);
    let mut decoder = Decoder::new(o, known);
    let mut plan: Plan = vec![None; o.orals.len()];
    decoder.decode(&order, &mut plan);
    let mut now = score(o, &plan, known);
    let (mut best, mut steps) = ((plan.clone(), now), 0u64);
    let hot = if known.is_some() { 20_000.0 } else { 2_000.0 };
    let mut f = 0.0;
    while !o.orals.is_empty() {
        if steps % 16 == 0 {
            let used = (control.clock)() - begin;
            f = match options.limit {
                Limit::CpuSeconds(t) => used / t.max(1e-3),
                Limit::Proposals(n) => steps as f64 / n.max(1) as f64,
            };
            if f >= 1.0 || reaches_bound(&best.1) || control.cancel.load(Ordering::Relaxed) {
                break;
            }
            if steps % 4096 == 0 {
                let cost = (best.1.unplaced == 0).then_some(i64::from(best.1.waiting));
                (control.progress)(&Progress {
                    fraction: f,
                    phase: "placing orals",
                    best: cost,
                    proposals: steps,
                    cpu_seconds: used,
                });
            }
        }
        steps += 1;
        let undo = change(o, &mut order, &mut rng);
        decoder.decode(&order, &mut plan);
        let then = score(o, &plan, known);
        let bound = -(1.0 - rng.fraction()).ln() * hot * (1.0f64 / hot).powf(f);
        if (then.weight() - now.weight()) as f64 <= bound {
            now = then;
            if now.weight() < best.1.weight() {
                best = (plan.clone(), now);
            }
        } else {
            match undo {
                Undo::Move { from, at, to, put } => {
                    let x = order[to].remove(put);
                    order[from].insert(at, x);
                }
                Undo::Swap { a, b } => swap(&mut order, a, b),
                Undo::Turn { p, from, to } => order[p][from..to].reverse(),
                Undo::None => {}
            }
        }
    }
    Ok(best)
}

/// By the known plan's times, else students in turn over the panels that have least to do.
fn first_order(o: &Orals, known: Option<&Plan>, rng: &mut Random) -> Vec<Vec<usize>> {
    let mut order: Vec<Vec<usize>> = vec![Vec::new(); o.panels.len()];
    let mut list: Vec<usize> = (0..o.orals.len()).collect();
    let mut load = vec![0u32; o.panels.len()];
    list.sort_by_key(|&x| known.and_then(|k| k[x]).map_or(u32::MAX, |p| p.start));
    for x in list {
        let told = known.and_then(|k| k[x]).map(|p| p.panel).filter(|p| o.orals[x].panels.contains(p));
        let tie = rng.below(5) as u32;
        let panel =
            told.or_else(|| o.orals[x].panels.iter().copied().min_by_key(|&p| load[p] + tie)).unwrap_or(0);
        load[panel] += o.orals[x].exam + o.orals[x].judging;
        order[panel].push(x);
    }
    order
}

enum Undo {
    None,
    Move { from: usize, at: usize, to: usize, put: usize },
    Swap { a: (usize, usize), b: (usize, usize) },
    Turn { p: usize, from: usize, to: usize },
}

fn swap(order: &mut [Vec<usize>], a: (usize, usize), b: (usize, usize)) {
    let (x, y) = (order[a.0][a.1], order[b.0][b.1]);
    order[a.0][a.1] = y;
    order[b.0][b.1] = x;
}

fn change(o: &Orals, order: &mut [Vec<usize>], rng: &mut Random) -> Undo {
    let pick = |order: &[Vec<usize>], rng: &mut Random| {
        let full: usize = order.iter().map(Vec::len).sum();
        let mut k = rng.below(full);
        for (p, l) in order.iter().enumerate() {
            if k < l.len() {
                return (p, k);
            }
            k -= l.len();
        }
        (0, 0)
    };
    let a = pick(order, rng);
    let x = order[a.0][a.1];
    match rng.below(8) {
        0..=3 => {
            let panels = &o.orals[x].panels;
            let to = if rng.below(2) == 0 { a.0 } else { panels[rng.below(panels.len())] };
            order[a.0].remove(a.1);
            let put = rng.below(order[to].len() + 1);
            order[to].insert(put, x);
            Undo::Move { from: a.0, at: a.1, to, put }
        }
        4..=6 => {
            let b = pick(order, rng);
            let y = order[b.0][b.1];
            if !o.orals[x].panels.contains(&b.0) || !o.orals[y].panels.contains(&a.0) {
                return Undo::None;
            }
            swap(order, a, b);
            Undo::Swap { a, b }
        }
        _ => {
            let to = (a.1 + 2 + rng.below(4)).min(order[a.0].len());
            order[a.0][a.1..to].reverse();
            Undo::Turn { p: a.0, from: a.1, to }
        }
    }
}

/// A sick examiner: the panel cannot sit from `minute` on. Its orals may go to any panel that may take one of them.
pub fn fall_ill(o: &Orals, panel: usize, minute: u32) -> Orals {
    let mut now = o.clone();
    if let Some(p) = now.panels.get_mut(panel) {
        p.absent.push((minute, p.until.max(minute + 1)));
    }
    now
}

/// Makes orals with a planted plan: two orals a student, a panel for every five students, a quarter of the panels
/// absent for a while. Gives the orals, and the waiting minutes of the planted plan.
pub fn generate(students: usize, seed: u64) -> (Orals, Score) {
    let mut r = Random::new(seed);
    let n = students.clamp(1, 2000);
    let panels: Vec<Panel> = (0..n.div_ceil(5).max(2))
        .map(|i| {
            let absent = if r.below(4) == 0 {
                vec![if r.below(2) == 0 { (510, 630) } else { (930, 1050) }]
            } else {
                vec![]
            };
            let dislikes = if r.below(10) == 0 { vec![(510, 540)] } else { vec![] };
            Panel {
                name: format!("panel {}", i + 1),
                examiners: vec![2 * i, 2 * i + 1],
                from: 510,
                until: 1050,
                absent,
                dislikes,
            }
        })
        .collect();
    let mut o = Orals {
        students: n,
        panels,
        orals: Vec::new(),
        longest_run: 5,
        pause: 15,
        lunch: (30, 690, 780),
        gap: 15,
    };
    let subjects = 2 + n / 40;
    let half = o.panels.len();
    for student in 0..n {
        let first = r.below(subjects);
        for subject in [first, (first + 1) % subjects] {
            let mut panels: Vec<usize> =
                (0..half).filter(|p| p % subjects == subject || (p + 1) % subjects == subject).collect();
            if panels.is_empty() {
                panels = (0..half).collect();
            }
            let (preparation, exam) = ([0, 15, 20][r.below(3)], [15, 20, 25, 30][r.below(4)]);
            o.orals.push(Oral { student, preparation, exam, judging: 5, panels });
        }
    }
    // The planted plan: students one after another, each where both orals come soonest after each other.
    let mut decoder = Decoder::new(&o, None);
    let mut order = vec![Vec::new(); half];
    let mut plan = vec![None; o.orals.len()];
    for x in 0..o.orals.len() {
        let mut best: Option<(i64, usize)> = None;
        for &p in &o.orals[x].panels {
            order[p].push(x);
            decoder.decode(&order, &mut plan);
            order[p].pop();
            let placed = plan.iter().flatten().count() as i64;
            let end: u32 = plan[x].map_or(99_999, |q| q.start);
            let cost = i64::from(end) - placed * 100_000;
            if best.is_none_or(|b| cost < b.0) {
                best = Some((cost, p));
            }
        }
        order[best.map_or(0, |b| b.1)].push(x);
    }
    decoder.decode(&order, &mut plan);
    let s = score(&o, &plan, None);
    (o, s)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicBool;

    fn plan(o: &Orals, known: Option<Plan>, steps: u64) -> (Plan, Score) {
        let control = Control { clock: &|| 0.0, cancel: &AtomicBool::new(false), progress: &|_| {} };
        solve(o, &Options { seed: 1, limit: Limit::Proposals(steps), known }, &control).unwrap()
    }

    #[test]
    fn twenty_students_are_all_placed_and_wait_no_longer_than_in_the_planted_plan() {
        for seed in 1..4 {
            let (o, planted) = generate(20, seed);
            let (_, s) = plan(&o, None, 6_000);
            assert_eq!((s.unplaced, s.breaches), (0, 0), "{s:?}");
            assert!(s.waiting <= planted.waiting, "{s:?} against {planted:?}");
        }
    }

    #[test]
    fn a_decoded_order_breaks_no_must_whatever_the_order() {
        for seed in 0..40 {
            let (o, _) = generate(12, seed);
            let mut rng = Random::new(seed);
            let mut order = first_order(&o, None, &mut rng);
            for _ in 0..50 {
                change(&o, &mut order, &mut rng);
            }
            let mut plan = vec![None; o.orals.len()];
            Decoder::new(&o, None).decode(&order, &mut plan);
            assert_eq!(score(&o, &plan, None).breaches, 0, "seed {seed}: {plan:?}");
        }
    }

    #[test]
    fn when_an_examiner_falls_ill_most_orals_stay() {
        let (o, _) = generate(20, 3);
        let (before, _) = plan(&o, None, 4_000);
        let sick = fall_ill(&o, 0, 720);
        let (after, s) = plan(&sick, Some(before.clone()), 6_000);
        assert_eq!(s.breaches, 0);
        let hit = before.iter().flatten().filter(|p| p.panel == 0 && p.start >= 690).count();
        assert!(s.moved + s.unplaced <= hit * 3 + 2, "{} moved of {}, {hit} hit", s.moved, after.len());
    }
}
