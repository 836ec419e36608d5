//! One step of the search: propose a change, look up what it would cost, take it or leave it.
//!
//! A refused proposal costs two table cells and a glance at the rooms. Only an accepted one touches the neighbours.
#![allow(clippy::indexing_slicing)] // the inner loop: indices come from Model

use super::model::{Cell, Model};
use super::random::Random;
use super::state::{NOWHERE, State};

/// How often each kind of proposal is made, in 1/1024.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mix {
    pub room: u32,
    pub swap: u32,
    pub chain: u32,
    pub repack: u32,
    pub periods: u32,
}

impl Default for Mix {
    fn default() -> Self {
        Mix { room: 60, swap: 100, chain: 100, repack: 0, periods: 0 }
    }
}

pub(crate) struct Walk<'m> {
    pub s: State<'m>,
    pub rng: Random,
    pub mix: Mix,
    /// Price of one unit of hardness (a clash is [`super::model::CLASH`] of them).
    pub price: i64,
    /// 1, or 0 while only the musts count.
    pub soft: i64,
    pub heat: f64,
    toss: Vec<f32>,
    stamp: Vec<u32>,
    now: u32,
    goal: Vec<u16>,
    /// The change being considered: (unit, new period).
    party: Vec<(u32, u16)>,
    /// Room steps done for it: (unit, item in unit, period, room, entered).
    log: Vec<(u32, u16, u16, u16)>,
    order: Vec<(i32, u32, u16)>,
    pub proposals: u64,
    pub accepted: u64,
    /// Accepted by kind: move, room, swap, chain, repack, periods.
    pub by_kind: [(u64, u64); 6],
    cheapest_room: i64,
}

impl<'m> Walk<'m> {
    pub fn new(s: State<'m>, seed: u64) -> Self {
        let mut rng = Random::new(seed);
        let toss = (0..4096).map(|i| -((f64::from(i) + 0.5) / 4096.0).ln() as f32).collect();
        let n = s.m.units.len();
        let cheapest_room = i64::from(s.m.room_penalty.iter().copied().min().unwrap_or(0));
        let _ = rng.bits();
        Walk {
            s,
            rng,
            mix: Mix::default(),
            price: 20,
            soft: 1,
            heat: 1.0,
            toss,
            stamp: vec![0; n],
            now: 0,
            goal: vec![0; n],
            party: Vec::new(),
            log: Vec::new(),
            order: Vec::new(),
            proposals: 0,
            accepted: 0,
            by_kind: [(0, 0); 6],
            cheapest_room,
        }
    }

    #[inline]
    pub fn cost(&self, c: Cell) -> i64 {
        self.soft * i64::from(c.soft) + self.price * i64::from(c.hard)
    }

    /// The most a change may cost to be taken this time.
    #[inline]
    fn bound(&mut self) -> i64 {
        let t = self.toss[(self.rng.bits() >> 52) as usize];
        (f64::from(t) * self.heat) as i64
    }

    /// Makes `n` proposals.
    pub fn run(&mut self, n: u32) {
        let m = self.s.m;
        if m.movable.is_empty() && m.nr < 2 {
            return;
        }
        let Mix { room, swap, chain, repack, periods } = self.mix;
        for _ in 0..n {
            let pick = (self.rng.bits() >> 54) as u32;
            let (kind, taken) = if pick < room {
                (1, self.try_room())
            } else if m.movable.is_empty() {
                (0, false)
            } else if pick < room + swap {
                (2, self.try_swap())
            } else if pick < room + swap + chain {
                (3, self.try_chain())
            } else if pick < room + swap + chain + repack {
                (4, self.try_repack())
            } else if pick < room + swap + chain + repack + periods {
                (5, self.try_periods())
            } else {
                (0, self.try_move())
            };
            self.by_kind[kind].0 += 1;
            self.by_kind[kind].1 += u64::from(taken);
            self.accepted += u64::from(taken);
        }
        self.proposals += u64::from(n);
    }

