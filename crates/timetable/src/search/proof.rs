//! Properties of the search that must hold whatever it does.

use super::model::Model;
use super::random::Random;
use super::state::{State, plan_of};
use super::walk::{Mix, Walk, scatter};
use super::{Control, Limit, Options, solve};
use crate::problem::*;
use crate::score::score;
use proptest::prelude::*;
use std::sync::atomic::AtomicBool;

/// A small school with everything in it: rooms, sizes, windows, relations, resources, day limits.
fn school(seed: u64, exams: usize, np: usize, nr: usize) -> Problem {
    let mut r = Random::new(seed);
    let mut p = Problem { mixed_durations: 7, ..Problem::default() };
    for i in 0..np {
        p.periods.push(Period {
            name: format!("p{i}"),
            day: (i / 3) as u32,
            minutes: [90, 120, 180][r.below(3)],
            penalty: r.below(5) as i32,
            ..Period::default()
        });
    }
    p.periods[0].minutes = 180;
    for i in 0..nr {
        let closed = (0..np).filter(|_| r.below(8) == 0).collect();
        p.rooms.push(Room {
            name: format!("r{i}"),
            seats: 10 + r.below(40) as u32,
            penalty: r.below(9) as i32,
            closed,
            ..Room::default()
        });
    }
    p.rooms[0].seats = 60;
    p.resources.push(Resource {
        name: "seats".into(),
        capacity: (0..np).map(|_| 20 + r.below(60) as u32).collect(),
        weight: None,
    });
    p.resources.push(Resource { name: "people".into(), capacity: vec![5; np], weight: Some(3) });
    for i in 0..exams {
        let students: Vec<u32> = (0..60).filter(|_| r.below(12) == 0).collect();
        p.exams.push(Exam {
            name: format!("e{i}"),
            minutes: [60, 90][r.below(2)],
            seats: students.len() as u32,
            rooms: r.below(4) as u32,
            alone: r.below(9) == 0,
            window: (r.below(4) == 0).then(|| (0..np).filter(|x| x % 2 == 0).collect()),
            demand: if r.below(2) == 0 { vec![(0, students.len() as u32), (1, 1)] } else { vec![] },
            students,
            ..Exam::default()
        });
    }
    p.day_limit = (0..60).map(|_| r.below(3) as u8).collect();
    let cost = |f: fn(usize) -> i32| (0..np * np).map(|i| f((i / np).abs_diff(i % np))).collect();
    let clash = (0..np * np).map(|i| i / np == i % np).collect();
    // A kind that is not symmetric as well: it costs when the first exam is right before the second.
    let uneven = Nearness {
        name: "uneven".into(),
        cost: (0..np * np).map(|i| i32::from(i / np + 1 == i % np) * 4).collect(),
    };
    p.kinds.push(LinkKind {
        name: "students".into(),
        clash,
        nearness: vec![Nearness {
            name: "near".into(),
            cost: cost(|d| if d == 1 { 5 } else { i32::from(d == 2) }),
        }],
    });
    p.kinds.push(LinkKind { name: "order".into(), clash: vec![false; np * np], nearness: vec![uneven] });
    p.links = crate::format::common_students(&p.exams, 0);
    p.links.push(Link { a: exams - 1, b: 0, weight: 2, kind: 1 });
    p.relations.push(Relation::After(exams - 1, 1));
    p.relations.push(Relation::Apart(2, 3));
    p.relations.push(Relation::Together(4, 5));
    p.links.retain(|l| (l.a, l.b) != (4, 5));
    p
}

fn check_state(s: &State<'_>, problem: &Problem) {
    let anew = State::new(s.m, s.period.clone(), s.room.clone());
    assert_eq!(*s, anew, "running totals equal a state built from nothing");
    let score = score(problem, &plan_of(s.m, problem, &s.period, &s.room));
    assert_eq!(s.soft, score.cost(), "soft cost equals the plain score");
    assert_eq!(s.hard == 0, score.feasible(), "hard {} against {:?}", s.hard, score.hard);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn running_totals_equal_a_recount_after_any_moves(seed in any::<u64>(), exams in 6usize..30, np in 3usize..12, heat in 1u32..2000) {
        let problem = school(seed, exams, np, 5);
        let Ok(m) = Model::new(&problem) else { return Ok(()) };
        let mut walk = Walk::new(scatter(&m, &mut Random::new(seed), &[]), seed);
        walk.mix = Mix { room: 150, swap: 200, chain: 200, repack: 50, periods: 50 };
        for _ in 0..5 {
            walk.heat = f64::from(heat);
            walk.run(200);
            check_state(&walk.s, &problem);
        }
    }

    #[test]
    fn a_refused_proposal_leaves_everything_as_it_was(seed in any::<u64>(), exams in 6usize..30) {
        let problem = school(seed, exams, 9, 4);
        let Ok(m) = Model::new(&problem) else { return Ok(()) };
        let mut walk = Walk::new(scatter(&m, &mut Random::new(seed), &[]), seed);
        walk.mix = Mix { room: 100, swap: 300, chain: 300, repack: 50, periods: 50 };
        walk.heat = 30.0;
        for _ in 0..500 {
            let (before, taken) = (walk.s.clone(), walk.accepted);
            walk.run(1);
            if walk.accepted == taken {
                prop_assert_eq!(&before, &walk.s);
            }
        }
    }
}

fn by_proposals(problem: &Problem, seed: u64, start: Option<Plan>) -> super::Outcome {
    let control = Control { clock: &|| 0.0, cancel: &AtomicBool::new(false), progress: &|_| {} };
    let options = Options { seed, limit: Limit::Proposals(60_000), start, ..Options::default() };
    solve(problem, &options, &control).unwrap()
}

#[test]
fn equal_seeds_give_equal_plans_on_one_thread() {
    let mut problem = school(3, 20, 12, 6);
    problem.rooms.iter_mut().for_each(|r| r.closed.clear());
    assert_eq!(by_proposals(&problem, 5, None), by_proposals(&problem, 5, None));
}

#[test]
fn a_warm_start_never_ends_worse_than_the_plan_it_started_from() {
    let mut problem = school(8, 20, 12, 6);
    problem.rooms.iter_mut().for_each(|r| r.closed.clear());
    let first = by_proposals(&problem, 1, None);
    let again = by_proposals(&problem, 2, Some(first.plan.clone()));
    let rank = |o: &super::Outcome| (o.score.breaches(), o.score.cost());
    assert!(rank(&again) <= rank(&first));
}

#[test]
fn cancel_stops_at_once_and_returns_a_plan() {
    let problem = school(3, 20, 12, 6);
    let control = Control { clock: &|| 0.0, cancel: &AtomicBool::new(true), progress: &|_| {} };
    let options = Options { limit: Limit::CpuSeconds(1e9), ..Options::default() };
    let outcome = solve(&problem, &options, &control).unwrap();
    assert_eq!(outcome.plan.period.len(), 20);
}

#[test]
fn an_empty_problem_has_an_empty_plan() {
    let outcome = by_proposals(&Problem::default(), 1, None);
    assert!(outcome.score.feasible());
    assert_eq!(outcome.plan, Plan::empty(0));
}
