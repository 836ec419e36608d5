//! The whole search: find a plan that breaks no must, then anneal inside and around the feasible space until the time
//! is up; several threads each go their own way and copy the best at a quarter, half and three quarters.

use super::anneal::{self, Heat};
use super::model::Model;
use super::random::Random;
use super::repair::repair;
use super::state::{State, plan_of};
use super::walk::{Walk, scatter};
use crate::problem::{Plan, Problem};
use crate::score::{Score, score};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// When to stop.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Limit {
    /// CPU seconds of all threads together, by the clock in [`Control`].
    CpuSeconds(f64),
    /// Proposals of all threads together: the same seed gives the same plan on one thread.
    Proposals(u64),
}

/// How to search.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Equal seeds give equal plans (with [`Limit::Proposals`] and one thread).
    pub seed: u64,
    /// Threads.
    pub threads: usize,
    /// When to stop.
    pub limit: Limit,
    /// A plan to start from; the search then starts cool and stays near it.
    pub start: Option<Plan>,
    /// Start and end temperature, instead of those the search finds itself.
    pub heat: Option<(f64, f64)>,
    /// Stop at the first plan without broken musts.
    pub first: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options { seed: 1, threads: 1, limit: Limit::CpuSeconds(10.0), start: None, heat: None, first: false }
    }
}

/// How far the search is.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// Part of the limit that is used, 0 to 1.
    pub fraction: f64,
    /// What it is doing.
    pub phase: &'static str,
    /// Best cost so far, when a plan without broken musts is known.
    pub best: Option<i64>,
    /// Proposals made so far, all threads.
    pub proposals: u64,
    /// CPU seconds so far.
    pub cpu_seconds: f64,
}

/// What the search needs from outside: a clock, a way to stop it, somebody to tell.
#[derive(Clone, Copy)]
pub struct Control<'a> {
    /// CPU seconds of this process since some fixed moment.
    pub clock: &'a (dyn Fn() -> f64 + Sync),
    /// Set it to stop early; the best plan so far is returned.
    pub cancel: &'a AtomicBool,
    /// Called a few times per second.
    pub progress: &'a (dyn Fn(&Progress) + Sync),
}

/// What came out.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The best plan found: no broken musts if one was found, else the least broken.
    pub plan: Plan,
    /// Its score, counted independently of the search.
    pub score: Score,
    /// Proposals made.
    pub proposals: u64,
    /// CPU seconds used, by the clock of [`Control`].
    pub cpu_seconds: f64,
}

/// Plans the problem. An error is a sentence about a problem that cannot be planned at all.
pub fn solve(problem: &Problem, options: &Options, control: &Control<'_>) -> Result<Outcome, String> {
    let begin = (control.clock)();
    let model = Model::new(problem)?;
    let shared = Shared { best: Mutex::new(None), done: AtomicU64::new(0), posts: Mutex::new(Vec::new()) };
    let threads = options.threads.clamp(1, 64);
    let task = Task { model: &model, options, control, begin, shared: &shared, threads };
    if threads == 1 {
        task.work(0);
    } else {
        std::thread::scope(|scope| {
            for worker in 0..threads {
                let task = &task;
                scope.spawn(move || task.work(worker));
            }
        });
    }
    let best = shared.best.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    let plan = best
        .map_or_else(|| Plan::empty(problem.exams.len()), |b| plan_of(&model, problem, &b.period, &b.room));
    let score = score(problem, &plan);
    Ok(Outcome {
        plan,
        score,
        proposals: shared.done.load(Ordering::Relaxed),
        cpu_seconds: (control.clock)() - begin,
    })
}

/// A plan worth keeping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Kept {
    pub hard: i64,
    pub soft: i64,
    pub period: Vec<u16>,
    pub room: Vec<u16>,
}

impl Kept {
    fn of(s: &State<'_>) -> Kept {
        Kept { hard: s.hard, soft: s.soft, period: s.period.clone(), room: s.room.clone() }
    }

    fn rank(&self) -> (i64, i64) {
        (self.hard, self.soft)
    }
}

struct Shared {
    best: Mutex<Option<Kept>>,
    done: AtomicU64,
    /// (milestone, worker, what it had).
    posts: Mutex<Vec<(usize, usize, Kept)>>,
}

fn lock<T>(m: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    m.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

struct Task<'a> {
    model: &'a Model,
    options: &'a Options,
    control: &'a Control<'a>,
    begin: f64,
    shared: &'a Shared,
    threads: usize,
}