    #[inline]
    fn unit(&mut self) -> usize {
        let m = self.s.m;
        m.movable[self.rng.below(m.movable.len())] as usize
    }

    /// The cheapest room for an item in a period: small rooms first, stops at a room that costs nothing extra.
    #[inline]
    fn best_room(&self, p: u16, u: usize, i: usize) -> (u16, Cell) {
        let item = &self.s.m.units[u].items[i];
        let mut best = (NOWHERE, Cell::default(), i64::MAX);
        for &r in &item.rooms {
            let c = self.s.entry(p, r, item);
            let cost = self.cost(c);
            if cost < best.2 {
                best = (r, c, cost);
                if cost <= self.cheapest_room {
                    break;
                }
            }
        }
        (best.0, best.1)
    }

    fn try_move(&mut self) -> bool {
        let u = self.unit();
        let unit = &self.s.m.units[u];
        let p = self.s.period[u];
        let to = unit.allowed[self.rng.below(unit.allowed.len())];
        if to == p {
            return false;
        }
        let bound = self.bound();
        let d = self.cost(self.s.period_delta(u, to as usize));
        if !self.s.m.plain {
            // Leaving can win at most what the items pay now; the exact room cost comes later.
            let mut out = self.cost(self.s.take_cost(u, to));
            for (i, item) in unit.items.iter().enumerate() {
                out += self.cost(self.s.exit(p, item, unit.first_item + i)) + self.cheapest_room;
            }
            let slack = if unit.demand.is_empty() { 0 } else { self.give_gain(u, p) };
            // Two items in one room win more together than each alone: then only the exact count decides.
            if unit.items.len() <= 1 && d + out + slack > bound {
                return false;
            }
            self.party.clear();
            self.party.push((u as u32, to));
            return self.settle(d, bound);
        }
        let Some(item) = unit.items.first() else {
            if d <= bound {
                self.s.shift(u, to);
                return true;
            }
            return false;
        };
        let out = self.cost(self.s.exit(p, item, unit.first_item));
        if d + out + self.cheapest_room > bound {
            return false;
        }
        let (r, c) = self.best_room(to, u, 0);
        if d + out + self.cost(c) > bound {
            return false;
        }
        let c = self.s.leave(p, item, unit.first_item);
        self.s.book(c);
        self.s.shift(u, to);
        let c = self.s.enter(to, r, item, unit.first_item);
        self.s.book(c);
        true
    }

    /// What the resources of `p` win when `u` goes (zero or negative).
    fn give_gain(&mut self, u: usize, p: u16) -> i64 {
        let c = self.s.give(u, p);
        let back = self.s.take(u, p);
        debug_assert_eq!((back.soft, back.hard), (-c.soft, -c.hard));
        self.cost(c)
    }

    fn try_room(&mut self) -> bool {
        let m = self.s.m;
        let u = self.rng.below(m.units.len());
        let unit = &m.units[u];
        if unit.items.is_empty() {
            return false;
        }
        let i = self.rng.below(unit.items.len());
        let (item, index) = (&unit.items[i], unit.first_item + i);
        let to = item.rooms[self.rng.below(item.rooms.len())];
        if to == self.s.room[index] {
            return false;
        }
        let p = self.s.period[u];
        let bound = self.bound();
        let d = self.cost(self.s.exit(p, item, index)) + self.cost(self.s.entry(p, to, item));
        if d > bound {
            return false;
        }
        let c = self.s.leave(p, item, index);
        self.s.book(c);
        let c = self.s.enter(p, to, item, index);
        self.s.book(c);
        true
    }

