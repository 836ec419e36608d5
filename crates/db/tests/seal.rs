//! The journal proves itself: whatever somebody with the administrator's password alters, removes, moves, plants or
//! cuts off is found and named, on both databases; lawful erasure is not mistaken for it.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use regie_core::id::{DeviceId, Id, InstitutionId, PersonId};
use regie_core::{Caller, Role};
use regie_db::{
    Ask, Checkpoint, Db, Erasure, Error, Event, Flaw, Ledger, SealSettings, Sealed, Signer, Trust, statements,
};
use regie_testkit::{World, both};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use uuid::Uuid;

statements! {
    fn ids() -> (Uuid,) = "SELECT id FROM journal WHERE institution = $1 ORDER BY stamp, id";
    fn payloads(subject: Uuid) -> (Option<String>,) = "SELECT payload FROM journal WHERE institution = $1 AND subject = $2";
    fn lines_with_salt(subject: Uuid) -> (i64,) = "SELECT count(*) FROM journal WHERE institution = $1 AND subject = $2 AND salt IS NOT NULL";
}

fn somebody(world: &World) -> Caller {
    Caller {
        account: Some(world.id()),
        client: Some(world.id()),
        mandate: Some(world.id()),
        device: Some((world.id::<DeviceId>(), 4)),
        ..world.caller(Role::ExamOffice)
    }
}

async fn line(db: &Db, caller: &Caller, subject: PersonId, name: String) {
    db.write::<(), Error, _, _>(caller, name, move |tx, name| {
        Box::pin(async move {
            let event = Event::new("grade.set", subject)
                .old(serde_json::json!({ "grade": null }))
                .new_value(serde_json::json!({ "grade": "7.5", "é": [1, 2.50] }))
                .why(name);
            Ok(tx.done((), event))
        })
    })
    .await
    .unwrap();
}

/// Lines "line 1" … "line n", sealed in several blocks.
async fn journal(world: &World, lines: usize) -> Vec<Uuid> {
    let caller = somebody(world);
    for n in 1..=lines {
        line(&world.db, &caller, world.id(), format!("line {n}")).await;
        if n % 7 == 0 {
            world.seal().await;
        }
    }
    world.seal().await;
    world.db.reader(world.school).all(ids()).await.unwrap().into_iter().map(|(id,)| id).collect()
}

async fn flaw(world: &World, trust: &Trust) -> Option<Flaw> {
    world.db.verify(world.school, trust).await.unwrap().flaw
}

const COPY: &str = "CREATE TABLE journal_copy AS SELECT * FROM journal;
    CREATE TABLE seal_copy AS SELECT * FROM journal_seal; CREATE TABLE head_copy AS SELECT * FROM journal_head;";
const BACK: &str = "DELETE FROM journal; INSERT INTO journal SELECT * FROM journal_copy;
    DELETE FROM journal_seal; INSERT INTO journal_seal SELECT * FROM seal_copy;
    DELETE FROM journal_head; INSERT INTO journal_head SELECT * FROM head_copy;";

/// Each column with something else to put in it.
const CHANGES: &[(&str, &str, &str)] = &[
    ("institution", "x'00000000000000000000000000000009'", "'00000000-0000-0000-0000-000000000009'"),
    ("id", "x'00000000000000000000000000000009'", "'00000000-0000-0000-0000-000000000009'"),
    ("recorded_at", "recorded_at + 1", "recorded_at + interval '1 microsecond'"),
    ("occurred_at", "occurred_at - 1", "occurred_at - interval '1 microsecond'"),
    ("account", "x'00000000000000000000000000000009'", "'00000000-0000-0000-0000-000000000009'"),
    ("person", "NULL", "NULL"),
    ("client", "x'00000000000000000000000000000009'", "'00000000-0000-0000-0000-000000000009'"),
    ("role", "'examOfficer'", "'examOfficer'"),
    ("mandate", "NULL", "NULL"),
    ("source", "'api'", "'api'"),
    ("device", "x'00000000000000000000000000000009'", "'00000000-0000-0000-0000-000000000009'"),
    ("device_sequence", "device_sequence + 1", "device_sequence + 1"),
    ("action", "'grade.get'", "'grade.get'"),
    ("subject_kind", "'room'", "'room'"),
    ("subject", "x'00000000000000000000000000000009'", "'00000000-0000-0000-0000-000000000009'"),
    ("reason", "'line 8 '", "'line 8 '"),
    ("payload", "replace(payload, '7.5', '8.5')", "replace(payload, '7.5', '8.5')"),
    ("salt", "x'00'", "'\\x00'"),
    ("erased_at", "recorded_at", "recorded_at"),
    // Beyond the watermark, so that it would count as a new line.
    ("stamp", "stamp + 1000000", "stamp + 1000000"),
];

