//! The commands: `check`, `simulate`, `conform`. The binary `regie-oke` runs them, and so can any other.

mod check;

use std::io::Write;

use clap::{Parser, Subcommand};

use crate::outside::Outside;

/// OKE MBO-toetsafname: look at messages, play a party, judge a party.
#[derive(Debug, Parser)]
#[command(name = "regie-oke", version, about)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Judge one message in a file.
    Check(check::Check),
}

/// Runs a command; the answer is whether all is well.
///
/// # Errors
/// A sentence on what went wrong and what to do about it.
pub fn run(arguments: Arguments, outside: &Outside, out: &mut dyn Write) -> Result<bool, String> {
    let _ = outside;
    match arguments.command {
        Command::Check(check) => check.run(out),
    }
}