    fn try_swap(&mut self) -> bool {
        let m = self.s.m;
        let (u, v) = (self.unit(), self.unit());
        let (pu, pv) = (self.s.period[u], self.s.period[v]);
        if pu == pv || !m.may[u * m.np + pv as usize] || !m.may[v * m.np + pu as usize] {
            return false;
        }
        let bound = self.bound();
        let mut d =
            self.cost(self.s.period_delta(u, pv as usize)) + self.cost(self.s.period_delta(v, pu as usize));
        self.party.clear();
        self.party.extend([(u as u32, pv), (v as u32, pu)]);
        if m.adjacent(u, v) {
            self.mark();
            d += self.cost(self.pair_correction());
        }
        self.settle(d, bound)
    }

    /// Kempe chain: the units of two periods that hang together by clashes change places.
    fn try_chain(&mut self) -> bool {
        let m = self.s.m;
        let u = self.unit();
        let a = self.s.period[u];
        let b = m.units[u].allowed[self.rng.below(m.units[u].allowed.len())];
        if a == b {
            return false;
        }
        let bound = self.bound();
        self.fresh();
        self.party.clear();
        self.party.push((u as u32, b));
        self.stamp[u] = self.now;
        self.goal[u] = b;
        let mut i = 0;
        while i < self.party.len() {
            let (x, to) = self.party[i];
            let back = if to == a { b } else { a };
            for e in &m.edges[x as usize] {
                let v = e.to as usize;
                if e.same && self.s.period[v] == to && self.stamp[v] != self.now {
                    if !m.may[v * m.np + back as usize] {
                        return false;
                    }
                    self.stamp[v] = self.now;
                    self.goal[v] = back;
                    self.party.push((e.to, back));
                }
            }
            i += 1;
        }
        let mut d = 0;
        for &(x, to) in &self.party {
            d += self.cost(self.s.period_delta(x as usize, to as usize));
        }
        if self.party.len() > 1 {
            d += self.cost(self.pair_correction());
        }
        self.settle(d, bound)
    }

    /// Everything in two periods changes places.
    fn try_periods(&mut self) -> bool {
        let m = self.s.m;
        let (a, b) = (self.rng.below(m.np) as u16, self.rng.below(m.np) as u16);
        if a == b {
            return false;
        }
        let bound = self.bound();
        self.party.clear();
        for (u, &p) in self.s.period.iter().enumerate() {
            let to = if p == a {
                b
            } else if p == b {
                a
            } else {
                continue;
            };
            if !m.may[u * m.np + to as usize] {
                return false;
            }
            self.party.push((u as u32, to));
        }
        self.mark();
        let mut d = 0;
        for &(x, to) in &self.party {
            d += self.cost(self.s.period_delta(x as usize, to as usize));
        }
        d += self.cost(self.pair_correction());
        self.settle(d, bound)
    }

    /// All items of one period find their rooms anew, in an order that is mostly by size.
    fn try_repack(&mut self) -> bool {
        let u = self.unit();
        let p = self.s.period[u];
        let bound = self.bound();
        self.party.clear();
        for (v, &q) in self.s.period.iter().enumerate() {
            if q == p {
                self.party.push((v as u32, p));
            }
        }
        self.settle(0, bound)
    }

    fn fresh(&mut self) {
        self.now = self.now.wrapping_add(1);
        if self.now == 0 {
            self.stamp.fill(0);
            self.now = 1;
        }
    }

    fn mark(&mut self) {
        self.fresh();
        for &(x, to) in &self.party {
            self.stamp[x as usize] = self.now;
            self.goal[x as usize] = to;
        }
    }

    /// The table thinks of one unit at a time; this is what pairs within the party really feel, less what it said.
    fn pair_correction(&self) -> Cell {
        let m = self.s.m;
        let mut sum = Cell::default();
        for &(x, new_x) in &self.party {
            let old_x = self.s.period[x as usize] as usize * m.np;
            let new_x = new_x as usize * m.np;
            for e in &m.edges[x as usize] {
                if e.to <= x || self.stamp[e.to as usize] != self.now {
                    continue;
                }
                let (old_v, new_v) =
                    (self.s.period[e.to as usize] as usize, self.goal[e.to as usize] as usize);
                let k = &m.kinds[e.kind as usize].cell;
                let (nn, oo, no, on) =
                    (k[new_x + new_v], k[old_x + old_v], k[new_x + old_v], k[old_x + new_v]);
                sum.soft += e.weight * (nn.soft + oo.soft - no.soft - on.soft);
                sum.hard += nn.hard + oo.hard - no.hard - on.hard;
            }
        }
        sum
    }

