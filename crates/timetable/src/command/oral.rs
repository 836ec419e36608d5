//! `oral`: minute planning of oral exams.

use super::load::wrong;
use super::{Outside, Stop, read, solve::show};
use crate::format::json;
use crate::oral::{self, Options, Orals, Plan};
use crate::search::{Control, Limit, Progress};
use serde_json::json as value;
use std::collections::BTreeSet;
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
    let left = || (args.cpu_seconds - (outside.cpu)()).max(0.01);
    // Small islands are searched to the end, or as far as a quarter of the time allows.
    let islands = oral::islands(&o);
    let small = |island: &[usize]| {
        let students: BTreeSet<usize> =
            island.iter().filter_map(|&x| o.orals.get(x)).map(|x| x.student).collect();
        students.len() <= 35
    };
    let provable = known.is_none() && islands.iter().any(|i| small(i));
    let limit = Limit::CpuSeconds(if provable { 0.75 * left() } else { left() });
    let options = Options { seed: args.seed, limit, known };
    let (mut plan, _) = oral::solve(&o, &options, &control).map_err(Stop::input)?;
    let mut proven = Vec::new();
    for (i, island) in islands.iter().enumerate() {
        let part = oral::only(&o, island);
        let mine: Plan = island.iter().map(|&x| plan.get(x).copied().flatten()).collect();
        let price = oral::score(&part, &mine, None).price();
        if !provable || !small(island) || price == 0 {
            proven.push((price, 0, price == 0));
            continue;
        }
        let until = (outside.cpu)() + left() / (islands.len() - i) as f64;
        let proof = oral::prove(&part, price, &|| (outside.cpu)() < until);
        if let Some(best) = &proof.best {
            island.iter().zip(best).for_each(|(&x, &place)| {
                if let Some(old) = plan.get_mut(x) {
                    *old = place;
                }
            });
        }
        let price = proof.best.as_ref().map_or(price, |_| proof.bound);
        proven.push((price, proof.bound, price == proof.bound));
    }
    let score = oral::score(&o, &plan, options.known.as_ref());
    if let Some(out) = &args.out {
        save(out, serde_json::to_string(&plan).unwrap_or_default())?;
    }
    let feasible = score.unplaced == 0 && score.breaches == 0;
    // What no plan can avoid: the work itself and, when nobody waits, the holes that were proven.
    let work: i64 = o.orals.iter().map(|x| i64::from(x.exam + x.judging)).sum();
    let holes: i64 = if score.waiting == 0 { proven.iter().map(|p| p.1).sum() } else { 0 };
    let bound = work + holes.min(i64::from(score.idle));
    let total = work + i64::from(score.waiting) + i64::from(score.idle);
    let each = proven
        .iter()
        .zip(&islands)
        .map(|(p, i)| value!({"orals": i.len(), "price": p.0, "bound": p.1, "proven_best": p.2}));
    let line = value!({
        "feasible": feasible,
        "cost": score.waiting,
        "cpu_s": ((outside.cpu)() * 1e3).round() / 1e3,
        "components": score,
        "bound": bound,
        "gap": (total - bound) as f64 / bound.max(1) as f64,
        "proven_best": feasible && options.known.is_none() && proven.iter().all(|p| p.2),
        "islands": each.collect::<Vec<_>>(),
    });
    println!("{line}");
    Ok(feasible)
}
