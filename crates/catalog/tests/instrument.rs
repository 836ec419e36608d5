//! From draft to use on both databases: what was handed in never changes, and who made it does not approve it.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod shelf;

use jiff::Span;
use regie_access::Refusal;
use regie_catalog::approval::{self, CheckItem, Choice, Decide, Open, Point, Said};
use regie_catalog::instrument::{self, EditInstrument, Route};
use regie_catalog::test::Kind;
use regie_catalog::version::{
    self, Audience, Correct, Delivered, Lack, Moment, PutVariant, State, Write, activate, correct, delivered,
    resume, retire, submit, suspend, withdraw_variant,
};
use regie_catalog::{Error, Paging, decision};
use regie_core::id::{ApprovalId, InstrumentVersionId, TestId};
use regie_core::{Caller, Role};
use regie_db::{Ask, statements};
use regie_testkit::{World, both};
use shelf::{complete, document, version_of, wanted};

statements! {
    /// As planning reads it.
    fn plannable(test: TestId) -> (InstrumentVersionId, i64) =
        "SELECT id, number FROM pub_plannable_version WHERE institution = $1 AND test = $2 ORDER BY number";

    fn sent(event: &str) -> (i64,) = "SELECT count(*) FROM outbox WHERE institution = $1 AND event = $2";
}

struct Committee {
    chair: Caller,
    secretary: Caller,
    member: Caller,
}

impl Committee {
    fn of(world: &World) -> Self {
        Self {
            chair: world.caller(Role::CommitteeChair),
            secretary: world.caller(Role::CommitteeSecretary),
            member: world.caller(Role::CommitteeMember),
        }
    }
}

async fn opened(world: &World, by: &Caller, version: InstrumentVersionId) -> ApprovalId {
    let input = Open { id: world.id(), version, meeting: by.today() };
    approval::open(&world.db, by, input).await.unwrap()
}

fn list(said: Said) -> Vec<CheckItem> {
    Point::ALL.iter().map(|point| CheckItem { point: *point, said, remark: None }).collect()
}

fn outcome(world: &World, by: &Caller, id: ApprovalId, version: i64, approved: bool) -> Decide {
    let today = by.today();
    Decide {
        id,
        version,
        approved,
        findings: (!approved).then(|| "De dekking is te smal".into()),
        valid_from: today,
        valid_until: Some(today.saturating_add(Span::new().years(1))),
        decision: world.id(),
    }
}

/// Hands in, votes and approves.
async fn approve(world: &World, by: &Committee, author: &Caller, id: InstrumentVersionId) -> i64 {
    submit(&world.db, author, id, version_of(world, author, id).await).await.unwrap();
    let approval = opened(world, &by.secretary, id).await;
    approval::answer(&world.db, &by.secretary, approval, 1, list(Said::Yes)).await.unwrap();
    for who in [&by.chair, &by.member] {
        approval::cast(&world.db, who, approval, Choice::For, None).await.unwrap();
    }
    approval::decide(&world.db, &by.chair, outcome(world, &by.chair, approval, 2, true)).await.unwrap()
}

