//! A backup is worth what its restore brings back, so every test here restores.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use jiff::SignedDuration;
use regie_core::Caller;
use regie_core::id::{Id, PersonId};
use regie_db::{
    Ask, Db, Erasure, Error, Event, Folders, Ledger, Outgoing, PostgresSettings, Settings, Signer,
    Synchronous, Trust, restore, statements,
};
use regie_testkit::{World, both, empty_database};
use std::path::Path;

statements! {
    fn lines() -> (i64,) = "SELECT count(*) FROM journal WHERE institution = $1";
    fn payloads() -> (Option<String>,) = "SELECT payload FROM journal WHERE institution = $1 AND action = 'grade.set' ORDER BY stamp, id";
}

async fn line(db: &Db, caller: &Caller, subject: PersonId) {
    db.write::<(), Error, _, _>(caller, (), move |tx, ()| {
        Box::pin(async move {
            tx.send(Outgoing::new("grade.changed", 1, subject, serde_json::json!({})));
            Ok(tx.done((), Event::new("grade.set", subject).new_value(serde_json::json!("7.5"))))
        })
    })
    .await
    .unwrap();
}

fn folders(dir: &Path) -> Folders {
    let keys = ["key", "erasures"].map(|name| (name.to_owned(), dir.join(name)));
    Folders { blobs: Some(dir.join("blobs")), keys: keys.into() }
}

/// Owner's address: pg_dump sees all rows.
async fn elsewhere(world: &World, dir: &Path) -> Settings {
    if world.db.is_postgres() {
        Settings::Postgres(PostgresSettings {
            url: empty_database().await,
            connections: 4,
            authority: None,
            row_security: false,
        })
    } else {
        Settings::Sqlite { path: dir.join("regie.db"), readers: 2, synchronous: Synchronous::Full }
    }
}

/// The database as its owner sees it.
fn owned(world: &World) -> Db {
    let settings = match &world.settings {
        Settings::Postgres(judged) => Settings::Postgres(PostgresSettings {
            url: judged.url.replace("user=judged", "user=regie"),
            row_security: false,
            ..judged.clone()
        }),
        sqlite => sqlite.clone(),
    };
    Db::open(settings, world.clock.clone(), world.random.clone()).unwrap()
}

