//! Makes a client with every scope in a demo school that is not being served, and prints `id:secret`: for
//! `scripts/contract`. Its role comes second on the command line.
//!
//!     client FOLDER administrator
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "it prints what it made")]

use regie_app::demo;
use regie_app::machine::{SystemClock, SystemRandom};
use regie_core::id::Id as _;
use regie_core::{Caller, Role};
use regie_db::{Db, Settings, Synchronous};
use regie_signin::client::{AddClient, ApiScope, add};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [folder, role] = words.as_slice() else {
        eprintln!("client FOLDER ROLE");
        return ExitCode::from(2);
    };
    let made = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())
        .and_then(|runtime| runtime.block_on(make(folder, role)));
    match made {
        Ok(client) => {
            println!("{client}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("client: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn make(folder: &str, role: &str) -> Result<String, String> {
    let told = |error: &dyn std::fmt::Display| error.to_string();
    let role = Role::from_code(role).ok_or_else(|| format!("{role} is no role"))?;
    let path = PathBuf::from(folder).join("regie.db");
    let settings = Settings::Sqlite { path, readers: 1, synchronous: Synchronous::Full };
    let db =
        Db::open(settings, Arc::new(SystemClock), Arc::new(SystemRandom)).map_err(|error| told(&error))?;
    let school = regie_people::institution::by_slug(&db, demo::SLUG).await.map_err(|error| told(&error))?;
    let school = school.ok_or("there is no demo school in this folder")?.id;
    let input = AddClient {
        id: regie_core::clock::new_id(&SystemClock, &SystemRandom),
        name: "Contract".into(),
        role,
        scopes: ApiScope::ALL.to_vec(),
    };
    let system = Caller::system(school, db.now());
    let (id, secret) = add(&db, &system, &SystemRandom, input).await.map_err(|error| told(&error))?;
    Ok(format!("{}:{}", id.uuid(), secret.secret()))
}
