//! The commands of the planning engine as a binary of their own.

use regie_timetable::command::{Outside, run};
use rustix::time::{ClockId, clock_gettime};
use std::process::ExitCode;

fn cpu_seconds() -> f64 {
    let t = clock_gettime(ClockId::ProcessCPUTime);
    t.tv_sec as f64 + t.tv_nsec as f64 * 1e-9
}

fn main() -> ExitCode {
    run(std::env::args_os(), Outside { cpu: &cpu_seconds })
}