both! {
    async fn what_was_saved_under_load_comes_back_whole(world: World) {
        let here = world.dir.path();
        std::fs::create_dir_all(here.join("blobs/ab")).unwrap();
        std::fs::write(here.join("blobs/ab/cd"), b"a scanned form").unwrap();
        let signer = Signer::open(&here.join("key"), &*world.random).unwrap();
        let (caller, subject) = (world.system(), world.id());
        for _ in 0..10 { line(&world.db, &caller, subject).await; }
        world.seal().await;
        world.db.checkpoint(world.school, &signer).await.unwrap().unwrap();
        // Some line that is not sealed yet when the backup is made, and somebody who writes on.
        line(&world.db, &caller, subject).await;
        let (db, busy) = (world.db.clone(), caller.clone());
        let writing = tokio::spawn(async move { loop { line(&db, &busy, subject).await; } });
        let archive = here.join("saved.regie");
        let manifest = owned(&world).backup(&archive, &folders(here)).await.unwrap();
        writing.abort();
        assert!(manifest.entries.contains_key("blobs/ab/cd") && manifest.entries.contains_key("keys/key"));

        let there = tempfile::tempdir().unwrap();
        let settings = elsewhere(&world, there.path()).await;
        restore(&settings, &archive, &folders(there.path())).await.unwrap();
        assert_eq!(std::fs::read(there.path().join("blobs/ab/cd")).unwrap(), b"a scanned form");
        let db = Db::open(settings.clone(), world.clock.clone(), world.random.clone()).unwrap();
        assert_eq!(db.restored(&Ledger::new(there.path().join("erasures"))).await, Ok(0));
        let trust = Trust { keys: vec![Signer::open(&there.path().join("key"), &*world.random).unwrap().public_key()], ..Trust::default() };
        let verdict = db.verify(world.school, &trust).await.unwrap();
        assert_eq!((verdict.flaw, verdict.sealed), (None, 10));
        assert!(verdict.unsealed >= 1);
        // Life goes on there: new lines come after all old ones and are sealed.
        line(&db, &caller, subject).await;
        let total = db.reader(world.school).one(lines()).await.unwrap().0;
        while !db.unsealed_schools().await.unwrap().is_empty() { db.seal(world.school).await.unwrap(); }
        let verdict = db.verify(world.school, &trust).await.unwrap();
        assert_eq!((verdict.flaw, verdict.sealed), (None, total));
        assert!(!db.claim(world.school, 10, SignedDuration::from_secs(5)).await.unwrap().rows.is_empty(), "messages came along");

        // Nothing is written over.
        drop(db);
        let again = restore(&settings, &archive, &folders(there.path())).await.unwrap_err().to_string();
        assert!(again.contains("writes over nothing"), "{again}");
    }

    async fn what_was_erased_since_the_backup_is_erased_again(world: World) {
        let here = world.dir.path();
        let signer = Signer::open(&here.join("key"), &*world.random).unwrap();
        let ledger = Ledger::new(here.join("erasures"));
        let noor: PersonId = world.id();
        line(&world.db, &world.system(), noor).await;
        world.seal().await;
        let archive = here.join("saved.regie");
        owned(&world).backup(&archive, &folders(here)).await.unwrap();
        let erasure = Erasure { subjects: vec![noor.uuid()], persons: vec![], reason: "asked for it".into() };
        assert_eq!(world.db.erase(&world.system(), &erasure, &signer, &ledger).await, Ok(1));

        let there = tempfile::tempdir().unwrap();
        let settings = elsewhere(&world, there.path()).await;
        restore(&settings, &archive, &Folders::default()).await.unwrap();
        let db = Db::open(settings, world.clock.clone(), world.random.clone()).unwrap();
        assert_eq!(db.restored(&ledger).await, Ok(1));
        assert_eq!(db.reader(world.school).all(payloads()).await.unwrap(), vec![(None,)]);
        while !db.unsealed_schools().await.unwrap().is_empty() { db.seal(world.school).await.unwrap(); }
        assert_eq!(db.verify(world.school, &Trust::default()).await.unwrap().flaw, None);
    }

    async fn a_damaged_archive_is_refused_before_anything_is_put_back(world: World) {
        let here = world.dir.path();
        line(&world.db, &world.system(), world.id()).await;
        let archive = here.join("saved.regie");
        owned(&world).backup(&archive, &Folders::default()).await.unwrap();
        let whole = std::fs::read(&archive).unwrap();
        for at in [600, whole.len() / 2, whole.len() - 3000] {
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            std::fs::write(&archive, &bytes).unwrap();
            let there = tempfile::tempdir().unwrap();
            let settings = elsewhere(&world, there.path()).await;
            let refused = restore(&settings, &archive, &Folders::default()).await.unwrap_err().to_string();
            assert!(refused.contains("is damaged"), "byte {at}: {refused}");
            assert!(!there.path().join("regie.db").exists());
        }
        std::fs::write(&archive, &whole[..whole.len() / 3]).unwrap();
        let settings = elsewhere(&world, tempfile::tempdir().unwrap().path()).await;
        assert!(restore(&settings, &archive, &Folders::default()).await.unwrap_err().to_string().contains("is damaged"));
    }

    async fn the_doctor_says_what_is_wrong_and_what_to_do(world: World) {
        let db = owned(&world);
        let says = async || db.doctor().await.unwrap().into_iter().map(|a| format!("{}; {}", a.what, a.way_out)).collect::<Vec<_>>();
        let usual = says().await;
        // The shared cluster of the tests runs without fsync, and the doctor sees it.
        assert_eq!(usual.iter().any(|a| a.contains("fsync is off")), world.db.is_postgres(), "{usual:?}");
        line(&world.db, &world.system(), world.id()).await;
        world.clock.forward(SignedDuration::from_mins(30));
        let late = says().await;
        assert!(late.iter().any(|a| a.contains("has not been sealed")), "{late:?}");
        assert!(late.iter().any(|a| a.contains("more than ten minutes late")), "{late:?}");
        world.seal().await;
        let claim = db.claim(world.school, 10, SignedDuration::from_secs(5)).await.unwrap();
        db.undeliverable(world.school, claim.lease, &claim.rows[0], "no such address").await.unwrap();
        world.seal().await;
        let dead = says().await;
        assert!(dead.iter().any(|a| a.contains("1 messages could not be delivered") && a.contains("Dead letters")), "{dead:?}");
        assert!(!dead.iter().any(|a| a.contains("sealed")), "{dead:?}");
        world.outside("UPDATE migration SET checksum = 'x' WHERE number = 1", "UPDATE migration SET checksum = 'x' WHERE number = 1").await;
        assert!(says().await[0].contains("was applied as 0001_ground with another text"));
    }
}
