//! The search over orders.
#![allow(clippy::indexing_slicing)] // indices are checked by sound(); orders are made here

use super::decode::Decoder;
use super::island::{islands, only};
use super::{Orals, Plan, Score, score, sound};
use crate::search::{Control, Limit, Progress, Random};
use std::sync::atomic::Ordering;

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

/// Plans the orals, island by island.
pub fn solve(o: &Orals, options: &Options, control: &Control<'_>) -> Result<(Plan, Score), String> {
    sound(o)?;
    let known = options.known.as_ref().filter(|k| k.len() == o.orals.len());
    let mut plan: Plan = vec![None; o.orals.len()];
    for island in islands(o) {
        let part = island.len() as f64 / o.orals.len() as f64;
        let options = Options {
            seed: options.seed,
            limit: match options.limit {
                Limit::CpuSeconds(s) => Limit::CpuSeconds(s * part),
                Limit::Proposals(n) => Limit::Proposals((n as f64 * part) as u64),
            },
            known: known.map(|k| island.iter().map(|&x| k[x]).collect()),
        };
        let (places, _) = anneal(&only(o, &island), &options, control);
        island.iter().zip(places).for_each(|(&x, place)| plan[x] = place);
    }
    let score = score(o, &plan, known);
    Ok((plan, score))
}

fn anneal(o: &Orals, options: &Options, control: &Control<'_>) -> (Plan, Score) {
    let begin = (control.clock)();
    let mut rng = Random::new(options.seed);
    let known = options.known.as_ref();
    let mut order = first_order(o, known, &mut rng);
    let mut decoder = Decoder::new(o, known);
    let mut plan: Plan = vec![None; o.orals.len()];
    decoder.decode(&order, &mut plan);
    let mut now = decoder.score;
    let (mut best, mut steps) = ((plan.clone(), now), 0u64);
    let (hot, cold) = if known.is_some() { (20_000.0, 1.0) } else { (300.0, 2.0) };
    let mut f = 0.0;
    while !o.orals.is_empty() {
        if steps % 16 == 0 {
            let used = (control.clock)() - begin;
            f = match options.limit {
                Limit::CpuSeconds(t) => used / t.max(1e-3),
                Limit::Proposals(n) => steps as f64 / n.max(1) as f64,
            };
            if f >= 1.0 || best.1.price() == 0 || control.cancel.load(Ordering::Relaxed) {
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
        let undo = if known.is_none() && rng.below(16) == 0 {
            begin_elsewhere(o, &mut decoder.begin, &mut rng)
        } else {
            change(o, &mut order, &mut rng)
        };
        decoder.decode(&order, &mut plan);
        let then = decoder.score;
        let bound = -(1.0 - rng.fraction()).ln() * hot * (cold / hot).powf(f);
        if then.energy(f) - now.energy(f) <= bound {
            now = then;
            if now.price() < best.1.price() {
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
                Undo::Begin { p, was } => decoder.begin[p] = was,
                Undo::None => {}
            }
        }
    }
    best
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
    Begin { p: usize, was: u32 },
    Move { from: usize, at: usize, to: usize, put: usize },
    Swap { a: (usize, usize), b: (usize, usize) },
    Turn { p: usize, from: usize, to: usize },
}

fn swap(order: &mut [Vec<usize>], a: (usize, usize), b: (usize, usize)) {
    let (x, y) = (order[a.0][a.1], order[b.0][b.1]);
    order[a.0][a.1] = y;
    order[b.0][b.1] = x;
}

/// Another first minute for a panel, up to half an hour away.
fn begin_elsewhere(o: &Orals, begin: &mut [u32], rng: &mut Random) -> Undo {
    let p = rng.below(begin.len());
    let (was, step) = (begin[p], 5 * (1 + rng.below(6)) as u32);
    let earlier = was.saturating_sub(step).max(o.panels[p].from);
    begin[p] = if rng.below(2) == 0 { (was + step).min(o.panels[p].until) } else { earlier };
    Undo::Begin { p, was }
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

#[cfg(test)]
mod tests {
    use super::super::{fall_ill, generate};
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
            let (_, s) = plan(&o, None, 25_000);
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
            let mut decoder = Decoder::new(&o, None);
            decoder.decode(&order, &mut plan);
            let counted = score(&o, &plan, None);
            assert_eq!(counted.breaches, 0, "seed {seed}: {plan:?}");
            assert_eq!(counted, decoder.score, "seed {seed}: counted along the way and from nothing");
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
