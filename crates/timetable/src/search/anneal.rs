//! How hot, how dear, how often: the parameters of the anneal, read off the instance.
#![allow(clippy::indexing_slicing)] // indices come from Model

use super::model::Model;
use super::walk::{Mix, Walk};

/// Temperatures and the price of a broken must.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Heat {
    pub from: f64,
    pub to: f64,
    pub price: i64,
}

impl Heat {
    /// Geometric cooling over the used part of the time.
    pub fn at(&self, fraction: f64) -> f64 {
        self.from * (self.to / self.from).powf(fraction)
    }
}

/// How often each kind of proposal is made.
pub(crate) fn mix(m: &Model) -> Mix {
    let several_rooms = m.units.iter().any(|u| u.items.iter().any(|i| i.rooms.len() > 1));
    let room = if several_rooms { 60 } else { 0 };
    Mix { room, swap: 60, chain: 200, repack: u32::from(several_rooms), periods: 0 }
}

/// How much single moves that break nothing differ in cost, in the state the walk is in.
fn spread(walk: &mut Walk<'_>) -> f64 {
    let m = walk.s.m;
    let (mut n, mut sum, mut square) = (0.0f64, 0.0f64, 0.0f64);
    for _ in 0..20_000 {
        if m.movable.is_empty() || n >= 2000.0 {
            break;
        }
        let u = m.movable[walk.rng.below(m.movable.len())] as usize;
        let to = m.units[u].allowed[walk.rng.below(m.units[u].allowed.len())];
        let d = walk.s.period_delta(u, to as usize);
        if d.hard <= 0 && to != walk.s.period[u] {
            let x = f64::from(d.soft);
            (n, sum, square) = (n + 1.0, sum + x, square + x * x);
        }
    }
    if n < 2.0 { 1.0 } else { (square / n - (sum / n).powi(2)).max(1.0).sqrt() }
}

/// Price and widest range of temperatures, from what single moves cost in the state the walk is in.
pub(crate) fn widest(walk: &mut Walk<'_>, warm: bool) -> Heat {
    let sigma = spread(walk);
    let price = ((sigma * 2.0) as i64).max(100);
    if warm {
        Heat { from: (sigma / 50.0).max(0.5), to: 0.2, price }
    } else {
        Heat { from: sigma * 3.0, to: 0.2, price }
    }
}

/// What a quick pilot anneal saw: (temperature, mean cost there), hot to cold.
pub(crate) type Trace = Vec<(f64, f64)>;

/// The part of the pilot's range that matters: from where the cost is still about twice the final one (or a quarter of
/// the way back to a random plan) down to where it no longer falls.
pub(crate) fn narrow(wide: Heat, trace: &Trace) -> Heat {
    let Some((&(_, first), &(_, last))) = trace.first().zip(trace.last()) else { return wide };
    let last = last.max(1.0);
    let hot = (last * 2.0).min(last + (first - last) * 0.25);
    let from = trace.iter().rev().find(|(_, c)| *c >= hot).map_or(wide.from, |t| t.0);
    let still = trace.iter().rev().find(|(_, c)| *c > last * 1.004).map_or(wide.to, |t| t.0);
    Heat { from: from.max(still * 1.5), to: (still * 0.5).max(wide.to), price: wide.price }
}
