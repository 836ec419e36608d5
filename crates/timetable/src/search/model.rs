//! The problem as the search sees it: units, flat tables, no names.
#![allow(clippy::indexing_slicing)] // the problem was checked by Problem::sound before; tables are built here

use crate::problem::{Problem, Relation};
use std::collections::{BTreeMap, BTreeSet};

/// A broken must weighs this much in the table; overfull rooms weigh by the seat, so that the search feels its way.
pub(crate) const CLASH: i32 = 32;

/// Cost of having a unit in a period: real cost, and broken musts in units of 1/[`CLASH`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Cell {
    pub soft: i32,
    pub hard: i32,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Edge {
    pub to: u32,
    pub weight: i32,
    /// The link kind seen from this end, and from the other.
    pub kind: u16,
    pub back: u16,
    /// The two may not share a period: they belong to one Kempe chain.
    pub same: bool,
}

/// A link kind seen from one end: row = own period, column = the other's.
#[derive(Debug, Clone)]
pub(crate) struct Kind {
    pub cell: Vec<Cell>,
    /// For the period of the other: the own periods in which something is felt.
    pub felt: Vec<Vec<(u16, Cell)>>,
}

/// Something that takes seats in one room.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub exam: u32,
    pub size: i32,
    pub duration: u16,
    pub alone: bool,
    /// Rooms it fits in, small ones first.
    pub rooms: Vec<u16>,
}

#[derive(Debug, Clone)]
pub(crate) struct Unit {
    pub items: Vec<Item>,
    pub first_item: usize,
    pub allowed: Vec<u16>,
    pub demand: Vec<(u16, i32)>,
    pub students: Vec<u32>,
}

#[derive(Debug, Clone)]
pub(crate) struct Model {
    pub np: usize,
    pub nr: usize,
    pub nk: usize,
    pub units: Vec<Unit>,
    pub unit_of: Vec<u32>,
    pub items: usize,
    pub base: Vec<Cell>,
    pub may: Vec<bool>,
    pub edges: Vec<Vec<Edge>>,
    pub kinds: Vec<Kind>,
    pub seats: Vec<i32>,
    pub room_penalty: Vec<i32>,
    pub durations: usize,
    pub mixed: i32,
    pub capacity: Vec<i32>,
    /// Per resource: hard weight per unit over, soft weight per unit over.
    pub over: Vec<Cell>,
    pub day: Vec<u16>,
    pub days: usize,
    pub day_periods: Vec<Vec<u16>>,
    pub limit: Vec<u8>,
    pub student_units: Vec<Vec<u32>>,
    /// The two-in-one cell of swaps: true when no unit has more than one item, resources or day limits.
    pub plain: bool,
    /// Units that can move at all.
    pub movable: Vec<u32>,
    /// One bit per pair of units: some edge joins them.
    bits: Vec<u64>,
    words: usize,
}

impl Model {
    /// Does any edge join the two units?
    #[inline]
    pub fn adjacent(&self, u: usize, v: usize) -> bool {
        self.bits[u * self.words + v / 64] >> (v % 64) & 1 == 1
    }

