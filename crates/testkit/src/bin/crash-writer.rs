//! A process to kill: 64 tasks claim seats through a real use case (foreign key, guarded seat, journal, outbox, request
//! id) while the sealer runs, and say on standard output what was acknowledged: `A <task> <number>`. The one who
//! kills it remembers, in another process, and looks afterwards.
//!
//!     crash-writer sqlite PATH full|off ROUND
//!     crash-writer postgres ADDRESS - ROUND
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::expect_used)] // a tool of the tests; its panics are findings

use regie_core::Caller;
use regie_core::clock::new_id;
use regie_core::id::RequestId;
use regie_db::{Db, PostgresSettings, SealSettings, Settings, Signer, Synchronous};
use regie_testkit::crash::{Claim, claim, school};
use regie_testkit::{RealClock, SeededRandom};
use std::io::Write;
use std::sync::Arc;

const TASKS: u64 = 64;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [kind, place, sync, round] = arguments.try_into().expect("sqlite|postgres PLACE full|off ROUND");
    let round: u64 = round.parse().expect("the round is a number");
    let settings = match kind.as_str() {
        "sqlite" => Settings::Sqlite {
            path: place.into(),
            readers: 2,
            synchronous: if sync == "off" { Synchronous::Off } else { Synchronous::Full },
        },
        _ => Settings::Postgres(PostgresSettings {
            url: place,
            connections: 16,
            authority: None,
            row_security: false,
        }),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let random = Arc::new(SeededRandom::new(round * 1_000_003 + u64::from(std::process::id())));
        let db = Db::open(settings, Arc::new(RealClock), random.clone()).expect("the database opens");
        let key = std::env::temp_dir().join(format!("regie-crash-key-{}", std::process::id()));
        let signer = Arc::new(Signer::open(&key, &*random).unwrap());
        let _ = std::fs::remove_file(key);
        let _sealer = db.start_sealer(signer, SealSettings::default(), |_| {});
        let mut tasks = tokio::task::JoinSet::new();
        for task in 0..TASKS {
            let (db, random) = (db.clone(), random.clone());
            tasks.spawn(async move {
                for number in 0.. {
                    let (task, number) = (i64::try_from(task).unwrap(), round as i64 * 10_000_000 + number);
                    let request: RequestId = new_id(&RealClock, &*random);
                    let caller =
                        Caller { request: Some(request), ..Caller::system(school(), jiff::Timestamp::now()) };
                    let said = match claim(&db, &caller, Claim { task, number }).await {
                        Ok(()) => format!("A {task} {number}\n"),
                        Err(error) => format!("E {error}\n"),
                    };
                    // One write, so that a line is whole or absent.
                    if std::io::stdout().lock().write_all(said.as_bytes()).is_err() {
                        return;
                    }
                    if said.starts_with('E') {
                        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
                    }
                }
            });
        }
        while tasks.join_next().await.is_some() {}
    });
}
