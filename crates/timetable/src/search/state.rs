//! The plan under search with all its running totals, and the two elementary changes: a unit to another period, an
//! item to another room. Everything else (swap, chain, repack) is made of these.
#![allow(clippy::indexing_slicing)] // the inner loop: every index was made by Model, bounds checks stay on in debug

use super::model::{CLASH, Cell, Item, Model};
use crate::problem::{Plan, Problem};

/// No room yet.
pub(crate) const NOWHERE: u16 = u16::MAX;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct State<'m> {
    pub m: &'m Model,
    pub period: Vec<u16>,
    pub room: Vec<u16>,
    /// What unit `u` would feel in period `p`, others as they are: row u, column p.
    pub table: Vec<Cell>,
    load: Vec<i32>,
    count: Vec<u16>,
    alone: Vec<u16>,
    durations: Vec<u16>,
    distinct: Vec<u16>,
    pub used: Vec<i32>,
    /// Sittings per student and day, where students have a day limit.
    sat: Vec<u8>,
    pub soft: i64,
    pub hard: i64,
}

impl PartialEq for Model {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}
impl Eq for Model {}

/// How much an overfull room counts in units of hardness.
#[inline]
fn crowd(load: i32, seats: i32) -> i32 {
    if load > seats { CLASH / 2 + (load - seats) } else { 0 }
}

impl<'m> State<'m> {
    /// Puts every unit in the given period and every item in the given room.
    pub fn new(m: &'m Model, period: Vec<u16>, room: Vec<u16>) -> Self {
        let students = m.student_units.len();
        let mut s = State {
            m,
            period,
            room: vec![NOWHERE; m.items],
            table: m.base.clone(),
            load: vec![0; m.np * m.nr],
            count: vec![0; m.np * m.nr],
            alone: vec![0; m.np * m.nr],
            durations: vec![0; m.np * m.nr * m.durations],
            distinct: vec![0; m.np * m.nr],
            used: vec![0; m.np * m.nk],
            sat: vec![0; students * m.days],
            soft: 0,
            hard: 0,
        };
        for u in 0..m.units.len() {
            s.spread(u, s.period[u], 1);
            for (i, item) in m.units[u].items.iter().enumerate() {
                let i = m.units[u].first_item + i;
                let d = s.enter(s.period[u], room[i], item, i);
                s.add(d);
            }
            let d = s.take(u, s.period[u]);
            s.add(d);
        }
        for u in 0..m.units.len() {
            for &x in &m.units[u].students {
                s.sat[x as usize * m.days + m.day[s.period[u] as usize] as usize] += 1;
            }
        }
        for u in 0..m.units.len() {
            for i in 0..m.units[u].students.len() {
                let x = m.units[u].students[i] as usize;
                for day in 0..m.days {
                    let own = u8::from(m.day[s.period[u] as usize] as usize == day);
                    if s.sat[x * m.days + day] - own >= m.limit[x] {
                        s.day_cell(u, day, CLASH);
                    }
                }
            }
        }
        s.recount();
        s
    }

    fn day_cell(&mut self, u: usize, day: usize, hard: i32) {
        for &p in &self.m.day_periods[day] {
            self.table[u * self.m.np + p as usize].hard += hard;
        }
    }

    /// Sums soft and hard anew from the tables (pairs are felt from both ends).
    fn recount(&mut self) {
        let m = self.m;
        let (mut base, mut pair) = ((0i64, 0i64), (0i64, 0i64));
        for u in 0..m.units.len() {
            let p = self.period[u] as usize;
            base.0 += i64::from(m.base[u * m.np + p].soft);
            base.1 += i64::from(m.base[u * m.np + p].hard);
            for e in &m.edges[u] {
                let c = m.kinds[e.kind as usize].cell[p * m.np + self.period[e.to as usize] as usize];
                pair.0 += i64::from(c.soft) * i64::from(e.weight);
                pair.1 += i64::from(c.hard);
            }
        }
        self.soft += base.0 + pair.0 / 2;
        self.hard += base.1 + pair.1 / 2;
        for x in 0..m.student_units.len() {
            for day in 0..m.days {
                let extra = i64::from(self.sat[x * m.days + day]) - i64::from(m.limit[x]);
                if m.limit[x] > 0 && extra > 0 {
                    self.hard += extra * i64::from(CLASH);
                }
            }
        }
    }

