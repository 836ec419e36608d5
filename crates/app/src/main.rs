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
    let given = match Regie::try_parse() {
        Ok(given) => given,
        Err(error) => return unreadable(&error),
    };
    let command = match given.command {
        Any::Engine(engine) => return engine.run(),
        Any::Installation(command) => command,
    };
    let settings = match Settings::read(given.settings) {
        Ok(settings) => settings,
        Err(error) => return failed(&error),
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&error.to_string()),
    };
    let logging = {
        let _inside = runtime.enter();
        regie_app::machine::log(&settings)
    };
    let telling = match logging {
        Ok(telling) => telling,
        Err(error) => return failed(&error),
    };
    let ended = runtime.block_on(run(command, settings));
    telling.end();
    match ended {
        Ok(code) => code,
        Err(error) => failed(&error),
    }
}

/// Help, or what is wrong with the command line or with the environment, which the parser does not tell apart.
fn unreadable(error: &clap::Error) -> ExitCode {
    let _ = error.print();
    if let Some(clap::error::ContextValue::String(argument)) = error.get(clap::error::ContextKind::InvalidArg)
    {
        let flag = argument.split(' ').next().unwrap_or_default();
        let variable = format!("REGIE_{}", flag.trim_start_matches('-').replace('-', "_").to_uppercase());
        #[allow(clippy::disallowed_methods, reason = "the app reads the environment")]
        let set = std::env::var_os(&variable).is_some();
        if set && !std::env::args().any(|word| word == flag || word.starts_with(&format!("{flag}="))) {
            failed(&format!("it stands in the environment, as {variable}"));
        }
    }
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

fn failed(error: &str) -> ExitCode {
    #[allow(clippy::print_stderr, reason = "a command tells its user why it stopped")]
    {
        eprintln!("regie: {error}");
    }
    ExitCode::FAILURE
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_flags_of_all_parts_fit_together() {
        Regie::command().debug_assert();
    }
}
