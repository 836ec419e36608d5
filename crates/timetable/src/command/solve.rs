//! `solve`: make a plan.

use super::load::Instance;
use super::{Format, Outside, Stop};
use crate::search::{Control, Options, Progress, solve};
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

/// Options of `solve`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The form the instance is written in.
    #[arg(long, value_enum)]
    pub format: Format,
    /// The instance.
    pub instance: PathBuf,
    /// Number of slots (Toronto only).
    #[arg(long)]
    pub periods: Option<usize>,
    /// CPU seconds, of all threads together.
    #[arg(long, default_value_t = 60.0)]
    pub cpu_seconds: f64,
    /// Stop after this many proposals instead: the same seed then gives the same plan (one thread).
    #[arg(long, conflicts_with = "cpu_seconds")]
    pub proposals: Option<u64>,
    /// Threads.
    #[arg(long, default_value_t = 1)]
    pub threads: usize,
    /// Seed: another seed walks another way.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Start from this plan instead of from nothing.
    #[arg(long)]
    pub start: Option<PathBuf>,
    /// Start and end temperature, for experiments: "40,0.5".
    #[arg(long, value_parser = two)]
    pub heat: Option<(f64, f64)>,
    /// Where the solution goes.
    #[arg(long)]
    pub out: PathBuf,
    /// No progress on the error output.
    #[arg(long)]
    pub quiet: bool,
}

fn two(text: &str) -> Result<(f64, f64), String> {
    let (a, b) = text.split_once(',').ok_or("two numbers with a comma")?;
    let read = |t: &str| t.trim().parse::<f64>().ok().filter(|x| *x > 0.0).ok_or("a number above 0");
    Ok((read(a)?, read(b)?))
}

pub(super) fn run(args: &Args, outside: Outside<'_>) -> Result<bool, Stop> {
    if !args.cpu_seconds.is_finite() || args.cpu_seconds <= 0.0 {
        return Err(Stop::input("--cpu-seconds must be a number above 0"));
    }
    if args.format == Format::ThesisDefence {
        return super::defence::run_solve(args, outside);
    }
    let instance = Instance::load(args.format, &args.instance, args.periods)?;
    let start = args.start.as_ref().map(|p| instance.plan(p)).transpose()?;
    let limit = args.limit(outside);
    let options =
        Options { seed: args.seed, threads: args.threads, limit, start, heat: args.heat, first: false };
    let cancel = AtomicBool::new(false);
    let bar = |p: &Progress| show(p, &|c| instance.cost(c).to_string());
    let silent = |_: &Progress| {};
    let control =
        Control { clock: outside.cpu, cancel: &cancel, progress: if args.quiet { &silent } else { &bar } };
    let outcome = solve(&instance.problem, &options, &control)
        .map_err(|e| Stop { code: 1, text: format!("no plan is possible: {e}") })?;
    if !args.quiet {
        let rate = outcome.proposals as f64 / outcome.cpu_seconds.max(1e-9) / 1e6;
        eprintln!("\r{:<100}", format!("{:.2} million proposals per CPU second", rate));
    }
    std::fs::write(&args.out, instance.write(&outcome.plan)).map_err(|e| Stop::output(&args.out, &e))?;
    println!("{}", instance.report(&outcome.score, (outside.cpu)()));
    Ok(outcome.score.feasible())
}

/// The bar on the error output: one line that rewrites itself on a terminal, few lines elsewhere.
pub(super) fn show(p: &Progress, cost: &dyn Fn(i64) -> String) {
    let mut err = std::io::stderr();
    let filled = (p.fraction * 20.0) as usize;
    let bar: String = (0..20).map(|i| if i < filled { '#' } else { '.' }).collect();
    let best = p.best.map_or_else(|| "none yet".to_owned(), cost);
    let rate = p.proposals as f64 / p.cpu_seconds.max(1e-9) / 1e6;
    let line = format!("[{bar}] best {best}  {}  {rate:.2} M proposals/s", p.phase);
    let _ = if err.is_terminal() { write!(err, "\r{line:<100}") } else { writeln!(err, "{line}") };
    let _ = err.flush();
}
