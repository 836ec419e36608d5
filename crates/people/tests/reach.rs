//! Who sees whom, over every person and every role of a small school, on both databases.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod school;

use jiff::civil::date;
use regie_access::{Action, Refusal};
use regie_core::id::RoleAssignmentId;
use regie_core::{Role, Scope};
use regie_people::person::{self, AddPerson, EditPerson, Filter, IdCheck, Kind};
use regie_people::role::{AssignRole, assign};
use regie_people::{Error, role};
use regie_testkit::both;
use school::{acting, school};

both! {
    async fn a_list_and_a_decision_agree_about_everybody(world: World) {
        let ours = school(&world, world.school, "delta").await;
        let theirs = school(&world, world.twin, "twin").await;
        let scopes = [Scope::Institution, Scope::Unit(ours.care), Scope::Unit(ours.ict), Scope::Unit(theirs.care)];
        let mut seen = 0;
        for role in Role::ALL {
            for scope in scopes {
                let me = ours.people[2];
                let caller = acting(&world, *role, scope, me);
                let listed = match person::list(&world.db, &caller, &Filter { size: 100, ..Filter::default() }).await {
                    Ok(page) => {
                        assert_eq!(page.total as usize, page.lines.len());
                        page.lines.into_iter().map(|line| line.id).collect::<Vec<_>>()
                    }
                    Err(Error::Refused(Refusal::NotInRole { .. })) => Vec::new(),
                    Err(error) => panic!("{role:?} {scope:?}: {error:?}"),
                };
                for id in ours.people.iter().chain(&theirs.people) {
                    let decided = person::see(&world.db, &caller, *id).await;
                    assert_eq!(decided.is_ok(), listed.contains(id), "{role:?} {scope:?} {id:?} {decided:?}");
                    if theirs.people.contains(id) {
                        let known = matches!(decided, Err(Error::Refused(Refusal::NotFound { .. } | Refusal::NotInRole { .. })));
                        assert!(known, "the twin's people do not even exist: {decided:?}");
                    }
                    seen += usize::from(decided.is_ok());
                }
            }
        }
        assert!(seen > 50, "the test must see somebody to mean something: {seen}");
    }

    async fn a_unit_reaches_what_lies_below_it_and_no_further(world: World) {
        let ours = school(&world, world.school, "delta").await;
        let office = acting(&world, Role::ExamOffice, Scope::Unit(ours.care), ours.people[1]);
        let page = person::list(&world.db, &office, &Filter::default()).await.unwrap();
        assert_eq!(page.total, 4, "two in care and two in the team below it");
        let refused = person::see(&world.db, &office, ours.people[4]).await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::OutOfReach { .. }))));
        // Nor may anybody be put where one does not reach.
        let person = AddPerson { unit: Some(ours.ict), ..AddPerson::named(world.id(), Kind::Student, "A", None, "B") };
        assert!(matches!(person::add(&world.db, &office, person).await, Err(Error::Refused(_))));
        let person = AddPerson { unit: Some(ours.nurse), ..AddPerson::named(world.id(), Kind::Student, "A", None, "B") };
        person::add(&world.db, &office, person).await.unwrap();
    }

    async fn searching_ignores_capitals_accents_and_order(world: World) {
        let ours = school(&world, world.school, "delta").await;
        let office = acting(&world, Role::ExamOffice, Scope::Institution, ours.people[1]);
        let search = async |text: &str| {
            person::list(&world.db, &office, &Filter { text: text.into(), ..Filter::default() }).await.unwrap().total
        };
        assert_eq!(search("ZOE vries3").await, 2);
        assert_eq!(search("vries3 zoë").await, 2);
        assert_eq!(search("31").await, 1);
        assert_eq!(search("nobody").await, 0);
        assert_eq!(search("").await, 10);
    }

    async fn the_second_of_two_editors_is_told(world: World) {
        let ours = school(&world, world.school, "delta").await;
        let office = acting(&world, Role::ExamOffice, Scope::Institution, ours.people[1]);
        let id = ours.people[0];
        let edited = |family: &str, version| EditPerson {
            person: AddPerson {
                number: Some("00".into()),
                id_check: IdCheck::Name,
                id_check_name: Some("Zoë de Vries".into()),
                ..AddPerson::named(id, Kind::Student, "Zoë", None, family)
            },
            version,
            active: true,
        };
        world.clock.forward(jiff::SignedDuration::from_mins(5));
        person::edit(&world.db, &office, edited("Jansen", 1)).await.unwrap();
        assert_eq!(person::edit(&world.db, &office, edited("Pietersen", 1)).await, Err(Error::ChangedMeanwhile));
        let now = person::see(&world.db, &office, id).await.unwrap();
        assert_eq!((now.family_name.as_str(), now.version), ("Jansen", 2));
        let history = person::history(&world.db, &office, id).await.unwrap();
        assert_eq!(history.iter().map(|line| line.action.as_str()).collect::<Vec<_>>(), ["person.edited", "person.added"]);
        let (old, new) = history[0].values().unwrap();
        assert_eq!((old["familyName"].as_str(), new["familyName"].as_str()), (Some("Vries0"), Some("Jansen")));
        // A number belongs to one person of a kind.
        let mut taken = edited("Jansen", 2);
        taken.person.number = Some("10".into());
        assert_eq!(person::edit(&world.db, &office, taken).await, Err(Error::NumberTaken("10".into())));
    }

    async fn nobody_gives_themselves_a_role(world: World) {
        let ours = school(&world, world.school, "delta").await;
        let admin = acting(&world, Role::Administrator, Scope::Institution, ours.people[1]);
        let give = |person, role, ends| AssignRole {
            id: world.id::<RoleAssignmentId>(),
            person,
            role,
            scope: Scope::Unit(ours.care),
            begins: date(2026, 11, 20),
            ends,
            reason: None,
        };
        let own = assign(&world.db, &admin, give(ours.people[1], Role::CommitteeChair, None)).await;
        assert_eq!(own, Err(Error::Refused(Refusal::Duty { action: Action::AssignRoles, rule: "not-your-own-roles" })));
        let platform = assign(&world.db, &admin, give(ours.people[3], Role::SuperAdministrator, None)).await;
        assert!(matches!(platform, Err(Error::Refused(Refusal::NotInRole { .. }))));
        let id = assign(&world.db, &admin, give(ours.people[3], Role::ExamOffice, Some(date(2026, 12, 31)))).await.unwrap();
        let held = async |day| role::held_today(&world.db, world.school, ours.people[3], day).await.unwrap().len();
        assert_eq!(held(date(2026, 11, 19)).await, 0, "not yet");
        assert_eq!(held(date(2026, 12, 31)).await, 1, "the last day counts");
        assert_eq!(held(date(2027, 1, 1)).await, 0, "over");
        role::withdraw(&world.db, &admin, id, "van functie gewisseld").await.unwrap();
        assert_eq!(held(date(2026, 12, 1)).await, 0);
        assert_eq!(role::withdraw(&world.db, &admin, id, "nog eens").await, Err(Error::ChangedMeanwhile));
    }
}

