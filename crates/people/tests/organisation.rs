//! Companies, mandates, grants, modules, the life of an institution, and moving units, on both databases.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod school;

use jiff::civil::{Date, date, time};
use regie_access::{Action, Refusal};
use regie_core::id::{CompanyId, InstitutionId, MandateId, PersonId};
use regie_core::{Caller, Role, Scope};
use regie_people::campus::{self, AddCampus, EditCampus};
use regie_people::company::{self, AddCompany, EditCompany};
use regie_people::grant::{self, GiveGrant};
use regie_people::institution::{self, Kind as InstitutionKind, State};
use regie_people::mandate::{self, GiveMandate};
use regie_people::module::{self, Module, Switch};
use regie_people::need::{self, GrantNeed, Kind as Need};
use regie_people::person::{self, AddPerson, EditPerson, IdCheck, Kind};
use regie_people::room::{self, AddRoom, EditRoom};
use regie_people::unit::{self, EditUnit};
use regie_people::{Error, Page};
use regie_testkit::{World, both};
use school::{School, acting, school};

const BEGIN: Date = date(2026, 11, 1);
const END: Date = date(2027, 1, 31);

async fn delta(world: &World) -> (School, Caller, Caller) {
    let ours = school(world, world.school, "delta").await;
    let admin = acting(world, Role::Administrator, Scope::Institution, ours.people[1]);
    let chair = acting(world, Role::CommitteeChair, Scope::Institution, ours.people[7]);
    (ours, admin, chair)
}

fn bakery(id: CompanyId, code: &str) -> AddCompany {
    AddCompany {
        id,
        name: "Bäckerei De Korenbloem".into(),
        code: Some(code.into()),
        city: Some("Delfstad".into()),
        mail: Some("info@korenbloem.example".into()),
        phone: None,
    }
}

fn a_mandate(world: &World, holder: PersonId, action: Action, scope: Scope) -> GiveMandate {
    let reason = "tijdens verlof van de secretaris".into();
    GiveMandate { id: world.id::<MandateId>(), holder, action, scope, begins: BEGIN, ends: END, reason }
}

fn spoken(world: &World, person: PersonId) -> GrantNeed {
    GrantNeed {
        id: world.id(),
        person,
        kind: Need::Spoken,
        description: None,
        extra: regie_core::need::Extra::None,
        only_for: None,
        begins: BEGIN,
        ends: None,
        reason: None,
    }
}

