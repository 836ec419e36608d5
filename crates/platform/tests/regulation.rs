//! The exam regulation on both databases: written by one, published by another, never changed afterwards.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use jiff::civil::date;
use regie_access::Refusal;
use regie_core::id::RegulationId;
use regie_core::{Caller, Role};
use regie_platform::Error;
use regie_platform::regulation::{
    DifferenceKind, Draft, EditArticle, EditHead, State, compare, draft, edit_article, edit_head,
    first_articles, list, publish, remove_article, see,
};
use regie_platform::setting::{Change, change};
use regie_testkit::{World, both};

async fn drafted(world: &World, by: &Caller) -> RegulationId {
    let articles = (0..first_articles()).map(|_| world.id()).collect();
    draft(&world.db, by, Draft { id: world.id(), begins: date(2026, 12, 1), articles }).await.unwrap()
}

async fn version(world: &World, by: &Caller, id: RegulationId) -> i64 {
    see(&world.db, by, id).await.unwrap().head.version
}

/// Rewrites the rule of one article, and makes it govern these settings.
async fn rewrite(world: &World, by: &Caller, id: RegulationId, number: usize, rule: &str, keys: &[&str]) {
    let whole = see(&world.db, by, id).await.unwrap();
    let it = &whole.articles[number];
    let input = EditArticle {
        regulation: id,
        version: whole.head.version,
        article: it.article,
        position: it.position,
        heading: it.heading.clone(),
        framework: it.framework.clone(),
        rule: rule.into(),
        enforcement: it.enforcement.clone(),
        evidence: it.evidence.clone(),
        settings: keys.iter().map(|key| (*key).to_owned()).collect(),
    };
    edit_article(&world.db, by, input).await.unwrap();
}

