//! `roster`: invigilators for a school plan.

use super::load::wrong;
use super::{Stop, read};
use crate::{roster, school};
use serde_json::json;
use std::path::PathBuf;

/// Options of `roster`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The school.
    instance: PathBuf,
    /// Its plan, as `solve` writes it.
    solution: PathBuf,
    /// Where the duties go.
    #[arg(long)]
    out: PathBuf,
}

pub(super) fn run(args: &Args) -> Result<bool, Stop> {
    let s = school::read(&read(&args.instance)?).map_err(|e| wrong(&args.instance, &e))?;
    let plan = school::read_plan(&s, &read(&args.solution)?).map_err(|e| wrong(&args.solution, &e))?;
    let r = roster::roster(&s, &plan);
    let moment = |m: usize| s.moments.get(m).map_or("?", |x| x.name.as_str());
    let site = |i: usize| s.sites.get(i).map_or("?", String::as_str);
    let name = |i: usize| s.invigilators.get(i).map_or("?", |x| x.name.as_str());
    let duties: Vec<_> = r
        .duties
        .iter()
        .map(
            |d| json!({"moment": moment(d.moment), "site": site(d.site), "invigilator": name(d.invigilator)}),
        )
        .collect();
    let text = serde_json::to_string_pretty(&duties).unwrap_or_default() + "\n";
    std::fs::write(&args.out, text).map_err(|e| Stop::output(&args.out, &e))?;
    for &(m, at, n) in &r.short {
        println!("{} {}: {n} too few", moment(m), site(at));
    }
    println!(
        "{}",
        json!({"feasible": r.short.is_empty(), "duties": r.duties.len(), "missing": r.short.iter().map(|x| x.2).sum::<u32>()})
    );
    Ok(r.short.is_empty())
}
