//! What the tests of plans and instruments stand on: a few tests, people of the committee, a draft that is complete.
#![allow(dead_code, reason = "each test file uses its part")]

use regie_catalog::consent::{self, Answer, Ask};
use regie_catalog::instrument::{self, AddInstrument, Route};
use regie_catalog::test::{self, AddTest, Kind};
use regie_catalog::version::{
    self, AttachDocument, Audience, Content, ConversionRow, Moment, Purpose, PutVariant, Write,
};
use regie_core::id::{ConsentId, InstrumentId, InstrumentVersionId, TestId};
use regie_core::{Caller, Role};
use regie_testkit::World;

pub async fn test(world: &World, code: &str, kind: Kind) -> TestId {
    let input = AddTest {
        id: world.id(),
        code: code.into(),
        name: format!("Toets {code}"),
        minutes: 90,
        kind,
        subject: None,
        reference_level: None,
        platform: None,
        needs_device: false,
        supplier: None,
        needs: Vec::new(),
    };
    test::add(&world.db, &world.caller(Role::ExamOffice), input).await.unwrap()
}

/// The board consents to own construction for this year and the next.
pub async fn consent(world: &World) -> ConsentId {
    let (chair, board) = (world.caller(Role::CommitteeChair), world.caller(Role::CompetentAuthority));
    let today = chair.today();
    let input = Ask {
        id: world.id(),
        title: "Beroepskennis zorg".into(),
        grounds: "Geen aanbod".into(),
        begins: today,
        ends: today.saturating_add(jiff::Span::new().years(2)),
    };
    let id = consent::ask(&world.db, &chair, input).await.unwrap();
    let given = Answer {
        id,
        version: 1,
        state: consent::State::Given,
        answer: "Akkoord".into(),
        decision: world.id(),
    };
    consent::answer(&world.db, &board, given).await.unwrap();
    id
}

pub async fn version_of(world: &World, by: &Caller, id: InstrumentVersionId) -> i64 {
    version::see(&world.db, by, id).await.unwrap().version.version
}

pub fn content() -> Content {
    Content {
        minutes: 90,
        extra_time: true,
        result: "grade".into(),
        max_score: Some(50),
        cut_score: Some(30),
        cohorts: "2025, 2026".into(),
        blueprint: "B1-K1: 60 %, B1-K2: 40 %".into(),
        scheme: "Een punt per goed antwoord".into(),
    }
}

pub fn wanted(id: InstrumentVersionId, version: i64) -> Write {
    let grades = regie_core::conversion::linear(50, 30).unwrap();
    let conversion =
        (0..).zip(grades).map(|(score, grade)| ConversionRow { variant: String::new(), score, grade });
    Write {
        id,
        version,
        content: content(),
        conditions: [("place", "Op school"), ("supervision", "Twee surveillanten")]
            .map(|(kind, text)| (kind, text.to_owned()))
            .into(),
        aids: vec!["Rekenmachine".into(), " ".into(), "Woordenboek".into()],
        conversion: conversion.collect(),
    }
}

/// An instrument of the school's own with a first version that lacks nothing.
pub async fn complete(
    world: &World,
    author: &Caller,
    code: &str,
    test: TestId,
) -> (InstrumentId, InstrumentVersionId) {
    let consent = Some(consent(world).await);
    let input = AddInstrument {
        id: world.id(),
        version: world.id(),
        test,
        code: code.into(),
        name: format!("Instrument {code}"),
        route: Route::Validated,
        supplier: None,
        consent,
    };
    let id = input.version;
    let instrument = instrument::add(&world.db, author, input).await.unwrap();
    version::write(&world.db, author, wanted(id, 1)).await.unwrap();
    for (version, code) in [(2, "A"), (3, "B")] {
        let put =
            PutVariant { id, version, variant: world.id(), code: code.into(), name: format!("Vorm {code}") };
        version::put_variant(&world.db, author, put).await.unwrap();
    }
    version::attach(&world.db, author, document(world, id, 4)).await.unwrap();
    (instrument, id)
}

pub fn document(world: &World, id: InstrumentVersionId, version: i64) -> AttachDocument {
    AttachDocument {
        id,
        version,
        document: world.id(),
        variant_code: "A".into(),
        name: "opgaven.pdf".into(),
        purpose: Purpose::Task,
        audience: Audience::Student,
        moment: Moment::Start,
        days: 0,
        file: "ab".repeat(32),
        media_type: "application/pdf".into(),
        size: 1_000,
    }
}