both! {
    async fn who_wrote_a_version_does_not_publish_it(world: World) {
        let (chair, secretary) = (world.caller(Role::CommitteeChair), world.caller(Role::CommitteeSecretary));
        let (student, office) = (world.caller(Role::Student), world.caller(Role::ExamOffice));
        let id = drafted(&world, &chair).await;
        rewrite(&world, &chair, id, 2, "Iedereen logt in met een code.", &["sign-in-lock"]).await;
        // A draft is the committee's own.
        assert!(list(&world.db, &student).await.unwrap().is_empty());
        assert_eq!(see(&world.db, &student, id).await, Err(Error::NotFound("regulation")));
        let seen = version(&world, &secretary, id).await;
        let refused = publish(&world.db, &chair, id, seen).await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::Duty { rule: "drafted-not-published-by-one", .. }))));
        assert!(matches!(publish(&world.db, &office, id, seen).await, Err(Error::Refused(_))));
        assert_eq!(publish(&world.db, &secretary, id, seen - 1).await, Err(Error::ChangedMeanwhile));
        publish(&world.db, &secretary, id, seen).await.unwrap();
        let whole = see(&world.db, &student, id).await.unwrap();
        assert_eq!((whole.head.state, whole.head.number), (State::Published, 1));
        assert_eq!(whole.articles[2].rule, "Iedereen logt in met een code.");
        let stated: Vec<_> = whole.stated_by(whole.articles[2].article).map(|it| (&*it.key, &*it.value)).collect();
        assert_eq!(stated, [("sign-in-lock", "15")]);

        // Published is published.
        let now = whole.head.version;
        assert_eq!(publish(&world.db, &secretary, id, now).await, Err(Error::ChangedMeanwhile));
        assert_eq!(
            remove_article(&world.db, &chair, id, now, whole.articles[0].article).await,
            Err(Error::ChangedMeanwhile)
        );
        let head = EditHead { id, version: now, title: "Anders".into(), introduction: "x".into(), begins: date(2027, 1, 1) };
        assert_eq!(edit_head(&world.db, &chair, head).await, Err(Error::ChangedMeanwhile));
        // Another school has none of it.
        let twin = Caller { institution: world.twin, ..chair.clone() };
        assert!(list(&world.db, &twin).await.unwrap().is_empty());
        assert_eq!(see(&world.db, &twin, id).await, Err(Error::NotFound("regulation")));
    }

    async fn a_new_version_begins_with_the_last_and_shows_what_it_changes(world: World) {
        let (chair, secretary) = (world.caller(Role::CommitteeChair), world.caller(Role::CommitteeSecretary));
        let first = drafted(&world, &chair).await;
        rewrite(&world, &chair, first, 0, "Regel een.", &["sign-in-lock"]).await;
        publish(&world.db, &secretary, first, version(&world, &secretary, first).await).await.unwrap();
        let again = Draft { id: world.id(), begins: date(2027, 2, 1), articles: Vec::new() };
        // The other way around: the secretary writes, the chair publishes.
        let second = draft(&world.db, &secretary, again.clone()).await.unwrap();
        assert_eq!(draft(&world.db, &secretary, Draft { id: world.id(), ..again }).await, Err(Error::DraftExists));
        let (_, _, none) = compare(&world.db, &chair, first, second).await.unwrap();
        assert_eq!(none, []);
        let admin = world.caller(Role::Administrator);
        let lock = Change { key: "sign-in-lock".into(), value: "30".into(), version: 0, reason: None };
        change(&world.db, &admin, lock).await.unwrap();
        rewrite(&world, &secretary, second, 0, "Regel twee.", &["sign-in-lock"]).await;
        let whole = see(&world.db, &secretary, second).await.unwrap();
        let gone = whole.articles[1].clone();
        remove_article(&world.db, &secretary, second, whole.head.version, gone.article).await.unwrap();
        publish(&world.db, &chair, second, version(&world, &chair, second).await).await.unwrap();
        let (_, _, differences) = compare(&world.db, &world.caller(Role::Student), first, second).await.unwrap();
        let kinds: Vec<_> = differences.iter().map(|it| it.kind).collect();
        // The rule itself, another article that names the same setting, and the one that is gone.
        assert_eq!(kinds, [DifferenceKind::Changed, DifferenceKind::Changed, DifferenceKind::Removed]);
        let text = |a: &str, b: &str, c: &str| (a.to_owned(), b.to_owned(), c.to_owned());
        assert_eq!(differences[0].fields, [text("rule", "Regel een.", "Regel twee."), text("sign-in-lock", "15", "30")]);
        assert_eq!(differences[1].fields, [text("sign-in-lock", "15", "30")]);
        assert_eq!(differences[2].heading, gone.heading);
        // The old version keeps the value it stated.
        let old = see(&world.db, &chair, first).await.unwrap();
        assert!(old.stated.iter().filter(|it| it.key == "sign-in-lock").all(|it| it.value == "15"));
    }

    async fn a_version_without_articles_or_from_the_past_is_not_published(world: World) {
        let (chair, secretary) = (world.caller(Role::CommitteeChair), world.caller(Role::CommitteeSecretary));
        let input = Draft { id: world.id(), begins: date(2026, 11, 1), articles: Vec::new() };
        let id = draft(&world.db, &chair, input).await.unwrap();
        assert_eq!(publish(&world.db, &secretary, id, 1).await, Err(Error::BeginsInThePast));
        let head = |title: &str| EditHead {
            id, version: 1, title: title.into(), introduction: "Inleiding".into(), begins: date(2026, 11, 20),
        };
        assert_eq!(edit_head(&world.db, &chair, head(" ")).await, Err(Error::Missing("title")));
        edit_head(&world.db, &chair, head("Examenreglement")).await.unwrap();
        assert_eq!(publish(&world.db, &secretary, id, 2).await, Err(Error::NoArticles));
        assert!(matches!(edit_head(&world.db, &world.caller(Role::Administrator), head("x")).await, Err(Error::Refused(_))));
    }
}