/// One thread's view of the time and of what it has found.
struct Watch<'a> {
    task: &'a Task<'a>,
    worker: usize,
    own: u64,
    best: Option<Kept>,
    last_told: f64,
}

impl Watch<'_> {
    /// Part of the limit that is used; 1 or more means stop.
    fn fraction(&self) -> f64 {
        let found = self.task.options.first && self.best.as_ref().is_some_and(|b| b.hard == 0);
        if found || self.task.control.cancel.load(Ordering::Relaxed) {
            return 2.0;
        }
        match self.task.options.limit {
            Limit::CpuSeconds(s) => ((self.task.control.clock)() - self.task.begin) / s.max(1e-3),
            Limit::Proposals(n) => self.own as f64 * self.task.threads as f64 / n.max(1) as f64,
        }
    }

    fn count(&mut self, proposals: u64) {
        self.own += proposals;
        self.task.shared.done.fetch_add(proposals, Ordering::Relaxed);
    }

    fn keep(&mut self, s: &State<'_>) {
        if self.best.as_ref().is_none_or(|b| (s.hard, s.soft) < b.rank()) {
            match &mut self.best {
                Some(b) => {
                    (b.hard, b.soft) = (s.hard, s.soft);
                    b.period.copy_from_slice(&s.period);
                    b.room.copy_from_slice(&s.room);
                }
                None => self.best = Some(Kept::of(s)),
            }
        }
    }

    fn publish(&self) {
        if let Some(own) = &self.best {
            let mut best = lock(&self.task.shared.best);
            if best.as_ref().is_none_or(|b| own.rank() < b.rank()) {
                *best = Some(own.clone());
            }
        }
    }

    fn tell(&mut self, phase: &'static str, fraction: f64) {
        if self.worker != 0 {
            return;
        }
        let now = (self.task.control.clock)() - self.task.begin;
        if now - self.last_told < 0.2 * self.task.threads as f64 {
            return;
        }
        self.last_told = now;
        self.publish();
        let best = lock(&self.task.shared.best).as_ref().filter(|b| b.hard == 0).map(|b| b.soft);
        let proposals = self.task.shared.done.load(Ordering::Relaxed);
        (self.task.control.progress)(&Progress {
            fraction: fraction.min(1.0),
            phase,
            best,
            proposals,
            cpu_seconds: now,
        });
    }
}

/// Proposals between two looks at the clock.
const BLOCK: u32 = 1024;

impl<'a> Task<'a> {
    fn work(&self, worker: usize) {
        let seed = self.options.seed.wrapping_add(worker as u64 * 7919);
        let mut watch = Watch { task: self, worker, own: 0, best: None, last_told: -1.0 };
        let mut rng = Random::new(seed);
        let state = self.start(&mut rng);
        watch.keep(&state);
        let mut walk = Walk::new(state, seed ^ 0x5eed);
        walk.mix = anneal::mix(self.model);
        let warm = self.options.start.is_some();
        self.feasible(&mut walk, &mut rng, &mut watch, warm);
        let wide = anneal::widest(&mut walk, warm);
        walk.price = wide.price;
        let heat = match self.options.heat {
            Some((from, to)) => Heat { from, to, ..wide },
            None if warm => wide,
            None => self.pilot(&mut walk, &mut watch, wide),
        };
        self.improve(&mut walk, &mut watch, &heat);
        if watch.best.as_ref().is_some_and(|b| b.hard > 0) {
            self.last_repair(&mut walk, &mut rng, &mut watch);
        }
        watch.publish();
    }

