//! What a node keeps in memory is never older than what it acknowledged, and hardly older than what others did.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use regie_core::Caller;
use regie_core::id::{Id as _, InstitutionId, NoticeId, SettingId};
use regie_db::{Db, Error, Event};
use regie_testkit::{World, both};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use uuid::Uuid;

const WAIT: Duration = Duration::from_secs(60);

async fn touch<I: regie_core::id::Id>(db: &Db, institution: InstitutionId, id: I) {
    db.write::<(), Error, _, _>(&Caller::system(institution, db.now()), id, |tx, id| {
        Box::pin(async move {
            tx.touch(id);
            Ok(tx.done((), Event::none("a trial")))
        })
    })
    .await
    .unwrap();
}

/// Asks, and tells how often the question really was asked so far.
async fn ask(db: &Db, institution: InstitutionId, about: Uuid, asked: &AtomicU32) -> u32 {
    let asking = async { Ok::<_, Error>(asked.fetch_add(1, Ordering::SeqCst) + 1) };
    *db.kept::<u32, Error>(institution, about, &[SettingId::KIND], asking).await.unwrap()
}

/// A node on PostgreSQL keeps nothing before it hears the others.
async fn hears(db: &Db, institution: InstitutionId) {
    db.keep_for(Duration::from_secs(3600));
    let (asked, started) = (AtomicU32::new(0), Instant::now());
    let about = Uuid::from_u128(77);
    loop {
        let before = ask(db, institution, about, &asked).await;
        if ask(db, institution, about, &asked).await == before {
            return;
        }
        assert!(started.elapsed() < WAIT, "nothing is ever kept");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

both! {
    async fn what_is_kept_is_asked_again_when_it_changed(world: World) {
        let (db, school, nobody) = (&world.db, world.school, Uuid::nil());
        hears(db, school).await;
        let asked = AtomicU32::new(0);
        assert_eq!(ask(db, school, nobody, &asked).await, 1);
        // Of another person, another school or another kind: what is kept stays.
        assert_eq!(ask(db, school, Uuid::from_u128(1), &asked).await, 2);
        touch(db, world.twin, world.id::<SettingId>()).await;
        touch(db, school, world.id::<NoticeId>()).await;
        assert_eq!(ask(db, school, nobody, &asked).await, 1);
        // The answer to the write left after what it voids was void.
        for turn in 3..23 {
            touch(db, school, world.id::<SettingId>()).await;
            assert_eq!(ask(db, school, nobody, &asked).await, turn);
        }
    }

    async fn an_answer_that_was_overtaken_is_not_kept(world: World) {
        let (db, school) = (&world.db, world.school);
        hears(db, school).await;
        let id = world.id::<SettingId>();
        let slow = async {
            touch(db, school, id).await;
            Ok::<_, Error>(1)
        };
        assert_eq!(*db.kept::<u32, Error>(school, Uuid::nil(), &[SettingId::KIND], slow).await.unwrap(), 1);
        let again = async { Ok::<_, Error>(2) };
        assert_eq!(*db.kept::<u32, Error>(school, Uuid::nil(), &[SettingId::KIND], again).await.unwrap(), 2);
    }

    async fn a_refusal_is_not_kept(world: World) {
        let (db, school) = (&world.db, world.school);
        hears(db, school).await;
        let fails = async { Err(Error::Bug("once".into())) };
        assert!(db.kept::<u32, Error>(school, Uuid::nil(), &[SettingId::KIND], fails).await.is_err());
        let right = async { Ok::<_, Error>(5) };
        assert_eq!(*db.kept::<u32, Error>(school, Uuid::nil(), &[SettingId::KIND], right).await.unwrap(), 5);
    }
}

/// Two nodes on one PostgreSQL: what one changes, the other asks again.
#[tokio::test(flavor = "multi_thread")]
async fn what_another_node_changed_is_asked_again() {
    let world = World::postgres().await;
    let other = Db::open(world.settings.clone(), world.clock.clone(), world.random.clone()).unwrap();
    let school = world.school;
    hears(&world.db, school).await;
    hears(&other, school).await;
    let asked = Arc::new(AtomicU32::new(0));
    for _ in 0..5 {
        let before = ask(&other, school, Uuid::nil(), &asked).await;
        touch(&world.db, school, world.id::<SettingId>()).await;
        let started = Instant::now();
        while ask(&other, school, Uuid::nil(), &asked).await == before {
            assert!(started.elapsed() < WAIT, "the news never came");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}
