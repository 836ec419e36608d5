//! The commands of the engine as a binary of their own.

use std::process::ExitCode;

fn main() -> ExitCode {
    regie_qti::command::run(std::env::args_os())
}