    fn start(&self, rng: &mut Random) -> State<'a> {
        let m = self.model;
        let Some(plan) = &self.options.start else { return scatter(m, rng, &[]) };
        let mut wish = vec![None; m.units.len()];
        for (e, p) in plan.period.iter().enumerate() {
            if let (Some(&u), Some(p)) = (m.unit_of.get(e), p)
                && let Some(w) = wish.get_mut(u as usize)
            {
                *w = u16::try_from(*p).ok();
            }
        }
        let mut s = scatter(m, rng, &wish);
        s.adopt_rooms(plan);
        s
    }

    /// Short anneals on the musts alone, each finished by tabu search, until nothing is broken.
    fn feasible(&self, walk: &mut Walk<'a>, rng: &mut Random, watch: &mut Watch<'_>, warm: bool) {
        let most = (self.model.units.len() as u64 * 6000).clamp(50_000, 3_000_000);
        let mut round = most / 8;
        let mut first = true;
        let part = if warm { 0.3 } else { 0.5 };
        (walk.soft, walk.price) = (0, 1);
        while walk.s.hard > 0 && watch.fraction() < part {
            if !first {
                let mut n = 0;
                while n < round && walk.s.hard > 0 && watch.fraction() < part {
                    walk.heat = 9.0 * (3.5f64 / 9.0).powf(n as f64 / round as f64);
                    walk.run(BLOCK);
                    n += u64::from(BLOCK);
                    watch.count(u64::from(BLOCK));
                    watch.tell("looking for a plan without broken musts", watch.fraction());
                }
            }
            // The first plan is a careful one: tabu search often mends it at once.
            first = false;
            round = (round * 3 / 2).min(most);
            watch.keep(&walk.s);
            let steps = round / 40;
            repair(&mut walk.s, rng, &mut |step, _| {
                watch.count(256);
                step > steps || watch.fraction() >= part
            });
            watch.keep(&walk.s);
            watch.publish();
        }
        walk.soft = 1;
    }

    /// A quick anneal over the widest range, to see which temperatures matter here.
    fn pilot(&self, walk: &mut Walk<'a>, watch: &mut Watch<'_>, wide: Heat) -> Heat {
        let begin = watch.fraction();
        let part = 0.07 * (1.0 - begin).max(0.0);
        let (bins, mut trace, mut sum) = (80, anneal::Trace::new(), (0.0, 0u32));
        loop {
            let all = watch.fraction();
            let f = (all - begin) / part.max(1e-9);
            if f >= 1.0 || all >= 1.0 {
                break;
            }
            walk.heat = wide.at(f);
            walk.run(BLOCK);
            watch.count(u64::from(BLOCK));
            watch.keep(&walk.s);
            watch.tell("trying temperatures", begin + f * part);
            sum = (sum.0 + walk.s.soft as f64, sum.1 + 1);
            if f * f64::from(bins) >= trace.len() as f64 {
                trace.push((walk.heat, sum.0 / f64::from(sum.1)));
                sum = (0.0, 0);
            }
        }
        anneal::narrow(wide, &trace)
    }

    fn improve(&self, walk: &mut Walk<'a>, watch: &mut Watch<'_>, heat: &Heat) {
        let begin = watch.fraction();
        let mut milestone = 1;
        walk.price = heat.price;
        loop {
            let f = watch.fraction();
            if f >= 1.0 {
                break;
            }
            let own = ((f - begin) / (1.0 - begin).max(1e-9)).clamp(0.0, 1.0);
            walk.heat = heat.at(own);
            for _ in 0..4 {
                walk.run(BLOCK / 4);
                watch.keep(&walk.s);
            }
            watch.count(u64::from(BLOCK));
            watch.tell("improving", f);
            if self.threads > 1 && own * 4.0 >= milestone as f64 {
                self.exchange(walk, watch, milestone);
                milestone += 1;
            }
        }
    }

    /// At a milestone the worst third goes on from the best plan posted so far.
    fn exchange(&self, walk: &mut Walk<'a>, watch: &mut Watch<'_>, milestone: usize) {
        watch.publish();
        let own = Kept::of(&walk.s);
        let mut posts = lock(&self.shared.posts);
        let mut others: Vec<&Kept> = posts.iter().filter(|p| p.0 == milestone).map(|p| &p.2).collect();
        others.sort_by_key(|k| k.rank());
        let worse = others.iter().filter(|k| k.rank() > own.rank()).count();
        let copy = if others.len() * 2 >= self.threads - 1 && worse * 3 < self.threads {
            others.first()
        } else {
            None
        };
        if let Some(best) = copy.filter(|b| b.rank() < own.rank()) {
            walk.s = State::new(self.model, best.period.clone(), best.room.clone());
        }
        posts.push((milestone, watch.worker, own));
    }

    /// The anneal ended with broken musts: one more try from its best, by tabu search, past the end of the time by no
    /// more than a moment.
    fn last_repair(&self, walk: &mut Walk<'a>, rng: &mut Random, watch: &mut Watch<'_>) {
        if let Some(b) = &watch.best {
            walk.s = State::new(self.model, b.period.clone(), b.room.clone());
        }
        repair(&mut walk.s, rng, &mut |step, _| step > 2000 || watch.fraction() >= 1.01);
        watch.keep(&walk.s);
    }
}
