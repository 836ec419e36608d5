//! `check`: what a plan costs and which musts it breaks.

use super::load::Instance;
use super::{Format, Stop};
use crate::score::breaches;
use std::path::PathBuf;

/// Options of `check`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The form the instance is written in.
    #[arg(long, value_enum)]
    pub format: Format,
    /// The instance.
    pub instance: PathBuf,
    /// The solution.
    pub solution: PathBuf,
    /// Number of slots (Toronto only).
    #[arg(long)]
    periods: Option<usize>,
    /// Most broken musts to print.
    #[arg(long, default_value_t = 50)]
    most: usize,
}

pub(super) fn run(args: &Args) -> Result<bool, Stop> {
    if args.format == Format::ThesisDefence {
        return super::defence::run_check(args);
    }
    let instance = Instance::load(args.format, &args.instance, args.periods)?;
    instance.problem.sound().map_err(Stop::input)?;
    let plan = instance.plan(&args.solution)?;
    let (score, list) = breaches(&instance.problem, &plan);
    for b in list.iter().take(args.most) {
        println!("{}: {}", b.rule, b.text);
    }
    if list.len() > args.most {
        println!("… and {} more", list.len() - args.most);
    }
    println!("{}", instance.report(&score, 0.0));
    Ok(score.feasible())
}
