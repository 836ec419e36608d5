//! `bench`: runs of a benchmark set, one line per run in a file; runs that are in the file are not made again.

use super::load::Instance;
use super::{Format, Outside, Stop, read};
use crate::defence;
use crate::search::{Control, Limit, Options, solve};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

/// Options of `bench`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which form the instances have.
    #[arg(long, value_enum)]
    format: Format,
    /// The instances; Toronto ones as NAME.crs:SLOTS.
    #[arg(required = true)]
    instances: Vec<String>,
    /// Seeds 1 to this.
    #[arg(long, default_value_t = 10)]
    seeds: u64,
    /// CPU seconds a run.
    #[arg(long, default_value_t = 300.0)]
    cpu_seconds: f64,
    /// Threads.
    #[arg(long, default_value_t = 1)]
    threads: usize,
    /// One JSON line per run; the command goes on where this file ends.
    #[arg(long)]
    runs: PathBuf,
}

fn key(v: &Value) -> String {
    let text = |k: &str| v.get(k).map(Value::to_string).unwrap_or_default();
    format!("{} {} {} {}", text("instance"), text("seed"), text("limit"), text("threads"))
}

pub(super) fn run(args: &Args, outside: Outside<'_>) -> Result<bool, Stop> {
    let mut rows: Vec<Value> = Vec::new();
    if args.runs.exists() {
        rows.extend(read(&args.runs)?.lines().filter_map(|l| serde_json::from_str(l).ok()));
    }
    let mut file = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(&args.runs)
        .map_err(|e| Stop::output(&args.runs, &e))?;
    for asked in &args.instances {
        let (path, slots) = match asked.rsplit_once(':') {
            Some((p, n)) if n.parse::<usize>().is_ok() => (p, n.parse().ok()),
            _ => (asked.as_str(), None),
        };
        let path = PathBuf::from(path);
        let name = path.file_stem().map(|x| x.to_string_lossy().into_owned()).unwrap_or_default();
        for seed in 1..=args.seeds {
            let mut row =
                json!({"instance": name, "seed": seed, "limit": args.cpu_seconds, "threads": args.threads});
            if rows.iter().any(|r| key(r) == key(&row)) {
                continue;
            }
            eprintln!("{name} seed {seed}");
            let done = one(args, &path, slots, seed, outside)?;
            if let (Some(a), Some(b)) = (row.as_object_mut(), done.as_object()) {
                a.extend(b.clone());
            }
            writeln!(file, "{row}").map_err(|e| Stop::output(&args.runs, &e))?;
            rows.push(row);
        }
    }
    table(&rows);
    Ok(true)
}

fn one(
    args: &Args,
    path: &PathBuf,
    slots: Option<usize>,
    seed: u64,
    outside: Outside<'_>,
) -> Result<Value, Stop> {
    let cancel = AtomicBool::new(false);
    let control = Control { clock: outside.cpu, cancel: &cancel, progress: &|_| {} };
    let limit = Limit::CpuSeconds(args.cpu_seconds);
    let begin = (outside.cpu)();
    if args.format == Format::ThesisDefence {
        let problem = defence::read(&read(path)?).map_err(|e| super::load::wrong(path, &e))?;
        let (_, s) = defence::solve(&problem, seed, limit, &control);
        let most = defence::at_most(&problem);
        return Ok(
            json!({"feasible": s.scheduled == most, "cost": s.workload, "cpu_s": (outside.cpu)() - begin, "scheduled": s.scheduled, "at_most": most}),
        );
    }
    let instance = Instance::load(args.format, path, slots)?;
    let options = Options { seed, threads: args.threads, limit, ..Options::default() };
    let o = solve(&instance.problem, &options, &control).map_err(Stop::input)?;
    let rate = o.proposals as f64 / o.cpu_seconds.max(1e-9);
    Ok(
        json!({"feasible": o.score.feasible(), "cost": instance.cost(o.score.cost()), "cpu_s": o.cpu_seconds, "proposals_per_s": rate}),
    )
}

/// Median, best and worst per instance, as a table for the docs.
fn table(rows: &[Value]) {
    let mut by: BTreeMap<String, Vec<(f64, bool)>> = BTreeMap::new();
    for r in rows {
        let text = |k: &str| r.get(k).map(|v| v.to_string().replace('"', "")).unwrap_or_default();
        let name = format!("{} | {} s x {}", text("instance"), text("limit"), text("threads"));
        let cost = r.get("cost").and_then(Value::as_f64).unwrap_or(f64::NAN);
        by.entry(name).or_default().push((cost, r.get("feasible") == Some(&Value::Bool(true))));
    }
    println!("| instance | limit | runs | feasible | median | best | worst |\n|---|---|---|---|---|---|---|");
    for (name, mut list) in by {
        list.sort_by(|a, b| a.0.total_cmp(&b.0));
        let at = |i: usize| list.get(i).map_or(f64::NAN, |x| x.0);
        let n = list.len();
        let median = (at((n - 1) / 2) + at(n / 2)) / 2.0;
        let feasible = list.iter().filter(|x| x.1).count();
        println!("| {name} | {n} | {feasible} | {median} | {} | {} |", at(0), at(n - 1));
    }
}