    #[inline]
    fn add(&mut self, c: Cell) {
        self.soft += i64::from(c.soft);
        self.hard += i64::from(c.hard);
    }

    /// Adds (sign 1) or removes (-1) what the neighbours of `u` feel when `u` is in `p`.
    #[inline]
    fn spread(&mut self, u: usize, p: u16, sign: i32) {
        let m = self.m;
        for e in &m.edges[u] {
            let row = e.to as usize * m.np;
            let cells = &mut self.table[row..row + m.np];
            for &(q, c) in &m.kinds[e.back as usize].felt[p as usize] {
                let t = &mut cells[q as usize];
                t.soft += sign * c.soft * e.weight;
                t.hard += sign * c.hard;
            }
        }
    }

    /// The cost difference of unit `u` going to period `p`, rooms and resources left aside.
    #[inline]
    pub fn period_delta(&self, u: usize, p: usize) -> Cell {
        let row = u * self.m.np;
        let (to, from) = (self.table[row + p], self.table[row + self.period[u] as usize]);
        Cell { soft: to.soft - from.soft, hard: to.hard - from.hard }
    }

    /// Moves a unit to a period: table, neighbours, day counts and totals. Rooms and resources are the caller's.
    pub fn shift(&mut self, u: usize, to: u16) {
        let from = self.period[u];
        if from == to {
            return;
        }
        let d = self.period_delta(u, to as usize);
        self.add(d);
        self.spread(u, from, -1);
        self.spread(u, to, 1);
        self.period[u] = to;
        let m = self.m;
        let (a, b) = (m.day[from as usize] as usize, m.day[to as usize] as usize);
        if a == b || m.units[u].students.is_empty() {
            return;
        }
        for &x in &m.units[u].students {
            let x = x as usize;
            let limit = m.limit[x];
            // Others feel the day as full when, without themselves, the student has reached the limit there.
            self.sat[x * m.days + a] -= 1;
            let n = self.sat[x * m.days + a];
            if n < limit + 1 && n + 1 >= limit {
                self.felt_day(x, a, u, n, -1);
            }
            self.sat[x * m.days + b] += 1;
            let n = self.sat[x * m.days + b];
            if n >= limit && n <= limit + 1 {
                self.felt_day(x, b, u, n - 1, 1);
            }
        }
    }

    /// Student `x` went between `n` and `n + 1` sittings on `day` through unit `u` (which sees itself left out).
    fn felt_day(&mut self, x: usize, day: usize, u: usize, n: u8, sign: i32) {
        let m = self.m;
        let limit = m.limit[x];
        for &v in &m.student_units[x] {
            let v = v as usize;
            if v == u {
                continue;
            }
            let own = u8::from(m.day[self.period[v] as usize] as usize == day);
            // Before and after, not counting v itself.
            if n - own < limit && n + 1 - own >= limit {
                self.day_cell(v, day, sign * CLASH);
            }
        }
    }

    /// What an item would cost in a room, as it is now.
    #[inline]
    pub fn entry(&self, p: u16, r: u16, item: &Item) -> Cell {
        let m = self.m;
        let at = p as usize * m.nr + r as usize;
        let (load, seats) = (self.load[at], m.seats[at]);
        let mut c = Cell {
            soft: m.room_penalty[r as usize],
            hard: crowd(load + item.size, seats) - crowd(load, seats),
        };
        if seats < 0 {
            c.hard = CLASH;
        }
        let n = self.count[at];
        if n > 0 {
            if self.durations[at * m.durations + item.duration as usize] == 0 {
                c.soft += m.mixed;
            }
            let alone = i32::from(self.alone[at]);
            c.hard += CLASH * (i32::from(item.alone) + if n == 1 { alone } else { 0 });
        }
        c
    }

    /// Puts an item in a room and says what that cost.
    #[inline]
    pub fn enter(&mut self, p: u16, r: u16, item: &Item, index: usize) -> Cell {
        let c = self.entry(p, r, item);
        let m = self.m;
        let at = p as usize * m.nr + r as usize;
        self.load[at] += item.size;
        self.count[at] += 1;
        self.alone[at] += u16::from(item.alone);
        let d = &mut self.durations[at * m.durations + item.duration as usize];
        if *d == 0 {
            self.distinct[at] += 1;
        }
        *d += 1;
        self.room[index] = r;
        c
    }

