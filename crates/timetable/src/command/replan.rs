//! `replan`: mend a published plan after what went wrong.

use super::load::{Instance, wrong};
use super::{Format, Outside, Stop, read};
use crate::problem::Plan;
use crate::school;
use crate::score::breaches;
use crate::search::{Control, Limit, Options, solve};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

/// Options of `replan`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A school in our own form, with a published plan and disruptions.
    instance: PathBuf,
    /// Moments before this number are past or too near: nothing there may change.
    #[arg(long, default_value_t = 0)]
    frozen: usize,
    /// CPU seconds.
    #[arg(long, default_value_t = 10.0)]
    cpu_seconds: f64,
    /// Seed.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Where the new plan goes.
    #[arg(long)]
    out: PathBuf,
}

pub(super) fn run(args: &Args, outside: Outside<'_>) -> Result<bool, Stop> {
    let s = school::read(&read(&args.instance)?).map_err(|e| wrong(&args.instance, &e))?;
    let published =
        s.published.clone().ok_or_else(|| Stop::input("the school has no published plan to start from"))?;
    let (now, problem) = school::replan(&s, &published, &(0..args.frozen).collect::<BTreeSet<_>>());
    let start = Plan {
        period: published.iter().map(|&m| Some(m)).collect(),
        rooms: vec![Vec::new(); published.len()],
    };
    let cancel = AtomicBool::new(false);
    let control = Control { clock: outside.cpu, cancel: &cancel, progress: &|_| {} };
    let limit = Limit::CpuSeconds((args.cpu_seconds - (outside.cpu)()).max(0.05));
    let options = Options { seed: args.seed, limit, start: Some(start), ..Options::default() };
    let outcome = solve(&problem, &options, &control).map_err(|e| Stop { code: 1, text: e })?;
    let (before, _) = breaches(
        &problem,
        &Plan { period: published.iter().map(|&m| Some(m)).collect(), ..outcome.plan.clone() },
    );
    println!("The published plan breaks {} musts after what happened.", before.breaches());
    let name =
        |m: Option<usize>| m.and_then(|m| problem.periods.get(m)).map_or("nowhere", |p| p.name.as_str());
    let mut moved = 0;
    for (e, (&old, &new)) in published.iter().zip(&outcome.plan.period).enumerate() {
        if new == Some(old) {
            continue;
        }
        moved += 1;
        let mut back = outcome.plan.clone();
        if let Some(p) = back.period.get_mut(e) {
            *p = Some(old);
        }
        let known = breaches(&problem, &outcome.plan).1;
        let why = breaches(&problem, &back).1.into_iter().find(|b| !known.contains(b));
        let why = why.map_or_else(|| "it costs less".to_owned(), |b| b.text);
        let exam = problem.exams.get(e).map_or("?", |x| x.name.as_str());
        println!("{exam}: {} -> {}, because otherwise: {why}", name(Some(old)), name(new));
    }
    let instance = Instance { format: Format::Regie, problem, divide: None, school: Some(now) };
    std::fs::write(&args.out, instance.write(&outcome.plan)).map_err(|e| Stop::output(&args.out, &e))?;
    let mut line = instance.report(&outcome.score, (outside.cpu)());
    if let Some(map) = line.as_object_mut() {
        map.insert("moved".into(), moved.into());
        map.insert("sittings".into(), published.len().into());
    }
    println!("{line}");
    Ok(outcome.score.feasible())
}
