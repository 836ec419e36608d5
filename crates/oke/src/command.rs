//! The commands: `check`, `simulate`, `conform`. The binary `regie-oke` runs them, and so can any other.

mod check;
mod conform;
mod openapi;
mod simulate;

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
    /// Be a student administration, a planner or a delivery system.
    Simulate(simulate::Simulate),
    /// Test somebody's student administration, planner or delivery system.
    Conform(conform::Conform),
    /// Print the OpenAPI document of a party.
    Openapi(openapi::Openapi),
}

/// Runs a command; the answer is whether all is well.
///
/// # Errors
/// A sentence on what went wrong and what to do about it.
pub fn run(arguments: Arguments, outside: &Outside, out: &mut dyn Write) -> Result<bool, String> {
    match arguments.command {
        Command::Check(check) => check.run(out),
        Command::Simulate(simulate) => simulate.run(outside, out),
        Command::Conform(conform) => conform.run(outside, out),
        Command::Openapi(openapi) => openapi.run(out),
    }
}

fn runtime() -> Result<tokio::runtime::Runtime, String> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("The program cannot start its tasks: {error}."))
}