both! {
    async fn c24_only_an_approved_version_can_be_chosen(world: World) {
        let (author, by) = (world.caller(Role::ItemAuthor), Committee::of(&world));
        let test = shelf::test(&world, "BK", Kind::Written).await;
        let (_, first) = complete(&world, &author, "BK", test).await;
        let choices = async || world.db.reader(world.school).all(plannable(test)).await.unwrap();
        assert!(choices().await.is_empty(), "a draft cannot be chosen");
        assert_eq!(approve(&world, &by, &author, first).await, 2, "the board's consent was the first decision");
        assert_eq!(choices().await, [(first, 1)]);
        // The next versions: two are never approved, so only the first stands there.
        let second = correct(&world.db, &author, Correct { from: first, id: world.id() }).await.unwrap();
        assert_eq!(choices().await, [(first, 1)], "version 2 is a draft");
        let third = Correct { from: first, id: world.id() };
        assert_eq!(correct(&world.db, &author, third).await, Err(Error::DraftExists));
        approve(&world, &by, &author, second).await;
        assert_eq!(choices().await, [(first, 1), (second, 2)]);
        // Taken into use, each retires the one before it.
        activate(&world.db, &by.chair, first, version_of(&world, &author, first).await).await.unwrap();
        activate(&world.db, &by.chair, second, version_of(&world, &author, second).await).await.unwrap();
        assert_eq!(choices().await, [(second, 2)]);
        assert_eq!(version::see(&world.db, &author, first).await.unwrap().version.state, State::Retired);
    }

    async fn what_was_handed_in_never_changes(world: World) {
        let author = world.caller(Role::ItemAuthor);
        let test = shelf::test(&world, "BK", Kind::Written).await;
        let (instrument, id) = complete(&world, &author, "BK", test).await;
        let whole = version::see(&world.db, &author, id).await.unwrap();
        assert_eq!((whole.aids.len(), whole.conversion.len(), whole.variants.len()), (2, 51, 2));
        assert_eq!(version::write(&world.db, &author, wanted(id, 1)).await, Err(Error::ChangedMeanwhile));
        let falling = |grade| {
            let mut input = wanted(id, 5);
            input.conversion[10].grade = grade;
            input
        };
        assert_eq!(version::write(&world.db, &author, falling(100)).await, Err(Error::Conversion(11)));
        let early = version::AttachDocument { moment: Moment::Approved, audience: Audience::Student, ..document(&world, id, 5) };
        assert_eq!(version::attach(&world.db, &author, early).await, Err(Error::TooEarly));
        let hash = submit(&world.db, &author, id, 5).await.unwrap();
        assert_eq!(hash, whole.hash(), "the hash is of what was there");
        let now = version_of(&world, &author, id).await;
        let fixed = Err(Error::Fixed("instrumentVersion"));
        assert_eq!(version::write(&world.db, &author, Write { version: now, ..wanted(id, now) }).await, fixed);
        let put = PutVariant { id, version: now, variant: world.id(), code: "C".into(), name: "C".into() };
        assert_eq!(version::put_variant(&world.db, &author, put).await, fixed);
        assert_eq!(version::attach(&world.db, &author, document(&world, id, now)).await, fixed);
        let gone = version::detach(&world.db, &author, id, now, whole.documents[0].id).await;
        assert_eq!(gone, fixed);
        assert_eq!(submit(&world.db, &author, id, now).await.map(drop), fixed);
        // Nor does the way by which it came.
        let seen = instrument::see(&world.db, &author, instrument).await.unwrap().instrument;
        let other = EditInstrument {
            id: instrument, version: seen.version, code: seen.code, name: seen.name, route: Route::Bought,
            supplier: None, consent: seen.consent, active: true,
        };
        assert_eq!(instrument::edit(&world.db, &author, other).await, Err(Error::Fixed("examInstrument")));
        assert_eq!(version::see(&world.db, &author, id).await.unwrap().hash(), hash);
        // The same content under another id has the same hash; another word has another.
        let twin = Caller { institution: world.twin, ..author.clone() };
        assert_eq!(version::see(&world.db, &twin, id).await, Err(Error::NotFound("instrumentVersion")));
    }

    async fn whoever_made_it_does_not_approve_it(world: World) {
        let by = Committee::of(&world);
        // The secretary wrote a part of it, in another role, as an author.
        let author = world.caller(Role::ItemAuthor);
        let writing = Caller { person: by.secretary.person, ..world.caller(Role::ItemAuthor) };
        let test = shelf::test(&world, "BK", Kind::Written).await;
        let (_, id) = complete(&world, &author, "BK", test).await;
        version::write(&world.db, &writing, wanted(id, 5)).await.unwrap();
        submit(&world.db, &author, id, 6).await.unwrap();
        let open = Open { id: world.id(), version: id, meeting: author.today() };
        let duty = |refused: Error| matches!(refused, Error::Refused(Refusal::Duty { rule: "author-not-approver", .. }));
        assert!(duty(approval::open(&world.db, &by.secretary, open.clone()).await.unwrap_err()));
        let role = approval::open(&world.db, &author, open).await.unwrap_err();
        assert!(matches!(role, Error::Refused(Refusal::NotInRole { .. })));
        let approval = opened(&world, &by.chair, id).await;
        let vote = approval::cast(&world.db, &by.secretary, approval, Choice::For, None).await;
        assert!(duty(vote.unwrap_err()));
        // And not the next version either, though no hand of theirs was in that one.
        for who in [&by.chair, &by.member] {
            approval::cast(&world.db, who, approval, Choice::Against, None).await.unwrap();
        }
        approval::decide(&world.db, &by.chair, outcome(&world, &by.chair, approval, 1, false)).await.unwrap();
        let next = correct(&world.db, &author, Correct { from: id, id: world.id() }).await.unwrap();
        submit(&world.db, &author, next, 1).await.unwrap();
        let open = Open { id: world.id(), version: next, meeting: author.today() };
        assert!(duty(approval::open(&world.db, &by.secretary, open).await.unwrap_err()));
        // Configuring is not examining.
        let admin = world.caller(Role::Administrator);
        assert!(matches!(version::see(&world.db, &admin, id).await, Err(Error::Refused(_))));
    }

    async fn a_decision_needs_quorum_majority_and_a_list_without_a_no(world: World) {
        let (author, by) = (world.caller(Role::ItemAuthor), Committee::of(&world));
        let test = shelf::test(&world, "BK", Kind::Written).await;
        let (_, id) = complete(&world, &author, "BK", test).await;
        submit(&world.db, &author, id, 5).await.unwrap();
        let approval = opened(&world, &by.secretary, id).await;
        let twice = Open { id: world.id(), version: id, meeting: author.today() };
        assert_eq!(approval::open(&world.db, &by.chair, twice).await, Err(Error::NotNow("open")));
        let decide = async |version, approved| {
            approval::decide(&world.db, &by.chair, outcome(&world, &by.chair, approval, version, approved)).await
        };
        let cast = async |who: &Caller, choice| {
            approval::cast(&world.db, who, approval, choice, None).await.unwrap();
        };
        cast(&by.chair, Choice::For).await;
        cast(&by.member, Choice::Recused).await;
        assert_eq!(decide(1, true).await, Err(Error::Quorum { have: 1, need: 2 }));
        cast(&by.secretary, Choice::Against).await;
        assert_eq!(decide(1, true).await, Err(Error::NoMajority));
        cast(&by.secretary, Choice::Abstained).await;
        assert_eq!(decide(1, false).await, Err(Error::NoMajority), "nobody is against it");
        assert_eq!(decide(1, true).await, Err(Error::Unchecked("coverage")));
        let why = vec![CheckItem { point: Point::Form, said: Said::NotApplicable, remark: None }];
        assert_eq!(approval::answer(&world.db, &by.chair, approval, 1, why).await, Err(Error::Unchecked("form")));
        let mut one_no = list(Said::Yes);
        one_no[3].said = Said::No;
        approval::answer(&world.db, &by.chair, approval, 1, one_no).await.unwrap();
        assert_eq!(decide(2, true).await, Err(Error::CheckedNo("scheme")));
        approval::answer(&world.db, &by.chair, approval, 2, list(Said::Yes)).await.unwrap();
        assert_eq!(decide(2, true).await, Err(Error::ChangedMeanwhile), "the list changed since it was shown");
        let number = decide(3, true).await.unwrap();
        assert_eq!(decide(4, true).await, Err(Error::NotNow("approved")));
        let late = approval::cast(&world.db, &by.member, approval, Choice::For, None).await;
        assert_eq!(late, Err(Error::NotNow("approved")));
        let seen = approval::see(&world.db, &by.chair, approval).await.unwrap();
        assert_eq!((seen.approval.decision_number, seen.votes.len()), (Some(number), 3));
        let version = version::see(&world.db, &author, id).await.unwrap().version;
        assert_eq!((version.state, version.valid_from), (State::Approved, Some(author.today())));
        let kind = decision::Filter { kind: Some("instrument".into()), ..Default::default() };
        assert_eq!(decision::list(&world.db, &by.chair, &kind).await.unwrap().lines[0].title, "Instrument BK v1");
        assert_eq!(approval::list(&world.db, &by.chair, Some(approval::State::Open), Paging::ALL).await.unwrap().total, 0);
    }

    async fn what_is_withdrawn_warns_and_what_was_sound_comes_back(world: World) {
        let (author, by) = (world.caller(Role::ItemAuthor), Committee::of(&world));
        let test = shelf::test(&world, "BK", Kind::Written).await;
        let (_, id) = complete(&world, &author, "BK", test).await;
        approve(&world, &by, &author, id).await;
        let (db, officer) = (&world.db, world.caller(Role::ExamOfficer));
        let now = async || version_of(&world, &author, id).await;
        let warned = async || world.db.reader(world.school).one(sent("instrument.withdrawn")).await.unwrap().0;
        activate(db, &officer, id, now().await).await.unwrap();
        let variants = version::see(db, &author, id).await.unwrap().variants;
        withdraw_variant(db, &officer, id, variants[0].id, "Gelekt".into()).await.unwrap();
        assert_eq!(warned().await, 1);
        let again = withdraw_variant(db, &officer, id, variants[0].id, "Gelekt".into()).await;
        assert_eq!(again, Err(Error::NotFound("formVariant")));
        assert_eq!(suspend(db, &officer, id, now().await, " ".into()).await, Err(Error::Missing("why")));
        suspend(db, &officer, id, now().await, "Fout in vraag 3".into()).await.unwrap();
        assert_eq!(warned().await, 2);
        assert!(world.db.reader(world.school).all(plannable(test)).await.unwrap().is_empty());
        assert_eq!(activate(db, &officer, id, now().await).await, Err(Error::NotNow("suspended")));
        resume(db, &officer, id, now().await, "Vraag was goed".into()).await.unwrap();
        assert_eq!(world.db.reader(world.school).all(plannable(test)).await.unwrap().len(), 1);
        // The hash stays, whatever became of its forms.
        let whole = version::see(db, &author, id).await.unwrap();
        assert_eq!(whole.version.hash.as_deref(), Some(whole.hash().as_str()));
        // A correction begins without the form that leaked.
        let next = correct(db, &author, Correct { from: id, id: world.id() }).await.unwrap();
        let next = version::see(db, &author, next).await.unwrap();
        assert_eq!((next.variants.len(), next.documents.len(), next.version.number), (1, 1, 2));
        retire(db, &officer, id, now().await, "Vervangen".into()).await.unwrap();
        assert!(matches!(suspend(db, &author, id, 1, "x".into()).await, Err(Error::Refused(_))));
    }

    async fn what_the_platform_holds_is_compared_with_what_was_approved(world: World) {
        let (author, by) = (world.caller(Role::ItemAuthor), Committee::of(&world));
        let test = shelf::test(&world, "BK", Kind::Digital).await;
        let (_, id) = complete(&world, &author, "BK", test).await;
        let officer = world.caller(Role::ExamOfficer);
        let says = async |hash: &str| delivered(&world.db, &officer, Delivered { id, hash: hash.into() }).await;
        assert_eq!(says(&"a".repeat(64)).await, Err(Error::NotNow("draft")));
        approve(&world, &by, &author, id).await;
        assert_eq!(says("nonsense").await, Err(Error::Missing("hash")));
        assert_eq!(says(&"a".repeat(64)).await, Ok(false));
        let hash = version::see(&world.db, &author, id).await.unwrap().version.hash.unwrap();
        assert_eq!(says(&hash.to_uppercase()).await, Ok(true));
    }

    async fn a_draft_is_told_all_that_it_lacks(world: World) {
        let author = world.caller(Role::ItemAuthor);
        let test = shelf::test(&world, "BK", Kind::Written).await;
        let input = instrument::AddInstrument {
            id: world.id(), version: world.id(), test, code: "X".into(), name: "X".into(), route: Route::Validated,
            supplier: None, consent: None,
        };
        let (id, other) = (input.version, instrument::AddInstrument { route: Route::Central, ..input.clone() });
        assert_eq!(instrument::add(&world.db, &author, other).await, Err(Error::RouteOfTest));
        instrument::add(&world.db, &author, input).await.unwrap();
        let Err(Error::Lacks(lacks)) = submit(&world.db, &author, id, 1).await else { panic!("it lacks a lot") };
        assert_eq!(lacks, [Lack::Variant, Lack::Task, Lack::Blueprint, Lack::Scheme, Lack::Conditions, Lack::Consent]);
        // A central exam is set by the state: handed in is approved, without a vote.
        let central = shelf::test(&world, "CE", Kind::Central).await;
        let input = instrument::AddInstrument {
            id: world.id(), version: world.id(), test: central, code: "CE".into(), name: "CE".into(),
            route: Route::Central, supplier: None, consent: None,
        };
        let id = input.version;
        instrument::add(&world.db, &author, input).await.unwrap();
        submit(&world.db, &author, id, 1).await.unwrap();
        assert_eq!(version::see(&world.db, &author, id).await.unwrap().version.state, State::Approved);
    }
}