    /// Tries the party's change: `d` is what the periods cost; rooms and resources are tried for real and undone when
    /// the whole is refused. Where students have day limits the periods are tried for real as well, since two units of
    /// one party may share a student's day.
    fn settle(&mut self, d: i64, bound: i64) -> bool {
        let m = self.s.m;
        let rooms = m.nr > 0 && m.items > 0;
        if d > bound && !rooms && m.nk == 0 && m.limit.is_empty() {
            return false;
        }
        let before = (self.s.soft, self.s.hard);
        let mut room_part = 0;
        self.log.clear();
        self.order.clear();
        for k in 0..self.party.len() {
            let (u, to) = self.party[k];
            let unit = &m.units[u as usize];
            let p = self.s.period[u as usize];
            for (i, item) in unit.items.iter().enumerate() {
                let index = unit.first_item + i;
                self.log.push((u, i as u16, p, self.s.room[index]));
                self.order.push((-item.size, u, i as u16));
                let c = self.s.leave(p, item, index);
                self.s.book(c);
                room_part += self.cost(c);
            }
            if !unit.demand.is_empty() {
                let mut c = self.s.give(u as usize, p);
                room_part += self.cost(c);
                self.s.book(c);
                c = self.s.take(u as usize, to);
                room_part += self.cost(c);
                self.s.book(c);
            }
        }
        let mut placed = 0;
        let mut taken =
            d + room_part + self.cheapest_room * self.order.len() as i64 <= bound || !m.limit.is_empty();
        if taken {
            if self.order.len() > 1 {
                self.order.sort_unstable();
            }
            self.goal_of_party();
            while placed < self.order.len() {
                let (_, u, i) = self.order[placed];
                let to = self.goal[u as usize];
                let (r, c) = self.best_room(to, u as usize, i as usize);
                let unit = &m.units[u as usize];
                self.s.enter(to, r, &unit.items[i as usize], unit.first_item + i as usize);
                self.s.book(c);
                room_part += self.cost(c);
                placed += 1;
                if d + room_part > bound && m.limit.is_empty() {
                    taken = false;
                    break;
                }
            }
        }
        if taken && m.limit.is_empty() {
            taken = d + room_part <= bound;
        }
        if taken {
            for k in 0..self.party.len() {
                let (u, to) = self.party[k];
                let from = self.s.period[u as usize];
                self.s.shift(u as usize, to);
                self.party[k].1 = from;
            }
            let real = self.soft * (self.s.soft - before.0) + self.price * (self.s.hard - before.1);
            if real <= bound {
                return true;
            }
            for k in (0..self.party.len()).rev() {
                let (u, from) = self.party[k];
                let to = self.s.period[u as usize];
                self.s.shift(u as usize, from);
                self.party[k].1 = to;
            }
        }
        self.undo(placed);
        debug_assert_eq!(before, (self.s.soft, self.s.hard));
        false
    }

    fn goal_of_party(&mut self) {
        for k in 0..self.party.len() {
            let (u, to) = self.party[k];
            self.goal[u as usize] = to;
        }
    }

