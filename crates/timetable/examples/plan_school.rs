//! Makes a small school, plans it, seats it and says what it costs: `cargo run --example plan_school`.
#![allow(clippy::print_stdout)]

use regie_timetable::generate::{Wish, school};
use regie_timetable::school::{problem, seat};
use regie_timetable::search::{Control, Limit, Options, solve};
use std::sync::atomic::AtomicBool;

fn main() -> Result<(), String> {
    let school = school(&Wish { seed: 1, students: 300, load: 0.85, people: 0.9, over_constrained: false });
    let problem = problem(&school);
    let control = Control { clock: &|| 0.0, cancel: &AtomicBool::new(false), progress: &|_| {} };
    let outcome =
        solve(&problem, &Options { limit: Limit::Proposals(500_000), ..Options::default() }, &control)?;
    println!("feasible {}, cost {}", outcome.score.feasible(), outcome.score.cost());
    for place in seat(&school, &outcome.plan).iter().take(10) {
        println!("{place:?}");
    }
    Ok(())
}