both! {
    async fn a_company_is_found_without_accents_and_edited_by_one_at_a_time(world: World) {
        let (_, admin, _) = delta(&world).await;
        let id = company::add(&world.db, &admin, bakery(world.id(), "100")).await.unwrap();
        let twice = company::add(&world.db, &admin, bakery(world.id(), "100")).await;
        assert_eq!(twice, Err(Error::CodeTaken("100".into())));
        for name in ["Zonder code", "Ook zonder code"] {
            let input = AddCompany { code: None, name: name.into(), ..bakery(world.id(), "") };
            company::add(&world.db, &admin, input).await.unwrap();
        }
        let wrong = AddCompany { mail: Some("korenbloem".into()), ..bakery(world.id(), "101") };
        assert_eq!(company::add(&world.db, &admin, wrong).await, Err(Error::MailInvalid("korenbloem".into())));
        let search = async |text: &str| {
            let filter = company::Filter { text: text.into(), ..Default::default() };
            let Page { total, .. } = company::list(&world.db, &admin, &filter).await.unwrap();
            total
        };
        assert_eq!((search("backerei delfstad").await, search("").await), (1, 3));
        let edit = EditCompany { company: bakery(id, "100"), version: 1, active: false };
        company::edit(&world.db, &admin, edit.clone()).await.unwrap();
        assert_eq!(company::edit(&world.db, &admin, edit).await, Err(Error::ChangedMeanwhile));
        assert_eq!(search("backerei").await, 0, "not among those in use");
        let theirs = Caller { institution: world.twin, ..admin };
        assert_eq!(company::see(&world.db, &theirs, id).await, Err(Error::NotFound("company")));
    }

    async fn people_from_outside_belong_to_a_company(world: World) {
        let (_, admin, _) = delta(&world).await;
        let id = company::add(&world.db, &admin, bakery(world.id(), "100")).await.unwrap();
        let baker = AddPerson {
            company: Some(id),
            ..AddPerson::named(world.id(), Kind::External, "Bram", None, "Meijer")
        };
        person::add(&world.db, &admin, baker.clone()).await.unwrap();
        assert_eq!(company::people(&world.db, &admin, id).await.unwrap().len(), 1);
        let stranger = AddPerson { id: world.id(), company: Some(world.id()), ..baker.clone() };
        assert!(matches!(person::add(&world.db, &admin, stranger).await, Err(Error::NotFound(_))));
        // Leaving the company is an edit like any other, and the history tells it.
        let edit = EditPerson { person: AddPerson { company: None, id_check: IdCheck::NotAvailable, ..baker.clone() }, version: 1, active: true };
        world.clock.forward(jiff::SignedDuration::from_mins(1));
        person::edit(&world.db, &admin, edit).await.unwrap();
        assert!(company::people(&world.db, &admin, id).await.unwrap().is_empty());
        let history = person::history(&world.db, &admin, baker.id).await.unwrap();
        let (old, new) = history[0].values().unwrap();
        assert_eq!((old["company"].as_str(), new["company"].is_null()), (Some(id.to_string().as_str()), true));
    }

    async fn a_mandate_lets_somebody_else_do_it_within_its_dates_and_scope(world: World) {
        let (ours, _, chair) = delta(&world).await;
        let officer = acting(&world, Role::ExamOfficer, Scope::Institution, ours.people[3]);
        let (student, elsewhere) = (ours.people[2], ours.people[4]);
        let before = need::grant(&world.db, &officer, spoken(&world, student)).await;
        assert!(matches!(before, Err(Error::Refused(Refusal::NotInRole { action: Action::GrantNeeds, .. }))));
        let given = a_mandate(&world, ours.people[3], Action::GrantNeeds, Scope::Unit(ours.care));
        let id = mandate::give(&world.db, &chair, given.clone()).await.unwrap();
        world.clock.forward(jiff::SignedDuration::from_mins(1));
        need::grant(&world.db, &officer, spoken(&world, student)).await.unwrap();
        let outside = need::grant(&world.db, &officer, spoken(&world, elsewhere)).await;
        assert!(matches!(outside, Err(Error::Refused(Refusal::OutOfReach { .. }))), "another college");
        let history = person::history(&world.db, &officer, student).await.unwrap();
        assert_eq!(history[0].mandate, Some(id), "the journal names the mandate");
        let late = Caller { occurred_at: "2027-02-01T09:00:00Z".parse().unwrap(), ..officer.clone() };
        assert!(need::grant(&world.db, &late, spoken(&world, student)).await.is_err(), "it is over");
        let again = GiveMandate { id: world.id(), begins: END, ends: date(2027, 6, 1), ..given };
        assert_eq!(mandate::give(&world.db, &chair, again).await, Err(Error::MandateAlready));
        mandate::withdraw(&world.db, &chair, id, "de secretaris is terug").await.unwrap();
        assert!(need::grant(&world.db, &officer, spoken(&world, student)).await.is_err());
        assert_eq!(mandate::withdraw(&world.db, &chair, id, "nog eens").await, Err(Error::ChangedMeanwhile));
        let theirs = Caller { institution: world.twin, ..chair };
        assert_eq!(mandate::withdraw(&world.db, &theirs, id, "x").await, Err(Error::NotFound("mandate")));
    }

    async fn nobody_mandates_what_is_not_theirs_nor_to_themselves_or_a_student(world: World) {
        let (ours, admin, chair) = delta(&world).await;
        let to_staff = |action, scope| a_mandate(&world, ours.people[3], action, scope);
        let settings = mandate::give(&world.db, &chair, to_staff(Action::EditSettings, Scope::Institution)).await;
        assert_eq!(settings, Err(Error::MandateNotYours("edit-settings")));
        let on = mandate::give(&world.db, &chair, to_staff(Action::GiveMandates, Scope::Institution)).await;
        assert_eq!(on, Err(Error::MandateNotYours("give-mandates")));
        let own = a_mandate(&world, ours.people[7], Action::GrantNeeds, Scope::Institution);
        let own = mandate::give(&world.db, &chair, own).await;
        assert!(matches!(own, Err(Error::Refused(Refusal::Duty { rule: "not-your-own-mandate", .. }))));
        let student = a_mandate(&world, ours.people[2], Action::GrantNeeds, Scope::Institution);
        assert_eq!(mandate::give(&world.db, &chair, student).await, Err(Error::MandateToStudent));
        let refused = mandate::give(&world.db, &admin, to_staff(Action::GrantNeeds, Scope::Institution)).await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::NotInRole { .. }))), "the administrator gives none");
        let care = Caller { scope: Scope::Unit(ours.care), ..chair.clone() };
        let wider = mandate::give(&world.db, &care, to_staff(Action::GrantNeeds, Scope::Institution)).await;
        assert!(matches!(wider, Err(Error::Refused(Refusal::OutOfReach { .. }))));
        let other = mandate::give(&world.db, &care, to_staff(Action::GrantNeeds, Scope::Unit(ours.ict))).await;
        assert!(matches!(other, Err(Error::Refused(Refusal::OutOfReach { .. }))));
        let backwards = GiveMandate { ends: date(2026, 10, 1), ..to_staff(Action::GrantNeeds, Scope::Institution) };
        assert_eq!(mandate::give(&world.db, &chair, backwards).await, Err(Error::EndBeforeBegin));
    }

    async fn a_grant_is_dated_revocable_and_never_for_a_role_of_the_school_itself(world: World) {
        let (_, admin, _) = delta(&world).await;
        school(&world, world.twin, "bureau").await;
        let give = |role, ends| GiveGrant {
            id: world.id(), to: world.twin, role, scope: Scope::Institution, begins: BEGIN, ends,
            reason: "plant de rekenexamens van vijf scholen".into(),
        };
        for role in [Role::Administrator, Role::CommitteeChair, Role::Student] {
            assert_eq!(grant::give(&world.db, &admin, give(role, END)).await, Err(Error::GrantRole(role.code())));
        }
        assert_eq!(grant::give(&world.db, &admin, give(Role::ExamOffice, date(2027, 11, 2))).await, Err(Error::GrantTooLong));
        let oneself = GiveGrant { to: world.school, ..give(Role::ExamOffice, END) };
        assert_eq!(grant::give(&world.db, &admin, oneself).await, Err(Error::GrantTo));
        let nobody = GiveGrant { to: world.id::<InstitutionId>(), ..give(Role::ExamOffice, END) };
        assert_eq!(grant::give(&world.db, &admin, nobody).await, Err(Error::NotFound("institution")));
        let id = grant::give(&world.db, &admin, give(Role::ExamOffice, END)).await.unwrap();
        let all = grant::list(&world.db, &admin).await.unwrap();
        assert!(all[0].holds(END) && !all[0].holds(date(2027, 2, 1)), "the last day counts");
        let theirs = Caller { institution: world.twin, ..admin.clone() };
        assert!(grant::list(&world.db, &theirs).await.unwrap().is_empty(), "it is the school's, not theirs");
        assert_eq!(grant::revoke(&world.db, &theirs, id, "x").await, Err(Error::NotFound("grant")));
        grant::revoke(&world.db, &admin, id, "samenwerking gestopt").await.unwrap();
        assert!(!grant::list(&world.db, &admin).await.unwrap()[0].holds(END));
        assert_eq!(grant::revoke(&world.db, &admin, id, "nog eens").await, Err(Error::ChangedMeanwhile));
    }

    async fn a_pilot_is_a_module_for_one_unit_and_what_lies_below(world: World) {
        let (ours, admin, chair) = delta(&world).await;
        let on = |begins| Switch { module: Module::Planning, unit: ours.care, begins };
        module::switch(&world.db, &admin, on(Some(BEGIN))).await.unwrap();
        let is_on = async |unit, module| module::is_on(&world.db, &admin, module, unit).await.unwrap();
        assert!(is_on(ours.care, Module::Planning).await && is_on(ours.nurse, Module::Planning).await);
        assert!(!is_on(ours.ict, Module::Planning).await && !is_on(ours.care, Module::Marking).await);
        assert_eq!(module::switch(&world.db, &admin, on(Some(END))).await, Err(Error::ChangedMeanwhile));
        let refused = module::switch(&world.db, &chair, on(None)).await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::NotInRole { .. }))));
        module::switch(&world.db, &admin, on(None)).await.unwrap();
        assert!(!is_on(ours.nurse, Module::Planning).await);
        assert_eq!(module::switch(&world.db, &admin, on(None)).await, Err(Error::ChangedMeanwhile));
        module::switch(&world.db, &admin, on(Some(END))).await.unwrap();
        assert!(!is_on(ours.care, Module::Planning).await, "not before its day");
    }

    async fn an_institution_lives_step_by_step(world: World) {
        let (ours, admin, _) = delta(&world).await;
        let system = world.system();
        let allowed = regie_access::platform(&mut world.db.reader(world.school), &system).await.unwrap();
        let step = async |next| institution::advance(&world.db, &allowed, world.school, next, "besluit").await;
        assert_eq!(step(State::Suspended).await, Err(Error::Lifecycle("preparing", "suspended")));
        step(State::Active).await.unwrap();
        assert_eq!(step(State::Closed).await, Err(Error::Lifecycle("active", "closed")));
        step(State::Suspended).await.unwrap();
        step(State::Active).await.unwrap();
        step(State::Suspended).await.unwrap();
        step(State::Closed).await.unwrap();
        assert_eq!(step(State::Active).await, Err(Error::Lifecycle("closed", "active")), "closed is closed");
        assert_eq!(institution::see(&world.db, world.school).await.unwrap().kind, InstitutionKind::School);
        let school = regie_access::platform(&mut world.db.reader(world.school), &admin).await;
        assert!(matches!(school, Err(Refusal::NotInRole { .. })), "no school decides about itself");
        assert!(!ours.people.is_empty());
    }

    async fn a_unit_moves_with_all_below_it_and_never_into_itself(world: World) {
        let (ours, admin, _) = delta(&world).await;
        let see = async |id| unit::see(&world.db, &admin, id).await.unwrap();
        let care = see(ours.care).await;
        let moved = |parent, version| EditUnit {
            id: ours.care, version, parent, code: care.code.clone(), name: care.name.clone(), active: true,
        };
        let looped = unit::edit(&world.db, &admin, moved(Some(ours.nurse), 1)).await;
        assert_eq!(looped, Err(Error::UnitLoop(care.name.clone())));
        assert_eq!(unit::edit(&world.db, &admin, moved(Some(ours.care), 1)).await, Err(Error::UnitLoop(care.name.clone())));
        unit::edit(&world.db, &admin, moved(Some(ours.ict), 1)).await.unwrap();
        assert_eq!((see(ours.care).await.depth, see(ours.nurse).await.depth), (2, 3));
        let ict = acting(&world, Role::ExamOffice, Scope::Unit(ours.ict), ours.people[1]);
        assert!(person::see(&world.db, &ict, ours.people[2]).await.is_ok(), "who looks after ict now reaches the nurses");
        assert_eq!(unit::edit(&world.db, &admin, moved(None, 1)).await, Err(Error::ChangedMeanwhile));
        unit::edit(&world.db, &admin, moved(None, 2)).await.unwrap();
        assert!(person::see(&world.db, &ict, ours.people[2]).await.is_err());
        assert_eq!((see(ours.care).await.depth, see(ours.nurse).await.depth), (0, 1));
    }

    async fn rooms_and_campuses_are_edited_by_one_at_a_time(world: World) {
        let (_, admin, _) = delta(&world).await;
        let site = AddCampus { id: world.id(), code: "N".into(), name: "Noord".into(), street: None, city: None };
        let campus = campus::add(&world.db, &admin, site).await.unwrap();
        let edit = EditCampus {
            id: campus, version: 1, code: "N".into(), name: "Noord".into(), street: Some("Kade 1".into()), city: None, active: true,
        };
        campus::edit(&world.db, &admin, edit.clone()).await.unwrap();
        assert_eq!(campus::edit(&world.db, &admin, edit).await, Err(Error::ChangedMeanwhile));
        assert_eq!(campus::see(&world.db, &admin, campus).await.unwrap().street.as_deref(), Some("Kade 1"));
        let hall = AddRoom {
            id: world.id(), campus, code: "N1.01".into(), name: None, seats: 30, device_seats: 30, secure: true, accessible: true,
            opens: time(8, 0, 0, 0), closes: time(18, 0, 0, 0),
        };
        let room = room::add(&world.db, &admin, hall.clone()).await.unwrap();
        let fewer = EditRoom { room: AddRoom { seats: 20, ..hall.clone() }, version: 1, active: true };
        assert_eq!(room::edit(&world.db, &admin, fewer).await, Err(Error::DeviceSeats));
        let closed = EditRoom { room: AddRoom { seats: 40, ..hall }, version: 1, active: false };
        room::edit(&world.db, &admin, closed.clone()).await.unwrap();
        assert_eq!(room::edit(&world.db, &admin, closed).await, Err(Error::ChangedMeanwhile));
        let now = room::see(&world.db, &admin, room).await.unwrap();
        assert_eq!((now.seats, now.active, now.version), (40, false, 2));
    }
}