    /// Takes an item out of its room and says what that costs (a gain is negative).
    #[inline]
    pub fn leave(&mut self, p: u16, item: &Item, index: usize) -> Cell {
        let m = self.m;
        let r = self.room[index];
        let at = p as usize * m.nr + r as usize;
        self.load[at] -= item.size;
        self.count[at] -= 1;
        self.alone[at] -= u16::from(item.alone);
        let d = &mut self.durations[at * m.durations + item.duration as usize];
        *d -= 1;
        if *d == 0 {
            self.distinct[at] -= 1;
        }
        self.room[index] = NOWHERE;
        let c = self.entry(p, r, item);
        Cell { soft: -c.soft, hard: -c.hard }
    }

    /// What leaving would change, without doing it.
    #[inline]
    pub fn exit(&self, p: u16, item: &Item, index: usize) -> Cell {
        let m = self.m;
        let r = self.room[index];
        let at = p as usize * m.nr + r as usize;
        let (load, seats) = (self.load[at], m.seats[at]);
        let mut c = Cell {
            soft: -m.room_penalty[r as usize],
            hard: crowd(load - item.size, seats) - crowd(load, seats),
        };
        if seats < 0 {
            c.hard = -CLASH;
        }
        let others = self.count[at] - 1;
        if others > 0 {
            if self.durations[at * m.durations + item.duration as usize] == 1 {
                c.soft -= m.mixed;
            }
            let alone = i32::from(self.alone[at]) - i32::from(item.alone);
            c.hard -= CLASH * (i32::from(item.alone) + if others == 1 { alone } else { 0 });
        }
        c
    }

    /// What the resources of a period would feel of one more unit.
    #[inline]
    pub fn take_cost(&self, u: usize, p: u16) -> Cell {
        let m = self.m;
        let mut c = Cell::default();
        for &(k, a) in &m.units[u].demand {
            let at = p as usize * m.nk + k as usize;
            let (used, have, w) = (self.used[at], m.capacity[at], m.over[k as usize]);
            let more = (used + a - have).max(0) - (used - have).max(0);
            c.soft += more * w.soft;
            if w.hard > 0 {
                c.hard += crowd(used + a, have) - crowd(used, have);
            }
        }
        c
    }

    /// Takes the resources of a unit from a period.
    #[inline]
    pub fn take(&mut self, u: usize, p: u16) -> Cell {
        let c = self.take_cost(u, p);
        for &(k, a) in &self.m.units[u].demand {
            self.used[p as usize * self.m.nk + k as usize] += a;
        }
        c
    }

    /// Gives the resources of a unit back.
    #[inline]
    pub fn give(&mut self, u: usize, p: u16) -> Cell {
        for &(k, a) in &self.m.units[u].demand {
            self.used[p as usize * self.m.nk + k as usize] -= a;
        }
        let c = self.take_cost(u, p);
        Cell { soft: -c.soft, hard: -c.hard }
    }

    /// Books a room or resource difference in the totals.
    #[inline]
    pub fn book(&mut self, c: Cell) {
        self.add(c);
    }

    /// Takes over the rooms of a plan for exams that are in the plan's period and fit there.
    pub fn adopt_rooms(&mut self, plan: &Plan) {
        let m = self.m;
        let mut seen = std::collections::BTreeMap::new();
        for (u, unit) in m.units.iter().enumerate() {
            let p = self.period[u];
            for (i, item) in unit.items.iter().enumerate() {
                let e = item.exam as usize;
                let nth: &mut usize = seen.entry(e).or_default();
                let wished = plan.rooms.get(e).and_then(|l| l.get(*nth)).and_then(|&r| u16::try_from(r).ok());
                *nth += 1;
                let same = plan.period.get(e).copied().flatten() == Some(p as usize);
                if let Some(r) = wished.filter(|r| same && item.rooms.contains(r)) {
                    let c = self.leave(p, item, unit.first_item + i);
                    self.book(c);
                    let c = self.enter(p, r, item, unit.first_item + i);
                    self.book(c);
                }
            }
        }
    }
}

/// Units and items back to exams.
pub(crate) fn plan_of(m: &Model, problem: &Problem, period: &[u16], room: &[u16]) -> Plan {
    let mut plan = Plan::empty(problem.exams.len());
    for (e, &u) in m.unit_of.iter().enumerate() {
        plan.period[e] = Some(period[u as usize] as usize);
    }
    for unit in &m.units {
        for (i, item) in unit.items.iter().enumerate() {
            plan.rooms[item.exam as usize].push(room[unit.first_item + i] as usize);
        }
    }
    plan
}
