//! Thesis defences: a committee to compose, a day, a slot and a room for each defence.
//!
//! First everything is scheduled, then the workload (weight times the square of committees, per member) is as small
//! as can be, then members sit their defences in a row. Annealing over single defences; a proposal may push others
//! out, which costs more than anything else, so they come back elsewhere.
#![allow(clippy::indexing_slicing)] // table sizes are checked by read()

use crate::format::{ReadError, json};
use crate::search::{Control, Limit, Progress, Random};
use serde::Deserialize;
use std::sync::atomic::Ordering;

#[derive(Deserialize)]
struct Raw {
    idx: RawSizes,
    par: RawData,
}

#[derive(Deserialize)]
struct RawSizes {
    n_i: usize,
    n_j: usize,
    n_t: usize,
    n_k: usize,
    n_ell: usize,
    n_p: usize,
}

#[derive(Deserialize)]
struct RawData {
    d: usize,
    e: Vec<Vec<Vec<i64>>>,
    c: Vec<usize>,
    u: Vec<i64>,
    l: Vec<Vec<Vec<i64>>>,
    m: Vec<Vec<Vec<i64>>>,
    b: Vec<usize>,
    v: Vec<Vec<i64>>,
}

/// An instance; everything counts from 0 here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Defences.
    pub defences: usize,
    /// Slots a defence takes.
    pub length: usize,
    /// Most committees per member.
    pub most: Vec<usize>,
    /// Weight of each member.
    pub weight: Vec<i64>,
    /// `eligible[defence][role]`: members who may fill the role.
    pub eligible: Vec<Vec<Vec<usize>>>,
    /// `present[member][day][slot]`: may start there.
    pub present: Vec<Vec<Vec<bool>>>,
    /// Open starts: (day, slot, room).
    pub open: Vec<(usize, usize, usize)>,
    /// `reward[member][gap]`: for a defence that starts this many slots after the previous one ended.
    pub reward: Vec<Vec<i64>>,
}

/// Where and before whom one defence is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Day.
    pub day: usize,
    /// First slot.
    pub slot: usize,
    /// Room.
    pub room: usize,
    /// One member per role.
    pub team: Vec<usize>,
}

/// A place for each defence, or none.
pub type Plan = Vec<Option<Place>>;

/// What a plan costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Score {
    /// Defences with a place.
    pub scheduled: usize,
    /// Sum over members of weight times committees squared.
    pub workload: i64,
    /// Lost rewards for sitting in a row.
    pub non_consecutive: i64,
    /// Broken musts (a plan of [`solve`] has none).
    pub breaches: usize,
}

/// Reads an instance.
pub fn read(text: &str) -> Result<Problem, ReadError> {
    let Raw { idx, par } = json(text)?;
    let sizes = [idx.n_i, idx.n_j, idx.n_t, idx.n_k, idx.n_ell, idx.n_p];
    if par.d == 0 || sizes.iter().any(|&n| n > 10_000) {
        return Err(ReadError::at(1, 1, "a duration d of at least 1 and sizes of at most 10000"));
    }
    let short = |name: &str, sizes: &str| {
        ReadError::at(1, 1, &format!("par.{name} with {sizes} entries and a dummy entry 0 before them"))
    };
    let at = |ok: bool, name: &str, what: &str| if ok { Ok(()) } else { Err(short(name, what)) };
    at(par.c.len() > idx.n_i, "c", "n_i")?;
    at(par.u.len() > idx.n_i, "u", "n_i")?;
    at(par.b.len() > idx.n_i && par.v.len() > idx.n_i, "b and v", "n_i")?;
    at(
        par.e.len() > idx.n_i
            && par.e.iter().skip(1).all(|x| x.len() > idx.n_j && x.iter().skip(1).all(|y| y.len() > idx.n_t)),
        "e",
        "n_i x n_j x n_t",
    )?;
    at(
        par.l.len() > idx.n_i
            && par
                .l
                .iter()
                .skip(1)
                .all(|x| x.len() > idx.n_k && x.iter().skip(1).all(|y| y.len() > idx.n_ell)),
        "l",
        "n_i x n_k x n_ell",
    )?;
    at(
        par.m.len() > idx.n_k
            && par
                .m
                .iter()
                .skip(1)
                .all(|x| x.len() > idx.n_ell && x.iter().skip(1).all(|y| y.len() > idx.n_p)),
        "m",
        "n_k x n_ell x n_p",
    )?;
    let members = 1..=idx.n_i;
    let mut open = Vec::new();
    for k in 1..=idx.n_k {
        for s in 1..=idx.n_ell {
            open.extend((1..=idx.n_p).filter(|&p| par.m[k][s][p] != 0).map(|p| (k - 1, s - 1, p - 1)));
        }
    }
    Ok(Problem {
        defences: idx.n_j,
        length: par.d,
        most: par.c[1..=idx.n_i].to_vec(),
        weight: par.u[1..=idx.n_i].to_vec(),
        eligible: (1..=idx.n_j)
            .map(|j| {
                (1..=idx.n_t)
                    .map(|t| members.clone().filter(|&i| par.e[i][j][t] != 0).map(|i| i - 1).collect())
                    .collect()
            })
            .collect(),
        present: members
            .clone()
            .map(|i| (1..=idx.n_k).map(|k| (1..=idx.n_ell).map(|s| par.l[i][k][s] >= 1).collect()).collect())
            .collect(),
        open,
        reward: members.map(|i| par.v[i].iter().take(par.b[i] + 1).copied().collect()).collect(),
    })
}

