//! Thesis defences in `solve` and `check`.

use super::{Outside, Stop, check, load::wrong, read, solve};
use crate::defence;
use crate::search::{Control, Limit, Progress};
use serde_json::{Value, json};
use std::sync::atomic::AtomicBool;

fn report(problem: &defence::Problem, s: &defence::Score, cpu: f64) -> (bool, Value) {
    let feasible = s.breaches == 0 && s.scheduled == problem.defences;
    let parts = json!({"scheduled": s.scheduled, "defences": problem.defences, "at_most": defence::at_most(problem), "workload": s.workload, "non_consecutive": s.non_consecutive, "breaches": s.breaches});
    (
        feasible,
        json!({"feasible": feasible, "cost": s.workload, "cpu_s": (cpu * 1e3).round() / 1e3, "components": parts}),
    )
}

pub(super) fn run_solve(args: &solve::Args, outside: Outside<'_>) -> Result<bool, Stop> {
    let problem = defence::read(&read(&args.instance)?).map_err(|e| wrong(&args.instance, &e))?;
    let limit = args.limit(outside);
    let bar = |p: &Progress| solve::show(p, &|c| c.to_string());
    let silent = |_: &Progress| {};
    let cancel = AtomicBool::new(false);
    let control =
        Control { clock: outside.cpu, cancel: &cancel, progress: if args.quiet { &silent } else { &bar } };
    let (plan, score) = defence::solve(&problem, args.seed, limit, &control);
    std::fs::write(&args.out, defence::write(&plan)).map_err(|e| Stop::output(&args.out, &e))?;
    let (feasible, line) = report(&problem, &score, (outside.cpu)());
    println!("{line}");
    Ok(feasible)
}

pub(super) fn run_check(args: &check::Args) -> Result<bool, Stop> {
    let problem = defence::read(&read(&args.instance)?).map_err(|e| wrong(&args.instance, &e))?;
    let plan = defence::read_plan(&problem, &read(&args.solution)?).map_err(|e| wrong(&args.solution, &e))?;
    let (feasible, line) = report(&problem, &defence::score(&problem, &plan), 0.0);
    println!("{line}");
    Ok(feasible)
}

/// Kept beside its users: the limit of a run, reading time included.
impl solve::Args {
    pub(super) fn limit(&self, outside: Outside<'_>) -> Limit {
        match self.proposals {
            Some(n) => Limit::Proposals(n),
            None => Limit::CpuSeconds((self.cpu_seconds - (outside.cpu)()).max(0.01)),
        }
    }
}
