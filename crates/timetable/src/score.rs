//! The score of a plan, counted from nothing. The search keeps its own running totals; this is the slow and simple
//! second opinion, and what reports are made from.
#![allow(clippy::indexing_slicing)] // every index was checked by Problem::sound and by placed()

use crate::problem::{Plan, Problem, Relation};
use std::collections::{BTreeMap, BTreeSet};

/// What a plan costs, per rule.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Score {
    /// Broken musts: name and how many times.
    pub hard: BTreeMap<String, u64>,
    /// Costs by name.
    pub soft: BTreeMap<String, i64>,
}

impl Score {
    /// No must is broken.
    pub fn feasible(&self) -> bool {
        self.hard.values().all(|&n| n == 0)
    }

    /// How many musts are broken.
    pub fn breaches(&self) -> u64 {
        self.hard.values().sum()
    }

    /// Sum of all costs.
    pub fn cost(&self) -> i64 {
        self.soft.values().sum()
    }
}

/// One broken must, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breach {
    /// Name of the rule, as in [`Score::hard`].
    pub rule: &'static str,
    /// A sentence.
    pub text: String,
}

/// Counts the score of a plan.
pub fn score(problem: &Problem, plan: &Plan) -> Score {
    score_with(problem, plan, &mut |_, _| {})
}

/// All broken musts in words, and the score.
pub fn breaches(problem: &Problem, plan: &Plan) -> (Score, Vec<Breach>) {
    let mut list = Vec::new();
    let score = score_with(problem, plan, &mut |rule, text| list.push(Breach { rule, text: text() }));
    (score, list)
}

fn score_with(
    problem: &Problem,
    plan: &Plan,
    note: &mut dyn FnMut(&'static str, &dyn Fn() -> String),
) -> Score {
    let mut out = Score::default();
    let names = [
        "unscheduled",
        "conflicts",
        "room_occupancy",
        "period_utilisation",
        "period_related",
        "room_related",
        "capacity",
        "day_limit",
    ];
    for n in names {
        out.hard.insert(n.to_owned(), 0);
    }
    let mut hard = |rule: &'static str, text: &dyn Fn() -> String| {
        *out.hard.entry(rule.to_owned()).or_default() += 1;
        note(rule, text);
    };
    let np = problem.periods.len();
    let name = |e: usize| problem.exams[e].name.as_str();
    let at: Vec<Option<usize>> = (0..problem.exams.len())
        .map(|e| {
            let rooms = plan.rooms.get(e).map_or(&[][..], Vec::as_slice);
            let whole = rooms.len() == problem.exams[e].rooms as usize
                && rooms.iter().all(|&r| r < problem.rooms.len());
            plan.period.get(e).copied().flatten().filter(|&p| p < np && whole)
        })
        .collect();
    let when = |p: usize| problem.periods[p].name.as_str();

    let mut soft: BTreeMap<String, i64> = BTreeMap::new();
    for k in &problem.kinds {
        for t in &k.nearness {
            soft.entry(t.name.clone()).or_default();
        }
    }
    for (e, p) in at.iter().enumerate() {
        let Some(p) = *p else {
            hard("unscheduled", &|| format!("{} has no place", name(e)));
            continue;
        };
        if !problem.fits_period(e, p) {
            hard("period_utilisation", &|| {
                format!("{} may not be in {} (length or window)", name(e), when(p))
            });
        }
        *soft.entry("period_penalty".into()).or_default() += i64::from(problem.periods[p].penalty);
    }
    let together: BTreeSet<(usize, usize)> = problem
        .relations
        .iter()
        .filter_map(|r| match *r {
            Relation::Together(a, b) | Relation::Cluster(a, b) => Some((a.min(b), a.max(b))),
            _ => None,
        })
        .collect();
    for l in &problem.links {
        let (Some(a), Some(b)) = (at[l.a], at[l.b]) else { continue };
        let kind = &problem.kinds[l.kind];
        let excused = a == b && together.contains(&(l.a.min(l.b), l.a.max(l.b)));
        if excused {
            continue;
        }
        if kind.clash[a * np + b] {
            hard("conflicts", &|| {
                format!(
                    "{} and {} share {} ({}) and are in {} and {}",
                    name(l.a),
                    name(l.b),
                    kind.name,
                    l.weight,
                    when(a),
                    when(b)
                )
            });
        }
        for t in &kind.nearness {
            if let Some(v) = soft.get_mut(&t.name) {
                *v += i64::from(l.weight) * i64::from(t.cost[a * np + b]);
            }
        }
    }
    relations(problem, &at, &mut hard);
    for rule in &problem.period_rules {
        let sum: i64 =
            rule.cost.iter().filter(|&&(e, p, _)| at[e] == Some(p)).map(|&(_, _, c)| i64::from(c)).sum();
        *soft.entry(rule.name.clone()).or_default() += sum;
    }
    rooms(problem, plan, &at, &mut soft, &mut hard);
    resources(problem, &at, &mut soft, &mut hard);
    day_limits(problem, &at, &mut hard);
    out.soft = soft;
    out
}

