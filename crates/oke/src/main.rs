//! The binary `regie-oke`: gives the commands their clock, their dice and their output.

use std::process::ExitCode;

use clap::Parser;
use regie_oke::command::{Arguments, run};
use regie_oke::outside::Outside;

fn main() -> ExitCode {
    match run(Arguments::parse(), &outside(), &mut std::io::stdout()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(reason) => {
            eprintln!("{reason}");
            ExitCode::from(2)
        }
    }
}

#[allow(clippy::disallowed_methods, reason = "the binary owns the clock and the dice")]
fn outside() -> Outside {
    Outside::new(jiff::Timestamp::now, |bytes| rand::Rng::fill(&mut rand::rng(), bytes))
}
