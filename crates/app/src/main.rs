use clap::Parser as _;
use regie_app::command::{Command, Engine, run};
use regie_app::settings::Settings;
use std::process::ExitCode;

/// The open platform for the whole exam chain of Dutch vocational schools.
#[derive(clap::Parser)]
#[command(name = "regie", version)]
struct Regie {
    #[command(flatten)]
    settings: regie_app::settings::Given,
    #[command(subcommand)]
    command: Any,
}

#[derive(clap::Subcommand)]
enum Any {
    #[command(flatten)]
    Installation(Command),
    #[command(flatten)]
    Engine(Engine),
}

fn main() -> ExitCode {
    let given = Regie::parse();
    let command = match given.command {
        Any::Engine(engine) => return engine.run(),
        Any::Installation(command) => command,
    };
    let settings = match Settings::read(given.settings) {
        Ok(settings) => settings,
        Err(error) => return failed(&error),
    };
    regie_app::machine::log(&settings);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&error.to_string()),
    };
    match runtime.block_on(run(command, settings)) {
        Ok(code) => code,
        Err(error) => failed(&error),
    }
}

fn failed(error: &str) -> ExitCode {
    #[allow(clippy::print_stderr, reason = "a command tells its user why it stopped")]
    {
        eprintln!("regie: {error}");
    }
    ExitCode::FAILURE
}
