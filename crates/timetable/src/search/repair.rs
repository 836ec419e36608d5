//! Tight instances: a tabu search that looks at the musts only. It moves one troubled unit at a time to the period
//! that breaks least, and forbids the way back for a while. Where annealing freezes with a few clashes left, this
//! finds the last of them.
#![allow(clippy::indexing_slicing)] // indices come from Model

use super::model::Cell;
use super::random::Random;
use super::state::{NOWHERE, State};

/// Tabu search from where the state is; `stop` is asked every few hundred steps. True when no must is broken.
pub(crate) fn repair(s: &mut State<'_>, rng: &mut Random, stop: &mut dyn FnMut(u64, i64) -> bool) -> bool {
    let m = s.m;
    let mut tabu = vec![0u64; m.units.len() * m.np];
    let (mut step, mut best) = (0u64, s.hard);
    let mut kept = (s.period.clone(), s.room.clone());
    let mut stale = 0u64;
    while s.hard > 0 {
        if step % 256 == 0 && stop(step, best) {
            break;
        }
        step += 1;
        stale += 1;
        let mut troubled = 0usize;
        // (hard after, soft after, unit, period, ties so far)
        let mut pick: Option<(i64, usize, u16)> = None;
        let mut ties = 0;
        for &u in &m.movable {
            let u = u as usize;
            let p = s.period[u];
            let unit = &m.units[u];
            let mut out = s.table[u * m.np + p as usize].hard;
            for (i, item) in unit.items.iter().enumerate() {
                out -= s.exit(p, item, unit.first_item + i).hard;
            }
            if !unit.demand.is_empty() {
                let c = s.give(u, p);
                s.take(u, p);
                out -= c.hard;
            }
            if out <= 0 {
                continue;
            }
            troubled += 1;
            for &to in &unit.allowed {
                if to == p {
                    continue;
                }
                let mut hard = i64::from(s.table[u * m.np + to as usize].hard) - i64::from(out);
                if pick.is_some_and(|b| hard > b.0) {
                    continue;
                }
                hard += i64::from(s.take_cost(u, to).hard);
                for item in &unit.items {
                    hard +=
                        item.rooms.iter().map(|&r| i64::from(s.entry(to, r, item).hard)).min().unwrap_or(0);
                    if pick.is_some_and(|b| hard > b.0) {
                        break;
                    }
                }
                if tabu[u * m.np + to as usize] > step && s.hard + hard >= best {
                    continue;
                }
                match pick {
                    Some(b) if hard > b.0 => {}
                    Some(b) if hard == b.0 => {
                        ties += 1;
                        if rng.below(ties) == 0 {
                            pick = Some((hard, u, to));
                        }
                    }
                    _ => {
                        ties = 1;
                        pick = Some((hard, u, to));
                    }
                }
            }
        }
        let Some((_, u, to)) = pick else {
            // Everything is forbidden: forget.
            tabu.fill(0);
            if troubled == 0 {
                break;
            }
            continue;
        };
        let from = s.period[u];
        move_unit(s, u, to);
        tabu[u * m.np + from as usize] = step + troubled as u64 * 6 / 10 + 15 + rng.below(10) as u64;
        if s.hard < best {
            best = s.hard;
            kept = (s.period.clone(), s.room.clone());
            stale = 0;
        } else if stale > 200_000 {
            stale = 0;
            // A shake: some units anywhere.
            for _ in 0..m.units.len() / 20 + 1 {
                let u = m.movable[rng.below(m.movable.len())] as usize;
                let to = m.units[u].allowed[rng.below(m.units[u].allowed.len())];
                move_unit(s, u, to);
            }
        }
    }
    if s.hard > best {
        *s = State::new(m, kept.0, kept.1);
    }
    s.hard == 0
}

/// Moves a unit with its rooms and resources; rooms are the least broken, then the cheapest ones.
pub(crate) fn move_unit(s: &mut State<'_>, u: usize, to: u16) {
    let m = s.m;
    let unit = &m.units[u];
    let from = s.period[u];
    for (i, item) in unit.items.iter().enumerate() {
        let c = s.leave(from, item, unit.first_item + i);
        s.book(c);
    }
    let c = s.give(u, from);
    s.book(c);
    s.shift(u, to);
    let c = s.take(u, to);
    s.book(c);
    for (i, item) in unit.items.iter().enumerate() {
        let mut best = (NOWHERE, Cell { soft: i32::MAX, hard: i32::MAX });
        for &r in &item.rooms {
            let c = s.entry(to, r, item);
            if (c.hard, c.soft) < (best.1.hard, best.1.soft) {
                best = (r, c);
            }
        }
        let c = s.enter(to, best.0, item, unit.first_item + i);
        s.book(c);
    }
}
