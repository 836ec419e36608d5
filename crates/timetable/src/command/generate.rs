//! `generate`: a school to try things on.

use super::Stop;
use crate::generate::{Wish, school, size};
use std::path::PathBuf;

/// Options of `generate`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// tiny (40 students), small (600), medium (3000), large (12000), huge (25000), or a number.
    #[arg(long, default_value = "small")]
    size: String,
    /// Seed: equal seeds make equal schools.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Part of the open seats that the planted plan fills, 0.5 to 0.95.
    #[arg(long, default_value_t = 0.85)]
    load: f64,
    /// Invigilators needed against those available, 0.6 to 1.05.
    #[arg(long, default_value_t = 0.85)]
    people: f64,
    /// Take 3 to 8 % of the seats away, so that the plan breaks; the rooms are listed.
    #[arg(long)]
    over_constrained: bool,
    /// Leave the planted plan out.
    #[arg(long)]
    secret: bool,
    /// Where the school goes.
    #[arg(long)]
    out: PathBuf,
}

pub(super) fn run(args: &Args) -> Result<bool, Stop> {
    let students = size(&args.size).or_else(|| args.size.parse().ok());
    let students = students
        .ok_or_else(|| Stop::input("--size is tiny, small, medium, large, huge or a number of students"))?;
    let wish = Wish {
        seed: args.seed,
        students,
        load: args.load,
        people: args.people,
        over_constrained: args.over_constrained,
    };
    let mut s = school(&wish);
    let p = crate::school::problem(&s);
    if args.secret {
        s.published = None;
        s.disruptions.clear();
    }
    let text = serde_json::to_string(&s).map_err(|e| Stop { code: 3, text: e.to_string() })?;
    std::fs::write(&args.out, text + "\n").map_err(|e| Stop::output(&args.out, &e))?;
    let n = s.sittings.len();
    let pairs = (n * n.saturating_sub(1) / 2).max(1);
    let seats: usize = s.sittings.iter().map(|x| x.students.len()).sum();
    println!(
        "{} students, {} groups, {} sites, {} rooms, {} moments, {n} sittings, {seats} enrolments, conflict density {:.1} %",
        s.students.len(),
        s.groups.len(),
        s.sites.len(),
        s.rooms.len(),
        s.moments.len(),
        p.links.len() as f64 * 100.0 / pairs as f64,
    );
    Ok(true)
}
