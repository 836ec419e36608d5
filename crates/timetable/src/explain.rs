//! Why: what each exam and student costs, why an exam is here and not there, and which requirements cannot be met
//! together.
#![allow(clippy::indexing_slicing)] // indices come from a problem that Problem::sound has checked

use crate::problem::{LinkKind, Plan, Problem, Relation, Resource};
use crate::score::{Score, breaches, score};
use crate::search::{Control, Limit, Options, solve};
use std::collections::BTreeMap;

/// Cost of one exam: its own (period, rooms, rules) and its half of what it shares with others.
pub fn exam_costs(problem: &Problem, plan: &Plan) -> Vec<f64> {
    let np = problem.periods.len();
    let mut out = vec![0.0; problem.exams.len()];
    for (e, cost) in out.iter_mut().enumerate() {
        if let Some(p) = plan.period[e].and_then(|p| problem.periods.get(p)) {
            *cost += f64::from(p.penalty);
        }
        *cost += plan.rooms[e]
            .iter()
            .filter_map(|&r| problem.rooms.get(r))
            .map(|r| f64::from(r.penalty))
            .sum::<f64>();
    }
    for rule in &problem.period_rules {
        for &(e, p, c) in &rule.cost {
            if plan.period[e] == Some(p) {
                out[e] += f64::from(c);
            }
        }
    }
    for l in &problem.links {
        if let (Some(a), Some(b)) = (plan.period[l.a], plan.period[l.b]) {
            let each: i32 = problem.kinds[l.kind].nearness.iter().map(|t| t.cost[a * np + b]).sum();
            let half = f64::from(each) * f64::from(l.weight) / 2.0;
            out[l.a] += half;
            out[l.b] += half;
        }
    }
    out
}

/// Cost of nearness per student, dearest first; only kinds named "students…" count per head.
pub fn student_costs(problem: &Problem, plan: &Plan) -> Vec<(u32, i64)> {
    let np = problem.periods.len();
    let mut sits: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (e, exam) in problem.exams.iter().enumerate() {
        for &s in &exam.students {
            sits.entry(s).or_default().push(e);
        }
    }
    let kind: BTreeMap<(usize, usize), usize> = problem
        .links
        .iter()
        .filter(|l| problem.kinds[l.kind].name.starts_with("students"))
        .map(|l| ((l.a, l.b), l.kind))
        .collect();
    let mut out: Vec<(u32, i64)> = Vec::new();
    for (s, list) in sits {
        let mut sum = 0i64;
        for (i, &a) in list.iter().enumerate() {
            for &b in &list[i + 1..] {
                if let (Some(x), Some(y), Some(&k)) = (plan.period[a], plan.period[b], kind.get(&(a, b))) {
                    sum +=
                        problem.kinds[k].nearness.iter().map(|t| i64::from(t.cost[x * np + y])).sum::<i64>();
                }
            }
        }
        if sum > 0 {
            out.push((s, sum));
        }
    }
    out.sort_by_key(|x| (std::cmp::Reverse(x.1), x.0));
    out
}

/// What it would mean to have an exam elsewhere, the others staying.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alternative {
    /// The period.
    pub period: usize,
    /// The rooms.
    pub rooms: Vec<usize>,
    /// Cost against the plan as it is.
    pub change: i64,
    /// Parts of that change, by name, those that are not zero.
    pub parts: Vec<(String, i64)>,
    /// Musts it would break, in words.
    pub breaks: Vec<String>,
}

/// Every other period for an exam (with everything that must be in the same period), best first.
pub fn alternatives(problem: &Problem, plan: &Plan, exam: usize) -> Vec<Alternative> {
    let leaders = crate::unit::leaders(problem);
    let party: Vec<usize> = (0..leaders.len()).filter(|&e| leaders[e] == leaders[exam]).collect();
    let (now, broken) = breaches(problem, plan);
    let known: Vec<&str> = broken.iter().map(|b| b.text.as_str()).collect();
    let mut out = Vec::new();
    for p in (0..problem.periods.len()).filter(|&p| plan.period[exam] != Some(p)) {
        let mut there = plan.clone();
        for &e in &party {
            there.period[e] = Some(p);
        }
        let mut best: Option<(u64, i64, Plan, Score)> = None;
        let mut rooms: Vec<Option<usize>> = vec![None];
        if party.len() == 1 && problem.exams[exam].rooms == 1 {
            let mut list: Vec<usize> =
                (0..problem.rooms.len()).filter(|&r| problem.fits_room(exam, r)).collect();
            list.sort_by_key(|&r| (problem.rooms[r].penalty, problem.rooms[r].seats));
            rooms.extend(list.into_iter().take(12).map(Some));
        }
        for r in rooms {
            let mut tried = there.clone();
            if let Some(r) = r {
                tried.rooms[exam] = vec![r];
            }
            let s = score(problem, &tried);
            if best.as_ref().is_none_or(|b| (s.breaches(), s.cost()) < (b.0, b.1)) {
                best = Some((s.breaches(), s.cost(), tried, s));
            }
        }
        let Some((_, cost, tried, s)) = best else { continue };
        let (_, list) = breaches(problem, &tried);
        let breaks = list.into_iter().map(|b| b.text).filter(|t| !known.contains(&t.as_str())).collect();
        let parts = s.soft.iter().map(|(k, v)| (k.clone(), v - now.soft.get(k).copied().unwrap_or(0)));
        out.push(Alternative {
            period: p,
            rooms: tried.rooms[exam].clone(),
            change: cost - now.cost(),
            parts: parts.filter(|x| x.1 != 0).collect(),
            breaks,
        });
    }
    out.sort_by_key(|a| (a.breaks.len(), a.change));
    out
}

