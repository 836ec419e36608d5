//! The statistics commands as a program of their own.

use clap::Parser;
use regie_psychometrics::command::{StatsCommand, run};
use std::process::ExitCode;

/// Test and item statistics, item response models, marker agreement, grades.
#[derive(Parser)]
#[command(name = "regie-stats", version)]
struct Arguments {
    #[command(subcommand)]
    command: StatsCommand,
}

fn main() -> ExitCode {
    let start = std::time::Instant::now();
    let clock = || {
        let cpu = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
        (start.elapsed().as_secs_f64(), cpu.tv_sec as f64 + cpu.tv_nsec as f64 * 1e-9)
    };
    let arguments = Arguments::parse();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let result = run(&arguments.command, &mut out, &clock);
    let flushed = std::io::Write::flush(&mut out);
    match (result, flushed) {
        (Ok(true), Ok(())) => ExitCode::SUCCESS,
        (Ok(false), Ok(())) => ExitCode::from(1),
        (Err(sentence), _) => {
            eprintln!("{sentence}");
            ExitCode::from(2)
        }
        (Ok(_), Err(error)) => {
            eprintln!("the output cannot be written: {error}");
            ExitCode::from(2)
        }
    }
}
