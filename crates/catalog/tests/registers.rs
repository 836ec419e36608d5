//! Suppliers, platforms and tests on both databases.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use jiff::civil::date;
use regie_catalog::decision::{self, Body, Outcome};
use regie_catalog::platform::{self, AddPlatform, Permit};
use regie_catalog::supplier::{self, AddSupplier, EditSupplier};
use regie_catalog::test::{self, AddTest, EditTest, Kind, PutWindow};
use regie_catalog::{Error, Paging};
use regie_core::id::PlatformId;
use regie_core::{Caller, Role};
use regie_testkit::{World, both};

fn digital(world: &World, code: &str, platform: Option<PlatformId>) -> AddTest {
    AddTest {
        id: world.id(),
        code: code.into(),
        name: "Rekenen 3F".into(),
        minutes: 90,
        kind: Kind::Digital,
        subject: Some("rekenen".into()),
        reference_level: Some("3F".into()),
        platform,
        needs_device: true,
        supplier: None,
        needs: vec!["extraTime".into(), "spoken".into(), "extraTime".into()],
    }
}

async fn added(world: &World, by: &Caller, code: &str) -> PlatformId {
    let input = AddPlatform {
        id: world.id(),
        code: code.into(),
        name: code.into(),
        needs_device: true,
        secure: true,
    };
    platform::add(&world.db, by, input).await.unwrap()
}

both! {
    async fn the_committee_permits_a_platform_and_the_register_says_so(world: World) {
        let (office, chair) = (world.caller(Role::ExamOffice), world.caller(Role::CommitteeChair));
        let facet = added(&world, &office, "FACET").await;
        let today = office.today();
        assert!(!platform::see(&world.db, &office, facet).await.unwrap().permitted_on(today));
        let input = |version, until| Permit {
            platform: facet, version, from: today, until, grounds: "Voorgeschreven".into(), decision: world.id(),
        };
        // Who knows the systems does not decide about them.
        assert!(matches!(platform::permit(&world.db, &office, input(1, None)).await, Err(Error::Refused(_))));
        let early = Permit { until: Some(date(2026, 1, 1)), ..input(1, None) };
        assert_eq!(platform::permit(&world.db, &chair, early).await, Err(Error::EndBeforeBegin));
        assert_eq!(platform::permit(&world.db, &chair, input(1, None)).await, Ok(1));
        assert_eq!(platform::permit(&world.db, &chair, input(1, None)).await, Err(Error::ChangedMeanwhile));
        // What was overtaken took no number with it.
        assert_eq!(platform::permit(&world.db, &chair, input(2, Some(today))).await, Ok(2));
        let one = platform::see(&world.db, &office, facet).await.unwrap();
        assert!(one.permitted_on(today) && !one.permitted_on(today.tomorrow().unwrap()));
        let register = decision::list(&world.db, &chair, &decision::Filter::default()).await.unwrap();
        let lines: Vec<_> = register.lines.iter().map(|it| (it.year, it.number, it.body, it.outcome)).collect();
        assert_eq!(lines, [(2026, 2, Body::Committee, Outcome::Granted), (2026, 1, Body::Committee, Outcome::Granted)]);
        let twin = Caller { institution: world.twin, ..chair.clone() };
        assert_eq!(decision::list(&world.db, &twin, &decision::Filter::default()).await.unwrap().total, 0);
        let student = world.caller(Role::Student);
        assert!(matches!(platform::list(&world.db, &student).await, Err(Error::Refused(_))));
    }

    async fn a_test_says_what_planning_must_know_of_it(world: World) {
        let office = world.caller(Role::ExamOffice);
        let facet = added(&world, &office, "FACET").await;
        let id = test::add(&world.db, &office, digital(&world, "REK3F", Some(facet))).await.unwrap();
        let again = test::add(&world.db, &office, digital(&world, "REK3F", None)).await;
        assert_eq!(again, Err(Error::CodeTaken("REK3F".into())));
        let nowhere = test::add(&world.db, &office, digital(&world, "X", Some(world.id()))).await;
        assert_eq!(nowhere, Err(Error::NotFound("platform")));
        let long = AddTest { minutes: 6_001, ..digital(&world, "Y", None) };
        assert_eq!(test::add(&world.db, &office, long).await, Err(Error::Range("minutes", 1, 6_000)));
        let whole = test::see(&world.db, &office, id).await.unwrap();
        assert_eq!((whole.needs.as_slice(), whole.test.platform_name.as_deref()),
            (["extraTime".to_owned(), "spoken".to_owned()].as_slice(), Some("FACET")));

        let window = |opens, closes| PutWindow {
            id: world.id(), test: id, name: "Periode 1".into(), opens, closes,
        };
        let (from, to) = (date(2027, 1, 18), date(2027, 2, 12));
        assert_eq!(test::put_window(&world.db, &office, window(from, to)).await, Err(Error::NotNow("digital")));
        let central = AddTest { id, kind: Kind::Central, ..digital(&world, "CE3F", Some(facet)) };
        let edit = EditTest { test: central, version: 1, active: true };
        test::edit(&world.db, &office, edit.clone()).await.unwrap();
        assert_eq!(test::edit(&world.db, &office, edit).await, Err(Error::ChangedMeanwhile));
        assert_eq!(test::put_window(&world.db, &office, window(to, from)).await, Err(Error::EndBeforeBegin));
        test::put_window(&world.db, &office, window(from, to)).await.unwrap();
        assert_eq!(test::see(&world.db, &office, id).await.unwrap().windows[0].closes, to);
        let asked = test::Filter { text: "reken ce3".into(), ..Default::default() };
        assert_eq!(test::list(&world.db, &office, &asked).await.unwrap().lines[0].kind, Kind::Central);
        let teacher = world.caller(Role::Teacher);
        assert_eq!(test::list(&world.db, &teacher, &test::Filter::default()).await.unwrap().total, 1);
        assert!(matches!(test::add(&world.db, &teacher, digital(&world, "Z", None)).await, Err(Error::Refused(_))));
        let admin = world.caller(Role::Administrator);
        assert!(matches!(test::list(&world.db, &admin, &test::Filter::default()).await, Err(Error::Refused(_))));
    }

    async fn a_supplier_is_kept_with_its_certificate(world: World) {
        let officer = world.caller(Role::ExamOfficer);
        let input = AddSupplier {
            id: world.id(), code: "DEV".into(), name: "De Eindtoets BV".into(), mail: None,
            certified_until: Some(date(2027, 7, 31)),
        };
        let id = supplier::add(&world.db, &officer, input.clone()).await.unwrap();
        let longer = AddSupplier { certified_until: Some(date(2028, 7, 31)), ..input };
        let edit = EditSupplier { supplier: longer, version: 1, active: true };
        supplier::edit(&world.db, &officer, edit.clone()).await.unwrap();
        assert_eq!(supplier::edit(&world.db, &officer, edit).await, Err(Error::ChangedMeanwhile));
        let found = supplier::list(&world.db, &officer, "eindtoets", Paging::ALL).await.unwrap();
        assert_eq!((found.lines[0].id, found.lines[0].certified_until), (id, Some(date(2028, 7, 31))));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_statement_runs_on_both_databases() {
    regie_testkit::statements().await;
}