/// Writes a plan: `defence day slot room members…` per line, from 1.
pub fn write(plan: &Plan) -> String {
    let mut out = String::new();
    for (j, place) in plan.iter().enumerate() {
        if let Some(p) = place {
            let team: Vec<String> = p.team.iter().map(|i| (i + 1).to_string()).collect();
            out.push_str(&format!(
                "{} {} {} {} {}\n",
                j + 1,
                p.day + 1,
                p.slot + 1,
                p.room + 1,
                team.join(" ")
            ));
        }
    }
    out
}

/// Reads a plan.
pub fn read_plan(problem: &Problem, text: &str) -> Result<Plan, ReadError> {
    let mut plan = vec![None; problem.defences];
    for (no, line) in text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
        let numbers: Option<Vec<usize>> =
            line.split_whitespace().map(|w| w.parse().ok().filter(|&n: &usize| n > 0)).collect();
        let roles = problem.eligible.first().map_or(0, Vec::len);
        match numbers.as_deref() {
            Some([j, day, slot, room, team @ ..])
                if *j <= problem.defences
                    && team.len() == roles
                    && team.iter().all(|&i| i <= problem.weight.len()) =>
            {
                plan[j - 1] = Some(Place {
                    day: day - 1,
                    slot: slot - 1,
                    room: room - 1,
                    team: team.iter().map(|i| i - 1).collect(),
                });
            }
            _ => {
                return Err(ReadError::at(
                    no + 1,
                    1,
                    &format!("defence, day, slot, room and {roles} members, all from 1"),
                ));
            }
        }
    }
    Ok(plan)
}

/// Counts a plan from nothing.
pub fn score(problem: &Problem, plan: &Plan) -> Score {
    let mut out = Score::default();
    let mut sits: Vec<Vec<(usize, usize)>> = vec![Vec::new(); problem.weight.len()];
    let mut rooms: Vec<(usize, usize, usize)> = Vec::new();
    for (j, place) in plan.iter().enumerate() {
        let Some(p) = place else { continue };
        out.scheduled += 1;
        out.breaches += usize::from(!problem.open.contains(&(p.day, p.slot, p.room)));
        rooms.push((p.day, p.room, p.slot));
        for (role, &i) in p.team.iter().enumerate() {
            let here = problem.present[i].get(p.day).and_then(|d| d.get(p.slot)).copied().unwrap_or(false);
            out.breaches += usize::from(!here) + usize::from(!problem.eligible[j][role].contains(&i));
            out.breaches += usize::from(p.team[..role].contains(&i));
            sits[i].push((p.day, p.slot));
        }
    }
    rooms.sort_unstable();
    out.breaches += rooms
        .windows(2)
        .filter(|w| (w[0].0, w[0].1) == (w[1].0, w[1].1) && w[1].2 - w[0].2 < problem.length)
        .count();
    for (i, list) in sits.iter_mut().enumerate() {
        list.sort_unstable();
        out.breaches +=
            list.windows(2).filter(|w| w[0].0 == w[1].0 && w[1].1 - w[0].1 < problem.length).count();
        out.breaches += usize::from(list.len() > problem.most[i]);
        let (load, apart) = member(problem, i, list);
        out.workload += load;
        out.non_consecutive += apart;
    }
    out
}