    pub fn new(problem: &Problem) -> Result<Model, String> {
        problem.sound()?;
        let (np, nr) = (problem.periods.len(), problem.rooms.len());
        if np == 0 && !problem.exams.is_empty() {
            return Err("there are exams but no periods; add at least one period".into());
        }
        let leaders = crate::unit::leaders(problem);
        let mut unit_of = vec![0u32; leaders.len()];
        let mut members: Vec<Vec<usize>> = Vec::new();
        for (e, &lead) in leaders.iter().enumerate() {
            if lead == e {
                unit_of[e] = members.len() as u32;
                members.push(vec![e]);
            } else {
                unit_of[e] = unit_of[lead];
                members[unit_of[lead] as usize].push(e);
            }
        }
        let durations: BTreeSet<u32> = problem.exams.iter().map(|e| e.minutes).collect();
        let duration_of: BTreeMap<u32, u16> =
            durations.iter().enumerate().map(|(i, &d)| (d, i as u16)).collect();
        let mut by_size: Vec<usize> = (0..nr).collect();
        by_size.sort_by_key(|&r| (problem.rooms[r].seats, r));
        let limited = problem.day_limit.iter().any(|&l| l > 0);

        let mut units = Vec::new();
        let mut items = 0;
        for exams in &members {
            let mut unit = Unit {
                items: Vec::new(),
                first_item: items,
                allowed: Vec::new(),
                demand: Vec::new(),
                students: Vec::new(),
            };
            for &e in exams {
                let exam = &problem.exams[e];
                for _ in 0..exam.rooms {
                    unit.items.push(Item {
                        exam: e as u32,
                        size: exam.seats as i32,
                        duration: duration_of.get(&exam.minutes).copied().unwrap_or(0),
                        alone: exam.alone,
                        rooms: by_size
                            .iter()
                            .filter(|&&r| problem.fits_room(e, r))
                            .map(|&r| r as u16)
                            .collect(),
                    });
                }
                for &(k, a) in &exam.demand {
                    match unit.demand.iter_mut().find(|(x, _)| *x == k as u16) {
                        Some((_, sum)) => *sum += a as i32,
                        None => unit.demand.push((k as u16, a as i32)),
                    }
                }
                if limited {
                    unit.students.extend(
                        exam.students
                            .iter()
                            .filter(|&&s| problem.day_limit.get(s as usize).is_some_and(|&l| l > 0)),
                    );
                }
            }
            // Big pieces find their rooms first.
            unit.items.sort_by_key(|i| -i.size);
            unit.students.sort_unstable();
            unit.students.dedup();
            unit.allowed = (0..np as u16)
                .filter(|&p| exams.iter().all(|&e| problem.fits_period(e, p as usize)))
                .collect();
            items += unit.items.len();
            if let Some(i) = unit.items.iter().find(|i| i.rooms.is_empty()) {
                let e = &problem.exams[i.exam as usize];
                return Err(format!(
                    "{} ({} seats) fits in no room: no room has the seats, site and features it asks for",
                    e.name, e.seats
                ));
            }
            if unit.allowed.is_empty() {
                let names: Vec<&str> = exams.iter().map(|&e| problem.exams[e].name.as_str()).collect();
                return Err(format!(
                    "no period is allowed for {}: its length, window and fixed period leave none",
                    names.join(" with ")
                ));
            }
            units.push(unit);
        }

        let mut base = vec![Cell::default(); units.len() * np];
        for (e, &u) in unit_of.iter().enumerate() {
            let _ = e;
            for p in 0..np {
                base[u as usize * np + p].soft += problem.periods[p].penalty;
            }
        }
        for rule in &problem.period_rules {
            for &(e, p, c) in &rule.cost {
                base[unit_of[e] as usize * np + p].soft += c;
            }
        }
        let mut may = vec![false; units.len() * np];
        for (u, unit) in units.iter().enumerate() {
            for &p in &unit.allowed {
                may[u * np + p as usize] = true;
            }
        }
        let mut day_periods = vec![Vec::new(); problem.days()];
        for (p, period) in problem.periods.iter().enumerate() {
            day_periods[period.day as usize].push(p as u16);
        }
        let mut seats = vec![0; np * nr];
        for (r, room) in problem.rooms.iter().enumerate() {
            for p in 0..np {
                seats[p * nr + r] = if room.closed.contains(&p) { -1 } else { room.seats as i32 };
            }
        }
        let nk = problem.resources.len();
        let mut capacity = vec![0; np * nk];
        for (k, res) in problem.resources.iter().enumerate() {
            for p in 0..np {
                capacity[p * nk + k] = res.capacity[p].min(i32::MAX as u32) as i32;
            }
        }
        let over = problem.resources.iter().map(|r| match r.weight {
            None => Cell { soft: 0, hard: 1 },
            Some(w) => Cell { soft: w, hard: 0 },
        });
        let over = over.collect();
        let students = units.iter().flat_map(|u| u.students.iter()).max().map_or(0, |&s| s as usize + 1);
        let mut student_units = vec![Vec::new(); students];
        for (u, unit) in units.iter().enumerate() {
            for &s in &unit.students {
                student_units[s as usize].push(u as u32);
            }
        }
        let (kinds, edges) = bonds(problem, &unit_of, units.len())?;
        let plain = !limited && nk == 0 && units.iter().all(|u| u.items.len() <= 1);
        let words = units.len().div_ceil(64);
        let mut bits = vec![0u64; units.len() * words];
        for (u, list) in edges.iter().enumerate() {
            for e in list {
                bits[u * words + e.to as usize / 64] |= 1 << (e.to % 64);
            }
        }
        let movable = (0..units.len()).filter(|&u| units[u].allowed.len() > 1).map(|u| u as u32).collect();
        Ok(Model {
            np,
            nr,
            nk,
            unit_of,
            items,
            base,
            may,
            edges,
            kinds,
            seats,
            room_penalty: problem.rooms.iter().map(|r| r.penalty).collect(),
            durations: durations.len().max(1),
            mixed: problem.mixed_durations,
            capacity,
            over,
            day: problem.periods.iter().map(|p| p.day as u16).collect(),
            days: problem.days(),
            day_periods,
            limit: problem.day_limit.clone(),
            student_units,
            plain,
            movable,
            bits,
            words,
            units,
        })
    }
}