/// One requirement that can be dropped as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Requirement {
    /// The capacity of a resource.
    Capacity(usize),
    /// Nobody sits more exams a day than allowed.
    DayLimit,
    /// A rule between two exams.
    Rule(usize),
    /// Links of a kind may not clash.
    NoClash(usize),
    /// The periods an exam may be in.
    Window(usize),
    /// The rooms' seats.
    Seats,
}

impl Requirement {
    /// All requirements of a problem.
    pub fn all(problem: &Problem) -> Vec<Requirement> {
        let mut all: Vec<Requirement> = (0..problem.exams.len())
            .filter(|&e| problem.exams[e].window.is_some())
            .map(Requirement::Window)
            .collect();
        all.extend((0..problem.relations.len()).map(Requirement::Rule));
        if problem.day_limit.iter().any(|&l| l > 0) {
            all.push(Requirement::DayLimit);
        }
        if problem.exams.iter().any(|e| e.rooms > 0) {
            all.push(Requirement::Seats);
        }
        all.extend((0..problem.kinds.len()).map(Requirement::NoClash));
        all.extend(
            (0..problem.resources.len())
                .filter(|&k| problem.resources[k].weight.is_none())
                .map(Requirement::Capacity),
        );
        all
    }

    /// The requirement in words.
    pub fn words(self, problem: &Problem) -> String {
        let name = |e: usize| problem.exams[e].name.as_str();
        match self {
            Requirement::Capacity(k) => {
                format!("{} are not exceeded in any period", problem.resources[k].name)
            }
            Requirement::DayLimit => "no student sits more exams a day than allowed".into(),
            Requirement::NoClash(k) => format!("exams with common {} do not clash", problem.kinds[k].name),
            Requirement::Seats => "no room is overfull".into(),
            Requirement::Window(e) => {
                let w = problem.exams[e].window.as_deref().unwrap_or_default();
                let names: Vec<&str> = w.iter().take(4).map(|&p| problem.periods[p].name.as_str()).collect();
                let more = if w.len() > 4 { format!(" and {} more", w.len() - 4) } else { String::new() };
                format!("{} is only in {}{more}", name(e), names.join(", "))
            }
            Requirement::Rule(i) => match problem.relations[i] {
                Relation::After(a, b) => format!("{} is after {}", name(a), name(b)),
                Relation::Apart(a, b) => format!("{} and {} are in different periods", name(a), name(b)),
                Relation::Together(a, b) | Relation::Cluster(a, b) => {
                    format!("{} and {} are in one period", name(a), name(b))
                }
            },
        }
    }
}

/// The problem with only some of its requirements.
pub fn only(problem: &Problem, keep: &[Requirement]) -> Problem {
    let has = |r: Requirement| keep.contains(&r);
    let mut p = problem.clone();
    for (k, r) in p.resources.iter_mut().enumerate() {
        if r.weight.is_none() && !has(Requirement::Capacity(k)) {
            *r = Resource { weight: Some(0), ..r.clone() };
        }
    }
    if !has(Requirement::DayLimit) {
        p.day_limit.clear();
    }
    for (k, kind) in p.kinds.iter_mut().enumerate() {
        if !has(Requirement::NoClash(k)) {
            *kind = LinkKind { clash: vec![false; kind.clash.len()], ..kind.clone() };
        }
    }
    for (e, exam) in p.exams.iter_mut().enumerate() {
        if !has(Requirement::Window(e)) {
            exam.window = None;
        }
        if !has(Requirement::Seats) {
            exam.rooms = 0;
        }
    }
    let mut i = 0;
    p.relations.retain(|_| {
        i += 1;
        has(Requirement::Rule(i - 1))
    });
    p
}

/// A minimal set of requirements for which the search finds no plan: without any one of them it finds one. `None`
/// when it finds a plan for all. `effort` is the proposals spent on each trial; what cannot be met is judged by the
/// search, not proved, so more effort makes the answer surer.
pub fn clashing(
    problem: &Problem,
    effort: u64,
    seed: u64,
    control: &Control<'_>,
) -> Option<Vec<Requirement>> {
    let mut kept = Requirement::all(problem);
    let meets = |keep: &[Requirement]| possible(&only(problem, keep), effort, seed, control);
    if meets(&kept) {
        return None;
    }
    // Whole chunks first, then halves of those that matter.
    let mut chunks: Vec<Vec<Requirement>> = vec![kept.clone()];
    while let Some(chunk) = chunks.pop() {
        let without: Vec<Requirement> = kept.iter().copied().filter(|r| !chunk.contains(r)).collect();
        if !meets(&without) {
            kept = without;
        } else if chunk.len() > 1 {
            let (a, b) = chunk.split_at(chunk.len() / 2);
            chunks.push(b.to_vec());
            chunks.push(a.to_vec());
        }
    }
    Some(kept)
}