both! {
    async fn who_runs_the_platform_sets_institutions_up_and_no_school_does(world: World) {
        use regie_people::institution::{Appoint, Edit, Found};
        let (ours, admin, _) = delta(&world).await;
        let platform = world.id::<InstitutionId>();
        let system = Caller::system(platform, world.db.now());
        let allowed = regie_access::platform(&mut world.db.reader(platform), &system).await.unwrap();
        let found = |id, slug: &str, kind| Found {
            id, slug: slug.into(), name: slug.into(), kind, brin: None, home_organization: None,
        };
        institution::found(&world.db, &allowed, found(platform, "platform", InstitutionKind::Platform)).await.unwrap();
        let operator = Caller { institution: platform, role: Some(Role::SuperAdministrator), ..admin.clone() };
        assert_eq!(institution::list(&world.db, &operator).await.unwrap().len(), 2);
        let inside = Caller { institution: world.school, ..operator.clone() };
        assert!(institution::list(&world.db, &inside).await.is_err(), "the role inside a school opens no other");
        assert!(institution::look(&world.db, &admin, world.school).await.is_err());

        let allowed = institution::operator(&world.db, &operator).await.unwrap();
        let id = world.id::<InstitutionId>();
        institution::found(&world.db, &allowed, found(id, "nieuw", InstitutionKind::School)).await.unwrap();
        let edit = |version| Edit { id, version, name: "ROC Nieuw".into(), brin: Some("99ZZ".into()), home_organization: None };
        institution::edit(&world.db, &allowed, edit(1)).await.unwrap();
        assert_eq!(institution::edit(&world.db, &allowed, edit(1)).await, Err(Error::ChangedMeanwhile));
        let lines = institution::history(&world.db, &operator, id).await.unwrap();
        let (old, new) = lines.iter().find(|line| line.action == "institution.edited").unwrap().values().unwrap();
        assert_eq!((old["name"].as_str(), new["brin"].as_str()), (Some("nieuw"), Some("99ZZ")));
        let appoint = |mail: &str| Appoint {
            institution: id, person: world.id(), role: world.id(), given_name: "Noor".into(), prefix: None,
            family_name: "Vries".into(), mail: mail.into(),
        };
        assert_eq!(institution::appoint(&world.db, &allowed, appoint("")).await, Err(Error::Missing("mail")));
        let person = institution::appoint(&world.db, &allowed, appoint("noor@nieuw.example")).await.unwrap();
        let theirs = Caller { institution: id, person: Some(person), role: Some(Role::Administrator), ..operator.clone() };
        assert_eq!(person::see(&world.db, &theirs, person).await.unwrap().display_name, "Noor Vries");
        assert!(person::see(&world.db, &theirs, ours.people[0]).await.is_err(), "and of no other school");
        for next in [State::Active, State::Suspended] {
            institution::advance(&world.db, &allowed, id, next, "besluit").await.unwrap();
        }
        let late = institution::appoint(&world.db, &allowed, appoint("ali@nieuw.example")).await;
        assert_eq!(late, Err(Error::InstitutionClosed("ROC Nieuw".into())));
    }

    async fn the_history_tells_names_in_the_place_of_ids(world: World) {
        let (ours, admin, _) = delta(&world).await;
        let nurse = unit::see(&world.db, &admin, ours.nurse).await.unwrap();
        let moved = EditUnit {
            id: ours.nurse, version: nurse.version, parent: Some(ours.ict), code: nurse.code, name: nurse.name, active: true,
        };
        unit::edit(&world.db, &admin, moved).await.unwrap();
        let lines = regie_people::journal::history(&world.db, &admin, Action::EditOrganisation, ours.nurse).await.unwrap();
        let names = regie_people::journal::names_in(&world.db, &admin, &lines).await.unwrap();
        let (old, new) = lines.iter().find(|line| line.action == "unit.edited").unwrap().values().unwrap();
        let named = |value: &serde_json::Value| names.of(value["parent"].as_str().unwrap()).map(ToOwned::to_owned);
        assert_eq!((named(&old).as_deref(), named(&new).as_deref()), (Some("Team zorg"), Some("Team ict")));
        let theirs = Caller { institution: world.twin, ..admin };
        let elsewhere = regie_people::journal::names_in(&world.db, &theirs, &lines).await.unwrap();
        assert!(elsewhere.of(&ours.ict.to_string()).is_none(), "another school reads no names of ours");
    }
}
