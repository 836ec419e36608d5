//! The commands. Each says what it did in a line or two.

mod backup;
mod doctor;
pub mod engine;
mod restore;
mod rotate;
mod verify;

use crate::machine::{SystemClock, SystemRandom};
use crate::settings::Settings;
use crate::{demo, serve};
use regie_db::Db;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Serve pages and run the jobs of this node.
    Serve,
    /// Bring the database up to date.
    Migrate,
    /// Fill an empty database with a demo school.
    Demo {
        /// How large the school is.
        #[arg(long, value_enum, default_value_t = demo::Size::Medium)]
        size: demo::Size,
        /// The same seed gives the same school.
        #[arg(long, default_value_t = 7)]
        seed: u64,
    },
    /// Prove that no journal line was altered, removed, planted or moved.
    Verify,
    /// Make a new key for second factors and providers' secrets, and put them all under it.
    RotateKey {
        /// Throw the older keys away; do this once every node was restarted since the last rotation.
        #[arg(long)]
        forget: bool,
    },
    /// Say what is wrong with this installation, and what to do.
    Doctor,
    /// Write one archive of database, files and keys, while everybody works on.
    Backup {
        /// The archive to write; it must not be there yet.
        file: PathBuf,
        /// Only this institution, by its short name; its archive can be restored beside others, on either database.
        #[arg(long, value_name = "SLUG")]
        institution: Option<String>,
    },
    /// Put an archive back into an empty place, or one institution beside the others.
    Restore {
        /// The archive to read.
        file: PathBuf,
    },
}

/// An engine on its own, for files.
#[derive(Debug, clap::Subcommand)]
pub enum Engine {
    /// Plan exam sessions and oral exams, and explain the plan.
    Timetable(engine::Words),
    /// QTI items and tests: score, check, convert, render, run.
    Qti(engine::Words),
    /// Test and item statistics, calibration, marker agreement, grades.
    Stats(engine::Words),
    /// Exchange by OKE: judge a message, play a party, test a party.
    Oke(engine::Words),
}

impl Engine {
    pub fn run(self) -> ExitCode {
        match self {
            Engine::Timetable(words) => engine::timetable(words),
            Engine::Qti(words) => engine::qti(words),
            Engine::Stats(words) => engine::stats(words),
            Engine::Oke(words) => engine::oke(words),
        }
    }
}

pub async fn run(command: Command, settings: Settings) -> Result<ExitCode, String> {
    match command {
        Command::Serve => serve::serve(settings).await.map(|()| ExitCode::SUCCESS),
        Command::Migrate => {
            let db = open(&settings)?;
            let applied = db.migrate().await.map_err(|error| error.to_string())?;
            match applied.as_slice() {
                [] => say("the database is up to date"),
                names => say(&format!("applied: {}", names.join(", "))),
            }
            Ok(ExitCode::SUCCESS)
        }
        Command::Demo { size, seed } => {
            let db = open(&settings)?;
            db.migrate().await.map_err(|error| error.to_string())?;
            let made = demo::fill(&db, size, seed).await.map_err(|error| error.to_string())?;
            papers(&settings).await?;
            say(&made);
            Ok(ExitCode::SUCCESS)
        }
        Command::Verify => verify::verify(&settings).await,
        Command::RotateKey { forget } => rotate::rotate(&settings, forget).await,
        Command::Doctor => doctor::doctor(&settings).await,
        Command::Backup { file, institution } => {
            backup::backup(&settings, &file, institution.as_deref()).await
        }
        Command::Restore { file } => restore::restore(&settings, &file).await,
    }
}

/// The files that the documents of the demo are.
async fn papers(settings: &Settings) -> Result<(), String> {
    let files = regie_files::Files::on_disk(&settings.imports()).map_err(|error| error.to_string())?;
    let accept = regie_files::Accept { most_bytes: 1 << 20, kinds: None };
    for text in demo::FILES {
        files.put_bytes(text, accept, &SystemRandom).await.map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// The database of these settings, its folder made when needed.
pub fn open(settings: &Settings) -> Result<Db, String> {
    std::fs::create_dir_all(&settings.data)
        .map_err(|error| format!("{}: {error}", settings.data.display()))?;
    Db::open(settings.database.clone(), Arc::new(SystemClock), Arc::new(SystemRandom))
        .map_err(|error| error.to_string())
}

#[allow(clippy::print_stdout, reason = "a command answers its user")]
pub fn say(line: &str) {
    println!("{line}");
}