/// Does the search find a plan without broken musts within this many proposals?
pub fn possible(problem: &Problem, effort: u64, seed: u64, control: &Control<'_>) -> bool {
    let options = Options { seed, limit: Limit::Proposals(effort), first: true, ..Options::default() };
    solve(problem, &options, control).is_ok_and(|o| o.score.feasible())
}

/// How much of a resource is missing at least, per period, when everything else is kept.
pub fn missing(
    problem: &Problem,
    resource: usize,
    effort: u64,
    seed: u64,
    control: &Control<'_>,
) -> Vec<(usize, u64)> {
    let mut p = problem.clone();
    for kind in &mut p.kinds {
        kind.nearness.clear();
    }
    p.resources[resource].weight = Some(1);
    let options = Options { seed, limit: Limit::Proposals(effort), ..Options::default() };
    let Ok(o) = solve(&p, &options, control) else { return Vec::new() };
    let mut used = vec![0u64; p.periods.len()];
    for (e, exam) in p.exams.iter().enumerate() {
        if let Some(at) = o.plan.period[e] {
            used[at] += exam.demand.iter().filter(|d| d.0 == resource).map(|d| u64::from(d.1)).sum::<u64>();
        }
    }
    let have = &p.resources[resource].capacity;
    (0..used.len())
        .filter(|&i| used[i] > u64::from(have[i]))
        .map(|i| (i, used[i] - u64::from(have[i])))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::{Exam, Link, Period};
    use std::sync::atomic::AtomicBool;

    /// Two periods; three exams that clash; plus rules that have nothing to do with it.
    fn three_into_two() -> Problem {
        let exam = |i: usize| Exam {
            name: format!("exam {i}"),
            students: vec![1],
            demand: vec![(0, 1)],
            ..Exam::default()
        };
        let period = |i: usize| Period { name: format!("period {i}"), ..Period::default() };
        let mut p = Problem {
            exams: (0..5).map(exam).collect(),
            periods: (0..2).map(period).collect(),
            ..Problem::default()
        };
        p.kinds = vec![LinkKind {
            name: "students".into(),
            clash: vec![true, false, false, true],
            nearness: vec![],
        }];
        p.links =
            [(0, 1), (1, 2), (0, 2)].into_iter().map(|(a, b)| Link { a, b, weight: 1, kind: 0 }).collect();
        p.resources.push(Resource { name: "seats".into(), capacity: vec![10, 10], weight: None });
        p.relations.push(Relation::Apart(3, 4));
        p
    }

    #[test]
    fn what_clashes_is_minimal_and_dropping_any_one_helps() {
        let control = Control { clock: &|| 0.0, cancel: &AtomicBool::new(false), progress: &|_| {} };
        let p = three_into_two();
        let core = clashing(&p, 20_000, 1, &control).unwrap();
        assert_eq!(core, [Requirement::NoClash(0)]);
        for r in &core {
            let rest: Vec<_> = Requirement::all(&p).into_iter().filter(|x| x != r).collect();
            assert!(possible(&only(&p, &rest), 20_000, 2, &control), "without {}", r.words(&p));
        }
        let mut wide = p.clone();
        wide.links.pop();
        assert_eq!(clashing(&wide, 20_000, 1, &control), None);
    }

    #[test]
    fn a_school_with_rooms_taken_away_is_told_what_clashes() {
        use crate::generate::{Wish, school};
        let s = school(&Wish { seed: 1, students: 200, load: 0.95, people: 0.85, over_constrained: true });
        let p = crate::school::problem(&s);
        let control = Control { clock: &|| 0.0, cancel: &AtomicBool::new(false), progress: &|_| {} };
        let core = clashing(&p, 40_000, 1, &control).unwrap();
        assert!(!possible(&only(&p, &core), 40_000, 1, &control), "the set alone cannot be met");
        for r in &core {
            let rest: Vec<_> = core.iter().copied().filter(|x| x != r).collect();
            assert!(possible(&only(&p, &rest), 40_000, 1, &control), "without {}", r.words(&p));
        }
    }

    #[test]
    fn an_alternative_says_what_it_breaks() {
        let mut p = three_into_two();
        p.links.pop();
        let plan = Plan { period: vec![Some(0), Some(1), Some(0), Some(0), Some(1)], rooms: vec![vec![]; 5] };
        let list = alternatives(&p, &plan, 0);
        assert_eq!(list.len(), 1);
        assert!(list[0].breaks[0].contains("exam 0 and exam 1"), "{list:?}");
    }
}
