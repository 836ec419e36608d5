//! `explain`: why here, why not there, and why not at all.

use super::load::Instance;
use super::{Format, Outside, Stop};
use crate::explain::{Requirement, alternatives, clashing, exam_costs, missing, student_costs};
use crate::score::breaches;
use crate::search::Control;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

/// Options of `explain`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The form the instance is written in.
    #[arg(long, value_enum)]
    format: Format,
    /// The instance.
    instance: PathBuf,
    /// The plan to explain. Without a plan: which requirements cannot be met together.
    #[arg(long)]
    solution: Option<PathBuf>,
    /// Number of slots (Toronto only).
    #[arg(long)]
    periods: Option<usize>,
    /// Number or name of an exam: every other period with what it would cost.
    #[arg(long)]
    exam: Option<String>,
    /// Most lines of a list.
    #[arg(long, default_value_t = 10)]
    most: usize,
    /// Proposals for each trial when looking for what clashes.
    #[arg(long, default_value_t = 2_000_000)]
    effort: u64,
}

pub(super) fn run(args: &Args, outside: Outside<'_>) -> Result<bool, Stop> {
    let instance = Instance::load(args.format, &args.instance, args.periods)?;
    instance.problem.sound().map_err(Stop::input)?;
    match &args.solution {
        Some(path) => here(args, &instance, path),
        None => Ok(clash(args, &instance, outside)),
    }
}

fn here(args: &Args, instance: &Instance, path: &PathBuf) -> Result<bool, Stop> {
    let (problem, plan) = (&instance.problem, instance.plan(path)?);
    let (score, list) = breaches(problem, &plan);
    println!("The plan costs {}:", instance.cost(score.cost()));
    for (name, cost) in score.soft.iter().filter(|x| *x.1 != 0) {
        println!("  {cost:>8}  {}", name.replace('_', " "));
    }
    for b in list.iter().take(args.most) {
        println!("  broken: {}", b.text);
    }
    let costs = exam_costs(problem, &plan);
    let name = |e: usize| problem.exams.get(e).map_or("?", |x| x.name.as_str());
    let Some(asked) = &args.exam else {
        let mut order: Vec<usize> = (0..costs.len()).collect();
        order.sort_by(|&a, &b| costs.get(b).partial_cmp(&costs.get(a)).unwrap_or(std::cmp::Ordering::Equal));
        println!("The dearest exams (what two share is counted half with each):");
        for e in order.into_iter().take(args.most) {
            println!("  {:>8.1}  {}", costs.get(e).copied().unwrap_or(0.0), name(e));
        }
        println!("The students who bear most:");
        for (s, cost) in student_costs(problem, &plan).into_iter().take(args.most) {
            println!("  {cost:>8}  student {s}");
        }
        return Ok(score.feasible());
    };
    let by_number = asked.parse().ok().filter(|&e: &usize| e < problem.exams.len());
    let exam = by_number.or_else(|| problem.exams.iter().position(|e| e.name == *asked));
    let exam =
        exam.ok_or_else(|| Stop::input(format!("there is no exam {asked}; give a number from 0 or a name")))?;
    let period = |p: usize| problem.periods.get(p).map_or("?", |x| x.name.as_str());
    let at = plan.period.get(exam).copied().flatten();
    println!(
        "{} is in {} and costs {:.1} there.",
        name(exam),
        at.map_or("no period", period),
        costs.get(exam).copied().unwrap_or(0.0)
    );
    let list = alternatives(problem, &plan, exam);
    let (free, barred): (Vec<_>, Vec<_>) = list.iter().partition(|a| a.breaks.is_empty());
    println!(
        "It could also be, everything else staying, in {} of the {} other periods:",
        free.len(),
        list.len()
    );
    for a in free.iter().take(args.most) {
        let parts: Vec<String> =
            a.parts.iter().map(|(k, v)| format!("{} {v:+}", k.replace('_', " "))).collect();
        let rooms: Vec<&str> =
            a.rooms.iter().filter_map(|&r| problem.rooms.get(r)).map(|r| r.name.as_str()).collect();
        let room = if rooms.is_empty() { String::new() } else { format!(" room {}", rooms.join(", ")) };
        println!("  {:+}  {}{room}  ({})", a.change, period(a.period), parts.join(", "));
    }
    println!("It cannot be, because:");
    for a in barred.iter().take(args.most) {
        let more =
            if a.breaks.len() > 1 { format!(" (and {} more)", a.breaks.len() - 1) } else { String::new() };
        println!("  {}: {}{more}", period(a.period), a.breaks.first().map_or("", String::as_str));
    }
    Ok(score.feasible())
}

fn clash(args: &Args, instance: &Instance, outside: Outside<'_>) -> bool {
    let problem = &instance.problem;
    let cancel = AtomicBool::new(false);
    let control = Control { clock: outside.cpu, cancel: &cancel, progress: &|_| {} };
    let Some(core) = clashing(problem, args.effort, 1, &control) else {
        println!("A plan that meets every requirement exists.");
        return true;
    };
    println!("No plan was found that meets these together; without any one of them there is one:");
    for &r in &core {
        println!("  - {}", r.words(problem));
        if let Requirement::Capacity(k) = r {
            for (p, n) in missing(problem, k, args.effort, 1, &control).into_iter().take(args.most) {
                let when = problem.periods.get(p).map_or("?", |x| x.name.as_str());
                println!("      it would fit with {n} more in {when}");
            }
        }
    }
    if core.is_empty() {
        println!("  (an exam fits in no period or room by itself)");
    }
    false
}