type Hard<'a> = &'a mut dyn FnMut(&'static str, &dyn Fn() -> String);

fn relations(problem: &Problem, at: &[Option<usize>], hard: Hard<'_>) {
    let name = |e: usize| problem.exams[e].name.as_str();
    let unique: BTreeSet<Relation> = problem.relations.iter().copied().collect();
    for r in unique {
        match r {
            Relation::After(a, b) if a != b => {
                if let (Some(x), Some(y)) = (at[a], at[b])
                    && x <= y
                {
                    hard("period_related", &|| format!("{} must come after {}", name(a), name(b)));
                }
            }
            Relation::Together(a, b) | Relation::Cluster(a, b) if a != b => {
                if let (Some(x), Some(y)) = (at[a], at[b])
                    && x != y
                {
                    hard("period_related", &|| format!("{} and {} must be in one period", name(a), name(b)));
                }
            }
            Relation::Apart(a, b) if a != b => {
                if let (Some(x), Some(y)) = (at[a], at[b])
                    && x == y
                {
                    hard("period_related", &|| {
                        format!("{} and {} may not be in one period", name(a), name(b))
                    });
                }
            }
            _ => {}
        }
    }
}

fn rooms(
    problem: &Problem,
    plan: &Plan,
    at: &[Option<usize>],
    soft: &mut BTreeMap<String, i64>,
    hard: Hard<'_>,
) {
    let mut users: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    let mut penalty = 0i64;
    for (e, p) in at.iter().enumerate() {
        let Some(p) = *p else { continue };
        for &r in &plan.rooms[e] {
            penalty += i64::from(problem.rooms[r].penalty);
            users.entry((p, r)).or_default().push(e);
            let (exam, room) = (&problem.exams[e], &problem.rooms[r]);
            if exam.features & room.features != exam.features || exam.site.is_some_and(|s| s != room.site) {
                hard("room_related", &|| {
                    format!("{} needs what room {} does not offer", exam.name, room.name)
                });
            }
        }
    }
    let mut mixed = 0i64;
    for ((p, r), exams) in &users {
        let room = &problem.rooms[*r];
        let load: u64 = exams.iter().map(|&e| u64::from(problem.exams[e].seats)).sum();
        let seats = if room.closed.contains(p) { 0 } else { u64::from(room.seats) };
        if load > seats || (seats == 0 && room.closed.contains(p)) {
            hard("room_occupancy", &|| {
                format!("{} room {}: {load} people, {seats} seats", problem.periods[*p].name, room.name)
            });
        }
        let durations: BTreeSet<u32> = exams.iter().map(|&e| problem.exams[e].minutes).collect();
        mixed += durations.len() as i64 - 1;
        if exams.len() > 1 {
            for &e in exams.iter().filter(|&&e| problem.exams[e].alone) {
                hard("room_related", &|| {
                    format!("{} needs room {} for itself", problem.exams[e].name, room.name)
                });
            }
        }
    }
    soft.insert("room_penalty".into(), penalty);
    soft.insert("mixed_durations".into(), mixed * i64::from(problem.mixed_durations));
}

fn resources(problem: &Problem, at: &[Option<usize>], soft: &mut BTreeMap<String, i64>, hard: Hard<'_>) {
    let np = problem.periods.len();
    let mut used = vec![0u64; np * problem.resources.len()];
    for (e, p) in at.iter().enumerate() {
        let Some(p) = *p else { continue };
        for &(k, amount) in &problem.exams[e].demand {
            used[k * np + p] += u64::from(amount);
        }
    }
    for (k, res) in problem.resources.iter().enumerate() {
        for p in 0..np {
            let (need, have) = (used[k * np + p], u64::from(res.capacity[p]));
            if need <= have {
                continue;
            }
            match res.weight {
                None => hard("capacity", &|| {
                    format!("{}: {} needs {need}, there are {have}", problem.periods[p].name, res.name)
                }),
                Some(w) => *soft.entry(res.name.clone()).or_default() += (need - have) as i64 * i64::from(w),
            }
        }
    }
}

fn day_limits(problem: &Problem, at: &[Option<usize>], hard: Hard<'_>) {
    if problem.day_limit.is_empty() {
        return;
    }
    let leader = crate::unit::leaders(problem);
    let mut count: BTreeMap<(u32, u32), BTreeSet<usize>> = BTreeMap::new();
    for (e, p) in at.iter().enumerate() {
        let Some(p) = *p else { continue };
        for &s in &problem.exams[e].students {
            count.entry((s, problem.periods[p].day)).or_default().insert(leader[e]);
        }
    }
    for ((s, day), n) in count {
        let limit = usize::from(problem.day_limit.get(s as usize).copied().unwrap_or(0));
        if limit > 0 && n.len() > limit {
            for _ in limit..n.len() {
                hard("day_limit", &|| {
                    format!("student {s} has {} sittings on day {day}, at most {limit}", n.len())
                });
            }
        }
    }
}
