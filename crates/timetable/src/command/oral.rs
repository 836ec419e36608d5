//! `oral`: minute planning of oral exams.

use super::load::wrong;
use super::{Outside, Stop, read, solve::show};
use crate::format::json;
use crate::oral::{self, Options, Orals, Plan};
use crate::search::{Control, Limit, Progress};
use serde_json::json as value;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

/// Options of `oral`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The orals (JSON); with --generate it is written instead of read.
    instance: PathBuf,
    /// Make orals for this many students, with a planted plan.
    #[arg(long)]
    generate: Option<usize>,
    /// CPU seconds.
    #[arg(long, default_value_t = 30.0)]
    cpu_seconds: f64,
    /// Seed.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// A plan people have been told: it changes as little as possible.
    #[arg(long)]
    known: Option<PathBuf>,
    /// Number of a panel that cannot sit any more, from the minute of --from.
    #[arg(long)]
    ill: Option<usize>,
    /// Minute of the day from which the panel is missing.
    #[arg(long, default_value_t = 0)]
    from: u32,
    /// Where the plan goes.
    #[arg(long)]
    out: Option<PathBuf>,
}

pub(super) fn run(args: &Args, outside: Outside<'_>) -> Result<bool, Stop> {
    let save =
        |path: &PathBuf, text: String| std::fs::write(path, text + "\n").map_err(|e| Stop::output(path, &e));
    if let Some(students) = args.generate {
        let (o, planted) = oral::generate(students, args.seed);
        save(&args.instance, serde_json::to_string(&o).unwrap_or_default())?;
        println!("{}", value!({"orals": o.orals.len(), "panels": o.panels.len(), "planted": planted}));
        return Ok(planted.unplaced == 0);
    }
    let mut o: Orals = json(&read(&args.instance)?).map_err(|e| wrong(&args.instance, &e))?;
    if let Some(panel) = args.ill {
        if panel >= o.panels.len() {
            return Err(Stop::input(format!(
                "there is no panel {panel}; there are {}, counted from 0",
                o.panels.len()
            )));
        }
        o = oral::fall_ill(&o, panel, args.from);
    }
    let known = args.known.as_ref().map(|p| json::<Plan>(&read(p)?).map_err(|e| wrong(p, &e))).transpose()?;
    let cancel = AtomicBool::new(false);
    let bar = |p: &Progress| show(p, &|c| format!("{c} minutes of waiting"));
    let control = Control { clock: outside.cpu, cancel: &cancel, progress: &bar };
    let limit = Limit::CpuSeconds((args.cpu_seconds - (outside.cpu)()).max(0.01));
    let (plan, score) =
        oral::solve(&o, &Options { seed: args.seed, limit, known }, &control).map_err(Stop::input)?;
    if let Some(out) = &args.out {
        save(out, serde_json::to_string(&plan).unwrap_or_default())?;
    }
    let feasible = score.unplaced == 0 && score.breaches == 0;
    let work: u32 = o.orals.iter().map(|x| x.exam + x.judging).sum();
    let line = value!({
        "feasible": feasible,
        "cost": score.waiting,
        "cpu_s": ((outside.cpu)() * 1e3).round() / 1e3,
        "components": score,
        // What no plan can avoid: the work itself. What lies above it is waiting and idle time.
        "bound": work,
        "gap": f64::from(score.waiting + score.idle) / f64::from(work.max(1)),
        "proven_best": oral::reaches_bound(&score),
    });
    println!("{line}");
    Ok(feasible)
}