    /// Puts rooms and resources back as they were before [`Self::settle`].
    fn undo(&mut self, placed: usize) {
        let m = self.s.m;
        for k in 0..placed {
            let (_, u, i) = self.order[k];
            let unit = &m.units[u as usize];
            let c =
                self.s.leave(self.goal[u as usize], &unit.items[i as usize], unit.first_item + i as usize);
            self.s.book(c);
        }
        for k in 0..self.log.len() {
            let (u, i, p, r) = self.log[k];
            let unit = &m.units[u as usize];
            let c = self.s.enter(p, r, &unit.items[i as usize], unit.first_item + i as usize);
            self.s.book(c);
        }
        for k in 0..self.party.len() {
            let (u, to) = self.party[k];
            let unit = &m.units[u as usize];
            if !unit.demand.is_empty() {
                let mut c = self.s.give(u as usize, to);
                self.s.book(c);
                c = self.s.take(u as usize, self.s.period[u as usize]);
                self.s.book(c);
            }
        }
    }
}

/// A first plan, most cramped unit first: a random period among those that break nothing, and a room with space.
/// Units with a wish go there whatever it breaks.
pub(crate) fn scatter<'m>(m: &'m Model, rng: &mut Random, wish: &[Option<u16>]) -> State<'m> {
    let n = m.units.len();
    let mut period = vec![u16::MAX; n];
    let mut room = vec![0u16; m.items];
    let mut load = vec![0i32; m.np * m.nr];
    let mut used = vec![0i32; m.np * m.nk];
    let mut barred = vec![0u16; n * m.np];
    let mut open: Vec<usize> = m.units.iter().map(|u| u.allowed.len()).collect();
    let tie: Vec<u64> = (0..n).map(|_| rng.bits() >> 40).collect();
    let mut waiting: Vec<usize> = (0..n).collect();
    let mut fitting: Vec<u16> = Vec::new();
    while !waiting.is_empty() {
        let rank = |u: usize| {
            let size: i32 = m.units[u].items.iter().map(|i| i.size).sum();
            (open[u], std::cmp::Reverse((m.edges[u].len(), size)), tie[u])
        };
        let pick = (0..waiting.len())
            .min_by_key(|&i| (wish.get(waiting[i]).copied().flatten().is_none(), rank(waiting[i])));
        let u = waiting.swap_remove(pick.unwrap_or(0));
        let unit = &m.units[u];
        fitting.clear();
        fitting.extend(unit.allowed.iter().copied().filter(|&p| {
            let p = p as usize;
            let free = |r: u16| m.seats[p * m.nr + r as usize] - load[p * m.nr + r as usize];
            barred[u * m.np + p] == 0
                && unit.items.iter().all(|i| i.rooms.iter().any(|&r| free(r) >= i.size))
                && unit
                    .demand
                    .iter()
                    .all(|&(k, a)| used[p * m.nk + k as usize] + a <= m.capacity[p * m.nk + k as usize])
        }));
        let wished = wish.get(u).copied().flatten().filter(|p| unit.allowed.contains(p));
        let from = if fitting.is_empty() { &unit.allowed } else { &fitting };
        let p = wished.unwrap_or_else(|| from[rng.below(from.len())]);
        period[u] = p;
        for (i, item) in unit.items.iter().enumerate() {
            let at = |r: u16| p as usize * m.nr + r as usize;
            let fit = item.rooms.iter().copied().find(|&r| m.seats[at(r)] - load[at(r)] >= item.size);
            let r = fit.or(item.rooms.last().copied()).unwrap_or(0);
            room[unit.first_item + i] = r;
            load[at(r)] += if item.alone { m.seats[at(r)].max(item.size) } else { item.size };
        }
        for &(k, a) in &unit.demand {
            used[p as usize * m.nk + k as usize] += a;
        }
        for e in &m.edges[u] {
            let v = e.to as usize;
            for &(q, c) in &m.kinds[e.back as usize].felt[p as usize] {
                if c.hard > 0 {
                    let b = &mut barred[v * m.np + q as usize];
                    if *b == 0 && m.may[v * m.np + q as usize] {
                        open[v] = open[v].saturating_sub(1);
                    }
                    *b += 1;
                }
            }
        }
    }
    State::new(m, period, room)
}