both! {
    async fn who_is_called_so_comes_first_and_short_words_never_match_inside_addresses(world: World) {
        use regie_people::person::{AddPerson, Kind, add, find};
        let system = world.system();
        let named = |given: &str, family: &str, number: &str, mail: &str| AddPerson {
            number: Some(number.into()),
            mail: Some(mail.into()),
            ..AddPerson::named(world.id(), Kind::Student, given, None, family)
        };
        for person in [
            named("Zoe", "Smit", "301-jan", "zs@delta.example"), named("Anna", "Bakker", "302", "jan.bakker@delta.example"),
            named("Jan", "Visser", "303", "jv@delta.example"), named("Piet", "Delta", "304", "pd@school.example"),
        ] {
            add(&world.db, &system, person).await.unwrap();
        }
        let names = async |text: &str| {
            let found = find(&world.db, &system, text, 10).await.unwrap();
            assert_eq!(found.total, found.lines.len() as u64);
            found.lines.into_iter().map(|line| line.given_name).collect::<Vec<_>>()
        };
        assert_eq!(names("jan").await, ["Jan", "Zoe"], "a name, then a number; nobody by a short word in an address");
        assert_eq!(names("bakker").await, ["Anna"]);
        assert_eq!(names("delta").await, ["Piet", "Anna", "Zoe", "Jan"], "a name before an address");
        assert_eq!(names("jan 303").await, ["Jan"]);
        assert_eq!(find(&world.db, &system, "delta", 2).await.unwrap().total, 4);
    }
}
