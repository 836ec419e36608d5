//! Two nodes on one PostgreSQL: whoever is served by one may be served by the other, and one may die.

use crate::node::{House, block_on, until};
use regie_db::Trust;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

#[test]
fn a_reader_may_be_served_by_either_node() {
    block_on(async {
        let house = House::demo(true).await;
        let (one, other) = (house.node(&[]), house.node(&[]));
        let mut here = one.browser();
        let csrf = here.sign_in("examoffice").await;
        // The sign-in of one node counts on the other, and so does a form that the first one drew.
        let mut there = here.at(&other);
        assert_eq!(there.get("/people").await.status, 200);
        let mut live = there.listen().await;
        // The listening node learns of changes over a line of its own; until it has one, it says that anything may have.
        assert_eq!(there.add_student(&csrf, "910001").await, Some(true));
        // What changes on one node is news on the other.
        assert_eq!(here.add_student(&csrf, "910002").await, Some(true));
        let mut news = 0;
        until("news of both changes, or of everything", async || {
            while let Ok(line) = live.try_recv() {
                news +=
                    u32::from(line.starts_with("data:") && (line.contains("person") || line.contains('*')));
            }
            (news >= 2).then_some(())
        })
        .await;
        assert!(there.get("/people?q=910002").await.body.contains("910002"));
        // Who signs out at one node is signed out at the other.
        assert_eq!(here.post("/sign-out", &format!("csrf={csrf}")).await.status, 303);
        assert_eq!(there.get("/people").await.status, 303);
    });
}

/// Readers work at both nodes; one is killed. Those at the other notice nothing, everything that was acknowledged by
/// either is there, and the other seals it all: one chain without a gap, however many sealers there were.
#[test]
fn one_node_dies_and_the_other_goes_on() {
    block_on(async {
        let house = House::demo(true).await;
        let (mut one, other) = (house.node(&[]), house.node(&[]));
        let mut office = other.browser();
        let csrf = office.sign_in("examoffice").await;
        let (done, dead) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
        let acknowledged = Arc::new([AtomicU32::new(0), AtomicU32::new(0)]);
        let workers: Vec<_> = [&one, &one, &other, &other]
            .into_iter()
            .enumerate()
            .map(|(n, node)| {
                let (mut browser, csrf) = (office.at(node), csrf.clone());
                let (done, dead, acknowledged) = (done.clone(), dead.clone(), acknowledged.clone());
                tokio::spawn(async move {
                    for turn in 0.. {
                        if done.load(Ordering::Relaxed) {
                            return;
                        }
                        match browser.add_student(&csrf, &format!("92{n}{turn:06}")).await {
                            Some(true) => drop(acknowledged[n / 2].fetch_add(1, Ordering::Relaxed)),
                            Some(false) => panic!("refused"),
                            None => {
                                assert!(n < 2 && dead.load(Ordering::Relaxed), "a living node broke off");
                                return;
                            }
                        }
                    }
                })
            })
            .collect();
        let count = |n: usize| acknowledged[n].load(Ordering::Relaxed);
        until("work at both", async || (count(0) >= 15 && count(1) >= 15).then_some(())).await;
        dead.store(true, Ordering::Relaxed);
        one.kill();
        let then = count(1);
        until("more work at the one that lives", async || (count(1) >= then + 15).then_some(())).await;
        done.store(true, Ordering::Relaxed);
        for worker in workers {
            worker.await.unwrap();
        }
        let db = house.db();
        let school =
            regie_people::institution::by_slug(&db, regie_app::demo::SLUG).await.unwrap().unwrap().id;
        // Nobody but the node that lives seals: this process only looks.
        until("everything to be sealed", async || {
            db.unsealed_schools().await.unwrap().is_empty().then_some(())
        })
        .await;
        let verdict = db.verify(school, &Trust::default()).await.unwrap();
        assert_eq!((verdict.flaw, verdict.unsealed), (None, 0));
        let caller = regie_core::Caller::system(school, db.now());
        let filter = regie_people::person::Filter { text: "vries92".into(), ..Default::default() };
        let found = regie_people::person::list(&db, &caller, &filter).await.unwrap();
        // One that was answered by the kill alone may be there too.
        assert!(found.total >= u64::from(count(0) + count(1)), "{} of {}", found.total, count(0) + count(1));
    });
}