/// Links and relations between exams become edges between units; each kind is stored from both ends.
fn bonds(problem: &Problem, unit_of: &[u32], units: usize) -> Result<(Vec<Kind>, Vec<Vec<Edge>>), String> {
    let np = problem.periods.len();
    let mut kinds: Vec<Kind> = Vec::new();
    let mut add_kind = |f: &dyn Fn(usize, usize) -> Cell| {
        let cell: Vec<Cell> = (0..np * np).map(|i| f(i / np, i % np)).collect();
        let felt = (0..np)
            .map(|q| {
                (0..np).map(|p| (p as u16, cell[p * np + q])).filter(|(_, c)| *c != Cell::default()).collect()
            })
            .collect();
        kinds.push(Kind { cell, felt });
        kinds.len() - 1
    };
    // (kind from the first end, kind from the other end)
    let mut ends = Vec::new();
    for k in &problem.kinds {
        let at = |a: usize, b: usize| Cell {
            soft: k.nearness.iter().map(|t| t.cost[a * np + b]).sum(),
            hard: if k.clash[a * np + b] { CLASH } else { 0 },
        };
        let forward = add_kind(&at);
        let mirrored = (0..np * np).all(|i| at(i / np, i % np) == at(i % np, i / np));
        ends.push((forward, if mirrored { forward } else { add_kind(&|a, b| at(b, a)) }));
    }
    let must = |broken: bool| Cell { soft: 0, hard: if broken { CLASH } else { 0 } };
    let after = add_kind(&|a, b| must(a <= b));
    let before = add_kind(&|a, b| must(b <= a));
    let apart = add_kind(&|a, b| must(a == b));

    let mut edges: Vec<Vec<Edge>> = vec![Vec::new(); units];
    let mut sums: BTreeMap<(u32, u32, usize, usize), i32> = BTreeMap::new();
    for l in &problem.links {
        let (mut a, mut b, (mut ka, mut kb)) = (unit_of[l.a], unit_of[l.b], ends[l.kind]);
        if a == b {
            let kind = &problem.kinds[l.kind];
            let excused = problem.relations.iter().any(|r| matches!(*r, Relation::Together(x, y) | Relation::Cluster(x, y) if (x, y) == (l.a, l.b) || (y, x) == (l.a, l.b)));
            if !excused && (0..np).all(|p| kind.clash[p * np + p]) {
                let (x, y) = (&problem.exams[l.a].name, &problem.exams[l.b].name);
                return Err(format!(
                    "{x} and {y} must be in one period (through other exams) but share {} ({}): remove the coincidence or the shared entries",
                    kind.name, l.weight
                ));
            }
            continue;
        }
        if a > b {
            (a, b, ka, kb) = (b, a, kb, ka);
        }
        *sums.entry((a, b, ka, kb)).or_default() += l.weight;
    }
    let relations: BTreeSet<Relation> = problem.relations.iter().copied().collect();
    for r in relations {
        let (x, y, kx, ky) = match r {
            Relation::After(x, y) => (x, y, after, before),
            Relation::Apart(x, y) => (x, y, apart, apart),
            _ => continue,
        };
        if x == y {
            continue;
        }
        let (a, b) = (unit_of[x], unit_of[y]);
        if a == b {
            let (x, y) = (&problem.exams[x].name, &problem.exams[y].name);
            return Err(format!(
                "{x} and {y} must be in one period and also in different ones ({r:?}): drop one of the two rules"
            ));
        }
        let key = if a < b { (a, b, kx, ky) } else { (b, a, ky, kx) };
        sums.insert(key, 1);
    }
    for ((a, b, ka, kb), weight) in sums {
        for (from, to, k, back) in [(a, b, ka, kb), (b, a, kb, ka)] {
            let same = (0..np).any(|p| kinds[k].cell[p * np + p].hard > 0);
            edges[from as usize].push(Edge { to, weight, kind: k as u16, back: back as u16, same });
        }
    }
    Ok((kinds, edges))
}
