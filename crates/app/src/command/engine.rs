//! The engines' own commands: they need no database and no settings, so they run before either is looked at.

use crate::machine::{SystemClock, SystemRandom};
use clap::Parser;
use regie_core::{Clock as _, Random as _};
use std::ffi::OsString;
use std::process::ExitCode;

/// Everything behind the engine's name, which the engine reads itself: `--help` too.
#[derive(Debug, clap::Args)]
#[command(disable_help_flag = true)]
pub struct Words {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    words: Vec<OsString>,
}

/// Test and item statistics, item response models, marker agreement, grades.
#[derive(Parser)]
#[command(name = "regie stats", version)]
struct Stats {
    #[command(subcommand)]
    command: regie_psychometrics::command::StatsCommand,
}

impl Words {
    fn named(self, name: &str) -> impl Iterator<Item = OsString> {
        std::iter::once(OsString::from(name)).chain(self.words)
    }
}

pub fn timetable(words: Words) -> ExitCode {
    let outside = regie_timetable::command::Outside { cpu: &cpu_seconds };
    regie_timetable::command::run(words.named("regie timetable"), outside)
}

pub fn qti(words: Words) -> ExitCode {
    regie_qti::command::run(words.named("regie qti"))
}

pub fn stats(words: Words) -> ExitCode {
    let stats = match Stats::try_parse_from(words.named("regie stats")) {
        Ok(stats) => stats,
        Err(told) => told.exit(),
    };
    let start = std::time::Instant::now();
    let clock = || (start.elapsed().as_secs_f64(), cpu_seconds());
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let result = regie_psychometrics::command::run(&stats.command, &mut out, &clock);
    let flushed = std::io::Write::flush(&mut out);
    ended(
        result.and_then(|well| {
            flushed.map(|()| well).map_err(|e| format!("the output cannot be written: {e}"))
        }),
    )
}

pub fn oke(words: Words) -> ExitCode {
    let arguments = match regie_oke::command::Arguments::try_parse_from(words.named("regie oke")) {
        Ok(arguments) => arguments,
        Err(told) => told.exit(),
    };
    let outside = regie_oke::outside::Outside::new(|| SystemClock.now(), |bytes| SystemRandom.fill(bytes));
    ended(regie_oke::command::run(arguments, &outside, &mut std::io::stdout()))
}

/// 0 when all is well, 1 when it is not, 2 when it could not be found out.
fn ended(result: Result<bool, String>) -> ExitCode {
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(reason) => {
            #[allow(clippy::print_stderr, reason = "a command tells its user why it stopped")]
            {
                eprintln!("{reason}");
            }
            ExitCode::from(2)
        }
    }
}

fn cpu_seconds() -> f64 {
    let cpu = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    cpu.tv_sec as f64 + cpu.tv_nsec as f64 * 1e-9
}
