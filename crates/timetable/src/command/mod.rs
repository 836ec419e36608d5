//! The commands: `solve`, `check`, `explain`, `generate`, `replan`, `roster`, `oral`, `bench`. `regie timetable …` and the binary
//! `regie-timetable` both call [`run`].

mod bench;
mod check;
mod defence;
mod explain;
mod generate;
mod load;
mod oral;
mod replan;
mod roster;
mod solve;

use clap::{Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use std::process::ExitCode;

/// What a command has to ask from outside.
#[derive(Clone, Copy)]
pub struct Outside<'a> {
    /// CPU seconds of this process.
    pub cpu: &'a (dyn Fn() -> f64 + Sync),
}

/// Plans exam sessions and oral exams.
///
/// Exit codes: 0 the plan breaks no must; 1 it does, or none exists; 2 a file or option could not be read;
/// 3 a result could not be written.
#[derive(Debug, Parser)]
#[command(name = "regie-timetable", version)]
pub struct Line {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a plan within a number of CPU seconds and write it in the benchmark's own form.
    Solve(solve::Args),
    /// Count what a plan costs and name every broken must.
    Check(check::Args),
    /// Say what an exam costs where it is and what it would cost elsewhere; or why no plan exists.
    Explain(explain::Args),
    /// Make a school to try things on, with a planted plan and disruptions.
    Generate(generate::Args),
    /// Repair a published school plan after its disruptions, with as few changes as possible.
    Replan(replan::Args),
    /// Give the invigilators of a school their duties, as evenly as can be.
    Roster(roster::Args),
    /// Plan oral exams minute by minute; mend the day when an examiner falls ill.
    Oral(oral::Args),
    /// Run a benchmark set with several seeds; goes on where it stopped.
    Bench(bench::Args),
}

/// The file forms that can be read and written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// ITC 2007 examination track, text.
    Itc2007,
    /// Toronto (Carter): NAME.crs with NAME.stu beside it; needs --periods.
    Toronto,
    /// Curriculum-based exams of the Udine family, JSON.
    Uett,
    /// Thesis defences with committees, JSON.
    ThesisDefence,
    /// A school in our own form, JSON (see `generate`).
    Regie,
}

/// Why a command stopped, with its exit code.
#[derive(Debug)]
pub struct Stop {
    code: u8,
    text: String,
}

impl Stop {
    fn input(text: impl Into<String>) -> Self {
        Stop { code: 2, text: text.into() }
    }

    fn output(path: &std::path::Path, e: &std::io::Error) -> Self {
        Stop { code: 3, text: format!("{} could not be written: {e}", path.display()) }
    }
}

/// Runs a command line, the program's name first.
pub fn run(words: impl IntoIterator<Item = std::ffi::OsString>, outside: Outside<'_>) -> ExitCode {
    let line = match Line::try_parse_from(words) {
        Ok(line) => line,
        Err(e) => {
            let _ = e.print();
            return ExitCode::from(if e.use_stderr() { 2 } else { 0 });
        }
    };
    let done = match line.command {
        Command::Solve(args) => solve::run(&args, outside),
        Command::Check(args) => check::run(&args),
        Command::Explain(args) => explain::run(&args, outside),
        Command::Generate(args) => generate::run(&args),
        Command::Replan(args) => replan::run(&args, outside),
        Command::Roster(args) => roster::run(&args),
        Command::Oral(args) => oral::run(&args, outside),
        Command::Bench(args) => bench::run(&args, outside),
    };
    match done {
        Ok(feasible) => ExitCode::from(u8::from(!feasible)),
        Err(stop) => {
            eprintln!("{}", stop.text);
            ExitCode::from(stop.code)
        }
    }
}

fn read(path: &PathBuf) -> Result<String, Stop> {
    let bytes =
        std::fs::read(path).map_err(|e| Stop::input(format!("{} could not be read: {e}", path.display())))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