both! {
    async fn an_altered_column_is_found_in_the_row_it_stands_in(world: World) {
        let ids = journal(&world, 20).await;
        assert_eq!(flaw(&world, &Trust::default()).await, None);
        world.outside(COPY, COPY).await;
        for (column, sqlite, postgres) in CHANGES {
            let set = |to: &str| format!("UPDATE journal SET {column} = {to} WHERE reason = 'line 8'");
            world.outside(&set(sqlite), &set(postgres)).await;
            let found = flaw(&world, &Trust::default()).await;
            let (seq, entry) = (8, ids[7]);
            let expected = match *column {
                "institution" | "id" => Flaw::Missing { seq, entry },
                "stamp" => Flaw::Moved { seq, entry },
                "erased_at" => Flaw::Emptied { seq, entry },
                _ => Flaw::Altered { seq, entry },
            };
            assert_eq!(found, Some(expected), "column {column}");
            world.outside(BACK, BACK).await;
        }
        assert_eq!(flaw(&world, &Trust::default()).await, None);
    }

    async fn removed_swapped_planted_and_resealed_lines_are_found(world: World) {
        let ids = journal(&world, 20).await;
        world.outside(COPY, COPY).await;
        let cases: Vec<(&str, Flaw)> = vec![
            ("DELETE FROM journal WHERE reason = 'line 5'", Flaw::Missing { seq: 5, entry: ids[4] }),
            ("DELETE FROM journal WHERE reason = 'line 20'", Flaw::Missing { seq: 20, entry: ids[19] }),
            // Two lines change places.
            ("UPDATE journal SET stamp = stamp + 1000000 WHERE reason IN ('line 5', 'line 6');
              UPDATE journal SET stamp = (SELECT stamp - 1000000 FROM journal o WHERE o.reason = 'line 6') WHERE reason = 'line 5';
              UPDATE journal SET stamp = (SELECT c.stamp FROM journal_copy c WHERE c.reason = 'line 5') WHERE reason = 'line 6'",
             Flaw::Moved { seq: 5, entry: ids[4] }),
            // Their contents change places.
            ("UPDATE journal SET payload = 'x' WHERE reason = 'line 5';
              UPDATE journal SET reason = 'line 55' WHERE reason = 'line 6'", Flaw::Altered { seq: 5, entry: ids[4] }),
            ("DELETE FROM journal_seal WHERE seq = 8", Flaw::SealMissing { seq: 8 }),
            // Without their seal the last lines look planted.
            ("DELETE FROM journal_seal WHERE seq = 15", Flaw::Planted { before: 15, entry: ids[14] }),
            ("UPDATE journal_head SET seq = 19", Flaw::Head { head: 19, seals: 20 }),
        ];
        for (sql, expected) in cases {
            world.outside(sql, sql).await;
            let found = flaw(&world, &Trust::default()).await.unwrap();
            assert_eq!(found, expected, "{sql}");
            world.outside(BACK, BACK).await;
        }
        // A planted line, old enough to look sealed.
        let columns = "recorded_at, occurred_at, source, action, subject_kind, subject, salt";
        let plant = |id: &str| format!(
            "INSERT INTO journal (stamp, institution, id, {columns}) SELECT stamp - 1, institution, {id}, {columns} FROM journal WHERE reason = 'line 1'"
        );
        world.outside(&plant("x'00000000000000000000000000000009'"), &plant("'00000000-0000-0000-0000-000000000009'")).await;
        assert_eq!(flaw(&world, &Trust::default()).await, Some(Flaw::Planted { before: 1, entry: Uuid::from_u128(9) }));
        world.outside(BACK, BACK).await;
        // One bit of one commitment, and of one chain value, inside a block.
        for column in ["commitments", "chains"] {
            world.outside(
                &format!("UPDATE journal_seal SET {column} = CAST(substr({column}, 1, 64) || x'ff' || substr({column}, 66) AS BLOB) WHERE seq = 8"),
                &format!("UPDATE journal_seal SET {column} = set_byte({column}, 64, 255 - get_byte({column}, 64)) WHERE seq = 8"),
            ).await;
            assert_eq!(flaw(&world, &Trust::default()).await, Some(Flaw::Seal { seq: 10, entry: ids[9] }), "{column}");
            world.outside(BACK, BACK).await;
        }
        assert_eq!(flaw(&world, &Trust::default()).await, None);
    }

    async fn a_cut_tail_is_shown_by_a_checkpoint_kept_elsewhere(world: World) {
        let signer = Signer::open(&world.dir.path().join("key"), &*world.random).unwrap();
        journal(&world, 9).await;
        let first = world.db.checkpoint(world.school, &signer).await.unwrap().unwrap();
        assert_eq!(world.db.checkpoint(world.school, &signer).await.unwrap(), None, "nothing new");
        journal(&world, 5).await;
        let kept = world.db.checkpoint(world.school, &signer).await.unwrap().unwrap();
        let elsewhere = [first.to_line(), kept.to_line()];
        let trust = Trust {
            checkpoints: elsewhere.iter().map(|line| Checkpoint::from_line(line).unwrap()).collect(),
            keys: vec![signer.public_key()],
        };
        assert_eq!(flaw(&world, &trust).await, None);
        // Everything since line 9 disappears, tracks covered perfectly.
        let cut = "DELETE FROM journal WHERE stamp >= (SELECT min(stamp) FROM (SELECT stamp FROM journal ORDER BY stamp DESC LIMIT 5) t);
            DELETE FROM journal_seal WHERE seq > 9; DELETE FROM journal_checkpoint WHERE seq > 9;
            UPDATE journal_head SET seq = 9, stamp = (SELECT max(stamp) FROM journal),
              entry = (SELECT id FROM journal ORDER BY stamp DESC LIMIT 1)";
        let chain = hex::encode(first.chain);
        world.outside(&format!("{cut}, chain = x'{chain}'"), &format!("{cut}, chain = '\\x{chain}'")).await;
        assert_eq!(flaw(&world, &Trust::default()).await, None, "inside the database nothing shows");
        assert_eq!(flaw(&world, &trust).await, Some(Flaw::Cut { seq: 14, seals: 9 }));
        // And other lines in their place do not help.
        journal(&world, 5).await;
        assert_eq!(flaw(&world, &trust).await, Some(Flaw::Rewritten { seq: 14 }));
    }

    async fn a_checkpoint_of_another_key_counts_for_nothing(world: World) {
        let ours = Signer::open(&world.dir.path().join("key"), &*world.random).unwrap();
        let theirs = Signer::open(&world.dir.path().join("other"), &*world.random).unwrap();
        journal(&world, 3).await;
        world.db.checkpoint(world.school, &theirs).await.unwrap().unwrap();
        let trust = Trust { checkpoints: vec![], keys: vec![ours.public_key()] };
        assert_eq!(flaw(&world, &trust).await, Some(Flaw::Signature { seq: 3 }));
        let again = Signer::open(&world.dir.path().join("key"), &*world.random).unwrap();
        assert_eq!(again.public_key(), ours.public_key(), "made once, read afterwards");
    }

    async fn what_was_erased_is_gone_and_the_chain_is_whole(world: World) {
        let signer = Signer::open(&world.dir.path().join("key"), &*world.random).unwrap();
        let ledger = Ledger::new(world.dir.path().join("erasures"));
        let noor: PersonId = world.id();
        let office = somebody(&world);
        journal(&world, 4).await;
        for n in 0..3 {
            line(&world.db, &office, noor, format!("about Noor {n}")).await;
        }
        let by_noor = Caller { person: Some(noor), ..world.caller(Role::Student) };
        line(&world.db, &by_noor, world.id(), "by Noor".into()).await;
        let erasure = Erasure { subjects: vec![noor.uuid()], persons: vec![noor], reason: "asked for it".into() };
        let trust = Trust { checkpoints: vec![], keys: vec![signer.public_key()] };
        assert_eq!(world.db.erase(&office, &erasure, &signer, &ledger).await, Ok(4), "unsealed lines were sealed first");
        world.seal().await;
        let verdict = world.db.verify(world.school, &trust).await.unwrap();
        assert_eq!((verdict.flaw, verdict.erased, verdict.sealed, verdict.unsealed), (None, 4, 10, 0));
        let mut reader = world.db.reader(world.school);
        assert_eq!(reader.all(payloads(noor.uuid())).await.unwrap(), vec![(None,), (None,), (None,)]);
        assert_eq!(reader.one(lines_with_salt(noor.uuid())).await.unwrap(), (0,));
        let history = reader.all(regie_db::journal::history(noor.uuid(), 9)).await.unwrap();
        assert!(history.iter().all(|entry| entry.reason.is_none() && entry.person.is_none() && entry.erased_at.is_some()));
        assert_eq!(world.db.erase(&office, &erasure, &signer, &ledger).await, Ok(0), "twice is once");

        // What remains cannot be changed under the cover of the erasure,
        world.outside(COPY, COPY).await;
        let alter = "UPDATE journal SET action = 'grade.got' WHERE erased_at IS NOT NULL AND payload IS NULL";
        world.outside(alter, alter).await;
        assert!(matches!(flaw(&world, &trust).await, Some(Flaw::Emptied { seq: 5, .. })));
        world.outside(BACK, BACK).await;
        // nor another line be emptied,
        let empty = "UPDATE journal SET payload = NULL, salt = NULL, erased_at = recorded_at WHERE reason = 'line 2'";
        world.outside(empty, empty).await;
        assert!(matches!(flaw(&world, &trust).await, Some(Flaw::Emptied { seq: 2, .. })));
        world.outside(BACK, BACK).await;
        // nor an erasure be signed by somebody else.
        let other = Trust { keys: vec![[1; 32]], ..Trust::default() };
        assert!(matches!(flaw(&world, &other).await, Some(Flaw::Emptied { seq: 5, .. })));
    }

    async fn a_restore_brings_nothing_back_that_was_erased(world: World) {
        let signer = Signer::open(&world.dir.path().join("key"), &*world.random).unwrap();
        let ledger = Ledger::new(world.dir.path().join("erasures"));
        let noor: PersonId = world.id();
        line(&world.db, &somebody(&world), noor, "about Noor".into()).await;
        world.seal().await;
        world.outside(COPY, COPY).await;
        let erasure = Erasure { subjects: vec![noor.uuid()], persons: vec![], reason: "asked for it".into() };
        assert_eq!(world.db.erase(&world.system(), &erasure, &signer, &ledger).await, Ok(1));
        world.outside(BACK, BACK).await;
        assert!(world.db.reader(world.school).one(payloads(noor.uuid())).await.unwrap().0.is_some());
        assert_eq!(world.db.erase_again(&ledger).await, Ok(1));
        assert_eq!(world.db.erase_again(&ledger).await, Ok(0));
        assert_eq!(world.db.reader(world.school).one(payloads(noor.uuid())).await.unwrap(), (None,));
        world.seal().await;
        let trust = Trust { keys: vec![signer.public_key()], ..Trust::default() };
        assert_eq!(flaw(&world, &trust).await, None);
    }

    async fn of_several_sealers_each_line_is_sealed_once(world: World) {
        let caller = somebody(&world);
        let twin = Caller { institution: world.twin, ..caller.clone() };
        let stop = Arc::new(std::sync::atomic::AtomicBool::new(false));
        let mut sealers = Vec::new();
        for _ in 0..4 {
            let (db, school, stop) = (world.db.clone(), world.school, stop.clone());
            sealers.push(tokio::spawn(async move {
                let (mut sealed, mut overtaken) = (0, 0);
                while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                    match db.seal(school).await.unwrap() {
                        Sealed::Lines(lines) => sealed += lines,
                        Sealed::Overtaken => overtaken += 1,
                    }
                }
                (sealed, overtaken)
            }));
        }
        let mut writers = Vec::new();
        for n in 0..8 {
            let (db, caller, person) = (world.db.clone(), if n == 0 { twin.clone() } else { caller.clone() }, world.id());
            writers.push(tokio::spawn(async move {
                for n in 0..40 {
                    line(&db, &caller, person, format!("line {n}")).await;
                }
            }));
        }
        for writer in writers { writer.await.unwrap(); }
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
        let mut sealed = 0;
        for sealer in sealers { sealed += sealer.await.unwrap().0; }
        while sealed < 280 {
            if let Sealed::Lines(lines) = world.db.seal(world.school).await.unwrap() { sealed += lines; }
        }
        world.seal().await;
        assert_eq!(sealed, 280);
        let verdict = world.db.verify(world.school, &Trust::default()).await.unwrap();
        assert_eq!((verdict.flaw, verdict.sealed, verdict.unsealed), (None, 280, 0));
        let twin = world.db.verify(world.twin, &Trust::default()).await.unwrap();
        assert_eq!((twin.sealed, twin.unsealed), (0, 40), "each school has its own chain");
    }

    async fn the_running_sealer_seals_every_school_within_a_second(world: World) {
        let signer = Arc::new(Signer::open(&world.dir.path().join("key"), &*world.random).unwrap());
        let told: Arc<Mutex<Vec<Checkpoint>>> = Arc::default();
        let heard = told.clone();
        let _sealer = world.db.start_sealer(signer, SealSettings::default(), move |checkpoint| {
            heard.lock().unwrap().push(checkpoint);
        });
        let schools: Vec<InstitutionId> = (0..12).map(|_| world.id()).collect();
        for school in &schools {
            let caller = Caller { institution: *school, ..somebody(&world) };
            line(&world.db, &caller, world.id(), "one".into()).await;
        }
        let written = Instant::now();
        while !world.db.unsealed_schools().await.unwrap().is_empty() {
            assert!(written.elapsed() < Duration::from_secs(10), "the sealer does not come");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        // Generous, because the machine may be full; the pace itself is a fifth of a second.
        assert!(written.elapsed() < Duration::from_secs(3), "{:?}", written.elapsed());
        for school in &schools {
            let verdict = world.db.verify(*school, &Trust::default()).await.unwrap();
            assert_eq!((verdict.sealed, verdict.flaw), (1, None));
        }
        while told.lock().unwrap().len() < 12 {
            assert!(written.elapsed() < Duration::from_secs(10), "no checkpoints");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert!(told.lock().unwrap().iter().all(Checkpoint::holds));
        assert_eq!(world.db.seal_lag().failures(), 0);
    }
}

/// The whole reason for the xmin rule: a transaction that began earlier may commit later.
#[tokio::test]
async fn an_open_transaction_holds_the_seal_back_and_is_not_overtaken() {
    let world = World::postgres().await;
    let regie_db::Settings::Postgres(settings) = &world.settings else { panic!() };
    let owner = settings.url.replace("user=judged", "user=regie");
    let (client, connection) = tokio_postgres::connect(&owner, tokio_postgres::NoTls).await.unwrap();
    let running = tokio::spawn(connection);
    let columns = "recorded_at, occurred_at, source, action, subject_kind, subject, payload, salt";
    client.batch_execute("BEGIN").await.unwrap();
    client
        .execute(
            &format!("INSERT INTO journal (institution, id, {columns}) VALUES ($1, $2, now(), now(), 'page', 'slow.writer', 'person', $2, '{{}}', '\\x01')"),
            &[&world.school.uuid(), &Uuid::from_u128(77)],
        )
        .await
        .unwrap();
    line(&world.db, &somebody(&world), world.id(), "a quick one, committed first".into()).await;
    assert_eq!(world.db.seal(world.school).await, Ok(Sealed::Lines(0)), "it waits for the older writer");
    assert_eq!(world.db.unsealed_schools().await.unwrap().len(), 1, "and the lag shows it");
    client.batch_execute("COMMIT").await.unwrap();
    drop(client);
    running.await.unwrap().unwrap();
    let started = Instant::now();
    // Other tests' transactions share the cluster's numbers.
    while world.db.seal(world.school).await != Ok(Sealed::Lines(2)) {
        assert!(started.elapsed() < Duration::from_secs(20));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let order: Vec<Uuid> =
        world.db.reader(world.school).all(ids()).await.unwrap().into_iter().map(|(id,)| id).collect();
    assert_eq!(order[0], Uuid::from_u128(77), "sealed in the order of transactions");
    assert_eq!(flaw(&world, &Trust::default()).await, None);
}
