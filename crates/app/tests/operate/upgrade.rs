//! A rolling upgrade: the release that runs keeps answering while the next one changes the schema under it.

use crate::node::{House, block_on, until};
use regie_db::Migration;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

/// What a next release could bring: it adds, and takes nothing away.
const NEXT: Migration = Migration {
    number: 9000,
    name: "9000_next",
    text: "-- area: people
ALTER TABLE person ADD COLUMN nickname {text};
ALTER TABLE room ADD COLUMN quiet {bool} NOT NULL DEFAULT {false};
CREATE TABLE person_note (
  institution {uuid} NOT NULL,
  id {uuid} NOT NULL,
  person {uuid} NOT NULL,
  note {text} NOT NULL,
  PRIMARY KEY (institution, id),
  FOREIGN KEY (institution, person) REFERENCES person (institution, id)
){strict};
CREATE INDEX person_by_nickname ON person (institution, nickname);
",
};

/// Binary N serves readers who read and write; N+1 migrates; N goes on, and a node of N that starts then works too.
async fn upgrade(postgres: bool) {
    let house = House::demo(postgres).await;
    let node = house.node(&[]);
    let mut office = node.browser();
    let csrf = office.sign_in("examoffice").await;
    let (done, acknowledged) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU32::new(0)));
    let readers: Vec<_> = (0..4)
        .map(|n| {
            let (mut browser, csrf) = (office.clone(), csrf.clone());
            let (done, acknowledged) = (done.clone(), acknowledged.clone());
            tokio::spawn(async move {
                for turn in 0.. {
                    if done.load(Ordering::Relaxed) {
                        return;
                    }
                    assert_eq!(browser.add_student(&csrf, &format!("93{n}{turn:06}")).await, Some(true));
                    for page in ["/people?q=vries93", "/rooms", "/units", "/"] {
                        assert_eq!(browser.get(page).await.status, 200, "{page}");
                    }
                    acknowledged.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();
    let count = || acknowledged.load(Ordering::Relaxed);
    until("work", async || (count() >= 8).then_some(())).await;
    // The next release: this code with one migration more.
    let next = house.db();
    assert_eq!(next.migrate_with(&[NEXT]).await.unwrap(), ["9000_next"]);
    let then = count();
    until("work on the new schema", async || (count() >= then + 12).then_some(())).await;
    done.store(true, Ordering::Relaxed);
    for reader in readers {
        reader.await.unwrap();
    }
    assert_eq!(office.get("/ready").await.status, 200);
    let late = house.node(&[]);
    let mut there = office.at(&late);
    assert_eq!(there.get("/ready").await.status, 200);
    assert_eq!(there.add_student(&csrf, "939999").await, Some(true));
    assert_eq!(there.get("/people?q=939999").await.status, 200);
    assert!(!node.log().contains("\"level\":\"ERROR\""), "{}", node.log());
    assert_eq!(next.migrate_with(&[NEXT]).await.unwrap(), [] as [&str; 0], "twice is once");
}

#[test]
fn the_running_release_answers_while_the_next_one_migrates_on_sqlite() {
    block_on(upgrade(false));
}

#[test]
fn the_running_release_answers_while_the_next_one_migrates_on_postgres() {
    block_on(upgrade(true));
}