/// No plan schedules more than this many: at every start the open rooms and the members present (overall, and per
/// role) bound how many defences can begin; each room then takes the longest row of such starts.
pub fn at_most(problem: &Problem) -> usize {
    let roles = problem.eligible.first().map_or(0, Vec::len);
    let mut able = vec![vec![false; problem.weight.len()]; roles];
    for list in &problem.eligible {
        for (role, members) in list.iter().enumerate() {
            for &i in members {
                able[role][i] = true;
            }
        }
    }
    let mut begins: std::collections::BTreeMap<usize, std::collections::BTreeMap<usize, usize>> =
        Default::default();
    for &(k, s, _) in &problem.open {
        *begins.entry(k).or_default().entry(s).or_default() += 1;
    }
    let mut sum = 0;
    for (k, slots) in &begins {
        let at_once = |s: usize, rooms: usize| {
            let here: Vec<usize> = (0..problem.weight.len()).filter(|&i| problem.present[i][*k][s]).collect();
            let per_role = able.iter().map(|a| here.iter().filter(|&&i| a[i]).count()).min().unwrap_or(0);
            rooms.min(here.len() / roles.max(1)).min(per_role)
        };
        let at_once: Vec<(usize, usize)> = slots.iter().map(|(&s, &rooms)| (s, at_once(s, rooms))).collect();
        for layer in 1..=at_once.iter().map(|x| x.1).max().unwrap_or(0) {
            let mut free = 0;
            for &(s, n) in &at_once {
                if n >= layer && s >= free {
                    sum += 1;
                    free = s + problem.length;
                }
            }
        }
    }
    sum.min(problem.defences)
}

/// Workload and lost rewards of a member who sits at these (day, slot).
fn member(problem: &Problem, i: usize, sits: &[(usize, usize)]) -> (i64, i64) {
    if sits.is_empty() {
        return (0, 0);
    }
    let n = sits.len() as i64;
    let reward = &problem.reward[i];
    let mut gain = 0;
    for &(k, s) in sits {
        for (gap, v) in reward.iter().enumerate() {
            if s >= problem.length + gap && sits.contains(&(k, s - problem.length - gap)) {
                gain += v;
            }
        }
    }
    (problem.weight[i] * n * n, problem.weight[i] * (reward.iter().sum::<i64>() * (n - 1) - gain))
}

/// A missing defence costs this; one unit of workload [`LOAD`]; one of non-consecutive 1.
const MISSING: i64 = 30_000;
const LOAD: i64 = 50;
/// Hot enough to push a defence out now and then.
const HOT: f64 = 12_000.0;

struct Search<'p> {
    p: &'p Problem,
    plan: Plan,
    sits: Vec<Vec<(usize, usize)>>,
    rng: Random,
}

impl Search<'_> {
    fn cost_of(&self, i: usize) -> i64 {
        let (load, apart) = member(self.p, i, &self.sits[i]);
        LOAD * load + apart
    }

    fn remove(&mut self, j: usize) -> Option<Place> {
        let place = self.plan[j].take()?;
        for &i in &place.team {
            self.sits[i].retain(|&x| x != (place.day, place.slot));
        }
        Some(place)
    }

    fn insert(&mut self, j: usize, place: Place) {
        for &i in &place.team {
            self.sits[i].push((place.day, place.slot));
        }
        self.plan[j] = Some(place);
    }

    /// A committee for a start: each role in turn takes an eligible, present member, mostly the cheapest.
    fn team(&mut self, j: usize, day: usize, slot: usize, keep: &[usize]) -> Option<Vec<usize>> {
        let p = self.p;
        let mut team: Vec<usize> = Vec::with_capacity(p.eligible[j].len());
        let roles = p.eligible[j].len();
        let redo = self.rng.below(roles + 1);
        for (role, list) in p.eligible[j].iter().enumerate() {
            if role != redo
                && let Some(&i) = keep.get(role)
                && p.present[i][day][slot]
                && !team.contains(&i)
            {
                team.push(i);
                continue;
            }
            let noise = 1 + self.rng.below(200) as i64;
            let mut best: Option<(i64, usize)> = None;
            for &i in list {
                if !p.present[i][day][slot] || team.contains(&i) || self.sits[i].len() >= p.most[i] {
                    continue;
                }
                let busy = self.sits[i].iter().any(|&(k, s)| k == day && s.abs_diff(slot) < p.length);
                let n = self.sits[i].len() as i64;
                let cost = p.weight[i] * (2 * n + 1)
                    + self.rng.below(noise as usize) as i64
                    + if busy { 100 } else { 0 };
                if best.is_none_or(|b| cost < b.0) {
                    best = Some((cost, i));
                }
            }
            team.push(best?.1);
        }
        Some(team)
    }

    /// Proposes a new place for one defence; the ones in its way are pushed out.
    fn step(&mut self, heat: f64) {
        let p = self.p;
        if p.defences == 0 || p.open.is_empty() {
            return;
        }
        let missing: Vec<usize> = (0..p.defences).filter(|&j| self.plan[j].is_none()).collect();
        let j = if !missing.is_empty() && self.rng.below(2) == 0 {
            missing[self.rng.below(missing.len())]
        } else {
            self.rng.below(p.defences)
        };
        let old = self.plan[j].clone();
        let (day, slot, room) = match &old {
            Some(o) if self.rng.below(3) == 0 => (o.day, o.slot, o.room),
            _ => p.open[self.rng.below(p.open.len())],
        };
        let keep = old.as_ref().map_or(Vec::new(), |o| o.team.clone());
        self.remove(j);
        let Some(team) = self.team(j, day, slot, &keep) else {
            if let Some(o) = old {
                self.insert(j, o);
            }
            return;
        };
        let mut out: Vec<usize> = Vec::new();
        for (v, place) in self.plan.iter().enumerate() {
            if let Some(q) = place
                && q.day == day
                && q.slot.abs_diff(slot) < p.length
                && (q.room == room || q.team.iter().any(|i| team.contains(i)))
            {
                out.push(v);
            }
        }
        let mut touched: Vec<usize> = team.iter().chain(&keep).copied().collect();
        touched
            .extend(out.iter().filter_map(|&v| self.plan[v].as_ref()).flat_map(|q| q.team.iter().copied()));
        touched.sort_unstable();
        touched.dedup();
        // The old place is counted in by putting it back for a moment.
        if let Some(o) = &old {
            self.insert(j, o.clone());
        }
        let before: i64 =
            touched.iter().map(|&i| self.cost_of(i)).sum::<i64>() + if old.is_none() { MISSING } else { 0 };
        self.remove(j);
        let pushed: Vec<(usize, Place)> =
            out.iter().filter_map(|&v| self.remove(v).map(|q| (v, q))).collect();
        self.insert(j, Place { day, slot, room, team });
        let over = touched.iter().any(|&i| self.sits[i].len() > p.most[i]);
        let after: i64 =
            touched.iter().map(|&i| self.cost_of(i)).sum::<i64>() + MISSING * pushed.len() as i64;
        let bound = -(1.0 - self.rng.fraction()).ln() * heat;
        if over || (after - before) as f64 > bound {
            self.remove(j);
            for (v, q) in pushed {
                self.insert(v, q);
            }
            if let Some(o) = old {
                self.insert(j, o);
            }
        }
    }
}

/// Plans the defences until the limit; the best plan comes back with its score.
pub fn solve(problem: &Problem, seed: u64, limit: Limit, control: &Control<'_>) -> (Plan, Score) {
    let begin = (control.clock)();
    let mut s = Search {
        p: problem,
        plan: vec![None; problem.defences],
        sits: vec![Vec::new(); problem.weight.len()],
        rng: Random::new(seed),
    };
    let rank = |x: &Score| (std::cmp::Reverse(x.scheduled), x.workload, x.non_consecutive);
    let (mut steps, mut best) = (0u64, (s.plan.clone(), score(problem, &s.plan)));
    loop {
        let used = (control.clock)() - begin;
        let f = match limit {
            Limit::CpuSeconds(t) => used / t.max(1e-3),
            Limit::Proposals(n) => steps as f64 / n.max(1) as f64,
        };
        if f >= 1.0 || control.cancel.load(Ordering::Relaxed) {
            break;
        }
        // Several rounds, each hot enough to push defences about and cold enough to settle.
        let rounds = 4.0;
        let own = (f * rounds).fract();
        let heat = HOT * (1.0 / HOT).powf(own);
        for _ in 0..64 {
            s.step(heat);
        }
        steps += 64;
        let now = score(problem, &s.plan);
        if rank(&now) < rank(&best.1) {
            best = (s.plan.clone(), now);
        }
        if steps % 8192 == 0 {
            let cost = (best.1.scheduled == problem.defences).then_some(best.1.workload);
            (control.progress)(&Progress {
                fraction: f,
                phase: "placing defences",
                best: cost,
                proposals: steps,
                cpu_seconds: used,
            });
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicBool;

    fn two_defences() -> Problem {
        let all = |x: bool| vec![vec![x; 4]; 1];
        Problem {
            defences: 2,
            length: 2,
            most: vec![2; 3],
            weight: vec![1, 1, 5],
            eligible: vec![vec![vec![0, 2], vec![1, 2]]; 2],
            present: vec![all(true), all(true), all(true)],
            open: vec![(0, 0, 0), (0, 1, 0), (0, 2, 0)],
            reward: vec![vec![1]; 3],
        }
    }

    #[test]
    fn two_defences_follow_each_other_before_the_cheap_members() {
        let control = Control { clock: &|| 0.0, cancel: &AtomicBool::new(false), progress: &|_| {} };
        let (plan, score) = solve(&two_defences(), 1, Limit::Proposals(20_000), &control);
        assert_eq!(score, Score { scheduled: 2, workload: 8, non_consecutive: 0, breaches: 0 });
        assert_eq!(at_most(&two_defences()), 2);
        assert_eq!(read_plan(&two_defences(), &write(&plan)).unwrap(), plan);
    }
}
